"""Groups and the names by which they are stated (data/groups.csv)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from geo.text import normalise_name
from geo.wording import N_

UNATTRIBUTED, OTHER = "unid", "other"
# Names of the table that describe and are no proper names: they are translated like sentences.
DESCRIPTIONS = (
    N_("Not attributed"),
    N_("Local Taliban faction (not named)"),
    N_("Taliban (which not stated)"),
    N_('Official label "Fitna al-Khawarij" (group not named)'),
    N_("Tribal militia (as reported)"),
    N_("Other group (as reported)"),
)
OFFICIAL_LABEL, FOREIGN_GOVERNMENT = "official_label", "foreign_government"


@dataclass(frozen=True, slots=True)
class Group:
    """A group as shown: neutral name, kind (militant, official_label, unattributed, other), parent key or None.

    family: groups that are read together ("ttp", "iskp", ...), "" for labels and where no group is named; never counted
    as one. kind_until, kind_after: the last day on which `kind` holds and the kind that follows, if it changed.
    """

    group_id: str
    name: str
    kind: str
    parent: str | None
    family: str = ""
    kind_until: date | None = None
    kind_after: str = ""

    @classmethod
    def from_row(cls, row: Mapping[str, str]) -> Group:
        """Return the group that a row of data/groups.csv describes. Raises KeyError or ValueError."""
        until = date.fromisoformat(row["kind_until"]) if row["kind_until"] else None
        return cls(
            row["group_id"], row["name"], row["kind"], row["parent"] or None, row["family"], until, row["kind_after"]
        )


class GroupNames:
    """The group table with its look-up. Immutable after construction."""

    __slots__ = ("_by_key", "aliases", "groups")

    def __init__(self, aliases: Iterable[tuple[str, Group]]) -> None:
        """Raise ValueError when one name would mean two groups."""
        by_key: dict[str, str] = {}
        groups: dict[str, Group] = {}
        names: dict[str, tuple[str, ...]] = {}
        for name, group in aliases:
            names[group.group_id] = (*names.get(group.group_id, ()), name)
            if by_key.setdefault(normalise_name(name), group.group_id) != group.group_id:
                raise ValueError(f"group alias {name!r} means two groups")
            if groups.setdefault(group.group_id, group) != group:
                raise ValueError(f"group {group.group_id!r} is described twice")
        self._by_key: Mapping[str, str] = MappingProxyType(by_key)
        self.groups: Mapping[str, Group] = MappingProxyType(groups)
        self.aliases: Mapping[str, tuple[str, ...]] = MappingProxyType(names)

    def group_id(self, name: str) -> str:
        """Return the key of a group: "unid" if no group is stated, "other" if the name is not in the table."""
        return self._by_key.get(normalise_name(name), OTHER) if name.strip() else UNATTRIBUTED

"""Incidents by group: named groups apart from those without one, and the groups that are read together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from geo.analysis.counting import questions
from geo.districts import load_groups
from geo.filters import Filters
from geo.group_names import OFFICIAL_LABEL, UNATTRIBUTED
from geo.incidents import IncidentTable


@dataclass(frozen=True, slots=True)
class GroupCounts:
    """A measure by group.

    named: group key -> value, largest first. labels: the same for labels that officials use for several groups, which
    are no group. n_unattributed: without a group, those with a label included: all = sum of named + n_unattributed.
    families: family -> keys of `named` that belong to it, largest first; "" for groups of no family.
    """

    named: Mapping[str, int]
    labels: Mapping[str, int]
    n_unattributed: int
    families: Mapping[str, tuple[str, ...]]


def by_group(table: IncidentTable, filters: Filters, measure: str = "incidents") -> GroupCounts:
    """Return a measure (key of MEASURES) by group under all parts of the filter but the choice of groups."""
    groups = load_groups().groups
    values = questions.by_column(table, replace(filters, groups=()), measure, "group")
    ordered = sorted(zip(table.groups, values.tolist(), strict=True), key=lambda pair: (-pair[1], pair[0]))
    found = {key: value for key, value in ordered if value}
    labels = {key: value for key, value in found.items() if key in groups and groups[key].kind == OFFICIAL_LABEL}
    named = {key: value for key, value in found.items() if key not in labels and not _is_nobody(key)}
    families: dict[str, list[str]] = {}
    for key in named:
        families.setdefault(groups[key].family if key in groups else "", []).append(key)
    n_unattributed = sum(found.values()) - sum(named.values())
    return GroupCounts(named, labels, n_unattributed, {name: tuple(keys) for name, keys in families.items()})


def _is_nobody(key: str) -> bool:
    group = load_groups().groups.get(key)
    return key == UNATTRIBUTED or (group is not None and group.kind == "unattributed")

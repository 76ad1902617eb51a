"""The choices of the group filter: families as one choice before their members, every alias findable by typing.

A browser searches a list by the text it shows: letters in their order, others between them allowed. So the aliases
that the name does not answer for stand behind the name and the count, where a narrow list cuts them off.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache

from geo import districts as geo_districts
from geo.analysis.counting import groups
from geo.filters import Filters
from geo.incidents import IncidentTable
from geo.names import OFFICIAL_LABEL, UNATTRIBUTED
from geo.wording import N_, _

# The code of a family among the options; no key of a group holds a colon.
_FAMILY = "family:"
FAMILIES: dict[str, str] = {
    "ttp": N_("TTP and its factions, all"),
    "iskp": N_("Islamic State, all branches"),
    "hgb": N_("Hafiz Gul Bahadur group, all"),
    "li": N_("Lashkar-e-Islam, all"),
    "lej": N_("Lashkar-e-Jhangvi, all"),
    "aq": N_("Al-Qaida, all"),
    "foreign": N_("Foreign groups, all"),
    "tribal": N_("Tribal militias, all"),
    "other": N_("Other groups, all"),
}


def options(keys: Sequence[str]) -> list[str]:
    """Return the codes to choose from, for group keys by falling frequency: a family stands where its first group does.

    A family of one group is that group. Labels of officials and "not attributed" come last: they are no groups.
    """
    known = geo_districts.load_groups().groups
    last = [key for key in keys if key == UNATTRIBUTED or (key in known and known[key].kind == OFFICIAL_LABEL)]
    found: list[str] = []
    for key in keys:
        family = known[key].family if key in known else ""
        members = _members(family, keys)
        if key in last or key in found:
            continue
        found += [f"{_FAMILY}{family}", *members] if family in FAMILIES and len(members) > 1 else [key]
    return found + last


def _members(family: str, keys: Iterable[str]) -> list[str]:
    known = geo_districts.load_groups().groups
    return [key for key in keys if key in known and known[key].family == family]


def folded(chosen: Sequence[str], offered: Sequence[str]) -> list[str]:
    """Return chosen groups as codes of `offered`: a family whose members are all chosen is one choice."""
    left, families = list(chosen), []
    for code in offered:
        members = _members(code.removeprefix(_FAMILY), offered) if code.startswith(_FAMILY) else []
        if members and set(members) <= set(left):
            families.append(code)
            left = [key for key in left if key not in members]
    return families + [key for key in left if key in offered]


def unfolded(chosen: Iterable[str], offered: Sequence[str]) -> tuple[str, ...]:
    """Return the group keys that chosen codes mean, each once, in the order of `offered`."""
    meant = set()
    for code in chosen:
        meant |= set(_members(code.removeprefix(_FAMILY), offered)) if code.startswith(_FAMILY) else {code}
    return tuple(code for code in offered if code in meant)


def labels(table: IncidentTable, filters: Filters, offered: Iterable[str]) -> dict[str, str]:
    """Return the text of each code: name, incidents under the other filters, and the aliases to search by."""
    counts = groups.by_group(table, filters)
    numbers = {**counts.named, **counts.labels, UNATTRIBUTED: counts.n_unattributed - sum(counts.labels.values())}
    found = {}
    for code in offered:
        if code.startswith(_FAMILY):
            family = code.removeprefix(_FAMILY)
            n = sum(numbers[key] for key in counts.families.get(family, ()))
            found[code] = _("{label}: {n}", label=_(FAMILIES[family]), n=n)
        else:
            found[code] = _group_label(code, numbers.get(code, 0))
    return found


def _group_label(key: str, n: int) -> str:
    group = geo_districts.load_groups().groups.get(key)
    if group is None:
        return _("{label}: {n}", label=key, n=n)
    label = group.name
    if group.kind == OFFICIAL_LABEL:
        label = _("{name} (official label, not a group)", name=label)
    elif group.family == "ttp" and "TTP" not in label:
        label = f"TTP · {label}"  # typing "TTP" finds its factions
    if aliases := ", ".join(_aliases_to_show(key)):
        return _("{label}: {n} (also {aliases})", label=label, n=n, aliases=aliases)
    return _("{label}: {n}", label=label, n=n)


@cache
def _aliases_to_show(key: str) -> tuple[str, ...]:
    """Return the fewest aliases, longest first, with which typing any alias of the group finds it."""
    loaded = geo_districts.load_groups()
    text, shown = loaded.groups[key].name, []
    for alias in sorted(loaded.aliases[key], key=lambda alias: (-len(alias), alias)):
        if not is_found(alias, text):
            text += f" {alias}"
            shown.append(alias)
    return tuple(shown)


def is_found(typed: str, label: str) -> bool:
    """Return whether the list finds a label by a typed text: its letters occur in their order."""
    letters = iter(label.lower())
    return all(letter in letters for letter in typed.lower())

"""The choices of the group filter: families as one choice before their members, every alias findable by typing.

A browser searches a list by the text it shows. So the aliases that the name does not contain stand behind the name,
where the list cuts them off.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache

from geo import districts as geo_districts
from geo.analysis.counting import groups
from geo.filters import Filters
from geo.group_names import OFFICIAL_LABEL, UNATTRIBUTED
from geo.incidents import IncidentTable
from geo.shown_names import other_spellings, shown_name
from geo.text import markdown_text
from geo.wording import N_, _, format_list

# The code of a family among the options; no key of a group holds a colon.
_FAMILY = "family:"
_TTP = ("TTP", "ٹی ٹی پی")
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
    families = _families(keys)
    found: dict[str, None] = {}
    for key in keys:
        family = known[key].family if key in known else ""
        members = families.get(family, [])
        if key in last or key in found:
            continue
        codes = [f"{_FAMILY}{family}", *members] if family in FAMILIES and len(members) > 1 else [key]
        found |= dict.fromkeys(codes)
    return [*found, *last]


def _families(keys: Iterable[str]) -> dict[str, list[str]]:
    """Return the keys of each family, in their order; what the table of groups does not know is in none."""
    known = geo_districts.load_groups().groups
    found: dict[str, list[str]] = {}
    for key in keys:
        if key in known:
            found.setdefault(known[key].family, []).append(key)
    return found


def folded(chosen: Sequence[str], offered: Sequence[str]) -> list[str]:
    """Return chosen groups as codes of `offered`: a family whose members are all chosen is one choice."""
    left, families, members_of = list(chosen), [], _families(offered)
    for code in offered:
        members = members_of.get(code.removeprefix(_FAMILY), []) if code.startswith(_FAMILY) else []
        if members and set(members) <= set(left):
            families.append(code)
            left = [key for key in left if key not in members]
    return families + [key for key in left if key in offered]


def unfolded(chosen: Iterable[str], offered: Sequence[str]) -> tuple[str, ...]:
    """Return the group keys that chosen codes mean, each once, in the order of `offered`."""
    families, keys = _families(offered), set()
    for code in chosen:
        keys |= set(families.get(code.removeprefix(_FAMILY), ())) if code.startswith(_FAMILY) else {code}
    return tuple(code for code in offered if code in keys)


def numbers(table: IncidentTable, filters: Filters, offered: Iterable[str]) -> dict[str, int]:
    """Return how many incidents each code means under the other filters."""
    counts = groups.by_group(table, filters)
    found = {**counts.named, **counts.labels, UNATTRIBUTED: counts.n_unattributed - sum(counts.labels.values())}
    families = {f"{_FAMILY}{name}": members for name, members in counts.families.items()}
    found |= {code: sum(found[member] for member in members) for code, members in families.items()}
    return {code: found.get(code, 0) for code in offered}


def numbers_text(table: IncidentTable, filters: Filters, chosen: Sequence[str]) -> str:
    """Return, as Markdown, how many incidents each of some codes means under the other filters."""
    parts = [
        _("{label}: {n}", label=markdown_text(name(code)), n=n) for code, n in numbers(table, filters, chosen).items()
    ]
    return _("Incidents under the other filters: {numbers}.", numbers=_("; ").join(parts))


def labels(offered: Iterable[str]) -> dict[str, str]:
    """Return the text of each code: its name, and the aliases to search by.

    A browser sends a choice as its text, so nothing in it depends on the data that are shown.
    """
    return {code: _label(code) for code in offered}


def _label(code: str) -> str:
    # A family answers to the names of the group it is called after.
    shown = name(code)
    aliases = format_list(_aliases_to_show(code.removeprefix(_FAMILY), shown))
    return _("{label} (also {aliases})", label=shown, aliases=aliases) if aliases else shown


def name(code: str) -> str:
    """Return what a code is called."""
    key = code.removeprefix(_FAMILY)
    return _(FAMILIES[key]) if key != code else _group_name(code)


def _group_name(key: str) -> str:
    group = geo_districts.load_groups().groups.get(key)
    if group is None:
        return key
    if group.kind == OFFICIAL_LABEL:
        return _("{name} (official label, not a group)", name=shown_name(group.name))
    # Typing "TTP" finds its factions.
    shown = shown_name(group.name)
    is_named_so = any(short in shown for short in _TTP)
    return f"TTP · {shown}" if group.family == "ttp" and not is_named_so else shown


@cache
def _aliases_to_show(key: str, name: str) -> tuple[str, ...]:
    """Return the fewest aliases, longest first, with which any alias of the group finds a choice of this name."""
    text, shown = name, []
    known = geo_districts.load_groups()
    official = known.groups[key].name if key in known.groups else ""
    aliases = {*known.aliases.get(key, ()), *(other_spellings(official) if official else ())}
    for alias in sorted(aliases, key=lambda alias: (-len(alias), alias)):
        if not is_found(alias, text):
            text += f" {alias}"
            shown.append(alias)
    return tuple(shown)


def is_found(typed: str, label: str) -> bool:
    """Return whether the list finds a label by a typed text: the label contains it, in small or capital letters."""
    return typed.lower() in label.lower()

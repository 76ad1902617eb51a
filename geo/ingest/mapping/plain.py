"""Plain tables: their columns say by name which fields they hold, so nobody has to match them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from geo.districts import load
from geo.ingest.mapping.column_proposals import BY_NAME, BY_POINTS, is_of_submission, propose_columns
from geo.ingest.mapping.finer_kinds import kind_in, may_be_kinds
from geo.ingest.mapping.mappings import states_date_and_place, states_place
from geo.ingest.mapping.name_words import is_named
from geo.ingest.mapping.toll_columns import are_counts, is_told_by_cells
from geo.ingest.tables import TextTable, plain_key
from geo.ingest.values.both_fates import pair_of
from geo.ingest.values.point_text import hold_points
from geo.ingest.values.words import meaning

_KIND_OR_REPORT = frozenset({"incident", "attack", "what", "event", "occurrence", "what_happened", "report", "details"})
_AREAS = frozenset({"area", "areas", "region", "location", "place", "city", "zone", "police_region", "علاقہ"})
_CONFIRMED = "place_to_confirm"


def names_fields(names: Sequence[str]) -> bool:
    """Whether a row of cells can be the names of a plain table: one is that of a date, another that of a place."""
    # Most rows of a preview are data: proposals are made only of one that names a date.
    is_dated = any(is_named(name, "date", "year") for name in names)
    return is_dated and plain_columns(names) is not None


def columns_of(table: TextTable) -> dict[str, str | tuple[str, ...]] | None:
    """Return field -> column, or columns, of a plain table, or None if a person must match them.

    By the names of its columns, and of one whose cells are points by these, whatever its name. "Incident" and "Attack"
    may name the kind of an attack or a report of it: short cells that say a kind are kinds. "Area" and "Region" may
    hold districts.
    """
    samples = {name: table.sample(key) for name, key in zip(table.columns, table.keys, strict=True)}
    points = {name: texts for name, texts in samples.items() if hold_points(texts)}
    keys = zip(table.columns, table.keys, strict=True)
    by_rows = {name: table.first_rows(key) for name, key in keys if may_be_kinds(name) or pair_of(name)}
    # A column of dates shows that "Timestamp" is when a form was sent.
    judged = {
        name: texts for name, texts in samples.items() if is_told_by_cells(name) or is_named(name, "date")
    } | by_rows
    found = _with_districts_of_areas(columns_named(table.columns, points | judged), samples)
    if not states_date_and_place(found) or is_of_submission(str(found.get("date", "")), samples):
        return None
    if "attack_type" in found:
        return found
    # Where nothing else states the place, or a person confirms it (geo.ingest.mapping.sentences), the text has to.
    is_confirmed = any(plain_key(name) == _CONFIRMED for name in table.columns)
    if is_confirmed or not states_place(set(found) - {"description"}):
        return found
    used = {name for field, name in found.items() if isinstance(name, str) and field != "description"}
    for name, key in zip(table.columns, table.keys, strict=True):
        if plain_key(name) in _KIND_OR_REPORT and name not in used and _are_kinds(table.first_rows(key)):
            kept = {field: column for field, column in found.items() if column != name}
            return {**kept, "attack_type": name}
    return found


def columns_of_kinds(table: TextTable, columns: Mapping[str, str | Sequence[str]]) -> list[str]:
    """Return the unused columns that count the incidents of a kind each ("IED", "Suicide"), two at least, else none.

    Only in a table that states no day and no number of incidents: its rows are no incidents.
    """
    if {"date", "day", "n_events"} & set(columns):
        return []
    used = {name for given in columns.values() for name in ((given,) if isinstance(given, str) else given)}
    found = []
    for name, key in zip(table.columns, table.keys, strict=True):
        filled = [one for one in table.sample(key) if one.strip()]
        if name not in used and meaning("attack_type", name) is not None and filled and are_counts(filled):
            found.append(name)
    return found if len(found) > 1 else []


def _with_districts_of_areas(
    found: dict[str, str | tuple[str, ...]], samples: Mapping[str, Sequence[str]]
) -> dict[str, str | tuple[str, ...]]:
    """Return the columns, with one that is named after areas as that of districts if its cells prove that it is."""
    if "district" in found:
        return found
    for name, texts in samples.items():
        field = next((field for field, column in found.items() if name == column), None)
        if plain_key(name) in _AREAS and field in (None, "place") and _are_districts(texts):
            return {key: column for key, column in found.items() if key != "place" or column != name} | {
                "district": name
            }
    return found


def _are_districts(texts: Sequence[str]) -> bool:
    """Return whether nine in ten filled cells name districts, one of them a district that no division is named after.

    Police regions and divisions have the names of districts, too, and are larger.
    """
    names = load().aliases
    filled = [text for text in texts if text.strip()]
    meant = [names.resolve(text, is_exact=True).pcode for text in filled if names.kind(text) != "place"]
    named = [pcode for pcode in meant if pcode is not None]
    is_proved = any(names.kind(f"{load().names[pcode]} Division") != "division" for pcode in named)
    return is_proved and len(named) * 10 >= len(filled) * 9


def _are_kinds(texts: Sequence[str]) -> bool:
    """Return whether most of the filled cells, each as often as it occurs, are short and say a kind of attack."""
    filled = Counter(text for text in texts if text.strip())
    return sum(n for text, n in filled.items() if kind_in(text)) * 2 > filled.total()


def plain_columns(
    names: Sequence[str], points: Mapping[str, Sequence[str]] = MappingProxyType({})
) -> dict[str, str | tuple[str, ...]] | None:
    """Return field -> column, or columns, by the names of the columns, or None if a person must match them.

    points: column -> texts, for columns whose cells are points or may be kinds, and for those named by letters.

    A plain table has a column for the date and one for the place whose names are those in use, or made of their words
    only.
    """
    found = columns_named(names, points)
    return found if states_date_and_place(found) else None


def columns_named(
    names: Sequence[str], points: Mapping[str, Sequence[str]] = MappingProxyType({})
) -> dict[str, str | tuple[str, ...]]:
    """Return field -> column, or columns, as `plain_columns` does, also where date or place is missing."""
    proposals = propose_columns({name: points.get(name, ()) for name in names})
    found: dict[str, tuple[str, ...]] = {}
    for one in proposals:
        if one.why in (BY_NAME, BY_POINTS):
            found[one.field] = (*found.get(one.field, ()), one.column)
    return {field: columns[0] if len(columns) == 1 else columns for field, columns in found.items()}

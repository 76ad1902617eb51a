"""Plain tables: their columns say by name which fields they hold, so nobody has to match them."""

from __future__ import annotations

from collections.abc import Sequence

from geo.ingest.mapping.column_proposals import BY_NAME, propose_columns
from geo.ingest.mapping.fields import FIELDS
from geo.ingest.mapping.mappings import states_date_and_place
from geo.ingest.mapping.name_words import field_of
from geo.ingest.tables import plain_key


def names_fields(names: Sequence[str]) -> bool:
    """Whether a row of cells can be the names of a plain table: one is that of a date, another that of a place."""
    # Most rows of a preview are data: proposals are made only of one that names a date.
    is_dated = any(_names(name, field) for name in names for field in ("date", "year"))
    return is_dated and plain_columns(names) is not None


def _names(name: str, field: str) -> bool:
    return plain_key(name) in FIELDS[field].names or field_of(name) == field


def plain_columns(names: Sequence[str]) -> dict[str, str | tuple[str, ...]] | None:
    """Return field -> column, or columns, by the names of the columns alone, or None if a person must match them.

    A plain table has a column for the date and one for the place whose names are those in use, or made of their words
    only. Columns that number the rows identify nothing: two files of one layout have the same numbers.
    """
    proposals = propose_columns(dict.fromkeys(names, ()), repeating=names)
    found: dict[str, tuple[str, ...]] = {}
    for one in proposals:
        if one.why == BY_NAME:
            found[one.field] = (*found.get(one.field, ()), one.column)
    # Two columns of coordinates count before one with both, which is then not used and named so.
    if {"latitude", "longitude"} <= found.keys():
        found.pop("point", None)
    if not states_date_and_place(found):
        return None
    return {field: columns[0] if len(columns) == 1 else columns for field, columns in found.items()}

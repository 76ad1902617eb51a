"""Rows that name a district alone, above the rows of that district: they become a column of districts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo.districts import load
from geo.ingest.mapping.fields import FIELDS
from geo.ingest.mapping.name_words import field_of
from geo.ingest.notes import Note, NoteKind
from geo.ingest.tables import CellError, TextTable, plain_key, plain_texts
from geo.ingest.values.date_days import parse_date

_COLUMN = "District"


def with_headings(table: TextTable, above: str) -> TextTable:
    """Return a table without a column of districts with one of those that rows name alone; a note says so.

    Such a name counts for the rows below it, up to the next row with one cell alone. above: what stands
    alone above the names of the columns, which counts for the first rows if other districts stand between them.
    """
    if not len(table) or any(_is_of(name, "district", "pcode") for name in table.columns):
        return table
    if _is_of(table.columns[0], "place", "description"):
        return table
    lone = _lone_cells(table)
    headings = {row for row, cell in lone.items() if _is_district(cell)}
    keep = ~np.isin(table.rows, sorted(headings))
    if not headings or not keep.any():
        return table
    starts = {0: above if _is_district(above) else ""}
    # A month stands between rows of one district; any other text may begin a place that nobody can read.
    starts |= {
        row: lone[row] if row in headings else "" for row in sorted(lone) if row in headings or not _is_day(lone[row])
    }
    rows, width = table.rows[keep], len(table.columns)
    begun = np.searchsorted(np.array(list(starts)), rows, side="right") - 1
    named = pa.array([cell.strip().rstrip(":") for cell in starts.values()], pa.string())
    cells = table.cells.filter(pa.array(keep)).append_column(str(width), named.take(pa.array(begun)))
    note = Note(NoteKind.DISTRICT_HEADINGS, len(headings) + bool(starts[0]), values={"column": _COLUMN})
    return replace(
        table,
        columns=(*table.columns, _COLUMN),
        cells=cells,
        rows=rows,
        malformed=tuple(
            line._replace(cells=(*line.cells[:width], "", *line.cells[width:])) if len(line.cells) > width else line
            for line in table.malformed
            if line.row not in headings
        ),
        notes=(*table.notes, note),
    )


def _is_of(name: str, *fields: str) -> bool:
    return any(plain_key(name) in FIELDS[field].names or field_of(name) == field for field in fields)


def _is_district(cell: str) -> bool:
    return bool(cell.strip()) and load().aliases.resolve(cell, is_exact=True).pcode is not None


def _is_day(cell: str) -> bool:
    return not isinstance(parse_date(cell.strip()), CellError)


def _lone_cells(table: TextTable) -> dict[int, str]:
    """Return the one cell of each row that has no other, by the number of the row; none of a column of places."""
    n_filled = np.zeros(len(table), dtype=np.int64)
    for column in table.cells.columns:  # of most tables the first two are filled
        n_filled += np.asarray(pc.not_equal(pc.utf8_trim_whitespace(plain_texts(column)), ""))
        if (n_filled > 1).all():
            return _lone_uneven(table)
    is_lone = n_filled == 1
    lone = table.cells.filter(pa.array(is_lone))
    lines = zip(*(plain_texts(column).to_pylist() for column in lone.columns), strict=True)
    is_place = [_is_of(name, "place", "description") for name in table.columns]
    found = {}
    for row, cells in zip(table.rows[is_lone].tolist(), lines, strict=True):
        place = next(place for place, cell in enumerate(cells) if cell.strip())
        if not is_place[place]:
            found[row] = cells[place]
    return found | _lone_uneven(table)


def _lone_uneven(table: TextTable) -> dict[int, str]:
    """Return the first cells of the rows that have no other and are shorter than the names."""
    return {
        line.row: line.cells[0] for line in table.malformed if line.cells and not any(map(str.strip, line.cells[1:]))
    }

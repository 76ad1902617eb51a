"""Merged cells of a workbook: a date or place that stands over several rows is that of each of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from geo.ingest.containers.headers import Header
from geo.ingest.mapping.grouped_rows import states_own_incident
from geo.ingest.mapping.name_words import is_named
from geo.ingest.notes import Note, NoteKind
from geo.ingest.results import ReadOptions
from geo.ingest.tables import TextTable, plain_texts

# A count over several rows is one figure: read in each of them it would be counted several times.
_READ = ("date", "date_end", "year", "month", "day", "district", "pcode", "province", "place")
# First and last row and column, both (row, column) from 0.
Area = tuple[tuple[int, int], tuple[int, int]]


def with_merged(
    table: TextTable, areas: Iterable[Area] | None, first_column: int, header: Header, options: ReadOptions
) -> TextTable:
    """Return a table with merged dates and places in each of their rows; notes say it, and name what is not read so.

    first_column: of the sheet that holds a cell, from 0. A row below the first that states no incident of its own, such
    as a second line of text, stays without them.
    """
    below = [area for area in areas or () if area[1][0] + 1 >= header.first_data_row]
    if not below:
        return table
    left, filled = list[Area](), set[int]()
    is_own = states_own_incident(table, options)
    sources: dict[int, NDArray[np.int64]] = {}
    for area in below:
        place = _place_of(area, first_column, header, table, options)
        start, stop = np.searchsorted(table.rows, (area[0][0] + 1, area[1][0] + 2))
        if place is None or start == stop or table.rows[start] != area[0][0] + 1:
            left += [area] if area[1][0] > area[0][0] else []
            continue
        below_first = np.arange(start + 1, stop)[is_own[start + 1 : stop]]
        sources.setdefault(place, np.arange(len(table)))[below_first] = start
        filled.update(table.rows[below_first].tolist())
    cells = table.cells
    for place, taken in sources.items():
        cells = cells.set_column(place, str(place), plain_texts(cells.column(place)).take(pa.array(taken)))
    notes = [Note(NoteKind.MERGED_CELLS_READ, len(filled), min(filled))] if filled else []
    notes += [Note(NoteKind.MERGED_CELLS, values={"area": _address(left[0])})] if left else []
    return replace(table, cells=cells, notes=(*table.notes, *notes))


def _place_of(area: Area, first_column: int, header: Header, table: TextTable, options: ReadOptions) -> int | None:
    """Return the place in the table of a date or place that is merged over several rows of one column, else None."""
    (first, column), (last, last_column) = area
    at = column - first_column
    if column != last_column or first == last or first + 1 < header.first_data_row or not 0 <= at < len(header.names):
        return None
    name = header.names[at]
    is_read = is_named(name, *_READ) or any(name == (options.mapping or {}).get(field) for field in _READ)
    return table.columns.index(name) if is_read and name in table.columns else None


def _address(area: Area) -> str:
    return ":".join(f"{_letters(column)}{row + 1}" for row, column in area)


def _letters(column: int) -> str:
    return (_letters(column // 26 - 1) if column >= 26 else "") + chr(ord("A") + column % 26)

"""Rows that name a district alone, above the rows of that district: they become a column of districts."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo.districts import load
from geo.ingest.mapping.name_words import is_named
from geo.ingest.notes import Note, NoteKind
from geo.ingest.tables import CellError, TextTable, is_filled, plain_texts
from geo.ingest.values.cells import NOT_STATED
from geo.ingest.values.date_days import parse_date
from geo.names import SUM_WORDS, Resolution, is_only_sum, is_sum
from geo.problems import ProblemCode
from geo.text import normalise_name

_COLUMN = "District"


def with_headings(table: TextTable, above: str) -> TextTable:
    """Return a table without a column of districts with one of those that rows name alone; a note says so.

    Such a name counts for the rows below it, up to the next row with one cell alone or with a district beside other
    cells and no day (see `_begun`). above: what stands alone above the names of the columns, which counts for the
    first rows if other districts stand between them.
    """
    if not len(table) or any(is_named(name, "district", "pcode") for name in table.columns):
        return table
    if is_named(table.columns[0], "place", "description"):
        return table
    is_place = [is_named(name, "place", "description") for name in table.columns]
    lone = lone_cells(table, is_place)
    headings = {row for row, cell in lone.items() if is_district(cell)}
    keep = ~np.isin(table.rows, sorted(headings))
    if not headings or not keep.any():
        return table
    starts = _starts(table, lone, above if is_district(above) else "")
    of_row = np.searchsorted(np.array(list(starts)), table.rows, side="right") - 1
    named = [cell.strip().rstrip(":") for cell in starts.values()]
    note = Note(NoteKind.DISTRICT_HEADINGS, len(headings) + bool(starts[0]), values={"column": _COLUMN})
    return with_column(table, headings, _COLUMN, [named[place] for place in of_row.tolist()], note)


def with_column(
    table: TextTable, headings: Collection[int], name: str, texts: Sequence[str], note: Note, place: int | None = None
) -> TextTable:
    """Return a table without the rows of headings, with what they say in a new column, or in that at a place.

    texts: of all rows of the table as given, also of the headings.
    """
    keep = ~np.isin(table.rows, sorted(headings))
    width, column = len(table.columns), pa.chunked_array([pa.array(texts, pa.string())])
    if place is None:
        cells, columns = table.cells.append_column(str(width), column), (*table.columns, name)
    else:
        cells, columns = table.cells.set_column(place, str(place), column), table.columns
    added = len(columns) - width
    return replace(
        table,
        columns=columns,
        cells=cells.filter(pa.array(keep)),
        rows=table.rows[keep],
        malformed=tuple(
            line._replace(cells=(*line.cells[:width], *[""] * added, *line.cells[width:]))
            if len(line.cells) > width
            else line
            for line in table.malformed
            if line.row not in headings
        ),
        notes=(*table.notes, note),
    )


def _starts(table: TextTable, lone: Mapping[int, str], first: str) -> dict[int, str]:
    """Return the district that begins with each row that ends the one before, "" for none; 0: the first rows."""
    starts, now = {0: first}, first
    columns = _Columns.of(table.columns)
    beside = {row: cells for row, cells in _undated(table, columns) if row not in lone}
    for row in sorted(lone.keys() | beside.keys()):
        begun: str | None
        if row in beside:
            begun = _begun(beside[row], columns, now)
        elif is_district(lone[row]):
            begun = lone[row]
        else:
            # A month stands between rows of one district; any other text may begin a place that nobody can read.
            begun = None if is_day(lone[row]) else ""
        if begun is not None:
            starts[row] = now = begun
    return starts


class _Columns(NamedTuple):
    """Places of the columns of days, or of the first if no name says so, and of those of places."""

    days: tuple[int, ...]
    places: tuple[int, ...]

    @classmethod
    def of(cls, names: Sequence[str]) -> _Columns:
        days = tuple(k for k, name in enumerate(names) if is_named(name, "date", "year", "month", "day"))
        return cls(days or (0,), tuple(k for k, name in enumerate(names) if is_named(name, "place", "description")))


def _undated(table: TextTable, columns: _Columns) -> Iterator[tuple[int, Sequence[str]]]:
    """Yield number and cells of the rows none of whose days begins with a digit, also of those of another length."""
    is_undated = np.ones(len(table), dtype=bool)
    for k in columns.days:
        begins = pc.match_substring_regex(plain_texts(table.cells.column(k)), r"^\s*\p{Nd}")
        is_undated &= ~np.asarray(begins)
    lines = table.cells.filter(pa.array(is_undated))
    texts = (plain_texts(column).to_pylist() for column in lines.columns)
    yield from zip(table.rows[is_undated].tolist(), zip(*texts, strict=True), strict=True)
    yield from ((line.row, line.cells) for line in table.malformed if line.cells)


def _begun(cells: Sequence[str], columns: _Columns, now: str) -> str | None:
    """Return the district that begins with a row of several cells, "" if it is unsure which, None if `now` goes on.

    It begins if its name stands first or in place of the day, beside a figure or remark and no place. A sum may stand
    above or below the rows it sums up, and in another cell the name may be the place of an incident without a date.
    """
    days = [cells[k] for k in columns.days if k < len(cells)]
    if any(day.strip()[:1].isdigit() or is_day(day, has_year=False) for day in days):
        return None
    has_place = any(cells[k].strip() for k in columns.places if k < len(cells))
    for cell in dict.fromkeys([cells[0], *days]):
        found = _district_of(cell)
        if found.method == "source_admin" or found.candidates:
            return cell if found.pcode and not has_place and not is_sum(cell) else ""
    if columns.places and not has_place and any(map(_is_name, days)):
        return ""
    others = {found.pcode for cell in cells if (found := _district_of(cell)).method == "source_admin"}
    return "" if others - {_district_of(now).pcode} else None


def _is_name(cell: str) -> bool:
    """Whether a cell in place of a day may name a place: it does not say that the day is unknown, or only a sum."""
    plain = cell.strip().casefold()
    return any(map(str.isalpha, plain)) and plain not in NOT_STATED and not is_only_sum(plain)


def _district_of(cell: str) -> Resolution:
    """Return the district of a name, also of its total."""
    words = (word for word in normalise_name(cell).split() if word not in SUM_WORDS)
    return load().aliases.resolve(" ".join(words) if is_sum(cell) else cell, is_exact=True)


def is_district(cell: str) -> bool:
    """Return whether a cell is the name of a district, exactly as it is in use."""
    return bool(cell.strip()) and load().aliases.resolve(cell, is_exact=True).pcode is not None


def is_day(cell: str, *, has_year: bool = True) -> bool:
    """Return whether a cell is a date; has_year: it has to state its year."""
    found = parse_date(cell.strip())
    return not isinstance(found, CellError) or (not has_year and found.code is ProblemCode.DATE_YEAR)


def lone_cells(table: TextTable, is_left_out: Sequence[bool] = ()) -> dict[int, str]:
    """Return the one cell of each row that has no other, by the number of the row; none of the columns left out."""
    n_filled = np.zeros(len(table), dtype=np.int64)
    for column in table.cells.columns:  # of most tables the first two are filled
        n_filled += is_filled(column)
        if (n_filled > 1).all():
            return _lone_uneven(table, is_left_out)
    is_lone = n_filled == 1
    lone = table.cells.filter(pa.array(is_lone))
    lines = zip(*(plain_texts(column).to_pylist() for column in lone.columns), strict=True)
    found = {}
    for row, cells in zip(table.rows[is_lone].tolist(), lines, strict=True):
        place = next(place for place, cell in enumerate(cells) if cell.strip())
        if not (is_left_out and is_left_out[place]):
            found[row] = cells[place]
    return found | _lone_uneven(table, is_left_out)


def _lone_uneven(table: TextTable, is_left_out: Sequence[bool]) -> dict[int, str]:
    """Return the first cells of the rows that have no other and are shorter than the names."""
    if is_left_out and is_left_out[0]:
        return {}
    return {
        line.row: line.cells[0] for line in table.malformed if line.cells and not any(map(str.strip, line.cells[1:]))
    }

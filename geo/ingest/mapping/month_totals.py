"""Totals of districts by month: "Jan-24" becomes a year and a month, as tables of totals have them."""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa

from geo.ingest.formats.district_totals import COUNT_KEYS
from geo.ingest.mapping.fields import FIELDS
from geo.ingest.mapping.name_words import is_named
from geo.ingest.notes import Note, NoteKind
from geo.ingest.results import ReadOptions
from geo.ingest.tables import TextTable
from geo.ingest.values.cells import NOT_STATED, latin_digits
from geo.ingest.values.date_days import full_year
from geo.ingest.values.date_parts import Part, Writing
from geo.ingest.values.date_questions import ask_year
from geo.ingest.values.date_writings import read_writing
from geo.names import is_sum

_MONTH_NAMES = frozenset({*FIELDS["month"].names, "months", "month_year", "month_and_year", "period", "مہینہ", "ماہ"})


def with_years(table: TextTable, options: ReadOptions, file: str) -> TextTable:
    """Return a table of numbers of incidents by district and month with columns Year and Month; others unchanged.

    A cell that is no month stays as it is, and its row is refused. Raises RejectedUpload (DATE_YEAR) where no month
    states its year and nobody has answered it (ReadOptions.date_year).
    """
    place = None if options.mapping else _place_of_months(table)
    if place is None:
        return table
    cells = table.texts(table.keys[place]).to_pylist()
    parts = [_month(cell) for cell in cells]
    known = [part for part in parts if part is not None]
    n_filled = sum(cell.strip().casefold() not in NOT_STATED and not is_sum(cell) for cell in cells)
    if not known or 2 * len(known) < n_filled:
        return table
    if options.date_year is None and not any(part.year for part in known):
        ask_year(table, file, len(known), table.columns[place], cells[0])
    years = [str((part.year if part else None) or options.date_year or "") for part in parts]
    months = [cell if part is None else str(part.month) for part, cell in zip(parts, cells, strict=True)]
    width = len(table.columns)
    set_month = table.cells.set_column(place, str(place), pa.array(months, pa.string()))
    columns = list(table.columns)
    columns[place] = "Month"
    return replace(
        table,
        columns=(*columns, "Year"),
        cells=set_month.append_column(str(width), pa.array(years, pa.string())),
        malformed=tuple(
            line._replace(cells=(*line.cells[:width], "", *line.cells[width:])) if len(line.cells) > width else line
            for line in table.malformed
        ),
        notes=(*table.notes, Note(NoteKind.MONTHS_WITH_YEARS, len(known), values={"column": table.columns[place]})),
    )


def _place_of_months(table: TextTable) -> int | None:
    """Return the place of the one column of months of a table of districts, counts and no other time, else None."""
    keys = table.keys
    if {*FIELDS["date"].names, *FIELDS["year"].names, *FIELDS["day"].names} & set(keys):
        return None
    months = [place for place, key in enumerate(keys) if key in _MONTH_NAMES]
    has_district = any(is_named(name, "district") for name in table.columns)
    is_of_totals = has_district and bool(set(COUNT_KEYS) & set(keys))
    return months[0] if len(months) == 1 and is_of_totals else None


def _month(cell: str) -> Part | None:
    """Return the month that a cell states, with its year if it has one; None for anything else, also for a day."""
    writing = read_writing(" ".join(latin_digits(cell).split()))
    if not isinstance(writing, Writing) or writing.last is not None or writing.serial:
        return None
    part = writing.first
    # A workbook keeps a month as its first day.
    if part.month is None or part.pair or part.day not in (None, 1) or (part.day and not part.year):
        return None
    year = full_year(part.year) if part.is_short and part.year is not None else part.year
    return part._replace(year=year, day=None)

"""Totals of districts by month or period: "Jan-24" becomes a year and a month, "Jan-Jun 2024" a year and months."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import pyarrow as pa

from geo.ingest.formats.district_totals import COUNT_KEYS
from geo.ingest.mapping.fields import FIELDS
from geo.ingest.mapping.name_words import is_named
from geo.ingest.notes import Note, NoteKind
from geo.ingest.results import ReadOptions
from geo.ingest.tables import TextTable
from geo.ingest.values.cells import NOT_STATED, latin_digits
from geo.ingest.values.date_days import full_year
from geo.ingest.values.date_parts import Writing
from geo.ingest.values.date_questions import ask_year
from geo.ingest.values.date_writings import read_writing
from geo.ingest.values.financial_years import FINANCIAL_NAMES, first_year
from geo.names import is_sum

# What the numbers in columns of these names are.
_NUMBERED = {
    **dict.fromkeys(("half", "half_year", "ششماہی"), "H"),
    **dict.fromkeys(("quarter", "quarters", "qtr", "سہ_ماہی"), "Q"),
}
_NUMBER = re.compile(r"(\d\d?)(?:st|nd|rd|th|\.0)?\Z", re.IGNORECASE)
_QUARTERS = frozenset({"quarter", "qtr"})  # read beside a column of years as they are
_MONTH_NAMES = frozenset({*FIELDS["month"].names, "months", "month_year", "month_and_year", "مہینہ", "ماہ"})
# Names of columns of months or longer times.
PERIOD_NAMES = frozenset(
    {
        *_MONTH_NAMES,
        *("period", "periods", "duration", "time_period", "reporting_period", "timeframe", "time_frame", "half"),
        *FINANCIAL_NAMES,
        *("half_year", "quarter", "quarters", "qtr", "مدت", "عرصہ", "دورانیہ", "سہ_ماہی", "ششماہی"),
    }
)


def with_years(table: TextTable, options: ReadOptions, file: str) -> TextTable:
    """Return a table of numbers of incidents by district and month with columns Year and Month; others unchanged.

    A cell that is no month stays as it is, and its row is refused. Raises RejectedUpload (DATE_YEAR) where no month
    states its year and nobody has answered it (ReadOptions.date_year).
    """
    place = None if options.mapping else _place_of_months(table)
    if place is None:
        return table
    key, letter = table.keys[place], _NUMBERED.get(table.keys[place], "")
    cells = [_numbered(cell, letter) for cell in table.texts(key).to_pylist()]
    if set(FIELDS["year"].names) & set(table.keys):
        return table if key in _QUARTERS else _with_periods(table, place, cells)
    n_filled = sum(cell.strip().casefold() not in NOT_STATED and not is_sum(cell) for cell in cells)
    if key not in _MONTH_NAMES and 2 * sum(first_year(cell) is not None for cell in cells) > n_filled:
        return _renamed(table, place, "Year")
    if key in FINANCIAL_NAMES:
        return table
    times = [_time(cell) for cell in cells]
    known = [time for time in times if time is not None]
    if not letter and (not known or 2 * len(known) < n_filled):
        return table
    if options.date_year is None and not any(time.year for time in known):
        ask_year(table, file, len(known), table.columns[place], cells[0])
    years = [str((time.year if time else None) or options.date_year or "") for time in times]
    months = [cell if time is None else time.months for time, cell in zip(times, cells, strict=True)]
    width = len(table.columns)
    set_month = table.cells.set_column(place, str(place), pa.array(months, pa.string()))
    return replace(
        table,
        columns=(*_renamed(table, place, "Month").columns, "Year"),
        cells=set_month.append_column(str(width), pa.array(years, pa.string())),
        malformed=tuple(
            line._replace(cells=(*line.cells[:width], "", *line.cells[width:])) if len(line.cells) > width else line
            for line in table.malformed
        ),
        notes=(*table.notes, Note(NoteKind.MONTHS_WITH_YEARS, len(known), values={"column": table.columns[place]})),
    )


class _Time(NamedTuple):
    """What a cell states. months: as a column of months has them, "" for a whole year."""

    year: int | None
    months: str


def _with_periods(table: TextTable, place: int, cells: Sequence[str]) -> TextTable:
    """Return a table that has a column of years with its column of periods of a year as that of months."""
    is_numbered = table.keys[place] in _NUMBERED
    filled = [cell for cell in cells if cell.strip().casefold() not in NOT_STATED and not is_sum(cell)]
    if not is_numbered and 2 * sum(_time(cell) is not None for cell in filled) < max(len(filled), 1):
        return table
    set_cells = table.cells.set_column(place, str(place), pa.array(cells, pa.string()))
    return _renamed(replace(table, cells=set_cells) if is_numbered else table, place, "Month")


def _renamed(table: TextTable, place: int, name: str) -> TextTable:
    return replace(table, columns=(*table.columns[:place], name, *table.columns[place + 1 :]))


def _numbered(cell: str, letter: str) -> str:
    """Return 1 or "1st" in a column of halves or quarters as H1 or Q1, any other cell as it is."""
    number = _NUMBER.match(latin_digits(cell).strip())
    return f"{letter}{number[1]}" if letter and number else cell


def _place_of_months(table: TextTable) -> int | None:
    """Return the place of the one column of months or periods of a table of districts and counts, else None.

    Beside a column of years it is one of periods alone; no other column states a time.
    """
    keys = table.keys
    if {*FIELDS["date"].names, *FIELDS["day"].names} & set(keys):
        return None
    has_year = bool(set(FIELDS["year"].names) & set(keys))
    times = [place for place, key in enumerate(keys) if key in PERIOD_NAMES]
    has_district = any(is_named(name, "district") for name in table.columns)
    is_of_totals = has_district and bool(set(COUNT_KEYS) & set(keys))
    is_one = len(times) == 1 and not (has_year and keys[times[0]] in _MONTH_NAMES)
    return times[0] if is_one and is_of_totals else None


def _time(cell: str) -> _Time | None:
    """Return the months that a cell states, with their year if it has one; None for anything else, also for a day."""
    plain = " ".join(latin_digits(cell).split())
    writing = read_writing(plain)
    if not isinstance(writing, Writing) or writing.serial:
        return None
    first, last = writing.first, writing.last or writing.first
    # A workbook keeps a month as its first day.
    if first.pair or last.pair or first.day not in (None, 1) or (first.day and (not first.year or writing.last)):
        return None
    year = full_year(first.year) if first.is_short and first.year is not None else first.year
    if max(first.month or 0, last.month or 0) > 12:
        return None
    if first.month is None:
        return _Time(year, "") if writing.last is None else None
    return _Time(year, str(first.month) if writing.last is None else plain) if last.day in (None, 1) else None

"""Rows that state a year, month or day alone, above the rows of that time: they complete the dates of these rows."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from geo.ingest.containers.headings import lone_cells, with_column
from geo.ingest.formats import is_own_table
from geo.ingest.mapping.column_proposals import is_serial
from geo.ingest.mapping.name_words import is_named
from geo.ingest.mapping.toll_columns import toll_head
from geo.ingest.notes import Note, NoteKind
from geo.ingest.tables import TextTable, plain_texts
from geo.ingest.values.cells import latin_digits
from geo.ingest.values.date_days import FIRST_YEAR, full_year
from geo.ingest.values.date_parts import Part, Writing
from geo.ingest.values.date_writings import read_writing

_COLUMN = "Date"
_HALF_A_YEAR = 6  # months
_BEFORE = re.compile(r"(?:for\s+)?(?:the\s+)?(?:month|year)\s*(?:of\b|:|-)?\s*", re.IGNORECASE)
_DAY = re.compile(r"(0?[1-9]|[12]\d|3[01])(?:\.0|st|nd|rd|th)?\Z", re.IGNORECASE)
_YEAR = re.compile(r"(?:19[4-9]\d|20\d\d)(?:\.0)?")
_PAIR = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?\s*(-|–|to|&|and|/|\.)\s*(\d{1,2})(?:st|nd|rd|th)?\Z", re.IGNORECASE)


class _Time(NamedTuple):
    """What a heading states, as far as it does; row: of the heading."""

    row: int
    year: int | None
    month: int | None
    day: int | None

    @property
    def written(self) -> str:
        """The time as the cell of a date, "" where its year is not known."""
        parts = [f"{one:02}" for one in (self.year, self.month, self.day) if one is not None]
        return "-".join(parts) if self.year else ""


def with_date_headings(table: TextTable, above: str) -> TextTable:
    """Return a table whose dates are completed by the rows that state a time alone; a note counts these rows.

    Below "January 2024" the cell "5" is 5 January 2024, "5 Jan" is of 2024, and a blank one is the month, unless a day
    stands above it in that month. A table without a date gets a column of them. above: what stands alone above the
    names, which counts for the first rows.
    """
    is_dated = any(is_named(name, "year", "month") for name in table.columns)
    if not len(table) or is_dated or not is_own_table(table.columns):
        return table
    named = [place for place, name in enumerate(table.columns) if is_named(name, "date")]
    named = named or [place for place, name in enumerate(table.columns) if is_named(name, "day")]
    lone = {row: time for row, cell in _headings(table).items() if (time := _time(row, cell))}
    title = _time(0, above)
    # Of which year dates are is asked where only a title states it.
    title = title if title and title.month else None
    if not lone and (title is None or not named):
        return table
    cells = plain_texts(table.cells.column(named[0])).to_pylist() if named else [""] * len(table)
    # The cell of a heading may stand in the column of dates itself.
    written = {row: cell for row, cell in zip(table.rows.tolist(), cells, strict=True) if row not in lone}
    used, dates = _completed(written, lone, title)
    if not used:
        return table
    rows = {time.row for time in used if time.row}
    note = Note(NoteKind.DATE_HEADINGS, len(used), values={"column": table.columns[named[0]] if named else _COLUMN})
    texts = {**written, **dates}
    place = named[0] if named and is_named(table.columns[named[0]], "date") else None
    return with_column(table, rows, _COLUMN, [texts.get(row, "") for row in table.rows.tolist()], note, place)


def _headings(table: TextTable) -> dict[int, str]:
    """Return the cells that stand alone in their rows, by the number of the row.

    "2010" in a column of people is no year; in one of serial numbers it is, if these do not go so far.
    """
    are_numbers = [is_serial(name) or toll_head(name) is not None for name in table.columns]
    elsewhere = lone_cells(table, are_numbers)
    lone = lone_cells(table)
    elsewhere |= _years_among_numbers(table, lone)
    return {row: cell for row, cell in lone.items() if row in elsewhere or not _plain(cell).replace(".", "").isdigit()}


def _years_among_numbers(table: TextTable, lone: Mapping[int, str]) -> dict[int, str]:
    """Return the years that stand alone in the one column that numbers the rows, if no number of a row is as high."""
    serials = [place for place, name in enumerate(table.columns) if is_serial(name)]
    if len(serials) != 1:
        return {}
    cells = dict(zip(table.rows.tolist(), plain_texts(table.cells.column(serials[0])).to_pylist(), strict=True))
    found = {row: cell for row, cell in lone.items() if cells.get(row) == cell and _YEAR.fullmatch(_plain(cell))}
    numbers = [_plain(cell).removesuffix(".0") for row, cell in cells.items() if row not in found]
    is_apart = all(number.isdecimal() and int(number) < FIRST_YEAR for number in numbers if number)
    return found if is_apart and any(numbers) else {}


def _completed(
    written: Mapping[int, str], lone: Mapping[int, _Time], title: _Time | None
) -> tuple[list[_Time], dict[int, str]]:
    """Return the headings that count, and the date of each row that they complete, by the number of the row."""
    used: list[_Time] = []
    dates: dict[int, str] = {}
    firsts = [time for time in lone.values() if time.day]
    are_months = len(firsts) > 1 and all(time.day == 1 for time in firsts)
    for given, rows in _sections(written, lone, title):
        has_numbers = any(_DAY.match(_plain(written[row])) for row in rows)
        # A workbook keeps "Jan-24" as the first day of the month.
        time = given._replace(day=None) if given.day == 1 and (are_months or has_numbers) else given
        found = dict(_dates_of(time, {row: written[row] for row in rows}))
        if not time.row and not lone:
            # A title alone says nothing of rows without a day: it may be of the report.
            found = {row: date for row, date in found.items() if written[row].strip()}
        if found or (time.row and time.day is None and rows and all(_lies_in(time, written[row]) for row in rows)):
            used.append(time)
            dates |= found
    months = {time.row for time in used}
    # A year above months is a heading as well, though no row follows it.
    used += [time for row, time in lone.items() if row not in months and time.month is None and used]
    return used, dates


def _sections(
    written: Mapping[int, str], lone: Mapping[int, _Time], title: _Time | None
) -> Iterator[tuple[_Time, list[int]]]:
    """Yield each heading, with the year of the one above it where it has none, and the numbers of its rows.

    January below December may be of the next year: then the year stays open.
    """
    now, rows = title, []
    year = title.year if title else None
    months = [title.month if title else None]
    for row in sorted(written.keys() | lone.keys()):
        if row not in lone:
            rows.append(row)
            continue
        if now is not None:
            yield now, rows
        if lone[row].year:
            year, months = lone[row].year, []
        months.append(lone[row].month)
        if not _are_of_one_year(months):
            year = None
        now, rows = lone[row]._replace(year=year), []
    if now is not None:
        yield now, rows


def _are_of_one_year(months: Sequence[int | None]) -> bool:
    """Whether months that follow one another go up, or back from each to the one before."""
    steps = [second - first for first, second in pairwise(filter(None, months)) if first != second]
    return all(step > 0 for step in steps) or all(step == -1 for step in steps)


def _turn_of_year(written: Mapping[int, str]) -> int | None:
    """Return the number of the row at which dates without a year, in order otherwise, go back more than half a year."""
    writings = {row: read_writing(_plain(cell)) for row, cell in written.items()}
    months = [(row, one.first.month) for row, one in writings.items() if isinstance(one, Writing) and one.first.month]
    falls = [(later[0], first[1] - later[1]) for first, later in pairwise(months) if later[1] < first[1]]
    return falls[0][0] if len(falls) == 1 and falls[0][1] > _HALF_A_YEAR else None


def _dates_of(time: _Time, written: Mapping[int, str]) -> Iterator[tuple[int, str]]:
    """Yield the numbers of the rows whose date a heading completes, each with the date.

    Below a whole date of another time it is not known to which time a row belongs.
    """
    has_day_above = False
    turn = None if time.month else _turn_of_year(written)
    for row, cell in written.items():
        if row == turn:
            return
        plain = _plain(cell)
        if plain:
            has_day_above = True
        date, writing = _date_of(time, plain), read_writing(plain)
        if isinstance(writing, Writing) and writing.first.year is not None and not _lies_in(time, plain):
            return
        if date and (plain or not has_day_above):
            yield row, date


def _date_of(time: _Time, plain: str) -> str:
    """Return the date of a cell below a heading, "" where the heading adds nothing to it."""
    if not plain:
        return time.written or (f"{time.day or ''} {_month(time)}".strip() if time.month else "")
    if time.day is not None:
        return ""
    if (match := _DAY.match(plain)) and time.month:
        return f"{time.written}-{int(match[1]):02}" if time.year else f"{match[1]} {_month(time)}"
    if (match := _PAIR.match(plain)) and time.month:
        return _day_of_pair(time, int(match[1]), int(match[3]), is_range=match[2] not in "/.")
    writing = read_writing(plain)
    if not isinstance(writing, Writing) or time.year is None or writing.last is not None:
        return ""
    part = writing.first
    is_other_month = time.month is not None and part.month != time.month
    return f"{plain} {time.year}" if part.year is None and part.month and not is_other_month else ""


def _day_of_pair(time: _Time, first: int, second: int, *, is_range: bool) -> str:
    """Return the date of two numbers below a month: two days of it, or a day and the month; "" if it may be both."""
    days = {one for one, other in ((first, second), (second, first)) if other == time.month}
    if is_range and first < second:
        return "" if days else f"{first}-{second} {_month(time)} {time.year or ''}".rstrip()
    return f"{days.pop()} {_month(time)} {time.year or ''}".rstrip() if len(days) == 1 else ""


def _lies_in(time: _Time, cell: str) -> bool:
    """Whether a cell is a date that can lie in the time of a heading."""
    writing = read_writing(_plain(cell))
    if not isinstance(writing, Writing):
        return False
    part = writing.first
    months = {part.month} if part.month else set(part.pair or ())
    return _year_of(part) in (None, time.year) and (time.month is None or time.month in months)


def _time(row: int, cell: str) -> _Time | None:
    """Return the time that a cell states and nothing else, None if it is none or can be read in two ways."""
    plain = _BEFORE.sub("", _plain(cell).strip(" :-–—*"), count=1)
    writing = read_writing(plain)
    if not isinstance(writing, Writing) or writing.last is not None or writing.serial or writing.first.pair:
        return None
    part = writing.first
    return _Time(row, _year_of(part), part.month, part.day)


def _year_of(part: Part) -> int | None:
    return full_year(part.year) if part.is_short and part.year is not None else part.year


def _plain(cell: str) -> str:
    return " ".join(latin_digits(cell).split())


def _month(time: _Time) -> str:
    return calendar.month_name[time.month or 1]

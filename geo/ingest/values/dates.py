"""Columns of dates: one path for every format, from the cells of a table to the days of its rows.

`style_of` settles what the writing leaves open, once for the file; `spans` and `optional_days` then read its columns.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from geo.codes import Codes, spread
from geo.ingest.notes import NoteKind
from geo.ingest.tables import SUM_OF_OTHERS, CellError, header_key
from geo.ingest.values.cells import NOT_STATED, Parsed, Reading, latin_digits, spread_arrow
from geo.ingest.values.date_columns import holds_weeks, writing_of
from geo.ingest.values.date_days import FIRST_YEAR, ORDERS, DateStyle, Span, day_number, days_of, full_year, span_of
from geo.ingest.values.date_parts import Traits, Writing
from geo.ingest.values.date_questions import ask_year, refuse_unused_years
from geo.ingest.values.date_shapes import MONTHS
from geo.ingest.values.date_styles import style_of
from geo.ingest.values.date_writings import date_error, read_writing
from geo.ingest.values.financial_years import FINANCIAL_NAMES, calendar_year, days_within, first_year, whole_span
from geo.ingest.values.labels import Labels, Mask
from geo.names import is_sum
from geo.problems import ProblemCode
from geo.wording import text

__all__ = ["DateStyle", "Days", "Span", "Spans", "day_number", "style_of"]
Days = NDArray[np.int32]
PARTS = ("year", "month", "day")
_DAY_OF_MONTH = re.compile(r"(?:0?[1-9]|[12]\d|3[01])(?:\.0)?\Z")
_WEEK = re.compile(r"(?:w|wk|week)?[ .#-]*(\d{1,2})(?:st|nd|rd|th|\.0)?", re.IGNORECASE)
_MOST_WEEKS = 5  # of a month
_SHORT_YEAR = re.compile(r"\d\d\Z")
# A part of a date as programs write it, 2024.0 or 2024,0, and as people do, 4th.
_PART = re.compile(r"(\d{1,4})(?:[.,]0{1,2}|st|nd|rd|th)\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True, eq=False)
class Spans:
    """First and last day (days since 1970-01-01, 0 where refused) and precision of each row, shape (n,)."""

    start: Days
    end: Days
    precision: Labels

    @property
    def fields(self) -> dict[str, object]:
        """The canonical columns of the dates."""
        return {"date_start": self.start, "date_end": self.end, "date_precision": self.precision}


def spans(reading: Reading, key: str, style: DateStyle) -> Spans:
    """Return the days of a date column."""
    return _spread(*_each_day(reading, key, style))


def optional_spans(reading: Reading, key: str, style: DateStyle) -> tuple[Sequence[Span | None], Codes]:
    """Return the days of the texts of a date column, None where blank, and the position of each row's, shape (n,)."""
    return _each_day(reading, key, style, is_required=False)


def _each_day(
    reading: Reading, key: str, style: DateStyle, *, is_required: bool = True
) -> tuple[Sequence[Span | None], Codes]:
    """Read each distinct text once, with the year of the row's own column where the text has none."""

    read = writing_of(reading, key)

    def parse(cell: str) -> Parsed[Span]:
        return days_of(read(cell), style) if cell or is_required else None

    def parse_with_year(cells: tuple[str, ...]) -> Parsed[Span]:
        year = _plain_part(cells[1]).rstrip("* ")
        if cells[0] and (first := first_year(year)):
            return days_within(read(cells[0]), style, first)
        if not (year.isdecimal() and len(year) == 4):
            return parse(cells[0])
        own = replace(style, year=int(year))
        return days_of(read(cells[0]), own) if cells[0] or is_required else None

    writings, no_year = map(read, reading.words(key)[0]), int(Traits.NO_YEAR)
    if reading.has("year") and any(isinstance(one, Writing) and one.traits & no_year for one in writings):
        return reading.each_of((key, "year"), parse_with_year)
    if not is_required:
        return reading.each_readable(key, parse, NoteKind.UNREADABLE_DAYS)
    return reading.each(key, parse)


def spans_beside_parts(reading: Reading, key: str, style: DateStyle) -> Spans:
    """Return the days of a date column beside columns of year, month and day, which count where all three are stated.

    Where they state less, the date counts; where the date is blank, they count as far as they are known. Rows whose
    date lies outside what the columns state are counted in a note. A number from 1 to 31 is no date by itself: beside
    columns of year and month, without one of days, it is the day, which a note says.
    """
    _note_parts(reading, PARTS, where=~reading.is_filled(key))
    read, are_weeks = writing_of(reading, key), holds_weeks(reading, key)
    has_days = not are_weeks and reading.has("year") and reading.has("month") and not reading.has("day")
    if has_days:
        is_day = reading.matches(key, lambda cell: bool(_DAY_OF_MONTH.match(latin_digits(cell))))
        reading.note_rows(is_day, NoteKind.DAYS_BESIDE_MONTHS, key, column=reading.name_of(key))
    if are_weeks:
        numbered = reading.matches(key, lambda cell: bool(_WEEK.fullmatch(latin_digits(cell))))
        reading.note_rows(numbered & reading.is_filled("year") & ~are_parts_stated(reading), NoteKind.WEEKS, key)
    are_of_years = are_weeks and _are_weeks_of_years(reading, key)
    differs: set[tuple[str, ...]] = set()

    def parse(cells: tuple[str, ...]) -> Span | CellError:
        if has_days and _DAY_OF_MONTH.match(latin_digits(cells[0])):
            return parts_span((*cells[1:3], latin_digits(cells[0])), ("year", "month", key))
        stated = parts_span(cells[1:], PARTS)
        if any(cells) and not cells[0]:
            return stated
        if are_weeks and isinstance(stated, Span) and stated.precision != "day":
            number = _WEEK.fullmatch(latin_digits(cells[0]))
            month = "" if are_of_years else cells[2]
            week = _week_of_number(int(number[1]), cells[1], month) if number else days_of(read(cells[0]), style)
            of_week = _meeting(week, stated)
            if of_week is None and re.search(r"\d", cells[0]):
                differs.add(cells)
            # Names of weekdays, and what is no week, leave the year and month.
            return of_week or stated
        year = stated.start.year if isinstance(stated, Span) else style.year
        own = replace(style, year=year)
        writing, first = read(cells[0]), first_year(cells[1])
        found = days_of(writing, own) if first is None else days_within(writing, style, first)
        known = stated
        if not cells[1] and isinstance(found, Span):
            known = parts_span((str(found.start.year), *cells[2:]), PARTS)
        if cells[0] and isinstance(known, Span) and _is_other_day(cells[0], known, style):
            differs.add(cells)
        is_day = isinstance(stated, Span) and stated.precision == "day"
        return stated if is_day else found

    keys = (key, *PARTS)
    found = _spread(*reading.each_of(keys, parse))
    if differs:
        texts, codes = reading.each_of(keys, lambda cells: cells in differs)
        reading.note_rows(
            np.array(texts, dtype=bool)[codes], NoteKind.DATE_AND_PARTS_DIFFER, key, column=reading.name_of(key)
        )
    return found


def _are_weeks_of_years(reading: Reading, key: str) -> bool:
    """Whether a column numbers the weeks of years, also beside a column of months: one number is above 5."""

    def is_of_year(cell: str) -> bool:
        number = _WEEK.fullmatch(latin_digits(cell))
        return number is not None and int(number[1]) > _MOST_WEEKS

    n_above = int(reading.matches(key, is_of_year).sum())
    return bool(reading.evidence.verdict("weeks_of_years", key, n_above))


def _meeting(found: Span | CellError, stated: Span) -> Span | None:
    """Return days that share one with the stated ones, else None."""
    is_met = isinstance(found, Span) and found.start <= stated.end and stated.start <= found.end
    return found if isinstance(found, Span) and is_met else None


def _week_of_number(number: int, year: str, month: str) -> Span | CellError:
    """Return the days of a week whose number stands beside its year, or beside a year and a month."""
    named = calendar.month_name[month_number(month) or 0]
    return days_of(read_writing(f"week {number} of {named} {_plain_part(year)}"), DateStyle())


def _is_other_day(cell: str, stated: Span, style: DateStyle) -> bool:
    """Whether a date can be read, and in no way as of the stated days; a date without a year is of theirs."""
    writing = read_writing(cell)
    orders = [style.order] if style.order else ORDERS
    years = {stated.start.year, stated.end.year}
    found = [days_of(writing, DateStyle(order, year, style.serials)) for order in orders for year in years]
    days = [one for one in found if isinstance(one, Span)]
    return bool(days) and not any(one.start <= stated.end and stated.start <= one.end for one in days)


def are_parts_stated(reading: Reading) -> Mask:
    """Return whether the columns of year, month and day state a day in each row, shape (n,)."""
    if not all(map(reading.has, PARTS)):
        return np.zeros(len(reading), dtype=bool)

    def states_a_day(cells: tuple[str, ...]) -> bool:
        found = parts_span(cells, PARTS)
        return isinstance(found, Span) and found.precision == "day"

    results, codes = reading.each_of(PARTS, states_a_day)
    return np.array(results, dtype=bool)[codes]


def are_years_told(reading: Reading) -> bool:
    """Whether a column of years states them: named after financial years, 2024 alone in it leaves two open."""
    if header_key(reading.name_of("year")) not in FINANCIAL_NAMES:
        return True

    def is_open(cell: str) -> bool:
        return bool(_plain_part(cell)) and first_year(cell) is None and not is_sum(cell)

    return bool(reading.evidence.verdict("years_told", "year", int(reading.matches("year", is_open).sum())))


def have_months_years(reading: Reading) -> bool:
    """Whether cells of a column of months state their year, as March 2023 does."""

    def states_year(cell: str) -> bool:
        writing = read_writing(cell) if cell else None
        return isinstance(writing, Writing) and not (writing.serial or writing.traits & Traits.NO_YEAR)

    return bool(reading.evidence.verdict("years", "month", int(reading.matches("month", states_year).sum())))


def year_asked(reading: Reading) -> str:
    """Return the answered year of months without one. Raises RejectedUpload (DATE_YEAR) if nobody has answered it."""
    refuse_unused_years(reading)
    answer, name = reading.options.date_year, reading.name_of("month")
    where = reading.is_filled("month")
    if answer is None:
        first = next((word for word in reading.words("month")[0] if word), "")
        ask_year(reading.table, reading.file, int(where.sum()), name, first)
    reading.note_rows(where, NoteKind.YEAR_AS_ANSWERED, "month", year=answer)
    return str(answer)


def spans_of_parts(reading: Reading, keys: tuple[str, str, str], year: str = "") -> Spans:
    """Return the days of dates in columns for year, month and day (a column that is not there reads as blank).

    A month or day that is blank or 0 is not known. Months are names or numbers; an asterisk after a year is ignored.
    year: of rows that state a month and no year.
    """
    _note_parts(reading, keys, where=np.ones(len(reading), dtype=bool))

    def parse(cells: tuple[str, ...]) -> Span | CellError:
        return parts_span((cells[0] or (year if cells[1] else ""), *cells[1:]), keys)

    return _spread(*reading.each_of(keys, parse))


def spans_of_quarters(reading: Reading, keys: tuple[str, str]) -> Spans:
    """Return the days of quarters in columns for year and quarter: Q2, 2 or Apr-Jun; blank is the whole year."""
    parts = (*keys, "")

    def span(cells: Sequence[str]) -> Span | CellError:
        year, quarter = (cell.removesuffix(".0") for cell in cells)
        number = re.fullmatch(r"(\d+)(?:st|nd|rd|th)?", quarter, re.IGNORECASE)
        found = parts_span((year, f"Q{number[1]}" if number else quarter, ""), parts)
        if isinstance(found, CellError) and found.key == keys[1] and not is_sum(quarter):
            hint = text("Write Q1 or Jan-Mar; leave it empty for the whole year.")
            return date_error(text("This is not a quarter."), hint, keys[1])
        return found

    return _spread(*reading.each_of(keys, span))


def _note_parts(reading: Reading, keys: tuple[str, str, str], where: Mask) -> None:
    """Note, of the marked rows, years of two digits and cells that name several months, as Jan-Mar or Q1."""
    is_short = reading.matches(keys[0], lambda cell: bool(_SHORT_YEAR.match(cell)))
    reading.note_rows(is_short & where, NoteKind.SHORT_YEARS, keys[0])
    is_financial = reading.matches(keys[0], lambda cell: first_year(cell) is not None)
    reading.note_rows(is_financial, NoteKind.FINANCIAL_YEARS, keys[0])

    def is_range(cell: str) -> bool:
        if not cell or month_number(cell) is not None:
            return False
        found = (read_writing(words) for words in (cell, f"{cell} {FIRST_YEAR}"))
        return any(isinstance(one, Writing) and _is_of_months(one) and one.last is not None for one in found)

    reading.note_rows(reading.matches(keys[1], is_range) & where, NoteKind.RANGES_OF_DAYS, keys[1])


def parts_span(cells: Sequence[str], keys: tuple[str, str, str]) -> Span | CellError:
    """Return the days of the cells of year, month and day; a reason names the key of the cell that is wrong."""
    year, month, day = map(_plain_part, cells)
    for key, part in zip(keys, (year, month, day), strict=True):
        if is_sum(part):
            hint = text("Remove it, or state its year or month.")
            return CellError(ProblemCode.DISTRICT, SUM_OF_OTHERS, hint, key)
    year, number = year.rstrip("* "), month_number(month)
    if not year:
        return date_error(text("The year is empty."), text("A row without a year cannot be counted."))
    if (first := first_year(year)) is not None:
        if number is None and month in ("", "0"):
            return whole_span(first)
        if number is None:
            message = text("Which months a part of a financial year covers is not known.")
            return date_error(message, text("Write its months, and the calendar year."))
        year = str(calendar_year(first, number))
    known_year = full_year(int(year)) if _SHORT_YEAR.match(year) else int(year) if re.match(r"\d{4}\Z", year) else None
    if known_year is None:
        return date_error(text("This is not a year."), text("Write four digits, as 2024."))
    if number is None and month and day in ("", "0") and (months := _months_of(month, known_year)):
        return months
    if number is None and month not in ("", "0"):
        hint = text("Write March or 3; leave it empty if it is not known.")
        return date_error(text("This is not a month."), hint, keys[1])
    if number and not (day or "0").isdecimal():
        return date_error(text("The day is not a number."), text("Leave it empty if it is not known."), keys[2])
    known = [known_year, *filter(None, [number, int(day or 0) if number else 0])]
    return _span_of_parts(known, keys)


def _months_of(cell: str, year: int) -> Span | None:
    """Return the days of months such as Jan-Mar or Q1 of a year, None if it is something else."""
    for words in (cell, f"{cell} {year}"):
        writing = read_writing(words)
        if isinstance(writing, Writing) and _is_of_months(writing):
            found = days_of(writing, DateStyle(year=year))
            return found if isinstance(found, Span) and year in (found.start.year, found.end.year) else None
    return None


def _is_of_months(writing: Writing) -> bool:
    """Whether a writing names months, and neither days nor a year alone."""
    parts = [part for part in (writing.first, writing.last) if part is not None]
    is_whole_year = writing.traits & (Traits.FINANCIAL | Traits.FINANCIAL_PAIR)
    return not (writing.serial or is_whole_year) and all(
        part.month and not part.day and not part.pair for part in parts
    )


def spans_of_numbers(reading: Reading, keys: tuple[str, str, str]) -> Spans:
    """Return the days of dates in columns for year, month and day that are all filled with numbers; 0 is not known."""

    def parse(cells: tuple[str, ...]) -> Span | CellError:
        plain = [_plain_part(cell) for cell in cells]
        for cell, key in zip(plain, keys, strict=True):
            if not re.fullmatch(r"\d{1,4}", cell):
                return date_error(text("This is not a whole number."), text("0 is an unknown month or day."), key)
        year, month, day = map(int, plain)
        return _span_of_parts([year, *filter(None, [month, day if month else 0])], keys)

    return _spread(*reading.each_of(keys, parse))


def _plain_part(cell: str) -> str:
    """Return a year, month or day without what programs and people add to its number, "" where it is not stated."""
    plain = latin_digits(cell).strip()
    if plain.casefold() in NOT_STATED:
        return ""
    match = _PART.match(plain)
    return match[1] if match else plain


def _spread(results: Sequence[Span | None], codes: Codes) -> Spans:
    starts = [day_number(span.start) if span else 0 for span in results]
    ends = [day_number(span.end) if span else 0 for span in results]
    precisions = Labels([span.precision if span else "day" for span in results], codes)
    return Spans(spread(starts, codes, np.int32(0)), spread(ends, codes, np.int32(0)), precisions)


def month_number(cell: str) -> int | None:
    """Return the number of a month written as a name or a number, or None."""
    plain = latin_digits(cell).strip().casefold()
    if plain.isdecimal():
        return int(plain) if 1 <= int(plain) <= 12 else None
    return MONTHS.get(plain.rstrip("."))


def report_days(reading: Reading, key: str, style: DateStyle) -> pa.Array:
    """Return the days of reports, date32, null where blank; what cannot be read is null and counted in a note.

    The date of a report is not the date of its incident: it refuses no row.
    """
    found, codes = optional_spans(reading, key, style)
    return spread_arrow([one.start if one else None for one in found], codes, pa.date32())


def _span_of_parts(parts: Sequence[int], keys: tuple[str, str, str]) -> Span | CellError:
    """Return the days of year, month and day, as far as they are known; a reason names the column that is wrong."""
    for n_parts, key in enumerate(keys, start=1):
        found = span_of(*parts[:n_parts])
        if isinstance(found, CellError):
            return CellError(found.code, found.message, found.hint, key)
        if n_parts == len(parts):
            break
    return found

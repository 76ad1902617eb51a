"""Dates: ISO is always year first; a numeric order is proved by the column or asked, never guessed."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from geo.codes import Codes, spread
from geo.ingest.notes import NoteKind
from geo.ingest.tables import CellError
from geo.ingest.values.cells import Parsed, Reading, latin_digits, spread_arrow
from geo.ingest.values.labels import Labels
from geo.names import is_sum
from geo.problems import ProblemCode, rejected
from geo.wording import text

FIRST_YEAR = 1947
# Three different days of a month are all among the first twelve by chance one time in sixteen.
_FEWEST_DAYS = 3
_MONTHS = {name.casefold(): number for number, name in enumerate(calendar.month_name) if name}
_MONTHS |= {name.casefold(): number for number, name in enumerate(calendar.month_abbr) if name}
_MONTHS |= {"sept": 9}
_URDU_MONTHS = ("جنوری", "فروری", "مارچ", "اپریل", "مئی", "جون", "جولائی", "اگست", "ستمبر", "اکتوبر", "نومبر", "دسمبر")
_MONTHS |= {name: number for number, name in enumerate(_URDU_MONTHS, start=1)}

_TIME = re.compile(
    r"(?P<day>.*\d)(?:[T ]+(?P<clock>\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)\s*(?P<zone>Z|[+-]\d{2}:?\d{2})?)\Z"
)
_ISO = re.compile(r"(?P<year>\d{4})([-/.])(?P<month>\d{1,2})\2(?P<day>\d{1,2})\Z")
# Numeric forms that can be read in one way only.
_NUMBERED = (
    _ISO,
    re.compile(r"(?P<year>\d{4})[-/](?P<month>\d{1,2})\Z"),
    re.compile(r"(?P<month>\d{1,2})[-/](?P<year>\d{4})\Z"),
    re.compile(r"(?P<year>\d{4})\Z"),
)
_NUMERIC = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})\Z")
_NAMED = (
    re.compile(r"(?P<day>\d{1,2})[\s\-/]+(?P<month>[^\W\d]+)\.?,?[\s\-/]+(?P<year>\d{4}|\d{2})\Z"),
    re.compile(r"(?P<month>[^\W\d]+)\.?\s+(?P<day>\d{1,2}),?\s+(?P<year>\d{4})\Z"),
    re.compile(r"(?P<month>[^\W\d]+)\.?[\s\-]+(?P<year>\d{4})\Z"),
)
_MIDNIGHT = re.compile(r"0?0:00(:00(\.0+)?)?\Z")

_FORM = text("Write it as YYYY-MM-DD.")
_error = partial(CellError, ProblemCode.DATE)
_EITHER_ORDER = text("The date can be read day first or month first.")

Days = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Span:
    """First and last possible day (both inclusive) and the precision that follows from the writing."""

    start: date
    end: date
    precision: str


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


def parse_date(cell: str, order: str | None = None, *, short_years: bool = False) -> Span | CellError:
    """Return the days of one cell.

    order: "DMY" or "MDY" for numeric dates with the year last; None refuses those that could be either.
    short_years: two-digit years are accepted and read as the latest such year that is not in the future.
    """
    plain = latin_digits(cell).strip()
    if not plain:
        hint = text("A date is required: YYYY-MM-DD, YYYY-MM or YYYY.")
        return CellError(ProblemCode.MISSING, text("The date is empty."), hint)
    timed = _TIME.match(plain)
    if timed:
        if timed["zone"] and not (_MIDNIGHT.match(timed["clock"]) and timed["zone"] in ("Z", "+00:00", "+05:00")):
            return _error(text("The time zone could change the day."), text("Give the local day as YYYY-MM-DD."))
        if int(timed["clock"].split(":")[0]) > 23:
            return _error(text("There is no such time of day."), _FORM)
        plain = timed["day"]
    return _numeric_date(plain, order, short_years) or _named_date(plain, short_years) or _no_date(plain)


def date_order(texts: Iterable[str]) -> tuple[str | None, str | None]:
    """Return the order that a column's numeric dates prove ("DMY", "MDY", "mixed" or None) and an undecided text.

    The undecided text is the first date such as 03/04/2024 that reads as two different days, or None.
    """
    orders: set[str] = set()
    undecided = None
    for cell in texts:
        match = _NUMERIC.match(latin_digits(cell).strip().split(" ")[0])
        if not match:
            continue
        first, second = int(match[1]), int(match[3])
        if first > 12 >= second:
            orders.add("DMY")
        elif second > 12 >= first:
            orders.add("MDY")
        elif first != second and undecided is None:
            undecided = cell
    if len(orders) == 2:
        return "mixed", undecided
    return (orders.pop() if orders else None), undecided


def date_order_of(reading: Reading, *keys: str) -> str | None:
    """Return the order of numeric dates for the whole file: the user's answer, or what the columns prove.

    Raises RejectedUpload (DATE_ORDER) when the columns contradict each other or leave it open.
    """
    present = [key for key in keys if reading.has(key)]
    proved, undecided = date_order(word for key in present for word in reading.words(key)[0])
    if reading.options.date_order:
        return reading.options.date_order
    if proved == "mixed" or (undecided is not None and proved is None):
        message = text("The column mixes day-first and month-first dates.") if proved == "mixed" else _EITHER_ORDER
        hint = text("State which order the file uses, or write the dates as YYYY-MM-DD.")
        key = next(key for key in present if undecided is None or undecided in reading.words(key)[0])
        place = (reading.file, reading.table.sheet, None, reading.name_of(key), undecided or "")
        raise rejected(ProblemCode.DATE_ORDER, message, hint, *place)
    for key in present:
        _note_exchanged(reading, key)
    if proved:
        reading.note(NoteKind.DAY_FIRST if proved == "DMY" else NoteKind.MONTH_FIRST)
    return proved


def _note_exchanged(reading: Reading, key: str) -> None:
    """Note when a spreadsheet program may have exchanged day and month in some dates of a column.

    It then made dates of what it could read, all of days 1 to 12, and left those whose day is above 12 as text.
    """
    plain = [latin_digits(word).split(" ")[0].split("T")[0] for word in reading.words(key)[0]]
    days = {(match["year"], match["month"], match["day"]) for word in plain if (match := _ISO.match(word))}
    others = [(int(match[1]), int(match[3])) for word in plain if (match := _NUMERIC.match(word))]
    is_early = len(days) >= _FEWEST_DAYS and all(int(day) <= 12 for _, _, day in days)
    if is_early and others and all(max(pair) > 12 >= min(pair) for pair in others):
        reading.note(NoteKind.DAYS_PERHAPS_EXCHANGED, column=reading.name_of(key))


def spans(reading: Reading, key: str, parse: Callable[[str], Span | CellError]) -> Spans:
    """Return the days of a date column."""
    return _spread(*reading.each(key, parse))


def spans_of_parts(reading: Reading, keys: tuple[str, str, str]) -> Spans:
    """Return the days of dates in columns for year, month and day (a column that is not there reads as blank).

    A month or day that is blank or 0 is not known. Months are names or numbers; an asterisk after a year is ignored.
    """

    def parse(cells: tuple[str, ...]) -> Span | CellError:
        year, month, day = ("" if cell.casefold() == "nan" else cell.removesuffix(".0") for cell in cells)
        for key, part in zip(keys, (year, month, day), strict=True):
            if is_sum(part):
                hint = text("Remove it, or state its year or month.")
                return CellError(ProblemCode.DISTRICT, text("This row is a sum of other rows."), hint, key)
        year, number = year.rstrip("* "), month_number(month)
        if not year:
            return _error(text("The year is empty."), text("A row without a year cannot be counted."))
        if not (year.isdecimal() and len(year) == 4):
            return _error(text("This is not a year."), text("Write four digits, as 2024."))
        if number is None and month not in ("", "0"):
            hint = text("Write March or 3; leave it empty if it is not known.")
            return _error(text("This is not a month."), hint, keys[1])
        if number and not (day or "0").isdecimal():
            return _error(text("The day is not a number."), text("Leave it empty if it is not known."), keys[2])
        known = [int(year), *filter(None, [number, int(day or 0) if number else 0])]
        return _span_of_parts(known, keys)

    return _spread(*reading.each_of(keys, parse))


def spans_of_numbers(reading: Reading, keys: tuple[str, str, str]) -> Spans:
    """Return the days of dates in columns for year, month and day that are all filled with numbers; 0 is not known."""

    def parse(cells: tuple[str, ...]) -> Span | CellError:
        for cell, key in zip(cells, keys, strict=True):
            if not re.fullmatch(r"\d{1,4}(\.0)?", cell):
                return _error(text("This is not a whole number."), text("0 is an unknown month or day."), key)
        year, month, day = (int(float(cell)) for cell in cells)
        return _span_of_parts([year, *filter(None, [month, day if month else 0])], keys)

    return _spread(*reading.each_of(keys, parse))


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
    return _MONTHS.get(plain)


def optional(order: str | None = None) -> Callable[[str], Parsed[Span]]:
    """Return a parser of dates for which a blank cell is None; order as in `parse_date`."""
    return lambda cell: parse_date(cell, order) if cell else None


def optional_days(reading: Reading, key: str, order: str | None = None) -> pa.Array:
    """Return a column of single days, date32, null where blank and, with a note, where a cell is no day."""
    results, codes = reading.each_readable(key, optional(order), NoteKind.UNREADABLE_DAYS)
    return spread_arrow([span.start if span else None for span in results], codes, pa.date32())


def _span_of_parts(parts: Sequence[int], keys: tuple[str, str, str]) -> Span | CellError:
    """Return the days of year, month and day, as far as they are known; a reason names the column that is wrong."""
    for n_parts, key in enumerate(keys, start=1):
        found = _span(*parts[:n_parts])
        if isinstance(found, CellError):
            return CellError(found.code, found.message, found.hint, key)
        if n_parts == len(parts):
            break
    return found


def _span(year: int, month: int | None = None, day: int | None = None) -> Span | CellError:
    """Return the days of a year, a month or a day, or why there are none."""
    try:
        start = date(year, 1 if month is None else month, 1 if day is None else day)
    except ValueError:
        if day is not None:
            return _error(text("There is no day {day} in the calendar.", day=f"{year}-{month:02}-{day:02}"), _FORM)
        if month is not None and year:
            return _error(text("There is no month {month:d}.", month=month), text("Months are 1 to 12."))
        return _no_date(str(year))
    if year < FIRST_YEAR:
        is_hijri = 1300 <= year <= 1500
        hint = text("It looks like a Hijri year: convert the date to the Gregorian calendar.") if is_hijri else _FORM
        return _error(text("The year is before {year:d}.", year=FIRST_YEAR), hint)
    # A day ahead of UTC is already today in Pakistan.
    if start > _today() + timedelta(days=1):
        return _error(text("The date is in the future."), text("Correct the date."))
    if day is not None:
        return Span(start, start, "day")
    last = 12 if month is None else month
    end = date(year, last, calendar.monthrange(year, last)[1])
    return Span(start, end, "year" if month is None else "month")


def _numeric_date(plain: str, order: str | None, short_years: bool) -> Span | CellError | None:
    for pattern in _NUMBERED:
        if match := pattern.match(plain):
            return _span(*(int(match[part]) for part in ("year", "month", "day") if part in pattern.groupindex))
    match = _NUMERIC.match(plain)
    if not match:
        return None
    year = _year(match[4], short_years)
    if isinstance(year, CellError):
        return year
    first, second = int(match[1]), int(match[3])
    if order is None and first != second and first <= 12 and second <= 12:
        return CellError(ProblemCode.DATE_ORDER, _EITHER_ORDER, _FORM)
    day_first = order == "DMY" or (order is None and (first > 12 or first == second))
    return _span(year, second, first) if day_first else _span(year, first, second)


def _named_date(plain: str, short_years: bool) -> Span | CellError | None:
    for pattern in _NAMED:
        match = pattern.match(plain)
        if match and (month := _MONTHS.get(match["month"].casefold())):
            year = _year(match["year"], short_years)
            day = int(match["day"]) if "day" in pattern.groupindex else None
            return year if isinstance(year, CellError) else _span(year, month, day)
    return None


def _year(digits: str, short_years: bool) -> int | CellError:
    if len(digits) == 4:
        return int(digits)
    if not short_years:
        return _error(text("The year has two digits."), text("Write the year with four digits."))
    year = 2000 + int(digits)
    return year if year <= _today().year else year - 100


def _no_date(plain: str) -> CellError:
    if re.fullmatch(r"\d{5}(\.\d+)?", plain):
        hint = text("It looks like a spreadsheet's day number: format the column as a date, or write YYYY-MM-DD.")
        return _error(text("This is a number, not a date."), hint)
    return _error(text("This is not a date."), _FORM)


def _today() -> date:
    return datetime.now(UTC).date()


def day_number(day: date) -> int:
    """Return the days since 1970-01-01."""
    return (day - date(1970, 1, 1)).days

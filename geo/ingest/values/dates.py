"""Dates: ISO is always year first; a numeric order is proved by the column or asked, never guessed."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from geo.ingest.tables import CellError
from geo.ingest.values.cells import Reading, latin_digits
from geo.ingest.values.labels import Labels
from geo.problems import Problem, ProblemCode, RejectedUpload

FIRST_YEAR = 1947
# Three days of the first twelve by chance: one time in sixteen.
_FEWEST_DAYS = 3
_MONTHS = {name.casefold(): number for number, name in enumerate(calendar.month_name) if name}
_MONTHS |= {name.casefold(): number for number, name in enumerate(calendar.month_abbr) if name}
_MONTHS |= {"sept": 9}
_URDU_MONTHS = ("جنوری", "فروری", "مارچ", "اپریل", "مئی", "جون", "جولائی", "اگست", "ستمبر", "اکتوبر", "نومبر", "دسمبر")
_MONTHS |= {name: number for number, name in enumerate(_URDU_MONTHS, start=1)}

_TIME = re.compile(
    r"(?P<day>.*\d)(?:[T ]+(?P<clock>\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)\s*(?P<zone>Z|[+-]\d{2}:?\d{2})?)\Z"
)
_ISO = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})\Z")
_YEAR_MONTH = re.compile(r"(\d{4})[-/](\d{1,2})\Z")
_MONTH_YEAR = re.compile(r"(\d{1,2})[-/](\d{4})\Z")
_YEAR = re.compile(r"(\d{4})\Z")
_NUMERIC = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})\Z")
_DAY_NAME_YEAR = re.compile(r"(\d{1,2})[\s\-/]+([^\W\d]+)\.?,?[\s\-/]+(\d{4}|\d{2})\Z")
_NAME_DAY_YEAR = re.compile(r"([^\W\d]+)\.?\s+(\d{1,2}),?\s+(\d{4})\Z")
_NAME_YEAR = re.compile(r"([^\W\d]+)\.?[\s\-]+(\d{4})\Z")
_MIDNIGHT = re.compile(r"0?0:00(:00(\.0+)?)?\Z")

_FORM = "Write it as YYYY-MM-DD."


@dataclass(frozen=True, slots=True)
class Span:
    """First and last possible day (both inclusive) and the precision that follows from the writing."""

    start: date
    end: date
    precision: str


Parser = Callable[[str], "Span | CellError"]


def parse_date(text: str, order: str | None = None, *, short_years: bool = False) -> Span | CellError:
    """Return the days of one cell.

    order: "DMY" or "MDY" for numeric dates with the year last; None refuses those that could be either.
    short_years: two-digit years are accepted and read as the latest such year that is not in the future.
    """
    plain = latin_digits(text).strip()
    if not plain:
        return CellError(ProblemCode.MISSING, "The date is empty.", "A date is required: YYYY-MM-DD, YYYY-MM or YYYY.")
    timed = _TIME.match(plain)
    if timed:
        if timed["zone"] and not (_MIDNIGHT.match(timed["clock"]) and timed["zone"] in ("Z", "+00:00", "+05:00")):
            return CellError(
                ProblemCode.DATE, "The time zone could change the day.", "Give the local day as YYYY-MM-DD."
            )
        if int(timed["clock"].split(":")[0]) > 23:
            return CellError(ProblemCode.DATE, "There is no such time of day.", _FORM)
        plain = timed["day"]
    return _numeric_date(plain, order, short_years) or _named_date(plain, short_years) or _no_date(plain)


def date_order(texts: Iterable[str]) -> tuple[str | None, str | None]:
    """Return the order that a column's numeric dates prove ("DMY", "MDY", "mixed" or None) and an undecided text.

    The undecided text is the first date such as 03/04/2024 that reads as two different days, or None.
    """
    orders: set[str] = set()
    undecided = None
    for text in texts:
        match = _NUMERIC.match(latin_digits(text).strip().split(" ")[0])
        if not match:
            continue
        first, second = int(match[1]), int(match[3])
        if first > 12 >= second:
            orders.add("DMY")
        elif second > 12 >= first:
            orders.add("MDY")
        elif first != second and undecided is None:
            undecided = text
    if len(orders) == 2:
        return "mixed", undecided
    return (orders.pop() if orders else None), undecided


def settled_order(reading: Reading, *keys: str) -> str | None:
    """Return the order of numeric dates for the whole file: the user's answer, or what the columns prove.

    Raises RejectedUpload (DATE_ORDER) when the columns contradict themselves or leave it open.
    """
    present = [key for key in keys if reading.has(key)]
    proved, undecided = date_order(word for key in present for word in reading.words(key)[0])
    if reading.options.date_order:
        return reading.options.date_order
    if proved == "mixed" or (undecided is not None and proved is None):
        message = (
            "The column mixes day-first and month-first dates."
            if proved == "mixed"
            else "The date can be read day first or month first."
        )
        hint = "Say which order the file uses, or write the dates as YYYY-MM-DD."
        key = next(key for key in present if undecided is None or undecided in reading.words(key)[0])
        name = reading.name_of(key)
        value = undecided or ""
        raise RejectedUpload(
            [Problem(ProblemCode.DATE_ORDER, message, hint, reading.file, reading.table.sheet, None, name, value)]
        )
    for key in present:
        _note_exchanged(reading, key)
    if proved:
        word = "day" if proved == "DMY" else "month"
        reading.note(f"Dates such as 03/04/2024 are read {word} first, as other dates of the column prove.")
    return proved


def _note_exchanged(reading: Reading, key: str) -> None:
    """Tell when a spreadsheet program may have read some dates of a column in the wrong order, and left the rest text.

    It then made dates of what it could read, all of days 1 to 12, and left those whose day is above 12.
    """
    plain = [latin_digits(word).split(" ")[0].split("T")[0] for word in reading.words(key)[0]]
    days = {(match[1], match[3], match[4]) for text in plain if (match := _ISO.match(text))}
    others = [(int(match[1]), int(match[3])) for text in plain if (match := _NUMERIC.match(text))]
    is_early = len(days) >= _FEWEST_DAYS and all(int(day) <= 12 for _, _, day in days)
    if is_early and others and all(max(pair) > 12 >= min(pair) for pair in others):
        reading.note(
            f'In "{reading.name_of(key)}" every date that a spreadsheet program has made is of day 1 to 12, every date '
            "left as text of a later day: the program may have exchanged day and month. Compare with the original."
        )


def spans(reading: Reading, key: str, parse: Parser) -> tuple[NDArray[np.int32], NDArray[np.int32], Labels]:
    """Return first day, last day (days since 1970-01-01) and precision of a date column; 0 where refused."""
    return spread(*reading.each(key, parse))


def spread(
    results: Sequence[Span | None], codes: NDArray[np.int64]
) -> tuple[NDArray[np.int32], NDArray[np.int32], Labels]:
    """Return first day, last day and precision of each row from the span of each distinct text."""
    if not len(codes):
        return np.empty(0, np.int32), np.empty(0, np.int32), Labels.same("day", 0)
    starts = np.array([day_number(span.start) if span else 0 for span in results], dtype=np.int32)
    ends = np.array([day_number(span.end) if span else 0 for span in results], dtype=np.int32)
    precisions = Labels([span.precision if span else "day" for span in results], codes)
    return starts[codes], ends[codes], precisions


def month_number(text: str) -> int | None:
    """Return the number of a month written as a name or a number, or None."""
    plain = latin_digits(text).strip().casefold()
    if plain.isdecimal():
        return int(plain) if 1 <= int(plain) <= 12 else None
    return _MONTHS.get(plain)


def optional_days(reading: Reading, key: str, order: str | None = None) -> pa.Array:
    """Return a column of single days, date32, null where blank; refuses cells that are no day."""

    def parse(text: str) -> Span | CellError | None:
        return parse_date(text, order) if text else None

    results, codes = reading.each(key, parse)
    days = [span.start if span else None for span in results]
    return pa.array([*days, None], pa.date32()).take(pa.array(codes))


def month_end(year: int, month: int) -> date:
    """Return the last day of a month."""
    return date(year, month, calendar.monthrange(year, month)[1])


def month_span(year: int, month: int) -> Span | CellError:
    """Return the days of a month."""
    if not 1 <= month <= 12:
        return CellError(ProblemCode.DATE, f"There is no month {month}.", "Months are 1 to 12.")
    return _checked(Span(date(year, month, 1), month_end(year, month), "month")) if year else _no_date(str(year))


def year_span(year: int) -> Span | CellError:
    """Return the days of a year."""
    return _checked(Span(date(year, 1, 1), date(year, 12, 31), "year")) if year else _no_date(str(year))


def parts_span(year: int, month: int, day: int, keys: tuple[str, str, str]) -> Span | CellError:
    """Return the days of a date in three columns; month or day 0 is not known.

    keys: of the three columns; a reason names the column whose number cannot be.
    """
    found = year_span(year)
    if isinstance(found, CellError) or not month:
        return _in_column(found, keys[0])
    found = month_span(year, month)
    if isinstance(found, CellError) or not day:
        return _in_column(found, keys[1])
    return _in_column(day_span(year, month, day), keys[2])


def _in_column(found: Span | CellError, key: str) -> Span | CellError:
    return replace(found, key=key) if isinstance(found, CellError) else found


def day_span(year: int, month: int, day: int) -> Span | CellError:
    """Return one day, or why there is none."""
    try:
        value = date(year, month, day)
    except ValueError:
        return CellError(ProblemCode.DATE, f"There is no day {year}-{month:02}-{day:02} in the calendar.", _FORM)
    return _checked(Span(value, value, "day"))


def _numeric_date(plain: str, order: str | None, short_years: bool) -> Span | CellError | None:
    if match := _ISO.match(plain):
        return day_span(int(match[1]), int(match[3]), int(match[4]))
    if match := _YEAR_MONTH.match(plain):
        return month_span(int(match[1]), int(match[2]))
    if match := _MONTH_YEAR.match(plain):
        return month_span(int(match[2]), int(match[1]))
    if match := _YEAR.match(plain):
        return year_span(int(match[1]))
    match = _NUMERIC.match(plain)
    if not match:
        return None
    year = _year(match[4], short_years)
    if isinstance(year, CellError):
        return year
    first, second = int(match[1]), int(match[3])
    if order is None and first != second and first <= 12 and second <= 12:
        return CellError(ProblemCode.DATE_ORDER, "The date can be read day first or month first.", _FORM)
    day_first = order == "DMY" or (order is None and (first > 12 or first == second))
    return day_span(year, second, first) if day_first else day_span(year, first, second)


def _named_date(plain: str, short_years: bool) -> Span | CellError | None:
    if match := _DAY_NAME_YEAR.match(plain):
        day, month, year = int(match[1]), _MONTHS.get(match[2].casefold()), _year(match[3], short_years)
    elif match := _NAME_DAY_YEAR.match(plain):
        day, month, year = int(match[2]), _MONTHS.get(match[1].casefold()), int(match[3])
    elif match := _NAME_YEAR.match(plain):
        month = _MONTHS.get(match[1].casefold())
        return month_span(int(match[2]), month) if month else None
    else:
        return None
    if month is None:
        return None
    return year if isinstance(year, CellError) else day_span(year, month, day)


def _year(text: str, short_years: bool) -> int | CellError:
    if len(text) == 4:
        return int(text)
    if not short_years:
        return CellError(ProblemCode.DATE, "The year has two digits.", "Write the year with four digits.")
    year = 2000 + int(text)
    return year if year <= _today().year else year - 100


def _no_date(plain: str) -> CellError:
    if re.fullmatch(r"\d{5}(\.\d+)?", plain):
        hint = "It looks like a spreadsheet's day number: format the column as a date, or write YYYY-MM-DD."
        return CellError(ProblemCode.DATE, "This is a number, not a date.", hint)
    return CellError(ProblemCode.DATE, "This is not a date.", _FORM)


def _checked(span: Span) -> Span | CellError:
    if 1300 <= span.start.year <= 1500:
        hint = "It looks like a Hijri year: convert the date to the Gregorian calendar."
        return CellError(ProblemCode.DATE, f"The year is before {FIRST_YEAR}.", hint)
    if span.start.year < FIRST_YEAR:
        return CellError(ProblemCode.DATE, f"The year is before {FIRST_YEAR}.", _FORM)
    # A day ahead of UTC is already today in Pakistan.
    if span.start > _today() + timedelta(days=1):
        return CellError(ProblemCode.DATE, "The date is in the future.", "Correct the date.")
    return span


def _today() -> date:
    return datetime.now(UTC).date()


def day_number(day: date) -> int:
    """Return the days since 1970-01-01."""
    return (day - date(1970, 1, 1)).days

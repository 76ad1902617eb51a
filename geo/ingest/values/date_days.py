"""From the writing of a date to its first and last possible day, under what is known of the file."""

from __future__ import annotations

import calendar
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from geo.ingest.tables import CellError
from geo.ingest.values.date_parts import Part, Traits, Writing
from geo.ingest.values.date_writings import HIJRI, HINT_ISO, date_error, read_writing
from geo.problems import ProblemCode
from geo.wording import Text, text

FIRST_YEAR = 1947
# Day 1 of a spreadsheet is 1 January 1900; the day that it counts too many (29 February 1900) lies before all of ours.
_SERIAL_START = date(1899, 12, 30)
EITHER_ORDER = text("The date can be read in more than one order of day, month and year.")
NO_YEAR = text("The date has no year.")
ORDERS = ("DMY", "MDY", "YMD")
_MONTH_OR_YEARS = text("It may be a month or a financial year: other dates of the column are written as both.")
YEAR_REMEDY = text("State the year of the dates without one, or write YYYY-MM-DD.")


@dataclass(frozen=True, slots=True)
class Span:
    """First and last possible day (both inclusive) and the precision that follows from the writing."""

    start: date
    end: date
    precision: str


@dataclass(frozen=True, slots=True)
class DateStyle:
    """What is known of the dates of a file beyond their writing.

    order: "DMY" or "MDY" for 03/04/2024, "YMD" for 24-03-15; None refuses what could be either.
    year: of dates without one. serials: numbers of five digits are a spreadsheet's days.
    year_remedy: what helps where a year is missing. financial: whether 2010-11 is a financial year and no month, None
    where it is open, as 2012-13 is then.
    """

    order: str | None = None
    year: int | None = None
    serials: bool = False
    year_remedy: Text = YEAR_REMEDY
    financial: bool | None = False


def parse_date(cell: str, order: str | None = None) -> Span | CellError:
    """Return the days of one cell; order as in DateStyle."""
    return days_of(read_writing(cell), DateStyle(order))


def days_of(writing: Writing | CellError, style: DateStyle) -> Span | CellError:
    """Return the days of a writing, or why there are none (DATE, DATE_ORDER, DATE_YEAR, or the given reason)."""
    if isinstance(writing, CellError):
        return writing
    if writing.serial:
        of_number = _serial_day(writing.serial, style)
        return _week_from(of_number, writing.week) if writing.week and isinstance(of_number, Span) else of_number
    if style.financial is not False and writing.traits & (Traits.FINANCIAL_TOO | Traits.FINANCIAL_PAIR):
        first = writing.first.year or 0
        if style.financial is None:
            hint = text("Write November 2010 or FY 2010-11.")
            return date_error(_MONTH_OR_YEARS, hint)
        return days_of(Writing(Part(first, 7), Part(first + 1, 6), Traits.FINANCIAL), style)
    found = _days_of_part(writing.first, style)
    if isinstance(found, CellError):
        return found
    if writing.last is not None:
        last = _days_of_part(writing.last, style)
        joined = last if isinstance(last, CellError) else _joined(found, last)
        # The fifth week of February is its 29th day alone, and is no stated day.
        is_week_of_a_day = isinstance(joined, Span) and joined.precision == "day" and writing.traits & Traits.WEEK
        return replace(joined, precision="week") if isinstance(joined, Span) and is_week_of_a_day else joined
    if writing.week:
        return _week_from(found, writing.week)
    if writing.moved and found.precision == "day":
        day = found.start + timedelta(days=writing.moved)
        return Span(day, day, "day")
    return found


def is_serial_day(number: int) -> bool:
    """Whether a number is a spreadsheet's day between the first year and today."""
    return date(FIRST_YEAR, 1, 1) <= _SERIAL_START + timedelta(days=number) <= _latest_day()


def full_year(digits: int) -> int | None:
    """Return the only year between the first and the present one that ends in two digits, None if there is none."""
    year = 2000 + digits if 2000 + digits <= today().year else 1900 + digits
    return year if year >= FIRST_YEAR else None


def orders_of(part: Part) -> list[str]:
    """Return the orders in which three numbers of two digits are a day up to today."""
    first, second = part.pair or (0, 0)
    last = part.year or 0
    written = zip(ORDERS, ((last, second, first), (last, first, second), (first, second, last)), strict=True)
    return [
        order
        for order, (year, month, day) in written
        if (known := full_year(year)) is not None and isinstance(span_of(known, month, day), Span)
    ]


def span_of(year: int, month: int | None = None, day: int | None = None) -> Span | CellError:
    """Return the days of a year, a month or a day, or why there are none."""
    try:
        start = date(year, 1 if month is None else month, 1 if day is None else day)
    except ValueError:
        return _no_such_day(year, month, day)
    if year < FIRST_YEAR:
        is_hijri = 1300 <= year <= 1500
        return date_error(text("The year is before {year:d}.", year=FIRST_YEAR), HIJRI if is_hijri else HINT_ISO)
    if start > _latest_day():
        return date_error(text("The date is in the future."), text("Correct the date."))
    if day is not None:
        return Span(start, start, "day")
    last = 12 if month is None else month
    end = date(year, last, calendar.monthrange(year, last)[1])
    return Span(start, end, "year" if month is None else "month")


def day_number(day: date) -> int:
    """Return the days since 1970-01-01."""
    return (day - date(1970, 1, 1)).days


def today() -> date:
    """Return the present day (UTC)."""
    return datetime.now(UTC).date()


def _latest_day() -> date:
    # A day ahead of UTC is already today in Pakistan.
    return today() + timedelta(days=1)


def _serial_day(number: int, style: DateStyle) -> Span | CellError:
    if not style.serials:
        hint = text("It looks like a spreadsheet's day number: format the column as a date, or write YYYY-MM-DD.")
        return date_error(text("This is a number, not a date."), hint)
    day = _SERIAL_START + timedelta(days=number)
    return span_of(day.year, day.month, day.day)


def _days_of_part(part: Part, style: DateStyle) -> Span | CellError:
    year = style.year if part.year is None else part.year
    if year is None:
        return CellError(ProblemCode.DATE_YEAR, NO_YEAR, style.year_remedy)
    order = style.order
    if part.sign:
        orders = orders_of(part)
        if order is None and part.sign == "-" and len(orders) > 1 and "YMD" in orders:
            return CellError(ProblemCode.DATE_ORDER, EITHER_ORDER, HINT_ISO)
        if orders == ["YMD"] or (order == "YMD" and "YMD" in orders):
            return _year_first(part)
        # A date that cannot be read year first is read so in no file.
        order = orders[0] if order == "YMD" and len(orders) == 1 else order
    if part.is_short:
        year = full_year(year)
        if year is None:
            message = text(
                "The year has two digits, and no such year lies between {year:d} and today.", year=FIRST_YEAR
            )
            return date_error(message, text("Write the year with four digits."))
    if part.pair is None:
        return span_of(year, part.month, part.day)
    first, second = part.pair
    # A number above 12 is the day, whatever the order of the file.
    day_first = first > 12 or (second <= 12 and order == "DMY")
    # Year first, a date without a year is written month first; of one with the year last, that says nothing.
    is_open = order is None or (order == "YMD" and part.year is not None)
    if is_open and first != second and first <= 12 and second <= 12:
        return CellError(ProblemCode.DATE_ORDER, EITHER_ORDER, HINT_ISO)
    return span_of(year, second, first) if day_first else span_of(year, first, second)


def _year_first(part: Part) -> Span | CellError:
    year, month = part.pair or (0, 0)
    known = full_year(year)
    return _no_such_day(year, month, part.year) if known is None else span_of(known, month, part.year)


def _joined(first: Span, last: Span) -> Span | CellError:
    if last.end < first.start:
        return date_error(text("The range of days ends before it begins."), text("Exchange or correct its two days."))
    return Span(first.start, last.end, precision_of((last.end - first.start).days + 1))


def _week_from(day: Span, n_days: int) -> Span:
    """Return the seven days from a day on, or up to it where the number of days is below zero."""
    other = day.start + timedelta(days=n_days)
    return Span(min(day.start, other), max(day.start, other), "week")


def precision_of(n_days: int) -> str:
    """Return the precision of a date that is known to lie within so many days."""
    steps = ((1, "day"), (6, "days_2_6"), (7, "week"), (31, "month"))
    return next((name for most, name in steps if n_days <= most), "year")


def _no_such_day(year: int, month: int | None, day: int | None) -> CellError:
    if month is not None and year and not 1 <= month <= 12 and day is None:
        return date_error(text("There is no month {month:d}.", month=month), text("Months are 1 to 12."))
    if day is not None and month is not None:
        written = f"{year}-{month:02}-{day:02}"
        return date_error(text("There is no day {day} in the calendar.", day=written), HINT_ISO)
    return date_error(text("This is not a date."), HINT_ISO)

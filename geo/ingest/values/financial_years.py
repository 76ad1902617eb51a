"""Financial years of Pakistan, written 2022-23: from 1 July to 30 June."""

from __future__ import annotations

import re
from datetime import date

from geo.ingest.tables import CellError
from geo.ingest.values.cells import latin_digits
from geo.ingest.values.date_days import DateStyle, Span, days_of, span_of
from geo.ingest.values.date_parts import Writing

_FIRST_MONTH = 7
_YEARS = re.compile(r"(?:f\.?\s?y\.?\s*)?((?:19|20)\d\d)\s*[-–_/]\s*((?:19|20)?\d\d)\Z", re.IGNORECASE)


def first_year(cell: str) -> int | None:
    """Return the first year of 2022-23, 2022-2023 or FY 2022/23; None for anything else."""
    match = _YEARS.match(latin_digits(cell).strip())
    if not match:
        return None
    next_year = str(int(match[1]) + 1)
    return int(match[1]) if match[2] in (next_year, next_year[2:]) else None


def calendar_year(first: int, month: int) -> int:
    """Return the calendar year of a month of the financial year that begins in `first`."""
    return first + (month < _FIRST_MONTH)


def whole_span(first: int) -> Span | CellError:
    """Return all days of a financial year."""
    begun = span_of(first, _FIRST_MONTH)
    return Span(begun.start, date(first + 1, _FIRST_MONTH - 1, 30), "year") if isinstance(begun, Span) else begun


def days_within(writing: Writing | CellError, style: DateStyle, first: int) -> Span | CellError:
    """Return the days of a writing, of the financial year that begins in `first` where it states no year."""
    found = days_of(writing, DateStyle(style.order, first, style.serials, style.year_remedy))
    if isinstance(found, Span) and found.start.month >= _FIRST_MONTH:
        return found
    return days_of(writing, DateStyle(style.order, first + 1, style.serials, style.year_remedy))

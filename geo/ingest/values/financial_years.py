"""Financial years of Pakistan, written 2022-23: from 1 July to 30 June."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from geo.ingest.tables import CellError
from geo.ingest.values.date_days import DateStyle, Span, days_of, span_of
from geo.ingest.values.date_parts import Writing, first_year

__all__ = ["FINANCIAL_NAMES", "calendar_year", "days_within", "first_year", "whole_span"]
# Of columns, as header keys.
FINANCIAL_NAMES = frozenset({"fy", "financial_year", "fiscal_year", "مالی_سال"})
_FIRST_MONTH = 7


def calendar_year(first: int, month: int) -> int:
    """Return the calendar year of a month of the financial year that begins in `first`."""
    return first + (month < _FIRST_MONTH)


def whole_span(first: int) -> Span | CellError:
    """Return all days of a financial year."""
    begun = span_of(first, _FIRST_MONTH)
    return Span(begun.start, date(first + 1, _FIRST_MONTH - 1, 30), "year") if isinstance(begun, Span) else begun


def days_within(writing: Writing | CellError, style: DateStyle, first: int) -> Span | CellError:
    """Return the days of a writing, of the financial year that begins in `first` where it states no year."""
    found = days_of(writing, replace(style, year=first))
    if isinstance(found, Span) and found.start.month >= _FIRST_MONTH:
        return found
    return days_of(writing, replace(style, year=first + 1))

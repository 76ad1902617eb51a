"""What would narrow the interval of a district most: tables that nobody has published yet, ranked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from geo.analysis.evidence.published import days_shared
from geo.analysis.evidence.synthesis import Column, Synthesis, with_column

NEW_PUBLISHER = ""
LEAST_NARROWING = 0.01


@dataclass(frozen=True, slots=True)
class Narrowing:
    """A table of attacks by district that is missing. publisher: NEW_PUBLISHER for one that has published none.

    by: share by which the interval of the rate ratio, on the log scale, is expected to become shorter.
    """

    publisher: str
    first: date
    last: date
    by: float


def narrowing(found: Synthesis, place: int, first: date, last: date) -> list[Narrowing]:
    """Return the missing tables of a window for the district at a place, the most useful first.

    A table is tried for the window and each half of it, from each publisher that has a table in it and from a new one,
    where none of that publisher states the district for most of those days. It is taken to state every district.
    """
    if not found.columns:
        return []
    tried = []
    residents = found.columns[0].exposure / _years(found.columns[0].first, found.columns[0].last)
    for publisher in _publishers(found):
        for begin, end in _periods(first, last):
            if _is_stated(found, place, publisher, begin, end):
                continue
            column = Column(
                "published", publisher, begin, end, np.zeros(len(residents)), residents * _years(begin, end)
            )
            by = 1 - with_column(found, column).sd[place] / found.fit.sd[place]
            tried.append(Narrowing(publisher, begin, end, float(by)))
    return sorted(
        (one for one in tried if one.by >= LEAST_NARROWING), key=lambda one: (-one.by, one.publisher, one.first)
    )


def _publishers(found: Synthesis) -> Iterator[str]:
    yield from dict.fromkeys(column.publisher for column in found.columns if column.kind == "published")
    yield NEW_PUBLISHER


def _periods(first: date, last: date) -> Iterator[tuple[date, date]]:
    middle = first + timedelta(days=((last - first).days + 1) // 2)
    # Half years of a calendar year are known by their months.
    if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31) and first.year == last.year:
        middle = date(first.year, 7, 1)
    yield first, last
    yield first, middle - timedelta(days=1)
    yield middle, last


def _years(first: date, last: date) -> float:
    return ((last - first).days + 1) / 365.25


def _is_stated(found: Synthesis, place: int, publisher: str, first: date, last: date) -> bool:
    days = (last - first).days + 1
    shared = [
        days_shared(c.first, c.last, first, last)
        for c in found.columns
        if c.publisher == publisher and np.isfinite(c.counts[place])
    ]
    return max(shared, default=0) > days / 2

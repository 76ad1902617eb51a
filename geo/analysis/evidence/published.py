"""Totals that officials and others have published, and their tables of districts (data/published_totals.csv)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import groupby
from pathlib import Path

import numpy as np

from geo.analysis.evidence.files import district_code, period, read_records, web_url
from geo.analysis.evidence.synthesis import Column
from geo.settings import DATA_DIR

TOTALS_FILE = DATA_DIR / "published_totals.csv"
MIN_DISTRICTS = 3  # a table of fewer says little of one district against another
MIN_SHARE_IN_WINDOW = 0.5  # of the period of a table


@dataclass(frozen=True, slots=True)
class Total:
    """One published figure. first, last: inclusive period. pcode: None where the unit is not a district.

    day: date of the page, None where it is not known.
    """

    first: date
    last: date
    unit: str
    pcode: str | None
    metric: str
    value: int
    publisher: str
    url: str
    day: date | None
    note: str

    @property
    def days(self) -> int:
        """Length of the period in days."""
        return (self.last - self.first).days + 1


@cache
def totals(path: Path = TOTALS_FILE) -> tuple[Total, ...]:
    """Return every published total in the order of the file. Raises DamagedData naming the row that cannot be used."""
    return read_records(path, total_of)


def total_of(row: Mapping[str, str]) -> Total:
    """Return the total that a row of texts states. Raises ValueError or KeyError for a cell that cannot be used."""
    first, last = period(date.fromisoformat(row["period_start"]), date.fromisoformat(row["period_end"]))
    day = date.fromisoformat(row["source_date"]) if row["source_date"] else None
    url, pcode, value = web_url(row["source_url"]), district_code(row["pcode"]), int(row["value"])
    return Total(first, last, row["unit"], pcode, row["metric"], value, row["publisher"], url, day, row["note"])


def days_shared(first: date, last: date, other_first: date, other_last: date) -> int:
    """Return how many days two inclusive periods share."""
    return max(0, (min(last, other_last) - max(first, other_first)).days + 1)


def about(pcode: str, first: date, last: date, metric: str = "attacks") -> list[Total]:
    """Return the totals of a district whose period lies at least half within a window, the longest period first."""
    found = [t for t in totals() if t.unit == "district" and t.pcode == pcode and t.metric == metric]
    return sorted((t for t in found if is_within(t, first, last)), key=lambda t: (-t.days, t.publisher))


def district_tables(first: date, last: date, pcodes: Sequence[str], population: np.ndarray) -> list[Column]:
    """Return the tables of attacks by district that compare districts in a window, the longest period first.

    population: residents by district in the middle of the window, float64 (n,). A table has at least MIN_DISTRICTS
    districts and at least half of its period in the window. A table that repeats another one is left out; of a shorter
    table inside a longer one of its publisher, only the districts remain that the longer one lacks. Figures by police
    region never enter. Source of the rules: docs/method.md, "Lines of evidence put together".
    """
    kept = [
        t for t in totals() if t.unit == "district" and t.metric == "attacks" and t.pcode and is_within(t, first, last)
    ]
    columns: list[Column] = []
    for rows in _tables(kept):
        head = rows[0]
        counts = np.full(len(pcodes), np.nan)
        for row in rows:
            counts[pcodes.index(str(row.pcode))] = row.value
        if np.isfinite(counts).sum() < MIN_DISTRICTS:
            continue
        if any(np.array_equal(counts, other.counts, equal_nan=True) for other in columns):
            continue
        for other in columns:
            if other.publisher == head.publisher and other.first <= head.first and head.last <= other.last:
                counts[np.isfinite(other.counts)] = np.nan
        if np.isfinite(counts).any():
            exposure = population / 1e5 * head.days / 365.25
            columns.append(Column("published", head.publisher, head.first, head.last, counts, exposure, head.url))
    return columns


def is_within(total: Total, first: date, last: date) -> bool:
    """Return whether at least half of the period of a total lies in an inclusive period."""
    return days_shared(total.first, total.last, first, last) >= MIN_SHARE_IN_WINDOW * total.days


def _tables(found: Iterable[Total]) -> list[list[Total]]:
    def key(total: Total) -> tuple[int, str, date]:
        return -total.days, total.publisher, total.first

    return [list(rows) for _key, rows in groupby(sorted(found, key=key), key=key)]

"""Counts of incidents by district, time, group and type: one pass over coded columns.

A count of people is a sum over the incidents that state a figure; how many state none is always returned
beside it, because a missing figure is not zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date

import numpy as np
from numpy.typing import NDArray

from geo.analysis.counting import histogram
from geo.analysis.counting.histogram import Sums
from geo.incidents import NOT_LOCATED, OUTSIDE, UNKNOWN, IncidentTable, Mask, is_one_of
from geo.schema import DATE_PRECISIONS, GEO_PRECISIONS, INITIATORS, POLICE_TARGETS, SECURITY_TARGETS, TARGET_TYPES

MEASURES: dict[str, str] = {
    "incidents": "Incidents",
    "security_attacks": "Attacks on police and security forces",
    "police_attacks": "Attacks on police",
    "killed": "People killed",
}
NORMALISERS: dict[str, str] = {
    "count": "Number",
    "per_100k": "Per 100,000 residents a year",
    "per_1000_km2": "Per 1,000 km2 a year",
}
# Lower edges of the classes above zero, fixed once so that no filter or year moves a colour. They run in
# steps of about three because the counts of districts differ by two orders of magnitude.
BIN_EDGES: dict[tuple[str, str], tuple[float, ...]] = {
    ("incidents", "count"): (1, 3, 10, 30, 100, 300),
    ("security_attacks", "count"): (1, 3, 10, 30, 100, 300),
    ("police_attacks", "count"): (1, 3, 10, 30, 100, 300),
    ("killed", "count"): (1, 10, 30, 100, 300, 1000),
} | {
    (measure, normaliser): (0.0, 0.1, 0.3, 1, 3, 10) if measure != "killed" else (0.0, 0.3, 1, 3, 10, 30)
    for measure in MEASURES
    for normaliser in ("per_100k", "per_1000_km2")
}
YEAR_ONLY = tuple(DATE_PRECISIONS).index("year")
_DAYS_A_YEAR = 365.2425
_MOST_CELLS = 4_000_000  # of a table of pairs that is counted in place; larger ones are sorted


@dataclass(frozen=True, slots=True)
class Tally:
    """A measure by district.

    value: int64, shape (districts,). n_unknown: incidents of the measure that state no figure, same shape.
    n_incidents: incidents that belong to the measure, same shape.
    not_located, outside: the measure over incidents without a district and outside the province.
    """

    value: NDArray[np.int64]
    n_incidents: NDArray[np.int64]
    n_unknown: NDArray[np.int64]
    not_located: int
    outside: int

    def __add__(self, other: Tally) -> Tally:
        """Return the tally of the incidents of both; no incident may be in both."""
        return Tally(*(getattr(self, item.name) + getattr(other, item.name) for item in fields(self)))

    @classmethod
    def of_places(cls, value: Sums, n_incidents: Sums, n_unknown: Sums) -> Tally:
        """Return the tally of sums by place: outside, not located, then the districts."""
        districts = slice(-OUTSIDE, None)
        not_located, outside = int(value[NOT_LOCATED - OUTSIDE]), int(value[0])
        return cls(value[districts], n_incidents[districts], n_unknown[districts], not_located, outside)


@dataclass(frozen=True, slots=True)
class Shown:
    """How many incidents a view shows and how many it leaves out. Summary rows count their events.

    n_merged: shown incidents that stand for several stored rows; n_merged_rows: how many rows those are.
    """

    n_total: int
    n_shown: int
    n_not_located: int
    n_outside: int
    n_district_only: int
    n_merged: int = 0
    n_merged_rows: int = 0


def belongs(table: IncidentTable, measure: str) -> Mask:
    """Return which incidents count for a measure: bool, shape (n,).

    Attacks on security forces are incidents begun by militants, or clashes whose beginner is not
    stated, with a state force as primary target. Operations by the state are not attacks.
    """
    if measure in ("incidents", "killed"):
        return np.ones(len(table), dtype=bool)
    targets = SECURITY_TARGETS if measure == "security_attacks" else POLICE_TARGETS
    is_target = is_one_of(table.target_type, targets, tuple(TARGET_TYPES))
    return is_target & is_one_of(table.initiator, ("militant", "mutual"), tuple(INITIATORS))


def weights(table: IncidentTable, measure: str) -> tuple[NDArray[np.int64], Mask]:
    """Return what each incident adds to a measure, and whether its figure is unknown: shapes (n,)."""
    if measure == "killed":
        is_unknown = table.killed_best == UNKNOWN
        return np.where(is_unknown, 0, table.killed_best).astype(np.int64), is_unknown
    return np.where(belongs(table, measure), table.n_events, 0).astype(np.int64), np.zeros(len(table), dtype=bool)


def total(table: IncidentTable, mask: Mask, measure: str) -> tuple[int, int]:
    """Return the measure over the incidents that the mask keeps, and how many of them state no figure."""
    keep, figures = _kept(table, mask, measure)
    if measure == "killed":
        return int((figures * keep).sum()), int(np.count_nonzero(mask & (table.killed_best == UNKNOWN)))
    return int((figures * keep).sum()), 0


def tally(table: IncidentTable, mask: Mask, measure: str) -> Tally:
    """Return the measure by district over the incidents that the mask keeps."""
    keep, figures = _kept(table, mask, measure)
    # Codes run from OUTSIDE (-2): the first two places are those of incidents without a district.
    size = len(table.pcodes) - OUTSIDE
    n_incidents = histogram.weighted(table.district, keep, size, table.n_events, OUTSIDE)
    value, n_unknown = n_incidents, np.zeros_like(n_incidents)
    if measure == "killed":
        value = histogram.sums(table.district, keep, size, figures, OUTSIDE)
        n_unknown = histogram.frequencies(table.district, keep & (table.killed_best == UNKNOWN), size, OUTSIDE)
    return Tally.of_places(value, n_incidents, n_unknown)


def by_time(
    table: IncidentTable, mask: Mask, measure: str, first: date, last: date, step: str
) -> tuple[list[date], NDArray[np.int64]]:
    """Return the measure by calendar year or month: first days of the periods and int64 sums.

    Every period from first to last is there, with 0 where nothing is recorded. Incidents known only to the
    year are left out of a monthly series, because their first day would all fall on January.
    """
    keep, figures = _kept(table, mask, measure)
    start, days = periods(first, last, step)
    keep = keep & (table.year >= first.year) & (table.year <= last.year)
    if step == "month":
        keep &= table.date_precision != YEAR_ONLY
    rows = np.flatnonzero(keep)
    period = table.year.take(rows).astype(np.int64)
    if step == "month":
        period = period * 12 + table.month.take(rows) - 1
    period -= start
    is_in = (period >= 0) & (period < len(days))
    return days, np.bincount(period[is_in], figures.take(rows[is_in]), len(days)).astype(np.int64)


def periods(first: date, last: date, step: str) -> tuple[int, list[date]]:
    """Return the first period, as a year or as months since year 0, and the first day of each up to `last`."""
    if step == "month":
        start, stop = first.year * 12 + first.month - 1, last.year * 12 + last.month - 1
        return start, [date(p // 12, p % 12 + 1, 1) for p in range(start, stop + 1)]
    return first.year, [date(year, 1, 1) for year in range(first.year, last.year + 1)]


def cross(
    table: IncidentTable, mask: Mask, measure: str, rows: NDArray[np.integer], columns: NDArray[np.integer]
) -> dict[tuple[int, int], int]:
    """Return the measure for each pair of codes that occurs, for example year by group."""
    keep, figures = _kept(table, mask, measure)
    kept = np.flatnonzero(keep & (figures > 0))
    if not len(kept):
        return {}
    row, column = rows.take(kept).astype(np.int64), columns.take(kept).astype(np.int64)
    top, left = int(row.min()), int(column.min())
    width = int(column.max()) - left + 1
    key = (row - top) * width + (column - left)
    if int(key.max()) < _MOST_CELLS:
        sums = np.bincount(key, figures.take(kept)).astype(np.int64)
        found = np.flatnonzero(sums)
        sums = sums[found]
    else:
        found, place = np.unique(key, return_inverse=True)
        sums = np.bincount(place, figures.take(kept), len(found)).astype(np.int64)
    pairs = zip((found // width + top).tolist(), (found % width + left).tolist(), strict=True)
    return dict(zip(pairs, sums.tolist(), strict=True))


def by_code(table: IncidentTable, mask: Mask, measure: str, codes: NDArray[np.integer], size: int) -> NDArray[np.int64]:
    """Return the measure for each code 0..size-1: int64, shape (size,)."""
    keep, figures = _kept(table, mask, measure)
    count = histogram.sums if measure == "killed" else histogram.weighted
    return count(codes, keep, size, figures)


def shown(table: IncidentTable, mask: Mask) -> Shown:
    """Return what a view with this mask shows and leaves out."""
    events = table.n_events
    merged = table.n_members[mask & (table.n_members > 1)]
    by_place = histogram.weighted(table.district, mask, len(table.pcodes) - OUTSIDE, events, OUTSIDE)
    return Shown(
        n_total=int(events.sum()),
        n_shown=int(by_place.sum()),
        n_not_located=int(by_place[NOT_LOCATED - OUTSIDE]),
        n_outside=int(by_place[0]),
        n_district_only=int(events[mask & ~has_place(table) & (table.district >= 0)].sum()),
        n_merged=len(merged),
        n_merged_rows=int(merged.sum()),
    )


def has_place(table: IncidentTable) -> Mask:
    """Return which incidents may be drawn as a point: coordinates that are exact or near, bool, shape (n,).

    Coarser incidents often carry the coordinates of a centroid or a capital, which is no place of theirs.
    """
    return np.isfinite(table.lat) & (table.geo_precision <= tuple(GEO_PRECISIONS).index("near"))


def covers(table: IncidentTable, first: date, last: date) -> bool:
    """Return whether any incident of the table falls in the inclusive period."""
    days = ((first - date(1970, 1, 1)).days, (last - date(1970, 1, 1)).days)
    return bool(((table.day >= days[0]) & (table.day <= days[1])).any())


def _kept(table: IncidentTable, mask: Mask, measure: str) -> tuple[Mask, NDArray[np.int32]]:
    """Return which incidents of the mask belong to the measure, and the figure of each; 0 where none is stated."""
    if measure == "killed":
        return mask, np.maximum(table.killed_best, 0)
    return mask if measure == "incidents" else mask & belongs(table, measure), table.n_events


def years_between(first: date, last: date) -> float:
    """Return the length of an inclusive period in years."""
    return ((last - first).days + 1) / _DAYS_A_YEAR


def normalise(
    value: NDArray[np.int64],
    normaliser: str,
    population: NDArray[np.float64],
    area_km2: NDArray[np.float64],
    years: float,
) -> NDArray[np.float64]:
    """Return a measure as it is, or per 100,000 residents and year, or per 1,000 km2 and year.

    population, area_km2: shape of value. NaN where population or area is missing or zero.
    """
    amount = value.astype(np.float64)
    if normaliser == "count":
        return amount
    base = population / 1e5 if normaliser == "per_100k" else area_km2 / 1e3
    with np.errstate(divide="ignore", invalid="ignore"):
        rate = amount / (base * years)
    return np.where(base > 0, rate, np.nan)


def bin_of(values: NDArray[np.float64], edges: Sequence[float]) -> NDArray[np.int8]:
    """Return the class of each value: -1 for NaN, 0 for zero, 1.. for the bins above zero.

    A value on an edge belongs to the bin that begins there.
    """
    place = np.digitize(np.nan_to_num(values), edges).astype(np.int8)
    return np.where(np.isnan(values), -1, np.where(values <= 0, 0, np.maximum(place, 1))).astype(np.int8)


def bin_labels(edges: Sequence[float], is_count: bool) -> list[str]:
    """Return one label a bin above zero, for example "3 to 9" or "0.3 to under 1"."""
    labels = []
    for low, high in zip(edges, [*edges[1:], None], strict=True):
        if high is None:
            labels.append(f"{low:,g} or more")
        elif is_count:
            labels.append(f"{low:,g} to {high - 1:,g}")
        else:
            labels.append(f"under {high:,g}" if low == 0 else f"{low:,g} to under {high:,g}")
    return labels

"""Counts of incidents by district, time, group and type: one pass over coded columns.

A count of people is a sum over the incidents that state a figure; how many state none is always returned
beside it, because a missing figure is not zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from geo.incidents import NOT_LOCATED, OUTSIDE, UNKNOWN, IncidentTable, Mask, codes_of
from geo.schema import INITIATORS, POLICE_TARGETS, SECURITY_TARGETS, TARGET_TYPES

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
_DAYS_A_YEAR = 365.2425


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


@dataclass(frozen=True, slots=True)
class Shown:
    """How many incidents a view shows and how many it leaves out. Summary rows count their events."""

    n_total: int
    n_shown: int
    n_not_located: int
    n_outside: int
    n_without_point: int


def belongs(table: IncidentTable, measure: str) -> Mask:
    """Return which incidents count for a measure: bool, shape (n,).

    Attacks on security forces are incidents begun by militants, or clashes whose beginner is not
    stated, with a state force as primary target. Operations by the state are not attacks.
    """
    if measure in ("incidents", "killed"):
        return np.ones(len(table), dtype=bool)
    targets = SECURITY_TARGETS if measure == "security_attacks" else POLICE_TARGETS
    is_target = np.zeros(len(TARGET_TYPES), dtype=bool)
    is_target[codes_of(targets, tuple(TARGET_TYPES))] = True
    is_initiator = np.zeros(len(INITIATORS), dtype=bool)
    is_initiator[codes_of(("militant", "mutual"), tuple(INITIATORS))] = True
    return is_target[table.target_type] & is_initiator[table.initiator]


def weights(table: IncidentTable, measure: str) -> tuple[NDArray[np.int64], Mask]:
    """Return what each incident adds to a measure, and whether its figure is unknown: shapes (n,)."""
    if measure == "killed":
        is_unknown = table.killed_best == UNKNOWN
        return np.where(is_unknown, 0, table.killed_best).astype(np.int64), is_unknown
    return np.where(belongs(table, measure), table.n_events, 0).astype(np.int64), np.zeros(len(table), dtype=bool)


def tally(table: IncidentTable, mask: Mask, measure: str) -> Tally:
    """Return the measure by district over the incidents that the mask keeps."""
    weight, is_unknown = weights(table, measure)
    keep = mask & belongs(table, measure)
    # Codes run from OUTSIDE (-2); shifting them by two gives bincount places of their own.
    place = table.district[keep].astype(np.int64) - OUTSIDE
    size = len(table.pcodes) - OUTSIDE
    value = np.bincount(place, weight[keep], size).astype(np.int64)
    return Tally(
        value=value[-OUTSIDE:],
        n_incidents=np.bincount(place, table.n_events[keep], size).astype(np.int64)[-OUTSIDE:],
        n_unknown=np.bincount(place, is_unknown[keep], size).astype(np.int64)[-OUTSIDE:],
        not_located=int(value[NOT_LOCATED - OUTSIDE]),
        outside=int(value[0]),
    )


def by_time(
    table: IncidentTable, mask: Mask, measure: str, first: date, last: date, step: str
) -> tuple[list[date], NDArray[np.int64]]:
    """Return the measure by calendar year or month: first days of the periods and int64 sums.

    Every period from first to last is there, with 0 where nothing is recorded. Incidents known only to the
    year are left out of a monthly series, because their first day would all fall on January.
    """
    weight, _ = weights(table, measure)
    keep = mask & (table.date_precision != 4) if step == "month" else mask
    period = table.year.astype(np.int64)
    start, stop = first.year, last.year
    if step == "month":
        period = period * 12 + table.month - 1
        start, stop = first.year * 12 + first.month - 1, last.year * 12 + last.month - 1
    keep = keep & (period >= start) & (period <= stop)
    sums = np.bincount(period[keep] - start, weight[keep], stop - start + 1).astype(np.int64)
    if step == "month":
        return [date(p // 12, p % 12 + 1, 1) for p in range(start, stop + 1)], sums
    return [date(p, 1, 1) for p in range(start, stop + 1)], sums


def cross(
    table: IncidentTable, mask: Mask, measure: str, rows: NDArray[np.integer], columns: NDArray[np.integer]
) -> dict[tuple[int, int], int]:
    """Return the measure for each pair of codes that occurs, for example year by group."""
    weight, _ = weights(table, measure)
    keep = mask & (weight > 0)
    low, width = (int(columns[keep].min()), int(np.ptp(columns[keep])) + 1) if keep.any() else (0, 1)
    key = rows[keep].astype(np.int64) * width + (columns[keep].astype(np.int64) - low)
    found, place = np.unique(key, return_inverse=True)
    sums = np.bincount(place, weight[keep], len(found)).astype(np.int64)
    return {(int(k // width), int(k % width) + low): int(s) for k, s in zip(found, sums, strict=True)}


def by_code(table: IncidentTable, mask: Mask, measure: str, codes: NDArray[np.integer], size: int) -> NDArray[np.int64]:
    """Return the measure for each code 0..size-1: int64, shape (size,)."""
    weight, _ = weights(table, measure)
    return np.bincount(codes[mask], weight[mask], size).astype(np.int64)


def shown(table: IncidentTable, mask: Mask) -> Shown:
    """Return what a view with this mask shows and leaves out."""
    events = table.n_events
    return Shown(
        n_total=int(events.sum()),
        n_shown=int(events[mask].sum()),
        n_not_located=int(events[mask & (table.district == NOT_LOCATED)].sum()),
        n_outside=int(events[mask & (table.district == OUTSIDE)].sum()),
        n_without_point=int(events[mask & np.isnan(table.lat)].sum()),
    )


def covers(table: IncidentTable, first: date, last: date) -> bool:
    """Return whether any incident of the table falls in the inclusive period."""
    days = ((first - date(1970, 1, 1)).days, (last - date(1970, 1, 1)).days)
    return bool(((table.day >= days[0]) & (table.day <= days[1])).any())


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

"""Pairs of incidents that are near enough in time and place to be one event, found without comparing every pair.

Rows are sorted by place (district or grid cell) and day; each is compared only with the days that its own span
can reach. Spans are grouped by length, so that one row known to the year does not widen the reach of all others.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

EARTH_RADIUS_KM = 6371.0088  # mean radius, IUGG
_SPAN_CLASSES_DAYS = (1, 7, 31)
_MOST_PAIRS_AT_ONCE = 4_000_000
# A cell and the four that follow it: with pairs counted once, these reach all eight neighbours.
_FORWARD_CELLS = ((0, 0), (0, 1), (1, -1), (1, 0), (1, 1))

Positions = NDArray[np.int64]
Days = NDArray[np.int64]
Degrees = NDArray[np.float64]
Pairs = tuple[Positions, Positions]


def distance_km(lat_deg: Degrees, lon_deg: Degrees, first: Positions, second: Positions) -> NDArray[np.float64]:
    """Return great-circle distances (haversine formula) between points at these positions; NaN where one is NaN."""
    phi = np.radians(lat_deg)
    half = np.sin((phi[second] - phi[first]) / 2) ** 2
    half += np.cos(phi[first]) * np.cos(phi[second]) * np.sin(np.radians(lon_deg[second] - lon_deg[first]) / 2) ** 2
    result: NDArray[np.float64] = 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.minimum(half, 1)))
    return result


def in_same_district(
    district: NDArray[np.int64], has_point: NDArray[np.bool_], first_day: Days, last_day: Days, slack_days: int
) -> Iterator[Pairs]:
    """Yield pairs in one district of which at least one has no point, spans at most `slack_days` apart.

    district: codes, below zero for none. Each pair is yielded once, (lower position, higher position).
    """
    has_district = district >= 0
    vague = np.flatnonzero(has_district & ~has_point)
    precise = np.flatnonzero(has_district & has_point)
    for partners in (vague, precise):
        for a, b in _near_in_time(district, district, vague, partners, first_day, last_day, slack_days):
            keep = a < b if partners is vague else np.ones(len(a), dtype=bool)
            yield _ordered(a[keep], b[keep])


def within_reach(
    lat_deg: Degrees,
    lon_deg: Degrees,
    has_point: NDArray[np.bool_],
    first_day: Days,
    last_day: Days,
    slack_days: int,
    reach_km: float,
) -> Iterator[Pairs]:
    """Yield pairs of points in the same or touching grid cells of `reach_km`, spans at most `slack_days` apart.

    Every pair within reach is among them; the caller drops those beyond its own radius. Each pair is yielded
    once, (lower position, higher position). Pairs across the meridian of 180 degrees are not found.
    """
    points = np.flatnonzero(has_point)
    if not len(points):
        return
    row, column = _cells(lat_deg[points], lon_deg[points], reach_km)
    stride = int(column.max()) + 3
    cell = np.full(len(lat_deg), -1, dtype=np.int64)
    cell[points] = (row + 1) * stride + column + 1
    for down, right in _FORWARD_CELLS:
        sought = cell + down * stride + right
        for a, b in _near_in_time(sought, cell, points, points, first_day, last_day, slack_days):
            keep = a < b if (down, right) == (0, 0) else np.ones(len(a), dtype=bool)
            yield _ordered(a[keep], b[keep])


def _cells(lat_deg: Degrees, lon_deg: Degrees, reach_km: float) -> Pairs:
    """Return row and column of each point; a cell is at least `reach_km` high, and wide at every latitude."""
    height_deg = np.degrees(reach_km / EARTH_RADIUS_KM) * 1.001
    narrowest = max(float(np.cos(np.radians(np.abs(lat_deg).max() + height_deg))), 0.01)
    row = np.floor((lat_deg + 90) / height_deg).astype(np.int64)
    column = np.floor((lon_deg + 180) / (height_deg / narrowest)).astype(np.int64)
    return row, column


def _near_in_time(
    sought: NDArray[np.int64],
    place: NDArray[np.int64],
    seekers: Positions,
    partners: Positions,
    first_day: Days,
    last_day: Days,
    slack_days: int,
) -> Iterator[Pairs]:
    """Yield (seeker, partner) where the seeker's sought place is the partner's, spans at most slack_days apart."""
    if not len(seekers) or not len(partners):
        return
    length = last_day - first_day + 1
    day_zero, days = int(first_day[partners].min()), int(np.ptp(first_day[partners])) + 1
    longest = int(length[partners].max())
    limits = [0, *(limit for limit in _SPAN_CLASSES_DAYS if limit < longest), longest]
    for shortest, limit in pairwise(limits):
        chosen = partners[(length[partners] > shortest) & (length[partners] <= limit)]
        key = place[chosen] * days + (first_day[chosen] - day_zero)
        order = np.argsort(key, kind="stable")
        earliest = first_day[seekers] - slack_days - limit + 1 - day_zero
        latest = last_day[seekers] + slack_days - day_zero
        base = sought[seekers] * days
        left = np.searchsorted(key[order], base + np.clip(earliest, 0, days))
        right = np.searchsorted(key[order], base + np.clip(latest, -1, days - 1), side="right")
        for a, b in _expanded(seekers, chosen[order], left, right):
            keep = (last_day[b] >= first_day[a] - slack_days) & (a != b)
            yield a[keep], b[keep]


def _expanded(seekers: Positions, partners: Positions, left: Positions, right: Positions) -> Iterator[Pairs]:
    """Yield every seeker with each partner from left to right, some millions of pairs at a time."""
    n_each = np.maximum(right - left, 0)
    total = np.cumsum(n_each)
    start = 0
    while start < len(seekers):
        done = int(total[start - 1]) if start else 0
        stop = max(int(np.searchsorted(total, done + _MOST_PAIRS_AT_ONCE, side="right")), start + 1)
        n = n_each[start:stop]
        if n.any():
            offset = np.arange(int(n.sum())) - np.repeat(np.cumsum(n) - n, n)
            yield np.repeat(seekers[start:stop], n), partners[np.repeat(left[start:stop], n) + offset]
        start = stop


def _ordered(a: Positions, b: Positions) -> Pairs:
    return np.minimum(a, b), np.maximum(a, b)

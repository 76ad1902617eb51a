"""What the access-constraint index counts: incidents of a source, by district and month.

Militant attacks are incidents initiated by militants, or clashes with no stated initiator, except those whose
primary target is militants (operations and infighting). Operations by the state are never attacks.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from geo.analysis.counting.rates import Floats, dispersion
from geo.analysis.index.scores import ComponentValues
from geo.districts import middle_year
from geo.incidents import NOT_LOCATED, UNKNOWN, IncidentTable, Mask, is_one_of
from geo.schema import (
    ATTACK_TYPES,
    DATE_PRECISIONS,
    GEO_PRECISIONS,
    INITIATORS,
    POLICE_TARGETS,
    SECURITY_TARGETS,
    TARGET_TYPES,
)

# Sources record these unevenly (plots, looting, checkpoints), or they are acts of the state: never S or M.
# Looting and checkpoints still count as signs of control.
UNCOUNTED_ATTACKS: frozenset[str] = frozenset(
    {"disrupted_plot", "weapons_looting", "checkpoint_blockade", "state_operation", "air_strike_state"}
)
FORCES: dict[str, frozenset[str]] = {
    "police": POLICE_TARGETS,
    "army": frozenset({"army"}),
    "paramilitary": frozenset({"frontier_corps", "frontier_constabulary"}),
    "other": SECURITY_TARGETS - POLICE_TARGETS - {"army", "frontier_corps", "frontier_constabulary"},
}


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """Whole calendar months: the first, as months since year 0, and how many."""

    first_month: int
    months: int = 12

    @classmethod
    def between(cls, first: date, last: date) -> Window:
        """Return the window of the months from that of `first` to that of `last`. ValueError if none."""
        start, end = month_of(first), month_of(last)
        if end < start:
            raise ValueError(f"the window ends {last} before it begins {first}")
        return cls(start, end - start + 1)

    @classmethod
    def of_year(cls, year: int) -> Window:
        """Return a calendar year."""
        return cls(year * 12, 12)

    @property
    def first_day(self) -> date:
        """First day of the window."""
        return month_start(self.first_month)

    @property
    def last_day(self) -> date:
        """Last day of the window."""
        return month_start(self.first_month + self.months) - timedelta(days=1)

    @property
    def midpoint_year(self) -> float:
        """Middle of the window as a decimal year, for the population."""
        return middle_year(self.first_day, self.last_day)

    def overlap(self, other: Window) -> int:
        """Return how many months two windows share."""
        last = min(self.first_month + self.months, other.first_month + other.months)
        return max(0, last - max(self.first_month, other.first_month))


def month_of(day: date) -> int:
    """Return the month of a day as months since year 0."""
    return day.year * 12 + day.month - 1


def month_start(month: int) -> date:
    """Return the first day of a month given as months since year 0."""
    return date(month // 12, month % 12 + 1, 1)


@dataclass(frozen=True, slots=True, eq=False)
class CountedIncidents:
    """The incidents that count for S, M or C, as aligned arrays of shape (m,), all read from one table.

    month: int32, months since year 0. district: int16, NOT_LOCATED where none. events: int32, n_events.
    is_security, is_militant, is_control: bool, in S, M, C. is_month_known: False for dates known to the year.
    deaths_low, deaths_best, deaths_high: int32, people killed except attackers; 0 where no figure is stated.
    is_deaths_unknown: bool, part of M without any figure. target: int8, code of TARGET_TYPES.
    is_loose: bool, placed by coordinates known within about 25 km, without a stated district.
    lon, lat: float64 degrees EPSG:4326.
    """

    month: NDArray[np.int32]
    district: NDArray[np.int16]
    events: NDArray[np.int32]
    is_security: Mask
    is_militant: Mask
    is_control: Mask
    is_month_known: Mask
    deaths_low: NDArray[np.int32]
    deaths_best: NDArray[np.int32]
    deaths_high: NDArray[np.int32]
    is_deaths_unknown: Mask
    target: NDArray[np.int8]
    is_loose: Mask
    lon: Floats
    lat: Floats

    def __len__(self) -> int:
        return len(self.month)

    def where(self, keep: Mask) -> CountedIncidents:
        """Return the incidents that the mask keeps."""
        return CountedIncidents(*(getattr(self, name)[keep] for name in self.__slots__))

    def within(self, window: Window) -> CountedIncidents:
        """Return the incidents of the months of a window."""
        return self.where((self.month >= window.first_month) & (self.month < window.first_month + window.months))


@dataclass(frozen=True, slots=True, eq=False)
class MonthlyCounts:
    """Counts by month and district, float64 of shape (months, n), and where the months begin.

    S, M, C: events. L: people killed, capped an incident. active: 1 in a month with at least one S.
    """

    window: Window
    S: Floats
    M: Floats
    L: Floats
    C: Floats
    active: Floats

    def values(self, window: Window, has_control: bool, months_covered: int | None = None) -> ComponentValues:
        """Return the sums over a window. Months outside the counted ones add nothing.

        months_covered: length that rates and shares refer to, the whole window by default.
        """
        start = max(0, window.first_month - self.window.first_month)
        stop = max(start, window.first_month + window.months - self.window.first_month)
        part = {name: getattr(self, name)[start:stop].sum(axis=0) for name in ("S", "M", "L", "C", "active")}
        length = float(window.months if months_covered is None else months_covered)
        return ComponentValues(
            S=part["S"],
            K=part["active"],
            M=part["M"],
            L=part["L"],
            C=part["C"] if has_control else None,
            months=length,
            dispersion=dispersion(part["S"], (self.S[start:stop] ** 2).sum(axis=0), length),
        )


def counted_incidents(table: IncidentTable, mask: Mask, police_only: bool = False) -> CountedIncidents:
    """Return the incidents of the mask that count for the index.

    police_only: only incidents whose primary target is police, CTD, Levies or Khasadar, for every component.
    """
    is_security, is_militant = attack_masks(table)
    is_control = table.is_control_type
    keep = mask & (is_militant | is_control) & (table.district >= NOT_LOCATED)
    if police_only:
        keep &= is_one_of(table.target_type, POLICE_TARGETS, tuple(TARGET_TYPES))
    low, best, high, is_unknown = _victims(table, keep)
    stated = np.asarray(table.details["pcode_stated"].is_valid())
    near = tuple(GEO_PRECISIONS).index("near")
    return CountedIncidents(
        month=(table.year.astype(np.int32) * 12 + table.month - 1)[keep],
        district=table.district[keep].astype(np.int16),
        events=table.n_events[keep],
        is_security=is_security[keep],
        is_militant=is_militant[keep],
        is_control=is_control[keep],
        is_month_known=table.date_precision[keep] != tuple(DATE_PRECISIONS).index("year"),
        deaths_low=low,
        deaths_best=best,
        deaths_high=high,
        is_deaths_unknown=is_unknown & is_militant[keep],
        target=table.target_type[keep],
        is_loose=((table.geo_precision == near) & ~np.isnan(table.lat) & ~stated)[keep],
        lon=table.lon[keep],
        lat=table.lat[keep],
    )


def monthly_counts(counted: CountedIncidents, window: Window, n_districts: int, cap_deaths: int) -> MonthlyCounts:
    """Return the counts of every month of the window, zero months included."""
    part = counted.within(window)
    month = part.month - window.first_month
    is_located = part.district >= 0

    def cube(amount: NDArray[np.generic], keep: Mask) -> Floats:
        place = (month[keep].astype(np.int64) * n_districts) + part.district[keep]
        return _sums(place, amount[keep], window.months * n_districts).reshape(window.months, n_districts)

    attacks = cube(part.events, is_located & part.is_security & part.is_month_known)
    return MonthlyCounts(
        window=window,
        S=cube(part.events, is_located & part.is_security),
        M=cube(part.events, is_located & part.is_militant),
        L=cube(np.minimum(part.deaths_best, part.events * cap_deaths), is_located & part.is_militant),
        C=cube(part.events, is_located & part.is_control),
        active=(attacks > 0).astype(float),
    )


def attacks_by_force(counted: CountedIncidents, n_districts: int) -> dict[str, Floats]:
    """Return S split by kind of force, keys of FORCES: float64, shape (n,)."""
    split = {}
    for force, targets in FORCES.items():
        keep = counted.is_security & (counted.district >= 0) & is_one_of(counted.target, targets, tuple(TARGET_TYPES))
        split[force] = _sums(counted.district[keep], counted.events[keep], n_districts)
    return split


def _sums(place: NDArray[np.integer], amount: NDArray[np.generic], size: int) -> Floats:
    """Return the sum of the amounts at each place. An empty bincount would be whole numbers."""
    return np.bincount(place, amount.astype(np.float64), size).astype(np.float64)


def attack_masks(table: IncidentTable) -> tuple[Mask, Mask]:
    """Return which incidents are attacks on state forces (S) and on any target (M): bool, shape (n,) each."""
    is_initiated = is_one_of(table.initiator, ("militant", "mutual"), tuple(INITIATORS))
    counted = ~is_one_of(table.attack_type, UNCOUNTED_ATTACKS, tuple(ATTACK_TYPES))
    is_militant = is_initiated & counted & ~is_one_of(table.target_type, ("militant",), tuple(TARGET_TYPES))
    return is_militant & is_one_of(table.target_type, SECURITY_TARGETS, tuple(TARGET_TYPES)), is_militant


def _victims(table: IncidentTable, keep: Mask) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32], Mask]:
    """Return low, best and high number of people killed except attackers, and where no figure is stated.

    The attackers are taken off the total where the source splits it, but never below the sum of police,
    soldiers and civilians named, because some totals leave attackers out already. Where low and high do not
    enclose the best figure, the best figure replaces them.
    """
    parts = np.stack([table.killed_police[keep], table.killed_military[keep], table.killed_civilian[keep]])
    named = np.where(parts == UNKNOWN, 0, parts).sum(axis=0)
    attackers = np.maximum(table.killed_militant[keep], 0)
    total = table.killed_best[keep]
    is_unknown = (total == UNKNOWN) & (parts == UNKNOWN).all(axis=0)
    best = np.maximum(total - attackers, named)
    best = np.where(is_unknown, 0, np.maximum(best, 0)).astype(np.int32)
    low = _bound(table, "killed_low", keep, attackers, best)
    high = _bound(table, "killed_high", keep, attackers, best)
    return np.minimum(low, best), best, np.maximum(high, best), is_unknown


def _bound(
    table: IncidentTable, name: str, keep: Mask, attackers: NDArray[np.int32], best: NDArray[np.int32]
) -> NDArray[np.int32]:
    figures = np.asarray(pc.fill_null(table.details[name].cast(pa.int32()), UNKNOWN), dtype=np.int32)[keep]
    return np.where(figures == UNKNOWN, best, np.maximum(figures - attackers, 0)).astype(np.int32)

"""Counts of filtered incidents from sums made beforehand: what maps and series ask for at every change of a filter.

For each kind of question (the columns that the filter and the answer name) the incidents are counted once into
a dense array with one axis a column; every later question of that kind adds up a part of it. A filter by single
days cuts at most two months, whose incidents are counted row by row. Figures are those of `counting.counts`,
which also answers what does not fit: too many combinations. Memory: at most 128 MB of arrays, of 16 MB each, and four
bytes an incident for a table, made when first asked for and gone with the table.
"""

from __future__ import annotations

import math
import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from geo.analysis.counting import counts
from geo.analysis.counting.counts import YEAR_ONLY, Tally
from geo.analysis.counting.histogram import Sums
from geo.filters import Filters
from geo.incidents import OUTSIDE, UNKNOWN, IncidentTable, batches_with, codes_of, part_of, select
from geo.schema import ATTACK_TYPES, GEO_PRECISIONS, INITIATORS, TARGET_TYPES

_MOST_CELLS = 4_000_000
_MOST_BYTES = 128_000_000
_LARGEST_SUM = 2**31 - 1
# In the order in which arrays have them.
_AXES = (
    "year",
    "month",
    "district",
    "group",
    "attack_type",
    "target_type",
    "initiator",
    "batch",
    "geo_precision",
    "is_fatal",
    "is_year_only",
)
_UNKNOWN_TOLL = "unknown_toll"  # beside counts.MEASURES: incidents that state no number of killed

_Choice = slice | list[int]


@dataclass(frozen=True, slots=True, eq=False)
class _Made:
    """What is kept for a table: its first and last day, and the arrays by axes and measure, the last used last.

    by_month: positions of the incidents, int32, in the order of their months, and where each month begins; once asked.
    """

    first_day: date
    last_day: date
    arrays: OrderedDict[tuple[tuple[str, ...], str], NDArray[np.int32]] = field(default_factory=OrderedDict)
    by_month: list[tuple[NDArray[np.int32], NDArray[np.int64]]] = field(default_factory=list)

    @property
    def first_year(self) -> int:
        return self.first_day.year

    @property
    def n_years(self) -> int:
        return self.last_day.year - self.first_day.year + 1


_MADE: WeakKeyDictionary[IncidentTable, _Made] = WeakKeyDictionary()
_LOCK = threading.Lock()


def tally(table: IncidentTable, filters: Filters, measure: str) -> Tally:
    """Return `counts.tally` of the incidents that the filter keeps."""
    if (months := _cut_months(table, filters)) is not None:
        whole, cut = months
        return tally(table, whole, measure) + counts.tally(cut, select(cut, filters), measure)
    value = _sums(table, filters, measure, ("district",))
    if value is None:
        return counts.tally(table, select(table, filters), measure)
    if measure != "killed":
        return Tally.of_places(value, value, np.zeros_like(value))
    n_incidents = _sums(table, filters, "incidents", ("district",))
    n_unknown = _sums(table, filters, _UNKNOWN_TOLL, ("district",))
    if n_incidents is None or n_unknown is None:
        return counts.tally(table, select(table, filters), measure)
    return Tally.of_places(value, n_incidents, n_unknown)


def by_time(
    table: IncidentTable, filters: Filters, measure: str, first: date, last: date, step: str
) -> tuple[list[date], Sums]:
    """Return `counts.by_time` of the incidents that the filter keeps."""
    if (months := _cut_months(table, filters)) is not None:
        whole, cut = months
        days, inside = by_time(table, whole, measure, first, last, step)
        return days, inside + counts.by_time(cut, select(cut, filters), measure, first, last, step)[1]
    found = _sums(table, filters, measure, (step,))
    if found is None:
        return counts.by_time(table, select(table, filters), measure, first, last, step)
    start, days = counts.periods(first, last, step)
    sums = np.zeros(len(days), dtype=np.int64)
    offset = _made(table).first_year * (12 if step == "month" else 1) - start
    low, high = max(offset, 0), min(offset + len(found), len(days))
    if low < high:
        sums[low:high] = found[low - offset : high - offset]
    return days, sums


def by_year_and(table: IncidentTable, filters: Filters, measure: str, column: str) -> dict[tuple[int, int], int]:
    """Return `counts.cross` of the year and a column, "group", "attack_type" or "target_type", under the filter."""
    if (months := _cut_months(table, filters)) is not None:
        whole, cut = months
        pairs = counts.cross(cut, select(cut, filters), measure, cut.year, getattr(cut, column))
        inside = by_year_and(table, whole, measure, column)
        return {pair: inside.get(pair, 0) + pairs.get(pair, 0) for pair in inside | pairs}
    found = _sums(table, filters, measure, ("year", column))
    if found is None:
        return counts.cross(table, select(table, filters), measure, table.year, getattr(table, column))
    years, codes = np.nonzero(found)
    named = zip((years + _made(table).first_year).tolist(), codes.tolist(), strict=True)
    return dict(zip(named, found[years, codes].tolist(), strict=True))


def _cut_months(table: IncidentTable, filters: Filters) -> tuple[Filters, IncidentTable] | None:
    """Return the filter narrowed to whole months and the incidents of the months that it cuts; None if it cuts none."""
    if not len(table):
        return None
    made = _made(table)
    start, after = _edges(made, filters)
    whole, cut = filters, set()
    if start and start.day != 1:
        cut.add(_months(made, start))
        whole = replace(whole, start=(start.replace(day=1) + timedelta(days=31)).replace(day=1))
    if after and after.day != 1:
        cut.add(_months(made, after))
        whole = replace(whole, end=after.replace(day=1) - timedelta(days=1))
    if not cut:
        return None
    order, begins = _by_month(table, made)
    is_there = range(12 * made.n_years)
    rows = [order[begins[month] : begins[month + 1]] for month in sorted(cut) if month in is_there]
    return whole, part_of(table, np.concatenate([order[:0], *rows]))


def _by_month(table: IncidentTable, made: _Made) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    with _LOCK:
        if not made.by_month:
            months = _codes(table, made, "month")
            order = np.argsort(months.astype(np.int16), kind="stable").astype(np.int32)
            begins = np.concatenate([[0], np.cumsum(np.bincount(months, minlength=12 * made.n_years))])
            made.by_month.append((order, begins.astype(np.int64)))
        return made.by_month[0]


def _sums(table: IncidentTable, filters: Filters, measure: str, wanted: tuple[str, ...]) -> Sums | None:
    """Return the measure by the wanted columns: int64, one axis each, or None if this is not the way to get it."""
    if not len(table):
        return None
    choices = _choices(table, filters, has_months="month" in wanted)
    axes = tuple(name for name in _AXES if name in choices or name in wanted)
    is_folded = "year" in wanted and "month" in axes  # years cut by the filter are summed from their months
    if "month" in axes:
        axes = tuple(name for name in axes if name != "year")
    kept = {*wanted, "month"} if is_folded else set(wanted)
    counted = _array(table, axes, measure)
    if counted is None:
        return None
    part: NDArray[Any] = counted
    for place, name in enumerate(axes):
        if name in choices:
            part = _part(part, place, choices[name], is_kept=name in kept)
    if is_folded:
        place = axes.index("month")
        part = part.reshape(*part.shape[:place], part.shape[place] // 12, 12, *part.shape[place + 1 :]).sum(
            axis=place + 1
        )
    sums: Sums = part.sum(axis=tuple(k for k, name in enumerate(axes) if name not in kept), dtype=np.int64)
    return sums


def _part(array: NDArray[Any], axis: int, choice: _Choice, is_kept: bool) -> NDArray[Any]:
    """Return the chosen part of an axis; of an axis that the answer keeps, the rest becomes zero."""
    index: Any = (slice(None),) * axis + (choice,)
    if not is_kept:
        chosen: NDArray[Any] = array[index]
        return chosen
    part = np.zeros_like(array)
    part[index] = array[index]
    return part


def _choices(table: IncidentTable, filters: Filters, has_months: bool) -> dict[str, _Choice]:
    """Return which codes of which axes the filter keeps; the filter cuts no month."""
    choices = _period(_made(table), filters, has_months)
    for name, chosen, words, shift in (
        ("group", filters.groups, table.groups, 0),
        ("attack_type", filters.attacks, tuple(ATTACK_TYPES), 0),
        ("target_type", filters.targets, tuple(TARGET_TYPES), 0),
        ("initiator", filters.initiators, tuple(INITIATORS), 0),
        ("district", filters.districts, table.pcodes, -OUTSIDE),
        ("batch", batches_with(filters.datasets, table.batches), table.batches, 0),
    ):
        if chosen:
            choices[name] = [code + shift for code in codes_of(set(chosen), words)]
    if filters.min_precision is not None:
        choices["geo_precision"] = slice(0, tuple(GEO_PRECISIONS).index(filters.min_precision) + 1)
    if filters.fatal_only:
        choices["is_fatal"] = [1]
    if has_months:
        choices["is_year_only"] = [0]
    return choices


def _edges(made: _Made, filters: Filters) -> tuple[date | None, date | None]:
    """Return the first day and the day after the last, each None where the filter leaves no incident out there."""
    start = filters.start if filters.start and filters.start > made.first_day else None
    end = filters.end if filters.end and filters.end < made.last_day else None
    return start, end + timedelta(days=1) if end else None  # another day follows: there is one in the table


def _months(made: _Made, day: date) -> int:
    """Return the month of a day, counted from January of the table's first year."""
    return (day.year - made.first_year) * 12 + day.month - 1


def _period(made: _Made, filters: Filters, has_months: bool) -> dict[str, _Choice]:
    """Return the part of the year or month axis, nothing for the whole period."""
    start, after = _edges(made, filters)
    edges = [day for day in (start, after) if day is not None]
    if not edges:
        return {}
    is_monthly = has_months or any(day.month != 1 for day in edges)

    def place(day: date) -> int:
        months = _months(made, day)
        return max(months if is_monthly else months // 12, 0)

    n_periods = made.n_years * (12 if is_monthly else 1)
    chosen = slice(place(start) if start else 0, place(after) if after else n_periods)
    return {"month" if is_monthly else "year": chosen}


def _made(table: IncidentTable) -> _Made:
    with _LOCK:
        made = _MADE.get(table)
        if made is None:
            made = _MADE[table] = _Made(table.first_day or date.max, table.last_day or date.max)
        return made


def _array(table: IncidentTable, axes: tuple[str, ...], measure: str) -> NDArray[np.int32] | None:
    """Return the measure by the axes, made at the first call; None if it would be too large."""
    made = _made(table)
    with _LOCK:
        found = made.arrays.get((axes, measure))
        if found is None:
            found = _count(table, made, axes, measure)
            if found is None:
                return None
            made.arrays[axes, measure] = found
            while sum(array.nbytes for array in made.arrays.values()) > _MOST_BYTES:
                made.arrays.popitem(last=False)
        else:
            made.arrays.move_to_end((axes, measure))
        return found


def _count(table: IncidentTable, made: _Made, axes: Sequence[str], measure: str) -> NDArray[np.int32] | None:
    shape = [_size(table, made, axis) for axis in axes]
    if math.prod(shape) > _MOST_CELLS:
        return None
    rows, figures = _rows_and_figures(table, measure)
    if int(figures.sum()) > _LARGEST_SUM:
        return None
    key = np.zeros(len(rows), dtype=np.int64)
    for axis, size in zip(axes, shape, strict=True):
        key *= size
        key += _codes(table, made, axis).take(rows)
    sums = np.bincount(key, None if (figures == 1).all() else figures, math.prod(shape))
    counted = sums.astype(np.int32).reshape(shape)
    counted.flags.writeable = False
    return counted


def _rows_and_figures(table: IncidentTable, measure: str) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Return the incidents that add to a measure and what each adds."""
    if measure == "killed":
        rows = np.flatnonzero(table.killed_best > 0)
        return rows, table.killed_best.take(rows)
    if measure == _UNKNOWN_TOLL:
        rows = np.flatnonzero(table.killed_best == UNKNOWN)
        return rows, np.ones(len(rows), dtype=np.int32)
    rows = np.flatnonzero(counts.belongs(table, measure))
    return rows, table.n_events.take(rows)


def _codes(table: IncidentTable, made: _Made, axis: str) -> NDArray[Any]:
    if axis == "district":
        return table.district - np.int8(OUTSIDE)
    if axis == "year":
        return np.subtract(table.year, made.first_year)
    if axis == "month":
        return (table.year.astype(np.int32) - made.first_year) * 12 + (table.month - 1)
    if axis == "is_fatal":
        return np.greater(table.killed_best, 0)
    if axis == "is_year_only":
        return np.equal(table.date_precision, YEAR_ONLY)
    codes: NDArray[Any] = getattr(table, axis)
    return codes


def _size(table: IncidentTable, made: _Made, axis: str) -> int:
    return {
        "year": made.n_years,
        "month": 12 * made.n_years,
        "district": len(table.pcodes) - OUTSIDE,
        "group": len(table.groups),
        "attack_type": len(ATTACK_TYPES),
        "target_type": len(TARGET_TYPES),
        "initiator": len(INITIATORS),
        "batch": len(table.batches),
        "geo_precision": len(GEO_PRECISIONS),
    }.get(axis, 2)

"""Sums of a measure over filtered incidents, from arrays made beforehand or in one pass over the rows.

For each kind of question (the columns that the filter and the answer name) the incidents are counted once into
a dense array with one axis a column; every later question of that kind adds up a part of it. A filter by single
days cuts at most two months, whose incidents are counted row by row. What does not fit (too many combinations) is
counted row by row altogether; the figures are the same. Memory: at most 128 MB of arrays, of 16 MB each, and four
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

from geo.filters import Filters
from geo.incidents import OUTSIDE, UNKNOWN, IncidentTable, Mask, chosen_codes, has_place, is_one_of, part_of, select
from geo.schema import (
    DATE_PRECISIONS,
    GEO_PRECISIONS,
    INITIATORS,
    POLICE_TARGETS,
    SECURITY_TARGETS,
    SOURCES,
    TARGET_TYPES,
    UNSPECIFIED_FORCE,
)

_MOST_CELLS = 4_000_000
_MOST_BYTES = 128_000_000
_LARGEST_SUM = 2**31 - 1
# In the order in which arrays have them.
AXES = (
    "year",
    "month",
    "district",
    "group",
    "attack_type",
    "target_type",
    "initiator",
    "batch",
    "geo_precision",
    "has_place",
    "is_fatal",
    "is_year_only",
)
# Beside MEASURES: incidents that state no number of killed, merged incidents, and the stored rows of these.
NO_TOLL, MERGED, MERGED_ROWS = "no_toll", "merged", "merged_rows"
# Before a key of MEASURES: incidents that can tell it, see `tells`.
TELLING = "telling_"
_YEAR_ONLY = tuple(DATE_PRECISIONS).index("year")

Sums = NDArray[np.int64]
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


def sums(table: IncidentTable, filters: Filters, measure: str, wanted: tuple[str, ...]) -> Sums:
    """Return a measure of the incidents that the filter keeps, by the wanted columns: int64, one axis for each.

    measure: key of MEASURES, the same after TELLING, or NO_TOLL, MERGED, MERGED_ROWS.
    wanted: none, one or two of AXES, "month" without "year".
    An axis of districts begins with OUTSIDE and NOT_LOCATED; "year" and "month" begin with the table's first year. By
    month, incidents known only to the year are left out, because their first day would put all of them in January.
    """
    made = _made(table)
    if (months := _cut_months(table, made, filters)) is not None:
        whole, cut = months
        return sums(table, whole, measure, wanted) + _pass(cut, made, filters, measure, wanted)
    found = _from_arrays(table, made, filters, measure, wanted)
    return one_pass(table, filters, measure, wanted) if found is None else found


def one_pass(table: IncidentTable, filters: Filters, measure: str, wanted: tuple[str, ...]) -> Sums:
    """Return `sums`, counted row by row; no array is made or used."""
    return _pass(table, _made(table), filters, measure, wanted)


def first_code(table: IncidentTable, axis: str) -> int:
    """Return the code at the first place of an axis: the table's first year, OUTSIDE for districts, else 0."""
    return _made(table).first_year if axis == "year" else OUTSIDE if axis == "district" else 0


def _pass(table: IncidentTable, made: _Made, filters: Filters, measure: str, wanted: tuple[str, ...]) -> Sums:
    """Count what the filter keeps row by row. made: what is kept for the table whose axes are used."""
    keep = select(table, filters)
    if "month" in wanted:
        keep &= table.date_precision != _YEAR_ONLY
    return _count(table, made, wanted, measure, keep)


def _cut_months(table: IncidentTable, made: _Made, filters: Filters) -> tuple[Filters, IncidentTable] | None:
    """Return the filter narrowed to whole months and the incidents of the months that it cuts; None if it cuts none."""
    if not len(table):
        return None
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
            months = _axis_codes(table, made, "month")
            order = np.argsort(months.astype(np.int16), kind="stable").astype(np.int32)
            begins = np.concatenate([[0], np.cumsum(np.bincount(months, minlength=12 * made.n_years))])
            made.by_month.append((order, begins.astype(np.int64)))
        return made.by_month[0]


def _from_arrays(
    table: IncidentTable, made: _Made, filters: Filters, measure: str, wanted: tuple[str, ...]
) -> Sums | None:
    """Return `sums` from the array of all the columns that filter and answer name; None if that is too large."""
    choices = _choices(table, made, filters, has_months="month" in wanted)
    axes = tuple(name for name in AXES if name in choices or name in wanted)
    is_folded = "year" in wanted and "month" in axes  # years cut by the filter are summed from their months
    if "month" in axes:
        axes = tuple(name for name in axes if name != "year")
    kept = {*wanted, "month"} if is_folded else set(wanted)
    part: NDArray[Any] | None = _array(table, made, axes, measure)
    if part is None:
        return None
    for place, name in enumerate(axes):
        if name in choices:
            part = _part(part, place, choices[name], is_kept=name in kept)
    if is_folded:  # the months come first
        part = part.reshape(part.shape[0] // 12, 12, *part.shape[1:]).sum(axis=1)
    found: Sums = part.sum(axis=tuple(k for k, name in enumerate(axes) if name not in kept), dtype=np.int64)
    in_order = [name for name in AXES if name in wanted]
    return found.transpose([in_order.index(name) for name in wanted])


def _part(array: NDArray[Any], axis: int, choice: _Choice, is_kept: bool) -> NDArray[Any]:
    """Return the chosen part of an axis; of an axis that the answer keeps, the rest becomes zero."""
    index: Any = (slice(None),) * axis + (choice,)
    if not is_kept:
        chosen: NDArray[Any] = array[index]
        return chosen
    part = np.zeros_like(array)
    part[index] = array[index]
    return part


def _choices(table: IncidentTable, made: _Made, filters: Filters, has_months: bool) -> dict[str, _Choice]:
    """Return which codes of which axes the filter keeps; the filter cuts no month."""
    choices = _period(made, filters, has_months)
    for name, codes in chosen_codes(table, filters).items():
        choices[name] = [code - first_code(table, name) for code in sorted(codes)]
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


def _array(table: IncidentTable, made: _Made, axes: tuple[str, ...], measure: str) -> NDArray[np.int32] | None:
    """Return the measure by the axes, made at the first call; None if it would be too large."""
    with _LOCK:
        found = made.arrays.get((axes, measure))
        if found is None:
            if math.prod(_size(table, made, axis) for axis in axes) > _MOST_CELLS:
                return None
            counted = _count(table, made, axes, measure)
            if int(counted.sum()) > _LARGEST_SUM:
                return None
            found = made.arrays[axes, measure] = counted.astype(np.int32)
            found.flags.writeable = False
            while sum(array.nbytes for array in made.arrays.values()) > _MOST_BYTES:
                made.arrays.popitem(last=False)
        else:
            made.arrays.move_to_end((axes, measure))
        return found


def _count(table: IncidentTable, made: _Made, axes: Sequence[str], measure: str, mask: Mask | None = None) -> Sums:
    """Return the measure by the axes in one pass over all incidents, or those of a mask."""
    keep, figures = parts_of(table, measure)
    rows = np.flatnonzero(keep if mask is None else keep & mask)
    figures = figures.take(rows)
    shape = [_size(table, made, axis) for axis in axes]
    key = np.zeros(len(rows), dtype=np.int64)
    for axis, size in zip(axes, shape, strict=True):
        key *= size
        key += _axis_codes(table, made, axis).take(rows)
    counted = np.bincount(key, None if (figures == 1).all() else figures, math.prod(shape))
    return counted.astype(np.int64).reshape(shape)


def parts_of(table: IncidentTable, measure: str) -> tuple[Mask, NDArray[np.integer[Any]]]:
    """Return which incidents add to a measure and what each adds: shapes (n,)."""
    if measure == "killed":
        return table.killed_best > 0, table.killed_best
    if measure == NO_TOLL:
        return table.killed_best == UNKNOWN, np.ones(len(table), dtype=np.int8)
    if measure.startswith(TELLING):
        return tells(table, measure.removeprefix(TELLING)), np.ones(len(table), dtype=np.int8)
    if measure in (MERGED, MERGED_ROWS):
        return table.n_members > 1, table.n_members if measure == MERGED_ROWS else np.ones(len(table), dtype=np.int8)
    return _belongs(table, measure), table.n_events


def tells(table: IncidentTable, measure: str) -> Mask:
    """Return which incidents can tell a measure: bool, shape (n,). What the others leave open is missing, not zero.

    People killed: those that state a figure. Attacks on state forces: those that state their target. Attacks on police:
    those of a source that tells police from other state forces, and those that name a force, whatever their source,
    which a merged incident may have from another report.
    """
    if measure == "incidents":
        return np.ones(len(table), dtype=bool)
    if measure == "killed":
        is_counted: Mask = table.killed_best != UNKNOWN
        return is_counted
    targets = tuple(TARGET_TYPES)
    is_known = ~is_one_of(table.target_type, ("unknown",), targets)
    if measure == "security_attacks":
        return is_known
    silent = [key for key in table.sources if key in SOURCES and not SOURCES[key].states_target]
    names_force = is_one_of(table.target_type, SECURITY_TARGETS - {UNSPECIFIED_FORCE}, targets)
    return is_known & (names_force | ~is_one_of(table.source, silent, table.sources))


def _belongs(table: IncidentTable, measure: str) -> Mask:
    """Return which incidents count for a measure: bool, shape (n,).

    Attacks on security forces are incidents initiated by militants, or clashes with no stated initiator, with a state
    force as primary target. Operations by the state are not attacks.
    """
    if measure == "incidents":
        return np.ones(len(table), dtype=bool)
    targets = SECURITY_TARGETS if measure == "security_attacks" else POLICE_TARGETS
    is_target = is_one_of(table.target_type, targets, tuple(TARGET_TYPES))
    return is_target & is_one_of(table.initiator, ("militant", "mutual"), tuple(INITIATORS))


def _axis_codes(table: IncidentTable, made: _Made, axis: str) -> NDArray[Any]:
    if axis == "district":
        return table.district - np.int8(OUTSIDE)
    if axis == "year":
        return np.subtract(table.year, made.first_year)
    if axis == "month":
        return (table.year.astype(np.int32) - made.first_year) * 12 + (table.month - 1)
    if axis == "has_place":
        return has_place(table)
    if axis == "is_fatal":
        return np.greater(table.killed_best, 0)
    if axis == "is_year_only":
        return np.equal(table.date_precision, _YEAR_ONLY)
    codes: NDArray[Any] = getattr(table, axis)
    return codes


def _size(table: IncidentTable, made: _Made, axis: str) -> int:
    if axis in ("year", "month"):
        return made.n_years * (12 if axis == "month" else 1)
    if axis == "district":
        return len(table.pcodes) - OUTSIDE
    return 2 if axis in ("has_place", "is_fatal", "is_year_only") else len(table.words(axis))

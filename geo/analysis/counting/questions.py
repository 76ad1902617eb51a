"""What pages ask of the filtered incidents: a measure by district, by time, by two columns, in total; what is shown.

Every answer comes from `cube.sums`, which knows whether arrays made beforehand or a pass over the rows serve it.
A count of people is a sum over the incidents that state a figure; how many state none is always returned beside it,
because a missing figure is not zero.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from geo import vocabularies
from geo.analysis.counting.cube import MERGED, MERGED_ROWS, NO_TOLL, TELLING, Sums, first_code, sums
from geo.filters import Filters
from geo.incidents import NOT_LOCATED, OUTSIDE, IncidentTable, Mask
from geo.sources import COVERED_YEARS

MEASURES: dict[str, str] = vocabularies.explained_labels("measures")
_DAYS_A_YEAR = 365.2425
_DISTRICTS = slice(-OUTSIDE, None)  # of an axis that begins with outside and not located


@dataclass(frozen=True, slots=True, eq=False)
class Tally:
    """A measure by district.

    value: int64, shape (districts,). n_incidents, n_unknown: incidents of the measure, and those of them that state
    no figure, same shape. not_located, outside: the measure over incidents without a district and outside the province.
    """

    value: Sums
    n_incidents: Sums
    n_unknown: Sums
    not_located: int
    outside: int


@dataclass(frozen=True, slots=True)
class Shown:
    """How many incidents a view shows and how many it leaves out. Summary rows count their events.

    n_merged: shown incidents that stand for several stored rows; n_merged_rows: how many rows those are.
    n_no_toll: incidents that a filter of fatal ones leaves out because they state no toll.
    """

    n_total: int
    n_shown: int
    n_not_located: int
    n_outside: int
    n_district_only: int
    n_merged: int
    n_merged_rows: int
    n_no_toll: int


def by_district(table: IncidentTable, filters: Filters, measure: str) -> Tally:
    """Return a measure (key of MEASURES) by district over the incidents that the filter keeps."""
    value, n_incidents, n_unknown = _by_place(table, filters, measure)
    return Tally(
        value=value[_DISTRICTS],
        n_incidents=n_incidents[_DISTRICTS],
        n_unknown=n_unknown[_DISTRICTS],
        not_located=int(value[NOT_LOCATED - OUTSIDE]),
        outside=int(value[0]),
    )


def total(table: IncidentTable, filters: Filters, measure: str) -> tuple[int, int]:
    """Return a measure over the incidents that the filter keeps, and how many of them state no figure."""
    value, _, n_unknown = _by_place(table, filters, measure)
    return int(value.sum()), int(n_unknown.sum())


def is_stated(table: IncidentTable, filters: Filters, measure: str) -> bool:
    """Return whether the incidents that the filter keeps can tell a measure (`cube.tells`): any of them.

    Where incidents are kept and none can tell it, the figure is missing: not zero. Where none is kept, the other
    incidents of the period say whether it could have been told; a period without any record tells nothing.
    """
    return bool(_is_told(table, filters, measure, ()))


def stated_total(table: IncidentTable, filters: Filters, measure: str) -> int | None:
    """Return a measure over the incidents that the filter keeps, None where it is not stated."""
    return total(table, filters, measure)[0] if is_stated(table, filters, measure) else None


def stated_by_district(table: IncidentTable, filters: Filters, measure: str) -> Mask:
    """Return in which districts a measure is stated, as `is_stated`; in none where it is not stated as a whole.

    bool, shape (districts,).
    """
    if not is_stated(table, filters, measure):
        return np.zeros(len(table.pcodes), dtype=bool)
    return _is_told(table, filters, measure, ("district",))[_DISTRICTS]


def stated_by_time(table: IncidentTable, filters: Filters, measure: str, first: date, last: date, step: str) -> Mask:
    """Return in which periods of `by_time` a measure is stated, as `is_stated`: bool, one for each period.

    A period without a kept incident is as its calendar year in the table: years of a source that cannot tell hold no
    0, nor do those without any record.
    """

    def told(kept: Filters, by: str) -> tuple[list[date], Mask, Mask]:
        """Return first days of periods, which of them hold incidents, and which some that can tell the measure."""
        days, recorded = by_time(table, kept, "incidents", first, last, by)
        return days, recorded > 0, by_time(table, kept, TELLING + measure, first, last, by)[1] > 0

    days, has_any, is_told = told(filters, step)
    if not is_stated(table, filters, measure):
        return np.zeros(len(has_any), dtype=bool)
    is_told_around = told(Filters(datasets=filters.datasets), "year")[2]
    return np.where(has_any, is_told, is_told_around[[day.year - first.year for day in days]])


def told_by_time(
    table: IncidentTable, filters: Filters, measure: str, first: date, last: date, step: str
) -> tuple[list[date], list[int | None]]:
    """Return `by_time`, with None in the periods in which the measure is not stated."""
    days, values = by_time(table, filters, measure, first, last, step)
    is_told = stated_by_time(table, filters, measure, first, last, step)
    return days, [value if told else None for value, told in zip(values.tolist(), is_told.tolist(), strict=True)]


def _is_told(table: IncidentTable, filters: Filters, measure: str, wanted: tuple[str, ...]) -> Mask:
    """Return where incidents that can tell a measure are kept, or none is and others of its calendar years can."""
    told: Mask = sums(table, filters, TELLING + measure, wanted) > 0
    is_empty: Mask = sums(table, filters, "incidents", wanted) == 0
    # Whole years, as in `stated_by_time`: a month without a record is the same in the bars and above them.
    around = Filters(
        start=filters.start and filters.start.replace(month=1, day=1),
        end=filters.end and filters.end.replace(month=12, day=31),
        datasets=filters.datasets,
    )
    return told | (is_empty & (sums(table, around, TELLING + measure, ()) > 0))


def by_time(
    table: IncidentTable, filters: Filters, measure: str, first: date, last: date, step: str
) -> tuple[list[date], Sums]:
    """Return a measure by calendar "year" or "month" (step): first days of the periods and int64 sums.

    Every period from first to last is there, with 0 where nothing is recorded. Incidents known only to the
    year are left out of a monthly series.
    """
    found = sums(table, filters, measure, (step,))
    a_year = 12 if step == "month" else 1
    start = first.year * a_year + (first.month - 1 if a_year == 12 else 0)
    stop = last.year * a_year + (last.month if a_year == 12 else 1)
    days = [date(period // a_year, period % a_year + 1, 1) for period in range(start, stop)]
    # Zeros on both sides, so that any period can be cut out.
    offset = start - first_code(table, "year") * a_year
    padded = np.zeros(len(days), dtype=np.int64)
    low, high = max(-offset, 0), min(len(found) - offset, len(days))
    if low < high:
        padded[low:high] = found[low + offset : high + offset]
    return days, padded


def by_two(table: IncidentTable, filters: Filters, measure: str, row: str, column: str) -> dict[tuple[int, int], int]:
    """Return a measure for each pair of codes that occurs, for example of "year" and "group" (cube.AXES).

    Years are calendar years, districts positions or below zero, all others positions in their vocabulary.
    """
    found = sums(table, filters, measure, (row, column))
    places = np.nonzero(found)
    codes = [(place + first_code(table, axis)).tolist() for place, axis in zip(places, (row, column), strict=True)]
    return dict(zip(zip(*codes, strict=True), found[places].tolist(), strict=True))


def by_column(table: IncidentTable, filters: Filters, measure: str, column: str) -> Sums:
    """Return a measure for each code of a column such as "attack_type" or "geo_precision": int64, shape (codes,)."""
    return sums(table, filters, measure, (column,))


def without_place(table: IncidentTable, filters: Filters) -> Sums:
    """Return the incidents of each district that have no place precise enough to draw: int64, shape (districts,)."""
    return sums(table, filters, "incidents", ("district", "has_place"))[_DISTRICTS, 0]


def shown(table: IncidentTable, filters: Filters) -> Shown:
    """Return what a view with this filter shows and leaves out."""
    by_place = sums(table, filters, "incidents", ("district", "has_place"))
    return Shown(
        n_total=int(sums(table, Filters(), "incidents", ())),
        n_shown=int(by_place.sum()),
        n_not_located=int(by_place[NOT_LOCATED - OUTSIDE].sum()),
        n_outside=int(by_place[0].sum()),
        n_district_only=int(by_place[_DISTRICTS, 0].sum()),
        n_merged=int(sums(table, filters, MERGED, ())),
        n_merged_rows=int(sums(table, filters, MERGED_ROWS, ())),
        n_no_toll=int(sums(table, replace(filters, fatal_only=False), NO_TOLL, ())) if filters.fatal_only else 0,
    )


def covers(table: IncidentTable, first: date, last: date) -> bool:
    """Return whether any incident of the table falls in the inclusive period."""
    return bool(sums(table, Filters(start=first, end=last), "incidents", ()))


def covered(table: IncidentTable) -> tuple[date, date] | None:
    """Return the first and last day that a table covers, None for an empty one.

    The days of its first and last record, but where their source is known to cover the whole year.
    """
    if not table.first_day or not table.last_day:
        return None
    keys = [table.sources[table.source[i]] for i in (table.day.argmin(), table.day.argmax())]
    first, last = (
        day.year in COVERED_YEARS.get(key, ()) for day, key in zip((table.first_day, table.last_day), keys, strict=True)
    )
    return (
        table.first_day.replace(month=1, day=1) if first else table.first_day,
        table.last_day.replace(month=12, day=31) if last else table.last_day,
    )


def years_between(first: date, last: date) -> float:
    """Return the length of an inclusive period in years."""
    return ((last - first).days + 1) / _DAYS_A_YEAR


def _by_place(table: IncidentTable, filters: Filters, measure: str) -> tuple[Sums, Sums, Sums]:
    """Return the measure, its incidents and those without a figure: outside, not located, then the districts."""
    value = sums(table, filters, measure, ("district",))
    if measure != "killed":
        return value, value, np.zeros_like(value)
    return value, sums(table, filters, "incidents", ("district",)), sums(table, filters, NO_TOLL, ("district",))

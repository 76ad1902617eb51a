"""Two places compared: a district, a division or the south against another place or the rest, year by year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from geo.analysis.counting import questions
from geo.analysis.counting.compare import TESTED_MEASURES, Floats, Period, Ratios, ratios, yearly_base
from geo.districts import SOUTHERN_PCODES, Districts
from geo.filters import Filters
from geo.incidents import IncidentTable
from geo.sources import SEAM, crosses_seam

SOUTH, REST, DIVISION = "south", "rest", "division:"


@dataclass(frozen=True, slots=True, eq=False)
class PlaceComparison:
    """A place against a reference place; ratios are rate of the place / rate of the reference.

    years: calendar years, by_year: one pair each. spans: parts of the period that have one way of recording, by_span:
    one pair each; no ratio runs over the day on which the source changes. `first` of a pair is the reference.
    """

    years: tuple[int, ...]
    by_year: Ratios
    spans: tuple[Period, ...]
    by_span: Ratios


def places_of(districts: Districts, place: str, reference: str) -> tuple[tuple[int, ...], tuple[int, ...]] | None:
    """Return the positions of the districts of a place and a reference, None where they share a district.

    place, reference: a P-code, "division:" and its name, "south", or "rest" (all districts outside the other place).
    Raises KeyError for any other.
    """
    if place == REST:
        both = places_of(districts, reference, place)
        return (both[1], both[0]) if both else None
    own = _members(districts, place)
    other = tuple(i for i in range(len(districts.pcodes)) if i not in own)
    other = other if reference == REST else _members(districts, reference)
    return None if set(own) & set(other) or not own or not other else (own, other)


def _members(districts: Districts, place: str) -> tuple[int, ...]:
    if place == SOUTH:
        return tuple(i for i, pcode in enumerate(districts.pcodes) if pcode in SOUTHERN_PCODES)
    if place.startswith(DIVISION):
        found = tuple(i for i, name in enumerate(districts.divisions) if name == place.removeprefix(DIVISION))
    else:
        found = tuple(i for i, pcode in enumerate(districts.pcodes) if pcode == place)
    if not found:
        raise KeyError(place)
    return found


def places(
    table: IncidentTable,
    districts: Districts,
    filters: Filters,
    measure: str,
    place: Sequence[int],
    reference: Sequence[int],
    first: date,
    last: date,
    normaliser: str = "count",
) -> PlaceComparison:
    """Return a place against a reference (positions of districts) by year and span of an inclusive period.

    The choice of districts of the filter does not apply. A normaliser of "count" compares the bare numbers. A place
    whose incidents cannot tell the measure has no base.
    """
    spans = _spans(Period(first, last), filters)
    years = tuple(range(first.year, last.year + 1))
    is_tested = measure in TESTED_MEASURES

    def is_told(within: Filters, members: Sequence[int]) -> bool:
        """Return whether a measure is stated in a period, and in the districts of a place alone."""
        local = replace(within, districts=tuple(districts.pcodes[i] for i in members))
        return all(questions.is_stated(table, kept, measure) for kept in (within, local))

    def pairs(parts: Sequence[Period]) -> Ratios:
        counts, bases = [], []
        for part in parts:
            within = replace(filters, start=part.first, end=part.last, districts=())
            found = questions.by_district(table, within, measure).value
            amount = yearly_base(districts, part.first, part.last, normaliser)
            counts.append([found[list(members)].sum() for members in (reference, place)])
            years = [part.years if is_told(within, members) else np.nan for members in (reference, place)]
            sizes = [_sum_of(amount, members, normaliser) for members in (reference, place)]
            bases.append([size * length for size, length in zip(sizes, years, strict=True)])
        count, base = np.array(counts).T, np.array(bases).T
        return ratios(count[0], count[1], base[0], base[1], is_tested=is_tested)

    by_year = pairs([Period(max(first, date(year, 1, 1)), min(last, date(year, 12, 31))) for year in years])
    return PlaceComparison(years, by_year, spans, pairs(spans))


def _sum_of(amount: Floats, members: Sequence[int], normaliser: str) -> float:
    return 1.0 if normaliser == "count" else float(amount[list(members)].sum())


def _spans(period: Period, filters: Filters) -> tuple[Period, ...]:
    if not crosses_seam(period.first, period.last, filters.sources):
        return (period,)
    return Period(period.first, SEAM - timedelta(days=1)), Period(SEAM, period.last)

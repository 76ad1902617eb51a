"""Two periods compared, and any two counts: rate ratios with exact intervals, and which differences are clear.

A difference between two counts is judged by the exact test of two Poisson counts given their sum (Przyborowski and
Wilenski 1940), its interval is that of Clopper and Pearson (1934), and over many districts the share of false
findings is held by the procedure of Benjamini and Hochberg (1995). Full references stand in docs/method.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.analysis.counting import questions
from geo.analysis.counting.cube import first_code, sums
from geo.analysis.counting.questions import years_between
from geo.districts import Districts
from geo.filters import Filters
from geo.incidents import OUTSIDE, IncidentTable, select
from geo.problems import AtlasError, Problem, ProblemCode
from geo.schema import SOURCES
from geo.sources import crosses_seam
from geo.wording import N_, Text, text

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]
CONFIDENCE = 0.95
# Of the districts called higher or lower, at most this share is expected to be so by chance.
FALSE_DISCOVERY = 0.05
VERDICTS: dict[str, str] = {
    "higher": N_("clearly higher"),
    "lower": N_("clearly lower"),
    "no_clear_change": N_("no clear difference"),
    "none_recorded": N_("none recorded"),
    "not_tested": N_("not tested"),
    "no_rate": N_("no rate"),
}
# Measures whose units are single events; people killed come many at a time, which no test of counts allows for.
TESTED_MEASURES: tuple[str, ...] = ("incidents", "security_attacks", "police_attacks")
_LEAP_DAYS = 1


@dataclass(frozen=True, slots=True, eq=False)
class Ratios:
    """Second rate against first rate for n units; all arrays have shape (n,), float64 but for the int64 counts.

    first, second: counts. first_base, second_base: what they refer to, such as years or person-years / 100,000.
    ratio: second rate / first rate, inf where only the first count is 0, NaN where both are 0 or a base is missing.
    low, high: its 95 % interval. p: two-sided. q: p allowing for the number of units tested. NaN where not tested.
    verdict: keys of VERDICTS. is_settled: bool, higher or lower also where it is allowed for that incidents come in
    series, see `ratios`.
    """

    first: Counts
    second: Counts
    first_base: Floats
    second_base: Floats
    ratio: Floats
    low: Floats
    high: Floats
    p: Floats
    q: Floats
    verdict: tuple[str, ...]
    is_settled: NDArray[np.bool_]

    def counts(self, *, is_second: bool) -> list[int | None]:
        """First or second counts; None without a base: the figure is missing then, not zero."""
        count, base = (self.second, self.second_base) if is_second else (self.first, self.first_base)
        return [None if missing else n for n, missing in zip(count.tolist(), np.isnan(base).tolist(), strict=True)]

    @property
    def first_rate(self) -> Floats:
        """First count by its base."""
        return _divided(self.first, self.first_base)

    @property
    def second_rate(self) -> Floats:
        """Second count by its base."""
        return _divided(self.second, self.second_base)


def ratios(
    first: ArrayLike,
    second: ArrayLike,
    first_base: ArrayLike,
    second_base: ArrayLike,
    *,
    is_tested: bool = True,
    dispersion: float = 1.0,
) -> Ratios:
    """Return the ratios of n pairs of counts, each of shape (n,); is_tested: whether the counts are of single events.

    dispersion: variance to mean ratio of the counts, at least 1. A difference is settled if it is clear for counts
    divided by it too. A pair without any count, or without a base above zero, has no ratio and is not tested.
    """
    a, b = np.asarray(first, dtype=np.int64), np.asarray(second, dtype=np.int64)
    base_a, base_b = np.asarray(first_base, dtype=np.float64), np.asarray(second_base, dtype=np.float64)
    has_base = (base_a > 0) & (base_b > 0)
    is_used = has_base & (a + b > 0)
    rates = _divided(a, base_a), _divided(b, base_b)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(is_used, rates[1] / rates[0], np.nan)
    low, high, p, p_in_series = (np.full(a.shape, np.nan) for _ in range(4))
    if is_tested and is_used.any():
        used = a[is_used], b[is_used], base_a[is_used], base_b[is_used]
        low[is_used], high[is_used] = interval(*used)
        p[is_used] = p_value(*used)
        p_in_series[is_used] = p_value(used[0] / dispersion, used[1] / dispersion, *used[2:])
    q = false_discovery(p)
    is_settled = np.maximum(q, false_discovery(p_in_series)) <= FALSE_DISCOVERY
    verdict = np.where(ratio > 1, "higher", "lower")
    verdict = np.where(q <= FALSE_DISCOVERY, verdict, "no_clear_change" if is_tested else "not_tested")
    verdict = np.where(is_used, verdict, np.where(has_base, "none_recorded", "no_rate"))
    return Ratios(a, b, base_a, base_b, ratio, low, high, p, q, tuple(str(code) for code in verdict), is_settled)


def interval(
    first: Counts, second: Counts, first_base: Floats, second_base: Floats, confidence: float = CONFIDENCE
) -> tuple[Floats, Floats]:
    """Return the exact interval (low, high) of second rate / first rate; the sum of the two counts is above 0.

    Given their sum n, the second count is binomial with share s = r * second_base / (first_base + r * second_base),
    where r is the ratio. The limits of s are those of Clopper and Pearson (1934): quantiles of beta distributions.
    """
    from scipy import stats

    tail = (1 - confidence) / 2
    with np.errstate(invalid="ignore"):
        low = np.where(second > 0, stats.beta.ppf(tail, second, first + 1), 0.0)
        high = np.where(first > 0, stats.beta.ppf(1 - tail, second + 1, first), 1.0)
    return _ratio_of_share(low, first_base, second_base), _ratio_of_share(high, first_base, second_base)


def _ratio_of_share(share: Floats, first_base: Floats, second_base: Floats) -> Floats:
    with np.errstate(divide="ignore"):
        ratio: Floats = share / (1 - share) * first_base / second_base
    return ratio


def p_value(first: ArrayLike, second: ArrayLike, first_base: Floats, second_base: Floats) -> Floats:
    """Return the two-sided p value of equal rates: twice the smaller tail of the binomial, at most 1.

    The conditional test of Przyborowski and Wilenski (1940), its tails as incomplete beta functions, which serve counts
    divided by a dispersion too. The tails are doubled so that p is below 5 % exactly where `interval` leaves out 1,
    which the tail of less likely outcomes does not promise.
    """
    from scipy import special

    a, b = np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64)
    share = second_base / (first_base + second_base)
    at_least = np.where(b > 0, special.betainc(np.where(b > 0, b, 1.0), a + 1, share), 1.0)
    at_most = np.where(a > 0, special.betaincc(b + 1, np.where(a > 0, a, 1.0), share), 1.0)
    p: Floats = np.minimum(1.0, 2 * np.minimum(at_most, at_least))
    return p


def false_discovery(p: Floats) -> Floats:
    """Return p values adjusted by Benjamini and Hochberg (1995) over those that are not NaN; NaN stays NaN."""
    from scipy import stats

    q, is_tested = np.full(p.shape, np.nan), np.isfinite(p)
    if is_tested.any():
        q[is_tested] = stats.false_discovery_control(p[is_tested])
    return q


def _divided(count: Counts, base: Floats) -> Floats:
    rate: Floats = count / np.where(base > 0, base, np.nan)
    return rate


# --- two periods --------------------------------------------------------------------------------------


class NotComparable(AtlasError, ValueError):
    """Two periods cannot be compared; the problem says why and what would help."""


@dataclass(frozen=True, slots=True)
class Period:
    """An inclusive period of days."""

    first: date
    last: date

    @property
    def n_days(self) -> int:
        """Length in days."""
        return (self.last - self.first).days + 1

    @property
    def years(self) -> float:
        """Length in years."""
        return years_between(self.first, self.last)

    def shares_a_day(self, other: Period) -> bool:
        """Return whether both periods hold a common day."""
        return self.first <= other.last and other.first <= self.last

    def within(self, table: IncidentTable) -> Period | None:
        """Return the part that the records of a table cover, None where there is none."""
        found = questions.covered(table)
        if found is None:
            return None
        first, last = max(self.first, found[0]), min(self.last, found[1])
        return Period(first, last) if first <= last else None


@dataclass(frozen=True, slots=True, eq=False)
class PeriodComparison:
    """Two periods compared. first, second: the parts of them that have records, to which the rates refer.

    districts: in the order of the P-codes. province: one pair, the sum of all districts. n_unknown: incidents of each
    district that state no figure in the first and in the second period, each int64, shape (districts,). dispersion: of
    the monthly counts, see `dispersion`.
    """

    first: Period
    second: Period
    measure: str
    normaliser: str
    districts: Ratios
    province: Ratios
    n_unknown: tuple[Counts, Counts]
    dispersion: float

    @property
    def is_equal_length(self) -> bool:
        """Whether both periods have the same number of days, give or take a leap day."""
        return abs(self.first.n_days - self.second.n_days) <= _LEAP_DAYS


def why_not(
    table: IncidentTable, filters: Filters, first: Period, second: Period, measure: str = "incidents"
) -> Text | None:
    """Return why two periods cannot be compared, or None: they overlap, have no record, are recorded differently, or
    hold no incident that can tell the measure.

    The sources of each period are those of every row of the table, whatever the filter keeps apart from the datasets.
    """
    if first.shares_a_day(second):
        return text("The two periods overlap. Choose periods without a common day.")
    parts = first.within(table), second.within(table)
    for wanted, part in zip((first, second), parts, strict=True):
        if part is None:
            return text("No record covers {first} to {last}.", first=wanted.first, last=wanted.last)
    found = [_sources_of(table, filters, part) for part in parts if part]
    if any(crosses_seam(part.first, part.last, filters.sources) for part in parts if part):
        return text(
            "One of the periods is recorded differently in its two parts: the source changes on 1 January 2022. Choose "
            "periods on one side of that day, or one source in the sidebar."
        )
    if found[0] != found[1]:
        return text(
            "The two periods are recorded differently: the first by {first}, the second by {second}. What differs "
            "between them can be the source, so this is not called a change. Choose one source in the sidebar.",
            first=_listed(found[0]),
            second=_listed(found[1]),
        )
    return _untold(table, filters, measure, [part for part in parts if part])


def _untold(table: IncidentTable, filters: Filters, measure: str, parts: Sequence[Period]) -> Text | None:
    for part in parts:
        within = replace(filters, start=part.first, end=part.last, districts=())
        if not questions.is_stated(table, within, measure):
            return text(
                "What is to be compared is not known from {first} to {last}: no incident there states it, or the "
                "source does not distinguish police from other state forces.",
                first=part.first,
                last=part.last,
            )
    return None


def not_comparable(reason: Text) -> NotComparable:
    """Return the error that names why two periods cannot be compared."""
    return NotComparable([Problem(ProblemCode.NOT_COMPARABLE, reason, text(""))])


def _sources_of(table: IncidentTable, filters: Filters, period: Period) -> tuple[str, ...]:
    shown = select(table, Filters(start=period.first, end=period.last, datasets=filters.datasets))
    return tuple(table.sources[code] for code in np.unique(table.source[shown]))


def _listed(sources: Sequence[str]) -> Text:
    labels = [text(SOURCES[key].label) if key in SOURCES else text("{source}", source=key) for key in sources]
    if not labels:
        return text("no source")
    listed = labels[0]
    for label in labels[1:]:
        listed = text("{list} and {last}", list=listed, last=label)
    return listed


def periods(
    table: IncidentTable,
    districts: Districts,
    filters: Filters,
    measure: str,
    first: Period,
    second: Period,
    normaliser: str = "count",
) -> PeriodComparison:
    """Return the rates of the second period against the first, by district; period and districts of the filter do not
    apply.

    measure: key of MEASURES. normaliser: key of classes.NORMALISERS. Raises NotComparable where one of the periods
    has no record; whether the two are recorded in the same way is for `why_not` to say.
    """
    early, late = first.within(table), second.within(table)
    if early is None or late is None:
        raise not_comparable(why_not(table, filters, first, second) or text("A period has no record."))
    counts, bases, unknown = [], [], []
    for part, years in zip((early, late), _lengths(early, late), strict=True):
        within = replace(filters, start=part.first, end=part.last, districts=())
        tally = questions.by_district(table, within, measure)
        has_figure = questions.stated_by_district(table, within, measure)
        counts.append(tally.value)
        unknown.append(tally.n_unknown)
        amount = yearly_base(districts, part.first, part.last, normaliser)
        bases.append(np.where(has_figure, years * amount, np.nan))
    spread = dispersion(table, filters, measure, (early, late))
    options: Any = {"is_tested": measure in TESTED_MEASURES, "dispersion": spread}
    province = [np.array([count.sum()]) for count in counts], [_of_all(base, normaliser) for base in bases]
    return PeriodComparison(
        early,
        late,
        measure,
        normaliser,
        ratios(*counts, *bases, **options),
        ratios(*province[0], *province[1], **options),
        (unknown[0], unknown[1]),
        spread,
    )


def dispersion(table: IncidentTable, filters: Filters, measure: str, parts: Sequence[Period]) -> float:
    """Return how many times as much monthly counts vary as independent incidents would: at least 1.

    The mean square of Pearson residuals over all districts and months, within each period alone, so that a difference
    between the periods does not count (McCullagh and Nelder 1989, section 4.5). 1 without any count.
    """
    squares, degrees = 0.0, 0
    for part in parts:
        within = replace(filters, start=part.first, end=part.last, districts=())
        months = [(day.year - first_code(table, "year")) * 12 + day.month - 1 for day in (part.first, part.last)]
        by_month = sums(table, within, measure, ("month", "district"))[months[0] : months[1] + 1]
        monthly = by_month[:, -OUTSIDE:].astype(np.float64)
        mean = monthly.mean(axis=0)
        has_any = mean > 0
        squares += float((((monthly - mean) ** 2)[:, has_any] / mean[has_any]).sum())
        degrees += (len(monthly) - 1) * int(has_any.sum())
    return max(1.0, squares / degrees) if degrees else 1.0


def _lengths(first: Period, second: Period) -> tuple[float, float]:
    """Return the lengths in years; a leap day does not make two calendar years differ."""
    if abs(first.n_days - second.n_days) > _LEAP_DAYS:
        return first.years, second.years
    return ((first.years + second.years) / 2,) * 2


def _of_all(bases: Floats, normaliser: str) -> Floats:
    known = bases[~np.isnan(bases)]
    whole = known.mean() if normaliser == "count" and len(known) else known.sum() if len(known) else np.nan
    return np.array([whole])


def yearly_base(districts: Districts, first: date, last: date, normaliser: str) -> Floats:
    """Return what a year's count of each district is divided by: 1, residents / 100,000 or km² / 1,000."""
    if normaliser == "count":
        return np.ones(len(districts.pcodes))
    if normaliser == "per_100k":
        return districts.population_between(first, last) / 1e5
    return districts.area_km2 / 1e3

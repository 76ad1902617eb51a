"""Which incidents are one event reported twice: a one-to-one matcher that uses the stated precision of each row.

The idea (near in space and time, then agreement on what was done and to whom) is that of MELTT (Donnay, Dunford,
McGrath, Backer and Cunningham 2019, Journal of Conflict Resolution 63(5), doi 10.1177/0022002718777050). Here radius
and days follow from the stated precision of each row, and partners are chosen by one best assignment.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from geo.analysis.matching import candidates
from geo.analysis.matching.assignment import best_first, join, one_to_one
from geo.analysis.matching.candidates import Pairs
from geo.analysis.matching.events import EXACT, NOT_STATED, Events
from geo.incidents import UNKNOWN

Positions = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Rules:
    """What counts as near, and the weight of each agreement. Measured in docs/duplicates.md.

    exact_km, near_km: radius of a row's place; two points are compared within the sum of both.
    apart_exact_km: two exact places further apart are never one event.
    slack_day_days, slack_other_days: days between the spans, for two rows known to the day and for others.
    place_weight: at the same point. district_weight: only the district is known to be the same.
    toll_scale, toll_growth: tolls agree within about scale x (mean toll ** growth) people.
    toll_range: share of the distance between tolls that is measured between the stated ranges, not the best figures.
    matched: minimum score of a match. review_low, review_high: the band that a person should review.
    matched_within: minimum score of two rows of one source, which keeps them separate itself.
    """

    exact_km: float = 3.0
    near_km: float = 15.0
    apart_exact_km: float = 25.0
    slack_day_days: int = 2
    slack_other_days: int = 1
    place_weight: float = 3.0
    district_weight: float = 2.5
    attack_weight: float = 2.0
    target_weight: float = 1.5
    toll_weight: float = 1.5
    toll_scale: float = 1.5
    toll_growth: float = 0.5
    toll_range: float = 0.5
    day_penalty: float = 1.2
    matched: float = 3.0
    review_low: float = 2.5
    review_high: float = 3.5
    matched_within: float = 6.5


RULES = Rules()


@dataclass(frozen=True, slots=True, eq=False)
class Scored:
    """Pairs of rows and the terms of their scores, each array of shape (pairs,).

    first, second: positions. distance_km: NaN where being in one district was the rule. gap_days: days between
    the spans, zero where they meet. span_days: length of the longer span.
    place, attack, target, toll, days: the terms of the score, in its own unit.
    """

    first: Positions
    second: Positions
    distance_km: NDArray[np.float64]
    gap_days: NDArray[np.int64]
    span_days: NDArray[np.int64]
    place: NDArray[np.float64]
    attack: NDArray[np.float64]
    target: NDArray[np.float64]
    toll: NDArray[np.float64]
    days: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.first)

    @property
    def score(self) -> NDArray[np.float64]:
        """Sum of the terms; higher is more similar, 8 at most under the default rules."""
        return self.place + self.attack + self.target + self.toll + self.days

    def take(self, chosen: Mask | Positions) -> Scored:
        """Return the chosen pairs."""
        return Scored(**{field.name: getattr(self, field.name)[chosen] for field in fields(self)})


def match(
    events: Events,
    rules: Rules = RULES,
    *,
    within: tuple[int, ...] = (),
    same: Pairs | None = None,
    apart: Pairs | None = None,
) -> Scored:
    """Return the pairs that are, or may be, one event: each row has at most one partner in every other source.

    within: sources whose own rows are compared with one another, before the sources are compared.
    same, apart: pairs already decided; the first are taken as one, the second never paired.
    Pairs above rules.review_low are returned; those from rules.matched up count as matches. Ordered by position.
    """
    nothing = np.zeros(0, np.int64), np.zeros(0, np.int64)
    decided = nothing if same is None else same
    unit, _ = join(len(events), decided, nothing, events.source)
    pairs = _not_among(scored_pairs(events, rules, within=within), apart, len(events))
    pairs = pairs.take(unit[pairs.first] != unit[pairs.second])
    is_within = events.source[pairs.first] == events.source[pairs.second]
    inner = pairs.take(is_within & (pairs.score >= rules.matched_within) & _is_one_place(events, pairs))
    inner = inner.take(best_first(inner.first, inner.second, inner.score))
    fixed = (np.concatenate([decided[0], inner.first]), np.concatenate([decided[1], inner.second]))
    chosen = _joined([inner, _across(events, pairs.take(~is_within), rules, fixed)])
    return chosen.take(np.lexsort((chosen.second, chosen.first)))


def with_listed(events: Events, found: Scored, listed: Pairs, decided: Sequence[Pairs], rules: Rules = RULES) -> Scored:
    """Return the found pairs and those listed by somebody, whatever their score, unless they are decided."""
    known = [*decided, (found.first, found.second)]
    everything = (np.concatenate([pair[0] for pair in known]), np.concatenate([pair[1] for pair in known]))
    return _joined([found, _not_among(compare(events, *listed, rules), everything, len(events))])


def _across(events: Events, pairs: Scored, rules: Rules, fixed: Pairs) -> Scored:
    """Assign partners between every two sources, then keep the best where three sources disagree."""
    source = events.source
    unit, _ = join(len(events), fixed, (np.zeros(0, np.int64), np.zeros(0, np.int64)), source)
    n_sources = int(source.max(initial=0)) + 1
    # A row that already has a partner in a source gets no other one there.
    taken = unit * n_sources + source
    is_taken = np.isin(unit[pairs.first] * n_sources + source[pairs.second], taken)
    is_taken |= np.isin(unit[pairs.second] * n_sources + source[pairs.first], taken)
    pairs = pairs.take(~is_taken)
    is_lower = source[pairs.first] < source[pairs.second]
    left, right = np.where(is_lower, pairs.first, pairs.second), np.where(is_lower, pairs.second, pairs.first)
    chosen = np.zeros(len(pairs), dtype=bool)
    for a, b in np.unique(np.column_stack([source[left], source[right]]), axis=0).tolist():
        ours = np.flatnonzero((source[left] == a) & (source[right] == b))
        # Of several rows that are one event already, only the pair with the best score is used.
        best = ours[np.lexsort((right[ours], left[ours], -pairs.score[ours]))]
        sides = unit[left[best]], unit[right[best]]
        best = best[np.sort(np.unique(sides[0] * len(events) + sides[1], return_index=True)[1])]
        gain = pairs.score[best] - rules.review_low
        chosen[best[one_to_one(unit[left[best]], unit[right[best]], gain)]] = True
    found = pairs.take(chosen)
    found = found.take(np.lexsort((found.second, found.first, -found.score)))
    _, is_joined = join(len(events), fixed, (found.first, found.second), source)
    return found.take(is_joined)


def scored_pairs(events: Events, rules: Rules = RULES, *, within: tuple[int, ...] = ()) -> Scored:
    """Return every candidate pair without a veto that lies in the review band or above, ordered by position."""
    parts = []
    inner = np.isin(events.source, within)
    for a, b in candidate_pairs(events, rules):
        keep = (events.source[a] != events.source[b]) | inner[a]
        keep[keep] = ~is_vetoed(events, a[keep], b[keep], rules)
        scored = compare(events, a[keep], b[keep], rules)
        parts.append(scored.take(scored.score > rules.review_low))
    nothing = np.zeros(0, dtype=np.int64)
    pairs = _joined([*parts, compare(events, nothing, nothing, rules)])
    return pairs.take(np.lexsort((pairs.second, pairs.first)))


def candidate_pairs(events: Events, rules: Rules = RULES) -> Iterator[Pairs]:
    """Yield the pairs that are near enough in time and place to be compared, in parts, each pair once.

    Rows without a usable point are compared with all rows of their district, rows without a district with none.
    """
    start, end = events.spans()
    slack = max(rules.slack_day_days, rules.slack_other_days)
    has_point, reach = events.has_point(), _reach_km(events, rules)
    for a, b in candidates.in_same_district(events.district, has_point, start, end, slack):
        keep = _is_timely(a, b, start, end, rules)
        yield a[keep], b[keep]
    lat, lon, widest = events.lat_deg, events.lon_deg, 2 * max(rules.exact_km, rules.near_km)
    for a, b in candidates.within_reach(lat, lon, has_point, start, end, slack, widest):
        keep = _is_timely(a, b, start, end, rules)
        keep[keep] = candidates.distance_km(lat, lon, a[keep], b[keep]) <= reach[a[keep]] + reach[b[keep]]
        yield a[keep], b[keep]


def compare(events: Events, first: Positions, second: Positions, rules: Rules = RULES) -> Scored:
    """Score pairs of rows, whether or not they are candidates."""
    start, end = events.spans()
    has_point, reach = events.has_point(), _reach_km(events, rules)
    distance = candidates.distance_km(events.lat_deg, events.lon_deg, first, second)
    distance = np.where(has_point[first] & has_point[second], distance, np.nan)
    nearness = np.exp(-distance / ((reach[first] + reach[second]) / 2))
    in_district = (events.district[first] == events.district[second]) & (events.district[first] >= 0)
    gap = np.maximum(np.maximum(start[second] - end[first], start[first] - end[second]), 0)
    span = np.maximum((end - start)[first], (end - start)[second]) + 1
    return Scored(
        first=first,
        second=second,
        distance_km=distance,
        gap_days=gap,
        span_days=span,
        place=np.where(np.isnan(distance), rules.district_weight * in_district, rules.place_weight * nearness),
        attack=rules.attack_weight * _is_shared(events.attack_family, first, second).astype(np.float64),
        target=rules.target_weight * _is_shared(events.target_family, first, second).astype(np.float64),
        toll=rules.toll_weight * _toll_agreement(events, first, second, rules),
        # In a span of w days there are w times as many unrelated events; the logarithm corrects for that.
        days=-rules.day_penalty * gap - np.log(span),
    )


def is_vetoed(events: Events, first: Positions, second: Positions, rules: Rules = RULES) -> Mask:
    """Return which pairs can never be one event: different groups named, exact places far apart, a summary row."""
    is_other_group = (events.group[first] != NOT_STATED) & (events.group[second] != NOT_STATED)
    is_other_group &= events.group[first] != events.group[second]
    is_exact = events.has_point() & (events.geo_precision == EXACT)
    apart_km = candidates.distance_km(events.lat_deg, events.lon_deg, first, second)
    is_far = is_exact[first] & is_exact[second] & (apart_km > rules.apart_exact_km)
    is_sum = events.n_events > 1
    vetoed: Mask = is_other_group | is_far | is_sum[first] | is_sum[second]
    return vetoed


def _toll_agreement(events: Events, first: Positions, second: Positions, rules: Rules) -> NDArray[np.float64]:
    """Return 1 for equal tolls, falling with their distance; 0 where either is unknown."""
    best, low, high = events.killed_best, events.killed_low, events.killed_high
    is_known = (best[first] != UNKNOWN) & (best[second] != UNKNOWN)
    between_best = np.abs(best[first] - best[second])
    between_ranges = np.maximum(np.maximum(low[first] - high[second], low[second] - high[first]), 0)
    apart = (1 - rules.toll_range) * between_best + rules.toll_range * between_ranges
    # Counts vary with the root of their size: 48 and 56 dead are more likely one event than 1 and 9.
    scale = rules.toll_scale * np.maximum((best[first] + best[second]) / 2, 1.0) ** rules.toll_growth
    return np.where(is_known, np.exp(-apart / scale), 0.0)


def _is_one_place(events: Events, pairs: Scored) -> Mask:
    """Return whether two rows of one source share more than a district: a measured distance, or the place name."""
    return ~np.isnan(pairs.distance_km) | _is_shared(events.place, pairs.first, pairs.second)


def _is_shared(codes: NDArray[np.int64], first: Positions, second: Positions) -> Mask:
    shared: Mask = (codes[first] != NOT_STATED) & (codes[first] == codes[second])
    return shared


def _is_timely(a: Positions, b: Positions, start: NDArray[np.int64], end: NDArray[np.int64], rules: Rules) -> Mask:
    is_day = end == start
    slack = np.where(is_day[a] & is_day[b], rules.slack_day_days, rules.slack_other_days)
    timely: Mask = np.maximum(start[b] - end[a], start[a] - end[b]) <= slack
    return timely


def _reach_km(events: Events, rules: Rules) -> NDArray[np.float64]:
    return np.where(events.geo_precision == EXACT, rules.exact_km, rules.near_km)


def _not_among(pairs: Scored, decided: Pairs | None, n: int) -> Scored:
    """Return the pairs that are not in a list of pairs, in either order."""
    if decided is None or not len(decided[0]):
        return pairs
    low, high = np.minimum(*decided), np.maximum(*decided)
    own = np.minimum(pairs.first, pairs.second) * n + np.maximum(pairs.first, pairs.second)
    return pairs.take(~np.isin(own, low * n + high))


def _joined(parts: list[Scored]) -> Scored:
    return Scored(**{f.name: np.concatenate([getattr(part, f.name) for part in parts]) for f in fields(Scored)})

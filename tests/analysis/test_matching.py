"""The matcher on pairs a person can draw: what is near, what counts, what can never be one event, one partner each."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.analysis.matching.events import NOT_STATED, Events
from geo.analysis.matching.matcher import RULES, Scored, candidate_pairs, compare, is_vetoed, match, scored_pairs
from tests.analysis.toy_events import events, vague, without_toll

A, B = {"source": 0}, {"source": 1}


def score(first: dict[str, Any], second: dict[str, Any]) -> Scored:
    """Return the score of one pair."""
    return compare(events(first, second), np.array([0]), np.array([1]))


def are_candidates(first: dict[str, Any], second: dict[str, Any]) -> bool:
    return any(len(a) for a, _ in candidate_pairs(events(A | first, B | second)))


def pairs(found: Scored) -> list[tuple[int, int]]:
    return list(zip(found.first.tolist(), found.second.tolist(), strict=True))


# --- near enough to be compared --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ({}, {"km": 5.9}, True),
        ({}, {"km": 6.1}, False),
        ({"geo_precision": "near"}, {"km": 17.9}, True),
        ({"geo_precision": "near"}, {"km": 18.1}, False),
        ({"geo_precision": "near"}, {"km": 29.9, "geo_precision": "near"}, True),
        ({"geo_precision": "near"}, {"km": 30.1, "geo_precision": "near"}, False),
        ({}, {"km": 5, "district": 1}, True),
        (vague(), {"km": 90}, True),
        (vague(), {"district": 1}, False),
        (vague(), vague(), True),
        (vague(district=-1), vague(district=-1), False),
        (vague(district=-1), {}, False),
    ],
)
def test_the_radius_follows_from_both_precisions(first: dict[str, Any], second: dict[str, Any], expected: bool) -> None:
    assert are_candidates(first, second) is expected


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ({}, {"days": 2}, True),
        ({}, {"days": 3}, False),
        ({}, {"days": -2}, True),
        ({"length": 4}, {"days": 4}, True),
        ({"length": 4}, {"days": 5}, False),
        ({"date_precision": "month", "length": 31}, {"days": 31}, True),
        ({"date_precision": "month", "length": 31}, {"days": 32}, False),
        ({"date_precision": "week"}, {"days": 4}, True),
        ({"date_precision": "week"}, {"days": 5}, False),
        ({"date_precision": "year", "length": 366}, {"days": 200}, True),
    ],
)
def test_the_days_allowed_follow_from_both_precisions(
    first: dict[str, Any], second: dict[str, Any], expected: bool
) -> None:
    assert are_candidates(first, second) is expected


# --- what agreement is worth -----------------------------------------------------------------------------------


def test_two_reports_that_agree_in_everything_reach_the_highest_score() -> None:
    assert score({}, {}).score[0] == pytest.approx(3 + 2 + 1.5 + 1.5)


def test_each_difference_lowers_the_score_by_its_own_term() -> None:
    assert score({}, {"km": 3}).place[0] == pytest.approx(3 * np.exp(-1), rel=1e-3)
    assert score({}, {"attack_family": 1}).attack[0] == 0
    assert score({}, {"target_family": 1}).target[0] == 0
    assert score({}, {"days": 1}).days[0] == pytest.approx(-1.2)
    assert score({}, {"days": 2}).days[0] == pytest.approx(-2.4)


def test_the_same_district_says_less_than_the_same_point_and_another_district_nothing() -> None:
    assert score({}, vague()).place[0] == pytest.approx(2.5)
    assert score({}, vague(district=1)).place[0] == 0
    assert np.isnan(score({}, vague()).distance_km[0])


def test_what_is_not_stated_agrees_with_nothing() -> None:
    silent = {"attack_family": NOT_STATED, "target_family": NOT_STATED} | without_toll()
    assert score(silent, silent).score[0] == pytest.approx(3)


def test_tolls_agree_more_loosely_the_larger_they_are() -> None:
    def agreement(a: int, b: int) -> float:
        return float(score({"killed_best": a}, {"killed_best": b}).toll[0])

    assert agreement(5, 5) == agreement(0, 0) == pytest.approx(1.5)
    # Half of the distance counts twice: between the best figures, and between ranges that are the figures themselves.
    assert agreement(0, 1) == pytest.approx(1.5 * np.exp(-1 / 1.5))
    assert agreement(48, 56) > agreement(1, 9)


def test_a_stated_range_that_holds_the_other_toll_halves_the_distance() -> None:
    unsure = {"killed_best": 0, "killed_low": 0, "killed_high": 6}
    sure = {"killed_best": 6}
    apart = 6 / (1.5 * np.sqrt(3))
    assert score(unsure, sure).toll[0] == pytest.approx(1.5 * np.exp(-apart / 2))


def test_a_month_is_less_of_an_agreement_than_a_day() -> None:
    month = {"date_precision": "month", "length": 31}
    assert score(month, {"days": 12}).days[0] == pytest.approx(-np.log(31))
    assert score({}, {}).days[0] == 0


def test_a_score_is_the_same_from_both_sides() -> None:
    both = events({"km": 2, "days": 1, "killed_best": 9}, {"geo_precision": "near", "killed_best": 4})
    there = compare(both, np.array([0]), np.array([1])).score
    assert there.tolist() == compare(both, np.array([1]), np.array([0])).score.tolist()


# --- what can never be one event -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ({"group": 1}, {"group": 2}, True),
        ({"group": 1}, {"group": 1}, False),
        ({"group": 1}, {}, False),
        ({}, {"km": 26}, True),
        ({}, {"km": 24}, False),
        ({}, {"km": 26, "geo_precision": "near"}, False),
        ({}, vague(), False),
        ({"n_events": 2}, {}, True),
        ({}, {"n_events": 5}, True),
    ],
)
def test_vetoes(first: dict[str, Any], second: dict[str, Any], expected: bool) -> None:
    assert is_vetoed(events(first, second), np.array([0]), np.array([1])).tolist() == [expected]


@pytest.mark.parametrize("cells", [{"group": 2}, {"n_events": 3}])
def test_a_vetoed_pair_is_not_matched_however_alike(cells: dict[str, Any]) -> None:
    assert len(match(events(A | {"group": 1}, B | cells))) == 0


# --- one partner each ------------------------------------------------------------------------------------------


def test_the_better_partner_is_chosen_and_the_other_stays_alone() -> None:
    found = match(events(A, B | {"days": 1}, B | {"km": 0.5}))
    assert pairs(found) == [(0, 2)]


def test_two_bombs_on_one_day_find_each_their_own_report() -> None:
    # Both reports of source 1 prefer the first bomb; taking the best pair first would leave it the only pair.
    first, second = A | {"killed_best": 2}, A | {"km": 4, "killed_best": 3}
    near_first, between = B | {"killed_best": 2}, B | {"km": 1, "killed_best": 2}
    assert pairs(match(events(first, second, near_first, between))) == [(0, 2), (1, 3)]


def test_rows_of_one_source_are_not_compared_unless_asked() -> None:
    twice = events(A, A)
    assert len(match(twice)) == 0
    assert pairs(match(twice, within=(0,))) == [(0, 1)]


def test_within_a_source_a_shared_district_is_not_enough() -> None:
    assert len(match(events(A | vague(), A | vague()), within=(0,))) == 0
    assert pairs(match(events(A | vague(place=4), A | vague(place=4)), within=(0,))) == [(0, 1)]
    assert len(match(events(A | vague(place=4), A | vague(place=5)), within=(0,))) == 0


def test_a_row_told_twice_by_one_source_has_one_partner_in_another() -> None:
    found = match(events(A, A, B | {"km": 1}), within=(0,))
    assert len(found) == 2
    assert (0, 1) in pairs(found)


def test_three_sources_make_one_event_and_never_two_rows_of_one_source() -> None:
    found = match(events(A, B | {"km": 1}, {"source": 2, "km": 0.5}, {"source": 2, "km": 5}))
    joined = pairs(found)
    assert len(joined) == 2
    assert {position for pair in joined for position in pair} == {0, 1, 2}


def test_a_shared_district_and_day_alone_are_no_reason_to_look() -> None:
    silent = {"attack_family": NOT_STATED, "target_family": NOT_STATED} | without_toll()
    assert len(match(events(A | silent | vague(), B | silent | vague()))) == 0
    assert len(match(events(A | silent, B | silent))) == 1, "the same point and day are"


def test_the_review_band_is_returned_and_what_is_below_is_not() -> None:
    silent = {"attack_family": NOT_STATED} | without_toll()
    found = match(events(A | silent | vague(), B | silent | vague(days=1)))
    assert found.score.tolist() == pytest.approx([2.5 + 1.5 - 1.2])
    assert len(match(events(A | silent | vague(), B | silent | vague(days=2)))) == 0


def test_pairs_told_apart_are_never_proposed_and_free_each_other() -> None:
    told = events(A, B, B | {"days": 1})
    assert pairs(match(told)) == [(0, 1)]
    apart = (np.array([1]), np.array([0]))
    assert pairs(match(told, apart=apart)) == [(0, 2)]


def test_pairs_merged_already_are_not_proposed_again_and_hold_their_place() -> None:
    told = events(A, B, B | {"days": 1}, {"source": 2, "km": 1})
    same = (np.array([0]), np.array([1]))
    found = match(told, same=same)
    assert len(found) == 1
    assert found.second.tolist() == [3]


def test_no_events_give_no_pairs() -> None:
    nothing = replace(events(A), **{item.name: getattr(events(A), item.name)[:0] for item in fields(Events)})
    assert len(match(nothing)) == 0
    assert len(scored_pairs(nothing)) == 0


# --- order and size --------------------------------------------------------------------------------------------


@st.composite
def crowds(draw: st.DrawFn) -> Events:
    """A few days in two small districts, told by three sources with all precisions."""
    precision = st.sampled_from(["exact", "near", "district"])
    one = st.fixed_dictionaries(
        {
            "km": st.integers(0, 40),
            "days": st.integers(0, 6),
            "length": st.integers(1, 3),
            "geo_precision": precision,
            "district": st.integers(-1, 1),
            "attack_family": st.integers(-1, 1),
            "target_family": st.integers(-1, 1),
            "group": st.integers(-1, 1),
            "killed_best": st.integers(-1, 6),
            "n_events": st.sampled_from([1, 1, 1, 2]),
            "source": st.integers(0, 2),
            "date_precision": st.sampled_from(["day", "day", "week"]),
        }
    )
    return events(*draw(st.lists(one, min_size=1, max_size=14)))


@settings(max_examples=80, deadline=None)
@given(crowds())
def test_candidates_are_exactly_the_pairs_within_reach(crowd: Events) -> None:
    found = sorted(pair for a, b in candidate_pairs(crowd) for pair in zip(a.tolist(), b.tolist(), strict=True))
    n = len(crowd)
    start, end = crowd.spans()
    point = crowd.has_point()
    reach = np.where(crowd.geo_precision == 0, 3.0, 15.0)
    expected = []
    for a in range(n):
        for b in range(a + 1, n):
            slack = 2 if end[a] == start[a] and end[b] == start[b] else 1
            if max(start[b] - end[a], start[a] - end[b]) > slack:
                continue
            scored = compare(crowd, np.array([a]), np.array([b]))
            if point[a] and point[b]:
                if scored.distance_km[0] <= reach[a] + reach[b]:
                    expected.append((a, b))
            elif crowd.district[a] >= 0 and crowd.district[a] == crowd.district[b]:
                expected.append((a, b))
    assert found == expected


@settings(max_examples=80, deadline=None)
@given(crowds())
def test_every_match_is_a_candidate_without_a_veto_and_no_row_has_two_partners_in_a_source(crowd: Events) -> None:
    found = match(crowd)
    assert (found.score > RULES.review_low).all()
    assert not is_vetoed(crowd, found.first, found.second).any()
    assert (crowd.source[found.first] != crowd.source[found.second]).all()
    partners = [(a, crowd.source[b]) for a, b in pairs(found)] + [(b, crowd.source[a]) for a, b in pairs(found)]
    assert len(set(partners)) == len(partners)


def test_a_higher_bar_only_takes_pairs_away_when_nobody_competes() -> None:
    told = events(A, B | {"km": 2, "days": 1, "attack_family": 3}, A | {"days": 90}, B | {"days": 90})
    low, high = match(told), match(told, replace(RULES, review_low=6.0))
    assert set(pairs(high)) < set(pairs(low))

"""Direction, pressure from neighbours and steady classes: golden numbers and edges."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.analysis.index import series
from geo.analysis.index.scores import INSUFFICIENT
from geo.analysis.index.settings import Hysteresis

CUTS = (25.0, 50.0, 75.0)
RULE = Hysteresis()


@pytest.mark.parametrize(
    ("recent", "earlier", "dispersion", "ratio", "rise"),
    [(20, 22, 1, 61 / 34, 0.969541), (3, 6, 1, 1, 0.469885), (20, 22, 2, 62 / 35, 0.902955)],
)
def test_the_trend_has_its_golden_numbers(
    recent: int, earlier: int, dispersion: float, ratio: float, rise: float
) -> None:
    np.testing.assert_allclose(np.array(series.trend(recent, earlier, dispersion)), [ratio, rise], atol=1e-6)


def monthly(earlier: int, recent: int) -> np.ndarray:
    """Return 12 months of one count and 6 of another, for one district."""
    return np.array([[earlier]] * 12 + [[recent]] * 6, dtype=float)


@pytest.mark.parametrize(
    ("earlier", "recent", "code"), [(2, 8, "rising"), (8, 2, "easing"), (3, 3, "no_clear_change"), (0, 0, "too_few")]
)
def test_a_direction_needs_a_clear_change(earlier: int, recent: int, code: str) -> None:
    assert series.direction(monthly(earlier, recent)).code == (code,)


def test_fewer_than_eighteen_months_have_no_direction() -> None:
    found = series.direction(np.ones((17, 2)))
    assert found.code == ("unknown", "unknown")
    assert np.isnan(found.pr_rise).all()


def test_attacks_that_cluster_make_a_rise_less_sure() -> None:
    even = monthly(2, 4)
    clustered = even.copy()
    clustered[-6:] = [[24], [0], [0], [0], [0], [0]]
    assert series.direction(clustered).pr_rise[0] < series.direction(even).pr_rise[0]


def test_only_the_last_three_years_count() -> None:
    old = np.vstack([np.full((40, 1), 99.0), monthly(2, 8)])
    assert series.direction(old[-36:]).pr_rise[0] == series.direction(old).pr_rise[0]


def test_pressure_is_the_mean_of_the_neighbours_not_of_the_district() -> None:
    found = series.neighbour_pressure(np.array([0.0, 1.0, 0.4, np.nan]), [[1], [0, 2], [1, 3], []])
    np.testing.assert_allclose(found[:3], [1.0, 0.2, 1.0])
    assert np.isnan(found[3])


def test_steady_classes_have_their_golden_sequence() -> None:
    points = [70, 76, 77, 74, 72, 69, 69, 69, 80, 80]
    assert series.steady_classes(points, [True] * 10, CUTS, RULE) == [2, 2, 3, 3, 3, 3, 3, 2, 2, 3]


def test_a_lost_gate_ends_the_top_class_after_three_months() -> None:
    assert series.steady_classes([90] * 5, [True, False, False, False, False], CUTS, RULE) == [3, 3, 3, 2, 2]


def test_a_missed_gate_never_lets_a_series_into_the_top_class() -> None:
    assert series.steady_classes([60, 90, 90, 90], [False] * 4, CUTS, RULE) == [2, 2, 2, 2]


def test_months_without_data_are_gaps_and_the_series_starts_anew() -> None:
    points = [np.nan, 80, np.nan, 10, 60, 60]
    assert series.steady_classes(points, [True] * 6, CUTS, RULE) == [INSUFFICIENT, 3, INSUFFICIENT, 0, 0, 1]


@given(st.lists(st.floats(0, 100), min_size=1, max_size=40))
def test_a_steady_class_moves_one_level_at_a_time_and_never_on_one_month(points: list[float]) -> None:
    classes = series.steady_classes(points, [True] * len(points), CUTS, RULE)
    steps = np.diff(classes)
    assert (np.abs(steps) <= 1).all()
    assert classes[0] == np.digitize(points[0], CUTS)
    moved = np.flatnonzero(steps)
    assert not len(moved) or moved[0] >= 1
    assert (np.diff(moved) >= 2).all()


def test_fewer_than_five_attacks_are_too_few_to_call_a_direction() -> None:
    # One attack in the last six months and none before was once "rising" with a probability of .908.
    one = np.zeros((18, 1))
    one[-1] = 1
    assert series.direction(one).code == ("too_few",)
    four = one * 4
    assert series.direction(four).code == ("too_few",)
    assert series.direction(one * 5).code != ("too_few",)


def test_the_prior_by_itself_favours_no_direction() -> None:
    ratio, _ = series.trend(0, 0)
    assert ratio == pytest.approx(1)
    ratio, pr_rise = series.trend(1, 0)
    assert pr_rise < 0.9


@pytest.mark.parametrize("rate", [0.05, 0.3, 0.5, 1.0, 5.0])
def test_a_constant_rate_rarely_has_a_direction_and_rises_as_often_as_it_eases(rate: float) -> None:
    drawn = np.random.default_rng(20_250_101).poisson(rate, (36, 20_000)).astype(float)
    code = np.array(series.direction(drawn).code)
    rising, easing = (code == "rising").mean(), (code == "easing").mean()
    assert max(rising, easing) < 0.12
    assert abs(rising - easing) < 0.05

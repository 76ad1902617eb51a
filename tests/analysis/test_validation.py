"""Measures of orderings and forecasts against numbers worked by hand and against SciPy."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from geo.analysis.counting.rates import empirical_bayes
from geo.analysis.index import validation as v

NUMBERS = st.lists(st.integers(0, 6), min_size=4, max_size=12)


@given(NUMBERS, st.randoms())
def test_rank_correlation_is_that_of_scipy(numbers: list[int], random: object) -> None:
    other = list(numbers)
    random.shuffle(other)
    if len(set(numbers)) == 1:
        assert np.isnan(v.spearman(numbers, other))
    else:
        assert v.spearman(numbers, other) == pytest.approx(stats.spearmanr(numbers, other).statistic)


def test_rank_correlation_with_a_missing_value_is_missing() -> None:
    assert np.isnan(v.spearman([1, 2, np.nan], [1, 2, 3]))


def test_districts_that_tie_share_the_last_places() -> None:
    assert v.places([5, 1, 1, 1], 2).tolist() == [1, 1 / 3, 1 / 3, 1 / 3]
    assert v.places([0, 0, 0, 0], 2).tolist() == [0.5] * 4
    with pytest.raises(ValueError, match="k is 5"):
        v.places([1, 2, 3, 4], 5)


@given(NUMBERS, st.integers(1, 4))
def test_there_are_as_many_places_as_asked_for(numbers: list[int], k: int) -> None:
    held = v.places(numbers, k)
    assert held.sum() == pytest.approx(k)
    assert ((held >= 0) & (held <= 1)).all()


def test_hit_share_and_recapture_by_hand() -> None:
    scores, outcome = [9, 8, 1, 0], [2, 0, 6, 2]
    assert v.hit_share(scores, outcome, 2) == 0.2
    assert v.recapture(scores, outcome, 2) == pytest.approx(0.2 / 0.8)
    assert np.isnan(v.hit_share(scores, [0, 0, 0, 0], 2))


def test_pai_and_pei_have_their_golden_numbers() -> None:
    assert v.pai(60, 100, 10, 50) == pytest.approx(3)
    assert v.pei([50, 30, 10, 5, 5], [10] * 5, [1, 0, 1, 0, 0]) == pytest.approx(0.75)
    assert np.isnan(v.pei([0, 0], [10, 10], [1, 0]))


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 20), st.integers(1, 30)), min_size=2, max_size=7), st.integers(1, 90))
def test_the_best_catch_is_exact(cells: list[tuple[int, int]], budget: int) -> None:
    outcome, area = (np.array(column, float) for column in zip(*cells, strict=True))
    choices = (list(c) for size in range(len(cells) + 1) for c in combinations(range(len(cells)), size))
    by_hand = max(outcome[c].sum() for c in choices if area[c].sum() <= budget)
    assert v.best_catch(outcome, area, budget) == pytest.approx(by_hand)


def test_the_best_catch_can_beat_taking_the_densest_first() -> None:
    # The densest district leaves room for nothing else; the two others together hold more.
    assert v.best_catch(np.array([9.0, 8, 8]), np.array([8.0, 7.5, 7.5]), 15.0) == 16


def test_scores_of_forecasts_by_hand() -> None:
    assert v.brier([0.9, 0.2], [True, False]) == pytest.approx((0.01 + 0.04) / 2)
    assert v.log_score([0.9, 0.2], [True, False]) == pytest.approx(-(np.log(0.9) + np.log(0.8)) / 2)
    assert v.log_score([0.0], [True]) == pytest.approx(-np.log(0.01)), "a sure error costs much, not infinitely much"


def test_the_forecast_is_the_negative_binomial_of_the_posterior() -> None:
    count, base, later = np.array([48, 60, 30, 12, 0.0]), np.array([13, 7, 18, 47, 4.0]), np.full(5, 10.0)
    fit = empirical_bayes(count, base)
    chance = (base + fit.rate) / (base + fit.rate + later)
    expected = stats.nbinom.sf(5, count + fit.shape, chance)
    np.testing.assert_allclose(v.forecast_at_least(count, base, later, 6), expected, atol=1e-12)


def test_the_forecast_is_poisson_where_districts_are_alike() -> None:
    found = v.forecast_at_least([2, 4, 6], [1, 2, 3], [1.0, 1, 2], 3)
    np.testing.assert_allclose(found, stats.poisson.sf(2, [2, 2, 4]), atol=1e-12)


def test_auc_counts_ties_half() -> None:
    assert v.auc([3, 2, 1, 0], [True, True, False, False]) == 1
    assert v.auc([1, 1, 1, 1], [True, True, False, False]) == 0.5
    assert v.auc([2, 1, 2, 0], [True, False, False, False]) == pytest.approx((1 + 0.5 + 1) / 3)
    assert np.isnan(v.auc([1, 2], [True, True]))


def test_a_list_is_compared_with_as_many_top_districts() -> None:
    found = v.score_list([9, 8, 7, 1, np.nan], ["a", "b", "c", "d", "e"], ["a", "c", "e", "unknown"])
    assert (found.n_listed, found.overlap) == (2, 0.5)
    assert found.auc == pytest.approx(0.75)
    assert np.isnan(v.score_list([1, 2], ["a", "b"], []).overlap)


def test_the_interval_of_a_mean_difference_is_that_of_student() -> None:
    mean, low, high = v.paired_interval([0.1, 0.2, 0.3, np.nan])
    assert mean == pytest.approx(0.2)
    # t = 4.302653 with two degrees of freedom, standard error .1 / sqrt(3).
    assert (low, high) == pytest.approx((0.2 - 4.302653 * 0.1 / 3**0.5, 0.2 + 4.302653 * 0.1 / 3**0.5), abs=1e-6)
    assert v.paired_interval([0.5])[0] == 0.5
    assert np.isnan(v.paired_interval([0.5])[1])
    assert np.isnan(v.paired_interval([])[0])


def test_four_years_of_small_gains_do_not_make_an_index_better() -> None:
    # Resampling these four years gives an interval above zero; with n = 4 that says nothing.
    _mean, low, _high = v.paired_interval([0.01, 0.05, 0.002, 0.09])
    assert low < 0


def test_baselines_look_only_at_years_so_far() -> None:
    counts = np.array([[4.0, 0], [0, 2], [8, 7]])
    assert v.climatology(counts).tolist() == [[4, 0], [2, 1], [4, 3]]
    assert v.ewma(counts).tolist() == [[4, 0], [2, 1], [5, 4]]
    np.testing.assert_allclose(v.share_reached(counts, 4), [[0.75, 0.25], [1.5 / 3, 0.5 / 3], [2.5 / 4, 1.5 / 4]])
    changed = counts.copy()
    changed[2] = 99
    for baseline in (v.climatology, v.ewma, lambda c: v.share_reached(c, 4)):
        np.testing.assert_array_equal(baseline(counts)[:2], baseline(changed)[:2])

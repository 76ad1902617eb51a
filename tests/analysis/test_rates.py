"""Rates of rare events: the published golden numbers, and what must hold for any count."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from geo.analysis.counting import rates
from tests.toy_index import AREA_KM2, POPULATION, S

BASE = rates.exposure(POPULATION, AREA_KM2)
COUNTS = st.floats(0, 500)
BASES = st.floats(0.1, 50)


@pytest.mark.parametrize(
    ("alpha", "expected"),
    [(1.0, [13, 7, 18, 47, 4]), (0.5, [5.09902, 5.735852, 12.938315, 8.396428, 4.0]), (0.0, [2, 4.7, 9.3, 1.5, 4])],
)
def test_exposure_blends_residents_and_area(alpha: float, expected: list[float]) -> None:
    np.testing.assert_allclose(rates.exposure(POPULATION, AREA_KM2, alpha), expected, atol=1e-5)


def test_exposure_grows_with_the_window() -> None:
    np.testing.assert_allclose(rates.exposure(POPULATION, AREA_KM2, 1.0, 6), BASE / 2)
    assert rates.exposure(POPULATION, AREA_KM2, np.array([[0.5], [1.0]])).shape == (2, 5)


@pytest.mark.parametrize("people", [np.nan, 0.0, -1.0])
def test_a_district_without_residents_has_no_exposure(people: float) -> None:
    assert np.isnan(rates.exposure(people, 1000.0)).all()
    assert np.isnan(rates.exposure(1e5, people, 0.0)).all()
    assert np.isnan(rates.poisson_lower_bound(3, rates.exposure(people, 1000.0))).all()


def test_the_lower_bound_has_its_golden_numbers() -> None:
    found = rates.poisson_lower_bound([0, 1, 2, 5, 10, 48], 1.0)
    np.testing.assert_allclose(found, [0, 0.223144, 0.824388, 3.08954, 7.28922, 42.093346], atol=1e-5)


@given(COUNTS, BASES, st.floats(0.55, 0.95))
def test_the_lower_bound_is_a_poisson_bound_below_the_rate(count: float, base: float, confidence: float) -> None:
    bound = float(rates.poisson_lower_bound(count, base, confidence)) * base
    assert 0 <= bound <= count + 1e-9
    # The bound of a count below a hundredth is smaller than a float can be.
    if count > 0.01:
        assert stats.gamma.cdf(bound, count) == pytest.approx(1 - confidence, abs=1e-6)


def test_the_two_sided_interval_has_its_golden_numbers() -> None:
    np.testing.assert_allclose(np.array(rates.garwood_interval(0.0)), [0, 3.688879], atol=1e-6)
    np.testing.assert_allclose(np.array(rates.garwood_interval(5.0)), [1.623486, 11.668332], atol=1e-6)


@given(COUNTS, BASES)
def test_the_interval_holds_the_rate(count: float, base: float) -> None:
    low, high = rates.garwood_interval(count, base)
    assert low <= count / base + 1e-9
    assert high > count / base


def test_smoothing_has_its_golden_numbers() -> None:
    fit = rates.empirical_bayes(S, BASE)
    np.testing.assert_allclose([fit.mean, fit.shape, fit.rate], [1.685393, 0.523041, 0.310338], atol=1e-5)
    np.testing.assert_allclose(fit.smoothed, [3.645515, 8.279103, 1.666984, 0.264700, 0.121346], atol=1e-5)


def test_smoothing_equals_that_of_esda() -> None:
    smoothing = pytest.importorskip("esda.smoothing")
    theirs = np.ravel(smoothing.Empirical_Bayes(S.copy(), BASE).r)
    np.testing.assert_allclose(rates.empirical_bayes(S, BASE).smoothed, theirs, atol=1e-9)


def test_nothing_recorded_is_smoothed_to_nothing() -> None:
    fit = rates.empirical_bayes([0, 0], [1, 2])
    assert fit.is_flat
    assert fit.smoothed.tolist() == [0, 0]


def test_equal_rates_are_all_the_mean() -> None:
    fit = rates.empirical_bayes([2, 4, 6], [1, 2, 3])
    assert fit.is_flat
    np.testing.assert_allclose(fit.smoothed, 2.0)


def test_a_district_without_exposure_takes_no_part() -> None:
    fit = rates.empirical_bayes([*S, 100.0], [*BASE, np.nan])
    np.testing.assert_allclose(fit.smoothed[:5], rates.empirical_bayes(S, BASE).smoothed)
    assert np.isnan(fit.smoothed[5])
    assert np.isnan(rates.empirical_bayes([1.0], [np.nan]).mean)


@given(st.lists(st.tuples(st.integers(0, 60), BASES), min_size=3, max_size=12))
def test_smoothing_pulls_towards_the_mean_and_never_past_it(pairs: list[tuple[int, float]]) -> None:
    count, base = (np.array(values, float) for values in zip(*pairs, strict=True))
    fit = rates.empirical_bayes(count, base)
    rate = count / base
    assert (fit.smoothed >= np.minimum(rate, fit.mean) - 1e-9).all()
    assert (fit.smoothed <= np.maximum(rate, fit.mean) + 1e-9).all()


def test_exceedance_is_the_posterior_of_the_own_rate() -> None:
    fit = rates.empirical_bayes(S, BASE)
    expected = stats.gamma.sf(1.5 * fit.mean, S + fit.shape, scale=1 / (BASE + fit.rate))
    np.testing.assert_allclose(rates.exceedance(fit, S, BASE), expected, atol=1e-12)


def test_no_district_exceeds_the_mean_where_all_are_alike() -> None:
    fit = rates.empirical_bayes([2, 4, 6], [1, 2, 3])
    assert rates.exceedance(fit, [2, 4, 6], [1, 2, np.nan])[:2].tolist() == [0, 0]
    assert np.isnan(rates.exceedance(fit, [2, 4, 6], [1, 2, np.nan])[2])


@pytest.mark.parametrize(("count", "dispersion"), [(2, 1.5), (10, 2.0), (47, 1.8), (5.5, 3.0)])
def test_the_clustered_bound_is_the_mean_under_which_the_count_is_that_rare(count: float, dispersion: float) -> None:
    bound = float(rates.clustered_lower_bound(count, 1.0, 0.8, dispersion))
    poisson = float(rates.poisson_lower_bound(count, 1.0, 0.8))
    assert bound <= poisson
    if bound < poisson and count == int(count):
        size = bound / (dispersion - 1)
        assert stats.nbinom.sf(count - 1, size, 1 / dispersion) == pytest.approx(0.2, abs=1e-6)


def test_without_clustering_the_bound_is_the_poisson_bound() -> None:
    counts = [0, 1, 2, 5, 10, 48]
    same = rates.clustered_lower_bound(counts, 2.0, 0.8, 1.0)
    np.testing.assert_array_equal(same, rates.poisson_lower_bound(counts, 2.0, 0.8))
    np.testing.assert_allclose(rates.clustered_lower_bound(counts, 2.0, 0.8, 1 + 1e-6), same, rtol=1e-4)


def test_months_that_cluster_have_a_dispersion_above_one() -> None:
    even, bunched, few = np.ones(12), np.r_[12.0, np.zeros(11)], np.r_[2.0, np.zeros(10), 1.0]
    months = np.stack([even, bunched, few], axis=1)
    found = rates.dispersion(months.sum(axis=0), (months**2).sum(axis=0), 12)
    assert found[0] == 1
    assert found[1] == pytest.approx(months[:, 1].var(ddof=1) / 1)
    pooled = months.var(axis=0, ddof=1).sum() / months.mean(axis=0).sum()
    assert found[2] == pytest.approx(pooled), "fewer than five attacks say too little by themselves"

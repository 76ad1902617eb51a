"""The formulas of the index against the worked example, and what no filter may change."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.analysis.counting.rates import exposure
from geo.analysis.index import scores
from geo.analysis.index.profiles import profiles
from geo.analysis.index.settings import ByComponent
from tests.toy_index import AREA_KM2, POPULATION, VALUES, C, K, L, M, S, broad

PARTS = {
    "S": [0.742110, 1, 0.451331, 0.090321, 0],
    "K": [1, 1, 0.833333, 0.583333, 0],
    "C": [0.897712, 1, 0.627474, 0.270238, 0],
    "M": [0.784980, 1, 0.546125, 0.179723, 0.022639],
    "L": [0.734330, 0.993802, 0.524258, 0.240151, 0],
}
INDEX = [83.343181, 99.938019, 59.002519, 26.448474, 0.226388]


def index(**changes: object) -> np.ndarray:
    return scores.index_of(VALUES, POPULATION, AREA_KM2, broad(**changes))


def all_gates(s: list[float], k: list[float], c: list[float] | None) -> np.ndarray:
    """Return the classes of points of 90 with these counts under the gates of the broad profile."""
    zero = np.zeros(len(s))
    values = scores.ComponentValues(
        S=np.array(s, float), K=np.array(k, float), M=zero, L=zero, C=None if c is None else np.array(c, float)
    )
    passed = scores.gates_passed(values, broad())
    return scores.classify(np.full(len(s), 90.0), passed, broad().cuts)


def test_component_scores_are_the_worked_example() -> None:
    settings = broad()
    base = exposure(POPULATION, AREA_KM2)
    found = scores.score(VALUES, base, settings.goalposts.given(), settings.confidence)
    assert set(found) == set(PARTS)
    for letter, expected in PARTS.items():
        np.testing.assert_allclose(found[letter], expected, atol=1e-5, err_msg=letter)


def test_the_index_is_the_worked_example() -> None:
    np.testing.assert_allclose(index(), INDEX, atol=1e-5)


def test_a_missing_component_is_dropped_not_zero() -> None:
    settings = broad().without("C")
    found = scores.index_of(replace(VALUES, C=None), POPULATION, AREA_KM2, settings)
    np.testing.assert_allclose(found, [82.208830, 99.927081, 58.341666, 26.346943, 0.266339], atol=1e-5)
    assert settings.variant() == "ACI[SKML]"
    # Counts of a component that is not scored change nothing.
    np.testing.assert_allclose(scores.index_of(VALUES, POPULATION, AREA_KM2, settings), found)


def test_equal_weights_are_the_worked_example() -> None:
    equal = ByComponent(S=0.2, K=0.2, C=0.2, M=0.2, L=0.2)
    expected = [83.182639, 99.876039, 59.650436, 27.275331, 0.452775]
    np.testing.assert_allclose(index(weights=equal), expected, atol=1e-5)


def test_weights_count_by_their_share() -> None:
    tenfold = ByComponent(S=4.0, K=2.5, C=1.5, M=1.0, L=1.0)
    np.testing.assert_allclose(index(weights=tenfold), INDEX, atol=1e-5)


def test_the_area_variants_are_the_worked_example() -> None:
    np.testing.assert_allclose(index(alpha=0.5), [98.465676, 100, 65.175, 45.851191, 0.226388], atol=1e-5)
    assert index(alpha=0.0)[3] == pytest.approx(78.636906, abs=1e-5)


def test_classes_of_the_worked_example() -> None:
    passed = scores.gates_passed(VALUES, broad())
    assert scores.classify(index(), passed, broad().cuts).tolist() == [3, 3, 2, 1, 0]


def test_each_gate_keeps_a_district_out_of_the_top_class() -> None:
    assert all_gates([11, 12, 12, 12], [12, 7, 8, 8], [3, 3, 0, 1]).tolist() == [2, 2, 2, 3]


def test_the_control_gate_is_dropped_where_the_source_records_none() -> None:
    assert all_gates([12, 11], [8, 8], None).tolist() == [3, 2]


def test_gates_scale_with_the_window_down_to_their_floors() -> None:
    six = scores.ComponentValues(S=np.array([7.0, 6.0]), K=np.array([5.0, 4]), M=S[:2], L=L[:2], C=C[:2], months=6.0)
    passed = scores.gates_passed(six, broad(window_months=6))
    assert passed["S"].tolist() == [True, False]
    assert passed["K"].tolist() == [True, False]
    assert passed["window"].tolist() == [False, False]


@pytest.mark.parametrize(("points", "code"), [(0, 0), (24.99, 0), (25, 1), (49.9, 1), (50, 2), (75, 3), (np.nan, -1)])
def test_a_score_on_a_cut_belongs_to_the_class_above(points: float, code: int) -> None:
    assert scores.classify([points], {}, (25, 50, 75)).tolist() == [code]


def test_no_filter_of_districts_changes_a_score() -> None:
    some = scores.ComponentValues(S=S[:2], K=K[:2], M=M[:2], L=L[:2], C=C[:2])
    np.testing.assert_allclose(scores.index_of(some, POPULATION[:2], AREA_KM2[:2], broad()), INDEX[:2], atol=1e-5)


def test_a_district_without_population_has_no_score_and_no_class() -> None:
    population = POPULATION.copy()
    population[2] = np.nan
    found = scores.index_of(VALUES, population, AREA_KM2, broad())
    assert np.isnan(found).tolist() == [False, False, True, False, False]
    assert scores.classify(found, {}, (25, 50, 75))[2] == scores.INSUFFICIENT


def test_tipping_factors_are_the_worked_example() -> None:
    found = scores.tipping_factor(VALUES, POPULATION, AREA_KM2, broad(), [75, 75, 75, 50, 25])
    assert found[:2].tolist() == [1, 1]
    np.testing.assert_allclose(found[2:4], [2.112603, 6.095441], atol=1e-3)
    assert np.isnan(found[4]), "no multiple of a single attack makes an empty district elevated"


def test_the_tipping_factor_lifts_the_index_to_the_target() -> None:
    settings = broad()
    factor = scores.tipping_factor(VALUES, POPULATION, AREA_KM2, settings, 60.0)[3]
    lifted = replace(VALUES, S=S * factor, M=M * factor, L=L * factor)
    assert scores.index_of(lifted, POPULATION, AREA_KM2, settings)[3] == pytest.approx(60, abs=1e-6)


COUNT = st.integers(0, 200)


@given(COUNT, COUNT, COUNT, st.integers(0, 12), st.integers(0, 12), st.floats(1e4, 5e6), st.floats(0, 1))
def test_points_lie_between_0_and_100_and_grow_with_attacks(
    s: int, more: int, deaths: int, k: int, c: int, people: float, alpha: float
) -> None:
    def points(attacks: int) -> float:
        values = scores.ComponentValues(
            *(np.array([float(n)]) for n in (attacks, k, attacks + more, deaths, c)), months=12.0
        )
        return float(scores.index_of(values, [people], [2000.0], broad(alpha=alpha))[0])

    assert 0 <= points(s) <= 100 + 1e-9
    assert points(s + 1) >= points(s) - 1e-9


def test_rates_of_a_shorter_window_are_yearly() -> None:
    half = replace(VALUES, C=C / 2, months=6.0)
    base = exposure(POPULATION, AREA_KM2, 1.0, 6)
    assert scores.evidence_rates(half, base, 0.8)["C"].tolist() == C.tolist()
    whole = scores.evidence_rates(VALUES, 2 * base, 0.8)
    np.testing.assert_allclose(scores.evidence_rates(half, base, 0.8)["S"], 2 * whole["S"])


def few(**changes: object) -> scores.ComponentValues:
    """Return one district that passes every scaled condition of a short window."""
    given = {"S": 2.0, "K": 2.0, "M": 2.0, "L": 0.0, "C": 1.0, "months": 3.0} | changes
    months = given.pop("months")
    return scores.ComponentValues(**{name: np.array([value]) for name, value in given.items()}, months=months)


def test_two_attacks_in_three_months_never_reach_the_top_class() -> None:
    # August to October 2025: Hangu (two attacks), South Waziristan and Kohat were once of the top class.
    settings = replace(profiles()["register"].settings, window_months=3)
    passed = scores.gates_passed(few(), settings)
    assert scores.classify([95.0], passed, settings.cuts).tolist() == [2]


@pytest.mark.parametrize(
    ("months", "s", "k", "expected"), [(12, 10, 6, 3), (11, 40, 11, 2), (24, 20, 12, 3), (24, 20, 11, 2), (12, 6, 6, 2)]
)
def test_the_top_class_has_floors_that_no_window_lowers(months: int, s: int, k: int, expected: int) -> None:
    settings = replace(profiles()["register"].settings, window_months=months)
    values = few(S=float(s), K=float(k), C=2.0, months=float(months))
    assert scores.classify([95.0], scores.gates_passed(values, settings), settings.cuts).tolist() == [expected]


def test_a_profile_with_lower_conditions_still_has_the_floors() -> None:
    settings = profiles()["ucdp_ged"].settings
    six, seven = (few(S=s, K=6.0, C=0.0, months=12.0) for s in (6.0, 7.0))
    assert not scores.gates_passed(six, settings)["S"].any()
    assert scores.gates_passed(seven, settings)["S"].all()

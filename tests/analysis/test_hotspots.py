"""Hot spots: the published statistics, and that neighbours alone never make a district high."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.analysis.index import hotspots as hot
from geo.analysis.index.settings import HotspotSettings

QUICK = HotspotSettings(replicates=499)
PATH = [[1], [0, 2], [1, 3], [2, 4], [3]]


def lattice(width: int, height: int) -> list[list[int]]:
    """Return the queen neighbours of a grid of squares."""
    cells = [(x, y) for y in range(height) for x in range(width)]
    return [
        [j for j, (u, v) in enumerate(cells) if (u, v) != (x, y) and max(abs(u - x), abs(v - y)) == 1] for x, y in cells
    ]


GRID = lattice(7, 5)
BASE = np.full(35, 10.0)


def planted() -> np.ndarray:
    """Return counts of a grid with a high block of four in one corner and a quiet cell within reach of it."""
    counts = np.full(35, 2.0)
    counts[[0, 1, 7, 8]] = [60, 55, 70, 65]
    return counts


# --- the statistics ----------------------------------------------------------------------------------------


def test_gi_star_has_its_golden_numbers() -> None:
    expected = [-1.290994, -1.549193, -0.774597, 1.290994, 1.549193]
    np.testing.assert_allclose(hot.gi_star([1, 2, 3, 4, 10.0], PATH), expected, atol=1e-6)


def test_gi_star_equals_the_analytic_one_of_esda() -> None:
    esda = pytest.importorskip("esda")
    weights = pytest.importorskip("libpysal.weights").W(dict(enumerate(GRID)))
    values = np.random.default_rng(1).gamma(0.5, 2.0, 35)
    theirs = esda.G_Local(values, weights, transform="B", star=True, permutations=0).Zs
    np.testing.assert_allclose(hot.gi_star(values, GRID), theirs, atol=1e-12)


def test_a_map_without_variation_has_no_score() -> None:
    assert hot.gi_star(np.full(5, 0.3), PATH).tolist() == [0] * 5
    everyone = [[1, 2], [0, 2], [0, 1]]
    assert hot.gi_star([1.0, 2.0, 3.0], everyone).tolist() == [0] * 3


def test_many_maps_at_once_are_the_same_as_one_by_one() -> None:
    maps = np.random.default_rng(2).gamma(0.5, 2.0, (4, 5))
    np.testing.assert_allclose(hot.gi_star(maps, PATH), [hot.gi_star(one, PATH) for one in maps])


def test_benjamini_hochberg_has_its_golden_numbers() -> None:
    found, adjusted = hot.benjamini_hochberg([0.001, 0.008, 0.039, 0.041, 0.27], 0.05)
    assert found.tolist() == [True, True, False, False, False]
    np.testing.assert_allclose(adjusted, [0.005, 0.02, 0.05125, 0.05125, 0.27], atol=1e-9)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40), st.floats(0.01, 0.5))
def test_corrected_p_values_are_never_smaller_and_keep_their_order(p: list[float], q: float) -> None:
    found, adjusted = hot.benjamini_hochberg(p, q)
    order = np.argsort(p, kind="stable")
    assert (adjusted >= np.array(p) - 1e-12).all()
    assert (np.diff(adjusted[order]) >= 0).all()
    assert found.tolist() == (adjusted <= q).tolist()


# --- the labels --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("own", "around", "expected"),
    [(True, True, "core"), (True, False, "isolated"), (False, True, "surrounded"), (False, False, "none")],
)
def test_the_two_findings_make_four_labels(own: bool, around: bool, expected: str) -> None:
    assert hot.label(own, around) == expected
    assert expected in hot.LABELS


def test_a_high_block_is_found_as_a_core() -> None:
    found = hot.hotspots(planted(), BASE, GRID, QUICK)
    assert [found.labels[cell] for cell in (0, 1, 7, 8)] == ["core"] * 4
    assert found.labels[34] == "none"
    assert (found.n_tested, found.q, found.refusal, found.test) == (35, 0.10, None, hot.TEST_NAME)


def test_a_quiet_district_among_high_ones_is_never_called_high() -> None:
    counts = planted()
    counts[8] = 0.0
    found = hot.hotspots(counts, BASE, GRID, QUICK)
    assert found.labels[8] in ("surrounded", "none")
    assert found.p_adjusted[8] <= QUICK.q, "its neighbours alone do carry the test"
    assert found.pr_exceeds[8] < 0.5


def test_a_lone_high_district_is_isolated() -> None:
    counts = np.full(35, 2.0)
    counts[17] = 40
    assert hot.hotspots(counts, BASE, GRID, QUICK).labels[17] == "isolated"


def test_equal_rates_give_no_finding() -> None:
    found = hot.hotspots(np.full(35, 3.0), BASE, GRID, QUICK)
    assert set(found.labels) == {"none"}
    assert found.p.min() > 0.5


def test_chance_alone_is_seldom_a_finding() -> None:
    rng = np.random.default_rng(3)
    few = replace(QUICK, replicates=199)
    maps = [rng.poisson(rng.gamma(0.5, 2.0, 35)).astype(float) for _ in range(40)]
    with_any = sum(bool((hot.hotspots(counts, BASE, GRID, few).p_adjusted <= few.q).any()) for counts in maps)
    assert with_any <= 10


def test_too_few_attacks_are_refused_with_the_number() -> None:
    counts = np.zeros(35)
    counts[3] = 29
    found = hot.hotspots(counts, BASE, GRID, QUICK)
    assert found.labels == ()
    assert "Only 29 attacks" in str(found.refusal)
    assert np.isnan(found.z).all()
    counts[3] = 30
    assert hot.hotspots(counts, BASE, GRID, QUICK).refusal is None


def test_a_district_without_exposure_is_left_out_of_the_test() -> None:
    base = BASE.copy()
    base[5] = np.nan
    found = hot.hotspots(planted(), base, GRID, QUICK)
    assert (found.labels[5], found.n_tested) == ("no_data", 34)
    assert np.isnan(found.p[5])
    assert not np.isnan(np.delete(found.p, 5)).any()


def test_a_district_without_neighbours_is_tested_by_itself() -> None:
    alone = [[], [2], [1]]
    found = hot.hotspots([30.0, 5, 5], [1.0, 1, 1], alone, QUICK)
    assert found.n_tested == 3


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 2**31))
def test_the_same_seed_gives_the_same_p_values(seed: int) -> None:
    chosen = replace(QUICK, seed=seed, replicates=99)
    first, second = (hot.hotspots(planted(), BASE, GRID, chosen) for _ in range(2))
    np.testing.assert_array_equal(first.p, second.p)
    assert (first.p >= 1 / 100).all()
    assert (first.p <= 1).all()

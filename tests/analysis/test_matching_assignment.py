"""Assignment block by block: the best total, each position once, dense and sparse alike."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.analysis.matching import assignment as matching_assignment
from geo.analysis.matching.assignment import best_first, join, one_to_one

Pair = tuple[int, int, float]


def chosen(pairs: list[Pair]) -> list[tuple[int, int]]:
    left, right, gain = (np.array(column) for column in zip(*pairs, strict=True))
    mask = one_to_one(left, right, gain.astype(float))
    return [(a, b) for (a, b, _), is_chosen in zip(pairs, mask, strict=True) if is_chosen]


def test_the_best_total_beats_the_best_pair() -> None:
    assert chosen([(0, 10, 5.0), (0, 11, 4.0), (1, 10, 4.0)]) == [(0, 11), (1, 10)]


def test_a_pair_that_would_cost_more_than_it_gains_stays_out() -> None:
    assert chosen([(0, 10, 5.0), (0, 11, 1.0), (1, 10, 1.0)]) == [(0, 10)]


def test_nothing_gives_nothing() -> None:
    nothing = np.zeros(0, dtype=np.int64)
    assert one_to_one(nothing, nothing, np.zeros(0)).tolist() == []
    assert best_first(nothing, nothing, np.zeros(0)).tolist() == []


@st.composite
def problems(draw: st.DrawFn) -> list[Pair]:
    """A few pairs between two sides, gains in small whole numbers above zero."""
    possible = draw(st.lists(st.tuples(st.integers(0, 4), st.integers(10, 14)), min_size=1, max_size=9, unique=True))
    return [(a, b, float(draw(st.integers(1, 9)))) for a, b in possible]


def best_total(pairs: list[Pair]) -> float:
    """Try every set of pairs."""
    best = 0.0
    for size in range(1, len(pairs) + 1):
        for some in combinations(pairs, size):
            if len({a for a, _, _ in some}) == len({b for _, b, _ in some}) == size:
                best = max(best, sum(gain for _, _, gain in some))
    return best


@settings(max_examples=60, deadline=None)
@given(problems())
def test_no_other_choice_of_pairs_gains_more(pairs: list[Pair]) -> None:
    found = chosen(pairs)
    assert len({a for a, _ in found}) == len({b for _, b in found}) == len(found)
    assert sum(gain for a, b, gain in pairs if (a, b) in found) == best_total(pairs)


@settings(max_examples=60, deadline=None)
@given(problems())
def test_a_block_too_large_for_a_matrix_is_solved_as_well(pairs: list[Pair]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(matching_assignment, "_LARGEST_DENSE_CELLS", 0)
        found = chosen(pairs)
    assert len({a for a, _ in found}) == len({b for _, b in found}) == len(found)
    assert sum(gain for a, b, gain in pairs if (a, b) in found) == pytest.approx(best_total(pairs))


def test_the_highest_score_chooses_first() -> None:
    first, second = np.array([0, 1, 2]), np.array([1, 2, 3])
    assert best_first(first, second, np.array([1.0, 2.0, 1.5])).tolist() == [False, True, False]
    assert best_first(first, second, np.array([1.0, 1.0, 1.0])).tolist() == [True, False, True]


def test_clusters_never_hold_two_of_a_kind_except_by_decree() -> None:
    kinds = np.array([0, 1, 1, 2])
    nothing = np.zeros(0, np.int64), np.zeros(0, np.int64)
    pairs = np.array([0, 0, 2]), np.array([1, 2, 3])
    roots, joined = join(4, nothing, pairs, kinds)
    assert joined.tolist() == [True, False, True]
    assert roots.tolist() == [0, 0, 2, 2]
    roots, joined = join(4, (np.array([1]), np.array([2])), pairs, kinds)
    assert joined.tolist() == [True, False, True]
    assert roots.tolist() == [0, 0, 0, 0]

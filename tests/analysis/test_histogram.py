"""Counting narrow codes in pairs, or with sparse figures, gives what adding up row by row gives."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.analysis.counting import histogram
from geo.analysis.counting.histogram import frequencies, sums, weighted


def by_hand(codes: np.ndarray, keep: np.ndarray, size: int, figures: np.ndarray, first: int) -> list[int]:
    found = [0] * size
    for code, is_kept, figure in zip(codes.tolist(), keep.tolist(), figures.tolist(), strict=True):
        if is_kept:
            found[code - first] += figure
    return found


@st.composite
def columns(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray, int, np.ndarray, int]:
    """Codes in a range that may begin below zero, what is kept, and figures that are mostly 1."""
    size = draw(st.sampled_from([1, 2, 37, 255, 256, 700]))
    first = draw(st.integers(-2, 2) if size < 100 else st.just(0))
    kind = np.int8 if first + size <= 127 else np.int16
    n = draw(st.integers(0, 60))
    codes = np.array(draw(st.lists(st.integers(first, first + size - 1), min_size=n, max_size=n)), dtype=kind)
    keep = np.array(draw(st.lists(st.booleans(), min_size=n, max_size=n)), dtype=bool)
    figures = draw(st.lists(st.sampled_from([1, 1, 1, 0, 2, 90_000]), min_size=n, max_size=n))
    return codes, keep, size, np.array(figures, dtype=np.int32), first


@settings(max_examples=150, deadline=None)
@given(columns())
def test_sums_by_code_equal_adding_by_hand(given: tuple[np.ndarray, np.ndarray, int, np.ndarray, int]) -> None:
    codes, keep, size, figures, first = given
    expected = by_hand(codes, keep, size, figures, first)
    assert sums(codes, keep, size, figures, first).tolist() == expected
    assert weighted(codes, keep, size, figures, first).tolist() == expected
    ones = np.ones_like(figures)
    assert frequencies(codes, keep, size, first).tolist() == by_hand(codes, keep, size, ones, first)
    assert weighted(codes, keep, size, ones, first).tolist() == by_hand(codes, keep, size, ones, first)


@pytest.mark.parametrize("n", [0, 1, 2, 7, 8])
def test_counting_in_pairs_takes_an_odd_last_row_too(monkeypatch: pytest.MonkeyPatch, n: int) -> None:
    monkeypatch.setattr(histogram, "_PAIRS_FROM", 0)
    codes = np.resize(np.array([-2, 4, -1, 4, 0], dtype=np.int8), n)
    keep = np.resize(np.array([True, True, False]), n)
    assert frequencies(codes, keep, 7, -2).tolist() == by_hand(codes, keep, 7, np.ones(n, np.int64), -2)


def test_codes_of_rows_that_are_not_kept_may_be_anything() -> None:
    codes = np.array([1900, 2020, 2021, 2500], dtype=np.int16)
    keep = np.array([False, True, True, False])
    assert frequencies(codes, keep, 2, 2020).tolist() == [1, 1]

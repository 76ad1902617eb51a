"""Cached answers on the index: keyed by everything that decides them, shared, and never changed by who gets them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from geo.analysis.index import request as ask
from geo.analysis.index.monthly_counts import Window
from geo.analysis.index.request import AccessRequest
from geo.filters import Filters
from geo.views import cached, cached_index

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def _own_store(store_path: Path) -> None:
    """Each test has a store of its own, which holds the register."""


def request(year: int = 2025) -> AccessRequest:
    return AccessRequest("register", replace(ask.frozen_settings("register"), draws=20), Window.of_year(year))


def test_the_same_question_is_answered_once() -> None:
    assert cached_index.access_index(Filters(), request()) is cached_index.access_index(Filters(), request())


def test_period_and_districts_of_the_filter_make_no_other_question() -> None:
    narrow = Filters(start=date(2025, 6, 1), districts=("PK503",))
    assert cached_index.access_index(narrow, request()) is cached_index.access_index(Filters(), request())


def test_settings_window_and_other_filters_are_part_of_the_question() -> None:
    first = cached_index.access_index(Filters(), request())
    other_alpha = replace(request(), settings=replace(request().settings, alpha=0.0))
    others = [
        cached_index.access_index(Filters(), request(2024)),
        cached_index.access_index(Filters(), other_alpha),
        cached_index.access_index(Filters(targets=("police",)), request()),
    ]
    assert len({tuple(index.arrays.index) for index in (first, *others)}) == 4


def test_a_shared_answer_cannot_be_changed() -> None:
    index = cached_index.access_index(Filters(), request())
    spots = cached_index.hotspots(Filters(), request())
    series = cached_index.access_series(Filters(), request(), 24)
    assert index.arrays.spread is not None
    for array in (index.arrays.index, index.arrays.values.S, index.arrays.scores["S"], index.arrays.spread.low):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1.0
    for array in (spots.z, series.index):
        assert not array.flags.writeable
    assert np.isfinite(index.arrays.index).all()


def test_an_undone_batch_leaves_nothing_of_its_answers(store_path: Path) -> None:
    from geo.analysis.index.profiles import CannotCompute

    cached_index.access_index(Filters(), request())
    store = cached.store()
    store.undo(store.batches()[0].batch_id)
    with pytest.raises(CannotCompute, match="No incident is selected"):
        cached_index.access_index(Filters(), request())

"""Boundaries of the index and of the questions that the general tests leave open."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from geo.analysis.counting import questions
from geo.analysis.index import scores
from geo.analysis.index.access import states_target_or_initiator
from geo.filters import Filters
from geo.incidents import build
from tests.toy import PCODES, row, table
from tests.toy_index import AREA_KM2, POPULATION, VALUES, broad


def test_the_first_and_the_last_month_asked_for_are_counted() -> None:
    small = build({"1": table(row(1, day=date(2024, 1, 1)), row(2, day=date(2024, 3, 31)))}, PCODES, "v1")
    days, counts = questions.by_time(small, Filters(), "incidents", date(2024, 1, 1), date(2024, 3, 31), "month")
    assert days == [date(2024, 1, 1), date(2024, 2, 1), date(2024, 3, 1)]
    assert counts.tolist() == [1, 0, 1]
    assert questions.by_time(small, Filters(), "incidents", date(2023, 12, 1), date(2024, 1, 5), "month")[
        1
    ].tolist() == [0, 1]
    assert questions.by_time(small, Filters(), "incidents", date(2024, 1, 1), date(2024, 1, 1), "year")[1].tolist() == [
        2
    ]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"target_type": "unknown", "initiator": "unknown"}, False),
        ({"target_type": "police", "initiator": "unknown"}, True),
        ({"target_type": "unknown", "initiator": "state"}, True),
    ],
)
def test_only_the_sources_asked_about_say_whether_target_or_initiator_is_stated(
    cells: dict[str, str], expected: bool
) -> None:
    unsaid = {"target_type": "unknown", "initiator": "unknown"}
    small = build(
        {"1": table(row(1, source="gtd", **cells)), "2": table(row(2, source="acled", **unsaid))}, PCODES, "v"
    )
    assert states_target_or_initiator(small, ("gtd",)) is expected
    assert states_target_or_initiator(small, ("acled",)) is False
    assert states_target_or_initiator(small, ("acled", "gtd")) is expected


def test_a_target_that_is_reached_exactly_needs_no_factor() -> None:
    settings = broad()
    points = scores.index_of(VALUES, POPULATION, AREA_KM2, settings)
    np.testing.assert_array_equal(scores.tipping_factor(VALUES, POPULATION, AREA_KM2, settings, points), 1.0)
    above = scores.tipping_factor(VALUES, POPULATION, AREA_KM2, settings, points + 0.5)
    assert (above[~np.isnan(above)] > 1.0).all()


def test_a_target_may_be_a_whole_number_and_one_for_all() -> None:
    settings = broad()
    one = scores.tipping_factor(VALUES, POPULATION, AREA_KM2, settings, 60)
    each = scores.tipping_factor(VALUES, POPULATION, AREA_KM2, settings, np.full(5, 60.0))
    np.testing.assert_array_equal(one, each)
    assert np.isnan(one[-1])  # no multiplier lifts a district with nothing recorded


def test_scores_have_a_letter_for_each_component_that_was_counted() -> None:
    settings = broad()
    base = np.full(5, 1.0)
    found = scores.score(replace(VALUES, C=None), base, settings.goalposts.given(), settings.confidence)
    assert list(found) == ["S", "K", "M", "L"]
    whole = scores.score(VALUES, base, settings.goalposts.given(), settings.confidence)
    assert list(whole) == ["S", "K", "C", "M", "L"]


def test_months_are_scored_only_where_the_base_of_the_rates_is_known() -> None:
    settings = broad()
    base = np.array([1.0, np.nan, 1.0, 1.0, np.nan])
    found = scores.score(VALUES, base, settings.goalposts.given(), settings.confidence)
    for letter, values in found.items():
        # C is a number of incidents, not a rate: it needs no base.
        is_unknown = [False] * 5 if letter == "C" else [False, True, False, False, True]
        assert np.isnan(values).tolist() == is_unknown, letter

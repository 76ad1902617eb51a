"""One record a district: plain values, nothing invented where something is missing."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.analysis.index.access import AccessIndex, access
from geo.analysis.index.monthly_counts import Window
from geo.analysis.index.records import NO_BASE, AccessRecord
from tests.toy_index import THREE, broad, everything, incidents, year_of


def index(draws: int = 20, year: int = 2024, population: tuple[float, ...] = (1e5, 2e5, 1e5)) -> AccessIndex:
    small = incidents(*year_of({"PK501": [9] * 12, "PK502": [1, 0] * 6}))
    districts = replace(THREE, population=np.array(population))
    return access(small, everything(small), districts, broad(draws=draws), Window.of_year(year))


@cache
def north() -> AccessRecord:
    return index().records[0]


def record(aci: float | None, next_cut: float | None) -> AccessRecord:
    return replace(north(), aci=aci, next_cut=next_cut)


@pytest.mark.parametrize(
    ("aci", "next_cut", "points"),
    [
        (49.6, 50.0, 49),
        (49.4, 50.0, 49),
        (50.0, 75.0, 50),
        (74.51, 75.0, 74),
        (78.2, 75.0, 78),
        (98.6, None, 99),
        (0.0, 25.0, 0),
        (None, None, None),
    ],
    ids=["below", "rounds down", "reached", "just below", "gate missed", "top class", "nothing", "no index"],
)
def test_points_are_rounded_but_never_up_to_a_limit_that_is_not_reached(
    aci: float | None, next_cut: float | None, points: int | None
) -> None:
    assert record(aci, next_cut).points == points


@settings(deadline=None)
@given(st.floats(0, 100))
def test_points_shown_lie_in_the_class_of_the_index(aci: float) -> None:
    cuts = (25.0, 50.0, 75.0)
    level = int(np.digitize(aci, cuts))
    shown = record(aci, cuts[level] if level < 3 else None).points
    assert shown is not None
    assert int(np.digitize(shown, cuts)) == level
    assert math.fabs(shown - aci) < 1


def test_a_district_without_residents_has_no_index_and_says_why() -> None:
    found = index(population=(1e5, 0.0, float("nan"))).records
    for blank in found[1:]:
        assert (blank.aci, blank.class_code, blank.agreement_code) == (None, "insufficient", "unknown")
        assert blank.reasons == (NO_BASE,)
        assert blank.tipping is None
    assert found[0].aci is not None
    assert found[0].reasons == ()


def test_without_draws_agreement_and_ranks_are_unknown_not_zero() -> None:
    for found in index(draws=0).records:
        assert (found.agreement, found.agreement_code) == (None, "unknown")
        assert (found.aci_low, found.aci_high, found.rank_low, found.rank_high) == (None,) * 4


def test_an_uncovered_window_gives_the_reason_to_every_district() -> None:
    for found in index(year=2030).records:
        assert found.class_code == "insufficient"
        assert found.points is None
        assert "covers 0 of the 12 months" in str(found.reasons[0])
        assert all(component.score is None for component in found.components.values())


def test_components_and_gates_tell_what_was_counted_and_what_is_needed() -> None:
    assert north().components["S"].value == 108
    assert north().components["K"].rate == 1.0
    assert {letter: gate.needed for letter, gate in north().gates.items()} == {"S": 12, "K": 8, "C": 1}
    assert [gate.is_passed for gate in north().gates.values()] == [True, True, False]
    assert sum(north().forces.values()) == north().components["S"].value


def test_the_interval_of_the_rate_holds_the_rate() -> None:
    for found in index().records:
        rate = found.components["S"].value / (2 if found.name == "Middle" else 1)
        assert found.rate_low <= rate <= found.rate_high

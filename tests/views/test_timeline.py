"""Time under the map: all records whatever the period, the seam between sources, periods cut by the records' ends."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
import streamlit as st

from geo import districts
from geo.analysis.counting import questions
from geo.filters import Filters
from geo.incidents import IncidentTable, build
from geo.views import address, charts, components, filters, timeline
from geo.views.state import View
from tests.toy import PCODES, row, table

DAYS = (date(2019, 3, 5), date(2021, 12, 31), date(2022, 1, 1), date(2023, 6, 30))


def incidents(*days: date, **cells: Any) -> IncidentTable:
    return build({"1": table(*(row(n, day=day, **cells) for n, day in enumerate(days)))}, PCODES, "v")


def bars(shown: IncidentTable, step: str, **chosen: Any) -> timeline.Bars:
    return timeline.bars_of(View.of(shown, districts.load(), Filters(**chosen)), "incidents", step)


@pytest.mark.parametrize("period", [{}, {"start": date(2022, 1, 1)}, {"end": date(2019, 12, 31)}])
def test_the_bars_are_the_whole_time_whatever_the_period(period: dict[str, date]) -> None:
    found = bars(incidents(*DAYS), "year", **period)
    assert [day.year for day in found.days] == [2019, 2020, 2021, 2022, 2023]
    assert found.values == [1, None, 1, 1, 1], "a year without any record is not zero"


def test_the_bars_follow_every_other_filter() -> None:
    found = bars(incidents(*DAYS, attack_type="ambush"), "year", attacks=("ied",))
    assert len(found.days) == 5
    assert found.values == [0, None, 0, 0, 0]


@pytest.mark.parametrize(
    ("sources", "seam"),
    [("default", date(2022, 1, 1)), ("merged", date(2022, 1, 1)), ("ucdp", None), ("register", None)],
)
def test_the_seam_is_drawn_where_two_sources_meet(sources: str, seam: date | None) -> None:
    assert bars(incidents(*DAYS), "year", sources=sources).seam == seam
    assert bars(incidents(*DAYS[2:]), "year", sources=sources).seam is None


@pytest.mark.parametrize(
    ("step", "days", "partial"),
    [
        ("year", (date(2019, 3, 5), date(2023, 6, 30)), [0, 4]),
        ("year", (date(2019, 1, 1), date(2023, 12, 31)), []),
        ("year", (date(2023, 2, 1), date(2023, 12, 31)), [0]),
        ("month", (date(2023, 1, 1), date(2023, 6, 30)), []),
        ("month", (date(2023, 1, 1), date(2023, 6, 29)), [5]),
    ],
)
def test_bars_that_the_records_cover_in_part_are_marked(step: str, days: tuple[date, ...], partial: list[int]) -> None:
    assert bars(incidents(*days), step).partial == partial


def test_what_is_known_only_to_the_year_is_counted_beside_bars_of_months() -> None:
    shown = build(
        {"1": table(row(1, day=date(2023, 1, 1)), row(2, day=date(2023, 1, 1), date_precision="year"))}, PCODES, "v"
    )
    assert bars(shown, "year").n_undated == 0
    assert bars(shown, "month").n_undated == 1


@pytest.mark.parametrize("measure", list(questions.MEASURES))
def test_every_measure_has_bars(measure: str) -> None:
    view = View.of(incidents(*DAYS, n_killed=2), districts.load(), Filters())
    assert len(timeline.bars_of(view, measure, "month").values) == 52


@pytest.mark.parametrize(
    "sent",
    [None, "2020-01-01", [], ["2020-01-01"], ["2020-01-01", "x"], ["2020-13-01", "2020-01-01"], [1, 2], {"a": 1}],
)
def test_what_is_no_period_changes_nothing(sent: object) -> None:
    assert timeline._period(sent) is None


def test_a_period_sent_backwards_is_put_in_order() -> None:
    assert timeline._period(["2021-05-01", "2020-02-03"]) == (date(2020, 2, 3), date(2021, 5, 1))


@pytest.mark.parametrize(
    ("first", "last", "kind", "years"),
    [
        (date(2019, 1, 1), date(2023, 12, 31), address.ALL_YEARS, (2019, 2023)),
        (date(2020, 1, 1), date(2021, 12, 31), "years", (2020, 2021)),
        (date(2020, 4, 1), date(2020, 6, 30), "exact", (2020, 2020)),
        (date(1900, 1, 1), date(2100, 1, 1), address.ALL_YEARS, (2019, 2023)),
    ],
)
def test_a_period_becomes_the_control_of_the_sidebar(
    first: date, last: date, kind: str, years: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    state: dict[str, Any] = {}
    monkeypatch.setattr(st, "session_state", state)
    filters.choose_period(first, last, incidents(*DAYS))
    assert state[address.PERIOD] == kind
    assert state["filter_years"] == years
    if kind == "exact":
        assert (state["filter_start"], state["filter_end"]) == (first, last)


def test_every_part_is_in_the_component_and_enters_text_as_text_only() -> None:
    for component in (timeline._component, charts._ranked):
        folder = components.ASSETS / component._folder
        assert {path.name for path in folder.glob("*.js")} == set(component._parts)
    paths = [path for path in components.ASSETS.rglob("*") if path.is_file()]
    assert all(len(path.read_text("utf-8").splitlines()) <= 400 for path in paths)
    script = "".join(path.read_text("utf-8") for path in paths)
    markup = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|https?://(?!www\.w3\.org)"
    assert not re.search(markup, script)

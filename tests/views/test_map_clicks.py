"""Clicks: handed out once to each reader, and never believed unchecked."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from geo.views.clicks import MapClick, new_click
from geo.views.layers import Legend, PointsView
from geo.views.point_table import PointTable

# Of four points the second is not shown.
TABLE = PointTable(
    np.array([70.6, 70.5, 70.7, 70.8]),
    np.array([32.9, 32.9, 32.9, 32.9]),
    np.zeros(4, dtype=bool),
    np.zeros(4, dtype=np.uint8),
    np.array([10, 15, 20, 30]),
)
POINTS = PointsView(Legend("", ()), TABLE, np.array([True, False, True, True]), ("#000000",))


def value(click: Any = 1, **properties: Any) -> dict[str, Any]:
    """What streamlit-folium returns after a click."""
    return {"last_active_drawing": {"type": "Feature", "properties": {"click": click, **properties}}}


def test_a_click_is_handed_out_once_to_callback_and_page_each() -> None:
    state: dict[str, Any] = {}
    sent = value(pcode="PK503")
    for reader in ("called", "returned"):
        assert new_click(state, "map", sent, None, reader) == MapClick("PK503")
        assert new_click(state, "map", sent, None, reader) is None


def test_the_same_district_clicked_again_is_a_new_click() -> None:
    state: dict[str, Any] = {}
    assert new_click(state, "map", value(1, pcode="PK503"), None, "called") == MapClick("PK503")
    assert new_click(state, "map", value(2, pcode="PK503"), None, "called") == MapClick("PK503")


def test_two_maps_do_not_share_their_clicks() -> None:
    state: dict[str, Any] = {}
    assert new_click(state, "first", value(pcode="PK503"), None, "called")
    assert new_click(state, "second", value(pcode="PK503"), None, "called")


@pytest.mark.parametrize(
    "empty", [None, {}, {"last_active_drawing": None}, {"last_active_drawing": {}}, value(click=None, pcode="PK503")]
)
def test_without_a_click_there_is_none(empty: Any) -> None:
    assert new_click({}, "map", empty, None, "called") is None


@pytest.mark.parametrize("pcode", ["PK999", "", 503, ["PK503"], {"a": 1}, None, "<script>"])
def test_an_unknown_district_is_dropped(pcode: Any) -> None:
    assert new_click({}, "map", value(pcode=pcode), None, "called") == MapClick(None)


def test_positions_are_those_of_the_table_the_points_came_from() -> None:
    click = new_click({}, "map", value(incidents=[2, 0], of=POINTS.token), POINTS, "called")
    assert click == MapClick(None, (30, 10))


@pytest.mark.parametrize("incidents", [[3], [4], [-1], ["0"], [0.5], [None], "01", 5, None])
def test_positions_outside_the_points_are_dropped(incidents: Any) -> None:
    assert new_click({}, "map", value(incidents=incidents, of=POINTS.token), POINTS, "called") == MapClick()


@pytest.mark.parametrize("of", ["3-00000000", None, 3])
def test_a_click_on_points_that_are_shown_no_more_means_nothing(of: Any) -> None:
    assert new_click({}, "map", value(incidents=[1], of=of), POINTS, "called") == MapClick()


def test_at_most_two_hundred_incidents_are_returned() -> None:
    click = new_click({}, "map", value(incidents=[1] * 5000, of=POINTS.token), POINTS, "called")
    assert click is not None
    assert len(click.positions) == 200


@pytest.mark.parametrize(
    ("properties", "is_number"),
    [
        ({"pcode": "PK503", "number": True}, True),
        ({"pcode": "PK503"}, False),
        ({"pcode": "PK503", "number": "yes"}, False),
        ({"pcode": "PK999", "number": True}, False),
    ],
)
def test_a_click_on_a_number_is_told_from_one_on_the_district(properties: dict[str, Any], is_number: bool) -> None:
    click = new_click({}, "map", value(**properties), None, "called")
    assert click is not None
    assert click.is_number is is_number

"""What a reader sees before scrolling: the map with the south, the sentence above it, the way to the filters."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any

import pytest

from geo.analysis.counting.questions import MEASURES
from tests.browser.conftest import new_context
from tests.browser.test_app import FRAME, map_frame, visit

__all__ = ["visit"]
pytestmark = pytest.mark.browser

SEES_THE_SOUTH = "map.getBounds().contains(L.latLngBounds(map.atlas.base.south.bounds))"


@pytest.mark.parametrize(("size", "width", "height"), [("wide", 1440, 900), ("narrow", 390, 844)])
def test_the_map_with_the_south_lies_within_the_first_screen(
    visit: Callable[..., Any], size: str, width: int, height: int
) -> None:
    page = None
    for address in ("", "points"):
        page = visit(address, size, page=page)
        frame = map_frame(page)
        box = page.locator(FRAME).bounding_box()
        assert box["height"] >= 480
        assert box["y"] + box["height"] <= height
        assert box["x"] + box["width"] <= width
        assert frame.evaluate(SEES_THE_SOUTH)
    assert box["height"] > 0.6 * height


def test_on_a_laptop_the_first_screen_ends_below_the_bars_of_time_and_the_legend_is_whole(
    visit: Callable[..., Any],
) -> None:
    page = visit()
    map_frame(page)
    page.locator(".timeline svg").first.wait_for()
    for width, height in ((1440, 900), (1366, 768)):
        page.set_viewport_size({"width": width, "height": height})
        bars = page.locator(".timeline .controls").bounding_box()
        assert bars["y"] + bars["height"] <= height
        legend = page.frame_locator(FRAME).first.locator(".atlas-legend-body")
        assert legend.evaluate("node => node.scrollHeight - node.clientHeight") <= 0


def test_on_a_phone_the_way_to_the_filters_says_its_name(visit: Callable[..., Any]) -> None:
    page = visit("", "narrow")
    map_frame(page)
    button = page.get_by_test_id("stExpandSidebarButton")
    assert button.bounding_box()["y"] < 80
    name = button.evaluate("node => getComputedStyle(node, '::after').content")
    assert name == '"Menu and filters"'
    button.click()
    panel = page.get_by_test_id("stSidebar")
    panel.get_by_text("Filters", exact=True).wait_for()
    panel.get_by_text("Reset all filters").scroll_into_view_if_needed()
    assert panel.get_by_test_id("stSidebarContent").evaluate("node => node.scrollTop") > 200
    close = panel.get_by_test_id("stSidebarCollapseButton").locator("button")
    close.click()
    button.wait_for()


def test_on_a_phone_the_menu_closes_with_a_choice_or_a_tap_beside_it_and_no_page_starts_with_it(
    visit: Callable[..., Any], browser: Any
) -> None:
    # A phone's document is as wide as a desktop's until its head has been read.
    context = new_context(browser, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = visit(page=context.new_page())
    frame = map_frame(page)
    opener, panel = page.get_by_test_id("stExpandSidebarButton"), page.get_by_test_id("stSidebar")
    opened, closed = page.locator("[data-collapsed=false]"), page.locator("[data-collapsed=true]")

    opener.tap()
    opened.wait_for()
    page.touchscreen.tap(370, 500)  # above the map, which is a page of its own
    closed.wait_for(state="attached")
    assert not frame.evaluate("map.atlas.selected && map.atlas.selected.size")

    opener.tap()
    opened.wait_for()
    visit("points", page=page)
    page.get_by_test_id("stSidebar").get_by_text("Reset all filters").wait_for(state="attached")
    assert closed.count() == 1

    opener.tap()
    panel.get_by_role("link", name="Districts", exact=True).tap()
    closed.wait_for(state="attached")
    page.get_by_role("heading", name="Districts", exact=True).wait_for()
    assert closed.count() == 1
    context.close()


def test_the_sentence_above_the_map_takes_two_lines_at_most(visit: Callable[..., Any]) -> None:
    page, lines = None, {}
    for measure, unit, period in (*product(MEASURES, ("per_100k",), ("",)), ("killed", "per_100k", "&from=all")):
        page = visit(f"?measure={measure}&per={unit}{period}", page=page)
        sentence = page.locator(".st-key-map_head p").first
        sentence.wait_for()
        height = sentence.bounding_box()["height"]
        line = float(sentence.evaluate("node => parseFloat(getComputedStyle(node).lineHeight)"))
        lines[measure, unit, period] = round(height / line)
    assert max(lines.values()) <= 2, lines


def test_the_sentence_follows_the_chosen_district_and_its_profile_stands_beside_the_map(
    visit: Callable[..., Any],
) -> None:
    page = visit()
    frame = map_frame(page)
    assert "in the south highest in Bannu" in page.locator(".st-key-map_head p").first.inner_text()
    frame.locator(".atlas-district[aria-label^='Tank']").press("Enter")
    page.locator(".st-key-map_head p", has_text="Tank: ").wait_for()
    profile = page.get_by_role("heading", name="Tank", exact=True).bounding_box()
    outer = page.locator(FRAME).bounding_box()
    assert profile["x"] >= outer["x"] + outer["width"]
    assert profile["y"] < outer["y"] + outer["height"]
    assert page.get_by_role("link", name="Full profile").get_attribute("href").endswith("district=PK533")

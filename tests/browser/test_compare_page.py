"""The page Compare in the browser: maps that move together, one choice by click, screens wide and narrow."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.test_app import FRAME, visit

__all__ = ["visit"]
pytestmark = pytest.mark.browser
VIEW = "[map.getCenter().lat.toFixed(3), map.getCenter().lng.toFixed(3), map.getZoom()].join()"


def map_frames(page: Any, n: int) -> list[Any]:
    """Return the frames of the maps of a page from top to bottom, once each shows its districts."""
    frames = []
    for place in range(n):
        page.frame_locator(FRAME).nth(place).locator(".atlas-district").nth(34).wait_for(state="attached")
        frame = page.locator(FRAME).nth(place).element_handle().content_frame()
        frame.wait_for_function("window.map && window.map.atlas && window.map.atlas.updates > 0")
        frames.append(frame)
    return frames


def test_a_move_in_one_map_moves_the_others(visit: Callable[..., Any]) -> None:
    page = visit("compare?year1=2024&year2=2025")
    changes, first, second = map_frames(page, 3)
    first.evaluate("() => { map.setView([32.9, 70.5], 9, {animate: false}); }")
    for other in (second, changes):
        other.wait_for_function(f"{VIEW} === '32.900,70.500,9'")
    page.frame_locator(FRAME).nth(2).get_by_role("button", name="Zoom out").click()
    for other in (first, changes):
        other.wait_for_function("map.getZoom() === 8.25")


def test_the_maps_open_on_the_south(visit: Callable[..., Any]) -> None:
    for frame in map_frames(visit("compare?year1=2024&year2=2025"), 3):
        assert frame.evaluate("map.getBounds().contains(map.atlas.base.south.bounds)")
        assert not frame.evaluate("map.getBounds().contains(map.atlas.base.bounds)")


def test_maps_of_another_tab_stay_where_they_are(visit: Callable[..., Any]) -> None:
    page = visit("compare?year1=2024&year2=2025")
    _changes, first, second = map_frames(page, 3)
    other_tab = visit("compare?year1=2024&year2=2025", page=page.context.new_page())
    theirs = map_frames(other_tab, 3)[1]
    before = theirs.evaluate(VIEW)
    first.evaluate("() => { map.setView([32.9, 70.5], 9, {animate: false}); }")
    second.wait_for_function(f"{VIEW} === '32.900,70.500,9'")
    assert theirs.evaluate(VIEW) == before


def test_the_map_of_changes_says_in_text_what_its_colours_say(visit: Callable[..., Any]) -> None:
    changes = map_frames(visit("compare?year1=2024&year2=2025"), 3)[0]
    label = changes.locator(".atlas-district[aria-label^='Bannu']").get_attribute("aria-label")
    assert "Result: clearly higher" in label
    assert sorted(changes.locator(".atlas-badge").all_inner_texts()) == ["0→10", "×17", "×2.5", "×4.3"]


def test_no_number_lies_below_the_small_map(visit: Callable[..., Any]) -> None:
    changes = map_frames(visit("compare?year1=2024&year2=2025"), 3)[0]
    box = "node => { const at = node.getBoundingClientRect(); return [at.left, at.top, at.right, at.bottom]; }"
    small = changes.locator(".atlas-inset").evaluate(box)
    for left, top, right, bottom in (one.evaluate(box) for one in changes.locator(".atlas-badge").all()):
        is_clear = right <= small[0] or left >= small[2] or bottom <= small[1] or top >= small[3]
        assert is_clear or bottom < 0, "a number that is in view is read whole"


def test_a_click_on_one_of_the_maps_chooses_the_district_everywhere(visit: Callable[..., Any]) -> None:
    page = visit("compare?year1=2024&year2=2025")
    second = map_frames(page, 3)[2]
    second.locator(".atlas-district[aria-label^='Lakki Marwat']").press("Enter")
    page.get_by_text("Lakki Marwat:", exact=True).wait_for()
    page.wait_for_url("**/compare?*district=PK519*")


@pytest.mark.parametrize(("size", "scheme"), [("wide", "light"), ("narrow", "dark")])
def test_the_page_fits_the_screen(visit: Callable[..., Any], screenshot: Any, size: str, scheme: str) -> None:
    page = None
    for name, query in {"periods": "year1=2024&year2=2025", "places": "of=places&from=2022-01-01"}.items():
        page = visit(f"compare?{query}", size, scheme, page)
        page.get_by_role("heading", level=1).first.wait_for()
        if name == "periods":  # two places are compared by year, without a map
            page.locator(FRAME).first.wait_for()
        assert page.get_by_text("Something went wrong").count() == 0
        overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert overflow <= 0, f"{name} is wider than the screen"
        screenshot(page, f"compare-{name}-{size}-{scheme}")

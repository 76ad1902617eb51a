"""A visit begins with the map: what is heavy comes after it, and comes even if the map does not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import ROOT, started
from tests.browser.test_app import FRAME, map_frame, visit

__all__ = ["visit"]
pytestmark = pytest.mark.browser

# Scripts of controls, tables and charts, by the beginning of their names.
HEAVY = (
    "Selectbox",
    "Multiselect",
    "Button",
    "TextInput",
    "BidiComponent",
    "Metric",
    "DataFrame",
    "ArrowVegaLiteChart",
    "embed",
)
# The frontend asks the server what it is before it connects.
CONNECTS = "performance.getEntriesByType('resource').find(one => one.name.endsWith('_stcore/host-config')).startTime"
FOOTER = "not operational, travel or security advice"
# Painted is when all outlines are in the document, seen from outside the frame.
NOTE_PAINTED = """
addEventListener('DOMContentLoaded', function look() {
  const frame = document.querySelector("iframe[title='streamlit_folium.st_folium']");
  const count = frame?.contentDocument?.querySelectorAll('.atlas-district').length ?? 0;
  if (count < 35) requestAnimationFrame(look); else window.paintedMs = performance.now();
});
"""


def scripts(page: Any) -> list[tuple[str, float]]:
    """Return name and start (ms) of every script that the page has loaded, those in its frames left out."""
    found = page.evaluate("performance.getEntriesByType('resource').map(one => [one.name, one.startTime])")
    return [(name.rsplit("/", 1)[-1], start) for name, start in found if name.endswith(".js")]


@pytest.mark.parametrize("address", ["", "points"])
def test_nothing_heavy_is_asked_for_before_the_map_is_painted(
    app_url: str, open_page: Callable[..., Any], address: str
) -> None:
    page = open_page()
    page.add_init_script(NOTE_PAINTED)
    page.goto(f"{app_url}/{address}")
    page.get_by_text(FOOTER).wait_for()
    page.locator(".timeline rect.band").wait_for()
    painted_ms = page.evaluate("window.paintedMs")
    early = [name for name, start in scripts(page) if start < painted_ms and name.startswith(HEAVY)]
    assert early == []
    # What draws the frame of the map is on its way before the page knows that it has a map. Left out is what tells the
    # first visitor of all that the server is reading.
    connects_ms = page.evaluate(CONNECTS)
    asked_late = [name for name, start in scripts(page) if connects_ms < start < painted_ms]
    assert [name for name in asked_late if not name.startswith("Spinner")] == []
    assert [name for name, _ in scripts(page) if name.startswith(HEAVY)], "the names of scripts have changed"


def test_the_overview_needs_no_chart_and_its_table_is_loaded_when_it_is_opened(visit: Callable[..., Any]) -> None:
    page = visit()
    map_frame(page)
    page.locator(".timeline rect.band").wait_for()
    assert not [name for name, _ in scripts(page) if name.startswith(("DataFrame", "ArrowVegaLiteChart", "embed"))]
    page.get_by_text("Table of this map").click()
    page.get_by_test_id("stDataFrame").wait_for()


def test_the_page_comes_even_if_the_script_of_the_map_does_not(
    app_url: str, open_page: Callable[..., Any], guard: Any
) -> None:
    guard.expected.append("/atlas.")
    page = open_page()
    page.route("**/atlas.*.js", lambda route: route.abort())
    page.goto(app_url)
    page.get_by_text(FOOTER).wait_for()
    page.get_by_test_id("stSidebar").get_by_text("Reset all filters").wait_for()
    assert page.locator(FRAME).count() == 1
    assert guard.errors == ["Event"]  # the script that was kept from the frame, and nothing else
    guard.errors.clear()


def test_a_word_stands_where_the_map_will_be_until_it_is_painted(app_url: str, open_page: Callable[..., Any]) -> None:
    said = "getComputedStyle(document.querySelector('.st-key-map_frame'), '::before').content"
    held: list[Any] = []
    is_free = False
    page = open_page()
    page.route("**/atlas.*.js", lambda route: route.continue_() if is_free else held.append(route))
    page.goto(app_url)
    page.locator(FRAME).wait_for()
    assert page.evaluate(said) == '"The map is loading"'
    is_free = True
    for one in held:
        one.continue_()
    map_frame(page)
    assert page.evaluate(said) == "none"


def test_the_menu_comes_even_if_the_first_run_fails(tmp_path: Path, open_page: Callable[..., Any]) -> None:
    page = open_page()
    (tmp_path / "store").write_text("no folder", encoding="utf-8")
    process, address = started(ROOT / "app.py", tmp_path)
    try:
        page.goto(address)
        page.get_by_test_id("stAlert").first.wait_for()
        page.get_by_text("Evidence", exact=True).first.wait_for()
    finally:
        process.terminate()
        process.wait(timeout=20)


def test_what_was_ignored_of_the_address_is_still_said_when_the_page_is_whole(visit: Callable[..., Any]) -> None:
    page = visit("?from=2020-01-01&colour=nonsense&district=PK999&measure=killed")
    map_frame(page)
    page.get_by_text("Reset all filters").wait_for()
    page.wait_for_timeout(2000)
    assert page.get_by_text("Parts of the address were ignored").count() == 1
    assert "2020" in page.locator(".timeline .shown").inner_text()
    assert page.get_by_role("heading", name="People killed by year").count() == 1


def test_the_map_stays_where_it_is_when_the_rest_comes(app_url: str, open_page: Callable[..., Any]) -> None:
    page = open_page()
    page.goto(app_url)
    map_frame(page)
    before = page.locator(FRAME).bounding_box()
    page.get_by_text(FOOTER).wait_for()
    page.locator(".timeline rect.band").wait_for()
    after = page.locator(FRAME).bounding_box()
    assert abs(before["y"] - after["y"]) < 3
    assert abs(before["width"] - after["width"]) < 3

"""The page on no-go areas in the browser: one choice by map and by row, unsettled classes hatched, views by address."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.test_app import FRAME, map_frame, visit

__all__ = ["visit"]
pytestmark = pytest.mark.browser
SECTIONS = ("evidence", "table", "district", "police", "years", "hotspots")


def ready(page: Any) -> Any:
    """Return the page once its claim line stands."""
    page.get_by_text("are counted").first.wait_for()
    return page


def test_a_click_on_the_map_explains_the_district_and_writes_the_address(visit: Callable[..., Any]) -> None:
    page = ready(visit("no_go"))
    map_frame(page).locator(".atlas-district[aria-label^='Bannu']").press("Enter")
    page.get_by_role("heading", name="Bannu", exact=True).wait_for()
    page.get_by_role("heading", name="Bannu, line by line").wait_for()
    page.get_by_text("What would change this class").wait_for()
    page.wait_for_url("**/no_go?district=PK503")
    page.get_by_role("button", name="Show all districts").click()
    page.get_by_text("Described as no-go in reporting:").wait_for()


def test_a_row_of_the_table_is_the_same_choice(visit: Callable[..., Any]) -> None:
    page = ready(visit("no_go"))
    table = page.get_by_test_id("stDataFrame").first
    table.scroll_into_view_if_needed()
    box = table.bounding_box()
    # The box to tick in the second row of the canvas, below its head: Bannu in 2025.
    page.mouse.click(box["x"] + 17, box["y"] + 35 + 35 * 1.5)
    page.wait_for_url("**/no_go?district=PK503")
    page.get_by_role("heading", name="Bannu", exact=True).wait_for()


def test_the_card_of_a_district_tells_every_line_of_evidence(visit: Callable[..., Any]) -> None:
    frame = map_frame(ready(visit("no_go")))
    label = frame.locator(".atlas-district[aria-label^='Bannu']").get_attribute("aria-label")
    assert "Published totals: 141 attacks, KP CTD report (press)" in label
    assert "Put together: High on all evidence" in label
    recorded = map_frame(ready(visit("no_go?line=recorded")))
    label = recorded.locator(".atlas-district[aria-label^='Bannu']").get_attribute("aria-label")
    assert "Class: High recorded attacks, steady" in label


def test_districts_described_as_no_go_have_a_dotted_outline_on_every_map(visit: Callable[..., Any]) -> None:
    for line in ("together", "published"):
        frame = map_frame(ready(visit(f"no_go?window=2024-12&line={line}")))
        frame.locator(".atlas-marked-line").nth(7).wait_for(state="attached")
        assert frame.locator(".atlas-marked-line").count() == 8
        assert frame.get_by_text("Described as no-go in reporting").count() == 1


def test_unsettled_classes_are_hatched_over_their_colour_on_map_and_legend(visit: Callable[..., Any]) -> None:
    frame = map_frame(ready(visit("no_go?line=recorded")))
    fills = frame.eval_on_selector_all(
        ".atlas-district", "nodes => nodes.map(n => [n.getAttribute('aria-label').split('.')[0], n.style.fill])"
    )
    hatched = {name: fill for name, fill in fills if "url(" in fill}
    assert set(hatched) == {"Bajaur", "Dera Ismail Khan", "Peshawar"}
    assert len(set(hatched.values())) == 2, "each over the colour of its own class"
    ground = frame.evaluate("document.querySelector('pattern[id^=\"atlas-hatch-f\"] rect').style.fill")
    assert ground == "rgb(243, 207, 107)"
    assert frame.get_by_text("Elevated, unsettled").count() == 1


def test_a_control_changes_the_map_without_mounting_it_again(visit: Callable[..., Any]) -> None:
    page = ready(visit("no_go?view=table"))
    frame = map_frame(page)
    frame.evaluate("() => { map.marked = 'same object'; }")
    page.get_by_text("Police only").click()
    page.get_by_text("Dec 2025, police only").wait_for()
    page.wait_for_url("**/no_go?*police=1*")
    assert frame.evaluate("map.marked") == "same object"


@pytest.mark.parametrize(("size", "scheme"), [("wide", "light"), ("narrow", "dark")])
def test_every_section_draws_by_its_address_and_fits_the_screen(
    visit: Callable[..., Any], screenshot: Any, size: str, scheme: str
) -> None:
    page = None
    for section in SECTIONS:
        page = ready(visit(f"no_go?view={section}&district=PK519", size, scheme, page))
        page.locator(FRAME).wait_for()
        assert page.get_by_text("Something went wrong").count() == 0
        overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert overflow <= 0, f"{section} is wider than the screen"
        screenshot(page, f"no-go-{section}-{size}-{scheme}")
    years = visit("no_go?view=years", size, scheme, page)
    years.locator("[data-testid='stVegaLiteChart']").nth(11).wait_for()

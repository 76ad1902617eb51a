"""The page of one district in the browser: reached from the table, read on a phone, printed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.test_app import visit

__all__ = ["visit"]
pytestmark = pytest.mark.browser


def test_the_districts_page_leads_to_the_page_of_the_district_and_back(visit: Callable[..., Any]) -> None:
    page = visit("districts?from=2022-01-01&district=PK519")
    page.get_by_role("link", name="All that is recorded of Lakki Marwat").click()
    page.get_by_role("heading", level=1, name="Lakki Marwat").wait_for()
    page.wait_for_url("**/district?from=2022-01-01&district=PK519")
    assert page.title() == "District - KP Incident Atlas"
    page.go_back()
    page.get_by_role("heading", level=1, name="Districts").wait_for()


def test_an_address_opens_the_district_and_its_neighbours_have_addresses_of_their_own(
    visit: Callable[..., Any],
) -> None:
    page = visit("district?district=PK503&from=2024-01-01")
    page.get_by_role("heading", level=1, name="Bannu").wait_for()
    neighbour = page.get_by_role("link", name="Karak", exact=True)
    assert neighbour.get_attribute("href") == "district?from=2024-01-01&district=PK512"
    other = visit("district?from=2024-01-01&district=PK512", page=page)
    other.get_by_role("heading", level=1, name="Karak").wait_for()


@pytest.mark.parametrize(("size", "scheme"), [("wide", "dark"), ("narrow", "light")])
def test_every_part_is_there_and_fits_the_screen(
    visit: Callable[..., Any], screenshot: Any, size: str, scheme: str
) -> None:
    page = visit("district?district=PK518&from=all", size, scheme)
    for name in ("Year by year", "Index of recorded attacks", "Published totals", "Neighbouring districts"):
        page.get_by_role("heading", level=2, name=name, exact=True).wait_for()
    assert page.get_by_text("Something went wrong").count() == 0
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow <= 0
    screenshot(page, f"district-{size}-{scheme}")


def test_a_link_at_its_head_leads_to_a_part(visit: Callable[..., Any]) -> None:
    page = visit("district?district=PK503")
    # Whatever comes later would move what was scrolled to: the last part, the end of the run, the charts.
    page.locator("#list").wait_for(state="attached")
    page.wait_for_function("!document.querySelector('[data-test-script-state=running]')")
    page.wait_for_load_state("networkidle")
    page.get_by_role("link", name="Neighbouring districts").first.click()
    page.wait_for_function(
        """() => {
            const top = document.getElementById('neighbours').getBoundingClientRect().top;
            return top >= 0 && top < innerHeight;
        }"""
    )

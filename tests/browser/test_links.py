"""A link pins filters, data version and place of the map; a map that moves sends nothing; a frame shows it alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.browser.test_app import visit

__all__ = ["visit"]
pytestmark = pytest.mark.browser

PINNED = "?from=2024-01-01&group=ttp&map=32.9_70.5_8.5&version=0123456789ab"


def position(page: Any) -> str:
    return str(page.locator("iframe[data-position]").get_attribute("data-position"))


def wait_for_position(page: Any, told: str) -> None:
    page.wait_for_function("p => document.querySelector('iframe[data-position]')?.dataset.position === p", arg=told)


def copied_link(page: Any) -> str:
    """Open the panel and return the link that it offers, once it names the place of the map."""
    panel = page.locator("summary", has_text="Use this: download and cite")
    panel.scroll_into_view_if_needed()
    panel.click()
    link = page.get_by_test_id("stCode").filter(has_text=f"map={position(page)}").first
    link.wait_for()
    return str(link.locator("code").inner_text())


def test_a_link_opens_the_map_where_it_was_and_no_move_sends_anything(visit: Callable[..., Any]) -> None:
    page = visit(PINNED)
    wait_for_position(page, "32.9_70.5_8.5")
    page.get_by_text("This link was made with data version 0123456789ab").wait_for()
    page.locator("summary", has_text="Use this: download and cite").wait_for()
    page.wait_for_function("!document.querySelector('[data-test-script-state=running]')")
    address, steps = page.url, page.evaluate("history.length")
    told: list[Any] = []
    # Streamlit's connection: whatever it sends from here on would be a run of the page.
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.on("Network.webSocketFrameSent", lambda frame: told.append(frame))
    page.frame_locator("iframe").locator(".leaflet-container").press("ArrowRight")
    page.wait_for_function(
        "p => document.querySelector('iframe[data-position]').dataset.position !== p", arg="32.9_70.5_8.5"
    )
    page.frame_locator("iframe").locator(".leaflet-container").press("+")
    page.wait_for_function("document.querySelector('iframe[data-position]').dataset.position.endsWith('_9.25')")
    assert told == []
    link = copied_link(page)
    assert told, "the panel asks for the place when it is opened"
    assert (page.url, page.evaluate("history.length")) == (address, steps)
    assert parse_qs(urlsplit(link).query)["group"] == ["ttp"]
    there = position(page)
    page.goto(link)
    wait_for_position(page, there)
    page.locator("p", has_text="incidents shown").first.wait_for()
    assert page.get_by_text("This link was made with").count() == 0


def test_a_frame_of_any_size_shows_the_map_alone(open_page: Callable[..., Any], app_url: str) -> None:
    page = open_page()
    for width, height in ((600, 400), (390, 560)):
        page.set_viewport_size({"width": width, "height": height})
        page.goto(f"{app_url}/points?embed=1&from=2024-01-01")
        assert parse_qs(urlsplit(page.url).query)["embed"] == ["true"]
        page.get_by_role("heading", level=1, name="Where incidents are recorded").wait_for()
        page.frame_locator("iframe").locator(".atlas-legend summary").wait_for()
        whole = page.get_by_role("link", name="Open the whole page")
        whole.wait_for()
        for outside in ("stSidebar", "stHeader", "stButton", "stSelectbox", "stExpander"):
            assert page.get_by_test_id(outside).filter(visible=True).count() == 0, outside
        frame, foot = page.locator("iframe").bounding_box(), whole.bounding_box()
        assert frame["width"] > width - 40
        assert frame["height"] > 0.5 * height
        assert foot["y"] + foot["height"] <= height, "the sources lie below the frame"
        assert "embed" not in parse_qs(urlsplit(whole.get_attribute("href")).query)
        text = page.locator(".st-key-embed").inner_text()
        assert "1 Jan 2024" in text
        assert "Sources: " in text

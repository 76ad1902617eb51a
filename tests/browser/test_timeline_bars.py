"""The bars under the map: brushed with mouse, touch or keyboard, and played; the period is one on all controls."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.test_address import query, settle, years
from tests.browser.test_app import map_frame, shown_line, visit
from tests.register_file import shown

__all__ = ["visit"]
pytestmark = pytest.mark.browser

FIRST_YEAR = 1992  # of the embedded UCDP events


def chart(page: Any) -> Any:
    """Return the chart of the bars once it is drawn, in sight."""
    found = page.locator(".timeline .chart")
    found.locator("rect.band").wait_for()
    found.scroll_into_view_if_needed()
    return found


def handles(page: Any) -> Any:
    return page.locator(".timeline").get_by_role("slider")


def bar_middle(page: Any, year: int) -> tuple[float, float]:
    """Return the middle of the bar of a year, px on the screen: one bar a year from the first record on."""
    n = int(handles(page).first.get_attribute("aria-valuemax")) + 1
    box = chart(page).bounding_box()
    left, right = 34, 10
    width = (box["width"] - left - right) / n
    return box["x"] + left + (year - FIRST_YEAR + 0.5) * width, box["y"] + box["height"] / 2


def period(page: Any) -> tuple[str | None, str | None]:
    said = query(page)
    return said.get("from"), said.get("to")


def brush(page: Any, first: int, last: int) -> None:
    """Drag with the mouse from the bar of a year to that of another."""
    (x, y), (to_x, _) = bar_middle(page, first), bar_middle(page, last)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move((x + to_x) / 2, y)
    page.mouse.move(to_x, y)
    page.mouse.up()


def test_a_brush_across_the_bars_is_the_period_of_sidebar_and_address(visit: Callable[..., Any]) -> None:
    page = visit("?from=all")
    map_frame(page)
    brush(page, 2019, 2012)
    page.wait_for_url("**/?from=2012-01-01&to=2019-12-31")
    settle(page)
    assert "2012" in page.locator(".timeline .shown").inner_text()
    assert years(page) == "2012-2019"
    wanted = shown(first="2012-01-01", last="2019-12-31")
    assert shown_line(page).startswith(f"{wanted} incidents shown")


def test_one_bar_is_chosen_by_a_click_and_the_period_of_the_sidebar_is_seen_on_the_bars(
    visit: Callable[..., Any],
) -> None:
    page = visit("?from=2015-01-01&to=2016-12-31")
    map_frame(page)
    chart(page)
    assert [handles(page).nth(i).get_attribute("aria-valuetext") for i in (0, 1)] == ["2015", "2016"]
    page.mouse.click(*bar_middle(page, 2024))
    page.wait_for_url("**/?from=2024-01-01&to=2024-12-31")
    # The browser may know the address before the bars are drawn again.
    page.locator(".timeline .shown", has_text="2024").wait_for()
    page.go_back()
    page.wait_for_url("**/?from=2015-01-01&to=2016-12-31")
    page.locator(".timeline .shown", has_text="2016").wait_for()
    assert [handles(page).nth(i).get_attribute("aria-valuetext") for i in (0, 1)] == ["2015", "2016"]


def test_the_keyboard_alone_sets_the_period_and_bars_of_months_can_be_chosen(visit: Callable[..., Any]) -> None:
    page = visit("points?from=2024-01-01&to=2025-12-31")
    map_frame(page)
    chart(page)
    page.get_by_role("combobox", name="Bars by").select_option("month")
    page.wait_for_url("**&step=month")
    handles(page).first.focus()
    for _ in range(2):
        page.keyboard.press("ArrowRight")
    assert handles(page).first.get_attribute("aria-valuetext") == "Mar 2024"
    page.keyboard.press("Enter")
    page.wait_for_url("**/points?from=2024-03-01&to=2025-12-31&step=month")
    settle(page)
    wanted = shown(first="2024-03-01", last="2025-12-31")
    assert shown_line(page).startswith(f"{wanted} incidents shown")


def play(page: Any) -> None:
    """Start to play at the usual pace."""
    page.emulate_media(reduced_motion="no-preference")
    page.get_by_role("button", name="Play", exact=True).click()


def test_play_shows_quarter_after_quarter_with_the_same_classes_and_stops(visit: Callable[..., Any]) -> None:
    page = visit("?from=2023-01-01&to=2023-12-31")
    frame = map_frame(page)
    chart(page)
    legend = frame.locator(".atlas-legend li").all_inner_texts()
    assert legend
    play(page)
    page.wait_for_url("**/?from=2023-01-01&to=2023-03-31")
    page.locator(".timeline .shown", has_text="31 Mar 2023").wait_for()
    page.wait_for_url("**/?from=2023-04-01&to=2023-06-30")
    page.get_by_role("button", name="Pause").click()
    page.get_by_role("button", name="Play", exact=True).wait_for()
    settle(page)
    paused = period(page)
    page.wait_for_timeout(2500)
    assert period(page) == paused
    assert frame.locator(".atlas-legend li").all_inner_texts() == legend
    page.get_by_role("button", name="Step back").click()
    page.locator(".timeline .shown", has_text="31 Mar 2023").wait_for()
    page.get_by_role("button", name="Step forward").click()
    page.locator(".timeline .shown", has_text="30 Jun 2023").wait_for()
    page.get_by_role("button", name="Stop and show the period from before").click()
    page.wait_for_url("**/?from=2023-01-01&to=2023-12-31")


def test_play_ends_with_the_period_it_was_started_from(visit: Callable[..., Any]) -> None:
    page = visit("?from=2023-01-01&to=2024-12-31")
    map_frame(page)
    chart(page)
    page.get_by_role("combobox", name="Play by").select_option("year")
    play(page)
    page.wait_for_url("**/?from=2023-01-01&to=2023-12-31")
    page.wait_for_url("**/?from=2024-01-01&to=2024-12-31")
    page.get_by_role("button", name="Play", exact=True).wait_for()
    page.wait_for_timeout(2500)
    assert period(page) == ("2024-01-01", "2024-12-31")


def test_another_control_ends_the_playing(visit: Callable[..., Any]) -> None:
    page = visit("?from=2010-01-01&to=2020-12-31")
    map_frame(page)
    chart(page)
    play(page)
    page.wait_for_url("**/?from=2010-01-01&to=2010-03-31")
    page.get_by_role("button", name="Reset all filters").click()
    page.get_by_role("button", name="Play", exact=True).wait_for()
    settle(page)
    assert period(page) == (None, None)


def test_a_narrow_screen_is_brushed_with_a_finger_and_nothing_is_cut_off(
    visit: Callable[..., Any], screenshot: Callable[..., Any]
) -> None:
    page = visit("?from=all", size="narrow")
    map_frame(page)
    chart(page)
    (x, y), (to_x, _) = bar_middle(page, 2008), bar_middle(page, 2014)
    client = page.context.new_cdp_session(page)
    touch = [("touchStart", x), ("touchMove", (x + to_x) / 2), ("touchMove", to_x), ("touchEnd", None)]
    for kind, at in touch:
        points = [] if at is None else [{"x": at, "y": y}]
        client.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    page.wait_for_url("**/?from=2008-01-01&to=2014-12-31")
    settle(page)
    screenshot(page, "timeline-narrow")
    for part in (".title", ".chart", ".controls", ".notes"):
        box = page.locator(f".timeline {part}").bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390, part
    assert all(
        size >= 44 for size in page.locator(".timeline button").evaluate_all("all => all.map(b => b.clientHeight + 2)")
    )


def test_the_seam_and_years_covered_in_part_are_named(visit: Callable[..., Any]) -> None:
    page = visit()
    map_frame(page)
    chart(page)
    bars = page.locator(".timeline")
    assert bars.locator("line.seam").count() == 1
    assert bars.locator("rect[fill='url(#partial)']").count() == 1, "the first year of UCDP is covered whole"
    assert bars.locator("rect.unknown").count() == 1, "years without any record are no bars of height 0"
    assert bars.locator("text.side").all_text_contents() == ["UCDP", "Register"]
    assert "not comparable" in bars.locator(".notes").inner_text()
    assert "covered only in part" in bars.locator(".notes").inner_text()

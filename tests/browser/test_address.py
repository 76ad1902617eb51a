"""One view: the controls, the address and the figures on the page always say the same, however fast a person is."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from geo.export import kept_stories
from geo.export.story import Story, StoryView
from geo.export.view_settings import ViewSettings
from geo.filters import Filters
from geo.store import Store
from tests.browser.test_app import shown_line, turn_to, visit
from tests.register_file import shown

__all__ = ["visit"]
pytestmark = pytest.mark.browser

FIRST_YEAR, LAST_YEAR = 2007, 2026
FATAL = "Fatal incidents only"
# A run of the page that the last change began has ended when nothing has moved for this long.
QUIET_MS = 1500
# Nothing takes as long; a page that never stands still fails its test.
LONGEST_MS = 120_000


def settle(page: Any) -> None:
    """Wait until the page has been drawn and its address has stood still for a while."""
    page.wait_for_function("!document.querySelector('[data-testid=stStatusWidget]')")
    seen, quiet = "", 0
    end = time.monotonic() + LONGEST_MS / 1000
    while quiet < QUIET_MS:
        assert time.monotonic() < end, f"the page never stood still: {seen}"
        page.wait_for_timeout(250)
        now = page.url + page.locator("p", has_text="incidents shown").first.inner_text() + years(page)
        running = page.locator("[data-testid=stApp][data-test-script-state=running]").count()
        quiet = 0 if now != seen or running else quiet + 250
        seen = now


def handles(page: Any) -> Any:
    """Return the two handles of the slider of years."""
    return page.get_by_test_id("stSidebar").get_by_role("slider")


def years(page: Any) -> str:
    """Return the years that the slider shows, "" where there is none."""
    return "-".join(handles(page).evaluate_all("nodes => nodes.map(n => n.getAttribute('aria-valuenow') || n.value)"))


def query(page: Any) -> dict[str, str]:
    return {key: values[-1] for key, values in parse_qs(urlsplit(page.url).query).items()}


def path(page: Any) -> str:
    """Return the page and the query of an address."""
    parts = urlsplit(page.url)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def assert_one_view(page: Any) -> None:
    """The years of the slider, of the address and of the figure are the same."""
    first, last = years(page).split("-")
    said = query(page)
    start, end = said.get("from", "all"), said.get("to")
    assert (first if start == "all" else start[:4]) == first, f"slider {first}, address {start}"
    assert start != "all" or int(first) == FIRST_YEAR
    assert (end[:4] if end else str(LAST_YEAR)) == last, f"slider {last}, address {end}"
    wanted = shown(first=f"{first}-01-01", last=f"{last}-12-31")
    assert shown_line(page).startswith(f"{wanted} incidents shown"), f"slider {first} to {last}"


def press(page: Any, handle: int, keys: str, pause_ms: int) -> None:
    handles(page).nth(handle).focus()
    for key in keys:
        page.keyboard.press("ArrowRight" if key == ">" else "ArrowLeft")
        page.wait_for_timeout(pause_ms)


# --- quick changes ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("keys", "pause_ms"),
    [(">" * 12, 50), (">>><<<>>><<", 50), ("><" * 5, 260)],
    ids=["away", "there and back", "one at a time"],
)
def test_quick_presses_end_in_one_view(visit: Callable[..., Any], keys: str, pause_ms: int) -> None:
    page = visit("districts?from=2008-01-01")
    handles(page).first.wait_for()
    press(page, 0, keys, pause_ms)
    settle(page)
    assert years(page) == f"{2008 + keys.count('>') - keys.count('<')}-{LAST_YEAR}"
    assert_one_view(page)
    before = (years(page), shown_line(page), path(page))
    page.reload()
    handles(page).first.wait_for()
    settle(page)
    assert (years(page), shown_line(page), path(page)) == before


def test_two_controls_in_a_hurry_are_one_view(visit: Callable[..., Any]) -> None:
    page = visit("trends?from=2012-01-01&to=2020-12-31")
    handles(page).first.wait_for()
    for _ in range(3):
        press(page, 0, ">", 0)
        page.get_by_text(FATAL, exact=True).click()
        press(page, 1, "<", 150)
    settle(page)
    assert years(page) == "2015-2017"
    assert query(page) == {"from": "2015-01-01", "to": "2017-12-31", "fatal": "1"}
    assert is_fatal(page)


# --- Back, Forward, reload ------------------------------------------------------------------------------------


def toggle_fatal(page: Any) -> None:
    page.get_by_text(FATAL, exact=True).click()
    settle(page)


def is_fatal(page: Any) -> bool:
    return bool(page.get_by_role("switch", name=FATAL).or_(page.get_by_role("checkbox", name=FATAL)).is_checked())


def test_back_and_forward_take_one_step_for_each_change(visit: Callable[..., Any]) -> None:
    page = visit("?from=all")
    settle(page)
    everything = shown_line(page)
    toggle_fatal(page)
    fatal = shown_line(page)
    assert (path(page), is_fatal(page)) == ("/?from=all&fatal=1", True)
    turn_to(page, "Explore", "Districts")
    page.get_by_role("heading", level=1, name="Districts").wait_for()
    settle(page)
    assert path(page) == "/districts?from=all&fatal=1"
    toggle_fatal(page)
    assert path(page) == "/districts?from=all"
    steps = [("/districts?from=all", everything), ("/districts?from=all&fatal=1", fatal), ("/?from=all&fatal=1", fatal)]
    steps.append(("/?from=all", everything))
    for move, wanted in ((page.go_back, steps[1:]), (page.go_forward, steps[-2::-1])):
        for where, line in wanted:
            move()
            settle(page)
            assert (path(page), shown_line(page)) == (where, line)
            assert is_fatal(page) == ("fatal" in where)


def test_back_from_a_link_with_a_filter_lands_where_the_reader_was(visit: Callable[..., Any]) -> None:
    page = visit("trends?target=police")
    settle(page)
    before = shown_line(page)
    visit("districts?fatal=1", page=page)
    settle(page)
    assert (path(page), is_fatal(page)) == ("/districts?fatal=1", True)
    page.go_back()
    settle(page)
    assert (path(page), shown_line(page)) == ("/trends?target=police", before)
    page.go_forward()
    settle(page)
    assert (path(page), is_fatal(page)) == ("/districts?fatal=1", True)


def test_a_page_that_was_left_is_drawn_again_with_the_option_chosen_on_it(visit: Callable[..., Any]) -> None:
    page = visit()
    settle(page)
    page.get_by_role("combobox", name="Measure").first.click()
    page.get_by_role("option", name="People killed", exact=True).click()
    page.wait_for_url("**/?measure=killed")
    for title, where in (("Trends", "/trends"), ("Map", "/")):
        turn_to(page, "Explore", title)
        page.wait_for_url(f"**{where}?measure=killed")
        settle(page)
        assert query(page) == {"measure": "killed"}
        assert page.get_by_role("combobox", name="Measure").first.input_value() == "People killed"


def test_a_page_and_its_options_go_back_together(visit: Callable[..., Any]) -> None:
    page = visit()
    settle(page)
    page.get_by_role("combobox", name="Measure").first.click()
    page.get_by_role("option", name="People killed", exact=True).click()
    page.wait_for_url("**/?measure=killed")
    turn_to(page, "About", "Data and method")
    page.get_by_role("heading", level=1, name="Data and method").wait_for()
    settle(page)
    turn_to(page, "Explore", "Trends")
    page.get_by_role("heading", level=1, name="Trends").wait_for()
    settle(page)
    assert query(page) == {"measure": "killed"}
    for where in ("/data_and_method", "/"):
        page.go_back()
        settle(page)
        assert urlsplit(page.url).path == where
    assert page.get_by_role("heading", name="People killed by year").count() == 1
    page.go_back()
    settle(page)
    assert path(page) == "/"
    assert page.get_by_role("heading", name="Incidents by year").count() == 1


def test_two_tabs_keep_their_own_views(visit: Callable[..., Any]) -> None:
    first = visit("districts?from=2010-01-01")
    handles(first).first.wait_for()
    second = visit(page=first.context.new_page(), address="districts?from=2015-01-01")
    handles(second).first.wait_for()
    for _ in range(4):
        press(first, 0, ">", 50)
        press(second, 0, "<", 50)
    for page, wanted in ((first, f"2014-{LAST_YEAR}"), (second, f"2011-{LAST_YEAR}")):
        settle(page)
        assert years(page) == wanted
        assert_one_view(page)


def test_each_view_of_a_story_is_one_step_of_the_history(
    request: pytest.FixtureRequest, open_page: Callable[..., Any], tmp_path: Path
) -> None:
    settings = (
        ViewSettings(Filters(groups=("iskp",))),
        ViewSettings(Filters(fatal_only=True), page="trends"),
        ViewSettings(Filters(districts=("PK503",)), page="trends"),
        ViewSettings(Filters(fatal_only=True), page="districts"),
    )
    story = Story("Four", tuple(StoryView(view.page, view) for view in settings))
    kept_stories.keep(Store.open(tmp_path / "store"), story, actor="A")
    page = open_page()
    page.goto(f"{request.getfixturevalue('fresh_app_url')}/stories")
    page.get_by_role("button", name="Show from the beginning").click()
    seen = [where_in_story(page, 1)]
    for n in (2, 3, 4):
        page.get_by_role("button", name="Next").click()
        seen.append(where_in_story(page, n))
    assert [where for where, _ in seen] == ["/", "/trends", "/trends", "/districts"]
    assert seen[1][1] == {"from": "all", "fatal": "1", "story": "Four", "at": "2"}
    for move, wanted in ((page.go_back, (3, 2, 1)), (page.go_forward, (2, 3, 4)), (page.go_back, (3, 2, 1))):
        for n in wanted:
            move()
            assert where_in_story(page, n) == seen[n - 1]
            assert page.get_by_text("The page shows something else now").count() == 0
    page.go_back()
    page.get_by_role("heading", level=1, name="Stories").wait_for()
    # A page that a person turns to while a view of the story is shown is a step of its own.
    page.go_forward()
    where_in_story(page, 1)
    page.get_by_role("button", name="Next").click()
    where_in_story(page, 2)
    turn_to(page, "Explore", "Districts")
    page.get_by_role("heading", level=1, name="Districts").wait_for()
    settle(page)
    page.go_back()
    assert where_in_story(page, 2) == seen[1]


def where_in_story(page: Any, n: int) -> tuple[str, dict[str, str]]:
    """Wait until a view of the story of four is drawn; return its page and its options."""
    page.get_by_text(f"Four: {n} of 4").wait_for()
    settle(page)
    return urlsplit(page.url).path, query(page)

"""The app in the browser: offline, linkable, alive across filters, one choice on every page, files as inert text."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from geo.ingest import template_csv
from tests.register_file import first_recent, n_default, shown

pytestmark = pytest.mark.browser

FRAME = "iframe[title='streamlit_folium.st_folium']"
PAGES = (
    "",
    "no_go",
    "points",
    "districts",
    "trends",
    "compare",
    "validation",
    "published",
    "stories",
    "upload",
    "duplicates",
    "data_and_method",
)
EXACT_PLACE = (32.564, 70.827)
HOSTILE = (
    '<img src=x onerror="window.top.hacked=1"></script><script>window.top.hacked=1</script> '
    "${window.top.hacked=1} `x` C:\\users\\new {{7*7}} ![i](http://127.0.0.2/x.png)"
)


@pytest.fixture
def visit(app_url: str, open_page: Callable[..., Any]) -> Callable[..., Any]:
    """Open an address of the app and wait until it is drawn."""

    def go(address: str = "", size: str = "wide", scheme: str = "light", page: Any = None) -> Any:
        page = page or open_page(size, scheme)
        page.goto(f"{app_url}/{address}")
        page.get_by_text("not operational, travel or security advice").wait_for()
        return page

    return go


def map_frame(page: Any) -> Any:
    """Return the frame of the first map once it shows the districts."""
    page.frame_locator(FRAME).first.locator(".atlas-district").nth(34).wait_for(state="attached")
    frame = next(frame for frame in page.frames if "streamlit_folium" in frame.url)
    frame.wait_for_function("window.map && window.map.atlas && window.map.atlas.updates > 0")
    return frame


def shown_line(page: Any, part: str = "incidents shown") -> str:
    """Return the line that says how many incidents are shown, once it holds a part."""
    line = page.locator("p", has_text="incidents shown").filter(has_text=part)
    line.first.wait_for()
    return str(line.first.inner_text())


def click_on_map(page: Any, frame: Any, lat: float, lon: float) -> None:
    """Bring a place to the middle of the map and click it with the real pointer."""
    page.locator(FRAME).scroll_into_view_if_needed()
    frame.evaluate(f"void map.setView([{lat}, {lon}], 12, {{animate: false}})")
    box = page.locator(FRAME).bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


def choose(page: Any, label: str, option: str) -> None:
    """Choose an option of a list in the sidebar."""
    page.get_by_test_id("stSidebar").get_by_label(label, exact=True).first.click()
    page.get_by_role("option", name=option, exact=True).click()


def turn_to(page: Any, section: str, title: str) -> None:
    """Choose a page of the menu by keyboard: Enter opens a section, arrows move in it."""
    page.get_by_role("button", name=section, exact=True).press("Enter")
    item = page.get_by_role("menuitem", name=title, exact=True)
    item.wait_for()
    for _ in range(page.get_by_role("menuitem").count()):
        if item.evaluate("node => node === document.activeElement"):
            break
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")


def test_a_page_opened_first_by_its_own_address_has_its_frame_and_its_filters(
    fresh_app_url: str, open_page: Callable[..., Any]
) -> None:
    # This must be the very first visit of the process.
    page = open_page()
    page.goto(f"{fresh_app_url}/trends?from=2022-01-01&district=PK503")
    assert shown_line(page, shown(pcode="PK503")).startswith(f"{shown(pcode='PK503')} incidents shown")
    page.get_by_test_id("stSidebar").get_by_text("Filters", exact=True).wait_for()


def test_the_front_page_shows_districts_and_asks_nobody(visit: Callable[..., Any], guard: Any) -> None:
    page = visit("?from=all")
    frame = map_frame(page)
    assert frame.locator(".atlas-district").count() == 35
    assert f"{shown()} incidents shown" in shown_line(page)
    assert guard.outside == []


def test_a_filter_change_keeps_the_map_and_its_view(visit: Callable[..., Any]) -> None:
    page = visit("?from=all")
    frame = map_frame(page)
    frame.evaluate("() => { map.setView([32.9, 70.5], 9, {animate: false}); map.marked = 'same object'; }")
    before = frame.evaluate("map.atlas.updates")
    choose(page, "Target", "Police")
    shown_line(page, shown(target_type="police"))
    frame.wait_for_function(f"map.atlas.updates > {before}")
    assert frame.evaluate("map.marked") == "same object"
    assert frame.evaluate("map.getZoom()") == 9


def test_a_click_on_a_district_is_the_choice_of_every_page_and_of_the_address(visit: Callable[..., Any]) -> None:
    page = visit("?from=2022-01-01")
    map_frame(page).locator(".atlas-district[aria-label^='Lakki Marwat']").press("Enter")
    shown_line(page, shown(pcode="PK519"))
    page.wait_for_url("**/?from=2022-01-01&district=PK519")
    turn_to(page, "Explore", "Trends")
    shown_line(page, shown(pcode="PK519"))
    page.wait_for_url("**/trends?from=2022-01-01&district=PK519")
    turn_to(page, "Explore", "Districts")
    page.get_by_role("heading", name="Lakki Marwat", exact=True).wait_for()


def test_the_map_looks_where_it_looked_before_once_the_reader_goes_back(visit: Callable[..., Any]) -> None:
    page = visit()
    frame = map_frame(page)
    zoom = frame.evaluate("map.getZoom()")
    frame.locator(".atlas-district[aria-label^='Tank.']").press("Enter")
    page.wait_for_url("**district=PK533**")
    frame.wait_for_function(f"map.getZoom() > {zoom} + 0.5 && !map._animatingZoom")
    page.get_by_role("heading", name="Tank", exact=True).wait_for()
    page.go_back()
    frame.wait_for_function(f"map.getZoom() === {zoom}")


def test_typing_an_alias_finds_a_group_and_enter_takes_the_first_match_only(visit: Callable[..., Any]) -> None:
    page = visit()
    map_frame(page)
    box = page.get_by_test_id("stSidebar").get_by_label("Group, as claimed or attributed", exact=True).first
    box.click()
    page.keyboard.type("فتنہ الخوارج")
    page.get_by_role("option").filter(has_text="official label, not a group").wait_for()
    assert page.get_by_role("option").count() == 1
    box.fill("Daesh")
    page.get_by_role("option").filter(has_text="Islamic State").first.wait_for()
    page.keyboard.press("Enter")
    page.wait_for_url("**/?group=iskp")


def test_a_place_typed_in_urdu_moves_the_living_map_there(visit: Callable[..., Any]) -> None:
    page = visit("points")
    frame = map_frame(page)
    frame.evaluate("map.keepsake = 'same object'")
    page.get_by_label("Go to a place").fill("میر علی")
    page.keyboard.press("Enter")
    frame.locator(".atlas-label-place.is-shown").wait_for()
    assert frame.locator(".atlas-label-place").text_content() == "Mir Ali, North Waziristan"
    assert frame.evaluate("map.keepsake") == "same object"
    assert 32.9 < frame.evaluate("map.getCenter().lat") < 33.2
    assert frame.evaluate("map.getZoom()") <= 10.5


def test_on_a_phone_the_page_scrolls_to_the_map_that_goes_to_a_place(visit: Callable[..., Any]) -> None:
    page = visit("points", "narrow")
    frame = map_frame(page)
    box = page.get_by_label("Go to a place")
    box.scroll_into_view_if_needed()
    box.evaluate("node => node.scrollIntoView({ block: 'start' })")
    assert page.locator(FRAME).first.bounding_box()["y"] < -240, "the map is out of sight"
    box.fill("Mir Ali")
    page.keyboard.press("Enter")
    frame.locator(".atlas-label-place.is-shown").wait_for()
    page.wait_for_timeout(500)
    place = page.locator(FRAME).first.bounding_box()
    middle = place["y"] + place["height"] / 2
    assert 100 < middle < 744


def test_on_a_phone_a_number_opens_a_sheet_that_leads_to_the_list_and_goes_with_its_district(
    visit: Callable[..., Any],
) -> None:
    page = visit("points?sources=register&from=all", "narrow")
    frame = map_frame(page)
    page.locator(FRAME).scroll_into_view_if_needed()
    number = frame.locator(".atlas-badge").filter(has_text=re.compile(r"^\d\d+$")).and_(frame.locator(":visible"))
    place, edge = number.last.bounding_box(), page.locator(FRAME).bounding_box()
    assert edge["y"] < place["y"] < edge["y"] + edge["height"]
    number.last.tap()
    sheet = frame.locator(".atlas-sheet")
    sheet.get_by_text("Known only to the district").wait_for()
    assert frame.locator(".atlas-card.is-shown").count() == 0
    sheet.get_by_role("link", name="List of the incidents").tap()
    page.wait_for_function("document.getElementById('list').getBoundingClientRect().top < innerHeight")
    page.wait_for_url("**placed=district**")
    page.go_back()
    sheet.wait_for(state="detached")


def test_all_years_are_one_click_away(visit: Callable[..., Any]) -> None:
    page = visit()
    assert shown_line(page).startswith(f"{shown(first=first_recent())} incidents shown")
    page.get_by_role("button", name="All years").click()
    assert shown_line(page, shown()).startswith(f"{shown()} incidents shown")
    page.wait_for_url("**/?from=all")


def test_the_address_alone_gives_the_same_view(visit: Callable[..., Any]) -> None:
    first = visit("?from=all")
    map_frame(first)
    choose(first, "Target", "Police")
    line = shown_line(first, shown(target_type="police"))
    first.wait_for_url("**target=police**")
    second = visit(first.url.split("/", 3)[3])
    assert shown_line(second, shown(target_type="police")) == line


def test_points_are_pins_and_numbers_and_a_pop_up_opens(visit: Callable[..., Any], screenshot: Any) -> None:
    page = visit("points?from=2024-01-01&to=2024-12-31&district=PK519")
    frame = map_frame(page)
    frame.locator(".atlas-badge").first.wait_for()
    # Abakhel: a place of the register with one exact incident under these filters.
    click_on_map(page, frame, *EXACT_PLACE)
    frame.locator(".leaflet-popup").wait_for()
    text = frame.locator(".leaflet-popup").inner_text()
    assert "Target" in text
    assert "Killed" in text
    screenshot(page, "points-pop-up")


@pytest.mark.parametrize(("size", "scheme"), [("wide", "light"), ("narrow", "dark")])
def test_every_page_draws_and_its_tab_has_its_name(
    visit: Callable[..., Any], screenshot: Any, size: str, scheme: str
) -> None:
    page, titles = None, []
    for name in PAGES:
        page = visit(name, size, scheme, page)
        title = page.get_by_role("heading", level=1)
        title.wait_for()
        page.wait_for_function("document.title.endsWith(' - KP Incident Atlas')")
        titles.append(page.title())
        if name in ("", "no_go", "points"):
            map_frame(page)
        assert page.get_by_text("Something went wrong").count() == 0
        overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert overflow <= 0, f"{name or 'overview'} is wider than the screen"
        menu = page.get_by_test_id("stHeader").bounding_box()
        assert title.bounding_box()["y"] - menu["y"] - menu["height"] < 96, f"{name}: empty space above the title"
        screenshot(page, f"{name or 'overview'}-{size}-{scheme}")
    assert len(set(titles)) == len(PAGES)
    assert "No-go areas - KP Incident Atlas" in titles


def test_the_wheel_over_an_unused_map_says_how_it_zooms(visit: Callable[..., Any]) -> None:
    page = visit()
    frame = map_frame(page)
    notice = frame.locator(".atlas-notice")
    box = page.locator(FRAME).bounding_box()
    zoom = frame.evaluate("map.getZoom()")
    page.mouse.move(box["x"] + 200, box["y"] + 200)
    page.mouse.wheel(0, 40)
    notice.filter(has_text="Click the map to zoom with the wheel").wait_for()
    assert frame.evaluate("map.getZoom()") == zoom
    notice.wait_for(state="hidden")
    frame.evaluate("map.getContainer().focus()")
    page.mouse.wheel(0, -200)
    frame.wait_for_function(f"map.getZoom() > {zoom}")
    assert notice.inner_text() == ""


def hostile_file(folder: Path) -> Path:
    """Write a template file with one plain row whose every free text is an attack."""
    header = next(csv.reader(io.StringIO(template_csv())))
    plain = {
        "date": "2024-05-06",
        "district": "Bannu",
        "latitude": "32.99",
        "longitude": "70.60",
        "geo_precision": "exact",
    }
    free = {name: HOSTILE for name in header if name in ("place", "group", "summary", "notes", "id", "incident_id")}
    path = folder / "hostile.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, header)
        writer.writeheader()
        writer.writerow({name: (plain | free).get(name, "") for name in header})
    return path


@pytest.mark.case(46, 47)
def test_a_hostile_file_is_text_everywhere_and_can_be_undone(
    fresh_app_url: str, open_page: Callable[..., Any], tmp_path: Path, guard: Any
) -> None:
    address = fresh_app_url
    page = open_page()
    page.goto(f"{address}/upload")
    page.get_by_text("Stored batches").wait_for()
    page.locator("input[type=file]").set_input_files(str(hostile_file(tmp_path)))
    page.get_by_role("button", name="Accept all rows").click()
    page.get_by_text("Stored as batch 3").first.wait_for()
    page.goto(f"{address}/points?from=all&data=3")
    one = f"1 of {n_default() + 1:,}"
    assert shown_line(page, one).startswith(one)
    frame = map_frame(page)
    click_on_map(page, frame, 32.99, 70.60)
    frame.locator(".leaflet-popup").wait_for()
    assert "<img src=x onerror=" in frame.locator(".leaflet-popup").inner_text()
    assert page.evaluate("window.hacked === undefined")
    assert guard.outside == []
    page.goto(f"{address}/upload")
    page.locator(".st-key-Undo_3 button").click()
    page.get_by_role("button", name="Redo").wait_for()
    page.goto(f"{address}/?from=all")
    shown_line(page, shown())


@pytest.mark.parametrize("address", ["", "points?embed=1"])
def test_a_map_follows_the_system_into_the_dark_and_back_without_a_click(page: Any, app_url: str, address: str) -> None:
    page.goto(f"{app_url}/{address}")
    frame = map_frame(page)
    before = page.url
    for scheme in ("light", "dark", "light"):
        page.emulate_media(color_scheme=scheme)
        is_dark = "document.documentElement.classList.contains('atlas-dark-page')"
        wanted = "true" if scheme == "dark" else "false"
        frame.wait_for_function(f"window.map.atlas.updates > 0 && {is_dark} === {wanted}")
        fill = frame.evaluate("getComputedStyle(document.querySelector('.atlas-legend')).backgroundColor")
        assert (sum(map(int, re.findall(r"\d+", fill)[:3])) < 300) == (scheme == "dark")
    assert frame.evaluate("window.map.atlas.updates") >= 3
    assert page.url == before

"""The map in the browser: offline, alive across updates, inert to hostile text, answering clicks and keys."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from geo.views import palettes
from geo.views.layers import IncidentTexts, Legend, LegendEntry, PointsView
from geo.views.map import html_map
from geo.views.point_table import PointTable
from tests.browser.map_app_texts import HOSTILE

pytestmark = pytest.mark.browser

APP = Path(__file__).with_name("map_app.py")
FRAME = "iframe[title='streamlit_folium.st_folium']"
Opener = Callable[..., Any]


@pytest.fixture
def show(serve: Callable[[Path], str], open_page: Opener) -> Callable[..., tuple[Any, Any]]:
    """Open a case of the test app; return the page and the map's frame once its first update is drawn."""

    def shown(query: str = "case=plain", size: str = "wide", scheme: str = "light") -> tuple[Any, Any]:
        page = open_page(size, scheme)
        page.goto(f"{serve(APP)}/?{query}")
        page.frame_locator(FRAME).locator(".atlas-district").nth(34).wait_for(state="attached")
        frame = next(frame for frame in page.frames if "streamlit_folium" in frame.url)
        frame.wait_for_function("window.map && window.map.atlas && window.map.atlas.updates > 0")
        return page, frame

    return shown


def step(page: Any, frame: Any) -> None:
    """Press "next" and wait until the update is drawn."""
    before = frame.evaluate("map.atlas.updates")
    page.get_by_role("button", name="next").click()
    frame.wait_for_function(f"map.atlas.updates > {before}")


def settled(page: Any, part: str) -> str:
    """Return the app's status line once it holds a part."""
    line = page.get_by_text("runs=").filter(has_text=part)
    line.wait_for()
    return str(line.inner_text())


def district(frame: Any, name: str) -> Any:
    """The shape of a district, found by its accessible name."""
    return frame.locator(f".atlas-district[aria-label^='{name}']")


def press_on(page: Any, frame: Any, lat: float, lon: float, *, touch: bool = False) -> None:
    """Click a place of the map with the real pointer."""
    point = frame.evaluate(f"(() => {{ const p = map.latLngToContainerPoint([{lat}, {lon}]); return [p.x, p.y]; }})()")
    box = page.locator(FRAME).bounding_box()
    x, y = box["x"] + point[0], box["y"] + point[1]
    if touch:
        page.touchscreen.tap(x, y)
    else:
        page.mouse.click(x, y)


def test_35_districts_are_drawn_with_hatching_only_where_there_are_no_data(show: Any) -> None:
    _, frame = show()
    fills = frame.eval_on_selector_all(".atlas-district", "nodes => nodes.map(n => n.style.fill)")
    assert len(fills) == 35
    assert [fill for fill in fills if "url(" in fill] == ['url("#atlas-hatch")']


def test_the_southern_districts_are_named_at_first_sight(show: Any) -> None:
    _, frame = show()
    shown = frame.eval_on_selector_all(".atlas-label.is-shown", "nodes => nodes.map(n => n.textContent)")
    names = {name.replace("\n", " ") for name in shown}
    assert {"North Waziristan", "South Waziristan", "Tank", "Bannu", "Lakki Marwat", "Dera Ismail Khan"} <= names
    assert "Southern districts" in names


def test_the_map_goes_to_a_place_once_and_writes_its_name_without_a_mark(show: Any) -> None:
    page, frame = show("case=plain&goto=1")
    where = "[map.getZoom(), map.getCenter().lat.toFixed(2), map.getCenter().lng.toFixed(2)]"
    names = "[...document.querySelectorAll('.atlas-label-place.is-shown')].map((node) => node.textContent)"
    marks = "document.querySelectorAll('.leaflet-marker-icon').length"
    before, n_marks = frame.evaluate(where), frame.evaluate(marks)
    frame.evaluate("map.keepsake = 'first'")
    step(page, frame)
    assert frame.evaluate(where) == [10, "33.07", "70.27"] != before
    assert frame.evaluate(names) == ["Mir Ali, North Waziristan"]
    assert frame.evaluate(marks) == n_marks + 1  # the anchor of the name, which draws nothing
    assert (
        frame.evaluate("getComputedStyle(document.querySelector('.atlas-label-place'), '::before').content") == "none"
    )
    frame.evaluate("void map.setView([34, 72], 9, {animate: false})")
    step(page, frame)
    assert frame.evaluate(where) == [9, "34.00", "72.00"]
    step(page, frame)
    assert frame.evaluate(where) == [9, "34.00", "72.00"]
    assert frame.evaluate(names) == []
    assert frame.evaluate("map.keepsake") == "first"


def test_the_name_of_a_place_is_text(show: Any) -> None:
    page, frame = show("case=hostile&goto=1")
    step(page, frame)
    assert frame.locator(".atlas-label-place").text_content() == " ".join(HOSTILE)
    assert frame.locator(".atlas-label-place *").count() == 0


def test_an_update_keeps_the_map_its_view_and_changes_the_colours(show: Any) -> None:
    page, frame = show()
    frame.evaluate("map.keepsake = 'first'; void map.setView([32.5, 70.5], 8.5, {animate: false})")
    fill = "document.querySelector('.atlas-district').style.fill"
    before = frame.evaluate(fill)
    step(page, frame)
    assert frame.evaluate("map.keepsake") == "first"
    assert frame.evaluate("[map.getZoom(), map.getCenter().lat.toFixed(2)]") == [8.5, "32.50"]
    assert frame.evaluate(fill) != before
    assert frame.locator(".atlas-legend h2").first.inner_text() == "Step 1"


def test_panning_and_zooming_run_nothing_in_python(show: Any) -> None:
    page, frame = show()
    line = settled(page, "runs=")
    frame.evaluate("void map.setZoom(9, {animate: false}); void map.panBy([80, 40], {animate: false})")
    page.wait_for_timeout(1200)
    assert settled(page, "runs=") == line


def test_a_click_on_a_district_reaches_python_once_and_outlines_it(show: Any) -> None:
    page, frame = show()
    press_on(page, frame, 31.9, 70.6)
    line = settled(page, "selected=PK509")
    assert "calls=1" in line
    assert "pcode='PK509'" in line
    frame.locator(".atlas-selected-line").wait_for(state="attached")
    assert district(frame, "Dera Ismail Khan").get_attribute("aria-pressed") == "true"
    step(page, frame)
    assert "selected=PK509" in settled(page, "click=None"), "a click is handed out once"


def test_a_second_click_on_the_same_district_is_a_click_too(show: Any) -> None:
    page, frame = show()
    press_on(page, frame, 31.9, 70.6)
    settled(page, "selected=PK509")
    press_on(page, frame, 31.9, 70.6)
    settled(page, "calls=2 selected= ")


def test_the_keyboard_reaches_every_district_and_enter_chooses(show: Any) -> None:
    page, frame = show()
    first = frame.locator(".atlas-district[tabindex='0']")
    assert first.count() == 1, "one stop for Tab"
    classes = frame.evaluate("[...map.atlas.districts.values()].map(one => one.rank)")
    assert frame.evaluate("map.atlas.tabStop.rank") == max(classes) > min(classes), "one of the highest class"
    where = frame.evaluate("map.getCenter().lat")
    for _ in range(10):  # stops at most
        page.keyboard.press("Tab")
        if first.evaluate("node => node === document.activeElement"):
            break
    assert frame.evaluate("map.getCenter().lat") == where, "it is in view, and the map stays"
    reached = {frame.evaluate("document.activeElement.getAttribute('aria-label').split('.')[0]")}
    queue = [first.get_attribute("aria-label").split(".")[0]]
    while queue:
        name = queue.pop()
        for key in ("ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"):
            district(frame, f"{name}.").evaluate("node => node.focus()")
            page.keyboard.press(key)
            now = frame.evaluate("document.activeElement.getAttribute('aria-label').split('.')[0]")
            if now not in reached:
                reached.add(now)
                queue.append(now)
    assert len(reached) == 35
    district(frame, "Tank.").evaluate("node => node.focus()")
    frame.locator(".atlas-card.is-shown").wait_for()
    page.keyboard.press("Enter")
    settled(page, "selected=PK533")
    frame.wait_for_function("map.getZoom() > 8 && !map._animatingZoom")
    assert frame.locator(".atlas-card.is-shown").count() == 0


def test_hovering_shows_the_districts_values(show: Any) -> None:
    _, frame = show()
    district(frame, "Bannu").hover()
    assert frame.locator(".atlas-card.is-shown").inner_text().split() == ["Bannu", "Value", "Bannu", "0"]


def test_exact_places_are_pins_near_ones_soft_and_district_only_ones_numbers(show: Any, screenshot: Any) -> None:
    page, frame = show("case=points")
    frame.evaluate("void map.setView([33.5, 71], 8, {animate: false})")
    items = frame.evaluate("map.atlas.points.items.map(item => [item.title, ...item.lines.map(l => l.join(' '))])")
    assert sorted(items) == [["Incidents here: 1", "Near a place 1"], ["Incidents here: 2", "Village, town or post 2"]]
    assert frame.locator(".atlas-badge").all_inner_texts() == ["4", "3"]
    painted = frame.evaluate(
        "(() => { const c = document.querySelector('canvas.atlas-canvas');"
        "return c.getContext('2d').getImageData(0, 0, c.width, c.height).data.some(v => v > 0); })()"
    )
    assert painted
    screenshot(page, "map_points")


def test_a_number_gives_way_to_the_pins_of_its_district(show: Any) -> None:
    _, frame = show("case=points")
    frame.evaluate("void map.setView([32.99, 70.6], 9, {animate: false})")
    gaps = frame.evaluate(
        "map.atlas.badges.map(badge => Math.min(...map.atlas.points.items.map(item => {"
        "const p = map.latLngToLayerPoint(badge.place).subtract(map.atlas.points._bounds.min);"
        "return Math.hypot(p.x - item.x, p.y - item.y) - item.radius; })))"
    )
    assert min(gaps) > 8


def test_a_pin_opens_a_pop_up_whose_link_is_a_web_link_only(show: Any) -> None:
    page, frame = show("case=points")
    press_on(page, frame, 32.99, 70.6)
    popup = frame.locator(".atlas-popup")
    popup.wait_for()
    assert popup.locator("h3").all_inner_texts() == ["2024-01-02", "2024-01-03"]
    assert "Bannu bazaar" in popup.inner_text()
    links = popup.locator("a")
    assert links.count() == 1
    assert links.get_attribute("href") == "https://example.org/report?id=1"
    assert links.get_attribute("rel") == "noopener noreferrer"
    assert "javascript:window.pwned=1" in popup.inner_text(), "shown, not linked"
    assert "calls=0" in settled(page, "runs="), "the pin does not choose the district below it"
    page.keyboard.press("Escape")
    popup.wait_for(state="detached")


def test_a_pop_up_stands_beside_the_legend(show: Any) -> None:
    page, frame = show("case=points")
    frame.evaluate("""() => {
      map.setView([32.99, 70.6], 8, { animate: false });
      const legend = document.querySelector('.atlas-legend').getBoundingClientRect();
      const size = map.getSize();
      map.panBy([size.x / 2 - legend.left + 40, size.y / 2 - legend.bottom + 40], { animate: false });
    }""")
    press_on(page, frame, 32.99, 70.6)
    frame.locator(".atlas-popup").wait_for()
    page.wait_for_timeout(600)  # the map moves
    overlap = """() => {
      const boxOf = (part) => document.querySelector(part).getBoundingClientRect();
      const [a, b] = ['.leaflet-popup', '.atlas-legend'].map(boxOf);
      return Math.min(a.right, b.right) - Math.max(a.left, b.left) > 0
        && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 0;
    }"""
    assert not frame.evaluate(overlap)


def test_a_pop_up_lies_over_the_controls_and_stays_at_its_place(show: Any) -> None:
    page, frame = show("case=points")
    press_on(page, frame, 32.99, 70.6)
    frame.locator(".atlas-popup").wait_for()
    page.wait_for_timeout(600)  # the map moves
    on_top = frame.evaluate("""() => {
      const boxOf = (part) => document.querySelector(part).getBoundingClientRect();
      const [popup, zoom] = ['.leaflet-popup', '.leaflet-control-zoom'].map(boxOf);
      map.panBy([popup.left - zoom.left + 20, popup.top - zoom.top + 20], { animate: false });
      const { left, top, width, height } = boxOf('.leaflet-control-zoom');
      return document.elementFromPoint(left + width - 3, top + height / 2).closest('.leaflet-popup') !== null;
    }""")
    assert on_top
    for move in ("map.panBy([40, -30], { animate: false })", "map.setZoom(map.getZoom() - 1, { animate: false })"):
        frame.evaluate(f"void {move}")
        off = frame.evaluate("""() => {
          const tip = document.querySelector('.leaflet-popup-tip-container').getBoundingClientRect();
          const at = map.latLngToContainerPoint([32.99, 70.6]);
          return [tip.left + tip.width / 2 - at.x, at.y - tip.bottom];
        }""")
        assert abs(off[0]) < 8
        assert -8 < off[1] < 20


def test_a_pop_up_of_a_small_table_is_fetched_when_it_is_opened(show: Any) -> None:
    page, frame = show("case=filed")
    asked = "performance.getEntriesByType('resource').filter(one => one.name.endsWith('.gz')).length"
    assert frame.evaluate(asked) == 0
    press_on(page, frame, 32.99, 70.6)
    popup = frame.locator(".atlas-popup")
    popup.wait_for()
    assert popup.locator("h3").all_inner_texts() == ["2024-01-02"]
    assert popup.locator("a").get_attribute("href") == "https://example.org/report?id=1"
    assert frame.evaluate(asked) == 1
    page.keyboard.press("Escape")
    popup.wait_for(state="detached")
    press_on(page, frame, 34.0, 71.5)
    popup.wait_for()
    assert popup.locator("h3").all_inner_texts() == ["2024-02-01"]
    assert frame.evaluate(asked) == 1


@pytest.mark.parametrize("mode", ["pins", "hex"])
def test_names_lie_over_the_discs_of_incidents_with_a_halo(show: Any, mode: str) -> None:
    _, frame = show(f"case=many5000&mode={mode}")
    style = "getComputedStyle(map.getPane('{}')).zIndex"
    points, names, badges = (
        int(frame.evaluate(style.format(f"atlas-{pane}"))) for pane in ("points", "labels", "badges")
    )
    assert points < names < badges, "numbers, which are clicked, lie over names"
    shown = frame.locator(".atlas-label-district.is-shown")
    assert shown.count() > 5
    assert shown.first.evaluate("node => getComputedStyle(node).textShadow") != "none"


@pytest.mark.case(46)
def test_hostile_texts_are_shown_as_they_are_and_run_nothing(show: Any, screenshot: Any) -> None:
    page, frame = show("case=hostile")
    press_on(page, frame, 32.99, 70.6)
    texts = frame.locator(".atlas-popup dd").all_inner_texts()
    assert texts[0] == HOSTILE[0]
    assert texts[1] == " ".join(HOSTILE)
    assert frame.locator(".atlas-legend h2").first.inner_text() == " ".join(HOSTILE)
    labels = frame.eval_on_selector_all(".atlas-district", "nodes => nodes.map(n => n.getAttribute('aria-label'))")
    assert all(label.split("Value: ")[1] == HOSTILE[i % len(HOSTILE)] for i, label in enumerate(labels))
    page.keyboard.press("Escape")
    district(frame, "Tank").hover()
    assert frame.locator(".atlas-card .atlas-card-value:not(:empty)").inner_text() in HOSTILE
    page.wait_for_timeout(300)
    assert frame.evaluate("typeof window.pwned") == "undefined"
    assert page.evaluate("typeof window.pwned") == "undefined"
    assert frame.locator(".atlas img").count() == 0
    screenshot(page, "map_hostile")


def test_thirty_updates_leave_no_layers_nodes_or_heap_behind(show: Any) -> None:
    page, frame = show("case=points")
    step(page, frame)
    client = page.context.new_cdp_session(page)
    client.send("HeapProfiler.enable")

    def used() -> tuple[int, int, float]:
        client.send("HeapProfiler.collectGarbage")
        heap = client.send("Runtime.getHeapUsage")["usedSize"] / 1e6
        counts = frame.evaluate("[Object.keys(map._layers).length, document.querySelectorAll('*').length]")
        return counts[0], counts[1], heap

    before = used()
    for _ in range(30):
        step(page, frame)
    after = used()
    assert after[:2] == before[:2]
    assert after[2] - before[2] < 4, f"heap grew from {before[2]:.1f} to {after[2]:.1f} MB"


def test_a_hundred_thousand_points_are_clusters_and_a_click_on_one_place_returns_positions(show: Any) -> None:
    page, frame = show("case=many100000")
    count = frame.evaluate("map.atlas.pointSet.count")
    assert count == 100_000
    titles = frame.evaluate("map.atlas.points.items.map(item => item.title)")
    assert 20 < len(titles) < 2_000
    frame.evaluate("void map.setView([33.5, 71.5], 13, {animate: false})")
    frame.evaluate(
        "(() => { const item = map.atlas.points.items.find(i => i.title.includes('here')); item.open(); })()"
    )
    line = settled(page, "positions=(")
    assert "calls=1" in line


def test_the_table_of_points_is_fetched_once_and_updates_choose_from_it(show: Any) -> None:
    page, frame = show("case=part30000")
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url) if request.url.endswith(".gz") else None)
    places = (
        "(() => { const set = map.atlas.pointSet; return [set.lon, set.lat, set.kind].map(c => Array.from(c)); })()"
    )
    random = np.random.default_rng(0)
    lon, lat, n = random.uniform(70, 73, 30_000), random.uniform(32, 35.5, 30_000), np.arange(30_000)
    for number in range(3):
        is_shown = n % 5 != number
        sent_lon, sent_lat, kind = (np.array(column) for column in frame.evaluate(places))
        np.testing.assert_allclose(sent_lon, 65535 * (lon - lon.min())[is_shown] / np.ptp(lon), atol=0.6)
        np.testing.assert_allclose(sent_lat, 65535 * (lat - lat.min())[is_shown] / np.ptp(lat), atol=0.6)
        assert kind.tolist() == (n % 3 + 128 * (n % 3 == 2))[is_shown].tolist()
        step(page, frame)
    assert fetched == []


def test_a_click_means_the_incident_that_is_shown_there(show: Any) -> None:
    page, frame = show("case=part200000")
    step(page, frame)
    assert frame.evaluate("map.atlas.pointSet.count") == 160_000
    frame.evaluate("void map.setView([33.5, 71.5], 13, {animate: false})")
    item = "map.atlas.points.items.find(item => item.title.includes('here'))"
    place = f"(() => {{ const item = {item}; const corner = map.atlas.points._bounds.min;"
    place += "const at = map.layerPointToLatLng(corner.add([item.x, item.y])); return [at.lng, at.lat]; })()"
    at = frame.evaluate(place)
    frame.evaluate(f"{item}.open()")
    found = re.search(r"positions=\((\d+)", settled(page, "positions=("))
    assert found
    chosen = int(found[1]) - 1000
    assert chosen % 5 != 1, "left out in this step"
    random = np.random.default_rng(0)
    lon, lat = random.uniform(70, 73, 200_000), random.uniform(32, 35.5, 200_000)
    assert at == pytest.approx([lon[chosen], lat[chosen]], abs=1e-3)


def test_points_that_cannot_be_loaded_are_said_to_be_missing(show: Any, guard: Any) -> None:
    page, frame = show("case=many20000")
    guard.expected.append(".gz")
    page.route("**/*.gz", lambda route: route.abort())
    page.get_by_role("button", name="next").click()
    notice = frame.locator(".atlas-notice")
    notice.filter(has_text="could not be loaded").wait_for()
    frame.locator("canvas.atlas-canvas").wait_for(state="detached")
    assert frame.evaluate("map.atlas.pointSet") is None, "no points of an earlier filter are left"
    page.unroute("**/*.gz")
    step(page, frame)
    assert notice.inner_text() == ""
    assert frame.evaluate("map.atlas.points.items.length") > 0


@pytest.mark.parametrize("mode", ["heat", "hex"])
def test_density_modes_paint_and_keep_the_numbers(show: Any, mode: str, screenshot: Any) -> None:
    page, frame = show(f"case=many5000&mode={mode}")
    painted = frame.evaluate(
        "(() => { const c = document.querySelector('canvas.atlas-canvas');"
        "const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;"
        "let n = 0; for (let i = 3; i < d.length; i += 4) n += d[i] > 0; return n / (d.length / 4); })()"
    )
    assert painted > 0.05
    assert frame.locator(".atlas-badge").count() == 2
    screenshot(page, f"map_{mode}")


def test_hexagons_count_every_point_once(show: Any) -> None:
    _, frame = show("case=many5000&mode=hex")
    hexagons = frame.evaluate("map.atlas.pointSet.hexagons.map(h => [h.count, h.near])")
    assert sum(count for count, _ in hexagons) == 5000
    assert sum(near for _, near in hexagons) == sum(1 for i in range(5000) if i % 3 == 2)


def test_smoothing_moves_incidents_but_loses_none(show: Any) -> None:
    _, frame = show()
    total, peak = frame.evaluate(
        "(() => { const grid = new Float32Array(101 * 81); grid[40 * 101 + 50] = 7;"
        "atlas.parts.smooth(grid, 101, 81, 8);"
        "return [grid.reduce((a, b) => a + b, 0), grid.indexOf(Math.max(...grid))]; })()"
    )
    assert total == pytest.approx(7, rel=1e-4)
    assert peak == 40 * 101 + 50


@pytest.mark.parametrize("zoom", [6, 8, 10, 13])
def test_every_point_is_in_exactly_one_mark_at_every_zoom(show: Any, zoom: int) -> None:
    _, frame = show("case=many30000")
    counts = frame.evaluate(
        f"(() => {{ const set = map.atlas.pointSet; const marks = set.marks([0, 0, 1, 1], {zoom}, 1e6, false);"
        "const colours = marks.map(m => m.colours.reduce((a, b) => a + b, 0));"
        "const sum = list => list.reduce((a, b) => a + b, 0);"
        "return [sum(marks.map(m => m.count)), sum(colours), sum(marks.map(m => m.near))]; })()"
    )
    assert counts == [30_000, 30_000, 10_000]
    outside = frame.evaluate(
        f"(() => {{ const set = map.atlas.pointSet; const isIn = (x, y, [x0, y0, x1, y1]) =>"
        " x >= x0 && x <= x1 && y >= y0 && y <= y1;"
        f"return set.marks([0, 0, 1, 1], {zoom}, 1e6, false).filter(m =>"
        " !isIn(m.x, m.y, m.box) || !isIn(set.x(m.first), set.y(m.first), m.box)).length; })()"
    )
    assert outside == 0, "a mark and its first point lie within its box"


def test_a_narrow_map_starts_with_the_legend_folded_and_a_tap_chooses(show: Any, screenshot: Any) -> None:
    page, frame = show("case=points", size="narrow")
    fold = frame.locator(".atlas-legend details")
    assert fold.get_attribute("open") is None
    frame.locator(".atlas-legend summary").tap()
    assert fold.get_attribute("open") is not None
    screenshot(page, "map_narrow_legend")
    step(page, frame)
    assert frame.locator(".atlas-legend details").get_attribute("open") is not None, "an update keeps what was opened"
    frame.locator(".atlas-legend summary").tap()
    press_on(page, frame, 31.6, 70.6, touch=True)
    settled(page, "selected=PK509")
    width = frame.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert width <= 0, "nothing sticks out sideways"


def test_the_map_follows_the_dark_theme(show: Any, screenshot: Any) -> None:
    page, frame = show("case=points", scheme="dark")
    ground = frame.evaluate("getComputedStyle(document.querySelector('.atlas')).backgroundColor")
    red, green, blue = (int(part) for part in ground.removeprefix("rgb(").removesuffix(")").split(","))
    assert max(red, green, blue) < 60
    screenshot(page, "map_dark")


def test_online_tiles_are_asked_for_only_when_the_reader_wants_them(show: Any, guard: Any) -> None:
    guard.expected.append("tile.openstreetmap.org")  # nothing but this machine answers in a test
    page, frame = show("case=plain&tiles=1")
    frame.locator(".leaflet-tile").first.wait_for(state="attached")
    page.wait_for_timeout(300)
    assert guard.outside
    assert all(url.startswith("https://tile.openstreetmap.org/") for url in guard.outside)
    guard.outside.clear()
    assert "OpenStreetMap" in frame.locator(".atlas-sources-text").text_content()


def test_a_saved_map_opens_from_the_disk_without_any_server(open_page: Opener, tmp_path: Path, screenshot: Any) -> None:
    colours = palettes.categories(1)
    table = PointTable(
        np.array([70.6]), np.array([32.99]), np.array([False]), np.zeros(1, dtype=np.uint8), np.arange(1)
    )
    view = PointsView(
        Legend("Saved", (LegendEntry("Exact place", colours[0], shape="pin"),)),
        table,
        np.array([True]),
        colours,
        (("PK503", 4),),
        IncidentTexts(("Incident", "Place"), (("2024-01-02", "</script><b>x"),), ("",)),
    )
    path = tmp_path / "map.html"
    path.write_text(html_map(title="A <title>", points=view), encoding="utf-8")
    page = open_page()
    page.goto(path.as_uri())
    assert page.locator(".atlas-district").count() == 35
    page.evaluate("map.atlas.points.items[0].open()")
    assert page.locator(".atlas-popup dd").inner_text() == "</script><b>x"
    screenshot(page, "map_saved")


def boxes(frame: Any, selector: str) -> list[list[float]]:
    """Return left, top, right, bottom of what is shown."""
    found: list[list[float]] = frame.eval_on_selector_all(
        selector, "nodes => nodes.map(n => n.getBoundingClientRect()).map(r => [r.left, r.top, r.right, r.bottom])"
    )
    return [box for box in found if box[2] > box[0]]


# Left, top, right, bottom of the discs of incidents.
DRAWN_MARKS = """
  ((map.atlas.points && map.atlas.points.items) || []).filter((item) => item.radius).map(({ x, y, radius }) => {
    const { x: left, y: top } = map.layerPointToContainerPoint(map.atlas.points._bounds.min);
    return [left + x - radius, top + y - radius, left + x + radius, top + y + radius];
  })
"""


def collisions(some: list[list[float]], others: list[list[float]]) -> list[Any]:
    return [
        (a, b)
        for i, a in enumerate(some)
        for b in (some[:i] if some is others else others)
        if a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
    ]


@pytest.mark.parametrize("case", ["plain", "points"])
@pytest.mark.parametrize("size", ["wide", "narrow"])
def test_no_name_lies_on_another_a_number_or_a_panel_at_any_zoom(show: Any, size: str, case: str) -> None:
    _, frame = show(f"case={case}", size)
    panels = boxes(frame, ".leaflet-control")
    assert collisions(panels, panels) == []
    for zoom in (6, 7.5, 8.5, 9.75, 12):
        for place in ([32.3, 70.3], [34.2, 71.8]):
            frame.evaluate(f"void map.setView({place}, {zoom}, {{animate: false}})")
            names = boxes(frame, ".atlas-label.is-shown")
            assert names, (zoom, place)
            assert collisions(names, names) == [], (zoom, place)
            assert collisions(names, boxes(frame, ".atlas-badge")) == [], (zoom, place)
            assert collisions(names, boxes(frame, ".leaflet-control")) == [], (zoom, place)
            marks = frame.evaluate(DRAWN_MARKS)
            assert collisions(boxes(frame, ".atlas-label-town.is-shown"), marks) == [], (zoom, place)


def test_the_first_sight_is_the_south_beside_the_panels_and_the_small_map_leads_to_the_whole(show: Any) -> None:
    _, frame = show()
    sees = "map.getBounds().contains(L.latLngBounds(map.atlas.base.{}))"
    assert frame.evaluate(sees.format("south.bounds"))
    assert not frame.evaluate(sees.format("bounds"))
    southern = ("North Waziristan", "South Waziristan", "Tank", "Bannu", "Lakki Marwat", "Dera Ismail Khan")
    outlines = [box for name in southern for box in boxes(frame, f".atlas-district[aria-label^='{name}']")]
    assert len(outlines) == len(southern)
    panels = boxes(frame, ".atlas-legend") + boxes(frame, ".atlas-inset")
    distance_px = 4  # fonts and widths of another machine may take some of what is left
    with_distance = [[left - distance_px, *others] for left, *others in panels]
    assert len(panels) == 2
    assert collisions(outlines, with_distance) == []
    inset = frame.locator(".atlas-inset")
    inner = inset.locator(".atlas-inset-frame").bounding_box()
    assert inner["height"] < 0.6 * inset.bounding_box()["height"], "the rectangle is the part that is shown"
    inset.click()
    frame.wait_for_function(sees.format("bounds"))
    frame.wait_for_function("document.querySelector('.atlas-inset').offsetWidth === 0")
    frame.get_by_role("button", name="The south").click()
    frame.wait_for_function("document.querySelector('.atlas-inset').offsetWidth > 0")


def test_a_chosen_district_is_looked_at_and_no_update_moves_the_view(show: Any) -> None:
    page, frame = show()
    zoom = frame.evaluate("map.getZoom()")
    district(frame, "Tank.").press("Enter")
    settled(page, "selected=PK533")
    frame.wait_for_function(f"map.getZoom() > {zoom} + 0.5 && !map._animatingZoom")
    where = frame.evaluate("[map.getZoom(), map.getCenter().lat, map.getCenter().lng]")
    step(page, frame)
    assert frame.evaluate("[map.getZoom(), map.getCenter().lat, map.getCenter().lng]") == where


def test_on_a_phone_the_incidents_of_a_place_are_a_sheet_inside_the_map(show: Any, screenshot: Any) -> None:
    page, frame = show("case=points", size="narrow")
    press_on(page, frame, 32.99, 70.6, touch=True)
    sheet = frame.locator(".atlas-sheet")
    sheet.wait_for()
    assert frame.locator(".leaflet-popup").count() == 0
    box, outer = sheet.bounding_box(), page.locator(FRAME).bounding_box()
    assert box["x"] >= outer["x"]
    assert box["x"] + box["width"] <= outer["x"] + outer["width"]
    assert box["y"] + box["height"] <= outer["y"] + outer["height"]
    place = frame.evaluate("map.latLngToContainerPoint([32.99, 70.6]).y")
    assert place < box["y"] - outer["y"], "the place stays in view above the sheet"
    screenshot(page, "map_sheet")
    sheet.get_by_role("button", name="Close").tap()
    sheet.wait_for(state="detached")


def test_on_a_phone_a_sheet_shows_one_incident_at_a_time_with_its_links_in_sight(show: Any) -> None:
    page, frame = show("case=points", size="narrow")
    press_on(page, frame, 32.99, 70.6, touch=True)
    sheet = frame.locator(".atlas-sheet")
    sheet.get_by_text("Incident 1 of 2", exact=True).wait_for()
    assert sheet.locator("h3").all_inner_texts() == ["2024-01-02"]
    end = sheet.bounding_box()["y"] + sheet.bounding_box()["height"]
    onwards, link = sheet.get_by_role("button", name="Next incidents"), sheet.get_by_role("link").first
    for node in (onwards, link, sheet.get_by_role("button", name="Close")):
        box = node.bounding_box()
        assert box["height"] >= 44
        assert box["y"] + box["height"] <= end
    assert sheet.locator(".atlas-popup-list a").count() == 0, "links stand outside of what scrolls"
    onwards.tap()
    sheet.get_by_text("Incident 2 of 2", exact=True).wait_for()


def test_the_map_takes_few_stops_of_the_tab_key(show: Any) -> None:
    _, frame = show("case=points")
    stops = frame.evaluate(
        "[...document.querySelectorAll('a[href], button, summary, [tabindex]')]"
        ".filter(node => node.tabIndex >= 0 && node.getClientRects().length).length"
    )
    assert 5 < stops <= 10

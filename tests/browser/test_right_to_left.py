"""Pages in Urdu: direction, order of mixed words and numbers, fonts, the switch."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.browser.test_app import EXACT_PLACE, click_on_map, map_frame, visit

__all__ = ["visit"]
pytestmark = pytest.mark.browser

# The left edge of each given part of a text, drawn in a paragraph of the page's own.
EDGES = """([text, parts]) => {
  const place = document.querySelector('.stMarkdown p').cloneNode(false);
  place.textContent = text;
  document.querySelector('.stMarkdown p').after(place);
  const edges = parts.map((part) => {
    const range = document.createRange();
    const at = text.indexOf(part);
    range.setStart(place.firstChild, at);
    range.setEnd(place.firstChild, at + part.length);
    return range.getBoundingClientRect().left;
  });
  place.remove();
  return edges;
}"""


@pytest.fixture
def shown(app_url: str, open_page: Callable[..., Any]) -> Callable[..., Any]:
    """Open an address in Urdu, wide and light, and wait until it is drawn."""
    return lambda address, page=None: _shown(app_url, address, page or open_page())


def _shown(app_url: str, address: str, page: Any) -> Any:
    page.goto(f"{app_url}/{address}{'&' if '?' in address else '?'}lang=ur")
    page.get_by_text("اس ترجمے").first.wait_for()  # the foot of the page
    page.get_by_role("heading", level=1).first.wait_for()
    page.wait_for_function("document.documentElement.dir === 'rtl'")
    page.wait_for_function("!document.querySelector('[data-testid=stStatusWidget]')")
    return page


def test_the_sidebar_stands_on_the_right_and_a_map_has_its_panels_mirrored(shown: Callable[..., Any]) -> None:
    page = shown("")
    assert page.get_by_test_id("stSidebar").bounding_box()["x"] > 1000
    frame = map_frame(page)
    frame.locator(".atlas-inset").wait_for()
    middle = frame.evaluate("innerWidth / 2")
    boxes = {
        part: frame.locator(part).first.evaluate("(node) => node.getBoundingClientRect().left")
        for part in (".atlas-inset", ".leaflet-control-zoom", ".atlas-legend")
    }
    assert boxes[".atlas-inset"] < middle < min(boxes[".leaflet-control-zoom"], boxes[".atlas-legend"])
    assert frame.locator(".atlas-label", has_text="بنوں").count()


def test_the_scale_of_a_map_is_written_in_urdu_with_the_digits_of_the_choice(shown: Callable[..., Any]) -> None:
    scale = map_frame(shown("?digits=arabext")).locator(".leaflet-control-scale-line")
    scale.wait_for()
    assert re.fullmatch("\u200f?[۰-۹]+ کلومیٹر", scale.inner_text())


def test_words_and_numbers_stand_in_the_order_in_which_they_are_read(shown: Callable[..., Any]) -> None:
    page = shown("trends")

    def edges(text: str, *parts: str) -> list[float]:
        return page.evaluate(EDGES, [text, list(parts)])

    first, last = edges("واقعات: 10 سے 29", "10", "29")
    assert first > last, "in Urdu the first number is the right one"
    year, month, day = edges("\u200e2024-03-15 کا واقعہ", "2024", "03", "15")
    assert year < month < day
    urdu, latin, number = edges("ضلع Bannu میں 115", "ضلع", "Bannu", "115")
    assert urdu > latin > number
    one, two = edges("10 to 29", "10", "29")
    assert one < two, "an English range stays as it is"


def _keeping(addresses: list[str]) -> Callable[[Any], None]:
    return lambda request: addresses.append(request.url)


def test_fonts_come_from_the_app_and_only_where_they_are_needed(app_url: str, open_page: Callable[..., Any]) -> None:
    for language, expected in (("ur", {"naskh", "nastaliq"}), ("en", set())):
        page, asked = open_page(), list[str]()
        page.on("request", _keeping(asked))
        page.goto(f"{app_url}/trends?lang={language}")
        page.get_by_role("heading", level=1).first.wait_for()
        page.get_by_text("اس ترجمے" if language == "ur" else "not operational").first.wait_for()
        if expected:
            loaded = "[...document.fonts].filter((font) => font.family.includes('Atlas') && font.status === 'loaded')"
            page.wait_for_function(f"{loaded}.length > 1")
        fonts = {name for name in ("naskh", "nastaliq") for url in asked if name in url.lower()}
        assert fonts == expected


def test_the_switch_turns_the_page_by_keyboard_and_keeps_the_view(visit: Callable[..., Any]) -> None:
    page = visit("trends?fatal=1")
    page.get_by_role("heading", level=1).first.wait_for()
    choice = page.locator(".st-key-language").get_by_text("اردو")
    choice.wait_for()
    page.locator(".st-key-language button").filter(has_text="اردو").focus()
    page.keyboard.press("Enter")
    page.wait_for_function("document.documentElement.dir === 'rtl'")
    page.wait_for_function("location.search.includes('lang=ur')")
    assert parse_qs(urlsplit(page.url).query)["fatal"] == ["1"]
    page.locator(".st-key-language button").filter(has_text="English").click()
    page.wait_for_function("document.documentElement.dir === 'ltr' && location.search.includes('lang=en')")


def test_the_switch_turns_the_map_with_its_page(visit: Callable[..., Any]) -> None:
    # For a moment the map that goes is still there beside the one that comes.
    has_one_map = """(word) => {
      const maps = [...document.querySelectorAll("iframe[title='streamlit_folium.st_folium']")];
      const legends = maps.map((map) => map.contentDocument?.querySelector('.atlas-legend summary')?.textContent);
      return legends.length === 1 && legends[0]?.includes(word);
    }"""
    page = visit("")
    page.wait_for_function(has_one_map, arg="Legend")
    for language, word in (("اردو", "علامات"), ("English", "Legend")):
        page.locator(".st-key-language button").filter(has_text=language).click()
        page.wait_for_function(has_one_map, arg=word)


def test_digits_of_the_east_are_a_choice(shown: Callable[..., Any]) -> None:
    page = shown("trends?digits=arabext")
    page.get_by_text("۵٬۴").first.wait_for()
    bars = page.locator("[data-testid=stVegaLiteChart]").first
    bars.scroll_into_view_if_needed()
    bars.locator("canvas, svg").first.wait_for()
    box = bars.bounding_box()
    # A bar says its number where the pointer is.
    page.mouse.move(box["x"] + box["width"] * 0.55, box["y"] + box["height"] * 0.6, steps=4)
    said = page.locator("#vg-tooltip-element")
    said.get_by_text(re.compile("[۰-۹]")).first.wait_for()
    assert not re.search("[0-9]", said.inner_text())


def test_what_sources_say_in_english_runs_from_the_left_in_lists_and_pop_ups(shown: Callable[..., Any]) -> None:
    page = shown("points?from=2024-01-01&to=2024-12-31&district=PK519&sources=register")
    rows = page.locator("[class*=st-key-incident_rows] tbody tr")
    rows.first.wait_for()
    said = rows.first.locator("td:lang(en)")
    said.wait_for()
    assert said.evaluate("(cell) => [cell.dir, getComputedStyle(cell).textAlign, cell.innerText.length > 20]") == [
        "ltr",
        "left",
        True,
    ]
    assert page.locator("[class*=st-key-incident_rows] tbody td:lang(en)").count() == rows.count()
    frame = map_frame(page)
    frame.locator(".atlas-badge").first.wait_for()
    click_on_map(page, frame, *EXACT_PLACE)
    text = frame.locator(".atlas-incident dd:lang(en)").first
    text.wait_for()
    assert text.get_attribute("dir") == "ltr"
    assert "انگریزی" in frame.locator(".atlas-incident dt").last.inner_text()


def test_the_handles_of_a_slider_run_from_the_right_by_key_and_by_mouse(shown: Callable[..., Any]) -> None:
    page = shown("districts?from=2010-01-01&to=2020-12-31")
    slider = page.get_by_test_id("stSidebar").get_by_test_id("stSlider")
    handles, labels = slider.locator("input[type=range]"), slider.get_by_test_id("stSliderThumbValue")
    handles.last.wait_for(state="attached")
    page.wait_for_function(
        "() => { const [a, b] = [...document.querySelectorAll('[data-testid=stSlider] input')]"
        ".map((one) => one.getBoundingClientRect().left); return a > b; }"
    )
    first, last = (label.bounding_box() for label in labels.all())
    assert last["x"] + last["width"] <= first["x"], "the labels do not cover one another"
    handles.first.focus()
    page.keyboard.press("ArrowLeft")  # onwards, as a line is read
    page.wait_for_url("**from=2011-01-01**")
    track = slider.locator("[data-orientation] > [data-orientation]").bounding_box()
    page.mouse.click(track["x"] + 1, track["y"] + track["height"] / 2)
    page.wait_for_function("!location.search.includes('to=')")  # the last year is at the left end


@pytest.mark.parametrize("size", ["wide", "narrow"])
def test_the_first_column_of_a_grid_stands_on_the_right_and_a_row_is_chosen(
    shown: Callable[..., Any], open_page: Callable[..., Any], size: str
) -> None:
    page = shown("districts", open_page(size))
    grid = page.get_by_test_id("stDataFrame").first
    heads = grid.locator("canvas [role=columnheader]")
    heads.first.wait_for(state="attached")
    assert heads.last.inner_text() == "ضلع"
    at_right = "() => { const grid = document.querySelector('.dvn-scroller');"
    page.wait_for_function(f"{at_right} return grid.scrollLeft >= grid.scrollWidth - grid.clientWidth - 1; }}")
    second = grid.locator("canvas tbody tr").nth(1).locator("[role=gridcell]").last.inner_text()
    grid.scroll_into_view_if_needed()
    # The boxes with which a row is chosen stay at the left edge.
    box = grid.bounding_box()
    page.mouse.click(box["x"] + 16, box["y"] + 84)
    page.wait_for_url("**district=PK**")
    page.get_by_role("heading", level=2).filter(has_text=second).first.wait_for()


def test_a_choice_of_a_filter_begins_with_its_name_at_the_right(shown: Callable[..., Any]) -> None:
    page = shown("?district=PK503")
    page.locator(".st-key-filter_districts input").click()
    option = page.locator("[role=option] > [data-item-hl]", has_text="اورکزئی").first
    option.wait_for()
    edges = """(node) => {
      const range = document.createRange(), text = node.firstChild, box = node.getBoundingClientRect();
      range.setStart(text, 0);
      range.setEnd(text, text.data.indexOf(' '));
      const name = range.getBoundingClientRect();
      return [name.left, name.right, box.left, box.right];
    }"""
    for part in (option, page.locator(".st-key-filter_districts [data-tag] > [title]").first):
        left, right, box_left, box_right = part.evaluate(edges)
        assert box_left <= left < right <= box_right + 1
        assert box_right - right < 20, "the name stands at the right edge, the spellings behind it are cut"


def test_the_buttons_of_the_timeline_stand_as_time_runs(shown: Callable[..., Any]) -> None:
    page = shown("")
    buttons = page.locator(".timeline .buttons button")
    buttons.first.wait_for()
    lefts = [button.bounding_box()["x"] for button in buttons.all()]
    assert len(lefts) == 4
    assert lefts == sorted(lefts)


def test_the_label_of_a_slider_lies_within_a_narrow_page(
    shown: Callable[..., Any], open_page: Callable[..., Any]
) -> None:
    page = shown("no_go", open_page("narrow"))
    label = page.locator("[data-testid=stSliderThumbValue]").first
    label.wait_for()
    assert label.bounding_box()["x"] >= 0
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_words_of_streamlit_give_their_place_to_words_of_the_page(shown: Callable[..., Any]) -> None:
    drawn = "(node) => [getComputedStyle(node).fontSize, getComputedStyle(node, '::after').content]"
    page = shown("upload")
    uploader = page.get_by_test_id("stFileUploader").first
    uploader.wait_for()
    assert uploader.locator("button p").evaluate(drawn) == ["0px", '"فائل منتخب کریں"']
    limit = uploader.get_by_test_id("stFileUploaderDropzoneInstructions").locator("span").last
    assert "400 MB" in limit.evaluate(drawn)[1]
    page = shown("", page)
    chosen = page.get_by_test_id("stMultiSelect").first.locator("input")
    chosen.click()
    chosen.fill("zzzzq")
    nothing = page.get_by_text("No results").first
    nothing.wait_for(state="attached")
    assert nothing.evaluate(drawn) == ["0px", '"کوئی مطابقت نہیں"']


def test_a_text_to_be_copied_is_set_in_the_letters_of_the_page(shown: Callable[..., Any]) -> None:
    page = shown("published")
    code = page.locator(".stCode .language-plaintext").first
    code.wait_for(state="attached")
    assert code.evaluate("(node) => getComputedStyle(node).direction") == "rtl"
    for part in (code, code.locator("span").last):
        assert part.evaluate("(node) => getComputedStyle(node).fontFamily").startswith('"Atlas Naskh", "Source Sans"')


# Of a long text that is in view: what leaves the page, headings away from its right edge, code that does not run from
# the left or lies outside its line, and tables whose first column is not the right one.
IN_A_TEXT = """(name) => {
  const text = document.querySelector(`.st-key-whole_text_${name} [data-testid="stMarkdownContainer"]`);
  const box = (part) => part.getBoundingClientRect();
  const found = (selector, isWrong) =>
    [...text.querySelectorAll(selector)].filter(isWrong).map((part) => part.textContent);
  const isOutside = (part) => box(part).left < -1 || box(part).right > innerWidth + 1;
  const isTurned = (code) => getComputedStyle(code).direction !== "ltr" || code.scrollWidth > code.clientWidth + 1;
  return {
    seen: text.querySelectorAll("p").length > 5 && text.querySelectorAll("table").length > 0,
    outside: found(":is(p, li, h2, h3, table):not(td *)", isOutside),
    headings: found("h2 > span:first-child, h3 > span:first-child", (part) => box(part).right < box(text).right - 2),
    code: found("code", isTurned),
    tables: found("table", (part) => box(part.rows[0].cells[0]).left < box([...part.rows[0].cells].at(-1)).left),
  };
}"""


@pytest.mark.parametrize("kind", ["wide", "narrow"])
def test_the_long_texts_run_from_the_right_and_their_formulas_from_the_left(
    shown: Callable[..., Any], open_page: Callable[..., Any], kind: str
) -> None:
    page = shown("data_and_method", open_page(kind))
    for place, name in enumerate(("sources", "method")):
        page.get_by_role("tab").nth(place).click()
        page.locator(f".st-key-whole_text_{name} table").first.wait_for()
        found = page.evaluate(IN_A_TEXT, name)
        assert found == {"seen": True, "outside": [], "headings": [], "code": [], "tables": []}

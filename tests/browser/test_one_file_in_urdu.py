"""The one-file atlas in Urdu, opened from a folder at the width of a phone: direction, order, letters and digits."""

from __future__ import annotations

from typing import Any

import pytest

from geo import wording
from geo.views.one_file import page as page_text
from tests.browser.room import without_room
from tests.browser.test_one_file_page import TABLE, opened
from tests.toy_export import exported

__all__ = ["opened"]
pytestmark = [pytest.mark.browser, pytest.mark.slow]
# Left edges of figures in the texts of a selector, in the order in which a text holds them.
EDGES = """(nodes, figures) => nodes.map((node) => {
  const texts = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
  const found = [];
  for (let text = texts.nextNode(); text; text = texts.nextNode()) {
    for (const match of text.data.matchAll(new RegExp(figures, 'gu'))) {
      const range = document.createRange();
      range.setStart(text, match.index);
      range.setEnd(text, match.index + match[0].length);
      found.push([match[0], range.getBoundingClientRect().left]);
    }
  }
  return found;
})"""


@pytest.fixture
def text(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(wording, "_digits_source", lambda: getattr(request, "param", None))
    with wording.in_language("ur"):
        return page_text(exported(TABLE))


def left(page: Any, selector: str) -> float:
    return float(page.locator(selector).first.evaluate("(node) => node.getBoundingClientRect().left"))


def test_the_page_runs_from_right_to_left_in_letters_that_it_carries(opened: Any) -> None:
    assert opened.evaluate("[document.documentElement.lang, document.documentElement.dir]") == ["ur", "rtl"]
    opened.wait_for_function("[...document.fonts].filter((font) => font.status === 'loaded').length >= 2")
    families = "[...document.fonts].filter((font) => font.status === 'loaded').map((font) => font.family)"
    assert {name.strip('"') for name in opened.evaluate(families)} >= {"Atlas Naskh", "Atlas Nastaliq"}
    assert "Incidents" not in opened.inner_text("header")
    middle = opened.viewport_size["width"] / 2
    assert left(opened, ".atlas-inset") < middle < left(opened, ".leaflet-control-zoom")
    assert left(opened, "#from") > left(opened, "#to"), "the first year stands on the right"
    assert opened.locator("header p").evaluate("(node) => node.clientWidth") > 300, "a heading has the whole width"
    assert without_room(opened) == []


def test_a_district_opens_with_bars_that_grow_from_the_right_and_figures_in_order(opened: Any) -> None:
    opened.evaluate("document.querySelector('.atlas-district[tabindex=\"0\"]').focus()")
    opened.keyboard.press("Enter")
    year, bar, count = (left(opened, f"#sheet .year {part}") for part in ("span:first-child", "i", "span:last-child"))
    assert year > bar > count
    bars = opened.eval_on_selector_all(
        "#sheet .year i", "nodes => nodes.map((node) => Math.round(node.getBoundingClientRect().right))"
    )
    assert len(set(bars)) == 1
    assert opened.locator("#sheet h2 span").count() == 0, "the name in Urdu stands there once"
    assert without_room(opened) == []
    opened.click("#sheet .close")
    # Of a day, a month and a year in a sentence from right to left the day is the rightmost.
    (day, day_px), (year_shown, year_px) = opened.eval_on_selector_all("#rows li.incident b", EDGES, "\\d+")[0][:2]
    assert (day, day_px > year_px) == ("5", True)
    assert year_shown.startswith("202")
    opened.evaluate("document.querySelector('.atlas-legend details').open = true")
    ranges = [found for found in opened.eval_on_selector_all(".atlas-legend li", EDGES, "\\d+") if len(found) == 2]
    assert ranges
    assert all(low_px > high_px for (_, low_px), (_, high_px) in ranges), "a range in words begins on the right"
    assert without_room(opened) == []


@pytest.mark.parametrize("text", ["arabext"], indirect=True)
def test_digits_of_the_east_are_those_of_map_list_and_choices(opened: Any) -> None:
    assert opened.inner_text("#from option >> nth=0") == "۲۰۲۱"
    assert "۴۰۰" in opened.inner_text("#count")
    shown = opened.inner_text(".atlas-legend") + opened.inner_text("#rows li.incident >> nth=0").partition("Place")[0]
    assert not any(digit in shown for digit in "0123456789"), shown

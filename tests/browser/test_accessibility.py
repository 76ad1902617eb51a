"""Every page in light and dark passes the rules of axe-core, frames included; what is left is named with its reason."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from importlib import resources
from typing import Any

import pytest

from tests.browser.test_app import PAGES, map_frame, visit

__all__ = ["visit"]
pytestmark = pytest.mark.browser

WITH_MAP = ("", "no_go", "points", "compare", "published")
PLACES = "compare?of=places&from=2015-01-01"
# Views of a page that draw what its first view does not.
MORE_VIEWS = (
    "no_go?view=district&district=PK503&from=2010-01-01",
    "no_go?view=hotspots",
    PLACES,
    "compare?year1=2020&year2=2024",
    "district?district=PK503",
    "district",
)
# Rule -> part of the elements' markup that may break it. Both rules are minor; nothing else is left.
EXCEPTIONS: dict[str, str] = {
    # Streamlit's zone for a dropped file says that it is no control, and has a name all the same. No option changes it.
    "presentation-role-conflict": 'data-testid="stFileUploaderDropzone"',
    # The corner of a table that has names on both sides.
    "empty-table-header": "<th></th>",
}
_OF_COLOURS = ("color-contrast", "link-in-text-block")
COLOURS_ALONE = {"runOnly": list(_OF_COLOURS)}
ALL_BUT_COLOURS = {"rules": {rule: {"enabled": False} for rule in _OF_COLOURS}}
# Whether the page and its maps look as the scheme says and are drawn to the end.
IS_SCHEME = """(scheme) => {
  const isDark = scheme === 'dark';
  const isDrawn = [...document.querySelectorAll('[data-testid=stVegaLiteChart]')]
    .every((chart) => chart.querySelector('svg, canvas'));
  const isDone = isDrawn && document.querySelector('h1') && !document.querySelector('[data-test-script-state=running]');
  const [red] = getComputedStyle(document.querySelector('.stApp')).backgroundColor.match(/\\d+/g).map(Number);
  const maps = [...document.querySelectorAll("iframe[title^='streamlit_folium']")].map((one) => one.contentDocument);
  return isDone && red < 128 === isDark && maps.every((map) => map?.querySelector('.atlas-legend summary')
    && map.documentElement.classList.contains('atlas-dark-page') === isDark);
}"""


@pytest.fixture(scope="module")
def axe() -> str:
    """The script of axe-core."""
    pytest.importorskip("axe_playwright_python", reason="the Python package axe-playwright-python is not installed")
    return resources.files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")


def found(page: Any, axe: str, rules: dict[str, Any] | None = None) -> Iterator[str]:
    """Yield what is wrong on a page, and in each of its frames alone: landmarks and headings count by document.

    rules: options of axe-core that say which of its rules are looked at.
    """
    for frame in page.frames:
        frame.evaluate(f"{axe};void 0")
    options = {"resultTypes": ["violations"], **(rules or {})}
    # The first document is judged together with the frames in it.
    for frame in page.frames:
        if not frame.evaluate("'axe' in window"):
            frame.evaluate(f"{axe};void 0")  # a map whose frame was loaded again in between
        for rule in frame.evaluate("(options) => axe.run(document, options)", options)["violations"]:
            allowed = EXCEPTIONS.get(rule["id"])
            nodes = [node for node in rule["nodes"] if allowed is None or allowed not in node["html"]]
            if nodes:
                yield f"{rule['impact']} {rule['id']}: {nodes[0]['html'][:200]} {nodes[0]['failureSummary'][:300]}"


def found_in(
    schemes: Sequence[str],
    page: Any,
    address: str,
    visit_it: Callable[[], Any],
    axe: str,
    rules: dict[str, Any] | None = None,
) -> Iterator[str]:
    """Yield what is wrong at an address in each scheme, light first; visit_it: opens it in the page given.

    rules: those that are looked at in the light, all by default; the dark changes colours alone.
    """
    has_map = address.split("?")[0] in WITH_MAP
    for scheme in schemes:
        page.emulate_media(color_scheme=scheme)
        if scheme == "light" or has_map:  # other pages follow without a new visit
            visit_it()
        if has_map and address != PLACES:
            map_frame(page)
        page.wait_for_function(IS_SCHEME, arg=scheme)
        rules = COLOURS_ALONE if scheme == "dark" else rules
        yield from (f"{scheme}: {sentence}" for sentence in found(page, axe, rules))


def test_no_page_shuts_a_reader_out_in_light_and_dark(
    visit: Callable[..., Any], open_page: Callable[..., Any], axe: str
) -> None:
    page, wrong = open_page(), []
    for address in (*PAGES, *MORE_VIEWS):
        open_it = partial(visit, address, page=page)
        wrong += [f"/{address}, {said}" for said in found_in(("light", "dark"), page, address, open_it, axe)]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_keyboard_is_seen_on_the_menu_of_the_pages(visit: Callable[..., Any], scheme: str) -> None:
    page = visit("trends", scheme=scheme)
    menu = page.get_by_test_id("stTopNavSection").first
    menu.wait_for()
    style = (
        "node => { const s = getComputedStyle(node); return [s.outlineStyle, s.outlineWidth, s.outlineColor, s.color] }"
    )
    assert menu.evaluate(style)[0] == "none"
    page.keyboard.press("Tab")
    menu.focus()
    line, width, colour, of_text = menu.evaluate(style)
    assert (line, width, colour) == ("solid", "3px", of_text)


def test_the_frame_of_a_map_has_a_name(visit: Callable[..., Any]) -> None:
    page = visit("points")
    map_frame(page)
    assert page.locator("iframe[title='streamlit_folium.st_folium']").get_attribute("aria-label") == (
        "Map of Khyber Pakhtunkhwa"
    )


def test_a_rule_that_is_broken_is_found(visit: Callable[..., Any], axe: str) -> None:
    page = visit("upload")
    page.evaluate("document.querySelector('h1').style.color = '#eeeeee'")
    assert any("color-contrast" in sentence for sentence in found(page, axe))

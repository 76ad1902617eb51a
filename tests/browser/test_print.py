"""Pages on paper: the whole content, no sidebar and no buttons, nothing wider than the sheet."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from tests.browser.conftest import ROOT, new_context

pytestmark = [pytest.mark.browser, pytest.mark.slow]
A4_PX = {"width": 718, "height": 1046}  # 190 x 277 mm at 96 dots an inch
A4_POINTS = (595, 842)
HIDDEN = ("stSidebar", "stHeader", "stButton")


@pytest.fixture
def printed(serve: Callable[[Path], str], browser: Any) -> Any:
    context = new_context(browser, viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.goto(serve(ROOT / "app.py") + "/districts")
    page.get_by_role("heading", name="Districts", exact=True).wait_for()
    page.get_by_role("tab", name="Attack types").wait_for()
    page.emulate_media(media="print")
    yield page
    context.close()


def test_what_only_a_screen_can_use_is_not_printed(printed: Any) -> None:
    for name in HIDDEN:
        printed.locator(f'[data-testid="{name}"]').first.wait_for(state="hidden")


def test_paper_has_every_row_of_a_table_that_a_screen_scrolls(printed: Any) -> None:
    rows = printed.get_by_test_id("stTable").first.locator("tr")
    rows.nth(35).wait_for()  # visible: the script of tables is loaded when it is needed
    assert rows.count() == 36
    assert printed.get_by_test_id("stDataFrame").first.is_hidden()
    printed.emulate_media(media="screen")
    assert rows.last.is_hidden()
    printed.get_by_test_id("stDataFrame").first.wait_for()


def test_a_printed_map_is_that_of_the_screen_and_stays_with_its_heading(
    serve: Callable[[Path], str], browser: Any
) -> None:
    context = new_context(browser, viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.goto(f"{serve(ROOT / 'app.py')}/compare?year1=2024&year2=2025")
    for place in range(3):
        page.frame_locator("iframe").nth(place).locator(".atlas-label.is-shown").first.wait_for()
    page.get_by_text("not operational, travel or security advice").wait_for()
    sheets = [sheet.extract_text() for sheet in PdfReader(io.BytesIO(page.pdf(format="A4"))).pages]
    assert "Ismail" in next(text for text in sheets if "\n2024\n" in text)
    assert page.locator(".atlas-printed-map").count() == 3
    page.emulate_media(media="print")
    assert page.get_by_role("radio", name="Two places").is_hidden()
    assert page.frame_locator("iframe").first.locator(".atlas-legend-body").is_hidden()
    context.close()


def test_the_whole_page_is_printed_and_nothing_is_wider_than_the_sheet(printed: Any) -> None:
    printed.set_viewport_size(A4_PX)
    main = printed.locator('[data-testid="stMain"]')
    height, hidden = main.evaluate("node => [node.scrollHeight, node.scrollHeight - node.clientHeight]")
    assert height > 1.2 * A4_PX["height"]
    assert hidden < 20  # the part would scroll on a screen, which paper cannot
    # Charts take the width of the sheet a moment after it has changed.
    printed.wait_for_function(f"document.documentElement.scrollWidth <= {A4_PX['width']}")


def test_the_legend_of_a_printed_map_is_open_on_a_narrow_sheet_too(serve: Callable[[Path], str], browser: Any) -> None:
    context = new_context(browser, viewport=A4_PX)
    page = context.new_page()
    page.goto(serve(ROOT / "app.py"))
    frame = page.frame_locator("iframe").first
    frame.locator(".atlas-legend summary").wait_for()
    assert frame.locator(".atlas-legend-body").is_hidden()
    page.emulate_media(media="print")
    assert frame.locator(".atlas-legend-body").is_visible()
    assert frame.locator(".leaflet-control-zoom").is_hidden()
    context.close()


@pytest.fixture
def printed_lines(serve: Callable[[Path], str], browser: Any) -> dict[tuple[int, float], dict[float, str]]:
    """The printed page of a district: (sheet, points from its top) -> (points from the left -> text)."""
    context = new_context(browser, viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.goto(f"{serve(ROOT / 'app.py')}/district?district=PK519&from=2024-01-01&to=2024-12-31")
    page.get_by_text("Use this: download and cite").wait_for()
    content = page.pdf(format="A4")
    context.close()
    found: dict[tuple[int, float], dict[float, str]] = {}
    for number, sheet in enumerate(PdfReader(io.BytesIO(content)).pages):

        def keep(text: str, cm: list[float], tm: list[float], *_: Any, number: int = number) -> None:
            left, above = tm[4] * cm[0] + tm[5] * cm[2] + cm[4], tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
            if text.strip():
                found.setdefault((number, round(A4_POINTS[1] - above)), {})[left] = text.strip("\n")

        sheet.extract_text(visitor_text=keep)
    return found


def test_nothing_of_a_printed_district_page_is_printed_over_or_cut(
    printed_lines: dict[tuple[int, float], dict[float, str]],
) -> None:
    def without_spaces(text: str) -> str:
        return "".join(text.split())  # a browser writes a space as a letter or as a distance

    lines = {place: without_spaces("".join(runs[x] for x in sorted(runs))) for place, runs in printed_lines.items()}

    def place_of(words: str) -> tuple[int, float]:
        return min(place for place, line in lines.items() if without_spaces(words) in line)

    in_order = ("KP CTD report (press) counted", "Statements on other times", "31 July 2022, Described")
    assert place_of(in_order[0]) < place_of(in_order[1]) < place_of(in_order[2])
    heads = next(runs for place, runs in printed_lines.items() if lines[place].startswith("DatePlace"))
    assert "Source" in without_spaces(heads[max(heads)])
    assert max(heads) < A4_POINTS[0] - 40

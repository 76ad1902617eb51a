"""The one-file atlas opened from a folder, at the width of a phone: it works without any request."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from geo import districts as geo_districts
from geo.analysis.counting import questions
from geo.filters import Filters
from geo.incidents import build
from geo.views.one_file import page as page_text
from tests import toy
from tests.browser.conftest import SIZES, new_context
from tests.browser.test_injection import TRACES
from tests.injections import MIXES
from tests.toy_export import exported

pytestmark = [pytest.mark.browser, pytest.mark.slow]
ATLAS = geo_districts.load()
HOSTILE = '<img src=x onerror="document.title=1"><b>bold</b>'


def rows() -> list[dict[str, Any]]:
    draw = np.random.default_rng(7)
    groups = ("ttp", "unid")
    return [
        toy.row(
            n,
            pcode=ATLAS.pcodes[int(draw.integers(35))],
            day=date(2021 + n % 4, 1 + n % 12, 5),
            group_id=groups[n % 2],
            group_reported="TTP" if n % 2 == 0 else None,
            place=HOSTILE if n == 0 else f"Place {n}",
            source_url="https://example.org/page" if n % 3 else None,
        )
        for n in range(400)
    ]


TABLE = build({"1": toy.table(*rows())}, ATLAS.pcodes, "v")
VIEW = exported(TABLE)


@pytest.fixture
def text() -> str:
    """The page that `opened` opens, in English."""
    return page_text(VIEW)


@pytest.fixture
def opened(browser: Any, tmp_path: Path, text: str) -> Iterator[Any]:
    """The page in a narrow window, with every request but that of the file noted."""
    path = tmp_path / "atlas.html"
    path.write_text(text, "utf-8")
    context = new_context(browser, viewport=SIZES["narrow"])
    page = context.new_page()
    page.asked, page.wrong = [], []
    page.on("request", lambda request: page.asked.append(request.url))
    page.on("pageerror", lambda error: page.wrong.append(str(error)))
    page.on("console", lambda said: page.wrong.append(said.text) if said.type == "error" else None)
    page.goto(path.as_uri())
    yield page
    assert [url for url in page.asked if not url.startswith(("file:", "data:", "blob:"))] == []
    assert page.wrong == []
    context.close()


def counts(page: Any) -> dict[str, str]:
    """District -> the value that its shape states."""
    labels = page.eval_on_selector_all(".atlas-district", "nodes => nodes.map((n) => n.getAttribute('aria-label'))")
    return {label.split(". ")[0]: label.split("Incidents: ")[1].split(". ")[0] for label in labels}


def expected(filters: Filters) -> dict[str, str]:
    tally = questions.by_district(VIEW.table, filters, "incidents").value
    return {ATLAS.names[pcode]: str(n) for pcode, n in zip(ATLAS.pcodes, tally, strict=True)}


def test_the_map_counts_what_the_app_counts_for_any_years_and_group(opened: Any) -> None:
    assert counts(opened) == expected(Filters())
    opened.select_option("#from", "2022")
    opened.select_option("#to", "2023")
    years = {"start": date(2022, 1, 1), "end": date(2023, 12, 31)}
    assert counts(opened) == expected(Filters(**years))
    opened.select_option("#group", label=geo_districts.group_names()["ttp"])
    assert counts(opened) == expected(Filters(**years, groups=("ttp",)))
    assert opened.inner_text("#count").startswith("100 of 400")


def test_the_first_year_cannot_pass_the_last(opened: Any) -> None:
    opened.select_option("#to", "2021")
    opened.select_option("#from", "2023")
    assert opened.input_value("#to") == "2023"


def test_a_district_opens_its_sheet_and_its_incidents_by_keyboard(opened: Any) -> None:
    opened.evaluate("document.querySelector('.atlas-district[tabindex=\"0\"]').focus()")
    opened.keyboard.press("Enter")
    assert opened.is_visible("#sheet")
    name = opened.inner_text("#sheet h2 >> nth=0").split(" ")[0]
    assert name in opened.inner_text("#list-choice")
    n = opened.locator("#rows li.incident").count()
    assert opened.inner_text("#list-choice").endswith(f": {n}")
    opened.click("#sheet .close")
    assert not opened.is_visible("#sheet")


@pytest.mark.case(46)
def test_the_list_grows_and_texts_of_files_are_text(opened: Any) -> None:
    assert opened.locator("#rows li.incident").count() == 50
    while opened.is_visible("#more"):
        opened.click("#more")
    assert opened.locator("#rows li.incident").count() == 400
    assert opened.get_by_text(HOSTILE).count() == 1
    assert opened.locator("#rows img, #rows b b").count() == 0


class TestInjected:
    @pytest.fixture
    def text(self) -> str:
        texts = [
            toy.row(n, pcode="PK503", place=one, group_reported=one, source_url=one) for n, one in enumerate(MIXES)
        ]
        return page_text(exported(build({"1": toy.table(*texts)}, ATLAS.pcodes, "v")))

    @pytest.mark.case(46)
    def test_four_hundred_texts_are_text_in_the_file_that_a_browser_opens(self, opened: Any) -> None:
        while opened.is_visible("#more"):
            opened.click("#more")
        said = " ".join(opened.text_content("#rows").split())
        assert not [one for one in MIXES if " ".join(one.split()) not in said]
        assert opened.evaluate(TRACES) == []


def test_nothing_is_wider_than_a_phone(opened: Any) -> None:
    assert opened.evaluate("document.documentElement.scrollWidth") <= SIZES["narrow"]["width"]

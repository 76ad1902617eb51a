"""Figures in Urdu: sides, letters, and the order in which their words are copied."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from geo.figure import charts, svg
from geo.figure.figure import draw
from geo.figure.sheet import Sheet
from geo.views.sheets.choose import FIGURES, sheet_of
from geo.wording import in_language
from tests.figure.toy_view import drawn

NOT_IN_WORDS = re.compile(r"[\W_]+")


def urdu_sheet(page: str, name: str) -> Sheet:
    view = drawn(page, figure=name)
    return sheet_of(replace(view, settings=replace(view.settings, language="ur")))


def chart(sheet: Sheet) -> ElementTree.Element:
    with in_language(sheet.language):
        return ElementTree.fromstring(charts.draw(sheet))


def bars(root: ElementTree.Element) -> list[tuple[float, float]]:
    """Left and right edge of each bar, in points."""
    edges = ((float(node.attrib["x"]), float(node.attrib["width"])) for node in root if node.tag.endswith("rect"))
    return [(x, x + width) for x, width in edges]


def words(root: ElementTree.Element) -> Iterator[tuple[str, float]]:
    """Each text of a drawing and where it is anchored, in points from the left."""
    for node in root:
        if node.tag.endswith("text"):
            yield str(node.text), float(node.attrib["x"])


def test_bars_of_a_ranking_grow_from_the_names_which_stand_on_the_right() -> None:
    root = chart(urdu_sheet("districts", "ranking"))
    starts = {round(right, 2) for _, right in bars(root)}
    assert len(starts) == 1
    assert dict(words(root))["بنوں"] > starts.pop()


def test_the_axis_of_amounts_stands_on_the_right_and_time_runs_from_left_to_right() -> None:
    root = chart(urdu_sheet("trends", "time"))
    found = {text.rstrip("*"): x for text, x in words(root)}
    assert found["0"] > max(right for _, right in bars(root))
    assert found["2023"] < found["2024"] < found["2025"]
    with in_language("en"):
        assert dict(words(ElementTree.fromstring(charts.draw(urdu_sheet("trends", "time")))))["0"] < 100


@pytest.mark.parametrize(
    ("words", "is_marked"),
    [("4.29 گنا (2.51 سے 7.77)", True), ("(2 سے 3)", True), ("بنوں 4", False), ("12 May, بنوں", False), ("1/4", False)],
)
def test_a_text_that_begins_with_a_figure_runs_as_its_first_letter_does(words: str, is_marked: bool) -> None:
    assert ("\u200f" in svg.text(words, 0, 0, 7)) == is_marked


@pytest.mark.parametrize(
    ("page", "name"), [(page, name) for page, names in FIGURES.items() for name in names if page == "overview"]
)
@pytest.mark.skipif(not shutil.which("pdftotext"), reason="pdftotext is not installed (Debian: poppler-utils)")
def test_words_are_copied_in_the_order_of_reading(page: str, name: str, tmp_path: Path) -> None:
    made = urdu_sheet(page, name)
    path = tmp_path / "figure.pdf"
    path.write_bytes(draw(made, "pdf"))
    copied = subprocess.run(["pdftotext", str(path), "-"], check=True, capture_output=True).stdout.decode()
    # Where a comma stands beside a space is the choice of the program that copies.
    said = NOT_IN_WORDS.sub("", copied)
    for text in (made.title, made.legend_title, *(key.label for key in made.keys if len(key.label) < 30)):
        assert NOT_IN_WORDS.sub("", text) in said
    assert NOT_IN_WORDS.sub("", made.title)[::-1] not in said

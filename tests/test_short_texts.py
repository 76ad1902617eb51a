"""The short texts in Urdu say nothing that the whole texts do not: every figure in them stands in the English text."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from geo.views.documents import METHOD_TEXT, SOURCES_TEXT

DOCS = Path(__file__).resolve().parents[1] / "docs"
_FIGURE = re.compile(r"\d[\d,.]*\d|\d")
PAIRS = [("method.ur.md", METHOD_TEXT), ("sources.ur.md", SOURCES_TEXT)]


def figures(text: str) -> set[str]:
    return {one.replace(",", "") for one in _FIGURE.findall(text)}


@pytest.mark.parametrize(("name", "whole"), PAIRS)
def test_every_figure_of_a_short_text_stands_in_the_whole_text(name: str, whole: Path) -> None:
    assert figures((DOCS / name).read_text("utf-8")) - figures(whole.read_text("utf-8")) == set()


@pytest.mark.parametrize(("name", "whole"), PAIRS)
def test_a_short_text_says_that_it_is_one(name: str, whole: Path) -> None:
    short = (DOCS / name).read_text("utf-8")
    assert "یہ انگریزی متن کا خلاصہ ہے" in short
    assert len(short) < len(whole.read_text("utf-8")) / 2

"""The texts of the project shown in the app."""

from __future__ import annotations

import re
from pathlib import Path

import streamlit as st

from geo import wording
from geo.settings import APP_ROOT, DATA_DIR
from geo.views import english
from geo.wording import _

SOURCES_TEXT, METHOD_TEXT = DATA_DIR / "sources.md", APP_ROOT / "docs" / "method.md"
# Language of the page -> that of the translated texts; Pashto falls back to Urdu, as everywhere.
_TRANSLATED = {"ur": "ur", "ps": "ur"}
_CODE_AND_LINKS = re.compile(r"(`[^`]*`|\]\([^)]*\))")
# Quoted words without a letter of Urdu and figures with hyphens keep their own order, whatever stands beside them.
_APART = re.compile(
    "“[^”\u0600-\u06ff]*[A-Za-z][^”\u0600-\u06ff]*”|(?<![\\w.-])-?\\d[\\d.]*(?:-\\d+)+|(?<![\\w.-])-\\d[\\d.]*\\b"
)
# In a list of Latin names and in a cell that is a list of figures the first stands on the right, as in lines around it.
_NEXT_NAME = re.compile("(?<=[A-Za-z0-9)])(?=، [A-Za-z])")
_LIST_OF_FIGURES = re.compile(r"(?<=\| )(?=[\d.,+ -]*،[\d.,،+ -]*\|)")


def draw(path: Path) -> None:
    """Draw a text of the project without its title; it is part of the project and therefore trusted Markdown.

    Where the language of the page has a translation of it (docs/NAME.ur.md), that is drawn, and the English below it.
    """
    with st.container(key=f"whole_text_{path.stem}"):
        translated = translation(path, _TRANSLATED.get(wording.language(), ""))
        if translated.exists():
            st.markdown(_arranged(_without_title(translated)))
            with st.expander(_("The English text, which counts where the two differ")):
                _draw_english(path)
            return
        if wording.is_foreign():
            st.caption(_("This text exists in English only."))
        _draw_english(path)


def translation(path: Path, code: str) -> Path:
    """Return where the translation of a text into a language stands, if there is one."""
    return APP_ROOT / "docs" / f"{path.stem}.{code}.md"


def _draw_english(path: Path) -> None:
    with english.part(path.stem, is_labelled=False):
        st.markdown(_without_title(path))


def _without_title(path: Path) -> str:
    return path.read_text("utf-8").split("\n", 1)[1]


def _arranged(markdown: str) -> str:
    """Return Markdown with the marks of a language from the right; addresses and code must stay as they are."""
    parts = _CODE_AND_LINKS.split(markdown)
    return "".join(part if place % 2 else _marked(part) for place, part in enumerate(parts))


def _marked(part: str) -> str:
    for place in (_NEXT_NAME, _LIST_OF_FIGURES):
        part = place.sub("\u200f", part)
    return wording.arranged(_APART.sub("\u2068\\g<0>\u2069", part))

"""The texts of the project shown in the app."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from geo import wording
from geo.settings import APP_ROOT, DATA_DIR
from geo.views import english
from geo.wording import _

SOURCES_TEXT, METHOD_TEXT = DATA_DIR / "sources.md", APP_ROOT / "docs" / "method.md"
# Language of the page -> that of the short text beside a long one; Pashto falls back to Urdu, as everywhere.
_SHORT_TEXTS = {"ur": "ur", "ps": "ur"}


def draw(path: Path) -> None:
    """Draw a text of the project without its title; it is part of the project and therefore trusted Markdown.

    Where the language of the page has a short text of it (docs/NAME.ur.md), that comes first.
    """
    short = APP_ROOT / "docs" / f"{path.stem}.{_SHORT_TEXTS.get(wording.language(), '')}.md"
    if short.exists():
        st.markdown(_without_title(short))
        with st.expander(_("The whole text, in English")):
            _draw_english(path)
        return
    if wording.is_foreign():
        st.caption(_("This text exists in English only."))
    _draw_english(path)


def _draw_english(path: Path) -> None:
    with english.part(path.stem, is_labelled=False):
        st.markdown(_without_title(path))


def _without_title(path: Path) -> str:
    return path.read_text("utf-8").split("\n", 1)[1]

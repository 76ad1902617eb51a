"""The texts of the project shown in the app."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from geo.settings import APP_ROOT, DATA_DIR
from geo.views import english
from geo.wording import _, is_foreign

SOURCES_TEXT, METHOD_TEXT = DATA_DIR / "sources.md", APP_ROOT / "docs" / "method.md"


def draw(path: Path) -> None:
    """Draw a text of the project without its title; it is part of the project and therefore trusted Markdown."""
    if is_foreign():
        st.caption(_("This text exists in English only."))
    with english.part(path.stem, is_labelled=False):
        st.markdown(path.read_text("utf-8").split("\n", 1)[1])

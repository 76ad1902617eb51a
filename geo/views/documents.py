"""The texts of the project shown in the app."""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from streamlit.components import v2

from geo import wording
from geo.settings import APP_ROOT, DATA_DIR
from geo.wording import _

SOURCES_TEXT, METHOD_TEXT = DATA_DIR / "sources.md", APP_ROOT / "docs" / "method.md"
# A part of a page in another language than its document says so itself, for screen readers and for the order of words.
_english_part = v2.component(
    "kp_atlas_english_part",
    js="""export default ({ data }) => {
  for (const part of document.querySelectorAll(`.st-key-${data.key}`)) Object.assign(part, { lang: "en", dir: "ltr" });
};""",
)


def draw(path: Path) -> None:
    """Draw a text of the project without its title; it is part of the project and therefore trusted Markdown."""
    key, is_foreign = f"document_{path.stem}", wording.language() != wording.SOURCE_LANGUAGE
    if is_foreign:
        st.caption(_("This text exists in English only."))
    with st.container(key=key):
        st.markdown(path.read_text("utf-8").split("\n", 1)[1])
        if is_foreign:
            _english_part(key=f"{key}_english", data={"key": key})

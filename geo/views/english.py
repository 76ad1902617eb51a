"""Parts of a page that exist in English only, on pages in another language."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st
from streamlit.components import v2

from geo import wording
from geo.wording import _

# A part of a page in another language than its document says so itself, for screen readers and for the order of words.
_english_part = v2.component(
    "kp_atlas_english_part",
    js="""export default ({ data }) => {
  for (const part of document.querySelectorAll(`.st-key-${data.key}`)) Object.assign(part, { lang: "en", dir: "ltr" });
};""",
)


def is_foreign() -> bool:
    """Whether English is another language than that of the page."""
    return wording.language() != wording.SOURCE_LANGUAGE


@contextmanager
def part(name: str, *, is_labelled: bool = True) -> Iterator[None]:
    """Draw what stands inside as a part in English, which runs from the left. name: different for each on a page.

    is_labelled: whether a page in another language says so above it.
    """
    if is_labelled and is_foreign():
        st.caption(_("In English:"))
    key = f"document_{name}"
    with st.container(key=key):
        yield
        if is_foreign():
            _english_part(key=f"{key}_english", data={"key": key})

"""Parts of a page that exist in English only, on pages in another language."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st
from streamlit.components import v2

from geo import wording
from geo.wording import _

# A part of a page in another language than its document says so itself, for screen readers and for the order of words.
_english_parts = v2.component(
    "kp_atlas_english_parts",
    js="""export default ({ data }) => {
  const mark = () => {
    for (const part of document.querySelectorAll(data.find)) Object.assign(part, { lang: "en", dir: "ltr" });
  };
  mark();
  // Text may be drawn after this, or drawn again.
  const observer = new MutationObserver(mark);
  for (const box of document.querySelectorAll(data.box)) observer.observe(box, { childList: true, subtree: true });
  return () => observer.disconnect();
};""",
)


@contextmanager
def part(name: str, *, is_labelled: bool = True) -> Iterator[None]:
    """Draw what stands inside as a part in English, which runs from the left. name: different for each on a page.

    is_labelled: whether a page in another language says so above it.
    """
    if is_labelled and wording.is_foreign():
        st.caption(_("In English:"))
    key = f"document_{name}"
    with st.container(key=key):
        yield
        if wording.is_foreign():
            mark(key)


def mark(key: str, inside: str = "") -> None:
    """Mark the container of a key as English; drawn in it, last. inside: only what this CSS selector finds in it."""
    box = f".st-key-{key}"
    _english_parts(key=f"{key}_english", data={"box": box, "find": f"{box} {inside}".strip()})

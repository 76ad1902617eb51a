"""The frame around every page: app.py must have drawn it before a page draws itself.

Streamlit takes a folder named `pages` for its older kind of page list until st.navigation has run once in the
process. A visitor whose first address is that of a page would then see the page alone, without filters and with
its address unread.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st

ICON = str(Path(__file__).with_name("assets") / "icon.png")
_OPENED = "atlas_shell"
_PAGES: dict[str, str] = {
    "overview": "Overview",
    "no_go": "No-go areas",
    "points": "Points",
    "districts": "Districts",
    "trends": "Trends",
    "validation": "Validation",
    "upload": "Upload",
    "duplicates": "Duplicates",
    "data_and_method": "Data and method",
}


def pages() -> list[st.Page]:
    """Return the pages in the order of the menu; the first is the front page."""
    return [
        st.Page(f"pages/{name}.py", title=title, default=name == next(iter(_PAGES))) for name, title in _PAGES.items()
    ]


def opened() -> None:
    """Note that app.py runs in this session."""
    st.session_state[_OPENED] = True


def require() -> None:
    """Run the page again through app.py if it was started alone; called at the head of every page."""
    if not st.session_state.get(_OPENED):
        # One call ends the older page list for the whole process.
        st.navigation(pages(), position="hidden")
        st.rerun()

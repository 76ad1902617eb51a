"""The first run of a visit draws a page's map and nothing that competes with it; the rest follows when it is painted.

A page of Streamlit loads a script for every kind of element. All of them at once, with their tables and charts, make
the map wait for as long again as it takes by itself.
"""

from __future__ import annotations

import streamlit as st

# Addresses of the pages that are opened for their map.
_PAGES = ("", "points")
# For a map that says nothing, as one whose script did not arrive, or in a tab in the background.
_LONGEST_WAIT_S = 4
_VISITED, _WAITS, _BEGUN = "atlas_visited", "atlas_waits_for_map", "atlas_wait_begun"


def is_first_run() -> bool:
    """Whether a browser sees its first run; without one, as in a test of a page, no map will say that it is painted."""
    return _VISITED not in st.session_state and bool(st.context.headers)


def begin(page: str) -> None:
    """Note whether this run draws the map alone; called in each run, with the address of its page."""
    st.session_state[_WAITS] = is_first_run() and page in _PAGES
    st.session_state[_VISITED] = True


def is_waiting() -> bool:
    """Whether what is not the map is left to the next run, which begins when the map is painted."""
    return bool(st.session_state.get(_WAITS, False))


def wait() -> None:
    """Begin the next run after a while even if the map does not."""
    st.session_state[_BEGUN] = True
    _begin_next_run()


@st.fragment(run_every=_LONGEST_WAIT_S)
def _begin_next_run() -> None:
    # The first call is that of the run which waits; later ones come from the browser's clock.
    if not st.session_state.pop(_BEGUN, False):
        st.rerun()

"""Controls whose values the program has set are sent with these values until a run has drawn the whole page.

Streamlit sends a value that the program sets once, with the control. What a run has not sent when the next one begins
is thrown away; the browser then shows the default of the control, and sends that back as if the reader had chosen it.
"""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

_UNSENT = "atlas_controls_unsent"


def were_set() -> None:
    """Note that the program has set controls."""
    st.session_state[_UNSENT] = True


def forget(keys: Iterable[str]) -> None:
    """Forget the values of controls, when another page than the last one is drawn, so that they are set and sent.

    A page that was left and is drawn again has controls that Streamlit takes for known and shows with their default.
    """
    for key in keys:
        st.session_state.pop(key, None)


def send(*keys: str) -> None:
    """Send the values of controls that are about to be drawn, if the browser may not have them."""
    state = st.session_state
    if state.get(_UNSENT):
        for key in keys:
            if key in state:
                state[key] = state[key]


def were_sent() -> None:
    """Note that a run has drawn the whole page: from now on the browser has the controls."""
    st.session_state.pop(_UNSENT, None)

"""Where the map of the page looks: the browser says it where a link or a saved view needs it, and nowhere else."""

from __future__ import annotations

import streamlit as st

from geo.export.map_position import MapPosition, from_short
from geo.views import address, messages
from geo.views.components import Component

_KEY, _TOLD = "map_position", "atlas_map_told"
_component = Component("position", "start.js")


def listen(page: str) -> MapPosition | None:
    """Let the browser say where the map of a page looks, and return what it said last.

    None where the map stands as it opens by itself. Drawn inside a fragment, a change draws only that again. Until the
    browser has said something, the position is that of the address.
    """

    @messages.guarded
    def hear() -> None:
        said = str(st.session_state[f"{_KEY}_{page}"].get("map", ""))
        st.session_state[_TOLD] = {page: said if from_short(said) else ""}

    told: dict[str, str] = st.session_state.get(_TOLD, {})
    _component(f"{_KEY}_{page}", {"known": told.get(page)}, on_map_change=hear)
    return last(page)


def last(page: str) -> MapPosition | None:
    """Return what the browser said last of the map of a page, without asking it."""
    told: dict[str, str] = st.session_state.get(_TOLD, {})
    return from_short(told[page]) if page in told else address.position()

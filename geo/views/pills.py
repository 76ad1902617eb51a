"""A row of choices of which one is in force; on a phone it goes on in a second line."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st


def choose(label: str, choices: Mapping[str, str], key: str, first: str = "") -> str:
    """Draw the choices (code -> label) and return the code in force. first: at the beginning, else the first of all."""
    at_first = first or next(iter(choices))
    st.session_state.setdefault(key, at_first)
    chosen: str | None = st.pills(
        label, list(choices), format_func=choices.__getitem__, key=key, required=True, wrap=True
    )
    return chosen or at_first

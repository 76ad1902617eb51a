"""The choice of language and digits in the page head."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from geo import wording
from geo.views import address, document, first_paint, messages
from geo.wording import _

# Each language calls itself by its own name, whatever the page speaks.
NAMES: dict[str, str] = {"en": "English", "ur": "اردو", "ps": "پښتو"}
_CHOICE, _DIGITS = "language_choice", "digits_choice"


def draw() -> None:
    """Draw the switch and mark the document; called once in each run, before anything that waits."""
    with st.container(key="language", horizontal=True):
        # A first page in English is marked right by Streamlit; the component would be loaded before the map.
        if wording.text_direction() == "rtl" or not first_paint.is_waiting():
            document.draw()
        if first_paint.is_waiting():
            return
        _choice(_("Language"), NAMES, _CHOICE, wording.language(), address.choose_language)


def draw_digits() -> None:
    """Draw the choice of digits below the filters, for languages that have one."""
    if wording.text_direction() == "rtl" and not first_paint.is_waiting():
        samples = {system: wording.in_digits("123", system) for system in wording.DIGITS}
        with st.sidebar:
            _choice(_("Digits"), samples, _DIGITS, wording.digits(), address.choose_digits, is_named=True)


def _choice(
    label: str, names: dict[str, str], key: str, current: str, take: Callable[[str], None], *, is_named: bool = False
) -> None:
    state = st.session_state
    offered = list(names)

    @messages.guarded
    def chosen() -> None:
        if state[key]:
            take(state[key])

    # The address may have changed the language since the control was drawn.
    state[key] = current if current in offered else None
    st.segmented_control(
        label,
        offered,
        key=key,
        format_func=names.__getitem__,
        on_change=chosen,
        label_visibility="visible" if is_named else "collapsed",
    )

"""A two-minute tour: five short cards over the first page, opened by a button and left at any time."""

from __future__ import annotations

import streamlit as st

from geo.views import messages
from geo.wording import N_, _

# Title and text of each card, in the order of reading.
CARDS: tuple[tuple[str, str], ...] = (
    (
        N_("What the map shows"),
        N_(
            "Each district is coloured by the number of recorded incidents. A strong colour means that much was "
            "recorded there, a faint one that little was recorded. Neither tells what a visitor would meet. Hatched "
            "districts have no data."
        ),
    ),
    (
        N_("Choose what is counted"),
        N_(
            "The sidebar filters every page by period, group, type, target and district. Beside the map you choose "
            "what is counted, and whether it is shown as a number, for each 100,000 residents, or for each 1,000 km². "
            "The address of the page keeps your choice: copy it to share the same view."
        ),
    ),
    (
        N_("Read the incidents"),
        N_(
            "Click a district, or reach it with the Tab key and the arrows. Its incidents are listed with date, place, "
            "people killed and source. The date of an incident leads to a page with everything that is recorded "
            "of it. An incident known only to its district is never drawn as a point."
        ),
    ),
    (
        N_("No-go areas: who says so"),
        N_(
            "The page No-go areas puts four kinds of evidence side by side: what was reported, what officials "
            "counted, what is recorded, and all of it together, with the points on which they disagree. “No-go” is "
            "always a quotation with its source, never a verdict of this atlas."
        ),
    ),
    (
        N_("Your own file, and citing"),
        N_(
            "Upload reads spreadsheets as they are, says what it understood, and asks about the rest once. Everything "
            "can be undone. Under each map and list are files to download, with sources, licences and a citation."
        ),
    ),
)
_CARD = "tour_card"


def offer() -> None:
    """Draw the button that opens the tour, and the tour while it is open."""
    st.button(_("First visit? Take the two-minute tour"), key="tour_open", type="tertiary", on_click=_begin)
    if _CARD in st.session_state:
        # The title is in the language of the visitor, so the dialog is made anew for each.
        st.dialog(_("The atlas in two minutes"), on_dismiss=_end)(_draw)()


def _draw() -> None:
    """Draw one card with the buttons to the ones before and after it."""
    number = st.session_state.get(_CARD, 0)
    title, said = CARDS[number]
    st.markdown(f"**{_('{n} of {total}', n=number + 1, total=len(CARDS))}: {_(title)}**")
    st.markdown(_(said))
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        st.button(_("Back"), key="tour_back", on_click=_turn, args=(-1,), disabled=number == 0)
        if number + 1 < len(CARDS):
            st.button(_("Next"), key="tour_next", on_click=_turn, args=(1,), type="primary")
        elif st.button(_("Close the tour"), key="tour_close", on_click=_end, type="primary"):
            st.rerun()


@messages.guarded
def _begin() -> None:
    st.session_state[_CARD] = 0


@messages.guarded
def _end() -> None:
    st.session_state.pop(_CARD, None)


@messages.guarded
def _turn(step: int) -> None:
    st.session_state[_CARD] = min(max(st.session_state.get(_CARD, 0) + step, 0), len(CARDS) - 1)

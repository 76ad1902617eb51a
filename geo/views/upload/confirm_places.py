"""Rows that name their place only within a sentence: one proposal a row, each confirmed or corrected by a person."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from geo.ingest.mapping.sentences import PLACE_COLUMN, proposed_place
from geo.intake import Checked
from geo.text import markdown_text
from geo.views import cached, messages
from geo.views.tables import page_of
from geo.views.upload import refused
from geo.wording import _, _n

_PAGE_ROWS = 10
_ROW = "refused_row"


def draw(checked: Checked, file_id: str, text_column: str) -> None:
    """Draw the rows that wait for a place, ten at a time. text_column: the column that holds the sentences."""
    frame: pd.DataFrame = checked.result.refused_rows.to_pandas()
    waiting = frame[frame[PLACE_COLUMN].str.strip() == ""]
    if waiting.empty:
        return
    st.header(_("Confirm the places"), anchor=False)
    explained = _(
        "These rows name their place only within a sentence. Read each one, correct the place if it is wrong, and tick "
        "the row. Rows that are not ticked are not stored."
    )
    st.markdown(explained)
    st.caption(_n("{n} row waits.", "{n} rows wait.", len(waiting)))
    shown = page_of(list(zip(waiting[_ROW], waiting[text_column], strict=True)), "upload_confirm_page", _PAGE_ROWS)
    for row, sentence in shown:
        _draw_row(row, sentence, file_id)
    rows = [row for row, _sentence in shown]
    n = len(_ticked(rows, file_id))
    label = _n("Use the {n} confirmed place", "Use the {n} confirmed places", n)
    st.button(label, disabled=not n, on_click=_use, args=(rows, file_id), type="primary")


def _draw_row(row: str, sentence: str, file_id: str) -> None:
    with st.container(border=True):
        st.markdown(_("Row {row}: {text}", row=row, text=markdown_text(sentence)))
        place, tick = st.columns([3, 1], vertical_alignment="bottom")
        proposed = proposed_place(sentence, cached.districts())
        place.text_input(_("Place, district"), proposed, max_chars=200, key=_key("place", row, file_id))
        tick.checkbox(_("This is right"), key=_key("tick", row, file_id))


def _ticked(rows: list[str], file_id: str) -> dict[tuple[int, str], str]:
    """Return the corrections of the rows that are ticked and name a place."""
    state = st.session_state
    places = {row: str(state.get(_key("place", row, file_id)) or "").strip() for row in rows}
    ticked = [row for row in rows if state.get(_key("tick", row, file_id)) and places[row]]
    return {(int(row), PLACE_COLUMN): places[row] for row in ticked}


@messages.guarded
def _use(rows: list[str], file_id: str) -> None:
    refused.keep(file_id, _ticked(rows, file_id))


def _key(kind: str, row: str, file_id: str) -> str:
    return f"upload_confirm_{kind}_{row}_{file_id}"

"""Rows that name their place only within a sentence: one proposal a row, each confirmed or corrected by a person."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from geo.ingest.mapping.sentences import PLACE_COLUMN, proposed_place
from geo.intake import Checked
from geo.views import cached, messages
from geo.views.tables import page_of
from geo.views.upload import refused
from geo.wording import _, _n

_PAGE_ROWS = 20
_ROW, _CONFIRMED = "refused_row", "confirmed"


def draw(checked: Checked, file_id: str, text_column: str) -> None:
    """Draw the rows that wait for a place, twenty at a time. text_column: the column that holds the sentences."""
    frame: pd.DataFrame = checked.result.refused_rows.to_pandas()
    waiting = frame[frame[PLACE_COLUMN].str.strip() == ""]
    if waiting.empty:
        return
    st.subheader(_("Confirm the places"), anchor=False)
    explained = _(
        "These rows name their place only within a sentence. Read each one, correct the place if it is wrong, and tick "
        "the row. Rows that are not ticked are not stored."
    )
    st.markdown(explained)
    n = len(waiting)
    st.caption(_n("{n} row waits.", "{n} rows wait.", n))
    shown = page_of(list(waiting.index), "upload_confirm_page", _PAGE_ROWS)
    rows = waiting.loc[list(shown)]
    proposed = [proposed_place(sentence, cached.districts()) for sentence in rows[text_column]]
    table = pd.DataFrame({_CONFIRMED: False, PLACE_COLUMN: proposed, _ROW: rows[_ROW], "text": rows[text_column]})
    config: dict[str, Any] = {
        _CONFIRMED: st.column_config.CheckboxColumn(_("Right"), width="small"),
        PLACE_COLUMN: st.column_config.TextColumn(_("Place, district"), width="medium"),
        _ROW: st.column_config.Column(_("Row"), width="small"),
        "text": st.column_config.Column(_("Text of the file"), width="large"),
    }
    key = f"upload_confirm_{file_id}_{rows[_ROW].iloc[0]}_{n}"
    edited = st.data_editor(
        table, hide_index=True, width="stretch", disabled=[_ROW, "text"], column_config=config, key=key, row_height=56
    )
    ticked = edited[edited[_CONFIRMED] & (edited[PLACE_COLUMN].fillna("").str.strip() != "")]
    chosen = [(int(row), str(place)) for row, place in zip(ticked[_ROW], ticked[PLACE_COLUMN], strict=True)]
    label = _n("Use the {n} confirmed place", "Use the {n} confirmed places", len(chosen))
    st.button(label, disabled=not chosen, on_click=_use, args=(chosen, file_id), type="primary")


@messages.guarded
def _use(chosen: list[tuple[int, str]], file_id: str) -> None:
    refused.keep(file_id, {(row, PLACE_COLUMN): place for row, place in chosen})

"""Refused rows: corrected in place and checked again at once, or downloaded, corrected and uploaded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import streamlit as st

from geo.ingest.containers.headers import FURTHER_CELLS
from geo.ingest.corrections import Correction
from geo.ingest.mapping.sentences import PLACE_COLUMN
from geo.intake import Checked
from geo.views import grids, messages, tables
from geo.wording import _, _n, text_direction

_CORRECTIONS = "upload_corrections"
_MOST_EDITED = 100
_ROW, _REASON = "refused_row", "refused_because"
# As shown -> as in the file: KoboToolbox writes a column whose name the table of the frontend keeps for itself.
_RESERVED = {" _index": "_index"}


def corrections(file_id: str) -> tuple[Correction, ...]:
    """Return the cells that were corrected for a file; a new file starts without any."""
    return tuple((row, column, cell) for (row, column), cell in sorted(_held(file_id).items()))


def draw(checked: Checked, file_id: str) -> None:
    """Draw the refused rows as a table whose cells can be changed, and as a file."""
    refused = checked.result.refused_rows
    held = _held(file_id)
    if held:
        n = len(held)
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            sentence = _n("{n} cell was corrected here.", "{n} cells were corrected here.", n)
            st.caption(sentence, width="content")
            st.button(_("Undo the corrections"), on_click=_forget, width="content")
    if not len(refused):
        return
    if PLACE_COLUMN not in refused.column_names:
        wrong = dict.fromkeys(problem.column for problem in checked.result.problems)
        is_sum = pc.is_in(refused[_ROW], pa.array(map(str, checked.result.sum_rows), pa.string()))
        if n_sums := checked.result.n_sums:
            st.caption(
                _n(
                    "{n} refused row sums up others: it is no incident, and need not be corrected.",
                    "{n} refused rows sum up others: they are no incidents, and need not be corrected.",
                    n_sums,
                )
            )
        _draw_editor(refused.filter(pc.invert(is_sum)), list(wrong), file_id, len(held))
    tables.download(refused.to_pandas, "refused-rows", label=_("Download the refused rows"))


def _draw_editor(refused: pa.Table, wrong: Sequence[str], file_id: str, n_corrected: int) -> None:
    """Draw the table of corrections. wrong: columns with a problem, which a telephone shows before the reason."""
    frame = _editable(refused).rename(columns={name: shown for shown, name in _RESERVED.items()})
    first = [_ROW, *(name for name in wrong if name in frame), _REASON]
    frame = frame[[*first, *(name for name in frame if name not in first)]]
    if frame.empty:
        return
    with st.expander(_("Correct the refused rows here"), expanded=True):
        explained = _(
            "Change a cell: the row is checked again at once. The file on your computer stays as it is; each "
            "correction is listed with the batch."
        )
        st.caption(explained)
        fixed: dict[str, Any] = {
            _ROW: st.column_config.Column(_("Row"), width="small"),
            # Of a column wider than a telephone the beginning of an Urdu sentence would not be seen.
            _REASON: st.column_config.Column(
                _("Why it is refused"), width="medium" if text_direction() == "rtl" else None
            ),
        }
        # Another key for each state: positions of edits belong to the rows that were shown.
        key = f"upload_refused_{file_id}_{n_corrected}_{len(refused)}"
        st.data_editor(
            frame,
            hide_index=True,
            width="stretch",
            disabled=list(fixed),
            column_config=fixed,
            column_order=grids.in_reading_order(map(str, frame)),
            key=key,
            on_change=_correct,
            args=(key, frame[_ROW].tolist(), file_id),
        )
        grids.begin_at_first_column(key)
        if len(frame) < len(refused):
            sentence = _("{n} of {total} refused rows can be corrected here.", n=len(frame), total=len(refused))
            st.caption(sentence)


def _editable(refused: pa.Table) -> pd.DataFrame:
    """Return the first rows that fit the header; a table with one column a year has several rows of one number."""
    frame: pd.DataFrame = refused.slice(0, _MOST_EDITED).to_pandas()
    if FURTHER_CELLS in frame:
        frame = frame[frame[FURTHER_CELLS] == ""].drop(columns=FURTHER_CELLS)
    return frame.drop_duplicates(_ROW, keep=False).reset_index(drop=True)


@messages.guarded
def _correct(key: str, rows: list[str], file_id: str) -> None:
    """Keep what was changed in the table; the run that follows reads the file with it."""
    edited: dict[int, dict[str, Any]] = st.session_state[key]["edited_rows"]
    changed = {
        (int(rows[int(place)]), _RESERVED.get(column, column)): str(cell if cell is not None else "")
        for place, cells in edited.items()
        for column, cell in cells.items()
    }
    keep(file_id, changed)


def keep(file_id: str, changed: Mapping[tuple[int, str], str]) -> None:
    """Keep corrections of a file, (row, column) -> what the cell should hold, beside those made before."""
    st.session_state[_CORRECTIONS] = (file_id, _held(file_id) | dict(changed))


@messages.guarded
def _forget() -> None:
    st.session_state.pop(_CORRECTIONS, None)


def _held(file_id: str) -> dict[tuple[int, str], str]:
    held: tuple[str, dict[tuple[int, str], str]] | None = st.session_state.get(_CORRECTIONS)
    return dict(held[1]) if held and held[0] == file_id else {}

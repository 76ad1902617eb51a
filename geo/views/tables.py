"""Tables beside pictures, and downloads that a spreadsheet opens as text and numbers, never as formulas."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

import pandas as pd
import streamlit as st

from geo.text import csv_cell


def offer(frame: pd.DataFrame, title: str, file_stem: str, notes: Iterable[str] = ()) -> None:
    """Offer a frame as a table in an expander, with a download.

    notes: lines put at the head of the file (period, source, what is left out), each as a comment row.
    """
    with st.expander(title):
        st.dataframe(frame, hide_index=True, width="stretch")
        download(frame, file_stem, notes)


def download(frame: pd.DataFrame, file_stem: str, notes: Iterable[str] = ()) -> None:
    """Draw the download button of a frame."""
    st.download_button(
        "Download as CSV",
        data=csv_bytes(frame, notes),
        file_name=f"kp-atlas-{file_stem}.csv",
        mime="text/csv",
        key=f"download_{file_stem}",
        on_click="ignore",
    )


def csv_bytes(frame: pd.DataFrame, notes: Iterable[str] = ()) -> bytes:
    """Return a frame as UTF-8 CSV with a byte order mark; texts and headers pass geo.text.csv_cell.

    Missing values are empty cells. Numbers stay numbers, negative ones too.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    for note in notes:
        writer.writerow([csv_cell(f"# {note}")])
    writer.writerow([csv_cell(str(name)) for name in frame.columns])
    for row in frame.itertuples(index=False, name=None):
        writer.writerow(["" if pd.isna(value) else csv_cell(str(value)) for value in row])
    return buffer.getvalue().encode("utf-8-sig")

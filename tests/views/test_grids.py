"""The table that paper shows in the place of a grid."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from geo import wording
from geo.views import grids


def test_paper_has_every_row_of_a_grid_with_its_heads_and_figures() -> None:
    frame = pd.DataFrame({"pcode": ["a"] * 35, "name": ["<b>Bannu & co"] * 35, "rate": [1.5] * 34 + [None]})
    frame["by_year"] = [[1, 2]] * 35
    number = st.column_config.NumberColumn("Per 100,000", format="%.2f")
    made = grids.table_on_paper(frame, {"name": "District", "rate": number, "by_year": "By year"})
    assert list(made) == ["District", "Per 100,000"]  # bars of years are pictures
    assert len(made) == 35
    assert made.iloc[0].tolist() == [r"\<b\>Bannu \& co", "1.50"]
    assert made.iloc[34, 1] == wording.MISSING


def test_paper_says_how_many_rows_of_a_longer_table_are_left_out() -> None:
    made = grids.table_on_paper(pd.DataFrame({"Year": range(130)}), {"Year": None})
    assert len(made) == 101
    assert made.iloc[100, 0] == "30 more rows are not printed here."

"""Downloads open as text and numbers in a spreadsheet, and say what they are."""

from __future__ import annotations

import csv
import io

import numpy as np
import pandas as pd
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from geo.views.grids import in_reading_order
from geo.views.tables import csv_bytes, from_the_side_of_words
from geo.wording import in_language


def rows(frame: pd.DataFrame) -> list[list[str]]:
    text = csv_bytes(frame).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


@pytest.mark.case(48)
def test_formulas_in_cells_and_headers_become_text() -> None:
    frame = pd.DataFrame({"=HDR()": ["=1+1", "@x", "-2", "plain"]})
    assert rows(frame) == [["'=HDR()"], ["'=1+1"], ["'@x"], ["-2"], ["plain"]]


def test_missing_values_are_empty_and_zero_is_zero() -> None:
    frame = pd.DataFrame({"n": [np.nan, 0.0, 1.5], "m": pd.array([None, 0, 3], dtype="Int64")})
    assert rows(frame)[1:] == [["", ""], ["0.0", "0"], ["1.5", "3"]]


def test_urdu_survives() -> None:
    assert rows(pd.DataFrame({"a": ["بنوں"]}))[1] == ["بنوں"]


def a_page() -> None:
    import pandas as pd
    import streamlit as st

    from geo import wording
    from geo.views import tables

    with wording.in_language(wording.PSEUDO_LANGUAGE):
        tables.show(pd.DataFrame({"District": ["Bannu"]}))
    st.text(str(list(tables.page_of(range(st.session_state.get("n", 20)), "page", 8))))
    st.text(str(list(tables.page_of([], "none", 8))))


def test_names_of_columns_are_in_the_language_of_the_reader() -> None:
    app = AppTest.from_function(a_page).run()
    assert list(app.dataframe[0].value.columns) == ["⟦Díštríçt···⟧"]


def test_a_long_list_is_shown_by_page_and_the_page_stays_within_the_list() -> None:
    app = AppTest.from_function(a_page).run()
    assert [part.value for part in app.text] == [str(list(range(8))), "[]"]
    app.number_input(key="page").set_value(3).run()
    assert app.text[0].value == str([16, 17, 18, 19])
    app.session_state["n"] = 10
    app.run()
    assert app.text[0].value == str([8, 9])


def _offered() -> None:
    import pandas as pd
    import streamlit as st

    from geo.views import tables

    tables.offer(pd.DataFrame({"n": [1]}), st.session_state["title"], "made-up")


def test_an_opened_table_stays_open_when_the_language_changes() -> None:
    app = AppTest.from_function(_offered)
    app.session_state["title"], app.session_state["table_made-up"] = "Table", True
    assert len(app.run().dataframe) == 1
    app.session_state["title"] = "جدول"
    assert len(app.run().dataframe) == 1


def _read_only() -> None:
    import pandas as pd
    import streamlit as st

    from geo import wording
    from geo.views import tables

    frame = pd.DataFrame({"District": ["Bannu"], "q value": [0.5], "Page": ["https://example.org/a"]})
    with wording.in_language(st.session_state["code"]):
        tables.show(frame, decimals={wording._("q value"): 3}, links=(wording._("Page"),))


@pytest.mark.parametrize("code", ["en", "ur"])
def test_a_table_that_is_only_read_turns_with_the_language(code: str) -> None:
    app = AppTest.from_function(_read_only)
    app.session_state["code"] = code
    app.run()
    assert not app.exception
    assert (len(app.dataframe), len(app.table)) == ((1, 1) if code == "en" else (0, 1)), "that of paper beside the grid"
    if code == "ur":
        assert list(app.table[0].value.iloc[0])[1:] == ["0.500", "[کھولیں](https://example.org/a)"]


def test_words_of_a_grid_stand_at_the_right_in_urdu_unless_they_are_english() -> None:
    column = st.column_config
    columns = {
        "place": column.TextColumn("p"),
        "n": column.NumberColumn("n"),
        "note": column.TextColumn("c", alignment="left"),
    }
    assert from_the_side_of_words(columns) == columns
    assert in_reading_order(columns) == ["place", "n", "note"]
    with in_language("ur"):
        found = {name: one["alignment"] for name, one in from_the_side_of_words(columns).items()}
        assert in_reading_order(columns) == ["note", "n", "place"]
    assert found == {"place": "right", "n": None, "note": "left"}

"""Files of the tables that stand on pages: the notes, types and settings of every other file, in CSV and XLSX."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pytest
import streamlit as st

from geo.export import files
from geo.export.data_version import DataVersion
from geo.export.notes import Notes, source_note
from geo.export.rows import table_of_frame
from tests.pages.test_pages import _own_store, run  # noqa: F401 (a fixture)

NOTES = Notes(
    "Title",
    "2024",
    (),
    "2 rows",
    (),
    (source_note("register"),),
    ("Care",),
    DataVersion("0" * 12, date(2026, 1, 2)),
    "1" * 12,
)
FRAME = pd.DataFrame(
    {
        "District": ["Bannu", '=HYPERLINK("x")'],
        "Number": pd.array([3, None], dtype="Int64"),
        "Rate": [np.nan, 1.5],
        "Day": [date(2024, 1, 1), None],
        "Is it": [True, False],
        "Mixed": ["2024*", 2025],
    }
)


def test_a_frame_keeps_its_types_and_holds_no_formula() -> None:
    made = files.content_of(table_of_frame("toy", FRAME), NOTES, "xlsx")
    book = openpyxl.load_workbook(io.BytesIO(made))
    rows = list(book["toy"].iter_rows(values_only=True))
    assert rows[0] == tuple(FRAME.columns)
    assert rows[1][:2] == ("Bannu", 3)
    assert rows[1][3].date() == date(2024, 1, 1)
    assert rows[1][4:] == (True, "2024*")
    assert rows[2] == ('\'=HYPERLINK("x")', None, 1.5, None, False, "2025")
    readme = [cells[0] for cells in book["README"].iter_rows(values_only=True)]
    assert {"Title", "Source", "Data version", "Settings", "Column"} <= set(readme)
    assert files.content_of(table_of_frame("toy", FRAME), NOTES, "xlsx") == made


def test_a_csv_says_where_its_table_begins() -> None:
    text = files.content_of(table_of_frame("toy", FRAME), NOTES, "csv").decode("utf-8-sig")
    begins = next(n for n, line in enumerate(text.splitlines()) if line.startswith("District,"))
    assert f"begins on line {begins + 1}." in text.splitlines()[0]
    again = pd.read_csv(io.StringIO(text), skiprows=begins)
    assert again["Number"].tolist()[0] == 3
    assert again["Rate"].isna().tolist() == [True, False]


# --- the pages ------------------------------------------------------------------------------------------

# Tables that no filter of groups narrows.
UNFILTERED = {"published-totals", "evidence", "police-published", "district-PK503-published"}
PAGES: list[tuple[str, dict[str, str], set[str]]] = [
    ("published", {}, {"published-totals"}),
    ("no_go", {"view": "evidence"}, {"evidence"}),
    ("no_go", {"view": "table"}, {"index"}),
    ("no_go", {"view": "police"}, {"police-published"}),
    ("compare", {}, {"compare"}),
    ("compare", {"of": "places"}, {"compare-places"}),
    ("district", {"district": "PK503"}, {"district-PK503-by-year", "district-PK503-published"}),
    (
        "validation",
        {"sources": "ucdp"},
        {"back-test-means", "quarterly-scores", "class-changes", "tables-left-out", "published-lists"},
    ),
]


@pytest.mark.slow
@pytest.mark.usefixtures("_own_store")
@pytest.mark.parametrize(("page", "query", "names"), PAGES)
def test_a_table_of_a_page_says_where_it_comes_from(
    page: str, query: dict[str, str], names: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    offered: dict[str, Callable[[], bytes]] = {}
    draw = st.download_button

    def record(label: str, data: Any, name: str, *args: Any, **options: Any) -> bool:
        offered[name] = data
        return draw(label, data, name, *args, **options)

    monkeypatch.setattr(st, "download_button", record)
    app = run(page, group="ttp", **query)
    assert not app.exception
    for name in names:
        mine = [key for key in offered if key.startswith(f"kp-atlas-{name}-") and not key.endswith(("png", "json"))]
        found = {key.rsplit(".", 1)[1]: key for key in mine}
        assert set(found) == {"csv", "xlsx"}, offered
        text = offered[found["csv"]]().decode("utf-8-sig")
        for label in ("Title", "Period", "Shown", "Data version", "Settings", "To be known"):
            assert f"# {label}: " in text, label
        # A table of published figures alone names the publisher of each row.
        assert ("# Source: " in text and "Licence: " in text) == (name != "police-published")
        assert found["csv"].rsplit("-", 1)[1].removesuffix(".csv") in text, "the name holds the code of the settings"
        assert ("TTP" in text.split("\n# Shown", 1)[0]) == (name not in UNFILTERED)
        book = openpyxl.load_workbook(io.BytesIO(offered[found["xlsx"]]()))
        assert book.sheetnames[1] == "README"
        heads = next(book.worksheets[0].iter_rows(values_only=True))
        # The index has the fields of its record, which docs/exports.md explains; all others have words.
        assert name == "index" or all(re.match("[0-9A-Z]|q value", head) for head in heads), heads

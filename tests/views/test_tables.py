"""Downloads open as text and numbers in a spreadsheet, and say what they are."""

from __future__ import annotations

import csv
import io

import numpy as np
import pandas as pd

from geo.views.tables import csv_bytes


def rows(frame: pd.DataFrame, *notes: str) -> list[list[str]]:
    text = csv_bytes(frame, notes).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def test_formulas_in_cells_and_headers_become_text() -> None:
    frame = pd.DataFrame({"=HDR()": ["=1+1", "@x", "-2", "plain"]})
    assert rows(frame) == [["'=HDR()"], ["'=1+1"], ["'@x"], ["-2"], ["plain"]]


def test_missing_values_are_empty_and_zero_is_zero() -> None:
    frame = pd.DataFrame({"n": [np.nan, 0.0, 1.5], "m": pd.array([None, 0, 3], dtype="Int64")})
    assert rows(frame)[1:] == [["", ""], ["0.0", "0"], ["1.5", "3"]]


def test_a_download_says_what_it_holds() -> None:
    assert rows(pd.DataFrame({"a": [1]}), "Period: 2024")[0] == ["# Period: 2024"]


def test_urdu_survives() -> None:
    assert rows(pd.DataFrame({"a": ["بنوں"]}))[1] == ["بنوں"]

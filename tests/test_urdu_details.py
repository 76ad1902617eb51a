"""Dates, marks and joined sentences in Urdu as a reader of Urdu expects them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pandas as pd
import pytest

from geo.views import grids
from geo.wording import _, format_date, in_language


@pytest.fixture(autouse=True)
def urdu():
    with in_language("ur"):
        yield


def test_a_date_in_a_table_is_written_in_words_and_not_broken() -> None:
    assert grids.in_words(date(2022, 12, 24)) == "24\u00a0دسمبر\u00a02022"
    frame = pd.DataFrame({"from": [date(2025, 1, 1)], "n": pd.array([None], dtype="Int64")})
    shown = grids.with_dates_in_words(frame)
    assert "1\u00a0جنوری\u00a02025" in shown.to_html()
    assert shown.data["from"].iloc[0] == date(2025, 1, 1), "the grid sorts by the day"


def test_a_time_has_the_comma_of_its_language_and_is_not_broken() -> None:
    assert _("{time} UTC", time=datetime(2026, 11, 30, 17, 2, tzinfo=UTC)).strip("\u200f") == (
        "30\u00a0نومبر\u00a02026،\u00a017:02 UTC"
    )
    assert format_date(date(2026, 11, 30)) == "30 نومبر 2026"

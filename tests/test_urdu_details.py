"""Dates, marks and joined sentences in Urdu as a reader of Urdu expects them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd
import pytest

from geo import cli
from geo.analysis.evidence import published
from geo.export.citation import Citation
from geo.export.columns import COLUMNS_OF, INCIDENTS
from geo.export.notes import column_in_words
from geo.shown_names import shown_publisher
from geo.views import grids
from geo.wording import Text, _, format_date, in_language, text
from tests import catalogue


@pytest.fixture(autouse=True)
def urdu() -> Iterator[None]:
    with in_language("ur"):
        yield


def test_a_date_in_a_table_is_written_in_words_and_not_broken() -> None:
    assert grids.in_words(date(2022, 12, 24)) == "24\u00a0دسمبر\u00a02022"
    frame = pd.DataFrame({"from": [date(2025, 1, 1)], "n": pd.array([None], dtype="Int64")})
    shown = grids.with_dates_in_words(frame)
    assert "1\u00a0جنوری\u00a02025" in shown.to_html()
    assert frame["from"].iloc[0] == date(2025, 1, 1), "the grid sorts by the day"


def test_a_time_has_the_comma_of_its_language_and_is_not_broken() -> None:
    assert _("{time} UTC", time=datetime(2026, 11, 30, 17, 2, tzinfo=UTC)).strip("\u200f") == (
        "30\u00a0نومبر\u00a02026،\u00a017:02 UTC"
    )
    assert format_date(date(2026, 11, 30)) == "30 نومبر 2026"


def test_a_day_in_a_question_names_its_month_in_the_language() -> None:
    day = text("{day:d} {month:month_name}", day=10, month=11)
    said = text("“{cell}” is {day}.", cell="10/11/2025", day=day)
    assert "10 نومبر" in str(said)
    assert str(Text.from_record(said.record())) == str(said)


def test_the_command_line_asks_in_urdu_and_prints_no_escapes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "incidents.csv"
    file.write_text("date,district,place,killed_total\n03/04/2024,Bannu,Jani Khel,2\n05/04/2024,Tank,,1\n", "utf-8")
    cli.main(["ingest", str(file), "--store", str(tmp_path / "store"), "--date-order", "DMY", "--dry-run"])
    asked = capsys.readouterr().err
    cli.main(["ingest", str(file), "--store", str(tmp_path / "store")])
    asked += capsys.readouterr().err
    assert "--date-order" in asked
    assert "\\u2068" not in asked
    assert "Which comes first" not in asked
    assert "Who began" not in asked


def test_a_citation_ends_each_credit_with_one_stop_of_its_language() -> None:
    cited = Citation("k", "عنوان", date(2026, 1, 1), "1", "x", ("Pakistan Bureau of Statistics۔", "UCDP.")).text()
    assert "Statistics۔ UCDP۔" in cited
    assert "۔." not in cited


def test_what_a_column_holds_is_joined_by_marks_of_urdu() -> None:
    column = next(one for one in COLUMNS_OF[INCIDENTS] if one.codes)
    said = column_in_words(column)
    assert "؛ " in said
    assert "; " not in said


def test_publishers_that_are_described_are_described_in_urdu_and_names_are_kept() -> None:
    every = {one.publisher for one in published.totals()}
    assert "KP CTD report (press)" in every
    described = [shown_publisher(label) for label in every - catalogue.PUBLISHERS]
    assert all(re.search("[\u0600-\u06ff]", label) for label in described)
    assert {shown_publisher(label) for label in catalogue.PUBLISHERS} == catalogue.PUBLISHERS

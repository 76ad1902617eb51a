"""Changed tables go in and are read rightly; the benchmark sees what is not."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks import field, field_report
from benchmarks.field_known import layouts
from benchmarks.field_layouts import Layout
from benchmarks.timing import Comparison
from geo.analysis.locating.locate import Locator
from geo.districts import load

FILES = 4


@pytest.fixture(scope="module")
def locator() -> Locator:
    return Locator.build(load())


@pytest.mark.parametrize("layout", layouts(), ids=lambda layout: layout.name)
def test_changed_tables_go_in_and_nothing_is_wrong_silently(layout: Layout, locator: Locator) -> None:
    tally = field.measured(layout, FILES, load(), locator)
    assert (tally.files, tally.wrong_silently) == (FILES, 0), tally.failures
    assert tally.files_in >= FILES - 1, tally.failures
    assert tally.accepted >= tally.rows - field.EVENTS_A_FILE, tally.failures


def test_the_same_seed_gives_the_same_files(locator: Locator) -> None:
    first, again = (field.measured(layouts()[0], 3, load(), locator) for _ in range(2))
    assert first.facts() == again.facts()


def test_another_value_than_the_true_one_is_seen(locator: Locator, tmp_path: Path) -> None:
    path = tmp_path / "plain.csv"
    path.write_text("date,district,killed,remarks\n2024-03-04,Bannu,2,mark-01\n", encoding="utf-8")
    read, asked, _ = field.taken_in(path, {})
    assert read is not None
    assert asked == []
    day = read.accepted_fields()["date_start"][0].as_py()
    right = field.Truth("mark-01", day, day, "PK503", 2)
    for truth, silent in ((right, 0), (replace(right, killed=3), 1), (replace(right, pcode="PK533"), 1)):
        tally = field.Tally()
        field.judged(read, [truth], tally, load(), locator)
        assert (tally.accepted, tally.right, tally.wrong_silently) == (1, 1 - silent, silent)
    tally = field.Tally()
    field.judged(read, [], tally, load(), locator)
    assert tally.wrong_silently == 1  # a row that is no incident


@pytest.mark.skipif(not field.CASES.exists(), reason="the files of cases are not beside the project")
def test_the_files_of_cases_are_read_rightly_or_it_is_said(locator: Locator) -> None:
    tally = field.measured_cases(field.CASES, load(), locator)
    assert (tally.files_in, tally.accepted, tally.wrong_silently) == (tally.files, tally.rows, 0), tally.failures


def test_the_bad_files_are_refused_for_the_reason_in_their_name() -> None:
    facts = field.bad_inputs().facts
    assert facts["files"] == facts["refused for the reason in their name"] > 0


def test_the_saved_figures_reach_what_was_to_be_reached() -> None:
    record = field_report.saved()
    assert record is not None
    found = field_report.totals(record)
    assert found["files that go in with at most one question"] >= field_report.LEAST_FILES * found["files"]
    assert found["rows accepted"] >= field_report.LEAST_ROWS * found["rows"]
    assert found["wrong silently"] == 0


def test_the_report_tells_each_layout_and_the_sum(tmp_path: Path) -> None:
    assert list(field_report.lines(field_report.saved(tmp_path))) == []
    cases = [Comparison(name, "read", {"read": [1.0]}, {}, field.Tally(files=2, rows=5).facts()) for name in ("a", "b")]
    record = {"benchmark": "field", "rows": 2, "comparisons": [case.record() for case in cases]}
    (tmp_path / "field-2.json").write_text(json.dumps(record), encoding="utf-8")
    told = list(field_report.lines(field_report.saved(tmp_path)))
    assert "| a | 2 | 0 | 0 | 5 | 0 | 0 | 0 | 0 |" in told
    assert told[-1] == "| all | 4 | 0 | 0 | 10 | 0 | 0 | 0 | 0 |"

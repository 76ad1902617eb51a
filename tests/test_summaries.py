"""A description is read from the row as it was written, where its source may be shown, and found by its words."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pytest

from geo.incidents import build
from geo.summaries import is_about, read, summary_column, summary_of
from tests.toy import PCODES, row, table
from tests.toy_store import batch, opened


@pytest.mark.parametrize(
    ("columns", "found"),
    [
        (["Date", "Incident Summary"], "Incident Summary"),
        (["notes", "summary"], "summary"),
        (["Description", "description"], "Description"),
        (["date", "district"], None),
        ([], None),
    ],
)
def test_the_column_of_the_description_is_known_by_its_usual_names(columns: list[str], found: str | None) -> None:
    assert summary_column(columns) == found


def test_a_row_without_a_description_has_none() -> None:
    assert summary_of({"summary": "  "}) == ""
    assert summary_of({"date": "x"}) == ""


HOSTILE = 'He said "go", then: \\ {"summary": "no"}, "summary": "no"\nبنوں <b>'


def raw(**cells: str) -> str:
    return json.dumps(cells, ensure_ascii=False)


def test_descriptions_are_those_of_the_cells_whatever_characters_they_hold(tmp_path: Path) -> None:
    store = opened(tmp_path / "store")
    rows = (
        row(1, raw=raw(date="summary", summary=HOSTILE)),
        row(2, raw=raw(date="x", summary=" ")),
        row(3, raw=raw(date=HOSTILE, summary="plain")),
    )
    store.add(batch(tmp_path, *rows))
    found = read(store).of(pa.array(["toy:1", "toy:2", "toy:3", "toy:4"]))
    assert found == {"toy:1": HOSTILE, "toy:3": "plain"}


def test_sources_that_may_not_be_shown_have_no_description(tmp_path: Path) -> None:
    store = opened(tmp_path / "store")
    store.add(batch(tmp_path, row(1, source="acled", raw=raw(notes="secret")), source="acled"))
    store.add(batch(tmp_path, row(2, source="gtd", raw=raw(summary="secret")), text="mixed"))
    summaries = read(store)
    assert summaries.of(pa.array(["toy:1", "toy:2"])) == {}
    assert len(summaries.matching("secret")) == 0


def test_the_newest_shown_version_counts(tmp_path: Path) -> None:
    store = opened(tmp_path / "store")
    store.add(batch(tmp_path, row(1, raw=raw(summary="Old words"))))
    store.add(batch(tmp_path, row(1, raw=raw(summary="New words")), text="two"))
    assert read(store).matching("old").to_pylist() == []
    assert read(store).matching("NEW").to_pylist() == ["toy:1"]
    store.undo(2)
    assert read(store).of(pa.array(["toy:1"])) == {"toy:1": "Old words"}


def test_a_merged_incident_is_found_by_the_words_of_each_report() -> None:
    incidents = build({"1": table(row(1), row(2), row(3), row(4))}, PCODES, "v", merges=[("toy:2", "toy:4")])
    assert is_about(incidents, pa.array(["toy:4"])).tolist() == [False, True, False]
    assert is_about(incidents, pa.array(["toy:2", "toy:3"])).tolist() == [False, True, True]
    assert not is_about(incidents, pa.array([], pa.string())).any()

"""Rows of single incidents are found in every batch, whatever its state, without reading the store as a whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from geo.store import files
from tests.toy import row
from tests.toy_store import batch, filled, opened


def test_every_version_of_an_incident_is_found_with_its_batch(tmp_path: Path) -> None:
    store = filled(tmp_path / "store", 2)
    store.add(batch(tmp_path, row(10, killed_best=4, raw='{"summary": "later"}'), text="later"))
    store.undo(2)
    found = store.find(["toy:10", "toy:20"])
    assert [(record.batch_id, record.state, rows["incident_id"].to_pylist()) for record, rows in found] == [
        (1, "shown", ["toy:10"]),
        (2, "undone", ["toy:20"]),
        (3, "shown", ["toy:10"]),
    ]
    assert found[2][1]["raw"].to_pylist() == ['{"summary": "later"}']


@pytest.mark.parametrize("wanted", [[], ["toy:99"], ["' OR 1=1"], [""]])
def test_what_is_not_stored_is_not_found(tmp_path: Path, wanted: list[str]) -> None:
    assert filled(tmp_path / "store").find(wanted) == ()


def test_a_batch_is_read_in_pieces_of_its_row_groups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "_ROWS_PER_GROUP", 2)
    store = opened(tmp_path / "store")
    store.add(batch(tmp_path, *(row(n) for n in range(5))))
    pieces = list(store.pieces(1, ["incident_id", "note"]))
    assert [len(piece) for piece in pieces] == [2, 2, 1]
    assert pieces[2]["incident_id"].to_pylist() == ["toy:4"]
    assert [rows["incident_id"].to_pylist() for _, rows in store.find(["toy:1", "toy:3"])] == [["toy:1", "toy:3"]]

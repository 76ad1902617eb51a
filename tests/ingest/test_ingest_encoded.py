"""Columns held as dictionaries: whatever a reading tells, it tells the same as from plain columns."""

from __future__ import annotations

import csv
import io
import threading
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from geo import verbatim
from geo.ingest import ReadOptions
from geo.ingest.containers import csv_arrow
from geo.ingest.conversion import Conversion
from geo.ingest.tables import is_encoded
from geo.problems import RejectedUpload
from geo.schema import LIMITS
from geo.settings import DATA_DIR
from tests.format_tables import MadeUp, all_tables
from tests.unguarded import read_unguarded

_LIMITS = {name: limit.default for name, limit in LIMITS.items()}
_BAD = sorted((Path(__file__).resolve().parents[1] / "bad_inputs").rglob("*.csv"))


def conversion(path: Path, folder: Path, answers: dict[str, Any]) -> Conversion | None:
    try:
        return read_unguarded(path, folder, path.name, ReadOptions(**answers), _LIMITS)
    except RejectedUpload:
        return None


def assert_same_when_encoded(path: Path, folder: Path, answers: dict[str, Any]) -> None:
    plain = conversion(path, folder, answers)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csv_arrow, "_SAMPLED_FROM", 0)
        patch.setattr(csv_arrow, "_SAMPLE_ROWS", 1)
        patch.setattr(csv_arrow, "_MOST_DIFFERENT", 1)
        encoded = conversion(path, folder, answers)
    assert (plain is None) == (encoded is None)
    if plain is None or encoded is None:
        return
    assert asdict(encoded.findings) == asdict(plain.findings)
    assert verbatim.with_json(encoded.rows()).equals(verbatim.with_json(plain.rows()))
    assert encoded.refused_rows().equals(plain.refused_rows())


@pytest.mark.parametrize("table", all_tables(), ids=lambda table: table.name)
def test_every_known_table_reads_the_same(table: MadeUp, tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    text = io.StringIO(newline="")
    csv.writer(text).writerows([*([table.header] if table.header else []), *table.rows, *table.rows])
    path.write_text(text.getvalue(), encoding="utf-8", newline="")
    assert_same_when_encoded(path, tmp_path, dict(table.answers))


@pytest.mark.parametrize("path", _BAD, ids=lambda path: path.stem)
def test_every_bad_file_is_refused_the_same(path: Path, tmp_path: Path) -> None:
    assert_same_when_encoded(path, tmp_path, {})


def test_the_register_reads_the_same(tmp_path: Path) -> None:
    assert_same_when_encoded(DATA_DIR / "incidents.csv", tmp_path, {})


def test_columns_in_which_texts_recur_are_encoded_and_others_are_not(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    rows = [f"{k},2024-03-{k % 28 + 1:02},Bannu,{k % 7},Note {k}" for k in range(42_000)]
    path.write_text("\n".join(["incident_id,date,district,killed_total,notes", *rows]) + "\n", encoding="utf-8")
    found = conversion(path, tmp_path, {})
    assert found is not None
    cells = found.reading.table.cells
    assert [is_encoded(column) for column in cells.columns] == [False, True, True, True, False]
    assert len(found.rows()) == 42_000
    assert found.rows()["killed_best"].to_pylist()[:8] == [0, 1, 2, 3, 4, 5, 6, 0]


def test_texts_of_blank_rows_are_not_among_the_words(tmp_path: Path) -> None:
    path = tmp_path / "blank.csv"
    path.write_text("date,district\n2024-03-04,Bannu\n  ,\n2024-03-04,Bannu\n" * 14_000, encoding="utf-8")
    found = conversion(path, tmp_path, {})
    assert found is not None
    encoded = found.reading.table.encoded("district")
    assert is_encoded(found.reading.table.column("district"))
    assert encoded.dictionary.to_pylist() == ["Bannu", "district"]
    assert encoded.to_pylist() == found.reading.table.texts("district").to_pylist()


def test_a_short_table_starts_no_thread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With little memory a thread may never begin, and whoever waits for it waits for ever."""
    started: list[str] = []
    start = threading.Thread.start

    def noted(thread: threading.Thread) -> None:
        started.append(thread.name)
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", noted)
    path = tmp_path / "content"
    limits = {name: limit.default for name, limit in LIMITS.items()}
    for n in (1, 3):
        path.write_text("date,district,killed_total\n" + "2024-01-05,Bannu,1\n" * n, "utf-8")
        monkeypatch.setattr(csv_arrow, "_SAMPLE_ROWS", 1)
        monkeypatch.setattr(csv_arrow, "_SAMPLED_FROM", 1)
        assert read_unguarded(path, tmp_path, "toy.csv", ReadOptions(), limits).findings.n_rows_in == n
    assert started == []

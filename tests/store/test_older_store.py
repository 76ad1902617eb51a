"""A store of a version that kept original cells as JSON text is read, compared, verified and added to as before.

The folder `older_store` was written by that version (catalogue 1): batch 1 from an uploaded file, batch 2 in two parts.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from geo import verbatim
from geo.problems import RejectedUpload
from geo.schema import Batch
from geo.settings import SharedPlace
from geo.store import Part, PartedBatch, Store, files
from geo.store.files import write_part
from geo.summaries import read
from tests.toy import row
from tests.toy_store import batch, files_in, place_of

FIRST = {"place": "", "latitude": "32.99", "summary": 'A "first" report\nin two lines'}


@pytest.fixture
def older(tmp_path: Path) -> Path:
    """Return the folder of a copy of the store."""
    return Path(shutil.copytree(Path(__file__).with_name("older_store"), tmp_path / "older"))


@pytest.fixture
def store(older: Path, tmp_path: Path, catalogue_kind: str) -> Store:
    """Return the store, its catalogue in each database; that of PostgreSQL says the version of the older program."""
    if catalogue_kind == "sqlite":
        return Store.open(older)
    import psycopg

    place = place_of(tmp_path / "shared")
    assert isinstance(place, SharedPlace)
    Store.restore(older, place).close()
    with psycopg.connect(place.database, autocommit=True) as db:
        db.execute("UPDATE atlas_store SET version = 1")
    return Store.open(place)


def in_columns(rows: pa.Table) -> pa.Table:
    """Return rows with original cells in columns, as a reader hands them over."""
    cells = pa.Table.from_pylist([json.loads(text) for text in rows["raw"].to_pylist()])
    column = verbatim.cells_column(cells.column_names, cells)
    return pa.table([*rows.drop_columns(["raw"]).columns, column], schema=verbatim.schema_in_hand(column.type))


def again(store: Store, batch_id: int, rows: pa.Table) -> Batch:
    """Return a batch of rows from the file that a stored batch came from."""
    told = store.batch(batch_id)
    path = store.path / files.RAW_FOLDER / told.file_sha256
    return Batch(rows, told.label, told.format, told.source, told.file_sha256, path, len(rows))


def is_text(store: Store) -> list[bool]:
    """Return of each batch file whether original cells are text in it."""
    paths = sorted((store.path / files.BATCH_FOLDER).iterdir(), key=lambda path: path.stat().st_mtime_ns)
    return [pa.types.is_string(pq.read_schema(path).field("raw").type) for path in paths]


def test_the_older_store_is_whole_and_its_cells_are_read(store: Store) -> None:
    assert store.verify() == []
    assert is_text(store) == [True] * 3
    cells = json.loads(store.read(1)["raw"][0].as_py())
    assert {name: cells[name] for name in FIRST} == FIRST
    assert [json.loads(text)["summary"] for text in store.read(2)["raw"].to_pylist()] == ["Fourth", "Fifth", "Sixth"]


def test_cells_of_old_and_new_batches_are_read_alike(store: Store) -> None:
    rows = store.read(1)
    store.undo(1)
    store.add(again(store, 1, in_columns(rows)))
    assert is_text(store)[-1] is False
    assert store.verify() == []
    assert store.read(3).equals(rows)
    ids = rows["incident_id"].to_pylist()
    (_, old), (_, new) = store.find(ids[:1])
    assert old.equals(new)
    (whole,), (held,) = (list(store.pieces(number, ["incident_id", "raw"])) for number in (1, 3))
    assert verbatim.with_json(held).equals(whole)
    (one,) = store.pieces(3, ["raw"], lambda names: [name for name in names if name == "summary"])
    assert verbatim.names_of(one["raw"]) == ("summary",)
    for name in ("summary", "place", "no such column"):
        assert verbatim.cells_of(held["raw"], name).to_pylist() == verbatim.cells_of(whole["raw"], name).to_pylist()


def test_descriptions_of_old_and_new_batches_are_found(store: Store, tmp_path: Path) -> None:
    new = batch(tmp_path, row(9, raw='{"summary": "Seventh of a new batch"}'))
    store.add(replace(new, rows=in_columns(new.rows)))
    summaries = read(store)
    assert set(summaries.of(store.read(1)["incident_id"]).values()) == {FIRST["summary"], "Second", "بنوں \\ third"}
    assert len(summaries.matching("sixth")) == len(summaries.matching("NEW")) == 1


@pytest.mark.parametrize("is_in_columns", [False, True])
def test_the_same_rows_of_the_same_file_are_not_stored_twice(store: Store, is_in_columns: bool) -> None:
    rows = store.read(1)
    before = files_in(store.path)
    with pytest.raises(RejectedUpload, match="stored already, as batch 1"):
        store.add(again(store, 1, in_columns(rows) if is_in_columns else rows))
    assert files_in(store.path) == before
    changed = rows.set_column(rows.schema.get_field_index("note"), rows.schema.field("note"), pa.array(["x"] * 3))
    assert store.add(again(store, 1, in_columns(changed))).is_shown


def test_an_old_batch_is_not_redone_beside_a_new_one_of_its_rows(store: Store) -> None:
    rows = store.read(1)
    store.undo(1)
    newer = store.add(again(store, 1, in_columns(rows))).batch_id
    with pytest.raises(RejectedUpload, match=f"stored already, as batch {newer}"):
        store.redo(1)
    store.undo(newer)
    assert store.redo(1).is_shown
    with pytest.raises(RejectedUpload, match="stored already, as batch 1"):
        store.redo(newer)


def test_parts_of_both_versions_make_one_batch(store: Store, tmp_path: Path) -> None:
    rows = store.read(2)
    store.undo(2)
    parts = []
    for number, piece in enumerate((rows.slice(0, 2), in_columns(rows.slice(2)))):
        written, digest = write_part(tmp_path / f"{number}.parquet", piece)
        parts.append(Part(tmp_path / f"{number}.parquet", written.sha256, digest))
    origin = store.path / files.RAW_FOLDER / store.batch(2).file_sha256
    parted = PartedBatch(tuple(parts), origin, "parts.csv", "plain", "table", 3)
    record = store.add_parts(parted)
    assert store.verify() == []
    assert store.read(record.batch_id).equals(rows)
    with pytest.raises(RejectedUpload, match=f"stored already, as batch {record.batch_id}"):
        store.redo(2)


def test_a_batch_in_columns_in_an_older_store_keeps_earlier_programs_out(older: Path, tmp_path: Path) -> None:
    store = Store.open(older)
    assert version_of(older) == 1
    store.undo(1)
    store.redo(1)
    assert version_of(older) == 1
    store.add(batch(tmp_path))
    assert version_of(older) == 2


def version_of(path: Path) -> int:
    with closing(sqlite3.connect(path / "catalogue.sqlite")) as db:
        return int(db.execute("PRAGMA user_version").fetchone()[0])


def test_an_older_store_is_backed_up_restored_and_read_by_a_page(older: Path, tmp_path: Path) -> None:
    store = Store.open(older)
    store.backup(tmp_path / "copy")
    restored = Store.restore(tmp_path / "copy", tmp_path / "restored")
    assert restored.verify() == []
    assert restored.read(2).equals(store.read(2))

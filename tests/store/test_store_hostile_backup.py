"""A backup from elsewhere may be hostile: restoring it writes only the store's own names into the new folder."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from geo.problems import DamagedData, ProblemCode, StoreError
from geo.store import Store
from tests.toy_store import filled, place_of, shown_ids

pytestmark = pytest.mark.usefixtures("catalogue_kind")


@pytest.fixture
def backup(tmp_path: Path, catalogue_kind: str) -> Path:
    """A good backup of one batch in a folder of its own."""
    (tmp_path / "from elsewhere").mkdir()
    return filled(tmp_path / "store").backup(tmp_path / "from elsewhere" / "backup")


def change(backup: Path, *statements: str) -> None:
    with closing(sqlite3.connect(backup / "catalogue.sqlite", isolation_level=None)) as db:
        for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            db.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            db.execute(statement)


def consistent_audit(backup: Path) -> None:
    """Let the audit, its hashes included, tell of the files as the catalogue now names them."""
    with closing(sqlite3.connect(backup / "catalogue.sqlite", isolation_level=None)) as db:
        *values, details, changes_view, previous = db.execute(
            "SELECT seq, at, actor, action, subject, details, changes_view, previous FROM audit"
        ).fetchone()
        files = [list(row) for row in db.execute("SELECT name, n_bytes, n_rows, sha256 FROM batch_files")]
        (raw,) = db.execute("SELECT file_sha256 FROM batches").fetchone()
        details = json.dumps(json.loads(details) | {"files": files, "file_sha256": raw}, sort_keys=True)
        chained = (*values, details, changes_view, previous)
        digest = hashlib.sha256(json.dumps(chained, ensure_ascii=False).encode()).hexdigest()
        db.execute("UPDATE audit SET details = ?, hash = ?", (details, digest))
    (backup / "audit-heads.txt").write_text(f"\n1 {digest}\n")


def everything(folder: Path) -> dict[str, str]:
    paths = [path for path in folder.rglob("*") if not path.is_dir()]
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


def refused(tmp_path: Path, backup: Path) -> StoreError | DamagedData:
    before = everything(tmp_path)
    with pytest.raises((StoreError, DamagedData)) as error:
        Store.restore(backup, place_of(tmp_path / "new" / "again"))
    appeared = {name for name in everything(tmp_path).keys() - before.keys() if not name.endswith(("-wal", "-shm"))}
    assert not appeared
    assert everything(tmp_path).items() >= before.items()
    assert error.value.problems[0].code is ProblemCode.DAMAGED_DATA
    return error.value


@pytest.mark.parametrize(
    "name", ["../../../x", "/tmp/kp-atlas-x", "..", "0123456789abcdef.parquet/../../../x", "a.parquet"]
)
def test_a_batch_file_of_a_foreign_name_is_not_followed(tmp_path: Path, backup: Path, name: str) -> None:
    (file,) = (backup / "batches").iterdir()
    place = backup / "batches" / name
    if not place.exists() and name != "/tmp/kp-atlas-x" and "parquet/" not in name:
        place.write_bytes(file.read_bytes())
    change(backup, f"UPDATE batch_files SET name = '{name}'")
    consistent_audit(backup)
    assert repr(name) in str(refused(tmp_path, backup))


@pytest.mark.parametrize("name", ["../../../x", "X" * 64, "a" * 63, "a" * 64 + "\n"])
def test_a_kept_upload_of_a_foreign_name_is_not_followed(tmp_path: Path, backup: Path, name: str) -> None:
    (file,) = (backup / "raw").iterdir()
    (backup / "raw" / name).write_bytes(file.read_bytes())
    change(backup, f"UPDATE batches SET file_sha256 = '{name}'")
    consistent_audit(backup)
    assert "it names the file" in str(refused(tmp_path, backup))


def link_to_target(path: Path) -> None:
    moved = path.parent.parent / f"moved {path.name}"
    path.rename(moved)
    path.symlink_to(moved)


@pytest.mark.parametrize("of", [lambda b: next((b / "raw").iterdir()), lambda b: next((b / "batches").iterdir())])
def test_a_link_in_place_of_a_file_is_refused(tmp_path: Path, backup: Path, of: Callable[[Path], Path]) -> None:
    link_to_target(of(backup))
    assert "it is a link" in str(refused(tmp_path, backup))


@pytest.mark.parametrize("folder", ["batches", "raw"])
def test_a_link_in_place_of_a_folder_is_refused(tmp_path: Path, backup: Path, folder: str) -> None:
    link_to_target(backup / folder)
    assert "it is a link" in str(refused(tmp_path, backup))


def test_a_link_that_leads_out_of_the_folder_together_with_a_name_that_uses_it_writes_nothing(
    tmp_path: Path, backup: Path
) -> None:
    (tmp_path / "victim").mkdir()
    (backup / "batches" / "way").symlink_to(tmp_path / "victim")
    (file,) = (path for path in (backup / "batches").iterdir() if path.suffix == ".parquet")
    (tmp_path / "victim" / "x").write_bytes(file.read_bytes())
    change(backup, "UPDATE batch_files SET name = 'way/x'")
    consistent_audit(backup)
    assert "way/x" in str(refused(tmp_path, backup))


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("UPDATE batches SET n_located = 2", "Batch 1 differs from the audit."),
        ("UPDATE audit SET actor = 'nobody'", "Audit event 1 was changed after it was written."),
        ("UPDATE audit SET details = '[]'", "Audit event 1 was changed after it was written."),
    ],
)
def test_a_backup_whose_catalogue_was_changed_never_appears_as_a_store(
    tmp_path: Path, backup: Path, statement: str, found: str
) -> None:
    change(backup, statement)
    (backup / "audit-heads.txt").unlink()
    assert found in str(refused(tmp_path, backup))


def test_rows_that_are_not_those_of_the_catalogue_are_found_before_the_store_appears(
    tmp_path: Path, backup: Path
) -> None:
    (tmp_path / "other").mkdir()
    written = (filled(tmp_path / "other" / "store", 2).path / "batches").iterdir()
    other = max(written, key=lambda path: path.stat().st_mtime_ns)
    (file,) = (backup / "batches").iterdir()
    file.write_bytes(other.read_bytes())
    sha256 = hashlib.sha256(file.read_bytes()).hexdigest()
    change(backup, f"UPDATE batch_files SET sha256 = '{sha256}', n_bytes = {file.stat().st_size}")
    consistent_audit(backup)
    error = refused(tmp_path, backup)
    assert "The rows of batch 1 differ from those that were stored." in str(error)
    assert error.problems[0].file == str(file)


def test_triggers_and_views_of_a_backup_are_not_restored(tmp_path: Path, backup: Path) -> None:
    change(
        backup,
        "CREATE TRIGGER hostile AFTER INSERT ON audit BEGIN UPDATE batches SET is_hidden = 1; END",
        "CREATE VIEW more AS SELECT * FROM batches",
        "CREATE TABLE extra (a TEXT)",
    )
    store = Store.restore(backup, place_of(tmp_path / "again"))
    store.undo(1)
    store.redo(1)
    assert shown_ids(store) == ["toy:10", "toy:11"]
    if (store.path / "catalogue.sqlite").exists():
        with closing(sqlite3.connect(store.path / "catalogue.sqlite")) as db:
            names = {name for (name,) in db.execute("SELECT name FROM sqlite_master")}
        assert names.isdisjoint({"hostile", "more", "extra"})
        assert "audit_stays" in names
    assert store.verify() == []


@pytest.mark.parametrize(
    "cells", [pa.array([{"a": 1}] * 2), pa.array([{"a": None}, {"a": "b"}]), pa.array([1, 2]), pa.array([["a"], ["b"]])]
)
def test_original_cells_that_are_not_texts_are_found_before_the_store_appears(
    tmp_path: Path, backup: Path, cells: pa.Array
) -> None:
    (file,) = (backup / "batches").iterdir()
    rows = pq.read_table(file)
    rows = rows.set_column(rows.schema.get_field_index("raw"), "raw", cells)
    pq.write_table(rows, file)
    sha256 = hashlib.sha256(file.read_bytes()).hexdigest()
    change(backup, f"UPDATE batch_files SET sha256 = '{sha256}', n_bytes = {file.stat().st_size}")
    consistent_audit(backup)
    assert "the original cells are not texts" in str(refused(tmp_path, backup))

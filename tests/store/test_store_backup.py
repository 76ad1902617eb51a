"""Damage is found by name, and a backup brings everything back."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from geo import temporary
from geo.problems import DamagedData, ProblemCode, StoreError
from geo.store import Store
from tests.toy import row
from tests.toy_store import batch, files_in, filled, place_of, raw_file, recorded_merge, shown_ids

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.usefixtures("catalogue_kind")


def only_file(store: Store, folder: str, number: int) -> Path:
    if folder == "raw":
        return raw_file(store, number)
    files = sorted((store.path / "batches").iterdir(), key=lambda path: path.stat().st_mtime_ns)
    return files[number - 1]


def flip(path: Path, position: int, bit: int = 0) -> None:
    data = bytearray(path.read_bytes())
    data[position] ^= 1 << bit
    path.write_bytes(data)


def test_a_store_that_is_whole_has_no_problem(tmp_path: Path) -> None:
    store = filled(tmp_path / "store", n_batches=3)
    store.undo(2)
    assert store.verify() == []


@pytest.mark.parametrize("folder", ["batches", "raw"])
@pytest.mark.parametrize("damage", [lambda path: flip(path, 5), lambda path: path.unlink()], ids=["flip", "unlink"])
def test_a_damaged_or_missing_file_is_named_even_of_an_undone_batch(
    tmp_path: Path, folder: str, damage: object
) -> None:
    store = filled(tmp_path / "store", n_batches=2)
    store.undo(1)
    path = only_file(store, folder, 1)
    damage(path)  # type: ignore[operator]
    (problem,) = store.verify()
    assert (problem.code, problem.file) == (ProblemCode.DAMAGED_DATA, str(path))
    assert str(problem.hint)


def test_a_file_replaced_by_valid_other_rows_is_found(tmp_path: Path) -> None:
    store = filled(tmp_path / "store", n_batches=2)
    only_file(store, "batches", 1).write_bytes(only_file(store, "batches", 2).read_bytes())
    assert len(store.verify()) == 1
    with pytest.raises(DamagedData):
        store.read(1)


def test_a_file_that_belongs_to_no_batch_is_named(tmp_path: Path) -> None:
    store = filled(tmp_path / "store")
    (store.path / "raw" / "notes.txt").write_text("x")
    (problem,) = store.verify()
    assert problem.file.endswith("notes.txt")


def test_a_backup_is_a_store_with_the_same_content(tmp_path: Path) -> None:
    store = filled(tmp_path / "store", n_batches=3)
    store.undo(2)
    store.save_mapping("mine", "a = 1")
    recorded_merge(store, ["toy:10", "toy:30"])
    assert store.backup(tmp_path / "backup") == tmp_path / "backup"
    copy = Store.open(tmp_path / "backup")
    assert copy.verify() == []
    assert (copy.batches(True), copy.mappings(), copy.merges()) == (
        store.batches(True),
        store.mappings(),
        store.merges(),
    )
    assert (copy.audit(), copy.version(), files_in(copy.path)) == (store.audit(), store.version(), files_in(store.path))


@pytest.mark.case(58, 60)
def test_restoring_gives_back_every_batch_and_leaves_the_backup_alone(tmp_path: Path) -> None:
    store = filled(tmp_path / "store", n_batches=2)
    store.backup(tmp_path / "backup")
    before = {path: path.read_bytes() for path in (tmp_path / "backup").rglob("*") if path.is_file()}
    store.add(batch(tmp_path, row(1), text="after the backup"))
    restored = Store.restore(tmp_path / "backup", place_of(tmp_path / "again"), actor="ayesha")
    assert restored.verify() == []
    assert restored.batches() == store.batches()[:2]
    assert all(restored.read(n).equals(store.read(n)) for n in (1, 2))
    assert [event.hash for event in restored.audit()[:2]] == [event.hash for event in store.audit()[:2]]
    assert (restored.audit()[-1].action, restored.audit()[-1].actor) == ("restore", "ayesha")
    assert {path: path.read_bytes() for path in (tmp_path / "backup").rglob("*") if path.is_file()} == before
    restored.add(batch(tmp_path, row(7), text="work goes on"))
    assert restored.version() != store.version()


def test_a_backup_is_never_written_over_something(tmp_path: Path) -> None:
    store = filled(tmp_path / "store")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("x")
    (tmp_path / "empty").mkdir()
    for target in (tmp_path / "full", tmp_path / "full" / "mine.txt"):
        with pytest.raises(StoreError, match="not an empty folder"):
            store.backup(target)
    store.backup(tmp_path / "empty")
    with pytest.raises(StoreError, match=r"not an empty folder|holds a store already"):
        Store.restore(tmp_path / "empty", place_of(tmp_path / "store"))
    assert shown_ids(store) == ["toy:10", "toy:11"]


@pytest.mark.parametrize("folder", ["batches", "raw"])
def test_a_damaged_store_is_not_backed_up_and_a_damaged_backup_not_restored(tmp_path: Path, folder: str) -> None:
    store = filled(tmp_path / "store")
    store.backup(tmp_path / "backup")
    flip(only_file(store, folder, 1), 3)
    with pytest.raises(DamagedData, match="not the one that was stored"):
        store.backup(tmp_path / "second")
    file = next((tmp_path / "backup" / folder).iterdir())
    file.unlink()
    with pytest.raises(DamagedData, match="missing"):
        Store.restore(tmp_path / "backup", place_of(tmp_path / "again"))
    assert sorted(os.listdir(tmp_path)) == sorted({"store", "backup", store_source(tmp_path)})


def store_source(folder: Path) -> str:
    """Return the name of the one toy file that the batch came from."""
    return next(path.name for path in folder.iterdir() if path.suffix == ".csv")


def test_a_folder_that_is_no_backup_is_named(tmp_path: Path) -> None:
    (tmp_path / "no").mkdir()
    for folder in (tmp_path / "no", tmp_path / "nowhere"):
        with pytest.raises(StoreError, match="not a backup"):
            Store.restore(folder, tmp_path / "again")
    assert not (tmp_path / "again").exists()


def test_a_damaged_raw_file_heals_when_its_file_is_loaded_again(tmp_path: Path) -> None:
    store = filled(tmp_path / "store")
    flip(raw_file(store, 1), 2)
    again = batch(tmp_path, *store.read(1).to_pylist(), text="file 1")
    store.undo(1)
    store.add(again)
    assert store.verify() == []
    assert store.batch(2).rows_sha256 == store.batch(1).rows_sha256


_DIES = """
import os, sys
from pathlib import Path
from geo.store import Store, backup
backup._copy_checked = lambda *_: os.kill(os.getpid(), 9)
Store.open(Path(sys.argv[1])).backup(Path(sys.argv[2]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot say whether a process has ended")
def test_what_a_killed_backup_left_is_gone_after_the_next(tmp_path: Path) -> None:
    store, backups = filled(tmp_path / "store"), tmp_path / "backups"
    if not isinstance(place_of(tmp_path / "store"), Path):
        pytest.skip("the process that is killed opens a store of one machine")
    killed = subprocess.run([sys.executable, "-c", _DIES, store.path, backups / "first"], cwd=ROOT, check=False)
    assert killed.returncode == -9
    assert [path.name.startswith("first.") for path in backups.iterdir()] == [True]
    at_work = temporary.building_for(backups / "other")
    own = (at_work, backups / "notes.partial", backups / "b.0123abcd.4000000.0123abcd.partial")
    for folder in own:
        folder.mkdir()
    store.backup(backups / "second")
    assert set(backups.iterdir()) == {backups / "second", *own}, "what runs, is named otherwise, or another machine's"
    for folder in own:
        os.utime(folder, (1, 1))
    temporary.sweep_building(backups)
    assert set(backups.iterdir()) == {backups / "second", backups / "notes.partial"}

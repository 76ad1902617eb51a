"""A store opens, or says in one sentence what is wrong with which path and what to do; it never makes things worse."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from geo.problems import ProblemCode, StoreError
from geo.store import Store
from tests.toy import row
from tests.toy_store import batch, files_in, filled, shown_ids

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = "catalogue.sqlite"


def refusal(path: Path) -> StoreError:
    with pytest.raises(StoreError) as refused:
        Store.open(path)
    problem = refused.value.problems[0]
    assert str(path) in problem.file
    assert str(problem.hint)
    return refused.value


def content(path: Path) -> dict[str, bytes]:
    return {str(file.relative_to(path)): file.read_bytes() for file in path.rglob("*") if file.is_file()}


def test_the_folder_is_made_on_first_start(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "a" / "b" / "store")
    assert (store.batches(), store.verify(), store.is_read_only) == ((), [], False)


def test_a_store_is_found_again_with_everything_in_it(tmp_path: Path) -> None:
    first = filled(tmp_path / "store", n_batches=2)
    first.undo(2)
    version, records = first.version(), first.batches(True)
    first.close()
    second = Store.open(tmp_path / "store")
    assert (second.version(), second.batches(True), second.verify()) == (version, records, [])


def test_a_path_may_hold_any_characters(tmp_path: Path) -> None:
    store = filled(tmp_path / "a b?c#d%41;'\"\u067e\u0634\u0627\u0648\u0631")
    assert shown_ids(store) == ["toy:10", "toy:11"]
    assert store.backup(tmp_path / "b?#%20").exists()


def test_a_relative_path_stays_right_when_the_process_moves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    store = Store.open(Path("store"))
    monkeypatch.chdir("/")
    store.add(batch(tmp_path))
    assert (tmp_path / "store" / CATALOGUE).exists()


def test_a_store_of_one_machine_needs_no_driver_and_a_shared_one_says_which(tmp_path: Path) -> None:
    script = (
        "import sys; sys.modules['psycopg'] = None\n"
        "from pathlib import Path; from geo.settings import SharedPlace; from geo.store import Store\n"
        "Store.open(Path(sys.argv[1]) / 'own'); assert 'geo.store.postgres' not in sys.modules\n"
        "Store.open(SharedPlace(Path(sys.argv[1]) / 'shared', 'postgresql://atlas:hidden@db/atlas'))\n"
    )
    command = [sys.executable, "-c", script, str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert "needs the driver of PostgreSQL. Install it with `pip install -r requirements-team.txt`" in done.stderr
    assert "hidden" not in done.stderr
    assert os.listdir(tmp_path) == ["own"]


def test_a_file_in_place_of_the_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "store").write_text("not a folder")
    assert refusal(tmp_path / "store").problems[0].code is ProblemCode.STORE
    assert (tmp_path / "store").read_text() == "not a folder"


@pytest.mark.case(58)
def test_a_catalogue_whose_tables_are_named_in_no_text_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "store"
    filled(path).close()
    catalogue = path / CATALOGUE
    damaged = bytearray(catalogue.read_bytes())
    damaged[damaged.index(b"CREATE TRIGGER") + 2] ^= 0x80
    catalogue.write_bytes(damaged)
    with pytest.raises(StoreError, match="The catalogue is damaged"):
        Store.open(path)
    assert catalogue.read_bytes() == damaged


@pytest.mark.case(59)
@pytest.mark.parametrize(
    ("bytes_", "word"),
    [(b"", "empty"), (b"id,day\n1,2\n" * 40, "not an SQLite file"), (b"SQLite format 3\0", "not an")],
)
def test_a_catalogue_that_is_none_is_refused_and_left_alone(tmp_path: Path, bytes_: bytes, word: str) -> None:
    filled(tmp_path / "store").close()
    (tmp_path / "store" / CATALOGUE).write_bytes(bytes_)
    before = content(tmp_path / "store")
    error = refusal(tmp_path / "store")
    assert error.problems[0].code is ProblemCode.DAMAGED_DATA
    assert word in str(error)
    assert content(tmp_path / "store") == before


def test_a_catalogue_with_broken_pages_is_refused(tmp_path: Path) -> None:
    filled(tmp_path / "store", n_batches=3).close()
    path = tmp_path / "store" / CATALOGUE
    broken = bytearray(path.read_bytes())
    broken[4096:] = bytes(len(broken) - 4096)
    path.write_bytes(broken)
    assert refusal(tmp_path / "store").problems[0].code is ProblemCode.DAMAGED_DATA
    assert path.read_bytes() == bytes(broken)


@pytest.mark.case(59)
@pytest.mark.parametrize("number", [0, 3])
def test_a_catalogue_of_another_version_is_refused_and_left_alone(tmp_path: Path, number: int) -> None:
    filled(tmp_path / "store").close()
    with closing(sqlite3.connect(tmp_path / "store" / CATALOGUE)) as db:
        db.execute(f"PRAGMA user_version = {number}")
    before = content(tmp_path / "store")
    error = refusal(tmp_path / "store")
    assert f"catalogue {number}, this one reads 2" in str(error)
    assert {name: value for name, value in content(tmp_path / "store").items() if not name.endswith("-shm")} == before


def test_notes_that_an_older_version_kept_as_plain_text_are_shown_as_they_are(tmp_path: Path) -> None:
    filled(tmp_path / "store", n_batches=1).close()
    with closing(sqlite3.connect(tmp_path / "store" / CATALOGUE, isolation_level=None)) as db:
        db.execute("DROP TRIGGER batches_stay")
        db.execute("UPDATE batches SET notes = ?", ('["Encoding: UTF-8.", "12 blank rows passed over."]',))
    (record,) = Store.open(tmp_path / "store").batches()
    assert [str(note) for note in record.notes] == ["Encoding: UTF-8.", "12 blank rows passed over."]


def test_the_database_of_another_program_is_refused(tmp_path: Path) -> None:
    filled(tmp_path / "store").close()
    with closing(sqlite3.connect(tmp_path / "store" / CATALOGUE)) as db:
        db.execute("PRAGMA application_id = 7")
    assert "not a catalogue of this program" in str(refusal(tmp_path / "store"))


def test_batches_without_a_catalogue_are_never_swept_away(tmp_path: Path) -> None:
    filled(tmp_path / "store").close()
    (tmp_path / "store" / CATALOGUE).unlink()
    before = files_in(tmp_path / "store")
    assert "has batch files but no catalogue" in str(refusal(tmp_path / "store"))
    assert files_in(tmp_path / "store") == before


def test_an_older_catalogue_put_back_is_noticed_and_nothing_is_swept(tmp_path: Path) -> None:
    path = tmp_path / "store"
    filled(path).close()
    old = (path / CATALOGUE).read_bytes()
    store = Store.open(path)
    store.add(batch(tmp_path, row(5), text="later"))
    store.close()
    (path / CATALOGUE).write_bytes(old)
    before = files_in(path)
    assert "lost its newest changes" in str(refusal(path))
    assert files_in(path) == before


@pytest.mark.case(55)
def test_a_missing_part_of_the_store_is_named(tmp_path: Path) -> None:
    filled(tmp_path / "store").close()
    shutil.rmtree(tmp_path / "store" / "raw")
    assert refusal(tmp_path / "store").problems[0].file.endswith("raw")


@pytest.mark.case(55)
def test_a_folder_that_vanishes_is_an_error_and_not_an_empty_store(tmp_path: Path) -> None:
    store = filled(tmp_path / "store")
    shutil.rmtree(tmp_path / "store")
    for call in (store.version, store.batches, lambda: store.read(1), lambda: store.add(batch(tmp_path, text="x"))):
        with pytest.raises(StoreError):
            call()
    assert not (tmp_path / "store").exists()


@pytest.mark.case(53)
def test_leftovers_of_interrupted_writes_are_swept_and_other_files_stay(tmp_path: Path) -> None:
    path = tmp_path / "store"
    filled(path).close()
    kept = files_in(path)
    leftovers = [
        "batches/0123456789abcdef.parquet.0a1b2c3d.writing",
        "batches/0123456789abcdef.parquet",
        f"raw/{'a' * 64}",
        f"raw/{'b' * 64}.0a1b2c3d.writing",
    ]
    for name in [*leftovers, "raw/notes.txt"]:
        (path / name).write_text("x")
    assert files_in(Store.open(path).path) == kept | {"raw/notes.txt"}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE batch_files SET name = '0123456789abcdef.parquet' WHERE batch_id = 1",
        "UPDATE batches SET file_sha256 = 'x' WHERE batch_id = 1",
        "DELETE FROM batch_files",
    ],
)
def test_a_damaged_catalogue_that_forgets_a_file_does_not_cost_the_file(tmp_path: Path, statement: str) -> None:
    path = tmp_path / "store"
    filled(path, n_batches=2).close()
    before = files_in(path)
    with closing(sqlite3.connect(path / CATALOGUE, isolation_level=None)) as db:
        for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            db.execute(f"DROP TRIGGER {name}")
        db.execute(statement)
    store = Store.open(path)
    assert files_in(path) == before
    assert any("differs from the audit" in str(problem.message) for problem in store.verify())


def test_a_damaged_lock_file_is_named_and_may_be_deleted(tmp_path: Path) -> None:
    path = tmp_path / "store"
    filled(path).close()
    (path / "writers.lock").write_bytes(b"x" * 5000)
    assert "Delete this file" in str(refusal(path))
    (path / "writers.lock").unlink()
    assert shown_ids(Store.open(path)) == ["toy:10", "toy:11"]


def test_the_files_of_a_write_in_progress_are_not_swept(tmp_path: Path) -> None:
    from geo.store import files

    store = filled(tmp_path / "store")
    in_progress = store.path / "batches" / "0123456789abcdef.parquet"
    with files.writing(store.path):
        in_progress.write_text("x")
        Store.open(store.path)
        assert in_progress.exists()
        assert store.verify() == []
    Store.open(store.path)
    assert not in_progress.exists()


def test_a_process_that_starts_while_another_makes_the_store_waits_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from geo.store import catalogue

    real = catalogue.create
    seen: list[Store] = []

    def create_late(path: Path) -> None:
        real(path)
        seen.append(Store.open(path.parent))

    monkeypatch.setattr(catalogue, "create", create_late)
    store = Store.open(tmp_path / "store")
    seen[0].add(batch(tmp_path))
    assert len(store.batches()) == 1


def test_a_first_start_that_was_interrupted_is_begun_again(tmp_path: Path) -> None:
    path = tmp_path / "store"
    for folder in ("batches", "raw"):
        (path / folder).mkdir(parents=True)
    (path / f"{CATALOGUE}.new").write_bytes(b"half a catalogue")
    assert Store.open(path).batches() == ()
    assert not (path / f"{CATALOGUE}.new").exists()


def test_no_side_files_are_left_when_the_store_is_closed(tmp_path: Path) -> None:
    filled(tmp_path / "store").close()
    assert sorted(os.listdir(tmp_path / "store")) == ["audit-heads.txt", "batches", CATALOGUE, "raw", "writers.lock"]

"""A full disk below the shared catalogue: at each statement, at the commit, and a small disk that really is full."""

from __future__ import annotations

import random
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from geo.problems import ProblemCode, StoreError
from geo.settings import SharedPlace
from geo.store import Store
from geo.store.backup import read_tables
from tests import postgres_server
from tests.faults.store_children import add_one
from tests.postgres_server import PostgresServer, as_server_user
from tests.toy import row
from tests.toy_store import batch, files_in, filled, place_of, recorded_merge, shown_ids

psycopg = pytest.importorskip("psycopg", reason="the driver of PostgreSQL is not installed (requirements-team.txt)")
pytestmark = pytest.mark.fault

# Counted by a sequence, which no rollback sets back: the statement of that number finds the disk full.
_FULL_AT = """
CREATE SEQUENCE IF NOT EXISTS statements;
CREATE OR REPLACE FUNCTION fill() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    IF nextval('statements') = {number} THEN
        RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full';
    END IF;
    RETURN NULL;
END $$;
ALTER SEQUENCE statements RESTART;
"""
_CHANGES: dict[str, Callable[[Store], object]] = {
    "a batch is added": lambda store: add_one(store, "added"),
    "a batch replaces others": lambda store: store.add(
        batch(store.path.parent, row(10), row(90), text="edition 2"), supersedes=[1]
    ),
    "a batch is undone": lambda store: store.undo(1),
    "a batch is hidden": lambda store: store.set_shown(1, False),
    "a mapping is saved": lambda store: store.save_mapping("mine", "a = 1"),
    "incidents are merged": lambda store: recorded_merge(store, ["toy:10", "toy:20"], {"score": 0.9}),
}


@pytest.fixture(autouse=True)
def _on_the_server(server: PostgresServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(postgres_server.VARIABLE, server.url)


def state_of(store: Store) -> tuple[Any, ...]:
    """Return all that is stored: every table of the catalogue, the files and the incidents that are shown."""
    with store._catalogue.reading() as db:
        tables = read_tables(db)
    return tables, files_in(store.path), shown_ids(store)


def assert_named(told: pytest.ExceptionInfo[StoreError]) -> None:
    [problem] = told.value.problems
    assert problem.code is ProblemCode.DISK_FULL
    assert str(problem.message) == "The disk is full or a size limit was reached. Nothing was stored."
    assert str(problem.hint) == "Free some space and try again; what was stored before is intact."


def watched(db: Any) -> None:
    """Let every statement that changes a table of the catalogue ask whether the disk is full."""
    db.execute(_FULL_AT.format(number=0))
    tables = db.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()").fetchall()
    for (table,) in tables:
        db.execute(
            f"CREATE TRIGGER filling BEFORE INSERT OR UPDATE OR DELETE ON {table} FOR EACH STATEMENT"
            " EXECUTE FUNCTION fill()"
        )


@pytest.mark.case(54)
@pytest.mark.parametrize("change", _CHANGES)
def test_a_disk_that_is_full_at_any_statement_leaves_nothing_half_done(tmp_path: Path, change: str) -> None:
    store = filled(tmp_path / "store", n_batches=2)
    before = state_of(store)
    place = place_of(store.path)
    assert isinstance(place, SharedPlace)
    refused = 0
    with psycopg.connect(place.database, autocommit=True) as db:
        watched(db)
        while True:
            db.execute(_FULL_AT.format(number=refused + 1))
            try:
                _CHANGES[change](store)
            except StoreError as error:
                assert_named(pytest.ExceptionInfo.from_exception(error))
                refused += 1
                assert state_of(store) == before, f"after statement {refused}"
            else:
                break
    assert refused >= 2, "the change itself and its line in the audit"
    assert state_of(store) != before
    assert store.verify() == []


@pytest.mark.case(54)
def test_a_disk_that_is_full_at_the_commit_has_stored_nothing_and_says_so(tmp_path: Path) -> None:
    store = filled(tmp_path / "store", n_batches=2)
    before = state_of(store)
    place = place_of(store.path)
    assert isinstance(place, SharedPlace)
    with psycopg.connect(place.database, autocommit=True) as db:
        db.execute(_FULL_AT.format(number=1))
        db.execute(
            "CREATE CONSTRAINT TRIGGER filling AFTER INSERT ON audit DEFERRABLE INITIALLY DEFERRED"
            " FOR EACH ROW EXECUTE FUNCTION fill()"
        )
        with pytest.raises(StoreError) as told:
            store.undo(1)
        assert_named(told)
        assert state_of(store) == before
        db.execute(_FULL_AT.format(number=1))
        with pytest.raises(StoreError) as told:
            add_one(store, "added")
        assert_named(told)
        assert state_of(store) == before
    assert store.undo(1).is_undone
    assert store.verify() == []


@pytest.fixture
def small_disk(server: PostgresServer) -> Iterator[Path]:
    """A disk of one megabyte that the database server may use."""
    home = Path(tempfile.mkdtemp(prefix="small-disk-", dir=server.data.parent))
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "none", str(home)], capture_output=True, check=False
    )
    if mounted.returncode:
        home.rmdir()
        pytest.skip(f"a small disk cannot be mounted here: {mounted.stderr.decode().strip()}")
    try:
        if owner := as_server_user():
            shutil.chown(home, owner["user"], owner["group"])
        yield home
    finally:
        subprocess.run(["umount", "--lazy", str(home)], check=True)
        home.rmdir()


@pytest.mark.case(54)
def test_a_database_on_a_full_disk_refuses_a_change_whole_and_takes_it_with_room(
    tmp_path: Path, small_disk: Path, server: PostgresServer
) -> None:
    with psycopg.connect(f"{server.url}/postgres", autocommit=True) as db:
        db.execute(f"CREATE TABLESPACE small LOCATION '{small_disk}'")
    place = place_of(tmp_path / "store")
    assert isinstance(place, SharedPlace)
    place = replace(place, database=f"{place.database}%20-cdefault_tablespace%3Dsmall")
    store = Store.open(place)
    store.add(batch(tmp_path, row(10), row(20)))
    before = state_of(store)
    filler = small_disk / "filler"
    filler.write_bytes(b"x" * shutil.disk_usage(small_disk).free)
    refused = 0
    for number in range(400):  # pages that are not full yet take some changes
        try:
            store.save_mapping(f"mapping {number}", f"a = '{random.Random(number).randbytes(1_000).hex()}'")
        except StoreError as error:
            assert_named(pytest.ExceptionInfo.from_exception(error))
            assert state_of(store) == before
            refused += 1
            break
        before = state_of(store)
    assert refused == 1
    filler.unlink()
    store.save_mapping("with room", "a = 1")
    assert "with room" in store.mappings()
    assert store.verify() == []
    with psycopg.connect(f"{place.database}", autocommit=True) as db:
        db.execute("DO $$ BEGIN EXECUTE 'DROP SCHEMA ' || current_schema() || ' CASCADE'; END $$")
        db.execute("DROP TABLESPACE small")

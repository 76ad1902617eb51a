"""One store shared by several servers: its catalogue in PostgreSQL, which is killed, restarted, locked or wrong."""

from __future__ import annotations

import os
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from geo import cli
from geo.problems import AtlasError, StoreError
from geo.settings import SharedPlace
from geo.store import Store, catalogue
from tests import postgres_server
from tests.faults.store_children import add_one
from tests.postgres_server import PASSWORD, PostgresServer
from tests.register_file import n_default
from tests.toy import row
from tests.toy_store import batch, files_in, filled, opened, place_of, recorded_merge, shown_ids

ROOT = Path(__file__).resolve().parents[2]
psycopg = pytest.importorskip("psycopg", reason="the driver of PostgreSQL is not installed (requirements-team.txt)")
pytestmark = [pytest.mark.fault, pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX signals")]


@pytest.fixture(autouse=True)
def _on_the_server(server: PostgresServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(postgres_server.VARIABLE, server.url)


@pytest.fixture
def place(tmp_path: Path) -> SharedPlace:
    made = place_of(tmp_path / "store")
    assert isinstance(made, SharedPlace)
    return made


def refusal(place: SharedPlace | Path) -> str:
    """Return the one sentence of a refused opening, which never holds the password."""
    with pytest.raises(StoreError) as refused:
        Store.open(place)
    assert str(refused.value.problems[0].hint)
    assert PASSWORD not in str(refused.value)
    return str(refused.value)


def test_a_wrong_password_or_an_unreachable_server_is_named_without_the_password(place: SharedPlace) -> None:
    wrong = replace(place, database=place.database.replace(PASSWORD, "another-secret"))
    told = refusal(wrong)
    assert "another-secret" not in told
    assert 'password authentication failed for user "atlas"' in told
    elsewhere = replace(place, database=re.sub(r":\d+/", ":1/", place.database))
    assert "cannot be reached" in refusal(elsewhere)
    assert "ATLAS_STORE_DB" in refusal(elsewhere)
    assert not place.folder.exists()


def test_a_url_that_cannot_be_read_is_refused_without_being_shown(place: SharedPlace) -> None:
    assert "cannot be read" in refusal(replace(place, database=f"{place.database}&no_such_option={PASSWORD}"))


def test_a_password_may_hold_any_sign(server: PostgresServer, place: SharedPlace) -> None:
    password = "a@b:c/d?e#f %40'"
    with psycopg.connect(place.database, autocommit=True) as db:
        db.execute("CREATE ROLE awkward LOGIN SUPERUSER PASSWORD 'a@b:c/d?e#f %40'''")
    url = place.database.replace(f"atlas:{PASSWORD}", f"awkward:{quote(password, safe='')}")
    assert Store.open(replace(place, database=url)).batches() == ()


def test_a_server_that_was_restarted_serves_the_next_call(server: PostgresServer, tmp_path: Path) -> None:
    store = filled(tmp_path / "store")
    server.control("stop", "-m", "immediate")
    try:
        for call in (store.version, store.batches, lambda: store.undo(1), lambda: add_one(store, "lost")):
            with pytest.raises(StoreError, match="cannot be reached"):
                call()
    finally:
        server.control("start")
    assert shown_ids(store) == ["toy:10", "toy:11"]
    assert add_one(store, "kept") == 2
    assert opened(store.path).verify() == []


def test_a_writer_whose_lock_was_lost_with_its_connection_cannot_commit(
    tmp_path: Path, place: SharedPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    from geo.store import files

    store = filled(tmp_path / "store")
    before = files_in(store.path)
    written = files.write_rows

    def cut_off(*arguments: object) -> object:
        result = written(*arguments)  # type: ignore[arg-type]
        with psycopg.connect(place.database, autocommit=True) as db:
            db.execute("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'")
        return result

    monkeypatch.setattr(files, "write_rows", cut_off)
    with pytest.raises(StoreError, match="cannot be reached"):
        add_one(store, "cut off")
    monkeypatch.undo()
    assert len(store.batches()) == 1
    assert (files_in(store.path), store.verify()) == (before, [])


def test_a_connection_lost_while_committing_says_that_the_change_may_have_been_made(
    tmp_path: Path, place: SharedPlace
) -> None:
    store = filled(tmp_path / "store")
    with psycopg.connect(place.database, autocommit=True) as db:
        # The server ends the connection in the middle of COMMIT, when deferred triggers are run.
        db.execute(
            "CREATE FUNCTION end_it() RETURNS TRIGGER LANGUAGE plpgsql AS"
            " 'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END'"
        )
        db.execute(
            "CREATE CONSTRAINT TRIGGER ending AFTER INSERT ON audit DEFERRABLE INITIALLY DEFERRED"
            " FOR EACH ROW EXECUTE FUNCTION end_it()"
        )
        with pytest.raises(StoreError, match="may have been made"):
            store.undo(1)
        db.execute("DROP TRIGGER ending ON audit")
    assert store.undo(1).is_undone
    assert store.verify() == []


def test_a_writer_that_is_stopped_keeps_others_waiting_and_its_death_frees_them(
    tmp_path: Path, place: SharedPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    from geo.store import postgres

    store = filled(tmp_path / "store")
    script = (
        "import sys, time; from pathlib import Path; from tests.toy_store import opened\n"
        "store = opened(Path(sys.argv[1]))\n"
        "with store._catalogue.changing() as db:\n"
        "    db.execute('UPDATE batches SET is_hidden = 1'); print('begun', flush=True); time.sleep(60)\n"
    )
    command = [sys.executable, "-c", script, str(store.path)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout
        assert child.stdout.readline() == "begun\n"
        monkeypatch.setattr(postgres, "_SESSION", "-c lock_timeout=200ms")
        with pytest.raises(StoreError, match="Another process is writing"):
            opened(store.path)
        assert store.batches()[0].state == "shown"
        child.send_signal(signal.SIGKILL)
    assert store.undo(1).is_hidden is False
    assert store.verify() == []


def test_the_files_of_a_write_in_progress_are_not_swept_and_leftovers_are(tmp_path: Path) -> None:
    store = filled(tmp_path / "store")
    in_progress = store.path / "batches" / "0123456789abcdef.parquet"
    with store._catalogue.writing():
        in_progress.write_text("x")
        assert opened(store.path).verify() == []
        assert in_progress.exists()
    opened(store.path)
    assert not in_progress.exists()


def test_a_folder_that_is_not_that_of_the_database_is_refused_and_left_alone(
    tmp_path: Path, place: SharedPlace
) -> None:
    store = filled(tmp_path / "store")
    other = filled(tmp_path / "other")
    (tmp_path / "unmounted").mkdir()
    before = files_in(store.path) | files_in(other.path)
    crossed = replace(place, folder=other.path)
    assert "is not the folder of the store in postgresql://atlas@127.0.0.1" in refusal(crossed)
    assert "is not the folder" in refusal(replace(place, folder=tmp_path / "unmounted"))
    assert list((tmp_path / "unmounted").iterdir()) == []
    assert "Several servers share this store" in refusal(store.path)
    assert files_in(store.path) | files_in(other.path) == before


def test_an_empty_database_never_takes_over_a_folder_with_a_store(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared = filled(tmp_path / "store")
    empty = postgres_server.database_of(tmp_path / "empty")
    monkeypatch.delenv(postgres_server.VARIABLE)
    own = filled(tmp_path / "own")
    own.close()
    for folder in (shared.path, own.path):
        before = files_in(folder)
        assert "not one whose catalogue is in" in refusal(SharedPlace(folder, empty))
        assert files_in(folder) == before
    assert shown_ids(Store.open(own.path)) == ["toy:10", "toy:11"]


def test_a_database_brought_back_to_an_older_state_is_noticed(tmp_path: Path, place: SharedPlace) -> None:
    store = filled(tmp_path / "store", n_batches=2)
    with psycopg.connect(place.database, autocommit=True) as db:
        db.execute("SET session_replication_role = replica")
        db.execute("DELETE FROM audit WHERE seq = 2")
        db.execute("DELETE FROM batches WHERE batch_id = 2")
    before = files_in(store.path)
    assert "lost its newest changes" in refusal(place)
    assert files_in(store.path) == before


def test_a_catalogue_of_another_version_and_a_database_that_is_not_unicode_are_refused(
    tmp_path: Path, server: PostgresServer, place: SharedPlace
) -> None:
    filled(tmp_path / "store")
    with psycopg.connect(place.database, autocommit=True) as db:
        db.execute("UPDATE atlas_store SET version = 9")
        db.execute("CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0")
    assert "catalogue 9, this one reads 2" in refusal(place)
    assert "LATIN1" in refusal(SharedPlace(tmp_path / "new", f"{server.url}/latin"))


def test_a_user_who_may_only_read_cannot_change_anything(tmp_path: Path, place: SharedPlace) -> None:
    filled(tmp_path / "store")
    with psycopg.connect(place.database, autocommit=True) as db:
        db.execute("CREATE ROLE reader LOGIN PASSWORD 'reads'")
        schema = db.execute("SELECT current_schema()").fetchone()[0]
        db.execute(f"GRANT USAGE ON SCHEMA {schema} TO reader")
        db.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO reader")
    reader = Store.open(replace(place, database=place.database.replace(f"atlas:{PASSWORD}", "reader:reads")))
    assert shown_ids(reader) == ["toy:10", "toy:11"]
    with pytest.raises(StoreError, match="This user cannot change the database"):
        reader.undo(1)


@pytest.mark.case(58)
def test_a_flipped_bit_in_a_file_beside_the_database_is_found_or_changes_nothing(
    tmp_path: Path, place: SharedPlace
) -> None:
    store = filled(tmp_path / "store", n_batches=2)
    before = shown_ids(store)
    store.close()
    stored = [file for file in sorted(place.folder.rglob("*")) if file.is_file() and file.stat().st_size]
    assert {file.parent.name for file in stored} >= {"batches", "raw"}
    chance = random.Random(58)
    for file in stored * 8:
        intact = file.read_bytes()
        damaged = bytearray(intact)
        damaged[chance.randrange(len(damaged))] ^= 1 << chance.randrange(8)
        file.write_bytes(damaged)
        try:
            again = Store.open(place)
            is_found = bool(again.verify())
            assert is_found or shown_ids(again) == before, file.name
            assert is_found or file.parent == place.folder, file.name
            again.close()
        except AtlasError:
            assert file.parent == place.folder, file.name
        file.write_bytes(intact)


def test_a_store_moves_into_a_database_and_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    database = postgres_server.database_of(tmp_path / "team")
    monkeypatch.delenv(postgres_server.VARIABLE)
    own = filled(tmp_path / "own", n_batches=2)
    own.add(batch(tmp_path, row(10), text="edition 2"), supersedes=[1])
    own.undo(2)
    own.save_mapping("mine", "a = 1")
    recorded_merge(own, ["toy:10", "toy:20"], {"score": 0.9})
    own.backup(tmp_path / "first")
    team = Store.restore(tmp_path / "first", SharedPlace(tmp_path / "team", database))
    assert sorted(os.listdir(team.path)) == ["audit-heads.txt", "batches", "database-id.txt", "raw"]
    assert add_one(team, "by the team") == 4
    team.backup(tmp_path / "second")
    back = Store.restore(tmp_path / "second", tmp_path / "back")
    assert [len(store.verify()) for store in (team, back, Store.open(tmp_path / "second"))] == [0, 0, 0]
    assert (back.batches(True), back.mappings(), back.merges()) == (team.batches(True), team.mappings(), team.merges())
    assert back.audit()[: len(team.audit())] == team.audit()
    assert team.batches(True)[:3] == own.batches(True)


def test_a_restore_that_was_interrupted_says_how_to_go_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from geo.store import postgres

    database = postgres_server.database_of(tmp_path / "team")
    monkeypatch.delenv(postgres_server.VARIABLE)
    filled(tmp_path / "own").backup(tmp_path / "copy")
    place = SharedPlace(tmp_path / "team", database)
    executed = postgres._Session.execute

    def cut(session: Any, sql: str, *values: Any) -> Any:
        if sql == "COMMIT":
            raise KeyboardInterrupt
        return executed(session, sql, *values)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(postgres._Session, "execute", cut)
        with pytest.raises(KeyboardInterrupt):
            Store.restore(tmp_path / "copy", place)
    with pytest.raises(StoreError, match="interrupted") as told:
        Store.open(place)
    assert "Empty the folder and restore again" in str(told.value.problems[0].hint)
    shutil.rmtree(tmp_path / "team")
    assert shown_ids(Store.restore(tmp_path / "copy", place)) == shown_ids(Store.open(tmp_path / "copy"))


def test_both_schemas_have_the_same_columns_in_the_same_order(tmp_path: Path, place: SharedPlace) -> None:
    Store.open(place)
    with psycopg.connect(place.database) as db:
        found = db.execute(
            "SELECT table_name, column_name, is_nullable FROM information_schema.columns"
            " WHERE table_schema = current_schema() AND table_name <> 'atlas_store'"
            " ORDER BY table_name, ordinal_position"
        ).fetchall()
    catalogue.create(tmp_path / "empty.sqlite")
    with closing(sqlite3.connect(tmp_path / "empty.sqlite")) as own:
        expected = own.execute(
            "SELECT m.name, c.name, CASE WHEN c.\"notnull\" OR c.pk THEN 'NO' ELSE 'YES' END FROM sqlite_master m,"
            " pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%' ORDER BY m.name, c.cid"
        ).fetchall()
    assert found == expected


def test_the_pages_show_a_shared_store(place: SharedPlace, monkeypatch: pytest.MonkeyPatch) -> None:
    from geo.views import cached

    monkeypatch.setenv("ATLAS_STORE", str(place.folder))
    monkeypatch.setenv("ATLAS_STORE_DB", place.database)
    assert cached.store().batches()[0].source == "register"
    assert len(cached.incidents()) == n_default()
    assert cached.incidents() is cached.incidents()


def test_the_command_line_serves_a_shared_store(
    tmp_path: Path, place: SharedPlace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    filled(tmp_path / "store")
    monkeypatch.setenv("ATLAS_STORE", str(place.folder))
    monkeypatch.setenv("ATLAS_STORE_DB", place.database)
    assert cli.main(["verify"]) == cli.DONE
    assert cli.main(["backup", str(tmp_path / "copy")]) == cli.DONE
    assert cli.main(["verify", "--store", str(tmp_path / "copy")]) == cli.DONE
    assert cli.main(["restore", str(tmp_path / "copy")]) == cli.UNUSABLE
    monkeypatch.setenv("ATLAS_STORE", str(tmp_path / "again"))
    monkeypatch.setenv("ATLAS_STORE_DB", postgres_server.database_of(tmp_path / "again"))
    assert cli.main(["restore", str(tmp_path / "copy")]) == cli.DONE
    assert cli.main(["list"]) == cli.DONE
    told = capsys.readouterr()
    assert "1\tshown\t2" in told.out
    assert PASSWORD not in told.out + told.err

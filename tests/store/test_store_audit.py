"""Every change is told, in order, and nobody can change the tale unnoticed."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from geo.problems import StoreError
from geo.settings import SharedPlace
from geo.store import Store, audit
from tests.toy_store import batch, filled, opened, place_of, recorded_merge

pytestmark = pytest.mark.usefixtures("catalogue_kind")


def tampered(path: Path, *statements: str) -> None:
    """Change a catalogue behind the back of the program; who drops one trigger of a server drops all."""
    place = place_of(path)
    if isinstance(place, SharedPlace):
        import psycopg

        with psycopg.connect(place.database, autocommit=True) as server:
            for statement in statements:
                is_drop = statement.startswith("DROP TRIGGER")
                server.execute("SET session_replication_role = replica" if is_drop else statement)
        return
    with closing(sqlite3.connect(path / "catalogue.sqlite", isolation_level=None)) as db:
        for statement in statements:
            db.execute(statement)


def messages(store: Store) -> str:
    return " ".join(str(problem.message) for problem in store.verify())


def test_every_change_is_told_with_who_what_and_when(tmp_path: Path) -> None:
    store = filled(tmp_path / "store")
    store.undo(1, actor="bilal")
    store.redo(1, actor="ayesha")
    store.set_shown(1, False)
    events = store.audit()
    assert [(e.seq, e.actor, e.action, e.subject) for e in events] == [
        (1, "local", "add", "1"),
        (2, "bilal", "undo", "1"),
        (3, "ayesha", "redo", "1"),
        (4, "local", "hide", "1"),
    ]
    assert all(event.at.utcoffset() == timedelta(0) for event in events)
    assert events[0].details["file_sha256"] == store.batch(1).file_sha256


def test_a_change_that_was_refused_is_not_told(tmp_path: Path) -> None:
    store = filled(tmp_path / "store")
    with pytest.raises(StoreError):
        store.undo(5)
    assert len(store.audit()) == 1


def test_a_clock_that_jumps_back_does_not_change_the_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = filled(tmp_path / "store")
    for text in ("2024-02-29T23:59:59.000000+00:00", "1999-12-31T00:00:00.000000+00:00"):
        monkeypatch.setattr(audit, "utc_now", lambda text=text: text)
        store.add(batch(tmp_path, text=text))
    assert [record.batch_id for record in store.batches()] == [1, 2, 3]
    assert [event.seq for event in store.audit()] == [1, 2, 3]
    assert store.batches()[1].added_at.day == 29
    assert store.verify() == []


@pytest.mark.parametrize("table", ["audit", "batches", "batch_files"])
def test_the_catalogue_itself_refuses_to_change_what_was_written(tmp_path: Path, table: str) -> None:
    store = filled(tmp_path / "store")
    column = {"audit": "actor", "batches": "label", "batch_files": "sha256"}[table]
    for statement in (f"UPDATE {table} SET {column} = 'x'", f"DELETE FROM {table}"):
        with pytest.raises(Exception, match=r"never|append only"):
            tampered(store.path, statement)
    assert store.verify() == []


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("UPDATE audit SET actor = 'nobody' WHERE seq = 2", "event 2 was changed"),
        ("UPDATE audit SET at = '2001-01-01T00:00:00+00:00' WHERE seq = 1", "event 1 was changed"),
        ("UPDATE audit SET details = 'no json' WHERE seq = 1", "event 1 was changed"),
        ("DELETE FROM audit WHERE seq = 2", "events 2 to 2 are missing"),
        ("UPDATE audit SET seq = 9 WHERE seq = 3", "events 3 to 8 are missing"),
    ],
)
def test_an_edited_event_is_found(tmp_path: Path, statement: str, found: str) -> None:
    store = filled(tmp_path / "store", n_batches=3)
    tampered(store.path, "DROP TRIGGER audit_stays", "DROP TRIGGER audit_kept", statement)
    assert found in messages(store)


def test_events_cut_off_at_the_end_are_found(tmp_path: Path) -> None:
    store = filled(tmp_path / "store", n_batches=3)
    tampered(store.path, "DROP TRIGGER audit_kept", "DELETE FROM audit WHERE seq = 3")
    assert "event 3 is not the one" in messages(store)
    store.close()
    with pytest.raises(StoreError, match="lost its newest changes: it ends at change 2, but change 3 was made"):
        opened(store.path)


@pytest.mark.parametrize(
    ("statements", "found"),
    [
        (["UPDATE batches SET is_undone = 1 WHERE batch_id = 2"], "batch 2 is not as the audit tells"),
        (["UPDATE batches SET is_hidden = 1 WHERE batch_id = 1"], "batch 1 is not as the audit tells"),
        (["DROP TRIGGER batches_stay", "UPDATE batches SET n_located = 2"], "batch 1 is not as the audit tells"),
        (["INSERT INTO supersedes VALUES (2, 1)"], "batch 2 is not as the audit tells"),
        (["UPDATE mappings SET toml = 'a = 2'"], "mapping mine is not as the audit tells"),
        (["UPDATE decisions SET is_undone = 1"], "decision 1 is not as the audit tells"),
        (["DELETE FROM decision_members WHERE position = 0"], "decision 1 is not as the audit tells"),
    ],
)
def test_a_catalogue_that_differs_from_the_audit_is_found(tmp_path: Path, statements: list[str], found: str) -> None:
    store = filled(tmp_path / "store", n_batches=2)
    store.save_mapping("mine", "a = 1")
    recorded_merge(store, ["toy:10", "toy:20"], {"score": 0.9})
    assert store.verify() == []
    tampered(store.path, *statements)
    assert found in messages(store)


def test_a_line_cut_short_in_the_file_of_heads_is_no_evidence(tmp_path: Path) -> None:
    store = filled(tmp_path / "store")
    heads = store.path / "audit-heads.txt"
    with heads.open("a") as handle:
        handle.write("99 abc")
    store.undo(1)
    assert audit.newest_head(heads) == (2, store.audit()[-1].hash)
    assert store.verify() == []


def test_the_newest_head_is_found_in_a_long_file(tmp_path: Path) -> None:
    path = tmp_path / "heads"
    for seq in range(1, 200):
        audit.write_head(path, seq, f"{seq:064x}")
    assert audit.newest_head(path) == (199, f"{199:064x}")
    assert len(audit.all_heads(path)) == 199

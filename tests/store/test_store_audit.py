"""Every change is recorded, in order, and nobody can change the record unnoticed."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import time
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from geo.problems import StoreError
from geo.settings import SharedPlace
from geo.store import Store, audit
from tests.toy import row
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


def test_every_change_is_recorded_with_who_what_and_when(tmp_path: Path) -> None:
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


def test_a_change_that_was_refused_is_not_recorded(tmp_path: Path) -> None:
    store = filled(tmp_path / "store")
    with pytest.raises(StoreError):
        store.undo(5)
    assert len(store.audit()) == 1


@pytest.mark.case(61)
def test_a_clock_that_jumps_back_does_not_change_the_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = filled(tmp_path / "store")
    for text in ("2024-02-29T23:59:59.000000+00:00", "1999-12-31T00:00:00.000000+00:00"):
        monkeypatch.setattr(audit, "utc_now", lambda text=text: text)
        store.add(batch(tmp_path, text=text))
    assert [record.batch_id for record in store.batches()] == [1, 2, 3]
    assert [event.seq for event in store.audit()] == [1, 2, 3]
    assert store.batches()[1].added_at.day == 29
    assert store.verify() == []


@pytest.mark.case(61)
@pytest.mark.skipif(not hasattr(time, "tzset"), reason="the system sets the time zone of a process otherwise")
@pytest.mark.parametrize("zone", ["Asia/Karachi", "Pacific/Kiritimati", "America/Caracas"])
def test_times_are_in_utc_whatever_the_time_zone_and_a_leap_day_stays(
    zone: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        store, before = opened(tmp_path / "store"), datetime.now(UTC)
        record = store.add(batch(tmp_path, row(1, day=date(2024, 2, 29))))
        assert before <= store.audit()[-1].at <= datetime.now(UTC)
        assert store.read(record.batch_id)["date_end"].to_pylist() == [date(2024, 2, 29)]
    finally:
        monkeypatch.undo()
        time.tzset()


@pytest.mark.parametrize("table", ["audit", "batches", "batch_files"])
def test_the_catalogue_itself_refuses_to_change_what_was_written(tmp_path: Path, table: str) -> None:
    store = filled(tmp_path / "store")
    column = {"audit": "actor", "batches": "label", "batch_files": "sha256"}[table]
    for statement in (f"UPDATE {table} SET {column} = 'x'", f"DELETE FROM {table}"):
        with pytest.raises(Exception, match=r"never|append only"):
            tampered(store.path, statement)
    assert store.verify() == []


@pytest.mark.case(60)
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


def rehashed(store: Store, number: int, **changes: object) -> str:
    """Return the statement that changes an event and makes its own hash right again."""
    columns = ("seq", "at", "actor", "action", "subject", "details", "changes_view", "previous")
    with store._catalogue.reading() as db:
        row = dict(db.execute("SELECT * FROM audit WHERE seq = ?", (number,)).fetchone()) | changes
    digest = hashlib.sha256(json.dumps([row[name] for name in columns], ensure_ascii=False).encode()).hexdigest()
    parts = [f"{name} = '{value}'" for name, value in (changes | {"hash": digest}).items()]
    return f"UPDATE audit SET {', '.join(parts)} WHERE seq = {number}"


@pytest.mark.parametrize(
    ("seq", "changes", "found"),
    [(2, {"actor": "nobody"}, 3), (3, {"previous": "0" * 64}, 3), (1, {"previous": "1" * 64}, 1)],
)
def test_an_event_with_a_hash_of_its_own_that_does_not_follow_from_the_one_before_is_found(
    tmp_path: Path, seq: int, changes: dict[str, object], found: int
) -> None:
    store = filled(tmp_path / "store", n_batches=3)
    tampered(store.path, "DROP TRIGGER audit_stays", rehashed(store, seq, **changes))
    assert f"Audit event {found} does not follow from the event before it." in messages(store)
    assert "was changed" not in messages(store)


def test_a_chain_closed_again_over_a_removed_event_is_found(tmp_path: Path) -> None:
    store = filled(tmp_path / "store", n_batches=3)
    third_as_second = rehashed(store, 3, seq=2)  # its own hash is right, but `previous` is that of the removed event
    removed = "DELETE FROM audit WHERE seq = 2"
    tampered(store.path, "DROP TRIGGER audit_stays", "DROP TRIGGER audit_kept", removed, third_as_second)
    assert [str(problem.message) for problem in store.verify()] == [
        "Audit event 2 does not follow from the event before it."
    ]


def test_an_audit_that_cannot_be_replayed_is_damage_and_not_a_crash(tmp_path: Path) -> None:
    store = filled(tmp_path / "store", n_batches=1)
    tampered(store.path, "DROP TRIGGER audit_stays", rehashed(store, 1, action="undo"))
    assert "The catalogue is damaged" in messages(store)


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
        (["UPDATE batches SET is_undone = 1 WHERE batch_id = 2"], "Batch 2 differs from the audit"),
        (["UPDATE batches SET is_hidden = 1 WHERE batch_id = 1"], "Batch 1 differs from the audit"),
        (["DROP TRIGGER batches_stay", "UPDATE batches SET n_located = 2"], "Batch 1 differs from the audit"),
        (["INSERT INTO supersedes VALUES (2, 1)"], "Batch 2 differs from the audit"),
        (["UPDATE mappings SET toml = 'a = 2'"], "Mapping mine differs from the audit"),
        (["UPDATE decisions SET is_undone = 1"], "Decision 1 differs from the audit"),
        (["DELETE FROM decision_members WHERE position = 0"], "Decision 1 differs from the audit"),
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

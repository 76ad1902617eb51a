"""The audit: append-only rows, each holding the hash of the one before it.

The newest hash is also written to a text file beside the catalogue. A catalogue that has lost its last
changes (a deleted or shortened write-ahead log, an old copy put back) is then found, which a chain alone cannot do.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from geo.problems import ProblemCode
from geo.store.database import Connection
from geo.store.errors import parsing_stored, refusal

HEADS_NAME = "audit-heads.txt"
GENESIS = "0" * 64
_TAIL_BYTES = 4096


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """One thing that was done. `at` is UTC; the order is `seq`, whatever the clock said."""

    seq: int
    at: datetime
    actor: str
    action: str
    subject: str
    details: Mapping[str, Any]
    hash: str


def utc_now() -> str:
    """Return the time in UTC as ISO text with microseconds."""
    return datetime.now(UTC).isoformat(timespec="microseconds")


def append(
    db: Connection,
    action: str,
    subject: str,
    details: Mapping[str, Any],
    actor: str,
    *,
    changes_view: bool = True,
) -> None:
    """Add one event to the chain, inside the transaction that does what it tells of."""
    row = db.execute("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1").fetchone()
    seq, previous = (row["seq"] + 1, row["hash"]) if row else (1, GENESIS)
    text = json.dumps(details, sort_keys=True, ensure_ascii=False)
    values = (seq, utc_now(), actor, action, subject, text, int(changes_view), previous)
    db.execute(
        "INSERT INTO audit (seq, at, actor, action, subject, details, changes_view, previous, hash)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (*values, _hash(values)),
    )


def events(db: Connection) -> tuple[AuditEvent, ...]:
    """Return all events in order."""
    with parsing_stored():
        return tuple(
            AuditEvent(
                row["seq"],
                datetime.fromisoformat(row["at"]),
                row["actor"],
                row["action"],
                row["subject"],
                json.loads(row["details"]),
                row["hash"],
            )
            for row in db.execute("SELECT * FROM audit ORDER BY seq")
        )


def broken_links(db: Connection) -> Iterator[str]:
    """Yield a sentence for each event that was edited, removed or put in."""
    previous, expected = GENESIS, 1
    rows = db.execute(
        "SELECT seq, at, actor, action, subject, details, changes_view, previous, hash FROM audit ORDER BY seq"
    )
    for row in rows:
        *values, stated = dict(row).values()
        if row["seq"] != expected:
            yield f"audit events {expected} to {row['seq'] - 1} are missing"
        if row["previous"] != previous:
            yield f"audit event {row['seq']} does not follow from the one before it"
        if _hash(tuple(values)) != stated:
            yield f"audit event {row['seq']} was changed after it was written"
        previous, expected = stated, row["seq"] + 1


def head(db: Connection, *, of_view: bool = False) -> tuple[int, str]:
    """Return number and hash of the newest event; with `of_view`, of the newest that changes what is shown."""
    row = db.execute(
        "SELECT seq, hash FROM audit WHERE changes_view >= ? ORDER BY seq DESC LIMIT 1", (int(of_view),)
    ).fetchone()
    return (row["seq"], row["hash"]) if row else (0, GENESIS)


def refuse_lost_changes(db: Connection, newest: tuple[int, str], place: Path | str, remedy: str) -> None:
    """Raise StoreError if the newest event in the file of heads (read before the catalogue) is not in the chain.

    remedy: what to try before a backup is restored.
    """
    seq, digest = newest
    row = db.execute("SELECT hash FROM audit WHERE seq = ?", (seq,)).fetchone()
    if seq and (row is None or row["hash"] != digest):
        raise refusal(
            f"has lost its newest changes: it ends at change {head(db)[0]}, but change {seq} was made. "
            "It was left as it is.",
            f"{remedy} or restore a backup. To go on without these changes, move {HEADS_NAME} and the newest files "
            "out of the folder.",
            place,
            ProblemCode.DAMAGED_DATA,
        )


def write_head(path: Path, seq: int, digest: str) -> None:
    """Append the newest event to the file of heads.

    One short write, so lines of two processes never mix; the leading line end closes a line that was cut short.
    """
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    try:
        os.write(descriptor, f"\n{seq} {digest}\n".encode("ascii"))
    finally:
        os.close(descriptor)


def newest_head(path: Path) -> tuple[int, str]:
    """Return the event with the highest number in the tail of the file of heads, (0, GENESIS) without one."""
    if not path.exists():
        return 0, GENESIS
    with path.open("rb") as handle:
        start = max(0, path.stat().st_size - _TAIL_BYTES)
        handle.seek(start)
        text = handle.read()
        return max(_heads(text.partition(b"\n")[2] if start else text), default=(0, GENESIS))


def all_heads(path: Path) -> list[tuple[int, str]]:
    """Return every event in the file of heads."""
    return list(_heads(path.read_bytes())) if path.exists() else []


def _heads(text: bytes) -> Iterator[tuple[int, str]]:
    for line in text.split(b"\n"):
        seq, _, digest = line.decode("ascii", "replace").partition(" ")
        # A line cut short by a full disk is no evidence of anything.
        if seq.isdecimal() and len(digest) == len(GENESIS):
            yield int(seq), digest


def _hash(values: tuple[Any, ...]) -> str:
    return hashlib.sha256(json.dumps(values, ensure_ascii=False).encode()).hexdigest()

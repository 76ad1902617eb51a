"""The audit: append-only rows, each holding the hash of the one before it.

The newest hash is also written to a text file next to the catalogue. It shows when a catalogue has lost its last
changes (a deleted or shortened write-ahead log, an old copy put back), which a chain alone cannot show.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from geo.problems import ProblemCode
from geo.store.database import Connection
from geo.store.errors import RESTORE_HINT, parsing_stored, refusal
from geo.store.files import open_plain, opened_alike
from geo.wording import Text, text

HEADS_NAME = "audit-heads.txt"
GENESIS = "0" * 64
_LONGEST_NUMBER = 18  # digits that a 64-bit integer always holds


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
    db: Connection, action: str, subject: str, details: Mapping[str, Any], actor: str, *, changes_view: bool = True
) -> None:
    """Add one event to the chain, inside the transaction that makes the change."""
    row = db.execute("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1").fetchone()
    seq, previous = (row["seq"] + 1, row["hash"]) if row else (1, GENESIS)
    stored = json.dumps(details, sort_keys=True, ensure_ascii=False)
    values = (seq, utc_now(), actor, action, subject, stored, int(changes_view), previous)
    db.execute(
        "INSERT INTO audit (seq, at, actor, action, subject, details, changes_view, previous, hash)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (*values, _hash(values)),
    )


def events(db: Connection) -> tuple[AuditEvent, ...]:
    """Return all events in order."""
    rows = db.execute("SELECT seq, at, actor, action, subject, details, hash FROM audit ORDER BY seq")
    with parsing_stored():
        return tuple(
            AuditEvent(**dict(row) | {"at": datetime.fromisoformat(row["at"]), "details": json.loads(row["details"])})
            for row in rows
        )


def subjects(db: Connection, action: str) -> set[str]:
    """Return what something was ever done to."""
    return {row["subject"] for row in db.execute("SELECT subject FROM audit WHERE action = ?", (action,))}


def broken_links(db: Connection) -> Iterator[Text]:
    """Yield a sentence for each event that was edited, removed or inserted."""
    previous, expected = GENESIS, 1
    rows = db.execute(
        "SELECT seq, at, actor, action, subject, details, changes_view, previous, hash FROM audit ORDER BY seq"
    )
    for row in rows:
        *values, stated = dict(row).values()
        seq = row["seq"]
        if seq != expected:
            yield text("Audit events {first:d} to {last:d} are missing.", first=expected, last=seq - 1)
        if row["previous"] != previous:
            yield text("Audit event {seq:d} does not follow from the event before it.", seq=seq)
        if _hash(tuple(values)) != stated:
            yield text("Audit event {seq:d} was changed after it was written.", seq=seq)
        previous, expected = stated, seq + 1


def head(db: Connection, *, of_view: bool = False) -> tuple[int, str]:
    """Return number and hash of the newest event; with `of_view`, of the newest that changes what is shown."""
    row = db.execute(
        "SELECT seq, hash FROM audit WHERE changes_view >= ? ORDER BY seq DESC LIMIT 1", (int(of_view),)
    ).fetchone()
    return (row["seq"], row["hash"]) if row else (0, GENESIS)


def refuse_lost_changes(db: Connection, newest: tuple[int, str], place: Path | str, remedy: Text) -> None:
    """Raise StoreError if the newest event in the file of heads (read before the catalogue) is not in the chain.

    remedy: a sentence, what to try before a backup is restored.
    """
    seq, digest = newest
    row = db.execute("SELECT hash FROM audit WHERE seq = ?", (seq,)).fetchone()
    if seq and (row is None or row["hash"] != digest):
        message = text(
            "The catalogue has lost its newest changes: it ends at change {last:d}, but change {seq:d} was made. "
            "It was not changed.",
            last=head(db)[0],
            seq=seq,
        )
        hint = text(
            "{remedy} If that is not possible, restore a backup. To continue without these changes, move {file} and "
            "the newest files out of the folder.",
            remedy=remedy,
            file=HEADS_NAME,
        )
        raise refusal(message, hint, place, ProblemCode.DAMAGED_DATA)


def write_head(path: Path, seq: int, digest: str) -> None:
    """Append the newest event to the file of heads.

    One short write, so lines of two processes never mix; the leading line end closes a line that was cut short.
    """
    with open(path, "ab", buffering=0, opener=opened_alike) as handle:
        handle.write(f"\n{seq} {digest}\n".encode("ascii"))


def newest_head(path: Path) -> tuple[int, str]:
    """Return the event with the highest number in the file of heads, (0, GENESIS) without one."""
    return max(all_heads(path), default=(0, GENESIS))


def all_heads(path: Path) -> list[tuple[int, str]]:
    """Return every event in the file of heads."""
    if not path.exists():
        return []
    with open_plain(path) as heads:
        return list(_heads(heads.read(), path))


def _heads(content: bytes, path: Path) -> Iterator[tuple[int, str]]:
    for line in content.split(b"\n"):
        seq, _, digest = line.decode("ascii", "replace").partition(" ")
        # A line cut short by a full disk is no evidence of anything.
        if seq.isdecimal() and len(digest) == len(GENESIS):
            if len(seq) > _LONGEST_NUMBER:
                message = text("The file holds a number that no change can have ({n} digits).", n=len(seq))
                raise refusal(message, RESTORE_HINT, path, ProblemCode.DAMAGED_DATA)
            if int(seq):  # a backup of an empty store had a line of change 0
                yield int(seq), digest


def _hash(values: tuple[Any, ...]) -> str:
    return hashlib.sha256(json.dumps(values, ensure_ascii=False).encode()).hexdigest()

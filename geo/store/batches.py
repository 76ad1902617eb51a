"""Batches in the catalogue: one row each, two switches, never deleted."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pyarrow as pa
import pyarrow.compute as pc

from geo import verbatim
from geo.problems import ProblemCode, rejected
from geo.store import decisions
from geo.store.database import Connection
from geo.store.errors import parsing_stored, refusal
from geo.store.files import BATCH_FOLDER, RAW_FOLDER, StoredFile
from geo.store.pieces import are_alike_without_cells, pieces_of
from geo.wording import Text, text

if TYPE_CHECKING:
    from geo.schema import Batch
    from geo.store.parts import PartedBatch

State = Literal["shown", "hidden", "superseded", "undone"]
Switch = Literal["is_undone", "is_hidden"]
_SET: dict[Switch, str] = {
    "is_undone": "UPDATE batches SET is_undone = ? WHERE batch_id = ?",
    "is_hidden": "UPDATE batches SET is_hidden = ? WHERE batch_id = ?",
}


@dataclass(frozen=True, slots=True)
class BatchRecord:
    """One batch as the catalogue describes it.

    source: key in geo.schema.SOURCES, which holds credit and licence.
    n_rows_in = n_accepted + n_refused + n_duplicates; n_located of the accepted have a district.
    file_sha256: of the file that was loaded. rows_sha256: of the canonical rows, whatever file holds them.
    state: "shown"; "hidden" by the dataset switch; "superseded" while a newer edition is in use; "undone".
    is_hidden: the dataset switch, whatever the state. added_at: UTC. n_bytes: size of the stored rows.
    summary: JSON values that the caller asked to keep.
    """

    batch_id: int
    label: str
    format: str
    source: str
    source_version: str | None
    snapshot_date: date | None
    n_rows_in: int
    n_accepted: int
    n_refused: int
    n_duplicates: int
    n_located: int
    first_day: date | None
    last_day: date | None
    file_sha256: str
    rows_sha256: str
    n_bytes: int
    notes: tuple[Text, ...]
    summary: Mapping[str, Any]
    actor: str
    added_at: datetime
    is_hidden: bool
    state: State

    @property
    def is_shown(self) -> bool:
        """Whether the incidents of the batch are in use."""
        return self.state == "shown"

    @property
    def is_undone(self) -> bool:
        """Whether the batch was undone."""
        return self.state == "undone"


@dataclass(frozen=True, slots=True)
class RowFacts:
    """What the catalogue states of the rows of a batch: their number, how many have a district, first and last day."""

    n_rows: int
    n_located: int
    first_day: date | None
    last_day: date | None

    @classmethod
    def of(cls, rows: pa.Table) -> RowFacts:
        """Return the facts of rows with at least the columns date_start and pcode."""
        days = pc.min_max(rows["date_start"]).as_py()
        return cls(len(rows), len(rows) - rows["pcode"].null_count, days["min"], days["max"])


_SELECT = """
SELECT b.*,
    EXISTS (
        SELECT 1 FROM supersedes s JOIN batches newer ON newer.batch_id = s.newer_id
        WHERE s.older_id = b.batch_id AND newer.is_undone = 0
    ) AS is_superseded,
    (SELECT coalesce(sum(f.n_bytes), 0) FROM batch_files f WHERE f.batch_id = b.batch_id) AS n_bytes
FROM batches b
WHERE (:batch_id IS NULL OR b.batch_id = :batch_id)
    AND (:source IS NULL OR b.source = :source)
    AND (:file_sha256 IS NULL OR b.file_sha256 = :file_sha256)
    AND (:include_undone OR b.is_undone = 0)
ORDER BY b.batch_id
"""


def select(
    db: Connection,
    *,
    batch_id: int | None = None,
    source: str | None = None,
    file_sha256: str | None = None,
    include_undone: bool = False,
) -> tuple[BatchRecord, ...]:
    """Return the batches that fit, in the order in which they were added."""
    wanted = {"batch_id": batch_id, "source": source, "file_sha256": file_sha256, "include_undone": include_undone}
    with parsing_stored():
        return tuple(_record(row) for row in db.execute(_SELECT, wanted))


def in_use(db: Connection, *, source: str | None = None, file_sha256: str | None = None) -> tuple[BatchRecord, ...]:
    """Return the batches that fit without those of which an admin has not decided: they may never count."""
    waiting = {one.details.get("batch") for one in decisions.select(db, decisions.PROPOSAL, include_undone=False)}
    found = select(db, source=source, file_sha256=file_sha256)
    return tuple(one for one in found if not (one.is_hidden and one.batch_id in waiting))


def get(db: Connection, batch_id: int, folder: Path) -> BatchRecord:
    """Return one batch, undone or not; raises StoreError for a number that does not exist."""
    found = select(db, batch_id=batch_id, include_undone=True)
    if not found:
        hint = text("`python -m geo list` shows the batches.")
        raise refusal(text("There is no batch {number:d}.", number=batch_id), hint, folder)
    return found[0]


def insert(db: Connection, values: Mapping[str, Any], files: Sequence[StoredFile]) -> int:
    """Add a batch and its files; returns its number."""
    row = db.execute(
        "INSERT INTO batches (label, format, source, source_version, snapshot_date, n_rows_in, n_accepted, n_refused,"
        " n_duplicates, n_located, first_day, last_day, file_sha256, rows_sha256, notes, summary, actor, added_at)"
        " VALUES (:label, :format, :source, :source_version, :snapshot_date, :n_rows_in, :n_accepted, :n_refused,"
        " :n_duplicates, :n_located, :first_day, :last_day, :file_sha256, :rows_sha256, :notes, :summary, :actor,"
        " :added_at) RETURNING batch_id",
        values,
    ).fetchone()
    batch_id = int(row["batch_id"])
    db.executemany(
        "INSERT INTO batch_files (batch_id, part, name, n_bytes, n_rows, sha256) VALUES (?, ?, ?, ?, ?, ?)",
        [(batch_id, part, file.name, file.n_bytes, file.n_rows, file.sha256) for part, file in enumerate(files)],
    )
    return batch_id


def identity_of(record: BatchRecord) -> dict[str, Any]:
    """Return what two batches are compared by, as the catalogue row has it."""
    return {name: getattr(record, name) for name in ("batch_id", "file_sha256", "rows_sha256", "n_accepted", "label")}


def refuse_copy(db: Connection, folder: Path, row: Mapping[str, Any], stored: Sequence[StoredFile]) -> None:
    """Raise RejectedUpload if a batch in use has these rows of this file: stored twice at once, they must not count.

    row: what the catalogue says of the rows, with their batch_id if they are a batch already, which is not compared
    with itself. stored: their files. Raises DamagedData.
    """
    for other in in_use(db, file_sha256=row["file_sha256"]):
        if other.batch_id == row.get("batch_id"):
            continue
        is_copy = other.rows_sha256 == row["rows_sha256"]
        if not is_copy and other.n_accepted == row["n_accepted"]:
            is_copy = are_alike_without_cells(folder, files_of(db, other.batch_id), stored)
        if is_copy:
            message = text("These rows are stored already, as batch {number:d}.", number=other.batch_id)
            raise rejected(ProblemCode.DUPLICATE_ID, message, text("Undo that batch first."), file=row["label"])


def refuse_stored_again(db: Connection, folder: Path, record: BatchRecord) -> None:
    """Raise RejectedUpload if rows of an undone batch are in use as another batch of its file, read otherwise.

    Other rows of the file, such as those of another sheet, may be in use. Rows of one file are the same if their
    identifiers or their cells are; the first rows are compared.
    """
    for other in in_use(db, file_sha256=record.file_sha256):
        for name in ("incident_id", verbatim.RAW):
            first = [next(pieces_of(folder, files_of(db, one.batch_id), [name])) for one in (other, record)]
            held, own = (verbatim.with_json(piece)[name] for piece in first)
            if pc.any(pc.is_in(own, value_set=held)).as_py():
                message = text("This file was stored again meanwhile, as batch {number:d}.", number=other.batch_id)
                raise rejected(ProblemCode.DUPLICATE_ID, message, text("Undo that batch first."), file=record.label)


def supersede(db: Connection, newer_id: int, older_id: int) -> None:
    """Let a batch replace an older one and all that the older one replaces."""
    db.execute(
        "INSERT INTO supersedes (newer_id, older_id)"
        " SELECT :newer_id, :older_id UNION SELECT :newer_id, older_id FROM supersedes WHERE newer_id = :older_id"
        " ON CONFLICT DO NOTHING",
        {"newer_id": newer_id, "older_id": older_id},
    )


def set_switch(db: Connection, batch_id: int, switch: Switch, is_on: bool) -> None:
    """Set one of the two values of a batch that can change."""
    db.execute(_SET[switch], (int(is_on), batch_id))


def files_of(db: Connection, batch_id: int) -> tuple[StoredFile, ...]:
    """Return the files of a batch in order."""
    rows = db.execute(
        "SELECT name, n_bytes, n_rows, sha256 FROM batch_files WHERE batch_id = ? ORDER BY part", (batch_id,)
    )
    return tuple(StoredFile(row["name"], row["n_bytes"], row["n_rows"], row["sha256"]) for row in rows)


def superseded_by(db: Connection, batch_id: int) -> list[int]:
    """Return the batches that a batch replaces, directly or through others."""
    rows = db.execute("SELECT older_id FROM supersedes WHERE newer_id = ? ORDER BY older_id", (batch_id,))
    return [row["older_id"] for row in rows]


def listed_files(db: Connection) -> list[tuple[str, str, str]]:
    """Return (folder, name, SHA-256) of every file that the catalogue needs: rows and kept uploads."""
    rows = db.execute(
        "SELECT ? AS folder, name, sha256 FROM batch_files UNION SELECT ?, file_sha256, file_sha256 FROM batches",
        (BATCH_FOLDER, RAW_FOLDER),
    )
    return [(row["folder"], row["name"], row["sha256"]) for row in rows]


_AS_GIVEN = ("label", "format", "source", "source_version", "n_rows_in", "n_refused", "n_duplicates")


def catalogue_row(
    batch: Batch | PartedBatch,
    facts: RowFacts,
    file_sha256: str,
    rows_sha256: str,
    summary: Mapping[str, Any] | None,
    actor: str,
    added_at: str,
) -> dict[str, Any]:
    """Return the catalogue row of a batch to be added: texts and numbers only."""
    return {name: getattr(batch, name) for name in _AS_GIVEN} | {
        "snapshot_date": _iso(batch.snapshot_date),
        "n_accepted": facts.n_rows,
        "n_located": facts.n_located,
        "first_day": _iso(facts.first_day),
        "last_day": _iso(facts.last_day),
        "file_sha256": file_sha256,
        "rows_sha256": rows_sha256,
        "notes": json.dumps([note.record() for note in batch.notes], ensure_ascii=False),
        "summary": json.dumps(dict(summary or {}), ensure_ascii=False, sort_keys=True, allow_nan=False),
        "actor": actor,
        "added_at": added_at,
    }


def _record(row: Any) -> BatchRecord:
    values = dict(row)
    is_undone, is_superseded = values.pop("is_undone"), values.pop("is_superseded")
    current: State = "hidden" if values["is_hidden"] else "shown"
    read = {name: _day(values[name]) for name in ("snapshot_date", "first_day", "last_day")} | {
        "n_bytes": int(values["n_bytes"]),
        "notes": tuple(map(Text.from_record, json.loads(values["notes"]))),
        "summary": json.loads(values["summary"]),
        "added_at": datetime.fromisoformat(values["added_at"]),
        "is_hidden": bool(values["is_hidden"]),
        "state": "undone" if is_undone else "superseded" if is_superseded else current,
    }
    return BatchRecord(**values | read)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _day(stored: str | None) -> date | None:
    return date.fromisoformat(stored) if stored else None

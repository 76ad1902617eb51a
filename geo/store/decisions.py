"""What is kept besides the batches: column mappings, decisions about incidents and names, added totals, stories."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from geo.store.database import Connection
from geo.store.errors import parsing_stored, refusal
from geo.wording import text

MERGE = "merge"
PLACE_NAME = "place name"
PUBLISHED_TOTAL = "published total"
WORD = "word"
STORY = "story"
# What a contributor wants an admin to do, see geo.store.proposing.
PROPOSAL = "proposal"
BATCH = "batch"  # of a proposal: it is about a batch, not about a decision
# A merge names two incidents or more; what a word or a place name means, a total, a story and a proposal concern none.
MINIMUM_MEMBERS = {MERGE: 2, PLACE_NAME: 0, PUBLISHED_TOTAL: 0, WORD: 0, STORY: 0, PROPOSAL: 0}
# Kinds of decision that change what is shown of rows that are stored already.
OF_VIEW = frozenset({MERGE, WORD})


@dataclass(frozen=True, slots=True)
class DecisionRecord:
    """One decision. `member_ids` are incident ids in the order given; a merge keeps the first."""

    decision_id: int
    kind: str
    member_ids: tuple[str, ...]
    details: Mapping[str, Any]
    actor: str
    made_at: datetime
    is_undone: bool


def save_mapping(db: Connection, name: str, toml_text: str, actor: str, at: str) -> None:
    """Save a mapping under a name, replacing an older one of that name."""
    db.execute(
        "INSERT INTO mappings (name, toml, actor, saved_at) VALUES (?, ?, ?, ?) ON CONFLICT (name)"
        " DO UPDATE SET toml = excluded.toml, actor = excluded.actor, saved_at = excluded.saved_at",
        (name, toml_text, actor, at),
    )


def mappings(db: Connection) -> dict[str, str]:
    """Return the TOML text of each mapping by name."""
    return {row["name"]: row["toml"] for row in db.execute("SELECT name, toml FROM mappings ORDER BY name")}


def insert(
    db: Connection, kind: str, member_ids: Sequence[str], details: Mapping[str, Any], actor: str, at: str
) -> int:
    """Add one decision; returns its number."""
    stored = json.dumps(dict(details), ensure_ascii=False, sort_keys=True, allow_nan=False)
    row = db.execute(
        "INSERT INTO decisions (kind, details, actor, made_at) VALUES (?, ?, ?, ?) RETURNING decision_id",
        (kind, stored, actor, at),
    ).fetchone()
    decision_id = int(row["decision_id"])
    db.executemany(
        "INSERT INTO decision_members (decision_id, position, incident_id) VALUES (?, ?, ?)",
        [(decision_id, position, member) for position, member in enumerate(member_ids)],
    )
    return decision_id


def select(db: Connection, kind: str | None, *, include_undone: bool) -> tuple[DecisionRecord, ...]:
    """Return the decisions of a kind (None: of every kind) in the order in which they were made."""
    members: dict[int, list[str]] = {}
    for row in db.execute("SELECT decision_id, incident_id FROM decision_members ORDER BY decision_id, position"):
        members.setdefault(row["decision_id"], []).append(row["incident_id"])
    rows = db.execute(
        "SELECT * FROM decisions WHERE (:kind IS NULL OR kind = :kind) AND (:all OR is_undone = 0)"
        " ORDER BY decision_id",
        {"kind": kind, "all": include_undone},
    )
    with parsing_stored():
        return tuple(_record(row, tuple(members.get(row["decision_id"], ()))) for row in rows)


def set_undone(db: Connection, decision_id: int, folder: Path) -> tuple[str, bool]:
    """Undo a decision; returns its kind and whether anything changed. Raises StoreError if there is none."""
    row = db.execute("SELECT kind, is_undone FROM decisions WHERE decision_id = ?", (decision_id,)).fetchone()
    if row is None:
        message = text("There is no decision {number:d}.", number=decision_id)
        raise refusal(message, text("Load the list of decisions again."), folder)
    db.execute("UPDATE decisions SET is_undone = 1 WHERE decision_id = ?", (decision_id,))
    return str(row["kind"]), not row["is_undone"]


def refuse_second_merge(db: Connection, member_ids: Sequence[str], folder: Path) -> None:
    """Raise StoreError if one of the incidents is merged already: it can only be one event."""
    for member in member_ids:
        row = db.execute(
            "SELECT d.decision_id FROM decision_members m JOIN decisions d USING (decision_id)"
            " WHERE m.incident_id = ? AND d.kind = ? AND d.is_undone = 0",
            (member, MERGE),
        ).fetchone()
        if row is not None:
            values = {"incident": member, "number": row["decision_id"]}
            message = text("Incident {incident} is in merge {number:d} already.", **values)
            raise refusal(message, text("Undo that merge first."), folder)


def _record(row: Any, member_ids: tuple[str, ...]) -> DecisionRecord:
    read = {
        "member_ids": member_ids,
        "details": json.loads(row["details"]),
        "made_at": datetime.fromisoformat(row["made_at"]),
        "is_undone": bool(row["is_undone"]),
    }
    return DecisionRecord(**dict(row) | read)

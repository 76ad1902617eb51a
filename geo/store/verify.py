"""Check a whole store: catalogue, audit, every file, and that the catalogue says what the audit says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from geo.problems import AtlasError, DamagedData, Problem, ProblemCode
from geo.store import audit, batches, decisions, files
from geo.store.batches import BatchRecord
from geo.store.database import Catalogue, Connection
from geo.store.errors import RESTORE_HINT
from geo.store.files import StoredFile

Parts = Mapping[int, tuple[StoredFile, ...]]


def problems_of(folder: Path, catalogue: Catalogue) -> list[Problem]:
    """Return everything that is not as it was stored; an empty list means that every byte that matters is."""
    try:
        heads = audit.all_heads(catalogue.heads_path)  # before the catalogue, which may only be further on
        with catalogue.reading() as db:
            found = [_problem(catalogue.path, text) for text in catalogue_faults(catalogue, db, heads)]
            if found:
                return found
            records = batches.select(db, include_undone=True)
            parts = {record.batch_id: batches.files_of(db, record.batch_id) for record in records}
    except AtlasError as error:
        return list(error.problems)
    for record in records:
        found += _batch_problems(folder, record, parts[record.batch_id])
    for digest in sorted({record.file_sha256 for record in records}):
        found += _raw_problems(folder / files.RAW_FOLDER / digest)
    return found + _unlisted_problems(folder, catalogue)


def catalogue_faults(catalogue: Catalogue, db: Connection, heads: list[tuple[int, str]]) -> list[str]:
    """Return what is wrong within the catalogue, or between it, the audit and the heads (read before it)."""
    # Each check relies on what the one before it has shown.
    return (
        catalogue.structure_faults(db)
        or list(audit.broken_links(db))
        or [*_heads_differ(db, heads), *_differs_from_audit(db)]
    )


def _heads_differ(db: Connection, heads: list[tuple[int, str]]) -> Iterator[str]:
    known = {event.seq: event.hash for event in audit.events(db)}
    for seq, digest in heads:
        if known.get(seq) != digest:
            yield f"audit event {seq} is not the one that {audit.HEADS_NAME} holds"


def _differs_from_audit(db: Connection) -> Iterator[str]:
    told = _replay(db)
    actual = _actual(db)
    for kind, key in sorted(told.keys() | actual.keys(), key=str):
        if told.get((kind, key)) != actual.get((kind, key)):
            yield f"{kind} {key} is not as the audit tells"


def _replay(db: Connection) -> dict[tuple[str, str], Any]:
    """Return what the catalogue must hold if every audited action, and nothing else, was done."""
    told: dict[tuple[str, str], Any] = {}
    for event in audit.events(db):
        details = dict(event.details)
        if event.action == "add":
            told["batch", event.subject] = details | {"is_undone": 0, "is_hidden": 0}
        elif event.action in _SWITCHES:
            column, value = _SWITCHES[event.action]
            told["batch", event.subject][column] = value
        elif event.action == "save mapping":
            told["mapping", event.subject] = details["toml"]
        elif event.action == "decide":
            for (number, members), of_one in zip(details["members"].items(), details["details"], strict=True):
                told["decision", number] = [details["kind"], members, of_one, False]
        elif event.action == "undo decision":
            told["decision", event.subject][3] = True
    return told


_SWITCHES = {"undo": ("is_undone", 1), "redo": ("is_undone", 0), "hide": ("is_hidden", 1), "show": ("is_hidden", 0)}


def _actual(db: Connection) -> dict[tuple[str, str], Any]:
    actual: dict[tuple[str, str], Any] = {}
    for row in db.execute("SELECT * FROM batches"):
        values = dict(row)
        batch_id = values.pop("batch_id")
        values["files"] = [file.facts() for file in batches.files_of(db, batch_id)]
        values["supersedes"] = batches.superseded_by(db, batch_id)
        actual["batch", str(batch_id)] = values
    for name, text in decisions.mappings(db).items():
        actual["mapping", name] = text
    for record in decisions.select(db, None, include_undone=True):
        actual["decision", str(record.decision_id)] = [
            record.kind,
            list(record.member_ids),
            record.details,
            record.is_undone,
        ]
    return actual


def _batch_problems(folder: Path, record: BatchRecord, parts: tuple[StoredFile, ...]) -> Iterator[Problem]:
    intact = True
    for part in parts:
        path = folder / files.BATCH_FOLDER / part.name
        for text in _byte_faults(path, part.sha256):
            intact = False
            yield _problem(path, f"{text} (batch {record.batch_id})")
    if not intact:
        return
    try:
        if files.rows_sha256(folder, parts) != record.rows_sha256:
            yield _problem(folder / files.BATCH_FOLDER / parts[0].name, f"rows of batch {record.batch_id} differ")
    except DamagedData as error:
        yield from error.problems


def _raw_problems(path: Path) -> Iterator[Problem]:
    for text in _byte_faults(path, path.name):
        yield _problem(path, f"{text} (a kept upload)", "Restore a backup, or put the original file back here.")


def _byte_faults(path: Path, sha256: str) -> Iterator[str]:
    try:
        if files.file_sha256(path) != sha256:
            yield "the file is not the one that was stored"
    except OSError as error:
        yield f"the file cannot be read: {error.strerror}"


def _unlisted_problems(folder: Path, catalogue: Catalogue) -> list[Problem]:
    if not catalogue.is_read_only:
        with catalogue.alone() as is_alone:
            # A writer at work has files that are not in the catalogue yet.
            return _unlisted(folder, catalogue) if is_alone else []
    return _unlisted(folder, catalogue)


def _unlisted(folder: Path, catalogue: Catalogue) -> list[Problem]:
    with catalogue.reading() as db:
        listed = batches.listed_names(db)
    hint = "It is not used. Leftovers of interrupted writes are removed when the store is next opened."
    return [_problem(path, "the file belongs to no batch", hint) for path in files.unlisted(folder, listed)]


def _problem(path: Path | str, text: str, hint: str = RESTORE_HINT) -> Problem:
    return Problem(ProblemCode.DAMAGED_DATA, f"{text}.", hint, file=str(path))

"""Check a whole store: catalogue, audit, every file, and that the catalogue agrees with the audit."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import astuple
from pathlib import Path
from typing import Any

from geo.problems import AtlasError, DamagedData, Problem, ProblemCode
from geo.store import audit, batches, decisions, files, pieces
from geo.store.batches import BatchRecord
from geo.store.database import Catalogue, Connection
from geo.store.errors import RESTORE_HINT, parsing_stored, reported
from geo.store.files import StoredFile
from geo.wording import N_, Text, text

_DIFFERS = {
    "batch": N_("Batch {key} differs from the audit."),
    "mapping": N_("Mapping {key} differs from the audit."),
    "decision": N_("Decision {key} differs from the audit."),
}
_ORIGINAL_HINT = text("Restore a backup, or put the original file back here.")
_UNUSED_HINT = text("It is not used. Leftovers of interrupted writes are removed when the store is next opened.")


def problems_of(folder: Path, catalogue: Catalogue) -> list[Problem]:
    """Return everything that is not as it was stored; an empty list means that every byte that matters is."""
    try:
        heads = audit.all_heads(catalogue.heads_path)  # before the catalogue, which may only be newer
        with catalogue.reading() as db:
            found = [_problem(catalogue.path, fault) for fault in catalogue_faults(catalogue, db, heads)]
            if found:
                return found
            records = batches.select(db, include_undone=True)
            parts = {record.batch_id: batches.files_of(db, record.batch_id) for record in records}
    except AtlasError as error:
        return list(error.problems)
    for record in records:
        found += _batch_problems(folder, record, parts[record.batch_id])
    for digest in sorted({record.file_sha256 for record in records}):
        found += _file_problems(folder / files.RAW_FOLDER / digest, digest, _ORIGINAL_HINT)
    return found + _unlisted_problems(folder, catalogue)


def sweep(folder: Path, catalogue: Catalogue) -> None:
    """Remove what interrupted writes left behind, unless others use the store."""
    with catalogue.alone() as is_alone, reported(folder):
        if not is_alone:
            return
        heads = audit.all_heads(catalogue.heads_path)
        with catalogue.reading() as db:
            begun, finished = files.leftovers(folder, {name for _, name, _ in batches.listed_files(db)})
            # A damaged catalogue may have forgotten or misspelt a file that is needed.
            if finished and catalogue_faults(catalogue, db, heads):
                finished = []
        for path in (*begun, *finished):
            path.unlink()


def catalogue_faults(catalogue: Catalogue, db: Connection, heads: list[tuple[int, str]]) -> list[Text]:
    """Return what is wrong within the catalogue, or between it, the audit and the heads (read before it)."""
    # Each check relies on the one before it.
    return (
        catalogue.structure_faults(db)
        or list(audit.broken_links(db))
        or [*_heads_differ(db, heads), *_differs_from_audit(db)]
    )


def _heads_differ(db: Connection, heads: list[tuple[int, str]]) -> Iterator[Text]:
    known = {event.seq: event.hash for event in audit.events(db)}
    for seq, digest in heads:
        if known.get(seq) != digest:
            yield text("Audit event {seq:d} is not the one that {file} holds.", seq=seq, file=audit.HEADS_NAME)


def _differs_from_audit(db: Connection) -> Iterator[Text]:
    with parsing_stored():
        expected, actual = _replay(db), _actual(db)
    for kind, key in sorted(expected.keys() | actual.keys()):
        if expected.get((kind, key)) != actual.get((kind, key)):
            yield text(_DIFFERS[kind], key=key)


def _replay(db: Connection) -> dict[tuple[str, str], Any]:
    """Return what the catalogue must hold if every audited action, and nothing else, was done."""
    held: dict[tuple[str, str], Any] = {}
    for event in audit.events(db):
        details = dict(event.details)
        if event.action == "add":
            held["batch", event.subject] = details | {"is_undone": 0, "is_hidden": 0}
        elif event.action in _SWITCHES:
            column, value = _SWITCHES[event.action]
            held["batch", event.subject][column] = value
        elif event.action == "save mapping":
            held["mapping", event.subject] = details["toml"]
        elif event.action == "decide":
            for (number, members), of_one in zip(details["members"].items(), details["details"], strict=True):
                held["decision", number] = [details["kind"], members, of_one, False]
        elif event.action == "undo decision":
            held["decision", event.subject][3] = True
    return held


_SWITCHES = {"undo": ("is_undone", 1), "redo": ("is_undone", 0), "hide": ("is_hidden", 1), "show": ("is_hidden", 0)}


def _actual(db: Connection) -> dict[tuple[str, str], Any]:
    actual: dict[tuple[str, str], Any] = {}
    for row in db.execute("SELECT * FROM batches"):
        values = dict(row)
        batch_id = values.pop("batch_id")
        values["files"] = [list(astuple(file)) for file in batches.files_of(db, batch_id)]
        values["supersedes"] = batches.superseded_by(db, batch_id)
        actual["batch", str(batch_id)] = values
    actual |= {("mapping", name): toml for name, toml in decisions.mappings(db).items()}
    for one in decisions.select(db, None, include_undone=True):
        actual["decision", str(one.decision_id)] = [one.kind, list(one.member_ids), one.details, one.is_undone]
    return actual


def _batch_problems(folder: Path, record: BatchRecord, parts: tuple[StoredFile, ...]) -> list[Problem]:
    paths = [folder / files.BATCH_FOLDER / part.name for part in parts]
    found = [one for path, part in zip(paths, parts, strict=True) for one in _file_problems(path, part.sha256)]
    if found:
        return found
    try:
        if pieces.rows_sha256(folder, parts) != record.rows_sha256:
            message = text("The rows of batch {number:d} differ from those that were stored.", number=record.batch_id)
            found.append(_problem(paths[0], message))
    except DamagedData as error:
        found += error.problems
    return found


def _file_problems(path: Path, sha256: str, hint: Text = RESTORE_HINT) -> list[Problem]:
    try:
        if files.file_sha256(path) == sha256:
            return []
    except OSError as error:
        return [_problem(path, text("The file cannot be read: {reason}.", reason=str(error.strerror)), hint)]
    return [_problem(path, text("The file is not the one that was stored."), hint)]


def _unlisted_problems(folder: Path, catalogue: Catalogue) -> list[Problem]:
    # A writer at work has files that are not in the catalogue yet.
    with nullcontext(True) if catalogue.read_only_hint else catalogue.alone() as is_alone, catalogue.reading() as db:
        listed = {name for _, name, _ in batches.listed_files(db)}
    unlisted = files.unlisted(folder, listed) if is_alone else []
    return [_problem(path, text("The file belongs to no batch."), _UNUSED_HINT) for path in unlisted]


def _problem(path: Path | str, message: Text, hint: Text = RESTORE_HINT) -> Problem:
    return Problem(ProblemCode.DAMAGED_DATA, message, hint, file=str(path))

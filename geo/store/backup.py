"""Copies of a whole store: one state of it, every file checked while it is copied."""

from __future__ import annotations

import secrets
import shutil
from pathlib import Path

from geo.store import audit, batches, files
from geo.store.catalogue import CATALOGUE_NAME, SqliteCatalogue
from geo.store.database import Catalogue, Connection
from geo.store.errors import damaged_file, refusal, reported


def copy_store(source: Path, catalogue: Catalogue, target: Path) -> None:
    """Copy the store in `source` to a new folder, which appears whole or not at all; others may write meanwhile.

    Batch files are never changed and never removed, so a snapshot of the catalogue and the files it names are one
    state. Raises StoreError if the target holds anything, DamagedData for a file that is not as it was stored.
    """
    if target.exists() and not (target.is_dir() and not any(target.iterdir())):
        raise refusal("exists already and is not an empty folder.", "Choose a new folder.", target)
    building = target.with_name(f"{target.name}.{secrets.token_hex(4)}.partial")
    try:
        with reported(building):
            for folder in (building / files.BATCH_FOLDER, building / files.RAW_FOLDER):
                folder.mkdir(parents=True)
        catalogue.snapshot(building / CATALOGUE_NAME)
        copied = SqliteCatalogue(building, read_only_hint="A backup is not changed.")
        with copied.reading() as db:
            listed = batches.listed_files(db)
            seq, digest = audit.head(db)
        with reported(building):
            for folder_name, name, sha256 in listed:
                _copy_checked(source / folder_name / name, building / folder_name / name, sha256)
            audit.write_head(building / audit.HEADS_NAME, seq, digest)
            for folder in (building / files.BATCH_FOLDER, building / files.RAW_FOLDER, building):
                files.sync_folder(folder)
            if target.exists():
                target.rmdir()
            building.rename(target)
            files.sync_folder(target.parent)
    finally:
        shutil.rmtree(building, ignore_errors=True)


# Columns are in the same order in schema.sql and schema_postgres.sql.
_TABLES = (
    (
        "SELECT * FROM batches ORDER BY batch_id",
        "INSERT INTO batches VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    ),
    ("SELECT * FROM batch_files", "INSERT INTO batch_files VALUES (?, ?, ?, ?, ?, ?)"),
    ("SELECT * FROM supersedes", "INSERT INTO supersedes VALUES (?, ?)"),
    ("SELECT * FROM audit ORDER BY seq", "INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"),
    ("SELECT * FROM mappings", "INSERT INTO mappings VALUES (?, ?, ?, ?)"),
    ("SELECT * FROM decisions ORDER BY decision_id", "INSERT INTO decisions VALUES (?, ?, ?, ?, ?, ?)"),
    ("SELECT * FROM decision_members", "INSERT INTO decision_members VALUES (?, ?, ?)"),
)


def copy_rows(source: Connection, target: Connection) -> None:
    """Copy every row of a catalogue to an empty one, in whichever database they are."""
    for select, insert in _TABLES:
        target.executemany(insert, [tuple(dict(row).values()) for row in source.execute(select)])


def _copy_checked(source: Path, target: Path, sha256: str) -> None:
    if not source.exists():
        raise damaged_file(source, "the file is missing")
    with source.open("rb") as original, files.appearing(target) as handle:
        if files.copy_bytes(original, handle) != sha256:
            raise damaged_file(source, "the file is not the one that was stored")

"""Copies of a whole store: one state of it, every file checked while it is copied."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

from geo import temporary
from geo.problems import DamagedData
from geo.store import audit, batches, files
from geo.store.catalogue import CATALOGUE_NAME, SqliteCatalogue, create
from geo.store.database import Catalogue, Connection
from geo.store.errors import damaged_catalogue, damaged_file, refusal, reported
from geo.store.folder import OWN, make_folders
from geo.store.verify import problems_of
from geo.wording import text

UNCHANGED = text("A backup is not changed.")
# In an order in which every row follows those it refers to; both schemas have the columns in the same order.
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


def copy_store(source: Path, catalogue: Catalogue, target: Path, *, mode: int = OWN, is_foreign: bool = False) -> None:
    """Copy the store in `source` to a new folder, which appears complete or not at all; others may write meanwhile.

    Batch files are never changed and never removed, so one state of the catalogue and the files it names belong
    together. Of the catalogue only rows are copied, into tables that this program makes.
    mode: permissions of the folder if there is none yet. is_foreign: the source may be hostile: links are refused and
    the copy is verified as a whole. Raises StoreError if the target holds anything or a name is not one that this
    program gives, DamagedData for a file that is not as it was stored.
    """
    if target.exists() and not (target.is_dir() and not any(target.iterdir())):
        message = text("It exists already and is not an empty folder.")
        raise refusal(message, text("Choose a new folder."), target)
    with reported(target.parent):
        temporary.sweep_building(target.parent)
    building = temporary.building_for(target)
    folders = (building / files.BATCH_FOLDER, building / files.RAW_FOLDER, building)
    try:
        with reported(building):
            make_folders(building, mode)
            for folder in folders if target.exists() else ():
                folder.chmod(target.stat().st_mode & 0o7777)
        copied = _snapshot(catalogue, building)
        with copied.reading() as db:
            listed = batches.listed_files(db)
            head = audit.head(db)
        with reported(building):
            for folder_name, name, sha256 in listed:
                _refuse_strange(source / folder_name, name, catalogue, is_foreign)
                _copy_checked(source / folder_name / name, building / folder_name / name, sha256)
            if head[0]:
                audit.write_head(building / audit.HEADS_NAME, *head)
            if is_foreign and (problems := problems_of(building, copied)):
                raise DamagedData(replace(one, file=one.file.replace(str(building), str(source))) for one in problems)
            for folder in folders:
                files.sync_folder(folder)
            if target.exists():
                target.rmdir()
            building.rename(target)
            files.sync_folder(target.parent)
    finally:
        shutil.rmtree(building, ignore_errors=True)


def read_tables(db: Connection) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of a catalogue by the statement that writes it."""
    return {insert: [tuple(dict(row).values()) for row in db.execute(select)] for select, insert in _TABLES}


def write_tables(db: Connection, tables: Mapping[str, list[tuple[Any, ...]]]) -> None:
    """Write the rows of a catalogue to an empty one."""
    for insert, rows in tables.items():
        db.executemany(insert, rows)


def _snapshot(catalogue: Catalogue, folder: Path) -> SqliteCatalogue:
    """Write one state of a catalogue, whichever database it is in, to a new file, while others may write."""
    with catalogue.reading() as db:
        tables = read_tables(db)
    create(folder / CATALOGUE_NAME)
    with reported(folder), closing(sqlite3.connect(folder / CATALOGUE_NAME)) as copy:
        write_tables(copy, tables)
        copy.commit()
        copy.execute("PRAGMA journal_mode = DELETE").fetchone()  # one file, without a log
    return SqliteCatalogue(folder, read_only_hint=UNCHANGED)


def _refuse_strange(folder: Path, name: str, catalogue: Catalogue, is_foreign: bool) -> None:
    if not files.is_own_name(folder.name, name):
        raise damaged_catalogue(catalogue.path, text("it names the file {name}", name=repr(name)))
    for path in (folder, folder / name) if is_foreign else ():
        if path.is_symlink():
            raise damaged_file(path, text("it is a link"))


def _copy_checked(source: Path, target: Path, sha256: str) -> None:
    if not source.exists():
        raise damaged_file(source, text("the file is missing"))
    with files.open_plain(source) as original, files.appearing(target) as handle:
        if files.copy_bytes(original, handle) != sha256:
            raise damaged_file(source, text("the file is not the one that was stored"))

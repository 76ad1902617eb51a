"""The folder of a store: made once, and whether it can be written."""

from __future__ import annotations

import os
from pathlib import Path

from geo.problems import ProblemCode
from geo.store import catalogue, files
from geo.store.catalogue import CATALOGUE_NAME
from geo.store.errors import ACCESS_HINT, BUSY, refusal
from geo.wording import Text, text

MARK_NAME = "database-id.txt"  # in a folder whose catalogue is in a PostgreSQL database: which one
OWN, SHARED = 0o700, 0o777  # permissions of a new folder: its owner alone, or what the umask of each server leaves
_CREATE_TIMEOUT_S = 30.0
_RESTORE_HINT = text("Put it back or restore a backup with `python -m geo restore`.")


def make_folders(path: Path, mode: int = OWN) -> None:
    """Create the folders of a store where they are missing; raises StoreError, or OSError for another reason."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        for folder in (path, path / files.BATCH_FOLDER, path / files.RAW_FOLDER):
            folder.mkdir(mode, exist_ok=True)
    except PermissionError as error:
        raise refusal(text("This user cannot create the store folder."), owner_hint(path), path) from error


def create_folder(path: Path) -> None:
    """Create the folder and an empty catalogue; never over batches whose catalogue is missing."""
    make_folders(path)
    with files.alone(path, _CREATE_TIMEOUT_S) as is_alone:
        # Another process may have been first; only then may there be batch files.
        if (path / CATALOGUE_NAME).exists():
            return
        if not is_alone:
            raise refusal(*BUSY, path)
        if any((path / files.BATCH_FOLDER).iterdir()):
            message = text("The store has batch files but no {file}. Nothing was changed.", file=CATALOGUE_NAME)
            raise refusal(message, _RESTORE_HINT, path, ProblemCode.DAMAGED_DATA)
        catalogue.create(path / CATALOGUE_NAME)
        files.sync_folder(path)


def refuse_shared(path: Path) -> None:
    """Raise StoreError for a folder whose catalogue is in a database, which must not get a second one."""
    if (path / MARK_NAME).exists():
        message = text(
            "Several servers share this store: its catalogue is in a PostgreSQL database. Nothing was changed."
        )
        raise refusal(message, text("Set ATLAS_STORE_DB to that database and ATLAS_STORE to this folder."), path)


def is_writable(path: Path, *others: Path) -> bool:
    """Whether the folders of a store and other parts of it can be written.

    Raises StoreError if a folder is missing or cannot be read.
    """
    folders = (path, path / files.BATCH_FOLDER, path / files.RAW_FOLDER)
    for folder in folders:
        if not folder.is_dir():
            raise refusal(text("A folder of the store is missing."), _RESTORE_HINT, folder, ProblemCode.DAMAGED_DATA)
        if not os.access(folder, os.R_OK | os.X_OK):
            raise refusal(text("This user cannot read it."), owner_hint(folder), folder)
    return all(os.access(place, os.W_OK) for place in (*folders, *others))


def owner_hint(path: Path) -> Text:
    """Return what helps a user without access; names the owner of the folder where the system has owners."""
    place = next(place for place in (path, *path.parents) if place.exists())
    if not hasattr(os, "geteuid") or place.stat().st_uid == os.geteuid():
        return ACCESS_HINT
    values = {"folder": str(place), "owner": place.stat().st_uid, "user": os.geteuid(), "hint": ACCESS_HINT}
    return text("{folder} belongs to user {owner:d}, this is user {user:d}. {hint}", **values)

"""The folder of a store: made once, and whether it can be written."""

from __future__ import annotations

import os
from pathlib import Path

from geo.problems import ProblemCode
from geo.store import catalogue, files
from geo.store.catalogue import CATALOGUE_NAME
from geo.store.errors import access_hint, refusal

MARK_NAME = "database-id.txt"  # in a folder whose catalogue is in a PostgreSQL database: which one
_CREATE_TIMEOUT_S = 30.0


def make_folders(path: Path) -> None:
    """Make the folders of a store where they are missing; raises StoreError."""
    try:
        for folder in (path, path / files.BATCH_FOLDER, path / files.RAW_FOLDER):
            folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        message = f"cannot be made as a store folder: {error.strerror}."
        raise refusal(message, owner_hint(path), path) from error


def create_folder(path: Path) -> None:
    """Make the folder and an empty catalogue; never over batches whose catalogue is gone."""
    make_folders(path)
    with files.alone(path, _CREATE_TIMEOUT_S) as is_alone:
        # Another process may have been first; only then may there be batch files.
        if (path / CATALOGUE_NAME).exists():
            return
        if not is_alone:
            raise refusal("is in use by another process.", "Try again in a moment.", path)
        if any((path / files.BATCH_FOLDER).iterdir()):
            raise refusal(
                f"has batch files but no {CATALOGUE_NAME}. Nothing was changed.",
                "Put the catalogue back or restore a backup with `python -m geo restore`.",
                path,
                ProblemCode.DAMAGED_DATA,
            )
        catalogue.create(path / CATALOGUE_NAME)
        files.sync_folder(path)


def refuse_shared(path: Path) -> None:
    """Raise StoreError for a folder whose catalogue is in a database, which must not get a second one."""
    if (path / MARK_NAME).exists():
        message = "is shared by several servers: its catalogue is in a PostgreSQL database. Nothing was changed."
        raise refusal(message, "Set ATLAS_STORE_DB to that database and ATLAS_STORE to this folder.", path)


def is_writable(path: Path, *others: Path) -> bool:
    """Whether the folders of a store and other parts of it can be written.

    Raises StoreError if a folder is missing or cannot be read.
    """
    folders = (path, path / files.BATCH_FOLDER, path / files.RAW_FOLDER)
    for folder in folders:
        if not folder.is_dir():
            hint = "Put the folder back or restore a backup with `python -m geo restore`."
            raise refusal("is missing from the store.", hint, folder, ProblemCode.DAMAGED_DATA)
        if not os.access(folder, os.R_OK | os.X_OK):
            raise refusal("cannot be read by this user.", owner_hint(folder), folder)
    return all(os.access(place, os.W_OK) for place in (*folders, *others))


def owner_hint(path: Path) -> str:
    """Say whose folder it is, where the system has owners, and what helps."""
    place = next(place for place in (path, *path.parents) if place.exists())
    if not hasattr(os, "geteuid") or place.stat().st_uid == os.geteuid():
        return access_hint()
    return f"{place} belongs to user {place.stat().st_uid}, this is user {os.geteuid()}. {access_hint()}"

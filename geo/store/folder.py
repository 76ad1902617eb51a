"""The folder of a store: made once, and whether it can be written."""

from __future__ import annotations

import os
from pathlib import Path

from geo.problems import ProblemCode
from geo.store import catalogue, files
from geo.store.catalogue import CATALOGUE_NAME
from geo.store.errors import access_hint, refusal

_CREATE_TIMEOUT_S = 30.0


def create_folder(path: Path) -> None:
    """Make the folder and an empty catalogue; never over batches whose catalogue is gone."""
    try:
        for folder in (path, path / files.BATCH_FOLDER, path / files.RAW_FOLDER):
            folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        message = f"cannot be made as a store folder: {error.strerror}."
        raise refusal(message, owner_hint(path), path) from error
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


def is_writable(path: Path) -> bool:
    """Whether the whole store can be written; raises StoreError if part of it is missing or cannot be read."""
    folders = (path, path / files.BATCH_FOLDER, path / files.RAW_FOLDER)
    for folder in folders:
        if not folder.is_dir():
            hint = "Put the folder back or restore a backup with `python -m geo restore`."
            raise refusal("is missing from the store.", hint, folder, ProblemCode.DAMAGED_DATA)
        if not os.access(folder, os.R_OK | os.X_OK):
            raise refusal("cannot be read by this user.", owner_hint(folder), folder)
    return all(os.access(place, os.W_OK) for place in (*folders, path / CATALOGUE_NAME))


def owner_hint(path: Path) -> str:
    """Say whose folder it is, where the system has owners, and what helps."""
    place = next(place for place in (path, *path.parents) if place.exists())
    if not hasattr(os, "geteuid") or place.stat().st_uid == os.geteuid():
        return access_hint()
    return f"{place} belongs to user {place.stat().st_uid}, this is user {os.geteuid()}. {access_hint()}"

"""Errors of SQLite and the operating system, reported as problems with a path and a remedy."""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from geo.problems import DamagedData, Problem, ProblemCode, StoreError
from geo.wording import Text, text

_FULL_ERRNOS = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
# A write beyond a quota or size limit reaches SQLite as an I/O error of the write, not as SQLITE_FULL.
_FULL_CODES = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_SHMSIZE)
_DENIED_ERRNOS = (errno.EACCES, errno.EPERM, errno.EROFS)
_DENIED_CODES = (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM)
_DAMAGED_CODES = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)

RESTORE_HINT = text("Restore a backup, or load the kept file of the batch again.")
ACCESS_HINT = text("Give this user write access to the store folder, or set ATLAS_STORE to another folder.")
MISSING_HINT = text("Bring it back to where it was, or set ATLAS_STORE to the folder that holds the store now.")
BUSY = (text("Another process is writing to the store."), text("Try again in a moment."))


@contextmanager
def reported(path: Path | str) -> Iterator[None]:
    """Turn errors of SQLite and the operating system into StoreError; `path` is what was being used."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise store_error(error, path) from error
    except UnicodeDecodeError as error:
        # Python reads what SQLite says of a damaged catalogue, which may quote the damage.
        raise damaged_catalogue(path, f"a stored value cannot be read: {error}") from error


@contextmanager
def parsing_stored() -> Iterator[None]:
    """Turn failures to read stored values (JSON, dates, audit events) into an error of the database: it is damaged."""
    try:
        yield
    except (ValueError, TypeError, LookupError, AttributeError) as error:
        raise sqlite3.DataError(f"a stored value cannot be read: {error}") from error


def store_error(error: sqlite3.Error | OSError, path: Path | str) -> StoreError:
    """Return the error as a StoreError with a code, a plain sentence and a remedy."""
    code = getattr(error, "sqlite_errorcode", 0) or 0
    if isinstance(error, OSError):
        path = Path(error.filename) if isinstance(error.filename, str) else path
        is_full, is_denied = error.errno in _FULL_ERRNOS, error.errno in _DENIED_ERRNOS
    else:
        is_full, is_denied = code in _FULL_CODES, code & 0xFF in _DENIED_CODES
        if is_damage(error):
            return damaged_catalogue(path, str(error))
    if is_full:
        return disk_full(path)
    if code & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return refusal(*BUSY, path)
    if code & 0xFF == sqlite3.SQLITE_CANTOPEN and (missing := _missing(path)):
        return refusal(text("It is not there."), MISSING_HINT, missing)
    if is_denied:
        return refusal(text("This user cannot read or write it."), ACCESS_HINT, path)
    reason = str(getattr(error, "strerror", None) or error)
    return refusal(text("It cannot be used: {reason}.", reason=reason), text("Check the folder and the disk."), path)


def _missing(path: Path | str) -> Path | None:
    """Return the folder of a path, or the path itself, if it does not exist; None also where nobody may look."""
    for place in (Path(path).parent, Path(path)):
        try:
            os.stat(place)
        except FileNotFoundError:
            return place
        except OSError:
            return None
    return None


def is_damage(error: sqlite3.Error) -> bool:
    """Whether SQLite reports that the file, not the request, is wrong."""
    code = getattr(error, "sqlite_errorcode", 0) or 0
    return code & 0xFF in _DAMAGED_CODES or isinstance(error, sqlite3.DataError)


def refusal(message: Text, hint: Text, path: Path | str, code: ProblemCode = ProblemCode.STORE) -> StoreError:
    """Return a StoreError about one path."""
    return StoreError([Problem(code, message, hint, file=str(path))])


def refuse_read_only(hint: Text | None, folder: Path) -> None:
    """Raise StoreError for a store that can only be read. hint: what would help to write, None for others."""
    if hint:
        raise refusal(text("The store can only be read."), hint, folder)


def disk_full(path: Path | str) -> StoreError:
    """Return the error of a write for which there was no room; nothing of it remains."""
    message = text("The disk is full or a size limit was reached. Nothing was stored.")
    hint = text("Free some space and try again; what was stored before is intact.")
    return refusal(message, hint, path, ProblemCode.DISK_FULL)


def damaged_catalogue(path: Path | str, detail: Text | str) -> StoreError:
    """Return the error of a catalogue that cannot be trusted; it is never changed or replaced."""
    message = text("The catalogue is damaged ({detail}). It was not changed.", detail=detail)
    hint = text("Restore a backup with `python -m geo restore`, or set ATLAS_STORE to another folder.")
    return refusal(message, hint, path, ProblemCode.DAMAGED_DATA)


def damaged_file(path: Path, detail: Text | str) -> DamagedData:
    """Return the error of a batch file or kept upload that differs from what was stored."""
    message = text("The file is damaged: {detail}.", detail=detail)
    return DamagedData([Problem(ProblemCode.DAMAGED_DATA, message, RESTORE_HINT, file=str(path))])

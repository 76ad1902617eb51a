"""What SQLite and the operating system report, said as problems with a path and a remedy."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from geo.problems import DamagedData, Problem, ProblemCode, StoreError

_FULL_ERRNOS = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
# A write beyond a quota or size limit reaches SQLite as an I/O error of the write, not as SQLITE_FULL.
_FULL_CODES = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_SHMSIZE)
_DENIED_ERRNOS = (errno.EACCES, errno.EPERM, errno.EROFS)
_DAMAGED_CODES = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)

RESTORE_HINT = "Restore a backup, or load the kept file of the batch again."


@contextmanager
def reported(path: Path | str) -> Iterator[None]:
    """Turn errors of SQLite and the operating system into StoreError; `path` is what was being used."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise store_error(error, path) from error


@contextmanager
def parsing_stored() -> Iterator[None]:
    """Turn failures to read a stored text (JSON, date) into an error of the database: the file is damaged."""
    try:
        yield
    except (ValueError, TypeError) as error:
        raise sqlite3.DataError(f"a stored value cannot be read: {error}") from error


def store_error(error: sqlite3.Error | OSError, path: Path | str) -> StoreError:
    """Return the error as a StoreError with a code, a plain sentence and a remedy."""
    if isinstance(error, OSError):
        path = Path(error.filename) if isinstance(error.filename, str) else path
        if error.errno in _FULL_ERRNOS:
            return disk_full(path)
        if error.errno in _DENIED_ERRNOS:
            return refusal("cannot be written or read by this user.", access_hint(), path)
        return refusal(f"cannot be used: {error.strerror or error}.", "Check the folder and the disk.", path)
    code = getattr(error, "sqlite_errorcode", 0) or 0
    primary = code & 0xFF
    if code in _FULL_CODES:
        return disk_full(path)
    if is_damage(error):
        return damaged_catalogue(path, str(error))
    if primary in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return refusal("is busy: another process is writing.", "Try again in a moment.", path)
    if primary in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM):
        return refusal("cannot be opened for this.", access_hint(), path)
    return refusal(f"cannot be used: {error}.", "Check the folder and the disk.", path)


def is_damage(error: sqlite3.Error) -> bool:
    """Whether SQLite says that the file, not the request, is wrong."""
    code = getattr(error, "sqlite_errorcode", 0) or 0
    return code & 0xFF in _DAMAGED_CODES or isinstance(error, sqlite3.DataError)


def refusal(message: str, hint: str, path: Path | str, code: ProblemCode = ProblemCode.STORE) -> StoreError:
    """Return a StoreError about one path."""
    return StoreError([Problem(code, message, hint, file=str(path))])


def disk_full(path: Path | str) -> StoreError:
    """Return the error of a write that found no room; nothing of it stays."""
    return refusal(
        "could not be written: the disk is full or a size limit was reached. Nothing was stored.",
        "Free some space and try again; what was stored before is intact.",
        path,
        ProblemCode.DISK_FULL,
    )


def damaged_catalogue(path: Path | str, detail: str) -> StoreError:
    """Return the error of a catalogue that cannot be trusted; it is never changed or replaced."""
    return refusal(
        f"is damaged ({detail}). It was left as it is.",
        "Restore a backup with `python -m geo restore`, or set ATLAS_STORE to another folder.",
        path,
        ProblemCode.DAMAGED_DATA,
    )


def damaged_file(path: Path, detail: str) -> DamagedData:
    """Return the error of a batch file or raw file that differs from what was stored."""
    return DamagedData([Problem(ProblemCode.DAMAGED_DATA, f"is damaged: {detail}.", RESTORE_HINT, file=str(path))])


def access_hint() -> str:
    """Return what helps when the folder belongs to another user or is read-only."""
    return "Give this user write access to the store folder, or set ATLAS_STORE to a folder of its own."

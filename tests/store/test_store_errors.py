"""What SQLite and the system report becomes a problem with a code, the path and a remedy."""

from __future__ import annotations

import errno
import os
import sqlite3
from pathlib import Path

import pytest

from geo.problems import ProblemCode
from geo.store.errors import is_damage, parsing_stored, store_error
from geo.store.folder import owner_hint

PLACE = Path("/srv/store")
OTHER = Path("/srv/store/raw/x")


def of_sqlite(code: int, kind: type[sqlite3.Error] = sqlite3.OperationalError) -> sqlite3.Error:
    error = kind("the reason")
    error.sqlite_errorcode = code
    return error


SQLITE = [
    (sqlite3.SQLITE_FULL, ProblemCode.DISK_FULL, "The disk is full", "Free some space"),
    (sqlite3.SQLITE_IOERR_WRITE, ProblemCode.DISK_FULL, "The disk is full", "Free some space"),
    (sqlite3.SQLITE_CORRUPT, ProblemCode.DAMAGED_DATA, "damaged (the reason)", "Restore a backup"),
    (sqlite3.SQLITE_NOTADB, ProblemCode.DAMAGED_DATA, "damaged (the reason)", "Restore a backup"),
    (sqlite3.SQLITE_CORRUPT | 1 << 8, ProblemCode.DAMAGED_DATA, "damaged (the reason)", "Restore a backup"),
    (sqlite3.SQLITE_BUSY, ProblemCode.STORE, "Another process is writing", "Try again"),
    (sqlite3.SQLITE_BUSY_SNAPSHOT, ProblemCode.STORE, "Another process is writing", "Try again"),
    (sqlite3.SQLITE_LOCKED, ProblemCode.STORE, "Another process is writing", "Try again"),
    (sqlite3.SQLITE_READONLY, ProblemCode.STORE, "This user cannot", "write access"),
    (sqlite3.SQLITE_READONLY_DIRECTORY, ProblemCode.STORE, "This user cannot", "write access"),
    (sqlite3.SQLITE_IOERR_READ, ProblemCode.STORE, "cannot be used: the reason.", "Check the folder"),
    (sqlite3.SQLITE_ERROR, ProblemCode.STORE, "cannot be used: the reason.", "Check the folder"),
]


@pytest.mark.parametrize(("code", "problem_code", "message", "hint"), SQLITE)
def test_each_error_of_sqlite_has_its_sentence(code: int, problem_code: ProblemCode, message: str, hint: str) -> None:
    (problem,) = store_error(of_sqlite(code), PLACE).problems
    assert (problem.code, problem.file) == (problem_code, str(PLACE))
    assert message in str(problem.message)
    assert hint in str(problem.hint)


def test_what_cannot_be_opened_is_missing_or_closed_to_this_user(tmp_path: Path) -> None:
    catalogue = tmp_path / "store" / "catalogue.sqlite"
    error = of_sqlite(sqlite3.SQLITE_CANTOPEN)
    (problem,) = store_error(error, catalogue).problems
    assert (str(problem.message), problem.file) == ("It is not there.", str(catalogue.parent))
    catalogue.parent.mkdir()
    assert store_error(error, catalogue).problems[0].file == str(catalogue)
    catalogue.touch()
    (problem,) = store_error(error, catalogue).problems
    assert "This user cannot" in str(problem.message)
    assert "write access" in str(problem.hint)


def test_an_error_without_a_code_of_sqlite_is_reported_with_its_words() -> None:
    (problem,) = store_error(sqlite3.ProgrammingError("no such thing"), PLACE).problems
    assert str(problem.message) == "It cannot be used: no such thing."
    assert not is_damage(sqlite3.ProgrammingError("no such thing"))


@pytest.mark.parametrize(
    ("number", "code", "message"),
    [
        (errno.ENOSPC, ProblemCode.DISK_FULL, "The disk is full"),
        (errno.EDQUOT, ProblemCode.DISK_FULL, "The disk is full"),
        (errno.EFBIG, ProblemCode.DISK_FULL, "The disk is full"),
        (errno.EACCES, ProblemCode.STORE, "This user cannot read or write it."),
        (errno.EROFS, ProblemCode.STORE, "This user cannot read or write it."),
        (errno.ENOENT, ProblemCode.STORE, f"It cannot be used: {os.strerror(errno.ENOENT)}."),
    ],
)
def test_each_error_of_the_system_names_the_file_it_is_about(number: int, code: ProblemCode, message: str) -> None:
    for error, path in (
        (OSError(number, os.strerror(number), str(OTHER)), OTHER),
        (OSError(number, os.strerror(number)), PLACE),
        (OSError(number, os.strerror(number), 7), PLACE),
    ):
        (problem,) = store_error(error, PLACE).problems
        assert (problem.code, problem.file) == (code, str(path))
        assert message in str(problem.message)
        assert problem.hint


@pytest.mark.parametrize("error", [ValueError("x"), TypeError("x"), KeyError("x"), AttributeError("x")])
def test_a_stored_value_that_cannot_be_read_is_damage(error: Exception) -> None:
    with pytest.raises(sqlite3.DataError, match="a stored value cannot be read: ") as found, parsing_stored():
        raise error
    assert is_damage(found.value)


def test_the_owner_of_a_folder_is_named_to_another_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    owner = tmp_path.stat().st_uid
    assert "belongs to" not in str(owner_hint(tmp_path / "missing"))
    monkeypatch.setattr(os, "geteuid", lambda: owner + 4000)
    hint = str(owner_hint(tmp_path / "missing"))
    assert hint.startswith(f"{tmp_path} belongs to user {owner}, this is user {owner + 4000}. Give this user")
    monkeypatch.delattr(os, "geteuid")
    assert "belongs to" not in str(owner_hint(tmp_path))

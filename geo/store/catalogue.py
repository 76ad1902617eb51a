"""The catalogue: one SQLite file in write-ahead mode that any process may read while another writes.

Each call opens its own connection, so threads and processes share nothing but the file.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import weakref
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path

from geo.problems import StoreError
from geo.store import audit, files
from geo.store.database import Catalogue, Connection, Writer
from geo.store.errors import damaged_catalogue, refusal, refuse_read_only, reported
from geo.wording import Text, text

CATALOGUE_NAME = "catalogue.sqlite"
SCHEMA_VERSION = 2
# Its tables are the same; its batch files hold original cells as JSON text, which this version reads as well.
_OLDEST_VERSION = 1
BUSY_TIMEOUT_S = 30.0
_RAISE_VERSION = "PRAGMA user_version = 2"  # takes no parameter
_APPLICATION_ID = 0x4B504941  # "KPIA"
_MAGIC = b"SQLite format 3\x00"
_USER_VERSION_AT = 60  # offset in the file header, https://www.sqlite.org/fileformat.html section 1.3
_SCHEMA = Path(__file__).with_name("schema.sql")


class SqliteCatalogue(Catalogue):
    """Connections to the catalogue in a store folder."""

    def __init__(self, folder: Path, *, read_only_hint: Text | None = None) -> None:
        """Check the catalogue of an existing store; raises StoreError, and changes nothing, if it is unusable.

        read_only_hint: what would help to write, for a store that can only be read; None for others.
        """
        self.path: Path = folder / CATALOGUE_NAME
        self.heads_path = folder / audit.HEADS_NAME
        self.read_only_hint = read_only_hint
        _check_header(self.path)
        with reported(self.heads_path):
            newest = audit.newest_head(self.heads_path)  # before the catalogue, which may only be newer
        with reported(self.path), closing(self._first_connection()) as db:
            db.execute("BEGIN")
            self._check_content(db, newest)
        if not read_only_hint:
            self._keep_open()

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        with reported(self.path), closing(self._connect()) as db:
            db.execute("BEGIN")
            yield db

    @contextmanager
    def changing(self) -> Iterator[sqlite3.Connection]:
        refuse_read_only(self.read_only_hint, self.path.parent)
        with reported(self.path), closing(self._connect()) as db:
            # IMMEDIATE: a plain BEGIN that reads first is refused when another process wrote in between.
            db.execute("BEGIN IMMEDIATE")
            yield db
            db.execute("COMMIT")
            seq, digest = audit.head(db)
            # The change is committed; on a full disk the file of heads is only one step behind.
            with contextlib.suppress(OSError):
                audit.write_head(self.heads_path, seq, digest)

    @contextmanager
    def writing(self) -> Iterator[Writer]:
        with files.writing(self.path.parent):
            yield self

    def alone(self) -> AbstractContextManager[bool]:
        return files.alone(self.path.parent)

    def structure_faults(self, db: Connection) -> list[Text]:
        checked = [str(row[0]) for row in db.execute("PRAGMA integrity_check")]
        return [text("SQLite reports: {reason}", reason=reason) for reason in checked if reason != "ok"] + [
            text("Row {row} of table {table} refers to a missing row.", row=row[1], table=row[0])
            for row in db.execute("PRAGMA foreign_key_check")
        ]

    def _first_connection(self) -> sqlite3.Connection:
        # The last connection that may write merges the log into the catalogue and removes it, of a damaged log what is
        # left of it: nothing may write before the log has been judged. Without a log a reader would leave one behind.
        log = self.path.with_name(f"{CATALOGUE_NAME}-wal")
        if self.read_only_hint or not (log.exists() and log.stat().st_size):
            return self._connect()
        return _connection(self.path, "mode=ro")

    def _connect(self) -> sqlite3.Connection:
        if not self.read_only_hint:
            return _connection(self.path, "mode=rw")
        try:
            return _connection(self.path, "mode=ro")
        except sqlite3.OperationalError:
            # Write-ahead mode needs a file next to the catalogue, which a read-only folder or a full disk refuses.
            # With no log waiting to be merged, the catalogue file alone is complete.
            log = self.path.with_name(f"{CATALOGUE_NAME}-wal")
            if log.exists() and log.stat().st_size:
                message = text("Its newest changes are in a log that a read-only folder or a full disk keeps from use.")
                hint = text("Open the store once where its folder can be written, or copy the whole folder elsewhere.")
                raise refusal(message, hint, self.path) from None
            return _connection(self.path, "immutable=1")

    def _keep_open(self) -> None:
        # While one connection stays open SQLite keeps its log and index files; otherwise every call would create
        # and remove them, and reading would need free disk space.
        with reported(self.path):
            kept = _connection(self.path, "mode=rw")
            kept.execute("PRAGMA journal_mode = WAL").fetchone()  # a backup is in the older mode
            kept.execute("SELECT count(*) FROM audit").fetchone()
        self._finalizer = weakref.finalize(self, kept.close)

    def raise_version(self, db: Connection) -> None:
        db.execute(_RAISE_VERSION)

    def close(self) -> None:
        if not self.read_only_hint:
            self._finalizer()

    def _check_content(self, db: sqlite3.Connection, newest: tuple[int, str]) -> None:
        number = db.execute("PRAGMA user_version").fetchone()[0]
        if not is_known_version(number):
            raise other_version(self.path, number)
        if db.execute("PRAGMA application_id").fetchone()[0] != _APPLICATION_ID:
            message = text("The file is not a catalogue of this program.")
            raise refusal(message, text("Set ATLAS_STORE to another folder."), self.path)
        found = db.execute("PRAGMA quick_check(1)").fetchone()[0]
        if found != "ok":
            raise damaged_catalogue(self.path, str(found))
        remedy = text("Put back the missing {file}.", file=f"{CATALOGUE_NAME}-wal")
        audit.refuse_lost_changes(db, newest, self.path, remedy)


def create(path: Path) -> None:
    """Write an empty catalogue at a path where there is none; it appears complete or not at all."""
    building = path.with_name(f"{path.name}.new")
    with reported(path):
        building.unlink(missing_ok=True)
        files.create_empty(building)
        with closing(sqlite3.connect(building, isolation_level=None)) as db:
            db.execute("PRAGMA journal_mode = WAL")
            db.executescript(_SCHEMA.read_text(encoding="utf-8"))
        os.replace(building, path)


def _connection(path: Path, mode: str) -> sqlite3.Connection:
    db = sqlite3.connect(
        f"{path.absolute().as_uri()}?{mode}",
        uri=True,
        timeout=BUSY_TIMEOUT_S,
        isolation_level=None,
        check_same_thread=False,
    )
    try:
        db.row_factory = sqlite3.Row
        db.execute("PRAGMA foreign_keys = ON")
        db.execute("PRAGMA synchronous = FULL")
        db.execute("PRAGMA trusted_schema = OFF")
        db.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.Error:
        db.close()
        raise
    return db


def _check_header(path: Path) -> None:
    # Read as plain bytes: even opening a catalogue with SQLite may change it.
    with reported(path), files.open_plain(path) as handle:
        header = handle.read(100)
    if not header:
        raise damaged_catalogue(path, text("it is empty"))
    if len(header) < 100 or not header.startswith(_MAGIC):
        raise damaged_catalogue(path, text("it is not an SQLite file"))
    number = int.from_bytes(header[_USER_VERSION_AT : _USER_VERSION_AT + 4], "big")
    if number > SCHEMA_VERSION:
        raise other_version(path, number)


def is_known_version(number: int) -> bool:
    """Whether this program can use a catalogue of a version."""
    return _OLDEST_VERSION <= number <= SCHEMA_VERSION


def other_version(path: Path | str, number: int) -> StoreError:
    """Return the error of a catalogue that another version of this program has written."""
    message = text(
        "Another version of this program wrote the catalogue (catalogue {number:d}, this one reads {own:d}). "
        "It was not changed.",
        number=number,
        own=SCHEMA_VERSION,
    )
    return refusal(message, text("Use the newer program, or set ATLAS_STORE to another folder."), path)

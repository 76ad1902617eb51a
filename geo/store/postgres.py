"""The catalogue in PostgreSQL, for several servers that share one store folder.

Each call opens its own connection: a server that was started again serves the next call. Advisory locks keep order:
the server gives them up when a connection ends, on whatever machine its other end was.
"""

from __future__ import annotations

import contextlib
import re
import secrets
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg import conninfo, errors
from psycopg.rows import dict_row

from geo.problems import ProblemCode, StoreError
from geo.store import audit, files
from geo.store.backup import copy_rows
from geo.store.catalogue import BUSY_TIMEOUT_S, CATALOGUE_NAME, SCHEMA_VERSION, SqliteCatalogue, create, other_version
from geo.store.database import Connection, Rows, Writer
from geo.store.errors import damaged_catalogue, disk_full, refusal, reported
from geo.store.folder import MARK_NAME, is_writable, make_folders, owner_hint

_SCHEMA = Path(__file__).with_name("schema_postgres.sql")
_WRITERS, _CHANGES = 0x4B504901, 0x4B504902  # advisory locks: files being written; one change after another
_NAMED = re.compile(r":(\w+)")
# A machine that vanishes must not hold its locks for hours; what is acknowledged must be on the server's disk.
_SESSION = f"-c lock_timeout={BUSY_TIMEOUT_S:.0f}s -c tcp_keepalives_idle=30 -c tcp_keepalives_interval=10"
_SESSION += " -c synchronous_commit=on"


class PostgresCatalogue:
    """Connections to the catalogue of a shared store folder."""

    def __init__(self, folder: Path, url: str) -> None:
        """Name folder and database, without using either; url: see geo.settings.SharedPlace."""
        try:
            given = {"connect_timeout": 10} | conninfo.conninfo_to_dict(url)
        except psycopg.ProgrammingError:  # it quotes the URL
            raise refusal("is set to a URL that cannot be read.", "Correct it.", "ATLAS_STORE_DB") from None
        own = {"options": f"{given.get('options', '')} {_SESSION}", "client_encoding": "UTF8", "autocommit": True}
        # Values are quoted by the client: the server cannot tell the type of a bare NULL.
        self._server = given | own | {"row_factory": dict_row, "cursor_factory": psycopg.ClientCursor}
        user, host, port = (given.get(key) or "" for key in ("user", "host", "port"))
        self.path = f"postgresql://{user}@{host}:{port or 5432}/{given.get('dbname') or user}"  # without the password
        self.folder = folder
        self.heads_path = folder / audit.HEADS_NAME
        self.read_only_hint = ""

    @classmethod
    def open(cls, folder: Path, url: str) -> PostgresCatalogue:
        """Open the catalogue of a shared folder, made on first start; raises StoreError unless they belong together."""
        opened = cls(folder, url)
        with reported(opened.heads_path):
            newest = audit.newest_head(opened.heads_path)  # before the catalogue, which may only be further on
        with opened._session() as session:
            session.lock(_CHANGES)
            if not session.holds_store():
                opened._make(session)
        opened._check(newest)
        opened.read_only_hint = "" if is_writable(folder) else owner_hint(folder)
        return opened

    @property
    def is_read_only(self) -> bool:
        """Whether nothing can be changed."""
        return bool(self.read_only_hint)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Open a connection on one consistent state of the catalogue."""
        with self._session() as session:
            session.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield session

    @contextmanager
    def changing(self) -> Iterator[Connection]:
        """Run one transaction: all of it is committed at the end, or none of it on any error."""
        if self.is_read_only:
            raise refusal("can only be read.", self.read_only_hint, self.folder)
        with self._session() as session, session.changing() as db:
            yield db

    @contextmanager
    def writing(self) -> Iterator[Writer]:
        """Hold the writers' lock, shared. Who has lost it with its connection cannot commit: both are one session."""
        with self._session() as session:
            session.execute("SELECT pg_advisory_lock_shared(?)", (_WRITERS,))
            yield session

    @contextmanager
    def alone(self) -> Iterator[bool]:
        """Hold the writers' lock alone, if no writer is at work on any machine; yields whether it is held."""
        with self._session() as session:
            yield session.execute("SELECT pg_try_advisory_lock(?) AS is_held", (_WRITERS,)).fetchone()["is_held"]

    def snapshot(self, target: Path) -> None:
        """Write one consistent state to a new SQLite catalogue, while others may write."""
        create(target)
        with self.reading() as source, reported(target), closing(sqlite3.connect(target)) as copy:
            copy_rows(source, copy)
            copy.commit()
            copy.execute("PRAGMA journal_mode = DELETE").fetchone()  # one file, as every backup

    def structure_faults(self, db: Connection) -> list[str]:  # noqa: ARG002 (part of the interface)
        """Return nothing: pages and references are the server's to check, and reading what is damaged fails."""
        return []

    def close(self) -> None:
        """Do nothing: no connection outlives a call."""

    @contextmanager
    def _session(self) -> Iterator[_Session]:
        with reported(self.path), _server_reported(self.path), closing(psycopg.connect(**self._server)) as raw:
            try:
                yield _Session(raw, self)
            finally:
                # Closing alone would leave it to the server when a lock is given up.
                with contextlib.suppress(psycopg.Error):
                    raw.execute("ROLLBACK; SELECT pg_advisory_unlock_all()")

    def _make(self, session: _Session) -> None:
        with reported(self.folder):
            batches = self.folder / files.BATCH_FOLDER
            if (self.folder / CATALOGUE_NAME).exists() and (self.folder / MARK_NAME).exists():
                message = "holds a backup whose restoring was interrupted; the database has nothing of it."
                raise refusal(message, "Empty the folder and restore again: the backup is as it was.", self.folder)
            is_used = (self.folder / CATALOGUE_NAME).exists() or self.heads_path.exists()
            if is_used or (batches.exists() and any(batches.iterdir())):
                message = f"holds a store, but not one whose catalogue is in {self.path}. Nothing was changed."
                hint = "Set ATLAS_STORE_DB to its database, or bring it over with `python -m geo backup` and `restore`."
                raise refusal(message, hint, self.folder, ProblemCode.DAMAGED_DATA)
        with self._making(session):
            make_folders(self.folder)

    @contextmanager
    def _making(self, session: _Session) -> Iterator[None]:
        session.execute("BEGIN")
        store_id = session.create_tables(self.path)
        yield
        with reported(self.folder), files.appearing(self.folder / MARK_NAME) as handle:
            handle.write(f"{store_id}\n".encode("ascii"))
        session.execute("COMMIT")

    def _check(self, newest: tuple[int, str]) -> None:
        with self.reading() as db:
            row = db.execute("SELECT store_id, version FROM atlas_store").fetchone()
            if row["version"] != SCHEMA_VERSION:
                raise other_version(self.path, row["version"])
            with reported(self.folder):
                mark = self.folder / MARK_NAME
                is_own = mark.exists() and mark.read_text("ascii", "replace").strip() == row["store_id"]
            if not is_own:
                message = f"is not the folder of the store in {self.path}. Nothing was changed."
                hint = "Mount the shared folder, or set ATLAS_STORE and ATLAS_STORE_DB to what belongs together."
                raise refusal(message, hint, self.folder)
            audit.refuse_lost_changes(db, newest, self.path, "Let the database server recover its newest changes")


class _Session:
    """One connection to the server, as the store uses one; its locks are given up when it ends."""

    def __init__(self, raw: psycopg.Connection[Any], catalogue: PostgresCatalogue) -> None:
        self._raw = raw
        self._catalogue = catalogue

    def execute(self, sql: str, parameters: Sequence[Any] | Mapping[str, Any] = (), /) -> Rows:
        rows: Rows = self._raw.execute(_translated(sql), parameters or None)
        return rows

    def executemany(self, sql: str, parameters: Sequence[Sequence[Any]], /) -> None:
        with self._raw.cursor() as cursor:
            cursor.executemany(_translated(sql), parameters)

    def lock(self, key: int) -> None:
        self.execute("SELECT pg_advisory_lock(?)", (key,))

    @contextmanager
    def changing(self) -> Iterator[Connection]:
        # The lock outlasts the transaction, so that the file of heads, too, is written by one machine at a time.
        self.lock(_CHANGES)
        self.execute("BEGIN ISOLATION LEVEL READ COMMITTED")
        yield self
        seq, digest = audit.head(self)
        try:
            self.execute("COMMIT")
        except psycopg.OperationalError as error:
            message = "was lost while a change was being completed: it may have been made."
            raise refusal(message, "Look whether it is there before you repeat it.", self._catalogue.path) from error
        # The change is committed; a full disk here only leaves the file of heads a step behind.
        with contextlib.suppress(OSError):
            audit.write_head(self._catalogue.heads_path, seq, digest)

    def holds_store(self) -> bool:
        return bool(self.execute("SELECT to_regclass('atlas_store') IS NOT NULL AS found").fetchone()["found"])

    def create_tables(self, place: str) -> str:
        """Create the tables of a new store, within a transaction, and return the name that ties the folder to it."""
        encoding = self._raw.info.parameter_status("server_encoding")
        if encoding != "UTF8":
            raise refusal(f"keeps texts as {encoding}.", "Make a database with ENCODING 'UTF8'.", place)
        self._raw.execute(_SCHEMA.read_text(encoding="utf-8"))
        store_id = secrets.token_hex(16)
        self.execute("INSERT INTO atlas_store (store_id, version) VALUES (?, ?)", (store_id, SCHEMA_VERSION))
        return store_id


@contextmanager
def founding(folder: Path, url: str) -> Iterator[None]:
    """Bring the SQLite store that the block puts into the folder over into an empty database, whole or not at all."""
    catalogue = PostgresCatalogue(folder, url)
    with catalogue._session() as session:
        session.lock(_CHANGES)
        if session.holds_store():
            raise refusal("holds a store already.", "Set ATLAS_STORE_DB to an empty database.", catalogue.path)
        with catalogue._making(session):
            yield
            with SqliteCatalogue(folder, read_only_hint="It is being copied.").reading() as source:
                copy_rows(source, session)
    (folder / CATALOGUE_NAME).unlink()


def _translated(sql: str) -> str:
    return _NAMED.sub(r"%(\1)s", sql.replace("?", "%s"))


@contextmanager
def _server_reported(place: str) -> Iterator[None]:
    try:
        yield
    except psycopg.Error as error:
        raise _store_error(error, place) from error


def _store_error(error: psycopg.Error, place: str) -> StoreError:
    told = str(error).partition("\n")[0]
    if isinstance(error, errors.DiskFull):
        return disk_full(place)
    if isinstance(error, errors.DataCorrupted | errors.IndexCorrupted):
        return damaged_catalogue(place, told)
    if isinstance(error, errors.LockNotAvailable):
        return refusal("is busy: another process is writing.", "Try again in a moment.", place)
    if isinstance(error, errors.InsufficientPrivilege | errors.ReadOnlySqlTransaction):
        return refusal(f"cannot be changed by this user: {told}.", "Make the user owner of the tables.", place)
    if isinstance(error, psycopg.OperationalError):
        return refusal(f"cannot be reached: {told}.", "Start the server, or correct ATLAS_STORE_DB.", place)
    return refusal(f"cannot be used: {told}.", "Check the database.", place)

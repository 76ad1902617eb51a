"""The catalogue in PostgreSQL, for several servers that share one store folder.

Each call opens its own connection: a server that was restarted serves the next call. Advisory locks keep order:
the server releases them when a connection ends, whatever machine held it.
"""

from __future__ import annotations

import contextlib
import re
import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg import conninfo, errors
from psycopg.rows import dict_row

from geo.problems import ProblemCode, StoreError
from geo.store import audit, files
from geo.store.backup import UNCHANGED, read_tables, write_tables
from geo.store.catalogue import (
    BUSY_TIMEOUT_S,
    CATALOGUE_NAME,
    SCHEMA_VERSION,
    SqliteCatalogue,
    is_known_version,
    other_version,
)
from geo.store.database import Catalogue, Connection, Writer
from geo.store.errors import BUSY, damaged_catalogue, disk_full, refusal, refuse_read_only, reported
from geo.store.folder import MARK_NAME, SHARED, is_writable, make_folders, owner_hint
from geo.wording import Text, text

_SCHEMA = Path(__file__).with_name("schema_postgres.sql")
_WRITERS, _CHANGES = 0x4B504901, 0x4B504902  # advisory locks: files being written; one change after another
_NAMED = re.compile(r":(\w+)")
# A machine that vanishes must not hold its locks for hours; what is acknowledged must be on the server's disk.
_SESSION = f"-c lock_timeout={BUSY_TIMEOUT_S:.0f}s -c tcp_keepalives_idle=30 -c tcp_keepalives_interval=10"
_SESSION += " -c synchronous_commit=on"


class PostgresCatalogue(Catalogue):
    """Connections to the catalogue of a shared store folder."""

    def __init__(self, folder: Path, url: str) -> None:
        """Name folder and database, without using either; url: see geo.settings.SharedPlace."""
        try:
            given = {"connect_timeout": 10} | conninfo.conninfo_to_dict(url)
        except psycopg.ProgrammingError:  # it quotes the URL
            message = text("It is set to a URL that cannot be read.")
            raise refusal(message, text("Correct it."), "ATLAS_STORE_DB") from None
        own = {"options": f"{given.get('options', '')} {_SESSION}", "client_encoding": "UTF8", "autocommit": True}
        # Values are quoted by the client: the server cannot tell the type of a bare NULL.
        self._server = given | own | {"row_factory": dict_row, "cursor_factory": psycopg.ClientCursor}
        user, host, port = (given.get(key) or "" for key in ("user", "host", "port"))
        self.path = f"postgresql://{user}@{host}:{port or 5432}/{given.get('dbname') or user}"  # without the password
        self.folder = folder
        self.heads_path = folder / audit.HEADS_NAME
        self.read_only_hint: Text | None = None

    @classmethod
    def open(cls, folder: Path, url: str) -> PostgresCatalogue:
        """Open the catalogue of a shared folder, created on first start; raises StoreError unless they match."""
        opened = cls(folder, url)
        with reported(opened.heads_path):
            newest = audit.newest_head(opened.heads_path)  # before the catalogue, which may only be newer
        with opened._session() as session:
            session.lock(_CHANGES)
            if not session.holds_store():
                opened._make(session)
        opened._check(newest)
        opened.read_only_hint = None if is_writable(folder) else owner_hint(folder)
        return opened

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        with self._session() as session:
            session.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield session

    @contextmanager
    def changing(self) -> Iterator[Connection]:
        refuse_read_only(self.read_only_hint, self.folder)
        with self._session() as session, session.changing() as db:
            yield db

    @contextmanager
    def writing(self) -> Iterator[Writer]:
        """Hold the writers' lock, shared. Lock and commit share a session: who lost its connection cannot commit."""
        with self._session() as session:
            session.execute("SELECT pg_advisory_lock_shared(?)", (_WRITERS,))
            yield session

    @contextmanager
    def alone(self) -> Iterator[bool]:
        with self._session() as session:
            yield session.execute("SELECT pg_try_advisory_lock(?) AS is_held", (_WRITERS,)).fetchone()["is_held"]

    def structure_faults(self, db: Connection) -> list[Text]:  # noqa: ARG002 (part of the interface)
        """Return nothing: the server checks pages and references, and reading damaged ones fails."""
        return []

    def raise_version(self, db: Connection) -> None:
        db.execute("UPDATE atlas_store SET version = ?", (SCHEMA_VERSION,))

    def close(self) -> None:
        """Do nothing: no connection outlives a call."""

    @contextmanager
    def _session(self) -> Iterator[_Session]:
        with reported(self.path), _server_reported(self.path), closing(psycopg.connect(**self._server)) as raw:
            try:
                yield _Session(raw, self)
            finally:
                # Closing alone would leave the release of locks to the server's timing.
                with contextlib.suppress(psycopg.Error):
                    raw.execute("ROLLBACK; SELECT pg_advisory_unlock_all()")

    def _make(self, session: _Session) -> None:
        with reported(self.folder):
            batches = self.folder / files.BATCH_FOLDER
            if (self.folder / CATALOGUE_NAME).exists() and (self.folder / MARK_NAME).exists():
                message = text("A restore into this folder was interrupted; the database holds nothing of it.")
                hint = text("Empty the folder and restore again: the backup is unchanged.")
                raise refusal(message, hint, self.folder)
            is_used = (self.folder / CATALOGUE_NAME).exists() or self.heads_path.exists()
            if is_used or (batches.exists() and any(batches.iterdir())):
                message = text(
                    "The folder holds a store, but not one whose catalogue is in {place}. Nothing was changed.",
                    place=self.path,
                )
                hint = text(
                    "Set ATLAS_STORE_DB to its database, or bring it over with `python -m geo backup` and `restore`."
                )
                raise refusal(message, hint, self.folder, ProblemCode.DAMAGED_DATA)
        with self._making(session):
            make_folders(self.folder, SHARED)

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
            if not is_known_version(row["version"]):
                raise other_version(self.path, row["version"])
            with reported(self.folder):
                mark = self.folder / MARK_NAME
                is_own = mark.exists() and mark.read_text("ascii", "replace").strip() == row["store_id"]
            if not is_own:
                message = text("This is not the folder of the store in {place}. Nothing was changed.", place=self.path)
                hint = text("Mount the shared folder, or set ATLAS_STORE and ATLAS_STORE_DB to those of one store.")
                raise refusal(message, hint, self.folder)
            remedy = text("Let the database server recover its newest changes.")
            audit.refuse_lost_changes(db, newest, self.path, remedy)


class _Session:
    """One connection to the server, as the store uses one; its locks are released when it ends."""

    def __init__(self, raw: psycopg.Connection[Any], catalogue: PostgresCatalogue) -> None:
        self._raw = raw
        self._catalogue = catalogue

    def execute(self, sql: str, parameters: Sequence[Any] | Mapping[str, Any] = (), /) -> Any:
        return self._raw.execute(_translated(sql), parameters or None)

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
        except errors.DiskFull:
            raise  # the server itself has taken the change back
        except psycopg.OperationalError as error:
            message = text("The connection was lost while a change was being completed: it may have been made.")
            hint = text("Check whether it was made before you repeat it.")
            raise refusal(message, hint, self._catalogue.path) from error
        # The change is committed; on a full disk the file of heads is only one step behind.
        with contextlib.suppress(OSError):
            audit.write_head(self._catalogue.heads_path, seq, digest)

    def holds_store(self) -> bool:
        return bool(self.execute("SELECT to_regclass('atlas_store') IS NOT NULL AS found").fetchone()["found"])

    def create_tables(self, place: str) -> str:
        """Create the tables of a new store, within a transaction, and return the name that ties the folder to it."""
        encoding = self._raw.info.parameter_status("server_encoding")
        if encoding != "UTF8":
            message = text("The database keeps texts as {encoding}.", encoding=str(encoding))
            raise refusal(message, text("Make a database with ENCODING 'UTF8'."), place)
        self._raw.execute(_SCHEMA.read_text(encoding="utf-8"))
        store_id = secrets.token_hex(16)
        self.execute("INSERT INTO atlas_store (store_id, version) VALUES (?, ?)", (store_id, SCHEMA_VERSION))
        return store_id


@contextmanager
def founding(folder: Path, url: str) -> Iterator[None]:
    """Move the catalogue of the store that the block puts into the folder to an empty database, all or nothing."""
    catalogue = PostgresCatalogue(folder, url)
    with catalogue._session() as session:
        session.lock(_CHANGES)
        if session.holds_store():
            hint = text("Set ATLAS_STORE_DB to an empty database.")
            raise refusal(text("The database holds a store already."), hint, catalogue.path)
        with catalogue._making(session):
            yield
            with SqliteCatalogue(folder, read_only_hint=UNCHANGED).reading() as source:
                write_tables(session, read_tables(source))
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
    reason = str(error).partition("\n")[0]
    if isinstance(error, errors.DiskFull):
        return disk_full(place)
    if isinstance(error, errors.DataCorrupted | errors.IndexCorrupted):
        return damaged_catalogue(place, reason)
    if isinstance(error, errors.LockNotAvailable):
        return refusal(*BUSY, place)
    if isinstance(error, errors.InsufficientPrivilege | errors.ReadOnlySqlTransaction):
        message = text("This user cannot change the database: {reason}.", reason=reason)
        return refusal(message, text("Make the user owner of the tables."), place)
    if isinstance(error, psycopg.OperationalError):
        message = text("The database cannot be reached: {reason}.", reason=reason)
        return refusal(message, text("Start the server, or correct ATLAS_STORE_DB."), place)
    message = text("The database cannot be used: {reason}.", reason=reason)
    return refusal(message, text("Check the database."), place)

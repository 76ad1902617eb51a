"""Files of a store: immutable Parquet files, kept uploads, and the lock that protects files being written.

Every file is written under a temporary name, flushed to the disk and renamed; the catalogue names it only then.
A new file gets the permissions of its folder: 0600 in a folder of 0700, more only where the folder grants more.
"""

from __future__ import annotations

import errno
import hashlib
import io
import os
import re
import secrets
import sqlite3
import stat
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import pyarrow as pa
import pyarrow.parquet as pq

from geo import verbatim
from geo.schema import ADDED_COLUMNS, COLUMN_NAMES
from geo.store.errors import damaged_file, is_damage, refusal, reported
from geo.store.rows import FACTS_COLUMN, ContentDigest, storable, stored_schema, with_added_columns
from geo.wording import text

BATCH_FOLDER = "batches"
RAW_FOLDER = "raw"
LOCK_NAME = "writers.lock"
# Few enough that the memory of one piece, text of cells and all, is used again for the next: taking new memory from the
# system costs more than making the text.
_ROWS_PER_GROUP = 32_768
# A longer batch is several files, written at the same time: a writer of one file uses one processor.
_ROWS_PER_FILE = 8 * _ROWS_PER_GROUP
_MOST_WRITERS = 4
# Looking for repeats in these columns costs time and room.
_WITHOUT_REPEATS = ("incident_id", "source_event_id", "source_row", "lat", "lon", "raw")
_CHUNK_BYTES = 1 << 18  # stays in the processor's cache between digest and copy
_LOCK_TIMEOUT_S = 30.0
_WRITING = ".writing"
_NO_WAITING = getattr(os, "O_NONBLOCK", 0)  # a named pipe without another end is then an error
_NAMES = {BATCH_FOLDER: re.compile(r"[0-9a-f]{16}\.parquet"), RAW_FOLDER: re.compile(r"[0-9a-f]{64}")}
_UNFINISHED = re.compile(r"\.[0-9a-f]{8}\.writing\Z")


@dataclass(frozen=True, slots=True)
class StoredFile:
    """One Parquet file of a batch, as the catalogue has it. `sha256` is of the bytes of the file."""

    name: str
    n_bytes: int
    n_rows: int
    sha256: str


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Hold the writers' lock, shared: nothing is swept while any process holds it.

    It is a read transaction on a small SQLite file: portable, and released by the system when a process dies.
    """
    with _lock(folder, _LOCK_TIMEOUT_S) as lock:
        lock.execute("BEGIN")
        lock.execute("SELECT count(*) FROM sqlite_master").fetchone()
        yield


@contextmanager
def alone(folder: Path, timeout_s: float = 0.0) -> Iterator[bool]:
    """Hold the writers' lock alone, if no writer is at work; yields whether it is held."""
    with _lock(folder, timeout_s) as lock:
        try:
            if not lock.execute("PRAGMA user_version").fetchone()[0]:
                # With one page written once, taking the lock needs no room on the disk.
                lock.execute("PRAGMA user_version = 1")
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise
            is_alone = False
        else:
            is_alone = True
        yield is_alone


def write_rows(folder: Path, rows: pa.Table, trusted: set[tuple[str, int]]) -> tuple[list[StoredFile], str]:
    """Write canonical rows as GeoParquet files; return what the catalogue records of them, and the content digest.

    A file has at most _ROWS_PER_FILE rows, whatever the machine, so this version gives equal rows equal digests (see
    `write_part`); stores of another number of rows a file, and parts of `geo.bulk`, have others above it.
    trusted: as for `read_rows`; the SHA-256 of a file was just taken from the file itself.
    """
    pieces = [rows.slice(start, _ROWS_PER_FILE) for start in range(0, max(len(rows), 1), _ROWS_PER_FILE)]
    targets = [folder / BATCH_FOLDER / _new_name() for _ in pieces]
    with ThreadPoolExecutor(min(len(pieces), os.cpu_count() or 1, _MOST_WRITERS)) as pool:
        written = list(pool.map(write_part, targets, pieces))
    trusted.update((path.name, path.stat().st_mtime_ns) for path in targets)
    return [file for file, _ in written], joined_sha256([digest for _, digest in written])


def write_part(target: Path, rows: pa.Table) -> tuple[StoredFile, str]:
    """Write canonical rows to a path as the store's files are: GeoParquet, page checksums, whole or not at all.

    Returns the file and the content digest of the rows. Rows are prepared in pieces, the next one while the last
    is written.
    """
    digest, schema = ContentDigest(), stored_schema(rows)
    texts_of_cells = verbatim.paths_of_dictionaries(rows.schema.field(verbatim.RAW).type)
    with (
        appearing(target) as handle,
        pq.ParquetWriter(
            handle,
            schema,
            compression="zstd",
            write_page_checksum=True,
            use_dictionary=[name for name in COLUMN_NAMES if name not in _WITHOUT_REPEATS] + texts_of_cells,
            # The least and the greatest cell help no reader, and would be in every page.
            write_statistics=[name for name in (*COLUMN_NAMES, FACTS_COLUMN) if name != verbatim.RAW],
            # Dictionaries are a matter of the file: every reader sees texts.
            store_schema=False,
        ) as writer,
        ThreadPoolExecutor(1) as pool,
    ):
        writer.add_key_value_metadata(schema.metadata)
        for piece in _pieces_to_store(rows):
            digesting = pool.submit(digest.add, piece)
            writer.write_batch(piece, row_group_size=_ROWS_PER_GROUP)
            digesting.result()
    return StoredFile(target.name, target.stat().st_size, len(rows), file_sha256(target)), digest.hexdigest()


def _pieces_to_store(rows: pa.Table) -> Iterator[pa.RecordBatch]:
    """Yield rows as they are stored, each piece made while the one before it is written."""
    with ThreadPoolExecutor(1) as pool:
        coming: deque[Future[pa.RecordBatch]] = deque()
        for start in range(0, len(rows), _ROWS_PER_GROUP):
            coming.append(pool.submit(storable, rows.slice(start, _ROWS_PER_GROUP)))
            if len(coming) > 1:
                yield coming.popleft().result()
        while coming:
            yield coming.popleft().result()


def adopt_part(folder: Path, source: Path, sha256: str) -> StoredFile:
    """Copy a file that `write_part` wrote into the store; raises DamagedData unless it has this SHA-256."""
    target = folder / BATCH_FOLDER / _new_name()
    with reported(source), source.open("rb") as original, appearing(target) as handle:
        if copy_bytes(original, handle) != sha256:
            raise damaged_file(source, text("it is not the file that was written"))
    return StoredFile(target.name, target.stat().st_size, pq.read_metadata(target).num_rows, sha256)


def _new_name() -> str:
    return f"{secrets.token_hex(8)}.parquet"


def keep_raw(folder: Path, source: Path, sha256: str) -> None:
    """Copy an accepted upload into the store under its SHA-256; raises StoreError if the bytes are not those."""
    target = folder / RAW_FOLDER / sha256
    with reported(source), source.open("rb") as original, appearing(target) as handle:
        if copy_bytes(original, handle) != sha256:
            raise refusal(text("The file changed while it was being stored."), text("Load the file again."), source)


def copy_bytes(original: io.BufferedReader, handle: IO[bytes]) -> str:
    """Copy a file and return the SHA-256 of what was copied."""
    digest, chunk = hashlib.sha256(), memoryview(bytearray(_CHUNK_BYTES))
    while n_read := original.readinto(chunk):
        digest.update(chunk[:n_read])
        handle.write(chunk[:n_read])
    return digest.hexdigest()


def read_rows(
    folder: Path,
    parts: Sequence[StoredFile],
    trusted: set[tuple[str, int]],
    columns: Sequence[str] | None = None,
    encoded: Sequence[str] = (),
) -> pa.Table:
    """Return the rows of a batch: the canonical columns, or those asked for, in that order; `raw` as JSON text.

    encoded: text columns to return as dictionaries, the form that they have in the files.
    trusted: (name, time of last change) of the files whose SHA-256 was correct; it is added to. The checksums of the
    pages are checked every time. Raises DamagedData for a file that is not as it was stored.
    """
    names = list(COLUMN_NAMES if columns is None else columns)
    return pa.concat_tables(
        [_read_part(folder / BATCH_FOLDER / part.name, part, trusted, names, list(encoded)) for part in parts]
    )


def joined_sha256(digests: Sequence[str]) -> str:
    """Return the content digest of a batch from those of its parts in their order."""
    return digests[0] if len(digests) == 1 else hashlib.sha256("".join(digests).encode()).hexdigest()


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with open_plain(path) as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def unlisted(folder: Path, listed: set[str]) -> list[Path]:
    """Return files of the batch and raw folders that the catalogue does not name."""
    found = [path for name in (BATCH_FOLDER, RAW_FOLDER) for path in (folder / name).iterdir()]
    return sorted(path for path in found if path.name not in listed)


def is_own_name(folder_name: str, name: str) -> bool:
    """Whether a file of the batch or raw folder could have been named by this program; nothing else is a path."""
    return _NAMES[folder_name].fullmatch(name) is not None


def leftovers(folder: Path, listed: set[str]) -> tuple[list[Path], list[Path]]:
    """Return what interrupted writes left behind: files unfinished, and files finished that no batch names.

    Valid only while the lock is held alone. Files of other origin are in neither list.
    """
    own = [path for path in unlisted(folder, listed) if is_own_name(path.parent.name, _UNFINISHED.sub("", path.name))]
    unfinished = [path for path in own if path.suffix == _WRITING]
    return unfinished, [path for path in own if path.suffix != _WRITING]


def opened_alike(path: str, flags: int) -> int:
    """Open a file for `open`; a new one gets the permissions of its folder, without the right to execute."""
    return os.open(path, flags | _NO_WAITING, Path(path).parent.stat().st_mode & 0o666)


def open_plain(path: Path) -> io.BufferedReader:
    """Open a file to read; raises OSError for a named pipe or a device, which could keep a reader waiting for ever."""
    refuse_special(path)
    # Another user may have put a pipe there in the meantime: opening must not wait for a writer.
    return open(path, "rb", opener=lambda name, flags: os.open(name, flags | _NO_WAITING))


def refuse_special(path: Path) -> None:
    """Raise OSError for what is neither a file nor a folder; a path without anything raises FileNotFoundError."""
    mode = path.stat().st_mode
    if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
        raise OSError(errno.EINVAL, "it is not a plain file", str(path))


def create_empty(path: Path) -> None:
    """Create a file, if there is none, for SQLite, which would grant more than its folder."""
    open(path, "ab", opener=opened_alike).close()


def sync_folder(folder: Path) -> None:
    """Make renames in a folder survive a power cut, where the system can."""
    if os.name != "nt":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


@contextmanager
def appearing(target: Path) -> Iterator[IO[bytes]]:
    """Yield a file to write that appears under its name complete and on the disk, or not at all."""
    building = target.with_name(f"{target.name}.{secrets.token_hex(4)}{_WRITING}")
    try:
        with open(building, "xb", opener=opened_alike) as handle:
            yield handle
            handle.flush()
            os.fsync(handle.fileno())
        os.replace(building, target)
        sync_folder(target.parent)
    finally:
        building.unlink(missing_ok=True)


@contextmanager
def _lock(folder: Path, timeout_s: float) -> Iterator[sqlite3.Connection]:
    path = folder / LOCK_NAME
    with reported(path):
        create_empty(path)
        refuse_special(path)
        with closing(sqlite3.connect(path, timeout=timeout_s, isolation_level=None)) as lock:
            try:
                yield lock
            except sqlite3.DatabaseError as error:
                if is_damage(error):
                    hint = text("Delete this file: it holds no data.")
                    raise refusal(text("The file is damaged."), hint, path) from error
                raise


@contextmanager
def readable(path: Path) -> Iterator[None]:
    """Turn failures to read a Parquet file into DamagedData."""
    try:
        yield
    except FileNotFoundError as error:
        raise damaged_file(path, text("the file is missing")) from error
    except (OSError, pa.ArrowException) as error:
        raise damaged_file(path, str(error).splitlines()[0]) from error


def _read_part(
    path: Path, part: StoredFile, trusted: set[tuple[str, int]], names: list[str], encoded: list[str]
) -> pa.Table:
    # The digest of the whole file takes as long as reading most of its columns: both at once.
    with readable(path), ThreadPoolExecutor(1) as pool:
        refuse_special(path)
        state = (part.name, path.stat().st_mtime_ns)
        reading = pool.submit(_columns, path, names, encoded)
        if state not in trusted and file_sha256(path) != part.sha256:
            raise damaged_file(path, text("it is not the file that was stored"))
        trusted.add(state)
        return reading.result()


def cells_in_dictionaries(path: Path) -> list[str]:
    """Return the paths of the columns of original cells that a batch file holds as dictionaries: quicker to read so."""
    metadata = pq.read_metadata(path)
    group = metadata.row_group(0) if metadata.num_row_groups else None
    columns = [group.column(place) for place in range(group.num_columns)] if group else []
    is_held = [
        one.path_in_schema.startswith(f"{verbatim.RAW}.") and "RLE_DICTIONARY" in one.encodings for one in columns
    ]
    return [column.path_in_schema for column, held in zip(columns, is_held, strict=True) if held]


def _columns(path: Path, names: list[str], encoded: list[str]) -> pa.Table:
    held = pq.read_schema(path).names if ADDED_COLUMNS.intersection(names) else names
    dictionaries = [name for name in encoded if name in held]
    dictionaries += cells_in_dictionaries(path) if verbatim.RAW in names else []
    # Not pq.read_table, which loads all that reads folders of files.
    with pq.ParquetFile(path, page_checksum_verification=True, read_dictionary=dictionaries) as content:
        table = content.read([name for name in names if name in held])
    return with_added_columns(verbatim.with_json(table), names, encoded).replace_schema_metadata(None)

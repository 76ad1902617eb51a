"""A batch that was written elsewhere, in several files, and is taken into the store as it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from geo.schema import arrow_schema
from geo.store.errors import damaged_file, reported
from geo.store.files import StoredFile, adopt_part, file_sha256
from geo.store.rows import repeated_ids, storable
from geo.wording import Text

_THREADS = 2  # copying is bound by the digest, which leaves the interpreter free


@dataclass(frozen=True, slots=True)
class Part:
    """One file of a batch, written by `geo.store.write_part`: its path and the two digests that this returned."""

    path: Path
    sha256: str
    rows_sha256: str


@dataclass(frozen=True, slots=True)
class PartedBatch:
    """What the store must be told of a batch in parts; the counts of accepted rows are taken from the files.

    origin: the file that is kept as what the batch came from, for example a list of the inputs. Other fields as in
    geo.schema.Batch.
    """

    parts: tuple[Part, ...]
    origin: Path
    label: str
    format: str
    source: str
    n_rows_in: int
    n_refused: int = 0
    n_duplicates: int = 0
    source_version: str | None = None
    snapshot_date: date | None = None
    notes: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class PartsFacts:
    """What the rows of all parts say: how many they are, how many have a district, first and last day."""

    n_rows: int
    n_located: int
    first_day: date | None
    last_day: date | None


def facts_of(parts: Sequence[Part]) -> PartsFacts:
    """Check that the parts fit together and return what the catalogue must know of their rows.

    Raises ValueError for a part that is not in the form of the store, or an incident that is in two places;
    DamagedData for a file that cannot be read.
    """
    if not parts:
        raise ValueError("a batch has at least one part")
    tables = []
    for part in parts:
        with _readable(part.path):
            schema = pq.read_schema(part.path)
            if not schema.equals(_stored_schema()):
                raise ValueError(f"{part.path} is not in the form in which the store keeps rows")
            tables.append(pq.read_table(part.path, columns=["incident_id", "date_start", "pcode"], partitioning=None))
    rows = pa.concat_tables(tables)
    repeated = repeated_ids(rows["incident_id"])
    if repeated:
        raise ValueError(f"incident_id must be unique within a batch: {repeated[0]}")
    days = pc.min_max(rows["date_start"]).as_py()
    return PartsFacts(len(rows), len(rows) - rows["pcode"].null_count, days["min"], days["max"])


def adopt(folder: Path, parts: Sequence[Part]) -> list[StoredFile]:
    """Copy the parts into the store, in their order; raises DamagedData for one that is not what was written."""

    def copied(part: Part) -> StoredFile:
        with reported(part.path):
            return adopt_part(folder, part.path, part.sha256)

    with ThreadPoolExecutor(_THREADS) as threads:
        return list(threads.map(copied, parts))


def origin_sha256(batch: PartedBatch) -> str:
    """Return the SHA-256 of the file that the batch came from; raises StoreError if it cannot be read."""
    with reported(batch.origin):
        return file_sha256(batch.origin)


def catalogue_values(batch: PartedBatch, facts: PartsFacts) -> dict[str, Any]:
    """Return what `geo.store.batches.insert` needs, as far as the batch itself says it."""
    return {
        "label": batch.label,
        "format": batch.format,
        "source": batch.source,
        "source_version": batch.source_version,
        "snapshot_date": batch.snapshot_date,
        "n_rows_in": batch.n_rows_in,
        "n_accepted": facts.n_rows,
        "n_refused": batch.n_refused,
        "n_duplicates": batch.n_duplicates,
        "n_located": facts.n_located,
        "first_day": facts.first_day,
        "last_day": facts.last_day,
        "notes": [note.record() for note in batch.notes],
    }


def _stored_schema() -> pa.Schema:
    return storable(arrow_schema().empty_table()).schema.remove_metadata()


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as error:
        raise damaged_file(path, "the file is missing") from error
    except (OSError, pa.ArrowException) as error:
        raise damaged_file(path, str(error).splitlines()[0]) from error

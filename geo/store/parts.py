"""A batch that was written elsewhere, in several files, and is copied into the store unchanged."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from geo import verbatim
from geo.store.batches import RowFacts
from geo.store.files import StoredFile, adopt_part, readable
from geo.store.rows import repeated_ids, stored_schema
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
    """What the store must know of a batch in parts; the counts of accepted rows are taken from the files.

    origin: the file to keep as the source of the batch, for example a list of the inputs. Other fields as in
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


def facts_of(parts: Sequence[Part]) -> RowFacts:
    """Check that the parts fit together and return the facts of their rows.

    Raises ValueError for a part that is not in the form of the store, or an incident that occurs twice;
    DamagedData for a file that cannot be read.
    """
    if not parts:
        raise ValueError("a batch has at least one part")
    tables = []
    for part in parts:
        with readable(part.path):
            schema = pq.read_schema(part.path)
            if not _is_stored_form(schema):
                raise ValueError(f"{part.path} is not in the form in which the store keeps rows")
            tables.append(pq.read_table(part.path, columns=["incident_id", "date_start", "pcode"], partitioning=None))
    rows = pa.concat_tables(tables)
    repeated = repeated_ids(rows["incident_id"])
    if repeated:
        raise ValueError(f"incident_id must be unique within a batch: {repeated[0]}")
    return RowFacts.of(rows)


def _is_stored_form(schema: pa.Schema) -> bool:
    if verbatim.RAW not in schema.names:
        return False
    kind = schema.field(verbatim.RAW).type
    is_readable = pa.types.is_string(kind) or verbatim.is_cells(kind)
    own = stored_schema(verbatim.schema_in_hand(kind if is_readable else pa.string()).empty_table())
    return bool(schema.equals(own.remove_metadata()))


def adopt(folder: Path, parts: Sequence[Part]) -> list[StoredFile]:
    """Copy the parts into the store, in their order; raises DamagedData for one that changed since it was written."""
    with ThreadPoolExecutor(_THREADS) as threads:
        return list(threads.map(lambda part: adopt_part(folder, part.path, part.sha256), parts))

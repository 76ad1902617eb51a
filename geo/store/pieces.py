"""Batch files read a row group at a time: original cells, which are wide, never are in memory whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from geo import verbatim
from geo.schema import COLUMN_NAMES
from geo.store.errors import damaged_file
from geo.store.files import BATCH_FOLDER, StoredFile, joined_sha256, read_rows, readable, refuse_special
from geo.store.rows import FACTS_COLUMN, content_sha256, newest_of_each, with_added_columns
from geo.wording import text


def rows_with(folder: Path, parts: Sequence[StoredFile], wanted: Sequence[str]) -> Iterator[pa.Table]:
    """Yield the canonical rows of a batch with these incident ids, row group by row group; others are not read whole.

    The checksums of the pages are checked. Raises DamagedData.
    """
    for part in parts:
        path = folder / BATCH_FOLDER / part.name
        with readable(path), pq.ParquetFile(path, page_checksum_verification=True) as file:
            held = [name for name in COLUMN_NAMES if name in file.schema_arrow.names]
            for number in range(file.num_row_groups):
                ids = file.read_row_group(number, ["incident_id"])["incident_id"]
                chosen = pc.indices_nonzero(pc.is_in(ids, value_set=pa.array(wanted, pa.string())))
                if len(chosen):
                    rows = verbatim.with_json(file.read_row_group(number, held).take(chosen))
                    yield with_added_columns(rows, COLUMN_NAMES).replace_schema_metadata(None)


def ids_of(folder: Path, stored: Mapping[int, Sequence[StoredFile]], trusted: set[tuple[str, int]]) -> pa.Table:
    """Return the incidents of some batches, see `Store.known_ids`; stored: number of a batch -> its files."""
    schema = pa.schema([("incident_id", pa.string()), (FACTS_COLUMN, pa.uint64()), ("batch_id", pa.int64())])
    tables = [schema.empty_table()]
    for batch_id, parts in stored.items():
        rows = read_rows(folder, parts, trusted, ["incident_id", FACTS_COLUMN])
        tables.append(rows.append_column("batch_id", pa.repeat(pa.scalar(batch_id, pa.int64()), len(rows))))
    return newest_of_each(pa.concat_tables([table.cast(schema) for table in tables]))


def pieces_of(
    folder: Path,
    parts: Sequence[StoredFile],
    columns: Sequence[str],
    choose: Callable[[Sequence[str]], Sequence[str]] | None = None,
) -> Iterator[pa.Table]:
    """Yield canonical columns of a batch a row group at a time, `raw` as it is held: see geo.verbatim.

    choose: returns those of the names of the original columns that are needed; of a file with columns of cells only
    these are read, the first for none. The checksums of the pages are checked. Raises DamagedData.
    """
    for part in parts:
        path = folder / BATCH_FOLDER / part.name
        with readable(path), pq.ParquetFile(path, page_checksum_verification=True) as file:
            held = [name for name in columns if name in file.schema_arrow.names]
            kind = file.schema_arrow.field(verbatim.RAW).type
            if choose is not None and pa.types.is_struct(kind):
                names = [field.name for field in kind]
                chosen = [f"{verbatim.RAW}.{name}" for name in choose(names) or names[:1]]
                held = [path for name in held for path in (chosen if name == verbatim.RAW else [name])]
            for number in range(file.num_row_groups):
                rows = file.read_row_group(number, held)
                yield with_added_columns(rows, columns).replace_schema_metadata(None)


def rows_sha256(folder: Path, parts: Sequence[StoredFile]) -> str:
    """Return the content digest of a stored batch, read in pieces; raises DamagedData.

    For a batch in several parts it is that of the digests of the parts, so that each can be digested on its own.
    """
    return joined_sha256([content_sha256(_pieces(folder / BATCH_FOLDER / part.name)) for part in parts])


def are_alike_without_cells(folder: Path, one: Sequence[StoredFile], other: Sequence[StoredFile]) -> bool:
    """Whether two batches that were stored by different versions have the same rows, original cells left out.

    Versions differ in how they hold original cells and in how many rows a file has. False for two batches in the same
    form: their content digests say it. Raises DamagedData.
    """
    if _form(folder, one) == _form(folder, other):
        return False
    digests = [
        content_sha256(
            (piece for part in parts for piece in _pieces(folder / BATCH_FOLDER / part.name)), with_cells=False
        )
        for parts in (one, other)
    ]
    return digests[0] == digests[1]


def _form(folder: Path, parts: Sequence[StoredFile]) -> list[tuple[int, bool]]:
    """Return the number of rows of each file and whether it holds original cells as JSON text."""
    forms = []
    for part in parts:
        path = folder / BATCH_FOLDER / part.name
        with readable(path):
            is_text = pa.types.is_string(pq.read_schema(path).field(verbatim.RAW).type)
        forms.append((part.n_rows, is_text))
    return forms


def _pieces(path: Path) -> Iterator[pa.RecordBatch]:
    with readable(path):
        refuse_special(path)
    with readable(path), pq.ParquetFile(path, page_checksum_verification=True) as file:
        kind = file.schema_arrow.field(verbatim.RAW).type
        if not pa.types.is_string(kind) and not verbatim.is_cells(kind):
            raise damaged_file(path, text("the original cells are not texts"))
        for batch in file.iter_batches(columns=[name for name in COLUMN_NAMES if name in file.schema_arrow.names]):
            yield from with_added_columns(pa.Table.from_batches([batch]), COLUMN_NAMES).to_batches()

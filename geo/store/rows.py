"""Rows as Arrow: the geometry column, checks before storing, and digests of content."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo import verbatim
from geo.schema import ADDED_COLUMNS, COLUMN_NAMES, columns_for

if TYPE_CHECKING:
    from numpy.typing import NDArray

FACTS_COLUMN = "facts_hash"
GEOMETRY_COLUMN = "geometry"
# Ids are what is compared by; where the row stood in its file, how it was located here and the cells that no
# column took do not make an incident a different one.
FACT_COLUMNS = columns_for("fact")
# Well-known binary of a point, little-endian: made for all rows at once, without an object for each.
_WKB_POINT = np.dtype([("byte_order", "u1"), ("kind", "<u4"), ("lon", "<f8"), ("lat", "<f8")])
_NULL_BITS = np.uint64(0x7FF8_0000_0000_4E55)  # a NaN that no stored number has
_LONGEST_KEPT = 200  # characters of a text whose digest is kept in memory


def check_rows(rows: pa.Table) -> None:
    """Raise ValueError unless rows have exactly the canonical columns, no forbidden null and unique ids.

    `raw` is JSON text or columns of cells (geo.verbatim).
    """
    has_raw = verbatim.RAW in rows.schema.names
    kind = rows.schema.field(verbatim.RAW).type if has_raw else pa.null()
    schema = verbatim.schema_in_hand(kind)
    is_raw = pa.types.is_string(kind) or verbatim.is_cells(kind)
    if not is_raw or rows.schema.names != schema.names or rows.schema.types != schema.types:
        raise ValueError(f"rows must have exactly the canonical columns; they have {rows.schema.names}")
    for field in schema:
        if not field.nullable and rows[field.name].null_count:
            raise ValueError(f"column {field.name} must not hold nulls")
    if len(rows["incident_id"].unique()) != len(rows):
        raise ValueError("incident_id must be unique within a batch")


def storable(rows: pa.Table) -> pa.RecordBatch:
    """Return canonical rows as they are stored: `raw` as it is, and the columns facts_hash (uint64) and geometry.

    geometry: WKB point, null without coordinates.
    """
    rows = rows.combine_chunks().cast(verbatim.schema_in_hand(rows.schema.field(verbatim.RAW).type))
    lon_deg, lat_deg, is_known = _coordinates(rows)
    table = rows.append_column(pa.field(FACTS_COLUMN, pa.uint64(), False), facts_hashes(rows))
    table = table.append_column(GEOMETRY_COLUMN, _points(lon_deg, lat_deg, is_known))
    # Combining copies, and with each piece the whole dictionary of a column, even where there is one chunk already.
    columns = [column.chunk(0) if column.num_chunks == 1 else column.combine_chunks() for column in table.columns]
    return pa.RecordBatch.from_arrays(columns, schema=table.schema)


def stored_schema(rows: pa.Table) -> pa.Schema:
    """Return the schema of a file that holds these rows, with the GeoParquet metadata; `raw` as it is.

    CRS: the GeoParquet default, OGC:CRS84, which is EPSG:4326 in longitude-latitude order. Format:
    https://geoparquet.org/releases/v1.1.0/
    """
    lon_deg, lat_deg, is_known = _coordinates(rows)
    column: dict[str, Any] = {"encoding": "WKB", "geometry_types": ["Point"]}
    if is_known.any():
        lon_known, lat_known = lon_deg[is_known], lat_deg[is_known]
        column["bbox"] = [lon_known.min(), lat_known.min(), lon_known.max(), lat_known.max()]
    geo = {"version": "1.1.0", "primary_column": GEOMETRY_COLUMN, "columns": {GEOMETRY_COLUMN: column}}
    return storable(rows.slice(0, 0)).schema.with_metadata({"geo": json.dumps(geo)})


def facts_hashes(rows: pa.Table) -> pa.Array:
    """Return a uint64 hash of the FACT_COLUMNS of each row: equal for the same incident with the same facts.

    Distinguishes an unchanged row from a changed one under the same incident_id; ids, row number, district
    assignment and the kept original cells do not enter. The same on every machine and in every version: a column that
    was added later (ADDED_COLUMNS) enters only where a row has a value.
    """
    mixed = np.zeros(len(rows), dtype=np.uint64)
    for name in FACT_COLUMNS:
        column = rows[name].combine_chunks()
        if name in ADDED_COLUMNS and column.null_count == len(column):
            continue
        with_column = _mixed(mixed + _value_hashes(column))
        mixed = np.where(np.asarray(column.is_valid()), with_column, mixed) if name in ADDED_COLUMNS else with_column
    return pa.array(mixed)


def with_added_columns(rows: pa.Table, wanted: Sequence[str], encoded: Sequence[str] = ()) -> pa.Table:
    """Return the wanted columns of stored rows; those that are younger than the file are null, as texts or encoded."""
    for name in wanted:
        if name in ADDED_COLUMNS and name not in rows.schema.names:
            kind = pa.dictionary(pa.int32(), pa.string()) if name in encoded else pa.string()
            rows = rows.append_column(name, pa.nulls(len(rows), kind))
    return rows.select(list(wanted))


def id_hashes(ids: pa.ChunkedArray | pa.Array) -> NDArray[np.uint64]:
    """Return a uint64 hash of each text, the same on every machine: equal hashes are a hint, not a proof."""
    import pandas as pd

    texts = np.asarray(ids.to_numpy(zero_copy_only=False), dtype=object)
    return np.asarray(pd.util.hash_array(texts, categorize=False), dtype=np.uint64)


def repeated_hashes(hashes: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Return the positions, in order, of the values that occur more than once."""
    ordered = np.sort(hashes)
    several = np.unique(ordered[1:][ordered[1:] == ordered[:-1]])
    return np.flatnonzero(np.isin(hashes, several)) if len(several) else np.zeros(0, dtype=np.int64)


def repeated_ids(ids: pa.ChunkedArray) -> list[str]:
    """Return the texts that occur more than once, in order of their first place."""
    counts = ids.value_counts()
    repeated: list[str] = counts.field("values").filter(pc.greater(counts.field("counts"), 1)).to_pylist()
    return repeated


class ContentDigest:
    """The SHA-256 of canonical rows in their order: the same however they are cut up, compressed or stored.

    A column of ADDED_COLUMNS without any value does not enter, as if the rows had been stored before it existed.
    Original cells enter as JSON text, as earlier versions stored them; as columns they do not: the file that the rows
    came from implies them, and the digest of the batch file covers them.
    """

    def __init__(self, *, with_cells: bool = True) -> None:
        """Start without rows. with_cells: whether original cells enter where they are JSON text."""
        self._with_cells = with_cells
        self._filled: set[str] = set(COLUMN_NAMES) - ADDED_COLUMNS
        self._streams = [(hashlib.sha256(), hashlib.sha256(), hashlib.sha256()) for _ in COLUMN_NAMES]

    def add(self, batch: pa.RecordBatch) -> None:
        """Add further rows; all of them have `raw` as JSON text, or none."""
        for name, (present, lengths, data) in zip(COLUMN_NAMES, self._streams, strict=True):
            column = batch.column(name)
            if pa.types.is_struct(column.type) or (name == verbatim.RAW and not self._with_cells):
                self._filled.discard(name)
                continue
            if column.null_count < len(column):
                self._filled.add(name)
            present.update(np.asarray(column.is_valid()).tobytes() if column.null_count else b"\x01" * len(column))
            if pa.types.is_string(column.type):
                column = column.fill_null("")
                offsets = np.frombuffer(column.buffers()[1], "<i4")[column.offset : column.offset + len(column) + 1]
                lengths.update(np.diff(offsets).astype("<i4").tobytes())
                if offsets[-1] > offsets[0]:
                    data.update(column.buffers()[2][int(offsets[0]) : int(offsets[-1])])
            else:
                data.update(_numbers(column).tobytes())

    def hexdigest(self) -> str:
        """Return the digest of the rows so far."""
        whole = hashlib.sha256()
        for name, hashers in zip(COLUMN_NAMES, self._streams, strict=True):
            if name in self._filled:
                whole.update(name.encode() + b"".join(hasher.digest() for hasher in hashers))
        return whole.hexdigest()


def content_sha256(batches: Iterable[pa.RecordBatch], *, with_cells: bool = True) -> str:
    """Return the content digest of rows given in batches: see `ContentDigest`."""
    digest = ContentDigest(with_cells=with_cells)
    for batch in batches:
        digest.add(batch)
    return digest.hexdigest()


def newest_of_each(ids: pa.Table) -> pa.Table:
    """Return one row for each incident_id, the last of them; columns and their order stay."""
    positions = pa.table({"incident_id": ids["incident_id"], "position": pa.array(np.arange(len(ids)))})
    last = positions.group_by("incident_id").aggregate([("position", "max")])["position_max"]
    return ids.take(pa.array(np.sort(np.asarray(last, dtype=np.int64))))


def _value_hashes(column: pa.Array) -> NDArray[np.uint64]:
    """Return uint64 of shape (n,); each different text is hashed once, which is what makes this fast."""
    if pa.types.is_string(column.type):
        encoded = column.dictionary_encode()
        texts = encoded.dictionary.to_pylist()
        digests = [(_kept_digest if len(text) <= _LONGEST_KEPT else _digest)(text) for text in texts]
        of_words = np.frombuffer(b"".join([*digests, bytes(8)]), dtype="<u8")  # the last place serves nulls
        hashes: NDArray[np.uint64] = of_words[encoded.indices.fill_null(len(digests)).to_numpy()].astype(np.uint64)
        return hashes
    if column.null_count == len(column):
        return np.full(len(column), _NULL_BITS)
    # The bits of the number, so that no printing or rounding enters; nulls are set apart from zeros.
    bits = _numbers(column).astype(np.float64).view(np.uint64)
    return np.where(np.asarray(column.is_valid()), bits, _NULL_BITS)


def _digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode(), digest_size=8).digest()


# The words of one piece of rows recur in the next.
_kept_digest = lru_cache(maxsize=1 << 13)(_digest)


def _mixed(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Change values by the finalizer of SplitMix64 (Steele, Lea and Flood 2014) and return them.

    Each input bit changes half of the output bits.
    """
    # In place: taking memory for each step would cost more than the step.
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        values ^= values >> np.uint64(shift)
        values *= np.uint64(factor)
    values ^= values >> np.uint64(31)
    return values


def _numbers(column: pa.Array) -> NDArray[Any]:
    if pa.types.is_date(column.type):
        column = column.cast(pa.int32())
    zero = False if pa.types.is_boolean(column.type) else 0
    values: NDArray[Any] = column.fill_null(zero).to_numpy(zero_copy_only=False)
    return values.astype(values.dtype.newbyteorder("<"), copy=False)


def _coordinates(rows: pa.Table) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_]]:
    """Return longitude and latitude, NaN for none, and which rows have both."""
    lon_deg, lat_deg = (np.asarray(rows[name].to_numpy(zero_copy_only=False), np.float64) for name in ("lon", "lat"))
    return lon_deg, lat_deg, ~(np.isnan(lon_deg) | np.isnan(lat_deg))


def _points(lon_deg: NDArray[np.float64], lat_deg: NDArray[np.float64], is_known: NDArray[np.bool_]) -> pa.Array:
    points = np.empty(len(is_known), _WKB_POINT)
    points["byte_order"], points["kind"], points["lon"], points["lat"] = 1, 1, lon_deg, lat_deg
    of_one_size = pa.binary(_WKB_POINT.itemsize)
    known = pa.FixedSizeBinaryArray.from_buffers(of_one_size, len(points), [None, pa.py_buffer(points)])
    texts = known.cast(pa.binary())
    return texts if is_known.all() else pc.if_else(pa.array(is_known), texts, pa.scalar(None, pa.binary()))

"""Rows as Arrow: the geometry column, checks before storing, and digests of content."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo.schema import COLUMN_NAMES, arrow_schema

if TYPE_CHECKING:
    from numpy.typing import NDArray

FACTS_COLUMN = "facts_hash"
GEOMETRY_COLUMN = "geometry"
# Where the row stood in its file, how it was located here, and the cells that no column took: none of these
# makes an incident a different one.
_NOT_FACTS = frozenset(
    {"source_row", "raw", "pcode_stated", "pcode_located", "pcode", "district_method", "is_district_conflict"}
)
FACT_COLUMNS: tuple[str, ...] = tuple(name for name in COLUMN_NAMES if name not in _NOT_FACTS)
_ROWS_AT_ONCE = 100_000
_POINT = np.dtype([("order", "u1"), ("type", "<u4"), ("lon", "<f8"), ("lat", "<f8")])


def check_rows(rows: pa.Table) -> None:
    """Raise ValueError unless rows have exactly the canonical columns, no forbidden null and unique ids."""
    schema = arrow_schema()
    if rows.schema.names != schema.names or rows.schema.types != schema.types:
        raise ValueError(f"rows must have exactly the canonical columns; they have {rows.schema.names}")
    for field in schema:
        if not field.nullable and rows[field.name].null_count:
            raise ValueError(f"column {field.name} must not hold nulls")
    if pc.count_distinct(rows["incident_id"]).as_py() != len(rows):
        raise ValueError("incident_id must be unique within a batch")


def storable(rows: pa.Table) -> pa.Table:
    """Return canonical rows with the columns facts_hash (uint64) and geometry, and GeoParquet metadata.

    geometry: WKB point, null without coordinates. CRS: the GeoParquet default, OGC:CRS84, which is EPSG:4326
    in longitude-latitude order. Format: https://geoparquet.org/releases/v1.1.0/
    """
    rows = rows.cast(arrow_schema())
    lon_deg = rows["lon"].to_numpy(zero_copy_only=False)
    lat_deg = rows["lat"].to_numpy(zero_copy_only=False)
    table = rows.append_column(pa.field(FACTS_COLUMN, pa.uint64(), False), facts_hashes(rows))
    table = table.append_column(GEOMETRY_COLUMN, _points(lon_deg, lat_deg))
    column: dict[str, Any] = {"encoding": "WKB", "geometry_types": ["Point"]}
    if not np.isnan(lon_deg).all():
        column["bbox"] = [np.nanmin(lon_deg), np.nanmin(lat_deg), np.nanmax(lon_deg), np.nanmax(lat_deg)]
    geo = {"version": "1.1.0", "primary_column": GEOMETRY_COLUMN, "columns": {GEOMETRY_COLUMN: column}}
    return table.replace_schema_metadata({"geo": json.dumps(geo)})


def facts_hashes(rows: pa.Table) -> pa.Array:
    """Return a uint64 hash of the FACT_COLUMNS of each row: equal for the same incident told the same way.

    Serves to tell an unchanged row from a changed one under the same incident_id; row number, district
    assignment and the kept original cells do not enter.
    """
    digests: list[bytes] = []
    for start in range(0, len(rows), _ROWS_AT_ONCE):
        columns = (_as_text(rows[name].slice(start, _ROWS_AT_ONCE)) for name in FACT_COLUMNS)
        texts = pc.binary_join_element_wise(
            *columns, "\x1f", null_handling="replace", null_replacement="\x00"
        ).to_pylist()
        digests += [hashlib.blake2b(text.encode(), digest_size=8).digest() for text in texts]
    return pa.array(np.frombuffer(b"".join(digests), dtype="<u8"))


def content_sha256(batches: Iterable[pa.RecordBatch]) -> str:
    """Return the SHA-256 of canonical rows in their order: the same however they are cut up, compressed or stored."""
    streams = [(hashlib.sha256(), hashlib.sha256(), hashlib.sha256()) for _ in COLUMN_NAMES]
    for batch in batches:
        for name, (present, lengths, data) in zip(COLUMN_NAMES, streams, strict=True):
            column = batch.column(name)
            present.update(np.asarray(column.is_valid()).tobytes())
            if pa.types.is_string(column.type):
                column = column.fill_null("")
                offsets = np.frombuffer(column.buffers()[1], "<i4")[column.offset : column.offset + len(column) + 1]
                lengths.update(np.diff(offsets).astype("<i4").tobytes())
                if offsets[-1] > offsets[0]:
                    data.update(column.buffers()[2][int(offsets[0]) : int(offsets[-1])])
            else:
                data.update(_numbers(column).tobytes())
    whole = hashlib.sha256()
    for name, hashers in zip(COLUMN_NAMES, streams, strict=True):
        whole.update(name.encode() + b"".join(hasher.digest() for hasher in hashers))
    return whole.hexdigest()


def newest_of_each(ids: pa.Table) -> pa.Table:
    """Return one row for each incident_id, the last of them; columns and their order stay."""
    positions = pa.table({"incident_id": ids["incident_id"], "position": pa.array(np.arange(len(ids)))})
    last = positions.group_by("incident_id").aggregate([("position", "max")])["position_max"]
    return ids.take(pa.array(np.sort(np.asarray(last, dtype=np.int64))))


def _as_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if pa.types.is_floating(column.type):
        # The bits of the number: text of a float could change with the library that prints it.
        column = pa.chunked_array([chunk.view(pa.int64()) for chunk in column.chunks], pa.int64())
    elif pa.types.is_date(column.type):
        column = column.cast(pa.int32())
    return column.cast(pa.string())


def _numbers(column: pa.Array) -> NDArray[Any]:
    if pa.types.is_date(column.type):
        column = column.cast(pa.int32())
    zero = False if pa.types.is_boolean(column.type) else 0
    values: NDArray[Any] = column.fill_null(zero).to_numpy(zero_copy_only=False)
    return values.astype(values.dtype.newbyteorder("<"), copy=False)


def _points(lon_deg: NDArray[np.float64], lat_deg: NDArray[np.float64]) -> pa.Array:
    is_known = ~(np.isnan(lon_deg) | np.isnan(lat_deg))
    points = np.zeros(int(is_known.sum()), dtype=_POINT)
    points["order"], points["type"] = 1, 1
    points["lon"], points["lat"] = lon_deg[is_known], lat_deg[is_known]
    offsets = np.concatenate([[0], np.cumsum(is_known)]).astype(np.int32) * _POINT.itemsize
    validity = np.packbits(is_known, bitorder="little")
    buffers = [pa.py_buffer(validity.tobytes()), pa.py_buffer(offsets.tobytes()), pa.py_buffer(points.tobytes())]
    return pa.Array.from_buffers(pa.binary(), len(is_known), buffers)

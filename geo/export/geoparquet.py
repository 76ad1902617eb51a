"""Tables as GeoParquet 1.1, a row group for each batch, the notes in the metadata of the file."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from geo.export.columns import GEOMETRY
from geo.export.notes import Notes
from geo.export.plain_text import NOTES_MEMBER
from geo.export.rows import Table


def write_geoparquet(table: Table, notes: Notes, path: Path) -> None:
    """Write a table; CRS: the default of GeoParquet, OGC:CRS84, which is EPSG:4326 with longitude first."""
    column = {"encoding": "WKB", "geometry_types": [table.geometry_type]}
    geo = {"version": "1.1.0", "primary_column": GEOMETRY, "columns": {GEOMETRY: column}}
    metadata = {"geo": json.dumps(geo), NOTES_MEMBER: json.dumps(notes.record(), ensure_ascii=False)}
    schema = table.schema.with_metadata(metadata)
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for batch in table.batches():
            writer.write_batch(pa.RecordBatch.from_arrays(batch.columns, schema=schema))

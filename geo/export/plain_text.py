"""Tables as CSV and GeoJSON, written a batch at a time."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa

from geo.export.columns import GEOMETRY
from geo.export.notes import Notes
from geo.export.rows import Table
from geo.text import csv_cell
from geo.wording import _

NOTES_MEMBER = "kp_atlas"


def write_csv(table: Table, notes: Notes, path: Path) -> None:
    """Write a table as UTF-8 CSV with a byte order mark, the notes as comment lines above the header.

    The first line says on which line the table begins. Texts pass geo.text.csv_cell; missing values are empty cells.
    """
    said = [f"{label}: {text}" for label, text in notes.lines()]
    begins = len(said) + 2
    head = [_("KP Incident Atlas. Notes; the table begins on line {line:d}.", line=begins), *said]
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, lineterminator="\r\n").writerows([csv_cell(f"# {' '.join(line.split())}")] for line in head)
        _write_rows(table, file)


def write_plain_csv(table: Table, path: Path) -> None:
    """Write a table as UTF-8 CSV without notes, for a folder that holds them in a file of their own."""
    with path.open("w", encoding="utf-8", newline="") as file:
        _write_rows(table, file)


def _write_rows(table: Table, file: Any) -> None:
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow([column.name for column in table.columns])
    for batch in table.batches():
        columns = [_cells(batch[column.name], column.kind) for column in table.columns]
        writer.writerows(zip(*columns, strict=True))


def _cells(values: pa.Array, kind: str) -> list[str]:
    as_text: Callable[[Any], str] = {"string": csv_cell, "boolean": lambda value: str(value).lower()}.get(kind, str)
    return ["" if value is None else as_text(value) for value in values.to_pylist()]


def write_geojson(table: Table, notes: Notes, path: Path) -> None:
    """Write a table as GeoJSON (RFC 7946), one feature a line, the notes as the foreign member NOTES_MEMBER."""
    head = json.dumps({"type": "FeatureCollection", NOTES_MEMBER: notes.record()}, ensure_ascii=False)
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(f'{head[:-1]}, "features": [\n')
        separator = ""
        for batch in table.batches():
            for line in _features(table, batch):
                file.write(f"{separator}{line}")
                separator = ",\n"
        file.write("\n]}\n")


def _features(table: Table, batch: pa.RecordBatch) -> list[str]:
    import shapely

    shapes = shapely.to_geojson(shapely.from_wkb(batch[GEOMETRY].to_numpy(zero_copy_only=False)))
    names = [column.name for column in table.columns]
    rows = batch.select(names).to_pylist()
    # Blanks between the parts would be a tenth of the file.
    write = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=str).encode
    return [
        f'{{"type":"Feature","properties":{write(row)},"geometry":{shape or "null"}}}'
        for row, shape in zip(rows, shapes, strict=True)
    ]

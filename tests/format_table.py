"""The document docs/formats-tested.md: the same small made-up tables in every container, and what outcome of them.

`python -m tests.format_table` reads them through the guarded child and prints it; a test holds the file against it.
"""

from __future__ import annotations

import csv
import io
import json
import re
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks import field_report
from geo.ingest import ReadOptions, read_upload
from geo.problems import RejectedUpload
from geo.schema import COLUMN_NAMES, LIMITS
from tests.format_tables import MadeUp, all_tables

LIMITS_AS_SHIPPED = {name: limit.default for name, limit in LIMITS.items()}
# What the container itself decides: the row's number and the cells as they were written.
_OF_THE_CONTAINER = ("source_row", "raw")
# A row without a number of its own is numbered from its cells as they were written.
_MADE_NUMBER = re.compile(r"[0-9a-f]{16}(-\d+)?")
COMPARED = [name for name in COLUMN_NAMES if name not in _OF_THE_CONTAINER]
PLAIN = "csv, comma, UTF-8"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What outcome of a table. refusal: code of a refusal as a whole; rows: the compared columns of accepted rows."""

    format: str = ""
    n_rows: int = 0
    n_accepted: int = 0
    n_refused: int = 0
    rows: tuple[tuple[Any, ...], ...] = ()
    refusal: str = ""

    def told(self, plain: Outcome) -> str:
        """Return "same" if everything is as from plain csv, else what differs."""
        if self == plain:
            return f"same ({self.refusal})" if self.refusal else "same"
        if self.refusal:
            return self.refusal
        counts = f"{self.format} {self.n_rows}/{self.n_accepted}/{self.n_refused}"
        return counts if (self.format, self.n_rows) != (plain.format, plain.n_rows) else f"other rows, {counts}"


Read = Callable[[Path, ReadOptions], Outcome]


def guarded(path: Path, options: ReadOptions) -> Outcome:
    """Read a file as an upload is read."""
    try:
        result = read_upload(path, path.name, limits=LIMITS_AS_SHIPPED, options=options)
    except RejectedUpload as refused:
        return Outcome(refusal=str(refused.problems[0].code))
    return outcome(result.format, result.rows, len(result.refused_rows), result.n_rows_in)


def outcome(format_key: str, rows: pa.Table, n_refused: int, n_rows: int) -> Outcome:
    """Return the outcome of a table that was read; raises AssertionError if a row is not accounted for."""
    if len(rows) + n_refused != n_rows:
        raise AssertionError(f"{format_key}: {len(rows)} + {n_refused} is not {n_rows}")
    told = rows.select(COMPARED).to_pylist()
    for row in told:
        if _MADE_NUMBER.fullmatch(row["source_event_id"]):
            row |= {"incident_id": "", "source_event_id": ""}
    return Outcome(format_key, n_rows, len(rows), n_refused, tuple(tuple(row.values()) for row in told))


# --- containers: bytes of a table, or None where the container cannot hold it ---------------------------


def _text(table: MadeUp, delimiter: str = ",") -> str:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\n")
    writer.writerows([table.header, *table.rows] if table.header else table.rows)
    return text.getvalue()


def _encoded(table: MadeUp, encoding: str, delimiter: str = ",") -> bytes:
    return _text(table, delimiter).encode(encoding)


def typed(cell: str) -> Any:
    """Return a cell as a spreadsheet would hold it; identifiers with leading zeros and odd dates stay text."""
    if cell == "":
        return None
    if re.fullmatch(r"0|-?[1-9]\d{0,14}", cell):
        return int(cell)
    if re.fullmatch(r"-?\d+\.\d+", cell):
        return float(cell)
    return date.fromisoformat(cell) if re.fullmatch(r"\d{4}-(0\d|1[0-2])-\d\d", cell) else cell


def _workbook(table: MadeUp, value: Callable[[str], Any]) -> bytes:
    book = openpyxl.Workbook()
    for row in [table.header, *table.rows] if table.header else table.rows:
        book.active.append([value(cell) for cell in row])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _geojson(table: MadeUp) -> bytes | None:
    if table.header is None or table.point is None:
        return None
    features = []
    for row in table.rows:
        record = {name: _plain(typed(cell)) for name, cell in zip(table.header, row, strict=True)}
        lat, lon = (record.pop(name) for name in table.point)
        geometry = None if lat is None else {"type": "Point", "coordinates": [lon, lat]}
        features.append({"type": "Feature", "properties": record, "geometry": geometry})
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def _reply(table: MadeUp) -> bytes | None:
    if table.header is None or not table.reply:
        return None
    records = [{name: _plain(typed(cell)) for name, cell in zip(table.header, row, strict=True)} for row in table.rows]
    return json.dumps({table.reply: records}).encode()


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _parquet(table: MadeUp, value: Callable[[str], Any]) -> bytes | None:
    if table.header is None:
        return None
    columns = {}
    for place, name in enumerate(table.header):
        cells = [row[place] for row in table.rows]
        kinds = {type(value(cell)) for cell in cells if cell}
        columns[name] = pa.array([value(cell) for cell in cells] if len(kinds) <= 1 else cells)
    content = io.BytesIO()
    pq.write_table(pa.table({name: _filled(column) for name, column in columns.items()}), content)
    return content.getvalue()


def _filled(column: pa.Array) -> pa.Array:
    return column.cast(pa.string()) if pa.types.is_null(column.type) else column


def _zip(table: MadeUp, *, is_mac: bool) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("export/table.csv" if is_mac else "table.csv", _text(table))
        for name in ("export/.DS_Store", "__MACOSX/export/._table.csv") if is_mac else ():
            archive.writestr(name, b"\x00\x05\x16\x07\x00\x02\x00\x00")
    return content.getvalue()


CONTAINERS: dict[str, tuple[Callable[[MadeUp], bytes | None], Mapping[str, str]]] = {
    PLAIN: (partial(_encoded, encoding="utf-8"), {}),
    "semicolon": (partial(_encoded, encoding="utf-8", delimiter=";"), {}),
    "tab": (partial(_encoded, encoding="utf-8", delimiter="\t"), {}),
    "UTF-8 with mark": (partial(_encoded, encoding="utf-8-sig"), {}),
    "UTF-16": (partial(_encoded, encoding="utf-16"), {}),
    "cp1252, said so": (partial(_encoded, encoding="cp1252"), {"encoding": "cp1252"}),
    "cp1256, said so": (partial(_encoded, encoding="cp1256"), {"encoding": "cp1256"}),
    "xlsx, typed cells": (partial(_workbook, value=typed), {}),
    "xlsx, text cells": (partial(_workbook, value=str), {}),
    "GeoJSON": (_geojson, {}),
    "JSON reply": (_reply, {}),
    "Parquet, typed": (partial(_parquet, value=typed), {}),
    "Parquet, text": (partial(_parquet, value=str), {}),
    "zip of csv": (partial(_zip, is_mac=False), {}),
    "zip by macOS": (partial(_zip, is_mac=True), {}),
}


def outcomes(table: MadeUp, read: Read) -> dict[str, Outcome | None]:
    """Return container -> what outcome of the table in it; None where the container cannot hold it."""
    found: dict[str, Outcome | None] = {}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "upload"
        for name, (make, answers) in CONTAINERS.items():
            content = make(table)
            if content is not None:
                path.write_bytes(content)
            found[name] = None if content is None else read(path, ReadOptions(**{**table.answers, **answers}))
    return found


def document(read: Read = guarded) -> str:
    """Return the document as Markdown."""
    return "\n".join(_lines({table.name: outcomes(table, read) for table in all_tables()})) + "\n"


def _lines(found: Mapping[str, Mapping[str, Outcome | None]]) -> Iterator[str]:
    yield "# Formats and containers tested"
    yield ""
    yield "Written by `python -m tests.format_table`; do not edit by hand. All rows are made up."
    yield from (
        "",
        "## From plain csv",
        "",
        "| table | recognised as | rows | accepted | refused |",
        "|---|---|---|---|---|",
    )
    for name, told in found.items():
        plain = told[PLAIN]
        assert plain is not None
        if plain.refusal:
            yield f"| {name} | refused as a whole: `{plain.refusal}` | | | |"
        else:
            yield f"| {name} | `{plain.format}` | {plain.n_rows} | {plain.n_accepted} | {plain.n_refused} |"
    yield from ("", "## From other containers", "")
    yield (
        "Same: the same format, numbers of rows, and every canonical column of every accepted row as from plain csv, "
        "apart from the row's number, the kept text of its cells, and the identifier that a row without one gets from "
        "that text (the store knows such a row again by what it says); or the same refusal. Otherwise what came out "
        "(format, rows/accepted/refused). A dash: the container cannot hold this table."
    )
    others = [name for name in CONTAINERS if name != PLAIN]
    yield from ("", f"| table | {' | '.join(others)} |", f"|---|{'---|' * len(others)}")
    for name, told in found.items():
        plain = told[PLAIN]
        cells = ["-" if (one := told[other]) is None else one.told(plain) for other in others]
        yield f"| {name} | {' | '.join(cells)} |"
    yield from field_report.lines(field_report.saved())


if __name__ == "__main__":
    sys.stdout.write(document())

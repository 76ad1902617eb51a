"""The bytes of a changed table: in each container as the programs write it that people use."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Sequence
from datetime import date

import openpyxl
import pandas as pd

from benchmarks.field_sheet import DATA_SHEET, OF_RECORDS, Row, Sheet
from tests.format_table import typed

_SEPARATORS = {"csv ;": ";", "csv |": "|", "tab": "\t"}


def content(sheet: Sheet) -> bytes:
    """Return the file."""
    if sheet.container == "parquet":
        return _parquet(sheet)
    if sheet.container in OF_RECORDS:
        return _records(sheet).encode()
    rows = [
        [*row, *[""] * (len(sheet.names) - len(row))]
        for row in (*sheet.above, sheet.names, *([sheet.under] if sheet.under else ()), *sheet.rows, *sheet.below)
    ]
    if sheet.container.startswith("xlsx"):
        return _workbook(rows, sheet.container)
    text = io.StringIO()
    # Line breaks within names are not quoted by themselves where the lines end in CR.
    quoting = csv.QUOTE_ALL if sheet.container in ("csv, all quoted", "csv, CR") else csv.QUOTE_MINIMAL
    separator = _SEPARATORS.get(sheet.container, ",")
    if sheet.container == "csv, columns to the right":
        rows = [["", *row] for row in rows]
    end = "\r" if sheet.container == "csv, CR" else "\r\n"
    csv.writer(text, delimiter=separator, lineterminator=end, quoting=quoting).writerows(rows)
    start = "sep=,\r\n" if sheet.container == "csv, sep=" else sheet.start
    encoding = {"csv, utf-16": "utf-16", "csv, cp1252": "cp1252"}.get(sheet.container, "utf-8")
    is_urdu = "ہلاک" in sheet.names or "کل" in text.getvalue()
    return (start + text.getvalue()).encode("utf-8" if is_urdu and encoding == "cp1252" else encoding, "replace")


def _records(sheet: Sheet) -> str:
    records = [
        {name: _plain(cell) for name, cell in zip(sheet.names, row, strict=True)} for row in (*sheet.rows, *sheet.below)
    ]
    if sheet.container == "json lines":
        return "\n".join(json.dumps(record, ensure_ascii=False) for record in records)
    if sheet.container == "json, columns":
        return json.dumps({name: {str(k): record[name] for k, record in enumerate(records)} for name in sheet.names})
    if sheet.container == "json, split":
        data = [list(record.values()) for record in records]
        return json.dumps({"columns": sheet.names, "index": list(range(len(data))), "data": data})
    return json.dumps(records if sheet.container == "json list" else {"data": records, "count": len(records)})


def _parquet(sheet: Sheet) -> bytes:
    frame = pd.DataFrame([*sheet.rows, *sheet.below], columns=pd.Index(sheet.names))
    made = io.BytesIO()
    frame.iloc[::-1].to_parquet(made)
    return made.getvalue()


def _plain(cell: str) -> str | int | float | None:
    value = typed(cell)
    return value.isoformat() if isinstance(value, date) else value


def _workbook(rows: Sequence[Row], container: str) -> bytes:
    book = openpyxl.Workbook(write_only=True)
    if container == "xlsx, cover":
        cover = book.create_sheet("Read me")
        cover.append(["Incidents of the province"])
        cover.append(["Prepared by the safety desk"])
    page = book.create_sheet(DATA_SHEET)
    first: Sequence[str | None] = ()
    if container == "xlsx, from B3":
        page.append([])
        page.append([])
        first = (None,)
    for row in rows:
        page.append([*first, *((cell or None) if container == "xlsx text" else typed(cell) for cell in row)])
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def file_name(sheet: Sheet) -> str:
    """Return a name as the program that wrote the file would give it."""
    kinds = {"json lines": "jsonl", "tab": "txt"}
    return f"table.{kinds.get(sheet.container, re.split('[ ,]', sheet.container)[0])}"

"""Tables as XLSX: one sheet of rows with their types, one sheet README with the notes. No formula, no link."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time
from pathlib import Path
from typing import Any

import xlsxwriter

from geo import temporary
from geo.export.notes import Notes, column_notes
from geo.export.rows import Table
from geo.text import csv_cell
from geo.wording import N_, _, text_direction

_LONGEST_CELL = 32_767  # characters that a cell of a workbook holds
_CUT = N_(" [cut: a cell of a workbook holds no more]")
_WIDTHS = {"string": 22, "date": 12, "integer": 11, "number": 11, "boolean": 9}


def write_workbook(table: Table, notes: Notes, path: Path) -> None:
    """Write a table as a workbook; its rows fit into one sheet (geo.export.files)."""
    with temporary.folder(temporary.EXPORT) as folder:
        options = {
            "constant_memory": True,
            "tmpdir": str(folder),
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        book = xlsxwriter.Workbook(str(path), options)
        # The clock must not enter the file.
        made = datetime.combine(notes.version.day, time())
        book.set_properties({"title": csv_cell(notes.title), "author": "KP Incident Atlas", "created": made})
        _write_table(book, table)
        _write_notes(book, table, notes)
        book.close()


def _write_table(book: Any, table: Table) -> None:
    sheet, bold = book.add_worksheet(table.name), book.add_format({"bold": True})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for place, column in enumerate(table.columns):
        sheet.set_column(place, place, _WIDTHS[column.kind])
    sheet.freeze_panes(1, 1)
    for place, column in enumerate(table.columns):
        sheet.write_string(0, place, column.name, bold)
    write: dict[str, Callable[[int, int, Any], Any]] = {
        "string": lambda row, place, value: sheet.write_string(row, place, _cell(value)),
        "date": lambda row, place, value: sheet.write_datetime(row, place, value, day),
        "integer": sheet.write_number,
        "number": sheet.write_number,
        "boolean": sheet.write_boolean,
    }
    writers = [write[column.kind] for column in table.columns]
    names, row = [column.name for column in table.columns], 0
    for batch in table.batches():
        for values in zip(*(batch[name].to_pylist() for name in names), strict=True):
            row += 1
            for place, value in enumerate(values):
                if value is not None:
                    writers[place](row, place, value)
    sheet.autofilter(0, 0, row, len(table.columns) - 1)


def _write_notes(book: Any, table: Table, notes: Notes) -> None:
    sheet = book.add_worksheet("README")
    if text_direction() == "rtl":
        sheet.right_to_left()
    bold, wrapped = book.add_format({"bold": True, "valign": "top"}), book.add_format({"text_wrap": True})
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, 1, 100)
    lines = [*notes.lines(), ("", ""), (_("Column"), _("What it holds")), *column_notes(table.columns)]
    for row, (label, said) in enumerate(lines):
        sheet.write_string(row, 0, csv_cell(label), bold)
        sheet.write_string(row, 1, _cell(said), wrapped)


def _cell(value: str) -> str:
    """Return a text that stays a text in every program that takes the cell over."""
    inert = csv_cell(value)
    if len(inert) <= _LONGEST_CELL:
        return inert
    cut = _(_CUT)
    return inert[: _LONGEST_CELL - len(cut)] + cut

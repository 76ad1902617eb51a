"""Workbooks (.xlsx): checked part by part, then read with calamine, one sheet, values only.

calamine reads 20,000 rows of 135 columns in a tenth of the processor time of openpyxl. It returns error cells and
formulas without a stored value as blanks, so these are looked for in the XML first.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import reduce
from pathlib import Path
from zipfile import ZipFile

import numpy as np

from geo.ingest.containers.headers import Header, find_header
from geo.ingest.containers.merged import with_merged
from geo.ingest.containers.rows import collect_rows
from geo.ingest.containers.sheets import Sheets, chosen_sheet, loaded, reported_rows, sheet_notes
from geo.ingest.containers.workbook_scan import SAVE_AGAIN, SheetScan, scan_members
from geo.ingest.containers.zip_guard import member_blocks, open_archive
from geo.ingest.notes import Note, NoteKind
from geo.ingest.results import ReadOptions
from geo.ingest.tables import TextTable, UnreadCells
from geo.problems import ProblemCode, rejected
from geo.wording import text

_SMALL_PART_BYTES = 4_000_000
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def read_workbook(
    path: Path, file: str, options: ReadOptions, limits: Mapping[str, int], report: Callable[[float], None]
) -> TextTable:
    """Return the table of one sheet: the one named in the options, else the only one of a known format or with cells.

    Raises RejectedUpload for unsafe or damaged workbooks, and SHEET when the sheet must be stated.
    """
    with open_archive(path, file, limits) as archive:
        names = archive.namelist()
        if any(name.endswith("vbaProject.bin") for name in names):
            message = text("The workbook holds macros.")
            raise rejected(ProblemCode.TYPE_NOT_ACCEPTED, message, text("Save it as .xlsx."), file)
        scans = scan_members(archive, file, limits, lambda share: report(0.2 * share))
        parts = _sheet_parts(archive, file)
    notes = [Note(NoteKind.WORKBOOK)]
    if any(name.startswith(("xl/externalLinks/", "xl/embeddings/")) for name in names):
        notes.append(Note(NoteKind.LINKS_NOT_OPENED))
    workbook, hidden = loaded(path, file)
    # calamine keeps a sheet as a full rectangle: one cell far to the right would fill the memory.
    far = [name for name, part in parts.items() if scans.get(part, SheetScan()).has_far_column]
    readable = [name for name in workbook.sheet_names if name in parts and name not in far]
    if far and (options.sheet in far or not readable):
        message = text("There are cells beyond column 702.")
        raise rejected(ProblemCode.TOO_MANY_COLUMNS, message, text("Remove them."), file, far[0])
    sheets = Sheets(workbook, file)
    sheet, preview = chosen_sheet(sheets, readable, hidden, options, file)
    notes += sheet_notes(sheets, sheet, readable, hidden)
    header = find_header(preview, options, file, sheet, limits=limits, is_padded=True)
    scan = scans.get(parts[sheet], SheetScan())
    notes += [*_scan_notes(scan), *header.notes]
    records = reported_rows(sheets, sheet, report)
    # calamine leaves out the columns to the left of the first cell.
    first_column = sheets[sheet].start[1]
    unread = _unread(scan, header, first_column)
    # A row of nothing but such formulas is no blank row: its values were never stored.
    kept = {row for cells in unread if cells.kind is NoteKind.FORMULAS_WITHOUT_VALUE for row in cells.rows.tolist()}
    table = collect_rows(records, header, file, limits, notes, kept=kept, sheet=sheet, is_padded=True)
    whole = with_merged(table, sheets[sheet].merged_cell_ranges, first_column, header, options)
    return replace(whole, unread=unread)


def _sheet_parts(archive: ZipFile, file: str) -> dict[str, str]:
    """Return the part name of each sheet."""
    try:
        book = _parsed(archive, "xl/workbook.xml", file)
        relations = _parsed(archive, "xl/_rels/workbook.xml.rels", file)
    except (KeyError, ET.ParseError) as error:
        message = text("The workbook lacks its list of sheets.")
        raise rejected(ProblemCode.DAMAGED_WORKBOOK, message, SAVE_AGAIN, file) from error
    targets = {relation.get("Id", ""): relation.get("Target", "") for relation in relations}
    sheets = [element for element in book.iter() if element.tag.endswith("}sheet")]
    parts = {}
    for sheet in sheets:
        target = targets.get(sheet.get(_RELATION, ""), "")
        parts[sheet.get("name", "")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return parts


def _parsed(archive: ZipFile, name: str, file: str) -> ET.Element:
    """Return the XML of a part; scan_members has made sure that it declares no document type and no entity."""
    content = b"".join(member_blocks(archive, archive.getinfo(name), file, _SMALL_PART_BYTES))
    return ET.fromstring(content)  # noqa: S314  # nosec B314


def _scan_notes(scan: SheetScan) -> list[Note]:
    notes = []
    if scan.n_formulas > scan.n_without_value:
        notes.append(Note(NoteKind.STORED_FORMULAS, scan.n_formulas - scan.n_without_value))
    if scan.n_hidden_rows:
        notes.append(Note(NoteKind.HIDDEN_ROWS, scan.n_hidden_rows))
    return notes


def _unread(scan: SheetScan, header: Header, first_column: int) -> tuple[UnreadCells, ...]:
    """Return the cells of the table's rows that have no value: formulas without a stored one, and errors."""
    found = []
    for kind, cells in (
        (NoteKind.FORMULAS_WITHOUT_VALUE, scan.empty_formulas),
        (NoteKind.ERROR_CELLS, scan.error_cells),
    ):
        for letters, numbers in cells.items():
            place, rows = _place(letters) - first_column, np.unique(np.array(numbers, dtype=np.int64))
            rows = rows[rows >= header.first_data_row]
            if place < len(header.names) and len(rows):
                found.append(UnreadCells(kind, header.names[place], letters, rows))
    return tuple(found)


def _place(letters: str) -> int:
    """Return the position of a column by its letters: A is 0, AA is 26."""
    return reduce(lambda place, letter: place * 26 + ord(letter) - ord("A") + 1, letters, 0) - 1

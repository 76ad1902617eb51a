"""Workbooks (.xlsx): checked part by part, then read with calamine, one sheet, values only.

calamine reads 20,000 rows of 135 columns in a tenth of the processor time of openpyxl. It returns error cells and
formulas without a stored value as blanks, so these are looked for in the XML first.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from geo.ingest.containers.cell_text import cell_text
from geo.ingest.containers.headers import PREVIEW_ROWS, find_header, recognised
from geo.ingest.containers.rows import collect_rows
from geo.ingest.containers.workbook_scan import SAVE_AGAIN, SheetScan, scan_members
from geo.ingest.containers.zip_guard import member_blocks, open_archive
from geo.ingest.notes import Note, NoteKind
from geo.ingest.results import ReadOptions
from geo.ingest.tables import OTHER_FILE, CellError, TextTable
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
    workbook, hidden = _loaded(path, file)
    # calamine keeps a sheet as a full rectangle: one cell far to the right would fill the memory.
    far = [name for name, part in parts.items() if scans.get(part, SheetScan()).has_far_column]
    readable = [name for name in workbook.sheet_names if name in parts and name not in far]
    if far and (options.sheet in far or not readable):
        message = text("There are cells beyond column 702.")
        raise rejected(ProblemCode.TOO_MANY_COLUMNS, message, text("Remove them."), file, far[0])
    sheets = _Sheets(workbook, file)
    labels = {name: str(text("{sheet} (hidden)", sheet=name)) if name in hidden else name for name in readable}
    sheet, preview = _chosen(sheets, labels, options, file)
    if hidden:
        notes.append(Note(NoteKind.HIDDEN_SHEETS, values={"sheets": ", ".join(hidden)}))
    header = find_header(preview, options, file, sheet, is_padded=True)
    scan = scans.get(parts[sheet], SheetScan())
    notes += [*_scan_notes(scan, header.first_data_row), *header.notes]
    records = _reported(_rows(sheets, sheet), sheets[sheet].total_height, report)
    return collect_rows(records, header, file, limits, notes, flaws=_flaws(scan), sheet=sheet, is_padded=True)


def _loaded(path: Path, file: str) -> tuple[Any, list[str]]:
    from python_calamine import CalamineError, SheetVisibleEnum, load_workbook

    try:
        workbook = load_workbook(str(path))
    except (CalamineError, OSError, ValueError) as error:
        message = text("The workbook cannot be opened.")
        raise rejected(ProblemCode.DAMAGED_WORKBOOK, message, SAVE_AGAIN, file) from error
    hidden = [sheet.name for sheet in workbook.sheets_metadata if sheet.visible != SheetVisibleEnum.Visible]
    return workbook, hidden


class _Sheets(dict[str, Any]):
    """The sheets of a workbook, each parsed once and only when asked for."""

    def __init__(self, workbook: Any, file: str) -> None:
        super().__init__()
        self._workbook, self._file = workbook, file

    def __missing__(self, name: str) -> Any:
        from python_calamine import CalamineError

        try:
            self[name] = self._workbook.get_sheet_by_name(name)
        except CalamineError as error:
            message = text("The sheet is listed in the workbook, but cannot be read.")
            raise rejected(ProblemCode.DAMAGED_WORKBOOK, message, SAVE_AGAIN, self._file, name) from error
        return self[name]


def _chosen(
    sheets: Mapping[str, Any], labels: Mapping[str, str], options: ReadOptions, file: str
) -> tuple[str, list[tuple[int, list[str]]]]:
    """Return the sheet to read and its first non-blank rows. labels: of the readable sheets, by name."""
    if options.sheet is not None:
        if options.sheet not in labels:
            message = text("There is no sheet of this name; there are {sheets}.", sheets=", ".join(labels.values()))
            raise rejected(ProblemCode.SHEET, message, text("Choose one."), file, value=options.sheet)
        return options.sheet, _preview(sheets, options.sheet)
    # A cover sheet or legend beside the data is common: the sheet of a known format is preferred.
    previews = {name: _preview(sheets, name) for name in labels}
    filled = {name: preview for name, preview in previews.items() if preview}
    known = {name: rows for name, rows in filled.items() if any(recognised(cells) for _, cells in rows)}
    for group in (known, filled):
        if len(group) == 1:
            return next(iter(group.items()))
    if not filled:
        raise rejected(ProblemCode.EMPTY, text("The workbook has no cells."), OTHER_FILE, file)
    sheets_to_choose = ", ".join(labels[name] for name in known or filled)
    message = text("Several sheets could be meant: {sheets}.", sheets=sheets_to_choose)
    raise rejected(ProblemCode.SHEET, message, text("State which sheet to read."), file)


def _preview(sheets: Mapping[str, Any], sheet: str) -> list[tuple[int, list[str]]]:
    first = islice(_rows(sheets, sheet), PREVIEW_ROWS * 2)
    filled = [(row, list(cells)) for row, cells in first if any(cell.strip() for cell in cells)]
    return filled[:PREVIEW_ROWS]


def _rows(sheets: Mapping[str, Any], sheet: str) -> Iterator[tuple[int, Sequence[str]]]:
    for row, cells in enumerate(sheets[sheet].iter_rows(), start=1):
        yield row, [cell if type(cell) is str else cell_text(cell) for cell in cells]


def _reported(
    rows: Iterator[tuple[int, Sequence[str]]], n_rows: int, report: Callable[[float], None]
) -> Iterator[tuple[int, Sequence[str]]]:
    """Yield rows and report; loading the sheet, which reports nothing, counts as the first 70 percent."""
    for row, cells in rows:
        if row % 5_000 == 1:
            report(0.7 + 0.3 * min(row / max(n_rows, 1), 1.0))
        yield row, cells


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
    return ET.fromstring(content)  # noqa: S314


def _scan_notes(scan: SheetScan, first_data_row: int) -> list[Note]:
    notes = []
    merged = min((row for row in scan.merged if row >= first_data_row), default=None)
    if merged is not None:
        notes.append(Note(NoteKind.MERGED_CELLS, values={"area": scan.merged[merged]}))
    if scan.n_formulas > scan.n_without_value:
        notes.append(Note(NoteKind.STORED_FORMULAS, scan.n_formulas - scan.n_without_value))
    if scan.n_hidden_rows:
        notes.append(Note(NoteKind.HIDDEN_ROWS, scan.n_hidden_rows))
    return notes


def _flaws(scan: SheetScan) -> dict[int, CellError]:
    """Return why rows with unreadable cells are refused."""
    flaws = {
        row: CellError(
            ProblemCode.CELL,
            text("Cell {cell} holds an error value.", cell=f"{column}{row}"),
            text("Correct or empty the cell."),
        )
        for row, column in scan.error_cells.items()
    }
    hint = text("Open and save the workbook in a spreadsheet program, or paste values.")
    for row, column in scan.empty_formulas.items():
        message = text("Cell {cell} is a formula without a stored value.", cell=f"{column}{row}")
        flaws[row] = CellError(ProblemCode.FORMULA_WITHOUT_VALUE, message, hint)
    return flaws

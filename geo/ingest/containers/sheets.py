"""The sheets of a workbook as calamine reads them: values only, each sheet parsed when it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

from geo.ingest.containers.cell_text import cell_text
from geo.ingest.containers.column_names import column_names
from geo.ingest.containers.headers import PREVIEW_ROWS, Preview, recognised
from geo.ingest.containers.workbook_scan import SAVE_AGAIN
from geo.ingest.mapping.plain import names_fields
from geo.ingest.notes import Note, NoteKind
from geo.ingest.results import ReadOptions
from geo.ingest.tables import OTHER_FILE
from geo.problems import ProblemCode, rejected
from geo.wording import Text, text, text_n

_FEWEST_COLUMNS = 3  # of a sheet that may hold incidents: legends have two


def loaded(path: Path, file: str) -> tuple[Any, list[str]]:
    """Return a workbook and the names of its hidden sheets; raises RejectedUpload (DAMAGED_WORKBOOK)."""
    from python_calamine import SheetVisibleEnum, load_workbook

    with _refusing_damage(text("The workbook cannot be opened."), file):
        workbook = load_workbook(str(path))
    hidden = [sheet.name for sheet in workbook.sheets_metadata if sheet.visible != SheetVisibleEnum.Visible]
    return workbook, hidden


@contextmanager
def _refusing_damage(message: Text, file: str, sheet: str = "") -> Iterator[None]:
    """Turn what calamine raises into DAMAGED_WORKBOOK. Where it meets what it does not expect, it panics: that is no
    Exception, and its class cannot be imported."""
    from python_calamine import CalamineError

    try:
        yield
    except BaseException as error:
        if not isinstance(error, CalamineError | OSError | ValueError) and type(error).__name__ != "PanicException":
            raise
        raise rejected(ProblemCode.DAMAGED_WORKBOOK, message, SAVE_AGAIN, file, sheet) from error


class Sheets(dict[str, Any]):
    """The sheets of a workbook, each parsed once and only when asked for."""

    def __init__(self, workbook: Any, file: str) -> None:
        super().__init__()
        self._workbook, self._file = workbook, file

    def __missing__(self, name: str) -> Any:
        message = text("The sheet is listed in the workbook, but cannot be read.")
        with _refusing_damage(message, self._file, name):
            self[name] = self._workbook.get_sheet_by_name(name)
        return self[name]


def chosen_sheet(
    sheets: Mapping[str, Any], readable: Sequence[str], hidden: Sequence[str], options: ReadOptions, file: str
) -> tuple[str, Preview]:
    """Return the sheet to read and its first non-blank rows; raises RejectedUpload (SHEET, EMPTY)."""
    labels = {name: str(text("{sheet} (hidden)", sheet=name)) if name in hidden else name for name in readable}
    if options.sheet is not None:
        if options.sheet not in labels:
            message = text("There is no sheet of this name; there are {sheets}.", sheets=", ".join(labels.values()))
            hint = text("Choose one.", choices=list(labels))
            raise rejected(ProblemCode.SHEET, message, hint, file, value=options.sheet)
        return options.sheet, _preview(sheets, options.sheet)
    # A cover sheet or legend beside the data is common: the one sheet of a known format, or whose names say what it
    # holds, is preferred; text in one column is no table.
    previews = {name: _preview(sheets, name) for name in labels}
    filled = {name: preview for name, preview in previews.items() if preview}
    known = {name: rows for name, rows in filled.items() if any(_is_known(cells) for _, cells in rows)}
    wide = {name: rows for name, rows in filled.items() if any(_n_filled(cells) > 1 for _, cells in rows)}
    meant = known or wide or filled
    if len(meant) == 1:
        return next(iter(meant.items()))
    if not filled:
        raise rejected(ProblemCode.EMPTY, text("The workbook has no cells."), OTHER_FILE, file)
    sheets_to_choose = ", ".join(labels[name] for name in meant)
    message = text("Several sheets could be meant: {sheets}.", sheets=sheets_to_choose)
    raise rejected(ProblemCode.SHEET, message, _proposed(sheets, list(meant)), file)


def _proposed(sheets: Mapping[str, Any], names: Sequence[str]) -> Text:
    """Return the remedy where several sheets could be meant; it proposes the one with the most rows, the first of them.

    The answers are its value "choices", the proposed one its value "proposed".
    """
    n_rows = {name: sum(any(cell.strip() for cell in cells) for _, cells in _rows(sheets, name)) for name in names}
    most = max(names, key=n_rows.__getitem__)
    return text_n(
        "Proposed: “{proposed}”, with {n} filled row; the other sheets are then not read. State which one to read.",
        "Proposed: “{proposed}”, with {n} filled rows; the other sheets are then not read. State which one to read.",
        n_rows[most],
        choices=list(names),
        proposed=most,
    )


def sheet_notes(sheets: Mapping[str, Any], sheet: str, readable: Sequence[str], hidden: Sequence[str]) -> list[Note]:
    """Return notes on the sheets that are hidden, and on those with cells that were ignored."""
    notes = [Note(NoteKind.HIDDEN_SHEETS, values={"sheets": ", ".join(hidden)})] if hidden else []
    others = {name: rows for name in readable if name != sheet and (rows := _preview(sheets, name))}
    if others:
        tables = [
            name for name, rows in others.items() if any(_n_filled(cells) >= _FEWEST_COLUMNS for _, cells in rows)
        ]
        values = {"sheet": sheet, "others": ", ".join(others)} | ({"tables": tables} if tables else {})
        notes.append(Note(NoteKind.SHEET_READ, values=values))
    return notes


def _is_known(cells: Sequence[str]) -> bool:
    """Whether a row holds the names of a known format, or names that say what the table holds."""
    names = column_names([cell for cell in cells if cell.strip()])
    return recognised(cells, len(cells)) is not None or names_fields(names)


def _n_filled(cells: Sequence[str]) -> int:
    return sum(bool(cell.strip()) for cell in cells)


def _preview(sheets: Mapping[str, Any], sheet: str) -> list[tuple[int, list[str]]]:
    first = islice(_rows(sheets, sheet), PREVIEW_ROWS * 2)
    filled = [(row, list(cells)) for row, cells in first if any(cell.strip() for cell in cells)]
    return filled[:PREVIEW_ROWS]


def _rows(sheets: Mapping[str, Any], sheet: str) -> Iterator[tuple[int, Sequence[str]]]:
    for row, cells in enumerate(sheets[sheet].iter_rows(), start=1):
        yield row, [cell if type(cell) is str else cell_text(cell) for cell in cells]


def reported_rows(
    sheets: Mapping[str, Any], sheet: str, report: Callable[[float], None]
) -> Iterator[tuple[int, Sequence[str]]]:
    """Yield row number and cells and report; loading the sheet, which reports nothing, counts as 70 percent."""
    n_rows = sheets[sheet].total_height
    for row, cells in _rows(sheets, sheet):
        if row % 5_000 == 1:
            report(0.7 + 0.3 * min(row / max(n_rows, 1), 1.0))
        yield row, cells

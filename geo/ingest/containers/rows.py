"""Row-wise records become a table of text; each is checked against the header."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from geo.ingest.containers.column_names import name_notes
from geo.ingest.containers.date_headings import with_date_headings
from geo.ingest.containers.headers import ADDED_COLUMNS, FURTHER_CELLS, Header
from geo.ingest.containers.headings import with_headings
from geo.ingest.containers.marks import MarkedRows, has_control
from geo.ingest.containers.remarks import without_remarks
from geo.ingest.containers.shared_columns import with_one_meaning
from geo.ingest.notes import Note, NoteKind
from geo.ingest.tables import (
    CUT_OFF,
    OTHER_FILE,
    CellError,
    MalformedRow,
    TextTable,
    header_key,
    is_encoded,
    plain_texts,
    too_many_rows,
)
from geo.problems import ProblemCode, RejectedUpload, rejected
from geo.text import csv_cell_text
from geo.wording import text

_CHUNK_ROWS = 20_000
_NOT_CORRECTED = CellError(
    ProblemCode.ROW_LENGTH,
    text("The row was refused as a whole and its cell further_cells is not empty."),
    text("Correct the row as refused_because says, then empty that cell."),
)


def collect_rows(
    records: Iterable[tuple[int, Sequence[str]]],
    header: Header,
    file: str,
    limits: Mapping[str, int],
    notes: Sequence[Note],
    *,
    flaws: Mapping[int, CellError] = MappingProxyType({}),
    kept: Collection[int] = (),
    sheet: str = "",
    is_padded: bool = False,
    ends_whole: bool = True,
) -> TextTable:
    """Return the table of (row number, cells) from the header's first data row on; blank rows are ignored.

    flaws: row -> why the container itself cannot read it. kept: rows that count even if they are blank. is_padded: the
    container has no row length of its own (a workbook), so short rows are filled up. ends_whole: the file ends with a
    line end; if not, a short last row was cut off.
    """
    width, n_blank, row = len(header.names), 0, 0
    chunks, pending = [_chunk([], width)], []
    rows: list[int] = []
    malformed: list[MalformedRow] = []
    marked_rows = MarkedRows()
    for row, cells in records:
        if row < header.first_data_row:
            continue
        content = "".join(cells)  # one search in it is faster than one in each cell
        if not content.strip() and row not in flaws and row not in kept:
            n_blank += 1
            continue
        if has_control(content):
            cells = marked_rows.add(row, cells)
        bad = flaws.get(row) or _fault(cells, width, is_padded=is_padded)
        if bad is not None:
            malformed.append(MalformedRow(row, tuple(cells), bad))
        else:
            pending.append([*cells[:width], *[""] * (width - len(cells))])
            rows.append(row)
        if len(rows) + len(malformed) > limits["rows"]:
            raise RejectedUpload([too_many_rows(limits["rows"], file)])
        if len(pending) >= _CHUNK_ROWS:
            chunks.append(_chunk(pending, width))
            pending = []
    # Only the last row can be cut off; a short row before it is a mistake of its own.
    if not ends_whole and malformed and malformed[-1].row == row and len(malformed[-1].cells) < width:
        malformed[-1] = malformed[-1]._replace(error=_cut_off(row))
    table, numbers = pa.concat_tables([*chunks, _chunk(pending, width)]), np.array(rows, dtype=np.int64)
    chosen = chosen_columns(header, table, numbers, tuple(malformed), notes, n_blank, file=file, sheet=sheet)
    return replace(chosen, row_notes=marked_rows.by_kind())


def _fault(cells: Sequence[str], width: int, *, is_padded: bool) -> CellError | None:
    is_short = len(cells) < width and not is_padded
    return _row_length(len(cells), width) if is_short or any(cell.strip() for cell in cells[width:]) else None


def _chunk(records: Sequence[Sequence[str]], width: int) -> pa.Table:
    columns = zip(*records, strict=True) if records else [()] * width
    return pa.table({str(place): pa.array(column, pa.string()) for place, column in enumerate(columns)})


def blank_rows(cells: pa.Table | pa.RecordBatch) -> NDArray[np.bool_]:
    """Return which rows hold no text; columns are looked at only as long as such a row is possible."""
    blank = np.ones(len(cells), dtype=bool)
    for place in range(cells.num_columns):  # the first one usually decides: all would first have to be made objects
        column = cells.column(place)
        texts = column.cast(pa.string()) if is_encoded(column) else column
        blank &= np.asarray(pc.equal(pc.utf8_trim_whitespace(texts), ""))
        if not blank.any():
            break
    return blank


def chosen_columns(
    header: Header,
    cells: Any,
    rows: NDArray[np.int64],
    malformed: tuple[MalformedRow, ...],
    notes: Sequence[Note],
    n_blank: int,
    *,
    file: str,
    sheet: str = "",
) -> TextTable:
    """Return the table without nameless columns that are blank and those that a file of refused rows adds.

    Raises RejectedUpload if it has no rows.
    """
    if not len(rows) and not malformed:
        message = text("The table has column names but no rows.")
        raise rejected(ProblemCode.EMPTY, message, OTHER_FILE, file, sheet)
    all_notes = list(notes)
    if n_blank:
        all_notes.append(Note(NoteKind.BLANK_ROWS_IGNORED, n_blank))
    table = _without_blank(TextTable(header.names, cells, rows, sheet, malformed), header.nameless)
    if ADDED_COLUMNS & set(map(header_key, table.columns)):
        all_notes.append(Note(NoteKind.ADDED_COLUMNS_IGNORED))
        table = _corrected(table)
    whole = without_remarks(replace(table, notes=(*all_notes, *name_notes(table.columns))))
    return with_headings(with_date_headings(with_one_meaning(whole), header.above), header.above)


def _without_blank(table: TextTable, nameless: frozenset[int]) -> TextTable:
    """Return the table without nameless columns in which no row of it has a cell."""
    width = len(table.columns)
    blank = {
        place
        for place in nameless
        if pc.all(pc.equal(pc.utf8_trim_whitespace(plain_texts(table.cells.column(place))), "")).as_py() is not False
        and not any(line.cells[place : place + 1] and line.cells[place].strip() for line in table.malformed)
    }
    if not blank:
        return table
    places = [place for place in range(width) if place not in blank]
    return replace(
        table,
        columns=tuple(table.columns[place] for place in places),
        cells=_numbered([table.cells.column(place) for place in places]),
        malformed=tuple(line._replace(cells=_of_places(line.cells, places, width)) for line in table.malformed),
    )


def _numbered(columns: Sequence[Any]) -> pa.Table:
    """Return a table whose columns are named by position."""
    return pa.Table.from_arrays(list(columns), names=[str(place) for place in range(len(columns))])


def _corrected(table: TextTable) -> TextTable:
    """Return a corrected file of refused rows as the table that the rows came from.

    The added columns are left out; cells get back the text that they had before they were made inert (csv_cell). A row
    that was refused as a whole counts as corrected when its cell of further cells is empty.
    """
    places = [place for place, key in enumerate(table.keys) if key not in ADDED_COLUMNS]
    # The download adds an apostrophe to each cell that a spreadsheet would take for a formula.
    cells = [
        pc.replace_substring_regex(plain_texts(table.cells.column(place)), r"(^|[;\t\r\n])'", r"\1") for place in places
    ]
    malformed = [
        line._replace(cells=tuple(map(csv_cell_text, _of_places(line.cells, places, len(table.columns)))))
        for line in table.malformed
    ]
    keep = np.ones(len(table), dtype=bool)
    if FURTHER_CELLS in table.keys:
        further = table.texts(FURTHER_CELLS)
        keep = np.asarray(pc.equal(pc.utf8_trim_whitespace(further), ""), dtype=bool)
        for k in np.flatnonzero(~keep).tolist():
            kept = (*(column[k].as_py() for column in cells), csv_cell_text(further[k].as_py()))
            malformed.append(MalformedRow(int(table.rows[k]), kept, _NOT_CORRECTED))
    return TextTable(
        tuple(csv_cell_text(table.columns[place]) for place in places),
        _numbered(cells).filter(pa.array(keep)),
        table.rows[keep],
        table.sheet,
        tuple(sorted(malformed, key=lambda line: line.row)),
        table.notes,
    )


def _of_places(line: Sequence[str], places: Sequence[int], width: int) -> tuple[str, ...]:
    """Return the cells of a malformed row that are in these columns, and those beyond the header."""
    return (*(line[place] for place in places if place < len(line)), *line[width:])


def _row_length(n_cells: int, width: int) -> CellError:
    message = text("The row has {n} cells, the header has {width}.", n=n_cells, width=width)
    hint = text("Add or remove a separator, or put the cell that holds one in quotation marks.")
    return CellError(ProblemCode.ROW_LENGTH, message, hint)


def _cut_off(row: int) -> CellError:
    message = text("The file ends in the middle of this row; the last whole row is {last_row:d}.", last_row=row - 1)
    return CellError(ProblemCode.TRUNCATED, message, CUT_OFF)

"""Row-wise records become a table of text; each is checked against the header."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from geo.ingest.containers.headers import ADDED_COLUMNS, FURTHER_CELLS, Header
from geo.ingest.notes import Note, NoteKind
from geo.ingest.tables import (
    CUT_OFF,
    OTHER_FILE,
    CellError,
    MalformedRow,
    TextTable,
    header_key,
    plain_texts,
    too_many_rows,
)
from geo.problems import ProblemCode, RejectedUpload, rejected
from geo.text import csv_cell_text
from geo.wording import text

_CHUNK_ROWS = 20_000
# Everything below space but tab, LF and CR; DEL; the C1 block. Direction marks and joiners are text.
CONTROL_PATTERN = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]"
CONTROL_CHARACTER = CellError(
    ProblemCode.CONTROL_CHARACTER, text("The row holds a control character."), text("Remove it.")
)
_CONTROL = re.compile(CONTROL_PATTERN)
_NOT_CORRECTED = CellError(
    ProblemCode.ROW_LENGTH,
    text("The row was refused as a whole and its cell further_cells is not empty."),
    text("Correct the row as refused_because says, then empty that cell."),
)


class RowCollector:
    """Gathers (row number, cells) into a TextTable; rows that do not fit are malformed, blank ones are ignored.

    is_padded: the container has no row length of its own (a workbook), so short rows are filled up.
    ends_whole: the file ends with a line end; if not, a short last row was cut off.
    """

    def __init__(
        self,
        header: Header,
        file: str,
        limits: Mapping[str, int],
        notes: Sequence[Note],
        *,
        sheet: str = "",
        is_padded: bool = False,
        ends_whole: bool = True,
    ) -> None:
        self._header, self._file, self._limits, self._notes = header, file, limits, list(notes)
        self._sheet, self._is_padded, self._ends_whole = sheet, is_padded, ends_whole
        self._width = len(header.names)
        self._chunks: list[pa.Table] = []
        self._pending: list[Sequence[str]] = []
        self._rows: list[int] = []
        self._malformed: list[MalformedRow] = []
        self._n_blank = 0

    def collect(
        self, records: Iterable[tuple[int, Sequence[str]]], flaws: Mapping[int, CellError] | None = None
    ) -> TextTable:
        """Return the table of all records from the header's first data row on.

        flaws: row -> why the container itself cannot read it completely.
        """
        last: MalformedRow | None = None
        for row, cells in records:
            if row < self._header.first_data_row:
                continue
            last = self._take(row, cells, (flaws or {}).get(row))
            if len(self._rows) + len(self._malformed) > self._limits["rows"]:
                raise RejectedUpload([too_many_rows(self._limits["rows"], self._file)])
            if len(self._pending) >= _CHUNK_ROWS:
                self._flush()
        if last is not None and not self._ends_whole and len(last.cells) < self._width:
            self._malformed[-1] = last._replace(error=_cut_off(last.row))
        self._flush()
        rows = np.array(self._rows, dtype=np.int64)
        return chosen_columns(
            self._header,
            self._table(),
            rows,
            tuple(self._malformed),
            self._notes,
            self._n_blank,
            file=self._file,
            sheet=self._sheet,
        )

    def _take(self, row: int, cells: Sequence[str], flaw: CellError | None) -> MalformedRow | None:
        """Keep a row or set it aside; returns it if it is malformed."""
        content = "".join(cells)
        if flaw is None and not content.strip():
            self._n_blank += 1
            return None
        bad = flaw or self._fault(content, cells)
        if bad is None:
            fitted = list(cells[: self._width])
            self._pending.append(fitted + [""] * (self._width - len(fitted)))
            self._rows.append(row)
            return None
        self._malformed.append(MalformedRow(row, tuple(cells), bad))
        return self._malformed[-1]

    def _fault(self, content: str, cells: Sequence[str]) -> CellError | None:
        if _CONTROL.search(content):
            return CONTROL_CHARACTER
        is_short = len(cells) < self._width and not self._is_padded
        if is_short or any(cell.strip() for cell in cells[self._width :]):
            return _row_length(len(cells), self._width)
        return None

    def _flush(self) -> None:
        if self._pending:
            columns = zip(*self._pending, strict=True)
            arrays = [pa.array(column, pa.string()) for column in columns]
            self._chunks.append(pa.Table.from_arrays(arrays, names=self._places()))
            self._pending = []

    def _table(self) -> pa.Table:
        schema = pa.schema([(place, pa.string()) for place in self._places()])
        return pa.concat_tables(self._chunks) if self._chunks else schema.empty_table()

    def _places(self) -> list[str]:
        return [str(place) for place in range(self._width)]


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
    """Return the table without columns that a file of refused rows adds; raises RejectedUpload if it has no rows."""
    if not len(rows) and not malformed:
        message = text("The table has column names but no rows.")
        raise rejected(ProblemCode.EMPTY, message, OTHER_FILE, file, sheet)
    all_notes = list(notes)
    if n_blank:
        all_notes.append(Note(NoteKind.BLANK_ROWS_IGNORED, n_blank))
    if not ADDED_COLUMNS & set(map(header_key, header.names)):
        return TextTable(header.names, cells, rows, sheet, malformed, tuple(all_notes))
    all_notes.append(Note(NoteKind.ADDED_COLUMNS_IGNORED))
    return _corrected(TextTable(header.names, cells, rows, sheet, malformed, tuple(all_notes)))


def _corrected(table: TextTable) -> TextTable:
    """Return a corrected file of refused rows as the table that the rows came from.

    The added columns are left out; cells get back the text that they had before they were made inert (csv_cell). A row
    that was refused as a whole counts as corrected when its cell of further cells is empty.
    """
    places = [place for place, key in enumerate(table.keys) if key not in ADDED_COLUMNS]
    cells = [pc.replace_substring_regex(plain_texts(table.cells.column(place)), "^'", "") for place in places]
    malformed = [line._replace(cells=_of_places(line.cells, places, len(table.columns))) for line in table.malformed]
    keep = np.ones(len(table), dtype=bool)
    if FURTHER_CELLS in table.keys:
        further = table.texts(FURTHER_CELLS)
        keep = np.asarray(pc.equal(pc.utf8_trim_whitespace(further), ""), dtype=bool)
        for k in np.flatnonzero(~keep).tolist():
            kept = (*(column[k].as_py() for column in cells), csv_cell_text(further[k].as_py()))
            malformed.append(MalformedRow(int(table.rows[k]), kept, _NOT_CORRECTED))
    return TextTable(
        tuple(csv_cell_text(table.columns[place]) for place in places),
        pa.Table.from_arrays(cells, names=[str(k) for k in range(len(places))]).filter(pa.array(keep)),
        table.rows[keep],
        table.sheet,
        tuple(sorted(malformed, key=lambda line: line.row)),
        table.notes,
    )


def _of_places(line: Sequence[str], places: Sequence[int], width: int) -> tuple[str, ...]:
    """Return the cells of a malformed row that are in these columns, and those beyond the header."""
    kept = (*(line[place] for place in places if place < len(line)), *line[width:])
    return tuple(map(csv_cell_text, kept))


def _row_length(n_cells: int, width: int) -> CellError:
    message = text("The row has {n} cells, the header has {width}.", n=n_cells, width=width)
    hint = text("Add or remove a separator, or put the cell that holds one in quotation marks.")
    return CellError(ProblemCode.ROW_LENGTH, message, hint)


def _cut_off(row: int) -> CellError:
    message = text("The file ends in the middle of this row; the last whole row is {last_row:d}.", last_row=row - 1)
    return CellError(ProblemCode.TRUNCATED, message, CUT_OFF)

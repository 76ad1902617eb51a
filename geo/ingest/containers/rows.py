"""Row-wise records gathered into a table of text, each held against the header."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from geo.ingest.containers.csv_scan import too_many_rows
from geo.ingest.containers.headers import ADDED_COLUMNS, FURTHER_CELLS, Header
from geo.ingest.notes import Note, NoteKind
from geo.ingest.tables import CellError, MalformedRow, TextTable, header_key, plain_texts
from geo.problems import Problem, ProblemCode, RejectedUpload
from geo.text import csv_cell_text
from geo.wording import text

_CHUNK_ROWS = 20_000
# Everything below space but tab, LF and CR; DEL; the C1 block. Direction marks and joiners are text.
CONTROL_PATTERN = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]"
CONTROL_CHARACTER = CellError(ProblemCode.CONTROL_CHARACTER, "The row holds a control character.", "Remove it.")
_CONTROL = re.compile(CONTROL_PATTERN)
_NOT_CORRECTED = CellError(
    ProblemCode.ROW_LENGTH,
    "The row was refused as a whole and its cell further_cells is not empty.",
    "Correct the row as refused_because says, then empty that cell.",
)


class RowCollector:
    """Gathers (row number, cells) into a TextTable; rows that do not fit are malformed, blank ones passed over.

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
        self._torn: list[MalformedRow] = []
        self._n_blank = 0

    def collect(
        self, records: Iterable[tuple[int, Sequence[str]]], flaws: Mapping[int, CellError] | None = None
    ) -> TextTable:
        """Return the table of all records from the header's first data row on.

        flaws: rows that the container itself cannot give whole, and why.
        """
        last: MalformedRow | None = None
        for row, cells in records:
            if row < self._header.first_data_row:
                continue
            last = self._take(row, cells, (flaws or {}).get(row))
            if len(self._rows) + len(self._torn) > self._limits["rows"]:
                raise RejectedUpload([too_many_rows(self._limits["rows"], self._file)])
            if len(self._pending) >= _CHUNK_ROWS:
                self._flush()
        if last is not None and not self._ends_whole and len(last[1]) < self._width:
            self._torn[-1] = (last[0], last[1], _cut_off(last[0]))
        self._flush()
        rows = np.array(self._rows, dtype=np.int64)
        return chosen_columns(
            self._header,
            self._table(),
            rows,
            tuple(self._torn),
            self._notes,
            self._n_blank,
            file=self._file,
            sheet=self._sheet,
        )

    def _take(self, row: int, cells: Sequence[str], flaw: CellError | None) -> MalformedRow | None:
        """Keep or tear a row; returns it if it was malformed."""
        text = "".join(cells)
        if flaw is None and not text.strip():
            self._n_blank += 1
            return None
        bad = flaw or self._fault(text, cells)
        if bad is None:
            fitted = list(cells[: self._width])
            self._pending.append(fitted + [""] * (self._width - len(fitted)))
            self._rows.append(row)
            return None
        self._torn.append((row, tuple(cells), bad))
        return self._torn[-1]

    def _fault(self, text: str, cells: Sequence[str]) -> CellError | None:
        if _CONTROL.search(text):
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
    """Return the table, of a file of refused rows as the table it came from; raises RejectedUpload if empty."""
    if not len(rows) and not malformed:
        message = "The table has column names but no rows."
        raise RejectedUpload([Problem(ProblemCode.EMPTY, message, "Choose another file.", file, sheet)])
    all_notes = list(notes)
    if n_blank:
        all_notes.append(Note(NoteKind.BLANK_ROWS_IGNORED, n_blank))
    if not ADDED_COLUMNS & set(map(header_key, header.names)):
        return TextTable(header.names, cells, rows, sheet, malformed, tuple(all_notes))
    all_notes.append(Note(NoteKind.ADDED_COLUMNS_IGNORED))
    return _corrected(TextTable(header.names, cells, rows, sheet, malformed, tuple(all_notes)))


def _corrected(table: TextTable) -> TextTable:
    """Return a file of refused rows, as it was downloaded and corrected, as the table that the rows came from.

    The added columns are left out, cells get back the text that they had before they were made inert. A row that was
    refused as a whole is taken for corrected when its cell of further cells is empty.
    """
    places = [place for place, key in enumerate(table.keys) if key not in ADDED_COLUMNS]
    cells = [pc.replace_substring_regex(plain_texts(table.cells.column(place)), "^'", "") for place in places]
    malformed = [(row, _of_places(line, places, len(table.columns)), bad) for row, line, bad in table.malformed]
    keep = np.ones(len(table), dtype=bool)
    if FURTHER_CELLS in table.keys:
        further = table.texts(FURTHER_CELLS)
        keep = np.asarray(pc.equal(pc.utf8_trim_whitespace(further), ""), dtype=bool)
        for k in np.flatnonzero(~keep).tolist():
            line = (*(column[k].as_py() for column in cells), csv_cell_text(further[k].as_py()))
            malformed.append((int(table.rows[k]), line, _NOT_CORRECTED))
    return TextTable(
        tuple(csv_cell_text(table.columns[place]) for place in places),
        pa.Table.from_arrays(cells, names=[str(k) for k in range(len(places))]).filter(pa.array(keep)),
        table.rows[keep],
        table.sheet,
        tuple(sorted(malformed, key=lambda one: one[0])),
        table.notes,
    )


def _of_places(line: Sequence[str], places: Sequence[int], width: int) -> tuple[str, ...]:
    """Return the cells of a malformed row that stand in these columns, and those beyond the header."""
    kept = (*(line[place] for place in places if place < len(line)), *line[width:])
    return tuple(map(csv_cell_text, kept))


def _row_length(n_cells: int, width: int) -> CellError:
    message = f"The row has {n_cells} cells, the header has {width}."
    return CellError(ProblemCode.ROW_LENGTH, message, "Add or remove a separator, or quote the cell that holds one.")


def _cut_off(row: int) -> CellError:
    message = text("The file ends in the middle of this row; the last whole row is {last_row:d}.", last_row=row - 1)
    return CellError(ProblemCode.TRUNCATED, message, "The file was cut off: get it again.")

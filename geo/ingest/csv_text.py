"""Delimited text: encoding, delimiter, and every row held against the header."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

from geo.ingest.tables import Bad, TextTable, checked_columns, text_table
from geo.problems import Problem, ProblemCode, RejectedUpload

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
# Columns that the file of refused rows adds; they are not data when that file comes back corrected.
ADDED_COLUMNS = ("refused_row", "refused_because", "further_cells")


def read_csv(data: bytes, file: str) -> TextTable:
    """Return the table of a UTF-8 text file with the semantics of the csv module.

    Rows that are longer than the header with more than blanks, or shorter, are returned as torn.
    Raises RejectedUpload for an unreadable encoding, an open quote or unusable column names.
    """
    text = _decoded(data, file)
    delimiter = find_delimiter(text)
    records = _records(text, delimiter, file)
    header_row, header = next(((row, cells) for row, cells in records if any(cells)), (0, []))
    if not header:
        raise RejectedUpload([Problem(ProblemCode.EMPTY, "The file has no rows.", "Choose another file.", file)])
    while header and not header[-1].strip():
        header.pop()
    names = checked_columns(header, file, header_row)
    kept, rows, torn, n_blank = _fitted(records, len(names))
    if not kept and not torn:
        message = "The file has column names but no rows."
        raise RejectedUpload([Problem(ProblemCode.EMPTY, message, "Choose another file.", file)])
    notes = [f"Text file, UTF-8, {DELIMITERS[delimiter]}-separated."]
    if n_blank:
        notes.append(f"{n_blank} blank rows were passed over.")
    chosen = [place for place, name in enumerate(names) if name not in ADDED_COLUMNS]
    cells = [[cells[place] for place in chosen] for cells in kept] if len(chosen) < len(names) else kept
    return text_table([names[place] for place in chosen], cells, rows, torn=torn, notes=notes)


def find_delimiter(text: str) -> str:
    """Return the separator that the first record uses most, quoted parts left out; comma if none."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    bare = "".join(first.split('"')[::2])
    return max(DELIMITERS, key=bare.count)


def _decoded(data: bytes, file: str) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = data.count(b"\n", 0, error.start) + 1
        message = f"The file is not UTF-8: byte {error.start}."
        hint = "Save it as CSV UTF-8."
        raise RejectedUpload([Problem(ProblemCode.ENCODING, message, hint, file, row=row)]) from error
    return text


def _records(text: str, delimiter: str, file: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    row = 0
    while True:
        row += 1
        try:
            yield row, next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            message = "A quotation mark opens in this row and is not closed properly."
            hint = 'Close the quotation mark, or double it ("") where it belongs to the text.'
            raise RejectedUpload([Problem(ProblemCode.QUOTE, message, hint, file, row=row)]) from error


def _fitted(
    records: Iterator[tuple[int, list[str]]], width: int
) -> tuple[list[Sequence[str]], list[int], list[tuple[int, tuple[str, ...], Bad]], int]:
    kept: list[Sequence[str]] = []
    rows: list[int] = []
    torn: list[tuple[int, tuple[str, ...], Bad]] = []
    n_blank = 0
    for row, cells in records:
        if not any(cell.strip() for cell in cells):
            n_blank += 1
        elif len(cells) < width or any(cell.strip() for cell in cells[width:]):
            torn.append((row, tuple(cells), row_length(len(cells), width)))
        else:
            kept.append(cells[:width])
            rows.append(row)
    return kept, rows, torn, n_blank


def row_length(n_cells: int, width: int) -> Bad:
    """Return the reason for refusing a row whose number of cells is not that of the header."""
    message = f"The row has {n_cells} cells, the header has {width}."
    return Bad(ProblemCode.ROW_LENGTH, message, "Add or remove a separator, or quote the cell that holds one.")

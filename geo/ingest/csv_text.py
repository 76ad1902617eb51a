"""Delimited text: every row held against the header; a fast parser only where the csv module would agree."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from geo.ingest.csv_scan import Scan, line_too_long, open_quote, scan_records
from geo.ingest.encodings import EncodedText, as_utf8
from geo.ingest.headers import PREVIEW_ROWS, Header, find_header, recognised
from geo.ingest.results import ReadOptions
from geo.ingest.rows import RowCollector, chosen_columns
from geo.ingest.tables import TextTable
from geo.problems import Problem, ProblemCode, RejectedUpload

if TYPE_CHECKING:
    import pyarrow as pa

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_PREVIEW_BYTES = 1 << 20
_BYTES_PER_MB = 1_000_000
Report = Callable[[float], None]


def read_text(
    path: Path, folder: Path, file: str, options: ReadOptions, limits: Mapping[str, int], report: Report
) -> TextTable:
    """Return the table of a delimited text file.

    Row numbers count records as a spreadsheet does: a line break inside quotation marks starts no row.
    Raises RejectedUpload when the text has no readable encoding, header or shape.
    """
    longest = limits["line_mb"] * _BYTES_PER_MB
    csv.field_size_limit(longest)
    text = as_utf8(path, folder, options, file)
    delimiter, preview = _preview(text, options)
    header = find_header(preview, options, file)
    notes = [text.note, f"Separator: {DELIMITERS[delimiter]}.", *header.notes]
    scan = scan_records(
        text.path,
        text.skip,
        delimiter,
        longest_bytes=longest,
        most_rows=limits["rows"],
        file=file,
        report=lambda share: report(share * 0.4),
    )
    table = _parsed_fast(text, scan, delimiter, header, notes, lambda share: report(0.4 + share * 0.6), file)
    if table is None:
        records = _records(text, delimiter, longest, file)
        table = RowCollector(header, file, limits, notes, ends_whole=_ends_with_line_end(text.path)).collect(records)
    return table


def _preview(text: EncodedText, options: ReadOptions) -> tuple[str, list[tuple[int, list[str]]]]:
    """Return the separator and the first non-blank records.

    The separator is the one that shows a known format; else the one that the first record (or the row
    that the user named) holds most often.
    """
    with text.path.open("rb") as lines:
        lines.seek(text.skip)
        start = lines.read(_PREVIEW_BYTES).decode("utf-8", errors="ignore")
    previews = {delimiter: _first_records(start, delimiter) for delimiter in DELIMITERS}
    for delimiter, records in previews.items():
        if any(recognised(cells) for _, cells in records):
            return delimiter, records

    def n_cells(delimiter: str) -> int:
        return max(
            (len(cells) for row, cells in previews[delimiter][:1] if options.header_row in (None, row)), default=0
        )

    best = max(DELIMITERS, key=n_cells)
    return best, previews[best]


def _first_records(start: str, delimiter: str) -> list[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(start, newline=""), delimiter=delimiter)
    records: list[tuple[int, list[str]]] = []
    try:
        for row, cells in enumerate(islice(reader, PREVIEW_ROWS), start=1):
            if any(cell.strip() for cell in cells):
                records.append((row, cells))
    except csv.Error:
        # The strict pass over the whole file names the row; a preview shows what can be read.
        return records
    return records


def _parsed_fast(
    text: EncodedText, scan: Scan, delimiter: str, header: Header, notes: list[str], report: Report, file: str
) -> TextTable | None:
    """Return the table by Arrow's parser, or None when rows differ in length or quoting is irregular."""
    import pyarrow as pa
    import pyarrow.csv

    first_record = header.first_data_row - 1
    if not scan.is_regular or first_record >= len(scan.ends):
        return None
    start = int(scan.ends[first_record - 1]) if first_record else text.skip
    names = [str(place) for place in range(len(header.names))]
    # Blocks that stay in the processor's cache; a record must fit.
    block = max(2 << 20, 2 * scan.longest)
    with text.path.open("rb") as lines:
        try:
            cells = pyarrow.csv.read_csv(
                pa.PythonFile(_Counted(lines, start, text.path.stat().st_size, report), mode="r"),
                read_options=pyarrow.csv.ReadOptions(column_names=names, block_size=block),
                parse_options=pyarrow.csv.ParseOptions(delimiter=delimiter, newlines_in_values=True),
                convert_options=pyarrow.csv.ConvertOptions(
                    check_utf8=False,  # it was looked at when the encoding was found
                    column_types=dict.fromkeys(names, pa.string()),
                    null_values=[],
                    strings_can_be_null=False,
                ),
            )
        except pa.ArrowInvalid:
            return None  # a row of another length: the exact pass names it
    rows = np.flatnonzero(~scan.is_blank[first_record:]).astype(np.int64) + first_record + 1
    if len(rows) != len(cells):
        return None
    cells, rows = _without_blank_rows(cells, rows)
    n_blank = len(scan.ends) - first_record - len(rows)
    return chosen_columns(header, cells, rows, (), notes, n_blank, file=file)


class _Counted(io.RawIOBase):
    """A file read from an offset on, reporting the share that has been read."""

    def __init__(self, lines: Any, start: int, size: int, report: Report) -> None:
        super().__init__()
        self._lines, self._size, self._report = lines, max(size, 1), report
        lines.seek(start)

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        data: bytes = self._lines.read(size)
        self._report(self._lines.tell() / self._size)
        return data


def _without_blank_rows(cells: pa.Table, rows: NDArray[np.int64]) -> tuple[pa.Table, NDArray[np.int64]]:
    """Drop rows of separators only; columns are looked at only as long as such a row is possible."""
    import pyarrow as pa
    import pyarrow.compute as pc

    blank = np.ones(len(rows), dtype=bool)
    for column in cells.columns:
        blank &= np.asarray(pc.equal(pc.utf8_trim_whitespace(column), ""))
        if not blank.any():
            return cells, rows
    return cells.filter(pa.array(~blank)), rows[~blank]


def _records(text: EncodedText, delimiter: str, longest: int, file: str) -> Iterator[tuple[int, Sequence[str]]]:
    """Yield row number and cells with the strict semantics of the csv module."""
    row = 0
    with text.path.open(encoding="utf-8-sig" if text.skip else "utf-8", newline="") as lines:
        reader = csv.reader(_bounded_lines(lines, longest, lambda: row, file), delimiter=delimiter, strict=True)
        while True:
            row += 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                raise RejectedUpload([_quote_problem(text, row, str(error), file)]) from error
            yield row, cells


def _bounded_lines(lines: Any, longest: int, row: Callable[[], int], file: str) -> Iterator[str]:
    while line := lines.readline(longest + 1):
        if len(line) > longest:
            raise RejectedUpload([line_too_long(longest, row(), file)])
        yield line


def _quote_problem(text: EncodedText, row: int, error: str, file: str) -> Problem:
    if "end of data" not in error or _ends_with_line_end(text.path):
        return open_quote(row, file)
    message = f"The file ends inside a quotation that opens in this row; the last whole row is {row - 1}."
    return Problem(ProblemCode.TRUNCATED, message, "The file was cut off: get it again.", file, row=row)


def _ends_with_line_end(path: Path) -> bool:
    with path.open("rb") as lines:
        lines.seek(0, io.SEEK_END)
        if lines.tell() == 0:
            return True
        lines.seek(-1, io.SEEK_END)
        return lines.read(1) in b"\r\n"

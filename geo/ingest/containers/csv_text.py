"""Delimited text: every row is checked against the header; Arrow parses only what the csv module reads the same."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

from geo.ingest.containers.csv_arrow import Report, parsed_fast
from geo.ingest.containers.csv_scan import line_too_long, open_quote, scan_records
from geo.ingest.containers.encodings import EncodedText, as_utf8
from geo.ingest.containers.headers import ADDED_COLUMNS, PREVIEW_ROWS, find_header, recognised
from geo.ingest.containers.rows import collect_rows
from geo.ingest.notes import Note, NoteKind
from geo.ingest.results import ReadOptions
from geo.ingest.tables import CUT_OFF, TextTable
from geo.problems import Problem, ProblemCode, RejectedUpload
from geo.wording import text

DELIMITERS = {",": text("comma"), ";": text("semicolon"), "\t": text("tab"), "|": text("vertical bar")}
_PREVIEW_BYTES = 1 << 20
_BYTES_PER_MB = 1_000_000


def read_text(
    path: Path, folder: Path, file: str, options: ReadOptions, limits: Mapping[str, int], report: Report
) -> TextTable:
    """Return the table of a delimited text file.

    Row numbers count records as a spreadsheet does: a line break inside quotation marks starts no row.
    Raises RejectedUpload when the text has no readable encoding, header or shape.
    """
    longest = limits["line_mb"] * _BYTES_PER_MB
    csv.field_size_limit(longest)
    source = as_utf8(path, folder, options, file)
    delimiter, preview = _preview(source, options, limits["columns"])
    header = find_header(preview, options, file, limits=limits)
    notes = [source.note, Note(NoteKind.SEPARATOR, values={"separator": DELIMITERS[delimiter]}), *header.notes]
    # Arrow is much faster than the csv module, but reads irregular quoting differently and names no rows.
    scan = scan_records(
        source.path,
        source.skip,
        delimiter,
        longest_bytes=longest,
        most_rows=limits["rows"],
        file=file,
        report=lambda share: report(share * 0.4),
    )
    table = parsed_fast(source, scan, delimiter, header, notes, lambda share: report(0.4 + share * 0.6), file)
    if table is None:
        records, ends_whole = _records(source, delimiter, longest, file), _ends_with_line_end(source.path)
        table = collect_rows(records, header, file, limits, notes, ends_whole=ends_whole)
    return replace(table, separator=delimiter)


def _preview(source: EncodedText, options: ReadOptions, most_columns: int) -> tuple[str, list[tuple[int, list[str]]]]:
    """Return the separator and the first non-blank records.

    The separator is the one that gives a known format; else the one that divides the first record (or the row
    that the user named) into most cells, or below a title the one that gives most rows the same number of cells.
    """
    with source.path.open("rb") as lines:
        lines.seek(source.skip)
        start = lines.read(_PREVIEW_BYTES).decode("utf-8", errors="ignore")
    previews = {delimiter: _first_records(start, delimiter) for delimiter in DELIMITERS}
    for delimiter, records in previews.items():
        if any(recognised(cells, most_columns + len(ADDED_COLUMNS)) for _, cells in records):
            return delimiter, records

    n_cells = {
        delimiter: max((len(cells) for row, cells in records[:1] if options.header_row in (None, row)), default=0)
        for delimiter, records in previews.items()
    }
    best = max(DELIMITERS, key=n_cells.__getitem__)
    below = previews[best][1:]
    # A first record like no other is a title: the other rows show the separator.
    if options.header_row is None and all(len(cells) != n_cells[best] or n_cells[best] < 2 for _, cells in below):
        best = max(DELIMITERS, key=lambda delimiter: _evenness(previews[delimiter]))
    return best, previews[best]


def _evenness(records: Sequence[tuple[int, list[str]]]) -> tuple[int, int]:
    """Return how many records have the most frequent number of cells above 1, and that number."""
    widths = Counter(len(cells) for _, cells in records if len(cells) > 1)
    return max(((n, width) for width, n in widths.items()), default=(0, 0))


def _first_records(start: str, delimiter: str) -> list[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(start, newline=""), delimiter=delimiter)
    records: list[tuple[int, list[str]]] = []
    # The strict reading of the whole file names the row of an error; a preview shows what can be read.
    with suppress(csv.Error):
        for row, cells in enumerate(islice(reader, PREVIEW_ROWS), start=1):
            if any(cell.strip() for cell in cells):
                records.append((row, cells))
    return records


def _records(source: EncodedText, delimiter: str, longest: int, file: str) -> Iterator[tuple[int, Sequence[str]]]:
    """Yield row number and cells with the strict semantics of the csv module."""
    row = 0
    with source.path.open("rb") as content, io.TextIOWrapper(content, encoding="utf-8", newline="") as lines:
        content.seek(source.skip)
        reader = csv.reader(_bounded_lines(lines, longest, lambda: row, file), delimiter=delimiter, strict=True)
        while True:
            row += 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                raise RejectedUpload([_quote_problem(source, row, str(error), file)]) from error
            yield row, cells


def _bounded_lines(lines: Any, longest: int, row: Callable[[], int], file: str) -> Iterator[str]:
    while line := lines.readline(longest + 1):
        if len(line) > longest:
            raise RejectedUpload([line_too_long(longest, row(), file)])
        yield line


def _quote_problem(source: EncodedText, row: int, error: str, file: str) -> Problem:
    if "end of data" not in error or _ends_with_line_end(source.path):
        return open_quote(row, file)
    message = text(
        "The file ends inside a quotation that opens in this row; the last whole row is {last_row:d}.", last_row=row - 1
    )
    return Problem(ProblemCode.TRUNCATED, message, CUT_OFF, file, row=row)


def _ends_with_line_end(path: Path) -> bool:
    with path.open("rb") as lines:
        lines.seek(0, io.SEEK_END)
        if lines.tell() == 0:
            return True
        lines.seek(-1, io.SEEK_END)
        return lines.read(1) in b"\r\n"

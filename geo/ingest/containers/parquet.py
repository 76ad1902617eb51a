"""Parquet files: bounded by the sizes in their footer, read column by column, every value as text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from geo.ingest.containers.cell_text import cell_text
from geo.ingest.containers.column_names import column_names, spelling_notes
from geo.ingest.containers.headers import Header, is_tag_row
from geo.ingest.containers.marks import CONTROL_PATTERN, MarkedRows
from geo.ingest.containers.rows import blank_rows, chosen_columns
from geo.ingest.containers.zip_guard import UNPACKS_TO
from geo.ingest.notes import Note, NoteKind
from geo.ingest.tables import CUT_OFF, SPLIT_FILE, TextTable, too_many_columns, too_many_rows
from geo.problems import ProblemCode, RejectedUpload, rejected
from geo.wording import text

_BYTES_PER_MB = 1_000_000
_LEAST_BYTES_PER_CELL = 4


def read_parquet(path: Path, file: str, limits: Mapping[str, int]) -> TextTable:
    """Return the rows of a Parquet file as text; columns of bytes (geometries) are ignored and named.

    Rows are numbered as in a table with a header: the first is 2. Raises RejectedUpload.
    """
    try:
        with pq.ParquetFile(path, page_checksum_verification=True) as content:
            _check_size(content.metadata, file, limits)
            table = content.read()  # after the check: sizes in the footer bound the memory
            table.validate(full=True)  # texts could be any bytes
    except (pa.ArrowException, OSError, ValueError) as error:
        message = text("The Parquet file is damaged or cut off.")
        raise rejected(ProblemCode.TRUNCATED, message, CUT_OFF, file) from error
    places = [place for place, kind in enumerate(table.schema.types) if not _is_bytes(kind)]
    left_out = [name for place, name in enumerate(table.column_names) if place not in places]
    notes = [Note(NoteKind.PARQUET)]
    if left_out:
        notes.append(Note(NoteKind.BYTE_COLUMNS_IGNORED, values={"columns": ", ".join(left_out)}))
    kept = [table.column_names[place] for place in places]
    names = column_names(kept)
    notes += spelling_notes(kept)
    arrays = [_text_column(table.column(place)) for place in places]
    cells = pa.Table.from_arrays(arrays, names=[str(place) for place in range(len(places))])
    rows = np.arange(2, len(table) + 2, dtype=np.int64)
    if len(cells) and is_tag_row([column[0].as_py() for column in cells.columns]):
        cells, rows = cells.slice(1), rows[1:]
        notes.append(Note(NoteKind.TAG_ROW_IGNORED))
    is_blank = blank_rows(cells)
    if is_blank.any():
        cells, rows = cells.filter(pa.array(~is_blank)), rows[~is_blank]
    cells, marked_rows = _with_marks(cells, rows)
    n_blank = int(np.count_nonzero(is_blank))
    chosen = chosen_columns(Header(names, 1, 2), cells, rows, (), notes, n_blank, file=file)
    return replace(chosen, row_notes=marked_rows.by_kind())


def _with_marks(cells: pa.Table, rows: NDArray[np.int64]) -> tuple[pa.Table, MarkedRows]:
    """Return the cells with marks for control characters, as the readers of text write them."""
    found = MarkedRows()
    for place, column in enumerate(cells.columns):
        hit = np.asarray(pc.match_substring_regex(column, CONTROL_PATTERN))
        if hit.any():
            texts = column.filter(pa.array(hit)).to_pylist()
            marked = [found.add(row, [cell])[0] for row, cell in zip(rows[hit].tolist(), texts, strict=True)]
            whole = pc.replace_with_mask(column.combine_chunks(), pa.array(hit), pa.array(marked, pa.string()))
            cells = cells.set_column(place, cells.column_names[place], whole)
    return cells, found


def _check_size(metadata: pa.Schema, file: str, limits: Mapping[str, int]) -> None:
    in_footer = sum(metadata.row_group(place).total_byte_size for place in range(metadata.num_row_groups))
    # A column of one value takes no room in the file, but each of its cells does in memory.
    size = max(in_footer, metadata.num_rows * metadata.num_columns * _LEAST_BYTES_PER_CELL)
    if metadata.num_rows > limits["rows"]:
        raise RejectedUpload([too_many_rows(limits["rows"], file)])
    if metadata.num_columns > limits["columns"]:
        raise RejectedUpload([too_many_columns(metadata.num_columns, limits["columns"], file)])
    if size > limits["unpacked_mb"] * _BYTES_PER_MB:
        message = text(UNPACKS_TO, n=round(size / _BYTES_PER_MB), most=limits["unpacked_mb"])
        raise rejected(ProblemCode.EXPANDS_TOO_MUCH, message, SPLIT_FILE, file)


def _is_bytes(kind: pa.DataType) -> bool:
    return bool(pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind))


def _text_column(column: pa.ChunkedArray) -> pa.ChunkedArray:
    # Dictionaries of other types than text, and large strings, would need a case of their own in every rule.
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        return pc.fill_null(column.cast(pa.string()), "")
    if column.null_count == len(column):
        return pa.chunked_array([pa.repeat("", len(column))])
    try:
        texts = [cell_text(value) for value in column.to_pylist()]
    except (OverflowError, ValueError):  # of a value that Python has no type for; the others are read all the same
        texts = [_text_of(value) for chunk in column.chunks for value in chunk]
    return pa.chunked_array([pa.array(texts, pa.string())])


def _text_of(value: pa.Scalar) -> str:
    """Return a value as text; one beyond the days of Python or of an unknown time zone as a text that is no date."""
    try:
        return cell_text(value.as_py())
    except (OverflowError, ValueError):
        return f"<{value.type}>"

"""Delimited text by Arrow's parser, for files that every parser reads the same way (csv_scan)."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from geo.ingest.containers.csv_scan import Scan
from geo.ingest.containers.encodings import EncodedText
from geo.ingest.containers.headers import Header
from geo.ingest.containers.rows import blank_rows, chosen_columns
from geo.ingest.notes import Note
from geo.ingest.tables import TextTable, is_encoded

Report = Callable[[float], None]

# Small enough for the cache of the processor.
_BLOCK_BYTES = 2 << 20
_SAMPLE_ROWS = 10_000
# A file is sampled if it has more than this many times the rows of the sample.
_SAMPLED_FROM = 4
# A column is kept as a dictionary up to this share of distinct texts in the sample: 10,000 rows of 13,000 equally
# frequent texts.
_MOST_DIFFERENT = 0.7


def parsed_fast(
    text: EncodedText, scan: Scan, delimiter: str, header: Header, notes: list[Note], report: Report, file: str
) -> TextTable | None:
    """Return the table by Arrow's parser, or None when rows differ in length or quoting is irregular.

    Columns of a long file become dictionaries where texts recur.
    """
    first_record = header.first_data_row - 1
    if not scan.is_regular or first_record >= len(scan.ends):
        return None
    start = int(scan.ends[first_record - 1]) if first_record else text.skip
    types = [pa.string()] * len(header.names)
    with text.path.open("rb") as lines:
        try:
            if len(scan.ends) - first_record > _SAMPLED_FROM * _SAMPLE_ROWS:
                lines.seek(start)
                sample = lines.read(int(scan.ends[first_record + _SAMPLE_ROWS - 1]) - start)
                types = _types(_parsed(pa.BufferReader(sample), types, delimiter, scan.longest))
            content = _Counted(lines, start, text.path.stat().st_size, report)
            cells = _parsed(pa.PythonFile(content, mode="r"), types, delimiter, scan.longest)
        except pa.ArrowInvalid:
            return None  # a row of another length: the slow reading names it
    rows = np.flatnonzero(~scan.is_blank[first_record:]).astype(np.int64) + first_record + 1
    if len(rows) != len(cells):
        return None
    blank = np.concatenate([blank_rows(batch) for batch in cells.to_batches()] or [np.empty(0, bool)])
    rows = rows[~blank]
    n_blank = len(scan.ends) - first_record - len(rows)
    cells = _in_one_dictionary(cells.filter(pa.array(~blank)) if blank.any() else cells, is_filtered=bool(blank.any()))
    return chosen_columns(header, cells, rows, (), notes, n_blank, file=file)


def _parsed(content: Any, types: list[pa.DataType], delimiter: str, longest: int) -> pa.Table:
    """Return the cells of a text; longest: bytes of its longest record. Raises ArrowInvalid for uneven rows."""
    names = [str(place) for place in range(len(types))]
    return pyarrow.csv.read_csv(
        content,
        # A record must fit into a block.
        read_options=pyarrow.csv.ReadOptions(column_names=names, block_size=max(_BLOCK_BYTES, 2 * longest)),
        parse_options=pyarrow.csv.ParseOptions(delimiter=delimiter, newlines_in_values=True),
        convert_options=pyarrow.csv.ConvertOptions(
            check_utf8=False,  # was checked when the encoding was found
            column_types=dict(zip(names, types, strict=True)),
            null_values=[],
            strings_can_be_null=False,
        ),
    )


def _types(sample: pa.Table) -> list[pa.DataType]:
    """Return the type of each column: a dictionary where texts recur, as in most columns of event files.

    The cells are the same either way; a dictionary saves half of the time and memory of parsing, and each text is
    then looked at once.
    """
    most = _MOST_DIFFERENT * len(sample)
    recurs = [pc.count_distinct(column).as_py() <= most for column in sample.columns]
    return [pa.dictionary(pa.int32(), pa.string()) if few else pa.string() for few in recurs]


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


def _in_one_dictionary(cells: pa.Table, *, is_filtered: bool) -> pa.Table:
    """Return the table with each dictionary in one piece; is_filtered: texts may have to leave it."""

    def in_one(column: pa.ChunkedArray) -> pa.ChunkedArray | pa.Array:
        if not is_encoded(column):
            return column
        whole = column.combine_chunks()
        return whole.dictionary_decode().dictionary_encode() if is_filtered else whole

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return pa.Table.from_arrays(list(pool.map(in_one, cells.columns)), names=cells.column_names)

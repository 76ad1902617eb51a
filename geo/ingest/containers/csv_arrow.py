"""Delimited text by Arrow's parser, for files that every parser reads the same way (csv_scan)."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
from numpy.typing import NDArray

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
_AT_ONCE_FROM_ROWS = 50_000


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
    ends, longest = scan.ends[first_record:], scan.longest
    with text.path.open("rb") as lines:
        try:
            if len(ends) > _SAMPLED_FROM * _SAMPLE_ROWS:
                sample = _Records(lines, start, ends[:_SAMPLE_ROWS], lambda _share: None)
                types = _types(_parsed(sample, types, delimiter, longest))
            cells = _parsed(_Records(lines, start, ends, report), types, delimiter, longest)
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


def _parsed(records: _Records, types: list[pa.DataType], delimiter: str, longest: int) -> pa.Table:
    """Return the cells of records; longest: bytes of the longest. Raises ArrowInvalid for uneven rows."""
    names = [str(place) for place in range(len(types))]
    return pyarrow.csv.read_csv(
        pa.PythonFile(records, mode="r"),
        # A record must fit into a block.
        read_options=pyarrow.csv.ReadOptions(column_names=names, block_size=max(_BLOCK_BYTES, 2 * longest)),
        # Line ends within cells are read all the same: only blocks that end within a record would have to be told.
        parse_options=pyarrow.csv.ParseOptions(delimiter=delimiter, newlines_in_values=False),
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


class _Records(io.RawIOBase):
    """Records of a file in blocks that end where a record ends, which a parser then need not find out.

    start: of the first; ends: of each, ascending. Reports the share of the file that has been read.
    """

    def __init__(self, lines: BinaryIO, start: int, ends: NDArray[np.int64], report: Report) -> None:
        super().__init__()
        self._lines, self._at, self._ends, self._report = lines, start, ends, report
        lines.seek(start)

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        """Return as many whole records as have at most `size` bytes; nothing after the last one."""
        n_whole = int(np.searchsorted(self._ends, self._at + size, side="right"))
        data = self._lines.read(int(self._ends[n_whole - 1]) - self._at) if n_whole else b""
        self._at += len(data)
        self._report(self._at / int(self._ends[-1]))
        return data


def _in_one_dictionary(cells: pa.Table, *, is_filtered: bool) -> pa.Table:
    """Return the table with each dictionary in one piece; is_filtered: texts may have to leave it."""

    def in_one(column: pa.ChunkedArray) -> pa.ChunkedArray | pa.Array:
        if not is_encoded(column):
            return column
        whole = column.combine_chunks()
        return whole.dictionary_decode().dictionary_encode() if is_filtered else whole

    # A short table gains nothing by threads, and where memory is short one may never begin.
    if len(cells) < _AT_ONCE_FROM_ROWS or not any(map(is_encoded, cells.columns)):
        return pa.Table.from_arrays(list(map(in_one, cells.columns)), names=cells.column_names)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return pa.Table.from_arrays(list(pool.map(in_one, cells.columns)), names=cells.column_names)

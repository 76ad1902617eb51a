"""Every original cell of a row, the column `raw`: columns of text in hand and at rest, one JSON text for a reader.

The columns cost a fraction of the text to make, hand over, filter and store; a column of few different texts is held
as a dictionary. The JSON text is made when rows are read, piece by piece. Stores of earlier versions hold the text.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from json.encoder import encode_basestring
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from geo.schema import arrow_schema

RAW = "raw"
CHUNK_ROWS = 32_768
_AT_ONCE_FROM_ROWS = 50_000
_MOST_PAIRS = 4_096
_MOST_BYTES_OF_NAMES = 1 << 28


def cells_column(names: Sequence[str], cells: pa.Table) -> pa.ChunkedArray:
    """Return the cells of each row as a structure {column: cell}, in chunks of CHUNK_ROWS at most, nothing copied.

    cells: columns of text, or of dictionaries of text, in the order of the names; no nulls.
    """
    kind = pa.struct([pa.field(name, column.type, False) for name, column in zip(names, cells.columns, strict=True)])
    fields = list(kind)
    chunks = [
        pa.StructArray.from_arrays(batch.columns, fields=fields)
        for batch in cells.to_batches(min(CHUNK_ROWS, most_rows(kind)))
    ]
    return pa.chunked_array(chunks, kind)


def with_cells(rows: pa.Table, cells: pa.ChunkedArray, keep: NDArray[np.bool_]) -> pa.Table:
    """Return canonical rows with `raw`, the cells of the rows of a mask.

    rows: the other columns in their order; those of text may be dictionaries, and are plain text in what is returned.
    """
    raw = _kept(cells, keep)
    schema = schema_in_hand(raw.type)
    kinds = [field.type for field in schema]
    cast = pa.ChunkedArray.cast
    # Threads gain nothing for few rows, and where memory is short one may never begin.
    if len(rows) < _AT_ONCE_FROM_ROWS:
        columns = list(map(cast, rows.columns, kinds))
    else:
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            columns = list(pool.map(cast, rows.columns, kinds))
    return pa.table([*columns, raw], schema=schema)


def _kept(column: pa.ChunkedArray, keep: NDArray[np.bool_]) -> pa.ChunkedArray:
    """Return the rows of a mask; chunks of which all rows are kept are not copied."""
    if keep.all():
        return column
    chunks = []
    start = 0
    for chunk in column.chunks:
        kept = keep[start : start + len(chunk)]
        start += len(chunk)
        chunks.append(chunk if kept.all() else chunk.filter(pa.array(kept)))
    return pa.chunked_array(chunks, column.type)


def schema_in_hand(kind: pa.DataType) -> pa.Schema:
    """Return the schema of canonical rows whose column `raw` has this type."""
    schema = arrow_schema()
    return schema.set(schema.get_field_index(RAW), pa.field(RAW, kind, nullable=False))


def is_cells(kind: pa.DataType) -> bool:
    """Whether a type of `raw` is columns of cells: texts, or dictionaries of texts, none of them null."""
    if not pa.types.is_struct(kind) or not len(kind):
        return False
    texts = [field.type.value_type if pa.types.is_dictionary(field.type) else field.type for field in kind]
    return all(map(pa.types.is_string, texts)) and not any(field.nullable for field in kind)


def paths_of_dictionaries(kind: pa.DataType) -> list[str]:
    """Return the paths in a Parquet file of the columns that are held as dictionaries."""
    fields = kind if pa.types.is_struct(kind) else []
    return [f"{RAW}.{field.name}" for field in fields if pa.types.is_dictionary(field.type)]


def most_rows(kind: pa.DataType) -> int:
    """Return how many rows of this type of `raw` can be made JSON text at once: long names of columns come with each.

    An Arrow array holds 2 GB of text; the names take an eighth of it, which leaves room for the cells.
    """
    if not pa.types.is_struct(kind):
        return _MOST_BYTES_OF_NAMES  # it is text already
    n_bytes = sum(len(json.dumps(field.name, ensure_ascii=False).encode()) + 6 for field in kind)
    return max(_MOST_BYTES_OF_NAMES // n_bytes, 1)


def with_json(rows: pa.Table) -> pa.Table:
    """Return rows with `raw`, if they have it, as JSON text, in chunks no longer than they were."""
    at = rows.schema.get_field_index(RAW)
    if at < 0 or pa.types.is_string(rows.schema.field(at).type):
        return rows
    chunks = rows.select([at]).to_batches(min(CHUNK_ROWS, most_rows(rows.schema.field(at).type)))
    texts = pa.chunked_array([json_texts(chunk.column(0)) for chunk in chunks], pa.string())
    return rows.set_column(at, pa.field(RAW, pa.string(), nullable=False), texts)


def json_texts(cells: pa.Array) -> pa.Array:
    """Return the cells of each row as JSON text {column: cell}: cells verbatim, column order kept.

    What is such text already is returned as it is.
    """
    if not pa.types.is_struct(cells.type):
        return cells
    parts: list[Any] = []
    for position, field in enumerate(cells.type):
        opening = pa.scalar(("{" if position == 0 else '", ') + json.dumps(field.name, ensure_ascii=False) + ': "')
        column = cells.field(position)
        if not pa.types.is_dictionary(column.type):
            parts += [opening, _escaped(column)]
            continue
        words = pc.binary_join_element_wise(opening, _escaped(column.dictionary), "")
        coded = pa.DictionaryArray.from_arrays(column.indices, words)
        joined = _joined(parts[-1], coded) if parts and pa.types.is_dictionary(parts[-1].type) else None
        parts[-1:] = [*parts[-1:], coded] if joined is None else [joined]
    plain = [part.dictionary_decode() if pa.types.is_dictionary(part.type) else part for part in parts]
    return pc.binary_join_element_wise(*plain, pa.scalar('"}'), "")


def _joined(left: pa.DictionaryArray, right: pa.DictionaryArray) -> pa.DictionaryArray | None:
    """Return two columns of text, one after the other, as one dictionary of all pairs; None if there are too many.

    Most columns of an event file hold a few words: joined, they are copied into each row once for several columns.
    """
    n_left, n_right = len(left.dictionary), len(right.dictionary)
    if n_left * n_right > _MOST_PAIRS:
        return None
    pairs = pc.binary_join_element_wise(
        left.dictionary.take(pa.array(np.repeat(np.arange(n_left), n_right))),
        right.dictionary.take(pa.array(np.tile(np.arange(n_right), n_left))),
        "",
    )
    codes = left.indices.to_numpy() * np.int32(n_right) + right.indices.to_numpy()
    return pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int32)), pairs)


def json_texts_at(column: pa.ChunkedArray, positions: NDArray[np.int64]) -> list[str]:
    """Return the JSON texts of some rows, at ascending positions; the column as a whole is not copied."""
    starts = np.concatenate([[0], np.cumsum([len(chunk) for chunk in column.chunks])])
    edges = np.searchsorted(positions, starts)
    texts: list[str] = []
    for number in np.flatnonzero(np.diff(edges)).tolist():
        wanted = positions[edges[number] : edges[number + 1]] - starts[number]
        texts += json_texts(column.chunk(number).take(pa.array(wanted))).to_pylist()
    return texts


def names_of(raw: pa.ChunkedArray) -> tuple[str, ...]:
    """Return the names of the columns of rows, at least one, whose `raw` is columns of cells or JSON text."""
    if pa.types.is_struct(raw.type):
        return tuple(field.name for field in raw.type)
    return tuple(json.loads(raw[0].as_py()))


def cells_of(raw: pa.ChunkedArray, column: str) -> pa.ChunkedArray:
    """Return the cells of one column of rows, trimmed; null where they are blank, or the row has no such column."""
    place = raw.type.get_field_index(column) if pa.types.is_struct(raw.type) else None
    if place is None:
        cells = _cells_in_json(raw, column)
    else:
        cells = pa.nulls(len(raw), pa.string()) if place < 0 else pc.struct_field(raw, place).cast(pa.string())
    trimmed = pc.utf8_trim_whitespace(cells)
    return pc.if_else(pc.equal(trimmed, ""), pa.scalar(None, pa.string()), trimmed)


def _cells_in_json(raw: pa.ChunkedArray, column: str) -> pa.ChunkedArray:
    # In JSON text a quotation mark inside a cell has a backslash: this pattern cannot begin in a cell.
    name = re.escape(json.dumps(column, ensure_ascii=False))
    found = pc.struct_field(pc.extract_regex(raw, rf'(?s)(?:^\{{|", ){name}: "(?P<cell>(?:[^"\\]|\\.)*)"'), "cell")
    has_escape = pc.fill_null(pc.match_substring(found, "\\"), False)
    written = [json.loads(f'"{text}"') for text in found.filter(has_escape).to_pylist()]
    return pc.replace_with_mask(found.combine_chunks(), has_escape.combine_chunks(), pa.array(written, pa.string()))


def _escaped(cells: pa.Array) -> pa.Array:
    """Return cells with quotation marks, backslashes and line ends as JSON writes them; most need nothing."""
    if pa.types.is_dictionary(cells.type):
        return _escaped(cells.dictionary).take(cells.indices)
    if not len(cells):
        return cells
    offsets = np.frombuffer(cells.buffers()[1], np.int32)[cells.offset : cells.offset + len(cells) + 1]
    text = np.frombuffer(cells.buffers()[2] or b"", np.uint8)[offsets[0] : offsets[-1]]
    special = np.flatnonzero((text == ord('"')) | (text == ord("\\")) | (text < 32))
    if not len(special):
        return cells
    hit = np.zeros(len(cells), dtype=bool)
    hit[np.searchsorted(offsets - offsets[0], special, side="right") - 1] = True
    mask = pa.array(hit)
    written = [encode_basestring(cell)[1:-1] for cell in cells.filter(mask).to_pylist()]
    return pc.replace_with_mask(cells, mask, pa.array(written, pa.string()))

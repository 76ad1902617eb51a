"""Stored rows under the decisions about their words: the codes change, what is stored stays as it is.

Rows with a decided word are read again from their original cells in the store, by the rules that read the file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from geo import verbatim, word_decisions
from geo.codes import encode, spread
from geo.ingest import ReadOptions
from geo.ingest.tables import TextTable
from geo.ingest.values.canonical import initiators_on_their_day, is_control_type
from geo.ingest.values.cells import Reading
from geo.ingest.values.choices import folded_word
from geo.ingest.values.labels import Labels, Mask
from geo.ingest.values.word_fields import WORD_COLUMNS, word_fields
from geo.stored_words import READING, columns_read
from geo.word_decisions import Meanings

if TYPE_CHECKING:
    from geo.store import BatchRecord, Store

_CONTROL = "is_control_type"
_NEEDED = (verbatim.RAW, "date_start", *WORD_COLUMNS.values())


@dataclass(frozen=True, slots=True)
class Decided:
    """What is needed to read words of a batch again.

    columns: field -> column of the file. meanings: the decisions, field -> folded word -> code. options: with which
    the file was read, the decisions added.
    """

    columns: Mapping[str, str]
    meanings: Meanings
    options: ReadOptions


def decided(store: Store, records: Sequence[BatchRecord]) -> dict[int, Decided]:
    """Return the decisions about words of batches, for those that have any."""
    by_batch = word_decisions.by_batch(store)
    return {one.batch_id: _decided(store, one, by_batch[one.batch_id]) for one in records if one.batch_id in by_batch}


def read(store: Store, record: BatchRecord, columns: Sequence[str], *, encoded: Sequence[str] = ()) -> pa.Table:
    """Return rows of a batch as `Store.read` does, with the codes that the decisions in force give them."""
    return read_all(store, [record], columns, encoded=encoded)[str(record.batch_id)]


def read_all(
    store: Store, records: Sequence[BatchRecord], columns: Sequence[str], *, encoded: Sequence[str] = ()
) -> dict[str, pa.Table]:
    """Return the rows of several batches, number as text -> table, see `read`."""
    found = {str(one.batch_id): store.read(one.batch_id, columns, encoded=encoded) for one in records}
    for batch_id, about in decided(store, records).items():
        start = 0
        changes = []
        for piece in store.pieces(batch_id, _NEEDED, partial(_columns_needed, about)):
            changes += [(at + start, codes) for at, codes in _changes(piece, about)]
            start += len(piece)
        found[str(batch_id)] = _changed(found[str(batch_id)], changes)
    return found


def recoded(rows: pa.Table, about: Decided | None) -> pa.Table:
    """Return canonical rows of one batch, `raw` among them, with the codes that decisions give them."""
    return rows if about is None else _changed(rows, list(_changes(rows, about)))


def _columns_needed(about: Decided, _names: Sequence[str]) -> tuple[str, ...]:
    """Return the original columns that are read again."""
    return tuple(about.columns.values())


def _decided(store: Store, record: BatchRecord, meanings: Meanings) -> Decided:
    kept = record.summary.get(READING, {})
    values = {
        field: {folded_word(word): code for word, code in kept.get("values", {}).get(field, {}).items()}
        | meanings.get(field, {})
        for field in WORD_COLUMNS
    }
    return Decided(columns_read(store, record), meanings, ReadOptions(values=values, initiator=kept.get("initiator")))


def _changes(rows: pa.Table, about: Decided) -> Iterator[tuple[NDArray[np.int64], dict[str, Any]]]:
    """Yield positions of rows with a decided word and their new codes by canonical column; nothing for none."""
    is_decided = {field: _has_word(rows, about, field) for field in about.meanings if field in about.columns}
    positions = np.flatnonzero(np.any([*is_decided.values(), np.zeros(len(rows), dtype=bool)], axis=0))
    if not len(positions):
        return
    affected = rows.take(pa.array(positions))
    again = word_fields(_reading(affected, about))
    # A word without a decision keeps its code; who began follows from the others where the file does not say it.
    codes = {WORD_COLUMNS["initiator"]: again["initiator"]}
    for field, column in WORD_COLUMNS.items():
        if field != "initiator":
            where = is_decided.get(field, np.zeros(len(rows), dtype=bool))[positions]
            codes[column] = Labels(*encode(affected[column])).replaced(where, again[column])
    fields = codes | {"date_start": affected["date_start"].cast(pa.int32()).to_numpy()}
    codes["initiator"] = initiators_on_their_day(fields, len(positions))
    yield positions, {**codes, _CONTROL: is_control_type(codes, len(positions))}


def _has_word(rows: pa.Table, about: Decided, field: str) -> Mask:
    """Return whether the cell of a field has a decided word, shape (rows,)."""
    words, codes = encode(verbatim.cells_of(rows[verbatim.RAW], about.columns[field]))
    return spread((folded_word(word) in about.meanings[field] for word in words), codes, False)


def _reading(rows: pa.Table, about: Decided) -> Reading:
    """Return the cells of the words of rows as a table whose columns have the names of the fields."""
    cells = [verbatim.cells_of(rows[verbatim.RAW], column).fill_null("") for column in about.columns.values()]
    table = pa.table({str(place): column for place, column in enumerate(cells)})
    return Reading(TextTable(tuple(about.columns), table, np.arange(len(rows))), about.options, "", 0)


def _changed(rows: pa.Table, changes: Sequence[tuple[NDArray[np.int64], Mapping[str, Any]]]) -> pa.Table:
    """Return rows with new codes at some positions, in the columns of them that the table has."""
    for name in (*WORD_COLUMNS.values(), _CONTROL) if changes else ():
        if name in rows.column_names:
            column = _with_flags(rows[name], changes) if name == _CONTROL else _with_words(rows[name], name, changes)
            rows = rows.set_column(rows.schema.get_field_index(name), rows.schema.field(name), column)
    return rows


def _with_flags(column: pa.ChunkedArray, changes: Sequence[tuple[NDArray[np.int64], Mapping[str, Any]]]) -> pa.Array:
    flags = np.array(column)
    for positions, codes in changes:
        flags[positions] = codes[_CONTROL]
    return pa.array(flags)


def _with_words(
    column: pa.ChunkedArray, name: str, changes: Sequence[tuple[NDArray[np.int64], Mapping[str, Any]]]
) -> pa.Array:
    words, codes = encode(column)
    for positions, found in changes:
        new_words, new_codes = encode(found[name].to_arrow())
        codes[positions] = new_codes + len(words)
        words += new_words
    return Labels(words, codes).to_arrow().cast(column.type)

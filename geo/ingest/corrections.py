"""Cells that a person corrected while a file was checked: they replace those of the file; a note lists them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from geo.ingest.notes import Note, NoteKind
from geo.ingest.tables import CellError, TextTable, plain_texts
from geo.ingest.values.counts import parse_count
from geo.text import shortened

# Row of the file, name of the column, and what the cell should hold.
Correction = tuple[int, str, str]
# Of the tables that are split into rows by year, district or kind.
_SPLIT_COUNT = "Incidents"
_MOST_LISTED = 20
_LONGEST_CELL = 40


def corrected(table: TextTable, corrections: Sequence[Correction]) -> TextTable:
    """Return the table with corrected cells; rows and columns that it does not have are ignored.

    The stored copy of a row holds the corrected cells, the note what stood there before. Where several rows were made
    of one row of the file and differ in a column, the one whose number of incidents is refused is meant.
    """
    cells, changed = table.cells, []
    is_meant = _are_unread(table, {row for row, *_ in corrections})
    for place, name in enumerate(table.columns):
        wanted = {row: text for row, column, text in corrections if column == name}
        where = np.isin(table.rows, list(wanted))
        if not where.any():
            continue
        texts = plain_texts(cells.column(place))
        where &= is_meant | ~_differ(texts, table.rows, where)
        numbers = table.rows[where].tolist()
        before = texts.filter(pa.array(where)).to_pylist()
        changed += [(row, name, old, wanted[row]) for row, old in zip(numbers, before, strict=True)]
        after = pc.replace_with_mask(texts, pa.array(where), pa.array([wanted[row] for row in numbers], texts.type))
        cells = cells.set_column(place, cells.field(place).with_type(texts.type), after)
    if not changed:
        return table
    return replace(table, cells=cells, notes=(*table.notes, _note(sorted(changed))))


def _are_unread(table: TextTable, wanted: Collection[int]) -> NDArray[np.bool_]:
    """Return which rows are the only one of their number in the file whose number of incidents is refused, (n,)."""
    found = np.zeros(len(table), dtype=bool)
    if _SPLIT_COUNT in table.columns:
        cells = plain_texts(table.cells.column(table.columns.index(_SPLIT_COUNT)))
        for place in np.flatnonzero(np.isin(table.rows, list(wanted))):
            read = parse_count(cells[place].as_py(), allow_range=True)
            found[place] = isinstance(read, CellError) or not read.best
    numbers, n_rows = np.unique(table.rows[found], return_counts=True)
    return found & np.isin(table.rows, numbers[n_rows == 1])


def _differ(texts: pa.Array, rows: NDArray[np.int64], where: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return which rows share their number with another cell of a column, shape (n,); where: rows to look at."""
    pairs = set(zip(rows[where].tolist(), texts.filter(pa.array(where)).to_pylist(), strict=True))
    numbers, n_cells = np.unique(np.array([row for row, _ in pairs], dtype=np.int64), return_counts=True)
    return np.isin(rows, numbers[n_cells > 1])


def _note(changed: Sequence[tuple[int, str, str, str]]) -> Note:
    listed = [
        f"{row} {column}: {shortened(old, _LONGEST_CELL)!r} -> {shortened(new, _LONGEST_CELL)!r}"
        for row, column, old, new in changed[:_MOST_LISTED]
    ]
    more = ["..."] if len(changed) > _MOST_LISTED else []
    return Note(NoteKind.CELLS_CORRECTED, len(changed), values={"cells": "; ".join([*listed, *more])})

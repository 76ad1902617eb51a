"""Cells that a person corrected while a file was checked: they replace those of the file; a note lists them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo.ingest.notes import Note, NoteKind
from geo.ingest.tables import TextTable, plain_texts
from geo.text import shortened

# Row of the file, name of the column, and what the cell should hold.
Correction = tuple[int, str, str]
_MOST_LISTED = 20
_LONGEST_CELL = 40


def corrected(table: TextTable, corrections: Sequence[Correction]) -> TextTable:
    """Return the table with corrected cells; rows and columns that it does not have are ignored.

    The stored copy of a row holds the corrected cells, the note what stood there before.
    """
    cells, changed = table.cells, []
    for place, name in enumerate(table.columns):
        wanted = {row: text for row, column, text in corrections if column == name}
        where = np.isin(table.rows, list(wanted))
        if not where.any():
            continue
        texts, numbers = plain_texts(cells.column(place)), table.rows[where].tolist()
        before = texts.filter(pa.array(where)).to_pylist()
        changed += [(row, name, old, wanted[row]) for row, old in zip(numbers, before, strict=True)]
        after = pc.replace_with_mask(texts, pa.array(where), pa.array([wanted[row] for row in numbers], texts.type))
        cells = cells.set_column(place, cells.field(place).with_type(texts.type), after)
    if not changed:
        return table
    return replace(table, cells=cells, notes=(*table.notes, _note(sorted(changed))))


def _note(changed: Sequence[tuple[int, str, str, str]]) -> Note:
    listed = [
        f"{row} {column}: {shortened(old, _LONGEST_CELL)!r} -> {shortened(new, _LONGEST_CELL)!r}"
        for row, column, old, new in changed[:_MOST_LISTED]
    ]
    more = ["..."] if len(changed) > _MOST_LISTED else []
    return Note(NoteKind.CELLS_CORRECTED, len(changed), values={"cells": "; ".join([*listed, *more])})

"""Tables with one column a district and one row a year or month: a row for each district and period is made of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo.districts import load
from geo.ingest.mapping.fields import FIELDS
from geo.ingest.mapping.name_words import is_named
from geo.ingest.mapping.wide import require_incidents
from geo.ingest.notes import Note, NoteKind
from geo.ingest.results import ReadOptions
from geo.ingest.tables import TextTable, plain_key, plain_texts
from geo.ingest.values.cells import NOT_STATED

_FEWEST_DISTRICTS = 2
# Kinds of names that mean a part of a district; a former frontier region was counted apart from its district.
_OUTSIDE = "frontier_region"
_OF_A_DISTRICT = ("place", "split_unit", _OUTSIDE)
_PERIODS = frozenset({*FIELDS["year"].names, *FIELDS["month"].names, "years", "months"})


def by_district(table: TextTable, options: ReadOptions, file: str) -> TextTable:
    """Return a table with one column a district as one with the columns District, the period and Incidents.

    Others are unchanged. Raises RejectedUpload (COUNTED, NOT_FOR_DISTRICTS) until it is answered that the figures count
    incidents (ReadOptions.counted).
    """
    periods = [place for place, name in enumerate(table.columns) if plain_key(name) in _PERIODS]
    names = load().aliases
    districts = [place for place, name in enumerate(table.columns) if names.resolve(name, is_exact=True).pcode]
    named = [table.columns[place] for place in districts]
    is_other = any(is_named(name, "district", "date", "place") for name in table.columns)
    if options.mapping or not periods or is_other or len(districts) < _FEWEST_DISTRICTS or not _are_apart(named):
        return table
    require_incidents(table, options, file)
    pieces, rows, n_blank = [], [], 0
    for place in districts:
        figures = pc.utf8_trim_whitespace(plain_texts(table.cells.column(place)))
        is_stated = np.array([one.casefold() not in NOT_STATED for one in figures.to_pylist()], dtype=bool)
        n_blank += int((~is_stated).sum())
        columns = [pa.repeat(table.columns[place], len(table))]
        columns += [plain_texts(table.cells.column(period)) for period in periods]
        piece = pa.table([*columns, figures], names=[str(k) for k in range(len(columns) + 1)])
        pieces.append(piece.filter(pa.array(is_stated)))
        rows.append(table.rows[is_stated])
    numbers = np.concatenate(rows)
    order = np.argsort(numbers, kind="stable")
    left = [name for place, name in enumerate(table.columns) if place not in (*periods, *districts)]
    notes = [Note(NoteKind.ONE_COLUMN_A_DISTRICT, values={"districts": ", ".join(table.columns[k] for k in districts)})]
    notes += [Note(NoteKind.YEARS_NOT_STATED, n_blank)] if n_blank else []
    notes += [Note(NoteKind.COLUMNS_NOT_USED, values={"columns": ", ".join(left)})] if left else []
    return replace(
        table,
        columns=("District", *(table.columns[period] for period in periods), "Incidents"),
        cells=pa.concat_tables(pieces).take(pa.array(order)).combine_chunks(),
        rows=numbers[order],
        notes=(*table.notes, *notes),
    )


def _are_apart(names: Sequence[str]) -> bool:
    """Whether columns are of districts or parts of them, none of which is another column's as well.

    "Bannu (killed)" only begins with a district: it says what is counted there.
    """
    known = load().aliases
    wholes, parts = list[str | None](), set[str | None]()
    for name in names:
        found, kind = known.resolve(name, is_exact=True), known.kind(name)
        if found.method == "source_admin" or kind not in ("", *_OF_A_DISTRICT):
            wholes.append(found.pcode)
        elif kind or known.places.find(name):
            parts |= {found.pcode} if kind != _OUTSIDE else set()
        else:
            return False
    return len(wholes) == len(set(wholes)) and not parts & set(wholes)

"""Tables that write a date or district once for several rows, as merged cells become in other programs.

Whether a blank cell below a date means the same date is asked once for the file; a value is never repeated unasked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from geo.districts import load
from geo.ingest.formats import is_own_table
from geo.ingest.mapping.column_proposals import is_serial
from geo.ingest.mapping.mappings import names_of
from geo.ingest.mapping.person_columns import describing_columns, telling_columns
from geo.ingest.mapping.plain import columns_named
from geo.ingest.mapping.toll_columns import toll_head
from geo.ingest.notes import Note, NoteKind
from geo.ingest.results import ReadOptions
from geo.ingest.tables import TextTable, is_filled, plain_texts
from geo.ingest.values.evidence import Evidence
from geo.ingest.values.labels import Mask
from geo.names import is_label_of_sum, is_sum

Positions = NDArray[np.int64]
_GROUPED = ("date", "year", "month", "district")
_MARKS = frozenset(
    {'"', '""', "''", "”", "“", "〃", ",,", '" "', "do", "-do-", "--do--", "- do -", "ditto", "-ditto-"}
) | frozenset({"same", "same as above", "as above", "ایضا", "ایضاً", "-ایضا-", "-ایضاً-"})
# What tells that a row is an incident, and no second line of the text above it.
_TELLING = ("date", "year", "month", "day", "pcode", "place", "latitude", "point", "n_events")
_ELSEWHERE_PLACED = ("pcode", "latitude", "point")


@dataclass(slots=True)
class _Rows:
    """The rows of a table: which cells are filled, by column, each looked at once."""

    table: TextTable
    fields: Mapping[str, tuple[int, ...]]
    _filled: dict[int, Mask] = field(default_factory=dict)

    def filled(self, place: int) -> Mask:
        """Return whether each row has a text in a column."""
        if place not in self._filled:
            self._filled[place] = is_filled(self.table.cells.column(place))
        return self._filled[place]

    def any_filled(self, *fields: str) -> Mask:
        """Return whether each row has a text in a column of any of the fields."""
        found = np.zeros(len(self.table), dtype=bool)
        for place in (place for name in fields for place in self.fields.get(name, ())):
            found |= self.filled(place)
        return found


def with_cells_above(table: TextTable, options: ReadOptions, evidence: Evidence | None = None) -> TextTable:
    """Return a table whose blank dates and districts below a filled one are filled, if that was answered.

    Without an answer they stay blank and a note raises the question (ReadOptions.blank_cells). Columns to the left are
    the wider groups: below a new district the date of the district before does not count. Marks of repetition, such as
    "do", say what a blank cell leaves open: they are read in any case.
    """
    if not len(table) or not is_own_table(table.columns):
        return table
    table = _without_marks(table, options)
    if options.blank_cells == "blank":
        return table
    rows = _Rows(table, _places(table, options))
    sources = {place: above for place, above in _sources(rows).items() if (above >= 0).any()}
    is_blank = np.zeros(len(table), dtype=bool)
    for above in sources.values():
        is_blank |= above >= 0
    n = int(is_blank.sum())
    is_asked = (evidence or Evidence()).verdict("blank_below", "", n, len(table))
    if not sources:
        return table
    values = {"columns": ", ".join(table.columns[place] for place in sources)}
    first = int(table.rows[is_blank][0])
    if options.blank_cells is None:
        note = Note(NoteKind.BLANK_BELOW, n, first, values)
        return replace(table, notes=(*table.notes, note)) if is_asked else table
    return _filled(table, sources, Note(NoteKind.CELLS_FROM_ABOVE, n, first, values))


def _filled(table: TextTable, sources: Mapping[int, Positions], note: Note) -> TextTable:
    cells = table.cells
    for place, above in sources.items():
        taken = np.where(above >= 0, above, np.arange(len(table)))
        texts = plain_texts(cells.column(place)).take(pa.array(taken))
        cells = cells.set_column(place, str(place), texts)
    return replace(table, cells=cells, notes=(*table.notes, note))


def _without_marks(table: TextTable, options: ReadOptions) -> TextTable:
    """Return a table whose marks of repetition are what stands above them; a note counts the rows."""
    fields, sources = _places(table, options), {}
    rows = _Rows(table, fields)
    is_repeated = np.zeros(len(table), dtype=bool)
    for name, place in sorted((one, place) for one in _GROUPED for place in fields.get(one, ())):
        encoded = table.encoded(table.keys[place])
        words = pc.utf8_lower(pc.utf8_trim_whitespace(encoded.dictionary))
        are_marks = np.asarray(pc.is_in(words, pa.array(sorted(_MARKS))), dtype=bool)
        if are_marks.any():
            is_mark, texts = are_marks[encoded.indices.to_numpy()], plain_texts(table.cells.column(place))
            above = np.where(is_mark, _last(~is_mark), -1)
            above = np.where(above > _ends(rows), above, -1)
            # Any other word above may be a text in which the mark is a mark of quotation.
            sources[place] = _usable(texts, above, _is_district if name == "district" else _is_text)
            is_repeated |= sources[place] >= 0
    if not is_repeated.any():
        return table
    values = {"columns": ", ".join(table.columns[place] for place in sources)}
    note = Note(NoteKind.CELLS_REPEATED, int(is_repeated.sum()), int(table.rows[is_repeated][0]), values)
    return _filled(table, sources, note)


def states_own_incident(table: TextTable, options: ReadOptions) -> Mask:
    """Return whether each row has a date, a place, a toll or a number of its own, shape (n,)."""
    return _own(_Rows(table, _places(table, options)))


def _own(rows: _Rows) -> Mask:
    found = rows.any_filled(*_TELLING)
    for place in rows.fields.get("district", ()):
        # "Marwat" below "Lakki" is the rest of the cell above.
        texts = plain_texts(rows.table.cells.column(place))
        districts = [one for one in pc.unique(texts).to_pylist() if load().aliases.resolve(one).pcode is not None]
        found |= np.asarray(pc.is_in(texts, pa.array(districts, pa.string())))
    persons = {*telling_columns(rows.table), *describing_columns(rows.table.columns)}
    for place, name in enumerate(rows.table.columns):
        if is_serial(name) or name in persons or toll_head(name) is not None:
            found |= rows.filled(place)
    return found


def _places(table: TextTable, options: ReadOptions) -> dict[str, tuple[int, ...]]:
    """Return field -> places of its columns, as a person assigned them or by their names."""
    columns = options.mapping or columns_named(table.columns)
    found = {name: [table.key_of(column) for column in names_of(columns, name)] for name in columns}
    return {name: tuple(table.keys.index(key) for key in keys if key) for name, keys in found.items()}


def _sources(rows: _Rows) -> dict[int, Positions]:
    """Return, for each grouped column, the position of the row whose cell counts in each row, -1 for none."""
    grouped = {place: name for name in _GROUPED for place in rows.fields.get(name, ())}
    grouped = {place: name for place, name in sorted(grouped.items()) if _is_grouped(rows.filled(place))}
    if not grouped:
        return {}
    is_open, ends = _own(rows), _ends(rows)
    found: dict[int, Positions] = {}
    for place, name in grouped.items():
        wider = [_last(rows.filled(left)) for left in found]
        above = _last(rows.filled(place))
        blank = ~rows.filled(place) & is_open & (above >= 0) & (above > ends)
        if name in ("date", "year"):
            blank &= ~rows.any_filled("year" if name == "date" else "date")
        elif name == "month":
            wider.append(_last(rows.any_filled("year")))
            blank &= ~rows.any_filled("date", "year")
        else:
            blank &= ~rows.any_filled(*_ELSEWHERE_PLACED) & _lies_with(rows, above)
        for outer in wider:
            blank &= above >= outer
        texts = plain_texts(rows.table.cells.column(place))
        found[place] = _usable(texts, np.where(blank, above, -1), lambda cell: not is_sum(cell))
        if name == "district" and _contradicts(rows, place, found[place]):
            del found[place]
    return found


def _is_grouped(filled: Mask) -> bool:
    return bool(filled.any()) and not filled[int(np.argmax(filled)) :].all()


def _last(where: Mask) -> Positions:
    """Return the position of the last marked row up to each row, -1 before the first."""
    last: Positions = np.maximum.accumulate(np.where(where, np.arange(len(where)), -1))
    return last


def _ends(rows: _Rows) -> Positions:
    """Return the last position up to each row at which a group ends: a row of one cell, of a sum, or one refused.

    A cell alone in a column of texts is a second line of the text above it, and a district alone in its column is a
    row without its date.
    """
    table = rows.table
    n_filled = np.zeros(len(table), dtype=np.int64)
    ends, is_heading = np.zeros(len(table), dtype=bool), np.zeros(len(table), dtype=bool)
    fields = {place for name in rows.fields if name != "description" for place in rows.fields[name]}
    for place, column in enumerate(table.cells.columns):
        texts = plain_texts(column)
        n_filled += rows.filled(place)
        if place in rows.fields.get("district", ()):
            names = filter(str.strip, pc.unique(texts).to_pylist())
            others = [one for one in names if load().aliases.resolve(one).pcode is None]
            is_heading |= np.asarray(pc.is_in(texts, pa.array(others, pa.string())))
        elif place in fields or place == 0:
            is_heading |= rows.filled(place)
        sums = [one for one in pc.unique(texts).to_pylist() if is_label_of_sum(one)]
        ends |= np.asarray(pc.is_in(texts, pa.array(sums, pa.string())))
    last = _last(ends | ((n_filled == 1) & is_heading))
    return np.maximum(last, _before_refused(table))


def _before_refused(table: TextTable) -> Positions:
    """Return the last position up to each row that a refused row follows, -1 before the first.

    The refused row itself is not in the table: what follows it may belong to it.
    """
    before = np.full(len(table) + 1, -1, dtype=np.int64)
    after = np.searchsorted(table.rows, [line.row for line in table.malformed])
    before[after] = after - 1
    return np.maximum.accumulate(before)[:-1]


def _usable(texts: pa.Array, above: Positions, is_usable: Callable[[str], bool]) -> Positions:
    """Return the positions whose text passes a test, -1 for the others."""
    usable = {position: is_usable(texts[position].as_py()) for position in np.unique(above[above >= 0]).tolist()}
    return np.array([position if usable.get(position) else -1 for position in above.tolist()], dtype=np.int64)


def _is_text(cell: str) -> bool:
    return bool(cell.strip())


def _is_district(cell: str) -> bool:
    return load().aliases.resolve(cell, is_exact=True).pcode is not None


def _lies_with(rows: _Rows, above: Positions) -> Mask:
    """Return whether no row from that above, which would give the district, states another province or country."""
    found = np.ones(len(above), dtype=bool)
    for place in (place for name in ("province", "country") for place in rows.fields.get(name, ())):
        codes = rows.table.encoded(rows.table.keys[place]).indices.to_numpy()
        found &= above > _last(rows.filled(place) & (codes != codes[np.maximum(above, 0)]))
    return found


def _contradicts(rows: _Rows, place: int, above: Positions) -> bool:
    """Whether the place of a row lies in another district than that of the row above: then nothing is merged."""
    names = load()
    districts = plain_texts(rows.table.cells.column(place))
    for column in rows.fields.get("place", ()):
        places = plain_texts(rows.table.cells.column(column))
        pairs = {(places[int(at)].as_py(), districts[int(above[at])].as_py()) for at in np.flatnonzero(above >= 0)}
        for name, district in pairs:
            pcodes = {one.pcode for one in names.places.find(name)} if name.strip() else set()
            if len(pcodes) == 1 and names.aliases.resolve(district, is_exact=True).pcode not in {*pcodes, None}:
                return True
    return False

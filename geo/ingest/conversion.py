"""A table of text becomes canonical rows: its format is recognised by the columns, every row accepted or refused."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from geo import verbatim
from geo.codes import encode, spread
from geo.ingest.containers.marks import MARK_PATTERN
from geo.ingest.corrections import corrected
from geo.ingest.formats import Format, mapped, recognise_columns
from geo.ingest.mapping import district_figures, grouped_rows, month_totals, persons, sentences, turned, wide
from geo.ingest.mapping.plain import columns_of, columns_of_kinds
from geo.ingest.notes import NoteKind
from geo.ingest.results import Findings, ReadOptions
from geo.ingest.tables import CellError, TextTable, is_encoded, stated_keys, too_many_columns
from geo.ingest.values.canonical import Fields, accepted_fields, complete_fields
from geo.ingest.values.cells import Reading
from geo.ingest.values.evidence import Evidence
from geo.ingest.values.word_fields import WORD_COLUMNS
from geo.problems import ProblemCode, RejectedUpload, rejected
from geo.wording import Text, text

_CORRECT = text("Correct the cell.")
# Canonical column in which an unknown character could make another incident or another district of a row.
_MARKED = {
    "source_event_id": text("The identifier holds a character that is not text."),
    "district_reported": text("The district holds a character that is not text."),
}


@dataclass(frozen=True, slots=True, eq=False)
class Conversion:
    """A table that was read: findings, and the converted columns of all its rows except `raw`."""

    findings: Findings
    reading: Reading
    fields: Fields

    @property
    def is_accepted(self) -> NDArray[np.bool_]:
        """Whether each row of the table is accepted, shape (n,)."""
        return ~self.reading.refusals.refused

    def accepted_fields(self) -> pa.Table:
        """Return the canonical columns of the accepted rows in file order, without `raw`."""
        return accepted_fields(self.reading, self.fields)

    def rows(self) -> pa.Table:
        """Return the accepted rows in file order, `raw` as columns of cells (geo.verbatim)."""
        table = self.reading.table
        return verbatim.with_cells(
            self.accepted_fields(), verbatim.cells_column(table.columns, table.cells), self.is_accepted
        )

    def refused_rows(self) -> pa.Table:
        """Return the refused rows as text."""
        return self.reading.refusals.refused_rows()


def prepared(table: TextTable, file: str, options: ReadOptions, evidence: Evidence | None = None) -> TextTable:
    """Return a table as it is converted and stored.

    One row for each year of a wide table, dates and districts that stand once for several rows, one row for the people
    of one incident, a column of places for sentences, then the cells that a person corrected. Raises RejectedUpload
    when a wide table does not say what it counts, or nobody has said whether each row is a person.
    """
    whole = grouped_rows.with_cells_above(
        turned.by_district(wide.by_year(table, options, file), options, file), options, evidence
    )
    whole = district_figures.with_figures(whole, options, file)
    whole = persons.as_incidents(month_totals.with_years(whole, options, file), options, file, evidence)
    whole = sentences.with_place_column(whole, options)
    return corrected(whole, options.corrections)


def convert_table(
    table: TextTable,
    file: str,
    options: ReadOptions,
    limits: Mapping[str, int],
    *,
    requires_ids: bool = False,
    evidence: Evidence | None = None,
) -> Conversion:
    """Return the reading of a table (see `prepared`); accepted and refused rows together are the rows of the file.

    evidence: what the file proves of which the table is a part; takes up what the table counts.
    requires_ids: rows without an identifier are refused in a table that has them. Raises RejectedUpload when no
    format has these columns or a question must be answered first.
    """
    if len(table.columns) > limits["columns"]:
        raise RejectedUpload([too_many_columns(len(table.columns), limits["columns"], file, table.sheet)])
    layout, aliases = _layout(table, file, options)
    reading = Reading(table, options, file, limits["problems_shown"], aliases, evidence)
    _note_container(reading)
    fields = complete_fields(reading, layout.convert(reading), layout.source, requires_ids=requires_ids)
    _refuse_marks(reading, fields)
    _judge_long_cells(reading, fields, limits["cell_chars"])
    findings = Findings(
        format=layout.key,
        why=why(layout, table),
        source=layout.source,
        n_rows_in=len(table) + len(table.malformed),
        problems=reading.refusals.problems(),
        n_problems=reading.refusals.n_problems,
        notes=reading.notes,
        source_version=reading.source_version,
        snapshot_date=reading.snapshot_date,
        problem_kinds=reading.refusals.problem_kinds,
        n_sums=reading.refusals.n_sums,
        sum_rows=reading.refusals.sum_rows,
        word_columns={one: reading.name_of(one) for one in WORD_COLUMNS if reading.has(one)},
    )
    return Conversion(findings, reading, fields)


def _note_container(reading: Reading) -> None:
    """Note the rows of which the container of the file has something to say."""
    for kind, rows in reading.table.row_notes.items():
        reading.note_rows(np.isin(reading.table.rows, sorted(rows)), kind)
    for kind in dict.fromkeys(cells.kind for cells in reading.table.unread):
        reading.note_rows(reading.is_unread(*reading.table.keys, kind=kind), kind)


def _layout(table: TextTable, file: str, options: ReadOptions) -> tuple[Format, dict[str, str]]:
    """Return the format and, for a mapped table, field -> column key."""
    if options.mapping:
        assigned = persons.fitted(sentences.with_place(options.mapping, table), table)
        return mapped.FORMAT, mapped.column_aliases(table, assigned, options.values or {}, file)
    layout = recognise_columns(stated_keys(table.columns))
    if layout is not None:
        return layout, mapped.whole_aliases(layout.columns) if layout.columns else {}
    columns = columns_of(table)
    # Beyond known formats and names nothing is guessed: a person assigns the columns.
    if columns is None:
        raise _unknown_columns(table, file, options.header_row)
    if kinds := columns_of_kinds(table, columns):
        message = text("The table counts incidents in a column for each kind: {columns}.", columns=", ".join(kinds))
        hint = text("State their sum in one column “Incidents”, or assign the column of the total to it.")
        raise rejected(ProblemCode.COLUMNS, message, hint, file, table.sheet)
    return mapped.PLAIN, mapped.column_aliases(table, columns, {}, file)


def why(layout: Format, table: TextTable) -> Text:
    """Return by which columns a format was recognised, in the user's names."""
    label = text(layout.label)
    if layout is mapped.PLAIN:
        return text("{format}: the names of the columns say what they hold.", format=label)
    if not layout.signature:
        return text("{format}: the columns were assigned by the user.", format=label)
    named = ", ".join(table.name_of(key) for key in table.keys if key in layout.signature)
    return text("{format}: has the columns {columns}.", format=label, columns=named)


def _unknown_columns(table: TextTable, file: str, header_row: int | None) -> RejectedUpload:
    message = text("The columns match no known format: {columns}.", columns=", ".join(table.columns[:12]))
    hint = text(
        "Assign the columns to fields, or use the template: it needs a date and a district, place or coordinates."
    )
    if header_row is not None:
        hint = text(
            "If row {row:d} does not hold the column names, choose another row. {hint}", row=header_row, hint=hint
        )
    return rejected(ProblemCode.COLUMNS, message, hint, file, table.sheet)


def _refuse_marks(reading: Reading, fields: Fields) -> None:
    """Refuse rows whose identifier or district lost a character to a mark: the mark stands for an unknown one."""
    rows = reading.table.row_notes.get(NoteKind.CHARACTERS_MARKED)
    if rows is None:
        return
    is_marked = np.isin(reading.table.rows, sorted(rows))
    for name, message in _MARKED.items():
        texts, codes = encode(fields[name])
        found = spread((re.search(MARK_PATTERN, one) is not None for one in texts), codes, False)
        reading.refuse(is_marked & found, "", CellError(ProblemCode.CONTROL_CHARACTER, message, _CORRECT))


def _judge_long_cells(reading: Reading, fields: Fields, most_chars: int) -> None:
    """Refuse rows whose identifier or district is longer than a name can be; other long cells are kept and counted."""
    message = text("The cell has more than {most} characters.", most=most_chars)
    bad = CellError(ProblemCode.TOO_LARGE, message, text("Shorten it."))
    for name in _MARKED:
        if _most_bytes(fields[name]) > most_chars:
            texts, codes = encode(fields[name])
            reading.refuse(spread((len(one) > most_chars for one in texts), codes, False), "", bad)
    for key in reading.table.keys:
        if _most_bytes(reading.table.column(key)) > most_chars:
            is_long = np.asarray(pc.greater(pc.utf8_length(reading.table.texts(key)), most_chars))
            reading.note_rows(is_long, NoteKind.LONG_CELLS, column=reading.name_of(key), most=most_chars)


def _most_bytes(column: pa.Array | pa.ChunkedArray) -> int:
    """Return the length of the longest text in bytes: at least its characters, and found without reading any."""
    pieces = column.chunks if isinstance(column, pa.ChunkedArray) else [column]
    texts = [piece.dictionary if is_encoded(piece) else piece for piece in pieces]
    return max((int(pc.max(pc.binary_length(one)).as_py() or 0) for one in texts), default=0)

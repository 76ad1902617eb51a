"""From a table of text to canonical rows: recognise the format by its columns, convert, account for all rows."""

from __future__ import annotations

from collections.abc import Mapping

from geo.ingest.canonical import canonical_rows
from geo.ingest.cells import Reading
from geo.ingest.formats import Format, all_formats
from geo.ingest.results import ReadOptions, ReadResult
from geo.ingest.tables import TextTable
from geo.problems import Problem, ProblemCode, RejectedUpload


def recognise(table: TextTable, file: str) -> Format:
    """Return the format whose columns the table has; raises RejectedUpload when there is none."""
    keys = frozenset(table.keys)
    for layout in all_formats():
        if layout.signature <= keys and (layout.accepts is None or layout.accepts(keys)):
            return layout
    shown = ", ".join(table.columns[:12])
    message = f"The columns are of no known format: {shown}."
    hint = "Assign the columns to fields, or use the template: it needs a date and a district, place or coordinates."
    raise RejectedUpload([Problem(ProblemCode.COLUMNS, message, hint, file, table.sheet)])


def convert_table(
    table: TextTable, file: str, options: ReadOptions, limits: Mapping[str, int], file_sha256: str
) -> ReadResult:
    """Return the reading of a table; accepted and refused rows together are the rows of the file."""
    layout = recognise(table, file)
    reading = Reading(table, options, file, limits["problems_shown"])
    fields = layout.convert(reading)
    rows = canonical_rows(reading, fields, layout.source)
    named = ", ".join(sorted(layout.signature))
    return ReadResult(
        format=layout.key,
        why=f"{layout.label}: has the columns {named}.",
        source=layout.source,
        rows=rows,
        refused_rows=reading.refusals.refused_rows(),
        n_rows_in=len(table) + len(table.torn),
        problems=reading.refusals.problems(),
        n_problems=reading.refusals.n_problems,
        notes=tuple(reading.notes),
        file_sha256=file_sha256,
        file=file,
        options=options,
    )

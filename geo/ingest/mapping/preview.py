"""A first look at a table: its columns, some rows, and proposals for its columns. Nothing is converted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import pyarrow.compute as pc

from geo.ingest.formats import recognise_columns
from geo.ingest.mapping.column_proposals import ColumnProposal, propose_columns, reason_against
from geo.ingest.tables import TextTable, plain_texts, stated_keys
from geo.text import shortened

_SHOWN_ROWS = 10
_SAMPLE_ROWS = 2_000
_MOST_WORDS = 100
_LONGEST_CELL = 80
_LONGEST_WORD = 200  # a longer text is no word that a person gives a meaning


@dataclass(frozen=True, slots=True)
class TablePreview:
    """What a person needs to assign columns.

    format: key of the recognised format, or None. rows: the first ten rows, cells shortened.
    words: column -> its distinct texts with their number of rows, most frequent first; only for columns of at most 100
    texts. left_out: column -> why it is proposed for no field although its name looks like one.
    """

    format: str | None
    columns: tuple[str, ...]
    n_rows: int
    rows: tuple[tuple[str, ...], ...]
    words: Mapping[str, tuple[tuple[str, int], ...]]
    proposals: tuple[ColumnProposal, ...]
    left_out: Mapping[str, str]


def preview_table(table: TextTable) -> TablePreview:
    """Return the first look at a table; proposals use the texts of its first 2,000 rows."""
    layout = recognise_columns(stated_keys(table.columns))
    sample = table.cells.slice(0, _SAMPLE_ROWS)
    texts = {name: sample.column(place).to_pylist() for place, name in enumerate(table.columns)}
    shown = table.cells.slice(0, _SHOWN_ROWS)
    rows = zip(*(column.to_pylist() for column in shown.columns), strict=True)
    proposals = propose_columns(texts)
    used = {one.column for one in proposals}
    return TablePreview(
        format=layout.key if layout else None,
        columns=table.columns,
        n_rows=len(table) + len(table.malformed),
        rows=tuple(tuple(shortened(cell, _LONGEST_CELL) for cell in row) for row in rows),
        words={name: words for place, name in enumerate(table.columns) if (words := _words(table, place))},
        proposals=proposals,
        left_out={name: reason for name in table.columns if (reason := reason_against(name)) and name not in used},
    )


def preview_record(preview: TablePreview) -> dict[str, Any]:
    """Return a preview as data for JSON."""
    return asdict(preview)


def preview_from_record(record: Mapping[str, Any]) -> TablePreview:
    """Return the preview of a record."""
    parts = {
        "columns": tuple(record["columns"]),
        "rows": tuple(map(tuple, record["rows"])),
        "words": {name: tuple((word, n) for word, n in words) for name, words in record["words"].items()},
        "proposals": tuple(ColumnProposal(**proposal) for proposal in record["proposals"]),
    }
    return TablePreview(**{**record, **parts})


def _words(table: TextTable, place: int) -> tuple[tuple[str, int], ...]:
    texts = pc.utf8_trim_whitespace(plain_texts(table.cells.column(place)))
    if pc.count_distinct(texts).as_py() > _MOST_WORDS:
        return ()
    found = [(entry["values"], entry["counts"]) for entry in pc.value_counts(texts).to_pylist() if entry["values"]]
    counted = [(word, n) for word, n in found if len(word) <= _LONGEST_WORD]
    return tuple(sorted(counted, key=lambda entry: (-entry[1], entry[0])))

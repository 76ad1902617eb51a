"""The columns of exported tables: one line each in geo/vocabularies/export_columns.csv."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from geo import vocabularies
from geo.schema import COLUMNS

INCIDENTS, DISTRICTS, PAIRS = "incidents", "districts", "pairs"
GEOMETRY = "geometry"
_KINDS: dict[str, Any] = {
    "string": pa.string(),
    "date": pa.date32(),
    "integer": pa.int32(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
}
_VOCABULARY_OF = {column.name: column.vocabulary for column in COLUMNS if column.vocabulary}


@dataclass(frozen=True, slots=True)
class ExportColumn:
    """One column. kind: string, date, integer, number or boolean, as Frictionless names types. unit: "" for none.

    meaning: English source sentence, see geo.wording.
    """

    name: str
    kind: str
    unit: str
    meaning: str

    @property
    def codes(self) -> dict[str, str]:
        """Code -> meaning (an English source sentence) of a column with a closed vocabulary, else empty."""
        return dict(_VOCABULARY_OF.get(self.name) or {})


_ROWS = vocabularies.rows("export_columns", "table", "name", "kind", "unit", "meaning", n_keys=2)
COLUMNS_OF: dict[str, tuple[ExportColumn, ...]] = {
    table: tuple(ExportColumn(*row[1:]) for row in _ROWS if row[0] == table) for table in (INCIDENTS, DISTRICTS, PAIRS)
}


def schema_of(table: str) -> pa.Schema:
    """Return the Arrow schema of a table: its columns, then `geometry` as well-known binary (WGS84)."""
    fields = [pa.field(column.name, _KINDS[column.kind]) for column in COLUMNS_OF[table]]
    return pa.schema([*fields, pa.field(GEOMETRY, pa.binary())])

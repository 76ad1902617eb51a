"""What sources say of an incident in their own words: a cell of the row as it was written, where it may be shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from geo import verbatim
from geo.ingest.mapping.fields import FIELDS
from geo.ingest.tables import header_key
from geo.policy import may_show_rows
from geo.schema import SOURCES

if TYPE_CHECKING:
    from geo.incidents import IncidentTable
    from geo.store import Store

# A column of this name may also hold a number or a type.
_NOT_ALWAYS = "incident"
# Usual names (header keys) of the column that holds a description, the first of several is used. ACLED calls it notes;
# of UCDP the headline is what comes nearest.
NAMES: tuple[str, ...] = (
    *(name for name in FIELDS["description"].names if name != _NOT_ALWAYS),
    *("notes", "source_headline"),
)
_OPEN_SOURCES = pa.array([key for key in SOURCES if may_show_rows(key)])
_IDS, _TEXTS = "incident_id", "summary"
_SCHEMA = pa.schema([(_IDS, pa.string()), (_TEXTS, pa.string())])


def summary_column(columns: Iterable[str]) -> str | None:
    """Return which of the columns of a file holds the description of an incident, if one of them does."""
    named = {header_key(column): column for column in reversed(list(columns))}
    return next((named[name] for name in NAMES if name in named), None)


def summary_of(cells: Mapping[str, str]) -> str:
    """Return the description in the cells of a row, "" for none."""
    column = summary_column(cells)
    return cells[column].strip() if column is not None else ""


@dataclass(frozen=True, eq=False)
class Summaries:
    """The descriptions of all rows whose source allows rows to be shown.

    rows: Arrow table of incident_id and summary (text, null for none), older batches first: the last row of an
    incident counts.
    """

    rows: pa.Table

    def of(self, incident_ids: pa.Array | pa.ChunkedArray) -> dict[str, str]:
        """Return the description of each of some incidents that has one; few ids are looked up among many."""
        wanted = pa.array(pc.unique(incident_ids).to_pylist(), pa.string())
        found = self.rows.filter(pc.is_in(self.rows[_IDS], value_set=wanted))
        newest = dict(zip(found[_IDS].to_pylist(), found[_TEXTS].to_pylist(), strict=True))
        return {incident_id: text for incident_id, text in newest.items() if text}

    def matching(self, word: str) -> pa.Array:
        """Return the ids of the incidents whose description holds a word, in upper or lower case."""
        newest = self._newest
        is_found = pc.match_substring(newest[_TEXTS], word, ignore_case=True)
        return newest[_IDS].filter(is_found).combine_chunks()

    @cached_property
    def _newest(self) -> pa.Table:
        place = pa.table({"id": self.rows[_IDS], "place": pa.array(np.arange(len(self.rows)))})
        last = place.group_by("id").aggregate([("place", "max")])["place_max"]
        return self.rows.take(last).drop_null()


def of_texts(texts: Mapping[str, str]) -> Summaries:
    """Return the descriptions of a few incidents, by their ids."""
    return Summaries(pa.table({_IDS: list(texts), _TEXTS: list(texts.values())}, schema=_SCHEMA))


def read(store: Store) -> Summaries:
    """Return the descriptions in all shown batches; the original cells are read a piece at a time and not kept."""
    parts, columns = [_SCHEMA.empty_table()], (_IDS, "source", verbatim.RAW)
    for record in store.batches():
        if record.is_shown and (record.source not in SOURCES or may_show_rows(record.source)):
            parts += [_described(piece) for piece in store.pieces(record.batch_id, columns, _wanted)]
    return Summaries(pa.concat_tables(part.cast(_SCHEMA) for part in parts))


def _wanted(names: Sequence[str]) -> list[str]:
    column = summary_column(names)
    return [] if column is None else [column]


def is_about(table: IncidentTable, incident_ids: pa.Array) -> NDArray[np.bool_]:
    """Return which incidents are among some stored rows, or were merged from one of them: bool, shape (n,)."""
    found = np.asarray(pc.is_in(table.details["incident_id"], value_set=incident_ids))
    members = table.details["member_ids"].combine_chunks()
    is_member = np.asarray(pc.is_in(members.flatten(), value_set=incident_ids))
    found = found.copy()
    found[np.asarray(pc.list_parent_indices(members))[is_member]] = True
    return found


def _described(piece: pa.Table) -> pa.Table:
    """Return id and description of the rows of a piece whose source allows rows to be shown."""
    piece = piece.filter(pc.is_in(piece["source"], value_set=_OPEN_SOURCES))
    column = summary_column(verbatim.names_of(piece["raw"])) if len(piece) else None
    texts = pa.nulls(len(piece), pa.string()) if column is None else verbatim.cells_of(piece["raw"], column)
    return pa.table({_IDS: piece[_IDS], _TEXTS: texts})

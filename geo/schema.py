"""The canonical incident: columns, vocabularies, limits, and the batch that carries them.

One row is one reported incident from one source (or one summary row, then `n_events` > 1). Every
original cell of the row is kept as JSON text in `raw`, so nothing in a file is lost by mapping it.

Vocabularies, columns, sources and limits are the CSV files of geo/vocabularies. Their labels, meanings and credits are
English source sentences: `_(label)` gives the words to show.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from geo import vocabularies

if TYPE_CHECKING:
    from pathlib import Path

    from geo.wording import Text

# --- vocabularies: code -> label. The order is the order of controls and legends. ------------------

DATE_PRECISIONS = vocabularies.labels("date_precisions")
# Ordered from most to least precise: "at least near" means code <= index of "near".
GEO_PRECISIONS = vocabularies.labels("geo_precisions")
ATTACK_TYPES = vocabularies.labels("attack_types")
TARGET_TYPES = vocabularies.labels("target_types")
# State armed forces; peace committees are pro-government militias and are not in it.
UNSPECIFIED_FORCE = "other_state_force"  # also what a source says that does not tell the forces apart
SECURITY_TARGETS: frozenset[str] = frozenset(
    {"police", "army", "frontier_corps", "frontier_constabulary", "levies_khasadar", "ctd", "intelligence"}
    | {UNSPECIFIED_FORCE}
)
# Levies and Khasadar joined the provincial police after the 2018 merger; the CTD is a police branch.
POLICE_TARGETS: frozenset[str] = frozenset({"police", "ctd", "levies_khasadar"})

INITIATORS = vocabularies.labels("initiators")
# On what the name of a group rests. A claim and an attribution differ, and neither is proof.
ATTRIBUTIONS = vocabularies.labels("attributions")

# Signs of territorial control (the C component of the index) when the initiator is militant.
CONTROL_ATTACK_TYPES: frozenset[str] = frozenset(
    {"post_overrun", "complex_attack", "abduction", "hostage_siege", "checkpoint_blockade", "territory_taken"}
    | {"weapons_looting"}
)

DISTRICT_METHODS = vocabularies.labels("district_methods")


# --- columns ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Column:
    """One canonical column: `kind` is an Arrow type name; `vocabulary` lists allowed codes if closed.

    roles: what the column is used for: "fact", "match", "review", "merge_place" and so on, see columns_for.
    """

    name: str
    kind: str
    is_nullable: bool
    meaning: str
    vocabulary: dict[str, str] | None = None
    roles: frozenset[str] = frozenset()


_CLOSED = {
    "date_precisions": DATE_PRECISIONS,
    "geo_precisions": GEO_PRECISIONS,
    "attack_types": ATTACK_TYPES,
    "target_types": TARGET_TYPES,
    "initiators": INITIATORS,
    "attributions": ATTRIBUTIONS,
    "district_methods": DISTRICT_METHODS,
}
COLUMNS: tuple[Column, ...] = tuple(
    Column(name, kind, null == "yes", meaning, _CLOSED.get(vocabulary), frozenset(roles.split()))
    for name, kind, null, vocabulary, roles, meaning in vocabularies.rows(
        "columns", "name", "kind", "null", "vocabulary", "roles", "meaning"
    )
)
COLUMN_NAMES: tuple[str, ...] = tuple(column.name for column in COLUMNS)
# Files that were stored before a column existed have no such column: it is read as null.
ADDED_COLUMNS: frozenset[str] = frozenset({"attribution", "source_url_2", "note"})


def columns_for(role: str) -> tuple[str, ...]:
    """Return the names of the columns with a role, in the order of COLUMNS."""
    return tuple(column.name for column in COLUMNS if role in column.roles)


def arrow_schema() -> pa.Schema:
    """Return the Arrow schema of a batch, columns in the order of COLUMNS."""
    kinds: dict[str, Any] = {
        "string": pa.string(),
        "int32": pa.int32(),
        "int64": pa.int64(),
        "double": pa.float64(),
        "date32": pa.date32(),
        "bool": pa.bool_(),
    }
    return pa.schema([pa.field(column.name, kinds[column.kind], column.is_nullable) for column in COLUMNS])


# --- sources and their licences --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Source:
    """A source: its name, the credit that it requires, and what its licence and its fields allow.

    licence: what the owner of the source allows, in short.
    may_show_rows: False for aggregates and maps only, no row table and no row export (licence of the source).
    states_target, records_control: whether its rows name the target, and acts of territorial control.
    """

    key: str
    label: str
    credit: str
    licence: str
    may_show_rows: bool
    states_target: bool
    records_control: bool


SOURCES: dict[str, Source] = {
    key: Source(key, label, credit, licence, rows == "yes", targets == "yes", control == "yes")
    for key, rows, targets, control, label, credit, licence in vocabularies.rows(
        "sources", "key", "rows", "targets", "control", "label", "credit", "licence"
    )
}


# --- limits of an upload ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Limit:
    """A named limit: default value, unit and why it is there. Overridden by the named variable."""

    name: str
    default: int
    unit: str
    reason: str

    @property
    def variable(self) -> str:
        """Environment variable that overrides the default."""
        return f"ATLAS_LIMIT_{self.name.upper()}"


LIMITS: dict[str, Limit] = {
    name: Limit(name, int(default), unit, reason)
    for name, default, unit, reason in vocabularies.rows("limits", "name", "default", "unit", "reason")
}


# --- what a reader hands to the store --------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows ready to be stored as one unit that can be undone.

    rows: Arrow table with exactly the columns of `arrow_schema()`.
    label: file name made safe for display (geo.text.file_label).
    format: recognised format, for example "register" or "ucdp_ged".
    file_sha256: hex digest of the bytes that were read; file_path: those bytes, to be kept as they were.
    """

    rows: pa.Table
    label: str
    format: str
    source: str
    file_sha256: str
    file_path: Path
    n_rows_in: int
    n_refused: int = 0
    n_duplicates: int = 0
    source_version: str | None = None
    snapshot_date: date | None = None
    notes: tuple[Text, ...] = field(default=())

"""From converted columns to canonical rows: defaults, identifiers and the verbatim copy of each row."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from geo.ingest.cells import Reading
from geo.ingest.tables import Bad, TextTable
from geo.problems import ProblemCode
from geo.schema import CONTROL_ATTACK_TYPES, arrow_schema

if TYPE_CHECKING:
    import pyarrow as pa

# A converted column: Arrow array or NumPy array with one value a row, or one value for all rows.
Fields = Mapping[str, Any]

_DEFAULTS: dict[str, Any] = {
    "n_events": 1,
    "district_method": "none",
    "is_district_conflict": False,
    "attack_type": "unknown",
    "target_type": "unknown",
    "initiator": "unknown",
    "group_id": "unid",
}
_ESCAPES = (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\r", "\\r"), ("\t", "\\t"))


def canonical_rows(reading: Reading, fields: Fields, source: str) -> pa.Table:
    """Return the accepted rows as a table of `geo.schema.arrow_schema()`, in file order."""
    import pyarrow as pa

    given = dict(fields)
    raw = raw_texts(reading.table)
    if "source_event_id" not in given:
        given["source_event_id"] = content_ids(raw)
    given["source_event_id"] = _as_array(given["source_event_id"], len(reading), pa.string())
    _refuse_repeated_ids(reading, given["source_event_id"])
    given |= {
        "raw": raw,
        "source": source,
        "source_row": reading.table.rows,
        "incident_id": _prefixed(source, given["source_event_id"]),
        "is_control_type": is_control_type(given, len(reading)),
    }
    schema = arrow_schema()
    keep = pa.array(~reading.refusals.refused)
    arrays = []
    for name, kind in zip(schema.names, schema.types, strict=True):
        column = _as_array(given.get(name, _DEFAULTS.get(name)), len(reading), kind)
        arrays.append(column.filter(keep))
    return pa.Table.from_arrays(arrays, schema=schema)


def raw_texts(table: TextTable) -> pa.Array:
    """Return each row as JSON text {column: cell}, every cell verbatim, column order kept."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if not len(table):
        return pa.array([], pa.string())
    parts: list[Any] = []
    for position, name in enumerate(table.columns):
        opening = ("{" if position == 0 else '", ') + json.dumps(name, ensure_ascii=False) + ': "'
        parts += [pa.scalar(opening), _escaped(table.cells.column(position).combine_chunks())]
    return pc.binary_join_element_wise(*parts, pa.scalar('"}'), "")


def content_ids(raw: pa.Array) -> pa.Array:
    """Return an identifier for rows that have none: a digest of the cells; the nth equal row ends in -n.

    The same rows in another file or another order get the same identifiers.
    """
    import pyarrow as pa

    seen: dict[str, int] = {}
    identifiers = []
    for text in raw.to_pylist():
        digest = hashlib.blake2b(text.encode(), digest_size=8).hexdigest()
        seen[digest] = seen.get(digest, 0) + 1
        identifiers.append(digest if seen[digest] == 1 else f"{digest}-{seen[digest]}")
    return pa.array(identifiers, pa.string())


def is_control_type(fields: Fields, n_rows: int) -> NDArray[np.bool_]:
    """Return whether each row is a sign of territorial control begun by militants, shape (n,)."""
    attack = np.broadcast_to(np.asarray(fields.get("attack_type", "unknown"), dtype=object), (n_rows,))
    initiator = np.broadcast_to(np.asarray(fields.get("initiator", "unknown"), dtype=object), (n_rows,))
    control: NDArray[np.bool_] = np.isin(attack.astype(str), sorted(CONTROL_ATTACK_TYPES))
    by_militants: NDArray[np.bool_] = initiator.astype(str) == "militant"
    return control & by_militants


def _escaped(cells: pa.Array) -> pa.Array:
    import pyarrow.compute as pc

    for plain, escaped in _ESCAPES:
        if pc.any(pc.match_substring(cells, plain)).as_py():
            cells = pc.replace_substring(cells, plain, escaped)
    return cells


def _prefixed(source: str, identifiers: pa.Array) -> pa.Array:
    import pyarrow as pa
    import pyarrow.compute as pc

    return pc.binary_join_element_wise(pa.scalar(f"{source}:"), identifiers, "")


def _refuse_repeated_ids(reading: Reading, identifiers: pa.Array) -> None:
    """The first row with an identifier stays, later ones are refused and name it."""
    import pyarrow.compute as pc

    if pc.count_distinct(identifiers).as_py() == len(identifiers):
        return
    texts = np.asarray(identifiers.to_numpy(zero_copy_only=False), dtype=object)
    _, first, inverse = np.unique(texts.astype(str), return_index=True, return_inverse=True)
    repeated = np.flatnonzero(first[inverse] != np.arange(len(texts)))
    rows = reading.table.rows
    bads = [
        Bad(
            ProblemCode.DUPLICATE_ID,
            f"The identifier {texts[place]!r} is already used in row {rows[first[inverse[place]]]}.",
            "Give every incident its own identifier, or remove the repeated row.",
        )
        for place in repeated.tolist()
    ]
    reading.refusals.add(repeated, "", bads)


def _as_array(value: Any, n_rows: int, kind: pa.DataType) -> pa.Array:
    import pyarrow as pa

    if isinstance(value, pa.ChunkedArray):
        return value.combine_chunks().cast(kind)
    if isinstance(value, pa.Array):
        return value.cast(kind)
    if isinstance(value, np.ndarray):
        if value.dtype.kind == "f":
            return pa.array(value, kind, mask=np.isnan(value))
        return pa.array(value).cast(kind) if value.dtype.kind == "i" else pa.array(value, kind)
    return pa.repeat(pa.scalar(value, kind), n_rows)

"""From converted columns to canonical rows: defaults, identifiers and the verbatim copy of each row."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from geo import verbatim
from geo.codes import NULL, encode, look_up
from geo.districts import load_groups
from geo.group_names import FOREIGN_GOVERNMENT
from geo.ingest.notes import NoteKind
from geo.ingest.tables import CellError, TextTable
from geo.ingest.values.cells import Reading
from geo.ingest.values.date_days import day_number
from geo.ingest.values.labels import Labels
from geo.problems import ProblemCode
from geo.schema import COLUMN_NAMES, CONTROL_ATTACK_TYPES, arrow_schema
from geo.wording import text

# A converted column: Arrow array, NumPy array or labels with one value a row, or one value for all rows.
Fields = Mapping[str, Any]

# What a spreadsheet program shows for a long number, and writes into csv files.
_SHORTENED = r"\b\d(\.\d+)?E\+\d{2}$"

_NO_IDENTIFIER = CellError(
    ProblemCode.MISSING, text("The row has no identifier."), text("Without one, repeats cannot be recognised.")
)
_DEFAULTS: dict[str, Any] = {
    "n_events": 1,
    "district_method": "none",
    "is_district_conflict": False,
    "attack_type": "unknown",
    "target_type": "unknown",
    "initiator": "unknown",
    "group_id": "unid",
}


def complete_fields(reading: Reading, given: Fields, source: str, *, requires_ids: bool = False) -> dict[str, Any]:
    """Return the converted columns of all rows with identifiers and defaults, as Arrow arrays.

    Columns of few words come as dictionaries, which need a tenth of the memory.
    Rows without an identifier of their own get one from their content, or are refused if the table has a column of
    identifiers and requires_ids is set. Refuses repeated identifiers.
    `raw` is not in it.
    """
    n_rows = len(reading)
    fields = dict(given) | {"initiator": initiators_on_their_day(given, n_rows)}
    identifiers = _identifiers(reading, fields.get("source_event_id"), requires_ids)
    _refuse_repeated_ids(reading, identifiers)
    fields |= {
        "source_event_id": identifiers,
        "source": source,
        "source_row": reading.table.rows,
        "incident_id": pc.binary_join_element_wise(pa.scalar(source), identifiers, ":"),
        "is_control_type": is_control_type(fields, n_rows),
    }
    return {
        column.name: _as_array(fields.get(column.name, _DEFAULTS.get(column.name)), n_rows, column.type)
        for column in arrow_schema()
        if column.name != verbatim.RAW
    }


def _identifiers(reading: Reading, stated: pa.Array | None, requires_ids: bool) -> pa.Array:
    if stated is None:
        return content_ids(reading.table)
    identifiers = _as_array(stated, len(reading), pa.string())
    is_blank, is_short = np.asarray(identifiers.is_null()), _are_shortened(identifiers)
    if not (is_blank | is_short).any():
        return identifiers
    if requires_ids:
        reading.refuse(is_blank & ~reading.refusals.refused, "", _NO_IDENTIFIER)
        is_blank = np.zeros(len(reading), dtype=bool)
    reading.note_rows(is_blank, NoteKind.IDENTIFIERS_FROM_CONTENT)
    if is_short.any():
        first = identifiers[int(np.flatnonzero(is_short)[0])].as_py()
        reading.note_rows(is_short, NoteKind.IDENTIFIERS_SHORTENED, identifier=first)
    where, table = is_blank | is_short, reading.table
    unnamed = replace(table, cells=table.cells.filter(pa.array(where)), rows=table.rows[where])
    return pc.replace_with_mask(identifiers, pa.array(where), content_ids(unnamed))


def _are_shortened(identifiers: pa.Array) -> NDArray[np.bool_]:
    """Return which identifiers lost digits in a spreadsheet program, shape (n,)."""
    if not pc.any(pc.match_substring(identifiers, "E+")).as_py():
        return np.zeros(len(identifiers), dtype=bool)
    return np.asarray(pc.fill_null(pc.match_substring_regex(identifiers, _SHORTENED), False))


def accepted_fields(reading: Reading, fields: Fields) -> pa.Table:
    """Return the canonical columns of the accepted rows in file order, all but `raw`, some of them as dictionaries."""
    table = pa.table({name: fields[name] for name in COLUMN_NAMES if name != verbatim.RAW})
    keep = ~reading.refusals.refused
    return table if keep.all() else table.filter(pa.array(keep))


def content_ids(table: TextTable) -> pa.Array:
    """Return an identifier for rows that have none: a digest of the cells; the nth equal row ends in -n.

    The same rows in another file or another order get the same identifiers.
    """
    seen: dict[str, int] = {}
    identifiers = []
    for cells in verbatim.cells_column(table.columns, table.cells).chunks:
        for row in verbatim.json_texts(cells).to_pylist():
            digest = hashlib.blake2b(row.encode(), digest_size=8).hexdigest()
            seen[digest] = seen.get(digest, 0) + 1
            identifiers.append(digest if seen[digest] == 1 else f"{digest}-{seen[digest]}")
    return pa.array(identifiers, pa.string())


def is_control_type(fields: Fields, n_rows: int) -> NDArray[np.bool_]:
    """Return whether each row is a sign of territorial control initiated by militants, shape (n,)."""
    given = (fields.get(name, "unknown") for name in ("attack_type", "initiator"))
    attack, initiator = (Labels.same(one, n_rows) if isinstance(one, str) else one for one in given)
    return attack.is_any(*CONTROL_ATTACK_TYPES) & initiator.is_any("militant")


def initiators_on_their_day(fields: Fields, n_rows: int) -> Labels:
    """Return who initiated, with acts of a group after it became the government of another country as foreign."""
    given = fields.get("initiator", "unknown")
    initiator = Labels.same(given, n_rows) if isinstance(given, str) else given
    groups = fields.get("group_id")
    for group in load_groups().groups.values():
        if groups is not None and group.kind_after == FOREIGN_GOVERNMENT and group.kind_until:
            words = groups.to_arrow() if isinstance(groups, Labels) else groups
            is_after = fields["date_start"] > day_number(group.kind_until)
            is_theirs = (look_up(words, (group.group_id,)) == 0) & is_after
            initiator = initiator.replaced(is_theirs & initiator.is_any("militant", "mutual"), "foreign")
    return initiator


def _refuse_repeated_ids(reading: Reading, identifiers: pa.Array) -> None:
    """The first row with an identifier stays, later ones are refused and name it."""
    if _are_different(identifiers):
        return
    texts, codes = encode(identifiers)
    # Assigned backwards, so that the first row of each text is what stays; the last place serves null.
    first = np.zeros(len(texts) + 1, dtype=np.int64)
    first[codes[::-1]] = np.arange(len(codes))[::-1]
    repeated = np.flatnonzero((first[codes] != np.arange(len(codes))) & (codes != NULL))
    earlier, rows = first[codes[repeated]], reading.table.rows
    # The identifier as the file writes it.
    written = reading.text("incident_id") if reading.has("incident_id") else identifiers
    errors = [
        used_before(str(identifier), int(rows[place]), others=others)
        for identifier, place, others in zip(
            written.take(pa.array(repeated)).to_pylist(),
            earlier.tolist(),
            _differences(reading.table, repeated, earlier),
            strict=True,
        )
    ]
    reading.refusals.add(repeated, "", errors)


def _differences(table: TextTable, later: NDArray[np.int64], earlier: NDArray[np.int64]) -> list[str]:
    """Return the names of the columns in which rows differ from earlier ones, "" where they are equal."""
    differs = np.zeros((len(later), len(table.columns)), dtype=bool)
    for place, key in enumerate(table.keys):
        texts = table.texts(key)
        differs[:, place] = np.asarray(pc.not_equal(texts.take(pa.array(later)), texts.take(pa.array(earlier))))
    patterns, which = np.unique(differs, axis=0, return_inverse=True)
    names = [", ".join(np.array(table.columns, dtype=object)[pattern]) for pattern in patterns]
    return [names[one] for one in which.ravel().tolist()]


# Made once, and one sentence without another in it: a file may repeat millions of identifiers.
_REMOVE_REPEAT = text("Give every incident its own identifier, or remove the repeated row.")
_ONE_ROW = text("Only that row counts: give every incident its own identifier, or write its parts in one row.")


def used_before(identifier: str, row: int, file: str = "", others: str = "") -> CellError:
    """Return why a row with the identifier of an earlier one is refused.

    file: of that row, "" for the same file. others: columns in which the two differ, where it is known.
    """
    if others:
        message = text(
            "The identifier '{identifier}' is already used in row {row:d}, which has other values in {columns}.",
            identifier=identifier,
            row=row,
            columns=others,
        )
        return CellError(ProblemCode.DUPLICATE_ID, message, _ONE_ROW)
    message = (
        text(
            "The identifier '{identifier}' is already used in {file}, row {row:d}.",
            identifier=identifier,
            file=file,
            row=row,
        )
        if file
        else text("The identifier '{identifier}' is already used in row {row:d}.", identifier=identifier, row=row)
    )
    return CellError(ProblemCode.DUPLICATE_ID, message, _REMOVE_REPEAT)


def _are_different(identifiers: pa.Array) -> bool:
    """Return whether no text occurs twice. Different numbers are different texts, and are compared faster."""
    try:
        numbers = np.sort(identifiers.cast(pa.int64()).to_numpy(zero_copy_only=True))
    except pa.ArrowInvalid:  # not all of them are numbers, or one is null
        numbers = None
    if numbers is not None and (numbers[1:] != numbers[:-1]).all():
        return True
    return bool(pc.count_distinct(identifiers, mode="all").as_py() == len(identifiers))


def _as_array(value: Any, n_rows: int, kind: pa.DataType) -> pa.Array:
    if isinstance(value, pa.ChunkedArray):
        return value.combine_chunks().cast(kind)
    if isinstance(value, pa.Array):
        return value.cast(kind)
    if isinstance(value, Labels):
        return value.to_arrow()
    if isinstance(value, np.ndarray):
        if value.dtype.kind == "f":
            return pa.array(value, kind, mask=np.isnan(value))
        return pa.array(value).cast(kind)
    if isinstance(value, str):
        return Labels.same(value, n_rows).to_arrow()
    return pa.repeat(pa.scalar(value, kind), n_rows)

"""What changed between two editions of the incidents: added, removed, corrected and merged ones, and district counts.

An edition is a small Arrow table, one row an incident, that a report keeps so that the next one can say what it
restates. Incidents of sources whose rows may not be passed on are not in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo.incidents import IncidentTable
from geo.policy import rows_shown
from geo.wording import Text, text, text_n

# Columns whose change is a correction, and how they are named.
COMPARED: tuple[str, ...] = (
    *("date", "date_precision", "pcode", "geo_precision", "attack_type", "target_type", "initiator", "group_id"),
    *("killed", "injured", "n_events"),
)
SCHEMA = pa.schema(
    [
        pa.field("incident_id", pa.string(), nullable=False),
        pa.field("date", pa.date32(), nullable=False),
        *(pa.field(name, pa.string()) for name in COMPARED[1:8]),
        *(pa.field(name, pa.int32()) for name in COMPARED[8:]),
        pa.field("member_ids", pa.list_(pa.string())),
    ]
)


@dataclass(frozen=True, slots=True)
class Correction:
    """One changed cell of an incident that is in both editions. before, after: None where nothing is stated."""

    incident_id: str
    column: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class DistrictChange:
    """The incidents of a district in the period of the earlier edition, as counted then and now. pcode None: none."""

    pcode: str | None
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Restatement:
    """What an edition says differently from an earlier one.

    late: of `added`, those dated within the period of the earlier edition. removed: neither shown now nor merged into
    another. merged: (incident kept, its members). districts: only those whose count changed.
    """

    added: tuple[str, ...]
    late: tuple[str, ...]
    removed: tuple[str, ...]
    corrected: tuple[Correction, ...]
    merged: tuple[tuple[str, tuple[str, ...]], ...]
    districts: tuple[DistrictChange, ...]

    @property
    def is_empty(self) -> bool:
        """Whether both editions say the same."""
        return not (self.added or self.removed or self.corrected or self.merged)


def edition(table: IncidentTable, last: date = date.max) -> pa.Table:
    """Return the edition of a table up to a day, by incident ids, with SCHEMA; figures nobody states are null."""
    is_open = rows_shown(table.sources)
    end = np.datetime64(last, "D").astype(np.int64)
    rows = np.flatnonzero(is_open[table.source] & (table.day <= end))
    details = table.details.take(rows)

    def word(column: str) -> pa.Array:
        return _words(getattr(table, column)[rows], table.words(column))

    def figure(values: np.ndarray) -> pa.Array:
        return pa.array(values[rows], pa.int32(), mask=values[rows] < 0)

    columns = {
        "incident_id": details["incident_id"].cast(pa.string()),
        "date": pa.array(table.day[rows], pa.int32()).cast(pa.date32()),
        "date_precision": word("date_precision"),
        "pcode": word("district"),
        "geo_precision": word("geo_precision"),
        "attack_type": word("attack_type"),
        "target_type": word("target_type"),
        "initiator": word("initiator"),
        "group_id": word("group"),
        "killed": figure(table.killed_best),
        "injured": figure(table.injured),
        "n_events": figure(table.n_events),
        "member_ids": details["member_ids"],
    }
    return pa.table(columns).cast(SCHEMA).sort_by("incident_id")


def _words(codes: np.ndarray, words: tuple[str, ...]) -> pa.Array:
    return pa.array(words, pa.string()).take(pa.array(codes, pa.int32(), mask=codes < 0))


def compare(before: pa.Table, after: pa.Table) -> Restatement:
    """Return what the edition `after` says differently from `before`; both have SCHEMA."""
    old, new = _by_id(before), _by_id(after)
    merged = tuple(
        (kept, tuple(row["member_ids"]))
        for kept, row in new.items()
        if row["member_ids"] and row["member_ids"] != old.get(kept, row | {"member_ids": None})["member_ids"]
    )
    inside = {member for row in new.values() for member in row["member_ids"] or ()}
    last = pc.max(before["date"]).as_py() or date.min
    added = tuple(name for name in new if name not in old)
    shared = [name for name in new if name in old]
    corrected = tuple(
        Correction(name, column, old[name][column], new[name][column])
        for name in shared
        for column in COMPARED
        if old[name][column] != new[name][column]
    )
    return Restatement(
        added=added,
        late=tuple(name for name in added if new[name]["date"] <= last),
        removed=tuple(name for name in old if name not in new and name not in inside),
        corrected=corrected,
        merged=merged,
        districts=_moved(before, after, last),
    )


def _by_id(rows: pa.Table) -> dict[str, dict[str, Any]]:
    return {row["incident_id"]: row for row in rows.to_pylist()}


def _moved(before: pa.Table, after: pa.Table, last: date) -> tuple[DistrictChange, ...]:
    then, now = _counts(before, last), _counts(after, last)
    places = sorted({*then, *now}, key=lambda pcode: (pcode is None, pcode or ""))
    changes = (DistrictChange(pcode, then.get(pcode, 0), now.get(pcode, 0)) for pcode in places)
    return tuple(change for change in changes if change.before != change.after)


def _counts(rows: pa.Table, last: date) -> dict[str | None, int]:
    known = rows.filter(pc.less_equal(rows["date"], pa.scalar(last, pa.date32())))
    summed = known.group_by("pcode").aggregate([("n_events", "sum")])
    return dict(zip(summed["pcode"].to_pylist(), summed["n_events_sum"].to_pylist(), strict=True))


# --- in words ---------------------------------------------------------------------------------------------


def sentences(found: Restatement, names: Mapping[str, str]) -> list[Text]:
    """Return what changed as sentences. names: P-code -> name of the district."""
    if found.is_empty:
        return [text("Nothing: every incident of that edition is here, unchanged, and none was added.")]
    said = [
        text_n(
            "{n} incident was added, {late} of it in a month already reported.",
            "{n} incidents were added, {late} of them in months already reported.",
            len(found.added),
            late=len(found.late),
        )
    ]
    if found.corrected:
        n = len({correction.incident_id for correction in found.corrected})
        said.append(text_n("{n} incident was corrected.", "{n} incidents were corrected.", n))
    if found.merged:
        n = len(found.merged)
        said.append(text_n("{n} incident was merged from several records.", "{n} incidents were merged.", n))
    if found.removed:
        n = len(found.removed)
        said.append(text_n("{n} incident is no longer shown.", "{n} incidents are no longer shown.", n))
    if found.districts:
        said.append(
            text(
                "Districts whose number in the months already reported changed: {changes}.",
                changes=_moves(found, names),
            )
        )
    return said


def _moves(found: Restatement, names: Mapping[str, str]) -> Text:
    moves = [_move(change, names) for change in found.districts]
    said = moves[0]
    for move in moves[1:]:
        said = text("{changes}; {change}", changes=said, change=move)
    return said


def _move(change: DistrictChange, names: Mapping[str, str]) -> Text:
    if change.pcode is None:
        return text("without a district {before} to {after}", before=change.before, after=change.after)
    return text("{place} {before} to {after}", place=names[change.pcode], before=change.before, after=change.after)


CHANGES_HEAD = ("change", "incident_id", "column", "before", "after")


def change_rows(found: Restatement) -> list[tuple[str, ...]]:
    """Return every change as a row of texts with the columns of CHANGES_HEAD; "" where nothing is stated."""
    late = set(found.late)
    rows: list[tuple[str, ...]] = [
        ("added late" if name in late else "added", name, "", "", "") for name in found.added
    ]
    rows += [("removed", name, "", "", "") for name in found.removed]
    rows += [("corrected", one.incident_id, one.column, _cell(one.before), _cell(one.after)) for one in found.corrected]
    rows += [("merged", kept, "members", "", " ".join(members)) for kept, members in found.merged]
    rows += [
        ("district count", change.pcode or "", "incidents", str(change.before), str(change.after))
        for change in found.districts
    ]
    return rows


def _cell(value: Any) -> str:
    return "" if value is None else str(value)

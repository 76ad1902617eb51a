"""Rows of several batches as incidents: the newest version of each row, and merged rows as one incident.

Nothing here changes what is stored: a merge is undone by leaving it out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from geo.codes import NULL, look_up
from geo.policy import may_show_rows
from geo.schema import CONTROL_ATTACK_TYPES, DATE_PRECISIONS, GEO_PRECISIONS, SOURCES, arrow_schema, columns_for

Positions = NDArray[np.int64]

# Fields that belong together come from one member, so that no place, date or attack mixes two reports.
_PLACE_FIELDS = columns_for("merge_place")
_DATE_FIELDS = columns_for("merge_date")
_GROUP_FIELDS = columns_for("merge_group")
_LINK_FIELDS = columns_for("merge_link")
_MEDIAN_FIELDS = columns_for("merge_median")
# From least to most specific; a type that is not listed is specific.
_VAGUE_TARGETS = ("unknown", "other", "civilian", "other_state_force")
_VAGUE_ATTACKS = ("unknown", "threat_other", "clash_unspecified", "armed_assault")
_VAGUE_INITIATORS = ("unknown", "mutual")
_VAGUE_GROUPS = ("unid", "other", "taliban_local")


@dataclass(frozen=True, slots=True, eq=False)
class Merged:
    """Rows with merged incidents counted once.

    rows: Arrow table; each merged incident has the place of its first member. kept: position of each row in the
    table that was given, int64. n_members: how many given rows each row represents, int64, 1 for most.
    member_of, member: for the merged incidents alone, position of the row and position of a given row that it
    represents, both int64 and of one length, in the order of the merge.
    """

    rows: pa.Table
    kept: Positions
    n_members: NDArray[np.int64]
    member_of: Positions
    member: Positions


def newest_rows(batches: Mapping[str, pa.Table]) -> tuple[pa.Table, NDArray[np.int16]]:
    """Return the rows of all batches without `raw`, and the position of the batch of each: int16, shape (n,).

    A row that a later batch holds again (the same incident_id) is left out; without that batch it is back.
    """
    parts = [table.drop_columns(["raw"]) if "raw" in table.column_names else table for table in batches.values()]
    parts = parts or [arrow_schema().empty_table().drop_columns(["raw"])]
    rows = pa.concat_tables(parts)
    batch = np.repeat(np.arange(len(parts), dtype=np.int16), [len(part) for part in parts])
    if _may_repeat(parts):
        place = pa.table({"id": rows["incident_id"], "place": pa.array(np.arange(len(rows)))})
        newest = np.sort(np.asarray(place.group_by("id").aggregate([("place", "max")])["place_max"]))
        if len(newest) < len(rows):
            rows, batch = rows.take(pa.array(newest)), batch[newest]
    return rows, batch


def _may_repeat(parts: Sequence[pa.Table]) -> bool:
    """Whether an incident may be in two batches: ids begin with the source, so two need a source in common."""
    sources = [word for part in parts for word in pc.unique(part["source"]).to_pylist()]
    return len(set(sources)) < len(sources)


def merge_rows(rows: pa.Table, merges: Sequence[Sequence[str]]) -> Merged:
    """Return the rows with the members of each merge as one row.

    merges: incident ids, the first representing all; members that are not among the rows are ignored, and a
    merge with fewer than two members left changes nothing. Fields are chosen by rule: place from the most precise
    member whose coordinates do not contradict its stated district, date from the most precise; attack type, target,
    initiator and group from the most specific; people killed and injured: the median of the stated figures, rounded
    down; low and high: the minimum and maximum; reports added up; `source`: that of a member whose rows may not be
    shown, if there is one; other fields from the first member. Ties go to the earlier member. Raises ValueError if an
    incident is in two merges.
    """
    group, member = _members(rows, merges)
    n_members = np.ones(len(rows), dtype=np.int64)
    if not len(member):
        nothing = np.zeros(0, dtype=np.int64)
        return Merged(rows, np.arange(len(rows)), n_members, nothing, nothing)
    starts = np.flatnonzero(np.diff(group, prepend=-1))
    of_members = _expanded(rows.take(pa.array(member)))
    first = member[starts]
    n_members[first] = np.diff(np.append(starts, len(member)))
    kept = np.delete(np.arange(len(rows)), np.setdiff1d(member, first))
    place = np.searchsorted(kept, first)
    changed = of_members.take(pa.array(starts))
    for name, values in _chosen_fields(of_members, starts).items():
        at = changed.schema.get_field_index(name)
        changed = changed.set_column(at, name, values.cast(changed.schema.field(at).type))
    position = kept.copy()
    position[place] = len(rows) + np.arange(len(first))
    both = pa.concat_tables([rows, changed.cast(rows.schema)]).unify_dictionaries()
    return Merged(both.take(pa.array(position)), kept, n_members[kept], np.repeat(place, n_members[first]), member)


def _members(rows: pa.Table, merges: Sequence[Sequence[str]]) -> tuple[Positions, Positions]:
    """Return (number of the merge, position of the row) of every member among the rows, in order of the merges."""
    wanted = [incident_id for members in merges for incident_id in members]
    number = np.repeat(np.arange(len(merges)), [len(members) for members in merges])
    if not wanted:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    if len(set(wanted)) != len(wanted):
        raise ValueError("an incident is in one merge at most")
    position = look_up(pa.array(wanted, pa.string()), rows["incident_id"].combine_chunks()).astype(np.int64)
    number, position = number[position >= 0], position[position >= 0]
    is_several = np.bincount(number, minlength=len(merges))[number] > 1
    return number[is_several], position[is_several]


def _chosen_fields(members: pa.Table, starts: Positions) -> dict[str, pa.Array]:
    """Return the columns that a merge changes, one value a merged incident."""

    def best(rank: NDArray[np.int64]) -> pa.Array:
        return pa.array(_first_of_best(rank, starts))

    # Coordinates outside the stated district are treated as no more precise than the district.
    is_doubtful = np.asarray(members["is_district_conflict"], dtype=bool)
    has_point = np.asarray(pc.and_(pc.is_valid(members["lat"]), pc.is_valid(members["lon"]))) & ~is_doubtful
    has_district = np.asarray(pc.is_valid(members["pcode"]))
    precision = _rank(members["geo_precision"], tuple(GEO_PRECISIONS))
    precision = np.where(is_doubtful, np.maximum(precision, tuple(GEO_PRECISIONS).index("district")), precision)
    place = precision * 8 + 4 * ~has_point + 2 * ~has_district + is_doubtful
    # Restricted sources come first in this order, so that the rank prefers them.
    is_open = _rank(members["source"], [key for key in SOURCES if not may_show_rows(key)])
    chosen = {
        _PLACE_FIELDS: best(place.astype(np.int64)),
        _DATE_FIELDS: best(_rank(members["date_precision"], tuple(DATE_PRECISIONS))),
        _GROUP_FIELDS: best(-_rank(members["group_id"], _VAGUE_GROUPS)),
        _LINK_FIELDS: best(np.asarray(pc.is_null(members["source_url"])).astype(np.int64)),
        ("target_type",): best(-_rank(members["target_type"], _VAGUE_TARGETS)),
        ("attack_type",): best(-_rank(members["attack_type"], _VAGUE_ATTACKS)),
        ("initiator",): best(-_rank(members["initiator"], _VAGUE_INITIATORS)),
        ("source",): best(is_open),
    }
    columns: dict[str, pa.Array] = {
        name: members[name].combine_chunks().take(at) for names, at in chosen.items() for name in names
    }
    columns["is_control_type"] = pc.and_(
        pc.is_in(columns["attack_type"], value_set=pa.array(sorted(CONTROL_ATTACK_TYPES))),
        pc.equal(columns["initiator"], "militant"),
    )
    columns |= {name: _whole(_median(_figures(members[name]), starts)) for name in _MEDIAN_FIELDS}
    best_figure = _figures(members["killed_best"])
    low, high = _figures(members["killed_low"]), _figures(members["killed_high"])
    columns["killed_low"] = _whole(np.fmin.reduceat(np.fmin(low, best_figure), starts))
    columns["killed_high"] = _whole(np.fmax.reduceat(np.fmax(high, best_figure), starts))
    columns["n_sources"] = _whole(
        np.add.reduceat(np.maximum(np.nan_to_num(_figures(members["n_sources"]), nan=1), 1), starts)
    )
    return columns


def _first_of_best(rank: NDArray[np.int64], starts: Positions) -> Positions:
    """Return the position of the lowest rank of each stretch, the earlier one of equals."""
    stretch = np.repeat(np.arange(len(starts)), np.diff(np.append(starts, len(rank))))
    order = np.lexsort((np.arange(len(rank)), rank, stretch))
    return np.asarray(order[starts], dtype=np.int64)


def _median(figures: NDArray[np.float64], starts: Positions) -> NDArray[np.float64]:
    """Return the median of the known figures of each stretch, NaN for none; shape (stretches,)."""
    stretch = np.repeat(np.arange(len(starts)), np.diff(np.append(starts, len(figures))))
    # NaN sorts last, so the known figures of a stretch come first.
    ordered = figures[np.lexsort((figures, stretch))]
    n_known = np.add.reduceat((~np.isnan(figures)).astype(np.int64), starts)
    lower, upper = starts + np.maximum(n_known - 1, 0) // 2, starts + np.maximum(n_known, 1) // 2
    upper = np.minimum(upper, starts + np.maximum(n_known - 1, 0))
    return np.where(n_known > 0, np.floor((ordered[lower] + ordered[upper]) / 2), np.nan)


def _expanded(rows: pa.Table) -> pa.Table:
    """Return the rows with dictionary-encoded texts as plain ones."""
    plain = [f.with_type(f.type.value_type) if pa.types.is_dictionary(f.type) else f for f in rows.schema]
    return rows.cast(pa.schema(plain))


def _rank(column: pa.ChunkedArray, words: Sequence[str]) -> Positions:
    """Return the position of each text among the words, len(words) for every other text."""
    found = look_up(column, words).astype(np.int64)
    return np.where(found == NULL, len(words), found)


def _figures(column: pa.ChunkedArray) -> NDArray[np.float64]:
    """Nulls become NaN."""
    return np.array(column.to_numpy(zero_copy_only=False), dtype=np.float64)


def _whole(figures: NDArray[np.float64]) -> Any:
    return pa.array(figures, from_pandas=True).cast(pa.int32())

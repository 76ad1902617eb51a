"""The columnar table of one store version: coded read-only arrays, built once, shared by every session."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from geo.codes import NULL, encode_sorted, look_up
from geo.group_names import UNATTRIBUTED
from geo.merging import Merged, merge_rows, newest_rows
from geo.schema import (
    ATTACK_TYPES,
    ATTRIBUTIONS,
    COLUMN_NAMES,
    DATE_PRECISIONS,
    GEO_PRECISIONS,
    INITIATORS,
    TARGET_TYPES,
)
from geo.sources import MERGED, is_shown

if TYPE_CHECKING:
    from geo.filters import Filters

NOT_LOCATED = -1  # no district can be given
OUTSIDE = -2  # the coordinates lie outside the province
UNKNOWN = -1  # a count that the source did not state; never zero

_VOCABULARIES: dict[str, tuple[str, ...]] = {
    "date_precision": tuple(DATE_PRECISIONS),
    "geo_precision": tuple(GEO_PRECISIONS),
    "attack_type": tuple(ATTACK_TYPES),
    "target_type": tuple(TARGET_TYPES),
    "initiator": tuple(INITIATORS),
    "attribution": tuple(ATTRIBUTIONS),
}
_COUNTS = ("killed_best", "killed_police", "killed_military", "killed_civilian", "killed_militant", "injured")
DETAIL_COLUMNS: tuple[str, ...] = (
    "incident_id",
    "place",
    "district_reported",
    "group_reported",
    "district_method",
    "is_district_conflict",
    "pcode_stated",
    "pcode_located",
    "killed_low",
    "killed_high",
    "source_url",
    "source_date",
    "source_url_2",
    "note",
    "date_end",
)
# What `build` reads: the original cells, by far the largest column, and the place in the file are not in it.
READ_COLUMNS: tuple[str, ...] = tuple(
    name for name in COLUMN_NAMES if name not in ("raw", "source_event_id", "source_row")
)
# Columns of few different texts: their codes are read from the files directly, without expanding the texts.
ENCODED_COLUMNS: tuple[str, ...] = (
    "source",
    *_VOCABULARIES,
    "group_id",
    "pcode",
    "place",
    "district_reported",
    "admin1_reported",
    "group_reported",
    "district_method",
    "pcode_stated",
    "pcode_located",
)
# What a filter of chosen words restricts: field of Filters -> column of codes.
_FILTERED_COLUMNS: dict[str, str] = {
    "groups": "group",
    "attacks": "attack_type",
    "targets": "target_type",
    "initiators": "initiator",
    "districts": "district",
    "datasets": "batch",
}
_EPOCH = date(1970, 1, 1)
_MOST_COMPARED = 16
_TOGETHER = "+"
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class IncidentTable:
    """Incidents of all shown batches. Every array has shape (n,), is read-only and aligned by position.

    version: identifies the content; the key of every cache.
    pcodes, groups, sources, batches: the text of each code (position = code).
    day: int32, days since 1970-01-01 of the first possible day. year: int16. month: int8, 1 to 12.
    district: int8, position in pcodes; NOT_LOCATED or OUTSIDE below zero.
    date_precision, geo_precision, attack_type, target_type, initiator: int8, position in the vocabulary
    of geo.schema. attribution: the same; on what the name of the group rests. group, source, batch: int16.
    n_events: int32. killed_best, killed_police, killed_military, killed_civilian, killed_militant,
    injured: int32 with UNKNOWN (-1) where the source states no figure.
    is_control_type: bool. lat, lon: float64 degrees EPSG:4326, NaN where there are no coordinates.
    n_members: int16, stored rows behind the incident, above 1 where rows were merged.
    details: Arrow table of DETAIL_COLUMNS and, for merged incidents alone, member_ids and member_sources (lists of
    texts, null for others) for pop-ups and tables.
    batches: a merged incident whose members lie in several batches has a separate code, such as "1+2".
    n_withheld: incidents left out because they are newer than the publication delay.
    """

    version: str
    pcodes: tuple[str, ...]
    groups: tuple[str, ...]
    sources: tuple[str, ...]
    batches: tuple[str, ...]
    day: NDArray[np.int32]
    year: NDArray[np.int16]
    month: NDArray[np.int8]
    date_precision: NDArray[np.int8]
    district: NDArray[np.int8]
    geo_precision: NDArray[np.int8]
    attack_type: NDArray[np.int8]
    target_type: NDArray[np.int8]
    initiator: NDArray[np.int8]
    attribution: NDArray[np.int8]
    group: NDArray[np.int16]
    source: NDArray[np.int16]
    batch: NDArray[np.int16]
    n_events: NDArray[np.int32]
    killed_best: NDArray[np.int32]
    killed_police: NDArray[np.int32]
    killed_military: NDArray[np.int32]
    killed_civilian: NDArray[np.int32]
    killed_militant: NDArray[np.int32]
    injured: NDArray[np.int32]
    is_control_type: Mask
    lat: NDArray[np.float64]
    lon: NDArray[np.float64]
    n_members: NDArray[np.int16]
    details: pa.Table
    n_withheld: int = 0

    def __len__(self) -> int:
        return len(self.day)

    def words(self, column: str) -> tuple[str, ...]:
        """Return the texts of the codes of a column: position = code."""
        own = {"group": self.groups, "district": self.pcodes, "source": self.sources, "batch": self.batches}
        return own[column] if column in own else _VOCABULARIES[column]

    @property
    def datasets(self) -> tuple[str, ...]:
        """The batches, one by one, that have an incident in the table; others are not for its readers."""
        codes = np.flatnonzero(np.bincount(self.batch, minlength=1))
        used = {name for code in codes for name in self.batches[code].split(_TOGETHER)}
        return tuple(batch for batch in self.batches if batch in used)

    @property
    def first_day(self) -> date | None:
        """First day of the earliest incident, or None for an empty table."""
        return _EPOCH + timedelta(days=int(self.day.min())) if len(self) else None

    @property
    def last_day(self) -> date | None:
        """First possible day of the latest incident, or None for an empty table."""
        return _EPOCH + timedelta(days=int(self.day.max())) if len(self) else None


def build(
    batches: Mapping[str, pa.Table],
    pcodes: Sequence[str],
    version: str,
    newest: date | None = None,
    merges: Sequence[Sequence[str]] = (),
    *,
    sources: str = MERGED,
    embedded: Collection[str] = (),
) -> IncidentTable:
    """Return the table of the given batches (batch number as text -> canonical Arrow table, oldest first).

    The tables need only READ_COLUMNS; text columns may be dictionary-encoded, as `details` then are too.
    Of a row that a later batch holds again, the later version counts. newest: incidents whose last possible day is
    after this day are left out (the publication delay). merges: incident ids that are one event, see
    geo.merging.merge_rows.
    sources: key of geo.sources.MODES, which rows are shown; embedded: names of the batches that the atlas ships.
    """
    rows, batch = newest_rows(batches)
    if sources != MERGED:
        keys, codes = encode_sorted(rows["source"])
        is_embedded = np.array([name in embedded for name in batches], dtype=bool)[batch]
        kept = is_shown(sources, codes, keys, _integers(rows["date_start"].cast(pa.int32())), is_embedded)
        rows, batch = rows.filter(pa.array(kept)), batch[kept]
    n_withheld = 0
    keep = np.ones(len(rows), dtype=bool)
    if newest is not None:
        keep = np.asarray(pc.less_equal(rows["date_end"], pa.scalar(newest)))
    if not keep.all():
        n_withheld = int(pc.sum(rows["n_events"].filter(pa.array(~keep))).as_py() or 0)
        rows, batch = rows.filter(pa.array(keep)), batch[keep]
    # A source whose rows were all merged into others still counts as a source of the table.
    source_keys, _ = encode_sorted(rows["source"])
    merged = merge_rows(with_attribution(rows), merges)
    members = _member_columns(rows, merged)
    names, batch = _batch_codes(tuple(batches), batch, merged)
    rows = merged.rows
    day = _integers(rows["date_start"].cast(pa.int32()))
    year, month = _years_and_months(day)
    groups, group = encode_sorted(rows["group_id"])
    columns: dict[str, Any] = {name: _vocabulary_codes(rows[name], words) for name, words in _VOCABULARIES.items()}
    columns |= {name: _integers(rows[name]) for name in _COUNTS}
    columns |= {
        "day": day,
        "year": year,
        "month": month,
        "district": _district_codes(rows, pcodes),
        "group": group.astype(np.int16),
        "source": look_up(rows["source"], source_keys).astype(np.int16),
        "batch": batch,
        "n_events": _integers(rows["n_events"]),
        "is_control_type": np.asarray(rows["is_control_type"], dtype=bool),
        "lat": _floats(rows["lat"]),
        "lon": _floats(rows["lon"]),
        "n_members": merged.n_members.astype(np.int16),
    }
    for array in columns.values():
        array.flags.writeable = False
    return IncidentTable(
        version=version,
        pcodes=tuple(pcodes),
        groups=groups,
        sources=source_keys,
        batches=names,
        details=_with_columns(rows.select(list(DETAIL_COLUMNS)), members),
        n_withheld=n_withheld,
        **columns,
    )


def select(table: IncidentTable, filters: Filters) -> Mask:
    """Return which incidents the filter keeps: bool, shape (n,)."""
    keep = np.ones(len(table), dtype=bool)
    if filters.start is not None:
        keep &= table.day >= (filters.start - _EPOCH).days
    if filters.end is not None:
        keep &= table.day <= (filters.end - _EPOCH).days
    for column, wanted in chosen_codes(table, filters).items():
        keep &= _is_among(getattr(table, column), wanted, len(table.words(column)))
    if filters.min_precision is not None:
        keep &= table.geo_precision <= tuple(GEO_PRECISIONS).index(filters.min_precision)
    if filters.fatal_only:
        keep &= table.killed_best > 0
    return keep


def chosen_codes(table: IncidentTable, filters: Filters) -> dict[str, set[int]]:
    """Return the codes of the words that the filter chooses, by column; other columns are not restricted."""
    found = {}
    for name, column in _FILTERED_COLUMNS.items():
        if chosen := getattr(filters, name):
            chosen = _with_merged(chosen, table.batches) if column == "batch" else chosen
            found[column] = _places_of(chosen, table.words(column))
    return found


def has_place(table: IncidentTable) -> Mask:
    """Return which incidents may be drawn as a point: coordinates that are exact or near, bool, shape (n,).

    Coarser incidents often carry the coordinates of a centroid or a capital, which is no place of theirs.
    """
    return np.isfinite(table.lat) & (table.geo_precision <= tuple(GEO_PRECISIONS).index("near"))


def part_of(table: IncidentTable, rows: NDArray[np.integer]) -> IncidentTable:
    """Return the incidents at these positions, in this order, for counting: without their texts (`details`)."""
    columns = {item.name: getattr(table, item.name) for item in fields(table)}
    taken: dict[str, Any] = {name: value.take(rows) for name, value in columns.items() if isinstance(value, np.ndarray)}
    return replace(table, details=table.details.slice(0, 0), **taken)


def _with_merged(datasets: Sequence[str], batches: Iterable[str]) -> tuple[str, ...]:
    """Return the chosen datasets and the codes of merged incidents that have a member in one of them."""
    together = (batch for batch in batches if _TOGETHER in batch)
    return (*datasets, *(batch for batch in together if set(batch.split(_TOGETHER)) & set(datasets)))


def is_one_of(codes: NDArray[Any], chosen: Iterable[str], words: Sequence[str]) -> Mask:
    """Return which codes mean one of the chosen words: bool, shape of codes. Codes below zero mean none."""
    return _is_among(codes, _places_of(chosen, words), len(words))


def _is_among(codes: NDArray[Any], wanted: set[int], n_words: int) -> Mask:
    unwanted = set(range(n_words)) - wanted
    # Comparing a narrow column with one code costs a thirtieth of looking every code up in a table.
    if len(wanted) <= min(len(unwanted), _MOST_COMPARED):
        return _equals_any(codes, wanted)
    if len(unwanted) <= _MOST_COMPARED:
        return (codes >= 0) & ~_equals_any(codes, unwanted)
    is_wanted = np.zeros(n_words + 2, dtype=bool)  # the last two places serve the codes below zero
    is_wanted[list(wanted)] = True
    kept: Mask = is_wanted[codes]
    return kept


def _places_of(chosen: Iterable[str], words: Sequence[str]) -> set[int]:
    places = {word: code for code, word in enumerate(words)}
    return {places[word] for word in chosen if word in places}


def _equals_any(codes: NDArray[Any], values: Iterable[int]) -> Mask:
    found = np.zeros(codes.shape, dtype=bool)
    for value in values:
        found |= codes == value
    return found


def with_attribution(rows: pa.Table) -> pa.Table:
    """Return the rows with the attribution filled in where the file states none: what the source implies.

    A group that UCDP names is attributed by UCDP, that of any other source by the source.
    """
    words = tuple(ATTRIBUTIONS)
    by_source = np.where(look_up(rows["source"], ("ucdp_ged",)) == 0, words.index("ucdp"), words.index("source"))
    implied = np.where(look_up(rows["group_id"], (UNATTRIBUTED,)) == 0, words.index("none"), by_source)
    stated = look_up(rows["attribution"], words)
    codes = np.where(stated == NULL, implied, stated).astype(np.int32)
    column = pa.DictionaryArray.from_arrays(pa.array(codes), pa.array(words))
    return rows.set_column(rows.schema.get_field_index("attribution"), "attribution", column)


def _batch_codes(
    names: tuple[str, ...], batch: NDArray[np.int16], merged: Merged
) -> tuple[tuple[str, ...], NDArray[np.int16]]:
    """Return the batches with a code for each set of batches that holds the members of a merged incident."""
    codes = batch[merged.kept]
    if not len(merged.member):
        return names, codes
    pairs = np.unique(np.column_stack([merged.member_of, batch[merged.member]]), axis=0)
    place, starts = np.unique(pairs[:, 0], return_index=True)
    several: dict[str, list[int]] = {}
    for row, own in zip(place.tolist(), np.split(pairs[:, 1], starts[1:]), strict=True):
        if len(own) > 1:
            several.setdefault(_TOGETHER.join(names[code] for code in own), []).append(row)
    for number, rows in enumerate(several.values()):
        codes[rows] = len(names) + number
    return (*names, *several), codes


def _member_columns(rows: pa.Table, merged: Merged) -> dict[str, pa.Array]:
    """Return the ids and sources of the members of each merged incident, null for the others."""
    n_each = np.where(merged.n_members > 1, merged.n_members, 0)
    # Members come in the order of the merges, lists in the order of the rows.
    order = pa.array(merged.member[np.argsort(merged.member_of, kind="stable")])
    offsets = pa.array(np.concatenate([[0], np.cumsum(n_each)]).astype(np.int32))
    is_alone = pa.array(merged.n_members == 1)
    return {
        f"member_{plural}": pa.ListArray.from_arrays(offsets, rows[name].combine_chunks().take(order), mask=is_alone)
        for plural, name in (("ids", "incident_id"), ("sources", "source"))
    }


def _with_columns(table: pa.Table, columns: Mapping[str, pa.Array]) -> pa.Table:
    for name, values in columns.items():
        table = table.append_column(name, values)
    return table


def _years_and_months(day: NDArray[np.int32]) -> tuple[NDArray[np.int16], NDArray[np.int8]]:
    """Return the calendar year and month, 1 to 12, of each day since 1970-01-01."""
    months = day.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    return (months // 12 + 1970).astype(np.int16), (months % 12 + 1).astype(np.int8)


def _vocabulary_codes(column: pa.ChunkedArray, words: Sequence[str]) -> NDArray[np.int8]:
    codes = look_up(column, words)
    if NULL in codes:
        raise ValueError(f"a stored value is not in the vocabulary {words}")
    return codes.astype(np.int8)


def _district_codes(rows: pa.Table, pcodes: Sequence[str]) -> NDArray[np.int8]:
    codes = look_up(rows["pcode"], pcodes)
    is_outside = look_up(rows["district_method"], ("outside",)) == 0
    return np.where((codes < 0) & is_outside, OUTSIDE, codes).astype(np.int8)


def _integers(column: pa.ChunkedArray) -> NDArray[np.int32]:
    """Nulls become UNKNOWN."""
    filled = pc.fill_null(column.cast(pa.int32()), UNKNOWN)
    return np.array(filled.to_numpy(), dtype=np.int32)


def _floats(column: pa.ChunkedArray) -> NDArray[np.float64]:
    """Nulls become NaN."""
    return np.array(column.to_numpy(zero_copy_only=False), dtype=np.float64)

"""What a matcher compares: canonical rows as columns of days, places, families of types and named groups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from geo.codes import NULL, encode, look_up, spread
from geo.incidents import UNKNOWN
from geo.schema import (
    ATTACK_TYPES,
    DATE_PRECISIONS,
    GEO_PRECISIONS,
    SECURITY_TARGETS,
    SOURCES,
    TARGET_TYPES,
    columns_for,
)
from geo.text import normalise_name

Codes = NDArray[np.int64]
NOT_STATED = NULL
_DATES, _PLACES = tuple(DATE_PRECISIONS), tuple(GEO_PRECISIONS)
EXACT, NEAR = _PLACES.index("exact"), _PLACES.index("near")
# Shortest span in days that a stated precision covers; a longer stated span is kept.
_SHORTEST_SPAN_DAYS = np.array([{"day": 1, "days_2_6": 6, "week": 7, "month": 31, "year": 366}[p] for p in _DATES])
# Types that reports of one event confuse belong to one family; the others carry no information.
_ATTACK_FAMILIES: tuple[tuple[str, ...], ...] = (
    (
        "armed_assault",
        "ambush",
        "targeted_killing",
        "clash_unspecified",
        "complex_attack",
        "post_overrun",
        "hostage_siege",
    ),
    ("ied", "vehicle_bomb", "suicide_bombing", "grenade"),
    ("shelling_rocket",),
    ("drone_strike", "air_strike_state"),
    ("state_operation",),
    ("abduction",),
    ("arson_sabotage", "weapons_looting"),
    ("checkpoint_blockade", "territory_taken"),
    ("disrupted_plot",),
)
_NO_FAMILY_TARGETS = ("other", "unknown")
# Words that mean "not named" or several groups at once: no claim that another group could contradict.
_NO_CLAIM = ("unid", "other", "taliban_local")
MATCH_COLUMNS = columns_for("match")
"""The canonical columns that matching reads."""


@dataclass(frozen=True, slots=True, eq=False)
class Events:
    """Rows to compare, each array of shape (n,). Ties are resolved by position: order rows by identifier.

    first_day, last_day: int64 days since 1970-01-01, inclusive. date_precision, geo_precision: position in the
    vocabulary of geo.schema. lat_deg, lon_deg: float64 EPSG:4326, NaN for none. district: code, below zero for
    none. place: code of the compared form of the place name. attack_family, target_family: code. group: code of
    the group that the row names. All four NOT_STATED for none. killed_best, killed_low, killed_high: people,
    UNKNOWN for no figure. n_events: above one for a summary row. source: code of the source.
    """

    first_day: NDArray[np.int64]
    last_day: NDArray[np.int64]
    date_precision: NDArray[np.int64]
    lat_deg: NDArray[np.float64]
    lon_deg: NDArray[np.float64]
    geo_precision: NDArray[np.int64]
    district: NDArray[np.int64]
    place: NDArray[np.int64]
    attack_family: NDArray[np.int64]
    target_family: NDArray[np.int64]
    group: NDArray[np.int64]
    killed_best: NDArray[np.int64]
    killed_low: NDArray[np.int64]
    killed_high: NDArray[np.int64]
    n_events: NDArray[np.int64]
    source: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.first_day)

    def has_point(self) -> NDArray[np.bool_]:
        """Return which rows have coordinates to measure from: given, and of precision exact or near."""
        return np.isfinite(self.lat_deg) & np.isfinite(self.lon_deg) & (self.geo_precision <= NEAR)

    def spans(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return first and last possible day; a stated span shorter than its precision grows to both sides."""
        missing = np.maximum(_SHORTEST_SPAN_DAYS[self.date_precision] - (self.last_day - self.first_day + 1), 0)
        before = missing // 2
        return self.first_day - before, self.last_day + (missing - before)


def attack_family(attack_type: str) -> int:
    """Return the family of an attack type, NOT_STATED for types without information."""
    return next((k for k, family in enumerate(_ATTACK_FAMILIES) if attack_type in family), NOT_STATED)


def target_family(target_type: str) -> int:
    """Return 0 for state forces, 1 for militants, 2 for everyone else, NOT_STATED for none."""
    if target_type in _NO_FAMILY_TARGETS:
        return NOT_STATED
    return 0 if target_type in SECURITY_TARGETS else 1 if target_type == "militant" else 2


def events_of(
    rows: pa.Table, pcodes: Sequence[str], parents: Mapping[str, str | None], reporter: NDArray[np.int64] | None = None
) -> Events:
    """Return the rows as events in their order; sort them by incident_id first for repeatable ties.

    rows: at least MATCH_COLUMNS. parents: group key -> key of the group it is part of (geo.districts groups):
    a faction and its parent do not contradict one another. reporter: code of who reports each row,
    shape (n,); by default its source.
    Sources that do not state types of attack (Source.records_control) take part without them. Coordinates that
    lie in another district than the row states are not believed: such a row is known only to its district.
    """
    states_types = np.array([SOURCES[key].records_control for key in SOURCES] + [False])
    source = _vocabulary_codes(rows["source"], tuple(SOURCES))
    attack = _families(rows["attack_type"], {key: attack_family(key) for key in ATTACK_TYPES})
    best = _whole(rows["killed_best"])
    low, high = _whole(rows["killed_low"]), _whole(rows["killed_high"])
    return Events(
        first_day=_days(rows["date_start"]),
        last_day=_days(rows["date_end"]),
        date_precision=_vocabulary_codes(rows["date_precision"], tuple(DATE_PRECISIONS)),
        lat_deg=_degrees(rows, "lat"),
        lon_deg=_degrees(rows, "lon"),
        geo_precision=_vocabulary_codes(rows["geo_precision"], tuple(GEO_PRECISIONS)),
        district=_vocabulary_codes(rows["pcode"], pcodes),
        place=_places(rows["place"]),
        attack_family=np.where(states_types[source], attack, NOT_STATED),
        target_family=_families(rows["target_type"], {key: target_family(key) for key in TARGET_TYPES}),
        group=_groups(rows["group_id"], parents),
        killed_best=best,
        killed_low=np.where(low == UNKNOWN, best, low),
        killed_high=np.where(high == UNKNOWN, best, high),
        n_events=_whole(rows["n_events"]),
        source=source if reporter is None else reporter,
    )


def _vocabulary_codes(column: pa.ChunkedArray, words: Sequence[str]) -> Codes:
    return look_up(column, words).astype(np.int64)


def _degrees(rows: pa.Table, name: str) -> NDArray[np.float64]:
    given = np.asarray(rows[name].to_numpy(zero_copy_only=False), dtype=np.float64)
    return np.where(np.asarray(rows["is_district_conflict"], dtype=bool), np.nan, given)


def _families(column: pa.ChunkedArray, families: Mapping[str, int]) -> Codes:
    return spread(families.values(), look_up(column, tuple(families)), np.int64(NOT_STATED))


def _groups(column: pa.ChunkedArray, parents: Mapping[str, str | None]) -> Codes:
    """Return the code of the group that each row names, a faction under its parent; NOT_STATED for no claim."""
    words, codes = encode(column)
    roots = [_root(word, parents) for word in words]
    return spread(_numbers(roots, without=_NO_CLAIM), codes, np.int64(NOT_STATED))


def _root(group: str, parents: Mapping[str, str | None]) -> str:
    seen = {group}
    while (parent := parents.get(group)) and parent not in seen:
        seen.add(parent)
        group = parent
    return group


def _places(column: pa.ChunkedArray) -> Codes:
    words, codes = encode(column)
    return spread(_numbers([normalise_name(word) for word in words], without=("",)), codes, np.int64(NOT_STATED))


def _numbers(words: Sequence[str], without: Sequence[str]) -> list[int]:
    """Return a number for each word, the same for equal ones; NOT_STATED for words without a claim."""
    numbers = {word: number for number, word in enumerate(sorted(set(words)))}
    return [NOT_STATED if word in without else numbers[word] for word in words]


def _days(column: pa.ChunkedArray) -> NDArray[np.int64]:
    return _whole(column.cast(pa.int32()))


def _whole(column: Any) -> NDArray[np.int64]:
    """Nulls become -1, which is UNKNOWN and NOT_STATED."""
    return np.asarray(pc.fill_null(column.cast(pa.int64()), UNKNOWN), dtype=np.int64)

"""Pairs of stored incidents that may be one event, with the score and what speaks for it in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from geo.analysis.matching import matcher as matching
from geo.analysis.matching.candidates import Pairs
from geo.analysis.matching.events import MATCH_COLUMNS, NOT_STATED, Events, events_of
from geo.analysis.matching.matcher import RULES, Rules, Scored
from geo.codes import NULL, look_up
from geo.incidents import UNKNOWN
from geo.merging import newest_rows
from geo.schema import GEO_PRECISIONS, SOURCES

BANDS: dict[str, str] = {"likely": "Likely one event", "review": "To be looked at"}
# Files of a user: each is a source of its own, whatever its format.
_OWN_FILES = ("template", "table")
# Publishers that number their events told them apart themselves; the others are also compared with themselves.
_NUMBERED_BY_PUBLISHER = ("ucdp_ged", "acled", "gtd", "hdx_acled")
_PLACES = tuple(GEO_PRECISIONS)


@dataclass(frozen=True, slots=True)
class Proposal:
    """Two incidents that may be one event.

    member_ids: incident ids, first the one that would stand for both: of the source that states targets, then the
    more precise place, then the lower id. band: key of BANDS. reasons: plain sentences' parts, place and date first.
    is_within_source: both are of one source or file; then the band is always "review".
    """

    member_ids: tuple[str, str]
    score: float
    band: str
    is_within_source: bool
    reasons: tuple[str, ...]


def propose(
    batches: Mapping[str, pa.Table],
    pcodes: Sequence[str],
    parents: Mapping[str, str | None],
    *,
    merges: Iterable[Sequence[str]] = (),
    apart: Iterable[Sequence[str]] = (),
    newest: date | None = None,
    rules: Rules = RULES,
) -> tuple[Proposal, ...]:
    """Return the pairs that are not decided yet, highest score first; the order of rows and batches changes nothing.

    batches: shown batches (number as text -> canonical columns, oldest first). Only incidents with a district of
    `pcodes` take part, and no summary rows. parents: see matching_events.events_of. merges: incident ids taken as one
    event already. apart: incident ids told apart, each with every other of its list. newest: incidents that begin
    after this day (publication delay) take no part.
    """
    rows, events = _comparable(batches, pcodes, parents, newest)
    if not len(rows):
        return ()
    ids = rows["incident_id"].combine_chunks()
    within = tuple(np.unique(events.source[_is_compared_within(rows)]).tolist())
    found = matching.match(
        events,
        rules,
        within=within,
        same=_positions(ids, (pair for members in merges for pair in combinations(members, 2))),
        apart=_positions(ids, (pair for members in apart for pair in combinations(members, 2))),
    )
    found = found.take(np.lexsort((found.second, found.first, -found.score)))
    return tuple(_proposals(rows, events, found, rules))


def _comparable(
    batches: Mapping[str, pa.Table], pcodes: Sequence[str], parents: Mapping[str, str | None], newest: date | None
) -> tuple[pa.Table, Events]:
    """Return the rows that take part, by incident_id, and the same as events."""
    rows, batch = newest_rows({name: table.select(list(MATCH_COLUMNS)) for name, table in batches.items()})
    takes_part = pc.and_(pc.is_in(rows["pcode"], value_set=pa.array(list(pcodes))), pc.equal(rows["n_events"], 1))
    if newest is not None:
        takes_part = pc.and_(takes_part, pc.less_equal(rows["date_start"], pa.scalar(newest)))
    rows, batch = rows.filter(takes_part), batch[np.asarray(takes_part)]
    order = pc.sort_indices(rows["incident_id"])
    rows, batch = rows.take(order), batch[np.asarray(order)]
    source = look_up(rows["source"], tuple(SOURCES)).astype(np.int64)
    is_own = np.asarray(pc.is_in(rows["source"], value_set=pa.array(list(_OWN_FILES))))
    # The number of a batch names a file, not its place among those shown.
    number = np.array([int(name) for name in batches], dtype=np.int64)
    teller = np.where(is_own, len(SOURCES) + number[batch], source) if len(rows) else source
    return rows, events_of(rows, pcodes, parents, teller)


def _is_compared_within(rows: pa.Table) -> NDArray[np.bool_]:
    return ~np.asarray(pc.is_in(rows["source"], value_set=pa.array(list(_NUMBERED_BY_PUBLISHER))))


def _positions(ids: pa.Array, pairs: Iterable[tuple[str, str]]) -> Pairs:
    """Return the positions of pairs of ids; pairs that are not wholly among the rows are left out."""
    listed = list(pairs)
    sides = [look_up(pa.array([pair[side] for pair in listed], pa.string()), ids).astype(np.int64) for side in (0, 1)]
    is_known = (sides[0] != NULL) & (sides[1] != NULL)
    return sides[0][is_known], sides[1][is_known]


def _proposals(rows: pa.Table, events: Events, found: Scored, rules: Rules) -> Iterable[Proposal]:
    ids = rows["incident_id"].to_pylist()
    states_target = [SOURCES[key].states_target for key in rows["source"].to_pylist()]
    for k in range(len(found)):
        pair = int(found.first[k]), int(found.second[k])
        is_within = bool(events.source[pair[0]] == events.source[pair[1]])
        score = float(found.score[k])
        first, second = sorted(pair, key=lambda p: (not states_target[p], int(events.geo_precision[p]), ids[p]))
        yield Proposal(
            member_ids=(ids[first], ids[second]),
            score=score,
            band="likely" if score > rules.review_high and not is_within else "review",
            is_within_source=is_within,
            reasons=_reasons(events, found, k),
        )


def _reasons(events: Events, found: Scored, k: int) -> tuple[str, ...]:
    a, b = int(found.first[k]), int(found.second[k])
    kinds = (("attack", events.attack_family), ("target", events.target_family))
    return (
        _place_reason(events, found, k),
        _date_reason(int(found.gap_days[k]), int(found.span_days[k])),
        *(_kind_reason(name, int(codes[a]), int(codes[b])) for name, codes in kinds),
        _toll_reason(int(events.killed_best[a]), int(events.killed_best[b])),
    )


def _place_reason(events: Events, found: Scored, k: int) -> str:
    distance_km = float(found.distance_km[k])
    if np.isnan(distance_km):
        return "same district, at least one known no closer"
    words = sorted({_PLACES[events.geo_precision[p]] for p in (found.first[k], found.second[k])})
    return f"{distance_km:.1f} km apart ({' and '.join(words)})"


def _date_reason(gap_days: int, span_days: int) -> str:
    if gap_days:
        return f"{gap_days} day{'s' if gap_days > 1 else ''} apart"
    return "same day" if span_days == 1 else f"dates meet within {span_days} days"


def _kind_reason(name: str, a: int, b: int) -> str:
    if NOT_STATED in (a, b):
        return f"kind of {name} not stated by both"
    return f"same kind of {name}" if a == b else f"another kind of {name}"


def _toll_reason(a: int, b: int) -> str:
    if UNKNOWN in (a, b):
        return "killed not stated by both"
    return f"both {a:,} killed" if a == b else f"{min(a, b):,} and {max(a, b):,} killed"

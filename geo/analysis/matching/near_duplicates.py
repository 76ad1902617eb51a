"""Pairs of stored incidents that may be one event, with the score and the reasons for it."""

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
from geo.analysis.matching.events import EXACT, MATCH_COLUMNS, NOT_STATED, Events, events_of
from geo.analysis.matching.matcher import RULES, Rules, Scored
from geo.codes import NULL, look_up
from geo.incidents import UNKNOWN
from geo.merging import newest_rows
from geo.schema import SOURCES
from geo.wording import N_, Text, text, text_n

BANDS: dict[str, str] = {"likely": N_("Likely one event"), "review": N_("To be reviewed")}
_KIND_REASONS: dict[str, dict[str, Text]] = {
    "attack": {
        "stated_by_none": text("kind of attack stated by neither"),
        "stated_by_one": text("kind of attack stated by only one of the two"),
        "same": text("same kind of attack"),
        "different": text("different kinds of attack"),
    },
    "target": {
        "stated_by_none": text("kind of target stated by neither"),
        "stated_by_one": text("kind of target stated by only one of the two"),
        "same": text("same kind of target"),
        "different": text("different kinds of target"),
    },
}
# By how many of the two places are exact; a distance is only measured between exact and near places.
_DISTANCE_REASONS: tuple[str, ...] = (
    N_("{km:.1f} km apart (near)"),
    N_("{km:.1f} km apart (exact and near)"),
    N_("{km:.1f} km apart (exact)"),
)
# A user's files: each is a separate source, whatever its format.
_OWN_FILES = ("template", "table")
# Publishers that number their events keep them separate themselves; the others are also compared with themselves.
_NUMBERED_BY_PUBLISHER = ("ucdp_ged", "acled", "gtd", "hdx_acled")


@dataclass(frozen=True, slots=True)
class Proposal:
    """Two incidents that may be one event.

    member_ids: incident ids, first the one that both would be shown as: of the source that states targets, then the
    more precise place, then the lower id. band: key of BANDS. reasons: what the score rests on, place and date first.
    is_within_source: both are of one source or file; then the band is always "review".
    """

    member_ids: tuple[str, str]
    score: float
    band: str
    is_within_source: bool
    reasons: tuple[Text, ...]


def propose(
    batches: Mapping[str, pa.Table],
    pcodes: Sequence[str],
    parents: Mapping[str, str | None],
    *,
    merges: Iterable[Sequence[str]] = (),
    apart: Iterable[Sequence[str]] = (),
    listed: Iterable[tuple[str, str]] = (),
    newest: date | None = None,
    rules: Rules = RULES,
) -> tuple[Proposal, ...]:
    """Return the pairs that are not decided yet, highest score first; the order of rows and batches changes nothing.

    batches: shown batches (number as text -> canonical columns, oldest first). Only incidents with a district of
    `pcodes` take part, and no summary rows. parents: see geo.analysis.matching.events.events_of. merges: incident ids
    taken as one event already. apart: incident ids that a person kept separate, each from every other of its list.
    listed: pairs to review whatever their score. newest: incidents that begin after this day (publication delay) take
    no part.
    """
    rows, events = _comparable(batches, pcodes, parents, newest)
    if not len(rows):
        return ()
    ids = rows["incident_id"].combine_chunks()
    within = tuple(np.unique(events.source[_is_compared_within(rows)]).tolist())
    same, separate = (
        _positions(ids, (pair for members in groups for pair in combinations(members, 2))) for groups in (merges, apart)
    )
    found = matching.match(events, rules, within=within, same=same, apart=separate)
    found = matching.with_listed(events, found, _positions(ids, listed), (same, separate), rules)
    found = found.take(np.lexsort((found.second, found.first, -found.score)))
    return tuple(_proposals(rows, events, found, rules))


def _comparable(
    batches: Mapping[str, pa.Table], pcodes: Sequence[str], parents: Mapping[str, str | None], newest: date | None
) -> tuple[pa.Table, Events]:
    """Return the rows that take part, by incident_id, and the same as events."""
    rows, batch = newest_rows({name: table.select(list(MATCH_COLUMNS)) for name, table in batches.items()})
    takes_part = pc.and_(pc.is_in(rows["pcode"], value_set=pa.array(list(pcodes))), pc.equal(rows["n_events"], 1))
    if newest is not None:
        takes_part = pc.and_(takes_part, pc.less_equal(rows["date_end"], pa.scalar(newest)))
    rows, batch = rows.filter(takes_part), batch[np.asarray(takes_part)]
    order = pc.sort_indices(rows["incident_id"])
    rows, batch = rows.take(order), batch[np.asarray(order)]
    source = look_up(rows["source"], tuple(SOURCES)).astype(np.int64)
    is_own = np.asarray(pc.is_in(rows["source"], value_set=pa.array(list(_OWN_FILES))))
    # The number of a batch names a file, not its place among those shown.
    number = np.array([int(name) for name in batches], dtype=np.int64)
    reporter = np.where(is_own, len(SOURCES) + number[batch], source) if len(rows) else source
    return rows, events_of(rows, pcodes, parents, reporter)


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


def _reasons(events: Events, found: Scored, k: int) -> tuple[Text, ...]:
    a, b = int(found.first[k]), int(found.second[k])
    families = (("attack", events.attack_family), ("target", events.target_family))
    return (
        _place_reason(events, found, k),
        _date_reason(int(found.gap_days[k]), int(found.span_days[k])),
        *(_KIND_REASONS[kind][_agreement(int(codes[a]), int(codes[b]))] for kind, codes in families),
        _toll_reason(int(events.killed_best[a]), int(events.killed_best[b])),
    )


def _place_reason(events: Events, found: Scored, k: int) -> Text:
    km = float(found.distance_km[k])
    if np.isnan(km):
        return text("same district, at least one of the two known only to the district")
    n_exact = int((events.geo_precision[[found.first[k], found.second[k]]] == EXACT).sum())
    return text(_DISTANCE_REASONS[n_exact], km=km)


def _date_reason(gap_days: int, span_days: int) -> Text:
    if gap_days:
        return text_n("{n} day apart", "{n} days apart", gap_days)
    return text("same day") if span_days == 1 else text("dates overlap within {n} days", n=span_days)


def _agreement(a: int, b: int) -> str:
    if NOT_STATED in (a, b):
        return "stated_by_none" if a == b else "stated_by_one"
    return "same" if a == b else "different"


def _toll_reason(a: int, b: int) -> Text:
    if UNKNOWN in (a, b):
        return text("number killed stated by neither" if a == b else "number killed stated by only one of the two")
    return text("both {n} killed", n=a) if a == b else text("{low} and {high} killed", low=min(a, b), high=max(a, b))

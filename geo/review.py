"""Near-duplicates of a store: proposed pairs, and the decisions to merge them, keep them separate, or undo that."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import chain
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from geo import recoding
from geo.analysis.matching.events import MATCH_COLUMNS
from geo.analysis.matching.near_duplicates import Proposal, propose
from geo.districts import load_groups
from geo.embedded import POSSIBLE, listed_pairs
from geo.merging import newest_rows
from geo.policy import Access, Action, may_show_rows
from geo.schema import columns_for

if TYPE_CHECKING:
    from geo.districts import Districts
    from geo.store import DecisionRecord, Store

DISTINCT = "distinct"
ROW_COLUMNS = columns_for("review")


@dataclass(frozen=True, slots=True)
class Decision:
    """A merge, or a decision to keep incidents separate, that is in force."""

    decision_id: int
    member_ids: tuple[str, ...]
    score: float | None


@dataclass(frozen=True, slots=True)
class Review:
    """What there is to decide and what was decided.

    proposals: undecided pairs, highest score first. merges, kept_separate: decisions in force, newest first.
    rows: incident id -> its cells (ROW_COLUMNS) and "batch", the number of its batch as text, for every incident
    named above that is shown and not withheld. n_closed: source -> number of pairs that `seen_by` left out.
    """

    proposals: tuple[Proposal, ...]
    merges: tuple[Decision, ...]
    kept_separate: tuple[Decision, ...]
    rows: Mapping[str, Mapping[str, Any]]
    n_closed: Mapping[str, int] = field(default_factory=dict)


def load(store: Store, districts: Districts, newest: date | None = None) -> Review:
    """Compare the shown batches of a store; incidents that may have lasted beyond `newest` take no part (the delay)."""
    columns = list(dict.fromkeys((*MATCH_COLUMNS, *ROW_COLUMNS)))
    tables = recoding.read_all(store, [record for record in store.batches() if record.is_shown], columns)
    merges, separate = _in_force(store, "merge"), _in_force(store, DISTINCT)
    proposals = propose(
        tables,
        districts.pcodes,
        {key: group.parent for key, group in load_groups().groups.items()},
        merges=[merge.member_ids for merge in merges],
        apart=[decision.member_ids for decision in separate],
        listed=listed_pairs(POSSIBLE),
        newest=newest,
    )
    named = [ids for decided in (proposals, merges, separate) for one in decided for ids in one.member_ids]
    return Review(proposals, merges[::-1], separate[::-1], _rows(tables, set(named), newest))


def seen_by(found: Review, access: Access) -> Review:
    """Return what somebody may see of a review.

    Pairs with a row of a source whose rows may not be shown are only counted, whatever a filter keeps: score, reasons
    and the other row would tell where and when it is. Who may not decide sees no pair with a row that is not shown.
    """
    closed = Counter[str]()

    def is_seen(pair: Proposal | Decision) -> bool:
        sources = [found.rows[member]["source"] for member in pair.member_ids if member in found.rows]
        forbidden = set() if access.shows_closed_rows else {one for one in sources if not may_show_rows(one)}
        closed.update(forbidden)
        return not forbidden and (access.may(Action.DECIDE) or len(sources) == len(pair.member_ids))

    proposals = tuple(filter(is_seen, found.proposals))
    merges, separate = tuple(filter(is_seen, found.merges)), tuple(filter(is_seen, found.kept_separate))
    return replace(found, proposals=proposals, merges=merges, kept_separate=separate, n_closed=closed)


def merge(store: Store, proposals: Iterable[Proposal], *, actor: str = "local") -> int:
    """Merge proposed pairs; pairs that share an incident, or meet an older merge, become one. Returns the merges made.

    The older merge is undone in the same transaction and stays on record. Raises StoreError, and then changes nothing.
    """
    accepted = list(proposals)
    older = {member: record for record in store.merges() for member in record.member_ids}
    pairs = [proposal.member_ids for proposal in accepted]
    touched = {older[member].decision_id: older[member] for pair in pairs for member in pair if member in older}
    scores = [score for record in touched.values() for score in pair_scores(record)]
    scores += [(proposal.member_ids, round(proposal.score, 3)) for proposal in accepted]
    merges = [
        (group, {"pair_scores": [[*pair, score] for pair, score in scores if pair[0] in group]})
        for group in _united([*(record.member_ids for record in touched.values()), *pairs])
    ]
    return len(store.replace_decisions("merge", merges, undo=touched, actor=actor))


def keep_separate(store: Store, proposal: Proposal, *, actor: str = "local") -> None:
    """Record that a proposed pair is two events; it is not proposed again unless that is undone."""
    store.replace_decisions(DISTINCT, [(proposal.member_ids, {"score": round(proposal.score, 3)})], actor=actor)


def undo(store: Store, decision_id: int, *, actor: str = "local") -> None:
    """Undo a merge or a decision to keep separate; raises StoreError for a number that does not exist."""
    store.replace_decisions(DISTINCT, undo=[decision_id], actor=actor)


def pair_scores(merge: DecisionRecord) -> list[tuple[tuple[str, str], float]]:
    """Return (pair of incident ids, score) of each pair that led to a merge.

    Merges of earlier versions hold {"scores": {"id|id": score}}: split where both halves are members, since an id may
    hold the separator itself.
    """
    found = [((first, second), score) for first, second, score in merge.details.get("pair_scores", ())]
    for key, score in merge.details.get("scores", {}).items():
        halves = ((key[:place], key[place + 1 :]) for place, sign in enumerate(key) if sign == "|")
        found += [(pair, score) for pair in halves if set(pair) <= set(merge.member_ids)][:1]
    return found


def _in_force(store: Store, kind: str) -> tuple[Decision, ...]:
    return tuple(Decision(one.decision_id, one.member_ids, _score(one)) for one in store.decisions(kind))


def _score(decision: DecisionRecord) -> float | None:
    own = decision.details.get("score")
    return own if own is not None else min((score for _, score in pair_scores(decision)), default=None)


def _rows(tables: Mapping[str, Any], named: set[str], newest: date | None) -> dict[str, dict[str, Any]]:
    rows, batch = newest_rows(tables)
    rows = rows.select(list(ROW_COLUMNS)).append_column(
        "batch", pa.array([list(tables)[k] for k in batch.tolist()], pa.string())
    )
    is_wanted = pc.is_in(rows["incident_id"], value_set=pa.array(sorted(named), pa.string()))
    if newest is not None:
        is_wanted = pc.and_(is_wanted, pc.less_equal(rows["date_end"], pa.scalar(newest)))
    return {row["incident_id"]: row for row in rows.filter(is_wanted).to_pylist()}


def _united(groups: Sequence[Sequence[str]]) -> list[tuple[str, ...]]:
    """Join groups that share a member; members and groups are in the order in which they first appear."""
    place = {member: k for k, member in enumerate(dict.fromkeys(chain.from_iterable(groups)))}
    of: dict[str, set[str]] = {}
    for group in groups:
        members = set().union(*(of.get(member, {member}) for member in group))
        of |= dict.fromkeys(members, members)
    return list(dict.fromkeys(tuple(sorted(of[member], key=place.__getitem__)) for member in place))

"""Near-duplicates of a store: what is proposed, and merging, telling apart and undoing, each kept in the store."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from geo.analysis.matching.near_duplicates import Proposal, propose
from geo.districts import load_groups
from geo.merging import newest_rows

if TYPE_CHECKING:
    from geo.districts import Districts
    from geo.store import Store

DISTINCT = "distinct"
ROW_COLUMNS: tuple[str, ...] = (
    "incident_id",
    "source",
    "date_start",
    "date_end",
    "date_precision",
    "geo_precision",
    "place",
    "district_reported",
    "pcode",
    "attack_type",
    "target_type",
    "group_id",
    "group_reported",
    "killed_best",
    "killed_low",
    "killed_high",
    "injured",
    "source_url",
)


@dataclass(frozen=True, slots=True)
class Decision:
    """A merge, or incidents that were told apart, as it stands."""

    decision_id: int
    member_ids: tuple[str, ...]
    score: float | None


@dataclass(frozen=True, slots=True)
class Review:
    """What there is to decide and what was decided.

    proposals: undecided pairs, highest score first. merges, told_apart: decisions in force, newest first.
    rows: incident id -> its cells (ROW_COLUMNS) and "batch", the number of its batch as text, for every incident
    named above that is shown and not withheld.
    """

    proposals: tuple[Proposal, ...]
    merges: tuple[Decision, ...]
    told_apart: tuple[Decision, ...]
    rows: Mapping[str, Mapping[str, Any]]


def load(store: Store, districts: Districts, newest: date | None = None) -> Review:
    """Compare the shown batches of a store; incidents that begin after `newest` (publication delay) take no part."""
    tables = {
        str(record.batch_id): store.read(record.batch_id, _columns()) for record in store.batches() if record.is_shown
    }
    merges, apart = _in_force(store, "merge"), _in_force(store, DISTINCT)
    proposals = propose(
        tables,
        districts.pcodes,
        {key: group.parent for key, group in load_groups().groups.items()},
        merges=[merge.member_ids for merge in merges],
        apart=[decision.member_ids for decision in apart],
        newest=newest,
    )
    named = [ids for decided in (proposals, merges, apart) for one in decided for ids in one.member_ids]
    return Review(proposals, merges[::-1], apart[::-1], _rows(tables, set(named), newest))


def merge(store: Store, proposals: Iterable[Proposal], *, actor: str = "local") -> int:
    """Merge proposed pairs; pairs that share an incident, or meet an older merge, become one. Returns the merges made.

    The older merge is undone and stays on record. Raises StoreError.
    """
    accepted = list(proposals)
    older = {member: record for record in store.merges() for member in record.member_ids}
    pairs = [proposal.member_ids for proposal in accepted]
    touched = {older[member].decision_id: older[member] for pair in pairs for member in pair if member in older}
    scores = {"|".join(proposal.member_ids): round(proposal.score, 3) for proposal in accepted}
    scores |= {key: score for record in touched.values() for key, score in record.details.get("scores", {}).items()}
    groups = _united([*(record.member_ids for record in touched.values()), *pairs])
    decided = [
        (group, {"scores": {key: score for key, score in scores.items() if key.partition("|")[0] in group}})
        for group in groups
    ]
    for decision_id in touched:
        store.undo_merge(decision_id, actor=actor)
    return len(store.record_decisions("merge", decided, actor=actor))


def tell_apart(store: Store, proposal: Proposal, *, actor: str = "local") -> None:
    """Remember that a proposed pair is two events; it is not proposed again until that is undone."""
    store.record_decisions(DISTINCT, [(proposal.member_ids, {"score": round(proposal.score, 3)})], actor=actor)


def undo(store: Store, decision_id: int, *, actor: str = "local") -> None:
    """Take a merge or a telling apart back; raises StoreError for a number that does not exist."""
    store.undo_decision(decision_id, actor=actor)


def _columns() -> list[str]:
    from geo.analysis.matching.events import MATCH_COLUMNS

    return list(dict.fromkeys((*MATCH_COLUMNS, *ROW_COLUMNS)))


def _in_force(store: Store, kind: str) -> tuple[Decision, ...]:
    return tuple(
        Decision(record.decision_id, record.member_ids, _score(record.details)) for record in store.decisions(kind)
    )


def _score(details: Mapping[str, Any]) -> float | None:
    scores = [details["score"]] if "score" in details else list(details.get("scores", {}).values())
    return min(scores) if scores else None


def _rows(tables: Mapping[str, Any], named: set[str], newest: date | None) -> dict[str, dict[str, Any]]:
    rows, batch = newest_rows(tables)
    rows = rows.select(list(ROW_COLUMNS)).append_column(
        "batch", pa.array([list(tables)[k] for k in batch.tolist()], pa.string())
    )
    is_wanted = pc.is_in(rows["incident_id"], value_set=pa.array(sorted(named), pa.string()))
    if newest is not None:
        is_wanted = pc.and_(is_wanted, pc.less_equal(rows["date_start"], pa.scalar(newest)))
    return {row["incident_id"]: row for row in rows.filter(is_wanted).to_pylist()}


def _united(groups: Sequence[Sequence[str]]) -> list[tuple[str, ...]]:
    """Join groups that share a member; members, and groups, stand in the order in which they first appear."""
    place = {member: k for k, member in enumerate(dict.fromkeys(chain.from_iterable(groups)))}
    of: dict[str, set[str]] = {}
    for group in groups:
        members = set().union(*(of.get(member, {member}) for member in group))
        of |= dict.fromkeys(members, members)
    return list(dict.fromkeys(tuple(sorted(of[member], key=place.__getitem__)) for member in place))

"""What a decision or a switch of a batch changes, within a transaction that its caller has begun."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from geo.store import audit, batches, decisions
from geo.store.batches import Switch
from geo.store.database import Connection

# Incident ids and JSON details of each new decision.
Recorded = Sequence[tuple[Sequence[str], Mapping[str, Any]]]
# Reads the store while nobody else can change it, and returns what to record and which decisions to undo; of the second
# also of which kind.
Choose = Callable[[], tuple[Recorded, Iterable[int]]]
ChooseKinds = Callable[[], Sequence[tuple[str, Recorded, Iterable[int]]]]


class EndedMeanwhile(Exception):
    """Somebody else has ended this proposal; nothing may be changed."""


def replace_decisions(
    db: Connection, folder: Path, kind: str, record: Recorded, undo: Iterable[int], actor: str
) -> tuple[int, ...]:
    """Undo decisions and record others of one kind, see `Store.replace_decisions`."""
    for decision_id in undo:
        undone, is_changed = decisions.set_undone(db, decision_id, folder)
        if is_changed:
            is_of_view = undone in decisions.OF_VIEW
            audit.append(db, "undo decision", str(decision_id), {}, actor, changes_view=is_of_view)
    members = {}
    for member_ids, details in record:
        minimum = decisions.MINIMUM_MEMBERS.get(kind, 1)
        if len(set(member_ids)) != len(member_ids) or len(member_ids) < minimum:
            raise ValueError("a decision names different incidents, a merge at least two")
        if kind == decisions.MERGE:
            decisions.refuse_second_merge(db, member_ids, folder)
        members[decisions.insert(db, kind, member_ids, details, actor, audit.utc_now())] = list(member_ids)
    if members:
        event = {"kind": kind, "members": members, "details": [dict(details) for _, details in record]}
        audit.append(db, "decide", kind, event, actor, changes_view=kind in decisions.OF_VIEW)
    return tuple(members)


def switch_batch(
    db: Connection, folder: Path, batch_id: int, action: str, switch: Switch, is_on: bool, actor: str
) -> None:
    """Turn a switch of a batch, unless it stands so already. Raises RejectedUpload for rows that are in use."""
    record = batches.get(db, batch_id, folder)
    if getattr(record, switch) is is_on:
        return
    if action == "redo":
        batches.refuse_copy(db, folder, batches.identity_of(record), batches.files_of(db, batch_id))
        batches.refuse_stored_again(db, folder, record)
    batches.set_switch(db, batch_id, switch, is_on)
    audit.append(db, action, str(batch_id), {}, actor)


def settle(
    db: Connection,
    folder: Path,
    proposal_id: int,
    choose: ChooseKinds,
    batch_id: int | None,
    is_accepted: bool,
    actor: str,
) -> None:
    """End a proposal and do what was decided about it, see `Store.settle`; raises EndedMeanwhile if it is ended."""
    waiting = decisions.select(db, decisions.PROPOSAL, include_undone=False)
    if proposal_id not in [one.decision_id for one in waiting]:
        raise EndedMeanwhile
    decided = choose()
    if batch_id is not None and is_accepted:
        # Its rows may have been stored since they were proposed, and somebody may have undone it meanwhile.
        proposed = batches.get(db, batch_id, folder)
        batches.refuse_copy(db, folder, batches.identity_of(proposed), batches.files_of(db, batch_id))
        switch_batch(db, folder, batch_id, "redo", "is_undone", False, actor)
        switch_batch(db, folder, batch_id, "show", "is_hidden", False, actor)
    elif batch_id is not None:
        switch_batch(db, folder, batch_id, "undo", "is_undone", True, actor)
    for kind, record, undo in decided:
        replace_decisions(db, folder, kind, record, undo, actor)
    replace_decisions(db, folder, decisions.PROPOSAL, (), [proposal_id], actor)

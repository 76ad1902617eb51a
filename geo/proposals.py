"""Proposals: what contributors put before an admin, who accepts or rejects it. Both names stay in the audit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from geo import place_decisions, word_decisions
from geo.problems import ProblemCode, RejectedUpload, rejected
from geo.store import PLACE_NAME, PROPOSAL, WORD
from geo.store.proposing import BATCH
from geo.wording import text

if TYPE_CHECKING:
    from geo.store import Store
    from geo.store.changes import Recorded

# Keys of the summary of a proposed batch: decisions that take effect when it is accepted.
NAMES, WORDS = "place_names", "proposed_words"


@dataclass(frozen=True, slots=True)
class Proposal:
    """Something an admin is to decide. kind: "batch", or the kind of the decisions. made_at: UTC.

    batch_id: the batch, for that kind. record, undo: what to record and which decisions to undo, for the others.
    """

    proposal_id: int
    kind: str
    actor: str
    made_at: datetime
    batch_id: int | None = None
    record: tuple[tuple[tuple[str, ...], Mapping[str, Any]], ...] = ()
    undo: tuple[int, ...] = ()


def waiting(store: Store) -> tuple[Proposal, ...]:
    """Return the proposals that nobody has decided yet, in the order in which they were made."""
    return tuple(
        Proposal(
            one.decision_id,
            str(one.details["kind"]),
            one.actor,
            one.made_at,
            one.details.get("batch"),
            tuple((tuple(ids), details) for ids, details in one.details.get("record", ())),
            tuple(one.details.get("undo", ())),
        )
        for one in store.decisions(PROPOSAL)
    )


def never_accepted(store: Store) -> frozenset[int]:
    """Return the batches that wait or were rejected: nothing of them is for readers, not even as an older version.

    One that was accepted and hidden later was there to be read, and is hidden like any other.
    """
    proposed = {one.details["batch"] for one in store.decisions(PROPOSAL, True) if one.details["kind"] == BATCH}
    return frozenset(proposed - store.ever_shown()) if proposed else frozenset()


def accept(store: Store, proposal_id: int, *, actor: str) -> None:
    """Do what was proposed, in the name of who accepts it.

    Raises RejectedUpload for a proposal that is decided already, and what the store raises if it cannot be done any
    more: the proposal then still waits.
    """
    proposal = _waiting(store, proposal_id)

    def choose() -> list[tuple[str, Recorded, Sequence[int]]]:
        if proposal.batch_id is not None:
            return _decided_with(store, proposal.batch_id)
        return [(proposal.kind, proposal.record, proposal.undo)]

    if not store.settle(proposal_id, choose, batch_id=proposal.batch_id, is_accepted=True, actor=actor):
        raise _decided_already(proposal_id)


def reject(store: Store, proposal_id: int, *, actor: str) -> None:
    """Leave everything as it is; a proposed batch is undone and can be brought back. Raises as `accept`."""
    proposal = _waiting(store, proposal_id)
    if not store.settle(proposal_id, batch_id=proposal.batch_id, actor=actor):
        raise _decided_already(proposal_id)


def _decided_with(store: Store, batch_id: int) -> list[tuple[str, Recorded, Sequence[int]]]:
    """Return what a proposed batch says of names and words: it takes effect with the batch."""
    record = store.batch(batch_id)
    names = place_decisions.to_record(store, record.source, record.summary.get(NAMES, {}))
    meanings = record.summary.get(WORDS, {}).items()
    words = [word_decisions.to_record(store, [None], field, meant) for field, meant in meanings]
    return [(PLACE_NAME, *names), *((WORD, *one) for one in words)]


def _waiting(store: Store, proposal_id: int) -> Proposal:
    for proposal in waiting(store):
        if proposal.proposal_id == proposal_id:
            return proposal
    raise _decided_already(proposal_id)


def _decided_already(proposal_id: int) -> RejectedUpload:
    message = text("Proposal {number:d} is decided already.", number=proposal_id)
    return rejected(ProblemCode.NOT_ALLOWED, message, text("Load the page again."))

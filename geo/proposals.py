"""Proposals: what contributors put before an admin, who accepts or rejects it. Both names stay in the audit."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from geo import place_decisions, word_decisions
from geo.analysis.matching import duplicates
from geo.problems import ProblemCode, RejectedUpload, rejected
from geo.schema import Batch
from geo.store import PLACE_NAME, PROPOSAL, WORD
from geo.store.decisions import BATCH
from geo.store.files import RAW_FOLDER
from geo.wording import text

if TYPE_CHECKING:
    from geo.store import Store
    from geo.store.changes import Recorded

# Keys of the summary of a proposed batch: decisions that take effect when it is accepted.
NAMES, WORDS = "place_names", "proposed_words"
# What a batch that is stored in place of a proposed one has of it.
_AS_PROPOSED: Sequence[str] = (
    *("label", "format", "source", "file_sha256", "n_rows_in", "n_refused", "source_version", "snapshot_date", "notes"),
)


class _ChangedMeanwhile(Exception):
    """The store is no longer as it was when a proposed file was compared with it."""


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

    A proposed file is compared with the store again: what was stored meanwhile is left out, as of any file. If the
    store changes between the comparison and the change, it is compared again.
    Raises RejectedUpload for a proposal that is decided already and for a file without a new row, and what the store
    raises if it cannot be done any more: the proposal then still waits.
    """
    is_done = False
    while not is_done:
        with contextlib.suppress(_ChangedMeanwhile):
            _accept_as_it_stands(store, _waiting(store, proposal_id), actor)
            is_done = True


def reject(store: Store, proposal_id: int, *, actor: str) -> None:
    """Leave everything as it is; a proposed batch is undone and can be brought back. Raises as `accept`."""
    proposal = _waiting(store, proposal_id)
    if not store.settle(proposal_id, batch_id=proposal.batch_id, actor=actor):
        raise _decided_already(proposal_id)


def _accept_as_it_stands(store: Store, proposal: Proposal, actor: str) -> None:
    """Accept a proposal; raises _ChangedMeanwhile, with nothing done, if the store changed since it was compared."""
    number, batch_id = proposal.proposal_id, proposal.batch_id
    version = store.version()
    instead = None if batch_id is None else _compared_again(store, batch_id)

    def choose() -> list[tuple[str, Recorded, Sequence[int]]]:
        if batch_id is None:
            return [(proposal.kind, proposal.record, proposal.undo)]
        if store.version() != version:
            raise _ChangedMeanwhile
        return _decided_with(store, batch_id)

    if not store.settle(number, choose, batch_id=batch_id, is_accepted=True, instead=instead, actor=actor):
        raise _decided_already(number)


def _decided_with(store: Store, batch_id: int) -> list[tuple[str, Recorded, Sequence[int]]]:
    """Return what a proposed batch says of names and words: it takes effect with the batch."""
    record = store.batch(batch_id)
    names = place_decisions.to_record(store, record.source, record.summary.get(NAMES, {}))
    meanings = record.summary.get(WORDS, {}).items()
    words = [word_decisions.to_record(store, [None], field, meant) for field, meant in meanings]
    return [(PLACE_NAME, *names), *((WORD, *one) for one in words)]


def _compared_again(store: Store, batch_id: int) -> tuple[Batch, Mapping[str, Any]] | None:
    """Return the batch to be stored in place of a proposed one, and its summary; None if it can stay as it is."""
    record = store.batch(batch_id)
    if record.state not in ("hidden", "undone"):
        return None  # it is in use
    rows = store.read(batch_id)
    known = store.known_ids(record.source)
    found = duplicates.against(store, rows, known, record.source, record.snapshot_date, keep_repeated=True)
    n_left_out = len(rows) - len(found.rows)
    is_newest = max(found.newer_than, default=0) < batch_id
    if is_newest and not n_left_out and not found.n_renumbered:
        return None
    if not len(found.rows):
        raise duplicates.nothing_new(found, record.label)
    kept = {name: getattr(record, name) for name in _AS_PROPOSED}
    counts = {reason: n for reason, n in found.duplicates.items() if n}
    earlier = record.summary.get("duplicates", {})
    summary = {
        "duplicates": earlier | {reason: n + earlier.get(reason, 0) for reason, n in counts.items()},
        "newer_versions": sum(found.newer_than.values()),
    }
    path = store.path / RAW_FOLDER / record.file_sha256
    batch = Batch(rows=found.rows, file_path=path, n_duplicates=record.n_duplicates + n_left_out, **kept)
    return batch, dict(record.summary) | summary


def _waiting(store: Store, proposal_id: int) -> Proposal:
    for proposal in waiting(store):
        if proposal.proposal_id == proposal_id:
            return proposal
    raise _decided_already(proposal_id)


def _decided_already(proposal_id: int) -> RejectedUpload:
    message = text("Proposal {number:d} is decided already.", number=proposal_id)
    return rejected(ProblemCode.NOT_ALLOWED, message, text("Load the page again."))

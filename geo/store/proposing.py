"""A store as contributors use it: what they add or decide is kept as a proposal, and changes nothing that is shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from geo.problems import ProblemCode, StoreError
from geo.store import audit, batches, decisions
from geo.store.batches import BatchRecord
from geo.store.changes import Choose, Recorded
from geo.store.database import Connection
from geo.store.decisions import BATCH
from geo.store.errors import refusal
from geo.store.store import Store
from geo.wording import text


class ProposingStore(Store):
    """Reads as the store does; a batch is added hidden, a decision is recorded as one of the kind "proposal".

    Details of a proposal: {"kind": "batch", "batch": number}, or what `Store.replace_decisions` would have been given:
    {"kind": kind, "record": [[incident ids, details], ...], "undo": [numbers]}.
    """

    @classmethod
    def of(cls, store: Store) -> ProposingStore:
        """Return the same store, for proposals alone."""
        proposing = cls(store.path, store._catalogue)
        proposing._trusted = store._trusted
        return proposing

    def replace_decisions(
        self, kind: str, record: Recorded = (), *, undo: Iterable[int] = (), actor: str = "local"
    ) -> tuple[int, ...]:
        """Keep what was decided as one proposal; the same one is not kept twice. Returns its number."""
        given = {"kind": kind, "record": [[list(ids), dict(details)] for ids, details in record], "undo": sorted(undo)}
        with self._catalogue.changing() as db:
            waiting = decisions.select(db, decisions.PROPOSAL, include_undone=False)
            held = [one.decision_id for one in waiting if one.details == given]
            return tuple(held[:1]) or (_propose(db, given, actor),)

    def find_files(self, sha256: str) -> tuple[BatchRecord, ...]:
        """Return as the store does, also batches that wait: the same file is not proposed twice."""
        with self._catalogue.reading() as db:
            return tuple(batches.select(db, file_sha256=sha256))

    def decide(self, kind: str, choose: Choose, *, actor: str) -> tuple[int, ...]:
        """Propose what `choose` returns now."""
        record, undo = choose()
        return self.replace_decisions(kind, record, undo=undo, actor=actor)

    def save_mapping(self, name: str, toml_text: str, *, actor: str = "local") -> None:  # noqa: ARG002 (the interface)
        """Raise StoreError: a saved mapping takes the place of another one at once."""
        raise self._not_as_proposal()

    def settle(self, *_change: Any, **_options: Any) -> bool:
        """Raise StoreError: whoever proposes does not decide."""
        raise self._not_as_proposal()

    def _switch(self, *_change: Any) -> BatchRecord:
        raise self._not_as_proposal()

    def _added(self, db: Connection, batch_id: int, actor: str) -> None:
        if batches.superseded_by(db, batch_id):
            raise self._not_as_proposal()
        batches.set_switch(db, batch_id, "is_hidden", True)
        audit.append(db, "hide", str(batch_id), {}, actor)
        _propose(db, {"kind": BATCH, "batch": batch_id}, actor)

    def _not_as_proposal(self) -> StoreError:
        message = text("This cannot be proposed: it would change at once what is stored.")
        return refusal(message, text("Ask an admin of this atlas to do it."), self.path, ProblemCode.NOT_ALLOWED)


def _propose(db: Connection, details: Mapping[str, Any], actor: str) -> int:
    number = decisions.insert(db, decisions.PROPOSAL, (), details, actor, audit.utc_now())
    event = {"kind": decisions.PROPOSAL, "members": {number: []}, "details": [dict(details)]}
    audit.append(db, "decide", decisions.PROPOSAL, event, actor, changes_view=False)
    return number

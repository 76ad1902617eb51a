"""Contributors propose, admins accept: nothing that is shown changes before, and both names stay in the audit."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from geo import place_decisions, proposals, record, word_decisions
from geo.problems import RejectedUpload, StoreError
from geo.store import ProposingStore, Store
from tests import toy_store
from tests.toy import row

Decide = Callable[..., None]
HELPER, ADMIN = "c@example.org (https://i)", "a@example.org (https://i)"


@pytest.fixture
def store(tmp_path: Path, catalogue_kind: str) -> Store:
    opened = toy_store.opened(tmp_path / "store")
    opened.add(toy_store.batch(tmp_path, row(1), row(2), text="one"))
    return opened


def propose_batch(store: Store, folder: Path, **fields: Any) -> int:
    batch = toy_store.batch(folder, row(3), text="two")
    return ProposingStore.of(store).add(batch, actor=HELPER, **fields).batch_id


def who(store: Store, action: str) -> list[str]:
    return [event.actor for event in store.audit() if event.action == action]


def test_a_proposed_batch_is_stored_and_not_shown_until_it_is_accepted(store: Store, tmp_path: Path) -> None:
    number = propose_batch(store, tmp_path)
    assert toy_store.shown_ids(store) == ["toy:1", "toy:2"]
    [proposal] = proposals.waiting(store)
    assert (proposal.batch_id, proposal.actor) == (number, HELPER)
    proposals.accept(store, proposal.proposal_id, actor=ADMIN)
    assert toy_store.shown_ids(store) == ["toy:1", "toy:2", "toy:3"]
    assert proposals.waiting(store) == ()
    assert store.verify() == []
    assert (who(store, "show"), who(store, "undo decision")) == ([ADMIN], [ADMIN])
    assert who(store, "decide") == who(store, "hide") == [HELPER]


def test_what_a_batch_decided_about_names_and_words_counts_once_it_is_accepted(store: Store, tmp_path: Path) -> None:
    kept = {proposals.NAMES: {"Bannoo": "PK503"}, proposals.WORDS: {"attack_type": {"raid": "armed_assault"}}}
    propose_batch(store, tmp_path, summary=kept)
    assert place_decisions.everything(store) == word_decisions.everything(store) == ()
    [proposal] = proposals.waiting(store)
    proposals.accept(store, proposal.proposal_id, actor=ADMIN)
    [name], [word] = place_decisions.everything(store), word_decisions.everything(store)
    assert (name.meaning, name.actor, word.code, word.actor) == ("PK503", ADMIN, "armed_assault", ADMIN)


def test_a_rejected_batch_never_counts_and_can_be_sent_again(store: Store, tmp_path: Path) -> None:
    propose_batch(store, tmp_path)
    [proposal] = proposals.waiting(store)
    proposals.reject(store, proposal.proposal_id, actor=ADMIN)
    assert proposals.waiting(store) == ()
    assert toy_store.shown_ids(store) == ["toy:1", "toy:2"]
    assert propose_batch(store, tmp_path) == 3
    assert store.verify() == []


def test_rows_that_only_wait_are_not_in_use(store: Store, tmp_path: Path) -> None:
    number = propose_batch(store, tmp_path)
    sha256 = store.batch(number).file_sha256
    assert store.known_ids("template")["incident_id"].to_pylist() == ["toy:1", "toy:2"]
    assert store.find_files(sha256) == ()
    assert [waiting.batch_id for waiting in ProposingStore.of(store).find_files(sha256)] == [number]
    store.add(toy_store.batch(tmp_path, row(3), text="two"), actor=ADMIN)
    [proposal] = proposals.waiting(store)
    with pytest.raises(RejectedUpload, match="stored already, in batch 3"):
        proposals.accept(store, proposal.proposal_id, actor=ADMIN)
    assert proposals.waiting(store) == (proposal,)
    proposals.reject(store, proposal.proposal_id, actor=ADMIN)
    assert toy_store.shown_ids(store) == ["toy:1", "toy:2", "toy:3"]


def test_a_proposed_file_is_compared_again_when_it_is_accepted(store: Store, tmp_path: Path) -> None:
    """Of its rows one was stored meanwhile, one has a number that another incident has now, one is a newer version."""
    day, later = date(2024, 3, 5), date(2024, 5, 20)
    proposed = (row(3), row(4, day=later, killed_best=7), row(5, killed_best=9), row(6))
    ProposingStore.of(store).add(
        toy_store.batch(tmp_path, *proposed, text="two", n_refused=1), actor=HELPER, summary={"place_names": {}}
    )
    store.add(toy_store.batch(tmp_path, row(3), row(4, day=day), row(5, killed_best=1), text="three"), actor=ADMIN)
    [proposal] = proposals.waiting(store)
    proposals.accept(store, proposal.proposal_id, actor=ADMIN)
    added = store.batches()[-1]
    assert store.read(added.batch_id)["incident_id"].to_pylist() == ["toy:4~20240520", "toy:5", "toy:6"]
    assert (added.n_rows_in, added.n_accepted, added.n_refused, added.n_duplicates) == (5, 3, 1, 1)
    assert added.summary == {"duplicates": {"already stored": 1}, "newer_versions": 1, "place_names": {}}
    assert [one.batch_id for one in store.batches()] == [1, 3, 4]
    assert proposals.waiting(store) == ()
    assert proposals.never_accepted(store) == {2}
    assert store.verify() == []


def test_rows_stored_while_a_proposal_is_compared_do_not_count_twice(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    propose_batch(store, tmp_path)
    [proposal] = proposals.waiting(store)
    known = store.known_ids("template")
    store.add(toy_store.batch(tmp_path, row(3), text="two"), actor=ADMIN)
    monkeypatch.setattr(store, "known_ids", lambda _source: known)
    with pytest.raises(RejectedUpload, match="stored already, as batch 3"):
        proposals.accept(store, proposal.proposal_id, actor=ADMIN)
    assert proposals.waiting(store) == (proposal,)


def test_a_proposed_file_that_was_undone_while_it_waited_is_compared_again(store: Store, tmp_path: Path) -> None:
    batch = toy_store.batch(tmp_path, row(4, day=date(2024, 5, 20), killed_best=7), text="two")
    number = ProposingStore.of(store).add(batch, actor=HELPER).batch_id
    store.undo(number, actor=ADMIN)
    store.add(toy_store.batch(tmp_path, row(4, day=date(2024, 3, 5)), text="three"), actor=ADMIN)
    [proposal] = proposals.waiting(store)
    proposals.accept(store, proposal.proposal_id, actor=ADMIN)
    assert toy_store.shown_ids(store) == ["toy:1", "toy:2", "toy:4", "toy:4~20240520"]


def test_what_is_stored_while_a_proposal_is_compared_is_compared_too(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another file arrives after the comparison: one of its incidents has the number of a proposed one."""
    batch = toy_store.batch(tmp_path, row(4, day=date(2024, 5, 20), killed_best=7), text="two")
    ProposingStore.of(store).add(batch, actor=HELPER)
    [proposal] = proposals.waiting(store)
    meanwhile, settle = [toy_store.batch(tmp_path, row(4, day=date(2024, 3, 5)), text="three")], store.settle

    def settled(*change: Any, **options: Any) -> bool:
        if meanwhile:
            store.add(meanwhile.pop(), actor=ADMIN)
        return settle(*change, **options)

    monkeypatch.setattr(store, "settle", settled)
    proposals.accept(store, proposal.proposal_id, actor=ADMIN)
    assert toy_store.shown_ids(store) == ["toy:1", "toy:2", "toy:4", "toy:4~20240520"]
    assert len(who(store, "undo decision")) == 1
    assert store.verify() == []


def test_a_file_that_was_shown_while_it_waited_can_be_accepted(store: Store, tmp_path: Path) -> None:
    number = propose_batch(store, tmp_path)
    store.set_shown(number, True, actor=ADMIN)
    [proposal] = proposals.waiting(store)
    proposals.accept(store, proposal.proposal_id, actor=ADMIN)
    assert proposals.waiting(store) == ()
    assert toy_store.shown_ids(store) == ["toy:1", "toy:2", "toy:3"]


def test_a_proposed_decision_changes_nothing_until_it_is_accepted(store: Store) -> None:
    proposing, version = ProposingStore.of(store), store.version()
    proposing.replace_decisions("merge", [(["toy:1", "toy:2"], {"score": 5})], actor=HELPER)
    assert (store.merges(), store.version()) == ((), version)
    [proposal] = proposals.waiting(store)
    proposals.accept(store, proposal.proposal_id, actor=ADMIN)
    [merge] = store.merges()
    assert (merge.member_ids, merge.actor) == (("toy:1", "toy:2"), ADMIN)
    proposing.replace_decisions("distinct", undo=[merge.decision_id], actor=HELPER)
    assert len(store.merges()) == 1
    [proposal] = proposals.waiting(store)
    proposals.reject(store, proposal.proposal_id, actor=ADMIN)
    assert len(store.merges()) == 1
    assert store.verify() == []


def test_the_same_proposal_is_kept_once(store: Store) -> None:
    made = {
        ProposingStore.of(store).replace_decisions("merge", [(["toy:1", "toy:2"], {})], actor=actor)
        for actor in (HELPER, HELPER, ADMIN)
    }
    assert len(made) == len(proposals.waiting(store)) == 1


def test_a_proposal_that_cannot_be_done_any_more_still_waits(store: Store) -> None:
    ProposingStore.of(store).replace_decisions("merge", [(["toy:1", "toy:2"], {})], actor=HELPER)
    toy_store.recorded_merge(store, ["toy:2", "toy:9"])
    [proposal] = proposals.waiting(store)
    with pytest.raises(StoreError, match="toy:2"):
        proposals.accept(store, proposal.proposal_id, actor=ADMIN)
    assert proposals.waiting(store) == (proposal,)


def test_two_admins_decide_once(store: Store, tmp_path: Path) -> None:
    propose_batch(store, tmp_path)
    [proposal] = proposals.waiting(store)
    proposals.accept(store, proposal.proposal_id, actor=ADMIN)
    for decide in (proposals.accept, proposals.reject):
        with pytest.raises(RejectedUpload, match="decided already"):
            decide(store, proposal.proposal_id, actor=ADMIN)
    assert toy_store.shown_ids(store)[-1] == "toy:3"


@pytest.mark.parametrize("late", [proposals.accept, proposals.reject])
@pytest.mark.parametrize("first", [proposals.accept, proposals.reject])
@pytest.mark.parametrize("is_batch", [True, False])
def test_whoever_decides_after_somebody_else_changes_nothing(
    is_batch: bool, first: Decide, late: Decide, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both saw that it waits; only one of them ends it."""
    if is_batch:
        propose_batch(store, tmp_path)
    else:
        ProposingStore.of(store).replace_decisions("merge", [(["toy:1", "toy:2"], {})], actor=HELPER)
    seen = proposals.waiting(store)
    first(store, seen[0].proposal_id, actor=ADMIN)
    before = store.audit()
    monkeypatch.setattr(proposals, "waiting", lambda _store: seen)
    with pytest.raises(RejectedUpload, match="decided already"):
        late(store, seen[0].proposal_id, actor=ADMIN)
    assert store.audit() == before


def test_of_admins_who_decide_at_the_same_time_one_is_obeyed(store: Store, tmp_path: Path) -> None:
    propose_batch(store, tmp_path)
    [proposal] = proposals.waiting(store)
    together = threading.Barrier(4)

    def decide(does_accept: bool) -> bool | None:
        together.wait(60)
        try:
            (proposals.accept if does_accept else proposals.reject)(store, proposal.proposal_id, actor=ADMIN)
        except RejectedUpload:
            return None
        return does_accept

    with ThreadPoolExecutor(4) as pool:
        [obeyed] = [one for one in pool.map(decide, [True, False, True, False]) if one is not None]
    assert ("toy:3" in toy_store.shown_ids(store)) is obeyed
    assert len(who(store, "undo decision")) == 1
    assert len(who(store, "show") + who(store, "undo")) == 1


def test_a_batch_whose_words_cannot_be_kept_is_not_shown_and_still_waits(store: Store, tmp_path: Path) -> None:
    kept = {proposals.NAMES: {"Bannoo": "PK503"}, proposals.WORDS: {"attack_type": {"raid": "no such code"}}}
    propose_batch(store, tmp_path, summary=kept)
    waiting, before = proposals.waiting(store), store.audit()
    with pytest.raises(RejectedUpload, match="attack_type"):
        proposals.accept(store, waiting[0].proposal_id, actor=ADMIN)
    assert (proposals.waiting(store), store.audit()) == (waiting, before)


def test_what_would_change_the_store_at_once_cannot_be_proposed(store: Store, tmp_path: Path) -> None:
    proposing, before = ProposingStore.of(store), store.audit()
    for change in (
        lambda: proposing.undo(1, actor=HELPER),
        lambda: proposing.redo(1, actor=HELPER),
        lambda: proposing.set_shown(1, False, actor=HELPER),
        lambda: proposing.save_mapping("m", "", actor=HELPER),
        lambda: proposing.settle(1, actor=HELPER),
        lambda: propose_batch(store, tmp_path, supersedes=[1]),
    ):
        with pytest.raises(StoreError, match="cannot be proposed"):
            change()
    assert store.audit() == before
    assert toy_store.shown_ids(store) == ["toy:1", "toy:2"]


@pytest.mark.parametrize("is_rejected", [False, True])
def test_no_reader_sees_a_version_that_was_never_accepted(store: Store, tmp_path: Path, is_rejected: bool) -> None:
    other = toy_store.batch(tmp_path, row(1, killed_best=99), text="other")
    ProposingStore.of(store).add(other, actor=HELPER)
    [proposal] = proposals.waiting(store)
    if is_rejected:
        proposals.reject(store, proposal.proposal_id, actor=ADMIN)
    found = record.read(store, "toy:1", date(2030, 1, 1))
    assert isinstance(found, record.Record)
    assert [version.batch.batch_id for version in found.versions] == [1]
    assert proposals.never_accepted(store) == {2}


def test_an_accepted_version_is_one_like_any_other(store: Store, tmp_path: Path) -> None:
    ProposingStore.of(store).add(toy_store.batch(tmp_path, row(1, killed_best=99), text="other"), actor=HELPER)
    [proposal] = proposals.waiting(store)
    proposals.accept(store, proposal.proposal_id, actor=ADMIN)
    found = record.read(store, "toy:1", date(2030, 1, 1))
    assert isinstance(found, record.Record)
    assert found.incident["killed_best"] == 99
    assert len(found.versions) == 2


def test_an_accepted_batch_that_is_hidden_later_is_hidden_like_any_other(store: Store, tmp_path: Path) -> None:
    own = store.add(toy_store.batch(tmp_path, row(4), text="own")).batch_id
    proposed = propose_batch(store, tmp_path)
    [proposal] = proposals.waiting(store)
    proposals.accept(store, proposal.proposal_id, actor=ADMIN)
    for number in (own, proposed):
        store.set_shown(number, False, actor=ADMIN)
    for name in ("toy:3", "toy:4"):
        assert record.read(store, name, date(2030, 1, 1)) is record.Missing.NOT_IN_USE
    assert proposals.never_accepted(store) == frozenset()


def test_accepting_brings_back_a_batch_that_was_undone_while_it_waited(store: Store, tmp_path: Path) -> None:
    number = propose_batch(store, tmp_path)
    store.undo(number, actor=ADMIN)
    [proposal] = proposals.waiting(store)
    proposals.accept(store, proposal.proposal_id, actor=ADMIN)
    assert store.batch(number).state == "shown"
    assert toy_store.shown_ids(store)[-1] == "toy:3"
    assert (who(store, "redo"), who(store, "show")) == ([ADMIN], [ADMIN])


def test_what_a_batch_decides_is_chosen_in_the_transaction_that_accepts_it(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody decides about the same name after the proposal was looked up: that decision is replaced."""
    propose_batch(store, tmp_path, summary={proposals.NAMES: {"Bannoo": "PK503"}})
    seen = proposals.waiting(store)
    source, settle = store.batch(seen[0].batch_id or 0).source, store.settle

    def settled(*change: Any, **options: Any) -> bool:
        place_decisions.remember(store, source, {"Bannoo": "PK528"}, actor=HELPER)
        return settle(*change, **options)

    monkeypatch.setattr(store, "settle", settled)
    proposals.accept(store, seen[0].proposal_id, actor=ADMIN)
    about = [one for one in store.decisions("place name") if one.details["source"] == source]
    assert [one.details["meaning"] for one in about] == ["PK503"]

"""Mappings and decisions are kept, listed and taken back."""

from __future__ import annotations

from pathlib import Path

import pytest

from geo.problems import StoreError
from geo.store import Store
from tests.toy_store import opened, recorded_merge


@pytest.fixture
def store(tmp_path: Path, catalogue_kind: str) -> Store:
    return opened(tmp_path / "store")


def test_a_mapping_is_kept_under_its_name_and_replaced(store: Store) -> None:
    store.save_mapping("police list", 'date = "Tarikh"')
    store.save_mapping("press", "a = 1")
    store.save_mapping("police list", 'date = "Date"')
    assert store.mappings() == {"police list": 'date = "Date"', "press": "a = 1"}
    assert [event.details["toml"] for event in store.audit()] == ['date = "Tarikh"', "a = 1", 'date = "Date"']
    assert store.verify() == []


@pytest.mark.parametrize(("name", "text"), [("", "a = 1"), ("x" * 81, "a = 1"), ("bad", "a = ")])
def test_a_mapping_without_name_or_that_is_not_toml_is_refused(store: Store, name: str, text: str) -> None:
    with pytest.raises(ValueError):
        store.save_mapping(name, text)
    assert store.mappings() == {}


def test_a_merge_keeps_its_members_in_order_and_can_be_taken_back(store: Store) -> None:
    number = recorded_merge(store, ["b:2", "a:1", "c:3"], {"score": 0.91}, actor="ayesha")
    (merge,) = store.merges()
    assert (merge.decision_id, merge.member_ids, merge.details) == (number, ("b:2", "a:1", "c:3"), {"score": 0.91})
    assert (merge.kind, merge.actor, merge.is_undone) == ("merge", "ayesha", False)
    store.replace_decisions("merge", undo=[number])
    assert store.merges() == ()
    assert [record.is_undone for record in store.merges(include_undone=True)] == [True]
    assert store.verify() == []


def test_an_incident_is_in_one_merge_at_a_time(store: Store) -> None:
    first = recorded_merge(store, ["a:1", "b:1"])
    with pytest.raises(StoreError, match="Incident b:1 is in merge 1 already"):
        recorded_merge(store, ["b:1", "c:1"])
    store.replace_decisions("merge", undo=[first])
    recorded_merge(store, ["b:1", "c:1"])
    assert [merge.member_ids for merge in store.merges()] == [("b:1", "c:1")]


def test_many_decisions_are_kept_all_or_none(store: Store) -> None:
    with pytest.raises(StoreError):
        store.replace_decisions("merge", [(["a", "b"], {}), (["b", "c"], {})])
    assert store.merges() == ()
    numbers = store.replace_decisions("merge", [(["a", "b"], {"score": 1}), (["c", "d"], {"score": 0.8})])
    assert [merge.decision_id for merge in store.merges()] == list(numbers)
    assert [merge.details["score"] for merge in store.merges()] == [1, 0.8]
    assert store.verify() == []


def test_incidents_kept_separate_may_be_in_other_decisions(store: Store) -> None:
    store.replace_decisions("distinct", [(["a", "b"], {}), (["a", "c"], {})])
    recorded_merge(store, ["a", "d"])
    assert [record.member_ids for record in store.decisions("distinct")] == [("a", "b"), ("a", "c")]
    assert len(store.decisions()) == 3
    assert [record.member_ids for record in store.merges()] == [("a", "d")]
    assert {record.actor for record in store.decisions()} == {"local"}
    store.replace_decisions("merge", undo=[1])
    store.replace_decisions("merge", undo=[1])
    assert [record.decision_id for record in store.decisions("distinct")] == [2]
    assert [event.action for event in store.audit()].count("undo decision") == 1


@pytest.mark.parametrize("members", [[], ["a"], ["a", "a"]])
def test_a_merge_needs_two_different_incidents(store: Store, members: list[str]) -> None:
    with pytest.raises(ValueError):
        recorded_merge(store, members)
    assert store.audit() == ()


def test_a_decision_that_does_not_exist_is_named(store: Store) -> None:
    with pytest.raises(StoreError, match="no decision 4"):
        store.replace_decisions("merge", undo=[4])


def test_a_decision_about_incidents_names_some_and_one_about_a_name_names_none(store: Store) -> None:
    with pytest.raises(ValueError, match="names different incidents"):
        store.replace_decisions("distinct", [([], {})])
    store.replace_decisions("place name", [((), {"name": "Dir"})])
    assert [record.member_ids for record in store.decisions("place name")] == [()]
    assert store.verify() == []

"""Decisions about near-duplicates: merged once, told apart for good, and after undo everything is as it was."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from geo import districts, intake, review
from geo.analysis.matching.near_duplicates import Proposal
from geo.problems import StoreError
from geo.store import Store
from tests.toy import row
from tests.toy_store import batch, interrupt_after, recorded_merge

HERE: dict[str, Any] = {"pcode": "PK503", "lat": 33.0, "lon": 70.6, "geo_precision": "exact", "killed_best": 4}
NEWEST = date(2030, 1, 1)


def told(source: str, number: int, **cells: Any) -> dict[str, Any]:
    return row(number, **{"incident_id": f"{source}:{number}", "source": source} | HERE | cells)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Three sources: the first event is told by all, the second by two, and one more by the register alone."""
    opened = Store.open(tmp_path / "store")
    later = {"day": date(2024, 6, 1), "killed_best": 9}
    for source, rows in {
        "register": (told("register", 1), told("register", 2, **later), told("register", 3, day=date(2020, 1, 1))),
        "gtd": (told("gtd", 1, lat=33.01), told("gtd", 2, **later)),
        "table": (told("table", 1, geo_precision="near", killed_best=6),),
    }.items():
        opened.add(batch(tmp_path, *rows, text=source, source=source))
    return opened


def load(store: Store, newest: date | None = NEWEST) -> review.Review:
    return review.load(store, districts.load(), newest)


def shown(store: Store) -> dict[str, int]:
    """Return the toll of each incident that is shown."""
    table = intake.shown_incidents(store, districts.load(), NEWEST)
    return dict(zip(table.details["incident_id"].to_pylist(), table.killed_best.tolist(), strict=True))


def test_what_is_proposed_comes_with_the_rows_it_names(store: Store) -> None:
    found = load(store)
    assert {frozenset(p.member_ids) for p in found.proposals} >= {frozenset(("register:2", "gtd:2"))}
    assert set(found.rows) == {"register:1", "register:2", "gtd:1", "gtd:2", "table:1"}
    assert found.rows["gtd:2"]["killed_best"] == 9
    assert found.rows["gtd:2"]["batch"] == "2"


def test_merged_pairs_that_share_an_incident_are_one_event(store: Store) -> None:
    before = shown(store)
    n_made = review.merge(store, load(store).proposals)
    assert n_made == 2
    merged = {frozenset(record.member_ids) for record in store.merges()}
    assert merged == {frozenset(("register:1", "gtd:1", "table:1")), frozenset(("register:2", "gtd:2"))}
    after = shown(store)
    assert len(before) == 6
    assert sorted(after.values()) == [4, 4, 9], "three events, tolls by their median"
    assert load(store).proposals == ()


def test_undo_after_a_merge_gives_back_what_was_there(store: Store) -> None:
    before, proposals = shown(store), load(store).proposals
    review.merge(store, proposals)
    for decision in load(store).merges:
        review.undo(store, decision.decision_id)
    assert shown(store) == before
    assert load(store).proposals == proposals
    assert store.verify() == []


def test_a_later_pair_joins_the_merge_it_meets_and_the_older_one_stays_on_record(store: Store) -> None:
    pairs = [p for p in load(store).proposals if p.member_ids[0].endswith("1")]
    review.merge(store, pairs[:1])
    first = store.merges()[0]
    (rest,) = [p for p in load(store).proposals if p.member_ids[0].endswith("1")]
    review.merge(store, [rest])
    (record,) = store.merges()
    assert set(record.member_ids) == {"register:1", "gtd:1", "table:1"}
    assert record.member_ids[: len(first.member_ids)] == first.member_ids, "who stands for all does not change"
    assert len(review.pair_scores(record)) == 2
    assert [one.is_undone for one in store.merges(include_undone=True)] == [True, False]


def test_a_pair_kept_separate_is_not_proposed_until_that_is_undone(store: Store) -> None:
    version, before = store.version(), load(store).proposals
    pair = next(p for p in before if "register:2" in p.member_ids)
    review.keep_separate(store, pair)
    after = load(store)
    assert pair.member_ids not in [p.member_ids for p in after.proposals]
    assert [(one.member_ids, one.score) for one in after.kept_separate] == [(pair.member_ids, round(pair.score, 3))]
    assert store.version() == version, "nothing that is counted has changed"
    review.undo(store, after.kept_separate[0].decision_id)
    assert load(store).proposals == before


def test_a_hidden_dataset_takes_no_part_and_its_merges_rest(store: Store) -> None:
    review.merge(store, load(store).proposals)
    store.set_shown(2, False)
    assert shown(store) == {"register:1": 5, "register:2": 9, "register:3": 4}
    store.set_shown(3, False)
    assert shown(store)["register:1"] == 4
    found = load(store)
    assert found.proposals == ()
    assert "gtd:2" not in found.rows


def test_incidents_newer_than_the_delay_are_neither_compared_nor_shown(store: Store) -> None:
    found = load(store, date(2024, 5, 1))
    assert not any(p.member_ids[0].endswith("2") for p in found.proposals)
    assert not {"register:2", "gtd:2"} & set(found.rows)


def test_a_decision_that_is_not_there_is_named(store: Store) -> None:
    with pytest.raises(StoreError, match="no decision 99"):
        review.undo(store, 99)


@pytest.mark.parametrize("step", ["decisions.set_undone", "audit.append", "decisions.insert"])
def test_a_merge_that_is_interrupted_leaves_the_older_merge_in_force(
    store: Store, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    pairs = [p for p in load(store).proposals if p.member_ids[0].endswith("1")]
    review.merge(store, pairs[:1])
    before, version = store.merges(), store.version()
    (rest,) = [p for p in load(store).proposals if p.member_ids[0].endswith("1")]
    interrupt_after(monkeypatch, step)
    with pytest.raises(KeyboardInterrupt):
        review.merge(store, [rest])
    monkeypatch.undo()
    assert (store.merges(), store.version()) == (before, version)
    assert store.verify() == []


def test_scores_are_kept_for_incident_ids_that_hold_a_separator(store: Store) -> None:
    first, second = (
        Proposal(("a|1", "b|1"), 0.9, "likely", False, ()),
        Proposal(("b|1", "c|1"), 0.8, "likely", False, ()),
    )
    review.merge(store, [first])
    review.merge(store, [second])
    (record,) = store.merges()
    assert review.pair_scores(record) == [(("a|1", "b|1"), 0.9), (("b|1", "c|1"), 0.8)]
    assert load(store).merges[0].score == 0.8


@pytest.mark.parametrize("first", ["a:1", "a|1"])
def test_scores_of_merges_recorded_by_earlier_versions_are_read(store: Store, first: str) -> None:
    recorded_merge(store, [first, "b:1"], {"scores": {f"{first}|b:1": 0.9}})
    assert review.pair_scores(store.merges()[0]) == [((first, "b:1"), 0.9)]
    assert load(store).merges[0].score == 0.9

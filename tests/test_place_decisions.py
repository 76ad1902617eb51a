"""What a name means is decided once: used without reading anew, stored with the batch, known to the next file."""

from __future__ import annotations

from pathlib import Path

import pytest

from geo import districts as geo_districts
from geo import intake, place_decisions
from geo import settings as geo_settings
from geo.problems import StoreError
from geo.store import Store
from geo.store.errors import disk_full
from tests.toy_store import interrupt_after

TEXT = (
    "date,district,latitude,longitude\n"
    "2024-03-04,Waziristan,,\n"
    "2024-03-05,waziristan,,\n"
    "2024-03-06,Waziristan,32.99,70.60\n"
    "2024-03-07,Peshwar,,\n"
    "2024-03-08,Bannu,,\n"
)
ATLAS = geo_districts.load()
NORTH, BANNU, PESHAWAR, SWAT = "PK525", "PK503", "PK528", "PK532"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.open(tmp_path / "store")


def checked(tmp_path: Path, store: Store, text: str = TEXT) -> intake.Checked:
    path = tmp_path / "upload"
    path.write_text(text, "utf-8")
    return intake.check(path, "mine.csv", store, ATLAS, geo_settings.load({}))


def accepted(tmp_path: Path, store: Store, decided: dict[str, str]) -> int:
    result = intake.locate_again(checked(tmp_path, store), store, ATLAS, decided)
    return intake.accept(result, tmp_path / "upload", "mine.csv", store).batch_id


def test_a_decision_changes_the_counts_without_the_file_being_read_again(tmp_path: Path, store: Store) -> None:
    first = checked(tmp_path, store)
    assert (first.n_located, first.n_not_located) == (3, 2)
    (tmp_path / "upload").unlink()
    second = intake.locate_again(first, store, ATLAS, {"waziristan": NORTH, "peshwar": SWAT})
    assert (second.n_located, second.n_not_located) == (5, 0)
    assert second.rows["pcode"].to_pylist() == [NORTH, NORTH, BANNU, SWAT, BANNU]
    # Taking the decisions away again gives what there was before.
    assert intake.locate_again(second, store, ATLAS, {}).rows.equals(first.rows)


def test_checking_and_deciding_store_nothing(tmp_path: Path, store: Store) -> None:
    before = store.audit()
    intake.locate_again(checked(tmp_path, store), store, ATLAS, {"waziristan": NORTH})
    assert store.audit() == before


def test_decisions_are_kept_with_the_batch_and_its_rows_say_by_hand(tmp_path: Path, store: Store) -> None:
    number = accepted(tmp_path, store, {"waziristan": NORTH, "no such name": SWAT})
    assert store.read(number)["district_method"].to_pylist()[:2] == ["manual", "manual"]
    assert store.batch(number).summary["place_names"] == {"Waziristan": NORTH}
    assert [one.name for one in place_decisions.in_force(store, "template").values()] == ["Waziristan"]
    assert store.verify() == []


def test_the_next_file_of_the_source_is_read_with_what_was_decided(tmp_path: Path, store: Store) -> None:
    accepted(tmp_path, store, {"waziristan": NORTH, "peshwar": "none"})
    again = checked(tmp_path, store, "date,district\n2025-01-01,WAZIRISTAN\n2025-01-02,Peshwar\n")
    assert again.rows["pcode"].to_pylist() == [NORTH, None]
    assert again.decided == {"waziristan": NORTH, "peshwar": "none"}
    assert place_decisions.in_force(store, "acled") == {}


def test_a_decision_taken_back_is_on_record_and_no_longer_used(tmp_path: Path, store: Store) -> None:
    number = accepted(tmp_path, store, {"waziristan": NORTH})
    (held,) = place_decisions.in_force(store, "template").values()
    place_decisions.take_back(store, held.decision_id)
    assert checked(tmp_path, store, "date,district\n2025-01-01,Waziristan\n").n_located == 0
    assert [record.is_undone for record in store.decisions("place name", include_undone=True)] == [True]
    assert store.read(number)["pcode"].to_pylist()[0] == NORTH
    assert store.verify() == []


def test_another_decision_stands_in_for_the_older_one_and_the_same_is_not_kept_twice(store: Store) -> None:
    assert place_decisions.remember(store, "template", {"Dir": "PK520", "Foo": "outside"}) == 2
    assert place_decisions.remember(store, "template", {"DIR": "PK535", "Foo": "outside"}) == 1
    assert place_decisions.meanings(store, "template") == {"foo": "outside", "dir": "PK535"}
    assert len(store.decisions("place name", include_undone=True)) == 3
    assert store.verify() == []


def test_decisions_about_names_leave_what_is_shown_as_it_is(store: Store) -> None:
    before = store.version()
    place_decisions.remember(store, "template", {"Dir": "PK520"})
    assert store.version() == before


@pytest.mark.parametrize("name", ["Dir", "Waziristan", "Khyber Pakhtunkhwa", "Kohistan", "Chitral"])
def test_names_of_several_meanings_are_placed_by_nobody_but_a_person(tmp_path: Path, store: Store, name: str) -> None:
    first = checked(tmp_path, store, f"date,district\n2025-01-01,{name}\n")
    assert first.n_located == 0
    assert intake.locate_again(first, store, ATLAS, {name.casefold(): SWAT}).n_located == 1


def test_two_decisions_made_at_once_count_as_the_newer_and_are_taken_back_together(store: Store) -> None:
    place_decisions.remember(store, "template", {"Dir": "PK520"})
    told = [((), {"source": "template", "name": "DIR", "meaning": "PK535"})]
    (newer,) = store.replace_decisions("place name", told)
    assert [(one.decision_id, one.meaning) for one in place_decisions.everything(store)] == [(newer, "PK535")]
    place_decisions.take_back(store, newer)
    assert place_decisions.meanings(store, "template") == {}


@pytest.mark.parametrize("step", ["decisions.set_undone", "audit.append", "decisions.insert"])
def test_replacing_a_decision_happens_as_a_whole_or_not_at_all(
    store: Store, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    place_decisions.remember(store, "template", {"Dir": "PK520"})
    before = place_decisions.everything(store)
    interrupt_after(monkeypatch, step)
    with pytest.raises(KeyboardInterrupt):
        place_decisions.remember(store, "template", {"Dir": "PK535"})
    monkeypatch.undo()
    assert place_decisions.everything(store) == before
    assert store.verify() == []


def test_a_file_that_could_not_be_stored_leaves_no_decision(
    tmp_path: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_told: object, **_options: object) -> None:
        raise disk_full(tmp_path)

    monkeypatch.setattr(Store, "add", full)
    with pytest.raises(StoreError):
        accepted(tmp_path, store, {"waziristan": NORTH})
    assert place_decisions.everything(store) == ()

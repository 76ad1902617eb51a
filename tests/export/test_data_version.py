"""The data version names content: the same for two stores with the same rows, another after every change of them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import geo
from geo import districts as geo_districts
from geo import intake, word_decisions
from geo import settings as geo_settings
from geo.embedded import DATA_DAY
from geo.export.data_version import data_version
from geo.settings import DATA_DIR
from geo.store import Store
from tests import toy_store
from tests.toy import row


def test_two_new_atlases_have_one_version_of_the_day_of_the_shipped_files(tmp_path: Path) -> None:
    for name in ("one", "two"):
        geo.open(str(tmp_path / name))
    one, two = (Store.open(tmp_path / name) for name in ("one", "two"))
    assert one.version() != two.version()
    found = data_version(one, geo_districts.load())
    assert found == data_version(two, geo_districts.load())
    assert found.day == DATA_DAY


def test_the_day_of_the_shipped_files_is_the_one_that_the_document_names() -> None:
    assert f"districts.geojson: {DATA_DAY.isoformat()}." in (DATA_DIR / "sources.md").read_text("utf-8")


def test_every_change_of_what_is_shown_changes_the_version(tmp_path: Path) -> None:
    store, districts = toy_store.filled(tmp_path / "store", 2), geo_districts.load()
    found = [data_version(store, districts).code]
    store.set_shown(2, False)
    found.append(data_version(store, districts).code)
    store.set_shown(2, True)
    assert data_version(store, districts).code == found[0]
    toy_store.recorded_merge(store, ["toy:10", "toy:20"])
    found.append(data_version(store, districts).code)
    store.undo(1)
    found.append(data_version(store, districts).code)
    assert len(set(found)) == len(found)


def test_the_day_of_an_extract_counts_before_the_day_on_which_it_was_added(tmp_path: Path) -> None:
    store = toy_store.opened(tmp_path / "store")
    store.add(toy_store.batch(tmp_path, row(1), snapshot_date=date(2025, 2, 3)))
    assert data_version(store, geo_districts.load()).day == date(2025, 2, 3)
    added = store.add(toy_store.batch(tmp_path, row(2), text="two"))
    assert data_version(store, geo_districts.load()).day == added.added_at.date()


def test_a_decision_about_a_word_changes_the_version_and_taking_it_back_restores_it(tmp_path: Path) -> None:
    store, districts = Store.open(tmp_path / "store"), geo_districts.load()
    upload = tmp_path / "upload"
    upload.write_text("date,district,Type of event\n2024-03-04,Bannu,Frobbing\n", "utf-8")
    checked = intake.check(upload, "mine.csv", store, districts, geo_settings.load({}))
    batch = intake.accept(checked, upload, "mine.csv", store)
    before = data_version(store, districts)
    word_decisions.remember(store, [batch.batch_id], "attack_type", {"Frobbing": "ied"})
    assert data_version(store, districts).code != before.code
    (decision,) = word_decisions.everything(store)
    word_decisions.take_back(store, decision.decision_id)
    assert data_version(store, districts) == before

"""The record of an incident holds all that is stored of it and may be shown, by the rules by which it is counted."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from geo.record import ALWAYS_SHOWN, Missing, Record, read
from geo.store import Store
from tests.toy import row
from tests.toy_store import batch, opened, recorded_merge

NEWEST = date(2024, 12, 31)
PAGE, OTHER = "https://www.dawn.com/news/1", "https://geo.tv/2"


def stored(tmp_path: Path, *batches: list[dict[str, Any]]) -> Store:
    store = opened(tmp_path / "store")
    for number, rows in enumerate(batches):
        store.add(batch(tmp_path, *rows, text=f"file {number}", source=rows[0]["source"]))
    return store


def record_of(store: Store, incident_id: str, *, shows_closed: bool = False) -> Record:
    found = read(store, incident_id, NEWEST, shows_closed=shows_closed)
    assert isinstance(found, Record)
    return found


def test_a_single_report_has_its_facts_its_cells_and_its_batch(tmp_path: Path) -> None:
    raw = json.dumps({"summary": "A bomb.", "seen": f"{OTHER}; x", "url": PAGE})
    found = record_of(stored(tmp_path, [row(1, place="Bannu", source_url=PAGE, killed_best=3, raw=raw)]), "toy:1")
    (report,) = found.reports
    assert (found.incident["place"], found.incident["killed_best"], found.may_show) == ("Bannu", 3, True)
    assert (report.summary, report.batch.batch_id) == ("A bomb.", 1)
    assert report.pages == (PAGE,)
    assert report.addresses == {PAGE: "", OTHER: "seen"}
    assert found.publishers == found.origins == ("dawn.com",)  # the other address may be that of a claim
    assert found.disagreements == ()


def test_a_source_without_a_page_is_an_origin_of_its_own(tmp_path: Path) -> None:
    found = record_of(stored(tmp_path, [row(1, source_url="Dawn, page 3")]), "toy:1")
    assert (found.publishers, found.origins) == ((), ("template",))


@pytest.mark.parametrize("incident_id", ["toy:9", "", "<script>", "toy:1' --"])
def test_an_unknown_id_is_unknown(tmp_path: Path, incident_id: str) -> None:
    assert read(stored(tmp_path, [row(1)]), incident_id, NEWEST) is Missing.UNKNOWN


def test_a_row_of_an_undone_or_hidden_batch_is_not_in_use(tmp_path: Path) -> None:
    store = stored(tmp_path, [row(1)], [row(2)])
    store.undo(1)
    store.set_shown(2, False)
    assert read(store, "toy:1", NEWEST) is read(store, "toy:2", NEWEST) is Missing.NOT_IN_USE


def test_an_incident_that_may_have_lasted_beyond_the_delay_is_withheld(tmp_path: Path) -> None:
    long = row(1, day=date(2024, 12, 20)) | {"date_end": date(2025, 1, 2), "date_precision": "month"}
    assert read(stored(tmp_path, [long]), "toy:1", NEWEST) is Missing.WITHHELD


def test_an_earlier_version_does_not_show_what_the_newest_withholds(tmp_path: Path) -> None:
    store = stored(tmp_path, [row(1)], [row(1, day=date(2025, 6, 1))])
    assert read(store, "toy:1", NEWEST) is Missing.WITHHELD


def test_merged_reports_are_one_record_under_each_of_their_ids(tmp_path: Path) -> None:
    first = row(1, source="register", killed_best=3, killed_police=3, target_type="police", source_url=PAGE)
    second = row(2, source="ucdp_ged", killed_best=5, target_type="unknown", pcode="PK501", n_sources=4)
    store = stored(tmp_path, [first], [second], [row(3)])
    recorded_merge(store, ["toy:1", "toy:2"])
    for incident_id in ("toy:1", "toy:2"):
        found = record_of(store, incident_id)
        assert [report.row["incident_id"] for report in found.reports] == ["toy:1", "toy:2"]
        assert (found.incident["killed_best"], found.incident["target_type"]) == (4, "police")
        assert found.disagreements == ("killed_best",)  # what one report leaves open contradicts nothing
        assert found.origins == ("dawn.com", "ucdp_ged")
    assert len(record_of(store, "toy:3").reports) == 1


def test_what_a_source_does_not_state_contradicts_no_other(tmp_path: Path) -> None:
    first = row(1, source="register", attack_type="suicide_bombing", target_type="army", initiator="militant")
    second = row(2, source="ucdp_ged", attack_type="armed_assault", target_type="militant", initiator="state")
    store = stored(tmp_path, [first], [second], [row(3, attack_type="ambush", target_type="police")])
    recorded_merge(store, ["toy:1", "toy:2"])
    assert record_of(store, "toy:1").disagreements == ()
    store.replace_decisions("merge", undo=[1])
    recorded_merge(store, ["toy:1", "toy:3"])
    assert record_of(store, "toy:1").disagreements == ("attack_type", "target_type")


def test_an_undone_merge_stays_in_the_history_and_merges_nothing(tmp_path: Path) -> None:
    store = stored(tmp_path, [row(1)], [row(2)])
    number = recorded_merge(store, ["toy:1", "toy:2"])
    store.replace_decisions("merge", undo=[number])
    found = record_of(store, "toy:1")
    assert len(found.reports) == 1
    assert [merge.is_undone for merge in found.merges] == [True]


def test_a_withheld_member_is_counted_and_not_shown(tmp_path: Path) -> None:
    store = stored(tmp_path, [row(1)], [row(2, day=date(2025, 2, 2), place="later")])
    recorded_merge(store, ["toy:1", "toy:2"])
    found = record_of(store, "toy:1")
    assert (len(found.reports), found.n_withheld) == (1, 1)
    assert "later" not in repr(found)
    assert read(store, "toy:2", NEWEST) is Missing.WITHHELD


@pytest.mark.parametrize("source", ["acled", "gtd", "hdx_acled"])
def test_a_closed_source_shows_what_a_map_shows_and_nothing_else(tmp_path: Path, source: str) -> None:
    secret = row(1, source=source, place="Secret", note="Secret", killed_best=7, raw='{"notes": "Secret https://a.pk"}')
    store = stored(tmp_path, [secret], [secret | {"place": "Secret too", "killed_best": 8}])
    assert read(store, "toy:1", NEWEST) is Missing.CLOSED
    found = record_of(store, "toy:1", shows_closed=True)
    assert not found.may_show
    assert "Secret" not in repr(found)
    stated = {name for name, value in found.reports[0].row.items() if value is not None}
    assert stated <= ALWAYS_SHOWN
    assert found.publishers == ()
    assert [version.changes for version in found.versions] == [(), ()]


def test_a_merge_with_a_closed_source_shows_the_open_report_alone(tmp_path: Path) -> None:
    store = stored(
        tmp_path, [row(1, place="Bannu", killed_best=4)], [row(2, source="gtd", killed_best=9, place="Secret")]
    )
    recorded_merge(store, ["toy:1", "toy:2"])
    found = record_of(store, "toy:2", shows_closed=True)
    assert not found.may_show
    assert (found.incident["place"], found.incident["killed_best"]) == (None, None)  # the median would tell the other
    assert [report.row["place"] for report in found.reports] == ["Bannu", None]
    assert found.disagreements == ()
    assert "Secret" not in repr(found)


def test_of_a_closed_report_only_its_source_is_known_where_closed_rows_may_not_be_seen(tmp_path: Path) -> None:
    told = row(2, source="gtd", killed_best=9, place="Secret", day=date(2024, 3, 6), pcode="PK532")
    store = stored(tmp_path, [row(1, place="Bannu", killed_best=4, pcode="PK503")], [told], [told | {"injured": 3}])
    recorded_merge(store, ["toy:1", "toy:2"])
    assert read(store, "toy:2", NEWEST) is Missing.CLOSED
    found = record_of(store, "toy:1")
    assert found.closed == ("gtd",)
    assert not found.may_show  # what is counted is not what this report says
    assert (found.incident["place"], found.incident["killed_best"]) == ("Bannu", 4)
    assert {version.incident_id for version in found.versions} == {"toy:1"}
    for secret in ("Secret", "2024, 3, 6", "PK532"):
        assert secret not in repr(found)


def test_the_history_names_each_version_and_what_it_changed(tmp_path: Path) -> None:
    store = stored(tmp_path, [row(1, killed_best=2)], [row(1, killed_best=3, place="Tank")])
    store.undo(1)
    versions = record_of(store, "toy:1").versions
    assert [(one.batch.batch_id, one.batch.state) for one in versions] == [(1, "undone"), (2, "shown")]
    assert versions[0].changes == ()
    assert set(versions[1].changes) == {("killed_best", 2, 3), ("place", None, "Tank")}

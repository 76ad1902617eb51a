"""The embedded register and UCDP events in a new store: counted as the csv module counts them, two sources, no sum."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from geo import districts as geo_districts
from geo import embedded, intake, review
from geo import settings as geo_settings
from geo.analysis.counting import questions
from geo.filters import Filters
from geo.incidents import IncidentTable
from geo.sources import DEFAULT, MERGED, MODES, REGISTER_ONLY, SEAM, UCDP_ONLY
from geo.store import Store
from tests.toy import row
from tests.toy_store import batch

pytestmark = pytest.mark.slow
DISTRICTS = geo_districts.load()
LATER = date(2027, 1, 1)


def cells(name: str) -> list[dict[str, str]]:
    with (geo_settings.DATA_DIR / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    opened = Store.open(tmp_path_factory.mktemp("embedded") / "store")
    embedded.ensure_embedded(opened, DISTRICTS, geo_settings.load({}))
    return opened


@pytest.fixture(scope="module")
def picture(store: Store) -> Callable[[str], IncidentTable]:
    tables = {mode: intake.shown_incidents(store, DISTRICTS, LATER, sources=mode) for mode in MODES}
    return tables.__getitem__


def by_year(table: IncidentTable) -> Counter[tuple[str, int]]:
    return Counter(zip((table.sources[code] for code in table.source), table.year.tolist(), strict=True))


def test_both_files_are_batches_of_the_atlas(store: Store) -> None:
    found = [(record.source, record.n_accepted, record.actor, record.source_version) for record in store.batches()]
    n_rows = [len(cells(name)) for name in ("incidents.csv", "ucdp_ged_kp.csv")]
    assert found == [("register", n_rows[0], "atlas", None), ("ucdp_ged", n_rows[1], "atlas", "22.1")]


def test_counts_by_source_and_year_are_those_of_the_csv_files(picture: Callable[[str], IncidentTable]) -> None:
    register = Counter(("register", int(row["date"][:4])) for row in cells("incidents.csv"))
    ucdp = Counter(("ucdp_ged", int(row["date_start"][:4])) for row in cells("ucdp_ged_kp.csv"))
    assert by_year(picture(REGISTER_ONLY)) == register
    assert by_year(picture(UCDP_ONLY)) == ucdp
    expected = Counter({key: n for key, n in ucdp.items() if key[1] < SEAM.year})
    expected.update({key: n for key, n in register.items() if key[1] >= SEAM.year})
    assert by_year(picture(DEFAULT)) == expected


def test_counts_by_district_of_the_register_are_those_of_the_csv_file(picture: Callable[[str], IncidentTable]) -> None:
    found = questions.by_district(picture(REGISTER_ONLY), Filters(), "incidents")
    by_hand = Counter(row["pcode"] for row in cells("incidents.csv"))
    assert {p: int(n) for p, n in zip(DISTRICTS.pcodes, found.value, strict=True) if n} == dict(by_hand)
    whole = questions.by_district(picture(UCDP_ONLY), Filters(), "incidents")
    assert int(whole.value.sum()) + whole.not_located + whole.outside == len(cells("ucdp_ged_kp.csv"))


def test_counts_by_district_of_ucdp_are_those_of_the_district_that_the_file_states(
    picture: Callable[[str], IncidentTable],
) -> None:
    found = questions.by_district(picture(UCDP_ONLY), Filters(), "incidents").value
    for name in ("Bannu", "Tank", "Swat", "Karak"):
        stated = sum(row["adm_2"] == f"{name} district" for row in cells("ucdp_ged_kp.csv"))
        (pcode,) = [pcode for pcode, known in DISTRICTS.names.items() if known == name]
        # Events without a stated district, or of the Frontier Region of that name, count by their coordinates.
        assert found[DISTRICTS.pcodes.index(pcode)] >= stated > 0


def test_an_event_of_both_files_is_one_incident_and_the_merge_is_reversible(
    store: Store, picture: Callable[[str], IncidentTable]
) -> None:
    decided = [row for row in cells("register_ged_matches.csv") if row["confidence"] != "possible"]
    events = {row["ged_id"] for row in decided}
    n_rows = len(cells("incidents.csv")) + len(cells("ucdp_ged_kp.csv"))
    assert len(picture(MERGED)) == n_rows - len(decided)
    merges = store.merges()
    assert len(merges) == len(events)
    assert {merge.actor for merge in merges} == {"atlas"}
    assert {member for merge in merges for member in merge.member_ids} == {
        *(f"register:{row['incident_id']}" for row in decided),
        *(f"ucdp_ged:{row['ged_id']}" for row in decided),
    }
    assert not (picture(DEFAULT).n_members > 1).any()
    review.undo(store, merges[0].decision_id)
    assert len(intake.shown_incidents(store, DISTRICTS, LATER)) == n_rows - len(decided) + 1
    embedded.ensure_embedded(store, DISTRICTS, geo_settings.load({}))
    assert len(store.merges()) == len(merges) - 1, "what a person has undone stays undone"


def test_possible_matches_wait_for_review(store: Store) -> None:
    proposed = {frozenset(proposal.member_ids) for proposal in review.load(store, DISTRICTS, LATER).proposals}
    possible = {frozenset(pair) for pair in embedded.listed_pairs("possible")}
    assert len(possible) == 13
    assert possible <= proposed


def test_an_upload_is_in_the_default_picture_whatever_its_year(store: Store, tmp_path: Path) -> None:
    added = store.add(batch(tmp_path, row(1, day=date(2010, 1, 1)), row(2, day=date(2025, 1, 1))))
    shown = intake.shown_incidents(store, DISTRICTS, LATER, sources=DEFAULT)
    assert by_year(shown)["template", 2010] == by_year(shown)["template", 2025] == 1
    assert "template" not in intake.shown_incidents(store, DISTRICTS, LATER, sources=REGISTER_ONLY).sources
    store.undo(added.batch_id)


def test_the_index_of_a_source_rests_on_all_of_its_rows_in_every_picture(store: Store) -> None:
    shown = intake.shown_incidents(store, DISTRICTS, LATER, sources=DEFAULT)
    own = intake.incidents_of_source(store, DISTRICTS, shown, LATER, "register")
    assert len(own) == len(cells("incidents.csv"))


def test_a_store_that_has_its_own_ucdp_file_gets_no_second_one(tmp_path: Path) -> None:
    own = Store.open(tmp_path / "store")
    own.add(batch(tmp_path, row(1, source="ucdp_ged"), source="ucdp_ged"))
    embedded.ensure_embedded(own, DISTRICTS, geo_settings.load({}))
    assert [record.source for record in own.batches()] == ["ucdp_ged", "register"]

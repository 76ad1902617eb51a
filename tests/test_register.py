"""The embedded register through reader, join and store gives the counts that the csv module alone gives."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from geo import districts as geo_districts
from geo import embedded, intake
from geo import settings as geo_settings
from geo.analysis.counting import questions
from geo.filters import Filters
from geo.incidents import IncidentTable, build
from geo.store import Store

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def rows() -> list[dict[str, str]]:
    with (geo_settings.DATA_DIR / embedded.REGISTER.name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    opened = Store.open(tmp_path_factory.mktemp("register") / "store")
    embedded.ensure_embedded(opened, geo_districts.load(), geo_settings.load({}))
    return opened


@pytest.fixture(scope="module")
def register(store: Store) -> IncidentTable:
    tables = {str(record.batch_id): store.read(record.batch_id) for record in store.batches() if record.batch_id == 1}
    return build(tables, geo_districts.load().pcodes, store.version())


def test_every_row_is_there_once(register: IncidentTable, rows: list[dict[str, str]]) -> None:
    ids = register.details["incident_id"].to_pylist()
    assert len(ids) == len(set(ids)) == len(rows)


def test_counts_by_district_and_year_equal_counts_by_hand(register: IncidentTable, rows: list[dict[str, str]]) -> None:
    by_hand = Counter((row["pcode"], int(row["date"][:4])) for row in rows)
    found = questions.by_two(register, Filters(), "incidents", "district", "year")
    assert {(register.pcodes[d], y): n for (d, y), n in found.items()} == dict(by_hand)


def test_people_killed_equal_the_sum_by_hand_and_blanks_stay_unknown(
    register: IncidentTable, rows: list[dict[str, str]]
) -> None:
    # The total of the register leaves militants out; the atlas counts all sides.
    figures = [(row["killed_total"], row["killed_militant"]) for row in rows]
    stated = [int(total or 0) + int(militants or 0) for total, militants in figures if total or militants]
    found = questions.by_district(register, Filters(), "killed")
    assert found.value.sum() + found.not_located + found.outside == sum(stated)
    assert found.n_unknown.sum() == len(rows) - len(stated)


def test_attacks_on_police_equal_the_rule_by_hand(register: IncidentTable, rows: list[dict[str, str]]) -> None:
    by_hand = Counter(row["pcode"] for row in rows if row["target_type"] == "police" and not row["initiator"])
    found = questions.by_district(register, Filters(), "police_attacks").value
    assert {p: int(n) for p, n in zip(register.pcodes, found, strict=True) if n} == dict(by_hand)


def test_an_incident_known_only_to_the_district_has_no_coordinates(
    register: IncidentTable, rows: list[dict[str, str]]
) -> None:
    n_only = sum(row["geo_precision"] == "3" for row in rows)
    assert int(np.isnan(register.lat).sum()) == n_only


def test_the_register_is_loaded_once(store: Store) -> None:
    before = store.version()
    embedded.ensure_embedded(store, geo_districts.load(), geo_settings.load({}))
    assert store.version() == before


def test_a_register_that_was_undone_stays_undone(tmp_path: Path) -> None:
    own = Store.open(tmp_path / "store")
    embedded.ensure_embedded(own, geo_districts.load(), geo_settings.load({}))
    for record in own.batches():
        own.undo(record.batch_id)
    merges = own.merges()
    own.replace_decisions("merge", undo=[merge.decision_id for merge in merges])
    embedded.ensure_embedded(own, geo_districts.load(), geo_settings.load({}))
    assert own.batches() == ()
    assert own.merges() == ()
    own.redo(2)
    assert [record.source for record in own.batches()] == ["ucdp_ged"]


def test_two_processes_that_start_at_once_load_it_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = Store.open(tmp_path / "store"), Store.open(tmp_path / "store")
    districts, settings = geo_districts.load(), geo_settings.load({})
    accept = intake.accept

    def overtaken(*told: Any, **options: Any) -> Any:
        monkeypatch.setattr(intake, "accept", accept)
        embedded.ensure_embedded(second, districts, settings)
        return accept(*told, **options)

    monkeypatch.setattr(intake, "accept", overtaken)
    embedded.ensure_embedded(first, districts, settings)
    assert [record.source for record in first.batches()] == ["register", "ucdp_ged"]
    assert len({merge.member_ids for merge in first.merges()}) == len(first.merges()) > 0

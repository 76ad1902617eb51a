"""The account of place names: every stated name, what it was taken for and how, and where name and point disagree."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from geo.analysis.locating import place_names
from geo.analysis.locating.locate import assign_districts
from geo.analysis.locating.place_names import PlaceName
from geo.districts import load
from tests.toy import row, table

ATLAS = load()
BANNU, LAKKI, PESHAWAR, SWAT, TANK = "PK503", "PK519", "PK528", "PK532", "PK533"


def point(pcode: str) -> dict[str, float]:
    inside = ATLAS.polygons[ATLAS.pcodes.index(pcode)].representative_point()
    return {"lat": inside.y, "lon": inside.x, "geo_precision": "exact"}


def located(rows: list[dict[str, Any]], decided: dict[str, str] | None = None) -> pa.Table:
    stated = [row(k + 1, **cells) for k, cells in enumerate(rows)]
    return assign_districts(table(*stated), ATLAS, decided=decided or {})


def account(*rows: dict[str, Any], decided: dict[str, str] | None = None) -> tuple[PlaceName, ...]:
    return place_names.account(located(list(rows), decided), ATLAS, decided or {})


@pytest.mark.parametrize(
    ("cells", "taken_for", "how"),
    [
        ({"district_reported": "Bannu"}, BANNU, "named"),
        ({"district_reported": "FR Bannu"}, BANNU, "alias"),
        ({"district_reported": "Peshwar"}, PESHAWAR, "fuzzy"),
        ({"district_reported": "PK503"}, BANNU, "pcode"),
        ({"pcode_stated": SWAT}, SWAT, "pcode"),
        ({"pcode_stated": SWAT, "district_reported": "Bannu"}, SWAT, "pcode"),
        ({"pcode_stated": SWAT, "district_method": "manual", "district_reported": "Mingawara"}, SWAT, "manual"),
        ({"district_reported": "Waziristan"} | point(BANNU), BANNU, "point_in_polygon"),
        ({"district_reported": "Waziristan"}, "none", "none"),
        ({"district_reported": "Punjab"}, "outside", "outside"),
        ({"district_reported": "Xyz", "admin1_reported": "Balochistan"}, "outside", "outside"),
        ({}, "none", "none"),
    ],
)
def test_every_name_says_what_it_was_taken_for_and_how(cells: dict[str, Any], taken_for: str, how: str) -> None:
    (entry,) = account(cells)
    assert (entry.taken_for, entry.how, entry.n_rows, entry.first_row) == (taken_for, how, 1, 2)
    assert entry.how in place_names.HOW
    assert entry.reason


def test_a_close_spelling_tells_its_score_and_what_it_is_close_to() -> None:
    (entry,) = account({"district_reported": "Peshwar"})
    assert entry.score is not None
    assert 90 < entry.score < 95
    assert entry.candidates == (PESHAWAR,)
    assert "close spelling of 'peshawar' (93 of 100)" in entry.reason


def test_a_name_of_several_meanings_gives_them_as_candidates_with_the_reason() -> None:
    (entry,) = account({"district_reported": "Dir"})
    assert entry.candidates == ("PK520", "PK535")
    assert entry.reason == "several districts have this name"


def test_a_code_that_contradicts_the_name_says_what_the_name_alone_means() -> None:
    (entry,) = account({"pcode_stated": SWAT, "district_reported": "Bannu"})
    assert entry.reason == "the name alone means Bannu"


@pytest.mark.case(18)
def test_spellings_that_compare_equal_are_one_name_with_their_rows_and_first_row() -> None:
    names = ["Swat", "waziristan", "Waziristan", "WAZIRISTAN ", "Waziristan"]
    entries = account(*({"district_reported": name, "admin1_reported": "KP"} for name in names))
    assert [(one.text, one.n_rows, one.first_row) for one in entries] == [("Waziristan", 4, 3), ("Swat", 1, 2)]
    assert entries[0].spellings == ("Waziristan", "WAZIRISTAN", "waziristan")
    assert entries[0].provinces == ("KP",)


def test_all_rows_are_in_the_account_once() -> None:
    rows = [{"district_reported": name} | place for name in ("Dir", "Bannu", None, " ") for place in ({}, point(SWAT))]
    entries = account(*rows)
    assert sum(entry.n_rows for entry in entries) == len(rows)
    # A name whose rows were placed in two ways has an entry for each.
    assert {entry.how for entry in entries if entry.text == "Dir"} == {"none", "point_in_polygon"}
    assert {entry.key for entry in entries if not entry.text} == {""}


@pytest.mark.parametrize("meaning", ["PK520", "outside", "none"])
def test_a_decided_name_is_told_as_decided_and_keeps_its_candidates(meaning: str) -> None:
    (entry,) = account({"district_reported": "Dir"}, decided={"dir": meaning})
    assert (entry.taken_for, entry.how, entry.is_decided) == (meaning, "manual", True)
    assert entry.candidates == ("PK520", "PK535")


def test_rows_that_a_decision_did_not_place_are_not_told_as_decided() -> None:
    entries = account({"district_reported": "Dir"} | point(SWAT), decided={"dir": "PK520"})
    assert [(entry.taken_for, entry.how, entry.is_decided) for entry in entries] == [(SWAT, "point_in_polygon", False)]


def test_stated_names_are_given_once_by_their_key() -> None:
    rows = located([{"district_reported": name} for name in ("Dir", "dir district", "Bannu", None, " ")])
    assert place_names.stated_names(rows) == {"dir": "Dir", "bannu": "Bannu"}


@pytest.mark.case(39)
def test_a_disagreement_names_row_both_districts_and_how_far_apart_they_are() -> None:
    rows = located(
        [
            {"district_reported": "Bannu"} | point(BANNU),
            {"district_reported": "Peshawar"} | point(BANNU),
            {"district_reported": "Tank", "lat": 34.53, "lon": 69.17, "geo_precision": "exact"},
            {"district_reported": "Dir"} | point(SWAT),
        ]
    )
    found = place_names.disagreements(rows, ATLAS).to_pylist()
    assert [(one["row"], one["incident_id"]) for one in found] == [(3, "toy:2"), (4, "toy:3"), (5, "toy:4")]
    assert [one["stated_pcode"] for one in found] == [PESHAWAR, TANK, None]
    assert [one["located_pcode"] for one in found] == [BANNU, None, SWAT]
    assert [one["counted_pcode"] for one in found] == [PESHAWAR, TANK, SWAT]
    # Bannu lies about 90 km from the border of Peshawar, Kabul 250 km from Tank.
    assert found[0]["km_from_stated"] == pytest.approx(95, abs=20)
    assert found[1]["km_from_stated"] == pytest.approx(250, abs=30)
    assert found[2]["km_from_stated"] is None
    assert len(place_names.disagreements(rows, ATLAS, most=1)) == 1


def test_a_code_that_contradicts_its_name_is_a_disagreement_without_a_distance_where_there_is_no_point() -> None:
    rows = located([{"district_reported": "Bannu", "pcode_stated": TANK}])
    [found] = place_names.disagreements(rows, ATLAS).to_pylist()
    assert (found["stated"], found["stated_pcode"], found["counted_pcode"]) == ("Bannu", TANK, TANK)
    assert (found["located_pcode"], found["lat"], found["km_from_stated"]) == (None, None, None)


def test_a_table_without_rows_has_an_empty_account() -> None:
    assert account() == ()
    assert len(place_names.disagreements(located([]), ATLAS)) == 0

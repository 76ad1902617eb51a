"""Rows that name a place and no district: located in one meaning, asked in several, and weighed against their point."""

from __future__ import annotations

from typing import Any

import pytest

from geo.analysis.locating import place_names, stated_places
from geo.analysis.locating.locate import assign_districts
from geo.districts import load
from tests.toy import row, table

ATLAS = load()
KHYBER, PESHAWAR, NOWSHERA, ABBOTTABAD, NORTH, SOUTH = "PK513", "PK528", "PK526", "PK501", "PK525", "PK530"
BARA_TOWN = {"lat": 33.9219, "lon": 71.4626}  # in the outline of Peshawar, less than 2 km from that of Khyber


def inside(pcode: str) -> dict[str, float]:
    point = ATLAS.polygons[ATLAS.pcodes.index(pcode)].representative_point()
    return {"lat": point.y, "lon": point.x}


def assigned(decided: dict[str, str] | None = None, **cells: Any) -> dict[str, Any]:
    cells = {"geo_precision": "unknown"} | cells
    found: dict[str, Any] = assign_districts(table(row(1, **cells)), ATLAS, decided=decided or {}).to_pylist()[0]
    return found


@pytest.mark.parametrize(
    ("place", "pcode", "precision"),
    [
        ("Mir Ali", NORTH, "near"),
        ("Mir Ali town", NORTH, "near"),
        ("Jandol", "PK520", "near"),
        ("North Waziristan district", NORTH, "district"),
        ("Peshawar", PESHAWAR, "district"),
        ("Sarokai, SWA", SOUTH, "district"),
        ("Bara, Khyber Agency", KHYBER, "district"),
        ("Hangu, KP", "PK510", "district"),
        ("Mir Ali (North Waziristan), Pakistan", NORTH, "district"),
        ("KP, North Waziristan, Atlantis", NORTH, "district"),
        ("Pakistan > KP > Khyber > Bara", KHYBER, "district"),
    ],
)
def test_a_place_alone_locates_the_row(place: str, pcode: str, precision: str) -> None:
    found = assigned(place=place)
    assert (found["pcode"], found["district_method"], found["geo_precision"]) == (pcode, "place", precision)
    assert not found["is_district_conflict"]


@pytest.mark.parametrize("place", ["Karachi", "Quetta, Balochistan", "Lahore city", "کراچی"])
def test_a_city_elsewhere_is_outside(place: str) -> None:
    found = assigned(place=place)
    assert (found["pcode"], found["district_method"]) == (None, "outside")


@pytest.mark.parametrize("column", ["place", "district_reported"])
@pytest.mark.parametrize("name", ["Gujrat city", "Gujrat village", "Ziarat village", "Ziarat town"])
def test_a_name_that_is_also_a_district_elsewhere_is_asked(name: str, column: str) -> None:
    found = assigned(**{column: name})
    assert (found["pcode"], found["district_method"]) == (None, "none")


@pytest.mark.parametrize("name", ["Gujrat", "Ziarat"])
def test_a_district_elsewhere_in_the_column_of_districts_is_outside(name: str) -> None:
    found = assigned(district_reported=name)
    assert (found["pcode"], found["district_method"]) == (None, "outside")


@pytest.mark.parametrize("column", ["place", "district_reported"])
@pytest.mark.parametrize("kind", ["{}", "{} village", "{} area", "{}, KP", "village {}"])
@pytest.mark.parametrize(
    ("name", "own"),
    [("Jandol", "PK520"), ("Aka Khel", KHYBER), ("Akakhel", KHYBER), ("Isham", NORTH), ("Katta Khel", "PK519")],
)
def test_a_village_never_becomes_or_suggests_another_district_by_close_spelling(
    name: str, own: str, kind: str, column: str
) -> None:
    text = kind.format(name)
    found = assigned(**{column: text})
    assert found["pcode"] in (own, None)
    assert found["district_method"] in ("place", "none")
    [asked] = place_names.account(assign_districts(table(row(1, **{column: text})), ATLAS), ATLAS)
    assert set(asked.candidates) <= {own}
    assert {ATLAS.resolve(text).pcode, *ATLAS.resolve(text).candidates} <= {own, None}


def test_no_place_of_the_gazetteer_is_taken_for_another_district() -> None:
    by_name: dict[str, set[str]] = {}
    for place in ATLAS.places.places:
        by_name.setdefault(place.name, set()).add(place.pcode)
    for name, own in by_name.items():
        for found in (ATLAS.resolve(name), ATLAS.resolve(f"{name} village")):
            is_listed = found.method in ("alias", "source_admin")
            assert is_listed or found.pcode in {None, *own}, (name, found)
            assert found.method != "fuzzy", (name, found)


@pytest.mark.parametrize(
    "place", ["Dargai", "Khar", "Ziarat", "Isham", "Kata Khel", "Shahpur, Sargodha Road", "Nowhere", "Bannu/Tank", " "]
)
def test_several_meanings_close_spellings_and_unknown_names_locate_nothing(place: str) -> None:
    found = assigned(place=place)
    assert (found["pcode"], found["district_method"], found["pcode_stated"]) == (None, "none", None)


def test_a_place_in_the_column_of_districts_counts_like_a_place() -> None:
    found = assigned(district_reported="Jandol", geo_precision="district")
    assert (found["pcode"], found["district_method"]) == ("PK520", "place")


def test_a_place_says_which_of_several_districts_is_meant_and_nothing_beside_an_unknown_name() -> None:
    assert assigned(district_reported="Waziristan", place="Mir Ali")["pcode"] == NORTH
    assert assigned(district_reported="Dir", place="Mir Ali")["pcode"] is None
    assert assigned(district_reported="Unheard of", place="Mir Ali")["pcode"] is None
    assert assigned(district_reported="Swat", place="Mir Ali")["pcode"] == "PK532"


def test_the_stated_province_goes_before_the_place() -> None:
    assert assigned(place="Mir Ali", admin1_reported="Punjab")["district_method"] == "outside"
    assert assigned(place="Mir Ali", admin1_reported="Herat")["pcode"] is None
    assert assigned(place="Mir Ali", admin1_reported="FATA")["pcode"] == NORTH
    assert assigned(place="Mir Ali", district_method="outside")["district_method"] == "outside"


def test_a_known_place_beats_a_point_near_its_border() -> None:
    found = assigned(place="Bara", geo_precision="exact", **BARA_TOWN)
    assert (found["pcode"], found["pcode_located"], found["district_method"]) == (KHYBER, PESHAWAR, "place")
    assert not found["is_district_conflict"]


def test_a_point_far_from_the_place_counts_and_the_row_is_flagged_with_both_districts() -> None:
    rows = assign_districts(table(row(1, place="Mir Ali", geo_precision="exact", **inside(ABBOTTABAD))), ATLAS)
    found = rows.to_pylist()[0]
    assert (found["pcode"], found["district_method"]) == (ABBOTTABAD, "point_in_polygon")
    assert found["is_district_conflict"]
    [told] = place_names.disagreements(rows, ATLAS).to_pylist()
    assert (told["stated"], told["stated_pcode"], told["located_pcode"]) == ("Mir Ali", NORTH, ABBOTTABAD)
    assert told["km_from_stated"] > 100


def test_the_name_of_a_district_in_place_of_a_city_beats_the_point_and_is_flagged() -> None:
    found = assigned(place="Nowshehra", geo_precision="near", **inside(ABBOTTABAD))
    assert (found["pcode"], found["pcode_located"]) == (NOWSHERA, ABBOTTABAD)
    assert found["is_district_conflict"]


@pytest.mark.parametrize(("province", "pcode", "flagged"), [(None, None, False), ("KPK", PESHAWAR, True)])
def test_beyond_the_province_a_namesake_says_nothing_unless_the_province_is_stated(
    province: str | None, pcode: str | None, flagged: bool
) -> None:
    kabul = {"lat": 34.53, "lon": 69.17}
    found = assigned(place="Peshawar", admin1_reported=province, geo_precision="exact", **kabul)
    assert (found["pcode"], found["is_district_conflict"]) == (pcode, flagged)


@pytest.mark.parametrize(
    "cells",
    [
        {"place": "Mir Ali"},
        {"place": "Karachi"},
        {"place": "Bara", "geo_precision": "exact"} | BARA_TOWN,
        {"place": "Mir Ali", "geo_precision": "exact"} | inside(ABBOTTABAD),
        {"place": "Nowshehra", "geo_precision": "near"} | inside(ABBOTTABAD),
        {"district_reported": "Waziristan", "place": "Mir Ali"},
        {"place": "Peshawar", "geo_precision": "province"} | inside(SOUTH),
    ],
)
def test_a_second_pass_changes_nothing(cells: dict[str, Any]) -> None:
    once = assign_districts(table(row(1, **({"geo_precision": "unknown"} | cells))), ATLAS)
    assert assign_districts(once, ATLAS).equals(once)


def test_a_decision_about_a_place_counts_where_no_point_does() -> None:
    assert assigned({"khar": "PK502"}, place="Khar")["district_method"] == "manual"
    assert assigned({"khar": "PK502"}, place="Khar")["pcode"] == "PK502"
    assert assigned({"mir ali": "none"}, place="Mir Ali")["pcode"] is None
    assert assigned({"mir ali": "outside"}, place="Mir Ali")["district_method"] == "outside"
    assert assigned({"khar": "PK502"}, place="Khar", geo_precision="exact", **inside(SOUTH))["pcode"] == SOUTH


def test_places_that_are_not_located_are_asked_with_their_districts() -> None:
    stated = [row(n, place=place, geo_precision="unknown") for n, place in enumerate(["Khar", "khar town", "Mir Ali"])]
    rows = assign_districts(table(*stated), ATLAS)
    by_name = {one.key: one for one in place_names.account(rows, ATLAS)}
    assert (by_name["khar"].how, set(by_name["khar"].candidates)) == ("none", {"PK502", "PK521"})
    assert (by_name["mir ali"].how, by_name["mir ali"].taken_for) == ("place", NORTH)
    assert set(place_names.stated_names(rows)) == {"khar", "khar town", "mir ali"}


def test_rows_counted_by_a_point_beside_a_border_are_listed_with_both_districts() -> None:
    cells = [{"geo_precision": "exact"} | BARA_TOWN, {"geo_precision": "exact"} | inside(ABBOTTABAD)]
    rows = assign_districts(table(*(row(n, **one) for n, one in enumerate(cells))), ATLAS)
    [near] = place_names.near_border(rows, ATLAS).to_pylist()
    assert (near["incident_id"], near["counted_pcode"], near["other_pcode"]) == ("toy:0", PESHAWAR, KHYBER)


def test_a_part_that_nobody_knows_hides_what_stands_before_it() -> None:
    assert stated_places.meaning("Mir Ali, Atlantis", ATLAS) == stated_places.NOTHING
    assert stated_places.meaning("Atlantis, Mir Ali", ATLAS).pcodes == (NORTH,)


def test_a_contradiction_between_parts_is_a_question() -> None:
    found = stated_places.meaning("Mir Ali, Swat", ATLAS)
    assert (set(found.pcodes), found.is_single) == ({"PK532", NORTH}, False)

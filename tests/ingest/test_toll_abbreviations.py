"""Names of tolls in letters (CIV K, POL W) and behind the groups of survey programs: tolls where they hold numbers."""

from __future__ import annotations

import pytest

from geo.ingest.mapping.column_proposals import propose_columns

PARTS = ("killed_police", "killed_military", "killed_forces", "killed_civilian", "killed_militant")


def tolls(result) -> dict[str, int]:
    (row,) = result.rows.select(["killed_best", "injured"]).to_pylist()
    return {name: number for name, number in row.items() if number is not None}


def table(columns: str, cells: str) -> str:
    return f"Date,District,{columns}\n2024-03-04,Bannu,{cells}\n"


@pytest.mark.parametrize(
    ("columns", "cells", "killed", "injured"),
    [
        ("CIV K,CIV INJ,POL K,POL W", "1,2,3,4", 4, 6),
        ("SF K,SF W,CIV-KIA,CIV WIA,TERR K", "1,2,3,4,5", 9, 6),
        ("Pol. K,Pol. Inj,Army K,Army W", "1,2,3,4", 4, 6),
        ("K (Civ),W (Civ),K (FC),W (FC)", "1,2,3,4", 4, 6),
        ("CIV_K,CIV_W,LEVIES_K,LEVIES_W", "1,2,3,4", 4, 6),
        ("K,W", "3,5", 3, 5),
        ("MIL K,MIL INJ", "2,7", 2, 7),
    ],
)
def test_letters_beside_a_side_are_its_dead_and_injured(read, columns, cells, killed, injured):
    assert tolls(read(table(columns, cells))) == {"killed_best": killed, "injured": injured}
    texts = dict(zip(columns.split(","), ([cell] for cell in cells.split(",")), strict=True))
    assert {one.column for one in propose_columns(texts)} == set(texts)


def test_each_side_has_its_own_dead(read):
    found = read(table("CIV K,POL K,ARMY K,TERR K", "1,2,3,4"))
    (row,) = found.rows.select(list(PARTS[:2] + PARTS[3:])).to_pylist()
    assert row == {"killed_civilian": 1, "killed_police": 2, "killed_military": 3, "killed_militant": 4}


def test_letters_of_the_military_beside_those_of_all_forces_are_told_and_left_out(read):
    # They may stand for militants.
    found = read(table("SF K,MIL K", "3,2"))
    assert tolls(found) == {"killed_best": 3}
    assert any("MIL K" in str(note.values) and note.kind.value == "tolls_left_out" for note in found.notes)


@pytest.mark.parametrize(
    ("columns", "cells"),
    [("CIV K,POL W", "yes,Kohat road"), ("K,W", "north,west"), ("K", "3"), ("W", "3"), ("Pol", "3")],
)
def test_letters_without_numbers_or_without_a_side_are_no_toll(read, columns, cells):
    assert tolls(read(table(columns, cells))) == {}


@pytest.mark.parametrize(
    ("columns", "cells", "killed", "injured"),
    [
        ("casualties/incident-dead,casualties/incident-injured", "3,5", 3, 5),
        ("grp_cas:police_killed,grp_cas:police_injured", "3,5", 3, 5),
        ("casualties-civilians_killed,casualties-police_killed,casualties-injured", "1,2,5", 3, 5),
        ("data/toll/inc_killed,data/toll/inc_wounded", "3,5", 3, 5),
        ("group_c/casualties/dead,group_c/casualties/injured", "3,5", 3, 5),
        ("losses.policeKilled,losses.policeInjured", "3,5", 3, 5),
    ],
)
def test_groups_of_survey_programs_before_a_toll_say_nothing_more(read, columns, cells, killed, injured):
    assert tolls(read(table(columns, cells))) == {"killed_best": killed, "injured": injured}


@pytest.mark.parametrize("columns", ["casualties/police,casualties/civilians", "grp_cas:police,grp_cas:civilians"])
def test_a_group_of_casualties_does_not_say_that_its_sides_died(read, columns):
    assert tolls(read(table(columns, "3,5"))) == {}


def test_dates_and_districts_behind_a_group_with_a_colon_are_read(read):
    found = read("grp_inc:date,grp_inc:district,grp_cas:killed\n2024-03-04,Bannu,3\n")
    assert tolls(found) == {"killed_best": 3}
    assert found.rows["district_reported"].to_pylist() == ["Bannu"]

"""Tables in which a row names the district of the rows below it."""

from __future__ import annotations

import pytest

from geo.analysis.locating.locate import assign_districts
from geo.districts import load
from geo.ingest.notes import NoteKind

TABLE = (
    "Bannu,,,\n{names}1 Mar 2024,Mandan,1,firing\n2 Mar 2024,Janikhel,2,IED\n"
    "District Tank:,,,\n3 Mar 2024,Gomal,1,firing\n"
)
NAMES = "Date,Place,Killed,Type\n"


def pcodes(found) -> dict[int, str | None]:
    rows = assign_districts(found.rows, load()).select(["source_row", "pcode"]).to_pylist()
    return {row["source_row"]: row["pcode"] for row in rows}


def noted(found) -> list[int]:
    return [note.n_rows for note in found.notes if note.kind is NoteKind.DISTRICT_HEADINGS]


def test_a_district_above_its_rows_is_theirs(read):
    found = read(TABLE.format(names=NAMES))
    assert pcodes(found) == {3: "PK503", 4: "PK503", 6: "PK533"}
    assert (found.n_refused, noted(found)) == (0, [2])


def test_the_first_of_them_may_stand_below_the_names(read):
    found = read(NAMES + TABLE.format(names=""))
    assert pcodes(found) == {3: "PK503", 4: "PK503", 6: "PK533"}


@pytest.mark.parametrize("line", ["Tank", "Tank,,,", ",Tank,,", ",,,Tank"])
def test_a_heading_may_be_short_and_stand_in_any_cell_but_that_of_places(read, line):
    found = read(f"{NAMES}1 Mar 2024,Mir Ali,1,firing\n{line}\n3 Mar 2024,Mandan,1,firing\n")
    assert pcodes(found) == ({2: "PK525", 4: "PK533"} if line != ",Tank,," else {2: "PK525", 4: "PK518"})


@pytest.mark.parametrize("line", ["Bannu Division,,,", "Kolay,,,", "Dir,,,"])
def test_below_a_heading_that_is_no_single_district_the_one_before_does_not_count(read, line):
    found = read(f"{NAMES}Bannu,,,\n2 Mar 2024,Janikhel,1,firing\n{line}\n3 Mar 2024,Gomal,1,firing\n")
    assert pcodes(found)[3] == "PK503"
    assert pcodes(found)[5] == "PK533"  # by the name of its place
    assert found.n_refused == 1


@pytest.mark.parametrize("names", ["Date,District,Killed,Type\n", "Place,Date,Killed,Type\n"])
def test_where_a_column_names_district_or_place_first_a_lone_name_is_no_heading(read, names):
    first = "1 Mar 2024,Mandan" if names.startswith("Date") else "Mandan,1 Mar 2024"
    found = read(f"{names}{first},1,firing\nTank,,,\n{first},2,firing\n")
    assert (found.n_accepted, found.n_refused, noted(found)) == (2, 1, [])


def test_a_table_of_nothing_but_names_is_not_emptied(read):
    assert read(f"{NAMES}Tank,,,\nBannu,,,\n").n_refused == 2


def test_a_row_that_is_too_long_keeps_its_further_cells_apart(read):
    found = read(f"{NAMES}Tank,,,\n3 Mar 2024,Gomal,1,firing,x\n4 Mar 2024,Gomal,1,firing\n")
    row = found.refused_rows.to_pylist()[0]
    assert (row["District"], row["further_cells"]) == ("", "x")


SECTIONS = (
    "date,place,killed\nBannu,,\n2023-01-02,Mandan,1\n{line}\n2023-02-02,Hayatabad,1\n2023-02-05,Matani,4\nTank,,\n"
    "2023-03-01,Mandan,2\n"
)


def headed(found) -> dict[int, str]:
    rows = found.rows.select(["source_row", "district_reported"]).to_pylist()
    return {row["source_row"]: row["district_reported"] or "" for row in rows}


@pytest.mark.parametrize(
    ("line", "district"),
    [
        ("Peshawar,,5", "Peshawar"),
        ("Peshawar,,,see note", "Peshawar"),
        ("Peshawar District:,,5", "Peshawar District"),
        ("Kohat District total: ,,1", ""),  # it may stand above or below its rows
        ("Bannu total,,1", ""),
        (",Peshawar,5", ""),  # perhaps an incident without a date
        (",Peshawar,", ""),
        ("Hayatabad,,5", ""),  # no district, but no longer Bannu either
        ("Dir,,5", ""),
        ("Bannu Division,,5", ""),
        ("Elsewhere,,5", ""),
        ("Bannu,,1", "Bannu"),
    ],
)
def test_a_row_that_names_a_district_beside_another_cell_ends_the_one_before(read, line, district):
    found = read(SECTIONS.format(line=line))
    assert headed(found) == {3: "Bannu", 5: district, 6: district, 8: "Tank"}
    assert found.n_refused == 1


@pytest.mark.parametrize("line", ["unknown,Janikhel,1", ",Mandan,1", "March,Mandan,1", ",Bannu,1", "Total,,1", "?,,1"])
def test_an_incident_without_a_day_and_a_sum_do_not_end_it(read, line):
    assert headed(read(SECTIONS.format(line=line)))[5] == "Bannu"


def test_the_day_may_be_in_columns_of_its_parts(read):
    found = read(
        "Tank,,,,\nyear,month,day,place,killed\n2023,1,2,Gomal,1\nBannu,,,,\n2023,1,2,Mandan,1\nPeshawar,,,,5\n"
        "2023,2,2,Matani,4\n"
    )
    assert headed(found) == {3: "Tank", 5: "Bannu", 7: "Peshawar"}

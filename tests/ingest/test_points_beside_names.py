"""Coordinates that cannot be used beside a named district: the row counts by its district, and a note says so."""

from __future__ import annotations

import numpy as np
import pytest

from geo.ingest.notes import NoteKind
from geo.problems import ProblemCode

HEADER = "date,district,latitude,longitude,killed_total\n"
GOOD = "2024-03-04,Bannu,32.98,70.60,2\n"
# Latitude and longitude as people write them who know only one of them, or none.
UNUSABLE = [
    ("n33x", "70.6"),
    ("33.0E", "70.6N"),
    ("0", "0"),
    ("0.0", "0.000"),
    ("32.98", ""),
    ("", "70.60"),
    ("32.98", "-"),
    ("32.98", "0 (not known)"),
    ("see map", "see map"),
    ("tbc", "70.60"),
    ("98.2", "70.60"),
    ("3651234", "7891234"),
    ("32.98 E", "70.60"),
    ("999", "999"),
]


def left_out(result) -> list[tuple[int | None, int | None]]:
    kinds = NoteKind.POINT_LEFT_OUT, NoteKind.POINT_NOT_READ
    return [(one.n_rows, one.first_row) for one in result.notes if one.kind in kinds]


@pytest.mark.parametrize(("lat", "lon"), UNUSABLE)
def test_a_row_that_names_its_district_counts_without_its_coordinates(read, lat, lon):
    result = read(HEADER + GOOD + f"2024-03-05,Bannu,{lat},{lon},1\n")
    assert (result.n_accepted, result.n_refused) == (2, 0)
    assert left_out(result) == [(1, 3)]
    assert np.isnan(result.rows["lat"].to_numpy()[1])
    assert result.rows["geo_precision"].to_pylist() == ["near", "district"]


@pytest.mark.parametrize(("lat", "lon"), UNUSABLE)
def test_a_row_without_any_other_place_is_refused_for_them(read, lat, lon):
    result = read(HEADER + GOOD + f"2024-03-05,,{lat},{lon},1\n")
    assert (result.n_accepted, result.n_refused) == (1, 1)
    assert result.problems[0].row == 3


def test_rows_without_any_coordinates_say_nothing(read):
    result = read(HEADER + GOOD + "2024-03-05,Bannu,,,1\n2024-03-06,Bannu,-,-,1\n2024-03-07,Bannu,n/a,unknown,1\n")
    assert (result.n_accepted, left_out(result)) == (4, [])


def test_exchanged_and_foreign_points_are_still_asked_about(read):
    result = read(HEADER + GOOD + "2024-03-05,Bannu,70.60,32.98,1\n2024-03-06,Bannu,51.5,-0.1,1\n", keep_outside=False)
    assert [one.code for one in result.problems] == [ProblemCode.SWAPPED, ProblemCode.OUTSIDE]


@pytest.mark.parametrize(("point", "n_accepted"), [("0, 0", 2), ("98.2, 170.6", 2)])
def test_a_point_in_one_column_is_treated_alike(read, point, n_accepted):
    result = read('date,district,coordinates\n2024-03-04,Bannu,"32.98, 70.60"\n' + f'2024-03-05,Bannu,"{point}"\n')
    assert (result.n_accepted, left_out(result)) == (n_accepted, [(1, 3)])


GTD = {
    "iyear": "2016",
    "imonth": "3",
    "iday": "4",
    "country_txt": "Pakistan",
    "provstate": "Khyber Pakhtunkhwa",
    "city": "Bannu",
    "attacktype1_txt": "Bombing/Explosion",
    "gname": "Unknown",
}
UCDP = {
    "id": "{number}",
    "type_of_violence": "1",
    "date_start": "2016-03-04",
    "side_a": "Government of Pakistan",
    "side_b": "TTP",
    "adm_2": "Bannu",
    "best": "2",
}


@pytest.mark.parametrize("row", [GTD, UCDP], ids=["GTD", "UCDP"])
def test_formats_of_others_are_treated_alike(read, row):
    lines = [",".join([*row, "latitude", "longitude"])]
    for number, point in enumerate(("32.98,70.60", "0,0"), start=1):
        lines.append(",".join([*row.values(), point]).replace("{number}", str(number)))
    result = read("\n".join([*lines, ""]))
    assert (result.n_refused, left_out(result)) == (0, [(1, 3)])


@pytest.mark.parametrize("name", ["Unknown", "N/A", "-", ""])
def test_a_cell_that_says_nothing_names_no_place(read, name):
    result = read(HEADER + GOOD + f"2024-03-05,{name},0,0,1\n")
    assert (result.n_accepted, result.n_refused, left_out(result)) == (1, 1, [])

"""Points near a border between two districts are flagged with both, others are not."""

from __future__ import annotations

import csv

import numpy as np
import pytest

from geo import districts as geo_districts
from geo.analysis.locating.near_border import across_border, districts_near
from geo.incidents import NOT_LOCATED
from geo.settings import DATA_DIR

DISTRICTS = geo_districts.load()


def pcodes_near(lon: float, lat: float) -> list[str | None]:
    found = districts_near(np.array([lon]), np.array([lat]), DISTRICTS)
    return [None if codes[0] == NOT_LOCATED else DISTRICTS.pcodes[codes[0]] for codes in found]


def test_bara_town_of_khyber_lies_in_peshawar_by_the_outlines_and_is_near_the_border() -> None:
    with (DATA_DIR / "ucdp_ged_kp.csv").open(encoding="utf-8", newline="") as lines:
        bara = [row for row in csv.DictReader(lines) if row["where_coordinates"] == "Bara town"]
    assert len(bara) > 50
    lon, lat = (np.array([float(row[name]) for row in bara]) for name in ("longitude", "latitude"))
    for own, other in (("PK528", "PK513"), ("PK513", "PK528")):
        counted = np.full(len(bara), DISTRICTS.pcodes.index(own))
        assert set(across_border(lon, lat, counted, DISTRICTS)) == {DISTRICTS.pcodes.index(other)}
    assert pcodes_near(lon[0], lat[0]) == ["PK528", "PK513"]


@pytest.mark.parametrize(("name", "expected"), [("Parachinar", "PK518"), ("Mingora", "PK532")])
def test_a_town_far_from_every_border_is_in_one_district(name: str, expected: str) -> None:
    town = next(town for town in DISTRICTS.towns if town.name == name)
    assert pcodes_near(town.lon, town.lat) == [expected, None]


def test_a_point_without_coordinates_outside_or_without_a_district_is_near_nothing() -> None:
    lon, lat = np.array([np.nan, 67.0, 71.4626, 71.4626]), np.array([33.0, 24.9, 33.9219, 33.9219])
    own = [DISTRICTS.pcodes.index(pcode) for pcode in ("PK528", "PK528", "PK501")]
    found = across_border(lon, lat, np.array([*own, NOT_LOCATED]), DISTRICTS)
    assert found.tolist() == [NOT_LOCATED] * 4
    assert pcodes_near(np.nan, np.nan) == [None, None]


def test_the_limit_is_a_distance_in_metres() -> None:
    town = next(town for town in DISTRICTS.towns if town.name == "Parachinar")
    lon, lat = np.array([town.lon]), np.array([town.lat])
    reached = [districts_near(lon, lat, DISTRICTS, float(km * 1000))[1][0] != NOT_LOCATED for km in (2, 200)]
    assert reached == [False, True]

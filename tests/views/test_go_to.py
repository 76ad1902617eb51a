"""The box that goes to a place: proposals in any script, one for each point, named with their district."""

from __future__ import annotations

import pytest

from geo import districts
from geo.gazetteer import Place
from geo.views import go_to

ATLAS = districts.load()


@pytest.mark.parametrize("typed", ["Mir Ali", "mirali", "MIR  ALI", "میر علی"])
def test_a_place_is_found_in_any_script(typed: str) -> None:
    first = go_to.proposals(ATLAS, typed)[0]
    assert go_to.place_name(ATLAS, first) == "Mir Ali, North Waziristan"


def test_spellings_of_one_point_are_one_proposal() -> None:
    found = go_to.proposals(ATLAS, "mir")
    assert 1 < len(found) <= 8
    points = [(place.pcode, round(place.lat, 1), round(place.lon, 1)) for place in found]
    assert len(set(points)) == len(points)
    assert len(points) < len(ATLAS.search_places("mir", 60))


def test_nothing_is_proposed_for_a_name_that_is_not_listed() -> None:
    assert go_to.proposals(ATLAS, "nowhere at all") == []


def test_a_place_with_the_name_of_its_district_is_named_once() -> None:
    assert go_to.place_name(ATLAS, Place("Bannu", "PK503", 33.0, 70.6, "GeoNames", False)) == "Bannu"

"""The gazetteer: names are found as they are written, in one meaning or several, and searched from their start."""

from __future__ import annotations

import pytest

from geo.districts import load
from geo.gazetteer import Gazetteer, Place, without_kind

ATLAS = load()


def toy(*names: tuple[str, str, bool]) -> Gazetteer:
    return Gazetteer(Place(name, pcode, 33.0, 70.0, "toy", ambiguous) for name, pcode, ambiguous in names)


BOOK = toy(("Mir Ali", "PK525", False), ("Kot", "PK514", True), ("Kot", "PK527", True), ("Khar Bazaar", "PK502", False))


@pytest.mark.parametrize(
    "name",
    ["Mir Ali", "MIR ALI", "Mirali", "mir-ali", "Mir Ali town", "village Mir Ali", "Mir Ali tehsil", "Mir Ali bazaar"],
)
def test_words_for_the_kind_of_place_spaces_and_capitals_do_not_count(name: str) -> None:
    assert [place.pcode for place in BOOK.find(name)] == ["PK525"]


@pytest.mark.parametrize(
    "name", ["Mir Alis", "Mir", "Ali", "Mil Ali", "Upper Mir Ali", "near Mir Ali", "", "village", "Khar"]
)
def test_no_other_name_is_found(name: str) -> None:
    assert BOOK.find(name) == ()


def test_the_whole_name_comes_before_the_name_without_its_kind() -> None:
    both = toy(("Khar", "PK521", False), ("Khar Bazaar", "PK502", False))
    assert [place.pcode for place in both.find("Khar Bazaar")] == ["PK502"]
    assert [place.pcode for place in both.find("Khar village")] == ["PK521"]


def test_a_name_of_nothing_but_a_kind_stays_as_it_is() -> None:
    assert without_kind("town area") == "town area"


@pytest.mark.parametrize(("text", "first"), [("mir a", "Mir Ali"), ("Mirali", "Mir Ali"), ("baz", "Khar Bazaar")])
def test_search_finds_the_start_of_a_name_or_of_a_word(text: str, first: str) -> None:
    assert BOOK.search(text)[0].name == first


def test_search_gives_one_entry_for_each_district_and_at_most_so_many() -> None:
    assert [(place.name, place.pcode) for place in BOOK.search("kot")] == [("Kot", "PK514"), ("Kot", "PK527")]
    assert len(BOOK.search("kot", limit=1)) == 1
    assert BOOK.search("  ") == BOOK.search("zzz") == BOOK.search("kot", limit=0) == []


@pytest.mark.parametrize(
    ("text", "pcode"),
    [("Mir Ali", "PK525"), ("میر علی", "PK525"), ("ميرعلى", "PK525"), ("پاراچنار", "PK518"), ("بنوں", "PK503")],
)
def test_the_gazetteer_of_the_province_is_searched_in_any_script(text: str, pcode: str) -> None:
    assert ATLAS.search_places(text)[0].pcode == pcode


@pytest.mark.parametrize("word", ["گاؤں {}", "{} بازار", "{} شہر"])
def test_words_for_the_kind_of_place_do_not_count_in_other_scripts(word: str) -> None:
    book = toy(("میر علی", "PK525", False))
    assert [place.pcode for place in book.find(word.format("میر علی"))] == ["PK525"]


@pytest.mark.parametrize("text", ["ښار", "zzz", "کراچی"])
def test_a_place_that_is_not_in_the_province_is_not_found_in_any_script(text: str) -> None:
    assert ATLAS.search_places(text) == []


def test_every_district_is_found_by_each_of_its_official_names() -> None:
    official = [(one.text, one.pcode) for one in ATLAS.aliases.listed() if one.kind == "name"]
    assert any(not text.isascii() for text, _ in official)
    for text, pcode in official:
        assert pcode in [place.pcode for place in ATLAS.search_places(text)], text


def test_every_place_of_the_file_lies_in_or_near_its_district() -> None:
    import shapely

    for place in ATLAS.places.places:
        polygon = ATLAS.polygons[ATLAS.pcodes.index(place.pcode)]
        assert shapely.distance(polygon, shapely.Point(place.lon, place.lat)) < 0.12, place


@pytest.mark.parametrize("typed", ["Parachinar town", "parachinar city"])
def test_a_search_reads_a_name_with_a_kind_of_place_like_the_name(typed: str) -> None:
    assert [place.name for place in load().search_places(typed, 1)] == ["Parachinar"]

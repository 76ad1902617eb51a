"""The map of classes: one colour and one text for each class, hatching where data or agreement are missing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from geo.analysis.index.access import AccessIndex, access
from geo.analysis.index.monthly_counts import Window
from geo.views import palettes
from geo.views.access import index_map
from geo.views.access.words import CLASS_WORDS
from geo.views.layers import ChoroplethView
from tests.toy_index import THREE, broad, everything, incidents, year_of

DIVISIONS = ("Bannu", "Bannu", "Kohat")


def index(year: int = 2024) -> AccessIndex:
    small = incidents(*year_of({"PK501": [9] * 12, "PK502": [1, 0] * 6}))
    return access(small, everything(small), THREE, broad(draws=50), Window.of_year(year))


def with_agreement(found: AccessIndex, code: str) -> AccessIndex:
    return replace(found, records=tuple(replace(record, agreement_code=code) for record in found.records))


def drawn(found: AccessIndex) -> ChoroplethView:
    return index_map.choropleth(found, DIVISIONS, ("PK502",), "light")


def entry_of(view: ChoroplethView, pcode: str):
    return view.legend.entries[next(district.entry for district in view.districts if district.pcode == pcode)]


def test_the_legend_holds_every_class_in_order_whatever_occurs() -> None:
    labels = [entry.label for entry in drawn(with_agreement(index(), "firm")).legend.entries]
    assert labels == ["Insufficient data", "Low recorded", "Elevated", "Severe", "High recorded attacks, steady"]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_each_class_has_its_own_colour_in_both_themes(theme: palettes.Theme) -> None:
    colours = index_map.class_colours(theme)
    assert tuple(colours) == CLASS_WORDS
    assert len(set(colours.values())) == 5
    assert colours["no_go"] == palettes.ACCESS[theme][-1]


def test_only_insufficient_data_are_hatched_while_classes_agree() -> None:
    view = drawn(with_agreement(index(), "moderate"))
    assert [entry.label for entry in view.legend.entries if entry.is_hatched] == ["Insufficient data"]


def test_an_unsettled_class_is_hatched_over_its_colour_and_named() -> None:
    view = drawn(with_agreement(index(), "unsettled"))
    entry = entry_of(view, "PK503")
    assert entry.is_hatched
    assert entry.label == "Low recorded, unsettled"
    assert entry.colour == index_map.class_colours("light")["low"]


def test_a_window_outside_the_source_is_insufficient_everywhere() -> None:
    view = drawn(index(2030))
    assert {entry_of(view, district.pcode).label for district in view.districts} == {"Insufficient data"}
    assert all(
        dict(district.lines) == {"Class": "Insufficient data", "Division": division}
        for district, division in zip(view.districts, DIVISIONS, strict=True)
    )


def test_the_card_tells_class_points_attacks_months_direction_and_agreement() -> None:
    view = drawn(index())
    lines = dict(view.districts[0].lines)
    assert lines["Class"] == "Severe"
    assert (lines["Attacks on forces"], lines["Months with an attack"]) == ("108", "12")
    assert "across settings" in lines["Points of 100"]
    assert "of settings" in lines["Agreement"]
    assert lines["Division"] == "Bannu"
    assert dict(view.districts[2].lines)["Class"] == "Low recorded: none recorded"


def test_the_chosen_district_is_outlined() -> None:
    assert drawn(index()).selected == ("PK502",)

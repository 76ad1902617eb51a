"""Pictures of the index: bands where the limits are, years with the same colours, findings that name no one wrongly."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from gettext import NullTranslations
from typing import Any

import numpy as np
import pytest

from geo import districts as geo_districts
from geo import wording
from geo.analysis.index import request as ask
from geo.analysis.index.access import AccessIndex, AccessSeries
from geo.analysis.index.hotspots import LABELS
from geo.analysis.index.monthly_counts import Window
from geo.analysis.index.request import AccessRequest
from geo.figure import outlines
from geo.views import charts
from geo.views.access import hot_spots, plots, years
from geo.views.access.index_map import class_colours
from geo.views.access.words import SHORT_CLASSES
from tests.real_tables import register
from tests.test_wording import BANNED
from tests.toy_index import everything

DISTRICTS = geo_districts.load()
BANNU = DISTRICTS.pcodes.index("PK503")


def request(year: int) -> AccessRequest:
    settings = replace(ask.frozen_settings("register"), draws=0)
    return AccessRequest("register", settings, Window.of_year(year))


@cache
def index(year: int = 2025) -> AccessIndex:
    return ask.index_of(register(), everything(register()), DISTRICTS, request(year))


@cache
def series() -> AccessSeries:
    return ask.series_of(register(), everything(register()), DISTRICTS, request(2025), 36)


@cache
def shapes() -> outlines.Outlines:
    return outlines.build(DISTRICTS)


def small_map(year: int, codes: list[str], colours: dict[str, str], letters: dict[str, str]) -> Any:
    return plots.small_map(shapes(), index(year), codes, SHORT_CLASSES, colours, letters, "light", heading="Class")


# --- outlines ------------------------------------------------------------------------------------------------


def test_outlines_keep_areas_and_common_borders() -> None:
    import shapely
    from shapely.geometry import shape

    polygons = np.array([shape(geometry) for geometry in shapes().geometries])
    drawn, census = shapely.area(polygons), DISTRICTS.area_km2
    assert abs(drawn.sum() / census.sum() - 1) < 0.03
    assert (shapely.is_valid(polygons)).all()
    overlaps = [shapely.area(shapely.intersection(a, b)) for k, a in enumerate(polygons) for b in polygons[k + 1 :]]
    assert max(overlaps) < 1.0, "no district covers another by a square kilometre"


def test_every_inner_point_lies_in_its_district() -> None:
    from shapely.geometry import Point, shape

    for geometry, place in zip(shapes().geometries, shapes().places, strict=True):
        assert shape(geometry).contains(Point(place))


def test_the_south_is_the_union_of_its_districts() -> None:
    from shapely.geometry import Point, shape

    south = shape(shapes().south)
    inside = {p for p, place in zip(DISTRICTS.pcodes, shapes().places, strict=True) if south.contains(Point(place))}
    assert inside == set(geo_districts.SOUTHERN_PCODES)


# --- months --------------------------------------------------------------------------------------------------


def test_the_months_of_a_district_are_complete_and_in_words() -> None:
    frame = plots.series_frame(series(), BANNU)
    assert len(frame) == 36
    assert frame["month"].is_monotonic_increasing
    assert (frame["until"].iloc[:-1].to_numpy() == frame["month"].iloc[1:].to_numpy()).all()
    assert set(frame["steady"]) | set(frame["raw"]) <= set(SHORT_CLASSES.values())
    assert frame["raw"].iloc[-1] == "High recorded attacks, steady"
    assert frame["points"].iloc[-1] == pytest.approx(index().records[BANNU].aci)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_bands_stand_where_the_limits_are_and_carry_the_names_of_the_classes(theme) -> None:
    chart = plots.step_chart(
        plots.series_frame(series(), BANNU), (25, 50, 75), plots.series_columns(12), theme
    ).to_dict()
    bands = next(data for data in chart["datasets"].values() if "low" in data[0])
    assert [(band["low"], band["high"], band["name"]) for band in bands] == [
        (0, 25, "Low recorded"),
        (25, 50, "Elevated"),
        (50, 75, "Severe"),
        (75, 100, "High recorded attacks, steady"),
    ]
    fill = chart["layer"][0]["encoding"]["color"]["scale"]
    assert dict(zip(fill["domain"], fill["range"], strict=True))["Severe"] == class_colours(theme)["severe"]


def test_steps_are_not_smoothed_between_months() -> None:
    chart = plots.step_chart(
        plots.series_frame(series(), BANNU), (25, 50, 75), plots.series_columns(12), "light"
    ).to_dict()
    assert [layer["mark"]["interpolate"] for layer in chart["layer"] if "interpolate" in layer["mark"]] == [
        "step-after"
    ]


def test_the_strip_shows_both_classes_of_every_month() -> None:
    chart = plots.strip_chart(plots.series_frame(series(), BANNU), plots.series_columns(12), "light").to_dict()
    cells = next(iter(chart["datasets"].values()))
    assert len(cells) == 72
    assert {cell["kind"] for cell in cells} == {"Smoothed", "Window alone"}


@pytest.mark.parametrize("length", [6, 18])
def test_the_tooltip_and_the_table_state_the_real_length_of_the_window(length: int) -> None:
    frame, columns = plots.series_frame(series(), BANNU), plots.series_columns(length)
    for chart in (plots.step_chart(frame, (25, 50, 75), columns, "light"), plots.strip_chart(frame, columns, "light")):
        assert f'"{length} months to"' in chart.to_json()
        assert '"12 months to"' not in chart.to_json()


def test_months_of_a_chart_are_in_the_language_of_the_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wording, "available_languages", lambda: ("en", "ur"))
    monkeypatch.setattr(wording, "_translations", lambda code: NullTranslations())
    monkeypatch.setenv("ATLAS_LANGUAGE", "ur")
    assert "جنوری" in charts.month_axis().labelExpr
    assert plots.series_frame(series(), BANNU)["label"].iloc[0].startswith("جنوری")


# --- years ---------------------------------------------------------------------------------------------------


def test_every_year_has_the_same_colours_and_a_letter_beside_each_colour() -> None:
    colours = class_colours("light")
    scales = []
    for year in (2015, 2025):
        codes = [record.class_code for record in index(year).records]
        chart = small_map(year, codes, colours, years.LETTERS).to_dict()
        scales.append(chart["layer"][0]["encoding"]["color"]["scale"])
        written = [row["letter"] for data in chart.get("datasets", {}).values() for row in data if "letter" in row]
        assert sorted(written) == sorted(years.LETTERS[code] for code in codes if code in years.LETTERS)
    assert scales[0] == scales[1]


def test_a_small_map_asks_no_host() -> None:
    text = small_map(2025, ["low"] * 35, {"low": "#ffffff"}, {}).to_json()
    assert "url" not in text.replace("vega.github.io/schema", "")


def test_a_year_is_told_in_words_from_the_top_class_down() -> None:
    assert years.year_text(index(2025)).startswith(
        "High recorded attacks, steady: Bannu, North Waziristan, South Waziristan; Severe: "
    )
    assert years.year_text(index(2015)) == "Low recorded everywhere"
    assert years.year_text(index(2006)) == "Insufficient data everywhere"


def test_the_table_of_years_holds_only_districts_that_leave_the_lowest_class() -> None:
    table = years.frame({year: index(year) for year in (2024, 2025)})
    assert list(table.columns) == ["District", "2024", "2025"]
    row = table.set_index("District").loc["Bannu"]
    assert row["2025"].startswith("High recorded attacks, steady ")
    assert "Abbottabad" not in set(table["District"])
    assert years.frame({2015: index(2015)}).empty


def test_a_year_without_data_and_a_district_without_a_record_do_not_look_calm() -> None:
    """Few reports were collected of 2015: what is not recorded there is empty, not blue; 2006 is not covered at all."""
    for theme in ("light", "dark"):
        colours = years.colours(theme)
        assert len(set(colours.values())) == len(colours)
    thin = [years.year_code(record) for record in index(2015).records]
    assert thin.count("none") > 20
    assert thin.count("low") == 35 - thin.count("none")
    assert {years.year_code(record) for record in index(2006).records} == {"insufficient"}
    assert years.year_title(2015, index(2015)) == "2015: 11 incidents"
    legend = years.legend("light")
    for said in ("? Insufficient data", "Low recorded", "Nothing recorded", "S Severe"):
        assert said in legend.replace("\N{NO-BREAK SPACE}", " ")


def test_the_key_names_every_letter() -> None:
    assert all(f"**{letter}** {SHORT_CLASSES[word]}" in years.key_text() for word, letter in years.LETTERS.items())


# --- hot spots -----------------------------------------------------------------------------------------------


def test_every_label_has_a_colour_and_a_meaning() -> None:
    for theme in ("light", "dark"):
        assert set(hot_spots.colours(theme)) == set(LABELS)
    assert set(hot_spots.MEANINGS) == set(LABELS)
    assert "not a hot spot" in hot_spots.MEANINGS["surrounded"]
    assert not any(BANNED.search(text) for text in hot_spots.MEANINGS.values())


def test_the_test_is_named_with_n_q_and_the_number_of_attacks() -> None:
    text = hot_spots.test_text(index(), ask.hotspots_of(index(), DISTRICTS))
    assert "n = 35, q = 0.1; 151 attacks on forces, Jan 2025 to Dec 2025" in text
    assert "negative-binomial bootstrap" in text


def test_a_refused_test_names_no_n_and_says_why() -> None:
    found = ask.hotspots_of(index(2015), DISTRICTS)
    assert "n =" not in hot_spots.test_text(index(2015), found)
    assert found.refusal is not None
    assert found.refusal.values == {"total": index(2015).arrays.values.S.sum(), "fewest": 30}


def test_the_table_puts_findings_first_and_keeps_every_district() -> None:
    table = hot_spots.frame(index(), ask.hotspots_of(index(), DISTRICTS))
    assert len(table) == 35
    assert list(table["Finding"][:2]) == ["Cluster core", "Cluster core"]
    assert list(table["Finding"]) == sorted(table["Finding"], key=list(LABELS.values()).index)

"""Figures say what the pages say: the same numbers, classes and colours, and everything that must be said with them."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from xml.etree import ElementTree

import numpy as np
import pytest

from geo.analysis.counting import classes, questions
from geo.analysis.counting.hexagons import corners, hexagons, width_of_world
from geo.figure.charts import draw as draw_chart
from geo.figure.maps import draw as draw_map
from geo.figure.sheet import from_files
from geo.filters import Filters
from geo.incidents import build
from geo.problems import RejectedUpload
from geo.views import overview
from geo.views.sheets import maps
from geo.views.sheets.choose import FIGURES, figures_of, sheet_of
from geo.views.state import View
from tests.figure.toy_view import DISTRICTS, VERSION, drawn, sheet
from tests.toy import row, table

EVERY = [
    (page, name)
    for page, figures in FIGURES.items()
    for name in figures
    if page not in ("no_go", "published", "validation")
]


@pytest.mark.parametrize("measure", questions.MEASURES)
@pytest.mark.parametrize("per", classes.NORMALISERS)
def test_the_map_has_the_classes_and_values_of_the_page(measure: str, per: str) -> None:
    made = drawn(measure=measure, per=per)
    result = overview.measure_by_district(made.view, measure, per)
    found = sheet_of(made)
    assert found.cells("pcode") == list(DISTRICTS.pcodes)
    # Classes run from -1 (no data), keys of the legend from 0.
    assert [int(key) - 1 for key in found.cells("class")] == result.classes.tolist()
    values = [float(cell) if cell else np.nan for cell in found.cells("value")]
    np.testing.assert_allclose(values, result.values, rtol=1e-9)
    assert found.cells("incidents") == [str(n) for n in result.tally.n_incidents]


def test_the_legend_counts_the_districts_of_each_class() -> None:
    found = sheet()
    counted = Counter(found.cells("label"))
    for key in found.keys[:-1]:
        assert key.count == str(counted[key.label])
    assert sum(int(key.count) for key in found.keys[:-1]) == 35


def test_the_colours_are_those_of_the_page() -> None:
    made = drawn()
    layer = overview.choropleth(made.view, overview.measure_by_district(made.view, "incidents", "count"), "light")
    assert [key.colour for key in sheet_of(made).keys[:-1]] == [entry.colour for entry in layer.legend.entries]


def test_bars_by_year_are_the_sums_of_the_question() -> None:
    made = drawn("trends", figure="time", measure="killed")
    days, sums = questions.by_time(made.view.table, Filters(), "killed", made.view.first, made.view.last, "year")
    found = sheet_of(made)
    assert [period.rstrip("*") for period in found.cells("period")] == [f"{day.year}" for day in days]
    assert found.cells("value") == [str(n) for n in sums]
    assert found.cells("period")[0] == "2023*", "a year that the data cover in part is marked"


def test_stacked_bars_add_up_to_the_bars() -> None:
    whole, parts = sheet("trends", figure="time"), sheet("trends", figure="parts", by="target")
    by_year: Counter[str] = Counter()
    for period, value in zip(parts.cells("period"), parts.cells("value"), strict=True):
        by_year[period] += int(value)
    assert list(by_year.items()) == [
        (period, int(value)) for period, value in zip(whole.cells("period"), whole.cells("value"), strict=True)
    ]


def test_the_ranking_begins_with_the_highest() -> None:
    found = sheet("districts", figure="ranking")
    assert (found.cells("name")[0], found.cells("value")[0]) == ("Bannu", "3")
    assert len(found.rows) == 35


def test_what_is_not_stated_is_a_dash_in_the_ranking_and_no_bar_of_zero() -> None:
    rows = [row(n, source="ucdp_ged", pcode="PK503", day=date(2020, 2, n)) for n in (1, 2)]
    rows += [row(n, source="register", pcode="PK533", day=date(2023, 2, n), target_type="police") for n in (3, 4)]
    shown = View.whole(build({"1": table(*rows)}, DISTRICTS.pcodes, "v"), DISTRICTS)
    made = drawn("districts", figure="ranking", sort="police_attacks")
    found = sheet_of(replace(made, view=shown))
    values = dict(zip(found.cells("name"), found.cells("value"), strict=True))
    assert (values["Bannu"], values["Tank"], values["Swat"]) == ("", "2", "0")
    assert "Bannu: –" in found.alt
    assert any("not stated" in note for note in found.notes)
    root = ElementTree.fromstring(draw_chart(found))
    texts = [text.text for text in root.iter("{http://www.w3.org/2000/svg}text")]
    assert texts[texts.index("Bannu") + 1] == "–"
    assert len(list(root.iter("{http://www.w3.org/2000/svg}rect"))) == 34
    # So is a rate over a period in which the source changes.
    rates = sheet_of(replace(drawn("districts", figure="ranking", sort="per_100k"), view=shown))
    assert set(rates.cells("value")) == {""}
    assert draw_chart(rates).count("–") == 35


def test_points_are_drawn_no_more_precisely_than_known() -> None:
    found = sheet("points")
    assert Counter(found.cells("kind")) == {"exact": 1, "near": 1, "district": 3}
    numbers = dict(zip(found.cells("pcode"), found.cells("number"), strict=True))
    assert (numbers["PK503"], numbers["PK532"], numbers["PK533"]) == ("1", "1", "1")


def test_points_of_one_district_are_drawn_at_large_with_towns_and_their_credit() -> None:
    near, whole = sheet("points", Filters(districts=("PK503",))), sheet("points")
    assert "Towns: GeoNames" in dict(near.facts)["Sources"]
    assert "Towns: GeoNames" not in dict(whole.facts)["Sources"]
    square_of_a_town = 'width="2.2" height="2.2"'
    assert square_of_a_town in draw_map(near)
    assert square_of_a_town not in draw_map(whole)


def test_rows_of_a_source_that_allows_counts_only_are_no_points() -> None:
    made = drawn("points")
    table = replace(made.view.table, sources=("acled",))
    found = sheet_of(replace(made, view=replace(made.view, table=table)))
    assert set(found.cells("kind")) == {"district"}
    assert dict(zip(found.cells("pcode"), found.cells("number"), strict=True))["PK503"] == "3"


def test_a_figure_says_period_filters_numbers_sources_and_versions() -> None:
    filters = Filters(start=date(2024, 1, 1), targets=("police",), fatal_only=True, districts=("PK503",))
    found = sheet(filters=filters)
    heading = " ".join(found.lines)
    for words in ("1 Jan 2024", "Target: Police", "Fatal incidents only", "District: Bannu"):
        assert words in heading
    foot = dict(found.facts)
    assert foot["Shown"] == "0 of 6 incidents, 0 not located."
    assert "File of the user" in foot["Sources"]
    assert "CC BY 3.0 IGO" in foot["Sources"]
    assert VERSION.code in foot["Data"]
    assert "2 January 2026" in foot["Data"]
    assert "Incidents" in found.title
    assert found.chosen == ("PK503",)


def test_the_alternative_text_names_every_district_with_its_class() -> None:
    found = sheet()
    for label in set(found.cells("label")):
        rows = zip(found.cells("district"), found.cells("label"), strict=True)
        names = sorted(name for name, own in rows if own == label)
        assert f"{label}: {', '.join(names)}" in found.alt
    assert found.alt.index("Bannu") < found.alt.index("none recorded"), "the highest class comes first"


@pytest.mark.parametrize(("page", "name"), EVERY)
def test_every_figure_comes_back_from_its_files(page: str, name: str) -> None:
    found = sheet(page, figure=name)
    assert from_files(found.files()) == found


@pytest.mark.parametrize(("page", "name"), [("overview", "clock"), ("upload", ""), ("points", "time")])
def test_a_figure_that_does_not_exist_is_refused_with_those_that_do(page: str, name: str) -> None:
    with pytest.raises(RejectedUpload) as refused:
        sheet(page, figure=name) if name else sheet(page)
    assert "overview (map, time, ranking)" in str(refused.value.problems[0].hint)


def test_an_unknown_way_to_draw_points_is_refused_with_those_that_exist() -> None:
    with pytest.raises(RejectedUpload) as refused:
        sheet("points", mode="stars")
    assert "pins, hex, heat" in str(refused.value.problems[0].message)


def test_more_points_than_can_be_told_apart_are_refused_with_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(maps, "MOST_PINS", 1)
    with pytest.raises(RejectedUpload) as refused:
        sheet("points")
    assert "up to 1 points one by one; this view has 2" in str(refused.value.problems[0].message)
    assert len(sheet("points", mode="hex").rows) > 1


def test_a_page_without_figures_offers_none() -> None:
    assert figures_of("upload") == {}


# --- hexagons -------------------------------------------------------------------------------------------


def test_every_point_lies_in_the_hexagon_that_counts_it() -> None:
    rng = np.random.default_rng(5)
    lon, lat = rng.uniform(69.3, 74.0, 400), rng.uniform(31.2, 36.8, 400)
    width = width_of_world()
    for x, y in zip(lon, lat, strict=True):
        centre_lon, centre_lat, n = hexagons(np.array([x]), np.array([y]))
        assert n.tolist() == [1]
        ring_lon, ring_lat = corners(float(centre_lon[0]), float(centre_lat[0]))
        # No corner is farther from the point than a hexagon is wide from corner to corner.
        reach = 2 * width * 360 / np.sqrt(3) * 1.0001
        assert np.abs(ring_lon - x).max() <= reach
        from shapely import Point, Polygon

        assert Polygon(np.column_stack([ring_lon, ring_lat])).buffer(1e-4).contains(Point(x, y))


def test_hexagons_count_every_point_once() -> None:
    rng = np.random.default_rng(6)
    lon, lat = rng.uniform(69.3, 74.0, 5_000), rng.uniform(31.2, 36.8, 5_000)
    centre_lon, centre_lat, n = hexagons(lon, lat)
    assert int(n.sum()) == 5_000
    assert len(set(zip(centre_lon.tolist(), centre_lat.tolist(), strict=True))) == len(n)

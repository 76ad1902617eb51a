"""Figures of ratios with their intervals, and of the kinds of incidents of a district: the values of their pages."""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree

import pytest

from geo.atlas import Atlas
from geo.export.view_settings import ViewSettings, from_toml
from geo.figure import lines, proof
from geo.figure.figure import draw
from geo.filters import Filters
from geo.schema import ATTACK_TYPES, TARGET_TYPES
from geo.views import profile
from geo.views.compare import plots
from geo.views.district import figures
from geo.views.sheets import compare, compare_places
from geo.views.sheets.choose import figures_of, sheet_of, why_not
from geo.views.sheets.shown import FigureView
from tests.figure import toy_view

PLACES = {"of": "places", "figure": "ratios_by_year"}


@pytest.fixture(scope="module")
def atlas(tmp_path_factory: pytest.TempPathFactory) -> Atlas:
    return Atlas.open(str(tmp_path_factory.mktemp("store")))


def view(atlas: Atlas, **options: str) -> FigureView:
    return atlas._figure_view(ViewSettings(page="compare", options=options or {"figure": "ratios"}))


@pytest.mark.parametrize("options", [{}, PLACES])
def test_ratios_are_those_of_the_page(atlas: Atlas, options: dict[str, str]) -> None:
    drawn = view(atlas, **options)
    made = sheet_of(drawn)
    if options:
        found = compare_places.compared(drawn).found
        side, names = found.by_year, list(map(str, found.years))
    else:
        found = compare.compared(drawn).found
        side, names = found.districts, list(drawn.view.districts.names.values())
    frame, end = plots.ratio_frame(names, side, plots.rows_with_interval(side, is_ranked=not options))
    assert len(frame) > 10
    assert [name.rstrip("*") for name in made.cells("name")] == list(frame["name"])
    assert made.cells("label") == list(frame["result"])
    assert {key.label: int(key.count) for key in made.keys} == {
        key.label: list(frame["result"]).count(key.label) for key in made.keys
    }
    for column, at in (("value", "at"), ("low", "low"), ("high", "high")):
        cut = [min(max(float(value), 1 / end), end) for value in made.cells(column)]
        assert cut == pytest.approx(list(frame[at]), rel=1e-5)
    assert all(words in said for words, said in zip(frame["ratio"], made.cells("said"), strict=True))
    pdf = draw(made, "pdf")
    assert draw(sheet_of(view(atlas, **options)), "pdf") == pdf
    assert proof.check(pdf).is_same
    assert proof.compared(proof.check(pdf).sheet, atlas.figure(from_toml(made.settings))) == ()


def test_a_ratio_of_one_stands_on_the_line_in_the_middle_and_double_as_far_as_half(atlas: Atlas) -> None:
    made = sheet_of(view(atlas))
    rows = tuple((*row[:3], value, "0.01", "100", "") for row, value in zip(made.rows, ("1", "2", "0.5"), strict=False))
    root = ElementTree.fromstring(lines.ratios(replace(made, rows=tuple((*row[:1], "2", *row[2:]) for row in rows))))
    one, double, half = (float(node.attrib["cx"]) for node in root if node.tag.endswith("circle"))
    assert double - one == pytest.approx(one - half, abs=0.02)
    assert double > one


def test_an_interval_beyond_the_axis_ends_in_an_arrowhead_and_a_ratio_from_none_is_no_point(atlas: Atlas) -> None:
    made = sheet_of(view(atlas))

    def shapes(value: str, low: str, high: str) -> tuple[int, int]:
        row = (*made.rows[0][:1], "2", made.rows[0][2], value, low, high, "")
        svg = lines.ratios(replace(made, rows=(row,)))
        return svg.count("<circle"), svg.count("Z")

    assert shapes("2", "0.5", "3")[0] == 1
    inside, cut = shapes("2", "0.5", "3"), shapes("2", "0.5", "70")
    assert cut == (1, inside[1] + 1)
    assert shapes("inf", "1.5", "inf")[0] == 0


def test_each_choice_of_the_page_offers_its_own() -> None:
    assert list(figures_of("compare", {"of": "places"})) == ["places", "ratios_by_year"]
    assert list(figures_of("compare", {})) == ["changes", "first", "second", "ratios"]


@pytest.mark.parametrize(
    ("figure", "column", "vocabulary"),
    [("attacks", "attack_type", ATTACK_TYPES), ("targets", "target_type", TARGET_TYPES), ("groups", "", {})],
)
def test_kinds_are_those_of_the_page_of_a_district(figure: str, column: str, vocabulary: dict[str, str]) -> None:
    drawn = toy_view.drawn("district", Filters(districts=("PK503",)), figure=figure)
    frame = figures.groups_frame(drawn.view)
    if column:
        frame = profile.by_vocabulary(drawn.view, drawn.view.filters, column, vocabulary)
    made = sheet_of(drawn)
    assert made.title.endswith("Bannu")
    assert list(zip(made.cells("name"), map(int, made.cells("value")), strict=True)) == list(
        frame.itertuples(index=False, name=None)
    )
    assert made.rows


def test_incidents_without_a_named_group_are_no_figure() -> None:
    refused = why_not(toy_view.drawn("district", Filters(districts=("PK533",)), figure="groups"))
    assert refused is not None
    assert "No group is named" in str(refused.message)

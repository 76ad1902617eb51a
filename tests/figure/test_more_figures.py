"""The surface, two places, small maps of years and the tests of the index: on paper as on the screen."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections import Counter
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from geo.analysis.counting import compare_places
from geo.analysis.counting.surface import CELL_KM, EXACT_KM, NEAR_KM, surface
from geo.analysis.index import request as access_request
from geo.analysis.index.backtest import covered_years
from geo.atlas import Atlas
from geo.export.view_settings import ViewSettings
from geo.figure import proof
from geo.figure.figure import draw
from geo.figure.sheet import Sheet, from_files
from geo.filters import Filters
from geo.problems import RejectedUpload
from geo.views import incident_points
from geo.views.access import years
from geo.views.access.words import SHORT_CLASSES
from geo.views.layers import Density
from geo.views.sheets import no_go
from geo.views.sheets.choose import figures_of, sheet_of
from tests.figure.toy_view import DISTRICTS, drawn, sheet

DENSITY_SCRIPT = Path(incident_points.__file__).with_name("assets") / "density.js"


@pytest.fixture(scope="module")
def atlas(tmp_path_factory: pytest.TempPathFactory) -> Atlas:
    return Atlas.open(str(tmp_path_factory.mktemp("store")))


def proves_itself(made: Sheet) -> bool:
    pdf = draw(made, "pdf")
    return from_files(made.files()) == made and proof.check(pdf).is_same and draw(made, "pdf") == pdf


# --- the surface ----------------------------------------------------------------------------------------


def test_a_surface_adds_up_to_its_incidents() -> None:
    km = np.array([[100.0, 100.0], [101.0, 130.0], [60.0, 60.0]])
    found = surface(km, np.array([False, True, False]), (0.0, 0.0), (80, 80))
    assert found.sum() * CELL_KM**2 / 1000 == pytest.approx(3, rel=0.001)
    assert np.unravel_index(found.argmax(), found.shape) == (33, 33)


def test_a_point_outside_the_paper_reaches_into_it() -> None:
    found = surface(np.array([[-4.0, 50.0]]), np.array([False]), (0.0, 0.0), (30, 30))
    assert 0 < found.sum() * CELL_KM**2 / 1000 < 0.5
    assert not surface(np.array([[-900.0, 50.0]]), np.array([False]), (0.0, 0.0), (30, 30)).any()


@pytest.mark.skipif(not shutil.which("node"), reason="node is not installed")
def test_the_surface_has_the_classes_of_the_screen() -> None:
    """The script of the screen smooths the same cells; both come close to one Gaussian."""
    rng, n, cell_km = np.random.default_rng(3), 300, 1.0
    km, is_near = rng.normal(n * cell_km / 2, 45, (150, 2)), rng.random(150) < 0.3
    ours = surface(km, is_near, (0.0, 0.0), (n, n), cell_km)
    grids = []
    for chosen in (~is_near, is_near):
        grid = np.zeros((n, n))
        np.add.at(grid, tuple(np.floor(km[chosen] / cell_km).astype(int).T[::-1]), 1)
        grids.append(grid.ravel().tolist())
    radii = [EXACT_KM / cell_km, NEAR_KM / cell_km]
    code = f"""{DENSITY_SCRIPT.read_text("utf-8")}
        const grids = {json.dumps(grids)}.map((g) => Float32Array.from(g));
        {json.dumps(radii)}.forEach((radius, i) => smooth(grids[i], {n}, {n}, radius));
        console.log(JSON.stringify([...grids[0]].map((v, k) => (v + grids[1][k]) * {1000 / cell_km**2})));"""
    run = subprocess.run(["node", "-"], input=code, check=True, capture_output=True, text=True)
    theirs = np.array(json.loads(run.stdout)).reshape(n, n)
    breaks = (0.3, 1, 3, 10, 30, 100)
    same = np.digitize(ours, breaks) == np.digitize(theirs, breaks)
    assert (np.digitize(ours, breaks) >= 2).sum() > 1_000, "there is something to compare"
    assert same.mean() > 0.93
    assert np.abs(np.digitize(ours, breaks) - np.digitize(theirs, breaks)).max() <= 1
    assert ours.sum() == pytest.approx(theirs.sum(), rel=0.02)


def test_the_reaches_of_the_surface_are_those_of_the_screen() -> None:
    assert (Density((), ()).exact_km, Density((), ()).near_km) == (EXACT_KM, NEAR_KM)


def test_the_figure_of_the_surface_has_the_legend_of_the_screen_and_its_numbers() -> None:
    made = sheet("points", mode="heat")
    layer = incident_points.layer(drawn("points").view, "heat", "group", "light", is_public=True)
    assert made.form == "surface"
    assert [(key.label, key.colour) for key in made.keys[:-1]] == [(e.label, e.colour) for e in layer.legend.entries]
    counted = Counter(made.cells("class"))
    assert [key.count for key in made.keys[:6]] == [str(counted[str(i)]) for i in range(6)]
    values = [float(n) for kind, n in zip(made.cells("kind"), made.cells("number"), strict=True) if kind == "cell"]
    assert min(values) >= 0.3
    numbers = {pcode: n for kind, pcode, *_xy, n in made.rows if kind == "district"}
    assert numbers == {pcode: str(n) for pcode, n in layer.badges}
    assert proves_itself(made)


# --- two places -----------------------------------------------------------------------------------------


def test_two_places_have_the_rates_and_ratios_of_the_page() -> None:
    view = drawn("compare", of="places", place="PK503", reference="PK533")
    both = compare_places.places_of(DISTRICTS, "PK503", "PK533")
    assert both is not None
    found = compare_places.places(
        view.view.table, DISTRICTS, Filters(), "incidents", *both, *view.view.covered, normaliser="per_100k"
    )
    made = sheet_of(view)
    assert made.title == "Incidents: Bannu and Tank"
    n = len(found.years)
    numbers = [int(cell) for cell in made.cells("number")]
    assert numbers == [*found.by_year.second.tolist(), *found.by_year.first.tolist()]
    rates = [float(cell) for cell in made.cells("value")]
    np.testing.assert_allclose(rates, [*found.by_year.second_rate, *found.by_year.first_rate], rtol=1e-5)
    assert made.cells("verdict") == [*found.by_year.verdict, *[""] * n]
    assert proves_itself(made)


@pytest.mark.parametrize(
    "options",
    [{"place": "PK503", "reference": "PK503"}, {"place": "nowhere"}, {"place": "south", "reference": "PK503"}],
)
def test_places_that_cannot_be_compared_are_refused(options: dict[str, str]) -> None:
    with pytest.raises(RejectedUpload):
        sheet("compare", of="places", **options)


def test_the_page_compare_offers_what_it_shows() -> None:
    assert list(figures_of("compare", {})) == ["changes", "first", "second", "ratios"]
    assert list(figures_of("compare", {"of": "places"})) == ["places", "ratios_by_year"]


# --- the index ------------------------------------------------------------------------------------------


def test_small_maps_have_the_classes_of_each_year_alone(atlas: Atlas) -> None:
    settings = ViewSettings(page="no_go", options={"figure": "years", "source": "register"})
    made = atlas.figure(settings)
    table = atlas._of_source("register")
    last = covered_years(table, ("register",))[-1]
    request = no_go.request_of(table, Filters(), settings.options, atlas._of_source)
    whole = table.source >= 0
    index = access_request.index_of(table, whole, DISTRICTS, access_request.of_year(request, last))
    of_last = [row for row in made.rows if row[0] == str(last)]
    assert [row[1] for row in of_last] == [record.pcode for record in index.records]
    assert [row[4] for row in of_last] == [SHORT_CLASSES[record.class_code] for record in index.records]
    assert [row[5] for row in of_last] == [years.LETTERS.get(record.class_code, "") for record in index.records]
    assert len(set(made.cells("period"))) <= years.MOST_YEARS
    assert "UCDP" not in dict(made.facts)["Sources"], "the index rests on one source"
    assert proves_itself(made)


def test_the_test_of_the_index_has_the_intervals_and_the_verdict_of_the_page(atlas: Atlas) -> None:
    settings = ViewSettings(Filters(sources="ucdp"), page="validation", options={"years": "2009-2016"})
    view = atlas._figure_view(settings)
    source = "ucdp_ged"
    found = view.lookups.backtest(source, access_request.frozen_settings(source), tuple(range(2009, 2017)))
    made = sheet_of(view)
    wanted = sorted(
        (d for d in found.differences if d.measure in ("spearman_count", "hit_share")), key=lambda d: d.mean
    )
    rows = sorted((float(value), float(low), float(high)) for value, low, high in zip(
        made.cells("value"), made.cells("low"), made.cells("high"), strict=True))  # fmt: skip
    np.testing.assert_allclose(rows, [(d.mean, d.low, d.high) for d in wanted], rtol=1e-4)
    assert Counter(made.cells("label")) == Counter(
        {"better": "the index is better", "worse": "the index is worse", "no different": "no difference found"}[
            d.verdict
        ]
        for d in wanted
    )
    assert "NOT" in made.lines[0]
    assert proves_itself(made)


def test_the_forecasts_of_quarters_have_the_intervals_of_the_page(atlas: Atlas) -> None:
    settings = ViewSettings(Filters(sources="ucdp"), page="validation", options={"figure": "quarters"})
    view = atlas._figure_view(settings)
    found = view.lookups.quarterly("ucdp_ged", access_request.frozen_settings("ucdp_ged"))
    assert found is not None
    made = sheet_of(view)
    np.testing.assert_allclose(
        [float(cell) for cell in made.cells("value")], [d.mean for d in found.against_index], rtol=1e-4
    )
    for label, d in zip(made.cells("label"), found.against_index, strict=True):
        assert label == (
            "the index is better" if d.high < 0 else "the index is worse" if d.low > 0 else "no difference found"
        )
    assert proves_itself(made)


def test_the_period_of_the_filter_does_not_apply_to_the_index(atlas: Atlas) -> None:
    years = {"source": "register", "years": "2016-2020"}
    short, whole = (
        atlas.figure(ViewSettings(Filters(start=start), page="validation", options=years))
        for start in (date(2023, 6, 5), None)
    )
    assert short.rows == whole.rows


def test_a_test_that_the_page_does_not_make_is_refused(atlas: Atlas) -> None:
    with pytest.raises(RejectedUpload) as refused:
        atlas.figure(ViewSettings(Filters(groups=("iskp",)), page="validation"))
    assert "No year has enough records" in str(refused.value.problems[0].message)

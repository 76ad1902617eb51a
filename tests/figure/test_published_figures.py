"""Figures of hot spots and of published totals: the findings, totals and recounts of their pages."""

from __future__ import annotations

from datetime import date

import pytest

from geo.analysis.evidence.recount import METRICS
from geo.analysis.index import request as access_request
from geo.atlas import Atlas
from geo.export.view_settings import ViewSettings, from_toml
from geo.figure import proof
from geo.figure.figure import draw
from geo.figure.sheet import Sheet, from_files
from geo.filters import Filters
from geo.problems import RejectedUpload
from geo.views import published
from geo.views.access import hot_spots
from geo.views.sheets import no_go, shown
from geo.views.sheets.choose import figures_of, sheet_of

YEAR = Filters(date(2024, 1, 1), date(2024, 12, 31))


@pytest.fixture(scope="module")
def atlas(tmp_path_factory: pytest.TempPathFactory) -> Atlas:
    return Atlas.open(str(tmp_path_factory.mktemp("store")))


def proves_itself(made: Sheet, atlas: Atlas) -> bool:
    pdf = draw(made, "pdf")
    found = proof.check(pdf)
    again = atlas.figure(from_toml(found.sheet.settings))
    is_same = from_files(made.files()) == made and found.is_same and draw(made, "pdf") == pdf
    return is_same and proof.compared(found.sheet, again) == () and draw(again, "pdf") == pdf


def settings(page: str, filters: Filters | None = None, **options: str) -> ViewSettings:
    return ViewSettings(filters or Filters(), page=page, options=options)


# --- hot spots ------------------------------------------------------------------------------------------


def test_hot_spots_have_the_findings_of_the_page(atlas: Atlas) -> None:
    asked = settings("no_go", figure="hotspots", source="register", window="2024-12")
    view = atlas._figure_view(asked)
    request = no_go.request_of(view.view.table, Filters(), asked.options, atlas._of_source)
    index = view.lookups.index(request)
    found = access_request.hotspots_of(index, view.view.districts)
    made = sheet_of(view)
    assert made.cells("pcode") == [record.pcode for record in index.records]
    words = [hot_spots.label_text(code) for code in found.labels]
    assert made.cells("label") == words
    assert len(set(words)) > 1
    assert made.cells("number") == [hot_spots.LETTERS.get(code, "") for code in found.labels]
    assert hot_spots.test_text(index, found) in made.lines
    assert "UCDP" not in dict(made.facts)["Sources"], "the index rests on one source"
    assert proves_itself(made, atlas)


def test_hot_spots_that_were_not_tested_say_why(atlas: Atlas) -> None:
    with pytest.raises(RejectedUpload) as refused:
        atlas.figure(settings("no_go", Filters(groups=("iskp",)), figure="hotspots", source="register"))
    assert "are needed for a test" in str(refused.value.problems[0].message)


# --- published totals -----------------------------------------------------------------------------------


def test_the_marks_are_the_totals_and_recounts_of_the_page(atlas: Atlas) -> None:
    made = atlas.figure(settings("published", YEAR, metric="attacks"))
    view = atlas._figure_view(settings("published", YEAR))
    source = access_request.indexable_sources(view.view.table, view.view.mask | True)[0]
    choice = published.choice_of(view.view, view.lookups.recounts(source), "attacks", "province", source)
    frame = published.dots_frame(choice)
    assert list(zip(made.cells("name"), made.cells("label"), made.cells("value"), strict=True)) == [
        (row.row, row.who, str(row.value)) for row in frame.itertuples()
    ]
    assert {"PIPS", published.ours_text()} <= set(made.cells("label"))
    foot = dict(made.facts)
    assert "PIPS" in foot["Sources"]
    assert foot["Shown"].startswith(f"{len(choice.shown)} published totals")
    assert made.axis == METRICS["attacks"].label
    assert proves_itself(made, atlas)


def with_districts(atlas: Atlas) -> published.Choice:
    view = atlas._figure_view(settings("published", YEAR)).view
    recounts = atlas._figure_view(settings("published")).lookups.recounts("register")
    return published.choice_of(view, recounts, "attacks", "district", "register")


@pytest.mark.parametrize("kind", ["published", "recorded"])
def test_the_map_holds_the_districts_of_one_publisher(atlas: Atlas, kind: str) -> None:
    choice = with_districts(atlas)
    chosen = published.chosen_of(choice, "")
    rows = published.rows_of(choice, chosen)
    code = published.code_of(chosen.total)
    options = {"metric": "attacks", "where": "district", "source": "register", "draw": kind, "total": code}
    made = atlas.figure(settings("published", YEAR, figure="map", **options))
    ours = {one.total: one.ours for one in choice.every}
    values = {str(row.pcode): row.value if kind == "published" else ours[row] for row in rows}
    drawn = dict(zip(made.cells("pcode"), made.cells("value"), strict=True))
    assert drawn == {p: "" if values.get(p) is None else str(values[p]) for p in made.cells("pcode")}
    assert len(values) > 2
    assert {made.cells("label")[i] for i, value in enumerate(drawn.values()) if not value} == {"not in this table"}
    assert chosen.total.publisher in dict(made.facts)["Sources"]
    has_recount = shown.credit_of("register") in dict(made.facts)["Sources"]
    assert has_recount == (kind == "recorded")
    assert proves_itself(made, atlas)


def test_a_total_keeps_its_code_and_no_two_have_the_same(atlas: Atlas) -> None:
    recounts = atlas._figure_view(settings("published")).lookups.recounts("register")
    codes = [published.code_of(one.total) for one in recounts]
    assert len(set(codes)) == len({one.total for one in recounts})
    assert all(len(code) == 12 for code in codes)


@pytest.mark.parametrize(
    ("filters", "options"),
    [
        (Filters(date(1995, 1, 1), date(1995, 12, 31)), {}),
        (YEAR, {"metric": "x"}),
        (YEAR, {"where": "x"}),
        (YEAR, {"draw": "x", "figure": "map"}),
        (YEAR, {"where": "other", "figure": "map"}),
    ],
)
def test_what_the_page_does_not_show_is_no_figure(atlas: Atlas, filters: Filters, options: dict[str, str]) -> None:
    with pytest.raises(RejectedUpload):
        atlas.figure(settings("published", filters, **options))


def test_each_page_offers_them() -> None:
    assert list(figures_of("no_go")) == ["map", "years", "hotspots", "months", "forces", "police"]
    assert list(figures_of("published")) == ["totals", "map"]

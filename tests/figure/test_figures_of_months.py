"""Figures of a district by month, of attacks by force, and of attacks on police by year: the values of the pages."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from geo.analysis.evidence import police
from geo.atlas import Atlas
from geo.export.view_settings import ViewSettings, from_toml
from geo.figure import proof, steps
from geo.figure.figure import draw
from geo.figure.sheet import Sheet, from_files
from geo.filters import Filters
from geo.problems import RejectedUpload
from geo.views.access import district, plots, ranking
from geo.views.access.page import SERIES_MONTHS
from geo.views.district import background
from geo.views.sheets import no_go
from geo.views.sheets.choose import sheet_of, why_not
from geo.views.sheets.shown import FigureView
from geo.wording import in_language

BANNU = Filters(districts=("PK503",))
OPTIONS = {"source": "register", "window": "2025-06"}


@pytest.fixture(scope="module")
def atlas(tmp_path_factory: pytest.TempPathFactory) -> Atlas:
    return Atlas.open(str(tmp_path_factory.mktemp("store")))


def asked(atlas: Atlas, figure: str, filters: Filters = BANNU, page: str = "no_go", language: str = "en") -> FigureView:
    options = OPTIONS if page == "no_go" else {}
    return atlas._figure_view(ViewSettings(filters, page, {**options, "figure": figure}, language=language))


def is_found_changed(pdf: bytes) -> bool:
    try:
        return not proof.check(pdf).is_same
    except RejectedUpload:
        return True


def of_kind(made: Sheet, kind: str) -> list[dict[str, str]]:
    rows = (dict(zip(made.columns, row, strict=True)) for row in made.rows)
    return [row for row in rows if row["kind"] == kind]


@pytest.mark.parametrize("page", ["no_go", "district"])
def test_months_have_the_points_and_both_classes_of_the_page(atlas: Atlas, page: str) -> None:
    view = asked(atlas, "months", page=page)
    request = no_go.request_of(view.view.table, BANNU, OPTIONS, atlas._of_source)
    if page == "district":
        request = background.request_of(view.view, atlas._of_source)
    place = view.view.districts.pcodes.index("PK503")
    frame = plots.series_frame(view.lookups.series(request, SERIES_MONTHS), place)
    made = sheet_of(view)
    for kind, column in (("smoothed", "steady"), ("alone", "raw")):
        rows = of_kind(made, kind)
        assert [row["period"] for row in rows] == list(frame["label"])
        assert [row["label"] for row in rows] == list(frame[column])
        assert [row["label"] for row in rows] == [made.keys[int(row["class"])].label for row in rows]
        assert [float(row["value"]) for row in rows] == pytest.approx(list(frame["points"]), rel=1e-5)
        assert [int(row["attacks"]) for row in rows] == list(frame["attacks"])
    assert len(set(frame["steady"])) > 2
    counted = Counter(frame["steady"])
    assert [int(key.count) for key in made.keys] == [counted[key.label] for key in made.keys]
    limits = [float(row["value"]) for row in of_kind(made, "limit")]
    assert limits == [0.0, *view.lookups.index(request).settings.cuts]
    assert district.months_text(view.lookups.index(request)) in made.notes


def test_months_of_the_page_of_a_district_rest_on_all_incidents_as_there(atlas: Atlas) -> None:
    narrow = Filters(districts=("PK503",), groups=("iskp",))
    made, of_all = (sheet_of(asked(atlas, "months", filters, "district")) for filters in (narrow, BANNU))
    assert made.rows == of_all.rows
    assert sheet_of(asked(atlas, "months", narrow)).rows != sheet_of(asked(atlas, "months")).rows


def test_without_a_chosen_district_it_is_the_one_that_the_page_opens(atlas: Atlas) -> None:
    view = asked(atlas, "months", Filters())
    request = no_go.request_of(view.view.table, Filters(), OPTIONS, atlas._of_source)
    first = ranking.ranked(view.lookups.index(request))[0].name
    assert sheet_of(view).title == f"{first}: points and class by month"


def test_forces_are_those_of_the_record(atlas: Atlas) -> None:
    view = asked(atlas, "forces")
    request = no_go.request_of(view.view.table, BANNU, OPTIONS, atlas._of_source)
    record = district.record_of(view.lookups.index(request), "PK503")
    made = sheet_of(view)
    assert sorted(map(int, made.cells("value"))) == sorted(record.forces.values())
    assert sum(map(int, made.cells("value"))) > 0
    silent = next(r.pcode for r in view.lookups.index(request).records if not sum(r.forces.values()))
    refused = why_not(asked(atlas, "forces", Filters(districts=(silent,))))
    assert refused is not None
    assert "No attack on police or security forces" in str(refused.message)


@pytest.mark.parametrize("filters", [Filters(), BANNU])
def test_attacks_on_police_are_those_of_the_register_by_year(atlas: Atlas, filters: Filters) -> None:
    made = sheet_of(asked(atlas, "police", filters))
    table = police.recorded_by_year(atlas._of_source("register"), filters.districts[0] if filters.districts else None)
    drawn = {
        period.rstrip("*"): int(value) for period, value in zip(made.cells("period"), made.cells("value"), strict=True)
    }
    assert {year: n for year, n in drawn.items() if n} == {
        str(year): n for year, n in zip(table["Year"], table["Attacks on police"], strict=True) if n
    }
    years = list(map(int, drawn))
    assert years == list(range(years[0], years[-1] + 1)), "a year without a record has its place, too"
    assert made.cells("period")[-1].endswith("*"), "the newest year is covered in part"
    assert f"{sum(drawn.values())} attacks on police" in dict(made.facts)["Shown"]
    assert "UCDP" not in dict(made.facts)["Sources"]


def test_a_district_without_an_attack_on_police_is_refused(atlas: Atlas) -> None:
    table = atlas._of_source("register")
    silent = next(p for p in atlas.districts.index if police.recorded_by_year(table, p).empty)
    with pytest.raises(RejectedUpload, match="no attack on police"):
        sheet_of(asked(atlas, "police", Filters(districts=(silent,))))


@pytest.mark.parametrize("language", ["en", "ur"])
@pytest.mark.parametrize(
    ("page", "figure"), [("no_go", "months"), ("no_go", "forces"), ("no_go", "police"), ("district", "months")]
)
def test_each_proves_itself(atlas: Atlas, page: str, figure: str, language: str) -> None:
    made = sheet_of(asked(atlas, figure, page=page, language=language))
    pdf = draw(made, "pdf")
    assert draw(sheet_of(asked(atlas, figure, page=page, language=language)), "pdf") == pdf
    assert from_files(made.files()) == made
    found = proof.check(pdf)
    assert found.is_same
    assert proof.compared(found.sheet, atlas.figure(from_toml(found.sheet.settings))) == ()
    for place in (len(pdf) // 3, len(pdf) // 2):
        changed = bytearray(pdf)
        changed[place] ^= 1
        assert is_found_changed(bytes(changed))


# --- the drawing ----------------------------------------------------------------------------------------


def drawn_boxes(made: Sheet) -> list[dict[str, str]]:
    with in_language(made.language):
        return [dict(node.attrib) for node in ElementTree.fromstring(steps.draw(made)) if node.tag.endswith("rect")]


def test_each_run_of_a_class_is_one_box_as_long_as_its_months(atlas: Atlas) -> None:
    made = sheet_of(asked(atlas, "months"))
    strips = [box for box in drawn_boxes(made) if "fill-opacity" not in box]
    colours = {key.colour: key for key in made.keys}
    month = (540 - 84) / len(of_kind(made, "smoothed"))
    top = min(float(box["y"]) for box in strips)
    length = Counter[str]()
    for box in strips:
        if float(box["y"]) == top:
            length[colours[box["fill"]].label] += round(float(box["width"]) / month)
    assert length == Counter({key.label: int(key.count) for key in made.keys if key.count != "0"})


def test_a_month_without_points_interrupts_the_steps(atlas: Atlas) -> None:
    made = sheet_of(asked(atlas, "months"))
    place, gap = made.columns.index("value"), of_kind(made, "smoothed")[5]["period"]
    rows = tuple((*row[:place], "", *row[place + 1 :]) if row[:2] == ("smoothed", gap) else row for row in made.rows)
    paths = [
        sum(node.tag.endswith("path") for node in ElementTree.fromstring(steps.draw(sheet)))
        for sheet in (made, replace(made, rows=rows))
    ]
    assert paths == [1, 2]

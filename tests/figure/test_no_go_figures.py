"""Figures of the page on no-go areas, of the shipped data: the classes of the index and of all sources together."""

from __future__ import annotations

from collections import Counter

import pytest

from geo.atlas import Atlas
from geo.export.view_settings import ViewSettings
from geo.figure import proof
from geo.figure.figure import draw
from geo.problems import RejectedUpload
from geo.views.access import evidence_map


@pytest.fixture(scope="module")
def atlas(tmp_path_factory: pytest.TempPathFactory) -> Atlas:
    return Atlas.open(str(tmp_path_factory.mktemp("store")))


def of_line(line: str, **options: str) -> ViewSettings:
    return ViewSettings(page="no_go", options={"line": line, "window": "2024-12", **options})


@pytest.mark.parametrize("line", evidence_map.MAPS)
def test_each_line_of_evidence_is_a_figure_that_proves_itself(atlas: Atlas, line: str) -> None:
    made = atlas.figure(of_line(line))
    assert len(made.rows) == 35
    assert "Jan 2024 to Dec 2024" in made.lines
    counted = Counter(made.cells("label"))
    assert all(key.count in ("", str(counted[key.label])) for key in made.keys)
    pdf = draw(made, "pdf")
    assert proof.check(pdf).is_same
    assert proof.compared(proof.check(pdf).sheet, atlas.figure(of_line(line))) == ()


def test_the_classes_are_those_of_the_evidence(atlas: Atlas) -> None:
    from datetime import date

    found = atlas.evidence(date(2024, 1, 1), date(2024, 12, 31))
    made = atlas.figure(of_line("together"))
    # The legend has two labels for a class: of several sources, and of one alone.
    groups: dict[tuple[str, bool], set[str]] = {}
    for one, label in zip(found.districts, made.cells("label"), strict=True):
        groups.setdefault(evidence_map.together_code(one), set()).add(label)
    assert all(len(labels) == 1 for labels in groups.values())
    assert len({label for labels in groups.values() for label in labels}) == len(groups)
    described = {one.pcode for one in found.districts if one.described}
    assert set(made.dotted) == described
    assert described


def test_what_is_shown_is_of_the_window(atlas: Atlas) -> None:
    foot = dict(atlas.figure(of_line("recorded")).facts)
    assert "records from 1 Jan 2024 to 31 Dec 2024" in foot["Data"]
    assert not foot["Shown"].startswith("5,")


@pytest.mark.parametrize("options", [{"line": "x"}, {"window": "2024"}, {"window": "2024-13"}])
def test_options_that_mean_nothing_are_refused(atlas: Atlas, options: dict[str, str]) -> None:
    with pytest.raises(RejectedUpload):
        atlas.figure(of_line("together") if not options else ViewSettings(page="no_go", options=options))

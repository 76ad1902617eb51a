"""Figures and briefs as files: time and size of each product, made of incidents with and without places."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import NoReturn

from benchmarks import made_up
from benchmarks.timing import Comparison, compare
from geo.analysis.evidence.lines import Evidence, evidence
from geo.analysis.index.monthly_counts import Window
from geo.districts import load
from geo.embedded import DATA_DAY
from geo.export.data_version import DataVersion
from geo.export.view_settings import ViewSettings
from geo.figure import brief, figure, proof
from geo.incidents import IncidentTable, build
from geo.views.sheets import briefs
from geo.views.sheets.choose import sheet_of
from geo.views.sheets.shown import FigureView, Lookups
from geo.views.state import View

DEFAULT_ROWS = 10_000
OURS = "map of districts, PNG"
_ROUNDS = 5


def run(rows: int) -> list[Comparison]:
    """Time every product of a view of as many made-up incidents; the facts are sizes in kB."""
    drawn = _view(build({"1": made_up.incidents(rows)}, load().pcodes, "measured"))
    on_points = _on(drawn, "points", {"mode": "hex"})
    map_pdf = figure.draw(sheet_of(drawn), "pdf")
    brief_pdf = brief.draw(briefs.brief(drawn, "PK503"))
    ways: dict[str, Callable[[], bytes]] = {
        OURS: lambda: figure.draw(sheet_of(drawn), "png"),
        "map of districts, PNG x2": lambda: figure.draw(sheet_of(drawn), "png2"),
        "map of districts, PNG x3": lambda: figure.draw(sheet_of(drawn), "png3"),
        "map of districts, SVG": lambda: figure.draw(sheet_of(drawn), "svg"),
        "map of districts, PDF": lambda: figure.draw(sheet_of(drawn), "pdf"),
        "map in hexagons, PDF": lambda: figure.draw(sheet_of(on_points), "pdf"),
        "smoothed surface, PDF": lambda: figure.draw(sheet_of(_on(drawn, "points", {"mode": "heat"})), "pdf"),
        "two places by year, PDF": lambda: figure.draw(sheet_of(_on(drawn, "compare", {"of": "places"})), "pdf"),
        "bars by year, PDF": lambda: figure.draw(sheet_of(_on(drawn, "trends", {})), "pdf"),
        "ranking, PDF": lambda: figure.draw(sheet_of(_on(drawn, "districts", {})), "pdf"),
        "brief on a district": lambda: brief.draw(briefs.brief(drawn, "PK503")),
        "brief on the province": lambda: brief.draw(briefs.brief(drawn, "")),
        "PDF map drawn again and compared": lambda: _proved(map_pdf),
        "PDF brief drawn again and compared": lambda: _proved(brief_pdf),
    }
    sizes = {name: f"{len(make()) / 1000:,.0f} kB" for name, make in ways.items()}
    return [compare("settings to file", ways, OURS, rounds=_ROUNDS, facts=sizes)]


def _view(table: IncidentTable) -> FigureView:
    districts = load()

    def without_source(_source: str | None, window: Window) -> Evidence:
        return evidence([], districts, window.first_day, window.last_day)

    def nothing(*_question: object) -> NoReturn:
        raise LookupError

    lookups = Lookups(nothing, nothing, without_source, *[nothing] * 6)
    return FigureView(View.whole(table, districts), ViewSettings(), DataVersion("0" * 12, DATA_DAY), lookups)


def _on(drawn: FigureView, page: str, options: dict[str, str]) -> FigureView:
    return replace(drawn, settings=replace(drawn.settings, page=page, options=options))


def _proved(pdf: bytes) -> bytes:
    if not proof.check(pdf).is_same:
        raise AssertionError("a figure is not what it carries")
    return pdf

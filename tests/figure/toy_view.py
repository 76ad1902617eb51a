"""A small view to draw: six incidents in three districts, one place exact, one near, one row without a district."""

from __future__ import annotations

from datetime import date
from typing import NoReturn

from geo import districts as geo_districts
from geo.analysis.evidence.lines import Evidence, evidence
from geo.analysis.index.monthly_counts import Window
from geo.analysis.index.profiles import CannotCompute
from geo.export.data_version import DataVersion
from geo.export.view_settings import ViewSettings
from geo.figure.sheet import Sheet
from geo.filters import Filters
from geo.incidents import IncidentTable, build
from geo.problems import Problem, ProblemCode
from geo.views.sheets.choose import FIGURES, sheet_of
from geo.views.sheets.shown import FigureView, Lookups
from geo.views.state import View
from tests.toy import row, table

DISTRICTS = geo_districts.load()
VERSION = DataVersion("0123456789ab", date(2026, 1, 2))

# The figures that need no index: it takes more records than the toy has. Those of the others: test_no_go_figures.py
# and its neighbours.
EVERY = [
    (page, name)
    for page, figures in FIGURES.items()
    for name in figures
    if page not in ("no_go", "published", "validation") and name not in ("months", "forces")
]


def without_index(*_asked: object) -> NoReturn:
    raise CannotCompute([Problem(ProblemCode.NOT_FOR_INDEX, "The toy has no index.")])


def without_sources(source: str | None, window: Window) -> Evidence:
    """Return the evidence that published statements and totals alone give."""
    return evidence([], DISTRICTS, window.first_day, window.last_day)


LOOKUPS = Lookups(without_index, without_index, without_sources, *[without_index] * 6)


def incidents() -> IncidentTable:
    exact = {"geo_precision": "exact", "lat": 32.99, "lon": 70.6}
    near = {"geo_precision": "near", "lat": 32.9, "lon": 70.5}
    rows = (
        row(1, pcode="PK503", killed_best=2, target_type="police", day=date(2023, 1, 5), group_id="ttp", **exact),
        row(2, pcode="PK503", killed_best=1, day=date(2024, 2, 5), **near),
        row(3, pcode="PK503", day=date(2025, 2, 5)),
        row(4, pcode="PK533", day=date(2025, 3, 5)),
        row(5, pcode="PK532", killed_best=0, target_type="police", day=date(2025, 4, 5)),
        row(6, geo_precision="province", day=date(2025, 5, 5)),
    )
    return build({"1": table(*rows)}, DISTRICTS.pcodes, "v")


def drawn(page: str = "overview", filters: Filters | None = None, **options: str) -> FigureView:
    """Return the view of the toy incidents under a filter, on a page with options."""
    chosen = filters or Filters()
    settings = ViewSettings(filters=chosen, page=page, options=options, data_version=VERSION.code)
    return FigureView(View.of(incidents(), DISTRICTS, chosen), settings, VERSION, LOOKUPS, {"1": "own.csv"})


def sheet(page: str = "overview", filters: Filters | None = None, **options: str) -> Sheet:
    """Return the sheet of a figure of the toy incidents."""
    return sheet_of(drawn(page, filters, **options))

"""Figures and briefs of two periods: the counts and verdicts of the page, in the same classes, refused as there."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date

import pypdf
import pytest

from geo.analysis.counting import compare
from geo.analysis.counting.compare import NotComparable, Period
from geo.figure import figure
from geo.figure.brief import draw
from geo.figure.proof import check
from geo.filters import Filters
from geo.incidents import build
from geo.problems import RejectedUpload
from geo.views.sheets.choose import brief_of, sheet_of, why_not
from geo.views.sheets.shown import FigureView
from geo.views.state import View
from tests.figure.toy_view import DISTRICTS, drawn
from tests.toy import row, table

FIRST, SECOND = Period(date(2023, 1, 1), date(2023, 12, 31)), Period(date(2024, 1, 1), date(2024, 12, 31))


def two_years(**options: str) -> FigureView:
    """Bannu: 2 incidents, then 30. Tank: 3, then 4."""
    numbers = (("PK503", 2023, 2), ("PK503", 2024, 30), ("PK533", 2023, 3), ("PK533", 2024, 4))
    days = [(pcode, date(year, 1 + n % 12, 1 + n // 12)) for pcode, year, count in numbers for n in range(count)]
    days += [("PK501", date(2023, 1, 1)), ("PK501", date(2024, 12, 31))]
    rows = [row(n, pcode=pcode, day=day) for n, (pcode, day) in enumerate(days)]
    built = build({"1": table(*rows)}, DISTRICTS.pcodes, "v")
    made = drawn("compare", year1="2023", year2="2024", **options)
    return replace(made, view=View.of(built, DISTRICTS, Filters()))


def test_the_counts_and_verdicts_are_those_of_the_comparison() -> None:
    made = two_years()
    found = compare.periods(made.view.table, DISTRICTS, Filters(), "incidents", FIRST, SECOND).districts
    sheet = sheet_of(made)
    assert [int(n) for n in sheet.cells("first")] == found.first.tolist()
    assert [int(n) for n in sheet.cells("second")] == found.second.tolist()
    assert sheet.cells("verdict") == list(found.verdict)
    place = DISTRICTS.pcodes.index("PK503")
    assert sheet.cells("label")[place] == "clearly higher: double or more"
    assert sheet.cells("number")[place] == "×15"


def test_both_periods_have_the_same_legend() -> None:
    first, second = (sheet_of(two_years(figure=name)) for name in ("first", "second"))
    assert [(key.label, key.colour) for key in first.keys] == [(key.label, key.colour) for key in second.keys]
    assert first.cells("label") != second.cells("label")


@pytest.mark.parametrize("name", ["changes", "first", "second"])
def test_each_figure_proves_itself(name: str) -> None:
    assert check(figure.draw(sheet_of(two_years(figure=name)), "pdf")).is_same


def test_the_brief_names_what_differs_clearly_first_and_proves_itself() -> None:
    pdf = draw(brief_of(two_years(), ""))
    assert check(pdf).is_same
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    said = " ".join(pages[0].extract_text().split())
    assert len(pages) == 2
    assert "2024 against 2023" in said
    assert "All districts together: 6 in 2023, 35 in 2024" in said
    assert "Clearly higher: Bannu." in said
    assert "Clearly lower: no district." in said


@pytest.mark.parametrize(
    "options",
    [
        {"year2": "2023"},
        {"spans": "own"},
        {"spans": "own", "period1": "x", "period2": "y"},
        {"of": "places", "figure": "changes"},
    ],
)
def test_what_the_page_does_not_compare_is_refused(options: dict[str, str]) -> None:
    made = two_years()
    made = replace(made, settings=replace(made.settings, options={**made.settings.options, **options}))
    with pytest.raises((NotComparable, RejectedUpload)):
        sheet_of(made)
    assert why_not(made) is not None
    assert why_not(two_years()) is None

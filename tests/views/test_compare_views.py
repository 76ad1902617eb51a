"""What the page Compare draws and says: classes by text and pattern, ratios in words, charts cut at their ends."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from geo import districts as geo_districts
from geo.analysis.counting import compare
from geo.analysis.counting.compare import Period, Ratios, ratios
from geo.filters import Filters
from geo.incidents import build
from geo.views.compare import controls, maps, periods, plots, words
from geo.views.state import View
from tests.toy import row, table

DISTRICTS = geo_districts.load()
YEARS = Period(date(2023, 1, 1), date(2023, 12, 31)), Period(date(2024, 1, 1), date(2024, 12, 31))


def compared(*counts: tuple[str, int, int], normaliser: str = "count") -> tuple[View, compare.PeriodComparison]:
    """Compare two years in which every incident falls on the first and the last day of a year, half and half."""
    rows, number = [], 0
    for pcode, *of_years in counts:
        for year, n in zip((2023, 2024), of_years, strict=True):
            for k in range(n):
                number += 1
                rows.append(row(number, pcode=pcode, day=date(year, 1 + k % 12, 1)))
    rows += [row(900, pcode="PK528", day=date(2023, 1, 1)), row(901, pcode="PK528", day=date(2024, 12, 31))]
    view = View.whole(build({"1": table(*rows)}, DISTRICTS.pcodes, "v"), DISTRICTS)
    found = compare.periods(view.table, DISTRICTS, Filters(), "incidents", *YEARS, normaliser=normaliser)
    return view, found


def entry_of(choropleth: maps.ChoroplethView, pcode: str) -> maps.LegendEntry:
    place = next(one.entry for one in choropleth.districts if one.pcode == pcode)
    return choropleth.legend.entries[place]


def test_the_map_of_changes_colours_only_what_is_clear_and_says_it_in_text() -> None:
    view, found = compared(("PK503", 4, 60), ("PK519", 40, 2), ("PK533", 5, 7))
    drawn = maps.changes(view, found, "light")
    assert entry_of(drawn, "PK503").label == "clearly higher: double or more"
    assert entry_of(drawn, "PK519").label == "clearly lower: half or less"
    assert entry_of(drawn, "PK533").label == "no clear change"
    assert entry_of(drawn, "PK501").label == "none recorded in either period"
    assert dict(drawn.badges) == {"PK503": "×15", "PK519": "×0.05"}
    card = dict(next(one.lines for one in drawn.districts if one.pcode == "PK503"))
    assert card["Result"] == "clearly higher"
    assert card["2023"] == "4"


def test_a_difference_that_is_unsettled_is_hatched_over_its_colour() -> None:
    view, found = compared(("PK503", 4, 60))
    side = found.districts
    side.is_settled[:] = False
    entry = entry_of(maps.changes(view, found, "light"), "PK503")
    assert entry.label == "clearly higher: double or more, unsettled"
    assert entry.is_hatched
    assert entry.colour == maps.palettes.DIVERGING["light"][-1]


def test_a_map_of_what_is_not_tested_has_no_class_of_what_is_clear() -> None:
    view, found = compared(("PK503", 4, 60))
    n = len(DISTRICTS.pcodes)
    side = ratios(found.districts.first, found.districts.second, np.ones(n), np.ones(n), is_tested=False)
    drawn = maps.changes(view, replace(found, measure="killed", districts=side), "light")
    assert [entry.label for entry in drawn.legend.entries] == [
        "not tested",
        "none recorded in either period",
        "no rate",
    ]
    assert entry_of(drawn, "PK503").is_hatched
    assert entry_of(drawn, "PK501").label == "none recorded in either period"


def test_both_maps_have_the_same_classes_and_few_incidents_give_no_rate() -> None:
    view, found = compared(("PK503", 2, 60), normaliser="per_100k")
    first, second = (maps.rates(view, found, is_second=later, theme="light") for later in (False, True))
    assert first.legend.entries == second.legend.entries
    assert entry_of(first, "PK503").label == "fewer than 3 incidents: number only"
    assert ("PK503", 2) in first.badges


@pytest.mark.parametrize(
    ("first", "second", "ratio", "interval", "badge"),
    [
        (10, 20, "2.00 times", "0.89 to 4.78", "×2.0"),
        (0, 7, "from none", "at least 1.44", "0→7"),
        (7, 0, "to none", "0.00 to 0.69", "7→0"),
        (0, 0, "none recorded", "", ""),
        (1, 17, "17 times", "2.66 to 710", "×17"),
    ],
)
def test_ratios_are_said_with_their_interval(first: int, second: int, ratio: str, interval: str, badge: str) -> None:
    found = ratios([first], [second], [1], [1])
    assert words.ratio_text(found, 0) == ratio
    assert words.interval_text(found, 0) == interval
    if badge:
        assert words.badge_text(found, 0) == badge


def test_a_chart_of_ratios_ends_where_its_marks_end_and_cuts_what_lies_beyond() -> None:
    found = ratios([10, 0, 30], [20, 9, 10], [1] * 3, [1] * 3)
    frame, end = plots.ratio_frame(["a", "b", "c"], found, [0, 1, 2])
    assert end == 4
    assert frame["at"].tolist() == pytest.approx([2.0, 4.0, 1 / 3])
    assert np.isfinite(frame[["low", "high"]].to_numpy()).all()
    assert frame["is_beyond"].tolist() == [False, True, False], "from none is no point on the axis"
    assert frame["goes_on_high"].tolist() == [True, True, False]
    marks = [("point", ["a", "c"]), ("point", ["c"]), ("point", ["a", "b"]), ("text", ["b"]), ("text", ["b"])]
    assert marks_of(["a", "b", "c"], found) == marks


def marks_of(names: list[str], found: Ratios) -> list[tuple[str, list[str]]]:
    """Return the kind of mark and the names of the rows of each layer of a chart above its lines."""
    drawn = plots.ratio_chart(names, found, list(range(len(names))), "x", "light").to_dict()
    layers = [(one["mark"]["type"], drawn["datasets"][one["data"]["name"]]) for one in drawn["layer"][2:]]
    return [(kind, [row["name"] for row in rows]) for kind, rows in layers]


def test_a_chart_of_ratios_has_no_empty_layer_which_would_be_a_picture_without_a_name() -> None:
    assert marks_of(["a", "b"], ratios([100, 90], [120, 100], [1] * 2, [1] * 2)) == [("point", ["a", "b"])]
    assert {kind for kind, rows in marks_of(["a"], ratios([0], [9], [1], [1])) if rows} == {"point", "text"}
    assert all(rows for _, rows in marks_of(["a"], ratios([0], [9], [1], [1])))


@pytest.mark.parametrize(
    ("last", "first_of_all", "last_of_all"),
    [
        (date(2026, 6, 4), date(2024, 6, 1), date(2026, 5, 31)),
        (date(2025, 12, 31), date(2024, 1, 1), date(2025, 12, 31)),
    ],
)
def test_the_last_twelve_months_are_whole_months(last: date, first_of_all: date, last_of_all: date) -> None:
    before, after = controls.twelve_months(last)
    assert (before.first, after.last) == (first_of_all, last_of_all)
    assert (after.first - before.last).days == 1


@pytest.mark.parametrize(
    "code", ["2024-01-01", "2024-02-30_2024-03-01", "2024-05-01_2024-01-01", "1990-01-01_2024-01-01", ""]
)
def test_what_is_no_period_of_the_data_is_not_read(code: str) -> None:
    assert controls.parsed(code, Period(date(2007, 1, 1), date(2026, 12, 31))) is None


def test_districts_that_are_unsettled_are_counted_apart_and_marked_in_the_key() -> None:
    view, found = compared(("PK503", 4, 60), ("PK533", 3, 50), ("PK519", 40, 2))
    found.districts.is_settled[DISTRICTS.pcodes.index("PK533")] = False
    said = "\n".join(periods.sentences(view, found))
    assert "**Clearly higher** (1): Bannu; unsettled\\* (1): Tank" in said
    assert "**Clearly lower** (1): Lakki Marwat\n" in said
    entries = maps.changes(view, found, "light").legend.entries
    marked = [entry.is_hatched for entry in entries]
    assert ["▨" in words.key_text([entry]) for entry in entries] == marked
    assert any(marked)

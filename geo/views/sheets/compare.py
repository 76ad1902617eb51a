"""Sheets of the page Compare: two periods in the same classes, and what differs clearly between them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from geo.analysis.counting import compare
from geo.analysis.counting.compare import Period, PeriodComparison
from geo.analysis.counting.questions import MEASURES
from geo.export.filter_words import filters_in_words
from geo.figure.sheet import Sheet
from geo.problems import ProblemCode, rejected
from geo.views.compare import controls, register
from geo.views.compare import maps as compare_maps
from geo.views.compare.words import clear_text, period_text
from geo.views.layers import ChoroplethView
from geo.views.sheets import maps
from geo.views.sheets.shown import FigureView
from geo.views.state import View
from geo.wording import _, text

_COLUMNS = ("first", "second", "ratio", "low", "high", "q", "verdict")


@dataclass(frozen=True, slots=True)
class Compared:
    """Two periods of a view compared; drawn: the view from the first day to the last of both."""

    drawn: FigureView
    found: PeriodComparison


def compared(drawn: FigureView) -> Compared:
    """Return the comparison that the options of the page name.

    Raises NotComparable as the page refuses, RejectedUpload for options that name no two periods.
    """
    view, settings = drawn.view, drawn.settings
    first, second = _periods(drawn)
    if reason := compare.why_not(view.table, view.filters, first, second, settings.measure):
        raise compare.not_comparable(reason)
    found = compare.periods(view.table, view.districts, view.filters, settings.measure, first, second, settings.per)
    days = sorted((found.first, found.second), key=lambda period: period.first)
    filters = replace(view.filters, start=days[0].first, end=days[1].last, districts=())
    return Compared(replace(drawn, view=View.of(view.table, view.districts, filters)), found)


def changes(drawn: FigureView) -> Sheet:
    """Return the map of what differs clearly."""
    one = compared(drawn)
    found = one.found
    title = _(
        "{measure}: {second} against {first}",
        measure=_(MEASURES[found.measure]),
        second=period_text(found.second),
        first=period_text(found.first),
    )
    return _sheet(one, compare_maps.changes(one.drawn.view, found, "light"), title, _("What is clearly different"))


def first(drawn: FigureView) -> Sheet:
    """Return the map of the first period."""
    return period_map(compared(drawn), is_second=False)


def second(drawn: FigureView) -> Sheet:
    """Return the map of the second period, in the classes of the first."""
    return period_map(compared(drawn), is_second=True)


def period_map(one: Compared, *, is_second: bool) -> Sheet:
    """Return the map of one of two periods; both have the same classes."""
    layer = compare_maps.rates(one.drawn.view, one.found, is_second=is_second, theme="light")
    period = period_text(one.found.second if is_second else one.found.first)
    title = _("{measure} by district, {period}", measure=_(MEASURES[one.found.measure]), period=period)
    other = period_text(one.found.first if is_second else one.found.second)
    return _sheet(one, layer, title, _("In the classes of the map of {period}", period=other))


def _sheet(one: Compared, layer: ChoroplethView, title: str, line: str) -> Sheet:
    side = one.found.districts
    counts = (np.array(side.counts(is_second=later), dtype=np.float64) for later in (False, True))
    columns = (*counts, side.ratio, side.low, side.high, side.q)
    values = {
        pcode: ("", *(_cell(column[i]) for column in columns), side.verdict[i])
        for i, pcode in enumerate(one.drawn.view.districts.pcodes)
    }
    said = filters_in_words(one.drawn.settings.filters, one.drawn.view.districts.names, one.drawn.datasets)
    clear = clear_text(is_tested=one.found.measure in compare.TESTED_MEASURES)
    collected = register.amounts(one.drawn.view.table, one.found.first, one.found.second)
    notes = (*layer.legend.notes, clear, *filter(None, [collected]))
    return maps.choropleth(
        one.drawn,
        replace(layer, legend=replace(layer.legend, notes=notes)),
        title=title,
        values=values,
        more_columns=_COLUMNS,
        lines=(line, _("; ").join(said)),
    )


def _cell(value: float) -> str:
    return "" if np.isnan(value) else f"{value:.6g}"


def _periods(drawn: FigureView) -> tuple[Period, Period]:
    options, table = drawn.settings.options, drawn.view.table
    if options.get("of", "periods") != "periods" or not table.last_day or not table.first_day:
        raise rejected(ProblemCode.SETTING, text("Figures are made of the comparison of two periods only."))
    spans = options.get("spans", "years")
    if spans == "twelve":
        return controls.twelve_months(table.last_day)
    if spans == "years":
        whole = table.last_day.year if table.last_day.month == 12 else table.last_day.year - 1
        years = (options.get("year1", f"{whole - 1}"), options.get("year2", f"{whole}"))
        if all(year.isdecimal() and len(year) == 4 for year in years):
            return controls.year_of(int(years[0])), controls.year_of(int(years[1]))
    bounds = Period(date(table.first_day.year, 1, 1), date(table.last_day.year, 12, 31))
    found = [controls.parsed(options.get(key, ""), bounds) for key in ("period1", "period2")]
    if found[0] is None or found[1] is None:
        message = text("These options name no two periods to compare.")
        hint = text("Write year1 and year2, or period1 and period2 as 2024-01-01_2024-06-30 with spans = own.")
        raise rejected(ProblemCode.SETTING, message, hint)
    return found[0], found[1]

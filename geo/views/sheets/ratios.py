"""Sheets of ratios with their intervals: of the districts between two periods, and of two places year by year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from geo.analysis.counting.compare import TESTED_MEASURES, Ratios
from geo.analysis.counting.questions import MEASURES
from geo.export.filter_words import filters_in_words
from geo.figure.sheet import Key, Sheet
from geo.problems import ProblemCode, rejected
from geo.sources import SEAM_NOTE
from geo.views import charts, palettes
from geo.views.compare import plots
from geo.views.compare.words import clear_text, interval_text, period_text, ratio_text
from geo.views.sheets import compare, compare_places
from geo.views.sheets.shown import FigureView, heading_lines, sheet
from geo.wording import N_, _, text

_RESULTS: dict[str, str] = {"higher": N_("clearly higher"), "lower": N_("clearly lower"), "": N_("not clear")}


def periods(drawn: FigureView) -> Sheet:
    """Return the ratio of each district between two periods, the highest first. Errors as in `compare.compared`."""
    one = compare.compared(drawn)
    found, districts, measure = one.found, one.drawn.view.districts, one.found.measure
    first, second = period_text(found.first), period_text(found.second)
    title = _("{measure}: {second} against {first}", measure=_(MEASURES[measure]), second=second, first=first)
    names = [districts.names[pcode] for pcode in districts.pcodes]
    filters = replace(drawn.settings.filters, start=None, end=None)
    said = filters_in_words(filters, districts.names, drawn.datasets)
    rows = plots.rows_with_interval(found.districts, is_ranked=True)
    axis = _("{second} / {first}", second=second, first=first)
    lines = (_("Ratio and interval of each district"), _("; ").join(said))
    return _sheet(one.drawn, title, lines, names, found.districts, rows, axis, measure, ())


def places(drawn: FigureView) -> Sheet:
    """Return the ratio of two places in each year. Errors as in `compare_places.compared`."""
    one, view, measure = compare_places.compared(drawn), drawn.view, drawn.settings.measure
    title = _("{measure}: {place} and {reference}", measure=_(MEASURES[measure]), place=one.own, reference=one.other)
    cut = charts.partial_years(*view.covered)
    years = [charts.marked(year, cut) for year in one.found.years]
    notes = (
        *((charts.cut_text(*view.covered),) if cut else ()),
        *((_(SEAM_NOTE),) if len(one.found.spans) > 1 else ()),
    )
    rows = plots.rows_with_interval(one.found.by_year, is_ranked=False)
    lines, axis = heading_lines(drawn, _("Ratio of the rates, by year")), f"{one.own} / {one.other}"
    return _sheet(drawn, title, lines, years, one.found.by_year, rows, axis, measure, notes)


def _sheet(
    drawn: FigureView,
    title: str,
    lines: tuple[str, ...],
    names: Sequence[str],
    side: Ratios,
    rows: Sequence[int],
    axis: str,
    measure: str,
    notes: tuple[str, ...],
) -> Sheet:
    if not rows:
        raise rejected(ProblemCode.SETTING, text("Nothing here has a ratio with an interval."))
    low, _weak_low, _middle, _weak_high, high = palettes.DIVERGING["light"]
    results = [side.verdict[i] if side.verdict[i] in _RESULTS else "" for i in rows]
    keys = tuple(
        Key(_(label), "area", colour, count=str(results.count(code)))
        for (code, label), colour in zip(_RESULTS.items(), (high, low, palettes.OTHER["light"]), strict=True)
    )
    drawn_rows = tuple(
        (
            names[i],
            str(list(_RESULTS).index(result)),
            _(_RESULTS[result]),
            *(f"{float(part[i]):.6g}" for part in (side.ratio, side.low, side.high)),
            _("{value} ({interval})", value=ratio_text(side, i), interval=interval_text(side, i)),
        )
        for i, result in zip(rows, results, strict=True)
    )
    return sheet(
        drawn,
        "ratios",
        title=title,
        lines=lines,
        legend_title=_("Result"),
        keys=keys,
        rows=drawn_rows,
        notes=(clear_text(is_tested=measure in TESTED_MEASURES), *notes),
        axis=axis,
        alt=_(
            "Chart of intervals. {title} {values}.",
            title=title,
            values=_("; ").join(f"{row[0]}: {row[6]}" for row in drawn_rows),
        ),
    )

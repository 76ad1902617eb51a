"""The sheet of two places compared: both rates by year on one axis, as on the page Compare."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from geo.analysis.counting import compare_places
from geo.analysis.counting.compare import TESTED_MEASURES
from geo.analysis.counting.compare_places import REST, SOUTH, PlaceComparison
from geo.analysis.counting.questions import MEASURES
from geo.figure.sheet import Key, Sheet
from geo.problems import ProblemCode, rejected
from geo.sources import SEAM_NOTE
from geo.views import charts, palettes
from geo.views.compare import controls
from geo.views.compare.places import UNITS, result_text
from geo.views.compare.words import clear_text, period_text, unit_text
from geo.views.sheets.shown import FigureView, heading_lines, sheet
from geo.wording import _, text

_COLUMNS = ("number", "ratio", "low", "high", "verdict")


@dataclass(frozen=True, slots=True)
class ComparedPlaces:
    """Two places of a view compared, with their names and the unit of the rates."""

    found: PlaceComparison
    own: str
    other: str
    normaliser: str


def compared(drawn: FigureView) -> ComparedPlaces:
    """Return the comparison that the options of the page name; raises RejectedUpload where they name no two places."""
    view, settings = drawn.view, drawn.settings
    names = controls.place_names(view.districts)
    place, reference = settings.options.get("place", SOUTH), settings.options.get("reference", REST)
    both = None
    if place in names and reference in names:
        both = compare_places.places_of(view.districts, place, reference)
    if both is None:
        message = text("These options name no two places to compare.")
        hint = text("Each is a place of the page Compare, and they share no district.")
        raise rejected(ProblemCode.SETTING, message, hint, value=f"{place} {reference}")
    normaliser = settings.per if settings.per in UNITS else UNITS[0]
    found = compare_places.places(
        view.table, view.districts, view.filters, settings.measure, *both, *view.covered, normaliser=normaliser
    )
    return ComparedPlaces(found, names[place], names[reference], normaliser)


def places(drawn: FigureView) -> Sheet:
    """Return the rates of both places by year, with the result of each span of one source."""
    one, view, measure = compared(drawn), drawn.view, drawn.settings.measure
    found, side = one.found, one.found.by_year
    colours = palettes.categories(2, "light")
    keys = (Key(one.own, "area", colours[0]), Key(one.other, "area", colours[1]))
    cut, last = charts.partial_years(*view.covered), found.spans[0].last.year
    years = [charts.marked(year, cut) for year in found.years]
    pairs = (
        (one.own, side.second_rate, side.counts(is_second=True)),
        (one.other, side.first_rate, side.counts(is_second=False)),
    )
    rows = []
    for key, (name, rates, counts) in enumerate(pairs):
        for i, year in enumerate(years):
            # A ratio is of both places: it stands once, beside the first.
            ratio = (
                ("",) * 4 if key else (*(_cell(part[i]) for part in (side.ratio, side.low, side.high)), side.verdict[i])
            )
            span = str(int(found.years[i] > last))
            count = "" if counts[i] is None else str(counts[i])
            rows.append((year, str(key), name, _cell(rates[i]), span, count, *ratio))
    unit = unit_text(measure, one.normaliser)
    title = _("{measure}: {place} and {reference}", measure=_(MEASURES[measure]), place=one.own, reference=one.other)
    results = [
        _("{period}: {result}", period=period_text(span), result=result_text(found.by_span, i))
        for i, span in enumerate(found.spans)
    ]
    notes = (*results, clear_text(is_tested=measure in TESTED_MEASURES))
    notes += (charts.cut_text(*view.covered),) if cut else ()
    notes += (_(SEAM_NOTE),) if len(found.spans) > 1 else ()
    said = _("; ").join(f"{row[0]}, {row[2]}: {row[3] or _('not stated')}" for row in rows)
    return sheet(
        drawn,
        "lines",
        title=title,
        lines=heading_lines(drawn, unit),
        keys=keys,
        rows=tuple(rows),
        notes=notes,
        more_columns=_COLUMNS,
        axis=unit,
        alt=_("Line chart. {title}. {values}.", title=title, values=said),
    )


def _cell(value: float) -> str:
    return f"{value:.6g}" if np.isfinite(value) else ""

"""Sheets of charts: bars by year or month, stacked by group, attack type or target, and ranked districts."""

from __future__ import annotations

import pandas as pd

from geo.analysis.counting import questions
from geo.analysis.counting.questions import MEASURES
from geo.figure.sheet import Key, Sheet
from geo.problems import ProblemCode, rejected
from geo.schema import ATTACK_TYPES, TARGET_TYPES
from geo.sources import SEAM_NOTE
from geo.views import charts, figure_notes, overview, palettes, profile, trends
from geo.views.district import figures
from geo.views.overview import DistrictMeasure
from geo.views.sheets.shown import FigureView, heading_lines, sheet
from geo.wording import _, _n, format_date, format_list, text

_BAR = palettes.sequential(7)[4]
_MOST_RANKED = 35


def by_time(drawn: FigureView) -> Sheet:
    """Return the bars of a measure by year or month; bars of another source have another colour."""
    view, measure = drawn.view, drawn.settings.measure
    step = drawn.settings.options.get("step", "year")
    label = _(MEASURES[measure])
    days, values = questions.told_by_time(view.table, view.filters, measure, view.first, view.last, step)
    cut = charts.partial_years(*view.covered) if step == "year" else set()
    names = [charts.marked(day.year, cut) if step == "year" else format_date(day, "short_month") for day in days]
    before, after = Key(_("UCDP"), "area", palettes.OTHER["light"]), Key(_("Register"), "area", _BAR)
    is_after = [bool(view.seam and day >= view.seam) for day in days]
    keys = (before, after) if any(is_after) and not all(is_after) else (Key(label, "area", _BAR),)
    rows = tuple(
        (name, str(int(late) if len(keys) > 1 else 0), keys[int(late) if len(keys) > 1 else 0].label, _cell(value))
        for name, late, value in zip(names, is_after, values, strict=True)
    )
    title = _(trends.BY_STEP[step], measure=label)
    missing = figure_notes.missing_in(view.table, view.filters, measure)
    alt = _("; ").join(f"{name}: {value or missing}" for name, _key, _label, value in rows)
    notes = (
        *trends.notes(view, measure, days, values, step),
        *((charts.cut_text(*view.covered),) if cut else ()),
        *((_(SEAM_NOTE),) if view.seam else ()),
    )
    return sheet(
        drawn,
        "time",
        title=title,
        lines=heading_lines(drawn),
        legend_title=_("Source of the bar") if len(keys) > 1 else "",
        keys=keys,
        rows=rows,
        notes=notes,
        axis=label,
        alt=_("Bar chart. {title}. {values}.", title=title, values=alt),
    )


def by_year_and(drawn: FigureView) -> Sheet:
    """Return the bars by year, stacked by group, attack type or target."""
    view, measure = drawn.view, drawn.settings.measure
    breakdown = drawn.settings.options.get("by", next(iter(trends.BREAKDOWNS)))
    label = _(MEASURES[measure])
    frame, order, rest = trends.by_year_and(view, measure, breakdown)
    colours = charts.series_colours(order, rest, "light")
    totals = frame.groupby("series")["value"].sum(min_count=1).to_dict()
    counts = {name: "" if pd.isna(n) else str(n) for name, n in totals.items()}
    keys = tuple(
        Key(name, "area", colour, count=counts.get(name, "0")) for name, colour in zip(order, colours, strict=True)
    )
    cut = charts.partial_years(*view.covered)
    untold = set(frame.loc[frame["value"].isna(), "period"])
    values = {(period, series): int(n) for period, series, n in frame.dropna().itertuples(index=False)}
    periods = [charts.marked(year, cut) for year in range(view.first.year, view.last.year + 1)]
    rows = tuple(
        (period, str(i), name, "" if period in untold else str(values.get((period, name), 0)))
        for period in periods
        for i, name in enumerate(order)
    )
    title = _(trends.BY_YEAR_AND[breakdown], measure=label)
    missing = figure_notes.missing_in(view.table, view.filters, measure)
    said = _("; ").join(f"{key.label}: {key.count or missing}" for key in keys)
    notes: tuple[str, ...] = (charts.cut_text(*view.covered),) if cut else ()
    notes += trends.notes(
        view, measure, *questions.told_by_time(view.table, view.filters, measure, *view.covered, "year"), "year"
    )
    if breakdown == "group" and questions.is_stated(view.table, view.filters, measure):
        notes += (trends.unattributed_text(view, measure),)
    notes += (_(SEAM_NOTE),) if view.seam else ()
    return sheet(
        drawn,
        "time",
        title=title,
        lines=heading_lines(drawn),
        legend_title=_(trends.BREAKDOWNS[breakdown]),
        keys=keys,
        rows=rows,
        notes=notes,
        axis=label,
        alt=_("Stacked bar chart. {title}. {values}.", title=title, values=said),
    )


def highest(drawn: FigureView) -> Sheet:
    """Return the districts with the highest values of the map's measure, as beside the map of the overview."""
    settings, view = drawn.settings, drawn.view
    result = overview.measure_by_district(view, settings.measure, settings.per)
    frame = overview.table(view, result)
    frame = frame[frame[result.column] > 0]
    ranked = [(str(name), float(value)) for name, value in zip(frame["District"], frame[result.column], strict=True)]
    title = _("{measure} by district, Khyber Pakhtunkhwa", measure=result.label)
    return _ranking(drawn, title, result.label, ranked, _untold(result))


def ranking(drawn: FigureView) -> Sheet:
    """Return the districts in the order of the table of the page Districts."""
    sort = drawn.settings.options.get("sort", next(iter(profile.SORTS)))
    column = sort if sort != "name" else next(iter(profile.SORTS))
    whole = profile.ranking(drawn.view, sort)
    frame = whole.dropna(subset=[column])
    label = _(profile.SORTS[column])
    ranked = [(str(name), float(value)) for name, value in zip(frame["name"], frame[column], strict=True)]
    title = _("{measure} by district, Khyber Pakhtunkhwa", measure=label)
    untold = _untold(overview.measure_by_district(drawn.view, column, "count")) if column in MEASURES else ()
    return _ranking(drawn, title, label, ranked, untold)


def attack_types(drawn: FigureView) -> Sheet:
    """Return the incidents by attack type, the most frequent first."""
    found = profile.by_vocabulary(drawn.view, drawn.view.filters, "attack_type", ATTACK_TYPES)
    return _kinds(drawn, _("Incidents by attack type, {place}", place=_place(drawn)), found)


def targets(drawn: FigureView) -> Sheet:
    """Return the incidents by target, the most frequent first."""
    found = profile.by_vocabulary(drawn.view, drawn.view.filters, "target_type", TARGET_TYPES)
    return _kinds(drawn, _("Incidents by target, {place}", place=_place(drawn)), found)


def groups(drawn: FigureView) -> Sheet:
    """Return the incidents by group; raises RejectedUpload where none is named."""
    title, found = (
        _("Incidents by group as claimed or attributed, {place}", place=_place(drawn)),
        figures.groups_frame(drawn.view),
    )
    if found.empty:
        raise rejected(ProblemCode.SETTING, text("No group is named in these incidents."))
    return _kinds(drawn, title, found, (trends.unattributed_text(drawn.view),))


def _kinds(drawn: FigureView, title: str, found: pd.DataFrame, notes: tuple[str, ...] = ()) -> Sheet:
    ranked = [(str(name), float(value)) for name, value in zip(found["name"], found["value"], strict=True)]
    return _ranking(drawn, title, _("Incidents"), ranked, notes)


def _place(drawn: FigureView) -> str:
    names = [drawn.view.districts.names[pcode] for pcode in drawn.view.filters.districts]
    return format_list(names) or _("Khyber Pakhtunkhwa")


def _untold(result: DistrictMeasure) -> tuple[str, ...]:
    """Return how many districts have no figure of a measure and therefore no bar; () for none."""
    n = int((~result.is_stated).sum())
    if not n:
        return ()
    said = _n(
        "{n} district without a bar: {missing}.",
        "{n} districts without a bar: {missing}.",
        n,
        missing=figure_notes.missing(result.why_missing()),
    )
    return (said,)


def _cell(value: int | None) -> str:
    return "" if value is None else str(value)


def _ranking(
    drawn: FigureView, title: str, label: str, ranked: list[tuple[str, float]], notes: tuple[str, ...] = ()
) -> Sheet:
    rows = tuple((name, "0", label, f"{value:.10g}") for name, value in ranked[:_MOST_RANKED])
    said = _("; ").join([*(f"{name}: {value:.4g}" for name, value in ranked[:_MOST_RANKED]), *notes])
    return sheet(
        drawn,
        "ranking",
        title=title,
        lines=heading_lines(drawn),
        keys=(Key(label, "area", _BAR),),
        notes=notes,
        rows=rows,
        axis=label,
        alt=_("Bar chart. {title}. {values}.", title=title, values=said),
    )

"""Sheets of charts: bars by year or month, stacked by group, attack type or target, and ranked districts."""

from __future__ import annotations

from math import isnan

from geo.analysis.counting import questions
from geo.analysis.counting.questions import MEASURES
from geo.figure.sheet import Key, Sheet
from geo.sources import NO_RATE, SEAM_NOTE
from geo.views import charts, overview, palettes, profile, trends
from geo.views.sheets.shown import FigureView, heading_lines, sheet
from geo.wording import MISSING, _, format_date

_BAR = palettes.sequential(7)[4]
_MOST_RANKED = 35


def by_time(drawn: FigureView) -> Sheet:
    """Return the bars of a measure by year or month; bars of another source have another colour."""
    view, measure = drawn.view, drawn.settings.measure
    step = drawn.settings.options.get("step", "year")
    label = _(MEASURES[measure])
    days, sums = questions.by_time(view.table, view.filters, measure, view.first, view.last, step)
    cut = charts.partial_years(*view.covered) if step == "year" else set()
    names = [charts.marked(day.year, cut) if step == "year" else format_date(day, "short_month") for day in days]
    before, after = Key(_("UCDP"), "area", palettes.OTHER["light"]), Key(_("Register"), "area", _BAR)
    is_after = [bool(view.seam and day >= view.seam) for day in days]
    keys = (before, after) if any(is_after) and not all(is_after) else (Key(label, "area", _BAR),)
    rows = tuple(
        (name, str(int(late) if len(keys) > 1 else 0), keys[int(late) if len(keys) > 1 else 0].label, str(value))
        for name, late, value in zip(names, is_after, sums.tolist(), strict=True)
    )
    title = _(trends.BY_STEP[step], measure=label)
    alt = _("; ").join(f"{name}: {value}" for name, _key, _label, value in rows)
    notes = (*((charts.cut_text(*view.covered),) if cut else ()), *((_(SEAM_NOTE),) if view.seam else ()))
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
    totals = frame.groupby("series")["value"].sum().to_dict()
    keys = tuple(
        Key(name, "area", colour, count=str(totals.get(name, 0))) for name, colour in zip(order, colours, strict=True)
    )
    cut = charts.partial_years(*view.covered)
    values = {(period, series): int(n) for period, series, n in frame.itertuples(index=False)}
    periods = [charts.marked(year, cut) for year in range(view.first.year, view.last.year + 1)]
    rows = tuple(
        (period, str(i), name, str(values.get((period, name), 0))) for period in periods for i, name in enumerate(order)
    )
    title = _(trends.BY_YEAR_AND[breakdown], measure=label)
    said = _("; ").join(f"{key.label}: {key.count}" for key in keys)
    notes: tuple[str, ...] = (charts.cut_text(*view.covered),) if cut else ()
    if breakdown == "group":
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
    return _ranking(drawn, _("{measure} by district, Khyber Pakhtunkhwa", measure=result.label), result.label, ranked)


def ranking(drawn: FigureView) -> Sheet:
    """Return the districts in the order of the table of the page Districts."""
    sort = drawn.settings.options.get("sort", next(iter(profile.SORTS)))
    frame = profile.ranking(drawn.view, sort)
    column = sort if sort != "name" else next(iter(profile.SORTS))
    label = _(profile.SORTS[column])
    ranked = [(str(name), float(value)) for name, value in zip(frame["name"], frame[column], strict=True)]
    why_missing = _(NO_RATE) if column == "per_100k" else _(profile.NO_POLICE)
    return _ranking(
        drawn, _("{measure} by district, Khyber Pakhtunkhwa", measure=label), label, ranked, f"{MISSING}: {why_missing}"
    )


def _ranking(
    drawn: FigureView, title: str, label: str, ranked: list[tuple[str, float]], why_missing: str = ""
) -> Sheet:
    """Return bars of districts in their order. why_missing: what a dash means, where a value may be NaN."""
    drawn_rows = ranked[:_MOST_RANKED]
    rows = tuple((name, "0", label, "" if isnan(value) else f"{value:.10g}") for name, value in drawn_rows)
    said = _("; ").join(f"{name}: {MISSING if isnan(value) else f'{value:.4g}'}" for name, value in drawn_rows)
    is_missing = any(isnan(value) for _name, value in drawn_rows)
    return sheet(
        drawn,
        "ranking",
        title=title,
        lines=heading_lines(drawn),
        keys=(Key(label, "area", _BAR),),
        rows=rows,
        notes=(why_missing,) if is_missing else (),
        axis=label,
        alt=_("Bar chart. {title}. {values}.", title=title, values=said),
    )

"""The one-file atlas: a view as one page that works from a phone's file manager, without network or server.

Map and legend are drawn by the same scripts as in the app. The page holds the incidents of the view as data and counts
them again for the years and the group that its reader chooses, by the rules of geo.views.overview.
"""

from __future__ import annotations

import html
import json
from dataclasses import asdict, replace
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo import districts as geo_districts
from geo.analysis.counting import cube
from geo.analysis.counting.classes import class_edges
from geo.analysis.counting.questions import MEASURES
from geo.analysis.counting.rates import FEWEST_FOR_A_RATE
from geo.analysis.locating.near_border import outside_km
from geo.export.columns import INCIDENTS
from geo.export.notes import Notes, notes_of
from geo.export.view import ExportedView
from geo.incidents import UNKNOWN
from geo.problems import AtlasError, Problem, ProblemCode
from geo.schema import GEO_PRECISIONS
from geo.shown_names import local_names, shown_name
from geo.summaries import Summaries
from geo.views import assets, figure_notes, overview, palettes
from geo.views.incident_summaries import summaries_of
from geo.views.incident_text import FIELDS, incident_rows, outside_text
from geo.views.palettes import Theme
from geo.views.state import View
from geo.wording import PSEUDO_LANGUAGE, _, browser_locale, digits, format_date, language, text, text_direction, words

MOST_INCIDENTS = 20_000  # about 10 MB, more than a simple phone opens in a few seconds
_LONGEST_SUMMARY = 220
_COLUMNS = ("date", "place", "precision", "attack", "target", "group", "killed", "injured", "reported_by", "summary")


class TooManyIncidents(AtlasError):
    """The view has more incidents than one file can hold for a phone."""


def page(exported: ExportedView) -> str:
    """Return the page of a view as HTML; its measure and unit are those of the settings. The same view, the same text.

    Incidents of sources whose licence forbids passing on rows are not in it, not even as a number, and the page says
    how many they are. Raises TooManyIncidents above MOST_INCIDENTS.
    """
    view = View.of(exported.table, exported.districts, exported.filters)
    measure, normaliser = exported.settings.measure, exported.settings.per
    positions = exported.positions
    if len(positions) > MOST_INCIDENTS:
        raise TooManyIncidents([_too_many(len(positions))])
    # The newest first, as lists in the app.
    positions = positions[np.argsort(-view.table.day[positions], kind="stable")]
    summaries = exported.read_summaries() if exported.read_summaries else None
    data = {
        "words": _words(),
        "language": browser_locale(),
        "map": _map_part(view, measure, normaliser),
        "incidents": _incidents(view, positions, measure, summaries),
        "years": list(range(view.first.year, view.last.year + 1)),
        "recorded_years": np.unique(view.table.year).tolist(),
        "districts": _districts(view),
        "rates": _rates(view, normaliser),
        "edges": list(class_edges(measure, normaliser, view.years)),
        "per": normaliser,
        "measure": measure,
        "fewest": FEWEST_FOR_A_RATE,
    }
    notes = notes_of(exported, INCIDENTS)
    heading = _("{measure}, Khyber Pakhtunkhwa", measure=exported.figures.label)
    return assets.own("one_file/page.html").format(
        language="en" if language() == PSEUDO_LANGUAGE else html.escape(language()),
        direction=text_direction(),
        title=html.escape(_("{title}, {period}", title=heading, period=notes.period)),
        styles=_styles(),
        bundle=assets.bundle(language(), digits()),
        data=json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c"),
        script=assets.own("one_file/page.js"),
        notes="\n".join(_note(label, said) for label, said in notes.lines(format_date)),
        **{name: html.escape(said) for name, said in _texts(heading, notes).items()},
    )


def _styles() -> str:
    styles = assets.own("one_file/page.css")
    if text_direction() == "rtl":
        styles += assets.embedded_font_faces() + assets.own("one_file/right_to_left.css")
    return styles


def _note(label: str, said: str) -> str:
    return f"<dt>{html.escape(label)}</dt><dd>{html.escape(said)}</dd>"


def _too_many(n: int) -> Problem:
    message = text("{n} incidents are too many for one file: at most {most} fit.", n=n, most=MOST_INCIDENTS)
    return Problem(ProblemCode.TOO_LARGE, message, text("Choose a shorter period, districts or groups in the sidebar."))


def _map_part(view: View, measure: str, normaliser: str) -> dict[str, Any]:
    """Return the legend of both themes and the words of a district's card; figures are counted in the page."""
    result = overview.measure_by_district(view, measure, normaliser)
    themes: tuple[Theme, ...] = ("light", "dark")
    legends = {theme: asdict(overview.choropleth(view, result, theme).legend) for theme in themes}
    return {
        "legends": legends,
        "label": result.label,
        "measure": _(MEASURES[measure]),
        "badge": _("Incidents"),
        "missing": figure_notes.missing_in(view.table, view.filters, measure),
        "bar": {theme: palettes.sequential(7, theme)[4] for theme in themes},
    }


def _incidents(
    view: View, positions: NDArray[np.int64], measure: str, summaries: Summaries | None
) -> dict[str, list[Any]]:
    """Return the incidents as columns; texts are positions in `words`, "" is -1."""
    table = view.table
    precisions = list(words(GEO_PRECISIONS).values())
    said = summaries_of(table, positions, summaries, _LONGEST_SUMMARY)
    known: dict[str, int] = {}
    rows, links = [], []
    away = outside_km(table, positions, view.districts)
    for k, row, one, km in zip(positions, incident_rows(table, positions), said, away, strict=True):
        precision = outside_text(precisions[table.geo_precision[k]], km if row["attack"] else 0)
        cells = row | {"precision": precision, "summary": one.marked}
        rows.append([known.setdefault(cells[name], len(known)) if cells[name] else -1 for name in _COLUMNS])
        links.append(known.setdefault(row["url"], len(known)) if row["url"] else -1)
    belongs, amount = cube.parts_of(table, measure)
    value = np.where(belongs, amount, 0)[positions]
    is_unknown = (table.killed_best == UNKNOWN) if measure == "killed" else np.zeros(len(table), dtype=bool)
    counted = belongs | (measure == "killed")
    return {
        "year": table.year[positions].tolist(),
        "district": table.district[positions].tolist(),
        "group": table.group[positions].tolist(),
        "value": value.tolist(),
        "told": cube.tells(table, measure)[positions].astype(int).tolist(),
        "events": np.where(counted, table.n_events, 0)[positions].tolist(),
        "unknown": is_unknown[positions].astype(int).tolist(),
        "rows": rows,
        "links": links,
        "texts": list(known),
        "groups": _groups(view, positions),
    }


def _groups(view: View, positions: NDArray[np.int64]) -> list[tuple[int, str]]:
    """Return (code, name) of the groups that the incidents have, by number of incidents."""
    names = geo_districts.shown_group_names()
    codes, n = np.unique(view.table.group[positions], return_counts=True)
    order = np.argsort(-n, kind="stable")
    return [(int(code), names.get(view.table.groups[code], view.table.groups[code])) for code in codes[order]]


def _districts(view: View) -> list[dict[str, Any]]:
    districts, local = view.districts, local_names()
    return [
        {"pcode": p, "name": districts.names[p], "division": shown_name(division), "urdu": local[p][0]}
        for p, division in zip(districts.pcodes, districts.divisions, strict=True)
    ]


def _rates(view: View, normaliser: str) -> dict[str, list[float]]:
    """Return by "first-last" year what a count is divided by in each district, so that the page needs no formula.

    Years with a change of source between them have no rate.
    """
    if normaliser == "count":
        return {}
    years = range(view.first.year, view.last.year + 1)
    found = {}
    for first in years:
        for last in range(first, years[-1] + 1):
            part = _part(view, first, last)
            if part.seam is not None:
                continue
            base = part.population / 1e5 if normaliser == "per_100k" else view.districts.area_km2 / 1e3
            found[f"{first}-{last}"] = [float(f"{amount:.8g}") for amount in base * part.years]
    return found


def _part(view: View, first: int, last: int) -> View:
    start, end = max(view.first, date(first, 1, 1)), min(view.last, date(last, 12, 31))
    return replace(view, filters=replace(view.filters, start=start, end=end), first=start, last=end)


def _texts(heading: str, notes: Notes) -> dict[str, str]:
    """Return the fixed texts around the map."""
    return {
        "heading": heading,
        "chosen": _("{period}. {filters}.", period=notes.period, filters=_("; ").join(notes.filters)),
        "years_label": _("Years"),
        "to_label": _("to"),
        "group_label": _("Group, as claimed or attributed"),
        "list_heading": _("Incidents"),
        "about_heading": _("How to read this"),
        "method": _(
            "Each incident counts once, in the district that its report states, or else in the one where its place "
            "lies. Incidents known only to a district are counted there and never drawn as a point. Class limits are "
            "fixed and do not move with the chosen years."
        ),
    }


def _words() -> dict[str, str]:
    """Return the sentences that the page's script fills in."""
    return {
        "comma": _(", "),
        "stop": _(". "),
        "fact": _("{label}: {value}"),
        "all_groups": _("All groups"),
        "close": _("Close"),
        "no_figure": _("no figure stated"),
        "no_toll": _("Without a stated figure"),
        "few": _("{n} incidents, too few for a rate"),
        "division": _("Division"),
        "not_located": _("Not located, not on the map: {n}"),
        "period": _("{first} to {last}"),
        "fixed": _("Class limits are fixed"),
        "counted": _("{n} of {total} incidents"),
        "more": _("Show more"),
        "open": _("Source"),
        "none": _("No incident matches this choice. That does not mean that nothing happened."),
        "only_here": _("Only incidents in {district}"),
        "everywhere": _("Incidents of all districts"),
        "by_year": _("Incidents by year"),
        "not_in_district": _("not in a district"),
        **{name: _(FIELDS[name]) for name in ("killed", "injured", "group")},
    }

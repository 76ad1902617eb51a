"""Which figures each page has, and the sheet of the one that settings name."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from geo.figure.brief import Brief
from geo.figure.sheet import Sheet
from geo.problems import AtlasError, Problem, ProblemCode, rejected
from geo.views.sheets import briefs, charts, compare, compare_brief, maps, no_go
from geo.views.sheets.shown import FIGURE, FigureView
from geo.wording import N_, in_language, text

FIGURES: dict[str, dict[str, tuple[str, Callable[[FigureView], Sheet]]]] = {
    "overview": {
        "map": (N_("Map of districts"), maps.districts),
        "time": (N_("By year"), charts.by_time),
        "ranking": (N_("Highest values"), charts.highest),
    },
    "no_go": {"map": (N_("Map of districts"), no_go.evidence)},
    "points": {"map": (N_("Map of points"), maps.points)},
    "trends": {"time": (N_("Over time"), charts.by_time), "parts": (N_("By year and part"), charts.by_year_and)},
    "compare": {
        "changes": (N_("What differs"), compare.changes),
        "first": (N_("First period"), compare.first),
        "second": (N_("Second period"), compare.second),
    },
    "district": {"map": (N_("Map of points"), maps.points), "time": (N_("By year"), charts.by_time)},
    "districts": {"ranking": (N_("Ranking"), charts.ranking), "time": (N_("By year"), charts.by_time)},
}


def figures_of(page: str) -> Mapping[str, str]:
    """Return the figures of a page: name -> English word; empty for a page without figures."""
    return {name: label for name, (label, _make) in FIGURES.get(page, {}).items()}


def why_not(drawn: FigureView) -> Problem | None:
    """Return why the figure that the settings name cannot be made of this view, or None."""
    page = drawn.settings.page
    name = drawn.settings.options.get(FIGURE, next(iter(FIGURES.get(page, {})), ""))
    if FIGURES.get(page, {}).get(name, ("", None))[1] is maps.points:
        return maps.why_no_points(drawn)
    if page == "compare":
        try:
            compare.compared(drawn)
        except AtlasError as error:
            return error.problems[0]
    return None


def brief_of(drawn: FigureView, pcode: str) -> Brief:
    """Return the brief of a view: on a district or the province, on the page Compare of the two periods."""
    return compare_brief.brief(drawn) if drawn.settings.page == "compare" else briefs.brief(drawn, pcode)


def sheet_of(drawn: FigureView) -> Sheet:
    """Return the sheet of the figure that the settings name; raises RejectedUpload for one that does not exist."""
    found = FIGURES.get(drawn.settings.page, {})
    name = drawn.settings.options.get(FIGURE, next(iter(found), ""))
    if name not in found:
        known = ", ".join(f"{page} ({', '.join(names)})" for page, names in FIGURES.items())
        message = text("There is no such figure.")
        value = f"{drawn.settings.page} {name}".strip()
        raise rejected(ProblemCode.SETTING, message, text("Figures by page: {known}.", known=known), value=value)
    with in_language(drawn.settings.language):
        return found[name][1](drawn)

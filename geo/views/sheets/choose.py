"""Which figures each page has, and the sheet of the one that settings name."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from geo.figure.brief import Brief
from geo.figure.sheet import Sheet
from geo.problems import AtlasError, Problem, ProblemCode, rejected
from geo.views.sheets import (
    access_months,
    briefs,
    charts,
    compare,
    compare_brief,
    compare_places,
    maps,
    no_go,
    published,
    ratios,
    validation,
)
from geo.views.sheets.shown import FIGURE, FigureView
from geo.wording import N_, in_language, text

_PLACES = "places"  # the option "of" of the page Compare, and its first figure
_OF_PLACES = (_PLACES, "ratios_by_year")
# Figures that have no reason of their own: making them tells why not.
_TRIED = ("months", "forces", "police", "groups", "ratios", "ratios_by_year")
FIGURES: dict[str, dict[str, tuple[str, Callable[[FigureView], Sheet]]]] = {
    "overview": {
        "map": (N_("Map of districts"), maps.districts),
        "time": (N_("By year"), charts.by_time),
        "ranking": (N_("Highest values"), charts.highest),
    },
    "no_go": {
        "map": (N_("Map of districts"), no_go.evidence),
        "years": (N_("Year by year"), no_go.years),
        "hotspots": (N_("Hot spots"), no_go.hotspots),
        "months": (N_("District by month"), access_months.months),
        "forces": (N_("Attacks by force"), access_months.forces),
        "police": (N_("Attacks on police by year"), access_months.police),
    },
    "published": {
        "totals": (N_("Totals and recounts"), published.totals),
        "map": (N_("Districts of one publisher"), published.districts),
    },
    "points": {"map": (N_("Map of points"), maps.points), "time": (N_("By year"), charts.by_time)},
    "trends": {"time": (N_("Over time"), charts.by_time), "parts": (N_("By year and part"), charts.by_year_and)},
    "compare": {
        "changes": (N_("What differs"), compare.changes),
        "first": (N_("First period"), compare.first),
        "second": (N_("Second period"), compare.second),
        "ratios": (N_("Ratio of each district"), ratios.periods),
        _PLACES: (N_("Two places by year"), compare_places.places),
        "ratios_by_year": (N_("Ratio of each year"), ratios.places),
    },
    "validation": {
        "years": (N_("Index against each baseline"), validation.differences),
        "quarters": (N_("Forecasts of the next quarter"), validation.quarters),
    },
    "district": {
        "map": (N_("Map of points"), maps.points),
        "time": (N_("By year"), charts.by_time),
        "months": (N_("District by month"), access_months.months),
        "forces": (N_("Attacks by force"), access_months.forces),
        "attacks": (N_("Attack types"), charts.attack_types),
        "targets": (N_("Targets"), charts.targets),
        "groups": (N_("Groups"), charts.groups),
    },
    "districts": {"ranking": (N_("Ranking"), charts.ranking), "time": (N_("By year"), charts.by_time)},
}


def figures_of(page: str, options: Mapping[str, str] | None = None) -> Mapping[str, str]:
    """Return the figures of a page: name -> English word; empty for a page without figures.

    options: of the page Compare, which shows either two periods or two places; None for all of its figures.
    """
    found = {name: label for name, (label, _make) in FIGURES.get(page, {}).items()}
    if page != "compare" or options is None:
        return found
    is_places = options.get("of") == _PLACES
    return {name: label for name, label in found.items() if (name in _OF_PLACES) == is_places}


def why_not(drawn: FigureView) -> Problem | None:
    """Return why the figure that the settings name cannot be made of this view, or None."""
    page, name = drawn.settings.page, _name(drawn)
    if FIGURES.get(page, {}).get(name, ("", None))[1] is maps.points:
        return maps.why_no_points(drawn)
    try:
        if name in _TRIED:
            FIGURES[page][name][1](drawn)
        elif page == "compare":
            compare_places.compared(drawn) if name == _PLACES else compare.compared(drawn)
        elif page == "validation":
            validation.why_not(drawn, name)
        elif page == "published":
            published.why_not(drawn, name)
        elif name == "hotspots":
            no_go.tested(drawn)
    except AtlasError as error:
        return error.problems[0]
    return None


def _name(drawn: FigureView) -> str:
    """Return the figure that the settings name, else the first of the page."""
    settings = drawn.settings
    return settings.options.get(FIGURE, next(iter(figures_of(settings.page, settings.options)), ""))


def brief_of(drawn: FigureView, pcode: str) -> Brief:
    """Return the brief of a view: on a district or the province, on the page Compare of the two periods."""
    return compare_brief.brief(drawn) if drawn.settings.page == "compare" else briefs.brief(drawn, pcode)


def sheet_of(drawn: FigureView) -> Sheet:
    """Return the sheet of the figure that the settings name; raises RejectedUpload for one that does not exist."""
    found = FIGURES.get(drawn.settings.page, {})
    name = _name(drawn)
    if name not in found:
        known = ", ".join(f"{page} ({', '.join(names)})" for page, names in FIGURES.items())
        message = text("There is no such figure.")
        value = f"{drawn.settings.page} {name}".strip()
        raise rejected(ProblemCode.SETTING, message, text("Figures by page: {known}.", known=known), value=value)
    with in_language(drawn.settings.language):
        return found[name][1](drawn)

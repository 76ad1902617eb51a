"""From a view to a brief on a district or the province: what is known first, then what it rests on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import groupby

import numpy as np

from geo.analysis.counting import classes, questions
from geo.analysis.counting.questions import MEASURES
from geo.analysis.counting.rates import FEWEST_FOR_A_RATE
from geo.analysis.evidence.lines import Evidence, spoken_between
from geo.analysis.evidence.sentences import ALONE, LINES, TOGETHER, Sentence, explain, together_label
from geo.analysis.evidence.synthesis import CLASSES
from geo.analysis.index import request as access_request
from geo.analysis.index.monthly_counts import Window
from geo.analysis.index.profiles import CannotCompute
from geo.analysis.index.report import STRUCTURAL_LIMITS
from geo.analysis.index.settings import LONGEST_WINDOW_MONTHS, SHORTEST_WINDOW_MONTHS
from geo.export.view_settings import settings_hash, to_toml
from geo.figure.brief import Brief, Cell, Table
from geo.figure.sheet import Sheet, digest
from geo.filters import Filters
from geo.incidents import IncidentTable, select
from geo.publishers import publisher, web_address
from geo.schema import SOURCES
from geo.shown_names import local_names, shown_name
from geo.sources import FOOTER, NATURE_OF_THE_DATA, SEAM_NOTE
from geo.text import shortened
from geo.views.incident_text import FIELDS, incident_rows, may_show_rows
from geo.views.sheets import charts, maps
from geo.views.sheets.brief_answer import about, answer, by_label, days, described, months, numbers
from geo.views.sheets.shown import FigureView, facts
from geo.views.state import View
from geo.wording import N_, _, _n, format_date, format_list, format_number, in_language, text_direction

MONTHLY_UP_TO = 48  # months: of a longer period the years are drawn
_MOST_LISTED, _MOST_RANKED, _MOST_SENTENCES, _LONGEST_SITE = 48, 19, 4, 20
_LISTED = ("date", "place", "attack", "target", "group", "killed")
_EVIDENCE_LINES = ("reported", "published", "recorded", "together", "contradiction")
COUNTING = N_(
    "Incidents count in the district that their source states, else in the one that their point lies in, on their "
    "first possible day. A place known only to the district is a number, never a point."
)


def brief(drawn: FigureView, pcode: str) -> Brief:
    """Return the brief on a district (P-code), or on the province where pcode is ""."""
    with in_language(drawn.settings.language):
        everywhere = _of_districts(drawn, ())
        local = _of_districts(drawn, (pcode,) if pcode else ())
        window = evidence_window(drawn.view)
        found = _found(drawn, window) if window else None
        name = drawn.view.districts.names[pcode] if pcode else _("Khyber Pakhtunkhwa")
        bars = timeline(local)
        return Brief(
            title=_("{place}: recorded incidents", place=name),
            native_name=local_names()[pcode][0] if pcode and text_direction() == "ltr" else "",
            lines=(*about(drawn, pcode), drawn.view.period_label),
            answer=answer(everywhere, local, name, pcode, found),
            numbers=numbers(local.view),
            main_map=_points(local) if pcode else maps.districts(_on(everywhere, "overview")),
            locator=maps.districts(_on(local, "overview")) if pcode else None,
            ranking=None if pcode else _ranking(everywhere, found),
            timeline=bars,
            evidence_title=_evidence_title(window),
            evidence=_evidence(found, everywhere.view, pcode),
            incidents=_incidents(local.view),
            limits=_limits(drawn.view),
            facts=tuple(facts_of(local, bars)),
            headings=_headings(drawn, pcode),
            language=drawn.settings.language,
            day=drawn.version.day,
            settings=to_toml(local.settings),
            pcode=pcode,
        )


def evidence_window(view: View) -> Window | None:
    """Return the months of a view's records; of more than evidence can be put together for, the last twelve.

    None for fewer months than that needs.
    """
    whole = Window.between(*view.covered)
    if whole.months > LONGEST_WINDOW_MONTHS:
        return Window(whole.first_month + whole.months - 12, 12)
    return whole if whole.months >= SHORTEST_WINDOW_MONTHS else None


def _found(drawn: FigureView, window: Window) -> Evidence:
    """Return the evidence of a window, with classes of the index where a source can give them."""
    source = source_within(drawn.view.table, window.first_day, window.last_day)
    try:
        return drawn.lookups.evidence(source, window)
    except CannotCompute:
        return drawn.lookups.evidence(None, window)


def source_within(table: IncidentTable, first: date, last: date) -> str | None:
    """Return the source whose index belongs to the evidence of a period: the one that covers its latest year."""
    found = access_request.indexable_sources(table, select(table, Filters(start=first, end=last)))
    return found[0] if found else None


def _of_districts(drawn: FigureView, pcodes: tuple[str, ...]) -> FigureView:
    """Return the same view with another choice of districts."""
    filters = replace(drawn.settings.filters, districts=pcodes)
    view = View.of(drawn.view.table, drawn.view.districts, filters)
    return replace(drawn, view=view, settings=replace(drawn.settings, filters=filters))


def _on(drawn: FigureView, page: str) -> FigureView:
    """Return the view as a page shows it with the options at their defaults."""
    return replace(drawn, settings=replace(drawn.settings, page=page, options={}))


def _points(local: FigureView) -> Sheet:
    """Return the map of a district: points, or hexagons where there are too many of them."""
    drawn = _on(local, "points")
    if maps.why_no_points(drawn):
        drawn = replace(drawn, settings=replace(drawn.settings, options={"mode": "hex"}))
    return maps.points(drawn)


def timeline(local: FigureView) -> Sheet:
    """Return the bars by month, of a long period by year."""
    months = Window.between(local.view.first, local.view.last).months
    step = "month" if months <= MONTHLY_UP_TO else "year"
    return charts.by_time(replace(local, settings=replace(local.settings, page="trends", options={"step": step})))


# --- tables -----------------------------------------------------------------------------------------------


def _ranking(everywhere: FigureView, found: Evidence | None) -> Table:
    view = everywhere.view
    tallies = [questions.by_district(view.table, view.filters, measure).value for measure in MEASURES]
    is_stated = [questions.stated_by_district(view.table, view.filters, measure) for measure in MEASURES]
    rate = classes.normalise(tallies[0], "per_100k", view.population, view.districts.area_km2, view.years)
    order = [int(i) for i in np.argsort(-tallies[0], kind="stable")[:_MOST_RANKED]]
    rows = []
    for i in order:
        pcode = view.districts.pcodes[i]
        has_rate = view.seam is None and tallies[0][i] >= FEWEST_FOR_A_RATE
        numbers = [format_number(tallies[k][i]) if is_stated[k][i] else _("not stated") for k in (0, 2, 3)]
        said = _(together_label(found.of(pcode))) if found else ""
        cells = (view.districts.names[pcode], *numbers, format_number(rate[i], 1) if has_rate else "", said)
        rows.append(tuple(Cell(cell) for cell in cells))
    together = _("All sources together")
    heads = (
        *(_("District"), _("Incidents"), _("On police"), _("Killed"), _("Per 100,000 a year")),
        format_list([together, months(found.first, found.last)]) if found else together,
    )
    return Table(_("Districts with most records"), heads, tuple(rows), (2.3, 1.25, 0.9, 0.95, 1.2, 2.5), (1, 2, 3, 4))


def _incidents(view: View) -> Table:
    """Return the newest incidents of sources that allow their rows to be shown."""
    table = view.table
    allowed = view.mask & may_show_rows(table)[table.source]
    positions = np.flatnonzero(allowed)
    positions = positions[np.argsort(-table.day[positions], kind="stable")][:_MOST_LISTED]
    rows = []
    for k, row in zip(positions.tolist(), incident_rows(table, positions), strict=True):
        place = row["place"]
        if not view.filters.districts and table.district[k] >= 0:
            name = view.districts.names[table.pcodes[table.district[k]]]
            place = _("{place}, {district}", place=place, district=name) if place and place != name else name
        url = web_address(row["url"]) or ""
        source = shortened(publisher(url) or "", _LONGEST_SITE) or _(SOURCES[table.sources[table.source[k]]].label)
        row["place"] = place or _("Not named")
        rows.append((*(Cell(row[name]) for name in _LISTED), Cell(source, url)))
    n, n_hidden = int(allowed.sum()), int((view.mask & ~allowed).sum())
    hidden = (
        _n("{n} row may not be shown by the licence of its source.", "{n} rows may not be shown by the licences of "
           "their sources.", n_hidden) if n_hidden else ""
    )  # fmt: skip
    cut = _("The newest {n} of {total} rows; the atlas lists all of them.", n="{n}", total=n)
    note = cut.replace("{n}", str(len(rows))) if n > len(rows) else ""
    if not rows:
        note = _("No row to list.")
    return Table(
        title=_("Recorded incidents, newest first"),
        heads=tuple(map(_, (*(FIELDS[name] for name in _LISTED), N_("Source")))),
        rows=tuple(rows),
        widths=(1.0, 1.8, 1.4, 1.25, 1.7, 0.8, 1.5),
        numbers=(5,),
        note=" ".join(filter(None, (note, hidden))),
        shortened=" ".join(filter(None, (cut, hidden))),
    )


# --- evidence and limits ----------------------------------------------------------------------------------


def _evidence_title(window: Window | None) -> str:
    if window is None:
        return _("Lines of evidence")
    first, last = (format_date(day, "short_month") for day in (window.first_day, window.last_day))
    return _("Lines of evidence, {first} to {last}", first=first, last=last)


def _evidence(found: Evidence | None, view: View, pcode: str) -> tuple[tuple[str, tuple[Cell, ...]], ...]:
    if found is None:
        said = _("The period is shorter than the {n} months that lines of evidence need.", n=SHORTEST_WINDOW_MONTHS)
        return ((_(LINES["together"]), (Cell(said),)),)
    if not pcode:
        return _evidence_of_province(found, view)
    # Pages are of the days of the view, as on the first page and above the map, where lines can be put together for
    # its last months alone.
    spoken = spoken_between(found, *view.covered)
    parts = []
    for line, group in groupby(explain(spoken, pcode), key=lambda said: said.line):
        if line in _EVIDENCE_LINES:
            heading = _(LINES[line])
            parts.append((_dated(heading, view) if line == "reported" else heading, _cells(list(group))))
    return tuple(parts)


def _cells(said: list[Sentence]) -> tuple[Cell, ...]:
    cells = tuple(Cell(str(one.words), web_address(one.url) or "") for one in said[:_MOST_SENTENCES])
    more = len(said) - len(cells)
    if more:
        cells += (Cell(_n("{n} more in the atlas.", "{n} more in the atlas.", more)),)
    return cells


def _evidence_of_province(found: Evidence, view: View) -> tuple[tuple[str, tuple[Cell, ...]], ...]:
    """Return the districts by class of all sources together, then those described, then where lines disagree."""
    named, lines = by_label(found), []
    for label in (label for code in reversed(CLASSES) for label in (TOGETHER[code], ALONE[code]) if label in named):
        names = named[label]
        lines.append(_("{label} ({n}): {names}", label=_(label), n=len(names), names=format_list(names)))
    disagree = sorted(shown_name(one.name) for one in found.districts if one.contradictions)
    return (
        (_(LINES["together"]), tuple(map(Cell, lines))),
        (_dated(_("Described as no-go in reporting"), view), (Cell(described(view)),)),
        (_(LINES["contradiction"]), (Cell(format_list(disagree) or _("no district")),)),
    )


def _dated(heading: str, view: View) -> str:
    return format_list([heading, days(view)])


def _limits(view: View) -> tuple[str, ...]:
    seam = (_(SEAM_NOTE),) if view.seam else ()
    return (_(NATURE_OF_THE_DATA), *map(_, STRUCTURAL_LIMITS), _(COUNTING), *seam, _(FOOTER))


def facts_of(local: FigureView, bars: Sheet) -> list[tuple[str, str]]:
    """Return the foot of a brief, as of a figure, and how to cite it. bars: whose values it names."""
    said = dict(facts(local, digest(bars.data()), has_map=True, has_towns=len(local.settings.filters.districts) == 1))
    cite = _(
        "KP Incident Atlas, data of {day}, settings {settings}; cite the sources too.",
        day=format_date(local.version.day),
        settings=settings_hash(local.settings),
    )
    kept = ((label, said[label]) for label in (_("Shown"), _("Sources"), _("Data"), _("Made by")))
    return [*kept, (_("To cite"), cite)]


def _headings(drawn: FigureView, pcode: str) -> dict[str, str]:
    text_of_map = N_("Where incidents are recorded") if pcode else N_("Recorded incidents by district")
    return {
        "head": _("KP Incident Atlas: brief"),
        "date": _("Data of {day}", day=format_date(drawn.version.day)),
        "foot": _("Recorded incidents from public reports; not operational, travel or security advice."),
        "map": _(text_of_map),
        "locator": _("The province, by number"),
        "limits": _("Method and limits"),
        "page": _("page"),
    }

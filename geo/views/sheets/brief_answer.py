"""The first words of a brief: what is known, most important first, and the numbers below them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np

from geo.analysis.counting import questions, stated
from geo.analysis.counting.questions import MEASURES
from geo.analysis.counting.rates import FEWEST_FOR_A_RATE
from geo.analysis.counting.stated import Police
from geo.analysis.evidence import statements
from geo.analysis.evidence.lines import Evidence
from geo.analysis.evidence.sentences import ALONE, TOGETHER, explain, together_label
from geo.shown_names import shown_name
from geo.sources import SEAM
from geo.views import figure_notes, overview
from geo.views.sheets.shown import FigureView
from geo.views.state import View
from geo.wording import N_, _, _n, format_date, format_list, format_number


def about(drawn: FigureView, pcode: str) -> tuple[str, ...]:
    """Return what a reader must know of the place before any number."""
    districts = drawn.view.districts
    if not pcode:
        n = len(districts.pcodes)
        return (_("The province in the {n} districts of the census of 2023, the former tribal areas included.", n=n),)
    district = districts.attributes[pcode]
    said = _(
        "{pcode}, {division} division, headquarters {headquarters}. {residents} residents (census 2023), {area} km².",
        pcode=pcode,
        division=shown_name(district.division),
        headquarters=shown_name(district.headquarters),
        residents=district.population_2023,
        area=round(district.area_km2),
    )
    return (said,)


def answer(everywhere: FigureView, local: FigureView, name: str, pcode: str, found: Evidence | None) -> tuple[str, ...]:
    """Return what is known in at most five sentences."""
    sentences = [_counted(local.view, name), *_by_source(local.view)]
    if pcode:
        sentences += _place_among_districts(everywhere.view, pcode)
        sentences += _said_of_district(found, everywhere.view, pcode) if found else []
    else:
        sentences += _concentrated(everywhere.view)
        sentences += _said_of_province(found, everywhere.view) if found else []
    return (*sentences, _("No record does not mean that nothing happened; nothing here says whether a place is open."))


def _counted(view: View, name: str) -> str:
    n = questions.total(view.table, view.filters, "incidents")[0]
    first, last = (format_date(day, "short") for day in view.covered)
    if not n:
        return _("No incident is recorded in {place} from {first} to {last}.", place=name, first=first, last=last)
    said = _n(
        "{n} incident is recorded in {place} from {first} to {last}; {attacks} on police and security forces.",
        "{n} incidents are recorded in {place} from {first} to {last}; {attacks} of them attacks on police and "
        "security forces.",
        n,
        place=name,
        first=first,
        last=last,
        attacks=questions.total(view.table, view.filters, "security_attacks")[0],
    )
    if not questions.is_stated(view.table, view.filters, "security_attacks"):
        said = _n(
            "{n} incident is recorded in {place} from {first} to {last}; its target is not stated.",
            "{n} incidents are recorded in {place} from {first} to {last}; their targets are not stated.",
            n,
            place=name,
            first=first,
            last=last,
        )
    toll = N_("People reported killed: {killed}, a lower bound ({sides}).")
    return f"{said} {overview.toll_sentence(view, view.filters, toll)}"


def _by_source(view: View) -> list[str]:
    """Return what each of two sources records of a period that holds both: their numbers cannot be compared."""
    if view.seam is None:
        return []
    before, after = replace(view.filters, end=SEAM - timedelta(days=1)), replace(view.filters, start=SEAM)
    numbers = [questions.total(view.table, filters, "incidents")[0] for filters in (before, after)]
    return [
        _(
            "Two sources make up this number, which cannot be compared: UCDP to 2021 ({before}) and the register from "
            "2022 ({after}).",
            before=numbers[0],
            after=numbers[1],
        )
    ]


def _place_among_districts(view: View, pcode: str) -> list[str]:
    """Return how many districts have more recorded, and the rate beside that of the province; [] across the seam."""
    counts = questions.by_district(view.table, view.filters, "incidents").value
    i = view.districts.pcodes.index(pcode)
    if view.seam or not counts[i]:
        return []
    n_more = int((counts > counts[i]).sum())
    said = _n(
        "{n} district of {total} has more incidents recorded.",
        "{n} districts of {total} have more incidents recorded.",
        n_more,
        total=len(counts),
    )
    if not n_more:
        said = _("No district has more incidents recorded.")
    if counts[i] < FEWEST_FOR_A_RATE:
        return [said]
    population = view.population
    rate = counts[i] / population[i] * 1e5 / view.years
    whole = counts.sum() / population.sum() * 1e5 / view.years
    more = _(
        "Per 100,000 residents and year that is {rate}, in the whole province {whole}; by residents estimated for the "
        "middle of the period, {residents} in {district}.",
        rate=format_number(rate, 1),
        whole=format_number(whole, 1),
        residents=format_number(population[i]),
        district=view.districts.names[pcode],
    )
    return [f"{said} {more}"]


def _concentrated(view: View) -> list[str]:
    """Return which districts have most of what is recorded."""
    counts = questions.by_district(view.table, view.filters, "incidents").value
    order = np.argsort(-counts, kind="stable")[:5]
    if view.seam or not counts.sum():
        return []
    names = format_list([view.districts.names[view.districts.pcodes[i]] for i in order if counts[i]])
    share = format_number(100 * counts[order].sum() / counts.sum())
    return [_("{share}% of the located incidents are recorded in five districts: {names}.", share=share, names=names)]


def _said_of_district(found: Evidence, view: View, pcode: str) -> list[str]:
    """Return the class of a district and the pages about it, each after the period it is of: the two may differ."""
    said = [str(said.words) for said in explain(found, pcode) if said.line == "together"][:1]
    together = [_("{period}: {said}", period=months(found.first, found.last), said=one) for one in said]
    spoken = statements.between(*view.covered, pcode)
    described, denied = (
        statements.n_pages(tuple(s for s in spoken if s.kind == kind))
        for kind in (statements.DESCRIBED, statements.DENIED)
    )
    pages = []
    if described:
        pages.append(
            _n(
                "{n} collected page describes it as no-go or out of state control.",
                "{n} collected pages describe it as no-go or out of state control.",
                described,
            )
        )
    if denied:
        pages.append(_n("A denial was collected on {n} page.", "Denials were collected on {n} pages.", denied))
    return together + [_("{period}: {said}", period=days(view), said=" ".join(pages))] * bool(pages)


def _said_of_province(found: Evidence, view: View) -> list[str]:
    """Return which districts are high and which were described as no-go, each with the period it is of."""
    period, named = months(found.first, found.last), by_label(found)
    labels = [label for label in (TOGETHER["high"], ALONE["high"]) if label in named]
    sentence = N_("{label}, {period}: {names}.")
    return [
        *(_(sentence, label=_(label), period=period, names=format_list(named[label])) for label in labels),
        *([] if labels else [_(sentence, label=_(TOGETHER["high"]), period=period, names=_("no district"))]),
        _(sentence, label=_("Described as no-go in reporting"), period=days(view), names=described(view)),
    ]


def by_label(found: Evidence) -> dict[str, list[str]]:
    """Return the names of districts by their class of all sources together, as the table of the brief writes it."""
    named: dict[str, list[str]] = {}
    for name, label in sorted((shown_name(one.name), together_label(one)) for one in found.districts):
        named.setdefault(label, []).append(name)
    return named


def described(view: View) -> str:
    """Return the districts that a statement of the days of a view describes as no-go: those the map's headline has."""
    said = (s for s in statements.statements() if s.kind == statements.DESCRIBED and s.pcode)
    first, last = view.covered
    pcodes = {str(s.pcode) for s in said if s.first <= last and s.last >= first}
    return format_list(sorted(view.districts.names[pcode] for pcode in pcodes)) or _("no district")


def months(first: date, last: date) -> str:
    """Return the months of lines of evidence in words."""
    begin, end = (format_date(day, "short_month") for day in (first, last))
    return _("{first} to {last}", first=begin, last=end)


def days(view: View) -> str:
    """Return the days of a view that have records in words."""
    first, last = (format_date(day, "short") for day in view.covered)
    return _("{first} to {last}", first=first, last=last)


def numbers(view: View) -> tuple[tuple[str, str, str], ...]:
    """Return (measure, figure, note) for each measure of the atlas."""
    found = {measure: questions.stated_total(view.table, view.filters, measure) for measure in MEASURES}
    notes = {"killed": overview.killed_note(view, view.filters)}
    told = stated.police(view.table, view.mask)
    if told is not Police.STATED:
        notes["police_attacks"] = figure_notes.on_police(view.table, view.filters)
    if told is Police.NO_TARGET:
        notes["security_attacks"] = notes["police_attacks"]
    return tuple(
        (_(MEASURES[measure]), _("not stated") if n is None else format_number(n), notes.get(measure, ""))
        for measure, n in found.items()
    )

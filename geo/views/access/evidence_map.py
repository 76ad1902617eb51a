"""Maps of the lines of evidence: one line at a time, and districts described as no-go marked on each of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from geo.analysis.evidence import statements
from geo.analysis.evidence.lines import DistrictEvidence, Evidence, Official
from geo.analysis.evidence.sentences import ALONE, TOGETHER, period_text, together_label
from geo.analysis.evidence.synthesis import CLASSES
from geo.analysis.index.access import AccessIndex
from geo.schema import SOURCES
from geo.shown_names import shown_name, shown_publisher
from geo.views import palettes
from geo.views.access import index_map
from geo.views.access.words import SHORT_CLASSES
from geo.views.layers import ChoroplethView, DistrictValue, Legend, LegendEntry
from geo.views.palettes import Theme
from geo.wording import N_, _, _n, format_list

MAPS: dict[str, str] = {
    "together": N_("Put together"),
    "reported": N_("Reported"),
    "published": N_("Published totals"),
    "recorded": N_("Recorded incidents"),
}
# Attacks per 100,000 residents and year: lower ends of the classes above the first. Fixed, so that windows compare.
_RATES = (2.0, 5.0, 10.0, 20.0)
# A class, and whether it rests on one source alone.
Code = tuple[str, bool]
Entries = dict[Code, LegendEntry]
Line = tuple[Entries, Callable[[DistrictEvidence], Code], tuple[str, ...]]


def choropleth(
    kind: str, found: Evidence, index: AccessIndex, divisions: tuple[str, ...], selected: tuple[str, ...], theme: Theme
) -> ChoroplethView:
    """Return what the map of a line of evidence (key of MAPS) draws."""
    if kind == "recorded":
        view = _with_incomparable(index_map.choropleth(index, divisions, selected, theme), found, theme)
    else:
        entries, code_of, notes = _LINES[kind](found, theme)
        position = {code: number for number, code in enumerate(entries)}
        values = tuple(
            DistrictValue(
                one.pcode, position[code_of(one)], (*hover_lines(one, kind), (_("Division"), shown_name(division)))
            )
            for one, division in zip(found.districts, divisions, strict=True)
        )
        view = ChoroplethView(Legend(_(_TITLES[kind]), tuple(entries.values()), notes), values, selected)
    marked = tuple(one.pcode for one in found.districts if one.described)
    entry = LegendEntry(_("Described as no-go in reporting"), shape="marked")
    return replace(view, marked=marked, legend=replace(view.legend, entries=(*view.legend.entries, entry)))


def _with_incomparable(view: ChoroplethView, found: Evidence, theme: Theme) -> ChoroplethView:
    """Return the map of the index with those districts in grey whose recorded attacks cannot be compared."""
    if all(one.is_comparable for one in found.districts):
        return view
    entry = LegendEntry(_("Not comparable: few of the published attacks are recorded"), palettes.NO_DATA[theme], True)
    last = len(view.legend.entries)
    districts = tuple(
        value if one.is_comparable else replace(value, entry=last)
        for value, one in zip(view.districts, found.districts, strict=True)
    )
    return replace(view, districts=districts, legend=replace(view.legend, entries=(*view.legend.entries, entry)))


_TITLES: dict[str, str] = {
    "together": N_("All sources put together"),
    "published": N_("Published number of attacks, per 100,000 residents and year"),
    "reported": N_("What was reported about access"),
}


def _together(found: Evidence, theme: Theme) -> Line:
    colours = dict(zip(CLASSES, palettes.ACCESS[theme], strict=True))
    entries = {(code, False): LegendEntry(_(TOGETHER[code]), colours[code]) for code in reversed(CLASSES)}
    for code in reversed(CLASSES):
        entries[code, True] = LegendEntry(_(ALONE[code]), colours[code], is_hatched=True)
    entries["no_source", False] = LegendEntry(_(TOGETHER["no_source"]), palettes.NO_DATA[theme], is_hatched=True)
    used = {together_code(one) for one in found.districts}
    always = {(code, False) for code in CLASSES}
    kept = {code: entry for code, entry in entries.items() if code in used | always}
    note = _(
        "Probability that the rate is above three times that of the typical district: high from 90 %, probably high "
        "from 60 %, evidence unsettled from 10 %."
    )
    return kept, together_code, (note, sources_text(found))


def together_code(one: DistrictEvidence) -> Code:
    """Return the class of a district, and whether one source alone states it; "no_source" where none does."""
    return (one.together, one.n_publishers == 1) if one.n_publishers else ("no_source", False)


def sources_text(found: Evidence) -> str:
    """Return which sources the classes of a window are made of."""
    names = [source_name(column.publisher) for column in found.synthesis.columns]
    return _("Sources: {sources}", sources=format_list(list(dict.fromkeys(names))) or _("none"))


def source_name(publisher: str) -> str:
    """Return the label of a source of incidents, or that of a publisher."""
    return _(SOURCES[publisher].label) if publisher in SOURCES else shown_publisher(publisher)


def _published(_found: Evidence, theme: Theme) -> Line:
    colours = palettes.sequential(len(_RATES) + 1, theme)
    labels = [_("under {high:g}", high=_RATES[0])]
    labels += [_("{low:g} to {high:g}", low=low, high=high) for low, high in pairwise(_RATES)]
    labels += [_("{low:g} and more", low=_RATES[-1])]
    entries = {(str(n), False): LegendEntry(label, colours[n]) for n, label in enumerate(labels)}
    entries = dict(reversed(entries.items()))
    entries["none", False] = LegendEntry(_("no total known"), palettes.NO_DATA[theme], is_hatched=True)
    note = _("Of several totals of a district, the one of the longest period. Publishers list the worst-hit districts.")

    def code_of(one: DistrictEvidence) -> Code:
        rate = one.officials[0].rate if one.officials else None
        return ("none" if rate is None else str(np.searchsorted(_RATES, rate, side="right")), False)

    return entries, code_of, (note,)


def _reported(_found: Evidence, theme: Theme) -> Line:
    low, _middle, strong, strongest = palettes.ACCESS[theme]
    entries = {
        ("described", False): LegendEntry(_("Described as no-go or out of state control"), strongest),
        ("said", False): LegendEntry(_("Other statements on access"), strong),
        ("denied", False): LegendEntry(_("Denials only"), low),
        ("none", False): LegendEntry(_("No statement collected"), palettes.NO_DATA[theme], is_hatched=True),
    }
    note = _("That no statement is collected does not mean that none was made.")

    def code_of(one: DistrictEvidence) -> Code:
        found = {"described": one.described, "said": one.said, "denied": one.denied}
        return (next((code for code, statements_of in found.items() if statements_of), "none"), False)

    return entries, code_of, (note,)


_LINES = {"together": _together, "published": _published, "reported": _reported}


# --- texts of one district -----------------------------------------------------------------------------


def hover_lines(one: DistrictEvidence, kind: str = "") -> tuple[tuple[str, str], ...]:
    """Return the card of a district: every line of evidence in the order of reading.

    kind: of the map it stands on, key of MAPS; on that of the published totals it names the total that is coloured.
    """
    said = officials_text(one) if kind != "published" else _first_total(one.officials)
    return (
        (_("Reported"), reported_text(one)),
        (_("Published totals"), said),
        (_("Recorded"), recorded_text(one)),
        (_("Put together"), together_text(one)),
    )


def reported_text(one: DistrictEvidence) -> str:
    """Return on how many pages a district is described as no-go, this or something else denied, or more is said."""
    of_no_go = tuple(found for found in one.denied if found.denies == statements.NO_GO)
    others = tuple(found for found in one.denied if found.denies != statements.NO_GO)
    counted = (one.described, of_no_go, others, one.said)
    described, denied, denied_else, said = map(statements.n_pages, counted)
    # A form for several things is found in a catalogue only where it is written as one sentence with the form for one.
    parts = [
        _n("described as no-go on {n} page", "described as no-go on {n} pages", described) if described else "",
        _n("denied to be no-go on {n} page", "denied to be no-go on {n} pages", denied) if denied else "",
        _n("a denial of something else on {n} page", "denials of something else on {n} pages", denied_else)
        if denied_else
        else "",
        _n("other statements on {n} page", "other statements on {n} pages", said) if said else "",
    ]
    return format_list([part for part in parts if part]) or _("nothing collected")


def officials_text(one: DistrictEvidence) -> str:
    """Return the published total of the latest period, and how many others there are."""
    return _first_total(sorted(one.officials, key=lambda one: (one.total.last, one.total.days), reverse=True))


def _first_total(officials: Sequence[Official]) -> str:
    if not officials:
        return _("none known")
    total = officials[0].total
    head = _n(
        "{n} attack, {publisher}, {period}",
        "{n} attacks, {publisher}, {period}",
        total.value,
        publisher=shown_publisher(total.publisher),
        period=period_text(total.first, total.last),
    )
    others = len(officials) - 1
    return head if not others else _n("{total}; {n} other total", "{total}; {n} other totals", others, total=head)


def recorded_text(one: DistrictEvidence) -> str:
    """Return the class of the index and the recorded attacks by source, or that the class is not comparable."""
    counts = [
        _n("{n} attack in {source}", "{n} attacks in {source}", n, source=source_name(source))
        for source, n in one.recorded.items()
    ]
    parts = [_(SHORT_CLASSES[one.index_class])] if one.index_class else []
    if not one.is_comparable:
        parts = [_("not comparable")]
    return _("; ").join([*parts, *counts]) or _("no source of most of this period")


def together_text(one: DistrictEvidence) -> str:
    """Return class, rate ratio and interval of all sources together."""
    if not one.n_publishers:
        return _(TOGETHER["no_source"])
    return _n(
        "{label}: {ratio:.1f} times the typical district ({low:.1f} to {high:.1f}), {n} publisher",
        "{label}: {ratio:.1f} times the typical district ({low:.1f} to {high:.1f}), {n} publishers",
        one.n_publishers,
        label=_(together_label(one)),
        ratio=one.ratio,
        low=one.low,
        high=one.high,
    )

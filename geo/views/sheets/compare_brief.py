"""A brief on two periods: which districts differ clearly, both maps in the same classes, ratios with intervals."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from geo.analysis.counting import compare as comparing
from geo.analysis.counting.questions import MEASURES
from geo.export.view_settings import to_toml
from geo.figure.brief import Brief, Cell, Table
from geo.sources import FOOTER, NATURE_OF_THE_DATA
from geo.views.compare.maps import result_text
from geo.views.compare.words import clear_text, count_text, interval_text, pair_text, period_text, ratio_text
from geo.views.sheets import briefs, compare
from geo.views.sheets.compare import Compared
from geo.views.sheets.shown import FigureView
from geo.wording import N_, _, _n, format_date, format_list, format_number, in_language

_MOST_RANKED = 17
_VERDICTS: dict[str, str] = {"higher": N_("Clearly higher: {names}."), "lower": N_("Clearly lower: {names}.")}


def brief(drawn: FigureView) -> Brief:
    """Return the brief on the two periods that the options of the page Compare name. Raises as `compare.compared`."""
    with in_language(drawn.settings.language):
        one = compare.compared(drawn)
        timeline = briefs.timeline(one.drawn)
        first, second = period_text(one.found.first), period_text(one.found.second)
        measure = _(MEASURES[one.found.measure])
        return Brief(
            title=_("{second} against {first}", second=second, first=first),
            native_name="",
            lines=(_("{measure} in Khyber Pakhtunkhwa, by district", measure=measure),),
            answer=(
                *_answer(one),
                _("A difference in what is recorded can come from what was reported and collected."),
            ),
            numbers=_numbers(one, first, second),
            main_map=compare.changes(drawn),
            locator=None,
            ranking=_table(one, first, second),
            timeline=timeline,
            evidence_title="",
            evidence=(),
            incidents=None,
            limits=(clear_text(is_tested=_is_tested(one)), _(NATURE_OF_THE_DATA), _(briefs.COUNTING), _(FOOTER)),
            facts=tuple(briefs.facts_of(one.drawn, timeline)),
            headings=_headings(drawn),
            language=drawn.settings.language,
            day=drawn.version.day,
            settings=to_toml(drawn.settings),
            pair=(
                replace(compare.period_map(one, is_second=False), title=first),
                replace(compare.period_map(one, is_second=True), title=second),
            ),
        )


def _is_tested(one: Compared) -> bool:
    return one.found.measure in comparing.TESTED_MEASURES


def _answer(one: Compared) -> list[str]:
    """Return the result in sentences, the districts with the most incidents first."""
    side, whole, view = one.found.districts, one.found.province, one.drawn.view
    head = _(
        "All districts together: {first_n} in {first}, {second_n} in {second}; {ratio}.",
        first_n=count_text(whole, 0, is_second=False),
        first=period_text(one.found.first),
        second_n=count_text(whole, 0, is_second=True),
        second=period_text(one.found.second),
        ratio=pair_text(whole, 0),
    )
    if not _is_tested(one):
        return [head]
    order = np.argsort(-(side.first + side.second), kind="stable").tolist()
    found, names_of = [head], [view.districts.names[pcode] for pcode in view.districts.pcodes]
    for verdict, sentence in _VERDICTS.items():
        names = [names_of[i] for i in order if side.verdict[i] == verdict and side.is_settled[i]]
        found.append(_(sentence, names=format_list(names) or _("no district")))
    if unsettled := [names_of[i] for i in order if side.verdict[i] in _VERDICTS and not side.is_settled[i]]:
        sentence = N_("Unsettled, because incidents come in series: {names}.")
        found.append(_(sentence, names=format_list(unsettled)))
    n = side.verdict.count("no_clear_change")
    found.append(_n("{n} district has no clear change.", "{n} districts have no clear change.", n))
    return found


def _numbers(one: Compared, first: str, second: str) -> tuple[tuple[str, str, str], ...]:
    side, whole = one.found.districts, one.found.province
    n_clear = sum(verdict in _VERDICTS and side.is_settled[i] for i, verdict in enumerate(side.verdict))
    return (
        (first, count_text(whole, 0, is_second=False), ""),
        (second, count_text(whole, 0, is_second=True), ""),
        (_("Second period / first"), ratio_text(whole, 0), interval_text(whole, 0)),
        (_("Districts that differ clearly"), format_number(n_clear), _("of {n}", n=len(side.verdict))),
    )


def _table(one: Compared, first: str, second: str) -> Table:
    side, districts = one.found.districts, one.drawn.view.districts
    order = np.argsort(-(side.first + side.second), kind="stable").tolist()[:_MOST_RANKED]
    rows = tuple(
        tuple(
            map(
                Cell,
                (
                    districts.names[districts.pcodes[i]],
                    count_text(side, i, is_second=False),
                    count_text(side, i, is_second=True),
                    pair_text(side, i),
                    result_text(side, i),
                ),
            )
        )
        for i in order
    )
    heads = (_("District"), first, second, _("Ratio and interval"), _("Result"))
    return Table(_("Districts with most records"), heads, rows, (1.8, 0.9, 0.9, 2.0, 1.5), (1, 2))


def _headings(drawn: FigureView) -> dict[str, str]:
    return {
        "head": _("KP Incident Atlas: brief"),
        "date": _("Data of {day}", day=format_date(drawn.version.day)),
        "foot": _("Recorded incidents from public reports; not operational, travel or security advice."),
        "map": _("What is clearly different"),
        "locator": "",
        "limits": _("Method and limits"),
        "page": _("page"),
    }

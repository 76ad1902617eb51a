"""The sentences above a map: where the chosen figure is highest, and who has described districts as no-go, when."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import numpy as np
import streamlit as st

from geo.analysis.counting.questions import MEASURES
from geo.analysis.counting.stated import Why
from geo.analysis.evidence import statements
from geo.analysis.evidence.sentences import period_text
from geo.analysis.evidence.statements import Statement
from geo.districts import SOUTHERN_PCODES
from geo.export.filter_words import restrictions_in_words
from geo.publishers import web_address
from geo.sources import NO_RATE
from geo.text import markdown_sentence, markdown_text
from geo.views import cached
from geo.views.overview import DistrictMeasure, value_text
from geo.views.state import View
from geo.wording import N_, _, _n, format_date, format_list

# Figures of rates are longer, and their unit too.
_MOST_NAMED = {"count": 3, "per_100k": 2, "per_1000_km2": 2}
# Shorter than the names of the measures: the sentence fits a line.
_SUBJECTS: dict[str, str] = dict(MEASURES) | {
    "incidents": N_("Recorded incidents"),
    "security_attacks": N_("Attacks on state forces"),
    "killed": N_("People reported killed"),
}
_SUBJECTS_WITH_UNIT: dict[str, str] = {
    "count": "{subject}",
    "per_100k": N_("{subject} per 100,000 residents a year"),
    "per_1000_km2": N_("{subject} per 1,000 km² a year"),
}
_NOT_STATED: dict[Why, str] = {
    Why.NO_FIGURE: N_("{subject}, {period}: not stated, because no incident states a figure."),
    Why.NO_TARGET: N_("{subject}, {period}: not stated, because no incident states its target."),
    Why.NO_POLICE: N_(
        "{subject}, {period}: not known, because the source does not distinguish police from other state forces."
    ),
    Why.NO_RECORD: N_("{subject}, {period}: no record of this period, which is not zero."),
    Why.EITHER: N_(
        "{subject}, {period}: not known, because no incident states its target, or the source does not distinguish "
        "police from other state forces."
    ),
}
_NEWSPAPER = "publisher"  # a statement that the publisher makes itself


def draw(view: View, result: DistrictMeasure) -> None:
    """Draw both sentences for what the map shows."""
    st.markdown(f"{highest(view, result)} {described(*view.covered, view.filters.districts)}")


def highest(view: View, result: DistrictMeasure) -> str:
    """Return, as Markdown, which districts of the south, or of those chosen, have the highest figures."""
    if result.is_without_rate:
        return _(NO_RATE)
    subject = _(_SUBJECTS_WITH_UNIT[result.normaliser], subject=_(_SUBJECTS[result.measure]))
    days = _("{first} to {last}", first=_short(view.covered[0]), last=_short(view.covered[1]))
    period = with_restrictions(days, view)
    chosen = view.filters.districts
    is_asked = np.isin(view.districts.pcodes, list(chosen or SOUTHERN_PCODES))
    if not result.is_stated.any() or (len(chosen) != 1 and not (is_asked & result.is_stated).any()):
        return _(_NOT_STATED[result.why_missing(is_asked)], subject=subject, period=period)
    if len(chosen) == 1:
        return _one(view, result, subject, _("; ").join((days, *restrictions(view))))
    n_untold = int((~result.is_stated).sum())
    untold = _n("No figure is known for {n} district.", "No figure is known for {n} districts.", n_untold)
    return f"{_several(view, result, subject, period)}{f' {untold}' if n_untold else ''}"


def restrictions(view: View) -> tuple[str, ...]:
    """Return, as Markdown, the filters of a view besides period, districts and picture of the sources."""
    filters = view.filters.without_districts()
    datasets = {str(batch.batch_id): batch.label for batch in cached.store().batches()} if filters.datasets else {}
    return tuple(markdown_sentence(said) for said in restrictions_in_words(filters, {}, datasets))


def with_restrictions(period: str, view: View) -> str:
    """Return a period in words with the filters that a number of it depends on, in brackets."""
    found = restrictions(view)
    return _("{period} ({filters})", period=period, filters=_("; ").join(found)) if found else period


def _several(view: View, result: DistrictMeasure, subject: str, period: str) -> str:
    """Return which of the chosen districts, or of the south and elsewhere, have the highest figures."""
    chosen = view.filters.districts
    among = chosen or SOUTHERN_PCODES
    own, others = _ranked(view, result, among), _ranked(view, result, set(view.districts.pcodes) - set(among))
    names = _names(view, result, own)
    said = {"subject": subject, "period": period, "districts": names, "none": _nothing(view, result, among)}
    if chosen:
        if own:
            return _("{subject}, {period}: of the chosen districts highest in {districts}.", **said)
        return _("{subject}, {period}: {none} in the chosen districts.", **said)
    if own and others:
        sentence = N_("{subject}, {period}: in the south highest in {districts}; elsewhere in {other}.")
        return _(sentence, other=_with_value(view, result, others[0]), **said)
    if own:
        said["none"] = _nothing(view, result, set(view.districts.pcodes) - set(among))
        return _("{subject}, {period}: in the south highest in {districts}; {none} elsewhere.", **said)
    if others:
        sentence = N_("{subject}, {period}: {none} in the south; elsewhere highest in {districts}.")
        return _(sentence, **said | {"districts": _names(view, result, others)})
    return _("{subject}, {period}: {none} in any district.", **said | {"none": _nothing(view, result)})


def _names(view: View, result: DistrictMeasure, found: list[int]) -> str:
    return format_list([_with_value(view, result, i) for i in found[: _MOST_NAMED[result.normaliser]]])


def _nothing(view: View, result: DistrictMeasure, among: Collection[str] = ()) -> str:
    """Return why no district among those of these P-codes, all if empty, is ranked: a few incidents are not none."""
    is_few = any(result.is_few(i) for i, pcode in enumerate(view.districts.pcodes) if not among or pcode in among)
    return _("too few incidents for a rate") if is_few else _("none recorded")


def _one(view: View, result: DistrictMeasure, subject: str, period: str) -> str:
    """Return the figure of one district and its place among all of them."""
    pcode = view.filters.districts[0]
    i = view.districts.pcodes.index(pcode)
    name = f"**{markdown_text(view.districts.names[pcode])}**"
    if not result.is_ranked(i) or view.seam is not None:
        sentence = N_("{district}: {value} ({subject}, {period}).")
        return _(sentence, district=name, value=value_text(result, i), subject=subject, period=period)
    ranked = result.values[[result.is_ranked(k) for k in range(len(result.values))]]
    return _(
        "{district}: {value} ({subject}, {period}), number {rank} of {n} districts with a record.",
        district=name,
        value=f"**{value_text(result, i)}**",
        subject=subject,
        period=period,
        rank=1 + int(np.count_nonzero(ranked > result.values[i])),
        n=len(ranked),
    )


def _ranked(view: View, result: DistrictMeasure, among: Collection[str]) -> list[int]:
    """Return the positions of districts with a figure above zero, the highest first."""
    found = [i for i, pcode in enumerate(view.districts.pcodes) if pcode in among and result.is_ranked(i)]
    return sorted(found, key=lambda i: -result.values[i])


def _with_value(view: View, result: DistrictMeasure, i: int) -> str:
    name = markdown_text(view.districts.names[view.districts.pcodes[i]])
    return f"**{name}** ({value_text(result, i)})"


def described(first: date, last: date, districts: Collection[str]) -> str:
    """Return, as Markdown, who described districts as no-go in a period and who denied it, each with its page.

    districts: P-codes in question, the southern ones if empty. The page that names most of them is cited, the newest
    of several; of denials the newest.
    """
    among = tuple(districts) or SOUTHERN_PCODES
    said = [s for s in statements.statements() if s.first <= last and s.last >= first]
    pages: dict[str, list[Statement]] = {}
    for statement in said:
        if statement.kind == statements.DESCRIBED and statement.pcode in among:
            pages.setdefault(statement.url, []).append(statement)
    if not pages:
        return _("No page of this period that describes them as no-go is collected.")
    page = max(pages.values(), key=lambda found: (len(found), found[0].last))
    denials = denials_of_no_go(first, last, among)
    names = format_list([markdown_text(statement_district(s)) for s in page])
    if not districts and len(page) == len(SOUTHERN_PCODES):
        names = _("all {n} southern districts", n=len(page))
    if not denials:
        return _("Described as no-go: {districts} ({source}).", districts=names, source=source(page[0]))
    sentence = N_("Described as no-go: {districts} ({source}). Denied: {other}.")
    return _(sentence, districts=names, source=source(page[0]), other=source(denials[-1]))


def denials_of_no_go(first: date, last: date, among: Collection[str]) -> list[Statement]:
    """Return who denied in a period that districts, or the province as a whole, are no-go, the newest last."""
    said = [s for s in statements.statements() if s.first <= last and s.last >= first]
    return [s for s in said if s.denies == statements.NO_GO and (s.pcode is None or s.pcode in among)]


def statement_district(statement: Statement) -> str:
    """Return the name of the district that a statement is about; raises KeyError for one about the province."""
    from geo import districts

    return districts.load().names[statement.pcode or ""]


def source(statement: Statement) -> str:
    """Return who said it, where and when, the latter two as a link to the page."""
    when = statement.day or period_text(statement.first, statement.last)
    day = _short(when) if isinstance(when, date) else str(when)
    page = format_list([markdown_text(statement.publisher), day])
    link = web_address(statement.url)
    page = f"[{page}]({link})" if link else page
    return page if statement.speaker == _NEWSPAPER else format_list([markdown_text(_(statement.speaker)), page])


def _short(day: date) -> str:
    return format_date(day, "short")

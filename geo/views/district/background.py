"""What stands beside the recorded incidents of a district: index, evidence, published totals, neighbours, names."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

import pandas as pd
import streamlit as st

from geo.analysis.evidence import published, recount, statements
from geo.analysis.evidence.lines import Evidence
from geo.analysis.evidence.recount import Recount
from geo.analysis.evidence.sentences import period_text, statement_text
from geo.analysis.index import request as access_request
from geo.analysis.index.access import AccessIndex
from geo.analysis.index.profiles import profile_of_source
from geo.analysis.index.request import AccessRequest
from geo.districts import written_names
from geo.filters import Filters
from geo.incidents import IncidentTable, select
from geo.publishers import web_address
from geo.shown_names import shown_publisher
from geo.text import markdown_sentence, markdown_text
from geo.views import address, cached, cached_index, profile, table_file
from geo.views.access import district as access_district
from geo.views.access import evidence, evidence_map
from geo.views.access.page import SERIES_MONTHS
from geo.views.access.words import class_text, points_text, window_text
from geo.views.incident_text import link, markdown_table
from geo.views.published_rows import COLUMNS, place_text, totals_frame
from geo.views.sheets import briefs
from geo.views.state import View
from geo.wording import N_, _, format_list, format_number, in_english

# Kinds of names of data/aliases.csv that mean this district, in the order of reading.
_NAME_KINDS: dict[str, str] = {
    "agency": N_("Tribal agency until 2018"),
    "frontier_region": N_("Frontier regions until 2018, and what became of them"),
    "former_name": N_("Former names"),
    "split_unit": N_("Newer units counted here"),
    "short_form": N_("Short forms"),
    "spelling": N_("Spellings"),
    "place": N_("Tehsils and towns that stand for it"),
}


@dataclass(frozen=True, slots=True)
class Background:
    """The index of one source without filters, and all evidence of the same months."""

    request: AccessRequest
    index: AccessIndex
    evidence: Evidence


def background(view: View) -> Background:
    """Return index and evidence of the months that the brief of a view takes, else of the usual window.

    Else: the period is too short, or no source of the index has a record in it. Raises CannotCompute if no source can
    serve at all.
    """
    request = request_of(view, cached_index.incidents_of_source)
    return Background(
        request, cached_index.access_index(Filters(), request), cached_index.evidence(request.source, request.window)
    )


def request_of(view: View, of_source: Callable[[str], IncidentTable]) -> AccessRequest:
    """Return the question of the index that `background` asks; of_source: incidents as one source reports them."""
    table, window = view.table, briefs.evidence_window(view)
    source = briefs.source_within(table, window.first_day, window.last_day) if window else None
    if window is None or source is None:
        everything = select(table, Filters())
        found = access_request.indexable_sources(table, everything)
        if not found:
            raise access_request.nothing_to_use(table, everything)
        source = found[0]
        window = access_request.default_window(of_source(source), source)
    settings = replace(profile_of_source(source).settings, window_months=window.months)
    return AccessRequest(source, settings, window)


def answer(known: Background, pcode: str) -> None:
    """Draw the class of the index and each line of evidence in one line, with its months."""
    record = access_district.record_of(known.index, pcode)
    window = window_text(known.request.window)
    lines = [
        _(
            "**Index of recorded attacks, {window}:** {class_name}, {points} points of 100",
            window=window,
            class_name=markdown_sentence(class_text(record)),
            points=markdown_sentence(points_text(record)),
        )
    ]
    lines += [
        f"**{_('{line}, {window}', line=label, window=window)}:** {markdown_sentence(words)}"
        for label, words in evidence_map.hover_lines(known.evidence.of(pcode))
    ]
    st.markdown("\n".join(f"- {line}" for line in lines))


def index(known: Background, pcode: str) -> None:
    """Draw why the district has its class, its months, and its attacks by force."""
    access_district.why(known.index, pcode)
    series = cached_index.access_series(Filters(), known.request, SERIES_MONTHS)
    access_district.months(known.index, series, pcode)
    access_district.forces(access_district.record_of(known.index, pcode))
    access_district.cannot_know()


def reported(known: Background, pcode: str) -> None:
    """Draw the evidence sentence by sentence, with the page of each."""
    st.caption(_("Lines of evidence on {window}.", window=window_text(known.request.window)))
    evidence.lines(known.evidence, pcode)
    _other_statements(known, pcode)
    access_district.published(pcode)


def totals(known: Background, pcode: str) -> None:
    """Draw every published figure of the district beside what is recorded in the same days."""
    stated = [total for total in published.totals() if total.pcode == pcode]
    if not stated:
        st.caption(_("No published figure of this district is collected here."))
        return
    own = cached_index.incidents_of_source(known.request.source)
    ordered = sorted(stated, key=lambda total: (total.last, total.days), reverse=True)
    found = list(recount.recount_all(own, known.request.source, ordered))
    heads = [
        _("Period"),
        _("Figure"),
        _("Place"),
        _("Published"),
        _("Recorded here"),
        _("Publisher"),
        str(in_english(_("Caveat"))),
    ]
    st.markdown(markdown_table(heads, [_total_cells(one) for one in found]))
    said = _("Publishers contradict one another and their periods overlap: figures are never added up.")
    st.caption(said)
    frame = totals_frame(found)
    frame.insert(2, "figure", [_(recount.METRICS[one.total.metric].label) for one in found])
    title = _("{district}: published totals beside our own counts", district=cached.districts().names[pcode])
    days = min(total.first for total in stated), max(total.last for total in stated)
    sources = (known.request.source,)
    named = frame.rename(columns=COLUMNS)
    table_file.offer(named, f"district-{pcode}-published", title, str(period_text(*days)), sources, (said,), ())


def _total_cells(one: Recount) -> list[str]:
    total = one.total
    page, publisher = web_address(total.url), shown_publisher(total.publisher)
    return [
        markdown_sentence(str(period_text(total.first, total.last))),
        _(recount.METRICS[total.metric].label),
        markdown_sentence(place_text(total)),
        format_number(total.value),
        _ours_text(one),
        link(page, publisher) if page else markdown_text(publisher),
        markdown_text(total.note),
    ]


def _ours_text(one: Recount) -> str:
    if one.ours is not None:
        return format_number(one.ours)
    return _("not the same definition") if recount.is_of_other_definition(one.total) else ""


def _other_statements(known: Background, pcode: str) -> None:
    """Draw the statements on the district that speak of days outside the window, the newest first."""
    window = known.request.window
    said = [
        statement
        for statement in statements.between(date.min, date.max, pcode)
        if statement.last < window.first_day or statement.first > window.last_day
    ]
    if said:
        st.markdown(_("**Statements on other times**"))
        lines = [evidence.linked_words(str(statement_text(one)), one.url) for one in reversed(said)]
        st.markdown("\n".join(f"- {line}" for line in lines))


def neighbours(view: View, pcode: str) -> None:
    """Draw the districts around it with their figures, each a link to its page."""
    districts = view.districts
    around = [districts.pcodes[i] for i in districts.neighbours[districts.pcodes.index(pcode)]]
    frame = profile.ranking(view, "incidents")
    heads = [_("District"), _("Division"), _("Incidents"), _("On state forces"), _("Killed")]
    rows = [
        [
            link(address.of_district(row["pcode"]), row["name"]),
            markdown_text(row["division"]),
            *(
                _("not stated") if pd.isna(row[name]) else format_number(row[name])
                for name in ("incidents", "security_attacks", "killed")
            ),
        ]
        for row in frame[frame["pcode"].isin(around)].to_dict("records")
    ]
    st.markdown(markdown_table(heads, rows))
    st.caption(_("Districts of the province only: neighbours in other provinces and in Afghanistan are not covered."))


def names(pcode: str) -> None:
    """Draw the names that count as this district: former units, spellings, places."""
    listed = written_names(pcode)
    lines = []
    for kind, label in _NAME_KINDS.items():
        texts = sorted({alias.text for alias in listed if alias.kind == kind})
        if texts:
            isolated = [f"\u2068{markdown_text(text)}\u2069" for text in texts]
            lines.append(f"- **{_(label)}:** {format_list(isolated)}")
    st.markdown("\n".join(lines))
    st.caption(_("A stated name of this list is counted here; the name that a source used stays visible beside it."))

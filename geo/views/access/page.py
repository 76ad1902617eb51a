"""The parts of the page around the map: what is counted, what applies, the panel beside the map, the sections."""

from __future__ import annotations

import numpy as np
import streamlit as st

from geo.analysis.index import request as access_request
from geo.analysis.index.access import AccessIndex
from geo.analysis.index.backtest import covered_years
from geo.analysis.index.request import AccessRequest
from geo.incidents import OUTSIDE, select
from geo.shown_names import shown_name
from geo.views import cached_index
from geo.views.access import district, ranking, years
from geo.views.access.evidence import SECTION
from geo.views.access.words import caution, window_text
from geo.views.state import View
from geo.wording import N_, _, _n, format_list

SECTIONS: dict[str, str] = {
    "evidence": SECTION,
    "table": N_("Index: ranked table"),
    "district": N_("Index: district by month"),
    "police": N_("Policing under pressure"),
    "years": N_("Year by year"),
    "hotspots": N_("Hot spots"),
}
SERIES_MONTHS = 60
_FILTER_WORDS: dict[str, str] = {
    "groups": N_("group"),
    "attacks": N_("attack type"),
    "targets": N_("target"),
    "datasets": N_("dataset"),
    "min_precision": N_("precision"),
    "fatal_only": N_("fatal only"),
}


def filters_that_apply(view: View) -> None:
    """Say which filters of the sidebar change the index, and that its period does not."""
    named = [_(word) for name, word in _FILTER_WORDS.items() if getattr(view.filters, name)]
    if named:
        st.warning(
            _(
                "Filters in the sidebar narrow what is counted here ({filters}). The class limits were set for all "
                "incidents of the source, so points are always lower under a filter.",
                filters=format_list(named),
            )
        )
    if view.filters.start or view.filters.end:
        st.caption(_("The period in the sidebar does not apply here: the index has its own window."))


def counted_line(view: View, request: AccessRequest, index: AccessIndex) -> None:
    """Say how many incidents of the window the index counts, and what it leaves out."""
    table = cached_index.incidents_of_source(request.source)
    mask = select(table, view.filters.for_index()) & (table.source == table.sources.index(request.source))
    month = table.year.astype(np.int32) * 12 + table.month - 1
    first, end = index.window.first_month, index.window.first_month + index.window.months
    mask &= (month >= first) & (month < end)
    n_outside = int(table.n_events[mask & (table.district == OUTSIDE)].sum())
    n_window = int(table.n_events[mask].sum()) - n_outside
    counted = _(
        "**{n} of {total} incidents recorded in {window} are counted**, {not_located} of them not located. Left out: "
        "operations by state forces, fighting between militant groups, foiled plots, and incidents with no stated "
        "initiator other than clashes, which are counted.",
        n=index.n_located + index.n_not_located,
        total=n_window,
        window=window_text(index.window),
        not_located=index.n_not_located,
    )
    outside = _n("{n} more is outside the province.", "{n} more are outside the province.", n_outside)
    st.markdown(f"{counted} {outside if n_outside else ''}")
    st.caption(caution(index))
    if index.arrays.reasons:
        st.warning(" ".join(map(str, index.arrays.reasons)))


def classes(index: AccessIndex) -> None:
    """Draw the districts by class of the index."""
    window = window_text(index.window)
    if index.settings.police_only:
        window = _("{window}, police only", window=window)
    st.markdown(_("**Districts by class of the index, {window}**", window=window))
    st.markdown("\n".join(f"- **{label}:** {names}" for label, names in ranking.class_lists(index)))
    st.caption(_("Numbers are points of 100. Click a district on the map or in the table to see the reasons."))


def cannot_show() -> None:
    """Draw what no map of this kind can know."""
    st.markdown(_("**What this map cannot show**"))
    district.cannot_know()


def district_section(view: View, request: AccessRequest, index: AccessIndex, pcode: str) -> None:
    """Draw why a district has its class, its months, its attacks by force, and what others have published about it."""
    st.header(shown_name(district.record_of(index, pcode).name), anchor=False)
    district.why(index, pcode)
    district.show_all()
    district.months(index, cached_index.access_series(view.filters, request, SERIES_MONTHS), pcode)
    left, right = st.columns([2, 3], gap="medium")
    with left:
        district.forces(district.record_of(index, pcode))
    with right:
        district.published(pcode)


def by_year(view: View, request: AccessRequest) -> dict[int, AccessIndex]:
    """Return the index of the last calendar years that the source covers, oldest first."""
    covered = covered_years(cached_index.incidents_of_source(request.source), (request.source,))[-years.MOST_YEARS :]
    return {year: cached_index.access_index(view.filters, access_request.of_year(request, year)) for year in covered}

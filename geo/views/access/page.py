"""The parts of the page around the map: what is counted, what applies, the panel beside the map, the sections."""

from __future__ import annotations

import numpy as np
import streamlit as st

from geo.analysis.index import request as access_request
from geo.analysis.index.access import AccessIndex
from geo.analysis.index.backtest import covered_years
from geo.analysis.index.request import AccessRequest
from geo.filters import Filters
from geo.incidents import OUTSIDE, select
from geo.views import cached
from geo.views.access import district, ranking, years
from geo.views.access.words import caution, window_text
from geo.views.state import View

SECTIONS: dict[str, str] = {
    "table": "Ranked table",
    "district": "District by month",
    "years": "Year by year",
    "hotspots": "Hot spots",
}
SERIES_MONTHS = 60
_FILTER_WORDS: dict[str, str] = {
    "groups": "group",
    "attacks": "attack type",
    "targets": "target",
    "datasets": "dataset",
    "min_precision": "precision",
    "fatal_only": "fatal only",
}


def narrowing_filters(filters: Filters) -> list[str]:
    """Return in words which filters of the sidebar narrow what the index counts."""
    return [word for name, word in _FILTER_WORDS.items() if getattr(filters, name)]


def filters_that_apply(view: View) -> None:
    """Say which filters of the sidebar change the index, and that its period does not."""
    named = narrowing_filters(view.filters)
    if named:
        st.warning(
            f"Filters of the sidebar narrow what is counted here ({', '.join(named)}). Limits of classes were made for "
            "all incidents of the source: under a filter the points are lower by construction."
        )
    if view.filters.start or view.filters.end:
        st.caption("The period of the sidebar does not apply here: the index has a window of its own.")


def counted_line(view: View, request: AccessRequest, index: AccessIndex) -> None:
    """Say how many incidents of the window the index counts, and what it leaves out."""
    table = cached.incidents_of_source(request.source)
    mask = select(table, access_request.applied(view.filters)) & (table.source == table.sources.index(request.source))
    month = table.year.astype(np.int32) * 12 + table.month - 1
    first, end = index.window.first_month, index.window.first_month + index.window.months
    mask &= (month >= first) & (month < end)
    n_outside = int(table.n_events[mask & (table.district == OUTSIDE)].sum())
    n_window = int(table.n_events[mask].sum()) - n_outside
    n_counted = index.n_located + index.n_not_located
    outside = f", and {n_outside:,} outside the province" if n_outside else ""
    st.markdown(
        f"**{n_counted:,} of {n_window:,} incidents recorded in {window_text(index.window)} are counted**, "
        f"{index.n_not_located:,} of them not located. Left out: operations of the state, infighting, plots that were "
        f"stopped, what does not state who began it{outside}."
    )
    st.caption(caution(index))
    if index.arrays.reasons:
        st.warning(" ".join(map(str, index.arrays.reasons)))


def side_panel(index: AccessIndex, chosen: str | None) -> None:
    """Draw why the chosen district has its class, or the classes as lists; and what no map of this kind can know."""
    if chosen:
        district.why(index, chosen)
        st.caption(f"Its months, attacks by force and published statements stand under “{SECTIONS['district']}” below.")
    else:
        police = ", police only" if index.settings.police_only else ""
        st.markdown(f"**Districts by class, {window_text(index.window)}{police}**")
        st.markdown("\n".join(f"- **{label}:** {names}" for label, names in ranking.class_lists(index)))
        st.caption("Numbers are points of 100. Click a district, on the map or in the table, to see why.")
    st.markdown("**What this map cannot know**")
    district.cannot_know()


def district_section(view: View, request: AccessRequest, index: AccessIndex, pcode: str) -> None:
    """Draw the months of a district, its attacks by force, and what others have published about it."""
    district.months(index, cached.access_series(view.filters, request, SERIES_MONTHS), pcode)
    left, right = st.columns([2, 3], gap="medium")
    with left:
        district.forces(district.record_of(index, pcode))
    with right:
        district.published(pcode)


def by_year(view: View, request: AccessRequest) -> dict[int, AccessIndex]:
    """Return the index of the last calendar years that the source covers, oldest first."""
    covered = covered_years(cached.incidents_of_source(request.source), (request.source,))[-years.MOST_YEARS :]
    return {year: cached.access_index(view.filters, access_request.of_year(request, year)) for year in covered}

"""What the reader may choose on the page: source, window, police view, settings; all of it part of the address."""

from __future__ import annotations

import re

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from geo.analysis.index import request as access_request
from geo.analysis.index.access import source_coverage
from geo.analysis.index.backtest import covered_years
from geo.analysis.index.monthly_counts import Window, month_start
from geo.analysis.index.profiles import CannotCompute, Profile, profile_of_source
from geo.analysis.index.request import ONE_SOURCE, AccessRequest
from geo.analysis.index.settings import (
    LONGEST_WINDOW_MONTHS,
    QUERY_KEYS,
    SHORTEST_WINDOW_MONTHS,
    AccessSettings,
    from_query,
    to_query,
)
from geo.incidents import IncidentTable, select
from geo.schema import SOURCES
from geo.text import markdown_text
from geo.views import address, cached
from geo.views.access.words import SHORT_NAMES, gates_text
from geo.views.state import View

_YEAR = "no_go_calendar_year"
_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])\Z")


def source(view: View) -> str:
    """Draw the choice of a source where several are loaded, and return it. Raises CannotCompute if none can serve."""
    mask = select(view.table, access_request.applied(view.filters))
    found = access_request.indexable_sources(view.table, mask)
    if not found:
        raise access_request.nothing_to_use(view.table, mask)
    if len(found) == 1:
        return found[0]
    chosen = address.option("source", {key: SOURCES[key].label for key in found}, "Source of the index")
    st.caption(ONE_SOURCE)
    return chosen


def settings(profile: Profile) -> AccessSettings:
    """Return the settings that controls or address ask for, checked, and keep them in the address."""
    asked = {key: _asked(key) for key in QUERY_KEYS}
    chosen, ignored = from_query(asked, profile.settings)
    if ignored:
        named = ", ".join(markdown_text(key) for key in ignored)
        st.warning(f"These settings are outside their bounds and those of the profile are used: {named}.")
    written = to_query(chosen, profile.settings)
    for key in QUERY_KEYS:
        address.keep(key, written.get(key, ""))
    return chosen


def _asked(key: str) -> str:
    value = st.session_state.get(address.widget_key(key))
    return address.text(key) if value is None else f"{float(value):g}"


def choose(view: View) -> AccessRequest:
    """Draw source, window and police view and return the question they ask. Raises CannotCompute if no source can
    serve."""
    own = source(view)
    profile = profile_of_source(own)
    chosen = settings(profile)
    year, end, police = st.columns([2, 5, 2], gap="medium", vertical_alignment="bottom")
    window = _window(cached.incidents_of_source(own), own, chosen, year, end)
    with police:
        police_view(chosen)
    return AccessRequest(own, chosen, window)


def police_view(chosen: AccessSettings) -> None:
    """Draw the switch to attacks on police alone."""
    st.toggle(
        "Police only",
        key=_ready("police", chosen.police_only),
        help="Counts only incidents whose target is police, CTD, Levies or Khasadar. Goalposts and gates stay those of "
        "all forces, so these points are lower by construction.",
    )


# --- the window --------------------------------------------------------------------------------------


def _window(
    table: IncidentTable, own: str, chosen: AccessSettings, year: DeltaGenerator, end: DeltaGenerator
) -> Window:
    length = chosen.window_months
    covered = source_coverage(table, (own,))
    last = covered.first_month + covered.months - 1
    first = min(covered.first_month + length - 1, last)
    default = access_request.default_window(table, own, length)
    options = [_code(month) for month in range(first, last + 1)]
    wanted = st.session_state.get(address.widget_key("window")) or address.text("window")
    usual = _code(max(first, default.first_month + length - 1))
    code = wanted if wanted in options else usual
    st.session_state[address.widget_key("window")] = code
    window = Window(_month(code) - length + 1, length)
    years = tuple(reversed(covered_years(table, (own,))))
    with year:
        _calendar_year(years, window)
    with end:
        if len(options) > 1:
            st.select_slider(
                f"or any {length} months up to the end of",
                options,
                key=address.widget_key("window"),
                format_func=lambda option: f"{month_start(_month(option)):%b %Y}",
            )
    address.keep("window", code, usual)
    return window


def _calendar_year(years: tuple[int, ...], window: Window) -> None:
    is_year = window.months == 12 and window.first_month % 12 == 0 and window.first_day.year in years
    st.session_state[_YEAR] = window.first_day.year if is_year else None
    st.selectbox("Calendar year", years, index=None, key=_YEAR, placeholder="other months", on_change=_take_year)


def _take_year() -> None:
    year = st.session_state[_YEAR]
    if year is not None:
        st.session_state[address.widget_key("window")] = f"{year}-12"
        st.session_state[address.widget_key("months")] = 12


def _code(month: int) -> str:
    return f"{month_start(month):%Y-%m}"


def _month(code: str) -> int:
    found = _MONTH.match(code)
    if not found:
        raise ValueError(f"{code!r} is not a month")
    return int(found[1]) * 12 + int(found[2]) - 1


# --- settings ----------------------------------------------------------------------------------------


def panel(request: AccessRequest) -> None:
    """Draw the settings that may be changed, the way back, and what is frozen."""
    profile, chosen = profile_of_source(request.source), request.settings
    changed = to_query(chosen, profile.settings)
    changed.pop("police", None)
    title = "Settings of the index" + (f" ({len(changed)} changed)" if changed else "")
    with st.expander(title):
        left, right = st.columns(2, gap="large")
        with left:
            st.markdown("**Weights**")
            for letter in chosen.weights.given():
                key = _ready(f"w_{letter.lower()}", getattr(chosen.weights, letter))
                st.slider(
                    f"{SHORT_NAMES[letter]} ({letter})",
                    min_value=0.0,
                    max_value=1.0,
                    step=0.05,
                    key=key,
                    help=chosen.component_label(letter),
                )
        with right:
            _rules(chosen)
            st.button("Back to the settings of the profile", on_click=_reset)
        st.caption(_frozen_text(profile, chosen))


def _rules(chosen: AccessSettings) -> None:
    st.markdown("**Rules**")
    st.slider(
        "Rates per resident (1) or per area (0)",
        min_value=0.0,
        max_value=1.0,
        step=0.05,
        key=_ready("alpha", chosen.alpha),
        help="Between the two the exposure is their weighted geometric mean.",
    )
    st.slider(
        "Length of the window, months",
        SHORTEST_WINDOW_MONTHS,
        LONGEST_WINDOW_MONTHS,
        key=_ready("months", chosen.window_months),
    )
    st.slider(
        "Confidence of the evidence limit",
        min_value=0.5,
        max_value=0.99,
        step=0.01,
        key=_ready("conf", chosen.confidence),
        help="A rate counts as far as the recorded number supports it: its lower Poisson limit at this confidence.",
    )
    st.number_input("People killed counted at most for one incident", 1, 1000, key=_ready("cap", chosen.cap_deaths))


def _ready(key: str, value: float) -> str:
    """Return the control's session key after setting it to the value in use, if it was not drawn before."""
    widget = address.widget_key(key)
    st.session_state.setdefault(widget, value)
    return widget


def _reset() -> None:
    for key in QUERY_KEYS:
        st.session_state.pop(address.widget_key(key), None)
        address.keep(key, "")


def _frozen_text(profile: Profile, chosen: AccessSettings) -> str:
    """Return what no control changes: goalposts, gates and cuts of the profile, and where they come from."""
    posts = ", ".join(f"{letter} {value:g}" for letter, value in chosen.goalposts.given().items())
    gates = gates_text(chosen)
    cuts = ", ".join(f"{cut:g}" for cut in chosen.cuts)
    return (
        f"Frozen with the profile “{profile.label}”: a component scores 1 at {posts} (S, M, L per 100,000 residents "
        f"and year; C per year); classes begin at {cuts} points; the top class also needs {gates} in 12 months. "
        f"{profile.basis}"
    )


def refused(error: CannotCompute) -> None:
    """Say why there is no index, and what would help."""
    for problem in error.problems:
        words = str(problem.message)
        message = words[:1].upper() + words[1:]
        st.warning(f"{markdown_text(message)} {markdown_text(str(problem.hint))}")

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
from geo.text import markdown_sentence, markdown_text
from geo.views import address, cached_index, messages
from geo.views.access.words import SHORT_NAMES, cuts_text, gates_text
from geo.views.state import View
from geo.wording import _, _n, format_date, format_list

_YEAR = "no_go_calendar_year"
_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])\Z")


def source(view: View) -> str:
    """Draw the choice of a source where several are loaded, and return it. Raises CannotCompute if none can serve."""
    mask = select(view.table, view.filters.for_index())
    found = access_request.indexable_sources(view.table, mask)
    if not found:
        raise access_request.nothing_to_use(view.table, mask)
    if len(found) == 1:
        return found[0]
    chosen = address.option("source", {key: _(SOURCES[key].label) for key in found}, _("Source of the index"))
    st.caption(_(ONE_SOURCE))
    return chosen


def settings(profile: Profile) -> AccessSettings:
    """Return the settings that controls or address ask for, checked, and keep them in the address."""
    asked = {key: _asked(key) for key in QUERY_KEYS}
    chosen, ignored = from_query(asked, profile.settings)
    if ignored:
        named = format_list([markdown_text(key) for key in ignored])
        st.warning(
            _(
                "These settings are out of range, so the values of the profile are used instead: {settings}.",
                settings=named,
            )
        )
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
    window = _window(cached_index.incidents_of_source(own), own, chosen, year, end)
    with police:
        police_view(chosen)
    return AccessRequest(own, chosen, window)


def police_view(chosen: AccessSettings) -> None:
    """Draw the switch to attacks on police alone."""
    st.toggle(
        _("Police only"),
        key=_ready("police", chosen.police_only),
        help=_(
            "Counts only incidents whose target is police, CTD, Levies or Khasadar. The limits stay those of all "
            "forces, so these points are always lower."
        ),
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
    address.check("window", wanted in options)
    code = wanted if wanted in options else usual
    st.session_state[address.widget_key("window")] = code
    window = Window(_month(code) - length + 1, length)
    years = tuple(reversed(covered_years(table, (own,))))
    with year:
        _calendar_year(years, window)
    with end:
        if len(options) > 1:
            st.select_slider(
                _n("or any {n} month up to the end of", "or any {n} months up to the end of", length),
                options,
                key=address.widget_key("window"),
                format_func=lambda option: format_date(month_start(_month(option)), "short_month"),
            )
    address.keep("window", code, usual)
    return window


def _calendar_year(years: tuple[int, ...], window: Window) -> None:
    is_year = window.months == 12 and window.first_month % 12 == 0 and window.first_day.year in years
    st.session_state[_YEAR] = window.first_day.year if is_year else None
    st.selectbox(_("Calendar year"), years, index=None, key=_YEAR, placeholder=_("other months"), on_change=_take_year)


@messages.guarded
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
    title = _("Settings of the index")
    if changed:
        title = _("Settings of the index ({n} changed)", n=len(changed))
    with st.expander(title):
        left, right = st.columns(2, gap="large")
        with left:
            st.markdown(_("**Weights**"))
            for letter in chosen.weights.given():
                key, value = f"w_{letter.lower()}", getattr(chosen.weights, letter)
                _share(f"{_(SHORT_NAMES[letter])} ({letter})", key, value, _(chosen.component_label(letter)))
        with right:
            _rules(chosen)
            st.button(_("Back to the settings of the profile"), on_click=_reset)
        st.caption(_frozen_text(profile, chosen))


def _rules(chosen: AccessSettings) -> None:
    st.markdown(_("**Rules**"))
    _share(
        _("Rates per resident (1) or per area (0)"),
        "alpha",
        chosen.alpha,
        _("Between 0 and 1, rates refer to a weighted geometric mean of residents and area."),
    )
    st.slider(
        _("Length of the window, months"),
        SHORTEST_WINDOW_MONTHS,
        LONGEST_WINDOW_MONTHS,
        key=_ready("months", chosen.window_months),
    )
    st.slider(
        _("Confidence of the evidence limit"),
        min_value=0.5,
        max_value=0.99,
        step=0.01,
        key=_ready("conf", chosen.confidence),
        help=_(
            "A rate counts only as far as the recorded number supports it: its lower Poisson limit at this confidence."
        ),
    )
    st.number_input(_("Maximum deaths counted per incident"), 1, 1000, key=_ready("cap", chosen.cap_deaths))


def _share(label: str, key: str, value: float, explanation: str) -> None:
    """Draw a slider from 0 to 1."""
    st.slider(label, min_value=0.0, max_value=1.0, step=0.05, key=_ready(key, value), help=explanation)


def _ready(key: str, value: float) -> str:
    """Return the control's session key after setting it to the value in use, if it was not drawn before."""
    widget = address.widget_key(key)
    st.session_state.setdefault(widget, value)
    return widget


@messages.guarded
def _reset() -> None:
    for key in QUERY_KEYS:
        st.session_state.pop(address.widget_key(key), None)
        address.keep(key, "")


def _frozen_text(profile: Profile, chosen: AccessSettings) -> str:
    """Return what no control changes: goalposts, gates and cuts of the profile, and where they come from."""
    return _(
        "Fixed by the profile “{profile}”: a component scores 1 at {goalposts} (S, M, L per 100,000 residents and "
        "year; C per year). Classes begin at {cuts} points. In 12 months the top class also needs: {gates}. {basis}",
        profile=_(profile.label),
        goalposts=format_list([f"{letter} {value:g}" for letter, value in chosen.goalposts.given().items()]),
        cuts=cuts_text(chosen),
        gates=gates_text(chosen),
        basis=_(profile.basis),
    )


def refused(error: CannotCompute) -> None:
    """Say why there is no index, and what would help."""
    for problem in error.problems:
        message = str(problem.message)
        st.warning(markdown_sentence(f"{message[:1].upper()}{message[1:]} {problem.hint}"))

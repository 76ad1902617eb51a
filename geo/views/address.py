"""The address of a view: filters and page options in the query string, read by whitelist."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from contextvars import ContextVar

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from geo import wording
from geo.analysis.index import settings as access_settings
from geo.filters import QUERY_KEYS, Filters, from_query, to_query

# Page options; anything else in an address is ignored. The settings of the index check their own values.
OPTION_KEYS: tuple[str, ...] = (
    *("measure", "per", "colour", "mode", "view", "line", "step", "by", "window", "sort", "source", "years"),
    *access_settings.QUERY_KEYS,
)
_LONGEST_OPTION = 40
_LANGUAGE_KEY, _LANGUAGE = "lang", "atlas_language"
# Each run has a thread of its own; asking the session for each of thousands of sentences takes 20 times as long.
_LANGUAGE_OF_RUN: ContextVar[str | None] = ContextVar("language_of_run", default=None)

_WIDGET = "option_"
# The control of the period, set by buttons on pages too, and its choices that are not dates of the reader's own.
PERIOD, RECENT, ALL_YEARS = "filter_period", "recent", "all"
_FROM, _TO = QUERY_KEYS[:2]

_STATE = "atlas_filters"
_RECENT = "atlas_recent_period"
_OPTIONS = "atlas_options"
_USED = "atlas_options_used"
_UNCHECKED = "atlas_options_unchecked"
_WRITTEN = "atlas_address_written"
_IGNORED = "atlas_address_ignored"
_PAGE, _TURNING, _TURNED, _BEFORE = "atlas_page", "atlas_page_now", "atlas_page_turned", "atlas_address_before"
# The browser learns a new address within this time; a person does not press Back sooner.
_LATE_S = 1.0


def take_language() -> None:
    """Let the sentences of this session be in the language that the address names, if it is available.

    It stays when the address no longer names it, and is not part of the view: no reset changes it.
    """
    wording.take_language_from(_language_of_session)
    asked = st.query_params.get(_LANGUAGE_KEY)
    if asked in wording.available_languages():
        st.session_state[_LANGUAGE] = asked
    _LANGUAGE_OF_RUN.set(st.session_state.get(_LANGUAGE, ""))


def _language_of_session() -> str | None:
    """Return the language of the visitor whose run this is; None in threads that belong to no visitor."""
    chosen = _LANGUAGE_OF_RUN.get()
    if chosen is None and get_script_run_ctx(suppress_warning=True) is not None:
        chosen = st.session_state.get(_LANGUAGE)  # a callback, before app.py runs
    return chosen or None


def turn_to(page: str) -> None:
    """Note the page of this run; a change of page empties the address, which is then no wish to reset.

    The change lasts until the address is written: a run that fails before leaves it empty for the next one.
    """
    st.session_state[_TURNED] = st.session_state.get(_PAGE) != page
    st.session_state[_TURNING] = page


def adopt() -> bool:
    """Take the view from the address if the address is not the one last written; say whether it was taken.

    An empty address is what a change of page leaves behind: the session's own view stays. Without a change of page
    it is the way back to the view without filters.
    """
    st.session_state[_USED] = {}
    st.session_state.setdefault(_STATE, Filters())
    st.session_state.setdefault(_OPTIONS, {})
    query = _query()
    st.session_state[_IGNORED] = ()
    written = st.session_state.get(_WRITTEN)
    if query == written or _is_late(query) or (not query and (written is None or st.session_state.get(_TURNED))):
        return False
    is_all = query.get(_FROM) == ALL_YEARS
    filters, unusable = from_query({key: value for key, value in query.items() if not (is_all and key == _FROM)})
    unknown = tuple(key for key in query if key not in (*QUERY_KEYS, *OPTION_KEYS))
    set_filters(filters, is_recent=not is_all and filters.start is None and filters.end is None)
    options = {key: query[key] for key in OPTION_KEYS if key in query}
    too_long = tuple(key for key, value in options.items() if len(value) > _LONGEST_OPTION)
    st.session_state[_IGNORED] = unusable + unknown + too_long
    st.session_state[_OPTIONS] = {key: value for key, value in options.items() if key not in too_long}
    # What an option may be is known when its control is drawn.
    st.session_state[_UNCHECKED] = set(st.session_state[_OPTIONS])
    for key in OPTION_KEYS:
        # The control, if it was drawn before, takes the value of the address or its default.
        st.session_state.pop(widget_key(key), None)
    return True


def _query() -> dict[str, str]:
    """Return the address, without a language that was taken from it."""
    query = {key: st.query_params[key] for key in st.query_params}
    if query.get(_LANGUAGE_KEY) == st.session_state.get(_LANGUAGE):
        query.pop(_LANGUAGE_KEY, None)
    return query


def _is_late(query: Mapping[str, str]) -> bool:
    """Whether the browser sent the address from just before the last writing: a click overtook the new one."""
    before, at = st.session_state.get(_BEFORE, (None, 0.0))
    return bool(query == before and time.monotonic() - at < _LATE_S)


def ignore(entries: Iterable[str]) -> None:
    """Note parts of the address that the loaded data or the page do not have."""
    st.session_state[_IGNORED] = (*st.session_state.get(_IGNORED, ()), *entries)


def ignored() -> tuple[str, ...]:
    """Return the parts of the current address that could not be used."""
    entries: tuple[str, ...] = st.session_state.get(_IGNORED, ())
    return entries


def filters() -> Filters:
    """Return the filter of this session."""
    current: Filters = st.session_state.get(_STATE, Filters())
    return current


def set_filters(value: Filters, *, is_recent: bool) -> None:
    """Replace the filter of this session; is_recent: its period is what a page opens on and follows the data."""
    st.session_state[_STATE] = value
    st.session_state[_RECENT] = is_recent


def is_recent() -> bool:
    """Whether the period is what a page opens on: an address without a period."""
    return bool(st.session_state.get(_RECENT, True))


def open_all_years() -> None:
    """Set the control of the period to all years; for use in a widget's callback."""
    st.session_state[PERIOD] = ALL_YEARS


def option(key: str, choices: Mapping[str, str], label: str, kind: str = "select") -> str:
    """Draw one page option and return its code; it is kept across pages and written to the address.

    choices: code -> label; the first code is the default. kind: "select" or "segments".
    """
    codes = list(choices)
    remembered = text(key)
    check(key, remembered in codes)
    widget = widget_key(key)
    if st.session_state.get(widget) not in codes:
        st.session_state[widget] = remembered if remembered in codes else codes[0]
    if kind == "segments":
        kept = st.segmented_control(label, codes, format_func=choices.__getitem__, key=widget, required=True)
    else:
        kept = st.selectbox(label, codes, format_func=choices.__getitem__, key=widget)
    chosen = kept or codes[0]
    keep(key, chosen, codes[0])
    return chosen


def check(key: str, is_known: bool) -> None:
    """Note the value of an option as ignored if it came from the address and the page does not know it."""
    unchecked: set[str] = st.session_state.get(_UNCHECKED, set())
    if key in unchecked:
        unchecked.discard(key)
        if not is_known:
            ignore([f"{key} {text(key)}"])


def text(key: str) -> str:
    """Return what is remembered of an option, from the address or an earlier run, or "". Whoever asks checks it."""
    remembered: str = st.session_state.get(_OPTIONS, {}).get(key, "")
    return remembered


def keep(key: str, value: str, default: str = "") -> None:
    """Remember an option across pages, and write it to the address unless it is the default."""
    st.session_state[_OPTIONS] = {**st.session_state.get(_OPTIONS, {}), key: value}
    if value != default:
        st.session_state[_USED][key] = value


def widget_key(key: str) -> str:
    """Return the session key of an option's control; when an address is opened, the control is set again."""
    if key not in OPTION_KEYS:
        raise ValueError(f"{key!r} is not one of {OPTION_KEYS}")
    return f"{_WIDGET}{key}"


def _period_in(query: dict[str, str]) -> dict[str, str]:
    """Return an address whose period is left out if it is what a page opens on, and stated if it is all years."""
    if is_recent():
        return {key: value for key, value in query.items() if key not in (_FROM, _TO)}
    return query if _FROM in query or _TO in query else {_FROM: ALL_YEARS} | query


def write() -> None:
    """Write the view into the address, if it changed; called once at the end of each run."""
    query = _period_in(to_query(filters())) | st.session_state.get(_USED, {})
    before, spoken = _query(), st.session_state.get(_LANGUAGE)
    language = {_LANGUAGE_KEY: spoken} if spoken else {}
    if dict(st.query_params.to_dict()) != query | language:
        st.query_params.from_dict(query | language)
        st.session_state[_BEFORE] = (before, time.monotonic())
    st.session_state[_WRITTEN] = query
    st.session_state[_PAGE] = st.session_state.get(_TURNING)

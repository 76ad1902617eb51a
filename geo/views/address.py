"""The address of a view: filters and page options in the query string, read by whitelist."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextvars import ContextVar
from dataclasses import replace
from urllib.parse import quote, urlencode

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from geo import wording
from geo.analysis.index import settings as access_settings
from geo.export.map_position import MapPosition, from_short
from geo.export.view_settings import ViewSettings, lines_of
from geo.filters import QUERY_KEYS, Filters, from_query, to_query
from geo.views import controls, first_paint

# The data version that a permanent link was made with (geo.export.data_version).
VERSION = "version"
# Where its map is opened (geo.export.map_position). It stays as the link states it: no move of the map changes it.
MAP = "map"
# A story that is being shown, and which of its views, counted from 1.
STORY, AT = "story", "at"
# Page options; anything else in an address is ignored. The settings of the index check their own values.
OPTION_KEYS: tuple[str, ...] = (
    *("measure", "per", "colour", "mode", "view", "line", "step", "by", "window", "sort", "source", "years"),
    *("id", "find", "order", "placed"),
    *(VERSION, MAP, STORY, AT),
    *("of", "spans", "year1", "year2", "period1", "period2", "place", "reference"),
    *("metric", "where", "draw", "total"),
    *access_settings.QUERY_KEYS,
)
_NOT_OF_VIEW = ("id", VERSION, MAP, STORY, AT)
_LONGEST_OPTION = 40
_LONGEST: dict[str, int] = {"id": 400, "find": 100, STORY: 80}
_LANGUAGE_KEY, _LANGUAGE = "lang", "atlas_language"
_DIGITS_KEY, _DIGITS = "digits", "atlas_digits"
# Languages and digits that this session has told the browser.
_WRITTEN = "atlas_languages_written"
# Each run has a thread of its own; asking the session for each of thousands of sentences takes 20 times as long.
_LANGUAGE_OF_RUN: ContextVar[str | None] = ContextVar("language_of_run", default=None)
_DIGITS_OF_RUN: ContextVar[str | None] = ContextVar("digits_of_run", default=None)
_SPOKEN_OF_RUN: ContextVar[dict[str, str] | None] = ContextVar("spoken_of_run", default=None)

_WIDGET, _FILTER = "option_", "filter_"
# The control of the period, set by buttons on pages too, and its choices that are not dates of the reader's own.
PERIOD, RECENT, ALL_YEARS = "filter_period", "recent", "all"
_FROM, _TO = QUERY_KEYS[:2]

_STATE, _RECENT = "atlas_filters", "atlas_recent_period"
# Page options that differ from their default, of all pages: the address of a view does not depend on the page.
_OPTIONS = "atlas_options"
_UNCHECKED, _IGNORED = "atlas_options_unchecked", "atlas_address_ignored"
INCIDENT_PAGE, DISTRICT_PAGE = "incident", "district"
_PAGE, _ASKED = "atlas_page", "atlas_page_asked"
# _WISH: the view that an address asks for, until the controls stand for it. _SENT: the address the browser has last
# been told.
_WISH, _SENT = "atlas_address_wish", "atlas_address_sent"


def take_language() -> None:
    """Let the sentences of this session be in the language that the address names, if it is available.

    It stays when the address no longer names it, and is not part of the view: no reset changes it.
    """
    wording.take_language_from(_language_of_session)
    wording.take_digits_from(_digits_of_session)
    state = st.session_state
    for key, kept, known in (
        (_LANGUAGE_KEY, _LANGUAGE, wording.available_languages()),
        (_DIGITS_KEY, _DIGITS, wording.DIGITS),
    ):
        asked = st.query_params.get(key)
        # An address that this session has written may come late: the reader may have chosen another language since.
        if asked in known and (_is_history_step() or asked not in state.get(_WRITTEN, ())):
            state[kept] = asked
    _LANGUAGE_OF_RUN.set(state.get(_LANGUAGE) or wording.usual_language())
    _DIGITS_OF_RUN.set(state.get(_DIGITS, ""))
    _SPOKEN_OF_RUN.set(_spoken_by_session())


def choose_language(code: str) -> None:
    """Let the session speak another language; for use in a widget's callback. The view stays."""
    state = st.session_state
    state[_LANGUAGE] = code
    controls.were_set()
    # A control that is set anew shows its choice in the new language; else the browser keeps the word it had.
    for key in [key for key in state if str(key).startswith((_WIDGET, _FILTER))]:
        state[key] = state[key]


def choose_digits(system: str) -> None:
    """Write the numbers of this session in other digits; for use in a widget's callback."""
    st.session_state[_DIGITS] = system


def _digits_of_session() -> str | None:
    chosen = _DIGITS_OF_RUN.get()
    if chosen is None and get_script_run_ctx(suppress_warning=True) is not None:
        chosen = st.session_state.get(_DIGITS)
    return chosen or None


def spoken() -> dict[str, str]:
    """Return the options of an address that name the language and the digits of this session."""
    known = _SPOKEN_OF_RUN.get()
    return dict(_spoken_by_session() if known is None else known)


def _spoken_by_session() -> dict[str, str]:
    state = st.session_state
    named = {_LANGUAGE_KEY: state.get(_LANGUAGE), _DIGITS_KEY: state.get(_DIGITS)}
    return {key: value for key, value in named.items() if value}


def _language_of_session() -> str | None:
    """Return the language of the visitor whose run this is; None in threads that belong to no visitor."""
    chosen = _LANGUAGE_OF_RUN.get()
    if chosen is None and get_script_run_ctx(suppress_warning=True) is not None:
        chosen = st.session_state.get(_LANGUAGE)  # a callback, before app.py runs
    return chosen or None


def begin() -> None:
    """Look at the address before anything is drawn; called first in each run.

    The view of a session is its controls. An address is a wish only where a person opened it: at the first visit, by
    Back or Forward, and by a link that names a view (turn_to). In every other run it follows the controls and may be
    late, because the browser learns a new address after the person has gone on.
    """
    state, query = st.session_state, _query()
    is_first = _STATE not in state
    if _is_history_step() or (is_first and query):
        state[_WISH] = query
    elif not is_first and not query and state.get(_SENT):
        # A change of page empties the address. Told now, before the page is, the browser makes one step of both.
        st.query_params.from_dict(state[_WISH] | spoken() if _WISH in state else state[_SENT])


def _is_history_step() -> bool:
    """Whether Back or Forward began this run."""
    run = get_script_run_ctx(suppress_warning=True)
    return run is not None and run.is_history_navigation


def turn_to(page: str) -> None:
    """Note the page of this run; a link to another page may name a view of its own."""
    state, query = st.session_state, _query()
    is_turned = state.get(_PAGE) not in (None, page)
    if is_turned and query and query != _without_language(state.get(_SENT, {})):
        state[_WISH] = query
    if is_turned:
        controls.forget(map(widget_key, OPTION_KEYS))
    state[_PAGE] = page


def page() -> str:
    """Return the page of this run."""
    return str(st.session_state.get(_PAGE, ""))


def adopt() -> bool:
    """Take the view that the address asks for, if it asks; say whether it was taken.

    The wish stays until `settle`: a run that another one cuts short has not set the controls.
    """
    st.session_state.setdefault(_STATE, Filters())
    st.session_state.setdefault(_OPTIONS, {})
    st.session_state[_IGNORED] = ()
    query = st.session_state.get(_WISH)
    if query is None:
        return False
    controls.were_set()
    is_all = query.get(_FROM) == ALL_YEARS
    filters, unusable = from_query({key: value for key, value in query.items() if not (is_all and key == _FROM)})
    taken = {key for key in OPTION_KEYS if len(query.get(key, "")) <= _LONGEST.get(key, _LONGEST_OPTION)}
    unknown = tuple(key for key in query if key not in QUERY_KEYS and key not in taken)
    set_filters(filters, is_recent=not is_all and filters.start is None and filters.end is None)
    st.session_state[_IGNORED] = unusable + unknown
    st.session_state[_OPTIONS] = {key: query[key] for key in OPTION_KEYS if key in query and key in taken}
    # What an option may be is known when its control is drawn.
    st.session_state[_UNCHECKED] = set(st.session_state[_OPTIONS])
    for key in OPTION_KEYS:
        # The control, if it was drawn before, takes the value of the address or its default.
        st.session_state.pop(widget_key(key), None)
    return True


def settle() -> None:
    """Note that the controls stand for the view that was asked for."""
    st.session_state.pop(_WISH, None)


def _query() -> dict[str, str]:
    """Return the address of this run, without a language that was taken from it."""
    return _without_language({key: st.query_params[key] for key in st.query_params})


def _without_language(query: Mapping[str, str]) -> dict[str, str]:
    named = spoken().items()
    return {key: value for key, value in query.items() if (key, value) not in named and key != _DIGITS_KEY}


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
    controls.were_set()


def option(
    key: str, choices: Mapping[str, str], label: str, kind: str = "select", explained: str = "", usual: str = ""
) -> str:
    """Draw one page option and return its code; it is kept across pages and written to the address.

    choices: code -> label. kind: "select" or "segments". explained: behind a "?". usual: the default, the first code
    if it is not given.
    """
    codes = list(choices)
    usual = usual or codes[0]
    remembered = text(key)
    if first_paint.is_waiting():
        return remembered if remembered in codes else usual
    check(key, remembered in codes)
    widget = widget_key(key)
    if st.session_state.get(widget) not in codes:
        st.session_state[widget] = remembered if remembered in codes else usual
        controls.were_set()
    controls.send(widget)
    if kind == "segments":
        kept = st.segmented_control(
            label, codes, format_func=choices.__getitem__, key=widget, required=True, help=explained or None
        )
    else:
        kept = st.selectbox(label, codes, format_func=choices.__getitem__, key=widget, help=explained or None)
    chosen = kept or usual
    keep(key, chosen, usual)
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
    """Remember an option on all pages and in the address; its default is what an address without it means."""
    others = {name: kept for name, kept in st.session_state.get(_OPTIONS, {}).items() if name != key}
    st.session_state[_OPTIONS] = others if value == default else others | {key: value}


def set_option(key: str, value: str) -> None:
    """Set a page option and its control; for use in a widget's callback."""
    st.session_state[_OPTIONS] = {**st.session_state.get(_OPTIONS, {}), key: value}
    st.session_state[widget_key(key)] = value
    controls.were_set()


def widget_key(key: str) -> str:
    """Return the session key of an option's control; when an address is opened, the control is set again."""
    if key not in OPTION_KEYS:
        raise ValueError(f"{key!r} is not one of {OPTION_KEYS}")
    return f"{_WIDGET}{key}"


def text_box(key: str, label: str, explained: str = "", placeholder: str = "") -> str:
    """Draw one page option as a box for a short text and return it; it is kept across pages and in the address."""
    widget, longest = widget_key(key), _LONGEST.get(key, _LONGEST_OPTION)
    st.session_state.setdefault(widget, text(key))
    controls.send(widget)
    written = st.text_input(label, key=widget, max_chars=longest, help=explained or None, placeholder=placeholder)
    keep(key, (written or "").strip())
    return text(key)


def of_incident(incident_id: str) -> str:
    """Return the address of the page of an incident, relative to any other page, in the language of the session."""
    query = {"id": incident_id} | spoken()
    return f"{INCIDENT_PAGE}?{urlencode(query, quote_via=quote)}"


def options() -> dict[str, str]:
    """Return the page options that differ from their defaults, without what names an incident or pins a link."""
    kept = st.session_state.get(_OPTIONS, {})
    return {key: kept[key] for key in OPTION_KEYS if key in kept and key not in _NOT_OF_VIEW}


def position() -> MapPosition | None:
    """Return where the address opens the map, None where it leaves that to the map."""
    found = from_short(st.session_state.get(_OPTIONS, {}).get(MAP))
    check(MAP, found is not None)
    return found


def query_of(settings: ViewSettings) -> dict[str, str]:
    """Return the options of an address that open a view: its period stated, its version and its place on the map."""
    query = to_query(settings.filters)
    query = query if _FROM in query or _TO in query else {_FROM: ALL_YEARS} | query
    query |= {key: value for key, value in settings.options.items() if key in OPTION_KEYS}
    pinned = {VERSION: settings.data_version, MAP: settings.map_position.short if settings.map_position else ""}
    return query | {key: value for key, value in pinned.items() if value}


def is_at(settings: ViewSettings) -> bool:
    """Whether filters and options of this session are those of a view, whatever its version and place on the map."""
    known = {key: value for key, value in settings.options.items() if key in OPTION_KEYS}
    # As text, in which the order of choices makes no difference.
    return lines_of(ViewSettings(filters(), options=options())) == lines_of(
        ViewSettings(settings.filters, options=known)
    )


def ask(page: str, query: Mapping[str, str]) -> None:
    """Let the next run show the view of an address on a page; for use in a widget's callback."""
    st.session_state[_WISH], st.session_state[_ASKED] = dict(query), page


def asked_page() -> str:
    """Return the page that `ask` named, once; "" if none was named."""
    return str(st.session_state.pop(_ASKED, ""))


def asked_query() -> dict[str, str]:
    """Return the options of the address that `ask` named."""
    return {**st.session_state[_WISH], **spoken()}


def query_of_district(pcode: str) -> dict[str, str]:
    """Return the options of an address of the present view, narrowed to one district."""
    return _period_in(to_query(replace(filters(), districts=(pcode,)))) | spoken()


def of_district(pcode: str) -> str:
    """Return the address of the page of a district under the present filters, relative to any other page."""
    return f"{DISTRICT_PAGE}?{urlencode(query_of_district(pcode), quote_via=quote)}"


def _period_in(query: dict[str, str]) -> dict[str, str]:
    """Return an address whose period is left out if it is what a page opens on, and stated if it is all years."""
    if is_recent():
        return {key: value for key, value in query.items() if key not in (_FROM, _TO)}
    return query if _FROM in query or _TO in query else {_FROM: ALL_YEARS} | query


def write() -> None:
    """Tell the browser the address of the view that was drawn; called once at the end of each run.

    The browser may be about to learn an earlier address: what it has last been told counts, not only what it sent.
    """
    kept = st.session_state.get(_OPTIONS, {})
    query = _period_in(to_query(filters())) | {key: kept[key] for key in OPTION_KEYS if key in kept}
    query |= spoken()
    st.session_state[_WRITTEN] = {*st.session_state.get(_WRITTEN, ()), *spoken().values()}
    if st.query_params.to_dict() != query or st.session_state.get(_SENT, query) != query:
        st.query_params.from_dict(query)
    st.session_state[_SENT] = query
    if not first_paint.is_waiting():
        controls.were_sent()

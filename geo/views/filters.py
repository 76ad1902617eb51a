"""The sidebar: one set of filters for all pages, kept in the session and in the address."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import streamlit as st

from geo.districts import Districts
from geo.filters import MINIMUM_PRECISIONS, Filters
from geo.incidents import IncidentTable
from geo.problems import AtlasError
from geo.schema import ATTACK_TYPES, GEO_PRECISIONS, INITIATORS, TARGET_TYPES
from geo.shown_names import other_spellings
from geo.sources import DEFAULT, EXPLANATIONS, MODES, MONTHS_AT_FIRST, default_period
from geo.text import markdown_sentence
from geo.views import address, cached, controls, first_paint, group_choices, messages, of_table
from geo.views.layers import OPEN_STREET_MAP, Tiles
from geo.wording import N_, _, format_list, words

_YEARS, _START, _END = "filter_years", "filter_start", "filter_end"
_CHOSEN_YEARS, _EXACT = "years", "exact"
_PERIODS: dict[str, str] = {
    address.RECENT: N_("Last {n} months of the data"),
    address.ALL_YEARS: N_("All years"),
    _CHOSEN_YEARS: N_("Years"),
    _EXACT: N_("Exact dates"),
}
_PRECISION, _FATAL, _SOURCES = "filter_precision", "filter_fatal", "filter_sources"
# Fields of Filters that are choices of several codes, in the order of their controls.
_CHOICES = ("groups", "attacks", "targets", "initiators", "districts", "datasets")
_TILES = "background_tiles"
_ANY = "any"
_FILLED_FOR, _HELD = "filter_filled_for", "filters_held"
_BEFORE = "districts_before_one"
_CONTROLS = (
    *(address.PERIOD, _YEARS, _START, _END, _PRECISION, _FATAL, _SOURCES, _TILES),
    *(f"filter_{name}" for name in _CHOICES),
)


def without_controls(districts: Districts) -> Filters:
    """Return the filter that the address asks for, where no control is drawn."""
    filters = _prepared(districts)[0]
    address.set_filters(filters, is_recent=st.session_state[address.PERIOD] == address.RECENT)
    return filters


def _prepared(districts: Districts) -> tuple[Filters, IncidentTable, tuple[int, int], dict[str, list[str]]]:
    """Set the controls to what the address asks for; return the filter, its table, its years and what each offers."""
    is_adopted = address.adopt()
    _hold_controls()
    # The control of the sources decides which table the others describe, so it counts before they are drawn.
    kept = address.filters().sources
    sources = kept if is_adopted else st.session_state.get(_SOURCES, kept)
    table = cached.incidents(sources)
    bounds = _year_bounds(table)
    by_name = sorted(districts.pcodes, key=districts.names.__getitem__)
    options = {name: list(codes) for name, codes in of_table.offered(table).items()} | {"districts": by_name}
    # New data may bring other years and groups: then every control is set again from the kept filter. So it is where a
    # page has sent the reader to another one: Streamlit then forgets all controls.
    is_forgotten = address.PERIOD not in st.session_state
    if is_adopted or is_forgotten or st.session_state.get(_FILLED_FOR) != table.version:
        wanted = replace(address.filters(), sources=sources)
        _fill(wanted, options, is_recent=address.is_recent())
        address.ignore(_not_offered(wanted, options))
        if is_adopted:
            address.ignore(_without_data(wanted, bounds))
        st.session_state[_FILLED_FOR] = table.version
    _prepare_period(bounds)
    controls.send(*_CONTROLS)
    return _read(table, bounds, options), table, bounds, options


def draw(districts: Districts) -> Filters:
    """Draw the sidebar and return the filter it stands for."""
    if first_paint.is_waiting():
        with st.sidebar:
            st.header(_("Filters"), anchor=False)
        # The controls are not drawn yet and hold their values; a view that the address asks for is taken again.
        return without_controls(districts)
    try:
        filters, table, bounds, options = _prepared(districts)
    except AtlasError:
        _draw_without_data()
        raise
    with st.sidebar:
        st.header(_("Filters"), anchor=False)
        _draw_sources(filters.sources)
        _draw_period(bounds)
        _draw_choices(table, filters, options, districts)
        _draw_background()
        st.button(_("Reset all filters"), on_click=messages.guarded(_reset), args=(options,), width="stretch")
    address.set_filters(filters, is_recent=st.session_state[address.PERIOD] == address.RECENT)
    del st.session_state[_HELD]
    address.settle()
    return filters


def _draw_without_data() -> None:
    """Say in the sidebar what becomes of the filters while the store cannot be read."""
    with st.sidebar:
        st.header(_("Filters"), anchor=False)
        st.caption(_("Your filters are kept. They come back when the data can be read again."))
        st.button(_("Try again"), width="stretch")


def _hold_controls() -> None:
    """Keep the values of the controls until all are drawn, and set again those of a run that broke off before that.

    Streamlit forgets a control that a run does not draw, as when the store cannot be read for a moment.
    """
    state = st.session_state
    for key, value in state.get(_HELD, {}).items():
        state.setdefault(key, value)
    state[_HELD] = {key: state[key] for key in _CONTROLS if key in state}


@messages.guarded
def select_district(pcode: str | None) -> None:
    """Make one district (or none) the choice of every page; for use in a widget's callback.

    Several that were chosen before are kept for `offer_districts_before`.
    """
    state, key = st.session_state, _key("districts")
    before = list(state.get(key, ()))
    if len(before) > 1 and pcode:
        state[_BEFORE] = before
    state[key] = [pcode] if pcode else []
    controls.were_set()


def offer_districts_before(districts: Districts, chosen: tuple[str, ...]) -> None:
    """Say that one district has taken the place of several, and offer them again, until the choice is another one."""
    if len(chosen) != 1:
        st.session_state.pop(_BEFORE, None)
    before = st.session_state.get(_BEFORE)
    if not before:
        return
    with st.container(key="districts_before", horizontal=True, gap="small", vertical_alignment="center"):
        names = format_list([districts.names[pcode] for pcode in before])
        said = _(
            "{district} alone is chosen, in place of {districts}.", district=districts.names[chosen[0]], districts=names
        )
        st.markdown(markdown_sentence(said), width="content")
        st.button(_("Choose them again"), on_click=messages.guarded(_choose_districts_before))


def _choose_districts_before() -> None:
    st.session_state[_key("districts")] = st.session_state.pop(_BEFORE)
    controls.were_set()


def choose_period(first: date, last: date, table: IncidentTable) -> None:
    """Make an inclusive period of a table's years the choice of every page; for use in a widget's callback."""
    state, bounds = st.session_state, _year_bounds(table)
    start, end = _clamp(first, bounds), _clamp(last, bounds)
    chosen = Filters(
        start=None if start == date(bounds[0], 1, 1) else start, end=None if end == date(bounds[1], 12, 31) else end
    )
    state[address.PERIOD] = _kind_of_period(chosen)
    state[_YEARS] = (start.year, end.year)
    state[_START], state[_END] = start, end
    controls.were_set()


def _year_bounds(table: IncidentTable) -> tuple[int, int]:
    first, last = table.first_day, table.last_day
    if first is None or last is None:
        return 2007, 2008
    # A slider needs two different ends.
    return first.year, max(last.year, first.year + 1)


def _key(name: str) -> str:
    return f"filter_{name}"


def _not_offered(filters: Filters, options: dict[str, list[str]]) -> list[str]:
    """Name the choices that the loaded data do not have."""
    chosen = [(name, code) for name in _CHOICES for code in getattr(filters, name)]
    return [f"{name.rstrip('s')} {code}" for name, code in chosen if code not in options[name]]


def _without_data(filters: Filters, bounds: tuple[int, int]) -> list[str]:
    """Name the ends of the period that leave no year of the data: the controls then stand at their nearest year."""
    start, end = filters.start, filters.end
    is_after, is_before = start is not None and start.year > bounds[1], end is not None and end.year < bounds[0]
    ends = {"from": (start, is_after), "to": (end, is_before)}
    return [f"{key} {day}" for key, (day, is_without) in ends.items() if is_without]


def _fill(filters: Filters, options: dict[str, list[str]], *, is_recent: bool) -> None:
    """Set every control to the filter; choices that the data do not have are dropped."""
    controls.were_set()
    state = st.session_state
    state[address.PERIOD] = address.RECENT if is_recent else _kind_of_period(filters)
    for key in (_YEARS, _START, _END):  # set when they are drawn, from the filter of this session
        state.pop(key, None)
    for name in _CHOICES:
        state[_key(name)] = [code for code in getattr(filters, name) if code in options[name]]
    state[_key("groups")] = group_choices.folded(filters.groups, options["groups"])
    state[_PRECISION] = filters.min_precision or _ANY
    state[_FATAL] = filters.fatal_only
    state[_SOURCES] = filters.sources


def _reset(options: dict[str, list[str]]) -> None:
    address.set_filters(Filters(), is_recent=True)  # kept for a table of other sources, whose controls are set again
    _fill(Filters(), options, is_recent=True)


def _kind_of_period(filters: Filters) -> str:
    start, end = filters.start, filters.end
    if start is None and end is None:
        return address.ALL_YEARS
    is_whole = (start is None or (start.month, start.day) == (1, 1)) and (
        end is None or (end.month, end.day) == (12, 31)
    )
    return _CHOSEN_YEARS if is_whole else _EXACT


def _clamp(day: date, bounds: tuple[int, int]) -> date:
    return min(max(day, date(bounds[0], 1, 1)), date(bounds[1], 12, 31))


def _draw_sources(sources: str) -> None:
    """Let the reader choose which of the two embedded sources are shown, and say what that choice covers."""
    st.selectbox(_("Sources"), list(MODES), key=_SOURCES, format_func=words(MODES).__getitem__)
    st.caption(_(EXPLANATIONS[sources]))


def _prepare_period(bounds: tuple[int, int]) -> None:
    """Give the finer controls of the period, when they come into use, the period shown so far."""
    state, shown = st.session_state, address.filters()
    start = _clamp(shown.start or date(bounds[0], 1, 1), bounds)
    end = _clamp(shown.end or date(bounds[1], 12, 31), bounds)
    needed: dict[str, Any] = {}
    if state[address.PERIOD] == _CHOSEN_YEARS:
        needed = {_YEARS: (start.year, end.year)}
    elif state[address.PERIOD] == _EXACT:
        needed = {_START: start, _END: end}
    if needed.keys() - state.keys():
        controls.were_set()
    for key, value in needed.items():
        state.setdefault(key, value)


def _draw_period(bounds: tuple[int, int]) -> None:
    low, high = bounds
    labels = {kind: _(label, n=MONTHS_AT_FIRST) for kind, label in _PERIODS.items()}
    explained = _("An incident is counted on its first possible day.")
    kind = st.selectbox(_("Period"), list(labels), key=address.PERIOD, format_func=labels.__getitem__, help=explained)
    if kind == _CHOSEN_YEARS:
        st.slider(_("Years"), low, high, key=_YEARS)
    elif kind == _EXACT:
        left, right = st.columns(2)
        first, last = date(low, 1, 1), date(high, 12, 31)
        for column, label, key in ((left, _("From"), _START), (right, _("To"), _END)):
            column.date_input(label, key=key, min_value=first, max_value=last, format="YYYY-MM-DD")


def _draw_choices(table: IncidentTable, filters: Filters, options: dict[str, list[str]], districts: Districts) -> None:
    datasets = {str(record.batch_id): record.label for record in cached.store().batches()}
    controls = {
        "groups": (_("Group, as claimed or attributed"), group_choices.labels(options["groups"]), _("All groups")),
        "attacks": (_("Attack type"), words(ATTACK_TYPES), _("All types")),
        "targets": (_("Target"), words(TARGET_TYPES), _("All targets")),
        "initiators": (_("Initiated by"), words(INITIATORS), _("All initiators")),
        "districts": (_("District"), findable(districts), _("All districts")),
        "datasets": (_("Dataset"), datasets, _("All datasets")),
    }
    for name in _CHOICES:
        label, labels, empty = controls[name]
        if name != "datasets" or len(options[name]) > 1:
            shown = {code: labels.get(code, code) for code in options[name]}
            st.multiselect(
                label,
                list(shown),
                key=_key(name),
                format_func=shown.__getitem__,
                placeholder=empty,
                # Letters scattered over a long label are no match. Enter takes the first match, never all of them.
                filter_mode="contains" if name == "groups" else "fuzzy",
                select_all=False,
            )
            if name == "groups" and (chosen := st.session_state[_key(name)]):
                st.caption(group_choices.numbers_text(table, filters, chosen))
    shown = {_ANY: _("Any")} | {code: _(GEO_PRECISIONS[code]) for code in MINIMUM_PRECISIONS}
    st.selectbox(_("Minimum precision of the place"), list(shown), key=_PRECISION, format_func=shown.__getitem__)
    explained = _(
        "At least one person reported killed, attackers included. Incidents that state no toll are left out too, "
        "although some of them may be fatal; the line of what is shown counts them."
    )
    st.toggle(_("Fatal incidents only"), key=_FATAL, help=explained)


def findable(districts: Districts) -> dict[str, str]:
    """Return the label of each district: its name, and behind it the forms by which it is typed in another script.

    A browser searches a list by the text that it shows.
    """
    return {
        pcode: " · ".join((districts.names[pcode], *other_spellings(name)))
        for pcode, name in districts.official_names.items()
    }


def _draw_background() -> None:
    """Offer online tiles, off by default: the map needs none, and loading them shows the visitor to their host."""
    if cached.settings().online_tiles:
        explained = _("Loads images from tile.openstreetmap.org, which then sees your address. Off: nothing is loaded.")
        st.toggle(_("Online background map"), key=_TILES, help=explained)


def tiles() -> Tiles | None:
    """Return the background the visitor asked for."""
    return OPEN_STREET_MAP if st.session_state.get(_TILES) else None


def _read(table: IncidentTable, bounds: tuple[int, int], options: dict[str, list[str]]) -> Filters:
    state = st.session_state
    chosen = {name: tuple(state.get(_key(name), ())) for name in _CHOICES}
    chosen["groups"] = group_choices.unfolded(chosen["groups"], options["groups"])
    start, end = _period(table, bounds)
    return Filters(
        start=start,
        end=end,
        **chosen,
        min_precision=None if state[_PRECISION] == _ANY else state[_PRECISION],
        fatal_only=state[_FATAL],
        sources=state.get(_SOURCES, DEFAULT),
    )


def _period(table: IncidentTable, bounds: tuple[int, int]) -> tuple[date | None, date | None]:
    """Return the chosen first and last day; None for an end that leaves nothing of the data out."""
    state, kind = st.session_state, st.session_state[address.PERIOD]
    first, last = date(bounds[0], 1, 1), date(bounds[1], 12, 31)
    start, end = first, last
    if kind == address.RECENT:
        recent = default_period(table.last_day)
        if recent and table.first_day and recent[0] > table.first_day:
            start = recent[0]
    elif kind == _CHOSEN_YEARS:
        start, end = date(state[_YEARS][0], 1, 1), date(state[_YEARS][1], 12, 31)
    elif kind == _EXACT:
        start, end = sorted((state.get(_START) or first, state.get(_END) or last))
    return None if start == first else start, None if end == last else end

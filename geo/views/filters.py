"""The sidebar: one set of filters for all pages, kept in the session and in the address."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from geo import districts as geo_districts
from geo.analysis.counting import groups
from geo.districts import Districts
from geo.filters import MINIMUM_PRECISIONS, Filters
from geo.incidents import IncidentTable
from geo.names import UNATTRIBUTED
from geo.schema import ATTACK_TYPES, GEO_PRECISIONS, INITIATORS, TARGET_TYPES
from geo.sources import DEFAULT, EXPLANATIONS, MODES
from geo.views import address, cached, messages
from geo.views.layers import OPEN_STREET_MAP, Tiles
from geo.wording import _, words

_YEARS, _EXACT, _START, _END = "filter_years", "filter_exact", "filter_start", "filter_end"
_PRECISION, _FATAL, _SOURCES = "filter_precision", "filter_fatal", "filter_sources"
# Fields of Filters that are choices of several codes, in the order of their controls.
_CHOICES = ("groups", "attacks", "targets", "initiators", "districts", "datasets")
_TILES = "background_tiles"
_ANY = "any"
_FILLED_FOR = "filter_filled_for"


def draw(districts: Districts) -> Filters:
    """Draw the sidebar and return the filter it stands for."""
    is_adopted = address.adopt()
    # The control of the sources decides which table the others describe, so it counts before they are drawn.
    sources = address.filters().sources if is_adopted else st.session_state.get(_SOURCES, DEFAULT)
    table = cached.incidents(sources)
    bounds, options = _year_bounds(table), _options(table, districts)
    # New data may bring other years and groups: then every control is set again from the kept filter.
    if is_adopted or st.session_state.get(_FILLED_FOR) != table.version:
        wanted = replace(address.filters(), sources=sources)
        _fill(wanted, bounds, options)
        address.ignore(_not_offered(wanted, options))
        st.session_state[_FILLED_FOR] = table.version
    with st.sidebar:
        st.subheader(_("Filters"), anchor=False)
        _draw_sources(sources)
        _draw_period(bounds)
        _draw_choices(table, options, districts)
        _draw_background()
        st.button(
            _("Reset all filters"), on_click=messages.guarded(_fill), args=(Filters(), bounds, options), width="stretch"
        )
    filters = _read(bounds)
    address.set_filters(filters)
    return filters


@messages.guarded
def select_district(pcode: str | None) -> None:
    """Make one district (or none) the choice of every page; for use in a widget's callback."""
    st.session_state[_key("districts")] = [pcode] if pcode else []


def _year_bounds(table: IncidentTable) -> tuple[int, int]:
    first, last = table.first_day, table.last_day
    if first is None or last is None:
        return 2007, 2008
    # A slider needs two different ends.
    return first.year, max(last.year, first.year + 1)


def _options(table: IncidentTable, districts: Districts) -> dict[str, list[str]]:
    """Return the codes each choice offers: those that occur, groups by frequency, districts by name."""
    groups = np.argsort(-np.bincount(table.group, minlength=len(table.groups)), kind="stable")
    return {
        "groups": [table.groups[code] for code in groups],
        "attacks": _present(ATTACK_TYPES, table.attack_type),
        "targets": _present(TARGET_TYPES, table.target_type),
        "initiators": _present(INITIATORS, table.initiator),
        "districts": sorted(districts.pcodes, key=districts.names.__getitem__),
        "datasets": list(table.datasets),
    }


def _present(vocabulary: dict[str, str], codes: NDArray[Any]) -> list[str]:
    return [list(vocabulary)[code] for code in np.flatnonzero(np.bincount(codes, minlength=1))]


def _key(name: str) -> str:
    return f"filter_{name}"


def _not_offered(filters: Filters, options: dict[str, list[str]]) -> list[str]:
    """Name the choices that the loaded data do not have."""
    chosen = [(name, code) for name in _CHOICES for code in getattr(filters, name)]
    return [f"{name.rstrip('s')} {code}" for name, code in chosen if code not in options[name]]


def _fill(filters: Filters, bounds: tuple[int, int], options: dict[str, list[str]]) -> None:
    """Set every control to the filter; choices that the data do not have are dropped."""
    low, high = bounds
    start, end = filters.start or date(low, 1, 1), filters.end or date(high, 12, 31)
    state = st.session_state
    state[_EXACT] = (start.month, start.day, end.month, end.day) != (1, 1, 12, 31)
    state[_YEARS] = (min(max(start.year, low), high), max(min(end.year, high), low))
    state[_START], state[_END] = _clamp(start, bounds), _clamp(end, bounds)
    for name in _CHOICES:
        state[_key(name)] = [code for code in getattr(filters, name) if code in options[name]]
    state[_PRECISION] = filters.min_precision or _ANY
    state[_FATAL] = filters.fatal_only
    state[_SOURCES] = filters.sources


def _clamp(day: date, bounds: tuple[int, int]) -> date:
    return min(max(day, date(bounds[0], 1, 1)), date(bounds[1], 12, 31))


def _draw_sources(sources: str) -> None:
    """Let the reader choose which of the two embedded sources are shown, and say what that choice covers."""
    st.selectbox(_("Sources"), list(MODES), key=_SOURCES, format_func=words(MODES).__getitem__)
    st.caption(_(EXPLANATIONS[sources]))


def _draw_period(bounds: tuple[int, int]) -> None:
    low, high = bounds
    is_exact = st.session_state.get(_EXACT, False)
    explained = _("An incident is counted on its first possible day.")
    st.slider(_("Years"), low, high, key=_YEARS, disabled=is_exact, help=explained)
    st.toggle(_("Exact dates"), key=_EXACT)
    if st.session_state[_EXACT]:
        left, right = st.columns(2)
        first, last = date(low, 1, 1), date(high, 12, 31)
        for column, label, key in ((left, _("From"), _START), (right, _("To"), _END)):
            column.date_input(label, key=key, min_value=first, max_value=last, format="YYYY-MM-DD")


def _group_labels(table: IncidentTable) -> dict[str, str]:
    """Return the label of each group: its name, aliases to search by, and its incidents under the other filters."""
    counts = groups.by_group(table, address.filters())
    numbers = {**counts.named, **counts.labels, UNATTRIBUTED: counts.n_unattributed - sum(counts.labels.values())}
    labels = {}
    for key, name in geo_districts.group_names().items():
        family = geo_districts.load_groups().groups[key].family
        label = _("{name} (official label, not a group)", name=name) if key in counts.labels else name
        # The list is searched by what it shows: the family makes "TTP" find its factions.
        label = f"{family.upper()} · {label}" if family and family.upper() not in label else label
        labels[key] = _("{label}: {n}", label=label, n=numbers.get(key, 0))
    return labels


def _draw_choices(table: IncidentTable, options: dict[str, list[str]], districts: Districts) -> None:
    datasets = {str(record.batch_id): record.label for record in cached.store().batches()}
    controls = {
        "groups": (_("Group, as claimed or attributed"), _group_labels(table), _("All groups")),
        "attacks": (_("Attack type"), words(ATTACK_TYPES), _("All types")),
        "targets": (_("Target"), words(TARGET_TYPES), _("All targets")),
        "initiators": (_("Initiated by"), words(INITIATORS), _("All initiators")),
        "districts": (_("District"), districts.names, _("All districts")),
        "datasets": (_("Dataset"), datasets, _("All datasets")),
    }
    for name in _CHOICES:
        label, labels, empty = controls[name]
        if name != "datasets" or len(options[name]) > 1:
            shown = {code: labels.get(code, code) for code in options[name]}
            st.multiselect(label, list(shown), key=_key(name), format_func=shown.__getitem__, placeholder=empty)
    shown = {_ANY: _("Any")} | {code: _(GEO_PRECISIONS[code]) for code in MINIMUM_PRECISIONS}
    st.selectbox(_("Minimum precision of the place"), list(shown), key=_PRECISION, format_func=shown.__getitem__)
    explained = _("At least one person reported killed, attackers included.")
    st.toggle(_("Fatal incidents only"), key=_FATAL, help=explained)


def _draw_background() -> None:
    """Offer online tiles, off by default: the map needs none, and loading them shows the visitor to their host."""
    if cached.settings().online_tiles:
        explained = _("Loads images from tile.openstreetmap.org, which then sees your address. Off: nothing is loaded.")
        st.toggle(_("Online background map"), key=_TILES, help=explained)


def tiles() -> Tiles | None:
    """Return the background the visitor asked for."""
    return OPEN_STREET_MAP if st.session_state.get(_TILES) else None


def _read(bounds: tuple[int, int]) -> Filters:
    state = st.session_state
    low, high = bounds
    if state[_EXACT]:
        start, end = sorted((state.get(_START) or date(low, 1, 1), state.get(_END) or date(high, 12, 31)))
    else:
        start, end = date(state[_YEARS][0], 1, 1), date(state[_YEARS][1], 12, 31)
    return Filters(
        start=None if start == date(low, 1, 1) else start,
        end=None if end == date(high, 12, 31) else end,
        **{name: tuple(state.get(_key(name), ())) for name in _CHOICES},
        min_precision=None if state[_PRECISION] == _ANY else state[_PRECISION],
        fatal_only=state[_FATAL],
        sources=state.get(_SOURCES, DEFAULT),
    )

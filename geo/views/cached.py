"""The one place of caches. Cached values are shared by all sessions: they are read-only and hold no user's file.

What depends on the incidents is keyed by the store's folder and version, the last day shown, and every choice
that decides the result: no argument is left out of a key.
"""

from __future__ import annotations

import threading
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

import numpy as np
import streamlit as st

from geo import districts as geo_districts
from geo import intake
from geo import review as geo_review
from geo import settings as geo_settings
from geo.analysis.index import request as access_request
from geo.analysis.index.access import AccessIndex, AccessSeries
from geo.analysis.index.backtest import Backtest
from geo.analysis.index.hotspots import Hotspots
from geo.analysis.index.request import AccessRequest, ListComparison
from geo.analysis.index.settings import AccessSettings
from geo.districts import Districts
from geo.embedded import ensure_embedded
from geo.filters import Filters
from geo.incidents import IncidentTable, select
from geo.review import Review
from geo.settings import DATA_DIR, Settings, StorePlace
from geo.sources import DEFAULT
from geo.store import Store
from geo.views import outlines
from geo.views.coloured_points import ColouredPoints, coloured
from geo.views.outlines import Outlines

_Content = tuple[StorePlace, str, date]
_Value = TypeVar("_Value")
_POINTS: WeakKeyDictionary[IncidentTable, dict[str, ColouredPoints]] = WeakKeyDictionary()
_POINTS_LOCK = threading.Lock()


def settings() -> Settings:
    """Return the settings of this process; raises BadSetting."""
    return geo_settings.current()


@st.cache_resource(show_spinner=False)
def districts() -> Districts:
    """Return the districts after checking every embedded file against its checksum; raises DamagedData."""
    geo_districts.verify_data(DATA_DIR)
    return geo_districts.load(DATA_DIR)


def store() -> Store:
    """Return the store of this deployment with the embedded register in it; raises StoreError."""
    return _store(settings().store_path)


@st.cache_resource(show_spinner="Opening the store", max_entries=4)
def _store(path: StorePlace) -> Store:
    opened = Store.open(path)
    ensure_embedded(opened, districts(), settings())
    return opened


def incidents(sources: str = DEFAULT) -> IncidentTable:
    """Return the incidents of the current store version, older than the publication delay, in a picture (MODES)."""
    return _incidents(*_content(), sources)


def _content() -> _Content:
    return settings().store_path, store().version(), intake.newest_shown(settings())


@st.cache_resource(show_spinner="Reading the incidents", max_entries=4)
def _incidents(path: StorePlace, version: str, newest: date, sources: str) -> IncidentTable:  # noqa: ARG001 (version: part of the key)
    return intake.shown_incidents(_store(path), districts(), newest, sources=sources)


def points(table: IncidentTable, coloured_by: str) -> ColouredPoints:
    """Return every incident of a table that has a place, in the order and colours of maps; gone with the table."""
    with _POINTS_LOCK:
        made = _POINTS.setdefault(table, {})
        if coloured_by not in made:
            made[coloured_by] = _read_only(coloured(table, coloured_by, next(iter(made.values()), None)))
        return made[coloured_by]


def review() -> Review:
    """Return the near-duplicates of the current store version, and what was decided about them."""
    kept_separate = tuple(record.decision_id for record in store().decisions(geo_review.DISTINCT))
    return _review(*_content(), kept_separate)


@st.cache_resource(show_spinner="Comparing the incidents", max_entries=4)
def _review(path: StorePlace, version: str, newest: date, kept_separate: tuple[int, ...]) -> Review:  # noqa: ARG001 (key)
    return geo_review.load(_store(path), districts(), newest)


# --- the index ---------------------------------------------------------------------------------------


def incidents_of_source(source: str) -> IncidentTable:
    """Return what one source tells: the index is made of it, whatever its rows were merged with."""
    return _incidents_of_source(*_content(), source)


@st.cache_resource(show_spinner="Reading the incidents of the source", max_entries=4)
def _incidents_of_source(path: StorePlace, version: str, newest: date, source: str) -> IncidentTable:
    shown = _incidents(path, version, newest, DEFAULT)
    return intake.incidents_of_source(_store(path), districts(), shown, newest, source)


def access_index(filters: Filters, request: AccessRequest) -> AccessIndex:
    """Return the index of a window. Of the filter neither the period nor the districts apply."""
    return _access_index(*_content(), access_request.applied(filters), request)


@st.cache_resource(show_spinner="Computing the index", max_entries=96)
def _access_index(
    path: StorePlace, version: str, newest: date, filters: Filters, request: AccessRequest
) -> AccessIndex:
    table = _incidents_of_source(path, version, newest, request.source)
    return _read_only(access_request.index_of(table, select(table, filters), districts(), request))


def access_series(filters: Filters, request: AccessRequest, n_months: int) -> AccessSeries:
    """Return the index month by month up to the end of the window."""
    return _access_series(*_content(), access_request.applied(filters), request, n_months)


@st.cache_resource(show_spinner="Computing the months", max_entries=32)
def _access_series(
    path: StorePlace, version: str, newest: date, filters: Filters, request: AccessRequest, n_months: int
) -> AccessSeries:
    table = _incidents_of_source(path, version, newest, request.source)
    return _read_only(access_request.series_of(table, select(table, filters), districts(), request, n_months))


def hotspots(filters: Filters, request: AccessRequest) -> Hotspots:
    """Return the hot-spot labels of the attacks that the index of a window counts."""
    return _hotspots(*_content(), access_request.applied(filters), request)


@st.cache_resource(show_spinner="Testing against maps of pure chance", max_entries=32)
def _hotspots(path: StorePlace, version: str, newest: date, filters: Filters, request: AccessRequest) -> Hotspots:
    index = _access_index(path, version, newest, filters, request)
    return _read_only(access_request.hotspots_of(index, districts()))


def backtest(filters: Filters, source: str, chosen: AccessSettings, years: tuple[int, ...]) -> Backtest:
    """Return the back-test of the index over calendar years."""
    return _backtest(*_content(), access_request.applied(filters), source, chosen, years)


@st.cache_resource(show_spinner="Judging each year on the year after", max_entries=16)
def _backtest(
    path: StorePlace,
    version: str,
    newest: date,
    filters: Filters,
    source: str,
    chosen: AccessSettings,
    years: tuple[int, ...],
) -> Backtest:
    table = _incidents_of_source(path, version, newest, source)
    return access_request.backtest_of(table, select(table, filters), districts(), source, chosen, years)


def compared_lists(filters: Filters, source: str, chosen: AccessSettings) -> tuple[ListComparison, ...]:
    """Return how published lists agree with the index."""
    return _compared_lists(*_content(), access_request.applied(filters), source, chosen)


@st.cache_resource(show_spinner="Comparing with published lists", max_entries=16)
def _compared_lists(
    path: StorePlace, version: str, newest: date, filters: Filters, source: str, chosen: AccessSettings
) -> tuple[ListComparison, ...]:
    table = _incidents_of_source(path, version, newest, source)
    return access_request.compare_lists(table, select(table, filters), districts(), source, chosen)


@st.cache_resource(show_spinner=False)
def plane_outlines() -> Outlines:
    """Return the districts as small static maps draw them."""
    return outlines.build(districts())


def _read_only(value: _Value) -> _Value:
    """Return the value after forbidding any change of the arrays in it."""
    _forbid_change(value)
    return value


def _forbid_change(value: Any) -> None:
    if isinstance(value, np.ndarray):
        value.flags.writeable = False
    elif isinstance(value, dict):
        for part in value.values():
            _forbid_change(part)
    elif is_dataclass(value):
        for field in fields(value):
            _forbid_change(getattr(value, field.name))

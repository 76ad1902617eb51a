"""The one place of caches. Cached values are shared by all sessions: they are read-only and hold no user's file.

What depends on the incidents is keyed by the store's folder and version, the last day shown, and every choice
that decides the result: no argument is left out of a key.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Concatenate, Generic, NamedTuple, ParamSpec, TypeVar

import numpy as np
import streamlit as st

from geo import data_files, intake, policy, temporary
from geo import districts as geo_districts
from geo import record as geo_record
from geo import settings as geo_settings
from geo import summaries as geo_summaries
from geo.districts import Districts
from geo.embedded import ensure_embedded
from geo.export import data_version as export_version
from geo.export.data_version import DataVersion
from geo.figure import outlines
from geo.figure.outlines import Outlines
from geo.filters import Filters
from geo.incidents import IncidentTable
from geo.record import Missing, Record
from geo.settings import DATA_DIR, Settings, StorePlace
from geo.sources import DEFAULT
from geo.store import Store
from geo.stored_words import StoredWord, words_of
from geo.summaries import Summaries
from geo.views import run, visitor
from geo.wording import N_, _

# The original cells of so many rows are read in about a second.
MOST_SUMMARIES_AT_ONCE = 200_000
_Choices = ParamSpec("_Choices")
_Value = TypeVar("_Value")
_opened: set[StorePlace] = set()


class Content(NamedTuple):
    """Which incidents are shown: the store, its version, and the last day that is not withheld."""

    path: StorePlace
    version: str
    newest: date


class _OfContent(Generic[_Choices, _Value]):
    """A function of the shown incidents and some choices, computed once for all sessions.

    compute: takes the content, then the choices; all of them are the key. waiting: what the visitor reads meanwhile.
    Calling it answers for the visitor of this run; `at` for the content that another answer is made of, also after it.
    """

    def __init__(self, compute: Callable[Concatenate[Content, _Choices], _Value], waiting: str, n: int) -> None:
        self.at = st.cache_resource(show_spinner=False, max_entries=n)(compute)
        self._waiting = waiting
        # The last questions that were answered: a spinner is a thread of its own, and costs more than such an answer.
        self._answered: deque[object] = deque(maxlen=n)
        # Comparing questions runs Python, during which another visitor's run may add one.
        self._lock = threading.Lock()

    def __call__(self, *choices: _Choices.args, **named: _Choices.kwargs) -> _Value:
        # Of a filter neither the period nor the districts apply to the index: they are no part of the key.
        applied = [one.for_index() if isinstance(one, Filters) else one for one in choices]
        question = content(), tuple(applied), tuple(named.items())
        with self._lock:
            is_answered = question in self._answered
        with nullcontext() if is_answered else st.spinner(_(self._waiting)):
            answer = self.at(question[0], *applied, **named)  # type: ignore[arg-type]  # same kinds as choices
        if not is_answered:
            with self._lock:
                self._answered.append(question)
        return answer


def of_content(
    waiting: str, n: int
) -> Callable[[Callable[Concatenate[Content, _Choices], _Value]], _OfContent[_Choices, _Value]]:
    """Cache the last n answers of a function; see _OfContent."""
    return lambda compute: _OfContent(compute, waiting, n)


def settings() -> Settings:
    """Return the settings of this process; raises BadSetting."""
    return run.once(geo_settings.current)


@st.cache_resource(show_spinner=False)
def districts() -> Districts:
    """Return the districts after checking every embedded file against its checksum; raises DamagedData."""
    data_files.verify_data(DATA_DIR)
    return geo_districts.load(DATA_DIR)


def store() -> Store:
    """Return the store of this deployment with the embedded register in it; raises StoreError."""
    path = settings().store_path
    with nullcontext() if path in _opened else st.spinner(_("Opening the store")):
        return store_at(path)


@st.cache_resource(show_spinner=False, max_entries=4)
def store_at(path: StorePlace) -> Store:
    """Return the store at a place, opened once; raises StoreError."""
    temporary.sweep()
    opened = Store.open(path)
    ensure_embedded(opened, districts(), settings())
    _opened.add(path)
    return opened


def require_store() -> None:
    """Raise an AtlasError if the store cannot be read now; for a thread that belongs to no visitor."""
    store_at(settings().store_path).version()


def content() -> Content:
    """Return what is shown to the visitor of this run."""
    return run.once(_content)


def _content() -> Content:
    return Content(settings().store_path, store().version(), visitor.access().newest_shown)


@of_content(N_("Reading the version of the data"), 4)
def data_version(shown: Content) -> DataVersion:
    """Return the version of the shown data, which every file and citation names."""
    return export_version.data_version(store_at(shown.path), districts())


def read_ahead() -> IncidentTable:
    """Return the incidents that are shown now, for a thread that belongs to no visitor and can show no spinner."""
    path, newest = settings().store_path, policy.at_machine(settings()).newest_shown
    return incidents.at(Content(path, store_at(path).version(), newest))


@of_content(N_("Reading the incidents"), 4)
def incidents(shown: Content, sources: str = DEFAULT) -> IncidentTable:
    """Return the incidents of the current store version, older than the publication delay, in a picture (MODES)."""
    return intake.shown_incidents(store_at(shown.path), districts(), shown.newest, sources=sources)


@of_content(N_("Counting the rows of each batch"), 4)
def rows_up_to(shown: Content) -> dict[int, int]:
    """Return how many rows of each batch are not withheld."""
    return intake.rows_up_to(store_at(shown.path), shown.newest)


@of_content(N_("Drawing the pages"), 100)
def picture(shown: Content, of: tuple[object, ...], _draw: Callable[[], tuple[str, str]]) -> tuple[str, str]:  # noqa: ARG001
    """Return a picture and its words, drawn once for all visitors. of: settings, language, digits `added`."""
    return _draw()


def record(incident_id: str) -> Record | Missing:
    """Return everything that is stored of one incident and this visitor may see, or why there is none."""
    return _record(incident_id, visitor.access().shows_closed_rows)


@of_content(N_("Reading the incident"), 64)
def _record(shown: Content, incident_id: str, shows_closed: bool) -> Record | Missing:
    return geo_record.read(store_at(shown.path), incident_id, shown.newest, shows_closed=shows_closed)


@of_content(N_("Reading the words of the batch"), 16)
def words_of_batch(shown: Content, batch_id: int) -> tuple[StoredWord, ...]:
    """Return the words of a stored batch as its file wrote them, with the codes that its rows were stored with."""
    return words_of(store_at(shown.path), batch_id)


@of_content(N_("Reading the descriptions"), 2)
def summaries(shown: Content) -> Summaries:
    """Return what open sources say of their incidents in their own words."""
    return geo_summaries.read(store_at(shown.path))


def ready_summaries(table: IncidentTable) -> Summaries | None:
    """Return `summaries` for a table whose reading makes nobody wait, None for a larger one."""
    return summaries() if len(table) <= MOST_SUMMARIES_AT_ONCE else None


@st.cache_resource(show_spinner=False)
def plane_outlines() -> Outlines:
    """Return the districts as small static maps draw them."""
    return outlines.build(districts())


def read_only(value: _Value) -> _Value:
    """Return the value after forbidding any change of the arrays in it."""
    if isinstance(value, np.ndarray):
        value.flags.writeable = False
    elif isinstance(value, dict):
        for part in value.values():
            read_only(part)
    elif is_dataclass(value):
        for one in fields(value):
            read_only(getattr(value, one.name))
    return value

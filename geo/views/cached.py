"""The one place of caches. Cached values are shared by all sessions: they are read-only and hold no user's file.

What depends on the incidents is keyed by the store's folder and version, the last day shown, and every choice
that decides the result: no argument is left out of a key.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import fields, is_dataclass, replace
from datetime import date
from typing import Concatenate, Generic, NamedTuple, ParamSpec, TypeVar

import numpy as np
import streamlit as st

from geo import added_totals, data_files, intake, policy, temporary
from geo import districts as geo_districts
from geo import record as geo_record
from geo import review as geo_review
from geo import settings as geo_settings
from geo import summaries as geo_summaries
from geo.analysis.evidence import held_out, lines, published, recorded, recount
from geo.analysis.evidence.held_out import HeldOut
from geo.analysis.evidence.lines import Evidence
from geo.analysis.evidence.recorded import RecordedAttacks
from geo.analysis.evidence.recount import Recount
from geo.analysis.index import request as access_request
from geo.analysis.index.access import AccessIndex, AccessSeries
from geo.analysis.index.backtest import Backtest
from geo.analysis.index.external_lists import published_lists
from geo.analysis.index.hotspots import Hotspots
from geo.analysis.index.influence import Influence
from geo.analysis.index.monthly_counts import Window
from geo.analysis.index.quarterly import QuarterlyResult
from geo.analysis.index.request import AccessRequest, ListComparison
from geo.analysis.index.settings import AccessSettings
from geo.analysis.index.validation import ListScore
from geo.districts import Districts
from geo.embedded import ensure_embedded
from geo.export import data_version as export_version
from geo.export.data_version import DataVersion
from geo.figure import outlines
from geo.figure.outlines import Outlines
from geo.filters import Filters
from geo.incidents import IncidentTable, select
from geo.record import Missing, Record
from geo.review import Review
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

    def __call__(self, *choices: _Choices.args, **named: _Choices.kwargs) -> _Value:
        # Of a filter neither the period nor the districts apply to the index: they are no part of the key.
        applied = [access_request.applied(one) if isinstance(one, Filters) else one for one in choices]
        question = content(), tuple(applied), tuple(named.items())
        with nullcontext() if question in self._answered else st.spinner(_(self._waiting)):
            answer = self.at(question[0], *applied, **named)  # type: ignore[arg-type]  # same kinds as choices
        if question not in self._answered:
            self._answered.append(question)
        return answer


def _of_content(
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
        return _store(path)


@st.cache_resource(show_spinner=False, max_entries=4)
def _store(path: StorePlace) -> Store:
    temporary.sweep()
    opened = Store.open(path)
    ensure_embedded(opened, districts(), settings())
    _opened.add(path)
    return opened


def require_store() -> None:
    """Raise an AtlasError if the store cannot be read now; for a thread that belongs to no visitor."""
    _store(settings().store_path).version()


def content() -> Content:
    """Return what is shown to the visitor of this run."""
    return run.once(_content)


def _content() -> Content:
    return Content(settings().store_path, store().version(), visitor.access().newest_shown)


@_of_content(N_("Reading the version of the data"), 4)
def data_version(shown: Content) -> DataVersion:
    """Return the version of the shown data, which every file and citation names."""
    return export_version.data_version(_store(shown.path), districts())


def read_ahead() -> IncidentTable:
    """Return the incidents that are shown now, for a thread that belongs to no visitor and can show no spinner."""
    path, newest = settings().store_path, policy.at_machine(settings()).newest_shown
    return incidents.at(Content(path, _store(path).version(), newest))


@_of_content(N_("Reading the incidents"), 4)
def incidents(shown: Content, sources: str = DEFAULT) -> IncidentTable:
    """Return the incidents of the current store version, older than the publication delay, in a picture (MODES)."""
    return intake.shown_incidents(_store(shown.path), districts(), shown.newest, sources=sources)


@_of_content(N_("Counting the rows of each batch"), 4)
def rows_up_to(shown: Content) -> dict[int, int]:
    """Return how many rows of each batch are not withheld."""
    return intake.rows_up_to(_store(shown.path), shown.newest)


@_of_content(N_("Drawing the pages"), 100)
def picture(shown: Content, of: tuple[object, ...], _draw: Callable[[], tuple[str, str]]) -> tuple[str, str]:  # noqa: ARG001
    """Return a picture and its words, drawn once for all visitors. of: settings, language, digits `added`."""
    return _draw()


def record(incident_id: str) -> Record | Missing:
    """Return everything that is stored of one incident and this visitor may see, or why there is none."""
    return _record(incident_id, visitor.access().shows_closed_rows)


@_of_content(N_("Reading the incident"), 64)
def _record(shown: Content, incident_id: str, shows_closed: bool) -> Record | Missing:
    return geo_record.read(_store(shown.path), incident_id, shown.newest, shows_closed=shows_closed)


@_of_content(N_("Reading the words of the batch"), 16)
def words_of_batch(shown: Content, batch_id: int) -> tuple[StoredWord, ...]:
    """Return the words of a stored batch as its file wrote them, with the codes that its rows were stored with."""
    return words_of(_store(shown.path), batch_id)


@_of_content(N_("Reading the descriptions"), 2)
def summaries(shown: Content) -> Summaries:
    """Return what open sources say of their incidents in their own words."""
    return geo_summaries.read(_store(shown.path))


def ready_summaries(table: IncidentTable) -> Summaries | None:
    """Return `summaries` for a table whose reading makes nobody wait, None for a larger one."""
    return summaries() if len(table) <= MOST_SUMMARIES_AT_ONCE else None


def review() -> Review:
    """Return the near-duplicates of the current store version, and what was decided about them."""
    return _review(tuple(record.decision_id for record in store().decisions(geo_review.DISTINCT)))


@_of_content(N_("Comparing the incidents"), 4)
def _review(shown: Content, kept_separate: tuple[int, ...]) -> Review:  # noqa: ARG001 (kept_separate: part of the key)
    return geo_review.load(_store(shown.path), districts(), shown.newest)


# --- the index ---------------------------------------------------------------------------------------


@_of_content(N_("Reading the incidents of the source"), 4)
def incidents_of_source(shown: Content, source: str) -> IncidentTable:
    """Return what one source reports: the index is made of it, whatever its rows were merged with."""
    return intake.incidents_of_source(_store(shown.path), districts(), incidents.at(shown), shown.newest, source)


@_of_content(N_("Computing the index"), 96)
def access_index(shown: Content, filters: Filters, request: AccessRequest) -> AccessIndex:
    """Return the index of a window. Of the filter neither the period nor the districts apply."""
    table = incidents_of_source.at(shown, request.source)
    return read_only(access_request.index_of(table, select(table, filters), districts(), request))


@_of_content(N_("Reading the attacks of every source"), 4)
def recorded_attacks(shown: Content) -> tuple[RecordedAttacks, ...]:
    """Return what every source that the index can use records, each as it reports it."""
    table = incidents.at(shown)
    found = access_request.indexable_sources(table, np.ones(len(table), dtype=bool))
    return tuple(recorded.recorded_attacks(incidents_of_source.at(shown, source), source) for source in found)


@_of_content(N_("Putting the evidence together"), 96)
def evidence(shown: Content, source: str, window: Window) -> Evidence:
    """Return every line of evidence of a window. The classes of the index are those without filter and own settings."""
    settings = replace(access_request.frozen_settings(source), draws=0, window_months=window.months)
    index = access_index.at(shown, Filters(), AccessRequest(source, settings, window))
    classes = {record.pcode: record.class_code for record in index.records}
    return lines.evidence(recorded_attacks.at(shown), districts(), window.first_day, window.last_day, classes)


@_of_content(N_("Leaving out one table after another"), 16)
def held_out_tables(shown: Content, years: tuple[int, ...]) -> tuple[HeldOut, ...]:
    """Return how published tables of calendar years are predicted by the register alone and by all other publishers."""
    sources = recorded_attacks.at(shown)
    periods = [(date(year, 1, 1), date(year, 12, 31)) for year in years]
    columns = [lines.columns_of(sources, districts(), first, last) for first, last in periods]
    return tuple(row for found in columns for row in held_out.held_out(found))


def recounts(source: str, shown: Content | None = None) -> tuple[Recount, ...]:
    """Return every published total, those that were added last, each with the count of one source.

    shown: the content that is counted, that of the present visitor by default.
    """
    return _recounts(source, added()) if shown is None else _recounts.at(shown, source, added())


def added() -> tuple[int, ...]:
    """Return which published totals were added: they do not change the version of the store."""
    return tuple(one.decision_id for one in added_totals.everything(store()))


@_of_content(N_("Counting the incidents of each published total"), 4)
def _recounts(shown: Content, source: str, added: tuple[int, ...]) -> tuple[Recount, ...]:
    extra = [one.total for one in added_totals.everything(_store(shown.path)) if one.decision_id in added]
    return recount.recount_all(incidents_of_source.at(shown, source), source, (*published.totals(), *extra))


@_of_content(N_("Comparing with published lists"), 4)
def lists_together(shown: Content) -> tuple[ListScore | None, ...]:
    """Return how all sources together agree with each published list, in the order of published_lists()."""
    sources = recorded_attacks.at(shown)
    return tuple(held_out.agreement(sources, districts(), found) for found in published_lists())


@_of_content(N_("Computing the months"), 32)
def access_series(shown: Content, filters: Filters, request: AccessRequest, n_months: int) -> AccessSeries:
    """Return the index month by month up to the end of the window."""
    table = incidents_of_source.at(shown, request.source)
    return read_only(access_request.series_of(table, select(table, filters), districts(), request, n_months))


@_of_content(N_("Running hot-spot tests"), 32)
def hotspots(shown: Content, filters: Filters, request: AccessRequest) -> Hotspots:
    """Return the hot-spot labels of the attacks that the index of a window counts."""
    return read_only(access_request.hotspots_of(access_index.at(shown, filters, request), districts()))


@_of_content(N_("Comparing each year with the year after"), 16)
def backtest(shown: Content, filters: Filters, source: str, chosen: AccessSettings, years: tuple[int, ...]) -> Backtest:
    """Return the back-test of the index over calendar years."""
    table = incidents_of_source.at(shown, source)
    return access_request.backtest_of(table, select(table, filters), districts(), source, chosen, years)


@_of_content(N_("Forecasting each quarter from the quarters before it"), 16)
def quarterly(shown: Content, filters: Filters, source: str, chosen: AccessSettings) -> QuarterlyResult | None:
    """Return how well each method forecasts the next quarter; None where there are too few quarters."""
    table = incidents_of_source.at(shown, source)
    return access_request.quarterly_of(table, select(table, filters), districts(), source, chosen)


@_of_content(N_("Changing one setting at a time"), 16)
def influence(
    shown: Content, filters: Filters, source: str, chosen: AccessSettings, years: tuple[int, ...]
) -> tuple[Influence, ...]:
    """Return how many classes each single change of a setting moves."""
    table = incidents_of_source.at(shown, source)
    return access_request.influence_of(table, select(table, filters), districts(), source, chosen, years)


@_of_content(N_("Comparing with published lists"), 16)
def compared_lists(shown: Content, filters: Filters, source: str, chosen: AccessSettings) -> tuple[ListComparison, ...]:
    """Return how published lists agree with the index."""
    table = incidents_of_source.at(shown, source)
    return access_request.compare_lists(table, select(table, filters), districts(), source, chosen)


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

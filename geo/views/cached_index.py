"""The caches of the index, of the evidence beside it, and of near-duplicates: see `cached`, whose rules they keep.

What they compute with is loaded with them, which the front page does not wait for.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np

from geo import added_totals, intake
from geo import review as geo_review
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
from geo.filters import Filters
from geo.incidents import IncidentTable, select
from geo.review import Review
from geo.views import cached
from geo.views.cached import of_content
from geo.wording import N_


def review() -> Review:
    """Return the near-duplicates of the current store version, and what was decided about them."""
    return _review(tuple(record.decision_id for record in cached.store().decisions(geo_review.DISTINCT)))


@of_content(N_("Comparing the incidents"), 4)
def _review(shown: cached.Content, kept_separate: tuple[int, ...]) -> Review:  # noqa: ARG001 (kept_separate: part of the key)
    return geo_review.load(cached.store_at(shown.path), cached.districts(), shown.newest)


@of_content(N_("Reading the incidents of the source"), 4)
def incidents_of_source(shown: cached.Content, source: str) -> IncidentTable:
    """Return what one source reports: the index is made of it, whatever its rows were merged with."""
    return intake.incidents_of_source(
        cached.store_at(shown.path), cached.districts(), cached.incidents.at(shown), shown.newest, source
    )


@of_content(N_("Computing the index"), 96)
def access_index(shown: cached.Content, filters: Filters, request: AccessRequest) -> AccessIndex:
    """Return the index of a window. Of the filter neither the period nor the districts apply."""
    table = incidents_of_source.at(shown, request.source)
    return cached.read_only(access_request.index_of(table, select(table, filters), cached.districts(), request))


@of_content(N_("Reading the attacks of every source"), 4)
def recorded_attacks(shown: cached.Content) -> tuple[RecordedAttacks, ...]:
    """Return what every source that the index can use records, each as it reports it."""
    table = cached.incidents.at(shown)
    found = access_request.indexable_sources(table, np.ones(len(table), dtype=bool))
    return tuple(recorded.recorded_attacks(incidents_of_source.at(shown, source), source) for source in found)


@of_content(N_("Putting the evidence together"), 96)
def evidence(shown: cached.Content, source: str, window: Window) -> Evidence:
    """Return every line of evidence of a window. The classes of the index are those without filter and own settings."""
    settings = replace(access_request.frozen_settings(source), draws=0, window_months=window.months)
    index = access_index.at(shown, Filters(), AccessRequest(source, settings, window))
    classes = {record.pcode: record.class_code for record in index.records}
    return lines.evidence(recorded_attacks.at(shown), cached.districts(), window.first_day, window.last_day, classes)


@of_content(N_("Leaving out one table after another"), 16)
def held_out_tables(shown: cached.Content, years: tuple[int, ...]) -> tuple[HeldOut, ...]:
    """Return how published tables of calendar years are predicted by the register alone and by all other publishers."""
    sources = recorded_attacks.at(shown)
    periods = [(date(year, 1, 1), date(year, 12, 31)) for year in years]
    columns = [lines.columns_of(sources, cached.districts(), first, last) for first, last in periods]
    return tuple(row for found in columns for row in held_out.held_out(found))


def recounts(source: str, shown: cached.Content | None = None) -> tuple[Recount, ...]:
    """Return every published total, those that were added last, each with the count of one source.

    shown: the content that is counted, that of the present visitor by default.
    """
    return _recounts(source, added()) if shown is None else _recounts.at(shown, source, added())


def added() -> tuple[int, ...]:
    """Return which published totals were added: they do not change the version of the store."""
    return tuple(one.decision_id for one in added_totals.everything(cached.store()))


@of_content(N_("Counting the incidents of each published total"), 4)
def _recounts(shown: cached.Content, source: str, added: tuple[int, ...]) -> tuple[Recount, ...]:
    extra = [one.total for one in added_totals.everything(cached.store_at(shown.path)) if one.decision_id in added]
    return recount.recount_all(incidents_of_source.at(shown, source), source, (*published.totals(), *extra))


@of_content(N_("Comparing with published lists"), 4)
def lists_together(shown: cached.Content) -> tuple[ListScore | None, ...]:
    """Return how all sources together agree with each published list, in the order of published_lists()."""
    sources = recorded_attacks.at(shown)
    return tuple(held_out.agreement(sources, cached.districts(), found) for found in published_lists())


@of_content(N_("Computing the months"), 32)
def access_series(shown: cached.Content, filters: Filters, request: AccessRequest, n_months: int) -> AccessSeries:
    """Return the index month by month up to the end of the window."""
    table = incidents_of_source.at(shown, request.source)
    return cached.read_only(
        access_request.series_of(table, select(table, filters), cached.districts(), request, n_months)
    )


@of_content(N_("Running hot-spot tests"), 32)
def hotspots(shown: cached.Content, filters: Filters, request: AccessRequest) -> Hotspots:
    """Return the hot-spot labels of the attacks that the index of a window counts."""
    return cached.read_only(access_request.hotspots_of(access_index.at(shown, filters, request), cached.districts()))


@of_content(N_("Comparing each year with the year after"), 16)
def backtest(
    shown: cached.Content, filters: Filters, source: str, chosen: AccessSettings, years: tuple[int, ...]
) -> Backtest:
    """Return the back-test of the index over calendar years."""
    table = incidents_of_source.at(shown, source)
    return access_request.backtest_of(table, select(table, filters), cached.districts(), source, chosen, years)


@of_content(N_("Forecasting each quarter from the quarters before it"), 16)
def quarterly(shown: cached.Content, filters: Filters, source: str, chosen: AccessSettings) -> QuarterlyResult | None:
    """Return how well each method forecasts the next quarter; None where there are too few quarters."""
    table = incidents_of_source.at(shown, source)
    return access_request.quarterly_of(table, select(table, filters), cached.districts(), source, chosen)


@of_content(N_("Changing one setting at a time"), 16)
def influence(
    shown: cached.Content, filters: Filters, source: str, chosen: AccessSettings, years: tuple[int, ...]
) -> tuple[Influence, ...]:
    """Return how many classes each single change of a setting moves."""
    table = incidents_of_source.at(shown, source)
    return access_request.influence_of(table, select(table, filters), cached.districts(), source, chosen, years)


@of_content(N_("Comparing with published lists"), 16)
def compared_lists(
    shown: cached.Content, filters: Filters, source: str, chosen: AccessSettings
) -> tuple[ListComparison, ...]:
    """Return how published lists agree with the index."""
    table = incidents_of_source.at(shown, source)
    return access_request.compare_lists(table, select(table, filters), cached.districts(), source, chosen)

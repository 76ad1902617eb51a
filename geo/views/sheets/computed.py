"""What the figures of a notebook or of a command are drawn from: computed, without the caches of the app."""

from __future__ import annotations

from collections.abc import Callable

from geo import added_totals
from geo.analysis.evidence import published, recount
from geo.analysis.evidence.lines import Evidence
from geo.analysis.evidence.recount import Recount
from geo.analysis.index import request as access_request
from geo.analysis.index.access import AccessIndex, AccessSeries
from geo.analysis.index.backtest import Backtest
from geo.analysis.index.hotspots import Hotspots
from geo.analysis.index.monthly_counts import Window
from geo.analysis.index.quarterly import QuarterlyResult
from geo.analysis.index.request import AccessRequest
from geo.analysis.index.settings import AccessSettings
from geo.districts import Districts
from geo.filters import Filters
from geo.incidents import IncidentTable, Mask, select
from geo.store import Store
from geo.views.sheets.shown import Lookups


def lookups(
    store: Store,
    districts: Districts,
    filters: Filters,
    of_source: Callable[[str], IncidentTable],
    evidence: Callable[[str | None, Window], Evidence],
) -> Lookups:
    """Return what is computed under a filter when a figure asks for it. of_source, evidence: as in Lookups."""

    def asked(source: str) -> tuple[IncidentTable, Mask]:
        own = of_source(source)
        return own, select(own, filters.for_index())

    def index(request: AccessRequest) -> AccessIndex:
        return access_request.index_of(*asked(request.source), districts, request)

    def backtest(source: str, chosen: AccessSettings, years: tuple[int, ...]) -> Backtest:
        return access_request.backtest_of(*asked(source), districts, source, chosen, years)

    def quarterly(source: str, chosen: AccessSettings) -> QuarterlyResult | None:
        return access_request.quarterly_of(*asked(source), districts, source, chosen)

    def hotspots(request: AccessRequest) -> Hotspots:
        return access_request.hotspots_of(index(request), districts)

    def recounts(source: str) -> tuple[Recount, ...]:
        added = (one.total for one in added_totals.everything(store))
        return recount.recount_all(of_source(source), source, (*published.totals(), *added))

    def series(request: AccessRequest, n_months: int) -> AccessSeries:
        return access_request.series_of(*asked(request.source), districts, request, n_months)

    def unfiltered() -> Lookups:
        return lookups(store, districts, Filters(), of_source, evidence)

    return Lookups(of_source, index, evidence, backtest, quarterly, hotspots, recounts, series, unfiltered)

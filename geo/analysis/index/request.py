"""Questions to the index: one source, its settings, a window. Pages and command line ask through this module."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from geo.analysis.index import backtest, validation
from geo.analysis.index.access import AccessIndex, AccessSeries, access, access_series, attributes_at, source_coverage
from geo.analysis.index.backtest import Backtest
from geo.analysis.index.external_lists import PublishedList, published_lists
from geo.analysis.index.hotspots import Hotspots, hotspots
from geo.analysis.index.influence import Influence, influence
from geo.analysis.index.monthly_counts import Window
from geo.analysis.index.profiles import (
    NEEDS_INCIDENTS,
    NO_INCIDENT,
    CannotCompute,
    profile_of_source,
    profiles,
    refusal,
)
from geo.analysis.index.quarterly import QuarterlyResult, TooFewQuarters, quarter_panel, quarterly
from geo.analysis.index.settings import AccessSettings
from geo.analysis.index.validation import ListScore
from geo.analysis.locating.locate import Locator
from geo.districts import Districts
from geo.incidents import IncidentTable, Mask
from geo.schema import SOURCES
from geo.wording import N_, text

ONE_SOURCE = N_(
    "The index is computed for one source at a time: sources record different shares of what happened, "
    "so their counts are not added and their classes are not compared."
)


@dataclass(frozen=True, slots=True)
class AccessRequest:
    """One question: source (key of geo.schema.SOURCES), settings, and window of whole months."""

    source: str
    settings: AccessSettings
    window: Window


@dataclass(frozen=True, slots=True)
class ListComparison:
    """How one published list agrees with the twelve months before it.

    months_covered: of these months by the source. index, count: agreement of the index and of the bare number
    of attacks on forces; None where the source does not cover the months.
    """

    published: PublishedList
    months_covered: int
    index: ListScore | None
    count: ListScore | None


def indexable_sources(table: IncidentTable, mask: Mask) -> tuple[str, ...]:
    """Return the sources of the mask that a profile serves: the one that covers the latest year first, then by size."""
    served = {source for profile in profiles().values() for source in profile.sources}
    numbers = np.bincount(table.source[mask], minlength=len(table.sources))
    found = [table.sources[code] for code in np.flatnonzero(numbers) if table.sources[code] in served]

    def order(source: str) -> tuple[int, int]:
        last = (backtest.covered_years(table, (source,)) or (0,))[-1]
        return -last, -int(numbers[table.sources.index(source)])

    return tuple(sorted(found, key=order))


def only_source(table: IncidentTable, mask: Mask) -> str:
    """Return the one source the index can be made of. Raises CannotCompute if there are several or none."""
    found = indexable_sources(table, mask)
    if len(found) > 1:
        raise refusal(
            text(ONE_SOURCE), text("Choose one of: {sources}.", sources=", ".join(found)), value=", ".join(found)
        )
    if not found:
        raise nothing_to_use(table, mask)
    return found[0]


def nothing_to_use(table: IncidentTable, mask: Mask) -> CannotCompute:
    """Return the error that says why no source of the mask can be used."""
    if not mask.any():
        return refusal(*NO_INCIDENT)
    kept = [SOURCES[table.sources[code]].label for code in np.unique(table.source[mask])]
    return refusal(
        text("None of the chosen sources can be used for the index."), NEEDS_INCIDENTS, value=", ".join(kept)
    )


def frozen_settings(source: str) -> AccessSettings:
    """Return the settings of the profile that serves a source. Raises CannotCompute if none does."""
    return profile_of_source(source).settings


def default_window(table: IncidentTable, source: str, months: int = 12) -> Window:
    """Return the window that ends with the last calendar year the source covers, else with its last month.

    The newest months of a source are often still being filled; a whole calendar year is not.
    """
    years = backtest.covered_years(table, (source,))
    covered = source_coverage(table, (source,))
    end = years[-1] * 12 + 12 if years else covered.first_month + covered.months
    return Window(end - months, months)


def index_of(table: IncidentTable, mask: Mask, districts: Districts, request: AccessRequest) -> AccessIndex:
    """Return the index of every district. mask: bool (n,), not restricted to a period or to districts.

    Errors as in `geo.analysis.index.access.access`.
    """
    locate = Locator.build(districts).codes if request.settings.draws else None
    attributes = attributes_at(districts, request.window)
    own = mask & _is_from(table, request.source)
    return access(table, own, attributes, request.settings, request.window, locate=locate)


def of_year(request: AccessRequest, year: int) -> AccessRequest:
    """Return the request for a calendar year without draws: years are compared by class, not by spread."""
    settings = replace(request.settings, draws=0, window_months=12)
    return AccessRequest(request.source, settings, Window.of_year(year))


def series_of(
    table: IncidentTable, mask: Mask, districts: Districts, request: AccessRequest, n_months: int
) -> AccessSeries:
    """Return the series of the last months up to the end of the window; it does not begin before the source does."""
    covered = source_coverage(table, (request.source,))
    end = request.window.first_month + request.window.months
    first = min(max(end - n_months, covered.first_month), end - 1)
    length = request.settings.window_months
    middles = [Window(month - length + 1, length).midpoint_year for month in range(first, end)]
    population = np.stack([districts.population_at(middle) for middle in middles])
    own = mask & _is_from(table, request.source)
    return access_series(table, own, population, districts.area_km2, request.settings, Window(first, end - first))


def hotspots_of(index: AccessIndex, districts: Districts) -> Hotspots:
    """Return the hot-spot labels of the attacks on forces that an index counts."""
    return hotspots(index.arrays.values.S, index.arrays.base, districts.neighbours, index.settings.hotspot)


def backtest_of(
    table: IncidentTable,
    mask: Mask,
    districts: Districts,
    source: str,
    settings: AccessSettings,
    years: tuple[int, ...],
) -> Backtest:
    """Return the back-test over consecutive calendar years. Raises ValueError with fewer than two."""
    own = mask & _is_from(table, source)
    data = backtest.panel(table, own, settings, years, districts.population_at, districts.area_km2)
    return backtest.backtest(data)


def quarterly_of(
    table: IncidentTable, mask: Mask, districts: Districts, source: str, settings: AccessSettings
) -> QuarterlyResult | None:
    """Return how well each method forecasts the next quarter; None where the source covers too few quarters."""
    data = quarter_panel(table, mask & _is_from(table, source), settings, districts)
    try:
        return quarterly(data)
    except TooFewQuarters:
        return None


def influence_of(
    table: IncidentTable,
    mask: Mask,
    districts: Districts,
    source: str,
    settings: AccessSettings,
    years: tuple[int, ...],
) -> tuple[Influence, ...]:
    """Return how many classes of the calendar years each single change of a setting moves."""
    return influence(table, mask & _is_from(table, source), settings, years, districts)


def compare_lists(
    table: IncidentTable, mask: Mask, districts: Districts, source: str, settings: AccessSettings
) -> tuple[ListComparison, ...]:
    """Return how each published list agrees with the index of the twelve months before it, oldest list first."""
    return tuple(_compared(table, mask, districts, source, settings, found) for found in published_lists())


def _compared(
    table: IncidentTable,
    mask: Mask,
    districts: Districts,
    source: str,
    settings: AccessSettings,
    published: PublishedList,
) -> ListComparison:
    request = AccessRequest(source, replace(settings, draws=0), published.window_before)
    found = index_of(table, mask, districts, request)
    if np.isnan(found.arrays.index).all():
        return ListComparison(published, found.months_covered, None, None)
    scores = [
        validation.score_list(values, districts.pcodes, published.pcodes)
        for values in (found.arrays.index, found.arrays.values.S)
    ]
    return ListComparison(published, found.months_covered, *scores)


def _is_from(table: IncidentTable, source: str) -> Mask:
    if source not in table.sources:
        return np.zeros(len(table), dtype=bool)
    own: Mask = table.source == table.sources.index(source)
    return own

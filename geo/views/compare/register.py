"""What is known of how much of two periods the register holds: it collects them unequally, which no ratio shows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from geo.analysis.counting.compare import Period
from geo.analysis.evidence.recount import METRICS, Recount, shares_of_province
from geo.incidents import IncidentTable
from geo.views import cached_index
from geo.views.compare.words import period_text
from geo.wording import _, _n, format_number

_SOURCE = "register"
# Published for most years: attacks of late years, killed policemen of early ones too.
_METRICS = ("attacks", "police_killed")


def warning(sources: Sequence[str], first: Period, second: Period) -> str:
    """Return the warning beside a ratio, "" where the register is not among the sources of the periods."""
    if _SOURCE not in sources:
        return ""
    if not (head := amounts(cached_index.incidents_of_source(_SOURCE), first, second)):
        return ""
    shares = [said for metric in _METRICS if (said := _shares(metric, first, second))]
    if not shares:
        return f"{head} {_('No published total says how large its share of either period is.')}"
    known = _("Its share of what was published for the province. {shares}.", shares=_("; ").join(shares))
    return f"{head} {known}"


def amounts(table: IncidentTable, first: Period, second: Period) -> str:
    """Return how many incidents a table has of the register in both periods, "" where it has none of its rows."""
    if _SOURCE not in table.sources:
        return ""
    n_first, n_second = (_n_rows(table, period) for period in (first, second))
    if not n_first and not n_second:
        return ""
    return _n(
        "The register does not collect every period alike: it holds {n} row of {first}, {other} of {second}, and a "
        "ratio shows how much was collected together with what happened.",
        "The register does not collect every period alike: it holds {n} rows of {first}, {other} of {second}, and a "
        "ratio shows how much was collected together with what happened.",
        n_first,
        first=period_text(first),
        other=n_second,
        second=period_text(second),
    )


def _n_rows(table: IncidentTable, period: Period) -> int:
    """Return how many rows of the register begin in a period, whatever the filters."""
    days = np.array([period.first, period.last], dtype="datetime64[D]").astype(np.int64)
    is_own = table.source == table.sources.index(_SOURCE)
    return int((is_own & (table.day >= days[0]) & (table.day <= days[1])).sum())


def _shares(metric: str, first: Period, second: Period) -> str:
    """Return the share of both periods by the totals of one figure, "" where neither has one."""
    found: tuple[Recount, ...] = cached_index.recounts(_SOURCE)
    both = [shares_of_province(found, metric, period.first, period.last) for period in (first, second)]
    if not any(both):
        return ""
    parts = [_share(shares, period_text(period)) for shares, period in zip(both, (first, second), strict=True)]
    return _("{label}: {first}, {second}", label=_(METRICS[metric].label), first=parts[0], second=parts[1])


def _share(shares: Sequence[float], period: str) -> str:
    if not shares:
        return _("no published total for {period}", period=period)
    low, high = (format_number(100 * share) for share in (min(shares), max(shares)))
    if low == high:
        return _("{share}% for {period}", share=low, period=period)
    return _("{low}% to {high}% for {period}", low=low, high=high, period=period)

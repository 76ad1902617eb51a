"""Does putting sources together predict a table that was left out better than the register alone?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from geo.analysis.evidence.lines import columns_of
from geo.analysis.evidence.published import MIN_DISTRICTS
from geo.analysis.evidence.recorded import RecordedAttacks
from geo.analysis.evidence.synthesis import SIGMA, Column, Floats, fit_columns, synthesise
from geo.analysis.index.external_lists import PublishedList
from geo.analysis.index.validation import ListScore, score_list
from geo.districts import Districts


@dataclass(frozen=True, slots=True)
class Prediction:
    """How well a table was predicted: Spearman's correlation, mean log score, root mean square error of ln."""

    correlation: float
    log_score: float
    error: float


@dataclass(frozen=True, slots=True)
class HeldOut:
    """One table that was left out. by_all: None where no other publisher states the window."""

    column: Column
    n_districts: int
    by_register: Prediction
    by_all: Prediction | None


def held_out(columns: Sequence[Column]) -> list[HeldOut]:
    """Return for each published table how the register alone, and all other publishers, predict it.

    Other tables of its own publisher are left out with it. Empty without the counts of the register.
    """
    register = [column for column in columns if column.kind == "register"]
    if not register:
        return []
    found = []
    for column in columns:
        n = int(np.isfinite(column.counts).sum())
        if column.kind == "published" and n >= MIN_DISTRICTS:
            others = [other for other in columns if other.publisher != column.publisher]
            by_all = _predicted(others, column) if len(others) > len(register) else None
            found.append(HeldOut(column, n, _predicted(register, column), by_all))
    return found


def _predicted(used: Sequence[Column], column: Column) -> Prediction:
    from scipy import stats

    fit = fit_columns(used, len(column.counts))
    known = np.isfinite(column.counts)
    stated = np.log((column.counts[known] + 0.5) / column.exposure[known])
    a, sd = fit.a[known], np.sqrt(fit.sd[known] ** 2 + SIGMA[column.kind] ** 2)
    # What the table sees of the whole is not predicted, only its districts against each other.
    rest: Floats = stated - a
    rest = rest - rest.mean()
    return Prediction(
        correlation=float(stats.spearmanr(a, stated)[0]),
        log_score=float(stats.norm.logpdf(rest, 0, sd).mean()),
        error=float(np.sqrt((rest**2).mean())),
    )


def agreement(sources: Sequence[RecordedAttacks], districts: Districts, published: PublishedList) -> ListScore | None:
    """Return how the rate ratios of the twelve months before a list agree with it; None where no source speaks of them.

    Tables that reach beyond the day of the list are left out: they may hold what the list rests on.
    """
    window = published.window_before
    columns = columns_of(sources, districts, window.first_day, window.last_day)
    known = [column for column in columns if column.last <= published.day]
    if not known:
        return None
    found = synthesise(known, len(districts.pcodes))
    return score_list(found.ratio, districts.pcodes, published.pcodes)

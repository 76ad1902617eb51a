"""Sources put together for 35 districts: Newton steps against a general optimiser on the same posterior."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
from scipy import optimize, stats

from benchmarks.timing import Comparison, compare
from geo.analysis.evidence.synthesis import PRIOR_SD, SIGMA, Column, fit_columns, publishers_of, synthesise
from geo.districts import load

DEFAULT_ROWS = 10  # tables
OURS = "synthesis with half and twice of sigma"
_KINDS = ("published", "register", "ucdp_ged", "other")


def run(rows: int) -> list[Comparison]:
    """Time one synthesis of as many made-up tables, each of which states every district, three fits in all."""
    columns = _columns(rows)
    ways = {OURS: lambda: synthesise(columns, 35), "scipy.optimize.minimize, one fit": lambda: _general(columns)}
    np.testing.assert_allclose(_general(columns)[:35], fit_columns(columns, 35).a, atol=0.01)
    return [compare(f"{rows} tables of 35 districts", ways, OURS)]


def _columns(n: int) -> list[Column]:
    chance, people = np.random.default_rng(7), load().population_at(2025.5) / 1e5
    true = np.exp(chance.normal(0, PRIOR_SD, 35))
    first, last = date(2025, 1, 1), date(2025, 12, 31)
    kinds = [_KINDS[min(k, 3)] if k < 4 else "published" for k in range(n)]
    return [
        Column(kind, f"publisher {k}", first, last, chance.poisson(people * true * 2.0).astype(float), people)
        for k, kind in enumerate(kinds)
    ]


def _general(columns: Sequence[Column]) -> np.ndarray:
    names = publishers_of(columns)
    counts = np.stack([column.counts for column in columns], axis=1)
    exposure = np.stack([column.exposure for column in columns], axis=1)
    size = np.array([SIGMA[column.kind] ** -2 for column in columns])
    level = np.array([names.index(column.publisher) for column in columns])

    def cost(x: np.ndarray) -> float:
        mean = exposure * np.exp(x[:35, None] + x[35:][level])
        likely = stats.nbinom.logpmf(counts, size, size / (size + mean)).sum()
        return float(-likely - stats.norm.logpdf(x[:35], 0, PRIOR_SD).sum())

    start = np.zeros(35 + len(names))
    return np.asarray(optimize.minimize(cost, start, method="L-BFGS-B", options={"maxfun": 10**6}).x)

"""Scores of negative binomial forecasts of counts, and intervals of their mean differences over time.

The negative binomial has mean m and size k: variance m + m² / k. Lower is better for every score here.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.analysis.counting.rates import Floats

_TAIL = 1e-10


def crps(count: ArrayLike, mean: ArrayLike, size: float) -> Floats:
    """Return the continuous ranked probability score: sum over x of (F(x) - 1{count <= x})², shape (n,).

    Matheson and Winkler 1976; for counts the integral is this sum (Czado, Gneiting and Held 2009).
    """
    from scipy import stats

    number, expected = np.asarray(count, float), np.asarray(mean, float)
    last = int(max(number.max(), stats.nbinom.isf(_TAIL, size, size / (size + expected)).max())) + 1
    values = np.arange(last + 1)
    below = stats.nbinom.cdf(values, size, (size / (size + expected))[:, None])
    score: Floats = ((below - (number[:, None] <= values)) ** 2).sum(axis=1)
    return score


def log_score(count: ArrayLike, mean: ArrayLike, size: float) -> Floats:
    """Return the negative log-probability of each count: shape (n,)."""
    from scipy import stats

    expected = np.asarray(mean, float)
    return np.asarray(-stats.nbinom.logpmf(count, size, size / (size + expected)), dtype=float)


def interval(mean: ArrayLike, size: float, level: float = 0.9) -> tuple[Floats, Floats]:
    """Return the central interval that holds at least `level` of each forecast."""
    from scipy import stats

    expected, tail = np.asarray(mean, float), (1 - level) / 2
    chance = size / (size + expected)
    return stats.nbinom.ppf(tail, size, chance), stats.nbinom.ppf(1 - tail, size, chance)


def interval_score(count: ArrayLike, low: ArrayLike, high: ArrayLike, level: float = 0.9) -> Floats:
    """Return width plus 2 / (1 - level) times the distance outside (Gneiting and Raftery 2007): shape (n,)."""
    number, lower, upper = (np.asarray(part, float) for part in (count, low, high))
    outside = np.maximum(lower - number, 0) + np.maximum(number - upper, 0)
    score: Floats = upper - lower + 2 / (1 - level) * outside
    return score


def block_interval(
    differences: Sequence[float] | Floats, block: int = 4, resamples: int = 2_000, seed: int = 20_250_101
) -> tuple[float, float, float]:
    """Return mean, low and high of differences over time that may depend on their neighbours: 95 %.

    Circular block bootstrap (Politis and Romano 1992); its standard error times Student's quantile with one degree
    of freedom less than there are whole blocks. NaN limits with fewer than two whole blocks.
    """
    from scipy import stats

    given = np.asarray(differences, float)
    blocks = len(given) // block
    mean = float(given.mean()) if len(given) else float("nan")
    if blocks < 2:
        return mean, float("nan"), float("nan")
    rng = np.random.default_rng(seed)
    starts: NDArray[np.int64] = rng.integers(0, len(given), (resamples, -(-len(given) // block)))
    place = (starts[:, :, None] + np.arange(block)).reshape(resamples, -1)[:, : len(given)] % len(given)
    half = float(stats.t.ppf(0.975, blocks - 1) * given[place].mean(axis=1).std(ddof=1))
    return mean, mean - half, mean + half

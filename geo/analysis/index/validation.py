"""Measures of how well scores of one year order the districts of the next, and of how good forecasts were.

Scores are never judged on the window that made them. Ties in a ranking are broken evenly: where five
districts tie for two places, each holds two fifths of a place, so no result depends on the order of a list.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.analysis.counting.rates import Floats, empirical_bayes

# A forecast of 0 or 1 that fails would cost infinitely much in the log score.
LOG_SCORE_FLOOR = 0.01


def spearman(first: ArrayLike, second: ArrayLike) -> float:
    """Return the rank correlation with average ranks for ties; NaN if either is constant or a value is NaN."""
    from scipy import stats

    a, b = np.asarray(first, float), np.asarray(second, float)
    if np.isnan([*a, *b]).any() or np.ptp(a) == 0 or np.ptp(b) == 0:
        return float("nan")  # SciPy says the same, with a warning
    return float(stats.spearmanr(a, b).statistic)


def places(scores: ArrayLike, k: int) -> Floats:
    """Return how much of a place among the top k each district holds: 0 to 1, sum k; districts that tie share."""
    values = np.asarray(scores, float)
    if not 0 < k <= len(values):
        raise ValueError(f"k is {k}: it must be from 1 to the number of districts, {len(values)}")
    limit = np.sort(values)[::-1][k - 1]
    above, tied = values > limit, values == limit
    return np.where(above, 1.0, np.where(tied, (k - above.sum()) / tied.sum(), 0.0))


def hit_share(scores: ArrayLike, outcome: ArrayLike, k: int) -> float:
    """Return the share of the outcome that fell in the top k districts; NaN without any outcome."""
    found = np.asarray(outcome, float)
    return float(places(scores, k) @ found / found.sum()) if found.sum() > 0 else float("nan")


def recapture(scores: ArrayLike, outcome: ArrayLike, k: int) -> float:
    """Return the hit share divided by the best that any k districts could have had."""
    return hit_share(scores, outcome, k) / hit_share(outcome, outcome, k)


def pai(hits: float, total: float, area: float, whole_area: float) -> float:
    """Return the prediction accuracy index: share of events caught per share of area picked (Chainey 2008)."""
    return (hits / total) / (area / whole_area)


def pei(outcome: ArrayLike, area_km2: ArrayLike, picked: ArrayLike) -> float:
    """Return the prediction efficiency index: events caught divided by the most that the same area could hold.

    picked: 0 to 1 for each district. The best choice of whole districts with at most the picked area is
    exact (mixed-integer programme). NaN if that choice would catch nothing.
    """
    found, area, chosen = (np.asarray(values, float) for values in (outcome, area_km2, picked))
    best = best_catch(found, area, float(chosen @ area))
    return float(chosen @ found) / best if best > 0 else float("nan")


def best_catch(outcome: Floats, area_km2: Floats, budget_km2: float) -> float:
    """Return the largest outcome that whole districts with at most this area can hold."""
    from scipy import optimize

    whole = optimize.LinearConstraint(area_km2[None, :], ub=budget_km2 * (1 + 1e-9))
    bounds = optimize.Bounds(0, 1)
    found = optimize.milp(-outcome, constraints=whole, integrality=np.ones(len(outcome)), bounds=bounds)
    return float(-found.fun)


def brier(probability: ArrayLike, happened: ArrayLike) -> float:
    """Return the mean squared error of probabilities; 0 is perfect, lower is better."""
    return float(np.mean((np.asarray(probability, float) - np.asarray(happened, float)) ** 2))


def log_score(probability: ArrayLike, happened: ArrayLike) -> float:
    """Return the mean negative log-likelihood, probabilities held within 0.01 and 0.99; lower is better."""
    p = np.clip(np.asarray(probability, float), LOG_SCORE_FLOOR, 1 - LOG_SCORE_FLOOR)
    return float(-np.mean(np.log(np.where(np.asarray(happened, bool), p, 1 - p))))


def forecast_at_least(count: ArrayLike, base: ArrayLike, next_base: ArrayLike, threshold: int) -> Floats:
    """Return the probability that next year's count reaches the threshold (at least 1), by district.

    Negative binomial with shape N + a and rate e + b of the empirical Bayes fit of this year; Poisson with the
    pooled rate where the fit is flat. Only for judging past years, never as a forecast by place.
    """
    from scipy import special

    fit = empirical_bayes(count, base)
    number, amount, later = (np.asarray(values, float) for values in (count, base, next_base))
    if fit.is_flat:
        chance = special.gammainc(threshold, fit.mean * later)
    else:
        rate = amount + fit.rate
        chance = special.betainc(threshold, number + fit.shape, later / (rate + later))
    return np.asarray(chance, dtype=np.float64)


def auc(scores: ArrayLike, is_listed: ArrayLike) -> float:
    """Return the chance that a listed district scores above one that is not, ties counting half."""
    values, listed = np.asarray(scores, float), np.asarray(is_listed, bool)
    if not listed.any() or listed.all():
        return float("nan")
    pairs = values[listed][:, None] - values[~listed][None, :]
    return float(((pairs > 0) + 0.5 * (pairs == 0)).mean())


@dataclass(frozen=True, slots=True)
class ListScore:
    """How scores agree with a published list: AUC, and the part of the list among as many top districts."""

    n_listed: int
    auc: float
    overlap: float


def score_list(scores: ArrayLike, pcodes: Sequence[str], listed: Sequence[str]) -> ListScore:
    """Return the agreement of scores (n,) with a list of P-codes. Press lists and events share their sources:
    agreement corroborates, it does not prove."""
    values = np.asarray(scores, float)
    known = ~np.isnan(values)
    is_listed = np.isin(np.asarray(pcodes), list(listed)) & known
    n_listed = int(is_listed.sum())
    overlap = float(places(values[known], n_listed) @ is_listed[known]) / n_listed if n_listed else float("nan")
    return ListScore(n_listed, auc(values[known], is_listed[known]), overlap)


def paired_interval(differences: ArrayLike, confidence: float = 0.95) -> tuple[float, float, float]:
    """Return mean, low and high of differences by year, with Student's t interval; NaN years are left out.

    A percentile bootstrap of 4 to 24 years is too narrow. The interval is NaN with fewer than two years.
    """
    from scipy import stats

    given = np.asarray(differences, float)
    given = given[~np.isnan(given)]
    if len(given) < 2:
        return (float(given.mean()) if len(given) else float("nan"), float("nan"), float("nan"))
    half = stats.t.ppf((1 + confidence) / 2, len(given) - 1) * given.std(ddof=1) / np.sqrt(len(given))
    mean = float(given.mean())
    return mean, mean - float(half), mean + float(half)


def climatology(counts: Floats) -> Floats:
    """Return for each year the mean count of all years up to it: (years, n) to (years, n)."""
    years = np.arange(1, len(counts) + 1)[:, None]
    means: Floats = np.cumsum(counts, axis=0) / years
    return means


def ewma(counts: Floats, share: float = 0.5) -> Floats:
    """Return the exponentially weighted mean count up to each year, the newest with this share: (years, n)."""
    means = counts.astype(float).copy()
    for year in range(1, len(means)):
        means[year] = share * counts[year] + (1 - share) * means[year - 1]
    return means


def share_reached(counts: Floats, threshold: int) -> Floats:
    """Return for each year the smoothed share of years up to it whose count reached the threshold.

    (successes + 1/2) / (years + 1), so that a district without a case is not forecast as impossible.
    """
    reached: NDArray[np.int64] = np.cumsum(counts >= threshold, axis=0)
    years = np.arange(1, len(counts) + 1)[:, None]
    return np.asarray((reached + 0.5) / (years + 1.0), dtype=np.float64)

"""Rates of rare events in small populations: exposure, exact Poisson limits and empirical Bayes.

Counts may be fractional (an incident shared between districts). Every function works element by element and
follows NumPy broadcasting; an exposure that is missing (NaN) or not above zero gives NaN, never zero.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
# Below this count the inverse gamma function is not evaluated; its limit there is zero.
_LEAST_COUNT = 1e-9
FEWEST_FOR_OWN = 5
# One incident in a small district would reach the third class of rates.
FEWEST_FOR_A_RATE = 3


def exposure(population: ArrayLike, area_km2: ArrayLike, alpha: ArrayLike = 1.0, months: ArrayLike = 12.0) -> Floats:
    """Return the base of a rate: (people / 100,000)^alpha * (km² / 1,000)^(1 - alpha) * years.

    alpha 1 counts 100,000 person-years, alpha 0 counts 1,000 km²-years, 0.5 their geometric mean.
    NaN where population or area is missing, zero or negative.
    """
    people, area = np.asarray(population, float), np.asarray(area_km2, float)
    usable = (people > 0) & (area > 0)
    people, area = np.where(usable, people, np.nan), np.where(usable, area, np.nan)
    share = np.asarray(alpha, float)
    base: Floats = (people / 1e5) ** share * (area / 1e3) ** (1 - share) * np.asarray(months, float) / 12.0
    return base


def poisson_lower_bound(count: ArrayLike, base: ArrayLike, confidence: ArrayLike = 0.80) -> Floats:
    """Return the one-sided exact Poisson lower limit of the rate count / base; 0 for a count of 0.

    The limit is the (1 - confidence) quantile of a gamma distribution with shape `count`, divided by `base`
    (Garwood 1936, gamma form, which also serves fractional counts). It needs no other district.
    """
    from scipy import special

    number = np.asarray(count, float)
    tail = 1 - np.asarray(confidence, float)
    bound = np.where(number > 0, special.gammaincinv(np.maximum(number, _LEAST_COUNT), tail), 0.0)
    return _divide(bound, base)


def dispersion(total: ArrayLike, squares: ArrayLike, months: ArrayLike) -> Floats:
    """Return the variance to mean ratio of monthly counts of each district, at least 1: shape (..., n).

    total, squares: sum of the counts and of their squares over the months. With fewer than FEWEST_FOR_OWN attacks a
    district takes the pooled ratio of all districts, because its own would be noise.
    """
    number, length = np.asarray(total, float), np.asarray(months, float)
    mean = number / length
    variance = (np.asarray(squares, float) - number * mean) / np.maximum(length - 1, 1)
    all_means = mean.sum(axis=-1, keepdims=True)
    pooled = variance.sum(axis=-1, keepdims=True) / np.where(all_means > 0, all_means, 1.0)
    own = variance / np.where(mean > 0, mean, 1.0)
    ratio: Floats = np.maximum(1.0, np.where(number >= FEWEST_FOR_OWN, own, pooled))
    return ratio


def clustered_lower_bound(count: ArrayLike, base: ArrayLike, confidence: ArrayLike, dispersion: ArrayLike) -> Floats:
    """Return the one-sided lower limit of the rate count / base where months vary more than a Poisson count.

    The mean m under which a negative binomial count (size m / (dispersion - 1), variance dispersion x m) reaches
    `count` with probability 1 - confidence: I_q(count, size) = 1 - confidence with q = 1 - 1 / dispersion. Never
    above the Poisson limit, which it becomes at a dispersion of 1.
    """
    from scipy import special

    number, level, spread = np.broadcast_arrays(*(np.asarray(part, float) for part in (count, confidence, dispersion)))
    bound = np.array(poisson_lower_bound(number, 1.0, level), dtype=float)
    where = (number > 0) & (spread > 1.0)
    if where.any():
        excess = spread[where] - 1.0
        size = special.btdtrib(number[where], 1.0 - level[where], excess / spread[where])
        bound[where] = np.minimum(bound[where], excess * size)
    return _divide(bound, base)


def garwood_interval(count: ArrayLike, base: ArrayLike = 1.0, confidence: float = 0.95) -> tuple[Floats, Floats]:
    """Return the two-sided exact Poisson interval (low, high) of the rate count / base (Garwood 1936)."""
    from scipy import special

    number, tail = np.asarray(count, float), (1 - confidence) / 2
    low = np.where(number > 0, special.gammaincinv(np.maximum(number, _LEAST_COUNT), tail), 0.0)
    return _divide(low, base), _divide(special.gammaincinv(number + 1, 1 - tail), base)


@dataclass(frozen=True, slots=True, eq=False)
class EmpiricalBayes:
    """Gamma prior of the rates of all districts, fitted by moments (Marshall 1991).

    mean: pooled rate. shape, rate: gamma prior; both infinite where the districts differ no more than chance.
    smoothed: posterior mean rate, shape of the counts. Smoothed rates depend on which districts take part.
    """

    mean: float
    shape: float
    rate: float
    smoothed: Floats

    @property
    def is_flat(self) -> bool:
        """Whether the fit finds no difference between districts, so that every smoothed rate is the mean."""
        return not np.isfinite(self.rate)


def empirical_bayes(count: ArrayLike, base: ArrayLike) -> EmpiricalBayes:
    """Fit a gamma prior to the rates count / base, both of shape (n,), and return it with the smoothed rates.

    Districts without a usable base take no part and get NaN.
    """
    number, amount = np.broadcast_arrays(np.asarray(count, float), np.asarray(base, float))
    usable = (amount > 0) & ~np.isnan(number)
    mean, shape, rate = (float(part[0]) for part in prior(number[usable][None, :], amount[usable]))
    with np.errstate(invalid="ignore"):
        pooled = (number + shape) / (amount + rate) if np.isfinite(rate) else np.full_like(amount, mean)
    return EmpiricalBayes(mean, shape, rate, np.where(usable, pooled, np.nan))


def prior(counts: Floats, base: Floats) -> tuple[Any, Any, Any]:
    """Return mean, shape and rate of the gamma prior for each row of counts: (r, n) and (n,) to (r,) each.

    Shape and rate are infinite in a row without more variation than a Poisson count of equal rates has.
    """
    if not base.size:
        return np.full(len(counts), np.nan), np.full(len(counts), np.inf), np.full(len(counts), np.inf)
    total = base.sum()
    mean = counts.sum(axis=1) / total
    spread = (base * (counts / base - mean[:, None]) ** 2).sum(axis=1) / total - mean / base.mean()
    varies = (spread > 0) & (mean > 0)
    rate = np.where(varies, mean / np.where(varies, spread, 1.0), np.inf)
    return mean, np.where(varies, mean * np.where(varies, rate, 0.0), np.inf), rate


def exceedance(fit: EmpiricalBayes, count: ArrayLike, base: ArrayLike, factor: float = 1.5) -> Floats:
    """Return the posterior probability that a district's rate is above `factor` times the pooled mean.

    0 for every district of a flat fit with factor above 1; NaN where the base is missing.
    """
    from scipy import special

    number, amount = np.asarray(count, float), np.asarray(base, float)
    if fit.is_flat:
        above = np.full(np.broadcast(number, amount).shape, float(factor < 1))
    else:
        limit = factor * fit.mean * (np.where(amount > 0, amount, 0) + fit.rate)
        above = special.gammaincc(number + fit.shape, limit)
    return np.where(amount > 0, above, np.nan)


def _divide(value: Any, base: ArrayLike) -> Floats:
    amount = np.asarray(base, float)
    quotient: Floats = value / np.where(amount > 0, amount, np.nan)
    return quotient

"""Hot spots: own-rate exceedance and Gi* with a bootstrap null, so that neighbours alone never mark a district.

Gi* by conditional permutation does not test the district itself, and an uncorrected map flags something three
times in four by chance alone; hence the bootstrap of whole maps, the correction over all districts, and the
condition that only a district with a high rate of its own can be called high.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.analysis.counting.rates import Floats, empirical_bayes, exceedance, prior
from geo.analysis.index.settings import HotspotSettings
from geo.wording import N_, Text, text

LABELS: dict[str, str] = {
    "core": N_("Cluster core"),
    "isolated": N_("Isolated high"),
    "surrounded": N_("Surrounded by high districts"),
    "none": N_("No finding"),
    "no_data": N_("Insufficient data"),
}
TEST_NAME = N_(
    "Gi* on smoothed rates, negative-binomial bootstrap, Benjamini-Hochberg; exceedance of each district's rate"
)
_MAPS_AT_ONCE = 2_000


@dataclass(frozen=True, slots=True, eq=False)
class Hotspots:
    """Result of the tests: arrays of shape (n,), NaN where population or area is missing.

    labels: keys of LABELS, empty when refused. z: Gi*. p: one-sided bootstrap p. p_adjusted: after
    Benjamini-Hochberg over all n_tested districts. pr_exceeds: probability that the rate of the district
    is above the factor times the mean. refusal: why nothing was tested, or None.
    """

    labels: tuple[str, ...]
    z: Floats
    p: Floats
    p_adjusted: Floats
    pr_exceeds: Floats
    smoothed: Floats
    n_tested: int
    q: float
    refusal: Text | None
    test: str = TEST_NAME


def hotspots(
    count: ArrayLike, base: ArrayLike, neighbours: Sequence[Sequence[int]], settings: HotspotSettings
) -> Hotspots:
    """Return the hot-spot labels of districts with counts and exposures of shape (n,).

    neighbours: positions of the queen neighbours of each district. A province with fewer recorded attacks
    than `settings.fewest_events` is not tested, and the result says so. The same input gives the same result.
    """
    number, amount = np.asarray(count, float), np.asarray(base, float)
    tested = np.flatnonzero((amount > 0) & ~np.isnan(number))
    total = float(number[tested].sum())
    if total < settings.fewest_events:
        refusal = text(
            "Only {total:g} attacks recorded in the province: at least {fewest:g} are needed for a test.",
            total=total,
            fewest=settings.fewest_events,
        )
        blank = np.full(len(number), np.nan)
        return Hotspots((), blank, blank, blank, blank, blank, 0, settings.q, refusal)
    position = {int(old): new for new, old in enumerate(tested)}
    links = [[position[j] for j in neighbours[i] if j in position] for i in position]
    z, p = gi_star_test(number[tested], amount[tested], links, settings)
    is_warm, adjusted = benjamini_hochberg(p, settings.q)
    fit = empirical_bayes(number[tested], amount[tested])
    above = exceedance(fit, number[tested], amount[tested], settings.exceedance_factor)
    labels = np.full(len(number), "no_data", dtype=object)
    labels[tested] = [
        label(own, warm) for own, warm in zip(above >= settings.exceedance_probability, is_warm, strict=True)
    ]
    n = len(number)
    return Hotspots(
        labels=tuple(labels),
        z=_spread(z, tested, n),
        p=_spread(p, tested, n),
        p_adjusted=_spread(adjusted, tested, n),
        pr_exceeds=_spread(above, tested, n),
        smoothed=_spread(fit.smoothed, tested, n),
        n_tested=len(tested),
        q=settings.q,
        refusal=None,
    )


def label(has_high_rate: bool, has_high_surroundings: bool) -> str:
    """Return the label of the two findings: keys of LABELS."""
    if has_high_rate:
        return "core" if has_high_surroundings else "isolated"
    return "surrounded" if has_high_surroundings else "none"


def gi_star(values: ArrayLike, neighbours: Sequence[Sequence[int]]) -> Floats:
    """Return Gi* z-scores with binary weights, each district among its own neighbours (Ord and Getis 1995).

    values: shape (..., n); the population standard deviation is used. 0 where all values are equal, or where
    a district neighbours every other one.
    """
    x = np.asarray(values, float)
    n = x.shape[-1]
    weight = _weights(neighbours, n)
    k = weight.sum(axis=1)
    # A mean of equal numbers can differ from them by rounding: such a map has no variation to test.
    deviation = np.where(np.ptp(x, axis=-1) > 0, x.std(axis=-1), 0.0)[..., None]
    scale = deviation * np.sqrt((n * k - k**2) / max(1, n - 1))
    excess = x @ weight.T - k * x.mean(axis=-1)[..., None]
    scores: Floats = np.where(scale > 0, excess / np.where(scale > 0, scale, 1.0), 0.0)
    return scores


def gi_star_test(
    count: Floats, base: Floats, neighbours: Sequence[Sequence[int]], settings: HotspotSettings
) -> tuple[Floats, Floats]:
    """Return Gi* of ln(1 + smoothed rate) and its one-sided bootstrap p, both of shape (n,).

    Null: every district draws its rate from the fitted gamma prior and its count from it, independently of
    its neighbours (negative binomial; Poisson where the fit is flat). Each map of the null is smoothed with
    a prior fitted to it, as the data were. p = (1 + maps with at least this z) / (1 + maps).
    """
    rng = np.random.default_rng(settings.seed)
    fit = empirical_bayes(count, base)
    z = gi_star(np.log1p(fit.smoothed), neighbours)
    reached = np.zeros(len(count))
    for start in range(0, settings.replicates, _MAPS_AT_ONCE):
        size = (min(_MAPS_AT_ONCE, settings.replicates - start), len(count))
        rate = np.full(size, fit.mean) if fit.is_flat else rng.gamma(fit.shape, 1 / fit.rate, size)
        null = gi_star(np.log1p(_smoothed_maps(rng.poisson(rate * base).astype(float), base)), neighbours)
        reached += (null >= z - 1e-12).sum(axis=0)
    return z, (1 + reached) / (1 + settings.replicates)


def benjamini_hochberg(p: ArrayLike, q: float) -> tuple[NDArray[np.bool_], Floats]:
    """Return which p-values are discoveries at false discovery rate q, and the adjusted p-values."""
    from scipy import stats

    adjusted: Floats = stats.false_discovery_control(np.asarray(p, float))
    return adjusted <= q, adjusted


def _smoothed_maps(counts: Floats, base: Floats) -> Floats:
    """Return the empirical Bayes rates of each row of counts: (r, n)."""
    mean, shape, rate = (part[:, None] for part in prior(counts, base))
    is_flat = ~np.isfinite(rate)
    shape, rate = np.where(is_flat, 0.0, shape), np.where(is_flat, 0.0, rate)
    return np.where(is_flat, mean, (counts + shape) / (base + rate))


def _weights(neighbours: Sequence[Sequence[int]], n: int) -> Floats:
    weight = np.eye(n)
    for place, others in enumerate(neighbours):
        weight[place, list(others)] = 1.0
    return weight


def _spread(values: Floats, places: NDArray[np.int64], n: int) -> Floats:
    whole = np.full(n, np.nan)
    whole[places] = values
    return whole

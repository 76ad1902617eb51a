"""Rolling quarterly origins: forecasts of the next quarter's attacks from the past alone, scored on what followed.

Every method turns what was known at an origin into one or more predictors x. The forecast is negative binomial
with mean sum(b x), b >= 0, and a size; both are fitted to all earlier pairs of quarters, so that methods differ by what
they know and not by how they are scaled.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from geo.analysis.counting.rates import Floats, exposure
from geo.analysis.index import forecast_scores, validation
from geo.analysis.index.access import source_coverage, usable_settings
from geo.analysis.index.monthly_counts import MonthlyCounts, Window, counted_incidents, monthly_counts
from geo.analysis.index.profiles import calibrate
from geo.analysis.index.scores import ComponentValues, index_of
from geo.wording import N_

if TYPE_CHECKING:
    from geo.analysis.index.settings import AccessSettings
    from geo.districts import Districts
    from geo.incidents import IncidentTable, Mask

METHODS: dict[str, str] = {
    "index": N_("Index"),
    "index_weighted": N_("Index, recent months weighted more"),
    "last_count": N_("Last quarter's count"),
    "rate": N_("Last year's rate per resident"),
    "mean": N_("Mean of all quarters so far"),
    "weighted": N_("Weighted mean of quarters"),
    "endemic_epidemic": N_("Endemic-epidemic model with neighbours"),
}
SCORES: dict[str, str] = {
    "crps": N_("CRPS (primary score)"),
    "log_score": N_("Log score"),
    "interval_score": N_("Interval score, 90 %"),
    "coverage": N_("Share inside the 90 % interval"),
    "spearman": N_("Rank correlation with the next quarter"),
    "hit_share": N_("Share of attacks in the top six"),
}
PRIMARY = "crps"
HALF_LIFE_MONTHS = 6.0
WEIGHTED_SHARE = 0.3
_TOP = 6
_FEWEST_QUARTERS, _FEWEST_PAIRS = 8, 4
_STEPS = 60
_LEAST_MEAN = 1e-6


class TooFewQuarters(ValueError):
    """No quarter has enough quarters before it to be forecast."""


@dataclass(frozen=True, slots=True, eq=False)
class QuarterPanel:
    """Quarters by district: arrays of shape (quarters, n).

    first_month: of the first quarter, months since year 0. S: attacks on forces. base: exposure of the quarter.
    points, weighted_points: index of the twelve months that end with the quarter, NaN where the past gives no
    goalposts; in the second, S and K weigh recent months more. neighbours: row-normalised weights, (n, n).
    """

    first_month: int
    S: Floats
    base: Floats
    points: Floats
    weighted_points: Floats
    neighbours: Floats


@dataclass(frozen=True, slots=True)
class ScoreDifference:
    """Mean primary score of the index minus that of another method, 95 % interval; below zero the index is better."""

    method: str
    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, eq=False)
class QuarterlyResult:
    """Mean scores by method, and differences of the primary score.

    first, last: quarters that were forecast, as first month since year 0. n_origins: how many.
    """

    first: int
    last: int
    n_origins: int
    means: Mapping[str, Mapping[str, float]]
    against_index: tuple[ScoreDifference, ...]

    @property
    def weighting_helps(self) -> bool:
        """Whether weighting recent months beats the plain window on the primary score, beyond its interval."""
        found = next(d for d in self.against_index if d.method == "index_weighted")
        return found.low > 0


def quarter_panel(table: IncidentTable, mask: Mask, settings: AccessSettings, districts: Districts) -> QuarterPanel:
    """Return the whole quarters that the source covers. Errors as in `geo.analysis.index.access.access`."""
    used, sources = usable_settings(table, mask, replace(settings, window_months=12))
    covered = source_coverage(table, sources)
    first = -(-covered.first_month // 3) * 3
    n_quarters = (covered.first_month + covered.months - first) // 3
    counted = counted_incidents(table, mask, used.police_only)
    n = len(districts.pcodes)
    cube = monthly_counts(counted, Window(first, 3 * n_quarters), n, used.cap_deaths)
    quarters = [Window(first + 3 * q, 3) for q in range(n_quarters)]
    population = np.stack([districts.population_at(quarter.midpoint_year) for quarter in quarters])
    points, weighted = _points(cube, used, population, districts.area_km2)
    touching = np.zeros((n, n))
    for place, others in enumerate(districts.neighbours):
        touching[place, list(others)] = 1.0 / max(1, len(others))
    attacks = cube.S.reshape(n_quarters, 3, n).sum(axis=1)
    return QuarterPanel(first, attacks, exposure(population, districts.area_km2, 1.0, 3), points, weighted, touching)


def quarterly(data: QuarterPanel) -> QuarterlyResult:
    """Return how each method forecast each next quarter. Raises TooFewQuarters without an origin."""
    known = _known(data)
    origins = [q for q in range(_FEWEST_QUARTERS, len(data.S) - 1) if known[q] and known[:q].sum() >= _FEWEST_PAIRS]
    if not origins:
        raise TooFewQuarters("no quarter has enough quarters before it")
    scored = {method: _scored(data, origins, make(data)) for method, make in _PREDICTORS.items()}
    means = {method: {name: float(np.nanmean(by[name])) for name in SCORES} for method, by in scored.items()}
    differences = [
        ScoreDifference(method, *forecast_scores.block_interval(scored["index"][PRIMARY] - scored[method][PRIMARY]))
        for method in METHODS
        if method != "index"
    ]
    first, last = (data.first_month + 3 * (q + 1) for q in (origins[0], origins[-1]))
    return QuarterlyResult(first, last, len(origins), means, tuple(differences))


# --- the index at each quarter ------------------------------------------------------------------------


def _points(
    cube: MonthlyCounts, settings: AccessSettings, population: Floats, area_km2: Floats
) -> tuple[Floats, Floats]:
    """Return the points of the twelve months to each quarter's end under goalposts of the past, plain and weighted."""
    has_control = "C" in settings.weights.given()
    plain, weighted = np.full(population.shape, np.nan), np.full(population.shape, np.nan)
    windows: list[ComponentValues | None] = [
        cube.values(Window(cube.window.first_month + 3 * (q + 1) - 12, 12), has_control) if q >= 3 else None
        for q in range(len(population))
    ]
    for q, values in enumerate(windows):
        if values is None:
            continue
        own = [(past, place) for place in range(q, 2, -4) if (past := windows[place]) is not None]
        used = _past_settings(own, settings, population, area_km2)
        if used is not None:
            plain[q] = index_of(values, population[q], area_km2, used)
            weighted[q] = index_of(_recent(cube, values, 3 * (q + 1)), population[q], area_km2, used)
    return plain, weighted


def _past_settings(
    own: list[tuple[ComponentValues, int]], settings: AccessSettings, population: Floats, area_km2: Floats
) -> AccessSettings | None:
    """Return the settings with goalposts of the years that end with a quarter; None where they give none."""
    stacked = ComponentValues(
        **{name: np.stack([getattr(values, name) for values, _ in own]) for name in ("S", "K", "M", "L")},
        C=np.stack([values.C for values, _ in own if values.C is not None]) if own[0][0].C is not None else None,
    )
    posts, gates = calibrate(stacked, population[[place for _, place in own]], area_km2, settings.alpha)
    if not all(posts.given().get(letter, 0.0) > 0 for letter in "SML"):
        return None
    used = replace(settings, goalposts=posts, gates=gates, goalposts_by_alpha=())
    return used if posts.C is not None else used.without("C")


def _recent(cube: MonthlyCounts, values: ComponentValues, end: int) -> ComponentValues:
    """Return values whose S and K are exponentially weighted sums of all months so far, at the scale of a year."""
    weight = 0.5 ** (np.arange(end)[::-1] / HALF_LIFE_MONTHS)
    weight *= 12 / weight.sum()
    return replace(values, S=weight @ cube.S[:end], K=weight @ cube.active[:end])


# --- predictors and forecasts -----------------------------------------------------------------------------


def _of_points(points: Floats, base: Floats) -> Floats:
    share = np.nan_to_num(points) / 100.0
    return np.stack([base, base * share, base * share**2, base * share**4])


def _rate(data: QuarterPanel) -> Floats:
    def year(values: Floats) -> Floats:
        ends = np.cumsum(np.vstack([np.zeros((4, values.shape[1])), values]), axis=0)
        summed: Floats = ends[4:] - ends[:-4]
        return summed

    return np.stack([data.base, data.base * year(data.S) / year(data.base)])


# Predictors known at the end of each quarter: (predictors, quarters, n).
_PREDICTORS: dict[str, Callable[[QuarterPanel], Floats]] = {
    "index": lambda data: _of_points(data.points, data.base),
    "index_weighted": lambda data: _of_points(data.weighted_points, data.base),
    "last_count": lambda data: np.stack([data.base, data.S]),
    "rate": _rate,
    "mean": lambda data: np.stack([data.base, validation.climatology(data.S)]),
    "weighted": lambda data: np.stack([data.base, validation.ewma(data.S, WEIGHTED_SHARE)]),
    "endemic_epidemic": lambda data: np.stack([data.base, data.S, data.S @ data.neighbours.T]),
}


def _known(data: QuarterPanel) -> NDArray[np.bool_]:
    """Return the quarters whose past gives an index."""
    return np.array([not np.isnan(points).any() for points in data.points])


def _scored(data: QuarterPanel, origins: list[int], predictors: Floats) -> dict[str, Floats]:
    """Return every score by origin: fitted to the pairs before it, judged on the quarter after it."""
    found: dict[str, list[float]] = {name: [] for name in SCORES}
    weights: Floats | None = None
    known = _known(data)
    for origin in origins:
        past = np.flatnonzero(known[:origin])
        x = predictors[:, past].reshape(len(predictors), -1)
        weights, size = fit(x, data.S[past + 1].ravel(), weights)
        mean = np.maximum(weights @ predictors[:, origin], _LEAST_MEAN)
        for name, value in _scores(data.S[origin + 1], mean, size).items():
            found[name].append(value)
    return {name: np.array(values) for name, values in found.items()}


def fit(x: Floats, count: Floats, start: Floats | None = None) -> tuple[Floats, float]:
    """Return non-negative weights of the predictors (p, m) by Poisson likelihood, and the negative binomial size.

    Multiplicative steps (Lee and Seung 2001), which keep weights above zero; size by moments of the residuals.
    """
    total = np.maximum(x.sum(axis=1), _LEAST_MEAN)
    weights: NDArray[np.float64] = np.full(len(x), count.sum() / total.sum()) if start is None else start.copy()
    weights = np.maximum(weights, _LEAST_MEAN)
    for _ in range(_STEPS):
        weights *= (x @ (count / np.maximum(weights @ x, _LEAST_MEAN))) / total
    mean = np.maximum(weights @ x, _LEAST_MEAN)
    excess = float(((count - mean) ** 2 - mean).sum() / (mean**2).sum())
    return weights, float(np.clip(1 / excess if excess > 0 else 1e4, 0.05, 1e4))


def _scores(count: Floats, mean: Floats, size: float) -> dict[str, float]:
    low, high = forecast_scores.interval(mean, size)
    return {
        "crps": float(forecast_scores.crps(count, mean, size).mean()),
        "log_score": float(forecast_scores.log_score(count, mean, size).mean()),
        "interval_score": float(forecast_scores.interval_score(count, low, high).mean()),
        "coverage": float(((count >= low) & (count <= high)).mean()),
        "spearman": validation.spearman(mean, count),
        "hit_share": validation.hit_share(mean, count, _TOP),
    }

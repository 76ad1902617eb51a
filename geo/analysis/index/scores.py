"""From counts to scores, an index of 0 to 100 and a class: the formulas of the access-constraint index.

Arrays end in the district axis (n,); leading axes (draws, months) broadcast. NaN in a score gives NaN in the
index and the class INSUFFICIENT.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.analysis.counting.rates import Floats, exposure, poisson_lower_bound
from geo.analysis.index.settings import AccessSettings, ByComponent
from geo.wording import N_

INSUFFICIENT = -1
TOP = 3
CLASSES: dict[int, tuple[str, str]] = {
    INSUFFICIENT: ("insufficient", N_("Insufficient data")),
    0: ("low", N_("Low recorded")),
    1: ("elevated", N_("Elevated")),
    2: ("severe", N_("Severe")),
    TOP: ("no_go", N_("No-go pattern (as described in reporting)")),
}
_LARGEST_FACTOR = 64.0
_BISECTIONS = 60
_TOLERANCE = 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class ComponentValues:
    """Counts of one window by district, float64 arrays whose last axis is the district.

    S attacks on security forces; M militant attacks (S is part of it); L people killed, capped an incident;
    C signs of control, or None where the source records none; K months with at least one S.
    months: length of the window in months, or one length for each row of windows, shape (rows, 1).
    """

    S: Floats
    K: Floats
    M: Floats
    L: Floats
    C: Floats | None
    months: float | Floats = 12.0


def log_score(value: ArrayLike, goalpost: ArrayLike) -> Floats:
    """Return ln(1 + value) / ln(1 + goalpost), at most 1: 0 at 0 and 1 from the goalpost on."""
    score: Floats = np.minimum(1.0, np.log1p(np.asarray(value, float)) / np.log1p(np.asarray(goalpost, float)))
    return score


def evidence_rates(values: ComponentValues, base: ArrayLike, confidence: ArrayLike) -> dict[str, Floats]:
    """Return the rates that are scored: S and M as Poisson lower bounds, L deflated like M, C per year.

    base: exposure of the window. A district without M has an L of 0.
    """
    amount = np.asarray(base, float)
    attacks = poisson_lower_bound(values.M, amount, confidence)
    has_attacks = values.M > 0
    deflation = np.where(has_attacks, attacks * amount / np.where(has_attacks, values.M, 1.0), 0.0)
    rates = {"S": poisson_lower_bound(values.S, amount, confidence), "M": attacks, "L": values.L / amount * deflation}
    if values.C is not None:
        rates["C"] = values.C * 12.0 / values.months
    return rates


def score(
    values: ComponentValues, base: ArrayLike, goalposts: Mapping[str, ArrayLike], confidence: ArrayLike
) -> dict[str, Floats]:
    """Return the score of each component, 0 to 1. A component without a goalpost or a count is left out."""
    rates = evidence_rates(values, base, confidence)
    scores = {letter: log_score(rates[letter], goalposts[letter]) for letter in rates if letter in goalposts}
    # Months are scored where the base is known, so that a district has all its scores or none.
    months = np.where(np.isnan(rates["S"]), np.nan, values.K / values.months)
    return {"S": scores["S"], "K": months, **{letter: scores[letter] for letter in "CML" if letter in scores}}


def combine(scores: Mapping[str, Floats], weights: Mapping[str, ArrayLike]) -> Floats:
    """Return the index, 0 to 100: the weighted mean of the scores, over the components that have both."""
    used = [letter for letter in scores if letter in weights]
    total: Any = sum(np.asarray(weights[letter], float) for letter in used)
    index: Floats = 100.0 * sum(np.asarray(weights[letter], float) / total * scores[letter] for letter in used)
    return index


def index_of(values: ComponentValues, population: ArrayLike, area_km2: ArrayLike, settings: AccessSettings) -> Floats:
    """Return the index of each district under the settings; NaN where population or area is missing."""
    base = exposure(population, area_km2, settings.alpha, values.months)
    scores = score(values, base, settings.goalposts.given(), settings.confidence)
    return combine(scores, settings.weights.given())


def gates_passed(values: ComponentValues, gates: ByComponent) -> dict[str, NDArray[np.bool_]]:
    """Return which districts pass each gate of the top class. S and C thresholds are for 12 months and scale."""
    scale = values.months / 12.0
    measured = {"S": values.S / scale, "K": values.K / values.months}
    if values.C is not None:
        measured["C"] = values.C / scale
    given = gates.given()
    return {letter: measured[letter] >= given[letter] - _TOLERANCE for letter in measured if letter in given}


def classify(index: ArrayLike, passed: Mapping[str, NDArray[np.bool_]], cuts: Sequence[float]) -> NDArray[np.int8]:
    """Return the class code of each index: int8; the top class needs every gate, else it is the one below."""
    points = np.asarray(index, float)
    level = np.digitize(np.nan_to_num(points), cuts)
    is_open = np.logical_and.reduce(list(passed.values())) if passed else True
    level = np.where((level == TOP) & ~np.asarray(is_open), TOP - 1, level)
    return np.where(np.isnan(points), INSUFFICIENT, level).astype(np.int8)


def tipping_factor(
    values: ComponentValues, population: ArrayLike, area_km2: ArrayLike, settings: AccessSettings, target: ArrayLike
) -> Floats:
    """Return the smallest common multiplier of S, M and L that lifts each district to `target` points.

    values: arrays of shape (n,). K and C stay as they are. 1 where the target is reached already; NaN where
    no multiplier up to 64 reaches it (none can where nothing is recorded).
    """
    goal = np.broadcast_to(np.asarray(target, float), values.S.shape)

    def reached(factor: Floats) -> NDArray[np.bool_]:
        scaled = replace(values, S=values.S * factor, M=values.M * factor, L=values.L * factor)
        with np.errstate(invalid="ignore"):
            return index_of(scaled, population, area_km2, settings) >= goal

    low, high = np.ones(goal.shape), np.full(goal.shape, _LARGEST_FACTOR)
    already, possible = reached(low), reached(high)
    for _ in range(_BISECTIONS):
        middle = (low + high) / 2
        is_enough = reached(middle)
        low, high = np.where(is_enough, low, middle), np.where(is_enough, middle, high)
    return np.where(already, 1.0, np.where(possible, high, np.nan))

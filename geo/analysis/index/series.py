"""What is shown with the level of the index: direction, pressure from neighbours, and classes of a monthly series."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.analysis.counting.rates import Floats
from geo.analysis.index.scores import INSUFFICIENT, TOP
from geo.analysis.index.settings import Hysteresis
from geo.wording import N_

DIRECTIONS: dict[str, str] = {
    "rising": N_("Rising"),
    "easing": N_("Easing"),
    "no_clear_change": N_("No clear change"),
    "too_few": N_("Too few to say"),
    "unknown": N_("Not enough months"),
}
RECENT_MONTHS, EARLIER_MONTHS, DISPERSION_MONTHS = 6, 12, 36
FEWEST_ATTACKS = 5
_LEAST_RISE, _LEAST_FALL, _SURE = 1.25, 0.8, 0.9
# One prior attack in 18 months, shared by length: the prior alone favours neither side.
_PRIOR_LATE, _PRIOR_EARLIER = (months / (RECENT_MONTHS + EARLIER_MONTHS) for months in (RECENT_MONTHS, EARLIER_MONTHS))


@dataclass(frozen=True, slots=True, eq=False)
class Direction:
    """Change of the rate of S: ratio of the last 6 months to the 12 before, and the probability of a rise.

    ratio, pr_rise: float64, shape (n,). code: keys of DIRECTIONS.
    """

    ratio: Floats
    pr_rise: Floats
    code: tuple[str, ...]


def trend(recent: ArrayLike, earlier: ArrayLike, dispersion: ArrayLike = 1.0) -> tuple[Floats, Floats]:
    """Return the ratio of monthly rates and the probability that the later rate is higher.

    recent: counts of the last 6 months; earlier: of the 12 months before. Both are divided by `dispersion`
    (variance to mean ratio, at least 1) because attacks cluster; gamma priors of shape 1/3 and 2/3.
    """
    from scipy import special

    late = np.asarray(recent, float) / np.asarray(dispersion, float) + _PRIOR_LATE
    before = np.asarray(earlier, float) / np.asarray(dispersion, float) + _PRIOR_EARLIER
    ratio: Floats = (late / RECENT_MONTHS) / (before / EARLIER_MONTHS)
    share = RECENT_MONTHS / (RECENT_MONTHS + EARLIER_MONTHS)
    return ratio, 1.0 - special.betainc(late, before, share)


def direction(monthly: NDArray[np.float64]) -> Direction:
    """Return the direction of each district from monthly counts of S: shape (months, n), oldest month first.

    Fewer than 18 months give "unknown", fewer than 5 attacks in them "too_few". The dispersion
    comes from the last 36 months, or those there are.
    """
    n = monthly.shape[1]
    if len(monthly) < RECENT_MONTHS + EARLIER_MONTHS:
        return Direction(np.full(n, np.nan), np.full(n, np.nan), ("unknown",) * n)
    window = monthly[-DISPERSION_MONTHS:]
    mean = window.mean(axis=0)
    dispersion = np.maximum(1.0, np.where(mean > 0, window.var(axis=0, ddof=1) / np.where(mean > 0, mean, 1.0), 1.0))
    recent = monthly[-RECENT_MONTHS:].sum(axis=0)
    earlier = monthly[-RECENT_MONTHS - EARLIER_MONTHS : -RECENT_MONTHS].sum(axis=0)
    ratio, pr_rise = trend(recent, earlier, dispersion)
    rises = (pr_rise >= _SURE) & (ratio >= _LEAST_RISE)
    eases = (pr_rise <= 1 - _SURE) & (ratio <= _LEAST_FALL)
    code = np.where(rises, "rising", np.where(eases, "easing", "no_clear_change"))
    code = np.where(recent + earlier < FEWEST_ATTACKS, "too_few", code)
    return Direction(ratio, pr_rise, tuple(str(word) for word in code))


def neighbour_pressure(score_s: Floats, neighbours: Sequence[Sequence[int]]) -> Floats:
    """Return the mean score of S over the neighbours of each district: shape (n,).

    Only districts of the province are known, so a district on its border has fewer neighbours here than on
    the ground. NaN without any neighbour that has a score.
    """
    pressure = np.full(len(neighbours), np.nan)
    for place, others in enumerate(neighbours):
        known = [score_s[other] for other in others if not np.isnan(score_s[other])]
        if known:
            pressure[place] = float(np.mean(known))
    return pressure


def steady_classes(
    index: Sequence[float], is_open: Sequence[bool], cuts: Sequence[float], rule: Hysteresis
) -> list[int]:
    """Return the class of each month of one district with hysteresis, one level at a time.

    index: points by month, NaN where the data are insufficient: such a month has the class INSUFFICIENT and
    the series starts again after it. is_open: whether all gates of the top class are passed.
    The first month has its raw class. A class rises after `up` months in a row with a higher raw class, and
    falls after `down` months in a row with points below its lower cut by more than `band`, or, for the top
    class, with a gate lost.
    """
    classes: list[int] = []
    current, higher, lower = INSUFFICIENT, 0, 0
    for points, passes in zip(index, is_open, strict=True):
        if np.isnan(points):
            current, higher, lower = INSUFFICIENT, 0, 0
            classes.append(current)
            continue
        raw = int(np.digitize(points, cuts))
        raw = TOP - 1 if raw == TOP and not passes else raw
        if current == INSUFFICIENT:
            current = raw
        higher = higher + 1 if raw > current else 0
        falls = current > 0 and (points < cuts[current - 1] - rule.band or (current == TOP and not passes))
        lower = lower + 1 if falls else 0
        if higher >= rule.up:
            current, higher, lower = current + 1, 0, 0
        elif lower >= rule.down:
            current, higher, lower = current - 1, 0, 0
        classes.append(current)
    return classes

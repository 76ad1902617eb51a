"""How far scores and classes depend on choices: the index recomputed under many reasonable settings at once.

The share of draws that give the same class is "agreement across settings". It is not a probability.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.analysis.counting.rates import Floats, exposure
from geo.analysis.index.scores import INSUFFICIENT, ComponentValues, classify, combine, gates_passed, score
from geo.wording import N_

if TYPE_CHECKING:
    from geo.analysis.index.monthly_counts import CountedIncidents, Window
    from geo.analysis.index.settings import AccessSettings

LARGEST_DROP = 0.08
# Share of what happened that a district's records may miss beyond what they miss everywhere.
LARGEST_MISSED = 0.25
GOALPOST_FACTORS = (0.75, 1.33)
ALPHAS = (0.5, 1.0)
CONFIDENCES = (0.7, 0.9)
WEIGHT_CONCENTRATION = 50.0
FIRM, MODERATE = 0.8, 0.5
AGREEMENTS: dict[str, str] = {
    "firm": N_("Firm"),
    "moderate": N_("Moderate"),
    "unsettled": N_("Unsettled"),
    "unknown": N_("No data"),
}
_CELLS_AT_ONCE = 2_000_000
# Longitudes and latitudes in degrees (EPSG:4326), shape (m,), to district codes, below zero outside.
Locate = Callable[[Floats, Floats], NDArray[Any]]
_EARTH_KM_PER_DEGREE = 111.32


@dataclass(frozen=True, slots=True, eq=False)
class Spread:
    """What the draws give for each district, arrays of shape (n,), NaN where the data are insufficient.

    median, low, high: 50th, 5th and 95th percentile of the index. agreement: share of draws with the class
    of the settings as they are. rank_low, rank_high: 5th and 95th percentile of the rank, 1 is the highest
    index, ties share the best rank.
    """

    median: Floats
    low: Floats
    high: Floats
    agreement: Floats
    rank_low: Floats
    rank_high: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Redraw:
    """Where loosely known incidents may lie: `rows` into the counted incidents, int64 (r,), and `shares`,
    float64 (r, n): the part of the circle around each that lies in each district. A row may sum to less than 1:
    the rest lies outside the province."""

    rows: NDArray[np.int64]
    shares: Floats


def agreement_code(agreement: float) -> str:
    """Return firm (at least 0.8), moderate (at least 0.5), unsettled, or unknown for NaN: keys of AGREEMENTS."""
    if np.isnan(agreement):
        return "unknown"
    return "firm" if agreement >= FIRM else "moderate" if agreement >= MODERATE else "unsettled"


def sensitivity(
    counted: CountedIncidents,
    window: Window,
    population: ArrayLike,
    area_km2: ArrayLike,
    settings: AccessSettings,
    classes: NDArray[np.int8],
    months_covered: int | None = None,
    redraw: Redraw | None = None,
    dispersion: float | Floats = 1.0,
) -> Spread:
    """Return the spread of the index over `settings.draws` draws with `settings.seed`.

    counted: incidents of the window, as `CountedIncidents.within` gives them; redraw refers to their rows.
    dispersion: of the months of the window, see ComponentValues; the same in every draw.
    classes: the class codes of the settings as they are, shape (n,). The same input gives the same result.
    """
    rng = np.random.default_rng(settings.seed)
    n, draws = len(classes), settings.draws
    months = float(months_covered or window.months)
    at_once = max(1, min(draws, _CELLS_AT_ONCE // max(1, len(counted))))
    sums = _Sums(counted, window, n, settings.cap_deaths, redraw)
    index, found = np.empty((draws, n)), np.empty((draws, n), dtype=np.int8)
    for start in range(0, draws, at_once):
        part = slice(start, min(draws, start + at_once))
        drawn = sums.draw(rng, part.stop - part.start, "C" in settings.weights.given())
        values = replace(drawn, months=months, dispersion=dispersion)
        index[part], found[part] = _score_draws(rng, values, population, area_km2, settings)
    return _summary(index, found, classes)


def _score_draws(
    rng: np.random.Generator,
    values: ComponentValues,
    population: ArrayLike,
    area_km2: ArrayLike,
    settings: AccessSettings,
) -> tuple[Floats, NDArray[np.int8]]:
    """Return index and class of each draw under drawn weights, goalposts, alpha and confidence."""
    size = len(values.S)
    given = settings.weights.given()
    drawn = rng.dirichlet([WEIGHT_CONCENTRATION * w / sum(given.values()) for w in given.values() if w > 0], size)
    weights = dict(zip([letter for letter, w in given.items() if w > 0], drawn.T[:, :, None], strict=True))
    alpha: Any = settings.alpha
    # Other units need goalposts in those units: without them a draw would only lift or lower every score.
    if settings.goalposts_by_alpha:
        alpha = rng.uniform(min(ALPHAS[0], settings.alpha), max(ALPHAS[1], settings.alpha), (size, 1))
    goalposts = {
        letter: value * rng.uniform(*GOALPOST_FACTORS, (size, 1))
        for letter, value in settings.goalposts_at(alpha).items()
    }
    confidence = rng.uniform(
        min(CONFIDENCES[0], settings.confidence), max(CONFIDENCES[1], settings.confidence), (size, 1)
    )
    base = exposure(population, area_km2, alpha, values.months)
    index = combine(score(values, base, goalposts, confidence), weights)
    return index, classify(index, gates_passed(values, settings), settings.cuts)


class _Sums:
    """Component values of many draws at once: which stay, which were missed, where loose ones lie, the dead."""

    def __init__(
        self, counted: CountedIncidents, window: Window, n: int, cap_deaths: int, redraw: Redraw | None
    ) -> None:
        self.n, self.months = n, window.months
        self.redraw = redraw
        self.month = counted.month - window.first_month
        self.district = counted.district.astype(np.int64)
        self.events = counted.events.astype(np.float32)
        self.low = counted.deaths_low.astype(np.float32)
        self.range = (counted.deaths_high - counted.deaths_low).astype(np.float32)
        self.cap = self.events * cap_deaths
        self.parts = {"S": counted.is_security, "M": counted.is_militant, "C": counted.is_control}
        self.is_dated_attack = counted.is_security & counted.is_month_known
        self.fixed = self.district >= 0
        if redraw is not None:
            self.fixed[redraw.rows] = False

    def draw(self, rng: np.random.Generator, size: int, has_control: bool) -> ComponentValues:
        """Return values of shape (size, n)."""
        shape = (size, len(self.month))
        stays = rng.random(shape, dtype=np.float32) >= rng.uniform(0, LARGEST_DROP, (size, 1)).astype(np.float32)
        added = self._added(rng, size)
        deaths = np.minimum(self.low + self.range * rng.random(shape, dtype=np.float32), self.cap)
        place = self._places(rng, size)
        kept: NDArray[np.float32] = stays.astype(np.float32) + added.astype(np.float32)
        totals = {name: self._by_district(kept * self.events, is_part, place) for name, is_part in self.parts.items()}
        return ComponentValues(
            S=totals["S"],
            M=totals["M"],
            L=self._by_district(kept * deaths, self.parts["M"], place),
            C=totals["C"] if has_control else None,
            K=self._active_months(rng, stays, added, place),
            months=float(self.months),
        )

    def _places(self, rng: np.random.Generator, size: int) -> NDArray[np.int64] | None:
        """Return the district of each loose incident in each draw, (size, r); n means outside."""
        if self.redraw is None:
            return None
        ends = np.cumsum(self.redraw.shares, axis=1)
        chance = rng.random((size, len(self.redraw.rows), 1))
        return np.asarray((chance >= ends).sum(axis=2), dtype=np.int64)

    def _by_district(
        self, amount: NDArray[np.floating[Any]], is_part: NDArray[np.bool_], place: NDArray[np.int64] | None
    ) -> Floats:
        keep = np.flatnonzero(is_part & self.fixed)
        member = np.zeros((len(keep), self.n), dtype=np.float32)
        member[np.arange(len(keep)), self.district[keep]] = 1
        total = (amount[:, keep] @ member).astype(float)
        if place is not None and self.redraw is not None:
            loose = amount[:, self.redraw.rows] * is_part[self.redraw.rows]
            cell = np.arange(len(amount))[:, None] * (self.n + 1) + place
            extra = np.bincount(cell.ravel(), loose.ravel(), len(amount) * (self.n + 1))
            total += extra.reshape(len(amount), self.n + 1)[:, : self.n]
        return total

    def _added(self, rng: np.random.Generator, size: int) -> NDArray[np.int64]:
        """Return how many unrecorded incidents like each recorded one a draw supposes: (size, m).

        A district misses a share of 0 to LARGEST_MISSED, drawn for each draw and district.
        """
        missed = rng.uniform(0, LARGEST_MISSED, (size, self.n + 1))[:, self.district]
        return rng.poisson(missed / (1 - missed))

    def _active_months(
        self,
        rng: np.random.Generator,
        stays: NDArray[np.bool_],
        added: NDArray[np.int64],
        place: NDArray[np.int64] | None,
    ) -> Floats:
        """Return how many months have at least one dated attack: (size, n). An added one falls in any month."""
        size = len(stays)
        active = np.zeros((size, self.n + 1, self.months), dtype=bool)
        keep = np.flatnonzero(self.is_dated_attack & self.fixed)
        if len(keep):
            cell = self.district[keep] * self.months + self.month[keep]
            order = np.argsort(cell, kind="stable")
            cells, starts = np.unique(cell[order], return_index=True)
            seen = np.logical_or.reduceat(stays[:, keep[order]], starts, axis=1)
            active.reshape(size, -1)[:, cells] = seen
        if place is not None and self.redraw is not None:
            rows = self.redraw.rows
            draw, number = np.nonzero(stays[:, rows] & self.is_dated_attack[rows])
            active[draw, place[draw, number], self.month[rows][number]] = True
        draw, row = np.nonzero(added * self.is_dated_attack)
        where = np.broadcast_to(self.district, added.shape).copy()
        if place is not None and self.redraw is not None:
            where[:, self.redraw.rows] = place
        times = added[draw, row]
        month = rng.integers(0, self.months, times.sum())
        active[np.repeat(draw, times), np.repeat(where[draw, row], times), month] = True
        months: Floats = active[:, : self.n].sum(axis=2).astype(float)
        return months


def _summary(index: Floats, found: NDArray[np.int8], classes: NDArray[np.int8]) -> Spread:
    from scipy import stats

    known = (classes != INSUFFICIENT) & ~np.isnan(index).any(axis=0)
    low, median, high = _percentiles(index, known, (5, 50, 95))
    ranks = np.full(index.shape, np.nan)
    ranks[:, known] = stats.rankdata(-index[:, known], "min", axis=1)
    rank_low, rank_high = _percentiles(ranks, known, (5, 95))
    agreement = np.where(known, (found == classes).mean(axis=0), np.nan)
    return Spread(median, low, high, agreement, rank_low, rank_high)


def _percentiles(values: Floats, known: NDArray[np.bool_], points: tuple[int, ...]) -> list[Any]:
    result = np.full((len(points), values.shape[1]), np.nan)
    if known.any():
        result[:, known] = np.percentile(values[:, known], points, axis=0)
    return list(result)


def redraw_within(
    counted: CountedIncidents, locate: Locate, n_districts: int, radius_km: float = 25.0, points: int = 200
) -> Redraw:
    """Return where the loosely known incidents may lie: shares of a circle around each, by district.

    The circle is sampled by points of a sunflower spiral, so shares are exact to about 1 / points and never
    random.
    """
    rows = np.flatnonzero(counted.is_loose)
    step = np.arange(points) + 0.5
    radius, angle = radius_km * np.sqrt(step / points), step * np.pi * (1 + 5**0.5)
    lat = counted.lat[rows, None] + radius * np.sin(angle) / _EARTH_KM_PER_DEGREE
    narrowing = np.cos(np.radians(counted.lat[rows, None]))
    lon = counted.lon[rows, None] + radius * np.cos(angle) / (_EARTH_KM_PER_DEGREE * narrowing)
    codes = np.asarray(locate(lon.ravel(), lat.ravel())).reshape(len(rows), points)
    shares = np.stack([(codes == code).mean(axis=1) for code in range(n_districts)], axis=1)
    return Redraw(rows.astype(np.int64), shares)

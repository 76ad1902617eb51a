"""Rolling-origin back-test of the index: score one year, judge it on the next, and compare with simple baselines."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from geo.analysis.counting.rates import Floats, exposure
from geo.analysis.index import validation
from geo.analysis.index.access import source_coverage, usable_settings
from geo.analysis.index.monthly_counts import Window, counted_incidents, month_start, monthly_counts
from geo.analysis.index.profiles import calibrate
from geo.analysis.index.scores import CLASSES, ComponentValues, classify, gates_passed, index_of
from geo.wording import N_, Text, text

if TYPE_CHECKING:
    from geo.analysis.index.settings import AccessSettings
    from geo.incidents import IncidentTable, Mask

METHODS: dict[str, str] = {
    "aci": N_("Index"),
    "last_year": N_("Last year's count"),
    "per_capita": N_("Last year's rate per resident"),
    "climatology": N_("Mean of all years so far"),
    "ewma": N_("Weighted mean, newest year one half"),
}
MEASURES: dict[str, str] = {
    "spearman_count": N_("Rank correlation with next year's count"),
    "spearman_rate": N_("Rank correlation with next year's rate per resident"),
    "hit_share": N_("Share of next year's attacks in the top k"),
    "recapture": N_("The same, as share of the best possible k"),
    "pai": N_("PAI"),
    "pei": N_("PEI"),
}
FORECASTS: dict[str, str] = {
    "negative_binomial": N_("Negative binomial of this year"),
    "climatology": N_("Share of years so far"),
    "same_again": N_("Same as this year"),
}


_VERDICTS: dict[str, str] = {
    "better": N_("{measure}: the index is better than “{baseline}” (difference {mean} {interval})."),
    "worse": N_("{measure}: the index is worse than “{baseline}” (difference {mean} {interval})."),
    "no different": N_("{measure}: the index does NOT beat “{baseline}” (difference {mean} {interval})."),
}


@dataclass(frozen=True, slots=True, eq=False)
class Panel:
    """Calendar years by district: arrays of shape (years, n).

    index: points. classes: class codes. S: attacks on forces, police only if the settings say so.
    base: exposure per 100,000 residents. area_km2: (n,).
    """

    years: tuple[int, ...]
    index: Floats
    classes: NDArray[np.int8]
    S: Floats
    base: Floats
    area_km2: Floats


@dataclass(frozen=True, slots=True)
class Difference:
    """Mean difference index minus baseline over the origins, with the 95 % t interval of the years."""

    baseline: str
    measure: str
    mean: float
    low: float
    high: float

    @property
    def verdict(self) -> str:
        """Return better, worse or no different: only an interval without zero is a difference."""
        return "better" if self.low > 0 else "worse" if self.high < 0 else "no different"


@dataclass(frozen=True, slots=True)
class ClassOutcome:
    """What followed a class: district-years, mean count of the next year, share that reached the threshold."""

    class_code: str
    n: int
    mean_next: float
    share_reached: float


@dataclass(frozen=True, slots=True, eq=False)
class Backtest:
    """Result of a back-test.

    origins: years that were scored; each is judged on the year after. means: by method and measure, averaged
    over origins. forecasts: by forecast, (Brier, log score) of "next year's count reaches the threshold".
    """

    origins: tuple[int, ...]
    k: int
    threshold: int
    means: dict[str, dict[str, float]]
    differences: tuple[Difference, ...]
    forecasts: dict[str, tuple[float, float]]
    classes: tuple[ClassOutcome, ...]
    n_district_years: int

    def beats(self, baseline: str, measure: str = "spearman_count") -> str:
        """Return the verdict of the index against one baseline."""
        return next(d.verdict for d in self.differences if (d.baseline, d.measure) == (baseline, measure))


def covered_years(table: IncidentTable, sources: Sequence[str]) -> tuple[int, ...]:
    """Return the calendar years that the sources cover with all twelve months."""
    covered = source_coverage(table, tuple(sources))
    last = month_start(covered.first_month + covered.months - 1).year
    first = month_start(covered.first_month).year
    return tuple(year for year in range(first, last + 1) if Window.of_year(year).overlap(covered) == 12)


def panel(
    table: IncidentTable,
    mask: Mask,
    settings: AccessSettings,
    years: Sequence[int],
    population_at: Callable[[float], Floats],
    area_km2: Floats,
    past_only: bool = True,
) -> Panel:
    """Return the index and the counts of consecutive calendar years. Errors as in `geo.analysis.index.access.access`.

    population_at: residents of every district at a decimal year, float64 (n,). past_only: goalposts and gates of each
    year come from the covered years up to it, by the rule of `profiles.calibrate`; a year whose past gives no
    goalpost of S, M or L has no index. Otherwise those of the settings serve every year, which then judge themselves.
    """
    used, sources = usable_settings(table, mask, replace(settings, window_months=12))
    counted = counted_incidents(table, mask, used.police_only)
    earlier = [year for year in covered_years(table, sources) if year < years[0]] if past_only else []
    every, n_before = [*earlier, *years], len(earlier)
    whole = Window(every[0] * 12, 12 * len(every))
    cube = monthly_counts(counted, whole, len(area_km2), used.cap_deaths)
    has_control = "C" in used.weights.given()
    parts = [cube.values(Window.of_year(year), has_control) for year in every]
    values = ComponentValues(
        **{name: np.stack([getattr(part, name) for part in parts]) for name in ("S", "K", "M", "L")},
        C=np.stack([part.C for part in parts if part.C is not None]) if has_control else None,
        dispersion=np.stack([part.dispersion for part in parts]),
    )
    population = np.stack([population_at(Window.of_year(year).midpoint_year) for year in every])
    chosen = range(n_before, len(every))
    if past_only:
        scored = [_judged_by_the_past(values, population, area_km2, used, place) for place in chosen]
    else:
        scored = [
            _scored(_years(values, slice(place, place + 1)), population[place], area_km2, used) for place in chosen
        ]
    index, classes = (np.stack(column) for column in zip(*scored, strict=True))
    own = slice(n_before, None)
    return Panel(tuple(years), index, classes, values.S[own], exposure(population[own], area_km2), area_km2)


def _judged_by_the_past(
    values: ComponentValues, population: Floats, area_km2: Floats, settings: AccessSettings, place: int
) -> tuple[Floats, NDArray[np.int8]]:
    """Return index and classes of one year under goalposts and gates of the years up to it."""
    until = slice(0, place + 1)
    posts, gates = calibrate(_years(values, until), population[until], area_km2, settings.alpha)
    if not all(posts.given().get(letter, 0.0) > 0 for letter in "SML"):
        nothing = np.full(len(area_km2), np.nan)
        return nothing, classify(nothing, {}, settings.cuts)
    used = replace(settings, goalposts=posts, gates=gates, goalposts_by_alpha=())
    if posts.C is None:
        used = used.without("C")
    return _scored(_years(values, slice(place, place + 1)), population[place], area_km2, used)


def _scored(
    values: ComponentValues, population: Floats, area_km2: Floats, settings: AccessSettings
) -> tuple[Floats, NDArray[np.int8]]:
    index = index_of(values, population, area_km2, settings)
    return index[0], classify(index, gates_passed(values, settings), settings.cuts)[0]


def _years(values: ComponentValues, years: slice) -> ComponentValues:
    """Return some years of values of shape (years, n)."""
    parts = {letter: getattr(values, letter) for letter in "SKMLC"}
    cut: dict[str, Any] = {letter: None if part is None else part[years] for letter, part in parts.items()}
    return replace(values, **cut, dispersion=np.asarray(values.dispersion)[years])


def backtest(data: Panel, k: int = 6, threshold: int = 6, history: int = 1) -> Backtest:
    """Return the back-test over all origins that have a next year.

    k: districts in the top list. threshold: count that a forecast asks for. history: years before the first
    origin that only feed the baselines, at least 1 so that every baseline has a year to use.
    Raises ValueError with fewer than two years.
    """
    if len(data.years) < history + 1:
        raise ValueError(f"a back-test needs at least {history + 1} years, there are {len(data.years)}")
    chosen = [year for year in range(history - 1, len(data.years) - 1) if not np.isnan(data.index[year]).all()]
    origins = np.array(chosen, dtype=np.int64)
    rankings = {
        "aci": data.index,
        "last_year": data.S,
        "per_capita": data.S / data.base,
        "climatology": validation.climatology(data.S),
        "ewma": validation.ewma(data.S),
    }
    scored: dict[str, dict[str, list[float]]] = {method: {name: [] for name in MEASURES} for method in METHODS}
    for origin in origins:
        for method, ranking in rankings.items():
            for measure, value in _measure(ranking[origin], data, origin + 1, k).items():
                scored[method][measure].append(value)
    means = {m: {name: _mean(values) for name, values in by.items()} for m, by in scored.items()}
    differences = [
        Difference(
            baseline,
            measure,
            *validation.paired_interval(np.subtract(scored["aci"][measure], scored[baseline][measure])),
        )
        for baseline in METHODS
        if baseline != "aci"
        for measure in MEASURES
    ]
    return Backtest(
        origins=tuple(data.years[origin] for origin in origins),
        k=k,
        threshold=threshold,
        means=means,
        differences=tuple(differences),
        forecasts=_forecasts(data, origins, threshold),
        classes=_class_outcomes(data, origins, threshold),
        n_district_years=len(origins) * data.S.shape[1],
    )


def summary_lines(result: Backtest) -> list[Text]:
    """Return a sentence for each baseline and main measure, those in which the index is not better first."""
    chosen = [d for m in ("spearman_count", "hit_share") for d in result.differences if d.measure == m]
    chosen.sort(key=lambda d: (d.verdict == "better", list(METHODS).index(d.baseline)))
    return [
        text(
            _VERDICTS[d.verdict],
            measure=text(MEASURES[d.measure]),
            baseline=text(METHODS[d.baseline]),
            mean=f"{d.mean:+.3f}",
            interval=f"[{d.low:+.3f}, {d.high:+.3f}]",
        )
        for d in chosen
    ]


def _measure(ranking: Floats, data: Panel, year: int, k: int) -> dict[str, float]:
    outcome = data.S[year]
    usable = ~np.isnan(ranking) & ~np.isnan(data.base[year])
    scores, found, area = ranking[usable], outcome[usable], data.area_km2[usable]
    if not found.sum() > 0:
        return dict.fromkeys(MEASURES, float("nan"))
    picked = validation.places(scores, k)
    return {
        "spearman_count": validation.spearman(scores, found),
        "spearman_rate": validation.spearman(scores, found / data.base[year][usable]),
        "hit_share": validation.hit_share(scores, found, k),
        "recapture": validation.recapture(scores, found, k),
        "pai": validation.pai(float(picked @ found), found.sum(), float(picked @ area), area.sum()),
        "pei": validation.pei(found, area, picked),
    }


def _forecasts(data: Panel, origins: NDArray[np.int64], threshold: int) -> dict[str, tuple[float, float]]:
    if not len(origins):
        return {}
    happened = data.S[origins + 1] >= threshold
    chances = {
        "negative_binomial": np.stack(
            [
                validation.forecast_at_least(data.S[year], data.base[year], data.base[year + 1], threshold)
                for year in origins
            ]
        ),
        "climatology": validation.share_reached(data.S, threshold)[origins],
        "same_again": (data.S[origins] >= threshold).astype(float),
    }
    known = ~np.isnan(data.base[origins + 1]) & ~np.isnan(data.base[origins])
    return {
        name: (validation.brier(chance[known], happened[known]), validation.log_score(chance[known], happened[known]))
        for name, chance in chances.items()
    }


def _class_outcomes(data: Panel, origins: NDArray[np.int64], threshold: int) -> tuple[ClassOutcome, ...]:
    now, later = data.classes[origins], data.S[origins + 1]
    outcomes = []
    for code, (word, _) in CLASSES.items():
        following = later[now == code]
        if len(following):
            reached = float((following >= threshold).mean())
            outcomes.append(ClassOutcome(word, len(following), float(following.mean()), reached))
    return tuple(outcomes)


def _mean(values: Sequence[float]) -> float:
    given = [value for value in values if not np.isnan(value)]
    return float(np.mean(given)) if given else float("nan")

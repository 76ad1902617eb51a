"""One record a district: everything about its class, as plain values."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo.analysis.counting.rates import Floats, garwood_interval
from geo.analysis.index.scores import (
    CLASSES,
    INSUFFICIENT,
    TOP,
    WINDOW_GATE,
    ComponentValues,
    evidence_rates,
    gates_needed,
    tipping_factor,
)
from geo.analysis.index.sensitivity import Spread, agreement_code
from geo.analysis.index.series import Direction, neighbour_pressure
from geo.analysis.index.settings import COMPONENTS, TOP_WINDOW_MONTHS, AccessSettings
from geo.wording import Text, text

NO_BASE = text("Population or area of the district is missing.")


@dataclass(frozen=True, slots=True, eq=False)
class DistrictAttributes:
    """What the index needs of the districts, all of length n in the order of the table's P-codes.

    population: residents at the middle of the window, float64. area_km2: float64. Either may be NaN.
    neighbours: positions of the queen neighbours of each district.
    """

    pcodes: tuple[str, ...]
    names: tuple[str, ...]
    population: Floats
    area_km2: Floats
    neighbours: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Component:
    """One component of one district: counted value, the rate that is scored, score 0 to 1, and weight.

    value: count of the window. rate: S, M, L per exposure unit and year after the evidence limit, C signs a
    year, K share of months; None without a base. score: None and weight 0 for a component that the profile
    does not score but the source records.
    """

    value: float
    rate: float | None
    score: float | None
    weight: float


@dataclass(frozen=True, slots=True)
class Gate:
    """One condition of the top class: what was counted, what the window needs, and whether that is reached."""

    value: float
    needed: float
    is_passed: bool


@dataclass(frozen=True, slots=True)
class AccessRecord:
    """The index of one district. None where something cannot be computed; `reasons` then says why.

    class_code: key word of CLASSES; class_label: its text. aci: points, 0 to 100. components, gates: by
    letter; the gate "window" where it is too short.
    rate_low, rate_high: 95 % Garwood interval of the raw rate of S per exposure unit and year.
    next_cut: points of the next class; tipping: factor on S, M and L that reaches it
    with the conditions of the class, None if none does.
    direction: key of DIRECTIONS, with the ratio of rates and the probability of a rise.
    pressure: mean score of S of the neighbours. forces: S by kind of force, empty if targets are not stated.
    n_deaths_unknown: attacks of M without a figure of people killed.
    agreement: share of the sensitivity draws with this class; agreement_code: key of AGREEMENTS.
    aci_low, aci_high, rank_low, rank_high: 5th and 95th percentile of the draws.
    """

    pcode: str
    name: str
    class_code: str
    class_label: str
    aci: float | None
    components: Mapping[str, Component]
    rate_low: float | None
    rate_high: float | None
    gates: Mapping[str, Gate]
    next_cut: float | None
    tipping: float | None
    direction: str
    direction_ratio: float | None
    pr_rise: float | None
    pressure: float | None
    forces: Mapping[str, float]
    n_deaths_unknown: int
    reasons: tuple[Text, ...]
    agreement: float | None
    agreement_code: str
    aci_low: float | None
    aci_high: float | None
    rank_low: float | None
    rank_high: float | None

    @property
    def points(self) -> int | None:
        """The index as a whole number for texts and tables: rounded, but never up to a class limit it is below."""
        if self.aci is None:
            return None
        is_below = self.next_cut is not None and self.aci < self.next_cut <= round(self.aci)
        return math.floor(self.aci) if is_below else round(self.aci)


@dataclass(frozen=True, slots=True, eq=False)
class AccessArrays:
    """The index of all districts as arrays of shape (n,), before the records of single districts.

    base: exposure. scores, passed: by letter. reasons: why no district has a class, or empty.
    """

    settings: AccessSettings
    values: ComponentValues
    base: Floats
    scores: Mapping[str, Floats]
    index: Floats
    passed: Mapping[str, NDArray[np.bool_]]
    classes: NDArray[np.int8]
    reasons: tuple[Text, ...]
    direction: Direction
    forces: Mapping[str, Floats]
    n_deaths_unknown: NDArray[np.int64]
    spread: Spread | None


def records(arrays: AccessArrays, districts: DistrictAttributes) -> tuple[AccessRecord, ...]:
    """Return one record a district, in the order of the districts."""
    cuts, settings = np.array([*arrays.settings.cuts, np.nan]), arrays.settings
    # The next cut of a class is the lower end of the class above; the top class and missing ones have none.
    next_cut = cuts[np.where(arrays.classes == INSUFFICIENT, TOP, arrays.classes)]
    tipping = tipping_factor(arrays.values, districts.population, districts.area_km2, settings, next_cut)
    tipping = np.where(arrays.classes == TOP - 1, _to_top(arrays, tipping), tipping)
    rates = _rates(arrays)
    low, high = garwood_interval(arrays.values.S, arrays.base)
    score_s = np.full(len(arrays.base), np.nan) if arrays.reasons else arrays.scores["S"]
    pressure = neighbour_pressure(score_s, districts.neighbours)
    return tuple(
        AccessRecord(
            pcode=districts.pcodes[place],
            name=districts.names[place],
            class_code=CLASSES[int(arrays.classes[place])][0],
            class_label=CLASSES[int(arrays.classes[place])][1],
            aci=_number(arrays.index, place),
            components=_components(arrays, rates, place),
            rate_low=_number(low, place),
            rate_high=_number(high, place),
            gates=_gates(arrays, place),
            next_cut=_number(next_cut, place),
            tipping=_number(tipping, place),
            direction=arrays.direction.code[place],
            direction_ratio=_number(arrays.direction.ratio, place),
            pr_rise=_number(arrays.direction.pr_rise, place),
            pressure=_number(pressure, place),
            forces={force: float(count[place]) for force, count in arrays.forces.items()},
            n_deaths_unknown=int(arrays.n_deaths_unknown[place]),
            reasons=arrays.reasons + (() if arrays.base[place] > 0 else (NO_BASE,)),
            **_spread_of(arrays.spread, place),
        )
        for place in range(len(districts.pcodes))
    )


def _to_top(arrays: AccessArrays, tipping: Floats) -> Floats:
    """Return the factors that reach the points of the top class and its number of attacks; NaN where a condition
    that more attacks cannot meet is missed."""
    needed = gates_needed(arrays.settings.gates, float(arrays.values.months)).get("S", 0.0)
    with np.errstate(divide="ignore"):
        factor = np.maximum(tipping, needed / arrays.values.S)
    others = [passed for name, passed in arrays.passed.items() if name != "S"]
    return np.where(np.logical_and.reduce(others), factor, np.nan) if others else factor


def _rates(arrays: AccessArrays) -> dict[str, Floats]:
    rates = evidence_rates(arrays.values, arrays.base, arrays.settings.confidence)
    return rates | {"K": arrays.values.K / arrays.values.months}


def _components(arrays: AccessArrays, rates: Mapping[str, Floats], place: int) -> dict[str, Component]:
    weights = arrays.settings.weights.given()
    return {
        letter: Component(
            value=float(getattr(arrays.values, letter)[place]),
            rate=_number(rates[letter], place),
            score=_number(arrays.scores[letter], place) if letter in arrays.scores and not arrays.reasons else None,
            weight=weights.get(letter, 0.0),
        )
        for letter in COMPONENTS
        if letter in rates
    }


def _gates(arrays: AccessArrays, place: int) -> dict[str, Gate]:
    needed = gates_needed(arrays.settings.gates, float(arrays.values.months)) | {WINDOW_GATE: TOP_WINDOW_MONTHS}
    window = arrays.settings.window_months
    return {
        name: Gate(
            float(window if name == WINDOW_GATE else getattr(arrays.values, name)[place]),
            float(needed[name]),
            bool(passed[place]),
        )
        for name, passed in arrays.passed.items()
    }


def _spread_of(spread: Spread | None, place: int) -> dict[str, Any]:
    names = {"aci_low": "low", "aci_high": "high", "rank_low": "rank_low", "rank_high": "rank_high"}
    if spread is None:
        return {"agreement": None, "agreement_code": "unknown", **dict.fromkeys(names)}
    return {
        "agreement": _number(spread.agreement, place),
        "agreement_code": agreement_code(float(spread.agreement[place])),
        **{name: _number(getattr(spread, source), place) for name, source in names.items()},
    }


def _number(values: Sequence[float] | Floats, place: int) -> float | None:
    value = float(values[place])
    return None if np.isnan(value) else value

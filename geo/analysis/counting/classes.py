"""From counts to what a map of districts colours: rates by residents or area, and classes with fixed limits."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from geo import vocabularies
from geo.wording import Text, text

NORMALISERS: dict[str, str] = vocabularies.explained_labels("normalisers")
# A count grows with the period: one scale for periods of up to so many years, as at the first visit, one for longer.
LONGEST_SHORT_PERIOD_YEARS = 5
# Five calendar years have up to two leap days: 1,827 days are a little more than five mean years.
_LONGEST_SHORT_YEARS = 1827.5 / 365.25
# Lower edges of the seven classes above zero, fixed once so that neither filters nor days move a colour. They were
# chosen from the figures of 2026-06-04 so that the six southern districts fall into as many classes as their
# differences bear (docs/method.md names the figures).
_SHORT: dict[tuple[str, str], tuple[float, ...]] = {
    ("incidents", "count"): (1, 5, 15, 30, 50, 70, 100),
    ("security_attacks", "count"): (1, 3, 8, 15, 25, 40, 60),
    ("police_attacks", "count"): (1, 3, 6, 10, 15, 20, 40),
    ("killed", "count"): (1, 10, 50, 100, 200, 300, 500),
    ("incidents", "per_100k"): (0, 0.2, 0.5, 1, 1.5, 2.5, 3.5),
    ("security_attacks", "per_100k"): (0, 0.1, 0.2, 0.4, 0.7, 1, 1.5),
    ("police_attacks", "per_100k"): (0, 0.1, 0.2, 0.3, 0.5, 0.8, 1.2),
    ("killed", "per_100k"): (0, 1, 3, 5, 6.5, 8, 15),
    ("incidents", "per_1000_km2"): (0, 0.5, 1.5, 3, 5, 8, 15),
    ("security_attacks", "per_1000_km2"): (0, 0.3, 0.8, 1.5, 2.5, 5, 10),
    ("police_attacks", "per_1000_km2"): (0, 0.3, 0.8, 1.5, 2.5, 5, 10),
    ("killed", "per_1000_km2"): (0, 1, 5, 10, 12, 20, 40),
}
# Attacks on police are known from 2022 on only, and rates are of one year: they need no second scale.
_LONG: dict[tuple[str, str], tuple[float, ...]] = _SHORT | {
    ("incidents", "count"): (1, 10, 50, 100, 150, 300, 600),
    ("security_attacks", "count"): (1, 10, 25, 50, 100, 150, 200),
    ("killed", "count"): (1, 50, 150, 300, 600, 2000, 4000),
}


def class_edges(measure: str, normaliser: str, years: float) -> tuple[float, ...]:
    """Return the lower edges of the classes above zero of a measure in a unit; years: length of the period shown."""
    scale = _SHORT if years <= _LONGEST_SHORT_YEARS else _LONG
    return scale[measure, normaliser]


def normalise(
    value: NDArray[np.int64],
    normaliser: str,
    population: NDArray[np.float64],
    area_km2: NDArray[np.float64],
    years: float,
) -> NDArray[np.float64]:
    """Return a measure as it is, or per 100,000 residents and year, or per 1,000 km² and year.

    population, area_km2: shape of value. NaN where population or area is missing or zero.
    """
    amount = value.astype(np.float64)
    if normaliser == "count":
        return amount
    base = population / 1e5 if normaliser == "per_100k" else area_km2 / 1e3
    with np.errstate(divide="ignore", invalid="ignore"):
        rate = amount / (base * years)
    return np.where(base > 0, rate, np.nan)


def bin_of(values: NDArray[np.float64], edges: Sequence[float]) -> NDArray[np.int8]:
    """Return the class of each value: -1 for NaN, 0 for zero, 1.. for the bins above zero.

    A value on an edge belongs to the bin that begins there.
    """
    place = np.digitize(np.nan_to_num(values), edges).astype(np.int8)
    return np.where(np.isnan(values), -1, np.where(values <= 0, 0, np.maximum(place, 1))).astype(np.int8)


def bin_labels(edges: Sequence[float], is_count: bool) -> list[Text]:
    """Return one label a bin above zero, such as "3 to 9" or "0.3 to under 1"."""
    labels = []
    for low, high in zip(edges, [*edges[1:], None], strict=True):
        if high is None:
            is_whole = float(low).is_integer()
            labels.append(text("{low} or more", low=int(low)) if is_whole else text("{low:g} or more", low=low))
        elif is_count:
            labels.append(text("{low} to {high}", low=int(low), high=int(high) - 1))
        elif low == 0:
            labels.append(text("under {high:g}", high=high))
        else:
            labels.append(text("{low:g} to under {high:g}", low=low, high=high))
    return labels

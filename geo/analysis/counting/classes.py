"""From counts to what a map of districts colours: rates by residents or area, and classes with fixed limits."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from geo import vocabularies
from geo.analysis.counting.questions import MEASURES
from geo.wording import Text, text

NORMALISERS: dict[str, str] = vocabularies.explained_labels("normalisers")
# Lower edges of the classes above zero, fixed once so that no filter or year moves a colour. They run in
# steps of about three because the counts of districts differ by two orders of magnitude.
BIN_EDGES: dict[tuple[str, str], tuple[float, ...]] = {
    ("incidents", "count"): (1, 3, 10, 30, 100, 300),
    ("security_attacks", "count"): (1, 3, 10, 30, 100, 300),
    ("police_attacks", "count"): (1, 3, 10, 30, 100, 300),
    ("killed", "count"): (1, 10, 30, 100, 300, 1000),
} | {
    (measure, normaliser): (0.0, 0.1, 0.3, 1, 3, 10) if measure != "killed" else (0.0, 0.3, 1, 3, 10, 30)
    for measure in MEASURES
    for normaliser in ("per_100k", "per_1000_km2")
}


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
    """Return one label a bin above zero, such as "3 to 9" or "0.3 to under 1"; the last edge is a whole number."""
    labels = []
    for low, high in zip(edges, [*edges[1:], None], strict=True):
        if high is None:
            labels.append(text("{low} or more", low=int(low)))
        elif is_count:
            labels.append(text("{low} to {high}", low=int(low), high=int(high) - 1))
        elif low == 0:
            labels.append(text("under {high:g}", high=high))
        else:
            labels.append(text("{low:g} to under {high:g}", low=low, high=high))
    return labels

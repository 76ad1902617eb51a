"""Which setting moves a class: one setting changed at a time, and how many district-years change their class."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from geo.analysis.index.backtest import panel
from geo.analysis.index.settings import AccessSettings, ByComponent
from geo.wording import N_

if TYPE_CHECKING:
    from geo.districts import Districts
    from geo.incidents import IncidentTable, Mask

CHANGES: dict[str, str] = {
    "equal_weights": N_("Equal weights"),
    "forces_alone": N_("Attacks on forces alone"),
    "median": N_("Median rate instead of the lower limit"),
    "area": N_("Rates halfway between residents and area"),
    "goalposts_up": N_("Goalposts a third higher"),
    "goalposts_down": N_("Goalposts a quarter lower"),
    "no_cap": N_("At most 100 deaths counted per incident instead of 10"),
    "no_conditions": N_("No conditions for the top class"),
}


@dataclass(frozen=True, slots=True)
class Influence:
    """One change (key of CHANGES): of n district-years above the lowest class with or without it, n_changed differ."""

    change: str
    n_changed: int
    n: int


def influence(
    table: IncidentTable, mask: Mask, settings: AccessSettings, years: Sequence[int], districts: Districts
) -> tuple[Influence, ...]:
    """Return the effect of each change over calendar years. Errors as in `geo.analysis.index.access.access`."""
    as_they_are = _classes(table, mask, settings, years, districts)
    found = []
    for change, changed in _changed(settings).items():
        other = _classes(table, mask, changed, years, districts)
        above = (as_they_are > 0) | (other > 0)
        found.append(Influence(change, int((as_they_are != other)[above].sum()), int(above.sum())))
    return tuple(found)


def _classes(
    table: IncidentTable, mask: Mask, settings: AccessSettings, years: Sequence[int], districts: Districts
) -> NDArray[np.int8]:
    data = panel(table, mask, settings, years, districts.population_at, districts.area_km2, past_only=False)
    return data.classes


def _changed(settings: AccessSettings) -> Mapping[str, AccessSettings]:
    letters = settings.weights.given()
    only_s = ByComponent(**{letter: 1.0 if letter == "S" else 0.0 for letter in letters})
    return {
        "equal_weights": replace(settings, weights=ByComponent(**dict.fromkeys(letters, 1.0))),
        "forces_alone": replace(settings, weights=only_s),
        "median": replace(settings, confidence=0.5),
        "area": replace(settings, alpha=0.5),
        "goalposts_up": replace(settings, goalposts=_times(settings.goalposts, 4 / 3)),
        "goalposts_down": replace(settings, goalposts=_times(settings.goalposts, 3 / 4)),
        "no_cap": replace(settings, cap_deaths=100),
        "no_conditions": replace(settings, gates=ByComponent()),
    }


def _times(goalposts: ByComponent, factor: float) -> ByComponent:
    return ByComponent(**{letter: value * factor for letter, value in goalposts.given().items()})

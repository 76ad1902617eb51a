"""Profiles of the access-constraint index: frozen goalposts and gates by source, and how they were calibrated."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from geo.analysis.counting.rates import Floats, exposure
from geo.analysis.index.scores import ComponentValues
from geo.analysis.index.settings import AccessSettings, ByComponent, HotspotSettings, Hysteresis
from geo.problems import AtlasError, DamagedData, Problem, ProblemCode
from geo.settings import DATA_DIR
from geo.wording import Text, text

PROFILES_FILE = DATA_DIR / "access_profiles.toml"
NO_INCIDENT = (text("No incident is selected."), text("Load a data set or remove a filter."))
NEEDS_INCIDENTS = text("It needs single incidents with a target or an initiator; monthly totals have neither.")
_PERCENTILE = 95.0
_SIGNIFICANT_DIGITS = 2


class CannotCompute(AtlasError, ValueError):
    """The index cannot be computed for these incidents; the problem says why and what would help."""


def refusal(message: Text | str, hint: Text | str, value: str = "") -> CannotCompute:
    """Return the error that names one reason why the index is refused."""
    return CannotCompute([Problem(ProblemCode.NOT_FOR_INDEX, message, hint, value=value)])


@dataclass(frozen=True, slots=True)
class Profile:
    """A profile: what it is called, the sources it serves, its settings, and what its goalposts rest on."""

    key: str
    label: str
    sources: tuple[str, ...]
    basis: str
    caution: str
    settings: AccessSettings


@cache
def profiles(path: Path = PROFILES_FILE) -> Mapping[str, Profile]:
    """Return all profiles by key. Raises DamagedData naming what is missing or wrong in the file."""
    try:
        document = tomllib.loads(path.read_text("utf-8"))
        return {key: _profile(key, table, document) for key, table in document["profiles"].items()}
    except (OSError, tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        raise DamagedData(
            [Problem(ProblemCode.DAMAGED_DATA, f"cannot be used as profiles: {error!r}.", file=path.name)]
        ) from error


def profile_of_source(source: str) -> Profile:
    """Return the profile that serves a source (key of geo.schema.SOURCES). Raises CannotCompute if none does."""
    for profile in profiles().values():
        if source in profile.sources:
            return profile
    raise refusal(
        text("The index has no profile for the source {source!r}.", source=source), NEEDS_INCIDENTS, value=source
    )


def _profile(key: str, table: Mapping[str, Any], document: Mapping[str, Any]) -> Profile:
    common = document["common"]
    settings = AccessSettings(
        profile=key,
        version=document["version"],
        goalposts=_by_component(table["goalposts"]),
        gates=_by_component(table["gates"]),
        weights=_by_component(common["weights"]),
        cuts=tuple(common["cuts"]),
        goalposts_by_alpha=tuple(
            sorted((float(alpha), _by_component(posts)) for alpha, posts in table.get("goalposts_by_alpha", {}).items())
        ),
        hysteresis=Hysteresis(**common["hysteresis"]),
        hotspot=HotspotSettings(**common["hotspot"]),
        **common["settings"],
    )
    for letter in "SMLC":
        # Without a goalpost a component cannot be scored: the profile's index does without it.
        if getattr(settings.goalposts, letter) is None:
            settings = settings.without(letter)
    return Profile(key, table["label"], tuple(table["sources"]), table["basis"], table["caution"], settings)


def _by_component(table: Mapping[str, Any]) -> ByComponent:
    for letter, value in table.items():
        if not isinstance(value, int | float) or isinstance(value, bool) or not value > 0:
            raise ValueError(f"{letter} is {value!r}, a number above zero is needed")
    return ByComponent(**table)


# --- calibration -----------------------------------------------------------------------------------


def calibrate(
    values: ComponentValues, population: ArrayLike, area_km2: ArrayLike, alpha: float = 1.0
) -> tuple[ByComponent, ByComponent]:
    """Return goalposts and gates from pooled district-years: values of shape (years, n), T = 12.

    population: (years, n); area_km2: (n,). Goalposts: 95th percentile (linear interpolation) over all
    district-years of the raw rates of S, M and L in the units of alpha, and of C per year, two significant
    digits. Gates: 95th percentile of the yearly counts of S, rounded up, and of K, rounded to whole months;
    one sign of control, the lowest possible number. Where the 95th percentile of C is 0, the source records
    signs of control too seldom to score them or to ask for one: no goalpost and no gate.
    """
    base = exposure(population, area_km2, alpha, values.months)
    posts = {name: _percentile(getattr(values, name) / base) for name in ("S", "M", "L")}
    gates = {"S": float(np.ceil(_percentile(values.S))), "K": round(_percentile(values.K)) / 12.0}
    if values.C is not None and _percentile(values.C) > 0:
        posts["C"], gates["C"] = _percentile(values.C), 1.0
    return ByComponent(**{name: _rounded(value) for name, value in posts.items()}), ByComponent(**gates)


def _percentile(pooled: Floats) -> float:
    return float(np.percentile(pooled, _PERCENTILE))


def _rounded(value: float) -> float:
    return float(f"{value:.{_SIGNIFICANT_DIGITS}g}")

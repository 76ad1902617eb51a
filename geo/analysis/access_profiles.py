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

from geo.analysis.access_scores import ComponentValues
from geo.analysis.access_settings import AccessSettings, ByComponent, HotspotSettings, Hysteresis
from geo.analysis.rates import exposure
from geo.problems import AtlasError, DamagedData, Problem, ProblemCode
from geo.settings import DATA_DIR

PROFILES_FILE = DATA_DIR / "access_profiles.toml"
_PERCENTILE = 95.0
_SIGNIFICANT_DIGITS = 2


class CannotCompute(AtlasError, ValueError):
    """The index cannot be computed for these incidents; the problem says why and what would help."""


def refusal(message: str, hint: str, value: str = "") -> CannotCompute:
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
        f"the index has no profile for the source {source!r}.",
        "It needs single incidents with a target or an initiator; monthly totals have neither.",
        value=source,
    )


def _profile(key: str, table: Mapping[str, Any], document: Mapping[str, Any]) -> Profile:
    common = document["common"]
    settings = AccessSettings(
        profile=key,
        version=document["version"],
        goalposts=ByComponent(**table["goalposts"]),
        gates=ByComponent(**table["gates"]),
        weights=ByComponent(**common["weights"]),
        cuts=tuple(common["cuts"]),
        hysteresis=Hysteresis(**common["hysteresis"]),
        hotspot=HotspotSettings(**common["hotspot"]),
        **common["settings"],
    )
    for letter in "SMLC":
        # Without a goalpost a component cannot be scored: the profile's index does without it.
        if getattr(settings.goalposts, letter) is None:
            settings = settings.without(letter)
    return Profile(key, table["label"], tuple(table["sources"]), table["basis"], table["caution"], settings)


# --- calibration -----------------------------------------------------------------------------------


def calibrate(values: ComponentValues, population: ArrayLike, area_km2: ArrayLike) -> tuple[ByComponent, ByComponent]:
    """Return goalposts and gates from pooled district-years: values of shape (years, n), T = 12.

    population: (years, n); area_km2: (n,). Goalposts: 95th percentile (linear interpolation) of the raw
    rates of S, M and L per 100,000 residents and of C per year, over all district-years, two significant
    digits; C at least 1, because a source that records few signs of control still scores the first one in full.
    Gates: S the 95th percentile of the yearly counts, rounded up; K the 95th percentile of the share of months,
    rounded to the nearest twelfth; C one sign, the least there can be.
    """
    base = exposure(population, area_km2, 1.0, values.months)
    posts = {name: float(np.percentile(getattr(values, name) / base, _PERCENTILE)) for name in ("S", "M", "L")}
    if values.C is not None:
        posts["C"] = max(1.0, float(np.percentile(values.C, _PERCENTILE)))
    gates = {
        "S": float(np.ceil(np.percentile(values.S, _PERCENTILE))),
        "K": float(np.round(np.percentile(values.K, _PERCENTILE)) / values.months),
    }
    if values.C is not None:
        gates["C"] = 1.0
    return ByComponent(**{name: _rounded(value) for name, value in posts.items()}), ByComponent(**gates)


def _rounded(value: float) -> float:
    return float(f"{value:.{_SIGNIFICANT_DIGITS}g}")

"""Settings of the access-constraint index: one frozen value behind the panel, the address and the hash."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from geo.wording import N_

COMPONENTS: dict[str, str] = {
    "S": N_("Recorded attacks on police and security forces"),
    "K": N_("Months with at least one such attack"),
    "C": N_("Recorded signs of territorial control"),
    "M": N_("Recorded attacks by militants on any target"),
    "L": N_("People killed in these attacks, attackers left out"),
}
_POLICE_LABELS: dict[str, str] = {
    "S": N_("Recorded attacks on police"),
    "C": N_("Recorded signs of territorial control in incidents aimed at police"),
    "M": N_("Recorded attacks by militants on police"),
}
SHORTEST_WINDOW_MONTHS, LONGEST_WINDOW_MONTHS = 3, 60
# The top class says "steady": conditions that scale with the window would let two attacks in three months pass.
TOP_FLOORS = {"S": 7.0, "K": 5.0}
TOP_WINDOW_MONTHS = 12


@dataclass(frozen=True, slots=True)
class ByComponent:
    """One number for each component of the index, or None where it does not apply. Letters as in COMPONENTS."""

    S: float | None = None
    K: float | None = None
    C: float | None = None
    M: float | None = None
    L: float | None = None

    def given(self) -> dict[str, float]:
        """Return the components that have a number."""
        return {letter: value for letter in COMPONENTS if (value := getattr(self, letter)) is not None}


@dataclass(frozen=True, slots=True)
class Hysteresis:
    """When the class of a monthly series changes: `up` months above, `down` months `band` points below a cut."""

    band: float = 5.0
    up: int = 2
    down: int = 3


@dataclass(frozen=True, slots=True)
class HotspotSettings:
    """Hot-spot tests: number of bootstrap maps, false discovery rate, own-rate rule and minimum number of events."""

    replicates: int = 9_999
    q: float = 0.10
    seed: int = 20_250_101
    exceedance_factor: float = 1.5
    exceedance_probability: float = 0.95
    fewest_events: float = 30.0


@dataclass(frozen=True, slots=True)
class AccessSettings:
    """Everything that decides a score and a class, except the incidents and the districts.

    profile: key of data/access_profiles.toml. window_months: length of the window. alpha: 1 rates per
    100,000 residents, 0 per 1,000 km². confidence: of the one-sided Poisson lower bound.
    cap_deaths: maximum deaths counted per incident. weights: of the five components.
    goalposts: value at which a component scores 1 (S, M, L per exposure unit and year; C per year).
    goalposts_by_alpha: (alpha, goalposts of S, M and L in its units), ascending; empty if not calibrated, in which
    case those per 100,000 residents serve every alpha.
    cuts: lower ends of the classes above the lowest, in points.
    gates: what the top class needs besides points: S attacks in 12 months, K share of months, C signs in 12 months;
    never less than TOP_FLOORS, and a window of TOP_WINDOW_MONTHS.
    least_coverage: share of the window the source must cover. most_not_located: largest share of incidents
    without a district. police_only: only incidents whose primary target is police, CTD, Levies or Khasadar.
    draws, seed: of the sensitivity analysis.
    """

    profile: str
    goalposts: ByComponent
    gates: ByComponent
    window_months: int = 12
    alpha: float = 1.0
    confidence: float = 0.80
    cap_deaths: int = 10
    weights: ByComponent = ByComponent(S=0.40, K=0.25, C=0.15, M=0.10, L=0.10)
    cuts: tuple[float, float, float] = (25.0, 50.0, 75.0)
    least_coverage: float = 0.75
    most_not_located: float = 0.25
    police_only: bool = False
    draws: int = 1_000
    seed: int = 20_250_101
    hysteresis: Hysteresis = field(default_factory=Hysteresis)
    hotspot: HotspotSettings = field(default_factory=HotspotSettings)
    version: str = "1"
    goalposts_by_alpha: tuple[tuple[float, ByComponent], ...] = ()

    def settings_hash(self) -> str:
        """Return 12 hexadecimal digits that change with any setting; printed in every figure and export."""
        text = json.dumps(asdict(self), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()[:12]

    def goalposts_at(self, alpha: ArrayLike) -> dict[str, Any]:
        """Return the goalposts in the units of `alpha` by letter: a number, or an array of the shape of alpha.

        Between the calibrated values their logarithm is interpolated; those of alpha 1 are the frozen ones.
        """
        found: dict[str, Any] = dict(self.goalposts.given())
        if self.goalposts_by_alpha and not np.all(np.asarray(alpha, float) == 1.0):
            grid = [point for point, _ in self.goalposts_by_alpha]
            for letter in found.keys() & {"S", "M", "L"}:
                logs = np.log([getattr(posts, letter) for _, posts in self.goalposts_by_alpha])
                found[letter] = np.exp(np.interp(np.asarray(alpha, float), grid, logs))
        return found

    def variant(self) -> str:
        """Return the name of the index with the components it uses, for example ACI or ACI[SKML]."""
        used = "".join(self.weights.given())
        name = "ACI" if used == "".join(COMPONENTS) else f"ACI[{used}]"
        return f"{name}, police only" if self.police_only else name

    def component_label(self, letter: str) -> str:
        """Return what a component counts, in words; in the police view only incidents aimed at police."""
        return _POLICE_LABELS.get(letter, COMPONENTS[letter]) if self.police_only else COMPONENTS[letter]

    def without(self, letter: str) -> AccessSettings:
        """Return the settings without one component: its weight, goalpost and gate are dropped."""
        gone = {letter: None}
        return replace(
            self,
            weights=replace(self.weights, **gone),
            goalposts=replace(self.goalposts, **gone),
            gates=replace(self.gates, **gone),
        )


# --- the address -----------------------------------------------------------------------------------


def to_query(settings: AccessSettings, frozen: AccessSettings) -> dict[str, str]:
    """Return what differs from the frozen settings of the profile as short text values for an address.

    Goalposts, gates and cuts are frozen with the profile and have no key.
    """
    query = {}
    for key, entry in _ENTRIES.items():
        value = entry.get(settings)
        if value != entry.get(frozen):
            query[key] = f"{value:g}"
    return query


def from_query(query: Mapping[str, str], frozen: AccessSettings) -> tuple[AccessSettings, tuple[str, ...]]:
    """Return the settings an address asks for, and the keys whose value was not usable and is ignored.

    Only listed keys and numbers within their bounds are read. Weights that are all zero are ignored together.
    """
    settings, ignored = frozen, []
    for key, entry in _ENTRIES.items():
        text = query.get(key, "")
        if text == "":
            continue
        value = _number(text)
        if value is None or not entry.low <= value <= entry.high or (entry.kind is not float and value != int(value)):
            ignored.append(key)
        else:
            settings = entry.set(settings, value)
    if not sum(settings.weights.given().values()) > 0:
        settings = replace(settings, weights=frozen.weights)
        ignored += [key for key in _ENTRIES if key.startswith("w_") and key in query and key not in ignored]
    return settings, tuple(ignored)


@dataclass(frozen=True, slots=True)
class _Entry:
    """One adjustable setting: the field of AccessSettings, or the letter of a weight, and the bounds of its value."""

    field: str
    low: float
    high: float
    kind: type[int] | type[bool] | type[float] = float

    def get(self, settings: AccessSettings) -> float:
        return getattr(settings.weights, self.field) or 0.0 if self.is_weight else getattr(settings, self.field)

    def set(self, settings: AccessSettings, value: float) -> AccessSettings:
        if not self.is_weight:
            chosen: Any = {self.field: self.kind(value)}
            return replace(settings, **chosen)
        # A component that the profile does not have cannot be switched on by a weight.
        if getattr(settings.weights, self.field) is None:
            return settings
        return replace(settings, weights=replace(settings.weights, **{self.field: value}))

    @property
    def is_weight(self) -> bool:
        return self.field in COMPONENTS


def _number(text: str) -> float | None:
    try:
        value = float(text) if len(text) <= 20 else math.nan
    except ValueError:
        return None
    return value if math.isfinite(value) else None


_ENTRIES: dict[str, _Entry] = {
    "months": _Entry("window_months", SHORTEST_WINDOW_MONTHS, LONGEST_WINDOW_MONTHS, int),
    "alpha": _Entry("alpha", 0.0, 1.0),
    "conf": _Entry("confidence", 0.5, 0.99),
    "cap": _Entry("cap_deaths", 1, 1000, int),
    "police": _Entry("police_only", 0, 1, bool),
    **{f"w_{letter.lower()}": _Entry(letter, 0.0, 1.0) for letter in COMPONENTS},
}
QUERY_KEYS: tuple[str, ...] = tuple(_ENTRIES)

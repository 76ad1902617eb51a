"""Made-up incidents told by two sources, with the answer known: what a matcher is measured against.

The recipe: events in the towns of the province, more in some districts than in others, over a number of years.
Each source captures its share of them (708 and 541 of 900 expected), places some at the centre of the district
(known only to the district), moves some dates, mistakes some types and counts the dead its own way.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa

from geo.districts import Districts
from geo.schema import arrow_schema

SEED = 20250101
EVENTS = 900
YEARS = 0.75
CAPTURED = (708 / 900, 541 / 900)
DISTRICT_ONLY = (0.10, 0.22)
TYPE_ERROR = (0.08, 0.12)
DATE_MOVED = 0.25  # of the second source
DAYS_MOVED = (1, 1, 2, 3)
NEAR_SHARE = 0.25
SPREAD_KM = {"event": 4.0, "exact": 0.7, "near": 8.0}
GROUP_NAMED = 0.2
SOURCES = ("table", "template")
_FIRST_DAY = (date(2023, 1, 1) - date(1970, 1, 1)).days
_ATTACKS = ("ied", "armed_assault", "suicide_bombing", "targeted_killing", "abduction", "shelling_rocket")
_ATTACK_SHARES = (0.3, 0.3, 0.1, 0.15, 0.08, 0.07)
_TARGETS = ("police", "army", "civilian", "tribal_elder", "education", "militant")
_TARGET_SHARES = (0.35, 0.2, 0.25, 0.08, 0.05, 0.07)
_GROUPS = ("ttp", "hgb", "iskp")


@dataclass(frozen=True, slots=True)
class Truth:
    """Canonical rows of both sources in random order, and the pairs of incident ids that are one event."""

    rows: pa.Table
    pairs: frozenset[tuple[str, str]]


def made_up(districts: Districts, n_events: int = EVENTS, years: float = YEARS, seed: int = SEED) -> Truth:
    """Return two sources that tell of the same events; the same on every machine for one seed."""
    rng = np.random.default_rng(seed)
    events = _events(districts, n_events, years, rng)
    told = [_told(events, k, districts, rng) for k in range(2)]
    tables = [pa.table(columns, schema=arrow_schema()) for columns, _ in told]
    both = np.intersect1d(told[0][1], told[1][1])
    rows = pa.concat_tables(tables)
    rows = rows.take(pa.array(rng.permutation(len(rows))))
    pairs = frozenset((f"{SOURCES[0]}:{event}", f"{SOURCES[1]}:{event}") for event in both.tolist())
    return Truth(rows, pairs)


def _events(districts: Districts, n: int, years: float, rng: np.random.Generator) -> dict[str, np.ndarray]:
    towns = districts.towns
    weight = np.array([districts.pcodes.index(town.pcode) for town in towns])
    # Heavy-tailed, as counts by district are: the k-th district has a weight of about 1 / (k + 2).
    share = 1 / (rng.permutation(len(districts.pcodes)) + 2.0)
    town = rng.choice(len(towns), n, p=share[weight] / share[weight].sum())
    lat = np.array([t.lat for t in towns])[town] + _degrees(SPREAD_KM["event"], n, rng)
    lon = np.array([t.lon for t in towns])[town] + _degrees(SPREAD_KM["event"], n, rng) / 0.83
    return {
        "day": _FIRST_DAY + rng.integers(0, int(365 * years), n),
        "district": np.array([districts.pcodes.index(t.pcode) for t in towns])[town],
        "lat": lat,
        "lon": lon,
        "attack": rng.choice(len(_ATTACKS), n, p=_ATTACK_SHARES),
        "target": rng.choice(len(_TARGETS), n, p=_TARGET_SHARES),
        "group": np.where(rng.random(n) < GROUP_NAMED, rng.integers(0, len(_GROUPS), n), -1),
        "killed": rng.negative_binomial(0.8, 0.25, n),
    }


def _told(
    events: dict[str, np.ndarray], k: int, districts: Districts, rng: np.random.Generator
) -> tuple[dict[str, Any], np.ndarray]:
    """Return the canonical columns of source k, and which events it tells of."""
    known = np.flatnonzero(rng.random(len(events["day"])) < CAPTURED[k])
    n = len(known)
    of = {name: values[known] for name, values in events.items()}
    vague = rng.random(n) < DISTRICT_ONLY[k]
    near = ~vague & (rng.random(n) < NEAR_SHARE)
    spread = np.where(near, SPREAD_KM["near"], SPREAD_KM["exact"])
    lat = of["lat"] + _degrees(1.0, n, rng) * spread
    lon = of["lon"] + _degrees(1.0, n, rng) * spread / 0.83
    moved = np.zeros(n, dtype=np.int64)
    if k == 1:
        steps = rng.choice(DAYS_MOVED, n) * rng.choice((-1, 1), n)
        moved = np.where(rng.random(n) < DATE_MOVED, steps, 0)
    day = pa.array((of["day"] + moved).astype(np.int32)).cast(pa.date32())
    wrong_attack, wrong_target = rng.random(n) < TYPE_ERROR[k], rng.random(n) < TYPE_ERROR[k]
    attack = np.where(wrong_attack, rng.integers(0, len(_ATTACKS), n), of["attack"])
    target = np.where(wrong_target, rng.integers(0, len(_TARGETS), n), of["target"])
    named = of["group"] >= 0
    killed = np.maximum(of["killed"] + np.where(rng.random(n) < 0.4, rng.integers(-2, 3, n), 0), 0)
    columns: dict[str, Any] = {name: pa.nulls(n, field.type) for name, field in zip(*_schema(), strict=True)}
    columns |= {
        "incident_id": [f"{SOURCES[k]}:{event}" for event in known.tolist()],
        "source": pa.repeat(pa.scalar(SOURCES[k]), n),
        "source_event_id": [str(event) for event in known.tolist()],
        "source_row": np.arange(2, n + 2),
        "date_start": day,
        "date_end": day,
        "date_precision": pa.repeat(pa.scalar("day"), n),
        "n_events": pa.repeat(pa.scalar(1, pa.int32()), n),
        "lat": pa.array(lat, mask=vague),
        "lon": pa.array(lon, mask=vague),
        "geo_precision": np.select([vague, near], ["district", "near"], "exact").astype(object),
        "pcode": np.array(districts.pcodes, dtype=object)[of["district"]],
        "district_method": pa.repeat(pa.scalar("source_admin"), n),
        "is_district_conflict": pa.repeat(pa.scalar(False), n),
        "attack_type": np.array(_ATTACKS, dtype=object)[attack],
        "target_type": np.array(_TARGETS, dtype=object)[target],
        "initiator": pa.repeat(pa.scalar("militant"), n),
        "is_control_type": pa.repeat(pa.scalar(False), n),
        "group_id": np.where(named, np.array(_GROUPS, dtype=object)[of["group"]], "unid"),
        "killed_best": killed.astype(np.int32),
        "raw": pa.repeat(pa.scalar("{}"), n),
    }
    return columns, known


def _schema() -> tuple[list[str], list[pa.Field]]:
    schema = arrow_schema()
    return schema.names, list(schema)


def _degrees(spread_km: float, n: int, rng: np.random.Generator) -> np.ndarray:
    return rng.normal(0, spread_km / 111.2, n)

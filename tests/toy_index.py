"""Five districts with round numbers, and tables of incidents for the index that a person can count."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np

from geo.analysis.index.profiles import profiles
from geo.analysis.index.records import DistrictAttributes
from geo.analysis.index.scores import ComponentValues
from geo.analysis.index.settings import AccessSettings
from geo.incidents import IncidentTable, build
from tests.toy import PCODES, row, table

POPULATION = np.array([1_300_000, 700_000, 1_800_000, 4_700_000, 400_000.0])
AREA_KM2 = np.array([2000, 4700, 9300, 1500, 4000.0])
S = np.array([48, 60, 30, 12, 0.0])
K = np.array([12, 12, 10, 7, 0.0])
M = np.array([80, 100, 55, 30, 1.0])
L = np.array([120, 150, 80, 60, 0.0])
C = np.array([9, 12, 4, 1, 0.0])
VALUES = ComponentValues(S=S, K=K, M=M, L=L, C=C)
# Three districts in a row: the middle one touches both others.
THREE = DistrictAttributes(
    pcodes=PCODES,
    names=("North", "Middle", "South"),
    population=np.array([1e5, 2e5, 1e5]),
    area_km2=np.array([1e3, 2e3, 1e3]),
    neighbours=((1,), (0, 2), (1,)),
)


def broad(**changes: Any) -> AccessSettings:
    """Return the settings of the profile `broad` with changes."""
    from dataclasses import replace

    return replace(profiles()["broad"].settings, **changes)


def incidents(*rows: dict[str, Any], version: str = "toy") -> IncidentTable:
    """Return an incident table of the three toy districts."""
    return build({"1": table(*rows)}, PCODES, version)


def attack(number: int, pcode: str | None = "PK501", month: int = 1, year: int = 2024, **cells: Any) -> dict[str, Any]:
    """Return an attack on police on the 10th of a month."""
    return row(number, **({"pcode": pcode, "target_type": "police", "day": date(year, month, 10)} | cells))


def year_of(counts: dict[str, list[int]], year: int = 2024, first: int = 1, **cells: Any) -> list[dict[str, Any]]:
    """Return attacks by P-code and month: {"PK501": [2, 0, 1]} is two in January and one in March."""
    return [
        attack(first + 1000 * position + 50 * month + n, pcode, month, year, **cells)
        for position, (pcode, months) in enumerate(counts.items())
        for month, number in enumerate(months, 1)
        for n in range(number)
    ]


def everything(small: IncidentTable) -> np.ndarray:
    """Return the mask that keeps all."""
    return np.ones(len(small), dtype=bool)

"""Events a person can draw: a flat land where one degree of latitude is about 111 km."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from typing import Any

import numpy as np

from geo.analysis.matching.events import NOT_STATED, Events
from geo.incidents import UNKNOWN
from geo.schema import DATE_PRECISIONS, GEO_PRECISIONS

KM = 1 / 111.195  # degrees of latitude in a kilometre
DAY = (date(2024, 3, 5) - date(1970, 1, 1)).days
PLAIN: dict[str, Any] = {
    "first_day": DAY,
    "date_precision": "day",
    "lat_deg": 34.0,
    "lon_deg": 71.0,
    "geo_precision": "exact",
    "district": 0,
    "place": NOT_STATED,
    "attack_family": 0,
    "target_family": 0,
    "group": NOT_STATED,
    "killed_best": 2,
    "n_events": 1,
    "source": 0,
}


def events(*told: dict[str, Any]) -> Events:
    """Return events from what differs from the plain one; `km` moves it north, `days` later, `known` ends its span."""
    rows = []
    for cells in told:
        row = PLAIN | cells
        row["lat_deg"] = row["lat_deg"] + row.pop("km", 0) * KM
        row["first_day"] = row["first_day"] + row.pop("days", 0)
        row["last_day"] = row["first_day"] + row.pop("length", 1) - 1
        if row["geo_precision"] == "district":
            row["lat_deg"] = row["lon_deg"] = np.nan
        row["geo_precision"] = list(GEO_PRECISIONS).index(row["geo_precision"])
        row["date_precision"] = list(DATE_PRECISIONS).index(row["date_precision"])
        for name in ("killed_low", "killed_high"):
            row.setdefault(name, row["killed_best"])
        rows.append(row)
    return Events(**{field.name: np.array([row[field.name] for row in rows]) for field in fields(Events)})


def vague(**cells: Any) -> dict[str, Any]:
    """Return what differs in an incident known only to the district."""
    return {"geo_precision": "district"} | cells


def without_toll(**cells: Any) -> dict[str, Any]:
    """Return what differs in an incident whose toll is not stated."""
    return {"killed_best": UNKNOWN} | cells

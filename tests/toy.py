"""Incidents a person can count: rows in the canonical schema with every unsaid cell at its plainest."""

from __future__ import annotations

from datetime import date
from typing import Any

import pyarrow as pa

from geo.schema import COLUMN_NAMES, arrow_schema

PCODES = ("PK501", "PK502", "PK503")


def row(number: int, **cells: Any) -> dict[str, Any]:
    """Return one canonical row; `day` sets both ends of the date."""
    day = cells.pop("day", date(2024, 3, 5))
    plain: dict[str, Any] = dict.fromkeys(COLUMN_NAMES)
    plain |= {
        "incident_id": f"toy:{number}",
        "source": "template",
        "source_event_id": str(number),
        "source_row": number + 1,
        "date_start": day,
        "date_end": day,
        "date_precision": "day",
        "n_events": 1,
        "geo_precision": "district",
        "district_method": "none",
        "is_district_conflict": False,
        "attack_type": "armed_assault",
        "target_type": "civilian",
        "initiator": "militant",
        "is_control_type": False,
        "group_id": "unid",
        "raw": "{}",
    }
    return plain | cells


def table(*rows: dict[str, Any]) -> pa.Table:
    """Return rows as a canonical Arrow table."""
    return pa.Table.from_pylist(list(rows), schema=arrow_schema())

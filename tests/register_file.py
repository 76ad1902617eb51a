"""The rows of the embedded files as the csv module alone reads them: what tests expect is counted from them."""

from __future__ import annotations

import csv
from datetime import date

from geo.settings import DATA_DIR
from geo.sources import SEAM, default_period


def rows(name: str = "incidents.csv", **cells: str) -> list[dict[str, str]]:
    """Return the rows of an embedded file, the register unless another is named, whose cells are these."""
    with (DATA_DIR / name).open(encoding="utf-8", newline="") as lines:
        return [row for row in csv.DictReader(lines) if all(row.get(key) == cell for key, cell in cells.items())]


def n_default(first: str = "", last: str = "9999", **cells: str) -> int:
    """Return how many rows the default picture shows: UCDP before the seam, the register from it on.

    first, last: the days from and to which rows count; without them all years.
    """
    seam = SEAM.isoformat()
    days = [row["date_start"] for row in rows("ucdp_ged_kp.csv", **cells)]
    before = sum(first <= day < seam and day <= last for day in days)
    return before + sum(max(seam, first) <= row["date"] <= last for row in rows(**cells))


def shown(more: int = 0, first: str = "", last: str = "9999", **cells: str) -> str:
    """Return what a page says of the rows with these cells: "3 of 700"; more: further rows that are stored."""
    return f"{n_default(first, last, **cells) + more:,} of {n_default() + more:,}"


def first_recent() -> str:
    """Return the first day of the months a page opens on, of the register's last day."""
    period = default_period(date.fromisoformat(max(row["date"] for row in rows())))
    assert period is not None
    return period[0].isoformat()

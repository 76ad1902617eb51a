"""The rows of the embedded files as the csv module alone reads them: what tests expect is counted from them."""

from __future__ import annotations

import csv

from geo.settings import DATA_DIR
from geo.sources import SEAM


def rows(name: str = "incidents.csv", **cells: str) -> list[dict[str, str]]:
    """Return the rows of an embedded file, the register unless another is named, whose cells are these."""
    with (DATA_DIR / name).open(encoding="utf-8", newline="") as lines:
        return [row for row in csv.DictReader(lines) if all(row.get(key) == cell for key, cell in cells.items())]


def n_default(**cells: str) -> int:
    """Return how many rows the default picture shows: UCDP before the seam, the register from it on."""
    seam = SEAM.isoformat()
    before = sum(row["date_start"] < seam for row in rows("ucdp_ged_kp.csv", **cells))
    return before + sum(row["date"] >= seam for row in rows(**cells))


def shown(more: int = 0, **cells: str) -> str:
    """Return what a page says of the rows with these cells: "3 of 700"; more: further rows that are stored."""
    return f"{n_default(**cells) + more:,} of {n_default() + more:,}"

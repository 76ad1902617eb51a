"""The rows of the embedded register as the csv module alone reads them: what tests expect is counted from them."""

from __future__ import annotations

import csv

from geo.settings import DATA_DIR


def rows(**cells: str) -> list[dict[str, str]]:
    """Return the rows of the register whose cells are these."""
    with (DATA_DIR / "incidents.csv").open(encoding="utf-8", newline="") as lines:
        return [row for row in csv.DictReader(lines) if all(row[name] == cell for name, cell in cells.items())]


def shown(more: int = 0, **cells: str) -> str:
    """Return what a page says of the rows with these cells: "3 of 700"; more: further rows that are stored."""
    return f"{len(rows(**cells)) + more:,} of {len(rows()) + more:,}"

"""Rows of the atlas template for bulk loading, told in a word or two."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

Write = Callable[..., Path]
COLUMNS = ("incident_id", "date", "district", "place", "latitude", "longitude", "killed_total", "notes")


def line(number: int | str, **cells: str) -> list[str]:
    """Return one row, in Abbottabad unless told otherwise."""
    plain = {"incident_id": str(number), "date": "2024-03-05", "district": "Abbottabad", "killed_total": "1"}
    values = plain | cells
    return [values.get(name, "") for name in COLUMNS]


def end_worker(own_pid: int) -> None:
    """End the process that this is called in, unless it is the one that asks for it."""
    if os.getpid() == own_pid:
        raise AssertionError("this was to be done by a worker")
    os._exit(1)

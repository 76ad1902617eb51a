"""A GTD-like workbook of 135 columns read through all checks with the limits as shipped, against pandas.read_excel."""

from __future__ import annotations

import tempfile
from pathlib import Path

from benchmarks import made_up_workbook
from benchmarks.ingest import AS_SHIPPED, BARE_WORKBOOK, measured
from benchmarks.timing import Comparison

DEFAULT_ROWS = 210_000
_ROUNDS = 2


def run(rows: int) -> list[Comparison]:
    """Compare reading with the limits as shipped with bare reading, each in a process of its own."""
    ways = (AS_SHIPPED, BARE_WORKBOOK)
    with tempfile.TemporaryDirectory(prefix="kp-atlas-benchmark-") as name:
        path = Path(name) / "gtd.xlsx"
        made_up_workbook.gtd_xlsx(path, rows)
        size_mb = path.stat().st_size / 1e6
        turns = [ways if turn % 2 == 0 else ways[::-1] for turn in range(_ROUNDS)]
        told = [{way: measured(way, path, Path(name)) for way in turn} for turn in turns]
    if any(one[way]["rows"] != rows for one in told for way in ways):
        raise AssertionError(f"not all of {rows} rows were read: {told}")
    peaks = {f"peak MB, {way}": round(max(one[way]["peak_mb"] for one in told)) for way in ways}
    return [
        Comparison(
            "workbook of 135 columns",
            AS_SHIPPED,
            {way: [one[way]["seconds"] for one in told] for way in ways},
            {way: [one[way]["cpu_seconds"] for one in told] for way in ways},
            {"file MB": round(size_mb, 1), "rows": rows} | peaks,
        )
    ]

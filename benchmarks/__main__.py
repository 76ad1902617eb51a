"""python -m benchmarks NAME [--rows N] [--json FILE]: run one benchmark, print a table, write the figures.

python -m benchmarks report: write docs/performance.md from the figures in benchmarks/results.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from datetime import UTC, datetime
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any

import benchmarks
from benchmarks import report

VERSIONS = ("numpy", "pandas", "pyarrow", "shapely", "geopandas", "streamlit", "folium", "dask")


def names() -> list[str]:
    """Return the benchmarks: the modules of this package that define `run`."""
    found = (path for path in Path(__file__).parent.glob("*.py") if "\ndef run(" in path.read_text("utf-8"))
    return sorted(path.stem for path in found)


def machine() -> dict[str, Any]:
    """Return what a reader of the figures needs to know about where they were taken."""
    return {
        "taken": datetime.now(UTC).isoformat(timespec="seconds"),
        "cores": os.cpu_count(),
        "load": [round(load, 2) for load in os.getloadavg()] if hasattr(os, "getloadavg") else None,
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "versions": {name: version(name) for name in VERSIONS},
    }


def main(arguments: list[str]) -> int:
    """Run the benchmark that the arguments name."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=benchmarks.__doc__)
    parser.add_argument("name", choices=[*names(), "report"])
    parser.add_argument("--rows", type=int, help="size of the task; default: the benchmark's own")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures to this file")
    given = parser.parse_args(arguments)
    if given.name == "report":
        report.write()
        return 0
    benchmark = import_module(f"benchmarks.{given.name}")
    rows = benchmark.DEFAULT_ROWS if given.rows is None else given.rows
    if rows < 1:
        parser.error("--rows is a whole number above zero")
    comparisons = benchmark.run(rows)
    print(f"## {given.name}, {rows:,} rows\n")
    for comparison in comparisons:
        print("\n".join(comparison.lines()))
    if given.json is not None:
        record = {"benchmark": given.name, "rows": rows, "machine": machine()}
        record["comparisons"] = [comparison.record() for comparison in comparisons]
        given.json.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

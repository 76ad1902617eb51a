"""Files of incidents in every format, and the evidence pack: time, size and memory, of rows of the embedded data.

Up to 5,498 rows are those rows; more repeat them, which makes GeoParquet (whole columns of repeated words) smaller than
as many different rows would be, and the others hardly.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np

import geo
from benchmarks.memory import Peak
from benchmarks.timing import Comparison, compare
from geo.export.columns import INCIDENTS
from geo.export.files import FORMATS
from geo.export.pack import write_pack
from geo.export.view import ExportedView
from geo.export.view_settings import ViewSettings
from geo.incidents import part_of

DEFAULT_ROWS = 100_000
OURS = "CSV"
PACK = "evidence pack"
_ROUNDS = 3
_SETTLE_S = 0.3  # the memory is looked at several times a second


def run(rows: int) -> list[Comparison]:
    """Write every file a few times and check that each that holds geometry has all rows and points."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        view = _view(rows, folder)
        paths = {one.label: folder / f"rows{one.suffix}" for one in FORMATS.values()} | {PACK: folder / "pack.zip"}
        ways: dict[str, Callable[[], object]] = {
            one.label: lambda one=one: one.write(view, INCIDENTS, _absent(paths[one.label])) for one in FORMATS.values()
        }
        ways[PACK] = lambda: write_pack(view, _absent(paths[PACK]))
        facts: dict[str, Any] = {}
        for label, write in ways.items():
            more_mb = _memory_mb(write)
            facts[f"{label}, kB"] = f"{round(paths[label].stat().st_size / 1e3):,}"
            facts[f"{label}, MB of memory more"] = more_mb
        _check(view, paths)
        return [compare(f"{rows:,} rows", ways, OURS, _ROUNDS, facts)]


def _view(rows: int, folder: Path) -> ExportedView:
    view = geo.open(str(folder / "store")).exported(ViewSettings())
    positions = np.arange(rows) % len(view.table)
    table = replace(part_of(view.table, positions), details=view.table.details.take(positions))
    assert view.read_summaries is not None
    summaries = view.read_summaries()
    # Reading the original cells is not what is measured.
    return replace(view, table=table, read_summaries=lambda: summaries)


def _absent(path: Path) -> Path:
    path.unlink(missing_ok=True)
    return path


def _memory_mb(write: Callable[[], object]) -> int | None:
    with Peak(os.getpid()) as before:
        time.sleep(_SETTLE_S)
    with Peak(os.getpid()) as during:
        write()
        time.sleep(_SETTLE_S)
    return None if before.mb is None or during.mb is None else max(round(during.mb - before.mb), 0)


def _check(view: ExportedView, paths: dict[str, Path]) -> None:
    parquet = gpd.read_parquet(paths["GeoParquet"])
    for label in ("GeoJSON", "GeoPackage"):
        other = gpd.read_file(paths[label], **({"layer": INCIDENTS} if label == "GeoPackage" else {}))
        assert len(other) == len(parquet) == len(view.positions)
        assert other.geometry.notna().sum() == parquet.geometry.notna().sum()
        assert other["killed_best"].sum() == parquet["killed_best"].sum()

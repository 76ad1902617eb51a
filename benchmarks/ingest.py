"""A GED-like file read through all checks, located and stored, against pandas.read_csv and geopandas.sjoin."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.compute as pc

from benchmarks import made_up
from benchmarks.memory import Peak
from benchmarks.timing import Comparison
from geo import settings as geo_settings
from geo.analysis.locating.locate import TOLERANCE_KM, Locator
from geo.districts import load

DEFAULT_ROWS = 200_000
_ROUNDS = 3
BARE, JOINED = "bare pandas.read_csv", "pandas.read_csv, geopandas.sjoin within"
# What the bare reading loses is not to be lost here: "007", "1.0" and "NA" as they were written.
AS_TEXT = "pandas.read_csv, every cell as it is written"
CHECKED, STORED = "read through all checks", "read, check, locate, commit"
BARE_WORKBOOK, AS_SHIPPED = "bare pandas.read_excel (calamine)", "read through all checks, limits as shipped"
# Each way in a process of its own: libraries are loaded before the clock starts, memory is that of the process
# and its children.
_WAYS = (BARE, AS_TEXT, JOINED, CHECKED, STORED)


def run(rows: int) -> list[Comparison]:
    """Compare reading through all checks with bare reading, and the way into the store with reading and joining."""
    with tempfile.TemporaryDirectory(prefix="kp-atlas-benchmark-") as name:
        folder = Path(name)
        path = folder / "ged.csv"
        made_up.ged_csv(path, rows)
        told: dict[str, list[dict[str, Any]]] = {way: [] for way in _WAYS}
        for turn in range(_ROUNDS):
            for way in _WAYS[turn % len(_WAYS) :] + _WAYS[: turn % len(_WAYS)]:
                told[way].append(measured(way, path, folder / f"store-{turn}"))
        _check(told, rows, path)
        facts = {"file MB": round(path.stat().st_size / 1e6), "rows": rows}
    return [
        _comparison("through all checks", CHECKED, (BARE, AS_TEXT), told, facts),
        _comparison("end to end", STORED, (JOINED, BARE), told, facts),
    ]


def _comparison(
    case: str, ours: str, others: tuple[str, ...], told: dict[str, list[dict[str, Any]]], facts: dict[str, Any]
) -> Comparison:
    ways = (ours, *others)
    share, of_cpu = (
        statistics.median(one[name] / base[name] for one, base in zip(told[ours], told[BARE], strict=True))
        for name in ("seconds", "cpu_seconds")
    )
    peaks = {f"peak MB, {way}": round(max(one["peak_mb"] for one in told[way])) for way in ways}
    return Comparison(
        case,
        ours,
        {way: [one["seconds"] for one in told[way]] for way in ways},
        {way: [one["cpu_seconds"] for one in told[way]] for way in ways},
        # On a machine that is busy, the processor's time holds when the time that passes does not.
        facts | {"times a bare reading": round(share, 2), "the same in CPU time": round(of_cpu, 2)} | peaks,
    )


def measured(way: str, path: Path, store: Path) -> dict[str, Any]:
    """Do it one way in a process of its own; return what it found, seconds and the peak of memory."""
    command = [sys.executable, "-m", "benchmarks.ingest", way, str(path), str(store)]
    root = Path(__file__).resolve().parents[1]
    child = subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True)
    with Peak(child.pid) as peak:
        out, _ = child.communicate()
    if child.returncode:
        raise RuntimeError(f"{way} ended with {child.returncode}")
    told: dict[str, Any] = json.loads(out.splitlines()[-1])
    return told | {"peak_mb": peak.mb or 0.0}


def _check(told: dict[str, list[dict[str, Any]]], rows: int, path: Path) -> None:
    for way, found in told.items():
        if any(one["rows"] != rows for one in found):
            raise AssertionError(f"{way}: {[one['rows'] for one in found]} rows, not {rows}")
    places = pd.read_csv(path, usecols=["longitude", "latitude"])
    for way, tolerance_km in ((JOINED, 0.0), (STORED, TOLERANCE_KM)):
        locator = Locator(load().polygons, tolerance_km)
        expected = int((locator.codes(places["longitude"], places["latitude"]) >= 0).sum())
        if told[way][0]["located"] != expected:
            raise AssertionError(f"{way}: {told[way][0]['located']} located, not {expected}")


# --- one way, in a process of its own -----------------------------------------------------------------


def _bare(path: Path, _store: Path) -> dict[str, int]:
    start_clock()
    return {"rows": len(pd.read_csv(path))}


def _as_text(path: Path, _store: Path) -> dict[str, int]:
    start_clock()
    return {"rows": len(pd.read_csv(path, dtype=str, na_filter=False))}


def _joined(path: Path, _store: Path) -> dict[str, int]:
    import geopandas as gpd

    frame = gpd.GeoDataFrame(geometry=list(load().polygons), crs=4326)
    start_clock()
    rows = pd.read_csv(path)
    points = gpd.GeoDataFrame(rows, geometry=gpd.points_from_xy(rows["longitude"], rows["latitude"]), crs=4326)
    found = gpd.sjoin(points, frame, predicate="within", how="left")
    return {"rows": len(found), "located": int(found["index_right"].notna().sum())}


def _checked(path: Path, _store: Path) -> dict[str, int]:
    from geo.ingest import read_upload

    limits = _settings().limits
    start_clock()
    result = read_upload(path, path.name, limits=limits)
    return {"rows": result.n_accepted + result.n_refused}


def _bare_workbook(path: Path, _store: Path) -> dict[str, int]:
    start_clock()
    return {"rows": len(pd.read_excel(path, engine="calamine"))}


def _as_shipped(path: Path, _store: Path) -> dict[str, int]:
    from geo.ingest import read_upload

    limits = geo_settings.load({}).limits
    start_clock()
    result = read_upload(path, path.name, limits=limits)
    return {"rows": result.n_accepted}


def _stored(path: Path, store: Path) -> dict[str, int]:
    from geo import intake
    from geo.store import Store

    districts, opened = load(), Store.open(store)
    start_clock()
    checked = intake.check(path, path.name, opened, districts, _settings())
    record = intake.accept(checked, path, path.name, opened, accept_valid=True)
    located = opened.read(record.batch_id, ["pcode_located"])["pcode_located"]
    return {"rows": record.n_rows_in, "located": pc.sum(pc.is_valid(located)).as_py()}


def _settings() -> geo_settings.Settings:
    plain = geo_settings.load({})
    return replace(plain, limits={**plain.limits, "file_mb": 4_000, "rows": 5_000_000})


_STARTED = [0.0, 0.0]


def start_clock() -> None:
    """Start the clock: libraries and boundaries are loaded."""
    _STARTED[:] = [time.perf_counter(), _cpu_s()]


def _cpu_s() -> float:
    # The process's own time is exact; os.times counts in hundredths of a second, more than a short reading takes.
    times = os.times()
    return time.process_time() + times.children_user + times.children_system


def main(way: str, path: Path, store: Path) -> None:
    """Do it one way and print what it took as JSON."""
    ways = dict(zip(_WAYS, (_bare, _as_text, _joined, _checked, _stored), strict=True))
    ways |= {BARE_WORKBOOK: _bare_workbook, AS_SHIPPED: _as_shipped}
    found = ways[way](path, store)
    told = {"seconds": time.perf_counter() - _STARTED[0], "cpu_seconds": _cpu_s() - _STARTED[1]}
    print(json.dumps(found | told))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))

"""Bulk loading on a cluster: the same files with two Dask workers and with one, and with threads of one process."""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from benchmarks import made_up
from benchmarks.timing import Comparison
from geo import bulk
from geo.bulk import BulkOptions

DEFAULT_ROWS = 1_000_000
ONE, TWO, THREADS = "one worker", "two workers", "threads of one process"
_ROUNDS = 3
_ONE_ROUND_FROM = 5_000_000  # rows; each way then takes minutes
_FILES = 4
_LONGEST_S = 120.0
_ROOT = Path(__file__).resolve().parents[1]


def run(rows: int) -> list[Comparison]:
    """Compare whole runs without the store; scheduler and workers are up and have loaded their boundaries before.

    Each worker is a process with one thread, so that two of them have what two machines of one core have.
    """
    with tempfile.TemporaryDirectory(prefix="kp-atlas-benchmark-") as name, ExitStack() as stack:
        folder = Path(name)
        inputs = _inputs(folder / "inputs", rows)
        begun = time.perf_counter()
        clusters = {ONE: stack.enter_context(_cluster(folder / "one", 1))}
        clusters[TWO] = stack.enter_context(_cluster(folder / "two", 2))
        addresses: dict[str, str | None] = {**clusters, THREADS: None}
        started_s = time.perf_counter() - begun
        _warm(addresses, folder)
        seconds: dict[str, list[float]] = {way: [] for way in addresses}
        manifests = []
        names = list(addresses)
        for turn in range(_ROUNDS if rows < _ONE_ROUND_FROM else 1):
            for way in names[turn % len(names) :] + names[: turn % len(names)]:
                out = folder / "out"
                start = time.perf_counter()
                manifests.append(bulk.load([inputs], out, options=_options(rows), scheduler=addresses[way]).manifest)
                seconds[way].append(time.perf_counter() - start)
                shutil.rmtree(out)
        _check(manifests, rows)
        gain = [one / two for one, two in zip(seconds[ONE], seconds[TWO], strict=True)]
        facts = {
            "file MB": round(sum(path.stat().st_size for path in inputs.iterdir()) / 1e6),
            "pieces": len(manifests[0]["parts"]),
            "one worker over two": f"{statistics.median(gain):.2f} ({min(gain):.2f} to {max(gain):.2f})",
            "start of both clusters s, not counted": round(started_s, 1),
        }
    return [Comparison("read, check, locate, write, find repeats", TWO, seconds, {}, facts)]


def _inputs(folder: Path, rows: int) -> Path:
    folder.mkdir()
    size = -(-rows // _FILES)
    for number in range(_FILES):
        first = number * size + 1
        made_up.ged_csv(folder / f"{number}.csv", min(size, rows - first + 1), first_id=first, seed=number)
    return folder


def _options(rows: int) -> BulkOptions:
    # Enough pieces to share out, none so small that its fixed cost counts.
    return BulkOptions(chunk_mb=max(1, min(64, rows * 700 // 16_000_000)))


def _warm(addresses: dict[str, str | None], folder: Path) -> None:
    """Load libraries and boundaries in every process: the cost of starting is not that of the work."""
    small = folder / "small"
    small.mkdir()
    for number in range(8):
        made_up.ged_csv(small / f"{number}.csv", 500, first_id=number * 500 + 1, seed=number)
    for number, address in enumerate(addresses.values()):
        bulk.load([small], folder / f"warm-{number}", scheduler=address)


def _check(manifests: list[Any], rows: int) -> None:
    if any(manifest != manifests[0] for manifest in manifests):
        raise AssertionError("the ways give different manifests")
    if manifests[0]["n_rows_in"] != rows or manifests[0]["n_accepted"] != rows:
        raise AssertionError(f"{manifests[0]['n_accepted']} rows accepted, not {rows}")


@contextmanager
def _cluster(folder: Path, n_workers: int) -> Iterator[str]:
    """Start a scheduler and workers as processes over TCP; yields the address."""
    folder.mkdir()
    told = folder / "scheduler.json"
    here = ["--host", "127.0.0.1", "--no-dashboard"]
    with ExitStack() as stack:
        scheduler = ["distributed.cli.dask_scheduler", "--port", "0", "--scheduler-file", str(told), *here]
        stack.enter_context(_process(scheduler, folder))
        address = _address(told)
        for number in range(n_workers):
            worker = ["distributed.cli.dask_worker", address, "--no-nanny", "--nthreads", "1", *here]
            stack.enter_context(_process([*worker, "--local-directory", str(folder / f"worker-{number}")], folder))
        _wait_for(address, n_workers)
        yield address


@contextmanager
def _process(module: list[str], folder: Path) -> Iterator[None]:
    # A scheduler that is killed leaves its folder behind: in that of the benchmark.
    environment = {**os.environ, "PYTHONPATH": str(_ROOT), "DASK_TEMPORARY_DIRECTORY": str(folder)}
    quiet = subprocess.DEVNULL
    process = subprocess.Popen([sys.executable, "-m", *module], cwd=_ROOT, env=environment, stdout=quiet, stderr=quiet)
    try:
        yield
    finally:
        process.kill()
        process.wait()


def _address(told: Path) -> str:
    deadline = time.monotonic() + _LONGEST_S
    while time.monotonic() < deadline:
        if told.exists() and told.read_text().endswith("}"):
            return str(json.loads(told.read_text())["address"])
        time.sleep(0.05)
    raise RuntimeError("the scheduler did not start")


def _wait_for(address: str, n_workers: int) -> None:
    from distributed import Client

    with Client(address, set_as_default=False) as client:
        client.wait_for_workers(n_workers, timeout=_LONGEST_S)

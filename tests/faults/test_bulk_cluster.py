"""Bulk loading on a real scheduler with worker processes over TCP gives what threads give, also when a worker dies."""

from __future__ import annotations

import importlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from benchmarks.made_up import ged_csv
from geo import bulk
from geo.bulk import BulkOptions, execution, work
from geo.problems import StoreError
from geo.store import Store
from tests.toy_bulk import end_worker

pytestmark = [pytest.mark.fault, pytest.mark.slow]

ROOT = Path(__file__).resolve().parents[2]
PIECE_MB = 1
WAIT_S = 120
HERE = ("--host", "127.0.0.1", "--no-dashboard")


@pytest.fixture(autouse=True)
def _folder_of_the_scheduler(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A scheduler that is killed leaves its folder behind: in that of the test."""
    monkeypatch.setenv("DASK_TEMPORARY_DIRECTORY", str(tmp_path))


@contextmanager
def started(*command: str) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen([sys.executable, "-m", *command], cwd=ROOT)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@contextmanager
def scheduler(folder: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Start a scheduler as a process of its own; yields its address and the process."""
    told = folder / "scheduler.json"
    with started("distributed.cli.dask_scheduler", "--port", "0", "--scheduler-file", str(told), *HERE) as process:
        until(lambda: told.exists() and told.read_text().endswith("}"))
        yield json.loads(told.read_text())["address"], process


@contextmanager
def workers_of(address: str, folder: Path, n_workers: int) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Start workers of a scheduler as processes of their own."""
    worker = ("distributed.cli.dask_worker", address, "--no-nanny", "--nthreads", "1", *HERE)
    with ExitStack() as stack:
        folders = [folder / f"worker-{number}" for number in range(n_workers)]
        yield [stack.enter_context(started(*worker, "--local-directory", str(one))) for one in folders]


@contextmanager
def cluster(folder: Path, n_workers: int) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """Start a scheduler and its workers; yields the address and the workers."""
    with scheduler(folder) as (address, _), workers_of(address, folder, n_workers) as workers:
        yield address, workers


def until(is_so: Any) -> None:
    deadline = time.monotonic() + WAIT_S
    while not is_so():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


def bulk_command(inputs: list[Path], out: Path, address: str, store: Path) -> list[str]:
    command = ["geo", "bulk", *map(str, inputs), "--out", str(out), "--scheduler", address]
    return [*command, "--chunk-mb", str(PIECE_MB), "--store", str(store)]


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Two overlapping files of the layout of UCDP GED, thirty pieces in all."""
    folder = tmp_path_factory.mktemp("inputs")
    ged_csv(folder / "first.csv", 24_000)
    ged_csv(folder / "second.csv", 20_000, first_id=20_001, seed=7)
    return sorted(folder.iterdir())


@pytest.fixture(scope="module")
def by_threads(inputs: list[Path], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The manifest of the same inputs, loaded in this process."""
    out = tmp_path_factory.mktemp("threads") / "out"
    manifest = dict(bulk.load(inputs, out, options=BulkOptions(chunk_mb=PIECE_MB)).manifest)
    assert (manifest["n_accepted"], manifest["n_duplicates"]) == (40_000, 4_000)
    assert len(manifest["parts"]) >= 28
    return manifest


def test_two_workers_over_tcp_write_what_threads_write(
    tmp_path: Path, inputs: list[Path], by_threads: dict[str, Any]
) -> None:
    with (
        cluster(tmp_path, 2) as (address, _),
        started(*bulk_command(inputs, tmp_path / "out", address, tmp_path / "store")) as driver,
    ):
        assert driver.wait(timeout=WAIT_S) == 0
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert manifest == by_threads
    store = Store.open(tmp_path / "store")
    assert store.batch(1).n_accepted == 40_000
    assert store.verify() == []


def test_a_worker_killed_in_the_middle_changes_nothing(
    tmp_path: Path, inputs: list[Path], by_threads: dict[str, Any]
) -> None:
    notes = tmp_path / "out" / "work"
    with cluster(tmp_path, 2) as (address, workers):
        with started(*bulk_command(inputs, tmp_path / "out", address, tmp_path / "store")) as driver:
            until(lambda: len(list(notes.glob("*.json"))) >= 4)
            os.kill(workers[0].pid, signal.SIGKILL)
            assert not (tmp_path / "out" / "manifest.json").exists(), "it was killed too late"
            assert driver.wait(timeout=WAIT_S) == 0
        assert workers[1].poll() is None
    assert json.loads((tmp_path / "out" / "manifest.json").read_text()) == by_threads
    assert list((tmp_path / "out").rglob("*.writing")) == []


def test_a_driver_killed_in_the_middle_goes_on_from_what_is_done(
    tmp_path: Path, inputs: list[Path], by_threads: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    command = ["geo", "bulk", *map(str, inputs), "--out", str(out), "--no-store", "--chunk-mb", str(PIECE_MB)]
    with started(*command) as driver:
        until(lambda: len(list((out / "work").glob("*.json"))) >= 4)
        driver.kill()
        driver.wait()
    assert not (out / "manifest.json").exists()
    done_before = {path.stem for path in (out / "work").glob("*.json")}
    done_after: list[str] = []
    processed = work._processed
    monkeypatch.setattr(
        work, "_processed", lambda piece, *given: done_after.append(piece.key) or processed(piece, *given)
    )
    manifest = bulk.load(inputs, out, options=BulkOptions(chunk_mb=PIECE_MB)).manifest
    assert manifest == by_threads
    assert len(done_before) >= 4
    assert done_before.isdisjoint(done_after), "what was done was done again"


def test_a_piece_that_ends_its_workers_is_given_up_with_a_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES", "0")
    with (
        cluster(tmp_path, 1) as (address, _),
        pytest.raises(StoreError, match="ended several workers"),
        execution.workers(address) as run_all,
    ):
        run_all(end_worker, [os.getpid()], lambda _done, _all: None)


def test_a_worker_whose_environment_is_another_is_told_with_a_remedy(tmp_path: Path) -> None:
    with (
        cluster(tmp_path, 1) as (address, _),
        pytest.raises(StoreError, match=r"A worker failed: .*no_such_module") as told,
        execution.workers(address) as run_all,
    ):
        run_all(importlib.import_module, ["no_such_module"], lambda _done, _all: None)
    assert "same version" in str(told.value.problems[0].hint)


def test_a_scheduler_lost_in_the_middle_ends_the_run_with_a_remedy(tmp_path: Path) -> None:
    with (
        scheduler(tmp_path) as (address, process),
        workers_of(address, tmp_path, 1),
        pytest.raises(StoreError, match="was lost"),
        execution.workers(address) as run_all,
    ):
        run_all(time.sleep, [0.0, WAIT_S], lambda _done, _all: process.kill())


def test_a_scheduler_that_is_not_there_or_has_no_workers_is_named(
    tmp_path: Path, inputs: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("geo.bulk.execution._CONNECT_TIMEOUT", "1s")
    monkeypatch.setattr("geo.bulk.execution._WORKERS_TIMEOUT_S", 1)
    with pytest.raises(StoreError, match="does not answer"):
        bulk.load(inputs, tmp_path / "one", scheduler="tcp://127.0.0.1:9")
    with cluster(tmp_path, 0) as (address, _), pytest.raises(StoreError, match="has no workers"):
        bulk.load(inputs, tmp_path / "two", scheduler=address)

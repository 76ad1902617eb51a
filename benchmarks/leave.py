"""Many readers come and leave: the server's memory with them and after them, against that of one reader."""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from contextlib import AsyncExitStack
from pathlib import Path

import psutil

from benchmarks import start
from benchmarks.load import COMPARED, THOUGHT_S, Truth, new_reader, process, spread, together, truth_of, used_cpu_s
from benchmarks.start import OURS
from benchmarks.timing import Comparison

DEFAULT_ROWS = 100_000
READERS, INTERACTIONS = 20, 50
# Seconds after all have left at which the memory is read.
WATCHED_S = (60, 300)
MEMORY = f"{READERS} readers x {INTERACTIONS} interactions with thought, then all leave"
BACK = "memory after all have left over that after the first reader"


def run(rows: int) -> list[Comparison]:
    """Let many readers come, interact and leave, and watch the memory of the server; needs no browser."""
    with tempfile.TemporaryDirectory(prefix="kp-atlas-benchmark-") as name:
        folder = Path(name)
        environment = start.prepared(folder, rows)
        app = Path(__file__).resolve().parents[1] / "app.py"
        with start.served(app, environment) as address:
            return [asyncio.run(_come_and_leave(address, truth_of(folder)))]


async def _come_and_leave(address: str, truth: Truth) -> Comparison:
    server, memory_mb = process(address), {}
    async with AsyncExitStack() as alone:
        first = await new_reader(alone, address, truth, -1)
        for _ in range(INTERACTIONS):
            await first.interact()
    memory_mb["after the first reader"] = _mb(server)
    async with AsyncExitStack() as present:
        readers = [await new_reader(present, address, truth, number) for number in range(READERS)]
        before = used_cpu_s(server)
        waits = await together([one.interact for one in readers], INTERACTIONS, THOUGHT_S)
        cpu_s = (used_cpu_s(server) - before) / len(waits)
        memory_mb["with all"] = _mb(server)
    left = time.monotonic()
    for seconds in WATCHED_S:
        await asyncio.sleep(left + seconds - time.monotonic())
        memory_mb[f"{seconds} s after they left"] = _mb(server)
    facts = spread(OURS, waits) | {COMPARED: sum(one.n_compared for one in readers)}
    facts |= {f"MB {when}": round(figure) for when, figure in memory_mb.items()}
    *_rest, last = memory_mb.values()
    facts[BACK] = round(last / memory_mb["after the first reader"], 3)
    return Comparison(MEMORY, OURS, {OURS: [statistics.median(waits)]}, {OURS: [cpu_s]}, facts)


def _mb(server: psutil.Process) -> float:
    return float(server.memory_info().rss) / 1e6

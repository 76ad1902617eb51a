"""What the child processes of the store's fault tests do: `python -m tests.faults.store_children NAME STORE ...`."""

from __future__ import annotations

import json
import os
import random
import resource
import signal
import sys
import time
from pathlib import Path
from typing import Any

from geo.problems import AtlasError
from geo.schema import Batch
from geo.store import Store
from tests.toy import row, table
from tests.toy_store import batch, opened, shown_ids

ROWS_A_BATCH = 3


def add_one(store: Store, name: str) -> int:
    """Add a batch of ROWS_A_BATCH incidents, ids `name/0` and so on, labelled `name`."""
    rows = [row(number, incident_id=f"{name}/{number}", place="x" * 50) for number in range(ROWS_A_BATCH)]
    return store.add(batch(store.path.parent, *rows, text=name, label=name)).batch_id


def write(path: Path, name: str, n_batches: str) -> Store:
    """Add batches and print each name once it is acknowledged."""
    store = opened(path)
    for number in range(int(n_batches)):
        add_one(store, f"{name}-{number}")
        os.write(1, f"{name}-{number}\n".encode())
    return store


def write_and_die(path: Path, n_kills: str, seed: str) -> None:
    """Fork writers that never stop by themselves, and kill each at a random moment after its first batch."""
    table(row(1))  # loads what Arrow loads on first use, once and not in each child
    chance = random.Random(int(seed))
    for number in range(int(n_kills)):
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.dup2(writing, 1)
            write(path, f"writer{number}", "1000000")
        os.close(writing)
        acknowledged = os.read(reading, 1)
        time.sleep(chance.uniform(0.0, 0.12))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        while piece := os.read(reading, 65536):
            acknowledged += piece
        os.close(reading)
        os.write(1, acknowledged)


def leave_open(path: Path, n_batches: str) -> None:
    """Add batches and end as if killed, so that the write-ahead log stays."""
    _still_open = write(path, "left", n_batches)
    os._exit(0)


def fill_up(path: Path, step: str) -> None:
    """Try to add under ever larger file-size limits; print what happened at each and what was left."""
    store = Store.open(path)
    known = shown_ids(store)
    _, unlimited = resource.getrlimit(resource.RLIMIT_FSIZE)
    limits = (0, 8, 2_000, *range(int(step), 72_000, int(step)))
    prepared = [batch(path.parent, row(number), text=f"limited to {number}") for number in limits]
    for limit, of_step in zip(limits, prepared, strict=True):
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, unlimited))
        outcome = attempt(store, of_step)
        outcome["readable"] = shown_ids(store)[: len(known)] == known
        resource.setrlimit(resource.RLIMIT_FSIZE, (unlimited, unlimited))
        report(store, outcome | {"limit": limit})
    print(json.dumps({"after": add_one(store, "after")}))


def fill_disk(path: Path, elsewhere: str, step: str) -> None:
    """Try to add on a small disk with ever more room left; the files that are loaded lie elsewhere."""
    store = Store.open(path)
    known = shown_ids(store)
    ballast = path.parent / "ballast"
    for room in range(0, 86_016, int(step)):
        of_step = batch(Path(elsewhere), row(room), text=f"room for {room}")
        ballast.unlink(missing_ok=True)
        disk = os.statvfs(path)
        ballast.write_bytes(bytes(max(0, disk.f_bavail * disk.f_frsize - room)))
        outcome = attempt(store, of_step)
        outcome["readable"] = shown_ids(store)[: len(known)] == known
        store.close()
        store = Store.open(path)
        outcome["reopened"] = shown_ids(store)[: len(known)] == known
        ballast.unlink()
        report(store, outcome | {"limit": room})
    store.close()
    disk = os.statvfs(path)
    ballast.write_bytes(bytes(disk.f_bavail * disk.f_frsize))
    full = Store.open(path)
    refused = attempt(full, batch(Path(elsewhere), row(1), text="opened full"))
    started = {"ids": shown_ids(full)[: len(known)] == known, "read_only": full.is_read_only, "code": refused["code"]}
    ballast.unlink()
    print(json.dumps({"after": add_one(Store.open(path), "after"), "started_full": started}))


def attempt(store: Store, of_step: Batch) -> dict[str, Any]:
    n_before = len(store.batches())
    try:
        store.add(of_step)
    except AtlasError as error:
        return {"code": error.problems[0].code.value, "n_added": len(store.batches()) - n_before}
    return {"code": "", "n_added": len(store.batches()) - n_before}


def report(store: Store, outcome: dict[str, Any]) -> None:
    leftovers = [str(file) for file in store.path.rglob("*.writing")]
    print(json.dumps(outcome | {"leftovers": leftovers, "problems": list(map(str, store.verify()))}), flush=True)


def look(path: Path) -> None:
    """Open a store and print what can be done with it."""
    try:
        store = opened(path)
        found = {"read_only": store.is_read_only, "ids": shown_ids(store), "verify": list(map(str, store.verify()))}
    except AtlasError as error:
        print(json.dumps({"error": str(error)}))
        return
    for name, act in (("add", lambda: add_one(store, "new")), ("undo", lambda: store.undo(1))):
        try:
            act()
            found[name] = "done"
        except AtlasError as error:
            found[name] = str(error)
    print(json.dumps(found))


if __name__ == "__main__":
    acts = {act.__name__: act for act in (write, write_and_die, leave_open, fill_up, fill_disk, look)}
    acts[sys.argv[1]](Path(sys.argv[2]), *sys.argv[3:])

"""Children that die in the middle of a change: `python -m tests.faults.crash_children NAME STORE ...`.

Each prints one line of JSON with what was counted; a store that is not as it should be ends it with a traceback.
"""

from __future__ import annotations

import builtins
import json
import os
import random
import signal
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from geo import temporary
from geo.store import Store, files
from tests.faults.history import KINDS, Act, State, after, checked, next_act, perform, prepared
from tests.toy_store import opened

_CRASHED, _LONGEST_S = 137, 60


def kills(path: Path, kinds: str, n_kills: str, seed_number: str) -> None:
    """Fork writers that change a store without end, kill -9 each at a random moment, and check what it left.

    A writer is killed after its first change, within about as long as that took.
    """
    prepared(path.parent / "preparing")
    chance, state, n_acts = random.Random(int(seed_number)), frozenset[str](), 0
    opened(path).close()
    for number in range(int(n_kills)):
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            _change_without_end(path, state, tuple(kinds.split(",")), number, writing)
        os.close(writing)
        told = os.read(reading, 1)
        started = time.monotonic()
        while b"done" not in told and (piece := os.read(reading, 65536)):
            told += piece
        time.sleep(chance.uniform(0.0, 1.5 * (time.monotonic() - started)))
        os.kill(child, signal.SIGKILL)
        _require_end(child, -signal.SIGKILL)
        while piece := os.read(reading, 65536):
            told += piece
        os.close(reading)
        interrupted, done = _told(told)
        for act in done:
            state = after(state, act)
        store = opened(path)
        state = checked(store, state, interrupted)
        store.close()
        n_acts += len(done)
    temporary.sweep()
    left = [one.name for one in Path(tempfile.gettempdir()).iterdir() if one.name.startswith("kp-atlas-read")]
    print(json.dumps({"kills": int(n_kills), "acknowledged": n_acts, "left": left}))


def _change_without_end(path: Path, state: State, kinds: tuple[str, ...], number: int, writing: int) -> None:
    store, chance = opened(path), random.Random(number)
    for step in range(1_000_000):
        act = next_act(state, kinds, number * 1000 + step, chance)
        os.write(writing, f"begun {act.kind} {act.about}\n".encode())
        perform(store, act)
        os.write(writing, b"done\n")
        state = after(state, act)


def _told(lines: bytes) -> tuple[Act | None, list[Act]]:
    begun, done = None, []
    for line in lines.decode().splitlines():
        if line == "done" and begun:
            done.append(begun)
            begun = None
        elif line.count(" ") == 2:
            begun = Act(*line.split()[1:])
    return begun, done


def backups(path: Path, n_kills: str, seed_number: str) -> None:
    """Kill -9 backups and restorings at random moments: a copy is there whole, or not under its name.

    After these, one of each is left to end.
    """
    prepared(path.parent / "preparing")
    store, chance, n_whole = opened(path), random.Random(int(seed_number)), 0
    for number in range(12):
        perform(store, Act("add", f"a{number}"))
    shown, started = labels_of(store), time.monotonic()
    store.backup(path.parent / "good")
    usual = time.monotonic() - started
    for number in range(int(n_kills) + 2):
        target = path.parent / f"copy{number}"
        child = os.fork()
        if child == 0:
            (opened(path).backup if number % 2 else partial(Store.restore, path.parent / "good"))(target)
            os._exit(0)
        is_killed = number < int(n_kills)
        if is_killed:
            time.sleep(chance.uniform(0.0, 2.5 * usual))
            os.kill(child, signal.SIGKILL)
        code = _require_end(child, *((0, -signal.SIGKILL) if is_killed else (0,)))
        if code == 0 and not target.exists():
            raise AssertionError(f"{target} is missing though it was made")
        if target.exists():
            n_whole += 1
            copy = Store.open(target)
            if labels_of(copy) != shown or copy.verify():
                raise AssertionError(f"{target} is not whole")
    if labels_of(store) != shown or store.verify():
        raise AssertionError("a killed backup changed the store")
    print(json.dumps({"kills": int(n_kills), "whole": n_whole}))


def _require_end(child: int, *expected: int) -> int:
    """Wait for a child and return how it ended; a child that failed by itself was not killed in its work."""
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if code not in expected:
        raise AssertionError(f"a child ended with {code}")
    return code


def labels_of(store: Store) -> list[str]:
    """Return the labels of all batches in their order."""
    return [record.label for record in store.batches(include_undone=True)]


# --- crashes between any two calls of the system ---------------------------------------------------------------


def crashed(path: Path, act: Act, at: int | None) -> bool:
    """Do an act in a child that ends before its call number `at`; return whether it was done before that."""
    child = os.fork()
    if child == 0:
        signal.alarm(_LONGEST_S)
        _end_before_call(at)
        perform(opened(path), act)
        os._exit(0)
    return _require_end(child, 0, _CRASHED) == 0


def every_call(path: Path, kinds: str, step: str) -> None:
    """Do each kind of act again and again, ended before its first call, then before a later one, until it is done."""
    prepared(path.parent / "preparing")
    opened(path).close()
    n_crashes, state, number = 0, frozenset[str](), 0
    for kind in kinds.split(","):
        number += 1
        state = _done(path, state, Act("add", f"a{number}"))  # for acts that need a batch
        at, is_done = 1, False
        while not is_done:
            number += 1
            act = next_act(state, (kind,), number, random.Random(at))
            is_done = crashed(path, act, at)
            at += int(step)
            n_crashes += not is_done
            state = _state_after(path, state, act, is_done)
    print(json.dumps({"crashes": n_crashes}))


def any_history(path: Path, n_histories: str) -> None:
    """Let hypothesis choose histories of acts, some of them ended before one of their calls."""
    prepared(path.parent / "preparing")
    n_crashes = 0

    class Histories(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.folder = tempfile.TemporaryDirectory(dir=path.parent)
            self.store, self.state, self.number = Path(self.folder.name, "store"), frozenset[str](), 0
            opened(self.store).close()

        @rule(kind=st.sampled_from([kind for kind in KINDS if kind != "import"]), at=st.none() | st.integers(1, 120))
        def do(self, kind: str, at: int | None) -> None:
            nonlocal n_crashes
            self.number += 1
            act = next_act(self.state, (kind,), self.number, random.Random(self.number))
            is_done = crashed(self.store, act, at)
            n_crashes += not is_done
            self.state = _state_after(self.store, self.state, act, is_done)

        def teardown(self) -> None:
            self.folder.cleanup()

    chosen = settings(max_examples=int(n_histories), stateful_step_count=10, deadline=None, database=None)
    run_state_machine_as_test(seed(1)(Histories), settings=settings(chosen, suppress_health_check=list(HealthCheck)))
    print(json.dumps({"crashes": n_crashes}))


def _state_after(path: Path, state: State, act: Act, is_done: bool) -> State:
    store = opened(path)
    try:
        return checked(store, after(state, act) if is_done else state, None if is_done else act)
    finally:
        store.close()


def _done(path: Path, state: State, act: Act) -> State:
    store = opened(path)
    perform(store, act)
    store.close()
    return after(state, act)


def _end_before_call(at: int | None) -> None:
    """Count calls that write, sync, rename, remove or commit, and end the process before one of them."""
    n_calls = 0

    def counting(original: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:
            nonlocal n_calls
            n_calls += 1
            if n_calls == at:
                os._exit(_CRASHED)
            return original(*arguments, **options)

        return call

    for name in ("fsync", "replace", "rename", "unlink", "mkdir", "open"):
        setattr(os, name, counting(getattr(os, name)))

    class Counted(sqlite3.Connection):
        execute = counting(sqlite3.Connection.execute)

    connect = sqlite3.connect
    sqlite3.connect = lambda *arguments, **options: connect(*arguments, **options, factory=Counted)  # type: ignore

    def opened_counting(*arguments: Any, **options: Any) -> Any:
        handle = builtins.open(*arguments, **options)  # noqa: SIM115 (closed by the caller)
        return _Handle(handle, counting(handle.write)) if handle.writable() else handle

    files.open = opened_counting  # type: ignore[attr-defined]


class _Handle:
    """A file whose writes are counted."""

    def __init__(self, handle: Any, write: Callable[[Any], int]) -> None:
        self._handle, self.write = handle, write

    def __getattr__(self, name: str) -> Any:
        return getattr(self._handle, name)

    def __enter__(self) -> _Handle:
        return self

    def __exit__(self, *_error: object) -> None:
        self._handle.close()


if __name__ == "__main__":
    acts: dict[str, Callable[..., None]] = {act.__name__: act for act in (kills, backups, every_call, any_history)}
    acts[sys.argv[1]](Path(sys.argv[2]), *sys.argv[3:])

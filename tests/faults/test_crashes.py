"""Ended at any moment of any change, the store holds what it acknowledged, and the interrupted change whole or not."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from geo.problems import StoreError
from geo.store import Store
from tests import postgres_server
from tests.faults.history import DECIDES, KINDS, SWITCHES, Act, State, after, checked, next_act, perform
from tests.postgres_server import PostgresServer
from tests.toy_store import opened, place_of

ROOT = Path(__file__).resolve().parents[2]
pytestmark = [pytest.mark.fault, pytest.mark.skipif(sys.platform == "win32", reason="needs fork and POSIX signals")]
Amount = Callable[[int, int], int]
Count = Callable[[str, int], None]
STORED = tuple(kind for kind in KINDS if kind != "import")


def told(act: str, *arguments: object) -> dict[str, Any]:
    """Run a child to its end and return what it counted."""
    command = [sys.executable, "-m", "tests.faults.crash_children", act, *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=3600)
    assert done.returncode == 0, done.stderr[-4000:]
    return json.loads(done.stdout.splitlines()[-1])  # type: ignore[no-any-return]


@pytest.mark.case(53, 66)
@pytest.mark.usefixtures("catalogue_kind")
@pytest.mark.parametrize(
    ("kinds", "short", "long"),
    [("add," + ",".join(SWITCHES), 4, 60), (",".join(DECIDES), 4, 60), ("import", 2, 30)],
    ids=["add, undo, redo", "merge, decide", "import"],
)
def test_a_change_of_any_kind_killed_at_any_moment_is_there_whole_or_not_at_all(
    kinds: str, short: int, long: int, tmp_path: Path, amount: Amount, count: Count
) -> None:
    n_kills = amount(short, long)
    place_of(tmp_path / "store")
    found = told("kills", tmp_path / "store", kinds, n_kills, 5)
    assert found["left"] == [], "temporary folders of killed readers are swept"
    assert found["acknowledged"] >= n_kills
    count("kills -9 of a writer", n_kills)
    count("changes acknowledged before a kill, none lost", found["acknowledged"])


@pytest.mark.case(60)
def test_a_backup_or_a_restore_killed_at_any_moment_is_there_whole_or_not_at_all(
    tmp_path: Path, amount: Amount, count: Count
) -> None:
    n_kills = amount(6, 60)
    found = told("backups", tmp_path / "store", n_kills, 5)
    assert 2 <= found["whole"] <= n_kills + 2, "those that were not killed are there"
    count("kills -9 of a backup or a restore", n_kills)


@pytest.mark.case(53)
def test_a_crash_before_any_call_of_the_system_leaves_the_state_before_or_after(
    tmp_path: Path, amount: Amount, count: Count
) -> None:
    found = told("every_call", tmp_path / "store", ",".join(STORED), amount(17, 1))
    assert found["crashes"] >= len(STORED)
    count("crashes before a write, sync, rename, removal or statement", found["crashes"])


@pytest.mark.case(53)
def test_any_history_with_crashes_ends_in_a_store_that_holds_it(tmp_path: Path, amount: Amount, count: Count) -> None:
    found = told("any_history", tmp_path / "store", amount(4, 80))
    assert found["crashes"] > 0
    count("crashes in histories that hypothesis chose", found["crashes"])


@pytest.mark.case(53)
def test_a_database_server_killed_in_the_middle_of_commits_loses_nothing_it_acknowledged(
    tmp_path: Path, server: PostgresServer, monkeypatch: pytest.MonkeyPatch, amount: Amount, count: Count
) -> None:
    monkeypatch.setenv(postgres_server.VARIABLE, server.url)
    store, state, chance = opened(tmp_path / "store"), frozenset[str](), random.Random(9)
    n_kills, n_done = amount(3, 30), 0
    for _ in range(n_kills):
        killer = threading.Timer(chance.uniform(0.02, 0.4), kill_server, [server])
        killer.start()
        done = list(changes_until_it_fails(store, state, chance, n_done))
        killer.join()
        server.control("start")
        store = opened(tmp_path / "store")
        *acknowledged, interrupted = done
        for act in acknowledged:
            state = after(state, act)
        state = checked(store, state, interrupted)
        n_done += len(done)
    count("kills of the database server", n_kills)
    count("changes acknowledged by it, none lost", n_done - n_kills)


def changes_until_it_fails(store: Store, state: State, chance: random.Random, number: int) -> Iterator[Act]:
    """Yield each change that is begun; the last one is that in which the server was lost."""
    while True:
        number += 1
        act = next_act(state, STORED, number, chance)
        yield act
        try:
            perform(store, act)
        except StoreError as error:
            if not any(words in str(error) for words in ("cannot be reached", "may have been made")):
                raise
            return
        state = after(state, act)


def kill_server(server: PostgresServer) -> None:
    """Stop the server at once, as a crash: no connection is ended in order and nothing is written at the end."""
    server.control("stop", "-m", "immediate")

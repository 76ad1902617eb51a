"""Runs of pages follow each other, first come, first served, and nobody keeps the others waiting for long."""

from __future__ import annotations

import threading
import time

import pytest

from geo.views.turns import Turns

LONG_S = 30.0


def begin(turns: Turns, name: str, order: list[str], may_end: threading.Event) -> threading.Thread:
    """Start a run and return once it waits or has begun."""

    def run() -> None:
        with turns.turn():
            order.append(name)
            may_end.wait(LONG_S)

    n_before = len(turns._waiting) + len(order)
    thread = threading.Thread(target=run)
    thread.start()
    until = time.monotonic() + LONG_S
    while len(turns._waiting) + len(order) == n_before and time.monotonic() < until:
        time.sleep(0.001)
    return thread


def test_runs_follow_each_other_in_the_order_of_their_coming() -> None:
    turns, order, may_end = Turns(LONG_S), list[str](), threading.Event()
    threads = [begin(turns, name, order, may_end) for name in "abcd"]
    assert order == ["a"]
    may_end.set()
    for thread in threads:
        thread.join(LONG_S)
    assert order == list("abcd")
    assert not turns._waiting


def test_a_long_run_does_not_keep_the_others_waiting() -> None:
    turns, order, may_end, never = Turns(0.05), list[str](), threading.Event(), threading.Event()
    long = begin(turns, "long", order, never)
    may_end.set()
    for name in "bc":
        begin(turns, name, order, may_end).join(LONG_S)
    assert order == ["long", "b", "c"]
    assert long.is_alive()
    never.set()
    long.join(LONG_S)


def test_the_end_of_a_run_that_took_too_long_does_not_end_the_turn_of_another() -> None:
    turns, order, may_end, never = Turns(0.05), list[str](), threading.Event(), threading.Event()
    late = begin(turns, "late", order, never)
    time.sleep(0.06)
    turns._longest_s = LONG_S
    with turns._changed:
        turns._begun_s -= LONG_S
    second = begin(turns, "second", order, may_end)
    never.set()
    late.join(LONG_S)
    third = begin(turns, "third", order, may_end)
    assert order == ["late", "second"]
    may_end.set()
    second.join(LONG_S)
    third.join(LONG_S)
    assert order == ["late", "second", "third"]


def test_a_run_that_fails_ends_its_turn() -> None:
    turns = Turns(LONG_S)
    with pytest.raises(ValueError, match="page"), turns.turn():
        raise ValueError("page")
    with turns.turn():
        assert turns._alone is not None
    assert turns._alone is None

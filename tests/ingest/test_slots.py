"""Files that are read at the same time: a limit for all, one for each visitor, and a turn for everybody."""

from __future__ import annotations

import contextvars
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress

import pytest

from geo.ingest.process import slots
from geo.ingest.process.slots import Slots


class GiveUp(Exception):
    pass


def give_up() -> None:
    raise GiveUp


def as_reader(name: str) -> None:
    slots.reader.set(name)


def test_one_visitor_takes_no_more_than_their_places_and_another_finds_one() -> None:
    places = Slots()

    def with_two() -> None:
        as_reader("alice")
        with places.taken(4, 2, give_up), places.taken(4, 2, give_up):
            with pytest.raises(GiveUp), places.taken(4, 2, give_up):
                pass
            slots.reader.set("bob")
            with places.taken(4, 2, give_up):
                pass

    contextvars.copy_context().run(with_two)


def test_all_together_take_no_more_than_there_are() -> None:
    places = Slots()
    names = iter(["a", "b", "c"])

    def taken_by_next() -> None:
        as_reader(next(names))

    def run() -> None:
        taken_by_next()
        with places.taken(2, 2, give_up):
            taken_by_next()
            with places.taken(2, 2, give_up):
                taken_by_next()
                with pytest.raises(GiveUp), places.taken(2, 2, give_up):
                    pass

    contextvars.copy_context().run(run)


def test_a_command_is_bounded_by_the_limit_for_all_alone() -> None:
    places = Slots()

    def run() -> None:
        as_reader("")
        with ExitStack() as held:
            for _ in range(3):
                held.enter_context(places.taken(3, 1, give_up))
            with pytest.raises(GiveUp):
                held.enter_context(places.taken(3, 1, give_up))

    contextvars.copy_context().run(run)


def test_whoever_waits_has_a_turn_when_a_place_is_free_and_errors_free_it() -> None:
    places, holding, leaving = Slots(), threading.Event(), threading.Event()

    def hold() -> None:
        with suppress(GiveUp), places.taken(1, 1, give_up):
            holding.set()
            leaving.wait(30)
            raise GiveUp

    with ThreadPoolExecutor(1) as pool:
        held = pool.submit(hold)
        assert holding.wait(30)
        told: list[int] = []

        def waiting() -> None:
            told.append(1)
            leaving.set()

        with places.taken(1, 1, waiting):
            assert told, "the page is told that others are read first"
        held.result()

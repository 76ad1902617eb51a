"""How many files are read at the same time: in all, and for one visitor."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

# Whose reading this is; "" for a command, whose readings only the limit for all bounds.
reader: ContextVar[str] = ContextVar("reader", default="")
_TICK_S = 0.2


class Slots:
    """Places for readings. Those who find none wait their turn."""

    def __init__(self) -> None:
        self._taken: Counter[str] = Counter()
        self._free = threading.Condition()

    @contextmanager
    def taken(self, most: int, most_each: int, waiting: Callable[[], None]) -> Iterator[None]:
        """Hold a place while the block runs.

        waiting: called several times a second until there is one; an exception that it raises gives up.
        """
        whose = reader.get()
        while not self._take(whose, most, most_each):
            waiting()
        try:
            yield
        finally:
            with self._free:
                self._taken -= Counter([whose])
                self._free.notify_all()

    def _take(self, whose: str, most: int, most_each: int) -> bool:
        with self._free:
            if not self._is_free(whose, most, most_each):
                self._free.wait(_TICK_S)
            if not self._is_free(whose, most, most_each):
                return False
            self._taken[whose] += 1
            return True

    def _is_free(self, whose: str, most: int, most_each: int) -> bool:
        return self._taken.total() < most and (not whose or self._taken[whose] < most_each)


SLOTS = Slots()

"""Runs of pages in turn: with many readers nearly all answers come earlier than from runs side by side.

Python executes one thread at a time. A dozen runs side by side take each other's time, a short one waits for all long
ones, and every pause of a thread, however short, costs a wait for the others.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

# A run that takes longer, because it reads a file or waits for another process, goes on beside the next.
LONGEST_ALONE_S = 0.25


class Turns:
    """Who comes first is served first; nobody keeps the others waiting for more than `longest_s` seconds."""

    def __init__(self, longest_s: float = LONGEST_ALONE_S) -> None:
        self._longest_s = longest_s
        self._changed = threading.Condition()
        self._waiting: deque[object] = deque()
        self._alone: object | None = None
        self._begun_s = 0.0

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for a turn, and end it with the block."""
        ticket = object()
        with self._changed:
            self._waiting.append(ticket)
            try:
                while (left_s := self._left_s(ticket)) != 0:
                    self._changed.wait(left_s)
                self._alone, self._begun_s = ticket, time.monotonic()
            finally:
                self._waiting.remove(ticket)
                self._changed.notify_all()
        try:
            yield
        finally:
            with self._changed:
                if self._alone is ticket:
                    self._alone = None
                    self._changed.notify_all()

    def _left_s(self, ticket: object) -> float | None:
        """Return the seconds until a waiting run begins at the latest, 0 for now, None for not before a change."""
        if self._waiting[0] is not ticket:
            return None
        return 0 if self._alone is None else max(0.0, self._begun_s + self._longest_s - time.monotonic())


RUNS = Turns()

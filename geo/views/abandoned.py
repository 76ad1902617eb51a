"""Sessions that nobody comes back to: closed by the clock, so that what they hold is freed without a next visit.

Streamlit keeps a session whose connection broke for two minutes, for somebody who comes back, and afterwards until
another visitor arrives.
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import gc
import logging
import sys
import time
from typing import Any, Protocol

from geo import log
from geo.views import gate, visitors

# Below the two minutes after which Streamlit no longer finds a session (server.disconnectedSessionTTL).
KEPT_S = 90.0
_TICK_S = 15.0


class Runtime(Protocol):
    """What this needs of Streamlit's runtime."""

    def is_active_session(self, session_id: str) -> bool:
        """Whether somebody is connected."""

    def close_session(self, session_id: str) -> None:
        """End a session and free what it holds."""

    @property
    def uploaded_file_mgr(self) -> Any:
        """Return what holds the files."""


class Sessions:
    """When each session was last seen connected."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._seen: dict[str, float] = {}

    def close_abandoned(self, now: float) -> int:
        """Close the sessions without a connection for `KEPT_S` seconds; returns how many. now: of a monotonic clock."""
        n_closed = 0
        for session in {*visitors.sessions(), *gate.held_bytes()}:
            try:
                n_closed += self._close_if_abandoned(session, now)
            except Exception as error:  # one session that cannot be closed must not keep the others
                _log_error(error)
        return n_closed

    def _close_if_abandoned(self, session: str, now: float) -> bool:
        if self._runtime.is_active_session(session):
            self._seen[session] = now
            return False
        if now - self._seen.setdefault(session, now) < KEPT_S:
            return False
        n_bytes = sum(gate.held_bytes().get(session, {}).values())
        self._runtime.close_session(session)
        # A file that arrived after its session was closed belongs to nothing that Streamlit would close.
        self._runtime.uploaded_file_mgr.remove_session_files(session)
        visitors.forget(session)
        self._seen.pop(session, None)
        log.event("session closed", n_bytes=n_bytes)
        return True


async def watch(runtime: Runtime) -> None:
    """Close abandoned sessions as long as the server runs."""
    sessions = Sessions(runtime)
    while True:
        await asyncio.sleep(_TICK_S)
        try:
            if sessions.close_abandoned(time.monotonic()):
                await asyncio.to_thread(give_memory_back)
        except Exception as error:  # a fault at one tick must not end the watch
            _log_error(error)


def _log_error(error: Exception) -> None:
    log.event("sessions not closed", level=logging.ERROR, places=" | ".join(log.places_of(error)))


def give_memory_back() -> None:
    """Return memory that is free to the system, which the allocators of Arrow and of the C library keep otherwise."""
    import pyarrow as pa

    gc.collect()
    pa.default_memory_pool().release_unused()
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):  # other C libraries have no such function
            ctypes.CDLL(None).malloc_trim(0)

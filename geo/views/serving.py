"""The server around the app: what it reads before the first visitor comes.

Streamlit runs nothing of an app until somebody opens it. `app.py` therefore defines the server, which begins to read
the store as soon as it answers; the time in which a browser loads Streamlit's own files is not lost.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

_LOG = logging.getLogger("atlas")


@asynccontextmanager
async def lifespan(_server: Any) -> AsyncIterator[None]:
    """Begin to read when the server starts. A server that stops does not wait for it."""
    threading.Thread(target=_read_ahead, name="read ahead", daemon=True).start()
    yield


def _read_ahead() -> None:
    from geo.views import read_ahead

    try:
        read_ahead.front_page()
    except Exception:
        # The first visitor meets the same error, and reads there what it means.
        _LOG.warning("nothing was read before the first visitor", exc_info=True)

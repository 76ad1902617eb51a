"""What connections may take of the server: the size of a message, their number, and how long a stop waits for them.

A file comes by another way (see geo.views.gate); what a browser sends here asks for a run, with the values of controls.
"""

from __future__ import annotations

import gc
import logging
from typing import TYPE_CHECKING

import uvicorn

from geo import log

if TYPE_CHECKING:
    from geo.views.serving import _Application, _Message, _Receive, _Send

# Kilobytes are usual. The server keeps the last message of a browser as long as it is connected.
_LARGEST_MESSAGE = 1_000_000
# Each is a session with a memory of its own; a proxy limits those of one address.
_MOST_CONNECTIONS = 500
_STOPPING_S = 5


def bound() -> None:
    """Bound the messages of browsers, and how long a stop waits for whoever does not hang up.

    Streamlit makes the server itself, allows as much to a browser as to a page (server.maxMessageSize), and waits
    without an end. Its own limit (server.maxWidgetStateSize) holds when a message has arrived as a whole.
    """
    for one in gc.get_objects():
        if type(one) is uvicorn.Config:
            one.ws_max_size = _LARGEST_MESSAGE
            one.timeout_graceful_shutdown = _STOPPING_S


class Connections:
    """Middleware that refuses a connection when there are too many."""

    def __init__(self, app: _Application) -> None:
        self._app = app
        self._n_open = 0

    async def __call__(self, scope: _Message, receive: _Receive, send: _Send) -> None:
        """Answer one request, or hold one connection."""
        if scope["type"] != "websocket":
            await self._app(scope, receive, send)
            return
        if self._n_open >= _MOST_CONNECTIONS:
            log.event("connection refused", level=logging.WARNING, n_open=self._n_open)
            await send({"type": "websocket.close", "code": 1013})  # try again later
            return
        self._n_open += 1
        try:
            await self._app(scope, receive, send)
        finally:
            self._n_open -= 1

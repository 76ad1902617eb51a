"""The head of a page tells Streamlit's scripts where the app is, so that a deep link asks for nothing that is missing.

Without it they look for the server below the address of the page first (`/districts/_stcore/health`), and the browser
reports two failed requests on every page but the front page. It also holds what must run before them (assets/head).
"""

from __future__ import annotations

import gzip
from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any

from geo.settings import APP_ROOT

_Message = MutableMapping[str, Any]
_Receive = Callable[[], Awaitable[_Message]]
_Send = Callable[[_Message], Awaitable[None]]
_Application = Callable[[_Message, _Receive, _Send], Awaitable[None]]
# The folder of the page, as for the scripts that the head names; it also holds behind a proxy that adds a path.
_ADDRESS = b'window.__streamlit = {BACKEND_BASE_URL: new URL(".", window.location.href).href};\n'
_PARTS = [(Path(__file__).with_name("assets") / "head" / name).read_bytes() for name in ("menu.js", "paper.js")]
SCRIPT = b"".join((b"<script>", _ADDRESS, *_PARTS, b"</script>"))
# With these the answer would be compressed, in part or empty, and none of it could be read here.
_NOT_ASKED = (b"accept-encoding", b"if-none-match", b"if-modified-since", b"range")
# They belong to the file without the script.
_NOT_SENT = (b"etag", b"last-modified", b"accept-ranges", b"content-length")


class BaseAddress:
    """Middleware that adds the address of the app to the head of pages; everything else passes as it is."""

    def __init__(self, app: _Application) -> None:
        self._app = app
        self._pages = {"", *(path.stem for path in (APP_ROOT / "pages").glob("*.py"))}

    async def __call__(self, scope: _Message, receive: _Receive, send: _Send) -> None:
        """Answer one request."""
        is_page = scope["type"] == "http" and scope["path"].rpartition("/")[2] in self._pages
        if not is_page or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return
        is_small = b"gzip" in dict(scope["headers"]).get(b"accept-encoding", b"")
        plain = [pair for pair in scope["headers"] if pair[0] not in _NOT_ASKED]
        await self._app({**scope, "headers": plain}, receive, _adding(send, is_small=is_small))


def _adding(send: _Send, *, is_small: bool) -> _Send:
    begun: _Message = {}
    parts: list[bytes] = []

    async def take(message: _Message) -> None:
        if message["type"] == "http.response.start":
            begun.update(message)
        kind = dict(begun["headers"]).get(b"content-type", b"")
        if begun["status"] != 200 or not kind.startswith(b"text/html"):
            await send(message)
        elif message["type"] == "http.response.body":
            parts.append(message.get("body", b""))
            if not message.get("more_body", False):
                await _send_page(begun, b"".join(parts), send, is_small=is_small)

    return take


async def _send_page(begun: _Message, page: bytes, send: _Send, *, is_small: bool) -> None:
    body = page.replace(b"<head>", b"<head>" + SCRIPT, 1)
    headers = [pair for pair in begun["headers"] if pair[0] not in _NOT_SENT]
    headers.append((b"vary", b"Accept-Encoding"))
    if is_small:
        body = gzip.compress(body, 6, mtime=0)
        headers.append((b"content-encoding", b"gzip"))
    headers.append((b"content-length", b"%d" % len(body)))
    await send({**begun, "headers": headers})
    await send({"type": "http.response.body", "body": body})

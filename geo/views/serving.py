"""The server around the app: what it reads before the first visitor comes, and how files reach a slow connection.

Streamlit runs nothing of an app until somebody opens it, and sends its own scripts as they are: megabytes before a
map. `app.py` therefore defines the server, which begins to read the store as soon as it answers, sends scripts
compressed, names those that the map will need in the head of a page, and lets browsers keep what can never change.
"""

from __future__ import annotations

import asyncio
import gc
import gzip
import logging
import re
import socket
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from typing import Any

import streamlit
from streamlit.runtime import get_instance

from geo import log
from geo.views import abandoned, connections

_LOG = logging.getLogger("atlas")
_Message = MutableMapping[str, Any]
_Receive = Callable[[], Awaitable[_Message]]
_Send = Callable[[_Message], Awaitable[None]]
_Application = Callable[[_Message, _Receive, _Send], Awaitable[None]]
# A name with a part that follows from the content: another content has another name.
_NEVER_CHANGES = re.compile(r"/component/.*\.[0-9a-f]{8,}\.(js|woff2)\Z")
# Of Streamlit's own scripts: those that a page names, those that a script imports, and the kinds of a first map.
_OF_HEAD = re.compile(r"static/js/([\w.-]+\.js)")
_IMPORTED = re.compile(r'(?:from|import) *"\./([\w.-]+\.js)"')
_DRAWN_FIRST = re.compile(r"(ComponentInstance|Html)\.[\w-]+\.js")
_COMPRESSED = re.compile(r"(?!.*/component/).*/static/(js|css)/[^/]+\Z")
# What the head of a page names: asked for at once, instead of when the page has heard of its map.
_OF_THE_MAP: list[str] = []
# Set by a visitor's run that has drawn a map: until then Streamlit does not know the folder of its files.
map_is_served = threading.Event()
# Whether visitors come, who wait: some checks are for the tests alone.
is_running = False
_modules_loaded = threading.Event()
_modules_loaded.set()  # until a server says otherwise
_LONGEST_LOADING_S = 60
_ASKED_IF_CHANGED = {b"if-none-match", b"if-modified-since"}
_FOR_EVER = b"public, immutable, max-age=31536000"


@asynccontextmanager
async def lifespan(_server: Any) -> AsyncIterator[None]:
    """Begin to read when the server starts, close abandoned sessions, and remove the files for browsers when it stops.

    A server that is stopped by a signal ends without what a process does at its end, and does not wait for the reading.
    """
    global is_running
    is_running = True
    log.configure()
    send_without_delay()
    connections.bound()
    _modules_loaded.clear()
    threading.Thread(target=_read_ahead, name="read-ahead", daemon=True).start()
    watching = asyncio.create_task(abandoned.watch(get_instance()))
    yield
    watching.cancel()
    is_running = False
    from geo.views import assets

    assets.remove_files()


def send_without_delay() -> None:
    """Let this process's sockets, and the connections they accept, send a short message while another is under way.

    Streamlit opens its socket itself, without a protocol number, so that asyncio leaves out what it does for others: a
    message then waits until the browser has confirmed the one before, which takes up to 40 ms.
    """
    for one in gc.get_objects():
        is_open = isinstance(one, socket.socket) and one.fileno() >= 0
        if is_open and one.type == socket.SOCK_STREAM and one.family in (socket.AF_INET, socket.AF_INET6):
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def _read_ahead() -> None:
    # Of the modules nothing becomes garbage, and looking for it takes a fourteenth of the time in which they load.
    gc.disable()
    try:
        _load_and_read()
    finally:
        # No request is answered while Python looks for garbage: what lasts need not be looked at each time.
        gc.freeze()
        gc.enable()


def _load_and_read() -> None:
    try:
        from geo.views import read_ahead
    finally:
        _modules_loaded.set()
    try:
        _say_what_starts()
        _OF_THE_MAP.extend(f"<./{address}>; rel=prefetch" for address in read_ahead.front_page())
    except Exception:
        # The first visitor meets the same error, and reads there what it means.
        _LOG.warning("nothing was read before the first visitor", exc_info=True)


def _say_what_starts() -> None:
    from geo import settings

    found = settings.current()
    log.event("started", mode=found.mode, has_sign_in=found.has_sign_in, people=len(found.people))
    if found.mode == settings.SERVER and not (found.has_sign_in and found.people):
        log.event("nobody can sign in: no uploads, no decisions", level=logging.WARNING)


def uncaught(error: Exception) -> bool:
    """Show a number for an error that app.py could not catch; called by Streamlit, which then shows nothing itself."""
    from geo.views import messages

    messages.unexpected(error)
    return True


def wait_for_modules() -> None:
    """Let the server's thread load the modules of the app first; called by the run of a visitor.

    Loaded by two threads at once they take twice as long, and one may meet a module that is half loaded.
    """
    _modules_loaded.wait(_LONGEST_LOADING_S)


class Files:
    """Middleware for the files of the frontend; whatever is no plain answer to GET passes as it is."""

    def __init__(self, app: _Application) -> None:
        self._app = app
        # Whole answers by path, without headers for one visitor; Streamlit's files do not change while it runs.
        self._kept: dict[str, tuple[_Message, bytes]] = {}

    async def __call__(self, scope: _Message, receive: _Receive, send: _Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return
        if b"embed=1" in scope.get("query_string", b"").split(b"&"):
            await _redirect_to_frontend_word(scope, send)
            return
        asked, path = dict(scope["headers"]), scope["path"]
        is_text = _COMPRESSED.match(path) and b"gzip" in asked.get(b"accept-encoding", b"")
        if not is_text or b"range" in asked:
            await self._app(scope, receive, self._marking(path, send))
        elif path in self._kept and not asked.keys() & _ASKED_IF_CHANGED:
            await _send_whole(*self._kept[path], send)
        else:
            await self._app(scope, receive, self._compressing(path, send))

    def _compressing(self, path: str, send: _Send) -> _Send:
        begun: _Message = {}
        parts: list[bytes] = []

        async def take(message: _Message) -> None:
            if message["type"] == "http.response.start":
                begun.update(message)
            headers = dict(begun["headers"])
            # A file that does not exist is answered with a page, whatever its path: such paths have no end.
            is_page = headers.get(b"content-type", b"").startswith(b"text/html")
            if begun["status"] != 200 or b"etag" not in headers or is_page:
                await send(message)
            elif message["type"] == "http.response.body":
                parts.append(message.get("body", b""))
                if not message.get("more_body", False):
                    if path not in self._kept:
                        self._kept[path] = await asyncio.to_thread(_compressed, begun, b"".join(parts))
                    await _send_whole(*self._kept[path], send)

        return take

    def _marking(self, path: str, send: _Send) -> _Send:
        async def take(message: _Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == 200:
                # A list: a header such as that of a cookie may stand there more than once.
                headers = list(message["headers"])
                kind = dict(headers).get(b"content-type", b"")
                if _NEVER_CHANGES.search(path):
                    headers = [pair for pair in headers if pair[0] != b"cache-control"]
                    headers.append((b"cache-control", _FOR_EVER))
                elif kind.startswith(b"text/html") and "/component/" not in path and (hints := _hints()):
                    headers.append((b"link", hints))
                message["headers"] = headers
            await send(message)

        return take


def _compressed(begun: _Message, content: bytes) -> tuple[_Message, bytes]:
    """Return the beginning and the body of an answer, compressed, for any visitor."""
    body = gzip.compress(content, 6, mtime=0)
    headers = {name: value for name, value in begun["headers"] if name not in (b"set-cookie", b"accept-ranges")}
    headers |= {b"content-encoding": b"gzip", b"vary": b"Accept-Encoding", b"content-length": b"%d" % len(body)}
    return {**begun, "headers": list(headers.items())}, body


async def _send_whole(begun: _Message, body: bytes, send: _Send) -> None:
    await send(dict(begun))
    await send({"type": "http.response.body", "body": body})


async def _redirect_to_frontend_word(scope: _Message, send: _Send) -> None:
    """Lead from embed=1 to embed=true, the only form by which Streamlit's frontend leaves out its own frame."""
    parts = [b"embed=true" if part == b"embed=1" else part for part in scope["query_string"].split(b"&")]
    headers = [(b"location", b"?" + b"&".join(parts)), (b"content-length", b"0")]
    await send({"type": "http.response.start", "status": 307, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


def _hints() -> bytes:
    """Return what the head of a page names; a browser can have the map's files once somebody has seen a map."""
    of_streamlit = [f"<./static/js/{name}>; rel=modulepreload" for name in _scripts_before_a_map()]
    return ", ".join(of_streamlit + _OF_THE_MAP * map_is_served.is_set()).encode("ascii")


@cache
def _scripts_before_a_map() -> tuple[str, ...]:
    """Return the scripts by which Streamlit draws a style and the frame of a map, with those that they import.

    Left to itself a page asks for them when it has heard of its map, and for what they import after that. Those that
    every page names in its head are left out.
    """
    static = Path(streamlit.__file__).parent / "static"
    scripts = static / "static" / "js"
    begun = set(_OF_HEAD.findall((static / "index.html").read_text(encoding="utf-8")))
    waiting = sorted(path.name for path in scripts.iterdir() if _DRAWN_FIRST.fullmatch(path.name))
    found: list[str] = []
    while waiting:
        name = waiting.pop(0)
        if name not in begun:
            begun.add(name)
            found.append(name)
            waiting += _IMPORTED.findall((scripts / name).read_text(encoding="utf-8"))
    return tuple(found)

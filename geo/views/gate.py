"""The gate: what the server refuses before Streamlit sees it, and what every answer tells the browser to allow.

Streamlit takes a file from anybody who knows the number of a session, at any time and without a bound on their number,
and answers questions about its own figures. Here a file is taken only from the browser that the session belongs to,
while its visitor may have files read, and within the limits of one visitor and of all together.
"""

from __future__ import annotations

import asyncio
import logging
import re
from contextlib import suppress
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from geo import log
from geo.views import response_headers, visitors

if TYPE_CHECKING:
    from geo.settings import Settings
    from geo.views.serving import _Application, _Message, _Receive, _Send

_UPLOAD = re.compile(r"/_stcore/upload_file/([^/]+)/([^/]+)/?\Z")
_METRICS = re.compile(r"/_stcore/metrics/?\Z")
_AGENT = re.compile(r"/_stcore/agent(/|\Z)")
_PROTOCOL = b"sec-websocket-protocol"
_MB = 1_000_000
_FRAMING_BYTES = 100_000  # of the request around a file
_LONGEST_UPLOAD_S = 900
_LONGEST_DISCARD_S = 30
_MOST_FILES = 20  # of one visitor


class _Refused(Exception):
    def __init__(self, status: HTTPStatus, reason: str) -> None:
        super().__init__(reason)
        self.status, self.reason = status, reason


class Gate:
    """Middleware around everything that the server answers."""

    def __init__(self, app: _Application) -> None:
        self._app = app
        # Files that are being received, whose and how many bytes: they count before they are held.
        self._coming: list[tuple[str, int]] = []

    async def __call__(self, scope: _Message, receive: _Receive, send: _Send) -> None:
        """Answer one request, or let a connection pass."""
        if scope["type"] != "http":
            await self._app(_without_foreign_session(scope), receive, send)
            return
        settings = _settings()
        query = parse_qs(scope.get("query_string", b"").decode("latin-1"))
        marked = response_headers.adding(send, scope["path"], query, settings)
        try:
            await self._answer(scope, receive, marked, settings)
        except _Refused as refused:
            log.event("request refused", level=logging.WARNING, reason=refused.reason, status=int(refused.status))
            await _discard(scope, receive, settings)
            await _say(marked, refused.status, f"{refused.status.phrase}: {refused.reason}.\n")

    async def _answer(self, scope: _Message, receive: _Receive, send: _Send, settings: Settings | None) -> None:
        path, method = scope["path"], scope["method"]
        if _AGENT.search(path) or (_METRICS.search(path) and not (settings and settings.metrics)):
            raise _Refused(HTTPStatus.NOT_FOUND, "not served here")
        upload = _UPLOAD.search(path)
        if upload is None or method in ("GET", "HEAD", "OPTIONS"):
            await self._passing_on(scope, receive, send)
            return
        owner = _owner(scope, upload[1])
        if method != "PUT":
            await self._passing_on(scope, receive, send)
            return
        n_bytes = _stated_bytes(scope, settings)
        self._require_room(owner, upload[1], upload[2], n_bytes, settings)
        self._coming.append((owner, n_bytes))
        try:
            async with asyncio.timeout(_LONGEST_UPLOAD_S):
                await self._passing_on(scope, receive, send)
        except TimeoutError:
            raise _Refused(HTTPStatus.REQUEST_TIMEOUT, "the file took too long to arrive") from None
        finally:
            self._coming.remove((owner, n_bytes))

    async def _passing_on(self, scope: _Message, receive: _Receive, send: _Send) -> None:
        """Let Streamlit answer; an error becomes a page with a number under which the log has its places."""
        has_begun = False

        async def noting(message: _Message) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        try:
            await self._app(scope, receive, noting)
        except Exception as error:
            number = log.error(error)
            if has_begun:
                raise
            said = f"Something went wrong (number {number}). Details are in the log.\n"
            await _say(send, HTTPStatus.INTERNAL_SERVER_ERROR, said)

    def _require_room(self, owner: str, session: str, file: str, n_bytes: int, settings: Settings | None) -> None:
        """Refuse a file for which there is no room; a file that is sent again takes the place of the first."""
        limits = settings.limits if settings else {}
        held = held_bytes()
        own = [held.get(one, {}) for one in visitors.of_owner(owner)]
        coming = [one_bytes for whose, one_bytes in self._coming if whose == owner]
        again = held.get(session, {}).get(file, 0)
        if sum(len(files) for files in own) + len(coming) >= _MOST_FILES and not again:
            raise _Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "this visitor has too many files waiting")
        of_visitor = sum(sum(files.values()) for files in own) - again + sum(coming) + n_bytes
        if of_visitor > limits.get("visitor_mb", 0) * _MB:
            raise _Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "this visitor has too many bytes waiting")
        of_all = sum(sum(files.values()) for files in held.values()) - again + n_bytes
        of_all += sum(one_bytes for _whose, one_bytes in self._coming)
        if of_all > limits.get("held_mb", 0) * _MB:
            raise _Refused(HTTPStatus.SERVICE_UNAVAILABLE, "too many files are waiting; try again in some minutes")


def held_bytes() -> dict[str, dict[str, int]]:
    """Return the bytes of the files that Streamlit holds: session -> file -> bytes."""
    from streamlit.runtime import exists, get_instance

    if not exists():
        return {}
    stored: dict[str, dict[str, Any]] = getattr(get_instance().uploaded_file_mgr, "file_storage", {})
    return {
        session: {file: len(one.data) for file, one in dict(files).items()} for session, files in stored.copy().items()
    }


def _owner(scope: _Message, session: str) -> str:
    """Return who sends or removes a file, see `Visitor.owner`; the browser must be that of the session."""
    from geo.policy import Action

    browser, visitor = _browser_of(scope), visitors.of_session(session)
    if visitor is None or not browser or visitor.browser != browser:
        raise _Refused(HTTPStatus.FORBIDDEN, "no session of this browser")
    if not visitor.access.may(Action.CHECK):
        raise _Refused(HTTPStatus.FORBIDDEN, "this visitor may not send files")
    return visitor.owner


def _without_foreign_session(scope: _Message) -> _Message:
    """Return a connection that cannot take up the session of another browser: it gets a new one.

    Streamlit takes the third of the names of a websocket's protocol for the number of a session to go on with.
    """
    if scope["type"] != "websocket":
        return scope
    stated = [value for name, value in scope["headers"] if name == _PROTOCOL]
    # Of several headers one server reads the first, another the last: they are judged, and passed on, as one.
    asked = [name.strip() for name in b",".join(stated).decode("latin-1").split(",")]
    session = asked[2] if len(asked) > 2 else ""
    visitor = visitors.of_session(session)
    is_own = not session or (visitor is not None and visitor.browser == _browser_of(scope))
    if is_own and len(stated) <= 1:
        return scope
    if not is_own:
        log.event("session of another browser refused", level=logging.WARNING)
    kept = ",".join(asked[: 3 if is_own else 2]).encode("latin-1")
    others = [(name, value) for name, value in scope["headers"] if name != _PROTOCOL]
    return {**scope, "headers": [*others, (_PROTOCOL, kept)]}


def _browser_of(scope: _Message) -> str:
    header = b"; ".join(value for name, value in scope["headers"] if name == b"cookie").decode("latin-1")
    return visitors.browser_of(visitors.cookies_of(header))


def _stated_bytes(scope: _Message, settings: Settings | None) -> int:
    headers = dict(scope["headers"])
    stated = headers.get(b"content-length", b"")
    # A body in chunks has whatever size it comes to, though another one be stated.
    if b"transfer-encoding" in headers or not stated.isdigit() or len(stated) > 15:
        raise _Refused(HTTPStatus.LENGTH_REQUIRED, "the size of the file is not stated")
    most = settings.limits["file_mb"] * _MB if settings else 0
    if int(stated) > most + _FRAMING_BYTES:
        raise _Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "the file is too large")
    return int(stated)


async def _discard(scope: _Message, receive: _Receive, settings: Settings | None) -> None:
    """Read a refused file to its end and keep nothing: a browser that is still sending would not read the answer.

    One that is longer than any file may be, or that does not arrive soon, is answered at once.
    """
    most = settings.limits["file_mb"] * _MB + _FRAMING_BYTES if settings else 0
    stated = dict(scope["headers"]).get(b"content-length", b"")
    if not stated.isdigit() or len(stated) > 15 or not 0 < int(stated) <= most:
        return
    n_read = 0
    with suppress(TimeoutError):
        async with asyncio.timeout(_LONGEST_DISCARD_S):
            while n_read <= most:
                message = await receive()
                n_read += len(message.get("body", b""))
                if message["type"] != "http.request" or not message.get("more_body", False):
                    return


def _settings() -> Settings | None:
    """Return the settings, None for some that cannot be used: the pages say why, and nothing is allowed."""
    from geo import settings
    from geo.problems import AtlasError

    try:
        return settings.current()
    except AtlasError:
        return None


async def _say(send: _Send, status: HTTPStatus, said: str) -> None:
    body = said.encode()
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", b"%d" % len(body))]
    # What was not read of a request must not be taken for the next one.
    headers.append((b"connection", b"close"))
    await send({"type": "http.response.start", "status": int(status), "headers": headers})
    await send({"type": "http.response.body", "body": body})

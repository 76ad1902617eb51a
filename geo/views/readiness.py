"""Whether the atlas can show incidents: a question of whoever runs the service, answered with yes or no alone.

Streamlit's own `/_stcore/health` says that the server answers, whatever has become of the store.
"""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from typing import TYPE_CHECKING

from geo.problems import AtlasError
from geo.views import response_headers

if TYPE_CHECKING:
    from geo.views.serving import _Application, _Message, _Receive, _Send

PATH = "/_atlas/ready"


class Readiness:
    """Middleware that answers the question; everything else passes as it is."""

    def __init__(self, app: _Application) -> None:
        self._app = app

    async def __call__(self, scope: _Message, receive: _Receive, send: _Send) -> None:
        """Answer one request."""
        is_asked = scope["type"] == "http" and scope["path"] == f"{response_headers.base_path()}{PATH}"
        if not is_asked or scope["method"] not in ("GET", "HEAD"):
            await self._app(scope, receive, send)
            return
        is_ready = await asyncio.to_thread(_can_read)
        status = HTTPStatus.OK if is_ready else HTTPStatus.SERVICE_UNAVAILABLE
        body = b"ready\n" if is_ready else b"not ready\n"
        headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", b"%d" % len(body))]
        headers.append((b"cache-control", b"no-store"))
        await send({"type": "http.response.start", "status": int(status), "headers": headers})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})


def _can_read() -> bool:
    """Whether settings and store can be read now; a page and `python -m geo verify` say what is wrong with them."""
    from geo.views import cached, serving

    serving.wait_for_modules()
    try:
        cached.require_store()
    except AtlasError:
        return False
    return True

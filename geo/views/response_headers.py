"""What every answer tells the browser to allow: where scripts come from, and which sites may show a page in theirs."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit
from streamlit import config

from geo.views import base_address

if TYPE_CHECKING:
    from geo.settings import Settings
    from geo.views.serving import _Message, _Send

# The maps and tables of Streamlit's components are pages of their own, in frames; folium's run the script that they
# are sent. What a file says reaches them as base64 data only.
_OF_COMPONENTS = "'unsafe-inline' 'unsafe-eval'"
# Vega compiles the expressions of a chart; Streamlit loads small components from a blob that it made itself.
_OF_PAGES = "'unsafe-eval' blob:"
_TILES = "https://tile.openstreetmap.org"
_INLINE = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_ALWAYS = (
    (b"x-content-type-options", b"nosniff"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=(), payment=(), usb=()"),
    (b"cross-origin-opener-policy", b"same-origin"),
)


def adding(send: _Send, path: str, query: Mapping[str, Sequence[str]], settings: Settings | None) -> _Send:
    """Return a `send` that adds the headers; one that an answer has already stays as it is."""
    own = headers(path, query, settings)

    async def take(message: _Message) -> None:
        if message["type"] == "http.response.start":
            present = {name.lower() for name, _value in message.get("headers", ())}
            message = {
                **message,
                "headers": [*message.get("headers", ()), *(pair for pair in own if pair[0] not in present)],
            }
        await send(message)

    return take


def headers(path: str, query: Mapping[str, Sequence[str]], settings: Settings | None) -> list[tuple[bytes, bytes]]:
    """Return the headers of an answer. query: of its address; a page with embed=true may stand in other sites."""
    origins = settings.embed_origins if settings else ()
    is_component = re.match(rf"{re.escape(base_path())}/component/[^/]+/", path) is not None
    is_embedded = is_component or any(value in ("1", "true") for value in query.get("embed", ()))
    ancestors = " ".join(("'self'", *(origins if is_embedded else ())))
    # OpenStreetMap asks for the name of the site that shows its tiles; nobody else is told anything.
    referrer = b"strict-origin-when-cross-origin" if is_component else b"no-referrer"
    found = [*_ALWAYS, (b"referrer-policy", referrer)]
    if not (is_embedded and origins):
        found.append((b"x-frame-options", b"SAMEORIGIN"))
    tiles = f" {_TILES}" if is_component and settings and settings.online_tiles else ""
    if path.startswith(f"{base_path()}/media/"):
        rules = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"
    else:
        scripts = _OF_COMPONENTS if is_component else f"{_OF_PAGES} {_inline_scripts()}"
        rules = (
            f"default-src 'self'; script-src 'self' {scripts}; style-src 'self' 'unsafe-inline'; "
            f"img-src 'self' data: blob:{tiles}; font-src 'self' data:; connect-src 'self'; frame-src 'self'; "
            "worker-src 'self' blob:; object-src 'none'; base-uri 'self'; form-action 'self'"
        )
    found.append((b"content-security-policy", f"{rules}; frame-ancestors {ancestors}".encode("ascii")))
    return found


def base_path() -> str:
    """Return the path below which the app is served. A page may be asked for by a path that holds any other words."""
    base = str(config.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{base}" if base else ""


@cache
def _inline_scripts() -> str:
    """Return the digests of the scripts that stand within a page itself: Streamlit's own and that of this app."""
    page = (Path(streamlit.__file__).parent / "static" / "index.html").read_text("utf-8")
    digests = (
        hashlib.sha256(script.encode()).digest() for script in _INLINE.findall(base_address.SCRIPT.decode() + page)
    )
    return " ".join(f"'sha256-{base64.b64encode(digest).decode('ascii')}'" for digest in digests)

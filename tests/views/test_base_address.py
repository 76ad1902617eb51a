"""The head of a page names the address of the app, and no other answer is changed."""

from __future__ import annotations

import asyncio
import gzip
from typing import Any

import pytest

from geo.views.base_address import BaseAddress

PAGE = b"<!DOCTYPE html><html><head><title>Streamlit</title></head><body></body></html>"
HTML = [(b"content-type", b"text/html; charset=utf-8"), (b"etag", b'"one"'), (b"content-length", b"%d" % len(PAGE))]


def answer(
    path: str, *, headers: Any = HTML, status: int = 200, method: str = "GET", **asked: str
) -> tuple[dict[bytes, bytes], bytes, dict[bytes, bytes]]:
    """Return headers and body of one answer that an app sends in two parts, and the headers that this app was asked."""
    sent: list[Any] = []
    seen: dict[bytes, bytes] = {}

    async def app(scope: Any, _receive: Any, send: Any) -> None:
        seen.update(scope["headers"])
        await send({"type": "http.response.start", "status": status, "headers": list(headers)})
        await send({"type": "http.response.body", "body": PAGE[:30], "more_body": True})
        await send({"type": "http.response.body", "body": PAGE[30:]})

    async def send(message: Any) -> None:
        sent.append(message)

    named = [(name.replace("_", "-").encode(), value.encode()) for name, value in asked.items()]
    scope = {"type": "http", "method": method, "path": path, "headers": named}
    asyncio.run(BaseAddress(app)(scope, None, send))  # type: ignore[arg-type]
    body = b"".join(message["body"] for message in sent if message["type"] == "http.response.body")
    return dict(sent[0]["headers"]), body, seen


@pytest.mark.parametrize("path", ["/", "/districts", "/incident", "/at/districts", "/at/"])
def test_the_head_of_a_page_says_where_the_app_is_before_any_script(path: str) -> None:
    headers, body, _seen = answer(path)
    assert body.startswith(b"<!DOCTYPE html><html><head><script>window.__streamlit = {BACKEND_BASE_URL:")
    assert body.endswith(b"</script><title>Streamlit</title></head><body></body></html>")
    assert int(headers[b"content-length"]) == len(body)


def test_a_page_is_sent_whole_and_compressed_whatever_the_browser_keeps() -> None:
    asked = {"accept_encoding": "gzip, br", "if_none_match": '"one"', "range": "bytes=0-9", "cookie": "a=1"}
    headers, body, seen = answer("/districts", **asked)
    assert gzip.decompress(body) == answer("/districts")[1]
    assert headers[b"content-encoding"] == b"gzip"
    assert int(headers[b"content-length"]) == len(body)
    assert b"etag" not in headers
    assert seen == {b"cookie": b"a=1"}


@pytest.mark.parametrize(
    ("path", "options"),
    [
        ("/component/x.y/index.html", {}),
        ("/_stcore/health", {}),
        ("/districts", {"status": 404}),
        ("/districts", {"method": "HEAD"}),
        ("/districts", {"headers": [(b"content-type", b"application/json"), (b"etag", b'"one"')]}),
    ],
)
def test_every_other_answer_stays_as_it_is(path: str, options: dict[str, Any]) -> None:
    headers, body, _seen = answer(path, **options)
    assert (body, headers) == (PAGE, dict(options.get("headers", HTML)))

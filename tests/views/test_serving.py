"""The server around the app: compressed scripts, names that never change, hints, and reading before the first visit."""

from __future__ import annotations

import asyncio
import gc
import gzip
import re
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
import streamlit

from geo.views import assets, cached, read_ahead, serving

SCRIPT = b"const a = 1;" * 1000
ETAG = (b"etag", b'"one"')


def answer(
    path: str,
    *,
    seen: list[tuple[bytes, bytes]] | None = None,
    headers: Any = (ETAG,),
    status: int = 200,
    method: str = "GET",
    query_string: bytes = b"",
    **asked: str,
) -> Any:
    """Return status, headers and body of one request that is answered by an app which sends SCRIPT in two parts."""
    sent: list[Any] = []
    seen = [] if seen is None else seen

    async def app(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": status, "headers": list(headers)})
        await send({"type": "http.response.body", "body": SCRIPT[:500], "more_body": True})
        await send({"type": "http.response.body", "body": SCRIPT[500:]})

    async def send(message: Any) -> None:
        sent.append(message)

    named = [(name.replace("_", "-").encode(), value.encode()) for name, value in asked.items()]
    scope = {"type": "http", "method": method, "query_string": query_string, "path": path, "headers": named}
    asyncio.run(serving.Files(app)(scope, None, send))  # type: ignore[arg-type]
    body = b"".join(message["body"] for message in sent if message["type"] == "http.response.body")
    seen.extend(sent[0]["headers"])
    return sent[0]["status"], dict(sent[0]["headers"]), body


def test_a_script_of_streamlit_is_sent_compressed_to_whoever_can_read_it() -> None:
    status, headers, body = answer("/static/js/index.abc.js", accept_encoding="gzip, br")
    assert (status, gzip.decompress(body)) == (200, SCRIPT)
    assert headers[b"content-encoding"] == b"gzip"
    assert int(headers[b"content-length"]) == len(body) < len(SCRIPT) / 10


def test_a_script_is_read_and_compressed_once_and_nothing_of_its_first_visitor_is_kept() -> None:
    n_asked = 0

    async def app(scope: Any, _receive: Any, send: Any) -> None:
        nonlocal n_asked
        n_asked += 1
        is_known = (b"if-none-match", b'"one"') in scope["headers"]
        headers = [ETAG, (b"set-cookie", b"visitor=%d" % n_asked)]
        await send({"type": "http.response.start", "status": 304 if is_known else 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if is_known else SCRIPT})

    files = serving.Files(app)

    def ask(path: str, *more: tuple[bytes, bytes]) -> list[Any]:
        sent: list[Any] = []

        async def send(message: Any) -> None:
            sent.append(message)

        headers = [(b"accept-encoding", b"gzip"), *more]
        asyncio.run(files({"type": "http", "method": "GET", "path": path, "headers": headers}, None, send))  # type: ignore[arg-type]
        return sent

    first, second = ask("/static/js/index.abc.js"), ask("/static/js/index.abc.js")
    assert first == second
    assert n_asked == 1
    assert b"set-cookie" not in dict(second[0]["headers"])
    assert ask("/static/js/index.abc.js", (b"if-none-match", b'"one"'))[0]["status"] == 304
    ask("/static/js/other.abc.js")
    assert n_asked == 3


def test_nothing_is_kept_for_a_path_that_somebody_invented() -> None:
    async def app(_scope: Any, _receive: Any, send: Any) -> None:
        # Streamlit answers with its page whatever file is asked for.
        headers = [ETAG, (b"content-type", b"text/html; charset=utf-8")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"a page"})

    async def send(message: Any) -> None:
        sent.append(message)

    files, sent = serving.Files(app), list[Any]()
    for number in range(3):
        scope = {"type": "http", "method": "GET", "path": f"/{number}/static/js/x.js"}
        asyncio.run(files({**scope, "headers": [(b"accept-encoding", b"gzip")]}, None, send))  # type: ignore[arg-type]
    assert [message["body"] for message in sent if "body" in message] == [b"a page"] * 3
    assert files._kept == {}


def test_a_short_message_need_not_wait_for_the_one_before() -> None:
    def accepted() -> int:
        with socket.create_connection(listening.getsockname()), listening.accept()[0] as own:
            return own.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)

    # As Streamlit opens it.
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        assert not accepted()
        serving.send_without_delay()
        assert accepted()


def test_a_header_that_stands_there_twice_stays_so() -> None:
    cookies = [(b"set-cookie", b"a=1"), (b"set-cookie", b"b=2"), (b"content-type", b"text/html")]
    for path in ("/", "/component/x/atlas.0123456789ab.js"):
        seen: list[tuple[bytes, bytes]] = []
        answer(path, seen=seen, headers=cookies)
        assert [pair for pair in seen if pair[0] == b"set-cookie"] == cookies[:2]


@pytest.mark.parametrize(
    ("path", "options"),
    [
        ("/static/js/index.abc.js", {}),
        ("/static/js/index.abc.js", {"accept_encoding": "gzip", "range": "bytes=0-9"}),
        ("/static/js/index.abc.js", {"accept_encoding": "gzip", "status": 404}),
        ("/static/js/index.abc.js", {"accept_encoding": "gzip", "headers": ()}),
        ("/static/media/font.woff2", {"accept_encoding": "gzip"}),
        ("/component/x.y/static/js/main.abc.js", {"accept_encoding": "gzip"}),
        ("/media/file.csv", {"accept_encoding": "gzip"}),
    ],
)
def test_everything_else_is_sent_as_it_is(path: str, options: dict[str, Any]) -> None:
    status, headers, body = answer(path, **options)
    assert (status, body) == (options.get("status", 200), SCRIPT)
    assert b"content-encoding" not in headers


def test_a_browser_keeps_only_files_whose_name_follows_from_their_content() -> None:
    kept = b"public, immutable, max-age=31536000"
    for path in (
        "/component/geo.views.assets.files/atlas.0123456789ab.js",
        "/at/component/x.y/static/js/main.52186b0a.js",
    ):
        assert answer(path)[1][b"cache-control"] == kept
    for path in ("/component/x.y/index.html", "/component/x.y/main.js", "/_stcore/health", "/media/0123456789.js"):
        assert b"cache-control" not in answer(path)[1]
    assert b"cache-control" not in answer("/component/x.y/main.52186b0a.js", status=404)[1]


def test_the_head_of_a_page_names_the_scripts_of_a_map_once_they_are_served(
    embedded_store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ATLAS_STORE", str(embedded_store))
    monkeypatch.setattr(serving, "_OF_THE_MAP", [])
    monkeypatch.setattr(serving, "map_is_served", threading.Event())
    serving._read_ahead()
    page = (ETAG, (b"content-type", b"text/html; charset=utf-8"))
    before = answer("/points", headers=page)[1][b"link"].decode()
    assert "/static/js/ComponentInstance." in before
    assert "atlas." not in before
    serving.map_is_served.set()
    after = answer("/", headers=page)[1][b"link"].decode()
    assert "geo.views.assets.files/atlas." in after
    assert "streamlit_folium.st_folium/static/js/main." in after
    assert b"link" not in answer("/component/x.y/index.html", headers=page)[1]


def test_a_page_without_a_map_does_not_make_the_head_name_its_scripts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "map_is_served", threading.Event())
    assets.module_link("bars", "export default () => {}")
    assert not serving.map_is_served.is_set()
    assets.map_link()
    assert serving.map_is_served.is_set()


def test_what_the_front_page_needs_is_read_before_the_first_visit(
    embedded_store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ATLAS_STORE", str(embedded_store))
    cached.incidents.at.clear()
    read_ahead.front_page()
    read = cached.incidents()

    def not_again(*_given: Any, **_named: Any) -> None:
        raise AssertionError("the incidents are read a second time")

    monkeypatch.setattr("geo.intake.shown_incidents", not_again)
    assert cached.incidents() is read


def test_a_store_that_cannot_be_read_does_not_stop_the_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "store").write_text("no folder")
    monkeypatch.setenv("ATLAS_STORE", str(tmp_path / "store"))
    serving._read_ahead()
    assert "nothing was read before the first visitor" in caplog.text


def test_the_short_word_for_a_frame_leads_to_that_of_the_frontend() -> None:
    status, headers, body = answer("/points", query_string=b"from=2024-01-01&embed=1")
    assert (status, body) == (307, b"")
    assert dict(headers)[b"location"] == b"?from=2024-01-01&embed=true"
    for other in (b"", b"embed=true", b"embed=10", b"xembed=1"):
        assert answer("/points", query_string=other)[0] == 200


def test_the_head_of_a_page_names_the_scripts_of_a_map_with_all_that_they_import() -> None:
    static = Path(streamlit.__file__).parent / "static"
    head = (static / "index.html").read_text(encoding="utf-8")
    names = serving._scripts_before_a_map()
    assert {name.split(".")[0] for name in names} > {"ComponentInstance", "Html"}
    for name in names:
        assert name not in head
        for imported in re.findall(r'from"\./([^"]+)"', (static / "static" / "js" / name).read_text(encoding="utf-8")):
            assert imported in names or imported in head


def test_what_was_read_ahead_is_left_out_when_garbage_is_collected(
    embedded_store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ATLAS_STORE", str(embedded_store))
    monkeypatch.setattr(serving, "_OF_THE_MAP", [])
    gc.unfreeze()
    try:
        serving._read_ahead()
        assert gc.get_freeze_count() > 100_000
    finally:
        gc.unfreeze()


def test_charts_and_downloads_are_not_loaded_before_the_first_map() -> None:
    needed = "from geo.views import read_ahead, embed, whole_page, shell, overview, headline, incident_points"
    late = "{'altair', 'geo.views.export', 'geo.figure.brief'}"
    code = f"import sys; {needed}; print(sorted({late} & set(sys.modules)))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"

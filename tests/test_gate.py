"""The gate of the server: whose file is taken, how much may wait, what is never served, and errors with a number."""

from __future__ import annotations

import asyncio
import base64
import json
import logging
import time
from collections.abc import Iterable, Iterator
from dataclasses import replace
from http import HTTPStatus
from types import SimpleNamespace
from typing import Any

import pytest
from streamlit.web.server.starlette.starlette_app_utils import generate_xsrf_token_string

from geo import log, policy, settings
from geo.views import gate, visitors

PATH = "/_stcore/upload_file/{session}/{file}"
MB = 1_000_000


@pytest.fixture(autouse=True)
def _no_sessions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visitors, "_SESSIONS", {})
    monkeypatch.setattr(gate, "held_bytes", dict)


def cookie(owner: bytes) -> str:
    """A cookie of a browser, masked anew each time."""
    return f"_streamlit_xsrf={generate_xsrf_token_string(owner, 1)}"


def connect(session: str, owner: bytes, mode: str = "local", claims: dict[str, Any] | None = None) -> None:
    access = policy.of_visitor(settings.load({"ATLAS_MODE": mode}), claims or {}, None, None)
    browser = visitors.browser_of(visitors.cookies_of(cookie(owner)))
    assert browser
    visitors.note(session, visitors.Visitor(browser, access))


def ask(
    path: str,
    method: str = "PUT",
    *,
    headers: dict[str, str] | None = None,
    app: Any = None,
    parts: Iterable[bytes] | None = (),
) -> tuple[int, str]:
    """Return status and body of a request whose body comes in parts (None: never); the app behind answers 204."""
    sent: list[Any] = []
    coming = iter(parts or ())

    async def receive() -> Any:
        if parts is None:
            await asyncio.sleep(60)
        part = next(coming, None)
        return {"type": "http.request", "body": part or b"", "more_body": part is not None}

    async def taken(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async def send(message: Any) -> None:
        sent.append(message)

    named = [(name.encode(), value.encode()) for name, value in (headers or {}).items()]
    scope = {"type": "http", "method": method, "path": path, "query_string": b"", "headers": named}
    asyncio.run(gate.Gate(app or taken)(scope, receive, send))
    return sent[0]["status"], b"".join(message.get("body", b"") for message in sent).decode()


def put(session: str, owner: bytes, n_bytes: int = 1000, file: str = "f") -> int:
    headers = {"cookie": cookie(owner), "content-length": str(n_bytes)}
    return ask(PATH.format(session=session, file=file), headers=headers)[0]


def test_a_refused_file_is_read_to_its_end_so_that_the_answer_is_seen() -> None:
    read: list[bytes] = []

    def parts() -> Iterator[bytes]:
        for part in (b"a" * 400, b"b" * 400, b"c" * 200):
            read.append(part)
            yield part

    headers = {"cookie": cookie(b"bob"), "content-length": "1000"}
    status, said = ask(PATH.format(session="s1", file="f"), headers=headers, parts=parts())
    assert (status, len(b"".join(read))) == (HTTPStatus.FORBIDDEN, 1000)
    assert "no session of this browser" in said


@pytest.mark.parametrize(("n_bytes", "parts"), [("1000", None), (str(10**12), (b"x",)), ("-5", (b"x",)), ("", (b"x",))])
def test_a_sender_who_is_silent_or_announces_too_much_is_answered_without_reading(
    n_bytes: str, parts: tuple[bytes, ...] | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gate, "_LONGEST_DISCARD_S", 0.05)
    headers = {"cookie": cookie(b"bob"), "content-length": n_bytes}
    assert ask(PATH.format(session="s1", file="f"), headers=headers, parts=parts)[0] == HTTPStatus.FORBIDDEN


@pytest.mark.case(6)
def test_a_file_is_taken_from_the_browser_of_the_session() -> None:
    connect("s1", b"alice")
    assert put("s1", b"alice") == 204


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_another_visitors_session_is_refused_whatever_token_comes_with_it(method: str) -> None:
    connect("s1", b"alice")
    connect("s2", b"bob")
    for session, owner in (("s1", b"bob"), ("s2", b"alice"), ("s3", b"alice")):
        headers = {"cookie": cookie(owner), "content-length": "9"}
        assert ask(PATH.format(session=session, file="f"), method, headers=headers)[0] == HTTPStatus.FORBIDDEN
    assert ask(PATH.format(session="s1", file="f"), method)[0] == HTTPStatus.FORBIDDEN


@pytest.mark.case(6)
@pytest.mark.parametrize("mode", ["public", "server"])
@pytest.mark.parametrize("method", ["PUT", "DELETE", "POST"])
def test_no_file_is_taken_where_uploads_are_off(mode: str, method: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATLAS_MODE", mode)
    connect("s1", b"alice", mode)
    headers = {"cookie": cookie(b"alice"), "content-length": "9"}
    status, said = ask(PATH.format(session="s1", file="f"), method, headers=headers)
    assert status == HTTPStatus.FORBIDDEN
    assert "may not send files" in said


def test_a_file_must_state_its_size_and_keep_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATLAS_LIMIT_FILE_MB", "10")
    connect("s1", b"alice")
    where = PATH.format(session="s1", file="f")
    assert ask(where, headers={"cookie": cookie(b"alice")})[0] == HTTPStatus.LENGTH_REQUIRED
    chunked = {"cookie": cookie(b"alice"), "content-length": "9", "transfer-encoding": "chunked"}
    assert ask(where, headers=chunked)[0] == HTTPStatus.LENGTH_REQUIRED, "the size is not the one that is stated"
    assert put("s1", b"alice", 10 * MB + 50_000) == 204
    assert put("s1", b"alice", 10 * MB + 200_000) == HTTPStatus.REQUEST_ENTITY_TOO_LARGE


@pytest.mark.case(63)
def test_one_visitor_holds_no_more_than_the_limit_in_all_tabs_together(monkeypatch: pytest.MonkeyPatch) -> None:
    connect("s1", b"alice")
    connect("s2", b"alice")
    connect("s3", b"bob")
    monkeypatch.setattr(gate, "held_bytes", lambda: {"s1": {"a": 200 * MB}, "s2": {"b": 240 * MB}})
    assert put("s1", b"alice", 20 * MB) == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    assert put("s1", b"alice", 205 * MB, file="a") == 204, "it takes the place of the first"
    assert put("s3", b"bob", 20 * MB) == 204


def test_an_account_holds_no_more_in_another_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    claims = {"is_logged_in": True, "email": "c@example.org", "iss": "https://i", "email_verified": True}
    person = settings.Person("c@example.org", "https://i", settings.Role.CONTRIBUTOR)
    server = settings.load({"ATLAS_MODE": "server"}, has_sign_in=True)
    access = policy.of_visitor(replace(server, people=(person,)), claims | {"iat": time.time()}, None, None)
    for session, owner in (("s1", b"first"), ("s2", b"second")):
        browser = visitors.browser_of(visitors.cookies_of(cookie(owner)))
        visitors.note(session, visitors.Visitor(browser, access))
    monkeypatch.setattr(gate, "held_bytes", lambda: {"s1": {"a": 400 * MB}})
    assert put("s2", b"second", 20 * MB) == 204
    assert put("s2", b"second", 60 * MB) == HTTPStatus.REQUEST_ENTITY_TOO_LARGE


@pytest.mark.case(63)
def test_invented_numbers_of_files_do_not_help(monkeypatch: pytest.MonkeyPatch) -> None:
    connect("s1", b"alice")
    monkeypatch.setattr(gate, "held_bytes", lambda: {"s1": {f"x{n}": 1 for n in range(20)}})
    assert put("s1", b"alice", 10, file="one more") == HTTPStatus.REQUEST_ENTITY_TOO_LARGE


def test_all_visitors_together_hold_no_more_than_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    connect("s1", b"alice")
    monkeypatch.setattr(gate, "held_bytes", lambda: {f"other{n}": {"a": 400 * MB} for n in range(3)})
    assert put("s1", b"alice", 50 * MB) == 204
    assert put("s1", b"alice", 150 * MB) == HTTPStatus.SERVICE_UNAVAILABLE


@pytest.mark.parametrize(("n_files", "n_bytes"), [(2, 300 * MB), (21, 10)], ids=["bytes", "files"])
def test_files_on_their_way_count_as_held(n_files: int, n_bytes: int) -> None:
    """Each is sent while the one before it has not been answered; only the last of them is too much."""
    connect("s1", b"alice")
    found: list[int] = []
    headers = [(b"cookie", cookie(b"alice").encode()), (b"content-length", str(n_bytes).encode())]
    around = gate.Gate(None)  # type: ignore[arg-type]

    async def note(message: Any) -> None:
        found.extend([message["status"]] if "status" in message else [])

    async def sent(number: int) -> None:
        scope = {"type": "http", "method": "PUT", "path": PATH.format(session="s1", file=number), "query_string": b""}
        await around(scope | {"headers": headers, "number": number}, receive, note)

    async def receive() -> Any:
        return {"type": "http.request", "body": b""}

    async def slow(scope: Any, _receive: Any, send: Any) -> None:
        if scope["number"] < n_files:
            await sent(scope["number"] + 1)
        await send({"type": "http.response.start", "status": 204, "headers": []})

    around._app = slow
    asyncio.run(sent(1))
    assert found == [HTTPStatus.REQUEST_ENTITY_TOO_LARGE] + [204] * (n_files - 1)
    assert not around._coming


@pytest.mark.parametrize("path", ["/_stcore/metrics", "/at/_stcore/metrics", "/_stcore/metrics/"])
def test_figures_of_the_server_are_closed_unless_configured(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert ask(path, "GET")[0] == HTTPStatus.NOT_FOUND
    monkeypatch.setenv("ATLAS_METRICS", "yes")
    assert ask(path, "GET")[0] == 204


@pytest.mark.parametrize("path", ["/_stcore/agent/openapi.json", "/_stcore/agent/interact", "/_stcore/agent/mcp"])
def test_the_interface_for_programs_is_never_served(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATLAS_METRICS", "yes")
    for method in ("GET", "POST"):
        assert ask(path, method)[0] == HTTPStatus.NOT_FOUND


def test_settings_that_cannot_be_used_open_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    connect("s1", b"alice")
    monkeypatch.setenv("ATLAS_MODE", "zzz")
    assert ask("/_stcore/metrics", "GET")[0] == HTTPStatus.NOT_FOUND
    assert put("s1", b"alice") == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    assert ask("/", "GET")[0] == 204


def test_an_error_of_the_server_becomes_a_number_that_the_log_has_too(caplog: pytest.LogCaptureFixture) -> None:
    async def broken(_scope: Any, _receive: Any, _send: Any) -> None:
        raise ValueError("a text of a user")

    with caplog.at_level(logging.ERROR, "atlas"):
        status, said = ask("/", "GET", app=broken)
    assert status == HTTPStatus.INTERNAL_SERVER_ERROR
    [record] = caplog.records
    line = json.loads(log.JsonLines().format(record))
    assert line["number"] in said
    assert "a text of a user" not in said + json.dumps(line)
    assert "Traceback" not in said


def test_what_is_refused_is_logged_without_a_text_of_the_request(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "atlas"):
        ask(PATH.format(session="<script>", file="x"))
    said = log.JsonLines().format(caplog.records[-1])
    assert json.loads(said)["event"] == "request refused"
    assert "script" not in said


def test_a_browser_is_known_by_its_token_however_it_is_masked() -> None:
    one, same, other = (visitors.browser_of(visitors.cookies_of(cookie(owner))) for owner in (b"a", b"a", b"b"))
    assert one == same != other
    for unusable in (
        "",
        "x=1",
        "_streamlit_xsrf=",
        "_streamlit_xsrf=2|z|z|z",
        "a=\x00; =;",
        base64.b64encode(b"x").decode(),
    ):
        assert visitors.browser_of(visitors.cookies_of(unusable)) == ""


@pytest.mark.parametrize("foreign", ['prefs={"theme":"dark"}', "foo;", "a=b c", "a,b=1", "x", 'q="a\\"b"', "ü=é"])
@pytest.mark.parametrize("is_first", [True, False])
def test_cookies_of_other_programs_do_not_hide_the_browser(foreign: str, is_first: bool) -> None:
    connect("s1", b"alice")
    both = [foreign, cookie(b"alice")] if is_first else [cookie(b"alice"), foreign]
    headers = {"cookie": "; ".join(both), "content-length": "9"}
    assert ask(PATH.format(session="s1", file="f"), headers=headers)[0] == 204


def test_held_bytes_are_those_of_streamlit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    storage = {"s1": {"f": SimpleNamespace(data=b"12345")}}
    manager = SimpleNamespace(uploaded_file_mgr=SimpleNamespace(file_storage=storage))
    monkeypatch.setattr("streamlit.runtime.exists", lambda: True)
    monkeypatch.setattr("streamlit.runtime.get_instance", lambda: manager)
    assert gate.held_bytes() == {"s1": {"f": 5}}


def connected(owner: bytes, *protocols: str) -> list[bytes]:
    """Return the names of the protocol with which a connection reaches Streamlit, one entry for each header."""
    seen: list[bytes] = []

    async def app(scope: Any, _receive: Any, _send: Any) -> None:
        seen.extend(value for name, value in scope["headers"] if name == b"sec-websocket-protocol")

    headers = [(b"cookie", cookie(owner).encode())]
    headers += [(b"sec-websocket-protocol", names.encode()) for names in protocols]
    scope = {"type": "websocket", "path": "/_stcore/stream", "headers": headers}
    asyncio.run(gate.Gate(app)(scope, None, None))  # type: ignore[arg-type]
    return seen


def test_a_browser_comes_back_to_its_own_session_and_to_no_other() -> None:
    connect("s1", b"alice")
    assert connected(b"alice", "streamlit, token, s1") == [b"streamlit, token, s1"]
    assert connected(b"bob", "streamlit, token, s1") == [b"streamlit,token"]
    assert connected(b"alice", "streamlit, token, unknown") == [b"streamlit,token"]


@pytest.mark.parametrize(
    "protocols",
    [
        ("streamlit, token, s1", "streamlit, token"),
        ("streamlit, token", "streamlit, token, s1"),
        ("streamlit, token, s1", "streamlit, token, s2"),
        ("streamlit", "token, s1"),
        ("streamlit", "token", "s1"),
    ],
)
def test_a_session_of_somebody_else_is_not_reached_by_several_headers(protocols: tuple[str, ...]) -> None:
    """Streamlit's server reads the first of them, others the last, or all as one."""
    connect("s1", b"alice")
    connect("s2", b"bob")
    assert connected(b"bob", *protocols) == [b"streamlit,token"]

"""An upload that nobody comes back to is freed by the clock, without another visitor."""

from __future__ import annotations

import asyncio
import logging
from types import SimpleNamespace

import pytest
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import UploadedFileRec

from geo import log, policy, settings
from geo.views import abandoned, gate, visitors

BYTES = b"x" * 1000


class Server:
    """Streamlit's runtime with its own keeper of files."""

    def __init__(self) -> None:
        self.uploaded_file_mgr = MemoryUploadedFileManager("/upload")
        self.connected: set[str] = set()
        self.closed: list[str] = []

    def is_active_session(self, session_id: str) -> bool:
        return session_id in self.connected

    def close_session(self, session_id: str) -> None:
        self.closed.append(session_id)

    def receive(self, session: str, file: str = "f") -> None:
        self.uploaded_file_mgr.add_file(session, UploadedFileRec(file, "a.csv", "text/csv", BYTES))


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Server:
    made = Server()
    monkeypatch.setattr(visitors, "_SESSIONS", {})
    monkeypatch.setattr("streamlit.runtime.exists", lambda: True)
    monkeypatch.setattr("streamlit.runtime.get_instance", lambda: made)
    return made


def connect(server: Server, session: str) -> None:
    server.connected.add(session)
    visitors.note(session, visitors.Visitor("b", policy.at_machine(settings.load({}))))


@pytest.mark.case(63)
def test_an_upload_is_freed_when_its_visitor_stays_away(server: Server) -> None:
    watched = abandoned.Sessions(server)
    connect(server, "s1")
    server.receive("s1")
    assert watched.close_abandoned(0.0) == 0
    server.connected.clear()
    assert watched.close_abandoned(10.0) == 0
    assert watched.close_abandoned(abandoned.KEPT_S - 1) == 0, "somebody may come back"
    assert gate.held_bytes()["s1"] == {"f": len(BYTES)}
    assert watched.close_abandoned(abandoned.KEPT_S) == 1
    assert server.closed == ["s1"]
    assert gate.held_bytes() == {}
    assert visitors.of_session("s1") is None


def test_whoever_comes_back_in_time_keeps_everything(server: Server) -> None:
    watched = abandoned.Sessions(server)
    connect(server, "s1")
    server.receive("s1")
    watched.close_abandoned(0.0)
    server.connected.clear()
    watched.close_abandoned(60.0)
    server.connected.add("s1")
    watched.close_abandoned(80.0)
    server.connected.clear()
    assert watched.close_abandoned(80.0 + abandoned.KEPT_S - 1) == 0
    assert gate.held_bytes()["s1"]


def test_a_file_that_arrives_after_its_session_has_gone_is_freed_too(server: Server) -> None:
    watched = abandoned.Sessions(server)
    server.receive("gone")
    watched.close_abandoned(0.0)
    assert watched.close_abandoned(abandoned.KEPT_S) == 1
    assert gate.held_bytes() == {}


def test_an_error_does_not_end_the_watch(
    server: Server, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    connect(server, "s1")
    asked: list[str] = []

    def is_active(session: str) -> bool:
        asked.append(session)
        if len(asked) == 1:
            raise RuntimeError("a text of a user")
        raise asyncio.CancelledError  # as when the server stops

    monkeypatch.setattr(server, "is_active_session", is_active)
    monkeypatch.setattr(abandoned, "_TICK_S", 0.0)
    with pytest.raises(asyncio.CancelledError), caplog.at_level(logging.ERROR, "atlas"):
        asyncio.run(abandoned.watch(server))
    assert asked == ["s1", "s1"]
    [said] = [log.JsonLines().format(one) for one in caplog.records if one.name == "atlas"]
    assert "sessions not closed" in said
    assert "a text of a user" not in said


@pytest.mark.parametrize("failing", ["close_session", "is_active_session"])
def test_a_session_that_cannot_be_closed_keeps_no_other(
    failing: str, server: Server, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    watched, names = abandoned.Sessions(server), [f"s{number}" for number in range(5)]
    for name in names:
        connect(server, name)
        server.receive(name)
    watched.close_abandoned(0.0)
    server.connected.clear()
    working = getattr(server, failing)

    def broken(session: str) -> bool:
        if session == "s2":
            raise RuntimeError("a text of a user")
        return bool(working(session))

    monkeypatch.setattr(server, failing, broken)
    with caplog.at_level(logging.ERROR, "atlas"):
        assert watched.close_abandoned(abandoned.KEPT_S) == 4
        assert watched.close_abandoned(abandoned.KEPT_S + 15) == 0, "and tries again at the next tick"
    assert sorted(server.closed) == ["s0", "s1", "s3", "s4"]
    assert set(gate.held_bytes()) == {"s2"}
    said = [log.JsonLines().format(one) for one in caplog.records if one.name == "atlas"]
    assert len(said) == 2
    assert "sessions not closed" in said[0]
    assert "a text of a user" not in "".join(said)
    monkeypatch.setattr(server, failing, working)
    assert watched.close_abandoned(abandoned.KEPT_S + 30) == 1
    assert gate.held_bytes() == {}


def test_sessions_are_closed_while_streamlit_still_finds_them() -> None:
    """Later it would free them only when another visitor comes."""
    from streamlit import config

    assert config.get_option("server.disconnectedSessionTTL") > abandoned.KEPT_S + abandoned._TICK_S


def test_free_memory_is_given_back(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    monkeypatch.setattr(abandoned.ctypes, "CDLL", lambda _name: SimpleNamespace(malloc_trim=asked.append))
    monkeypatch.setattr(abandoned.sys, "platform", "linux")
    abandoned.give_memory_back()
    assert asked == [0]

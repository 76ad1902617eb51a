"""The visitor of a run: told by one connection, and nobody at this machine once it has gone."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from geo.policy import Action
from geo.settings import Role
from geo.views import visitor, visitors


def connect(monkeypatch: pytest.MonkeyPatch, client: Any) -> None:
    """Let the run of session "s" have a client, None once its connection has gone."""
    context = SimpleNamespace(session_id="s")
    monkeypatch.setattr(visitors, "_SESSIONS", {})
    monkeypatch.setattr(visitor, "get_script_run_ctx", lambda **_options: context)
    monkeypatch.setattr(visitor, "get_instance", lambda: SimpleNamespace(get_client=lambda _session: client))


def client(remote_ip: str | None, host: str = "localhost:8501") -> Any:
    asked = SimpleNamespace(remote_ip=remote_ip, headers=[("host", host)], cookies={})
    return SimpleNamespace(client_context=asked)


@pytest.mark.parametrize(
    ("found", "role"),
    [
        (client("127.0.0.1"), Role.ADMIN),
        (client("::1", "[::1]:8501"), Role.ADMIN),
        (client("127.0.0.1", "rebound.example.org"), Role.VISITOR),
        (client("192.0.2.1"), Role.VISITOR),
        (client(None), Role.VISITOR),
        (SimpleNamespace(client_context=None), Role.VISITOR),
        (None, Role.VISITOR),
    ],
)
def test_whoever_cannot_be_shown_to_be_at_this_machine_only_reads(
    found: Any, role: Role, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect(monkeypatch, found)
    assert visitor.access().role is role
    assert visitor.may(Action.DECIDE) is (role is Role.ADMIN)
    visitor.note()
    noted = visitors.of_session("s")
    assert noted is not None
    assert noted.access.role is role


def test_a_connection_is_read_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """It may end between two questions: an address without its name would be that of this machine."""
    connect(monkeypatch, client("127.0.0.1", "rebound.example.org"))
    asked: list[str] = []
    once = [client("127.0.0.1", "rebound.example.org")]

    def get_client(session: str) -> Any:
        asked.append(session)
        return once.pop() if once else None

    monkeypatch.setattr(visitor, "get_instance", lambda: SimpleNamespace(get_client=get_client))
    visitor.note()
    assert asked == ["s"]
    noted = visitors.of_session("s")
    assert noted is not None
    assert noted.access.role is Role.VISITOR


@pytest.mark.parametrize(("is_server", "role"), [(True, Role.VISITOR), (False, Role.ADMIN)])
def test_a_thread_of_a_server_that_belongs_to_no_visitor_is_not_the_person_at_the_machine(
    is_server: bool, role: Role, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(visitor, "exists", lambda: is_server)
    assert visitor.access().role is role

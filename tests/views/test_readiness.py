"""The question whether the atlas is ready: yes while the store can be read, no otherwise, and no word more."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from geo.views import cached, readiness, response_headers


def ask(path: str = readiness.PATH, method: str = "GET") -> tuple[int, bytes]:
    sent: list[Any] = []

    async def other(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 404, "headers": []})
        await send({"type": "http.response.body", "body": b"of the app"})

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "method": method, "path": path}
    asyncio.run(readiness.Readiness(other)(scope, None, send))  # type: ignore[arg-type]
    return sent[0]["status"], sent[1]["body"]


def test_it_is_ready_while_the_store_can_be_read(embedded_store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATLAS_STORE", str(embedded_store))
    assert ask() == (200, b"ready\n")
    assert ask(method="HEAD") == (200, b"")
    for other in ("/_atlas/ready/x", "/points", "/points/_atlas/ready"):
        assert ask(other) == (404, b"of the app")
    assert ask(method="POST")[0] == 404
    monkeypatch.setattr(response_headers, "base_path", lambda: "/at")
    assert (ask()[0], ask("/at/_atlas/ready")[0]) == (404, 200)


def test_it_is_not_ready_while_the_store_is_away_and_ready_again_afterwards(
    store_path: Path, embedded_store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cached.store_at.clear()
    monkeypatch.setenv("ATLAS_STORE", str(store_path))
    assert ask()[0] == 200
    away = store_path.with_name("away")
    store_path.rename(away)
    assert ask() == (503, b"not ready\n")
    away.rename(store_path)
    assert ask()[0] == 200


def test_settings_that_cannot_be_used_are_not_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATLAS_MODE", "zzz")
    assert ask() == (503, b"not ready\n")

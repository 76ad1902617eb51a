"""Connections to the running server: what a message may hold, how many there are, and a stop while a file arrives."""

from __future__ import annotations

import asyncio
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from websockets.exceptions import ConnectionClosed

from benchmarks.visitor import Visitor, visit
from geo.store import Store
from geo.views import connections
from tests.browser.conftest import ROOT, started

MB = 1_000_000


@contextmanager
def server(folder: Path, mode: str) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    (folder / "temporary").mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ATLAS_MODE", mode)
        patch.setenv("TMPDIR", str(folder / "temporary"))
        process, address = started(ROOT / "app.py", folder)
    try:
        yield process, address
    finally:
        process.kill()
        process.wait(20)


def asking_with(n_bytes: int) -> bytes:
    """A question for a run with a value of this size for a control that no page has."""
    asked = BackMsg()
    asked.rerun_script.widget_states.widgets.add(id="$$ID-0-invented", string_value="x" * n_bytes)
    return asked.SerializeToString()


async def close_code(address: str, message: bytes) -> int | None:
    """Send a message; return the code by which the server closes the connection, None if it answers and waits."""
    async with visit(address) as visitor:
        with suppress(TimeoutError, ConnectionClosed):
            await visitor._socket.send(message)
            while True:
                await asyncio.wait_for(visitor._socket.recv(), 5)
        return visitor._socket.close_code


@pytest.mark.slow
def test_a_message_of_a_browser_holds_kilobytes(tmp_path: Path) -> None:
    with server(tmp_path, "public") as (_process, address):
        assert asyncio.run(close_code(address, asking_with(900_000))) is None
        assert asyncio.run(close_code(address, asking_with(1_100_000))) == 1009
        assert asyncio.run(_taken_of_a_message_that_never_ends(address)) < 20 * MB, "what buffers of the system hold"


async def _taken_of_a_message_that_never_ends(address: str) -> int:
    """Announce 40 MB and send them bit by bit; return how many bytes the server takes before it hangs up."""
    taken = 0
    async with visit(address) as visitor:

        async def pieces() -> Any:
            nonlocal taken
            for _ in range(400):
                taken += 100_000
                yield b"x" * 100_000
                await asyncio.sleep(0)

        with pytest.raises(ConnectionClosed):
            await visitor._socket.send(pieces())
    return taken


def test_more_connections_than_the_server_bears_are_refused_until_one_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "_MOST_CONNECTIONS", 2)

    async def come() -> list[str]:
        leave = [asyncio.Event() for _ in range(4)]
        said: list[str] = []

        async def app(scope: Any, _receive: Any, _send: Any) -> None:
            said.append(f"{scope['n']} in")
            await leave[scope["n"]].wait()

        gate = connections.Connections(app)

        async def visit_as(n: int) -> None:
            async def send(message: Any) -> None:
                said.append(f"{n} {message['type']} {message['code']}")

            await gate({"type": "websocket", "n": n}, None, send)  # type: ignore[arg-type]

        present = [asyncio.create_task(visit_as(n)) for n in range(3)]
        await asyncio.sleep(0)
        leave[0].set()
        await asyncio.sleep(0.01)
        present.append(asyncio.create_task(visit_as(3)))
        await asyncio.sleep(0)
        for one in leave:
            one.set()
        await asyncio.gather(*present)
        return said

    assert asyncio.run(come()) == ["0 in", "1 in", "2 websocket.close 1013", "3 in"]


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM")
def test_a_stop_does_not_wait_for_a_file_whose_sender_is_silent(tmp_path: Path) -> None:
    with server(tmp_path, "local") as (process, address):
        seconds = asyncio.run(_stop_during_upload(process, address))
    assert seconds < 15
    assert Store.open(tmp_path / "store").verify() == []
    assert os.listdir(tmp_path / "temporary") == []


async def _stop_during_upload(process: subprocess.Popen[bytes], address: str) -> float:
    """Send half a file, stop the server, and return the seconds until it has ended."""
    async with visit(address) as visitor:
        await visitor.turn_to("upload")
        sending = await asyncio.to_thread(_half_a_file, address, visitor)
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        await asyncio.to_thread(process.wait, 60)
        seconds = time.monotonic() - began
        sending.close()
    return seconds


def _half_a_file(address: str, visitor: Visitor) -> http.client.HTTPConnection:
    asked = http.client.HTTPConnection(address.removeprefix("http://"))
    asked.putrequest("PUT", f"/_stcore/upload_file/{visitor._session}/half")
    for name, value in (
        ("Cookie", f"_streamlit_xsrf={visitor._cookie}"),
        ("X-Xsrftoken", visitor._cookie),
        ("Content-Type", "multipart/form-data; boundary=b"),
        ("Content-Length", str(2 * MB)),
    ):
        asked.putheader(name, value)
    asked.endheaders(b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n' + b"x" * MB)
    assert asked.sock
    asked.sock.settimeout(1)
    with pytest.raises(socket.timeout):
        asked.sock.recv(1)  # nothing is refused: the server waits for the rest
    return asked

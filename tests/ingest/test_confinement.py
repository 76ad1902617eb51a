"""The reading child reaches no file but its own and no network, where the system can take them away."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from geo.ingest import ReadOptions
from geo.ingest.process import guard
from geo.ingest.process.handover import Request, read_conversion, write_request

ROOT = Path(__file__).resolve().parents[2]
# What the child does in place of its reading: each attempt with what came of it, then the reading itself.
ATTEMPTS = """
import json, os, socket, sys
from pathlib import Path
from geo.ingest.containers import detection
from geo.ingest.process import child

folder, outside, port = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
real = detection.read_table

def connected():
    with socket.create_connection(("127.0.0.1", port), timeout=2):
        pass

def sent():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.sendto(b"x", ("127.0.0.1", port))

attempts = {
    "read outside": lambda: (outside / "private.txt").read_text(),
    "list outside": lambda: os.listdir(outside),
    "write outside": lambda: (outside / "new.txt").write_text("x"),
    "truncate outside": lambda: os.truncate(outside / "private.txt", 0),
    "read another process": lambda: Path(f"/proc/{os.getppid()}/environ").read_bytes(),
    "run a program": lambda: os.execv("/bin/sh", ["sh", "-c", "exit 3"]),
    "connect": connected,
    "send": sent,
    "write inside": lambda: (folder / "new.txt").write_text("x"),
}

def attempting(*given):
    found = {}
    for name, attempt in attempts.items():
        try:
            attempt()
            found[name] = "done"
        except OSError as error:
            found[name] = type(error).__name__
    (folder / "attempts.json").write_text(json.dumps(found))
    return real(*given)

detection.read_table = attempting
child.main(folder)
"""


@pytest.fixture
def attempts(tmp_path: Path, limits: dict[str, int]) -> dict[str, Any]:
    """What a confined child could do; skipped, with the reason, where the system cannot confine it."""
    folder, outside, upload = tmp_path / "own", tmp_path / "outside", tmp_path / "upload"
    folder.mkdir()
    outside.mkdir()
    (outside / "private.txt").write_text("private")
    upload.write_text("date,district\n2024-03-04,Bannu\n")
    write_request(folder, Request("read", upload, "incidents.csv", ReadOptions(), limits))
    with socket.create_server(("127.0.0.1", 0)) as server:
        command = [sys.executable, "-c", ATTEMPTS, str(folder), str(outside), str(server.getsockname()[1])]
        environment = os.environ | {"JE_ARROW_MALLOC_CONF": "background_thread:false", "OPENBLAS_NUM_THREADS": "1"}
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    if done.stderr:
        pytest.skip(done.stderr.strip())
    assert (outside / "private.txt").read_text() == "private"
    assert [path.name for path in outside.iterdir()] == ["private.txt"]
    assert len(read_conversion(folder)[1]) == 1
    found: dict[str, Any] = json.loads((folder / "attempts.json").read_text())
    return found


def test_the_child_reaches_its_own_folder_only(attempts: dict[str, Any]) -> None:
    refused = {name for name, outcome in attempts.items() if outcome == "PermissionError"}
    assert refused >= {"read outside", "list outside", "write outside", "truncate outside", "run a program"}
    assert "read another process" in refused
    assert attempts["write inside"] == "done"


def test_the_child_reaches_no_network(attempts: dict[str, Any]) -> None:
    assert attempts["connect"] != "done"
    assert attempts["send"] != "done"


def test_a_system_without_confinement_is_named_once(caplog: pytest.LogCaptureFixture) -> None:
    guard._warn_once.cache_clear()
    for _ in range(2):
        guard._warn_once("No network namespace: Operation not permitted.\n")
    guard._warn_once("")
    assert [record.getMessage() for record in caplog.records] == [
        "reading child: No network namespace: Operation not permitted. See SECURITY.md."
    ]


def test_what_the_system_refuses_is_named_and_reading_goes_on(tmp_path: Path) -> None:
    code = """
import ctypes, sys
from pathlib import Path
from geo.ingest.process import confinement

class Refusing:
    def __getattr__(self, name):
        def refused(*given):
            ctypes.set_errno(1)
            return -1
        return refused

confinement.ctypes.CDLL = lambda *given, **more: Refusing()
print("\\n".join(confinement.confine(Path(sys.argv[1]), Path(sys.argv[1]))))
"""
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    if sys.platform == "linux":
        assert "No network namespace: Operation not permitted." in done.stdout
        assert "No confinement of files by Landlock: Operation not permitted." in done.stdout
    else:
        assert "No confinement of files and network" in done.stdout

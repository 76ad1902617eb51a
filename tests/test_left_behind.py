"""What ends leaves nothing in the temporary folder of the system."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.parametrize(
    "script",
    [
        "from geo.views import assets; (assets._folder() / 'map.js').write_text('x')",
        "from geo.views import assets; (assets._folder() / 'map.js').write_text('x'); raise SystemExit(3)",
    ],
)
def test_the_folder_of_the_map_is_removed_with_its_process(tmp_path: Path, script: str) -> None:
    environment = os.environ | {"TMPDIR": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=environment, capture_output=True, check=False)
    assert done.returncode == (3 if "SystemExit" in script else 0), done.stderr
    assert os.listdir(tmp_path) == []


def is_ready(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/_atlas/ready", timeout=60) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


@pytest.mark.slow
def test_a_server_that_is_stopped_leaves_no_file_of_the_map(tmp_path: Path) -> None:
    places = {"TMPDIR": str(tmp_path / "temporary"), "ATLAS_STORE": str(tmp_path / "store"), "PYTHONPATH": str(ROOT)}
    (tmp_path / "temporary").mkdir()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py"), "--server.headless", "true"]
    command += ["--server.port", str(port)]
    server = subprocess.Popen(command, cwd=ROOT, env=os.environ | places, stdout=subprocess.DEVNULL)
    try:
        # The server writes the map's script, and reads its register in a folder of its own, before anybody comes.
        deadline = time.monotonic() + 120
        while not (list(tmp_path.glob("temporary/atlas-map-*/atlas.*.js")) and is_ready(port)):
            assert time.monotonic() < deadline, "no script was written, or the store is not ready"
            assert server.poll() is None, "the server ended"
            time.sleep(0.2)
    finally:
        server.terminate()
        server.wait(timeout=60)
    assert os.listdir(tmp_path / "temporary") == []

"""The files of deploy/: nginx as it is shipped in front of the app, and units that name what there is."""

from __future__ import annotations

import configparser
import http.client
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

from geo import settings

ROOT = Path(__file__).resolve().parents[1]
DEPLOY = ROOT / "deploy"
CONFIGURATION = (DEPLOY / "nginx.conf").read_text("utf-8")
MB = 1_000_000


async def _say(request: Request) -> JSONResponse:
    n_bytes = len(await request.body())
    told = {name: request.headers.get(name, "") for name in ("host", "x-forwarded-for", "x-forwarded-proto")}
    return JSONResponse({"path": request.url.path, "n_bytes": n_bytes, **told}, headers={"x-own": "of the app"})


async def _echo(websocket: WebSocket) -> None:
    await websocket.accept(subprotocol="streamlit")
    said = await websocket.receive_text()
    await websocket.send_text(f"{said} {websocket.headers['host']} {websocket.headers['x-forwarded-for']}")


@contextmanager
def app_behind() -> Iterator[int]:
    """Run an app that says what reached it; yields its port."""
    paths = Route("/{path:path}", _say, methods=["GET", "PUT", "POST", "DELETE"])
    app = Starlette(routes=[WebSocketRoute("/_stcore/stream", _echo), paths])
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error", ws="websockets-sansio"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.05)
    try:
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        thread.join(20)


def configuration(folder: Path, port: int, behind: int, *, takes_files: bool) -> str:
    """Return a whole configuration with the shipped site, on a port of this machine and without a certificate."""
    site = re.sub(r"    ssl_certificate.*\n", "", CONFIGURATION)
    site = site.replace("listen 443 ssl;", f"listen 127.0.0.1:{port};").replace("127.0.0.1:8501", f"127.0.0.1:{behind}")
    if takes_files:
        closed = "    location /_stcore/upload_file/ {\n        return 403;\n    }\n"
        assert closed in site
        site = re.sub(
            r"^    # (location /_stcore/upload|    client_max|    proxy_|})",
            r"    \1",
            site.replace(closed, ""),
            flags=re.M,
        )
    paths = "".join(
        f"{kind}_temp_path {folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    return (
        f"daemon off;\npid {folder}/pid;\nerror_log {folder}/errors;\nworker_processes 1;\n"
        f"events {{}}\nhttp {{\naccess_log off;\n{paths}{site}\n}}\n"
    )


@contextmanager
def nginx(folder: Path, behind: int, *, takes_files: bool) -> Iterator[str]:
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if sys.platform == "win32":
        pytest.skip("the configuration is for nginx on Linux")
    if program is None:
        missing = "nginx is not installed (Debian: apt-get install nginx-light)"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    path = folder / "nginx.conf"
    path.write_text(configuration(folder, port, behind, takes_files=takes_files), "utf-8")
    process = subprocess.Popen([program, "-e", str(folder / "errors"), "-c", str(path)])
    try:
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            assert process.poll() is None, (folder / "errors").read_text()
            threading.Event().wait(0.05)
        else:
            pytest.fail(f"nginx does not answer: {(folder / 'errors').read_text()}")
        yield f"127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)


def test_nginx_in_public_mode_lets_readers_in_and_files_and_figures_out(tmp_path: Path) -> None:
    with app_behind() as behind, nginx(tmp_path, behind, takes_files=False) as place, httpx.Client() as client:
        page = client.get(f"http://{place}/points?lang=ur")
        assert page.json()["path"] == "/points"
        assert page.headers["x-own"] == "of the app"
        assert "max-age" in page.headers["strict-transport-security"]
        assert page.headers["server"] == "nginx"
        forged = client.get(f"http://{place}/", headers={"X-Forwarded-For": "203.0.113.9", "Host": "atlas.example.org"})
        assert (forged.json()["host"], forged.json()["x-forwarded-for"]) == ("atlas.example.org", "127.0.0.1")
        for closed in ("_stcore/metrics", "_stcore/metrics/", "_stcore/agent/openapi.json"):
            assert client.get(f"http://{place}/{closed}").status_code == 404, closed
        for method in ("PUT", "DELETE", "POST"):
            for path in ("/_stcore/upload_file/s/f", "//_stcore/upload_file/s/f", "/_stcore/./upload_file/s/f"):
                answer = client.request(method, f"http://{place}{path}", content=b"x")
                assert answer.status_code == 403, (method, path)
        assert client.post(f"http://{place}/", content=b"x" * 100_000).status_code == 413
        _speak(place)


def test_nginx_in_server_mode_takes_files_up_to_the_limit(tmp_path: Path) -> None:
    most = settings.load({}).limits["file_mb"]
    assert f"client_max_body_size {most + 1}m;" in CONFIGURATION
    with app_behind() as behind, nginx(tmp_path, behind, takes_files=True) as place, httpx.Client() as client:
        answer = client.put(f"http://{place}/_stcore/upload_file/s/f", content=b"x" * 2 * MB)
        assert answer.json()["n_bytes"] == 2 * MB
        assert _status_of_announced(place, (most + 60) * MB) == 413
        assert client.get(f"http://{place}/_stcore/metrics").status_code == 404


def _status_of_announced(place: str, n_bytes: int) -> int:
    """Announce a file of a size, send nothing of it, and return the status of the answer."""
    asked = http.client.HTTPConnection(place, timeout=20)
    asked.putrequest("PUT", "/_stcore/upload_file/s/f")
    asked.putheader("Content-Length", str(n_bytes))
    asked.endheaders()
    try:
        return asked.getresponse().status
    finally:
        asked.close()


def _speak(place: str) -> None:
    """Open a websocket through nginx, and hear an answer."""
    from websockets.sync.client import connect

    with connect(f"ws://{place}/_stcore/stream", subprotocols=["streamlit"]) as spoken:  # type: ignore[list-item]
        spoken.send("hello")
        assert spoken.recv(timeout=20) == f"hello {place} 127.0.0.1"


@pytest.mark.parametrize("name", ["atlas.service", "atlas-backup.service", "atlas-backup.timer"])
def test_units_are_written_as_systemd_reads_them(name: str) -> None:
    unit = configparser.ConfigParser(strict=False, interpolation=None, delimiters=("=",), comment_prefixes=("#",))
    unit.optionxform = str  # type: ignore[method-assign, assignment]
    unit.read_string((DEPLOY / name).read_text("utf-8"))
    assert "Unit" in unit.sections()
    for line in unit["Service"].get("Environment", "").split() if "Service" in unit.sections() else ():
        assert line.split("=")[0] in settings.known_keys()


def test_the_service_sees_the_home_folder_that_holds_its_secrets() -> None:
    service = (DEPLOY / "atlas.service").read_text("utf-8")
    assert "ProtectHome=tmpfs" in service, "whatever is in /home is hidden"
    assert "StateDirectory=atlas\n" in service
    told = (ROOT / "docs" / "operations.md").read_text("utf-8")
    assert "useradd --system --home-dir /var/lib/atlas " in told
    assert "`/var/lib/atlas/.streamlit/secrets.toml`" in told


def test_the_container_is_made_of_files_that_exist() -> None:
    lines = (DEPLOY / "Containerfile").read_text("utf-8").splitlines()
    copied = [name for line in lines if line.startswith("COPY") for name in line.split()[1:-1]]
    assert len(copied) >= 8
    assert [name for name in copied if not (ROOT / name).exists()] == []
    for line in lines:
        for name in re.findall(r"(ATLAS_\w+)=", line):
            assert name in settings.known_keys()


def test_every_line_of_the_configuration_has_its_reason_above_it() -> None:
    lines = (ROOT / ".streamlit" / "config.toml").read_text("utf-8").splitlines()
    table = ""
    for before, line in pairwise(["", *lines]):
        table = line.strip("[]") if line.startswith("[") else table
        # The colours of a theme belong together.
        if re.match(r"\w+ = ", line) and not table.startswith("theme."):
            assert before.startswith("# "), line


def test_the_configuration_is_what_a_server_needs() -> None:
    from streamlit import config

    read = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))
    given = {f"{table}.{key}": value for table, keys in read.items() if table != "theme" for key, value in keys.items()}
    assert [name for name in given if name not in config._config_options_template] == []
    assert given["server.maxUploadSize"] == settings.load({}).limits["file_mb"]
    expected = {
        "server.address": "127.0.0.1",
        "server.enableXsrfProtection": True,
        "server.enableCORS": True,
        "server.enableStaticServing": False,
        "server.enableAgentApi": False,
        "client.showErrorDetails": "none",
        "client.disableDataExport": True,
        "browser.gatherUsageStats": False,
        "logger.enableRich": False,
    }
    assert expected.items() <= given.items()

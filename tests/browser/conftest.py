"""Browser tests: the running app in headless Chromium, with every host but this machine out of reach."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

ROOT = Path(__file__).resolve().parents[2]
ARTEFACTS = ROOT / "artefacts"
SIZES = {"wide": {"width": 1440, "height": 900}, "narrow": {"width": 390, "height": 844}}
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    # Nothing else is reached. A route of Playwright would do it too, but it switches the cache off.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]
START_SECONDS = 60
_SERVED_HERE = ("127.0.0.1", "localhost", "")
# What a browser reports and nobody could do otherwise, each with its reason.
_NO_FAULTS = (
    # The server of a test is stopped before its pages are closed.
    "net::ERR_CONNECTION_REFUSED",
    # The same, as told by a page that was still loading its scripts; a script that does not exist is an answer of 404.
    "Failed to fetch dynamically imported module",
)


@dataclass
class Guard:
    """What pages asked for that they must not, and what went wrong inside them."""

    outside: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    # Parts of messages that the test itself brings about, such as the name of a file that it refuses.
    expected: list[str] = field(default_factory=list)

    def note(self, what: str) -> None:
        """Keep what went wrong, unless it is expected."""
        if not any(part in what for part in (*self.expected, *_NO_FAULTS)):
            self.errors.append(what)


def program() -> str | None:
    """Return the path of the browser: Chromium without its window, which is quicker, or the whole one."""
    return shutil.which("chromium-headless-shell") or shutil.which("chromium")


def new_context(browser: Any, **options: Any) -> Any:
    """Return a context that asks for less motion: drawing what moves takes a good part of the time of a page."""
    return browser.new_context(reduced_motion="reduce", **options)


def _missing() -> str | None:
    if not program():
        return "Chromium is not installed (Debian: apt-get install chromium)"
    try:
        import playwright.sync_api  # noqa: F401
    except ImportError:
        return "the Python package playwright is not installed"
    return None


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """One headless Chromium for the session."""
    missing = _missing()
    if missing and os.environ.get("CI") == "true":
        pytest.fail(missing)
    if missing:
        pytest.skip(missing)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=program(), args=CHROMIUM_FLAGS)
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def serve(tmp_path_factory: pytest.TempPathFactory, browser: Any) -> Iterator[Callable[[Path], str]]:
    """Start a Streamlit script with a store of its own; return its address. The same script is started once."""
    running: dict[Path, tuple[subprocess.Popen[bytes], str]] = {}

    def start(script: Path) -> str:
        if script not in running:
            folder = tmp_path_factory.mktemp(script.stem)
            running[script] = started(script, folder)
        return running[script][1]

    yield start
    for process, _ in running.values():
        process.terminate()
        process.wait(timeout=20)


@pytest.fixture
def fresh_app_url(tmp_path: Path, browser: Any) -> Iterator[str]:
    """Address of an app that nobody has visited, with a store of its own; stopped after the test."""
    process, address = started(ROOT / "app.py", tmp_path)
    yield address
    process.terminate()
    process.wait(timeout=20)


def started(script: Path, folder: Path, port: int | None = None) -> tuple[subprocess.Popen[bytes], str]:
    """Start a Streamlit script with a store in a folder; return its process and address once it answers."""
    port = port or free_port()
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.port", str(port)]
    command += ["--server.headless", "true", "--server.address", "127.0.0.1"]
    environment = {**os.environ, "ATLAS_STORE": str(folder / "store"), "PYTHONPATH": str(ROOT)}
    log_path = folder / "streamlit.log"
    with log_path.open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT)
    address = f"http://127.0.0.1:{port}"
    for _ in range(START_SECONDS * 5):
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=5):
                return process, address
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
    process.kill()
    process.wait()
    pytest.fail(f"{script.name} did not start:\n{log_path.read_text(errors='replace')[-3000:]}")


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def app_url(serve: Callable[[Path], str]) -> str:
    """Address of the running app, on an empty store."""
    return serve(ROOT / "app.py")


@pytest.fixture
def guard() -> Guard:
    """Collects what the pages of this test asked of other hosts; a test may read it before it is judged."""
    return Guard()


@pytest.fixture
def open_page(browser: Any, guard: Guard) -> Iterator[Callable[..., Any]]:
    """Open pages by size ("wide", "narrow") and scheme ("light", "dark"); outside requests and errors fail the test."""
    contexts: list[Any] = []

    def make(size: str = "wide", scheme: str = "light") -> Any:
        touch = size == "narrow"
        context = new_context(browser, viewport=SIZES[size], color_scheme=scheme, has_touch=touch)
        contexts.append(context)
        context.on("request", lambda request: _note_outside(request.url, guard))
        context.set_default_timeout(90_000)  # a machine that other work shares is slow, not wrong
        context.on("console", lambda message: _note_console(message, guard))
        context.on("response", lambda answer: _note_failed(answer, guard))
        page = context.new_page()
        page.on("pageerror", lambda error: guard.note(str(error)))
        page.on("websocket", lambda socket: _note_outside(socket.url, guard))
        return page

    yield make
    for context in contexts:
        context.close()
    assert guard.outside == [], "a page asked another host"
    assert guard.errors == [], "a page raised an error"


@pytest.fixture
def page(open_page: Callable[..., Any]) -> Any:
    """A wide, light page."""
    return open_page()


@pytest.fixture
def screenshot(request: pytest.FixtureRequest) -> Callable[[Any, str], Path]:
    """Save what a page looks like now under artefacts/ (not kept in the repository)."""

    def save(page: Any, name: str) -> Path:
        ARTEFACTS.mkdir(exist_ok=True)
        path = ARTEFACTS / f"{name}.png"
        page.screenshot(path=path, full_page=True)
        return path

    return save


def _note_console(message: Any, guard: Guard) -> None:
    """Keep errors that a page reports itself: scripts that its policy forbids, and what could not be loaded."""
    if message.type == "error":
        guard.note(f"{message.text} ({message.location.get('url', '')})")


def _note_failed(answer: Any, guard: Guard) -> None:
    if answer.status >= 400:
        guard.note(f"{answer.status} {answer.request.method} {answer.url}")


def _note_outside(url: str, guard: Guard) -> None:
    if (urlsplit(url).hostname or "") not in _SERVED_HERE:
        guard.outside.append(url)

"""A page of the map benchmark in headless Chromium: choose a filter, wait until the map is painted, look at it."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from geo.schema import TARGET_TYPES

ROOT = Path(__file__).resolve().parents[1]
SCRIPT = Path(__file__).with_name("map_app.py")
# The first targets are the most frequent ones; leaving out any of these keeps at least 94 of 100 incidents.
LEFT_OUT = tuple(TARGET_TYPES)[4:]
START_SECONDS, DRAW_SECONDS = 60, 60
_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)
_SIZE = {"width": 1440, "height": 900}
# Something that is new in the frame of a map after every drawing, and undefined while there is none.
_DRAWING = {
    "atlas": "frame.map?.atlas?.updates",
    "folium": "frame.document.querySelector('.marker-cluster, path.leaflet-interactive') && frame.map || undefined",
}
_COUNT = {
    "atlas": "frame.map.atlas.pointSet.count",
    "folium": "Object.values(frame.map._layers).find(l => l._topClusterLevel)._topClusterLevel.getChildCount()",
}
# The frame in which the new drawing is first seen is the first of the two after it.
_WATCH = """() => {
  const frames = () => [...document.querySelectorAll("iframe[title='streamlit_folium.st_folium']")];
  const drawing = (frame) => DRAWING;
  const drawings = () => frames().map((node) => node.contentWindow && drawing(node.contentWindow));
  const before = new Set(drawings());
  const seen = { downMs: null, paintedMs: null };
  window.seen = seen;
  const down = (event) => { seen.downMs = event.timeStamp; };
  document.addEventListener('pointerdown', down, { capture: true, once: true });
  const look = () => {
    const isNew = drawings().some((found) => found !== undefined && !before.has(found));
    requestAnimationFrame(isNew ? () => { seen.paintedMs = performance.now(); } : look);
  };
  requestAnimationFrame(look);
}"""
_LAST_FRAME = """() => {
  const frame = [...document.querySelectorAll("iframe[title='streamlit_folium.st_folium']")].at(-1).contentWindow;
  return VALUE;
}"""


@dataclass(frozen=True, slots=True)
class Update:
    """One change of the filter. seconds: pointer down to painted. cpu_seconds: the script and all of Chromium."""

    seconds: float
    cpu_seconds: float
    drawn: int


@dataclass(slots=True)
class Traffic:
    """Bytes that a page received by kind of way."""

    websocket: int = 0
    files: int = 0

    @property
    def total(self) -> int:
        return self.websocket + self.files

    def in_words(self) -> str:
        return f"{self.websocket / 1e3:.0f} + {self.files / 1e3:.0f}"


@dataclass(slots=True, eq=False)
class MapPage:
    """One open map. outside: addresses of other hosts that it asked for and did not get."""

    page: Any
    way: str
    browser_client: Any
    outside: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def open(self, address: str, rows: int, limit_s: float = DRAW_SECONDS) -> float | None:
        """Open the page; return the seconds until its first map is painted, or None after the limit."""
        self.page.add_init_script(f"addEventListener('DOMContentLoaded', {self._watch()})")
        start = time.perf_counter()
        self.page.goto(f"{address}/?rows={rows}&way={self.way}")
        if not self._painted(limit_s):
            return None
        return time.perf_counter() - start

    def choose(self, left_out: str, limit_s: float = DRAW_SECONDS) -> Update | None:
        """Leave out a target; return what it took until the map was painted, or None after the limit.

        Raises AssertionError if the map does not hold the number of points that the page says.
        """
        self.page.bring_to_front()
        self.page.evaluate(self._watch())
        cpu_s = self._chromium_cpu_s()
        self.page.locator("label", has_text=re.compile(rf"^{left_out}$")).click()
        if not self._painted(limit_s):
            return None
        down_ms, painted_ms = self.page.evaluate("[window.seen.downMs, window.seen.paintedMs]")
        cpu_s = self._chromium_cpu_s() - cpu_s
        line = self.page.get_by_text(f"left out={left_out} ")
        line.wait_for()
        said = re.search(r"drawn=(\d+) cpu=([\d.]+)", line.inner_text())
        drawn = self.look(_COUNT[self.way])
        if said is None or int(said[1]) != drawn:
            raise AssertionError(f"{self.way}: the map holds {drawn} points: {line.inner_text()}")
        return Update((painted_ms - down_ms) / 1e3, cpu_s + float(said[2]), drawn)

    def look(self, value: str) -> Any:
        """Return a JavaScript value of the map; `frame` is its window."""
        return self.page.evaluate(_LAST_FRAME.replace("VALUE", value))

    def heap_mb(self) -> float:
        """Return the JavaScript heap after garbage collection, typed arrays included."""
        client = self.page.context.new_cdp_session(self.page)
        client.send("HeapProfiler.enable")
        client.send("HeapProfiler.collectGarbage")
        usage = client.send("Runtime.getHeapUsage")
        client.detach()
        return float(usage["usedSize"] + usage.get("backingStorageSize", 0)) / 1e6

    @contextmanager
    def counting(self) -> Iterator[Traffic]:
        """Count what the page receives; the counting costs time, so nothing is timed meanwhile."""
        traffic = Traffic()
        client = self.page.context.new_cdp_session(self.page)

        def message(event: dict[str, Any]) -> None:
            frame = event["response"]
            size = len(frame["payloadData"])
            traffic.websocket += size if frame["opcode"] == 1 else size * 3 // 4

        def file(event: dict[str, Any]) -> None:
            traffic.files += int(event["encodedDataLength"])

        client.on("Network.webSocketFrameReceived", message)
        client.on("Network.loadingFinished", file)
        client.send("Network.enable")
        yield traffic
        # What was received during the last drawing may not have been told yet.
        self.page.wait_for_timeout(500)
        client.detach()

    def _watch(self) -> str:
        return _WATCH.replace("DRAWING", _DRAWING[self.way])

    def _painted(self, limit_s: float) -> bool:
        from playwright.sync_api import TimeoutError as Late

        try:
            self.page.wait_for_function("window.seen?.paintedMs", timeout=limit_s * 1e3, polling=20)
        except Late:
            return False
        return True

    def _chromium_cpu_s(self) -> float:
        processes = self.browser_client.send("SystemInfo.getProcessInfo")["processInfo"]
        return float(sum(process["cpuTime"] for process in processes))


@contextmanager
def chromium() -> Iterator[Any]:
    """Start the system's Chromium; give the browser. Raises FileNotFoundError without one."""
    from playwright.sync_api import sync_playwright

    program = shutil.which("chromium")
    if program is None:
        raise FileNotFoundError("Chromium is not installed (Debian: apt-get install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(_FLAGS))
        yield browser
        browser.close()


def new_page(browser: Any, way: str) -> MapPage:
    """Return an empty page that reaches no other host."""
    context = browser.new_context(viewport=_SIZE)
    page = MapPage(context.new_page(), way, browser.new_browser_cdp_session())
    # A route for every request would make each of them wait for Python: only those elsewhere are caught.
    context.route(lambda url: _is_outside(url), lambda route: (page.outside.append(route.request.url), route.abort()))
    page.page.on("pageerror", lambda error: page.errors.append(str(error)))
    return page


def _is_outside(url: str) -> bool:
    return (urlsplit(url).hostname or "") not in ("127.0.0.1", "localhost", "")


@contextmanager
def server() -> Iterator[str]:
    """Run the benchmark's page; give its address. Raises RuntimeError if it does not start."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", str(SCRIPT), "--server.port", str(port)]
    command += ["--server.headless", "true", "--server.address", "127.0.0.1"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT)
        address = f"http://127.0.0.1:{port}"
        try:
            if not _answers(process, address):
                log.seek(0)
                raise RuntimeError(f"the page did not start: {log.read().decode(errors='replace')[-2000:]}")
            yield address
        finally:
            process.terminate()  # not killed: it removes its temporary files
            process.wait(timeout=20)


def _answers(process: subprocess.Popen[bytes], address: str) -> bool:
    for _ in range(START_SECONDS * 5):
        if process.poll() is not None:
            return False
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=5):
                return True
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
    return False

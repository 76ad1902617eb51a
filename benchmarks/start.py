"""Cold start: from starting the process to a server that answers and to the first painted map, against a plain app."""

from __future__ import annotations

import base64
import hashlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
from xstatic.pkg import leaflet

from benchmarks import made_up
from benchmarks.timing import Comparison, compare
from geo import embedded, intake
from geo import settings as geo_settings
from geo.districts import load
from geo.incidents import ENCODED_COLUMNS
from geo.schema import Batch
from geo.store import Store

DEFAULT_ROWS = 100_000
OURS, PLAIN, EMPTY = "this app", "plain app: pandas, folium.GeoJson, st_folium", "empty Streamlit page"
_ROOT = Path(__file__).resolve().parents[1]
_ROUNDS = 3
_LONGEST_S = 180.0
FRAME = "iframe[title='streamlit_folium.st_folium']"
# What is on the screen when the map is painted: all 35 outlines.
PAINTED = {OURS: ".atlas-district", PLAIN: "path.leaflet-interactive"}
# The page itself notes when they are on the screen, in milliseconds of the machine's clock: asking it from outside
# takes time that differs between the ways. The next frame but one that the browser draws has the outlines in it.
_WATCH_PAINT = """
(() => {
  if (window.top !== window) return;
  const outlines = () => {
    const frame = document.querySelector("FRAME");
    return frame?.contentDocument?.querySelectorAll('OUTLINE').length ?? 0;
  };
  const drawn = () => { window.painted = performance.timeOrigin + performance.now(); };
  const look = () => {
    if (outlines() < 35) requestAnimationFrame(look);
    else requestAnimationFrame(() => requestAnimationFrame(drawn));
  };
  addEventListener('DOMContentLoaded', look);
})();
"""
_ANSWERING = "process started to server answering"
_FIRST_MAP = "process started to first map painted"
_SECOND_VISITOR = "a second visitor: page opened to map painted"
_CASES = (_ANSWERING, _FIRST_MAP, _SECOND_VISITOR)
_FRONT_PAGE = "import geo.views.cached, geo.views.overview, geo.views.map, geo.views.state"
_IMPORTS = {
    "front page of this app": _FRONT_PAGE,
    "streamlit alone": "import streamlit",
    "streamlit, streamlit_folium, geopandas": "import streamlit, streamlit_folium, geopandas",
}


def run(rows: int) -> list[Comparison]:
    """Compare import times, the time to a server that answers, and, with Chromium, the time to a painted map."""
    with tempfile.TemporaryDirectory(prefix="kp-atlas-benchmark-") as name:
        folder = Path(name)
        environment = prepared(folder, rows)
        imports = {name: lambda code=code: _run(["-c", code], environment) for name, code in _IMPORTS.items()}
        for load in imports.values():
            load()  # whose modules are bytecode from then on
        found = [compare("import, in a fresh process", imports, "front page of this app", rounds=_ROUNDS)]
        scripts = {OURS: _ROOT / "app.py", PLAIN: _ROOT / "benchmarks/plain_app.py", EMPTY: folder / "empty.py"}
        (folder / "empty.py").write_text("import streamlit as st\n\nst.write('empty')\n", encoding="utf-8")
        return [*found, _opening(folder), *_starts(scripts, environment, rows)]


def _opening(folder: Path) -> Comparison:
    """A new Store object each time: the SHA-256 of the file is checked as at the first use in a process."""
    districts = load()

    def ours() -> int:
        opened = Store.open(folder / "store")
        table = intake.shown_incidents(opened, districts, date.max)
        opened.close()
        return len(table)

    def plain() -> int:
        frame = pd.read_parquet(folder / "rows.parquet")
        texts = [name for name in ENCODED_COLUMNS if name in frame.columns]
        return len(frame.astype(dict.fromkeys(texts, "category")))

    opened = Store.open(folder / "store")
    # Each merge of an embedded register row with a UCDP event is one incident fewer.
    n_embedded = sum(record.n_accepted for record in opened.batches()[1:]) - len(opened.merges())
    opened.close()
    if ours() != plain() + n_embedded:
        raise AssertionError("the store does not hold the incidents")
    ways = {"store, digest checked, coded columns": ours, "pandas.read_parquet, categoricals": plain}
    return compare(
        "stored incidents to coded columns",
        ways,
        next(iter(ways)),
        facts={"embedded incidents beside them": n_embedded},
    )


def _starts(scripts: dict[str, Path], environment: dict[str, str], rows: int) -> list[Comparison]:
    seconds: dict[str, dict[str, list[float]]] = {case: {} for case in _CASES}
    with browser() as new_page:
        for turn in range(_ROUNDS + 1):
            names = list(scripts)
            for way in names[turn % len(names) :] + names[: turn % len(names)]:
                for case, taken_s in _start(way, scripts[way], environment, new_page):
                    if turn:  # before that, modules are not bytecode yet
                        seconds[case].setdefault(way, []).append(taken_s)
    return [Comparison(case, OURS, found, {}, {"stored incidents": rows}) for case, found in seconds.items() if found]


def _start(
    way: str, script: Path, environment: dict[str, str], new_page: Callable[[], Any] | None
) -> Iterator[tuple[str, float]]:
    start = time.time()
    with served(script, environment) as address:
        yield _ANSWERING, time.time() - start
        if new_page is not None and way in PAINTED:
            yield _FIRST_MAP, _painted(new_page(), address, PAINTED[way]) - start
            visit = time.time()
            yield _SECOND_VISITOR, _painted(new_page(), address, PAINTED[way]) - visit


def _painted(page: Any, address: str, outline: str) -> float:
    """Return when the map was painted, in seconds of the machine's clock."""
    watch_paint(page, outline)
    page.goto(address, wait_until="commit")
    painted_ms = page.wait_for_function("window.painted", polling=50).json_value()
    page.context.close()
    return float(painted_ms) / 1e3


def watch_paint(page: Any, outline: str) -> None:
    """Let every document of the page note in window.painted when all outlines of its map are on the screen."""
    page.add_init_script(_WATCH_PAINT.replace("FRAME", FRAME).replace("OUTLINE", outline))


def prepared(folder: Path, rows: int) -> dict[str, str]:
    """Fill a store for this app and a Parquet file for the plain one with the same incidents."""
    store = Store.open(folder / "store")
    incidents = made_up.incidents(rows)
    origin = folder / "origin.csv"
    origin.write_text("made up\n", encoding="utf-8")
    digest = hashlib.sha256(origin.read_bytes()).hexdigest()
    store.add(Batch(incidents, "made up.csv", "template", "template", digest, origin, rows))
    embedded.ensure_embedded(store, load(), geo_settings.load({}))
    store.close()
    pq.write_table(incidents.drop_columns(["raw"]), folder / "rows.parquet")
    # As on a machine where both apps have run before: their modules are kept as bytecode.
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {
        **kept,
        "PYTHONPYCACHEPREFIX": str(folder / "bytecode"),
        "PYTHONPATH": str(_ROOT),
        "ATLAS_STORE": str(folder / "store"),
        "PLAIN_APP_ROWS": str(folder / "rows.parquet"),
        "PLAIN_APP_DISTRICTS": str(_ROOT / "data/districts.geojson"),
    }


@contextmanager
def served(script: Path, environment: dict[str, str]) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    arguments = ["-m", "streamlit", "run", str(script), "--server.port", str(port), "--server.headless", "true"]
    process = subprocess.Popen(
        [sys.executable, *arguments, "--server.address", "127.0.0.1"],
        cwd=_ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait(f"http://127.0.0.1:{port}/_stcore/health", process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait(address: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _LONGEST_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.02)
    raise RuntimeError("the server did not start")


@contextmanager
def browser() -> Iterator[Callable[[], Any] | None]:
    """Yield what opens a page in a context of its own, or None where there is no Chromium or Playwright."""
    path = shutil.which("chromium")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        path = None
    if path is None:
        yield None
        return
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])

        def new_page() -> Any:
            context = launched.new_context(viewport={"width": 1440, "height": 900})
            context.set_default_timeout(_LONGEST_S * 1e3)
            page = context.new_page()
            # Playwright's own routes would take the browser's cache from it, which every visitor has.
            client = context.new_cdp_session(page)
            client.on("Fetch.requestPaused", lambda event: _from_here(client, event))
            client.send("Fetch.enable", {"patterns": [{"urlPattern": "https://*"}]})
            return page

        yield new_page
        launched.close()


def _from_here(client: Any, event: dict[str, Any]) -> None:
    """Answer for the content network that the plain app relies on: Leaflet from this machine, the rest empty."""
    name = event["request"]["url"].rsplit("/", 1)[-1]
    content = (Path(leaflet.BASE_DIR) / name).read_bytes() if name in ("leaflet.js", "leaflet.css") else b""
    kind = "text/css" if name.endswith(".css") else "text/javascript"
    answer = {
        "requestId": event["requestId"],
        "responseCode": 200,
        "responseHeaders": [{"name": "Content-Type", "value": kind}],
        "body": base64.b64encode(content).decode("ascii"),
    }
    client.send("Fetch.fulfillRequest", answer)


def _run(arguments: list[str], environment: dict[str, str]) -> None:
    command = [sys.executable, *arguments]
    subprocess.run(command, cwd=_ROOT, env=environment, check=True, stderr=subprocess.DEVNULL)

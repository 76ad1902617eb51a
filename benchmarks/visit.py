"""One visit as a chain of events: from the address to the painted map, of this app and of a plain one, both running."""

from __future__ import annotations

import statistics
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from benchmarks import start
from benchmarks.start import OURS, PAINTED, PLAIN
from benchmarks.timing import Comparison

DEFAULT_ROWS = 100_000
_ROUNDS = 7
_ROOT = Path(__file__).resolve().parents[1]
_FRAME = "streamlit_folium"
# Times are milliseconds of the machine's clock, which the page and the frame of its map share.
_WATCH = """
(() => {
  if (window.top !== window) return;
  const now = () => performance.timeOrigin + performance.now();
  const seen = (window.seen = { messages: [] });
  window.WebSocket = class extends window.WebSocket {
    constructor(...given) {
      super(...given);
      this.addEventListener('open', () => { seen.open ??= now(); });
      this.addEventListener('message', (event) => {
        const message = { at: now(), size: event.data.byteLength ?? event.data.size ?? event.data.length };
        seen.messages.push(message);
        new Response(event.data).text().then((text) => { message.isMap = text.includes('feature_group'); });
      });
    }
  };
})();
"""
_RESOURCES = """() => performance.getEntriesByType('resource')
  .map((one) => ({ name: one.name, end: performance.timeOrigin + one.responseEnd, size: one.transferSize }))"""
_LOADED = "performance.timeOrigin + performance.getEntriesByType('navigation')[0].responseEnd"
_EVENTS = {
    "connected": "websocket open",
    "first message": "first message of the script",
    "map sent": "message with the map",
    "frame": "frame of the map loaded",
    "map script": "last script in that frame loaded",
    "painted": "map painted",
    "finished": "last message of the script",
}


def run(rows: int) -> list[Comparison]:
    """Compare each event of a visit; both servers have had a visitor before. Seconds since the page was asked for."""
    seconds: dict[str, dict[str, list[float]]] = {event: {OURS: [], PLAIN: []} for event in _EVENTS}
    bytes_before: dict[str, list[float]] = {OURS: [], PLAIN: []}
    scripts = {OURS: _ROOT / "app.py", PLAIN: _ROOT / "benchmarks/plain_app.py"}
    with ExitStack() as open_now:
        folder = Path(open_now.enter_context(tempfile.TemporaryDirectory(prefix="kp-atlas-benchmark-")))
        environment = start.prepared(folder, rows)
        new_page = open_now.enter_context(start.browser())
        if new_page is None:
            raise FileNotFoundError("Chromium or Playwright is not installed")
        servers = {way: open_now.enter_context(start.served(script, environment)) for way, script in scripts.items()}
        for turn in range(_ROUNDS + 1):
            for way in [*servers][turn % 2 :] + [*servers][: turn % 2]:
                events, n_bytes = visit(new_page(), servers[way], PAINTED[way])
                if turn:  # before that a server has had no visitor
                    for event, at_s in events.items():
                        seconds[event][way].append(at_s)
                    bytes_before[way].append(n_bytes)
    facts = {
        f"{way}: kB until the map is painted": round(statistics.median(found) / 1e3)
        for way, found in bytes_before.items()
    }
    return [
        Comparison(f"a visit, {_EVENTS[event]}", OURS, found, {}, facts if event == "painted" else {})
        for event, found in seconds.items()
    ]


def visit(page: Any, address: str, outline: str) -> tuple[dict[str, float], float]:
    """Return the seconds of each event since the address was asked for, and the bytes until the map was painted."""
    page.add_init_script(_WATCH)
    start.watch_paint(page, outline)
    page.goto(address)
    page.wait_for_function("window.painted", polling=50)
    frame = next(frame for frame in page.frames if _FRAME in frame.url)
    page.wait_for_function("!document.querySelector('[data-testid=stApp][data-test-script-state=running]')")
    page.wait_for_timeout(500)
    begun_ms = page.evaluate("performance.timeOrigin")
    seen, inside = page.evaluate("window.seen"), frame.evaluate(_RESOURCES)
    painted_ms = page.evaluate("window.painted")
    loaded_ms = frame.evaluate(_LOADED)
    files = [*page.evaluate(_RESOURCES), *inside]
    page.context.close()
    messages = seen["messages"]
    events_ms = {
        "connected": seen["open"],
        "first message": messages[0]["at"],
        "map sent": next(one["at"] for one in messages if one.get("isMap")),
        "frame": loaded_ms,
        "map script": max(one["end"] for one in inside if one["end"] <= painted_ms),
        "painted": painted_ms,
        "finished": messages[-1]["at"],
    }
    n_bytes = sum(one["size"] for one in files if one["end"] <= painted_ms)
    n_bytes += sum(one["size"] for one in messages if one["at"] <= painted_ms)
    return {name: (at_ms - begun_ms) / 1e3 for name, at_ms in events_ms.items()}, n_bytes

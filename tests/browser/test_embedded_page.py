"""A map in the web page of another site: shown where the operator has named the site, left empty everywhere else."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import ROOT, Guard, started

pytestmark = pytest.mark.browser


class _Site(ThreadingHTTPServer):
    """A web page with a frame. It is at localhost, the app at 127.0.0.1: to a browser these are two sites."""

    framed = ""

    @property
    def origin(self) -> str:
        return f"http://localhost:{self.server_address[1]}"


class _Page(BaseHTTPRequestHandler):
    server: _Site

    def do_GET(self) -> None:
        body = f'<!doctype html><title>A site</title><iframe src="{self.server.framed}" width="900" height="600">'
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_arguments: Any) -> None:
        """Say nothing."""


def stays_empty(page: Any, site: _Site) -> None:
    """Open a site whose frame the browser must leave empty, by the rule of what the app answered."""
    with page.expect_console_message(lambda said: "frame-ancestors" in said.text):
        page.goto(site.origin)
    page.frames[1].wait_for_load_state()
    assert "stApp" not in page.frames[1].content()


@pytest.fixture
def sites() -> Iterator[tuple[_Site, _Site]]:
    """Two other sites: the first is the one that the operator names."""
    made = tuple(_Site(("127.0.0.1", 0), _Page) for _ in range(2))
    for site in made:
        threading.Thread(target=site.serve_forever, daemon=True).start()
    yield made[0], made[1]
    for site in made:
        site.shutdown()
        site.server_close()


@pytest.fixture
def address(browser: Any, sites: tuple[_Site, _Site], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("ATLAS_EMBED_ORIGINS", sites[0].origin)
    process, found = started(ROOT / "app.py", tmp_path)
    yield found
    process.terminate()
    process.wait(timeout=20)


def test_a_named_site_shows_the_map_in_a_frame_and_another_site_does_not(
    address: str, sites: tuple[_Site, _Site], open_page: Callable[..., Any], guard: Guard
) -> None:
    guard.expected.append("frame-ancestors")  # that is what the test is about
    named, other = sites
    for site in sites:
        site.framed = f"{address}/?embed=1&from=2024-01-01"
    page = open_page()
    page.goto(named.origin)
    frame = page.frame_locator("iframe")
    frame.get_by_text("1 Jan 2024").first.wait_for()
    frame.frame_locator("iframe").locator(".atlas-district").nth(34).wait_for(state="attached")
    stays_empty(page, other)
    named.framed = f"{address}/"
    stays_empty(page, named)  # the app with its controls stands in no other site, not even in the named one
    assert guard.outside == []

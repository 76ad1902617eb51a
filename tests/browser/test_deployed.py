"""The app behind the shipped site of nginx, as a public deployment, in a browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.browser.conftest import ROOT, started
from tests.browser.test_app import map_frame
from tests.test_deploy import nginx

pytestmark = pytest.mark.browser


@pytest.fixture
def place(tmp_path: Path, browser: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Address of a public deployment."""
    monkeypatch.setenv("ATLAS_MODE", "public")
    process, address = started(ROOT / "app.py", tmp_path)
    try:
        with nginx(tmp_path, int(address.rpartition(":")[2]), takes_files=False) as found:
            yield f"http://{found}"
    finally:
        process.terminate()
        process.wait(timeout=20)


def test_a_public_deployment_is_read_and_takes_nothing(place: str, open_page: Callable[..., Any]) -> None:
    """That its policy forbids nothing of its own, and that nothing is missing, is judged with every page."""
    page = open_page()
    sockets: list[str] = []
    page.on("websocket", lambda one: sockets.append(one.url))
    page.goto(place)
    map_frame(page).locator("path.leaflet-interactive").first.wait_for()
    page.goto(f"{place}/trends")
    page.get_by_role("heading", name="Trends").wait_for()
    page.get_by_test_id("stVegaLiteChart").first.wait_for()
    page.get_by_test_id("stSidebar").get_by_text("Reset all filters").wait_for()
    assert sockets == [f"ws{place.removeprefix('http')}/_stcore/stream"] * 2
    with httpx.Client(base_url=place) as client:
        headers = client.get("/trends").headers
        assert {"content-security-policy", "x-content-type-options", "referrer-policy"} <= headers.keys()
        assert headers["x-frame-options"] == "SAMEORIGIN"
        assert "max-age" in headers["strict-transport-security"]
        assert client.put("/_stcore/upload_file/s/f", content=b"x").status_code == 403
        for closed in ("_stcore/metrics", "_stcore/agent/openapi.json", "_atlas/ready"):
            assert client.get(f"/{closed}").status_code == 404, closed

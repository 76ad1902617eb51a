"""What answers tell the browser: scripts of this app alone, and other sites only where a deployment names them."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import re
from pathlib import Path
from typing import Any

import pytest
import streamlit

from geo import settings
from geo.views import base_address, gate, response_headers

SITE = "https://news.example.org"


def headers(path: str, query: dict[str, list[str]] | None = None, **environ: str) -> dict[str, str]:
    found = response_headers.headers(path, query or {}, settings.load(environ))
    return {name.decode(): value.decode() for name, value in found}


def rules(path: str, **given: Any) -> dict[str, list[str]]:
    parts = [part.split() for part in headers(path, **given)["content-security-policy"].split(";")]
    return {part[0]: part[1:] for part in parts}


@pytest.mark.parametrize("path", ["/", "/points", "/component/x/index.html", "/media/a.html", "/_stcore/health"])
def test_every_answer_is_taken_for_what_it_says_and_stands_in_no_other_site(path: str) -> None:
    found = headers(path)
    assert found["x-content-type-options"] == "nosniff"
    assert found["x-frame-options"] == "SAMEORIGIN"
    assert rules(path)["frame-ancestors"] == ["'self'"]


def test_a_page_runs_only_scripts_of_this_app() -> None:
    found = rules("/points")
    assert "'unsafe-inline'" not in found["script-src"]
    assert not [source for one in found.values() for source in one if "//" in source or source == "*"]
    assert found["object-src"] == ["'none'"]


@pytest.mark.parametrize("path", ["/", "/trends"])
def test_every_script_within_a_page_as_it_is_sent_may_run(path: str) -> None:
    page = (Path(streamlit.__file__).parent / "static" / "index.html").read_bytes()

    async def streamlit_app(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/html")]})
        await send({"type": "http.response.body", "body": page})

    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": path, "query_string": b"", "headers": []}
    asyncio.run(gate.Gate(base_address.BaseAddress(streamlit_app))(scope, None, send))  # type: ignore[arg-type]
    allowed = dict(sent[0]["headers"])[b"content-security-policy"].decode()
    within = re.findall(rb"<script>(.*?)</script>", sent[1]["body"], re.DOTALL)
    assert len(within) == 2, "one of Streamlit, one of this app"
    for script in within:
        digest = base64.b64encode(hashlib.sha256(script).digest()).decode()
        assert f"'sha256-{digest}'" in allowed, script


def test_tiles_may_be_asked_for_only_in_a_map_and_only_where_they_are_offered() -> None:
    assert response_headers._TILES in rules("/component/x/index.html")["img-src"]
    assert response_headers._TILES not in rules("/component/x/index.html", ATLAS_ONLINE_TILES="no")["img-src"]
    assert response_headers._TILES not in rules("/points")["img-src"]


@pytest.mark.parametrize(
    "path", ["/points/component/x/", "/component/", "/component//x", "/at/component/x/index.html", "/points/media/a"]
)
def test_words_within_the_path_of_a_page_do_not_change_its_rules(path: str) -> None:
    assert rules(path) == rules("/points")


def test_components_and_files_are_found_where_the_app_is_served(monkeypatch: pytest.MonkeyPatch) -> None:
    below = {one: rules(one) for one in ("/component/x/index.html", "/media/a.html", "/points")}
    monkeypatch.setattr(response_headers.config, "get_option", lambda _name: "/at.1/")
    assert {one: rules(f"/at.1{one}") for one in below} == below
    assert rules("/component/x/index.html") == rules("/at-1/component/x/index.html") == below["/points"]


def test_a_file_that_is_offered_runs_nothing() -> None:
    found = rules("/media/0123.html")
    assert found["default-src"] == ["'none'"]
    assert "sandbox" in found


@pytest.mark.parametrize("value", ["1", "true"])
def test_a_page_to_embed_stands_in_the_named_sites_alone(value: str) -> None:
    embedded = headers("/points", {"embed": [value]}, ATLAS_EMBED_ORIGINS=SITE)
    assert "x-frame-options" not in embedded
    assert embedded["content-security-policy"].endswith(f"frame-ancestors 'self' {SITE}")
    for other in (
        headers("/points", {"embed": [value]}),
        headers("/points", {}, ATLAS_EMBED_ORIGINS=SITE),
        headers("/points", {"embed": ["false"]}, ATLAS_EMBED_ORIGINS=SITE),
    ):
        assert other["x-frame-options"] == "SAMEORIGIN"
        assert SITE not in other["content-security-policy"]


def test_the_map_of_a_page_to_embed_may_stand_where_the_page_does() -> None:
    assert SITE in rules("/component/x/index.html", ATLAS_EMBED_ORIGINS=SITE)["frame-ancestors"]


def test_without_settings_nothing_is_opened() -> None:
    found = dict(response_headers.headers("/", {"embed": ["1"]}, None))
    assert found[b"x-frame-options"] == b"SAMEORIGIN"

"""The panel "Use this": one on each page of counts, with files of what is shown, and a link that pins the data."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from geo.export import files
from geo.export.map_position import MapPosition
from geo.export.view import ExportedView
from geo.views import address, export, whole_address
from tests.pages.test_pages import _own_store, run, texts  # noqa: F401 (a fixture)

pytestmark = pytest.mark.slow
PAGES = ("overview", "points", "districts", "trends")


@pytest.fixture(autouse=True)
def _use_the_store(_own_store: None) -> None:  # noqa: F811
    """Each test has the store of the pages' tests."""


def codes(app: object) -> list[str]:
    return [part.value for part in app.code]  # type: ignore[attr-defined]


@pytest.mark.parametrize("page", PAGES)
def test_each_page_of_counts_has_one_panel_and_no_other_file_of_rows(page: str) -> None:
    app = run(page, district="PK503")
    assert not app.exception
    assert [part.label for part in app.expander].count("Use this: download and cite") == 1
    offered = [part.label for part in app.get("download_button")]
    assert offered[:2] == ["Download CSV", "Download the evidence pack (ZIP)"]
    # The panel has one button for tables; there is no second way to the same rows.
    assert not [label for label in offered[2:] if "CSV" in label]


def test_a_closed_panel_holds_nothing_until_it_is_opened() -> None:
    app = run("overview", has_panel=False)
    assert "Use this: download and cite" in [part.label for part in app.expander]
    assert not app.get("download_button")
    assert not app.code
    app.session_state[f"{export.OPENED}overview"] = True
    assert app.run().get("download_button")
    assert app.code


def test_the_citation_is_that_of_the_view() -> None:
    app = run("points", group="iskp", **{"from": "2024-01-01", "to": "2024-12-31"})
    text, bibtex, csl = codes(app)[:3]
    assert "1 Jan 2024 to 31 Dec 2024" in text
    (item,) = json.loads(csl)
    assert item["id"] in bibtex
    assert item["id"].split("-")[2] in text


def test_no_file_is_made_before_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    def made(view: ExportedView, table: str, kind: str) -> bytes:
        raise AssertionError("made before the click")

    monkeypatch.setattr(files, "content", made)
    assert not run("overview").exception


def test_what_would_fill_the_memory_is_left_to_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "MOST_ROWS", 100)
    app = run("points")
    assert not app.exception
    assert [part.value for part in app.info if "A page makes files of at most 100 rows" in part.value]
    offered = [part.label for part in app.get("download_button")]
    assert not [label for label in offered if "CSV" in label or "pack" in label]
    assert "Download CSV" in [part.label for part in run("districts").get("download_button")]


def test_a_link_with_another_data_version_says_so() -> None:
    app = run("overview", version="0123456789ab")
    (said,) = [part.value for part in app.info if "This link was made with" in part.value]
    assert "data version 0123456789ab" in said
    shown = re.search(r"the data shown are version ([0-9a-f]{12})", said)
    assert shown
    again = run("overview", version=shown[1])
    assert not [part for part in again.info if "This link was made with" in part.value]
    assert "were ignored" not in texts(again)


def test_what_is_no_version_is_ignored_and_named() -> None:
    app = run("overview", version="latest")
    assert "version latest" in texts(app)
    assert "This link was made with" not in texts(app)


def test_a_permanent_link_pins_period_options_place_and_version(monkeypatch: pytest.MonkeyPatch) -> None:
    class Context:
        url = "https://atlas.example/trends"

    monkeypatch.setattr(address.st, "context", Context)
    kept = {"measure": "killed", "id": "x", "version": "1", "map": "1_2_3"}
    monkeypatch.setattr(address.st, "session_state", {"atlas_options": kept})
    link = whole_address.permanent("0123456789ab", MapPosition(33.5, 70.25, 8))
    assert link.startswith("https://atlas.example/trends?")
    pinned = {"from": ["all"], "measure": ["killed"], "version": ["0123456789ab"], "map": ["33.5_70.25_8"]}
    assert parse_qs(urlsplit(link).query) == pinned
    assert "map=" not in whole_address.permanent("0123456789ab")
    frame = whole_address.permanent("0123456789ab", embed=True)
    assert parse_qs(urlsplit(frame).query)["embed"] == ["1"]
    assert not whole_address.is_own_machine()
    for nowhere in ("http://localhost:8501/trends", "http://127.0.0.1:8501"):
        monkeypatch.setattr(Context, "url", nowhere)
        assert whole_address.is_own_machine()
    monkeypatch.setattr(Context, "url", None)
    assert whole_address.permanent("0123456789ab") == ""


def test_a_link_with_a_place_opens_the_map_there_and_any_other_text_is_named() -> None:
    app = run("overview", map="33.5_70.25_8")
    assert "were ignored" not in texts(app)
    assert "33.5_70.25_8" in app.query_params["map"]
    assert "map everywhere" in texts(run("overview", map="everywhere"))


def test_a_wrong_option_of_the_address_makes_no_settings(tmp_path: Path) -> None:
    app = run("points", measure="danger")
    assert not app.exception
    assert not app.error

"""Files that a page makes after its run, when there is no visitor to ask: with what the visitor was shown."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from streamlit.runtime.media_file_manager import MediaFileManager

from geo.figure import figure
from geo.policy import Access
from geo.store import Store
from geo.views import cached, cached_index, visitor
from tests.pages.test_pages import _own_store, run  # noqa: F401 (a fixture)
from tests.toy import row
from tests.toy_store import batch

pytestmark = pytest.mark.slow
Files = dict[str, Callable[[], bytes]]
ELSEWHERE = visitor._Connection("203.0.113.7", "atlas.lan:8501", "bob")
NEW = "Newplace"


@pytest.fixture
def made(_own_store: None, monkeypatch: pytest.MonkeyPatch) -> Files:  # noqa: F811
    """What the pages of the test would make, by the names of the files."""
    found: Files = {}

    def note(_self: object, make: Callable[[], bytes], *_where: object, file_name: str, **_named: object) -> str:
        found[file_name] = make
        return f"file {len(found)}"

    monkeypatch.setattr(MediaFileManager, "add_deferred", note)
    return found


@pytest.mark.parametrize(
    "page",
    [
        "overview",
        "points",
        "districts",
        "trends",
        "compare",
        "no_go",
        "validation",
        "published",
        "district",
        "incident",
    ],
)
def test_a_file_is_made_without_asking_who_the_visitor_is(
    page: str, made: Files, store_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    query = {"district": "PK503"} if page == "district" else {}
    if page == "incident":
        Store.open(store_path).add(batch(tmp_path, row(1, incident_id="table:1", source="table"), text="one"))
        query = {"id": "table:1"}
    app = run(page, **query)
    assert not app.exception
    assert made

    def nobody() -> Access:
        raise AssertionError("asked who the visitor is")

    monkeypatch.setattr(visitor, "access", nobody)
    for name, make in made.items():
        assert make(), name


@pytest.mark.parametrize("page", ["overview", "no_go"])
def test_somebody_elsewhere_gets_no_withheld_incident_in_a_file(
    page: str, made: Files, store_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Local mode without a delay: the files that are made after the run of a visitor are theirs, not the machine's."""
    monkeypatch.setenv("ATLAS_DELAY_DAYS", "0")
    day = datetime.now(UTC).date() - timedelta(days=3)
    rows = [row(n, incident_id=f"table:{n}", source="table", day=day, place=NEW, pcode="PK528") for n in range(1, 40)]
    Store.open(store_path).add(batch(tmp_path, *rows, text="new"))
    monkeypatch.setattr(figure, "draw", lambda sheet, _kind: repr(sheet.rows).encode())
    seen: list[cached.Content] = []
    of_source = cached_index.incidents_of_source.at

    def at(shown: cached.Content, source: str) -> object:
        seen.append(shown)
        return of_source(shown, source)

    monkeypatch.setattr(cached_index.incidents_of_source, "at", at)
    with monkeypatch.context() as patch:
        patch.setattr(visitor, "_connection", lambda: ELSEWHERE)
        run(page)
        newest = cached.content().newest
    assert newest < day
    files_of_visitor = {name: make() for name, make in made.items()}
    assert all(NEW.encode() not in content for content in files_of_visitor.values())
    assert {shown.newest for shown in seen} <= {newest}
    assert bool(seen) is (page == "no_go")
    made.clear()
    run(page)
    assert cached.content().newest > day
    assert {name: make() for name, make in made.items()} != files_of_visitor


def test_the_file_of_one_incident_reads_no_other_description(
    made: Files, store_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = '{"summary": "Said of it."}'
    rows = [row(n, incident_id=f"table:{n}", source="table", raw=raw) for n in (1, 2)]
    Store.open(store_path).add(batch(tmp_path, *rows, text="one"))
    run("incident", id="table:2")
    monkeypatch.setattr("geo.summaries.read", lambda _store: pytest.fail("every description is read"))
    [content] = [make() for make in made.values()]
    assert b"Said of it." in content

"""The page of near-duplicates: side by side, merged, kept separate and undone by a button, rows only where licensed."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from geo.sources import SEAM
from geo.store import Store
from tests.pages.test_pages import _own_store, run, texts  # noqa: F401  (the fixture is used by name)
from tests.pages.test_upload import button
from tests.register_file import rows
from tests.toy import row
from tests.toy_store import batch, recorded_merge

pytestmark = pytest.mark.slow

HERE: dict[str, Any] = {"pcode": "PK503", "lat": 33.0, "lon": 70.6, "geo_precision": "exact", "day": date(2012, 5, 5)}


@pytest.fixture
def two_sources(store_path: Path, tmp_path: Path) -> Path:
    """A store in which GTD and an own table report one bombing, with a hostile place name."""
    store = without_ucdp(store_path)
    own = row(1, incident_id="table:1", source="table", place="![x](http://h/p.png)", killed_best=4, **HERE)
    gtd = row(2, incident_id="gtd:2", source="gtd", place="Secret place", killed_best=5, killed_high=8, **HERE)
    store.add(batch(tmp_path, own, text="own", source="table"))
    store.add(batch(tmp_path, gtd, text="gtd", source="gtd"))
    return store_path


def without_ucdp(path: Path) -> Store:
    """Return a store whose UCDP batch and listed merges are undone: no likely pair is left in the embedded files."""
    store = Store.open(path)
    (number,) = [record.batch_id for record in store.batches() if record.source == "ucdp_ged"]
    store.undo(number)
    store.replace_decisions("merge", undo=[merge.decision_id for merge in store.merges()])
    return store


def shown(more: int) -> str:
    """Return what a page says of all incidents: the register from the seam on, and further rows that are stored."""
    n = sum(row["date"] >= SEAM.isoformat() for row in rows()) + more
    return f"{n:,} of {n:,}"


def incidents(app: AppTest) -> str:
    """Return the line that counts incidents."""
    return next(str(part.value) for part in app.markdown if "incidents shown" in str(part.value))


def test_without_near_duplicates_the_page_says_so(store_path: Path) -> None:
    without_ucdp(store_path)
    app = run("duplicates", view="likely")
    assert not app.exception
    assert "No pair is left to decide here" in texts(app)


@pytest.mark.usefixtures("two_sources")
def test_a_pair_stands_side_by_side_with_its_score_and_why() -> None:
    app = run("duplicates")
    assert not app.error
    shown = texts(app)
    assert "**Score 7.60, likely one event.** 0.0 km apart (exact); same day;" in shown
    assert "4 and 5 killed" in shown
    assert r"|  | gtd\:2 | table\:1 |" in shown
    assert r"| Reported by | Global Terrorism Database | Own table\, mapped |" in shown
    assert "| Killed | 5 (not stated to 8) | 4 |" in shown
    assert "Secret place" in shown
    assert "![x](http" not in shown, "names of a file are text, never markup"


@pytest.mark.usefixtures("two_sources")
def test_the_pairs_are_a_file_that_is_cited_without_closed_rows() -> None:
    app = run("duplicates")
    assert "Use this: download and cite" in [part.label for part in app.expander]
    assert "Download CSV" in [part.label for part in app.get("download_button")]
    assert "1 pair with a row of Global Terrorism Database: not passed on" in texts(app).replace("\\", "")
    text, bibtex, csl = (part.value for part in app.code[:3])
    (item,) = json.loads(csl)
    assert item["id"] in bibtex
    assert "may be one event reported twice" in text


@pytest.mark.usefixtures("two_sources")
def test_the_file_and_its_link_are_of_all_years_where_the_page_is() -> None:
    recent = run("duplicates", is_recent=True)
    assert any(one.value.startswith("Pairs of all years:") for one in recent.caption)
    assert not any("incidents shown" in one.value for one in recent.markdown)
    assert "5 May 2012 to" in recent.code[0].value, "no period was chosen, so the pairs of all years are there"
    chosen = run("duplicates", **{"from": "2024-01-01", "to": "2024-12-31"})
    assert "1 Jan 2024 to 31 Dec 2024" in chosen.code[0].value
    assert pairs_in(texts(chosen)) < pairs_in(texts(recent))


def pairs_in(said: str) -> int:
    found = re.search(r"(\d+) pairs? or groups? of incidents", said)
    assert found
    return int(found[1])


@pytest.mark.usefixtures("two_sources")
def test_merging_counts_once_and_undo_gives_both_back() -> None:
    app = run("duplicates", view="likely")
    assert shown(more=2) in incidents(app)
    button(app, "One event").click().run()
    assert "The pair is merged" in texts(app)
    assert f"{shown(more=1)} incidents shown" in incidents(app)
    assert "1 merged from 2 records" in incidents(app)
    app.segmented_control(key="option_view").set_value("decided").run()
    button(app, "Undo").click().run()
    assert shown(more=2) in incidents(app)
    assert not app.error


@pytest.mark.usefixtures("two_sources")
def test_a_pair_kept_separate_is_gone_until_undone() -> None:
    app = run("duplicates", view="likely")
    button(app, "Two events").click().run()
    assert "No pair is left to decide here" in texts(app)
    assert "1 pair kept separate" in texts(app)
    assert shown(more=2) in incidents(app)
    app.segmented_control(key="option_view").set_value("decided").run()
    button(app, "Undo").click().run()
    app.segmented_control(key="option_view").set_value("likely").run()
    assert button(app, "One event")


@pytest.mark.usefixtures("two_sources")
def test_many_pairs_are_merged_from_a_score_up() -> None:
    app = run("duplicates")
    app.slider(key="review_minimum").set_value(8.0).run()
    assert button(app, "Merge 0 pairs").disabled
    app.slider(key="review_minimum").set_value(7.5).run()
    button(app, "Merge 1 pair").click().run()
    assert shown(more=1) in incidents(app)


@pytest.mark.usefixtures("two_sources")
def test_the_period_a_page_opens_on_hides_no_pair() -> None:
    app = run("duplicates", is_recent=True, view="likely")
    assert "from" not in app.query_params
    assert "1 likely one event" in texts(app)
    assert "outside the filter" not in texts(app)


@pytest.mark.usefixtures("two_sources")
def test_the_filter_keeps_pairs_of_its_incidents() -> None:
    app = run("duplicates", **{"from": "2020-01-01", "view": "likely"})
    assert "0 likely one event" in texts(app)
    assert "outside the filter" in texts(app)
    assert "No pair is left to decide here" in texts(app)


@pytest.mark.parametrize("view", ["all", "decided"])
@pytest.mark.parametrize("is_merged", [False, True])
def test_of_a_pair_with_a_closed_row_a_public_deployment_says_only_that_there_is_one(
    view: str, is_merged: bool, two_sources: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store.open(two_sources)
    if is_merged:
        recorded_merge(store, ["gtd:2", "table:1"])
    open_pair = row(3, incident_id="template:3", **HERE | {"pcode": "PK532", "lat": 32.3, "lon": 69.6})
    for one in (open_pair, open_pair | {"incident_id": "table:3", "source": "table"}):
        store.add(batch(tmp_path, one, text=one["incident_id"], source=one["source"], label=f"{one['source']}.csv"))
    monkeypatch.setenv("ATLAS_MODE", "public")
    for query in ({}, {"from": "2012-05-05", "to": "2012-05-05", "district": "PK501"}):
        app = run("duplicates", view=view, **query)
        assert not app.exception
        assert not {found.label for found in app.button} & {"One event: merge", "Two events: keep separate", "Undo"}
        said = texts(app).replace("\\", "")
        assert not re.search(r"gtd:2|table:1|Secret|4 and 5 killed|7\.60", said)
        assert "1 pair with a row of Global Terrorism Database: not shown (licence of the source)" in said
        assert "1 pair with a row of Global Terrorism Database: not passed on" in said
        if not query and view != "decided":
            assert "template:3" in said
            assert "0.0 km apart" in said


def test_a_public_deployment_names_no_pair_with_an_incident_that_is_withheld(
    two_sources: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, day = Store.open(two_sources), datetime.now(UTC).date() - timedelta(days=3)
    store.add(batch(tmp_path, row(7, incident_id="template:7", day=day), text="new", label="new.csv"))
    recorded_merge(store, ["template:7", "table:1"])
    store.replace_decisions("distinct", [(["template:7", "gtd:2"], {})])
    assert "template:7" in texts(run("duplicates", view="decided")).replace("\\", "")
    monkeypatch.setenv("ATLAS_MODE", "public")
    said = texts(run("duplicates", view="decided")).replace("\\", "")
    assert "template:7" not in said
    assert "not shown now" not in said

"""The list of incidents: every incident of the filter can be read, also those that no map can draw."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from geo.store import Store
from tests.pages.test_incident import HOSTILE, PAGE, add
from tests.pages.test_pages import _own_store, run, texts, without_embedded
from tests.register_file import n_default, rows
from tests.toy import row

__all__ = ["_own_store"]
pytestmark = pytest.mark.slow

LINK = re.compile(r"^\| \[[^\]]+\]\(incident\?id=([^)&]+)", re.MULTILINE)


def listed(app: AppTest) -> list[str]:
    """Return the ids of the incidents whose page the list of a run links to, in its order."""
    assert not app.exception
    assert not app.error
    return LINK.findall("\n".join(str(part.value) for part in app.main.markdown))


def test_one_incident_known_only_to_the_district_is_read_on_points(store_path: Path, tmp_path: Path) -> None:
    only = row(1, incident_id="table:1", source="table", pcode="PK503", district_reported="Bannu", source_url=PAGE)
    add(store_path, tmp_path, only | {"raw": '{"summary": "Three were abducted."}', "target_type": "judiciary"})
    app = run("points", data="3")
    said = texts(app).replace("\\", "")
    assert f"**1 of {n_default() + 1:,} incidents shown**" in said
    assert listed(app) == ["table%3A1"]
    for part in ("Bannu", "not attributed", "Three were abducted.", f"[dawn.com]({PAGE})", "District only"):
        assert part in said, part
    assert "**1 incident listed**, 1 of them known only to the district" in said


def test_the_whole_filter_is_listed_fifty_at_a_time() -> None:
    app = run("points")
    first = listed(app)
    assert len(first) == 50
    assert f"**{n_default():,} incidents listed**" in texts(app)
    app.number_input(key="incident_list_page").set_value(2).run()
    second = listed(app)
    assert len(second) == 50
    assert not set(first) & set(second)


def test_the_order_and_the_search_are_part_of_the_address_and_begin_at_the_first_page() -> None:
    app = run("points", sources="register")
    app.number_input(key="incident_list_page").set_value(3).run()
    app.selectbox(key="option_order").set_value("most_killed").run()
    assert app.number_input(key="incident_list_page").value == 1
    deadliest = max(rows(), key=lambda one: int(one["killed_total"] or -1))
    assert listed(app)[0] == f"register%3A{deadliest['incident_id']}"
    app.text_input(key="option_find").set_value("SUICIDE mosque").run()
    searched = ("summary", "place", "district", "district_reported", "group_claimed", "attack_type")
    texts_of = {one["incident_id"]: " ".join(one[name] for name in searched).lower() for one in rows()}
    wanted = {f"register%3A{key}" for key, said in texts_of.items() if "suicide" in said and "mosque" in said}
    assert 1 < len(wanted) <= 50
    assert set(listed(app)) == wanted
    assert app.query_params["find"] == "SUICIDE mosque"
    assert app.query_params["order"] == "most_killed"
    again = run("points", sources="register", find="SUICIDE mosque", order="most_killed")
    assert listed(again) == listed(app)


def test_summaries_in_english_are_marked_on_a_page_in_urdu() -> None:
    heads = [line for line in texts(run("points", sources="register", lang="ur")).split("\n") if "خلاصہ" in line]
    assert any("(انگریزی میں) خلاصہ" in head.replace("\\", "") for head in heads)
    assert "| Summary |" in texts(run("points", sources="register"))


def test_a_row_that_is_a_sum_is_said_to_be_one(store_path: Path, tmp_path: Path) -> None:
    add(store_path, tmp_path, row(1, incident_id="table:1", source="table", pcode="PK503", n_events=7))
    said = texts(run("points", data="3"))
    assert "**7 of" in said
    assert (
        "**1 incident listed**, 1 of them known only to the district, some of them sums, 7 incidents together." in said
    )


def test_a_search_without_a_match_says_so_and_lists_nothing() -> None:
    app = run("points", find="zzzz")
    assert any("No incident matches the search" in note.value for note in app.info)
    assert listed(app) == []
    assert "**0 incidents listed**" in texts(app)


def test_a_district_lists_its_incidents_on_its_page() -> None:
    app = run("districts", district="PK503", sources="register", placed="district")
    assert "List of the incidents: Bannu" in [part.value for part in app.subheader]
    wanted = {
        f"register%3A{one['incident_id']}"
        for one in rows(pcode="PK503")
        if one["geo_precision"] not in ("1", "2") or not one["latitude"]
    }
    assert len(wanted) > 50
    assert f"**{len(wanted)} incidents listed**, {len(wanted)} of them known only" in texts(app)
    found = set(listed(app))
    assert len(found) == 50
    assert found < wanted


def test_closed_sources_are_counted_and_not_listed(store_path: Path, tmp_path: Path) -> None:
    secret = row(1, incident_id="gtd:1", source="gtd", pcode="PK503", place="Secret", raw='{"summary": "Secret"}')
    add(store_path, tmp_path, secret)
    app = run("points", data="3")
    assert "1 incident is counted and not listed: the licence of Global Terrorism Database" in texts(app)
    assert listed(app) == []
    assert "Secret" not in texts(app)
    found = run("points", find="Secret")
    assert "gtd%3A1" not in listed(found)


def test_no_text_of_a_file_is_markup_in_the_list(store_path: Path, tmp_path: Path) -> None:
    hostile = row(1, incident_id="table:1) [x](http://h", source="table", place=HOSTILE, group_reported=HOSTILE)
    add(store_path, tmp_path, hostile | {"source_url": "https://a.pk/)x|y", "district_reported": HOSTILE})
    app = run("points", data="3")
    assert listed(app) == ["table%3A1%29%20%5Bx%5D%28http%3A%2F%2Fh"]
    shown = texts(app)
    assert "![x]" not in shown
    assert "<b>" not in shown.replace("\\<b", "")
    assert "](https://a.pk/%29x%7Cy)" in shown


def test_an_empty_store_has_an_empty_list(store_path: Path) -> None:
    without_embedded(store_path)
    for page in ("points", "districts"):
        assert listed(run(page, is_recent=True, find="bannu")) == []


def test_withheld_incidents_are_in_no_list(store_path: Path, tmp_path: Path) -> None:
    from datetime import UTC, datetime, timedelta

    late = row(1, incident_id="table:1", source="table", day=datetime.now(UTC).date() - timedelta(days=2))
    add(store_path, tmp_path, late | {"raw": '{"summary": "Secret"}'})
    app = run("points", find="Secret")
    assert listed(app) == []
    assert Store.open(store_path).find(["table:1"])


def test_a_number_on_the_overview_leads_to_the_list_of_its_district(monkeypatch: pytest.MonkeyPatch) -> None:
    from geo.views import map
    from geo.views.clicks import MapClick

    app = run("overview", per="per_100k")
    clicks = [MapClick("PK503", (), True)]
    monkeypatch.setattr(map, "draw_map", lambda **_options: clicks.pop() if clicks else None)
    app.sidebar.multiselect(key="filter_districts").set_value(["PK503"]).run()
    assert not clicks
    assert not app.exception
    assert not app.error
    assert "List of the incidents: Bannu" in [part.value for part in app.subheader]
    assert app.sidebar.multiselect(key="filter_districts").value == ["PK503"]
    assert app.query_params["district"] == "PK503"

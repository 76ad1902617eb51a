"""The page of one incident: everything that may be shown of it, texts of files inert, plain words where not."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from geo import sources, wording
from geo.export import files
from geo.export.columns import INCIDENTS
from geo.export.files import FORMATS
from geo.export.notes import notes_of
from geo.store import Store
from geo.views import cached, export, exported, whole_address
from tests.pages.test_languages import data_words, shown, unmarked
from tests.pages.test_pages import _own_store, run, texts
from tests.register_file import rows
from tests.toy import row
from tests.toy_store import batch, recorded_merge

__all__ = ["_own_store"]
pytestmark = pytest.mark.slow

HOSTILE = "![x](http://h/p.png) <b>[a](javascript:alert(1))</b> | $x$ :red[y]"
PAGE = "https://www.dawn.com/news/1"


def page(incident_id: str, **query: str) -> AppTest:
    app = run("incident", id=incident_id, **query)
    assert not app.exception
    assert not app.error
    return app


def plain(app: AppTest) -> str:
    """Return the texts of a page as they are read, without the signs that keep Markdown from being read as such."""
    return texts(app).replace("\\", "") + "\n".join(str(part.value) for part in [*app.subheader, *app.code])


def add(path: Path, tmp_path: Path, *incidents: dict[str, Any]) -> Store:
    store = Store.open(path)
    for number, incident in enumerate(incidents):
        store.add(batch(tmp_path, incident, text=f"own {number}", source=incident["source"], label=f"own{number}.csv"))
    return store


def test_a_row_of_the_register_can_be_read_with_its_pages() -> None:
    wanted = next(
        one for one in rows() if one["source_url_2"] and one["source_date"] and one["summary"] and one["place"]
    )
    said = plain(page(f"register:{wanted['incident_id']}"))
    for name in ("summary", "place", "district", "source_url", "source_url_2"):
        assert wanted[name] in said, name
    assert "page of" in said
    assert "Batch 1 (KP register of public reports.csv)" in said
    assert f"KP Incident Atlas, incident register:{wanted['incident_id']}" in said


def test_the_text_to_quote_an_incident_by_says_what_happened_names_its_publishers_first_and_where_it_stands(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    wanted = next(
        one for one in rows() if one["source_url"].startswith("https://www.dawn.com/") and one["killed_total"]
    )
    name = f"register:{wanted['incident_id']}"
    monkeypatch.setattr(
        whole_address, "of_incident", lambda url, key, version: f"https://atlas.example/incident?id={key}"
    )
    monkeypatch.setattr(whole_address, "is_own_machine", lambda: False)
    app = page(name)
    quoted = str(app.code[0].value)
    parts = (
        "people killed: ",
        "dawn.com",
        wanted["source_url"],
        "KP Incident Atlas, incident",
        "https://atlas.example/",
    )
    assert [quoted.index(part) for part in parts] == sorted(quoted.index(part) for part in parts)
    assert re.search(rf"incident {name}, data version [0-9a-f]{{12}}, read on ", quoted)
    assert quoted.endswith(f"https://atlas.example/incident?id={name}")


def test_every_field_of_a_row_is_in_words(store_path: Path, tmp_path: Path) -> None:
    stated = row(
        1,
        incident_id="table:1",
        source="table",
        place="Mir Ali",
        pcode="PK532",
        pcode_stated="PK532",
        pcode_located="PK503",
        district_method="source_admin",
        is_district_conflict=True,
        geo_precision="near",
        lat=33.0,
        lon=70.25,
        group_id="ttp",
        group_reported="TTP",
        attribution="claimed",
        killed_best=5,
        killed_low=3,
        killed_high=9,
        killed_police=2,
        killed_civilian=3,
        injured=12,
        note="toll disputed",
        date_precision="week",
        source_url=PAGE,
        source_date=date(2024, 3, 6),
    ) | {"date_end": date(2024, 3, 11)}
    add(store_path, tmp_path, stated)
    said = plain(page("table:1"))
    for part in (
        *("5 Mar 2024 to 11 Mar 2024", "Known to the week", "Mir Ali", "Near a place", "33.0000, 70.2500"),
        *(
            "5 (3 to 9)",
            "police 2, civilians 3",
            "12",
            "toll disputed",
            "Claimed by the group",
            "Militant",
            "Civilians",
        ),
        *("its coordinates lie in", "One source only: dawn.com.", f"({PAGE})", "page of 6 March 2024"),
    ):
        assert part in said, part


def test_no_text_of_a_file_is_markup(store_path: Path, tmp_path: Path) -> None:
    raw = json.dumps({"summary": HOSTILE, "seen": "javascript:alert(2) https://a.pk/)x[y](z"})
    hostile = row(1, incident_id="table:1|x y", source="table", place=HOSTILE, note=HOSTILE, group_reported=HOSTILE)
    add(store_path, tmp_path, hostile | {"raw": raw, "source_url": "javascript:alert(3)", "district_reported": HOSTILE})
    app = page("table:1|x y")
    shown = texts(app)
    assert "](javascript" not in shown
    assert "![x]" not in shown
    assert "<b>" not in shown.replace("\\<b", "")
    assert ":red[" not in shown
    assert "](https://a.pk/%29x%5By%5D%28z)" in shown
    assert "(no web address)" in shown


def test_reports_of_several_sources_stand_side_by_side(store_path: Path, tmp_path: Path) -> None:
    first = row(1, incident_id="table:1", source="table", killed_best=3, source_url=PAGE, place="Bannu")
    second = row(2, incident_id="template:2", killed_best=5, source_url="https://geo.tv/1", place="Domel")
    recorded_merge(add(store_path, tmp_path, first, second), ["table:1", "template:2"])
    for incident_id in ("table:1", "template:2"):
        said = plain(page(incident_id))
        assert "| As counted | Report 1 | Report 2 |" in said
        assert "| People killed (reports differ) | 4 (3 to 5) | 3 | 5 |" in said
        assert "The reports differ on: People killed." in said
        assert "2 different publishers or datasets: dawn.com; geo.tv." in said
        assert "Merged from 2 records on" in said


def test_a_number_made_of_several_reports_says_how_and_what_its_brackets_are() -> None:
    """111 of the register and 82 of UCDP are counted as 96; UCDP also gave the row of the register its group."""
    app = page("register:KPR-2008-0036")
    said = plain(app)
    assert "96 (82 to 111)" in said
    assert "halfway between two of them, rounded down; in brackets the lowest and the highest" in said
    counted = next(line for line in said.splitlines() if "as the source counts them" in line)
    assert counted.count("not stated, counted as 1") == 2
    assert "A part of the row of the register was taken from the same UCDP event" in said
    quoted = str(app.code[0].value)
    assert "people killed: 96 (from several reports; lowest and highest figure: 82 to 111), injured" in quoted
    assert "was taken from the same UCDP event" not in plain(page("register:KPR-2010-0090"))


def test_a_closed_source_shows_date_and_district_and_says_why(store_path: Path, tmp_path: Path) -> None:
    secret = row(1, incident_id="gtd:1", source="gtd", place="Secret", pcode="PK503", killed_best=7, note="Secret")
    add(store_path, tmp_path, secret | {"raw": '{"summary": "Secret https://secret.pk/a"}'})
    app = page("gtd:1")
    said = plain(app)
    assert "does not allow single rows to be shown" in said
    assert "5 Mar 2024" in said
    assert "Bannu" in said
    assert "ecret" not in said
    assert "People killed" not in said
    assert not [one for one in app.expander if "as it was written" in one.label]


def test_a_public_page_tells_nothing_of_a_closed_row_and_not_why_an_incident_is_not_shown(
    store_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = row(1, incident_id="table:1", source="table", killed_best=3, source_url=PAGE, place="Bannu", pcode="PK503")
    told = row(2, incident_id="gtd:2", source="gtd", place="Secret", pcode="PK532", killed_best=7, day=date(2024, 3, 6))
    new = row(4, incident_id="template:4", day=datetime.now(UTC).date() - timedelta(days=3), place="Secret")
    store = add(store_path, tmp_path, first, told, told | {"incident_id": "gtd:3"}, new)
    recorded_merge(store, ["table:1", "gtd:2", "template:4"])
    monkeypatch.setenv("ATLAS_MODE", "public")
    said = plain(page("table:1"))
    assert "1 report of Global Terrorism Database is counted with it and not shown" in said
    for secret in ("gtd:2", "6 Mar 2024", "Tank", "Secret", "Report 2", "own1.csv", "withheld, newer", "3 records"):
        assert secret not in said, secret
    answers = {incident_id: plain(page(incident_id)) for incident_id in ("gtd:2", "gtd:3", "template:4", "table:9")}
    assert len({text.replace(incident_id, "") for incident_id, text in answers.items()}) == 1
    assert "Secret" not in answers["gtd:3"]


def downloads(app: AppTest) -> list[str]:
    return [part.label for part in app.get("download_button")]


def test_an_incident_is_cited_in_three_forms_and_its_record_is_a_file(store_path: Path, tmp_path: Path) -> None:
    first = row(1, incident_id="table:1", source="table", killed_best=3, source_url=PAGE, place="Bannu")
    second = row(2, incident_id="template:2", killed_best=5, source_url="https://geo.tv/1", place="Domel")
    recorded_merge(add(store_path, tmp_path, first, second), ["table:1", "template:2"])
    app = page("template:2")
    text, bibtex, csl = (part.value for part in app.code[:3])
    (item,) = json.loads(csl)
    assert item["id"] in bibtex
    assert "KP Incident Atlas, incident template:2" in text
    assert PAGE in item["note"]
    assert "https://geo.tv/1" in item["note"]
    assert "5 Mar 2024" in item["title"]
    assert "Download CSV" in downloads(app)
    made = exported.of_incident(cached.incidents(sources.MERGED), cached.store(), "table:1", "template:2", "Said.")
    for kind in ("csv", "geojson"):
        said = files.content(made, INCIDENTS, kind).decode()
        assert "table:1; template:2" in said
        assert "1 row, 1 of 1 incidents" in said
        assert files.content(made, INCIDENTS, kind).decode() == said


@pytest.mark.parametrize("language", ["en", "ur"])
def test_the_file_of_an_incident_its_name_and_its_citation_state_the_same_settings(
    store_path: Path, tmp_path: Path, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(store_path, tmp_path, row(1, incident_id="table:1", source="table", killed_best=3, source_url=PAGE))
    named: list[str] = []
    monkeypatch.setattr(export, "_button", lambda _kind, _table, settings, _make: named.append(settings))
    app = page("table:1", lang=language)
    (item,) = json.loads(app.code[2].value)
    with wording.in_language(language):
        made = exported.of_incident(cached.incidents(sources.MERGED), cached.store(), "table:1", "table:1", "")
        inside = notes_of(made, INCIDENTS).settings_hash
    assert (item["id"].rpartition("-")[2], named[-1]) == (inside, inside)


def test_a_record_that_may_not_be_passed_on_is_no_file(store_path: Path, tmp_path: Path) -> None:
    secret = row(1, incident_id="gtd:1", source="gtd", place="Secret", pcode="PK503", killed_best=7)
    add(store_path, tmp_path, secret)
    app = page("gtd:1")
    assert not [label for label in downloads(app) if label.startswith("Download")]
    assert "licence" in plain(app)
    assert all("Secret" not in part.value for part in app.code)
    made = exported.of_incident(cached.incidents(sources.MERGED), cached.store(), "gtd:1", "gtd:1", "Secret")
    for kind in FORMATS:
        assert b"Secret" not in files.content(made, INCIDENTS, kind)
    assert "1 row of Global Terrorism Database" in files.content(made, INCIDENTS, "csv").decode()


def test_the_link_names_incident_and_version() -> None:
    wanted = f"register:{rows()[0]['incident_id']}"
    app = page(wanted)
    version = cached.data_version().code
    assert whole_address.of_incident("http://atlas.example/points?x=1", wanted, version).endswith(
        f"/incident?id={wanted.replace(':', '%3A')}&version={version}"
    )
    again = page(wanted, version="0123456789ab")
    assert [part.value for part in again.info if "This link was made with" in part.value]
    assert not [part.value for part in app.info if "This link was made with" in part.value]


def test_unknown_undone_and_withheld_incidents_are_told_apart(store_path: Path, tmp_path: Path) -> None:
    day = datetime.now(UTC).date() - timedelta(days=3)
    store = add(
        store_path,
        tmp_path,
        row(1, incident_id="table:1", source="table", place="Secret"),
        row(2, incident_id="template:2", day=day, place="Secret"),
    )
    store.undo(next(one.batch_id for one in store.batches() if one.source == "table"))
    answers = {"table:9": "No incident with", "table:1": "undone, hidden or replaced", "template:2": "delay of 30 days"}
    for incident_id, words in answers.items():
        said = plain(page(incident_id))
        assert words in said
        assert "Secret" not in said
        assert "How it was located" not in said


def test_without_an_identifier_the_page_asks_for_one_and_the_address_keeps_it() -> None:
    app = run("incident")
    assert not app.exception
    wanted = f"register:{rows()[0]['incident_id']}"
    app.text_input(key="option_id").set_value(wanted).run()
    assert wanted in plain(app)
    assert app.query_params["id"] == wanted


def test_the_rows_as_written_are_for_the_own_machine_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = rows()[0]
    incident_id = f"register:{wanted['incident_id']}"
    (cells,) = [one.value for one in page(incident_id).dataframe]
    assert cells.set_index("Column")["Cell"]["summary"] == wanted["summary"]
    monkeypatch.setenv("ATLAS_MODE", "public")
    app = page(incident_id)
    assert not app.dataframe
    assert wanted["summary"] in plain(app)


def test_the_history_names_the_versions_and_what_they_changed(store_path: Path, tmp_path: Path) -> None:
    one = row(1, incident_id="table:1", source="table", killed_best=2)
    add(store_path, tmp_path, one, one | {"killed_best": 3, "target_type": "police"})
    said = plain(page("table:1"))
    assert "(own0.csv), added on" in said
    assert "People killed: 2 became 3" in said
    assert "Target: Civilians became Police" in said


def test_the_page_is_in_the_language_of_the_visitor(store_path: Path, tmp_path: Path) -> None:
    first = row(1, incident_id="table:1", source="table", killed_best=3, source_url=PAGE)
    add(store_path, tmp_path, first, first | {"killed_best": 5})
    app = page("table:1", lang=wording.PSEUDO_LANGUAGE)
    known = data_words() | {"table", "own", "csv", "dawn", "com", "https", "www", "news"}
    assert sorted({word for text in shown(app) for word in unmarked(text)} - known) == []


def test_a_summary_in_english_is_marked_on_a_page_in_urdu() -> None:
    wanted = next(one for one in rows() if one["summary"])
    name = f"register:{wanted['incident_id']}"
    urdu, english = page(name, lang="ur"), page(name)
    assert "انگریزی میں:" in texts(urdu)
    assert "In English:" not in texts(english)


def test_without_an_identifier_the_page_says_where_incidents_are_found() -> None:
    app = run("incident")
    assert not app.exception
    assert app.text_input(key="option_id").value == ""
    assert "Type an identifier above" in app.info[0].value
    links = {link.proto.page: link.proto.label for link in app.main.get("page_link")}
    assert links == {"points": "List of the incidents on Points", "districts": "List of a district on Districts"}
    assert "Type an identifier above" not in texts(page(f"register:{rows()[0]['incident_id']}"))


def test_an_identifier_that_is_too_long_is_named_as_ignored() -> None:
    assert "were ignored: id" in texts(run(id="x" * 500))

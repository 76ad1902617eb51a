"""The page of published totals: totals beside recounts, never summed, regions never drawn, one more by a form."""

from __future__ import annotations

import csv
import re
from datetime import date
from pathlib import Path

import pytest

from geo import added_totals
from geo.analysis.evidence import published
from geo.settings import DATA_DIR
from geo.store import Store
from geo.views import published as page
from tests.pages.test_pages import _own_store, opened_at, run, texts  # noqa: F401 (the fixture gives each test a store)

pytestmark = pytest.mark.slow


def test_each_total_stands_beside_the_number_recorded_in_its_window() -> None:
    app = run("published", **{"from": "2024-01-01", "to": "2024-12-31"})
    assert not app.exception
    frame = app.dataframe[0].value
    pips = frame[(frame["publisher"] == "PIPS") & (frame["from"] == date(2024, 1, 1))].iloc[0]
    assert pips["value"] == 295
    assert 0 < pips["ours"] < 295
    assert pips["coverage"].startswith(f"{round(100 * pips['ours'] / 295)} % (")
    cited = app.code[0].value
    assert "Published totals beside our own counts: " in cited
    assert "PIPS" in cited, "the publishers are cited beside the source of the recount"


def test_the_address_names_the_total_whose_districts_are_shown() -> None:
    asked = {"where": "district", "from": "2023-01-01", "to": "2025-12-31"}
    usual = run("published", **asked).header[0].value
    attacks = [one for one in published.totals() if (one.unit, one.metric) == ("district", "attacks")]
    other = next(one for one in attacks if one.first.year == 2023 and f"{one.value:,}, " not in usual)
    app = run("published", total=page.code_of(other), **asked)
    assert not app.exception
    assert app.header[0].value != usual
    assert f"{other.value:,}" in app.header[0].value
    assert app.query_params["total"] == page.code_of(other)
    unknown = run("published", total="nothing", **asked)
    assert unknown.header[0].value == usual
    assert "were ignored: total nothing" in texts(unknown)


def test_cautions_are_marked_as_english_on_a_page_in_urdu() -> None:
    noted = next(one for one in published.totals() if one.note and (one.unit, one.metric) == ("province", "attacks"))
    asked = {"total": page.code_of(noted), "from": f"{noted.first:%Y-01-01}", "to": f"{noted.last:%Y-12-31}"}
    said = texts(run("published", lang="ur", **asked))
    caution = next(line for line in said.split("\n") if "احتیاط:" in line)
    assert "(انگریزی میں)" in caution
    assert "انگریزی میں" not in texts(run("published", **asked))


def test_the_places_are_kept_apart_and_regions_have_no_count() -> None:
    app = run("published", where="other", **{"from": "2025-01-01", "to": "2025-12-31"})
    frame = app.dataframe[0].value
    assert "Khyber Pakhtunkhwa" not in set(frame["place"])
    assert "Police region" in {place.split(":")[0] for place in frame["place"]}
    assert frame["ours"].isna().all()
    assert "not a district of the same name" in texts(app)


def test_a_period_without_totals_says_what_to_do() -> None:
    app = run("published", **{"from": "1995-01-01", "to": "1995-12-31"})
    assert not app.exception
    assert "No published total of this kind" in texts(app)


def test_quoted_figures_are_explained_from_the_collected_totals() -> None:
    app = run("published")
    assert not app.exception
    said = texts(app)
    assert "Together 665" in said
    assert "the sum is 666" in said
    with (DATA_DIR / "published_totals.csv").open(encoding="utf-8", newline="") as file:
        stated = list(csv.DictReader(file))
    of_window = [row for row in stated if (row["period_start"], row["unit"]) == ("2022-06-18", "province")]
    assert len(of_window) == 8
    for row in of_window:
        assert f"({row['source_url']})" in said
    assert re.search(r"665, Attacks, 18 June 2022 to 18 June 2023 \(\[.*\); recorded here: [1-9]", said)
    of_2024 = [row for row in stated if row["metric"] == "police_killed" and row["unit"] == "province"
               and (row["period_start"], row["period_end"]) == ("2024-01-01", "2024-12-31")]  # fmt: skip
    assert of_2024
    for row in of_2024:
        assert f"({row['source_url']})" in said


def test_a_total_can_be_added_and_removed(store_path: Path) -> None:
    app = run("published")
    app.text_input(key="added_value").input("21")
    app.text_input(key="added_publisher").input("A police force")
    app.text_input(key="added_source_url").input("https://example.org/page")
    app.date_input(key="added_period_start").set_value(date(2026, 1, 1))
    app.date_input(key="added_period_end").set_value(date(2026, 1, 31))
    next(button for button in app.button if button.label == "Add this total").click().run()
    assert "The total is added" in texts(app)
    (kept,) = added_totals.everything(Store.open(store_path))
    assert (kept.total.value, kept.total.unit) == (21, "province")
    next(button for button in app.button if button.label == "Remove").click().run()
    assert added_totals.everything(Store.open(store_path)) == ()


def test_a_total_with_a_wrong_cell_is_refused_by_name(store_path: Path) -> None:
    app = run("published")
    next(button for button in app.button if button.label == "Add this total").click().run()
    assert "This cannot be done" in texts(app)
    assert added_totals.everything(Store.open(store_path)) == ()


def test_a_public_deployment_offers_no_form(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATLAS_MODE", "public")
    app = run("published")
    assert not app.exception
    assert "Add a published total" not in [head.value for head in app.header]


def test_both_maps_say_it_and_lead_to_the_published_totals() -> None:
    for name in ("overview", "points"):
        said = texts(opened_at(name, target="police"))
        assert "published 134 (Bannu DIG" in said
        assert "#totals)" in said
    assert "published 134" not in texts(opened_at("overview"))

"""The page of one district: the answer first, every part cited, and an address that others can open."""

from __future__ import annotations

import csv
import re
from datetime import date

import pytest

from geo.analysis.evidence import statements
from geo.districts import load
from geo.settings import DATA_DIR
from tests.pages.test_pages import _own_store, opened_at, texts
from tests.register_file import rows

__all__ = ["_own_store"]
pytestmark = pytest.mark.slow
RECENT = {"from": "2024-01-01", "to": "2025-12-31"}


def said(**query: str) -> str:
    app = opened_at("district", **(RECENT | query))
    assert not app.exception
    assert not app.error
    return texts(app).replace("\\", "").replace("\N{NO-BREAK SPACE}", " ")


def in_bannu(year: str) -> list[dict[str, str]]:
    return [row for row in rows() if row["pcode"] == "PK503" and row["date"].startswith(year)]


def test_the_answer_comes_first_with_number_rank_rate_and_interval() -> None:
    text = said(district="PK503")
    n = len(in_bannu("2024")) + len(in_bannu("2025"))
    assert f"**Bannu, 1 Jan 2024 to 31 Dec 2025: {n} recorded incidents.** Rank 1 of 35 districts" in text
    residents = load().population_between(date(2024, 1, 1), date(2025, 12, 31))[load().pcodes.index("PK503")]
    used = f", of {residents:,.0f} residents, the estimate for the middle of the period."
    assert re.search(rf"Per 100,000 residents a year: [\d. ()to]+{used}", text), "the rate names its residents"
    assert "**Index of recorded attacks, Jan 2024 to Dec 2025:** High recorded attacks, steady" in text
    assert text.index("recorded incidents.**") < text.index("| Year |")


def test_the_people_killed_are_said_to_be_of_all_sides_and_how_many_are_described_as_militants() -> None:
    of_year = [row for row in rows() if row["pcode"] == "PK519" and row["date"].startswith("2024")]
    n = sum(int(row["killed_militant"] or 0) for row in of_year)
    text = said(district="PK519", to="2024-12-31")
    assert f"(all sides, {n} described as militants; 1 incident states no figure)." in text


def test_where_the_source_does_not_tell_police_apart_no_number_of_attacks_on_them_is_given() -> None:
    text = said(district="PK519", **{"from": "2002-01-01", "to": "2011-12-31"})
    assert "(police not distinguished by this source)" in text
    assert "0 on police" not in text


def test_the_panel_of_the_map_shows_the_denial_that_the_line_above_the_map_names() -> None:
    app = opened_at("overview", district="PK519", **{"from": "2024-01-01", "to": "2024-12-31"})
    line, panel = texts(app).split("What was said about access")
    denial = line.split("Denied: ")[1].split("](")[1].split(")")[0]
    assert denial.startswith("https://")
    assert denial in panel


def test_a_denial_about_the_province_stands_in_the_panel_of_a_district_without_a_statement_of_its_own() -> None:
    pcode = next(one for one in load().pcodes if not statements.between(date(2024, 1, 1), date(2024, 12, 31), one))
    app = opened_at("overview", district=pcode, **{"from": "2024-01-01", "to": "2024-12-31"})
    said = texts(app)
    assert "No statement on access to this district is collected for this period." in said
    about_all = said.split("No statement on access to this district")[1]
    assert "Said of the province or a part of it: Denial" in about_all
    assert "arynews.tv" in about_all


def test_the_lines_of_evidence_are_of_the_chosen_months_as_in_the_brief() -> None:
    text = said(district="PK519", to="2024-12-31")
    for line in ("Index of recorded attacks", "Reported", "Published totals", "Recorded", "Put together"):
        assert f"**{line}, Jan 2024 to Dec 2024:**" in text
    assert "Lines of evidence on Jan 2024 to Dec 2024." in text


def test_of_a_period_too_short_for_evidence_each_line_names_the_months_that_it_is_of() -> None:
    text = said(district="PK519", to="2024-01-31")
    for line in ("Index of recorded attacks", "Reported", "Published totals", "Recorded", "Put together"):
        assert f"**{line}, Jan 2025 to Dec 2025:**" in text


def test_each_year_stands_in_a_table_with_the_interval_of_its_rate() -> None:
    text = said(district="PK503")
    line = next(line for line in text.split("\n") if line.startswith("| 2025 |"))
    cells = [cell.strip() for cell in line.strip("|").split("|")]
    assert cells[1] == str(len(in_bannu("2025")))
    assert cells[2] == "5.13 (4.02 to 6.45)"


def test_over_the_change_of_source_no_rate_and_no_rank_is_given() -> None:
    text = said(district="PK503", **{"from": "2015-01-01"})
    assert "no rate and no rank is given" in text
    assert "Rank 1 of" not in text


def test_groups_come_with_the_share_that_no_group_is_named_for() -> None:
    assert "Not attributed to a group:" in said(district="PK503")


def test_statements_and_published_figures_of_other_years_too_are_cited_with_their_page() -> None:
    text = said(district="PK503")
    assert "Statements on other times" in text
    with (DATA_DIR / "published_totals.csv").open(encoding="utf-8", newline="") as file:
        stated = [row for row in csv.DictReader(file) if row["pcode"] == "PK503"]
    assert stated
    for row in stated:
        assert row["source_url"] in text


def test_a_published_total_of_another_definition_has_no_recount_beside_it() -> None:
    line = next(one for one in said(district="PK503").split("\n") if "killed in retaliation" in one and "| 53 |" in one)
    assert "| 53 | not the same definition |" in line


def test_neighbours_have_their_figures_and_an_address_that_keeps_the_filters() -> None:
    text = said(district="PK503", target="police")
    n = sum(row["pcode"] == "PK519" and row["target_type"] == "police" for row in rows() if row["date"] >= "2024"
            and row["date"] < "2026")  # fmt: skip
    assert (
        f"[Lakki Marwat](district?from=2024-01-01&to=2025-12-31&target=police&district=PK519) | Bannu | {n} |" in text
    )


def test_former_units_and_their_names_are_listed() -> None:
    kurram = said(district="PK518")
    assert "Predecessors: Kurram Agency (until May 2018)" in kurram
    assert "**tribal agency until 2018:** ⁨kurram agency⁩" in kurram.lower()
    assert "Upper South Waziristan" in said(district="PK530")


def test_how_well_the_incidents_are_known_is_said() -> None:
    text = said(district="PK503")
    assert "**One source only:**" in text
    assert "**Located by a name alone:** 0 of" in text


def test_a_district_without_a_record_keeps_its_neighbours_and_says_what_that_means() -> None:
    text = said(district="PK534")
    assert "No record does not mean that nothing happened." in text
    assert "The unit and its names" not in text.split("| District |")[0].split("On this page")[0]
    assert "| District | Division |" in text


def test_without_a_district_the_page_asks_for_one() -> None:
    app = opened_at("district")
    assert not app.exception
    choice = app.main.selectbox(key="district_page_choice")
    choice.set_value("PK519").run()
    assert "**Lakki Marwat," in texts(app)
    assert app.query_params["district"] == "PK519"


def test_the_districts_page_leads_to_it_with_the_whole_view() -> None:
    app = opened_at("districts", district="PK503", target="police")
    link = next(node for node in app.main if node.type == "page_link")
    assert link.proto.page == "district"
    assert link.proto.query_string == "from=all&target=police&district=PK503"

"""Statements on access and figures of the police toll: cited, dated, neutral, one row a district, no strengths below
the province."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path

import pytest

from geo import districts
from geo.settings import DATA_DIR
from tests.test_wording import BANNED

SIGNALS = DATA_DIR / "access_signals.csv"
TOLL = DATA_DIR / "police_toll.csv"
SIGNAL_COLUMNS = [
    *("statement_id", "district", "pcode", "from", "to", "kind"),
    *("speaker", "words", "publisher", "source_url", "source_date", "denies"),
]
TOLL_COLUMNS = [
    *("date_from", "date_to", "unit_kind", "unit", "pcode", "measure"),
    *("value", "publisher", "source_url", "source_date", "note"),
]
KINDS = {
    *("described_no_go", "denial", "travel_advisory", "curfew", "night_ban"),
    *("road_closed", "road_reopened", "displacement", "return"),
    *("office_moved", "office_returned", "post_closed", "post_reopened"),
    *("deployment_refused", "police_protest", "campaign_halted", "work_halted"),
}
MEASURES = {
    *("police_killed", "police_injured", "police_suspended_not_reporting", "police_dismissed_refusal"),
    *("police_dismissed_protest", "police_dismissed_absence", "police_absence_inquiries"),
    *("police_strength_stated", "senior_posts_sanctioned", "senior_posts_filled", "senior_posts_vacant"),
}
STRENGTH = {"police_strength_stated", "senior_posts_sanctioned", "senior_posts_filled", "senior_posts_vacant"}
# The publication delay of 30 days, counted back from the day on which the file was compiled.
NEWEST = date(2026, 11, 28) - timedelta(days=30)
OLDEST = date(2022, 1, 1)


def rows(path: Path = SIGNALS) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def first_day(text: str) -> date:
    """The first day that a date, a month or a year can mean."""
    assert re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", text), text
    return date.fromisoformat(f"{text}-01-01"[:10] if len(text) < 7 else f"{text}-01"[:10])


def last_day(text: str) -> date:
    """The last day that a date, a month or a year can mean."""
    start = first_day(text)
    if len(text) == 10:
        return start
    ahead = date(start.year + 1, 1, 1) if len(text) == 4 else (start + timedelta(days=31)).replace(day=1)
    return ahead - timedelta(days=1)


def statements() -> dict[str, list[dict[str, str]]]:
    grouped: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in rows():
        grouped[row["statement_id"]].append(row)
    return grouped


# --- statements on access ----------------------------------------------------------------------------


def test_the_file_opens_and_every_row_is_whole() -> None:
    found = rows()
    assert len(found) >= 120
    assert list(found[0]) == SIGNAL_COLUMNS
    for row in found:
        assert None not in row.values(), row
        assert row["words"], row
        assert row["publisher"], row
        assert row["speaker"], row


def test_rows_stand_in_the_order_of_their_beginning() -> None:
    starts = [first_day(row["from"]) for row in rows()]
    assert starts == sorted(starts)


def test_districts_bear_their_own_name_or_none() -> None:
    names = districts.load().names
    for row in rows():
        assert row["district"] == (names[row["pcode"]] if row["pcode"] else ""), row


def test_kinds_are_from_the_fixed_list() -> None:
    assert {row["kind"] for row in rows()} <= KINDS


def test_returns_reopenings_and_denials_are_recorded_beside_the_rest() -> None:
    assert {"return", "road_reopened", "office_returned", "denial"} <= {row["kind"] for row in rows()}


def test_dates_are_in_order_and_older_than_the_publication_delay() -> None:
    for row in rows():
        assert OLDEST <= first_day(row["from"]) <= NEWEST, row
        if row["to"]:
            assert first_day(row["from"]) <= last_day(row["to"]), row
            assert first_day(row["to"]) <= NEWEST, row
        if row["source_date"]:
            assert len(row["source_date"]) == 10, row
            assert first_day(row["from"]) <= first_day(row["source_date"]) <= NEWEST, row


def test_every_row_has_an_address() -> None:
    for row in rows():
        assert re.fullmatch(r"https?://[^\s/]+\.[^\s/]+(/\S*)?", row["source_url"]), row


def test_most_rows_have_the_day_of_their_page() -> None:
    undated = [row for row in rows() if not row["source_date"]]
    assert len(undated) <= len(rows()) * 0.15


def test_a_statement_is_what_one_page_says_of_one_kind() -> None:
    """The same number, the same page and kind; one row a district."""
    by_page = {(row["source_url"], row["kind"]): row["statement_id"] for row in rows()}
    assert len(set(by_page.values())) == len(by_page)
    for number, group in statements().items():
        assert re.fullmatch(r"AS\d{3}", number)
        for column in ("source_url", "kind", "publisher", "source_date", "speaker"):
            assert len({row[column] for row in group}) == 1, (number, column)
        units = [row["pcode"] for row in group]
        assert len(units) == len(set(units)), number


def test_most_statements_stand_on_a_page_of_their_own() -> None:
    pages = {row["source_url"] for row in rows()}
    assert len(pages) >= 100
    assert len(pages) >= len(statements()) * 0.9


def test_words_and_speakers_pass_no_verdict() -> None:
    for row in rows():
        for column in ("words", "speaker", "publisher"):
            found = BANNED.search(row[column])
            assert not found, (found, row)


def test_words_are_short_and_in_one_line() -> None:
    for row in rows():
        assert len(row["words"]) <= 220, row
        assert "\n" not in row["words"], row
        assert row["words"].endswith("."), row


# --- police toll -------------------------------------------------------------------------------------


def test_the_toll_opens_and_every_row_is_whole() -> None:
    found = rows(TOLL)
    assert found
    assert list(found[0]) == TOLL_COLUMNS
    for row in found:
        assert None not in row.values(), row
        assert row["measure"] in MEASURES, row
        assert int(row["value"]) >= 0, row
        assert row["publisher"], row
        assert row["source_url"].startswith(("https://", "http://")), row
        assert not BANNED.search(row["note"]), row


def test_toll_units_bear_their_own_name() -> None:
    names = districts.load().names
    for row in rows(TOLL):
        expected = ("province", "KP") if not row["pcode"] else ("district", names[row["pcode"]])
        assert (row["unit_kind"], row["unit"]) == expected, row


def test_toll_dates_are_in_order() -> None:
    for row in rows(TOLL):
        assert OLDEST <= first_day(row["date_from"]) <= last_day(row["date_to"]), row
        if row["source_date"]:
            assert first_day(row["date_to"]) <= first_day(row["source_date"]) <= NEWEST, row


def test_strength_is_given_for_the_province_only() -> None:
    assert [row for row in rows(TOLL) if row["measure"] in STRENGTH and row["unit_kind"] != "province"] == []


def test_no_figure_of_the_toll_stands_in_the_published_totals() -> None:
    totals = {
        (row["period_start"], row["period_end"], row["pcode"], row["metric"], row["value"], row["source_url"])
        for row in rows(DATA_DIR / "published_totals.csv")
    }
    for row in rows(TOLL):
        key = tuple(row[name] for name in ("date_from", "date_to", "pcode", "measure", "value", "source_url"))
        assert key not in totals, row


# --- the tests' own helpers --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2024", date(2024, 1, 1), date(2024, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2024-12", date(2024, 12, 1), date(2024, 12, 31)),
        ("2024-02-03", date(2024, 2, 3), date(2024, 2, 3)),
    ],
)
def test_a_month_and_a_year_have_a_first_and_a_last_day(text: str, first: date, last: date) -> None:
    assert (first_day(text), last_day(text)) == (first, last)

"""An incident in words never says more than is known, and a link is a web address or nothing."""

from __future__ import annotations

import re
from datetime import date

import pytest

from geo import wording
from geo.districts import load_groups, shown_group
from geo.incidents import UNKNOWN, build
from geo.shown_names import shown_name
from geo.views.incident_facts import days_text
from geo.views.incident_text import date_text, day_text, figure_text, merged_text, where_text
from geo.wording import in_language
from tests.toy import PCODES, row, table


@pytest.mark.parametrize(
    ("precision", "text"),
    [
        ("day", "3 Mar 2024"),
        ("days_2_6", "about 3 Mar 2024"),
        ("week", "week of 3 Mar 2024"),
        ("month", "March 2024"),
        ("year", "2024"),
    ],
)
def test_a_date_is_as_precise_as_it_is_known(precision: str, text: str) -> None:
    incidents = build({"1": table(row(1, day=date(2024, 3, 3), date_precision=precision))}, PCODES, "v")
    assert date_text(incidents, 0) == text


@pytest.mark.parametrize(
    ("first", "last", "text"),
    [
        (date(2022, 7, 1), date(2023, 6, 30), "2022-23"),
        (date(1999, 7, 1), date(2000, 6, 30), "1999-00"),
        (date(2021, 1, 1), date(2023, 12, 31), "2021 to 2023"),
        (date(2022, 1, 1), date(2022, 12, 31), "2022"),
    ],
)
def test_a_year_that_ends_in_another_is_named_by_both(first: date, last: date, text: str) -> None:
    incidents = build({"1": table(row(1, day=first, date_end=last, date_precision="year"))}, PCODES, "v")
    assert date_text(incidents, 0) == days_text(first, last, "year") == text


def test_an_unknown_figure_is_not_a_number() -> None:
    assert figure_text(UNKNOWN) == "not stated"
    assert figure_text(0) == "0"


@pytest.mark.parametrize(
    ("sources", "text"),
    [
        (None, ""),
        (["register", "ucdp_ged"], "merged, 2 sources: Register of publicly reported incidents (sample); "),
        (["template", "template"], "merged, 2 records of one source: Own file in the atlas template"),
    ],
)
def test_a_merged_incident_names_its_sources(sources: list[str] | None, text: str) -> None:
    assert merged_text(sources).startswith(text)
    assert bool(merged_text(sources)) is (sources is not None)


def test_days_and_tolls_are_in_the_digits_of_each_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    found = []
    with wording.in_language("ur"):
        for digits in wording.DIGITS:
            monkeypatch.setattr(wording, "_digits_source", lambda digits=digits: digits)
            found.append((day_text(date(2024, 3, 5), "day"), day_text(date(2024, 3, 5), "year"), figure_text(7)))
    assert found == [("5 مارچ 2024", "2024", "7"), ("۵ مارچ ۲۰۲۴", "۲۰۲۴", "۷")]


@pytest.mark.parametrize(
    ("stated", "in_urdu"),
    [
        ("Hafiz Gul Bahadur", "حافظ گل بہادر گروپ"),
        ("TTP", "تحریک طالبان پاکستان"),
        ("Jabhat Ansar al-Mahdi Khorasan", "جبہہ انصار المہدی خراسان"),
        ("Ansaar ul-Islam", "انصار الاسلام"),
        ("TTP-KM", "ٹی ٹی پی کے ایم (UCDP کا نام)"),
        ("Turi", "Turi"),
        ("A group of no table", "A group of no table"),
        ("", ""),
    ],
)
def test_a_known_group_is_named_in_the_language_of_the_page_and_any_other_as_stated(stated: str, in_urdu: str) -> None:
    with in_language("ur"):
        assert shown_group(stated) == in_urdu
    assert shown_group(stated) == stated


def test_every_group_that_is_named_has_a_name_in_urdu_letters() -> None:
    with in_language("ur"):
        names = [shown_name(group.name) for group in load_groups().groups.values()]
    assert [name for name in names if not re.search("[\u0600-\u06ff]", name)] == []


def test_a_place_in_latin_letters_stands_apart_beside_its_district() -> None:
    with in_language("ur"):
        assert where_text("Wazir tehsil, Ahmadzai", "بنوں") == "\u200f\u2068Wazir tehsil, Ahmadzai\u2069، بنوں"
        assert where_text("", "بنوں") == "بنوں"
    assert where_text("Domel", "Bannu") == "Domel, Bannu"

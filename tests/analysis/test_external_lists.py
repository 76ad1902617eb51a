"""What others have published: every line has a page, and regions are never taken for districts."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from geo import districts as geo_districts
from geo.analysis.index import external_lists as lists
from geo.problems import DamagedData

SOUTH = {"PK503", "PK509", "PK519", "PK525", "PK530", "PK533"}


def test_every_statement_has_a_page_a_day_and_a_known_kind() -> None:
    found = lists.statements()
    assert len(found) == 82
    assert all(s.url.startswith("https://") and s.publisher and s.statement for s in found)
    assert [s.day for s in found] == sorted(s.day for s in found)
    assert {s.kind for s in found} == set(lists.KINDS)
    assert {s.unit_kind for s in found} == set(lists.UNIT_KINDS)


def test_names_and_codes_are_those_of_the_districts() -> None:
    names = geo_districts.load().names
    assert all(s.unit == names[s.pcode] for s in lists.statements() if s.pcode)
    assert {s.unit for s in lists.statements() if not s.pcode} == {"", "Dir", "Hazara"}


def test_the_counts_by_region_add_up_to_the_published_total() -> None:
    counts = [s for s in lists.statements() if s.kind == "count"]
    assert {s.unit_kind for s in counts} == {"ctd_region"}
    assert sum(s.value for s in counts) == 337
    assert len(counts) == 14


def test_three_lists_name_districts_and_none_is_made_of_regions() -> None:
    police, press, frontier = lists.published_lists()
    assert set(police.pcodes) == {"PK503", "PK519", "PK525", "PK530"}
    assert set(press.pcodes) == {*police.pcodes, "PK509"}
    assert set(frontier.pcodes) == SOUTH
    assert [found.day for found in (police, press, frontier)] == [
        date(2022, 12, 24),
        date(2023, 1, 7),
        date(2024, 7, 16),
    ]


def test_a_list_is_compared_with_the_months_before_it() -> None:
    *_, frontier = lists.published_lists()
    assert frontier.window_before.first_day == date(2023, 7, 1)
    assert frontier.window_before.last_day == date(2024, 6, 30)


def test_a_district_sees_its_own_statements_and_those_on_the_province() -> None:
    about_tank = lists.about("PK533")
    assert {(s.kind, s.unit_kind) for s in about_tank} == {
        ("list", "district"),
        ("reported", "district"),
        ("denial", "province"),
    }
    assert {s.kind for s in lists.about("PK501")} == {"denial"}
    assert {s.unit_kind for s in lists.about("PK502")} == {"district", "province", "ctd_region"}


HEADER = "date,publisher,unit_kind,district,pcode,statement,value,url,kind,note\n"


@pytest.mark.parametrize(
    "line",
    [
        "2024-13-01,P,district,Bannu,PK503,s,,https://x.org,list,",
        "2024-01-01,P,village,Bannu,PK503,s,,https://x.org,list,",
        "2024-01-01,P,district,Bannu,PK503,s,,javascript:alert(1),list,",
        "2024-01-01,P,district,Bannu,PK503,s,many,https://x.org,count,",
        "2024-01-01,P,district,Bannu,PK503,s,,https://x.org,rumour,",
        "2024-01-01,P",
    ],
    ids=["no day", "unit", "address", "number", "kind", "short row"],
)
def test_a_damaged_row_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "lists.csv"
    path.write_text(HEADER + line + "\n", "utf-8")
    with pytest.raises(DamagedData, match=r"lists\.csv, row 2"):
        lists.statements(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DamagedData, match=r"gone\.csv"):
        lists.statements(tmp_path / "gone.csv")


def test_notes_for_readers_name_no_file() -> None:
    assert not [found.note for found in lists.statements() if ".csv" in found.note]

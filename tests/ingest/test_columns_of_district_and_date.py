"""One column for districts and dates, one of them in rows of its own; years above the rows in a column of numbers."""

from __future__ import annotations

from datetime import date

import pytest

from geo.ingest.notes import NoteKind


def incidents(result) -> list[tuple[str, str, int | None]]:
    rows = result.rows.select(["district_reported", "date_start", "killed_best"]).to_pylist()
    return [(row["district_reported"], str(row["date_start"]), row["killed_best"]) for row in rows]


EXPECTED = [("Bannu", "2024-03-04", 2), ("Bannu", "2024-03-05", 1), ("Tank", "2024-03-04", 3)]


@pytest.mark.parametrize(
    "name", ["District / Date", "District/Date", "Date & District", "Name of District - Date", "ضلع / تاریخ"]
)
@pytest.mark.parametrize("days", [("2024-03-04", "2024-03-05"), ("4 March 2024", "5 March 2024")])
def test_districts_alone_above_rows_of_dates(read, name, days):
    found = read(f"{name},Place,Killed\nBannu,,\n{days[0]},Domel,2\n{days[1]},Mandan,1\nTank,,\n{days[0]},Gomal,3\n")
    assert (incidents(found), found.n_refused) == (EXPECTED, 0)


@pytest.mark.parametrize("name", ["Date / District", "District / Date", "Date & District", "تاریخ / ضلع"])
@pytest.mark.parametrize("days", [("2024-03-04", "2024-03-05"), ("4 March 2024", "5 March 2024")])
def test_dates_alone_above_rows_of_districts(read, name, days):
    found = read(f"{name},Place,Killed\n{days[0]},,\nBannu,Domel,2\nTank,Gomal,3\n{days[1]},,\nBannu,Mandan,1\n")
    assert found.n_refused == 0
    assert incidents(found) == [EXPECTED[0], EXPECTED[2], EXPECTED[1]]


def test_a_day_without_a_year_above_its_rows_keeps_its_day(read):
    content = "Date / District,Place\n4 March,\nBannu,Domel\nTank,Gomal\n5 March,\nBannu,Mandan\n"
    found = read(content, date_year=2024)
    assert [one[:2] for one in incidents(found)] == [
        ("Bannu", "2024-03-04"),
        ("Tank", "2024-03-04"),
        ("Bannu", "2024-03-05"),
    ]


def test_the_same_below_a_title_and_beside_numbers_of_rows(read):
    found = read(
        "Incidents of March 2024,,,\nS.No,District / Date,Place,Killed\n,Bannu,,\n1,2024-03-04,Domel,2\n"
        "2,2024-03-05,Mandan,1\n,Tank,,\n3,2024-03-04,Gomal,3\n"
    )
    assert incidents(found) == EXPECTED


@pytest.mark.parametrize(
    "rows", ["Bannu,Domel,2\n2024-03-04,Gomal,1\n", "Bannu 2024-03-04,Domel,2\nTank 2024-03-05,Gomal,1\n"]
)
def test_a_column_in_which_both_are_mixed_is_left_to_a_person(refusal, rows):
    [problem] = refusal(f"District / Date,Place,Killed\n{rows}").problems
    assert problem.code == "columns"


YEARS = "S.No,Date,District,Killed\n2023,,,\n1,4 March,Bannu,2\n2,5 March,Tank,1\n2024,,,\n{first},4 March,Bannu,3\n"


@pytest.mark.parametrize("name", ["S.No", "Sr. No.", "#", "نمبر شمار"])
@pytest.mark.parametrize("first", ["1", "3"])
def test_a_year_alone_in_a_column_of_row_numbers_is_that_of_the_rows_below(read, name, first):
    found = read(YEARS.replace("S.No", name).format(first=first))
    assert incidents(found) == [("Bannu", "2023-03-04", 2), ("Tank", "2023-03-05", 1), ("Bannu", "2024-03-04", 3)]
    assert found.n_refused == 0
    assert [note.n_rows for note in found.notes if note.kind is NoteKind.DATE_HEADINGS] == [2]


def test_years_above_dates_that_state_them_are_no_rows(read):
    found = read("S.No,Date,District\n2023,,\n1,2023-03-04,Bannu\n2,2023-03-05,Tank\n2024,,\n1,2024-01-05,Bannu\n")
    assert (found.n_accepted, found.n_refused) == (3, 0)
    assert found.rows["date_start"].to_pylist()[-1] == date(2024, 1, 5)


@pytest.mark.parametrize(
    "content",
    [
        # Row 2023 of a long list, of which the other cells are blank.
        "S.No,Date,District\n2022,4 March,Bannu\n2023,,\n2024,5 March,Tank\n",
        # No year, and years that are none.
        "S.No,Date,District\n1,4 March,Bannu\n2,,\n3,5 March,Tank\n",
        "S.No,Date,District\n1850,,\n1,4 March,Bannu\n2,5 March,Tank\n",
    ],
)
def test_a_number_that_may_be_that_of_a_row_is_no_year(refusal, content):
    [problem] = refusal(content).problems
    assert problem.code == "date_year"

"""Tables in which a row states the month or day of the rows below it."""

from __future__ import annotations

import io
from datetime import date

import openpyxl
import pytest

from geo.ingest.notes import NoteKind
from geo.problems import ProblemCode


def days(found) -> list[tuple[str, str]]:
    rows = found.rows.select(["date_start", "date_precision"]).to_pylist()
    return [(str(row["date_start"]), row["date_precision"]) for row in rows]


def noted(found) -> list[int]:
    return [note.n_rows for note in found.notes if note.kind is NoteKind.DATE_HEADINGS]


@pytest.mark.parametrize("names", ["Date,District,Killed", "Day,District,Killed"])
@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("JANUARY 2024,,", "FEBRUARY 2024,,"),
        ("Jan-24,,", "Feb-24,,"),
        ("JANUARY 2024", "FEBRUARY 2024"),
        (",January 2024:,", ",February 2024:,"),
        ("Month of January 2024,,", "Month: February 2024,,"),
        ("جنوری 2024,,", "فروری 2024,,"),
        ("جنوری ۲۰۲۴,,", "فروری ۲۰۲۴,,"),
        ("2024-01,,", "02/2024,,"),
        ("January 2024 (2 incidents),,", "** February 2024 **,,"),
    ],
)
def test_a_month_alone_is_that_of_the_days_below_it(read, names, first, second):
    content = f"{names}\n{first}\n5,Bannu,1\n12th,Tank,2\n{second}\n3,Karak,1\n29,Bannu,1\n"
    found = read(content)
    assert days(found) == [(day, "day") for day in ("2024-01-05", "2024-01-12", "2024-02-03", "2024-02-29")]
    assert (found.n_refused, noted(found)) == (0, [2])


def test_without_a_column_of_dates_the_rows_are_of_the_month(read):
    found = read("District,Place,Killed\nJANUARY 2024,,\nBannu,Mandan,1\nTank,Gomal,2\nFEBRUARY 2024,,\nKarak,,1\n")
    assert days(found) == [("2024-01-01", "month"), ("2024-01-01", "month"), ("2024-02-01", "month")]
    assert (found.n_refused, noted(found)) == (0, [2])


def test_a_day_without_a_year_takes_that_of_its_heading(read):
    found = read("Date,District\n2023\n5 January,Bannu\nJan 7,Tank\n2024\n24-Feb,Karak\n4-6 March 2024,Bannu\n")
    assert [day for day, _ in days(found)] == ["2023-01-05", "2023-01-07", "2024-02-24", "2024-03-04"]


def test_a_year_stands_above_its_months(read):
    found = read("Date,District\n2024\nJanuary\n5,Bannu\n4-6,Tank\nFebruary\n7,Karak\n")
    assert days(found) == [("2024-01-05", "day"), ("2024-01-04", "days_2_6"), ("2024-02-07", "day")]


def test_a_blank_day_is_the_month_unless_a_day_stands_above_it(read):
    found = read("Date,District,Killed\nJANUARY 2024\n,Karak,1\n5,Bannu,1\n,Tank,2\n,Swat,2\n")
    assert days(found) == [("2024-01-01", "month"), ("2024-01-05", "day")]
    assert [note.n_rows for note in found.notes if note.kind is NoteKind.BLANK_BELOW] == [2]
    above = read("Date,District,Killed\nJANUARY 2024\n5,Bannu,1\n,Tank,2\n,Swat,2\n", blank_cells="above")
    assert days(above) == [("2024-01-05", "day")] * 3


def test_days_may_be_headings_too(read):
    found = read("Date,District,Killed\n4 March 2024,,\n,Bannu,1\n,Tank,2\n5 March 2024,,\n,Karak,1\n")
    assert [day for day, _ in days(found)] == ["2024-03-04", "2024-03-04", "2024-03-05"]


def test_whole_dates_below_a_month_stay_as_they_are(read):
    found = read("Date,District\nJANUARY 2024\n5 January 2024,Bannu\n2024-01-07,Tank\n")
    assert [day for day, _ in days(found)] == ["2024-01-05", "2024-01-07"]
    assert (found.n_refused, noted(found)) == (0, [1])


def test_a_row_with_nothing_but_a_date_of_its_own_stays_refused(read):
    found = read("Date,District\n2024-01-05,Bannu\n2024-01-06,\n2024-01-07,Tank\n")
    assert (found.n_accepted, found.n_refused, noted(found)) == (2, 1, [])


def test_months_and_districts_may_both_stand_alone(read):
    found = read("Date,Place,Killed\nBannu,,\nJANUARY 2024,,\n5,Mandan,1\nTank,,\n6,Gomal,1\n")
    assert [day for day, _ in days(found)] == ["2024-01-05", "2024-01-06"]
    assert found.rows["district_reported"].to_pylist() == ["Bannu", "Tank"]


def test_a_title_states_the_month_of_day_numbers(read):
    found = read("January 2024\nDate,District,Killed\n5,Bannu,1\n12,Tank,2\n")
    assert [day for day, _ in days(found)] == ["2024-01-05", "2024-01-12"]


def test_a_day_that_the_month_lacks_is_refused(read):
    assert read("Date,District\nFEBRUARY 2023\n29,Bannu\n28,Tank\n").n_refused == 1


def test_a_month_of_a_workbook_is_its_first_day(read):
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (
        ("Date", "District", "Killed"),
        (date(2024, 1, 1), None, None),
        (5, "Bannu", 1),
        (12, "Tank", 2),
        (date(2024, 2, 1), None, None),
        (3, "Karak", 1),
    ):
        sheet.append(row)
    sheet.merge_cells("A2:C2")
    content = io.BytesIO()
    book.save(content)
    found = read(content.getvalue())
    assert [day for day, _ in days(found)] == ["2024-01-05", "2024-01-12", "2024-02-03"]
    assert not [note for note in found.notes if note.kind is NoteKind.MERGED_CELLS]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("4-6", "2024-05-04"),
        ("12/05", "2024-05-12"),
        ("05/12", "2024-05-12"),
        ("12.5", "2024-05-12"),
        ("12-05", "2024-05-12"),
        ("5/5", "2024-05-05"),
        ("12/13", None),
    ],
)
def test_two_numbers_below_a_month_are_a_day_of_it_or_two_days(read, cell, expected):
    found = read(f"Date,District\nMAY 2024\n{cell},Bannu\n20,Tank\n")
    assert [day for day, _ in days(found)] == [*([expected] if expected else []), "2024-05-20"]


def test_below_a_whole_date_of_another_month_a_day_is_not_known(read):
    found = read("Date,District\nJANUARY 2024\n5,Bannu\n2024-01-06,Swat\n7,Karak\n2024-02-03,Tank\n8,Karak\n,Swat\n")
    assert [day for day, _ in days(found)] == ["2024-01-05", "2024-01-06", "2024-01-07", "2024-02-03"]


def no_year(found) -> int:
    return sum(problem.code is ProblemCode.DATE_YEAR for problem in found.problems)


@pytest.mark.parametrize(
    ("content", "n_open"),
    [
        ("December 2023,\n30,Bannu\nJanuary,\n2,Tank\n5,Karak\nFebruary,\n7,Karak\n", 3),
        ("2023,\nNovember,\n30,Bannu\nJanuary,\n2,Tank\n", 1),
        ("October 2023,\n30,Bannu\nJanuary,\n2,Tank\nMarch 2024,\n2,Tank\n", 1),
        ("2023,\n5 Dec,Bannu\n28 Dec,Bannu\n3 Jan,Tank\n4 Feb,Tank\n", 2),
        ("2023,\n28 Nov,Bannu\n3 Jan,Tank\n2024,\n3 Feb,Tank\n", 1),
    ],
)
def test_a_month_before_the_one_above_it_does_not_take_its_year(read, content, n_open):
    found = read(f"Date,District\n{content}")
    assert no_year(found) == n_open
    answered = read(f"Date,District\n{content}", date_year=2025)
    assert answered.n_refused == 0
    assert sum(day.startswith("2025") for day, _ in days(answered)) == n_open


@pytest.mark.parametrize(
    "content",
    [
        "December 2023,\n30,Bannu\nNovember,\n2,Tank\nOctober,\n5,Karak\n",
        "January 2023,\n30,Bannu\nMarch,\n2,Tank\nMarch,\n5,Karak\n",
        "2023,\n28 Dec,Bannu\n3 Nov,Tank\n2 Oct,Tank\n",
        "2023,\n28 Nov,Bannu\n3 Jan,Tank\n2 Dec,Tank\n1 Feb,Karak\n",
    ],
)
def test_months_of_one_year_may_be_in_another_order(read, content):
    found = read(f"Date,District\n{content}")
    assert {day[:4] for day, _ in days(found)} == {"2023"}
    assert found.n_refused == 0


@pytest.mark.parametrize("line", ["2010,,,", ",,,2010", "2010"])
def test_a_lone_number_of_a_row_or_of_people_is_no_year(read, line):
    found = read(f"S.No,Date,District,Killed\n2009,5 Dec 2023,Bannu,1\n{line}\n2011,3 Jan,Tank,1\n")
    assert [day for day, _ in days(found)] == ["2023-12-05"]
    named = read("S.No,Date,District,Killed\nJanuary 2024,,,\n1,5,Bannu,1\n2,6,Tank,1\n")
    assert [day for day, _ in days(named)] == ["2024-01-05", "2024-01-06"]

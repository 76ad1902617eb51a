"""Tables whose columns are years or months, and totals by district and month."""

from __future__ import annotations

import io

import openpyxl
import pytest

from geo.ingest import question_for
from geo.ingest.notes import NoteKind
from geo.problems import ProblemCode
from tests.unguarded import note_words

TWO_ROWS = (
    ",2022,,,2023,,\nDistrict,Attacks,Killed,Injured,Attacks,Killed,Injured\nBannu,4,10,3,5,11,2\nTank,1,0,0,-,-,-\n"
)
FIGURES = {("Bannu", "2022"): (4, 10, 3), ("Bannu", "2023"): (5, 11, 2), ("Tank", "2022"): (1, 0, 0)}
YEARS = {
    "years above": TWO_ROWS,
    "district above": TWO_ROWS.replace(",2022", "District,2022", 1).replace("District,Attacks", ",Attacks", 1),
    "repeated": TWO_ROWS.replace("2022,,", "2022,2022,2022").replace("2023,,", "2023,2023,2023"),
    "a word above the district": TWO_ROWS.replace(",2022", "Year,2022", 1),
    "a word before the year": TWO_ROWS.replace("2022", "Year 2022").replace("2023", "Year 2023"),
    "a word between": "Name of District,No. of attacks in 2022,Killed in 2022,Injured in 2022,No. of attacks in 2023,"
    "Killed in 2023,Injured in 2023\nBannu,4,10,3,5,11,2\nTank,1,0,0,-,-,-\n",
    "terrorist incidents": "Districts,Terrorist incidents 2022,Killed 2022,Injured 2022,Terrorist incidents 2023,"
    "Killed 2023,Injured 2023\nBannu,4,10,3,5,11,2\nTank,1,0,0,-,-,-\n",
    "written together": "District,Attacks2022,Killed2022,Injured2022,Attacks2023,Killed2023,Injured2023\n"
    "Bannu,4,10,3,5,11,2\nTank,1,0,0,-,-,-\n",
    "beside others": "District,Attacks 2022,Killed 2022,Injured 2022,Casualties 2022,Attacks 2023,Killed 2023,"
    "Injured 2023,Casualties 2023\nBannu,4,10,3,13,5,11,2,13\nTank,1,0,0,0,-,-,-,-\n",
    "below a title": "Attacks in the province,,,,,,\n" + TWO_ROWS,
    "years last": "District,Attacks 2022,Killed 2022,Injured 2022,Attacks 2023,Killed 2023,Injured 2023\n"
    "Bannu,4,10,3,5,11,2\nTank,1,0,0,-,-,-\n",
    "years first": "District,2022 attacks,2022 killed,2022 injured,2023 attacks,2023 killed,2023 injured\n"
    "Bannu,4,10,3,5,11,2\nTank,1,0,0,-,-,-\n",
    "in brackets": "District,Attacks (2022),Killed (2022),Injured (2022),Attacks (2023),Killed (2023),Injured (2023)\n"
    "Bannu,4,10,3,5,11,2\nTank,1,0,0,-,-,-\n",
    "years below": "District,Attacks,,Killed,,Injured,\n,2022,2023,2022,2023,2022,2023\n"
    "Bannu,4,5,10,11,3,2\nTank,1,-,0,-,0,-\n",
}


def figures(found) -> dict[tuple[str, str], tuple[int, int, int]]:
    rows = found.rows.select(["district_reported", "date_start", "n_events", "killed_best", "injured"]).to_pylist()
    return {
        (row["district_reported"], str(row["date_start"])[:4]): (row["n_events"], row["killed_best"], row["injured"])
        for row in rows
    }


@pytest.mark.parametrize("name", YEARS)
def test_several_figures_a_year_are_one_row_a_district_and_year(read, name):
    found = read(YEARS[name])
    assert (found.format, found.n_refused) == ("district_totals", 0)
    assert figures(found) == FIGURES


def test_a_workbook_with_merged_years_is_read_so_too(read):
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (
        ("District", 2022, None, None, 2023, None, None),
        (None, "Attacks", "Killed", "Injured", "Attacks", "Killed", "Injured"),
        ("Bannu", 4, 10, 3, 5, 11, 2),
        ("Tank", 1, 0, 0, None, None, None),
    ):
        sheet.append(row)
    for area in ("A1:A2", "B1:D1", "E1:G1"):
        sheet.merge_cells(area)
    content = io.BytesIO()
    book.save(content)
    assert figures(read(content.getvalue())) == FIGURES


def test_people_alone_are_not_incidents(refusal):
    [problem] = refusal("District,Killed 2022,Injured 2022,Killed 2023,Injured 2023\nBannu,1,2,3,4\n").problems
    assert problem.code is ProblemCode.NOT_FOR_DISTRICTS


MONTHS = ("Jan-24,Feb-24", "January 2024,February 2024", "2024-01,2024-02", "2024 Jan,2024 Feb", "01/2024,02/2024")


@pytest.mark.parametrize(
    "names", [*MONTHS, "جنوری 2024,فروری 2024", "Jan 24,Feb 24", "Jan'24,Feb'24", "2024-01-01,2024-02-01"]
)
def test_columns_of_months_are_totals_of_these_months(read, names):
    found = read(f"District,{names},Total\nBannu,4,5,9\nTank,1,,1\n", counted="incidents")
    rows = found.rows.select(["date_start", "date_end", "n_events"]).to_pylist()
    assert [(str(row["date_start"]), str(row["date_end"]), row["n_events"]) for row in rows] == [
        ("2024-01-01", "2024-01-31", 4),
        ("2024-02-01", "2024-02-29", 5),
        ("2024-01-01", "2024-01-31", 1),
    ]
    assert [note for note in found.notes if note.kind is NoteKind.ONE_COLUMN_A_MONTH]


def test_what_columns_of_months_count_is_asked(refusal):
    [problem] = refusal("District,Jan-24,Feb-24\nBannu,4,5\n").problems
    assert question_for(problem).option == "counted"


def test_months_without_a_year_take_that_of_their_row_or_are_asked(read, refusal):
    found = read("District,Year,Jan,Feb\nBannu,2022,4,5\nBannu,2023,1,2\n", counted="incidents")
    assert [str(day) for day in found.rows["date_start"].to_pylist()] == [
        *("2022-01-01", "2022-02-01", "2023-01-01", "2023-02-01")
    ]
    [problem] = refusal("Attacks in 2023,,\nDistrict,Jan,Feb\nBannu,4,5\n", counted="incidents").problems
    question = question_for(problem)
    assert (question.option, question.proposed) == ("date_year", "2023")
    found = read("District,Jan,Feb\nBannu,4,5\n", counted="incidents", date_year=2023)
    assert [str(day) for day in found.rows["date_start"].to_pylist()] == ["2023-01-01", "2023-02-01"]


@pytest.mark.parametrize(
    "months", ["Jan-24,Feb-24", "2024-01,2024-02", "January 2024,February 2024", "2024-01-01,2024-02-01"]
)
def test_a_long_table_by_district_and_month_is_read_as_totals_of_months(read, months):
    first, second = months.split(",")
    found = read(f"District,Month,Attacks,Killed\nBannu,{first},4,3\nBannu,{second},5,1\nTank,{first},1,0\n")
    rows = found.rows.select(["date_start", "date_precision", "n_events"]).to_pylist()
    assert [(str(row["date_start"]), row["date_precision"], row["n_events"]) for row in rows] == [
        ("2024-01-01", "month", 4),
        ("2024-02-01", "month", 5),
        ("2024-01-01", "month", 1),
    ]
    assert (found.format, found.n_refused) == ("district_totals", 0)
    assert [note.n_rows for note in found.notes if note.kind is NoteKind.MONTHS_WITH_YEARS] == [3]


def test_the_year_of_months_without_one_is_asked(read, refusal):
    content = "District,Month,Attacks\nBannu,January,4\nTank,February,1\n"
    [problem] = refusal(content, "attacks-2023.csv").problems
    assert (question_for(problem).option, question_for(problem).proposed) == ("date_year", "2023")
    assert read(content, date_year=2023).n_accepted == 2


@pytest.mark.parametrize("names", ["2022,2023,2023 (Jan-Aug)", "2022,2022-23", "2024-01-01,2024-01-02,2024-02-01"])
def test_columns_that_overlap_or_are_no_whole_period_are_left_to_a_person(refusal, names):
    cells = ",".join("4" for _ in names.split(","))
    problems = refusal(f"District,{names}\nBannu,{cells}\n", counted="incidents").problems
    assert [one.code for one in problems] == [ProblemCode.COLUMNS]


@pytest.mark.parametrize(
    ("content", "starts"),
    [
        ("Year,Bannu,Tank,Total\n2022,4,1,5\n2023,5,-,5\n", ["2022-01-01", "2022-01-01", "2023-01-01"]),
        ("Month,Bannu,Tank\nJan-24,4,1\nFeb-24,5,\n", ["2024-01-01", "2024-01-01", "2024-02-01"]),
        ("Year,Month,Bannu,Tank\n2024,January,4,1\n,February,5,\n", ["2024-01-01", "2024-01-01", "2024-02-01"]),
    ],
)
def test_columns_of_districts_are_totals_of_these_districts(read, refusal, content, starts):
    [problem] = refusal(content).problems
    assert question_for(problem).option == "counted"
    found = read(content, counted="incidents", blank_cells="above")
    assert [str(day) for day in found.rows["date_start"].to_pylist()] == starts
    assert found.rows["district_reported"].to_pylist() == ["Bannu", "Tank", "Bannu"]
    assert found.rows["n_events"].to_pylist() == [4, 1, 5]


def test_figures_of_one_year_are_read_if_they_count_incidents(read, refusal):
    found = read("District,Attacks 2022,Killed 2022,Injured 2022\nBannu,4,10,3\n")
    assert figures(found) == {("Bannu", "2022"): (4, 10, 3)}
    assert refusal("District,2022\nBannu,4\n").problems[0].code is ProblemCode.COLUMNS


@pytest.mark.parametrize(
    "table",
    [
        "S.No,District,Incidents 2023,Incidents 2024\n1,Bannu,12,20\n2,Tank,5,6\nTotal,,17,26\n",
        "Region,District,Incidents 2023,Incidents 2024\nBannu,Bannu,12,20\n,Tank,5,6\nBannu Total,,17,26\n",
    ],
)
def test_a_total_that_another_column_names_is_a_sum_and_no_further_row_of_the_last_district(read, table):
    result = read(table, blank_cells="above")
    assert result.rows["n_events"].to_pylist() == [12, 20, 5, 6]
    assert [str(one.message) for one in result.problems] == ["This row is a sum of other rows."] * 2


@pytest.mark.parametrize("name", ["Terrorism Incidents", "Terror incidents", "No. of terrorist attacks", "Cases"])
def test_names_in_use_for_a_number_of_incidents(read, name):
    result = read(f"District;Month;Year;{name}\nBannu;March;2024;6\n")
    assert (result.format, result.rows["n_events"].to_pylist()) == ("district_totals", [6])


@pytest.mark.parametrize(
    "names",
    [
        "Bannu (attacks),Bannu (killed),Tank (attacks),Tank (killed)",
        "Bannu - attacks,Bannu - killed,Tank - attacks,Tank - killed",
        "Bannu,Bannu District,Tank,Karak",
        "Kurram,Upper Kurram,Tank,Karak",
    ],
)
def test_columns_of_one_district_twice_are_no_totals_of_districts(refusal, names):
    [problem] = refusal(f"Year,{names}\n2023,4,9,2,5\n2024,1,3,1,1\n", counted="incidents").problems
    assert problem.code is ProblemCode.COLUMNS


@pytest.mark.parametrize("names", ["Bannu,FR Bannu,Tank", "Upper Kurram,Lower Kurram,Hangu (KP)"])
def test_parts_of_a_district_may_have_columns_of_their_own(read, names):
    found = read(f"Year,{names}\n2023,4,9,2\n2024,1,3,1\n", counted="incidents")
    assert found.rows["n_events"].to_pylist() == [4, 9, 2, 1, 3, 1]


def test_columns_that_say_more_than_a_district_are_left_out_beside_those_of_districts(read):
    found = read("Year,Bannu,Bannu (killed),Tank,Tank (killed)\n2023,4,9,2,5\n2024,1,3,1,1\n", counted="incidents")
    assert found.rows["n_events"].to_pylist() == [4, 2, 1, 1]
    assert any("Bannu (killed), Tank (killed)" in words for words in note_words(found))

"""Weeks, and financial years among dates: their first and last day are kept, and a note says by which rule."""

from __future__ import annotations

import pytest

from geo.ingest.notes import NoteKind
from geo.ingest.tables import CellError
from geo.ingest.values.date_days import parse_date
from geo.problems import ProblemCode

SECOND_WEEK = ("2024-01-08", "2024-01-14", "week")


def days(cell, order=None):
    found = parse_date(cell, order)
    return found.code if isinstance(found, CellError) else (str(found.start), str(found.end), found.precision)


def spans(result):
    rows = result.rows.select(["date_start", "date_end"]).to_pylist()
    return [tuple(map(str, row.values())) for row in rows]


def noted(result):
    return {note.kind: note.n_rows for note in result.notes}


@pytest.mark.parametrize(
    "cell",
    [
        *(
            "Week 2, 2024",
            "2024-W02",
            "2024W02",
            "W02 2024",
            "wk 2 2024",
            "Week-2 2024",
            "2024 week 2",
            "week 2 of 2024",
        ),
        *("W/E 14 Jan 2024", "week ending 14 Jan 2024", "Week ending Sunday 14 January 2024", "w.e. 2024-01-14"),
        *("W/C 8 Jan 2024", "week commencing 8 January 2024", "Week of 8 Jan 2024", "week starting: 08-Jan-24"),
        *("2nd week of January 2024", "Week 2, Jan 2024", "Jan 2024 (week 2)", "January 2024, week 2", "2nd wk Jan 24"),
    ],
)
def test_a_week_is_read_from_its_first_to_its_last_day(cell):
    assert days(cell) == SECOND_WEEK


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("2024-W02-3", ("2024-01-10", "2024-01-10", "day")),
        ("2020-W53", ("2020-12-28", "2021-01-03", "week")),
        ("week ending 03/01/2024", ("2023-12-28", "2024-01-03", "week")),
        ("last week of January 2024", ("2024-01-25", "2024-01-31", "week")),
        ("5th week of January 2024", ("2024-01-29", "2024-01-31", "days_2_6")),
        ("5th week of February 2024", ("2024-02-29", "2024-02-29", "week")),
        ("1st fortnight of March 2024", ("2024-03-01", "2024-03-15", "month")),
        ("second fortnight of March 2024", ("2024-03-16", "2024-03-31", "month")),
        ("Jan-Jun 24", ("2024-01-01", "2024-06-30", "year")),
        ("Q1 24", ("2024-01-01", "2024-03-31", "year")),
        ("H2-23", ("2023-07-01", "2023-12-31", "year")),
        ("early Feb 24", ("2024-02-01", "2024-02-10", "month")),
        ("Mid-Mar-24", ("2024-03-11", "2024-03-20", "month")),
        ("Dec 2023 - Jan 24", ("2023-12-01", "2024-01-31", "year")),
    ],
)
def test_weeks_and_periods_that_are_written_otherwise(cell, found):
    assert days(cell, "DMY") == found


@pytest.mark.parametrize(
    "cell",
    ["2024-W53", "week 60 2024", "w.e.f. 8 Jan 2024", "week ending Jan 2024", "5th week of February 2023", "Week 2"],
)
def test_no_week_is_made_of_what_is_none(cell):
    assert isinstance(days(cell), ProblemCode)


def test_a_week_waits_for_the_order_of_its_day(refusal):
    assert days("W/E 03/01/2024") == ProblemCode.DATE_ORDER
    refused = refusal("Date,District\nW/E 03/01/2024,Bannu\n")
    assert [problem.code for problem in refused.problems] == [ProblemCode.DATE_ORDER]


def test_a_note_says_how_weeks_are_read(read):
    found = read('Date,District\n"Week 2, 2024",Bannu\nW/E 14 Jan 2024,Tank\n2024-03-04,Tank\n')
    assert spans(found) == [SECOND_WEEK[:2], SECOND_WEEK[:2], ("2024-03-04", "2024-03-04")]
    assert noted(found)[NoteKind.WEEKS] == 2
    assert NoteKind.RANGES_OF_DAYS not in noted(found)


@pytest.mark.parametrize(
    "cell",
    [
        *("FY 2023-24", "FY2023/24", "2023-24", "2023/24", "FY23-24", "FY 23-24", "financial year 2023-24"),
        *("Fiscal Year 2023–24", "مالی سال 2023-24", "۲۰۲۳-۲۴"),
    ],
)
def test_a_financial_year_among_dates_is_a_period(read, cell):
    found = read(f"Date,District,Killed\n{cell},Bannu,2\n4 March 2024,Tank,1\n")
    assert spans(found) == [("2023-07-01", "2024-06-30"), ("2024-03-04", "2024-03-04")]
    assert noted(found)[NoteKind.FINANCIAL_YEARS] == 1


@pytest.mark.parametrize("cell", ["2011-2012", "2011/2012", "۲۰۱۱-۲۰۱۲"])
def test_two_whole_years_among_dates_are_not_narrowed_to_a_financial_year(read, cell):
    found = read(f"Date,District,Killed\n{cell},Bannu,2\n4 March 2024,Tank,1\n")
    assert spans(found) == [("2024-03-04", "2024-03-04")]
    assert found.problems_by_code == {"date": 1}


def test_years_that_may_be_months_are_read_as_the_others_of_their_column(read):
    found = read("Date,District\n2010-11,Bannu\n2011-12,Tank\n2012-13,Tank\n")
    assert [start for start, _ in spans(found)] == ["2010-07-01", "2011-07-01", "2012-07-01"]
    assert noted(found)[NoteKind.FINANCIAL_YEARS] == 3
    found = read("Date,District\n2008-09,Bannu\n2009-10,Tank\n2010-11,Tank\n")
    assert [start for start, _ in spans(found)] == ["2008-07-01", "2009-07-01", "2010-07-01"]
    months = read("Date,District\n2010-11,Bannu\n2010-12,Tank\n2011-12,Tank\n")
    assert [start for start, _ in spans(months)] == ["2010-11-01", "2010-12-01", "2011-12-01"]
    assert NoteKind.FINANCIAL_YEARS not in noted(months)


def test_years_beside_months_in_one_writing_are_left_open(read):
    found = read("Date,District\n2010-11,Bannu\n2012-13,Tank\n2012-10,Tank\nFY 2013-14,Tank\n")
    assert spans(found) == [("2012-10-01", "2012-10-31"), ("2013-07-01", "2014-06-30")]
    assert [problem.row for problem in found.problems] == [2, 3]
    assert "FY 2010-11" in str(found.problems[0].hint)


def test_what_was_reported_before_its_financial_year_ended_is_a_month(read):
    rows = ["2010-11,2010-12-04", "2011-12,2012-01-04", "2009-10,2009-11-01"]
    found = read("Date,Report date,District\n" + "".join(f"{row},Bannu\n" for row in rows))
    assert [start for start, _ in spans(found)] == ["2010-11-01", "2011-12-01", "2009-10-01"]
    later = read("Date,Report date,District\n" + "".join(f"{row[:7]},2013-01-04,Bannu\n" for row in rows))
    assert [start for start, _ in spans(later)] == ["2010-07-01", "2011-07-01", "2009-07-01"]


def test_one_financial_year_among_full_dates_does_not_settle_what_may_be_a_month(read):
    full = "".join(f"2011-{month:02}-05,Bannu\n" for month in range(1, 10))
    found = read(f"Date,District\n{full}2011-12,Bannu\n2023-24,Tank\nFY 2022-23,Tank\n")
    assert len(spans(found)) == 10
    assert [problem.row for problem in found.problems] == [11, 12]
    found = read(f"Date,District\n{full}2023-24,Tank\n")
    assert spans(found)[-1] == ("2023-07-01", "2024-06-30")


@pytest.mark.parametrize("name", ["Week ending", "W/E", "Week end date"])
@pytest.mark.parametrize("more", [",Killed", ",Incidents"])
def test_a_column_named_after_the_end_of_weeks_holds_weeks(read, name, more):
    found = read(f"{name},District{more}\n14 Jan 2024,Bannu,1\n21 Jan 2024,Tank,2\n")
    assert spans(found) == [SECOND_WEEK[:2], ("2024-01-15", "2024-01-21")]
    assert noted(found)[NoteKind.WEEKS] == 2


def test_a_day_number_of_a_spreadsheet_in_a_column_of_weeks_is_the_end_of_one(read):
    found = read("Week ending,District,Killed\n45305,Bannu,1\n2024-01-21,Tank,2\n")
    assert spans(found) == [SECOND_WEEK[:2], ("2024-01-15", "2024-01-21")]
    assert found.rows["date_precision"].to_pylist() == ["week", "week"]
    assert noted(found)[NoteKind.WEEKS] == 2
    assert noted(found)[NoteKind.SERIAL_DAYS] == 1


@pytest.mark.parametrize("name", ["Week starting", "Week commencing", "Week of", "Week beginning"])
def test_a_column_named_after_the_start_of_weeks_holds_weeks_also_with_a_mapping(read, name):
    content = f"{name},District,Incidents\n2024-01-08,Bannu,1\n2024-01-15,Tank,2\n"
    for mapping in (None, {"date": name, "district": "District", "n_events": "Incidents"}):
        assert spans(read(content, mapping=mapping)) == [SECOND_WEEK[:2], ("2024-01-15", "2024-01-21")]


def test_a_column_of_weeks_is_one_of_dates(read):
    found = read("Week,District,Killed\n2024-W02,Bannu,1\nWeek 3 2024,Tank,2\n2024-01-08,Tank,1\n")
    assert spans(found) == [SECOND_WEEK[:2], ("2024-01-15", "2024-01-21"), SECOND_WEEK[:2]]


def test_numbers_of_weeks_are_of_the_year_or_month_beside_them_and_never_days(read):
    found = read("Year,Week,District,Place,Killed\n2024,2,Bannu,Domel,1\n2024,60,Tank,Gomal,2\n")
    assert spans(found) == [SECOND_WEEK[:2], ("2024-01-01", "2024-12-31")]
    assert noted(found)[NoteKind.DATE_AND_PARTS_DIFFER] == 1
    found = read("Year,Month,Week,District,Place,Killed\n2024,Jan,2,Bannu,Domel,1\n2024,1,4,Tank,Gomal,2\n")
    assert spans(found) == [SECOND_WEEK[:2], ("2024-01-22", "2024-01-28")]
    assert noted(found)[NoteKind.WEEKS] == 2


def test_one_week_above_the_fifth_makes_all_numbers_of_weeks_those_of_the_year(read):
    rows = ("2024,1,1", "2024,1,4", "2024,1,5", "2024,2,5", "2024,2,6", "2024,3,10", "2024,6,2")
    found = read("Year,Month,Week,District,Killed\n" + "".join(f"{row},Bannu,1\n" for row in rows))
    assert [start for start, _ in spans(found)] == [
        *("2024-01-01", "2024-01-22", "2024-01-29", "2024-01-29", "2024-02-05", "2024-03-04", "2024-06-01")
    ]
    # The second week is not in June.
    assert spans(found)[-1] == ("2024-06-01", "2024-06-30")
    assert noted(found)[NoteKind.DATE_AND_PARTS_DIFFER] == 1
    of_months = read("Year,Month,Week,District,Killed\n2024,1,1,Bannu,1\n2024,2,5,Bannu,1\n")
    assert spans(of_months) == [("2024-01-01", "2024-01-07"), ("2024-02-29", "2024-02-29")]
    assert of_months.rows["date_precision"].to_pylist() == ["week", "week"]


@pytest.mark.parametrize("name", ["FY", "Financial Year", "Fiscal year", "مالی سال"])
def test_totals_by_financial_year_are_of_the_year_that_they_state(read, refusal, name):
    found = read(f"District,{name},Incidents\nBannu,2010-11,1\nTank,2011-12,2\nTank,FY 2023-24,2\n")
    assert [start for start, _ in spans(found)] == ["2010-07-01", "2011-07-01", "2023-07-01"]
    # Whether FY 2024 begins or ends in that year is not guessed, nor is another year asked for.
    refused = refusal(f"District,{name},Incidents\nBannu,2024,1\nTank,2023,2\n")
    assert [problem.code for problem in refused.problems] == [ProblemCode.COLUMNS]


@pytest.mark.parametrize("name", ["Year", "FY", "Financial Year", "Fiscal year", "مالی سال"])
@pytest.mark.parametrize(
    ("heading", "cells", "starts"),
    [
        ("Month", ("July", "March"), ["2022-07-01", "2022-03-01"]),
        ("Date", ("4 July", "4 March"), ["2022-07-04", "2022-03-04"]),
    ],
)
def test_a_column_of_financial_years_is_that_of_the_years(read, name, heading, cells, starts):
    found = read(f"{name},{heading},District,Killed\n2022-23,{cells[0]},Bannu,1\n2021-22,{cells[1]},Tank,1\n")
    assert [start for start, _ in spans(found)] == starts


@pytest.mark.parametrize("second", ["2021", "FY 22"])
@pytest.mark.parametrize(("heading", "cell"), [("Month", "July"), ("Date", "4 July")])
def test_no_year_is_asked_beside_financial_years_that_are_not_used(refusal, second, heading, cell):
    content = f"Financial Year,{heading},District,Killed\n2022-23,{cell},Bannu,1\n{second},{cell},Tank,1\n"
    for options in ({}, {"date_year": 2022}):
        refused = refusal(content, **options)
        found = [(problem.code, problem.column) for problem in refused.problems]
        assert found == [(ProblemCode.COLUMNS, "Financial Year")]


def test_full_dates_need_no_financial_year(read):
    found = read("FY,Date,District,Killed\n2022,2022-08-04,Bannu,1\n2021,2021-03-04,Tank,1\n")
    assert [start for start, _ in spans(found)] == ["2022-08-04", "2021-03-04"]


def test_months_that_state_their_year_are_dates(read):
    found = read("Month,District,Killed\nMarch 2023,Bannu,1\n2023-04,Tank,1\nMay-23,Tank,1\nJune,Tank,1\n")
    assert spans(found) == [("2023-03-01", "2023-03-31"), ("2023-04-01", "2023-04-30"), ("2023-05-01", "2023-05-31")]
    assert found.problems_by_code == {"date_year": 1}
    answered = read("Month,District,Killed\nMarch 2023,Bannu,1\nJune,Tank,1\n", date_year=2022)
    assert [start for start, _ in spans(answered)] == ["2023-03-01", "2022-06-01"]


@pytest.mark.parametrize("weeks", [("2", "3"), ("Sunday", "Monday")])
def test_a_column_of_weeks_takes_nothing_from_a_day_or_month_beside_it(read, weeks):
    first, second = weeks
    found = read(f"Year,Month,Day,Week,District,Killed\n2024,1,14,{first},Bannu,1\n2024,1,15,{second},Tank,2\n")
    assert spans(found) == [("2024-01-14", "2024-01-14"), ("2024-01-15", "2024-01-15")]
    found = read("Year,Month,Week,District,Killed\n2024,1,Sunday,Bannu,1\n2024,1,Monday,Tank,2\n")
    assert (spans(found), found.n_refused) == ([("2024-01-01", "2024-01-31")] * 2, 0)

"""Periods of several months as dates, in cells and in names of columns: the first and the last day are kept."""

from __future__ import annotations

from datetime import date

import pytest

from geo.ingest import question_for
from geo.ingest.notes import NoteKind
from geo.ingest.tables import CellError
from geo.ingest.values.date_days import parse_date

FIRST_HALF, SECOND_HALF = (date(2024, 1, 1), date(2024, 6, 30)), (date(2024, 7, 1), date(2024, 12, 31))
QUARTERS = [
    (date(2024, 1, 1), date(2024, 3, 31)),
    (date(2024, 4, 1), date(2024, 6, 30)),
    (date(2024, 7, 1), date(2024, 9, 30)),
    (date(2024, 10, 1), date(2024, 12, 31)),
]
WRITTEN = {
    FIRST_HALF: [
        *("Jan-Jun 2024", "first half of 2024", "1st half 2024", "2024 H1", "H1 2024", "H1-2024", "2024: first half"),
        *("January to June, 2024", "2024 (Jan-Jun)", "2024 Jan-Jun", "first six months of 2024", "Half 1 2024"),
        *(
            "جنوری تا جون 2024",
            "پہلی ششماہی 2024",
            "2024 کی پہلی ششماہی",
            "2024 کی پہلی شش ماہی",
            "۲۰۲۴ کے پہلے چھ ماہ",
        ),
        *("2024 (first half)", "Jan-Jun'24", "during Jan-Jun 2024", "First half, 2024", "first half-year 2024"),
    ],
    SECOND_HALF: ["second half of 2024", "2nd half 2024", "H2/2024", "last six months of 2024", "دوسری ششماہی 2024"],
    QUARTERS[0]: ["Q1 2024", "first quarter of 2024", "1st Qtr 2024", "Qtr 1, 2024", "January to March 2024"],
    QUARTERS[2]: ["2024 Q3", "third quarter 2024", "Jul-Sep 2024", "تیسری سہ ماہی 2024"],
    QUARTERS[3]: ["last quarter of 2024", "Q4/2024", "4th quarter of 2024"],
}


@pytest.mark.parametrize(("days", "cell"), [(days, cell) for days, cells in WRITTEN.items() for cell in cells])
def test_a_period_is_read_from_its_first_to_its_last_day(days, cell):
    found = parse_date(cell)
    assert not isinstance(found, CellError), found
    assert (found.start, found.end, found.precision) == (*days, "year")


@pytest.mark.parametrize("cell", ["till June 2024", "up to June 2024", "until 2024", "to 30 June 2024", "تا جون 2024"])
def test_an_end_without_a_beginning_is_no_date(cell):
    assert isinstance(parse_date(cell), CellError)


@pytest.mark.parametrize(
    ("cell", "precision"),
    [("2024-03-04", "day"), ("4 March 2024", "day"), ("month of March 2024", "month"), ("year 2024", "year")],
)
def test_other_dates_are_read_as_they_were(cell, precision):
    found = parse_date(cell)
    assert not isinstance(found, CellError)
    assert (found.start.year, found.precision) == (2024, precision)


def spans(result) -> list[tuple[date, date, int]]:
    rows = result.rows.select(["date_start", "date_end", "n_events"]).to_pylist()
    return [tuple(row.values()) for row in rows]


@pytest.mark.parametrize("name", ["Period", "Duration", "Month", "Half year", "Time period", "مدت"])
def test_totals_by_district_and_period_keep_their_period(read, name):
    found = read(f"District,{name},Incidents\nBannu,Jan-Jun 2024,4\nTank,2024 H2,3\nTank,Q1 2024,2\nHangu,2024,7\n")
    assert (found.format, found.n_refused) == ("district_totals", 0)
    year = (date(2024, 1, 1), date(2024, 12, 31))
    assert spans(found) == [(*FIRST_HALF, 4), (*SECOND_HALF, 3), (*QUARTERS[0], 2), (*year, 7)]
    assert [note.n_rows for note in found.notes if note.kind is NoteKind.RANGES_OF_DAYS] == [3]


def test_a_period_beside_a_column_of_years_is_of_that_year(read):
    found = read("District,Year,Period,Attacks\nBannu,2024,Jan-Jun,4\nBannu,2024,second half,3\nTank,2023,Q1,2\n")
    assert spans(found) == [(*FIRST_HALF, 4), (*SECOND_HALF, 3), (date(2023, 1, 1), date(2023, 3, 31), 2)]


@pytest.mark.parametrize("name", ["Reporting period", "Period"])
def test_financial_years_in_a_column_of_periods_are_no_months(read, name):
    found = read(f"District,{name},Incidents\nBannu,2010-11,4\nBannu,2011-12,3\nTank,2012-13,2\n")
    starts = [(2010, 4), (2011, 3), (2012, 2)]
    assert spans(found) == [(date(year, 7, 1), date(year + 1, 6, 30), n) for year, n in starts]
    months = read("District,Month,Incidents\nBannu,2010-10,4\nBannu,2010-11,3\nTank,2010-13,2\n")
    assert ([start.month for start, _, _ in spans(months)], months.n_refused) == ([10, 11], 1)


@pytest.mark.parametrize("cells", [("1", "2"), ("1st", "2nd"), ("1.0", "2.0"), ("H1", "H2")])
@pytest.mark.parametrize("name", ["Half", "Half year", "ششماہی"])
def test_numbers_of_halves_are_halves(read, cells, name):
    first, second = cells
    found = read(f"District,Year,{name},Attacks\nBannu,2024,{first},4\nBannu,2024,{second},3\n")
    assert spans(found) == [(*FIRST_HALF, 4), (*SECOND_HALF, 3)]
    found = read(f"District,{name},Attacks\nBannu,{first},4\nBannu,{second},3\n", date_year=2024)
    assert spans(found) == [(*FIRST_HALF, 4), (*SECOND_HALF, 3)]


@pytest.mark.parametrize("cells", [("1", "4"), ("1st", "4th"), ("Q1", "Q4")])
@pytest.mark.parametrize("name", ["Quarter", "Quarters", "Qtr", "سہ ماہی"])
def test_numbers_of_quarters_are_quarters(read, cells, name):
    first, last = cells
    found = read(f"District,Year,{name},Attacks\nBannu,2024,{first},4\nBannu,2024,{last},3\n")
    assert spans(found) == [(*QUARTERS[0], 4), (*QUARTERS[3], 3)]


@pytest.mark.parametrize("name", ["Half", "Quarters"])
def test_a_half_or_quarter_that_cannot_be_read_is_no_whole_year(read, name):
    found = read(f"District,Year,{name},Attacks\nBannu,2024,unclear,4\nBannu,2024,5,3\nTank,2024,1,3\n")
    assert (found.n_accepted, found.n_refused) == (1, 2)


def test_a_period_without_a_year_is_asked(read, refusal):
    content = "District,Period,Attacks\nBannu,Jan-Jun,4\nBannu,Jul-Dec,3\n"
    [problem] = refusal(content, "attacks 2024.csv").problems
    assert (question_for(problem).option, question_for(problem).proposed) == ("date_year", "2024")
    assert spans(read(content, date_year=2024)) == [(*FIRST_HALF, 4), (*SECOND_HALF, 3)]


def test_a_period_over_new_year_and_one_that_cannot_be_read(read):
    found = read("District,Period,Attacks\nBannu,Nov 2023 - Jan 2024,4\nTank,Jan-Jun 2024,3\nTank,during Ramazan,1\n")
    assert spans(found) == [(date(2023, 11, 1), date(2024, 1, 31), 4), (*FIRST_HALF, 3)]
    assert found.n_refused == 1


def test_a_date_that_is_a_period_beside_a_number_of_incidents(read):
    found = read("Date,District,Incidents,Killed\nJan-Jun 2024,Bannu,4,2\nQ3 2024,Tank,3,1\n")
    assert spans(found) == [(*FIRST_HALF, 4), (*QUARTERS[2], 3)]


@pytest.mark.parametrize(
    "names",
    [
        ("Jan-Jun 2024", "Jul-Dec 2024"),
        ("H1 2024", "H2 2024"),
        ("2024 (Jan-Jun)", "2024 (Jul-Dec)"),
        ("First half of 2024", "Second half of 2024"),
        ("جنوری تا جون 2024", "جولائی تا دسمبر 2024"),
    ],
)
def test_one_column_a_period_keeps_each_period(read, names):
    content = f"District,{','.join(names)}\nBannu,4,3\nTank,,2\n"
    found = read(content, counted="incidents")
    assert found.format == "district_totals"
    assert spans(found) == [(*FIRST_HALF, 4), (*SECOND_HALF, 3), (*SECOND_HALF, 2)]


def test_one_column_a_quarter_with_tolls(read):
    found = read("District,Attacks Q1 2024,Killed Q1 2024,Attacks Q2 2024,Killed Q2 2024\nBannu,4,1,3,0\n")
    assert spans(found) == [(*QUARTERS[0], 4), (*QUARTERS[1], 3)]
    assert found.rows["killed_best"].to_pylist() == [1, 0]


def test_whole_years_before_a_part_of_one(read):
    found = read("District,2022,2023,Jan-Jun 2024\nBannu,4,3,2\n", counted="incidents")
    assert [(str(start), n) for start, _, n in spans(found)] == [
        ("2022-01-01", 4),
        ("2023-01-01", 3),
        ("2024-01-01", 2),
    ]
    assert spans(found)[-1][1] == FIRST_HALF[1]


@pytest.mark.parametrize("names", ["Q1 2024,Q2 2024,2024", "Jan-Jun 2024,Jun-Dec 2024", "H1 2024,Q1 2024"])
def test_periods_that_overlap_are_left_to_a_person(refusal, names):
    [problem] = refusal(f"District,{names}\nBannu{',1' * len(names.split(','))}\n", counted="incidents").problems
    assert question_for(problem).option == "mapping"

"""Totals by district whose names do not say what is counted, in which year, or that count kinds of attacks."""

from __future__ import annotations

import pytest

from geo.ingest import open_question, question_for
from geo.ingest.notes import NoteKind, note_text
from geo.problems import ProblemCode


def totals(result) -> list[tuple[str, str, str, int]]:
    rows = result.rows.select(["district_reported", "date_start", "date_end", "n_events"]).to_pylist()
    return [(row["district_reported"], str(row["date_start"]), str(row["date_end"]), row["n_events"]) for row in rows]


def of_year(year: int, **figures: int) -> list[tuple[str, str, str, int]]:
    return [(name, f"{year}-01-01", f"{year}-12-31", n) for name, n in figures.items()]


OPEN = ["Total nos.", "Nos", "Frequency", "Reported", "Total", "Count", "Figure", "تعداد", "No."]


@pytest.mark.parametrize("name", OPEN)
def test_a_number_of_each_district_that_no_name_explains_is_asked_once(read, refusal, name):
    content = f"District,Year,{name}\nBannu,2024,4\nTank,2024,13\nHangu,2024,5\n"
    [problem] = refusal(content).problems
    question = question_for(problem)
    assert (problem.code, question.option, question.proposed) == (ProblemCode.COUNTED, "counted", "incidents")
    found = read(content, counted="incidents")
    assert (found.format, totals(found)) == ("district_totals", of_year(2024, Bannu=4, Tank=13, Hangu=5))
    assert any(note.kind is NoteKind.NUMBERS_OF_INCIDENTS and note.values["column"] == name for note in found.notes)
    assert refusal(content, counted="people").problems[0].code is ProblemCode.NOT_FOR_DISTRICTS


@pytest.mark.parametrize("name", ["FIRs", "Cases 2024", "No. of FIRs", "Attacks 2024", "FIRs registered"])
def test_a_name_that_says_incidents_beside_a_column_of_years_is_not_asked(read, name):
    found = read(f"S.No,District,Year,{name}\n1,Bannu,2024,4\n2,Tank,2024,13\n3,Hangu,2024,5\n")
    assert totals(found) == of_year(2024, Bannu=4, Tank=13, Hangu=5)


@pytest.mark.parametrize(
    "content",
    [
        # Row numbers, numbers of documents, several incidents of one district.
        "District,Year,S.No\nBannu,2024,1\nTank,2024,2\nHangu,2024,3\n",
        "District,Year,FIR No\nBannu,2024,41\nTank,2024,7\nHangu,2024,113\n",
        "District,Year,Place,Frequency\nBannu,2024,Domel,4\nTank,2024,Gomal,3\n",
    ],
)
def test_what_is_no_total_stays_one_incident_a_row(read, content):
    assert set(read(content).rows["n_events"].to_pylist()) == {1}


def test_several_numbers_that_no_name_explains_are_left_to_a_person(refusal):
    [problem] = refusal("District,Year,Reported,Solved\nBannu,2024,14,4\nTank,2024,3,2\n").problems
    assert question_for(problem).option == "mapping"


WHOLE = ("2021-01-01", "2021-12-31")


@pytest.mark.parametrize(
    ("title", "name", "expected", "answered"),
    [
        ("District-wise terrorist incidents 2023", "upload.csv", ("2023-01-01", "2023-12-31"), WHOLE),
        ("", "terrorist incidents 2023.csv", ("2023-01-01", "2023-12-31"), WHOLE),
        ("Incidents during 2023 (provisional)", "a.csv", ("2023-01-01", "2023-12-31"), WHOLE),
        ("2023", "upload.csv", ("2023-01-01", "2023-12-31"), WHOLE),
        ("", "incidents-2023.csv", ("2023-01-01", "2023-12-31"), WHOLE),
        ("Incidents (January to June 2023)", "upload 2024.csv", ("2023-01-01", "2023-06-30"), (WHOLE[0], "2021-06-30")),
        ("Terrorism in KP during March 2023", "upload.csv", ("2023-03-01", "2023-03-31"), ("2021-03-01", "2021-03-31")),
        (
            "Incidents of the financial year 2022-23",
            "a.csv",
            ("2022-07-01", "2023-06-30"),
            ("2021-07-01", "2022-06-30"),
        ),
        ("سال 2023 کے واقعات", "upload.csv", ("2023-01-01", "2023-12-31"), WHOLE),
        ("Attacks from January to March 2023", "a.csv", ("2023-01-01", "2023-03-31"), (WHOLE[0], "2021-03-31")),
    ],
)
@pytest.mark.parametrize("column", ["Incidents", "FIRs"])
def test_the_time_of_the_title_counts_where_no_column_states_one_and_is_said(
    read, title, name, expected, answered, column
):
    above = f"{title},\n" if title else ""
    found = read(f"{above}District,{column}\nBannu,4\nTank,13\nHangu,5\n", name)
    assert totals(found) == [(one, *expected, n) for one, n in (("Bannu", 4), ("Tank", 13), ("Hangu", 5))]
    [note] = [note for note in found.notes if note.kind is NoteKind.YEAR_OF_TITLE]
    question = open_question(note)
    assert (question.option, question.is_open) == ("date_year", False)
    found = read(f"{above}District,{column}\nBannu,4\nTank,13\nHangu,5\n", name, date_year=2021)
    assert totals(found) == [(one, *answered, n) for one, n in (("Bannu", 4), ("Tank", 13), ("Hangu", 5))]


def test_the_month_of_a_title_is_named(read):
    found = read("Terrorism in KP during March 2023,\nDistrict,Incidents\nBannu,4\nTank,13\n")
    [note] = [note for note in found.notes if note.kind is NoteKind.YEAR_OF_TITLE]
    assert "March 2023" in str(note_text(note))


def test_an_answered_year_keeps_the_months_of_a_title_without_a_year(read):
    found = read("Incidents January to June,\nDistrict,Incidents\nBannu,4\nTank,13\n", date_year=2021)
    assert {row[1:3] for row in totals(found)} == {("2021-01-01", "2021-06-30")}
    [note] = [note for note in found.notes if note.kind is NoteKind.YEAR_OF_TITLE]
    assert note.values["year"] == "Jan-Jun 2021"


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Incidents 2022 and 2023", "upload.csv"),
        ("Incidents up to June 2023", "upload.csv"),
        ("Incidents as on 31 December 2023", "upload.csv"),
        ("Incidents since 2020", "upload.csv"),
        ("Incidents from 2020", "upload.csv"),
        ("Incidents 2019-2023", "upload.csv"),
        ("Incidents of nine months 2024", "upload.csv"),
        ("Eleven months incidents 2024", "upload.csv"),
        ("Incidents in Ramzan 2024", "upload.csv"),
        ("Incidents by mid 2024", "upload.csv"),
        ("Attacks in summer 2024", "upload.csv"),
        ("Incidents of the year ending June 2024", "upload.csv"),
        ("Incidents during six months of 2024", "upload.csv"),
        ("Incidents under National Action Plan 2014", "upload.csv"),
        ("Incidents and Population Census of 2017", "upload.csv"),
        ("", "census_2017_incidents.csv"),
        ("", "export 2024-05-03.csv"),
        ("Incidents", "upload.csv"),
    ],
)
def test_the_year_is_asked_where_no_title_states_one_time(refusal, title, name):
    above = f"{title},\n" if title else ""
    [problem] = refusal(f"{above}District,Incidents\nBannu,4\nTank,13\n", name).problems
    assert question_for(problem).option == "date_year"


KINDS = "District-wise terrorist incidents 2023,,,\nDistrict,IED,Suicide,Target killing\nBannu,4,1,2\nTank,3,0,\n"


def kinds(result) -> list[tuple[str, str, int]]:
    rows = result.rows.select(["district_reported", "attack_type", "n_events"]).to_pylist()
    return [tuple(row.values()) for row in rows]


def test_a_table_of_districts_and_kinds_is_one_row_for_each_figure(read):
    found = read(KINDS)
    assert (found.format, found.n_refused) == ("district_totals", 0)
    expected = [("Bannu", "ied", 4), ("Bannu", "suicide_bombing", 1), ("Bannu", "targeted_killing", 2)]
    assert kinds(found) == [*expected, ("Tank", "ied", 3)]
    assert {str(day) for day in found.rows["date_start"].to_pylist()} == {"2023-01-01"}
    [note] = [note for note in found.notes if note.kind is NoteKind.ONE_COLUMN_A_KIND]
    assert note.n_rows == 2


@pytest.mark.parametrize("total", ["Total", "Grand Total", "Total incidents", "Incidents"])
def test_a_total_of_the_kinds_is_not_counted_twice_and_its_rest_has_no_kind(read, total):
    content = f"District,Year,IED,Ambush,{total}\nBannu,2023,4,1,5\nTank,2023,3,0,4\n"
    found = read(content)
    assert kinds(found) == [("Bannu", "ied", 4), ("Bannu", "ambush", 1), ("Tank", "ied", 3), ("Tank", "unknown", 1)]


def test_kinds_beside_people_killed_are_summed(read):
    found = read("District,Year,IED,Ambush,Killed\nBannu,2023,4,1,7\nTank,2023,3,0,2\n")
    assert [(row["n_events"], row["killed_best"]) for row in found.rows.to_pylist()] == [(5, 7), (3, 2)]


@pytest.mark.parametrize("total", ["3", "x"])
def test_kinds_that_exceed_their_total_are_left_to_a_person(refusal, total):
    [problem] = refusal(f"District,Year,IED,Ambush,Total\nBannu,2023,4,1,{total}\nTank,2023,3,0,3\n").problems
    assert question_for(problem).option == "mapping"


def test_a_row_of_sums_below_the_districts_is_refused_in_each_kind(read):
    found = read(KINDS + "Total,7,1,2\n")
    assert len(kinds(found)) == 4
    assert found.n_refused == 3


def test_kinds_by_period_keep_the_period(read):
    found = read("District,Period,IED,Ambush\nBannu,Jan-Jun 2024,4,1\nTank,Jul-Dec 2024,3,2\n")
    assert kinds(found) == [("Bannu", "ied", 4), ("Bannu", "ambush", 1), ("Tank", "ied", 3), ("Tank", "ambush", 2)]
    assert {str(day) for day in found.rows["date_end"].to_pylist()} == {"2024-06-30", "2024-12-31"}


@pytest.mark.parametrize("cell", ["10-12", "abc", "many", "2+"])
def test_a_kind_that_cannot_be_read_is_in_no_sum_beside_people_killed(read, cell):
    content = f"District,Year,IED,Suicide attack,Killed\nBannu,2024,3,{cell},5\nTank,2024,1,2,4\nHangu,2024,2,1,0\n"
    found = read(content)
    assert (totals(found), found.n_refused) == (of_year(2024, Tank=3, Hangu=3), 1)
    [problem] = found.problems
    assert (problem.row, problem.column) == (2, "Incidents")
    assert all(word in problem.value for word in ("IED", "3", "Suicide attack", cell))
    assert totals(read(content, corrections=((2, "Incidents", "14"),)))[0][3] == 14


@pytest.mark.parametrize("name", ["Nos", "Frequency", "FIRs"])
def test_figures_that_go_up_by_one_are_counts_unless_the_name_says_row_numbers(read, name):
    content = f"District,Year,{name}\nBannu,2024,1\nTank,2024,2\nHangu,2024,3\n"
    assert totals(read(content, counted="incidents")) == of_year(2024, Bannu=1, Tank=2, Hangu=3)


def test_kinds_that_go_up_by_one_are_counted(read):
    content = "District,Year,IED,Firing,Grenade\nBannu,2024,1,4,0\nTank,2024,2,0,1\nHangu,2024,3,5,2\n"
    ieds = [n for _, kind, n in kinds(read(content)) if kind == "ied"]
    assert ieds == [1, 2, 3]


def test_figures_that_go_up_by_one_are_asked_where_no_name_explains_them(refusal):
    [problem] = refusal("District,Year,Nos\nBannu,2024,1\nTank,2024,2\nHangu,2024,3\n").problems
    assert question_for(problem).option == "counted"


@pytest.mark.parametrize("total", ["", ",Total"])
def test_a_row_with_a_kind_that_cannot_be_read_is_refused_whole_and_corrected_as_one_number(read, total):
    rest = [",5", ",3", ",4"] if total else ["", "", ""]
    content = (
        f"District,Year,IED,Firing{total}\nBannu,2024,4,1{rest[0]}\nTank,2024,1,x{rest[1]}\nHangu,2024,4,0{rest[2]}\n"
    )
    expected = [("Bannu", "ied", 4), ("Bannu", "armed_assault", 1), ("Hangu", "ied", 4)]
    found = read(content)
    assert (kinds(found), found.n_refused) == (expected, 1)
    assert "Firing: x" in found.problems[0].value
    found = read(content, corrections=((3, "Incidents", "3"),))
    assert kinds(found) == [*expected[:2], ("Tank", "unknown", 3), expected[2]]


@pytest.mark.parametrize(
    ("title", "year", "expected"),
    [
        ("Incidents (January to June 2023)", 2024, ("2024-01-01", "2024-06-30")),
        ("Terrorism in KP during March 2023", 2021, ("2021-03-01", "2021-03-31")),
        ("Incidents of the financial year 2022-23", 2021, ("2021-07-01", "2022-06-30")),
    ],
)
def test_an_answered_year_keeps_the_months_of_the_title(read, title, year, expected):
    found = read(f"{title},\nDistrict,Incidents\nBannu,4\nTank,13\nHangu,5\n", date_year=year)
    assert {row[1:3] for row in totals(found)} == {expected}


@pytest.mark.parametrize(
    ("title", "name"),
    [
        *((f"Terrorist incidents {words}", "upload.csv") for words in ("nine months 2024", "eleven months of 2024")),
        *((f"Terrorist incidents {words}", "upload.csv") for words in ("in Ramzan 2024", "by mid 2024", "ending 2024")),
        *((f"Incidents {words}", "upload.csv") for words in ("in summer 2024", "under National Action Plan 2014")),
        *((f"Incidents {words}", "upload.csv") for words in ("in the summer of 2024", "رمضان 2024")),
        ("First nine months of 2023-24", "upload.csv"),
        ("", "census_2017_incidents.csv"),
        ("Incidents by the districts of the census of 2017", "upload.csv"),
    ],
)
def test_a_title_that_may_limit_its_year_is_asked(refusal, title, name):
    above = f"{title},\n" if title else ""
    [problem] = refusal(f"{above}District,Incidents\nBannu,4\nTank,13\n", name).problems
    assert question_for(problem).option == "date_year"


@pytest.mark.parametrize(
    "title", ["Attacks on police in 2023", "KP 2023", "2023", "District wise cases for the year 2023", "2023 incidents"]
)
def test_a_title_that_states_a_whole_year_is_not_asked(read, title):
    found = read(f"{title},\nDistrict,Incidents\nBannu,4\nTank,13\n")
    assert totals(found) == of_year(2023, Bannu=4, Tank=13)


@pytest.mark.parametrize(
    "columns",
    [
        "Bomb blasts,of which suicide attacks,Firing",
        "Bomb blasts,Suicide attacks (out of bomb blasts),Firing",
        "Explosions,Firing,IED",
    ],
)
@pytest.mark.parametrize("beside", ["", ",Killed"])
def test_kinds_that_may_be_parts_of_others_are_left_to_a_person(refusal, columns, beside):
    rows = "".join(
        f"{name},2024,{figures}{beside and ',1'}\n" for name, figures in (("Bannu", "5,2,2"), ("Tank", "4,1,7"))
    )
    [problem] = refusal(f"District,Year,{columns}{beside}\n{rows}").problems
    assert question_for(problem).option == "mapping"


def test_a_kind_that_is_the_sum_of_others_in_every_row_is_left_to_a_person(refusal):
    content = "District,Year,IED,Suicide attacks,Firing,Grenade\nBannu,2024,5,2,1,3\nTank,2024,6,2,9,4\n"
    [problem] = refusal(content).problems
    assert question_for(problem).option == "mapping"


def test_two_names_of_one_kind_are_read_where_their_total_says_that_both_count(read):
    content = "District,Year,IED,Bomb blasts,Total\nBannu,2024,5,2,7\nTank,2024,4,1,5\n"
    assert sum(n for *_, n in kinds(read(content))) == 12


@pytest.mark.parametrize(
    "content",
    [
        "District,Year,IED,Suicide attack,Total,Killed\nBannu,2024,3,1,9,5\nTank,2024,1,0,1,0\nHangu,2024,2,0,2,0\n",
        "District,Year,IED,Firing,Civilians killed,Police killed,Total\nHangu,2024,2,1,2,4,6\nTank,2024,1,1,1,1,2\n",
    ],
)
def test_a_total_beside_people_killed_that_is_not_that_of_the_kinds_is_left_to_a_person(refusal, content):
    [problem] = refusal(content).problems
    assert question_for(problem).option == "mapping"


def test_a_total_of_the_kinds_beside_people_killed_is_counted_once(read):
    content = "District,Year,IED,Suicide attack,Total,Killed\nBannu,2024,3,1,4,5\nTank,2024,1,0,1,0\n"
    assert [row["n_events"] for row in read(content).rows.to_pylist()] == [4, 1]


def test_a_note_says_how_many_incidents_a_total_has_more_than_its_kinds(read):
    content = "District,Year,IED,Firing,Total\nBannu,2024,3,1,9\nTank,2024,1,0,1\nHangu,2024,2,0,2\n"
    found = read(content)
    assert kinds(found)[2] == ("Bannu", "unknown", 5)
    [note] = [note for note in found.notes if note.kind is NoteKind.TOTAL_ABOVE_KINDS]
    assert (note.n_rows, note.values["incidents"]) == (1, 5)
    content = content.replace("1,9", "1,4")
    assert NoteKind.TOTAL_ABOVE_KINDS not in {note.kind for note in read(content).notes}

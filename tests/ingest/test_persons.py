"""Lists of victims: a row is a person, incidents are counted, and no name is kept."""

from __future__ import annotations

import pytest

from geo.ingest import question_for
from geo.ingest.notes import NoteKind
from geo.problems import ProblemCode
from tests.unguarded import note_words

VICTIMS = (
    "S.No,Date,District,Place,Name,Father's Name,Rank,Age,Belt No,Remarks\n"
    "1,4 March 2024,Bannu,Mandan,Ali Example,Khan Example,Constable,30,4711,IED\n"
    "2,2024-03-04,BANNU,Mandan,Gul Example,Jan Example,Head Constable,41,4711,IED\n"
    "3,4 March 2024,Tank,Gomal,Nur Example,Sher Example,Sepoy,22,4711,firing\n"
)
LISTS = {
    "names and ranks": VICTIMS,
    "fathers": "Date,District,Father Name\n2024-03-04,Bannu,x\n2024-03-04,Bannu,y\n2024-03-04,Tank,z\n",
    "name of shaheed": "Date,District,Name of Shaheed\n2024-03-04,Bannu,x\n2024-03-04,Bannu,y\n2024-03-04,Tank,z\n",
    "name and rank": "Date,District,Name and Rank\n2024-03-04,Bannu,x\n2024-03-04,Bannu,y\n2024-03-04,Tank,z\n",
    "officials": "Date,District,Name of official,Designation\n2024-03-04,Bannu,x,a\n2024-03-04,Bannu,y,b\n"
    "2024-03-04,Tank,z,c\n",
    "parentage": "Date,District,Name & Parentage\n2024-03-04,Bannu,x\n2024-03-04,Bannu,y\n2024-03-04,Tank,z\n",
    "age and sex": "Date,District,Age,Gender\n2024-03-04,Bannu,3,M\n2024-03-04,Bannu,4,F\n2024-03-04,Tank,9,M\n",
    "Urdu": "تاریخ,ضلع,نام,ولدیت,عمر\n2024-03-04,بنوں,ا,ب,3\n2024-03-04,بنوں,ج,د,4\n2024-03-04,ٹانک,ہ,و,9\n",
}


@pytest.mark.parametrize("name", LISTS)
def test_whether_a_row_is_a_person_is_asked_before_anything_is_read(refusal, name):
    [problem] = refusal(LISTS[name]).problems
    question = question_for(problem)
    assert (problem.code, question.option, question.proposed) == (ProblemCode.PERSONS, "counted", "people")
    assert "3 rows are 2 incidents" in str(problem.hint)


@pytest.mark.parametrize("name", LISTS)
def test_people_of_one_date_and_place_are_one_incident(read, name):
    found = read(LISTS[name], counted="people")
    assert found.rows["killed_best"].to_pylist() == [2, 1]
    assert (found.n_accepted, found.n_refused) == (2, 0)
    assert any("3 rows, each a person, were read as 2 incidents" in note for note in note_words(found))


def test_each_row_is_an_incident_if_that_is_answered(read):
    found = read(VICTIMS, counted="incidents")
    assert found.n_accepted == 3
    assert found.rows["killed_best"].to_pylist() == [None] * 3


@pytest.mark.parametrize("counted", ["people", "incidents"])
def test_no_name_of_a_person_is_kept_and_that_is_said(read, counted):
    found = read(VICTIMS + "4,not a day,Tank,,Bad Example,Far Example,,,,\n", counted=counted)
    assert found.n_refused == 1
    for table in (found.rows, found.refused_rows):
        assert "Example" not in str(table.to_pydict())
    assert "4711" not in str(found.rows.to_pydict())
    [note] = [note for note in found.notes if note.kind is NoteKind.PERSONS_LEFT_OUT]
    assert str(note.values["columns"]).startswith("Name, Father's Name")


def test_a_row_that_does_not_fit_keeps_no_name_either(read):
    found = read(VICTIMS + "4,2024-03-05,Tank,Gomal,Bad Example,Far Example,Sepoy,20,4711,x,y\n", counted="people")
    assert found.n_refused == 1
    assert "Example" not in str(found.refused_rows.to_pydict())


def test_the_injured_of_a_list_are_counted_as_such(read):
    found = read(
        "Date,District,Victim Name,Status\n2024-03-04,Bannu,x,Shaheed\n2024-03-04,Bannu,y,Injured\n"
        "2024-03-04,Tank,z,injured\n2024-03-04,Karak,z,\n",
        counted="people",
    )
    assert found.rows["killed_best"].to_pylist() == [1, 0, None]
    assert found.rows["injured"].to_pylist() == [1, 1, None]
    assert any("1 person the table does not say" in note for note in note_words(found))


@pytest.mark.parametrize(
    "content",
    [
        "Date,District,Name,Killed\n2024-03-04,Bannu,Mandan bazaar,2\n",
        "Date,District,Name,Rank,Killed\n2024-03-04,Bannu,x,Major,2\n",
        "Date,District,Name\n2024-03-04,Bannu,Mandan bazaar\n",
        "Date,District,Officer Name\n2024-03-04,Bannu,x\n",
        "Date,District,Name of Police Station,No.\n2024-03-04,Bannu,x,1\n",
        "Date,District,Incidents,Gender,Age\n2024-03-04,Bannu,2,all,all\n",
    ],
)
def test_other_tables_are_no_lists_of_persons(read, content):
    assert read(content).n_accepted == 1


def test_names_of_victims_beside_tolls_are_left_out(read):
    found = read("Date,District,Killed,Name of victim\n2024-03-04,Bannu,1,Ali Example\n")
    assert "Example" not in str(found.rows.to_pydict())
    assert any("name or describe persons" in note for note in note_words(found))


def test_a_mapped_list_is_counted_too(read):
    content = "Wann,Wo,Name,Age\n2024-03-04,Bannu,x,20\n2024-03-04,Bannu,y,30\n"
    found = read(content, mapping={"date": "Wann", "district": "Wo"}, counted="people")
    assert found.rows["killed_best"].to_pylist() == [2]


def test_a_name_beside_a_father_and_a_toll_is_left_out(read):
    found = read("Date,District,Name,Father's Name,Killed\n2024-03-04,Bannu,Ali Example,Gul Example,1\n")
    assert (found.n_accepted, "Example" in str(found.rows.to_pydict())) == (1, False)


def test_a_date_that_stands_once_for_several_persons_is_asked_about(read):
    content = "Date,District,Name,Rank\n2024-03-04,Bannu,x,Constable\n,,y,Sepoy\n,,z,Sepoy\n2024-03-09,Tank,a,ASI\n"
    assert [note.n_rows for note in read(content, counted="people").notes if note.kind is NoteKind.BLANK_BELOW] == [2]
    assert read(content, counted="people", blank_cells="above").rows["killed_best"].to_pylist() == [3, 1]


@pytest.mark.parametrize("name", ["Date of Shahadat", "Date of martyrdom", "تاریخ شہادت"])
def test_the_day_of_a_death_is_the_date(read, name):
    found = read(f"Name,Rank,District,{name}\nx,Sepoy,Bannu,2024-03-04\n", counted="people")
    assert (found.n_accepted, found.rows["killed_best"].to_pylist()) == (1, [1])


def test_a_column_of_names_that_a_person_assigned_is_left_out_all_the_same(read):
    mapping = {"date": "Wann", "district": "Wo", "description": "Name"}
    found = read("Wann,Wo,Name,Age\n2024-03-04,Bannu,Ali Example,20\n", mapping=mapping, counted="incidents")
    assert (found.n_accepted, "Example" in str(found.rows.to_pydict())) == (1, False)


@pytest.mark.parametrize("names", ["Year,District,Name,Age", "Date,District,Name,Age"])
def test_people_of_one_month_or_year_are_not_put_together(read, names):
    found = read(f"{names}\n2024,Bannu,x,20\n2024,Bannu,y,30\n", counted="people")
    assert found.rows["killed_best"].to_pylist() == [1, 1]


def test_days_in_parts_are_dates_too(read):
    content = "Year,Month,Day,District,Name,Age\n2024,3,4,Bannu,x,1\n2024,3,4,Bannu,y,2\n2024,4,4,Bannu,z,3\n"
    assert read(content, counted="people").rows["killed_best"].to_pylist() == [2, 1]


@pytest.mark.parametrize(
    ("content", "people"),
    [
        ("District,Place\nPeshawar,Badaber\nPeshawar,badaber\nPeshawar,Regi\n", [2, 1]),
        ('District,Place\nPeshawar,"Peshawar, Badaber"\nPeshawar,"Peshawar, Regi"\n', [1, 1]),
        ("District,Place\nNorth Waziristan,Mir Ali\nNWA,Miranshah\nNorth Waziristan,Razmak\n", [1, 1, 1]),
        ("District,Tehsil\nMir Ali,x\nMiranshah,x\n", [1, 1]),
        ("District,Province\nDI Khan,KP\nDera Ismail Khan,KP\n", [2]),
        ("District,Incident ID\nBannu,A1\nBannu,A2\nBannu,A1\n", [2, 1]),
        ("District,ID\nBannu,A1\nBannu,A2\nBannu,A1\n", [2, 1]),
        ("District,ID\nBannu,1\nBannu,2\n", [2]),
        ("District,S.No\nBannu,1\nBannu,1\nBannu,2\n", [3]),
        ("District,FIR No.\nBannu,12\nBannu,90\n", [1, 1]),
        ("District,F.I.R\nBannu,12\nBannu,90\n", [1, 1]),
        ("District,Case No\nBannu,12\nBannu,\n", [2]),
    ],
)
def test_people_of_different_places_or_numbers_of_incidents_are_not_put_together(read, content, people):
    head, *lines = content.splitlines()
    content = "\n".join([f"Date,Name,Age,{head}", *(f"2024-03-04,x,20,{line}" for line in lines)])
    assert read(content + "\n", counted="people").rows["killed_best"].to_pylist() == people


@pytest.mark.parametrize(
    ("columns", "person"),
    [
        ("Victim Name,Age,Name of Accused,Killed", "x,20,Ali Example,1"),
        ("Accused Name,Killed", "Ali Example,1"),
        ("Name of abductee,Killed", "Ali Example,1"),
        ("Suspect's name,Killed", "Ali Example,1"),
        ("Names of the terrorists,Killed", "Ali Example,1"),
        ("Complainant Name,Killed", "Ali Example,1"),
        ("ملزم کا نام,Killed", "Ali Example,1"),
    ],
)
def test_names_of_anybody_concerned_are_left_out(read, columns, person):
    found = read(f"Date,District,{columns}\n2024-03-04,Bannu,{person}\n")
    assert (found.n_accepted, "Example" in str(found.rows.to_pydict())) == (1, False)


@pytest.mark.parametrize(
    "line",
    [
        "2024-03-05,Zar Example, s/o Noor Example,Tank,40,Firing",
        "2024-03-05,Zar Example, s/o Noor Example,Tank",
        "Zar Example",
    ],
)
def test_no_cell_is_shown_of_a_row_that_does_not_fit_a_table_with_names(read, line):
    content = f"Date,Victim Name,District,Age,Type\n2024-03-04,Ali Example,Bannu,20,Firing\n{line}\n"
    found = read(content, counted="people")
    assert "Example" not in f"{found.problems}{found.refused_rows.to_pydict()}{found.rows.to_pydict()}"
    assert (found.n_accepted, found.n_refused) == (1, 1)


@pytest.mark.parametrize(
    ("name", "words", "killed", "injured"),
    [
        ("Status", ["Martyred", "Injured", "Injured", "Critical"], "1", 2),
        ("Status", ["Shaheed", "Discharged", "Referred", "Injured"], "1", 1),
        ("Remarks", ["Shaheed", "Shaheed", "Injured", "LRH"], "2", 1),
        ("Remarks", ["on patrol", "at home", "Injured", "a guest"], "3", 1),
        ("Remarks", ["on patrol", "at home", "at a wedding", "a guest"], "4", None),
    ],
)
def test_a_word_nobody_knows_makes_nobody_dead(read, name, words, killed, injured):
    rows = "".join(f"2024-03-04,Bannu,x,20,{word}\n" for word in words)
    found = read(f"Date,District,Name,Age,{name}\n{rows}", counted="people")
    assert found.rows["killed_best"].to_pylist() == [int(killed)]
    assert found.rows["injured"].to_pylist() == [injured]
    n_unknown = len(words) - int(killed) - (injured or 0)
    notes = [note.n_rows for note in found.notes if note.kind is NoteKind.PERSONS_UNKNOWN]
    assert notes == ([n_unknown] if n_unknown else [])


EVENTS = ["Bannu Cantt attack", "Mandan bazaar", "Police Lines blast", "Mingora", "Jani Khel", "Meeting"]


def test_a_column_of_names_stays_where_it_names_events_or_places(read):
    rows = "".join(f"2024-03-{day:02},Bannu,{name},2\n" for day, name in enumerate(EVENTS, start=1))
    found = read(f"Date,District,Name,Killed\n{rows}")
    assert "Bannu Cantt attack" in str(found.rows["raw"].to_pylist())
    [note] = [note for note in found.notes if note.kind is NoteKind.NAMES_OF_EVENTS]
    assert note.values["columns"] == "Name"
    assert not [note for note in found.notes if note.kind is NoteKind.PERSONS_LEFT_OUT]


@pytest.mark.parametrize(
    "names", [["Ali Example", "Gul Example", "Bannu Cantt attack"], ["Constable Ali Example shaheed"], ["", ""]]
)
def test_a_column_of_names_of_persons_is_left_out_though_some_are_events(read, names):
    rows = "".join(f"2024-03-{day:02},Bannu,{name},2\n" for day, name in enumerate(names, start=1))
    found = read(f"Date,District,Name,Killed\n{rows}")
    assert "Example" not in str(found.rows.to_pydict())
    assert [note.values["columns"] for note in found.notes if note.kind is NoteKind.PERSONS_LEFT_OUT] == ["Name"]


def test_a_name_that_says_whose_it_is_is_left_out_whatever_it_holds(read):
    found = read("Date,District,Victim Name,Killed\n2024-03-04,Bannu,Bannu Cantt attack,2\n")
    assert "Cantt" not in str(found.rows.to_pydict())


NAMED = "Date,District,Name,Killed,Details\n2024-03-04,Bannu,Ali Example,20,Firing\n"


def refused(found) -> dict[str, str]:
    [row] = found.refused_rows.to_pylist()
    return row


def test_a_refused_row_of_a_table_with_names_keeps_all_its_other_cells(read):
    row = refused(read(f"{NAMED}2024-13-05,Tank,Zar Example,1,Blast\n"))
    assert [row[name] for name in ("Date", "District", "Killed", "Details")] == ["2024-13-05", "Tank", "1", "Blast"]


@pytest.mark.parametrize(
    ("line", "cells"),
    [
        ("2024-03-05,Tank,Zar Example,1,firing, then a blast", ["2024-03-05", "Tank", "1", "firing", "then a blast"]),
        ("2024-03-05,Tank,Zar Example,1", ["2024-03-05", "Tank", "1", ""]),
        ("2024-03-05,Tank", ["2024-03-05", "Tank", "", ""]),
        ("1,2024-03-05,Tank,Zar Example,1,Blast", ["1", "2024-03-05", "", "1", "Tank | Blast"]),
        ("2024-03-05,Tank,Zar Example, s/o Noor Example,1,Blast", ["2024-03-05", "Tank", "", "1", "Blast"]),
        ("2024-03-05,Tank,4 March 2024 Zar Example,0345-1234567,1,Blast", ["2024-03-05", "Tank", "", "1", "Blast"]),
    ],
)
def test_a_row_that_does_not_fit_keeps_what_names_nobody(read, line, cells):
    row = refused(read(f"{NAMED}{line}\n"))
    found = [row[name] for name in ("Date", "District", "Killed", "Details")]
    assert (found if len(cells) == 4 else [*found, row["further_cells"]]) == cells
    assert "Example" not in str(row)


def test_a_corrected_row_that_did_not_fit_is_read_again(read):
    row = refused(read(f"{NAMED}2024-03-05,Tank,Zar Example,1,firing, then a blast\n"))
    row |= {"Details": "firing and blast", "further_cells": ""}
    content = ",".join(row) + "\n" + ",".join(f'"{cell}"' for cell in row.values()) + "\n"
    again = read(content)
    assert (again.n_accepted, again.rows["killed_best"].to_pylist()) == (1, [1])

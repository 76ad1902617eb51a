"""Columns of totals: the dead only where their numbers say so, casualties otherwise, always said."""

from __future__ import annotations

import pytest

from geo.ingest.notes import NoteKind


def column(result, name: str) -> list[object]:
    return result.rows[name].to_pylist()


def kinds(result) -> dict[NoteKind, object]:
    return {note.kind: note for note in result.notes}


def table(header: str, *rows: str) -> str:
    lines = [f"2024-03-{day:02d},Bannu,{row}" for day, row in enumerate(rows, start=1)]
    return "\n".join([f"Date,District,{header}", *lines]) + "\n"


@pytest.mark.parametrize(
    ("header", "rows", "killed"),
    [
        ("Police,Civilians,Injured,Total", ("2,3,5,10", "1,0,4,5"), [5, 1]),
        ("SFs,Civilians,Terrorists,Wounded,Grand Total", ("1,0,0,2,3", "0,2,1,0,3", "0,0,1,4,5"), [1, 3, 1]),
        ("Police,Civilians,Zakhmi,Total", ("2,,5,7", "1,0,4,5"), [2, 1]),
        ("Killed,Injured,Total killed", ("2,5,7", "0,4,4"), [2, 0]),
        ("Police killed,Civilians killed,Injured,Killed", ("2,1,5,8", "0,1,4,5"), [3, 1]),
        (
            "Police Shaheed,Shehri shaheed,Police injured,Civilians injured,Fatalities",
            ("2,1,1,4,8", "0,1,1,0,2"),
            [3, 1],
        ),
        ("پولیس شہید,شہری شہید,زخمی,کل ہلاک", ("2,1,5,8", "0,1,2,3"), [3, 1]),
    ],
)
def test_a_total_that_is_the_dead_and_the_injured_is_not_the_dead(read, header, rows, killed):
    result = read(table(header, *rows))
    assert column(result, "killed_best") == killed
    assert NoteKind.TOTAL_WITH_INJURED in kinds(result)


@pytest.mark.parametrize(
    ("header", "rows", "killed"),
    [
        ("Killed,Injured,Total", ("2,5,7", "0,4,4"), [2, 0]),
        ("Dead,Injured,Total casualties", ("2,5,7", "0,4,4"), [2, 0]),
        ("Shaheed,Zakhmi,Total", ("2,5,7", "1,4,5"), [2, 1]),
        ("شہید,زخمی,کل", ("2,5,7", "1,4,5"), [2, 1]),
        ("Killed,Injured,Casualties", ("2,5,7", "0,4,4"), [2, 0]),
    ],
)
def test_a_total_beside_the_dead_is_left_out_and_named(read, header, rows, killed):
    result = read(table(header, *rows))
    assert column(result, "killed_best") == killed
    assert header.split(",")[-1] in kinds(result)[NoteKind.TOLLS_LEFT_OUT].values["columns"]
    is_bare = header.endswith(("Total", "کل"))
    assert (NoteKind.TOTAL_WITH_INJURED in kinds(result)) == is_bare


@pytest.mark.parametrize("injured", ["", "Injured,"])
def test_a_total_that_is_left_out_and_is_no_sum_is_said_with_counts(read, injured):
    hurt = "2," if injured else ""
    result = read(table(f"SF killed,Civilians killed,{injured}Total", f"2,3,{hurt}9", f"1,0,{hurt}1", f"1,1,{hurt}7"))
    assert column(result, "killed_best") == [5, 1, 2]
    note = kinds(result)[NoteKind.TOTAL_NOT_PROVED]
    assert (note.n_rows, note.values["told"]) == (2, 3)


@pytest.mark.parametrize(
    ("header", "rows", "killed"),
    [
        ("Police,Civilians,Injured,Total", ("2,3,5,5", "1,0,4,1"), [5, 1]),
        ("Police,Civilians,Injured,Total", ("2,3,0,5", "1,0,,1"), [5, 1]),
        ("Police,Civilians,Not specified,Injured,Total", ("2,3,1,5,6", "1,0,0,4,1"), [6, 1]),
        ("Police,Civilians,Total", ("2,3,5", "1,0,1"), [5, 1]),
        ("Killed,Injured,Total killed", ("2,5,2", "0,4,0"), [2, 0]),
        ("Police,Civilians,Injured,Total", ("2,3,5,5", "1,0,4,1", "1,0,4,5"), [5, 1, 5]),
        # What a name says is not taken back for one row.
        ("Police killed,Injured,Killed", ("2,3,5",), [5]),
        # Nor for a few rows of many, nor where only one side has a column: militants may make up the rest.
        ("Civilians killed,Injured,Total killed", ("1,2,3", "1,1,2", *["2,5,9"] * 20), [3, 2, *[9] * 20]),
        ("Civilians killed,Injured,Total killed", ("1,2,3", "1,1,2"), [3, 2]),
        ("Police killed,Civilians killed,Injured,Killed", ("2,1,5,8", "0,1,4,5", *["1,1,1,4"] * 3), [8, 5, 4, 4, 4]),
    ],
)
def test_a_total_that_is_the_dead_counts(read, header, rows, killed):
    result = read(table(header, *rows))
    assert column(result, "killed_best") == killed
    assert not {NoteKind.TOTAL_WITH_INJURED, NoteKind.TOTAL_NOT_PROVED} & set(kinds(result))


def test_a_bare_total_that_holds_the_injured_in_few_rows_is_no_sum_of_them(read):
    result = read(table("Police,Civilians,Injured,Total", "2,3,5,10", *["1,0,4,9"] * 3))
    assert column(result, "killed_best") == [5, 1, 1, 1]
    assert NoteKind.TOTAL_WITH_INJURED not in kinds(result)
    assert kinds(result)[NoteKind.TOTAL_NOT_PROVED].n_rows == 4


def test_a_bare_total_that_is_no_sum_of_the_parts_is_not_the_dead_unless_a_person_says_so(read):
    text = table("Police,Civilians,Injured,Total", "2,3,5,20", "1,0,4,9")
    result = read(text)
    assert column(result, "killed_best") == [5, 1]
    assert kinds(result)[NoteKind.TOTAL_NOT_PROVED].n_rows == 2
    mapping = {"date": "Date", "district": "District", "killed_total": "Total", "injured_total": "Injured"}
    assert column(read(text, mapping=mapping | {"killed_police": "Police"}), "killed_best") == [20, 9]


@pytest.mark.parametrize("name", ["Total", "Total casualties", "Affected"])
def test_an_assigned_total_that_is_casualties_is_left_out_too(read, name):
    columns = {"date": "Date", "district": "District", "killed_total": name, "injured_total": "Hurt"}
    result = read(table(f"Killed,Hurt,{name}", "2,5,7"), mapping=columns)
    assert column(result, "killed_best") == [2]
    assert NoteKind.TOTAL_WITH_INJURED in kinds(result)


@pytest.mark.parametrize("header", ["Shaheed,Killed,Injured", "شہید,ہلاک,زخمی", "Martyred,Halak,Inj."])
def test_people_killed_who_are_fewer_than_the_martyrs_do_not_hold_them(read, header):
    result = read(table(header, "2,3,1", "1,0,1", "4,,0"))
    assert column(result, "killed_best") == [2, 1, 4]
    note = kinds(result)[NoteKind.KILLED_APART]
    assert (note.n_rows, note.values["told"]) == (1, 2)
    assert column(read(table(header, "2,3,1", "1,1,1", "0,4,0")), "killed_best") == [3, 1, 4]
    assigned = {"date": "Date", "district": "District", "killed_victims": header.split(",")[0]}
    militants = read(table(header, "2,3,1", "1,0,1"), mapping=assigned | {"killed_militant": header.split(",")[1]})
    assert column(militants, "killed_best") == [5, 1]


def test_a_total_above_the_sum_of_its_sides_is_said_once_with_counts(read):
    result = read(table("Police killed,Civilians killed,Total killed", "2,3,5", "2,3,6", "1,1,4", "1,1,"))
    assert column(result, "killed_best") == [5, 6, 4, 2]
    note = kinds(result)[NoteKind.TOTAL_ABOVE_PARTS]
    assert (note.n_rows, note.first_row) == (2, 3)
    assert len([one for one in result.notes if one.kind is NoteKind.TOTAL_ABOVE_PARTS]) == 1


def test_a_total_above_one_side_alone_is_what_a_person_expects(read):
    result = read(table("Police killed,Total killed", "2,3"))
    assert NoteKind.TOTAL_ABOVE_PARTS not in kinds(result)


def test_totals_of_districts_are_proved_like_any_other(read):
    text = "District,Year,Incidents,Police,Civilians,Injured,Total\nBannu,2023,4,2,3,5,10\nTank,2023,4,0,1,4,5\n"
    result = read(text)
    assert result.format == "district_totals"
    assert column(result, "killed_best") == [5, 1]
    assert NoteKind.TOTAL_WITH_INJURED in kinds(result)

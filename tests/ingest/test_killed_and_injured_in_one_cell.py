"""Killed and injured people in one cell, in words or in the order of the column's name: both are read."""

from __future__ import annotations

import pytest

from geo.ingest.containers.detection import read_table
from geo.ingest.mapping.preview import preview_table
from geo.ingest.mapping.proposal import propose_mapping
from geo.ingest.notes import NoteKind
from geo.ingest.results import ReadOptions


def text(name: str, cells: list[str], more: str = "", cell: str = "") -> str:
    rows = [f'2024-03-{day:02},Bannu,"{one}"{cell}' for day, one in enumerate(cells, start=1)]
    return "\n".join([f'Date,District,"{name}"{more}', *rows]) + "\n"


def tolls(result) -> list[tuple[int | None, int | None]]:
    return [tuple(row.values()) for row in result.rows.select(["killed_best", "injured"]).to_pylist()]


@pytest.mark.parametrize("name", ["Casualties", "Losses", "Casualty details", "Human loss", "جانی نقصان", "Toll"])
@pytest.mark.parametrize(
    ("cell", "toll"),
    [
        ("18 killed, 42 injured", (18, 42)),
        ("3 k, 5 w", (3, 5)),
        ("3k/5w", (3, 5)),
        ("2 dead 7 hurt", (2, 7)),
        ("K-3, W-5", (3, 5)),
        ("K-3 W-5", (3, 5)),
        ("K:3 I:5", (3, 5)),
        ("Killed 3 Injured 5", (3, 5)),
        ("Killed: 3; wounded: 5", (3, 5)),
        ("3 killed (5 injured)", (3, 5)),
        ("5 injured, 3 killed", (3, 5)),
        ("two killed and five injured", (2, 5)),
        ("۳ جاں بحق، ۵ زخمی", (3, 5)),
        ("3 شہید اور 5 زخمی", (3, 5)),
        ("3 killed", (3, None)),
        ("8 casualties (3 dead)", (3, None)),
        ("8 casualties including 3 dead", (3, None)),
        ("8 casualties: 3 killed, 5 injured", (3, 5)),
        ("casualties: 3 dead, 5 injured", (3, 5)),
        ("3 killed, 5 injured, 8 casualties", (3, 5)),
        ("5 injured", (None, 5)),
    ],
)
def test_words_in_the_cell_say_who_died_and_who_was_injured(read, name, cell, toll):
    found = read(text(name, ["1 killed, 2 injured", cell]))
    assert tolls(found) == [(1, 2), toll]


@pytest.mark.parametrize(
    ("name", "cells", "expected"),
    [
        ("Killed/Injured", ["3/5", "0/2", "2 / 1"], [(3, 5), (0, 2), (2, 1)]),
        ("Injured/Killed", ["3/5", "0/2"], [(5, 3), (2, 0)]),
        ("Dead & Wounded", ["3/5", "0/2"], [(3, 5), (0, 2)]),
        ("K/W", ["3/5", "0/2", "-/4"], [(3, 5), (0, 2), (None, 4)]),
        ("K/I", ["3/5", "0/2"], [(3, 5), (0, 2)]),
        ("Dead (Injured)", ["3 (5)", "0 (2)"], [(3, 5), (0, 2)]),
        ("Killed/Injured", ["3/5", "0 & 2", "1 and 4"], [(3, 5), (0, 2), (1, 4)]),
        ("Killed-Injured", ["3-5", "10-2"], [(3, 5), (10, 2)]),
        ("Killed + Injured", ["3+5", "10+2"], [(3, 5), (10, 2)]),
        ("Casualties (Killed/Injured)", ["3/5", "nil/2", "Nil"], [(3, 5), (0, 2), (0, 0)]),
        ("ہلاک/زخمی", ["۳/۵", "۰/۲"], [(3, 5), (0, 2)]),
    ],
)
def test_the_name_of_the_column_says_the_order(read, name, cells, expected):
    assert tolls(read(text(name, cells))) == expected


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("K/W civilians", "killed_civilian"),
        ("Police killed/injured", "killed_police"),
        ("Army (K/W)", "killed_military"),
        ("Terrorists K/W", "killed_militant"),
    ],
)
def test_whose_toll_it_is_is_read_where_the_name_says_it(read, name, field):
    found = read(text(name, ["3/5", "1/0"]))
    assert found.rows[field].to_pylist() == [3, 1]
    assert tolls(found) == [(3, 5), (1, 0)]


def test_pairs_of_several_sides_are_summed(read):
    found = read("Date,District,Police K/W,Civ K/W\n2024-03-04,Bannu,1/2,3/4\n2024-03-05,Tank,0/1,0/0\n")
    # Parts of zero make no toll unless all are stated.
    assert tolls(found) == [(4, 6), (None, 1)]


def test_whose_toll_it_is_stays_open_where_nothing_says_it(read):
    found = read(text("Casualties", ["3 killed, 5 injured"]))
    sides = [name for name in found.rows.column_names if name.startswith("killed_") and name != "killed_best"]
    assert all(found.rows[name].to_pylist() == [None] for name in sides)


@pytest.mark.parametrize("name", ["Casualties", "Killed/Injured", "K/W"])
@pytest.mark.parametrize(
    "cell",
    [
        "7",
        "3-5",
        "3/5/7",
        "4 (2 injured)",
        "2 police, 3 civilians",
        "2 police, 3 killed",
        "several killed, some injured",
        "5 or 6",
    ],
)
def test_a_cell_that_leaves_open_which_is_which_is_listed_and_not_stated(read, name, cell):
    found = read(text(name, ["3 killed, 5 injured", "1 killed, 2 injured", cell]))
    assert tolls(found)[-1] == (None, None)
    assert any(note.kind is NoteKind.UNREADABLE_COUNTS and note.first_row == 4 for note in found.notes)


@pytest.mark.parametrize("name", ["Casualties", "Killed/Injured", "K/W"])
def test_a_column_of_bare_numbers_stays_left_out_and_told(read, name):
    found = read(text(name, ["7", "3", "12"]))
    assert tolls(found) == [(None, None)] * 3
    assert any(note.kind is NoteKind.TOLLS_LEFT_OUT and name in note.values["columns"] for note in found.notes)


def test_the_injured_within_a_column_of_killed_are_read_where_no_column_states_them(read):
    found = read(text("Killed", ["2 killed, 5 injured", "3", "1 dead"]))
    assert tolls(found) == [(2, 5), (3, None), (1, None)]
    assert tolls(read(text("Killed", ["3 (2 injured)", "4"]))) == [(3, 2), (4, None)]
    found = read(text("Killed", ["2 killed, 5 injured", "3"], ",Injured", ",4"))
    assert tolls(found) == [(2, 4), (3, 4)]


@pytest.mark.parametrize(
    ("cell", "toll"),
    [("3 (2 injured)", (3, 2)), ("3 (injured)", (None, None)), ("3 (1 police)", (3, None)), ("5", (5, None))],
)
def test_a_number_of_killed_is_never_that_of_the_injured(read, cell, toll):
    assert tolls(read(text("Killed", ["2 killed, 5 injured", cell]))) == [(2, 5), toll]


def test_columns_of_their_own_go_before_one_of_both(read):
    found = read(text("Casualties", ["2 killed, 5 injured", "3 killed, 1 injured"], ",Killed,Injured", ",7,8"))
    assert tolls(found) == [(7, 8), (7, 8)]


@pytest.mark.parametrize("name", ["Casualties", "Killed/Injured"])
def test_both_are_proposed_for_a_table_whose_columns_a_person_matches(tmp_path, limits, name):
    path = tmp_path / "own.csv"
    path.write_text(f"Tarikh wala din,Zila ka naam,{name}\n2024-03-04,Bannu,3 killed/5 injured\n")
    table = read_table(path, tmp_path, path.name, ReadOptions(), limits, lambda share: None)
    columns = propose_mapping(preview_table(table), "own").mapping.columns
    assert (columns["killed_total"], columns["injured_total"]) == (name, name)
    assert name not in preview_table(table).left_out


def test_a_table_of_totals_reads_both(read):
    found = read("District,Year,Incidents,Killed/Injured\nBannu,2023,4,3/5\nTank,2023,2,0/1\n")
    assert found.format == "district_totals"
    assert tolls(found) == [(3, 5), (0, 1)]


def test_rows_say_what_a_column_holds_however_few_texts_they_write(read):
    found = read(text("Casualties (Killed/Injured)", [*["3/5"] * 20, "2", "4"]))
    assert tolls(found)[:20] == [(3, 5)] * 20


@pytest.mark.parametrize(
    "names",
    [
        *(("Fatal", "Non-fatal"), ("Fatalities", "Non-fatalities"), ("Fatal injuries", "Non-fatal injuries")),
        *(("Fatal casualties", "Non-fatal casualties"), ("FATAL", "NONFATAL")),
    ],
)
def test_fatal_and_non_fatal_are_the_killed_and_the_injured(read, names):
    lines = [",".join(["Date,District", *names]), "2024-03-01,Bannu,3,5", "2024-03-02,Tank,0,2"]
    assert tolls(read("\n".join(lines) + "\n")) == [(3, 5), (0, 2)]


@pytest.mark.parametrize("cells", [("1,0", "0,1"), ("Yes,No", "No,Yes")])
def test_a_mark_that_an_attack_was_fatal_counts_nobody(read, cells):
    lines = ["Date,District,Fatal,Non-fatal", f"2024-03-01,Bannu,{cells[0]}", f"2024-03-02,Tank,{cells[1]}"]
    found = read("\n".join(lines) + "\n")
    assert tolls(found) == [(None, None), (None, None)]
    left_out = [note.values["columns"] for note in found.notes if note.kind is NoteKind.TOLLS_LEFT_OUT]
    assert left_out == (["Fatal, Non-fatal"] if "1" in cells[0] else [])

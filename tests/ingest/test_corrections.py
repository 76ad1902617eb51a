"""Cells that a person corrects on the page are read instead of those of the file, and the change is kept in a note."""

from __future__ import annotations

import pytest

from geo import verbatim
from geo.ingest.notes import NoteKind, note_text

TABLE = "date,district,killed\n2024-13-05,Bannu,2\n2024-02-05,Tank,1\nsoon,Hangu,3\n"


def test_a_corrected_cell_is_read_stored_and_noted(read):
    found = read(TABLE, corrections=((2, "date", "2024-12-05"),))
    assert [str(day) for day in found.rows["date_start"].to_pylist()] == ["2024-12-05", "2024-02-05"]
    assert '"2024-12-05"' in verbatim.json_texts(found.rows[verbatim.RAW].combine_chunks()).to_pylist()[0]
    [note] = [note for note in found.notes if note.kind is NoteKind.CELLS_CORRECTED]
    assert "2 date: '2024-13-05' -> '2024-12-05'" in str(note_text(note))
    assert found.n_refused == 1


def test_several_cells_of_several_rows(read):
    found = read(TABLE, corrections=((4, "date", "2024-03-01"), (2, "date", "2024-12-05"), (4, "district", "Tank")))
    assert found.rows["district_reported"].to_pylist() == ["Bannu", "Tank", "Tank"]
    assert found.n_refused == 0


def test_corrections_of_rows_or_columns_that_are_not_there_change_nothing(read):
    found = read(TABLE, corrections=((99, "date", "2024-01-01"), (2, "nothing", "x")))
    assert found.n_refused == 2
    assert NoteKind.CELLS_CORRECTED not in {note.kind for note in found.notes}


@pytest.mark.parametrize("cell", ["x", "0"])
def test_of_several_rows_made_of_one_row_only_the_refused_one_is_corrected(read, cell):
    content = f"District,Incidents 2022,Incidents 2023\nBannu,4,{cell}\nTank,1,2\n"
    rows = read(content, corrections=((2, "Incidents", "3"),)).rows.to_pylist()
    assert [(row["district_reported"], row["n_events"]) for row in rows] == [
        ("Bannu", 4),
        ("Bannu", 3),
        ("Tank", 1),
        ("Tank", 2),
    ]


def test_a_district_corrected_in_one_of_several_rows_made_of_a_row_is_corrected_in_all(read):
    content = "District,Incidents 2022,Incidents 2023\nBanu City X,4,3\nTank,1,2\n"
    rows = read(content, corrections=((2, "District", "Bannu"),)).rows
    assert rows["district_reported"].to_pylist() == ["Bannu", "Bannu", "Tank", "Tank"]

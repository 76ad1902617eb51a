"""One toll as several told it: nobody is taken for a victim because he told the figure."""

from __future__ import annotations

import pytest

from geo.ingest.mapping.toll_columns import propose_tolls
from geo.ingest.notes import NoteKind

NUMBERS = ["1", "2", "5"]


@pytest.mark.parametrize("other", ["Dawn", "Press", "ISPR", "hospital", "SATP"])
@pytest.mark.parametrize("toll", ["Killed", "Injured", "Deaths"])
def test_figures_of_a_publisher_and_of_the_police_are_left_to_a_person(toll, other):
    assert propose_tolls({f"{toll} ({other})": NUMBERS, f"{toll} (Police)": NUMBERS}) == {}


def test_sides_in_brackets_are_sides():
    found = propose_tolls({"Killed (Police)": NUMBERS, "Killed (Civilians)": NUMBERS})
    assert found == {"killed_police": ["Killed (Police)"], "killed_civilian": ["Killed (Civilians)"]}


def test_the_other_tolls_of_such_a_table_are_read():
    columns = {"Killed (Dawn)": NUMBERS, "Killed (Police)": NUMBERS, "Injured": NUMBERS}
    assert propose_tolls(columns) == {"injured_total": ["Injured"]}


def test_the_columns_left_out_are_named(read):
    lines = [f"2024-03-{day:02},Bannu,{day},{day + 1}" for day in range(1, 8)]
    found = read("\n".join(["Date,District,Killed (Dawn),Killed (Police)", *lines]))
    assert found.rows["killed_police"].null_count == found.rows["killed_best"].null_count == 7
    [note] = [note for note in found.notes if note.kind is NoteKind.TOLLS_LEFT_OUT]
    assert "Killed (Dawn)" in str(note.values)
    assert "Killed (Police)" in str(note.values)

"""The question about the encoding shows cells that its candidates read differently; without any none is asked."""

from __future__ import annotations

import pytest

from geo.ingest import question_for
from geo.ingest.notes import NoteKind
from geo.problems import ProblemCode

HEADER = "Date,District,Place,Notes\n"


def content(encoding: str, *notes: str) -> bytes:
    rows = [f"2024-03-{day:02},Bannu,Domel,{note}\n" for day, note in enumerate(notes, start=1)]
    return (HEADER + "".join(rows)).encode(encoding)


@pytest.mark.parametrize("note", ["café", "it’s “quoted” – here", "£5 · 30°", "déjà vu; Œuvre"])
@pytest.mark.parametrize("encoding", ["cp1252", "cp1256"])
def test_a_text_that_is_the_same_in_all_candidates_is_read_without_a_question(read, note, encoding):
    found = read(content(encoding, "plain", note))
    assert (found.n_accepted, found.n_refused) == (2, 0)
    assert note in str(found.rows["raw"].to_pylist()[1])
    assert [one.kind for one in found.notes].count(NoteKind.ENCODING) == 1


@pytest.mark.parametrize(
    ("encoding", "notes", "shown"),
    [
        ("cp1252", ["it’s", "José Muñoz", "café"], "José Muñoz"),
        ("cp1256", ["it’s", "“plain”", "بم دھماکا".replace("ھ", "ه"), "x"], "بم"),
        ("cp1252", ["it’s " * 900, "Þór"], "Þór"),
    ],
)
def test_the_question_shows_cells_that_differ_and_proposes_the_likely_encoding(refusal, encoding, notes, shown):
    [problem] = refusal(content(encoding, *notes)).problems
    assert problem.code is ProblemCode.ENCODING
    assert shown in str(problem.hint)
    assert "it’s" not in str(problem.hint)
    assert question_for(problem).proposed == encoding


def test_the_row_of_the_question_is_that_of_the_first_cell_that_differs(refusal):
    [problem] = refusal(content("cp1252", "it’s", "plain", "Muñoz")).problems
    assert problem.row == 4


def test_few_different_cells_are_shown_each_once(refusal):
    [problem] = refusal(content("cp1252", *["Muñoz"] * 50, "Peña", "Ñandú", "Íñigo", "Ðor")).problems
    assert str(problem.hint).count("Muñoz") == 1
    assert "Ðor" not in str(problem.hint)

"""Every open question of a file is found in one reading; nothing that was tried for it is kept."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from geo.ingest import ReadOptions
from geo.ingest.asking import AnswersNeeded, read_or_ask
from geo.ingest.notes import Note, NoteKind
from geo.problems import Problem, ProblemCode, RejectedUpload
from geo.wording import text

SHEET = Problem(ProblemCode.SHEET, "Several sheets.", text("Choose.", choices=["a", "b"], proposed="b"))
ORDER = Problem(ProblemCode.DATE_ORDER, "Open.", text("Say.", proposed="MDY"))
COLUMNS = Problem(ProblemCode.COLUMNS, "Unknown.")
EMPTY = Problem(ProblemCode.EMPTY, "Nothing in it.")


def reader(*steps: Problem, seen: list[ReadOptions], notes: tuple[Note, ...] = (), problems: tuple[Problem, ...] = ()):
    """Return a reading that raises the steps one after the other, and keeps the answers it was given."""
    left = list(steps)

    def read(options: ReadOptions) -> SimpleNamespace:
        seen.append(options)
        if left:
            raise RejectedUpload([left.pop(0)])
        return SimpleNamespace(findings=SimpleNamespace(problems=problems, notes=notes))

    return read


def test_questions_behind_a_question_are_found_with_the_proposed_answers():
    seen: list[ReadOptions] = []
    blank = Note(NoteKind.BLANK_BELOW, 1, 5, {"columns": "Date"})
    with pytest.raises(AnswersNeeded) as caught:
        read_or_ask(ReadOptions(), reader(SHEET, ORDER, seen=seen, notes=(blank, Note(NoteKind.PARQUET))))
    assert caught.value.problems == (SHEET, ORDER)
    assert caught.value.notes == (blank,)
    assert [(one.sheet, one.date_order) for one in seen] == [(None, None), ("b", None), ("b", "MDY")]


def test_a_file_without_a_question_is_read_once_as_answered():
    seen: list[ReadOptions] = []
    given = ReadOptions(date_order="DMY")
    assert read_or_ask(given, reader(seen=seen)).findings.problems == ()
    assert seen == [given]


@pytest.mark.parametrize(("steps", "asked"), [((SHEET, COLUMNS), (SHEET, COLUMNS)), ((SHEET, EMPTY), (SHEET,))])
def test_what_only_a_person_can_go_on_with_ends_the_questions(steps, asked):
    with pytest.raises(AnswersNeeded) as caught:
        read_or_ask(ReadOptions(), reader(*steps, seen=[]))
    assert caught.value.problems == asked


@pytest.mark.parametrize("problem", [COLUMNS, EMPTY])
def test_a_refusal_that_no_answer_lifts_is_passed_on(problem):
    with pytest.raises(RejectedUpload) as caught:
        read_or_ask(ReadOptions(), reader(problem, seen=[]))
    assert type(caught.value) is RejectedUpload
    assert caught.value.problems == (problem,)


def test_an_answer_that_does_not_fit_is_no_open_question():
    with pytest.raises(RejectedUpload) as caught:
        read_or_ask(ReadOptions(sheet="c"), reader(SHEET, seen=[]))
    assert type(caught.value) is RejectedUpload


def test_a_problem_of_rows_that_an_answer_lifts_is_asked_with_the_others():
    swapped = Problem(ProblemCode.SWAPPED, "Swapped.", row=2)
    with pytest.raises(AnswersNeeded) as caught:
        read_or_ask(ReadOptions(), reader(ORDER, seen=[], problems=(swapped, EMPTY)))
    assert caught.value.problems == (ORDER, swapped)

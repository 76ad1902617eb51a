"""What one run of a page asks once, and what it asks again."""

from __future__ import annotations

from collections.abc import Callable

from geo.views import run


def asked() -> tuple[list[int], Callable[[], int]]:
    answers: list[int] = []

    def ask() -> int:
        answers.append(len(answers))
        return answers[-1]

    return answers, ask


def test_a_run_has_one_answer_and_the_next_run_asks_again() -> None:
    _answers, ask = asked()
    with run.one():
        assert [run.once(ask), run.once(ask)] == [0, 0]
    with run.one():
        assert run.once(ask) == 1


def test_outside_of_a_run_each_question_is_asked() -> None:
    _answers, ask = asked()
    assert [run.once(ask), run.once(ask)] == [0, 1]


def test_a_run_that_may_change_the_data_asks_each_time_from_there_on() -> None:
    _answers, ask = asked()
    with run.one():
        assert run.once(ask) == 0
        run.changes_data()
        assert [run.once(ask), run.once(ask)] == [1, 2]
    assert run.once(ask) == 3

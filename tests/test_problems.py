"""Problems as data: words only when shown, the same words after a way through JSON."""

from __future__ import annotations

import json

import pytest

from geo.ingest.tables import CellError
from geo.problems import Problem, ProblemCode
from geo.wording import PSEUDO_LANGUAGE, text


def example() -> Problem:
    message = text("The file has {n} rows, the most is {most}.", n=12_000, most=1_000)
    return Problem(ProblemCode.TOO_LARGE, message, text("Split it."), "big.csv", "S", 7, "date", "x")


def test_a_problem_comes_back_from_its_record() -> None:
    assert Problem.from_record(json.loads(json.dumps(example().record()))) == example()


def test_a_problem_in_words_is_flat_and_states_where_it_is() -> None:
    words = example().in_words()
    assert words["message"] == "The file has 12,000 rows, the most is 1,000."
    assert (words["code"], words["row"]) == ("too_large", 7)
    assert str(example()) == (
        "big.csv, sheet S, row 7, column \"date\": 'x': "
        "The file has 12,000 rows, the most is 1,000. Split it. [too_large]"
    )


def test_a_problem_is_written_in_the_language_it_is_shown_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATLAS_LANGUAGE", PSEUDO_LANGUAGE)
    assert str(example().message).startswith("⟦")
    assert example().record()["message"]["template"].startswith("The file has")


def test_equal_problems_have_one_hash() -> None:
    assert len({example(), example()}) == 1


def test_the_reason_of_a_cell_is_message_and_remedy() -> None:
    bad = CellError(ProblemCode.DATE, text("There is no day {day}.", day="31"), text("Correct it."))
    assert bad.reason == "There is no day 31. Correct it."
    assert CellError(ProblemCode.DATE, "No day.").reason == "No day."

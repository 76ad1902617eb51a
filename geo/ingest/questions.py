"""Refusals that a person can lift by an answer: which option of ReadOptions to set, and to what."""

from __future__ import annotations

from dataclasses import dataclass

from geo.problems import Problem, ProblemCode


@dataclass(frozen=True, slots=True)
class Question:
    """A question to the user. option: field of ReadOptions; choices: value -> label, empty for free input."""

    option: str
    text: str
    choices: dict[str, str]


_FILE_QUESTIONS: dict[ProblemCode, Question] = {
    ProblemCode.DATE_ORDER: Question(
        "date_order",
        "Which comes first in dates such as 03/04/2024?",
        {"DMY": "The day: 3 April 2024", "MDY": "The month: March 4, 2024"},
    ),
    ProblemCode.ENCODING: Question(
        "encoding",
        "In which encoding was the text saved?",
        {"cp1252": "Windows-1252 (Western European)", "cp1256": "Windows-1256 (Arabic and Urdu)"},
    ),
    ProblemCode.NUMBER: Question(
        "decimal_mark", "Is the comma the decimal mark in this file?", {",": "Yes: 32,9 is 32.9"}
    ),
    ProblemCode.SHEET: Question("sheet", "Which sheet is to be read?", {}),
    ProblemCode.COLUMNS: Question("mapping", "Which column holds what?", {}),
}
_SWAP = Question(
    "swap_axes",
    "Latitude and longitude look exchanged. Exchange them where that is proved?",
    {"yes": "Exchange them in these rows"},
)


def question_for(problem: Problem) -> Question | None:
    """Return the question whose answer could lift a problem, or None.

    Problems of the whole file (no row) ask for what the file does not say; swapped axes are asked by row.
    """
    if problem.code is ProblemCode.SWAPPED:
        return _SWAP
    if problem.row is not None and problem.code is not ProblemCode.ENCODING:
        return None
    return _FILE_QUESTIONS.get(problem.code)

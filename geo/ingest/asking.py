"""All questions of a file at once: it is read on with the answer that fits, to see what else would then be open.

Such an answer decides nothing: the reading is given up, and its questions are put to a person.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any, Protocol, TypeVar

from geo.ingest.notes import Note
from geo.ingest.questions import Question, open_question, question_for
from geo.ingest.results import Findings, ReadOptions
from geo.ingest.values.date_days import today
from geo.problems import Problem, RejectedUpload


class AnswersNeeded(RejectedUpload):
    """A file that is not read before its questions are answered.

    problems: one for each question, in the order in which their answers are needed. notes: what the file would leave
    open beside them if each was answered as proposed.
    """

    def __init__(self, problems: Iterable[Problem], notes: Iterable[Note] = ()) -> None:
        super().__init__(problems)
        self.notes = tuple(notes)


class _Read(Protocol):
    @property
    def findings(self) -> Findings: ...


T = TypeVar("T", bound=_Read)


def read_or_ask(options: ReadOptions, read: Callable[[ReadOptions], T]) -> T:
    """Return what `read` makes of a file under the answers given.

    Raises AnswersNeeded with every question that is open, or what `read` raises if no answer would help.
    """
    asked: dict[str, Problem] = {}
    tried: ReadOptions | None = options
    while tried is not None:
        try:
            found = read(tried)
        except RejectedUpload as refusal:
            open_now = _open_questions(refusal, tried)
            if not asked and len(open_now) < len(refusal.problems):
                raise
            if not asked and _next(tried, open_now) is None:
                raise
            asked |= {option: problem for option, (_question, problem) in open_now.items()}
            # What is wrong beside questions may come of the answers that were tried.
            tried = _next(tried, open_now) if len(open_now) == len(refusal.problems) else None
        else:
            if not asked:
                return found
            raise AnswersNeeded(*_with_questions_of_rows(asked, found.findings))
    raise AnswersNeeded(asked.values())


def _open_questions(refusal: RejectedUpload, tried: ReadOptions) -> dict[str, tuple[Question, Problem]]:
    """Return option -> question and problem, for the problems whose question has no answer yet."""
    raised = [(question_for(problem), problem) for problem in refusal.problems]
    return {
        question.option: (question, problem)
        for question, problem in raised
        if question and not getattr(tried, question.option)
    }


def _next(tried: ReadOptions, open_now: Mapping[str, tuple[Question, Problem]]) -> ReadOptions | None:
    """Return the answers to go on with, None where only a person can go on."""
    answers = {option: _likely(question) for option, (question, _problem) in open_now.items()}
    return None if None in answers.values() else replace(tried, **answers)


def _with_questions_of_rows(asked: Mapping[str, Problem], findings: Findings) -> tuple[list[Problem], list[Note]]:
    """Return the problems that were asked, those of rows that an answer would lift, and the notes with questions."""
    whole = dict(asked)
    for problem in findings.problems:
        question = question_for(problem)
        if question is not None:
            whole.setdefault(question.option, problem)
    notes = [note for note in findings.notes if (one := open_question(note)) and one.option not in whole]
    return list(whole.values()), notes


def _likely(question: Question) -> Any:
    """Return the answer to go on with: the proposed one, else the first; None where only a person can go on."""
    if question.option == "date_year":
        return int(question.proposed) if question.proposed else today().year
    if question.option == "mapping":
        return None
    return question.proposed or next(iter(question.choices), None)

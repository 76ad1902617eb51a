"""Options that answer the questions a file can raise: one table adds, collects, names and records them."""

from __future__ import annotations

import shlex
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from geo.ingest import Question, ReadOptions, open_question, question_for
from geo.ingest.notes import Note, note_text
from geo.ingest.results import CHOICES
from geo.problems import Problem
from geo.wording import N_, _


@dataclass(frozen=True, slots=True)
class Answer:
    """An option of the command line. option: the field of ReadOptions that it sets.

    metavar: of free input. switch: what the flag by itself sets. more: what helps to give the answer.
    """

    option: str
    flag: str
    text: str
    metavar: str = ""
    switch: bool | None = None
    more: str = ""


ANSWERS = {
    answer.option: answer
    for answer in (
        Answer("date_order", "--date-order", N_("order of day and month in dates such as 03/04/2024")),
        Answer("date_year", "--date-year", N_("year of dates without one, such as 4 March"), "YEAR"),
        Answer("decimal_mark", "--decimal-mark", N_("decimal mark of numbers such as 32,99")),
        Answer(
            "counted",
            "--counted",
            N_("what the figures of a table with one column a year count, or what each row of a list of persons is"),
        ),
        Answer("initiator", "--initiator", N_("who began the incidents of a table that does not say it")),
        Answer("blank_cells", "--blank-cells", N_("what a blank date or district below a filled one means")),
        Answer("encoding", "--encoding", N_("encoding of a text that is not UTF-8 or UTF-16")),
        Answer("swap_axes", "--swap-axes", N_("exchange latitude and longitude where the data prove it"), switch=True),
        Answer("sheet", "--sheet", N_("sheet of a workbook"), "NAME"),
        Answer("header_row", "--header-row", N_("row of the column names, the first row of the file is 1"), "N"),
        Answer("keep_outside", "--refuse-outside", N_("refuse rows with coordinates outside Pakistan"), switch=False),
        Answer(
            "mapping",
            "--mapping",
            N_("which column holds which field: a file that ends in .toml, or the name of a kept mapping"),
            "FILE.toml|NAME",
            more=N_("`python -m geo propose FILE --out FILE.toml` writes one for you to check."),
        ),
    )
}
OF_TEXTS = ("date_order", "date_year", "decimal_mark", "encoding", "swap_axes", "initiator", "counted", "blank_cells")
OF_A_TABLE = ("encoding", "sheet", "header_row")


def add(parser: ArgumentParser, options: Iterable[str]) -> None:
    """Add the flags of these fields of ReadOptions to a command; an answer that is not given is None."""
    for answer in (ANSWERS[option] for option in options):
        if answer.switch is not None:
            parser.add_argument(
                answer.flag, dest=answer.option, action="store_const", const=answer.switch, help=_(answer.text)
            )
        else:
            parser.add_argument(
                answer.flag,
                dest=answer.option,
                choices=CHOICES.get(answer.option),
                metavar=answer.metavar or None,
                type=_TYPES.get(answer.option, str),
                help=_(answer.text),
            )


def given(options: Namespace) -> ReadOptions:
    """Return the answers of a command's options, apart from the mapping, which is a name as yet."""
    given = {option: getattr(options, option, None) for option in ANSWERS if option != "mapping"}
    return ReadOptions(**{option: answer for option, answer in given.items() if answer is not None})


def asked(problems: Iterable[Problem], options: Namespace, notes: Iterable[Note] = ()) -> list[dict[str, Any]]:
    """Return the questions that problems and notes raise and this command has an option to answer, as records.

    question: the text; answers: what to add to the command, each with what it means; proposed: the answer that counts
    until another is given, "" for none.
    """
    raised = [*map(question_for, problems), *map(open_question, notes)]
    found = {question.option: question for question in raised if question}
    return [
        {
            "question": _(question.text),
            "answers": _arguments(question),
            "proposed": _proposed(question),
            "more": _(ANSWERS[question.option].more),
        }
        for question in found.values()
        if hasattr(options, question.option)
    ]


def lines(problems: Iterable[Problem], options: Namespace, notes: Iterable[Note] = ()) -> list[str]:
    """Return one line for each question: the question, the arguments that answer it, and what a note says of it.

    Of several questions the last line has the proposed answers together.
    """
    kept = list(notes)
    records = asked(problems, options, kept)
    said = {_(question.text): str(note_text(note)) for note in kept if (question := open_question(note))}
    found = []
    for record in records:
        choices = [
            f"{argument} ({meaning})" if meaning else argument for argument, meaning in record["answers"].items()
        ]
        answers = _("Answer with {choices}.", choices=_(" or ").join(choices))
        proposed = _("Proposed: {argument}.", argument=record["proposed"]) if record["proposed"] else ""
        parts = [said.get(record["question"], ""), record["question"], answers, proposed, record["more"]]
        found.append(" ".join(filter(None, parts)))
    together = [record["proposed"] for record in records if record["proposed"]]
    if len(together) > 1:
        found.append(_("All proposed answers together: {arguments}", arguments=" ".join(together)))
    return found


def used(options: ReadOptions) -> dict[str, Any]:
    """Return the answers that are not the default, by field of ReadOptions, as data for JSON."""
    default = asdict(ReadOptions())
    return {name: answer for name, answer in asdict(options).items() if answer != default[name]}


def _arguments(question: Question) -> dict[str, str]:
    answer = ANSWERS[question.option]
    if answer.switch is not None or not question.choices:
        return {f"{answer.flag} {answer.metavar}".rstrip(): ""}
    # The name of a sheet means itself.
    return {
        f"{answer.flag} {shlex.quote(choice)}": _(meaning) if meaning != choice else ""
        for choice, meaning in question.choices.items()
    }


def _proposed(question: Question) -> str:
    return f"{ANSWERS[question.option].flag} {shlex.quote(question.proposed)}" if question.proposed else ""


def _year(text: str) -> int:
    if not (text.isdecimal() and len(text) == 4):
        raise ArgumentTypeError(_("{value!r} is not a year of four digits", value=text))
    return int(text)


def _row(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise ArgumentTypeError(_("{value!r} is not a row: the first is 1", value=text))
    return int(text)


_TYPES = {"header_row": _row, "date_year": _year}

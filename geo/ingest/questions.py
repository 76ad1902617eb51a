"""Questions to the user: which option of ReadOptions would remove a problem, and its possible values."""

from __future__ import annotations

from dataclasses import dataclass, replace

from geo.ingest.containers.encodings import ASKED_ENCODINGS
from geo.ingest.notes import Note, NoteKind
from geo.problems import Problem, ProblemCode
from geo.wording import N_


@dataclass(frozen=True, slots=True)
class Question:
    """A question to the user. option: field of ReadOptions; choices: value -> label, empty for free input.

    text and labels are marked for translation. proposed: the answer that fits the file, or counts until another is
    given, "" for none; what follows from it is said in the hint of the problem. is_open: the file is not read, or not
    wholly, until it is answered.
    """

    option: str
    text: str
    choices: dict[str, str]
    proposed: str = ""
    is_open: bool = True


_FILE_QUESTIONS: dict[ProblemCode, Question] = {
    ProblemCode.DATE_ORDER: Question(
        "date_order",
        N_("Which comes first in dates such as 03/04/2024?"),
        {
            "DMY": N_("The day: 3 April 2024"),
            "MDY": N_("The month: March 4, 2024"),
            "YMD": N_("The year: 24-03-15 is 15 March 2024"),
        },
    ),
    ProblemCode.COUNTED: Question(
        "counted",
        N_("What do the figures of the table count?"),
        {"incidents": N_("Incidents: attacks or other events"), "people": N_("People killed or injured")},
    ),
    ProblemCode.PERSONS: Question(
        "counted",
        N_("What is each row?"),
        {
            "people": N_(
                "One person killed: rows with the same date, place and (if stated) incident or FIR number are one"
            ),
            "incidents": N_("One incident"),
        },
    ),
    ProblemCode.DATE_YEAR: Question("date_year", N_("Of which year are the dates without a year?"), {}),
    ProblemCode.ENCODING: Question("encoding", N_("In which encoding was the text saved?"), dict(ASKED_ENCODINGS)),
    ProblemCode.NUMBER: Question(
        "decimal_mark",
        N_("Is the comma the decimal mark in this file?"),
        {",": N_("Yes: 32,9 is 32.9"), ".": N_("No: such coordinates are refused")},
    ),
    ProblemCode.SHEET: Question("sheet", N_("Which sheet should be read?"), {}),
    ProblemCode.COLUMNS: Question("mapping", N_("Match columns to fields"), {}),
}
# Problems of rows whose answer is one for the whole file.
_ASKED_OF_ROWS = (ProblemCode.ENCODING, ProblemCode.DATE_YEAR)
_SWAP = Question(
    "swap_axes",
    N_("Latitude and longitude look exchanged. Exchange them in the rows where this is certain?"),
    {"yes": N_("Exchange them in these rows")},
)


# What a note leaves open: the file is read, and an answer reads it otherwise.
_NOTE_QUESTIONS: dict[NoteKind, Question] = {
    NoteKind.INITIATOR_NOT_STATED: Question(
        "initiator",
        N_("Who began the incidents of this table?"),
        {
            "militant": N_("They are attacks by militants"),
            "state": N_("They are operations of the state"),
            "foreign": N_("They are acts of a foreign state"),
            "unknown": N_("The table does not say it"),
        },
        proposed="unknown",
        is_open=False,
    ),
    NoteKind.BLANK_BELOW: Question(
        "blank_cells",
        N_("A date or district is blank below a row with one. Is it that of the row above?"),
        {"above": N_("Yes: the same as above"), "blank": N_("No: it is not stated")},
        proposed="above",
    ),
    NoteKind.YEAR_OF_TITLE: Question(
        "date_year", N_("Are the figures of another year than the title states? Then state it."), {}, is_open=False
    ),
    NoteKind.SHEET_READ: Question("sheet", N_("Read another sheet of this workbook instead?"), {}, is_open=False),
}


def open_question(note: Note) -> Question | None:
    """Return the question that a note leaves open, or None; a note names sheets as the value "tables"."""
    question = _NOTE_QUESTIONS.get(note.kind)
    if note.kind is NoteKind.SHEET_READ and question:
        tables = note.values.get("tables", ())
        return replace(question, choices={name: name for name in tables}) if tables else None
    return question


def question_for(problem: Problem) -> Question | None:
    """Return the question whose answer could remove a problem, or None.

    Problems of the whole file (no row) ask for what the file does not state; swapped axes are problems of rows.
    A problem proposes an answer as the value "proposed" of its hint, and names answers of this file as "choices".
    """
    if problem.code is ProblemCode.SWAPPED:
        return _SWAP
    if problem.row is not None and problem.code not in _ASKED_OF_ROWS:
        return None
    question = _FILE_QUESTIONS.get(problem.code)
    if question is None:
        return None
    own = {str(answer): str(answer) for answer in problem.hint.values.get("choices", ())}
    proposed = str(problem.hint.values.get("proposed", ""))
    return replace(question, choices=own or question.choices, proposed=proposed)

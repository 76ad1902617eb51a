"""Questions that a file can raise: how its dates, numbers, letters, sheet and axes are meant."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from geo.ingest import Question, ReadOptions, open_question, question_for
from geo.ingest.notes import Note, note_text
from geo.ingest.values.date_days import FIRST_YEAR, today
from geo.problems import Problem
from geo.text import markdown_sentence, markdown_text
from geo.views import messages
from geo.wording import N_, _, words

_AS_WRITTEN = "as_written"
_MOST_BUTTONS = 12
_NOT_SWAPPED = N_("No: such rows are refused")
# Option -> label of its control, and the label of each answer; the first answer means "not answered".
_CHOICES: dict[str, tuple[str, dict[str, str]]] = {
    "date_order": (
        N_("Dates such as 03/04/2024"),
        {
            _AS_WRITTEN: N_("Only where they can be read in one way"),
            "DMY": N_("Day first: 03/04/2024 is 3 April"),
            "MDY": N_("Month first: 03/04/2024 is 4 March"),
            "YMD": N_("Year first: 24-03-15 is 15 March 2024"),
        },
    ),
    "decimal_mark": (
        N_("Decimal mark of numbers"),
        {
            _AS_WRITTEN: N_("Point, as in 32.99"),
            ",": N_("Comma, as in 32,99"),
            ".": N_("Point; a coordinate with a comma is refused"),
        },
    ),
    "counted": (
        N_("Figures under years, or rows of a list of persons"),
        {
            _AS_WRITTEN: N_("As the names of the columns say"),
            "incidents": N_("Incidents: attacks or other events"),
            "people": N_("People killed or injured"),
        },
    ),
    "encoding": (
        N_("Encoding of a text file"),
        {
            _AS_WRITTEN: N_("Unicode (UTF-8 or UTF-16)"),
            "cp1252": N_("Western European (Windows-1252)"),
            "cp1256": N_("Arabic and Urdu (Windows-1256)"),
        },
    ),
    "initiator": (
        N_("Who began incidents that do not say it"),
        {
            _AS_WRITTEN: N_("Not stated (proposed)"),
            "militant": N_("Militants: the table lists their attacks"),
            "state": N_("The state: the table lists its operations"),
            "foreign": N_("A foreign state"),
            "unknown": N_("Not stated, as I know the table"),
        },
    ),
    "blank_cells": (
        N_("A date or district that is blank below a filled one"),
        {_AS_WRITTEN: N_("Not stated, until you decide"), "above": N_("The same as above"), "blank": N_("Not stated")},
    ),
}


@dataclass(frozen=True, slots=True)
class Raised:
    """A question that a file raises. said: what it is about and what follows from the proposed answer, in words."""

    question: Question
    said: str


def raised(problems: Iterable[Problem], notes: Iterable[Note] = ()) -> tuple[Raised, ...]:
    """Return the questions whose answer could lift some of the problems, and those that notes leave open, each once."""
    found = [(question_for(problem), f"{problem.message} {problem.hint}".strip()) for problem in problems]
    found += [(open_question(note), str(note_text(note))) for note in notes]
    return tuple({question.option: Raised(question, said) for question, said in found if question}.values())


def waiting(questions: Iterable[Raised]) -> tuple[Raised, ...]:
    """Return the questions that have a control here: all but how the columns are matched."""
    return tuple(one for one in questions if one.question.option != "mapping")


def is_one_form(asked: Sequence[Raised], file_id: str) -> bool:
    """Whether questions are one form: several hold up the file, or one does and the sheet was chosen before."""
    n_open = sum(one.question.is_open for one in asked)
    is_chosen = bool(st.session_state.get(_key(file_id, "sheet")))
    return n_open > 1 or (n_open == 1 and is_chosen and any(one.question.option == "sheet" for one in asked))


def draw(questions: tuple[Raised, ...], file_id: str, *, is_read: bool) -> None:
    """Draw the controls of one file; the panel is open while a question waits for an answer.

    is_read: whether the file was read. If not, several questions are one form, which says what each answer means.
    """
    asked = waiting(questions)
    is_form = not is_read and is_one_form(asked, file_id)
    if not is_read and not is_form:
        # What does not hold up the file is asked when it is read.
        asked = tuple(one for one in asked if one.question.is_open)
    if any(one.question.is_open for one in asked):
        st.warning(_("The file can be read in more than one way, and nothing is guessed."))
    if is_form:
        _draw_form(asked, file_id, has_more=len(asked) < len(questions))
    else:
        for one in asked:
            _draw_question(one.question, file_id)
    is_open = len(asked) == 1 and not _answers(asked[0].question) and asked[0].question.is_open
    with st.expander(_("How the file is to be read"), expanded=is_open):
        left, right = st.columns(2)
        with left:
            _draw_choice("date_order", file_id)
            without_year, in_dates = _("Year of dates without one, such as 4 March"), _("as in the dates")
            st.number_input(
                without_year, FIRST_YEAR, today().year, None, key=_key(file_id, "date_year"), placeholder=in_dates
            )
            _draw_choice("decimal_mark", file_id)
            swap = _("Exchange latitude and longitude where they are proved to be swapped")
            st.toggle(swap, key=_key(file_id, "swap_axes"))
        with right:
            _draw_choice("encoding", file_id)
            _draw_choice("counted", file_id)
            _draw_choice("initiator", file_id)
            _draw_choice("blank_cells", file_id)
            sheet, row = _("Sheet of a workbook"), _("Row of the column names")
            st.text_input(sheet, key=_key(file_id, "sheet"), max_chars=100, placeholder=_("the only one"))
            found = _("found automatically")
            st.number_input(row, 1, 1000, None, key=_key(file_id, "header_row"), placeholder=found)


def options(file_id: str) -> ReadOptions:
    """Return the answers given so far for one file; a new file starts without any."""
    state = st.session_state
    sheet = (state.get(_key(file_id, "sheet")) or "").strip()
    header_row, year = (state.get(_key(file_id, name)) for name in ("header_row", "date_year"))
    return ReadOptions(
        sheet=sheet or None,
        header_row=int(header_row) if header_row else None,
        date_order=_answer(file_id, "date_order"),
        date_year=int(year) if year else None,
        decimal_mark=_answer(file_id, "decimal_mark"),
        encoding=_answer(file_id, "encoding"),
        counted=_answer(file_id, "counted"),
        initiator=_answer(file_id, "initiator"),
        blank_cells=_answer(file_id, "blank_cells"),
        swap_axes=bool(state.get(_key(file_id, "swap_axes"))),
    )


def answers_used(used: ReadOptions) -> tuple[str, ...]:
    """Return the answers of a person that a reading used, in words, to be shown with its result."""
    answers = [(labels, getattr(used, name)) for name, (_label, labels) in _CHOICES.items()]
    texts = [_(labels[answer]) for labels, answer in answers if answer in labels]
    texts += [_("Dates without a year are of {year:d}", year=used.date_year)] if used.date_year else []
    texts += [_("Sheet: {sheet}", sheet=used.sheet)] if used.sheet else []
    texts += [_("Column names in row {row}", row=used.header_row)] if used.header_row else []
    texts += [_("Latitude and longitude exchanged where proved to be swapped")] if used.swap_axes else []
    return tuple(_("Your answer: {answer}.", answer=text) for text in texts)


def _answers(question: Question) -> dict[str, str]:
    """Return answer -> label of a question, the one that fits the file first; none where a person must write it."""
    # The name of a sheet is no sentence, and stays as the file has it.
    answers = {code: markdown_text(label) if code == label else _(label) for code, label in question.choices.items()}
    if len(answers) > _MOST_BUTTONS:
        return {}
    if question.option == "date_year" and question.proposed:
        answers = {question.proposed: question.proposed}
    return dict(sorted(answers.items(), key=lambda one: one[0] != question.proposed))


def _draw_question(question: Question, file_id: str) -> None:
    """Draw a question with a button for each answer; what follows from the proposed one is said with the problem."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"**{_(question.text)}**", width="content")
        for code, label in _answers(question).items():
            is_proposed = code == question.proposed
            shown = _("{answer} (proposed)", answer=label) if is_proposed else label
            key, args = f"{_key(file_id, question.option)}_answer_{code}", (question.option, code, file_id)
            st.button(
                shown,
                key,
                on_click=_take,
                args=args,
                type="primary" if question.is_open and is_proposed else "secondary",
            )


def _draw_form(asked: Sequence[Raised], file_id: str, *, has_more: bool) -> None:
    """Draw several questions with the proposed answers chosen, and one button that takes all of them.

    A question without a proposal has an empty field: it is named, and the button waits for its answer.
    Another sheet is read at once: it may leave other questions open. has_more: columns are to be matched afterwards.
    """
    with st.container(border=True):
        st.markdown(_("**{n} questions are open. Answer them together:**", n=len(asked)))
        for one in sorted(asked, key=lambda one: one.question.option != "sheet"):
            question = one.question
            answers = _form_answers(question, file_id)
            key = _form_key(question, file_id)
            if answers:
                # The sheet is taken up at once, the others by the button.
                is_sheet = question.option == "sheet"
                at_once: dict[str, Any] = {"on_change": _take_sheet, "args": (key, file_id)} if is_sheet else {}
                st.radio(
                    _("Which sheet should be read?") if is_sheet else _(question.text),
                    list(answers),
                    format_func=answers.__getitem__,
                    key=key,
                    **at_once,
                )
            elif question.option == "date_year":
                st.number_input(_(question.text), FIRST_YEAR, today().year, None, key=key)
            else:
                st.text_input(_(question.text), key=key, max_chars=100)
            st.caption(markdown_sentence(one.said))
            if question.option == "sheet":
                st.caption(
                    _("The next questions are about this sheet. Another one is read at once, and may raise others.")
                )
        if has_more:
            st.caption(_("After this the columns are to be matched to fields."))
        _draw_button(asked, file_id)


def _draw_button(asked: Sequence[Raised], file_id: str) -> None:
    """Draw the button that takes all answers of a form; it waits for those that it names as missing."""
    fields = [one.question for one in asked if one.question.is_open and not _form_answers(one.question, file_id)]
    missing = [_(question.text) for question in fields if not st.session_state.get(_form_key(question, file_id))]
    if missing:
        st.caption(markdown_sentence(_("Not answered yet: {questions}", questions=" ".join(missing))))
    st.button(
        _("Read the file with these answers"),
        f"upload_form_{file_id}",
        on_click=_take_all,
        args=(tuple(one.question for one in asked), file_id),
        type="primary",
        disabled=bool(missing),
    )


def _form_answers(question: Question, file_id: str) -> dict[str, str]:
    """Return answer -> label as a form shows them, the proposed or current one first."""
    answers = {
        code: _("{answer} (proposed)", answer=label) if code == question.proposed else label
        for code, label in _answers(question).items()
    }
    if question.option == "sheet" and not question.is_open:
        current = st.session_state.get(_key(file_id, "sheet")) or ""
        return {current: markdown_text(current) or _("The one that was read")} | answers
    return answers | ({_AS_WRITTEN: _(_NOT_SWAPPED)} if question.option == "swap_axes" else {})


def _form_key(question: Question, file_id: str) -> str:
    # Another proposal, as for another sheet, is another choice to begin with.
    return f"{_key(file_id, question.option)}_form_{question.is_open}_{question.proposed}"


@messages.guarded
def _take_sheet(key: str, file_id: str) -> None:
    st.session_state[_key(file_id, "sheet")] = st.session_state[key]


@messages.guarded
def _take_all(questions: Sequence[Question], file_id: str) -> None:
    for question in questions:
        answer = st.session_state.get(_form_key(question, file_id))
        if answer:
            _take(question.option, str(answer), file_id)


def draw_change(used: ReadOptions, file_id: str) -> None:
    """Draw the way back from the answers that were given, if there are any."""
    if answers_used(used):
        st.button(_("Change my answers"), f"upload_change_{file_id}", on_click=_forget, args=(file_id,))


@messages.guarded
def _forget(file_id: str) -> None:
    for name in (*_CHOICES, "date_year", "swap_axes", "sheet", "header_row"):
        st.session_state.pop(_key(file_id, name), None)


@messages.guarded
def _take(option: str, answer: str, file_id: str) -> None:
    whole: dict[str, object] = {
        "date_year": int(answer) if answer.isdecimal() else None,
        "swap_axes": answer != _AS_WRITTEN,
    }
    st.session_state[_key(file_id, option)] = whole.get(option, answer)


def _draw_choice(name: str, file_id: str) -> None:
    label, answers = _CHOICES[name]
    st.selectbox(_(label), list(answers), format_func=words(answers).__getitem__, key=_key(file_id, name))


def _answer(file_id: str, name: str) -> str | None:
    answer = st.session_state.get(_key(file_id, name), _AS_WRITTEN)
    return None if answer == _AS_WRITTEN else str(answer)


def _key(file_id: str, name: str) -> str:
    return f"upload_option_{name}_{file_id}"

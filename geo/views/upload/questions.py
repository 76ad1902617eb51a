"""Questions that a file can raise: how its dates, numbers, letters, sheet and axes are meant."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from geo.ingest import Question, ReadOptions, open_question, question_for
from geo.ingest.notes import Note
from geo.ingest.values.date_days import FIRST_YEAR, today
from geo.problems import Problem
from geo.text import markdown_text
from geo.views import messages
from geo.wording import N_, _, words

_AS_WRITTEN = "as_written"
_MOST_BUTTONS = 12
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
        {_AS_WRITTEN: N_("Point, as in 32.99"), ",": N_("Comma, as in 32,99")},
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


def raised(problems: Iterable[Problem], notes: Iterable[Note] = ()) -> tuple[Question, ...]:
    """Return the questions whose answer could lift some of the problems, and those that notes leave open, each once."""
    asked = [*map(question_for, problems), *map(open_question, notes)]
    return tuple({question.option: question for question in asked if question}.values())


def draw(questions: tuple[Question, ...], file_id: str) -> None:
    """Draw the controls of one file; the panel is open while a question waits for an answer."""
    waiting = [question for question in questions if question.option != "mapping"]
    if any(question.is_open for question in waiting):
        st.warning(_("The file can be read in more than one way, and nothing is guessed."))
    for question in waiting:
        _draw_question(question, file_id)
    is_open = any(not _answers(question) for question in waiting if question.is_open)
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
    whole: dict[str, object] = {"date_year": int(answer) if answer.isdecimal() else None, "swap_axes": True}
    st.session_state[_key(file_id, option)] = whole.get(option, answer)


def _draw_choice(name: str, file_id: str) -> None:
    label, answers = _CHOICES[name]
    st.selectbox(_(label), list(answers), format_func=words(answers).__getitem__, key=_key(file_id, name))


def _answer(file_id: str, name: str) -> str | None:
    answer = st.session_state.get(_key(file_id, name), _AS_WRITTEN)
    return None if answer == _AS_WRITTEN else str(answer)


def _key(file_id: str, name: str) -> str:
    return f"upload_option_{name}_{file_id}"

"""Questions that a file can raise: how its dates, numbers, letters, sheet and axes are meant."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from geo.ingest import Question, ReadOptions, question_for
from geo.problems import Problem

_AS_WRITTEN = "as_written"
_DATE_ORDERS = {
    _AS_WRITTEN: "Only as far as they can be read in one way",
    "DMY": "Day first: 03/04/2024 is 3 April",
    "MDY": "Month first: 03/04/2024 is 4 March",
}
_DECIMAL_MARKS = {_AS_WRITTEN: "Point, as in 32.99", ",": "Comma, as in 32,99"}
_ENCODINGS = {
    _AS_WRITTEN: "Unicode (UTF-8 or UTF-16)",
    "cp1252": "Western European (Windows-1252)",
    "cp1256": "Arabic and Urdu (Windows-1256)",
}


def raised(problems: Iterable[Problem]) -> tuple[Question, ...]:
    """Return the questions whose answer could lift some of the problems, each once."""
    found = {question.option: question for problem in problems if (question := question_for(problem))}
    return tuple(found.values())


def draw(questions: tuple[Question, ...], file_id: str) -> None:
    """Draw the controls of one file; the panel is open while a question waits for an answer."""
    waiting = [question.text for question in questions if question.option != "mapping"]
    if waiting:
        st.warning(f"The file leaves something open, and nothing is guessed. {' '.join(waiting)}")
    with st.expander("How the file is to be read", expanded=bool(waiting)):
        left, right = st.columns(2)
        with left:
            _choice(file_id, "date_order", "Dates such as 03/04/2024", _DATE_ORDERS)
            _choice(file_id, "decimal_mark", "Decimal mark of numbers", _DECIMAL_MARKS)
            st.toggle(
                "Exchange latitude and longitude where they are proved to be swapped", key=_key(file_id, "swap_axes")
            )
        with right:
            _choice(file_id, "encoding", "Letters of a text file", _ENCODINGS)
            st.text_input("Sheet of a workbook", key=_key(file_id, "sheet"), max_chars=100, placeholder="the only one")
            st.number_input(
                "Row of the column names",
                1,
                1000,
                None,
                key=_key(file_id, "header_row"),
                placeholder="found by the names",
            )


def options(file_id: str) -> ReadOptions:
    """Return the answers given so far for one file; a new file starts without any."""
    state = st.session_state
    sheet = (state.get(_key(file_id, "sheet")) or "").strip()
    header_row = state.get(_key(file_id, "header_row"))
    return ReadOptions(
        sheet=sheet or None,
        header_row=int(header_row) if header_row else None,
        date_order=_answer(file_id, "date_order"),
        decimal_mark=_answer(file_id, "decimal_mark"),
        encoding=_answer(file_id, "encoding"),
        swap_axes=bool(state.get(_key(file_id, "swap_axes"))),
    )


def told(used: ReadOptions) -> tuple[str, ...]:
    """Return the answers that a reading used, in words: what was decided by a person stands beside the result."""
    choices = ((used.date_order, _DATE_ORDERS), (used.decimal_mark, _DECIMAL_MARKS), (used.encoding, _ENCODINGS))
    words = [labels[answer] for answer, labels in choices if answer in labels]
    words += [f"Sheet: {used.sheet}"] if used.sheet else []
    words += [f"Column names in row {used.header_row}"] if used.header_row else []
    words += ["Latitude and longitude exchanged where proved to be swapped"] if used.swap_axes else []
    return tuple(f"As you said: {word}." for word in words)


def _choice(file_id: str, name: str, label: str, choices: dict[str, str]) -> None:
    st.selectbox(label, list(choices), format_func=choices.__getitem__, key=_key(file_id, name))


def _answer(file_id: str, name: str) -> str | None:
    answer = st.session_state.get(_key(file_id, name), _AS_WRITTEN)
    return None if answer == _AS_WRITTEN else str(answer)


def _key(file_id: str, name: str) -> str:
    return f"upload_option_{name}_{file_id}"

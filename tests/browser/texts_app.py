"""What pages draw a few at a time, drawn four hundred at a time, for the test of injected texts.

The functions are those of the pages, with longer pages; the address says which of them draw.
"""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from geo.problems import Problem, ProblemCode, ProblemKind, RejectedUpload
from geo.text import file_label
from geo.views import address, cached, messages, review
from geo.views.incident_text import markdown_table
from geo.views.upload import batches, confirm_places, page, places, refused, stored_words
from geo.wording import _
from tests.injections import MIXES
from tests.toy import row

places._PAGE_NAMES = stored_words._PAGE_DECISIONS = confirm_places._PAGE_ROWS = refused._MOST_EDITED = 1000


def problem(text: str) -> Problem:
    return Problem(ProblemCode.SETTING, text, text, file=text, sheet=text, row=1, column=text, value=text)


def outcomes() -> None:
    """Toasts and sentences with every text, then the error of the last click."""
    for start in range(0, len(MIXES), 10):
        messages.done(_("The story {name} is taken in.", name=" ".join(MIXES[start : start + 10])))
        messages._outcome()
    messages.forget_outcome()
    st.session_state["atlas_failed"] = RejectedUpload([problem(text) for text in MIXES])
    messages._outcome()
    messages.forget_outcome()


def ignored() -> None:
    """The warning about an address, with as many parts as it names at most."""
    for start in range(0, len(MIXES), 10):
        st.session_state[address._IGNORED] = tuple(text[:60] for text in MIXES[start : start + 10])
        st.warning(messages.ignored_text())


def check() -> None:
    """Problems of a file, remembered decisions, incidents side by side."""
    messages.problem_kinds([ProblemKind(problem(text), 1, (1,)) for text in MIXES], [], 0)
    places.draw_remembered()
    stored_words.draw_decisions()
    rows = [row(n, place=text, group_reported=text, district_reported=text) for n, text in enumerate(MIXES)]
    lines = [list(review.cells_of(one | {"source": "template"}).values()) for one in rows]
    st.markdown(markdown_table([str(n) for n in range(len(lines[0]))], lines))


def stored() -> None:
    """The line of a batch for every name of a file."""
    record = cached.store().batches()[0]
    for text in MIXES:
        st.markdown(batches._summary(replace(record, label=file_label(f"{text}.csv")), None))


{"outcomes": outcomes, "ignored": ignored, "check": check, "batches": stored, "upload": page.draw}[
    st.query_params["show"]
]()
st.text("All is drawn")

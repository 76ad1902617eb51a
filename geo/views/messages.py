"""Sentences shown on every page: what the data are, what is left out, what went wrong."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping, Sequence
from types import MappingProxyType

import pandas as pd
import streamlit as st

from geo.analysis.counting import questions
from geo.problems import AtlasError, Problem, ProblemCode
from geo.text import log_text, markdown_text
from geo.views import address, shell
from geo.views.state import View

_LOG = logging.getLogger("atlas")

_PROBLEM_COLUMNS = {
    "sheet": "Sheet",
    "row": "Row",
    "column": "Column",
    "value": "Value",
    "message": "What is wrong",
    "hint": "What to do",
    "file": "File",
    "code": "Rule",
}
NATURE_OF_THE_DATA = (
    "Recorded incidents from public reporting: a sample, not a census. No record does not mean no incident, "
    "and years are not comparable with one another where the number of sources changes."
)
FOOTER = (
    "Historical public reports; not operational, travel or security advice. "
    "Boundaries are not authoritative; no position on any claim is implied."
)


def page_head(title: str, purpose: str) -> None:
    """Draw a page's title and what it is for; every page begins with it."""
    shell.require()
    st.title(title, anchor=False)
    st.markdown(purpose)
    ignored = address.ignored()
    if ignored:
        parts = ", ".join(markdown_text(part[:60]) for part in ignored[:10])
        st.warning(
            f"Parts of the address could not be used and were ignored: {parts}. What is shown may be more than the "
            "sender of the address saw."
        )


def shown_line(view: View, *, on_points: bool = False) -> None:
    """Say how many incidents the page shows and how many it cannot place."""
    n = questions.shown(view.table, view.filters)
    parts = [f"**{n.n_shown:,} of {n.n_total:,} incidents shown**", f"{n.n_not_located:,} not located"]
    if n.n_outside:
        parts.append(f"{n.n_outside:,} outside Khyber Pakhtunkhwa")
    if n.n_merged:
        parts.append(f"{n.n_merged:,} merged from {n.n_merged_rows:,} records of several sources")
    if view.table.n_withheld:
        parts.append(f"{view.table.n_withheld:,} withheld, newer than the publication delay")
    if on_points:
        parts.append(f"{n.n_district_only:,} known only to the district, counted there and never drawn as a point")
    st.markdown(f"{', '.join(parts)}. {view.period_label}.")


def coverage_warning(view: View) -> None:
    """Warn that years of the register are not comparable, when the view holds the register."""
    if "register" in view.table.sources:
        st.caption(
            "Read with care: the register is a sample gathered from pages that could be found. A rise or fall between "
            "years can come from what was archived and read as well as from what happened."
        )


def footer() -> None:
    """Draw the fixed lines at the end of each page."""
    st.divider()
    st.caption(f"{NATURE_OF_THE_DATA} {FOOTER}")


def nothing_shown() -> None:
    """Say that the filter keeps no incident, and the way out."""
    st.info("No recorded incident matches the filters. Widen the period or reset the filters in the sidebar.")


def problems(found: Sequence[Problem], n_total: int, by_code: Mapping[str, int] = MappingProxyType({})) -> None:
    """Show problems as a table: texts of files stay plain text there.

    by_code: number of all problems by their rule, told first where there are several.
    """
    if n_total > 1 and by_code:
        from geo.ingest.upload_format import MEANINGS

        lines = [f"- {n:,} x {MEANINGS[ProblemCode(code)]}" for code, n in by_code.items()]
        st.markdown("\n".join([f"**{n_total:,} problems**", *lines]))
    frame = pd.DataFrame([problem.in_words() for problem in found])
    if not frame.empty:
        told = [name for name in _PROBLEM_COLUMNS if not frame[name].isin(["", None]).all()]
        st.dataframe(frame[told].rename(columns=_PROBLEM_COLUMNS), hide_index=True, width="stretch")
    if n_total > len(found):
        st.caption(f"The first {len(found):,} of {n_total:,} problems.")


def atlas_error(error: AtlasError) -> None:
    """Show an error of this project with its problems."""
    st.error("This cannot be done. What was stored before has not changed.")
    problems(error.problems, error.n_total)


def unexpected(error: Exception) -> None:
    """Show a neutral text with a number, and log the error under that number without any user's text in the page."""
    number = secrets.token_hex(4)
    _LOG.error("error %s: %s", number, log_text(repr(error)), exc_info=error)
    st.error(f"Something went wrong on this page (number {number}). The other pages work; the log has the details.")

"""Sentences shown on every page: what the data are, what is left out, what went wrong; the door of widget callbacks."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from geo import VERSION, log, sources
from geo.analysis.counting import questions
from geo.export.filter_words import no_toll_text
from geo.problems import AtlasError, Problem, ProblemKind
from geo.schema import SOURCES
from geo.text import markdown_sentence, markdown_text
from geo.views import address, cached, grids, shell, visitor
from geo.views.state import View
from geo.wording import N_, _, _n, format_list, is_unreviewed, language

_Arguments = ParamSpec("_Arguments")
# A path from the root, up to the end of its last name; names may hold blanks. An address of the web is none.
_PATH = re.compile(r"(?<![\w:/\\.])(?:[A-Za-z]:)?[\\/](?:[^\\/\n'\"]*[\\/])*([^\s\\/'\";,]*[^\s\\/'\";,.]|)")
# Each run has a thread of its own.
_IGNORED_AT: ContextVar[DeltaGenerator | None] = ContextVar("ignored_at", default=None)
_FAILED, _DONE = "atlas_failed", "atlas_done"

_PROBLEM_COLUMNS = {
    "sheet": N_("Sheet"),
    "row": N_("Row"),
    "column": N_("Column"),
    "value": N_("Value"),
    "message": N_("What is wrong"),
    "hint": N_("What to do"),
    "file": N_("File"),
    "code": N_("Rule"),
}
NATURE_OF_THE_DATA, FOOTER = sources.NATURE_OF_THE_DATA, sources.FOOTER


def page_head(title: str, purpose: str) -> None:
    """Draw a page's title, what it is for, and the outcome of the last click; every page begins with it."""
    shell.require()
    st.title(title, anchor=False)
    st.markdown(purpose)
    _notes_at_head()


def map_head(title: str) -> DeltaGenerator:
    """Draw the head of a page that is a map: the title in one line and the notes that every page begins with.

    Returns the place below the title, for the sentence that says what the map shows.
    """
    shell.require()
    with st.container(key="map_head"):
        st.title(title, anchor=False)
        place = st.container()
        _notes_at_head()
    return place


def _notes_at_head() -> None:
    _IGNORED_AT.set(st.empty())
    ignored_note()
    _other_version_note()
    address.position()  # one that cannot be used is named among what was ignored
    _outcome()


def ignored_note() -> None:
    """Say at the head of the page what was ignored of the address; again when its options have been drawn."""
    said, place = ignored_text(), _IGNORED_AT.get()
    if said and place is not None:
        place.warning(said)


def ignored_text() -> str:
    """Return what was ignored of the address, as Markdown; "" for nothing."""
    if not (ignored := address.ignored()):
        return ""
    parts = format_list([markdown_text(part[:60]) for part in ignored[:10]])
    return _("Parts of the address were ignored: {parts}. The page may show more than its sender saw.", parts=parts)


def _other_version_note() -> None:
    if said := other_version_text():
        st.info(said)


def other_version_text() -> str:
    """Return that the link of this view was made with other data, "" if it was not."""
    linked = address.text(address.VERSION)
    is_version = re.fullmatch(r"[0-9a-f]{12}", linked) is not None
    address.check(address.VERSION, is_version)
    if not is_version or linked == (now := cached.data_version().code):
        return ""
    return _(
        "This link was made with data version {linked}; the data shown are version {now}. Figures may differ from "
        "those its sender saw.",
        linked=linked,
        now=now,
    )


# --- callbacks --------------------------------------------------------------------------------------------


def guarded(action: Callable[_Arguments, str | None]) -> Callable[_Arguments, None]:
    """Return a widget callback that keeps what goes wrong, or the text it returns, for the page that follows to show.

    Callbacks run before app.py, outside its handlers: an error there would replace the page.
    """

    @wraps(action)
    def callback(*args: _Arguments.args, **kwargs: _Arguments.kwargs) -> None:
        try:
            sentence = action(*args, **kwargs)
        except Exception as error:
            st.session_state[_FAILED] = error
        else:
            if sentence:
                done(sentence)

    return callback


def done(sentence: str) -> None:
    """Show a sentence about what this run did at the head of the next one."""
    st.session_state[_DONE] = sentence


def _outcome() -> None:
    """Show what the last click did, or why it could not be done."""
    error, sentence = st.session_state.get(_FAILED), st.session_state.get(_DONE)
    if isinstance(error, AtlasError):
        atlas_error(error)
    elif error is not None:
        unexpected(error)
    elif sentence:
        said = markdown_sentence(sentence)  # it may hold a name that a person gave
        st.success(said)
        # The button may be far below the head of the page.
        st.toast(said)
    if error is not None:
        # The button may be far below the head of the page.
        st.toast(_("This cannot be done. The reason is at the top of the page."))


def forget_outcome() -> None:
    """Forget the outcome of the last click, at the end of a run: a run that another one cut short has shown nothing."""
    for name in (_FAILED, _DONE):
        st.session_state.pop(name, None)


# --- what is shown ----------------------------------------------------------------------------------------


def shown_line(view: View, *, on_points: bool = False) -> None:
    """Say how many incidents the page shows, how many it cannot place, whether their source changes, and why recent."""
    n = questions.shown(view.table, view.filters)
    parts = [_("**{n} of {total} incidents shown**", n=n.n_shown, total=n.n_total)]
    parts.append(_("{n} not located", n=n.n_not_located))
    if n.n_outside:
        parts.append(_("{n} outside Khyber Pakhtunkhwa", n=n.n_outside))
    if n.n_no_toll:
        parts.append(no_toll_text(n.n_no_toll))
    if n.n_merged:
        parts.append(_("{n} merged from {records} records of several sources", n=n.n_merged, records=n.n_merged_rows))
    found = visitor.access()
    if not found.counts_withheld and found.delay_days:
        # How many there are now would tell of each new one: the sentence is the same when there is none.
        parts.append(_n("those newer than {n} day withheld", "those newer than {n} days withheld", found.delay_days))
    elif found.counts_withheld and view.table.n_withheld:
        parts.append(_("{n} withheld, newer than the publication delay", n=view.table.n_withheld))
    if on_points:
        parts.append(_("{n} known only to the district, counted there and never drawn as a point", n=n.n_district_only))
    st.markdown(_("{figures}. {period}.", figures=format_list(parts), period=view.period_label))
    if view.seam is not None:
        st.caption(_(sources.SEAM_NOTE))
    if address.is_recent() and view.filters.start:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            sentence = _("The page opens on the last {n} months of the data.", n=sources.MONTHS_AT_FIRST)
            st.caption(sentence, width="content")
            st.button(_("All years"), on_click=guarded(address.open_all_years), width="content")


def coverage_warning(view: View) -> None:
    """Warn that years of the register are not comparable, when the view holds the register."""
    if "register" in view.sources:
        sentence = _(
            "Read with care: the register is a sample of the public pages that could be found. A rise or fall between "
            "years can come from what was archived and read as well as from what happened."
        )
        st.caption(sentence)


def footer(page: str) -> None:
    """Draw the fixed lines at the end of each page, with the credit of every source that is shown.

    page: its address, such as "overview".
    """
    ignored_note()
    st.divider()
    st.caption(" ".join([_(NATURE_OF_THE_DATA), _(FOOTER), *_credits()]))
    if is_unreviewed():
        st.caption(
            _(
                "No native reader has reviewed this translation yet. Where it differs, the English counts: lang=en in "
                "the address shows it."
            )
        )
        with st.expander(_("Report a wrong word")):
            st.markdown(
                _(
                    "Copy this text, fill in the lines, and send it as CONTRIBUTING.md says under Translations: as an "
                    "issue of the repository that this atlas is from, or to whoever runs it. It names no person and is "
                    "sent by nobody but you."
                )
            )
            st.code(word_report(page, cached.data_version().code), language=None, wrap_lines=True)


def word_report(page: str, data_version: str) -> str:
    """Return a text by which a reader reports a wrong word. page: address of the page, such as "overview"."""
    lines = (
        _("Wrong word in KP Incident Atlas"),
        _("Page: {page} (language: {language})", page=page, language=language()),
        _("Version: {version}, data version {data}", version=VERSION, data=data_version),
        _("Sentence as it stands:"),
        _("The wrong word:"),
        _("The word that should stand there:"),
        _("A page of a publisher that uses it, if you know one:"),
    )
    return "\n".join(lines)


def _credits() -> list[str]:
    shown = cached.incidents(address.filters().sources).sources
    return [_(SOURCES[source].credit) for source in shown if source in SOURCES]


def nothing_shown() -> None:
    """Say that the filter keeps no incident, and the way out."""
    st.info(_("No recorded incident matches the filters. Widen the period or reset the filters in the sidebar."))


# --- what went wrong --------------------------------------------------------------------------------------


def problem_kinds(kinds: Sequence[ProblemKind], found: Sequence[Problem], n_total: int) -> None:
    """Show one line for each kind of problem: how many rows, which first, an example, the remedy; the list is a click
    away. found: the first problems, n_total: all there are.
    """
    st.markdown("\n".join(f"- {_kind_line(kind)}" for kind in kinds))
    with st.expander(_n("The list of {n} problem", "The list of {n} problems", n_total)):
        problems(found, n_total)


def _kind_line(kind: ProblemKind) -> str:
    example = kind.example
    rows = format_list([*map(str, kind.rows), *(["..."] if kind.n > len(kind.rows) else [])])
    where = _n("**{n} row** ({rows})", "**{n} rows** ({rows})", kind.n, rows=rows)
    if example.column:
        column = markdown_text(example.column)
        where = _n(
            "**{column}: {n} row** ({rows})", "**{column}: {n} rows** ({rows})", kind.n, column=column, rows=rows
        )
    said = " ".join(markdown_sentence(str(part)) for part in (example.message, example.hint) if part)
    if not example.value:
        return f"{where}{_('.')} {said}"
    return _("{where}, for example “{value}”. {said}", where=where, value=markdown_text(example.value), said=said)


def problems(found: Sequence[Problem], n_total: int) -> None:
    """Show problems as a table: texts of files stay plain text there. n_total: problems there are, found: the first."""
    records = [problem.in_words() for problem in found]
    frame = pd.DataFrame(list(map(_without_folders, records)) if _hides_paths() else records)
    if not frame.empty:
        stated = [name for name in _PROBLEM_COLUMNS if not frame[name].isin(["", None]).all()]
        words = {name: _(_PROBLEM_COLUMNS[name]) for name in stated}
        grids.grid(frame[stated].rename(columns=words))
    if n_total > len(found):
        st.caption(_("The first {n} of {total} problems.", n=len(found), total=n_total))


def atlas_error(error: AtlasError) -> None:
    """Show an error of this project with its problems."""
    st.error(_("This cannot be done. What was stored before has not changed."))
    problems(error.problems, error.n_total)


def _hides_paths() -> bool:
    """Whether visitors are strangers; with settings that cannot be read nobody knows."""
    try:
        return not visitor.access().shows_paths
    except AtlasError:
        return True


def _without_folders(record: dict[str, Any]) -> dict[str, Any]:
    """Return a problem in words whose paths are the last names of them: folders tell how a server is set up."""
    hidden = {name: _PATH.sub(r"\1", said) if isinstance(said, str) else said for name, said in record.items()}
    return hidden | {"file": re.split(r"[\\/]", record["file"])[-1]}


def unexpected(error: Exception) -> None:
    """Show a neutral text with a number; the log has the places of the error under it, and no text of a user."""
    number = log.error(error)
    sentence = _(
        "Something went wrong on this page (number {number}). The other pages work; details are in the log.",
        number=number,
    )
    st.error(sentence)

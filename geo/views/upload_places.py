"""Upload: which stated names were taken for which district, which were not placed, and what a person decides."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import pandas as pd
import streamlit as st

from geo import intake, place_decisions
from geo.analysis.locating import place_names
from geo.analysis.locating.place_names import HOW, TO_CONFIRM, PlaceName
from geo.intake import Checked
from geo.names import MEANS_NONE, MEANS_OUTSIDE, name_key
from geo.place_decisions import PlaceDecision
from geo.problems import AtlasError
from geo.schema import SOURCES
from geo.text import markdown_text, printable
from geo.views import cached, messages, tables

_DECIDED, _ACCOUNT, _FAILED = "upload_places_decided", "upload_places_account", "upload_places_failed"
_UNDECIDED = ""
_PAGE_NAMES = 12
_Of = TypeVar("_Of")
_IN_A_ROW = 3
_MOST_ROWS = 200
_LONGEST_NAME = 48
_NAME_PX = 150  # on a telephone what a name was taken for stands beside it
_OUTCOMES = {MEANS_OUTSIDE: "Outside the province", MEANS_NONE: "Leave unlocated"}
_TAKEN_BACK = "The name is no longer read so in files to come. Batches stored before stay as they are."
_OPEN, _CLOSE, _EARLIER = "open", "close", "earlier"
_TITLES = {
    _OPEN: "**{n} not recognised** as a single district. Rows with exact or near coordinates are placed by those; for "
    "the others, say what the name means, or leave it.",
    _CLOSE: "**{n} read by close spelling.** Confirm, or say what is meant; undecided, the name counts as read.",
    _EARLIER: "**{n} placed as decided earlier** for files of this source. Choose another meaning, or take it back.",
}


@dataclass(frozen=True, slots=True)
class _Question:
    """A name that a person may decide.

    n_rows: rows that the decision places; n_by_point: rows that their coordinates place. first_row: of the file.
    is_new: it is decided for this file and not stored yet. earlier: the decision that is stored.
    """

    name: PlaceName
    kind: str
    n_rows: int
    n_by_point: int
    first_row: int
    is_new: bool
    earlier: PlaceDecision | None


def settled(checked: Checked, file_id: str) -> Checked:
    """Return the check under the decisions in force: located anew if they changed, never read again."""
    store = cached.store()
    decided = place_decisions.meanings(store, checked.result.source) | _decided(file_id)
    if decided == checked.decided:
        return checked
    return intake.locate_again(checked, store, cached.districts(), decided)


def draw(checked: Checked, file_id: str) -> None:
    """Draw the names of a checked file, what there is to decide about them, and the rows that contradict themselves."""
    names = _account(checked)
    keys = {one.key for one in names if one.key}
    if keys:
        questions = _questions(names, checked, file_id)
        st.subheader("Place names", anchor=False)
        st.markdown(_summary(names, keys, questions))
        for kind in _TITLES:
            _draw_questions([question for question in questions if question.kind == kind], file_id)
        _draw_account(names, len(keys))
    if checked.n_conflicts:
        _draw_disagreements(checked)


def draw_remembered() -> None:
    """Draw what was decided about names of every source, newest first, each with its way back."""
    failed = st.session_state.pop(_FAILED, None)
    if failed is not None:
        messages.atlas_error(failed)
    decisions = place_decisions.everything(cached.store())[::-1]
    if not decisions or cached.settings().mode != "local":
        return
    with st.expander(f"Place names decided for files to come ({len(decisions):,})"):
        for decision in _of_page(decisions, "remembered"):
            text, act = st.columns([4, 1], vertical_alignment="center")
            meaning = place_decisions.meaning_text(decision.meaning, cached.districts().names)
            text.markdown(
                f"**{_short(decision.name)}**: {markdown_text(meaning)}  \n"
                f"{markdown_text(SOURCES[decision.source].label)}, {decision.made_at:%Y-%m-%d %H:%M} UTC"
            )
            act.button(
                "Take back",
                key=f"upload_place_forget_{decision.decision_id}",
                on_click=_take_back,
                args=(decision.decision_id, decision.name),
                width="stretch",
                help=_TAKEN_BACK,
            )


# --- what there is to decide ------------------------------------------------------------------------------


def _decided(file_id: str) -> dict[str, str]:
    """Return what was decided for this file and not stored yet: geo.names.name_key -> meaning."""
    held: tuple[str, dict[str, str]] | None = st.session_state.get(_DECIDED)
    return dict(held[1]) if held and held[0] == file_id else {}


def _account(checked: Checked) -> tuple[PlaceName, ...]:
    """Return the account of a check; it is made once, not in every run of the page, and does not keep the rows."""
    held = st.session_state.get(_ACCOUNT)
    if held is None or held[0]() is not checked.rows:
        held = (weakref.ref(checked.rows), place_names.account(checked.rows, cached.districts(), checked.decided))
        st.session_state[_ACCOUNT] = held
    found: tuple[PlaceName, ...] = held[1]
    return found


def _questions(names: Sequence[PlaceName], checked: Checked, file_id: str) -> list[_Question]:
    """Return the names to decide, most rows first; deciding one leaves it where it is."""
    earlier, decided = place_decisions.in_force(cached.store(), checked.result.source), _decided(file_id)
    entries: dict[str, list[PlaceName]] = {}
    for one in names:
        if one.key:
            entries.setdefault(one.key, []).append(one)
    found = []
    for key, of_one in entries.items():
        asked = [one for one in of_one if one.how in TO_CONFIRM or one.is_decided]
        if asked or key in decided:
            name = (asked or of_one)[0]
            kind = _EARLIER if key in earlier else _OPEN if name.score is None else _CLOSE
            n_rows, n_by_point = sum(one.n_rows for one in asked), _rows_of(of_one, "point_in_polygon")
            first_row = min(one.first_row for one in of_one)
            found.append(_Question(name, kind, n_rows, n_by_point, first_row, key in decided, earlier.get(key)))
    return sorted(found, key=lambda question: (-question.n_rows - question.n_by_point, question.first_row))


def _rows_of(names: Sequence[PlaceName], how: str) -> int:
    return sum(one.n_rows for one in names if one.how == how)


def _summary(names: Sequence[PlaceName], keys: set[str], questions: Sequence[_Question]) -> str:
    n_recognised = len(keys) - len(questions)
    parts = [f"{_number(len(keys), 'name')}, {n_recognised:,} recognised at once."]
    if not questions:
        parts = [f"All {len(keys):,} names were recognised." if len(keys) > 1 else "The one name was recognised."]
    n_new = sum(question.is_new for question in questions)
    if n_new:
        parts.append(f"{n_new:,} decided now: stored with the file, and for the next one, when it is accepted.")
    n_nameless = sum(one.n_rows for one in names if not one.key and one.how == "none")
    if n_nameless:
        parts.append(f"{_number(n_nameless, 'row')} with neither a name nor usable coordinates.")
    return " ".join(parts)


def _draw_questions(questions: Sequence[_Question], file_id: str) -> None:
    """Draw the names of one kind, a page at a time, each with its choice."""
    if not questions:
        return
    kind = questions[0].kind
    with st.container(border=True):
        st.markdown(_TITLES[kind].format(n=_number(len(questions), "name")))
        shown = _of_page(questions, f"{kind}_{file_id}")
        for start in range(0, len(shown), _IN_A_ROW):
            for column, question in zip(st.columns(_IN_A_ROW), shown[start : start + _IN_A_ROW], strict=False):
                with column, st.container(gap="xsmall"):
                    _draw_question(question, file_id)


def _of_page(names: Sequence[_Of], of: str) -> Sequence[_Of]:
    """Draw the choice of page, if there are several, and return the names of the chosen one."""
    n_pages = -(-len(names) // _PAGE_NAMES)
    if n_pages == 1:
        return names
    key = f"upload_places_page_{of}"
    st.session_state[key] = min(max(int(st.session_state.get(key, 1)), 1), n_pages)
    page = st.number_input(f"Page, of {n_pages:,}", 1, n_pages, key=key, width=160)
    return names[(page - 1) * _PAGE_NAMES : page * _PAGE_NAMES]


def _draw_question(question: _Question, file_id: str) -> None:
    name, earlier = question.name, question.earlier
    meaning = _decided(file_id).get(name.key, earlier.meaning if earlier else _UNDECIDED)
    options = _options(name, is_open=earlier is None)
    widget = f"upload_place_{file_id}_{name.key}_{earlier.decision_id if earlier else ''}"
    st.selectbox(
        f"**{_short(name.text)}**, {_number(question.n_rows, 'row')}",
        list(options),
        index=list(options).index(meaning) if meaning in options else 0,
        format_func=options.__getitem__,
        key=widget,
        on_change=_decide,
        args=(file_id, name.key, widget),
    )
    st.caption(_why(question))
    if earlier:
        st.button(
            "Take back",
            key=f"upload_place_back_{earlier.decision_id}",
            on_click=_take_back,
            args=(earlier.decision_id, name.text),
            help=_TAKEN_BACK,
        )


def _options(name: PlaceName, *, is_open: bool) -> dict[str, str]:
    """Return the meanings to choose from with their labels: as it is, the candidates, every district, none."""
    names = cached.districts().names
    suggested = "{}, confirmed" if name.score is not None else "{}, suggested"
    as_it_is = "To decide: not located"
    if name.score is not None:
        as_it_is = f"{names[name.candidates[0]]}, as read ({name.score:.0f} of 100)"
    options = {_UNDECIDED: as_it_is} if is_open else {}
    options |= {pcode: suggested.format(names[pcode]) for pcode in name.candidates}
    others = sorted(set(names) - set(name.candidates), key=names.__getitem__)
    return options | {pcode: names[pcode] for pcode in others} | _OUTCOMES


def _why(question: _Question) -> str:
    name = question.name
    state = "**Decided now**, not stored yet; from" if question.is_new else "From"
    parts = [f"{state} row {question.first_row:,}"]
    if len(name.spellings) > 1:
        parts.append(f"also written {markdown_text(', '.join(map(_plain, name.spellings[1:])))}")
    if question.earlier:
        parts.append(f"stored decision of {question.earlier.made_at:%-d %b %Y}")
    elif name.score is None or name.how == "none":
        parts.append(markdown_text(name.reason))
    if question.n_by_point:
        parts.append(f"{_number(question.n_by_point, 'more row')} placed by coordinates")
    return f"{'; '.join(parts)}."


def _decide(file_id: str, key: str, widget: str) -> None:
    """Keep what was chosen; the run that follows locates the rows anew."""
    meaning = str(st.session_state[widget])
    decided = {other: held for other, held in _decided(file_id).items() if other != key}
    st.session_state[_DECIDED] = (file_id, decided | ({key: meaning} if meaning else {}))


def _take_back(decision_id: int, name: str) -> None:
    """Take a decision back, also what was chosen in its place for the file at hand."""
    try:
        place_decisions.take_back(cached.store(), decision_id)
    except AtlasError as error:
        st.session_state[_FAILED] = error
    else:
        file_id, decided = st.session_state.get(_DECIDED, ("", {}))
        st.session_state[_DECIDED] = (file_id, {k: held for k, held in decided.items() if k != name_key(name)})


# --- tables -------------------------------------------------------------------------------------------------


def _draw_account(names: Sequence[PlaceName], n_names: int) -> None:
    """Draw what every name was taken for, as a table with a download of the whole."""
    with st.expander(f"What each name was taken for ({n_names:,})"):
        narrow = {"Name": st.column_config.TextColumn(width=_NAME_PX)}
        frame = _account_frame(names[:_MOST_ROWS])
        st.dataframe(frame, hide_index=True, width="stretch", column_config=narrow)
        _first_of(len(names), "names")
        _download("Download all names", lambda: _account_frame(names), "place-names.csv")


def _account_frame(names: Sequence[PlaceName]) -> pd.DataFrame:
    districts = cached.districts().names
    columns = ("Name", "Taken for", "P-code", "How", "Rows", "First row", "Could be", "Why", "Province")
    return pd.DataFrame(
        [
            (
                _plain(one.text) or "(no name stated)",
                districts.get(one.taken_for, HOW.get(one.taken_for, one.taken_for)),
                one.taken_for if one.taken_for in districts else "",
                HOW[one.how],
                one.n_rows,
                one.first_row,
                ", ".join(districts[pcode] for pcode in one.candidates),
                one.reason,
                ", ".join(map(_plain, one.provinces)),
            )
            for one in names
        ],
        columns=list(columns),
    )


def _draw_disagreements(checked: Checked) -> None:
    """Draw the rows whose name, P-code or coordinates contradict one another."""
    n = checked.n_conflicts
    with st.expander(f"Rows whose name, P-code or coordinates disagree ({n:,})"):
        st.caption(
            "Coordinates in another district than the stated one, or a P-code that is not that of the name. What is "
            "stated counts, the P-code first; a name of several meanings counts where the coordinates lie. The "
            "distance is that of the point from the outline of the stated district."
        )
        st.dataframe(_disagreement_frame(checked, _MOST_ROWS), hide_index=True, width="stretch")
        _first_of(n, "rows")
        _download("Download all of these rows", lambda: _disagreement_frame(checked, None), "disagreements.csv")


def _disagreement_frame(checked: Checked, most: int | None) -> pd.DataFrame:
    districts = cached.districts()
    found = place_names.disagreements(checked.rows, districts, most).to_pandas()
    return pd.DataFrame(
        {
            "Row": found["row"],
            "Date": found["date"],
            "Stated": found["stated"].fillna("").map(_plain),
            "Stated district": _named(found["stated_pcode"], districts.names, "several meanings"),
            "Coordinates lie in": _named(found["located_pcode"], districts.names, "outside the province").where(
                found["lat"].notna(), "not given"
            ),
            "km apart": found["km_from_stated"].round(1),
            "Latitude": found["lat"],
            "Longitude": found["lon"],
            "Incident": found["incident_id"].map(_plain),
        }
    )


def _named(pcodes: pd.Series, names: Mapping[str, str], otherwise: str) -> pd.Series:
    return pcodes.map(names).fillna(otherwise)


def _first_of(n: int, noun: str) -> None:
    if n > _MOST_ROWS:
        st.caption(f"The first {_MOST_ROWS:,} of {n:,} {noun}.")


def _download(label: str, frame: Callable[[], pd.DataFrame], name: str) -> None:
    """Offer a table that is only made when it is asked for."""
    st.download_button(label, lambda: tables.csv_bytes(frame()), name, "text/csv", on_click="ignore")


def _plain(text: str) -> str:
    return printable(text)


def _short(text: str) -> str:
    clean = printable(text)
    return markdown_text(clean if len(clean) <= _LONGEST_NAME else f"{clean[: _LONGEST_NAME - 3]}...")


def _number(n: int, noun: str) -> str:
    return f"{n:,} {noun}" if n == 1 else f"{n:,} {noun}s"

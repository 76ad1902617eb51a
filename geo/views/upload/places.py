"""Upload: which stated names were taken for which district, which were not placed, and what a person decides."""

from __future__ import annotations

import weakref
from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from geo import intake, place_decisions
from geo.analysis.locating import place_names
from geo.analysis.locating.place_names import TO_CONFIRM, PlaceName
from geo.intake import Checked
from geo.names import MEANS_NONE, MEANS_OUTSIDE, name_key
from geo.place_decisions import PlaceDecision
from geo.policy import Action
from geo.schema import SOURCES
from geo.text import markdown_sentence, markdown_text, printable
from geo.views import cached, messages, visitor
from geo.views.tables import page_of
from geo.views.upload import place_tables, proposals
from geo.wording import N_, _, _n, format_date, format_list, words

_DECIDED, _ACCOUNT = "upload_places_decided", "upload_places_account"
_UNDECIDED = ""
_PAGE_NAMES = 12
_IN_A_ROW = 3
_LONGEST_NAME = 48
_OUTCOMES = {MEANS_OUTSIDE: N_("Outside the province"), MEANS_NONE: N_("Leave unlocated")}
_OPEN, _CLOSE, _EARLIER = "open", "close", "earlier"
_TITLES = {
    _OPEN: N_(
        "**{names} not recognised** as a single district. Rows with exact or near coordinates are placed by those; "
        "for the others, choose what the name means, or leave it."
    ),
    _CLOSE: N_("**{names} read by close spelling.** Confirm or correct; undecided names count as read."),
    _EARLIER: N_("**{names} placed by earlier decisions** for files of this source. They can be changed or withdrawn."),
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


def apply_answers(checked: Checked, file_id: str) -> Checked:
    """Return the check under the decisions in force: located again if they changed, never read again."""
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
        st.header(_("Place names"), anchor=False)
        st.markdown(_summary(names, keys, questions))
        for kind in _TITLES:
            _draw_questions([question for question in questions if question.kind == kind], kind, file_id)
        place_tables.draw_account(names, len(keys))
    if checked.n_conflicts:
        place_tables.draw_disagreements(checked)


def draw_remembered() -> None:
    """Draw what was decided about names of every source, newest first, each with its way back."""
    decisions = place_decisions.everything(cached.store())[::-1]
    if not decisions or not visitor.may(Action.PROPOSE):
        return
    names = cached.districts().names
    with st.expander(_("Place names decided for future files ({n})", n=len(decisions))):
        for decision in page_of(decisions, "upload_places_page_remembered", _PAGE_NAMES):
            with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
                meaning = markdown_text(_(place_decisions.meaning_text(decision.meaning, names)))
                source = markdown_text(_(SOURCES[decision.source].label))
                added = format_list([source, _("{time} UTC", time=decision.made_at)])
                st.markdown(f"**{_short(decision.name)}**: {meaning}  \n{added}")
                _draw_take_back("forget", decision.decision_id, decision.name)


def _draw_take_back(where: str, decision_id: int, name: str) -> None:
    explained = _("The name is no longer read this way in future files. Batches stored before stay as they are.")
    key, args = f"upload_place_{where}_{decision_id}", (decision_id, name)
    st.button(_("Withdraw"), key, explained, on_click=_take_back, args=args)


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
            n_rows = sum(one.n_rows for one in asked)
            n_by_point = sum(one.n_rows for one in of_one if one.how == "point_in_polygon")
            first_row = min(one.first_row for one in of_one)
            found.append(_Question(name, kind, n_rows, n_by_point, first_row, key in decided, earlier.get(key)))
    return sorted(found, key=lambda question: (-question.n_rows - question.n_by_point, question.first_row))


def _summary(names: Sequence[PlaceName], keys: set[str], questions: Sequence[_Question]) -> str:
    n, n_asked = len(keys), len(questions)
    parts = [_n("The only name was recognised.", "All {n} names were recognised.", n)]
    if n_asked:
        parts = [_n("{n} name, {known} recognised.", "{n} names, {known} recognised.", n, known=n - n_asked)]
    n_new = sum(question.is_new for question in questions)
    if n_new:
        parts.append(_("{n} decided now: saved, also for future files, when this file is accepted.", n=n_new))
    n_nameless = sum(one.n_rows for one in names if not one.key and one.how == "none")
    if n_nameless:
        parts.append(_("Rows with neither a name nor usable coordinates: {n}.", n=n_nameless))
    return " ".join(parts)


def _draw_questions(questions: Sequence[_Question], kind: str, file_id: str) -> None:
    """Draw the names of one kind, a page at a time, each with its choice."""
    if not questions:
        return
    with st.container(border=True):
        st.markdown(_(_TITLES[kind], names=_n("{n} name", "{n} names", len(questions))))
        shown = page_of(questions, f"upload_places_page_{kind}_{file_id}", _PAGE_NAMES)
        for start in range(0, len(shown), _IN_A_ROW):
            for column, question in zip(st.columns(_IN_A_ROW), shown[start : start + _IN_A_ROW], strict=False):
                with column, st.container(gap="xsmall"):
                    _draw_question(question, file_id)


def _draw_question(question: _Question, file_id: str) -> None:
    name, earlier = question.name, question.earlier
    meaning = _decided(file_id).get(name.key, earlier.meaning if earlier else _UNDECIDED)
    options = _options(name, is_open=earlier is None)
    widget = f"upload_place_{file_id}_{name.key}_{earlier.decision_id if earlier else ''}"
    label = _n("**{name}**, {n} row", "**{name}**, {n} rows", question.n_rows, name=_short(name.text))
    st.selectbox(
        label,
        list(options),
        index=list(options).index(meaning) if meaning in options else 0,
        format_func=options.__getitem__,
        key=widget,
        on_change=_decide,
        args=(file_id, name.key, widget),
    )
    st.caption(_why(question))
    if earlier:
        _draw_take_back("back", earlier.decision_id, name.text)


def _options(name: PlaceName, *, is_open: bool) -> dict[str, str]:
    """Return the meanings to choose from with their labels: as it is, the candidates, every district, none."""
    names, score = cached.districts().names, name.score
    if score is None:
        as_it_is = _("To decide: not located")
        candidates = {pcode: _("{district}, suggested", district=names[pcode]) for pcode in name.candidates}
    else:
        as_it_is = _("{district}, as read ({score:.0f} of 100)", district=names[name.candidates[0]], score=score)
        candidates = {pcode: _("{district}, confirmed", district=names[pcode]) for pcode in name.candidates}
    others = sorted(set(names) - set(name.candidates), key=names.__getitem__)
    last = {pcode: names[pcode] for pcode in others} | words(_OUTCOMES)
    return ({_UNDECIDED: as_it_is} if is_open else {}) | candidates | last


def _why(question: _Question) -> str:
    name = question.name
    parts = [_("First in row {row}", row=question.first_row)]
    if len(name.spellings) > 1:
        spellings = markdown_text(format_list([*map(printable, name.spellings[1:])]))
        parts.append(_("also written {spellings}", spellings=spellings))
    if question.earlier:
        parts.append(_("decision of {day}", day=format_date(question.earlier.made_at, "short")))
    elif name.score is None or name.how == "none":
        parts.append(markdown_sentence(str(name.reason)))
    if question.n_by_point:
        n = question.n_by_point
        parts.append(_n("{n} more row placed by coordinates", "{n} more rows placed by coordinates", n))
    if question.is_new:
        parts.append(_("**decided now**, not saved yet"))
    return f"{_('; ').join(parts)}{_('.')}"


@messages.guarded
def _decide(file_id: str, key: str, widget: str) -> None:
    """Keep what was chosen; the next run locates the rows again."""
    meaning = str(st.session_state[widget])
    decided = {other: held for other, held in _decided(file_id).items() if other != key}
    st.session_state[_DECIDED] = (file_id, decided | ({key: meaning} if meaning else {}))


@messages.guarded
def _take_back(decision_id: int, name: str) -> str | None:
    """Withdraw a decision, and what was chosen in its place for the file at hand."""
    store, actor = visitor.changing(cached.store())
    place_decisions.take_back(store, decision_id, actor=actor)
    file_id, decided = st.session_state.get(_DECIDED, ("", {}))
    st.session_state[_DECIDED] = (file_id, {k: held for k, held in decided.items() if k != name_key(name)})
    return proposals.outcome(store)


def _short(text: str) -> str:
    clean = printable(text)
    return markdown_text(clean if len(clean) <= _LONGEST_NAME else f"{clean[: _LONGEST_NAME - 3]}...")

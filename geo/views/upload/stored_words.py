"""Words of a stored batch: what each counts as, and another meaning for it, which counts at once in every view."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from geo import word_decisions
from geo.ingest.values.choices import folded_word
from geo.policy import Action
from geo.store import BatchRecord
from geo.stored_words import StoredWord, may_have_words
from geo.text import markdown_text, printable, shortened
from geo.views import cached, messages, visitor
from geo.views.tables import page_of
from geo.views.upload import proposals
from geo.word_decisions import WordDecision
from geo.wording import N_, _, _n, format_date, format_list

_FIELDS = {
    "attack_type": N_("Attack type"),
    "target_type": N_("Target"),
    "initiator": N_("Initiated by"),
    "group": N_("Group"),
}
# Codes of words that no list has.
_REST = {"attack_type": "threat_other", "target_type": "other", "initiator": "unknown", "group": "other"}
_PAGE_WORDS, _IN_A_ROW, _PAGE_DECISIONS = 12, 3, 12
_LONGEST_WORD = 48


def draw(record: BatchRecord) -> None:
    """Draw the words of one batch when asked for; nothing for a batch whose words mean what its publisher says."""
    if record.is_undone or not may_have_words(record):
        return
    if not st.toggle(_("Change what words of this file mean"), key=f"stored_words_{record.batch_id}"):
        return
    stored = cached.words_of_batch(record.batch_id)
    counted = word_decisions.counted_as(cached.store(), stored, record.batch_id)
    if not counted:
        st.caption(_("This file has no column that says what was done, to whom, who began or which group."))
        return
    st.caption(
        _(
            "Words that no list has come first. Another meaning counts at once, on the map and in every figure, and "
            "for files that you load later. The stored file stays as it is."
        )
    )
    if len(_own_batches()) > 1:
        st.checkbox(_("Also for this word in my other stored files"), key=_also_key(record.batch_id))
    decided = {one.key: one for one in word_decisions.everything(cached.store())}
    for field, title in _FIELDS.items():
        of_field = [one for one in counted if one.field == field]
        if of_field:
            ordered = sorted(of_field, key=lambda one: one.code != _REST[one.field])
            st.markdown(f"**{_(title)}**")
            _draw_words(record.batch_id, ordered, decided)


def draw_decisions() -> None:
    """Draw the decisions about words, newest first, each with its way back."""
    decisions = word_decisions.everything(cached.store())[::-1]
    if not decisions or not visitor.may(Action.PROPOSE):
        return
    with st.expander(_("Words given another meaning ({n})", n=len(decisions))):
        for one in page_of(decisions, "stored_words_page_decisions", _PAGE_DECISIONS):
            with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
                meaning = markdown_text(word_decisions.labels_of(one.field)[one.code])
                about = _("later files") if one.batch_id is None else _("batch {number:d}", number=one.batch_id)
                added = format_list([_(_FIELDS[one.field]), about, _("{time} UTC", time=one.made_at)])
                st.markdown(f"**{_short(one.word)}**: {meaning}  \n{added}")
                _draw_withdraw("list", one)


def _draw_words(
    batch_id: int, found: Sequence[StoredWord], decided: Mapping[tuple[int | None, str, str], WordDecision]
) -> None:
    """Draw the words of a field, a page at a time, each with the choice of its meaning."""
    shown = page_of(found, f"stored_words_page_{batch_id}_{found[0].field}", _PAGE_WORDS)
    for start in range(0, len(shown), _IN_A_ROW):
        for column, one in zip(st.columns(_IN_A_ROW), shown[start : start + _IN_A_ROW], strict=False):
            with column, st.container(gap="xsmall"):
                _draw_word(batch_id, one, decided.get((batch_id, one.field, folded_word(one.word))))


def _draw_word(batch_id: int, one: StoredWord, decision: WordDecision | None) -> None:
    labels = word_decisions.labels_of(one.field)
    # The control of a word that was decided or withdrawn is a new one, which starts from what counts now.
    key = f"stored_word_{batch_id}_{one.field}_{one.word}_{decision.decision_id if decision else ''}"
    st.selectbox(
        _n("**{word}**, {n} row", "**{word}**, {n} rows", one.n_rows, word=_short(one.word)),
        list(labels),
        index=list(labels).index(one.code) if one.code in labels else None,
        format_func=labels.__getitem__,
        key=key,
        on_change=_decide,
        args=(batch_id, one.field, one.word, key),
    )
    if decision is not None:
        st.caption(_("decision of {day}", day=format_date(decision.made_at, "short")))
        _draw_withdraw("batch", decision)


def _draw_withdraw(where: str, decision: WordDecision) -> None:
    explained = _("The word counts again as it was read, and later files are read without this meaning.")
    key, args = f"stored_words_{where}_{decision.decision_id}", (decision.decision_id,)
    st.button(_("Withdraw"), key, explained, on_click=_take_back, args=args)


@messages.guarded
def _decide(batch_id: int, field: str, word: str, key: str) -> str | None:
    """Record the meaning that was chosen, for this batch and, if that is asked for, the others that have the word."""
    batches = [batch_id]
    if st.session_state.get(_also_key(batch_id)):
        folded = folded_word(word)
        batches += [
            number
            for number in _own_batches()
            if number != batch_id
            and any(one.field == field and folded_word(one.word) == folded for one in cached.words_of_batch(number))
        ]
    store, actor = visitor.changing(cached.store())
    word_decisions.remember(store, batches, field, {word: str(st.session_state[key])}, actor=actor)
    return proposals.outcome(store)


@messages.guarded
def _take_back(decision_id: int) -> str | None:
    store, actor = visitor.changing(cached.store())
    word_decisions.take_back(store, decision_id, actor=actor)
    return proposals.outcome(store)


def _own_batches() -> list[int]:
    return [one.batch_id for one in cached.store().batches() if may_have_words(one)]


def _also_key(batch_id: int) -> str:
    return f"stored_words_also_{batch_id}"


def _short(word: str) -> str:
    return markdown_text(shortened(printable(word), _LONGEST_WORD))

"""What of a checked file the store has already, and how its rows are to be stored."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from geo import intake
from geo.analysis.matching.duplicates import OLDER, REPEATED, SAME_INCIDENT_DAYS, STORED
from geo.intake import Checked
from geo.text import markdown_text
from geo.views import cached, tables
from geo.wording import N_, _

_REPLACES, _KEEP = "upload_replaces", "upload_keep_repeated"
_MOST_CHANGES = 200


def forget() -> None:
    """Drop the answers that were given for another file."""
    for key in (_REPLACES, _KEEP):
        st.session_state.pop(key, None)


def apply_answers(checked: Checked) -> Checked:
    """Return the check under the answers given: compared with the store again if they changed, never read again."""
    replaces = int(st.session_state.get(_REPLACES) or 0) or None
    keep_repeated = bool(st.session_state.get(_KEEP, False))
    if (replaces, keep_repeated) == (checked.replaces, checked.keep_repeated):
        return checked
    return intake.compare(checked, cached.store(), replaces=replaces, keep_repeated=keep_repeated)


def draw(checked: Checked) -> None:
    """Draw which rows are not stored again and why, which replace stored ones, and the choices there are."""
    found = checked.against_store
    n_stored, n_repeated, n_older = (found.duplicates[reason] for reason in (STORED, REPEATED, OLDER))
    if n_stored:
        held = _by_batch(found.stored_in)
        st.info(_("Rows already stored, not stored again: {n} ({batches}).", n=n_stored, batches=held))
    if n_older:
        st.info(_("Older versions of stored rows, not stored: {n}.", n=n_older))
    if n_repeated or checked.keep_repeated:
        explained = _(
            "Rows that are equal to an earlier row of the file in every cell are stored once, unless they are separate "
            "incidents. Rows with different identifiers are always separate."
        )
        st.checkbox(_("Equal rows are separate incidents"), key=_KEEP, help=explained)
    if n_repeated:
        st.caption(_("Rows equal to an earlier row in every cell, not stored: {n}.", n=n_repeated))
    if checked.n_newer:
        _draw_newer(checked)
    if found.n_renumbered:
        sentence = _(
            "Rows whose identifier a stored file uses for another incident (another district, or more than {days} days "
            "apart): {n}. Both are kept; the day is added to the new identifier.",
            days=SAME_INCIDENT_DAYS,
            n=found.n_renumbered,
        )
        st.caption(sentence)
    if checked.same_file is None:
        _draw_edition(checked)


def _draw_newer(checked: Checked) -> None:
    held = _by_batch(checked.against_store.newer_than)
    sentence = _(
        "Newer versions that replace stored rows: {n} ({batches}). Undoing this upload restores the stored versions.",
        n=checked.n_newer,
        batches=held,
    )
    st.info(sentence)
    with st.expander(_("What the newer versions change")):
        changes = intake.changes(checked, cached.store(), _MOST_CHANGES)
        names = [N_("Incident"), N_("Column"), N_("Stored"), N_("In this file")]
        tables.show(pd.DataFrame(changes, columns=names))
        if len(changes) == _MOST_CHANGES:
            st.caption(_("The first {n} changes.", n=_MOST_CHANGES))


def _draw_edition(checked: Checked) -> None:
    """Offer to replace a batch as a whole, if the file shares incidents with it."""
    found = checked.against_store
    shared = set(found.stored_in) | set(found.newer_than) | ({checked.replaces} - {None})
    if not shared:
        return
    choices = {"": _("Add what is new to what is stored")} | {
        str(number): _("A whole new edition: replace batch {number:d}, {label}", number=number, label=label)
        for number, label in _labels().items()
        if number in shared
    }
    st.selectbox(_("How it is stored"), list(choices), key=_REPLACES, format_func=choices.__getitem__)
    if checked.replaces is not None:
        sentence = _(
            "Incidents of batch {number:d} that are not in this file and would no longer be shown: {n}. Undoing the "
            "upload restores them.",
            number=checked.replaces,
            n=checked.n_left_out,
        )
        st.warning(sentence)


def _by_batch(counts: Mapping[int, int]) -> str:
    labels = {number: markdown_text(label) for number, label in _labels().items()}
    each = [_("batch {number:d}, {label}: {n}", number=k, label=labels.get(k, ""), n=n) for k, n in counts.items()]
    return _("; ").join(each)


def _labels() -> dict[int, str]:
    return {record.batch_id: record.label for record in cached.store().batches()}

"""Upload: what of a checked file the store has already, and how its rows are to be stored."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from geo import intake
from geo.analysis.matching.duplicates import OLDER, REPEATED, SAME_INCIDENT_DAYS, STORED
from geo.intake import Checked
from geo.text import markdown_text
from geo.views import cached

_REPLACES, _KEEP = "upload_replaces", "upload_keep_repeated"
_MOST_CHANGES = 200


def forget() -> None:
    """Drop the answers that were given for another file."""
    for key in (_REPLACES, _KEEP):
        st.session_state.pop(key, None)


def settled(checked: Checked) -> Checked:
    """Return the check under the answers that were given: compared anew if they changed, never read again."""
    replaces = int(st.session_state.get(_REPLACES) or 0) or None
    keep_repeated = bool(st.session_state.get(_KEEP, False))
    if (replaces, keep_repeated) == (checked.replaces, checked.keep_repeated):
        return checked
    return intake.compare(checked, cached.store(), replaces=replaces, keep_repeated=keep_repeated)


def draw(checked: Checked) -> None:
    """Draw which rows are not stored again and why, which stand in for stored ones, and the choices there are."""
    found = checked.against_store
    n_stored, n_repeated, n_older = (found.duplicates[reason] for reason in (STORED, REPEATED, OLDER))
    if n_stored:
        st.info(f"{n_stored:,} rows are stored already ({_by_batch(found.stored_in)}) and are not stored again.")
    if n_older:
        st.info(f"{n_older:,} rows are older versions of stored rows and are not stored.")
    if n_repeated or checked.keep_repeated:
        st.checkbox(
            "Equal rows are separate incidents",
            key=_KEEP,
            help="Rows that are equal to an earlier row of the file in every cell are stored once, unless both are "
            "meant. Rows with identifiers of their own are never taken for one another.",
        )
        if n_repeated:
            st.caption(f"{n_repeated:,} rows are equal to an earlier row in every cell and are not stored.")
    if checked.n_newer:
        _draw_newer(checked)
    if found.n_renumbered:
        st.caption(
            f"{found.n_renumbered:,} rows have an identifier that a stored file uses for another incident (another "
            f"district, or more than {SAME_INCIDENT_DAYS} days apart). Both are kept; the day is added to the new one."
        )
    if checked.same_file is None:
        _draw_edition(checked)


def _draw_newer(checked: Checked) -> None:
    held = _by_batch(checked.against_store.newer_than)
    st.info(
        f"{checked.n_newer:,} rows are newer versions of stored rows ({held}) and stand in for them. "
        "Undoing this upload brings the stored versions back."
    )
    with st.expander("What the newer versions change"):
        changes = intake.changes(checked, cached.store(), _MOST_CHANGES)
        frame = pd.DataFrame(changes, columns=["Incident", "Column", "Stored", "In this file"])
        st.dataframe(frame, hide_index=True, width="stretch")
        if len(changes) == _MOST_CHANGES:
            st.caption(f"The first {_MOST_CHANGES:,} changes.")


def _draw_edition(checked: Checked) -> None:
    """Offer to replace a batch as a whole, if the file shares incidents with it."""
    found = checked.against_store
    shared = set(found.stored_in) | set(found.newer_than) | ({checked.replaces} - {None})
    if not shared:
        return
    labels = {record.batch_id: record.label for record in cached.store().batches() if record.batch_id in shared}
    choices = {"": "Add what is new to what is stored"} | {
        str(number): f"A whole new edition: replace batch {number}, {label}" for number, label in labels.items()
    }
    st.selectbox("How it is stored", list(choices), key=_REPLACES, format_func=choices.__getitem__)
    if checked.replaces is not None:
        st.warning(
            f"{checked.n_left_out:,} incidents of batch {checked.replaces} are not in this file and would no longer be "
            "shown. Undoing the upload brings them back."
        )


def _by_batch(counts: Mapping[int, int]) -> str:
    labels = {record.batch_id: record.label for record in cached.store().batches()}
    parts = (f"batch {number}, {markdown_text(labels.get(number, ''))}: {n:,}" for number, n in counts.items())
    return "; ".join(parts)

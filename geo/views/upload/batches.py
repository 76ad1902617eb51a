"""The stored batches: what each holds, with undo, redo and the switch of what is shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import streamlit as st

from geo import intake, proposals
from geo.ingest.formats import format_label
from geo.policy import Action
from geo.store import BatchRecord
from geo.text import markdown_text
from geo.views import cached, messages, visitor
from geo.views.upload import stored_words
from geo.wording import N_, _, _n, format_list

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

STATES = {
    "shown": N_("shown"),
    "hidden": N_("hidden"),
    "superseded": N_("replaced by a newer edition"),
    "undone": N_("undone"),
}
_UNDO, _REDO, _HIDE, _SHOW = N_("Undo"), N_("Redo"), N_("Hide"), N_("Show")


def draw() -> None:
    """Draw every batch, the newest first; for readers those that they see a row of, with the number of these rows."""
    may_change, is_member = visitor.may(Action.DECIDE), visitor.may(Action.PROPOSE)
    # Those that wait are among the proposals; those that were rejected are for members.
    kept_back = proposals.never_accepted(cached.store())
    if is_member:
        kept_back = frozenset(one.batch_id for one in proposals.waiting(cached.store()) if one.batch_id is not None)
    n_seen = None if visitor.access().shows_cells else cached.rows_up_to()
    for record in reversed(cached.store().batches(include_undone=True)):
        if record.batch_id in kept_back or (n_seen is not None and not n_seen.get(record.batch_id, 0)):
            continue
        with st.container(border=True):
            text, buttons = st.columns([4, 1], vertical_alignment="center")
            text.markdown(_summary(record, n_seen))
            if record.is_shown:
                only = {"from": "all", "data": str(record.batch_id)}
                text.page_link(
                    "pages/overview.py", label=_("See it on the map"), icon=":material/map:", query_params=only
                )
            actions = [_REDO] if record.is_undone else [_UNDO, _SHOW if record.is_hidden else _HIDE]
            for action in actions if may_change else ():
                if action == _UNDO and intake.is_embedded(record):
                    _draw_undo_of_embedded(buttons, record)
                    continue
                key, args = f"{action}_{record.batch_id}", (action, record.batch_id)
                buttons.button(_(action), key, on_click=_change, args=args, width="stretch")
            if is_member:
                stored_words.draw(record)


def _draw_undo_of_embedded(place: DeltaGenerator, record: BatchRecord) -> None:
    """Draw the undo of data that the atlas ships, which asks first: most pages are empty without them."""
    with place.popover(_(_UNDO), width="stretch"):
        st.markdown(
            _(
                "These data come with the atlas, and most pages rest on them. They leave every view, and are not "
                "deleted: the button Redo, at the same place, brings them back."
            )
        )
        key, args = f"{_UNDO}_{record.batch_id}", (_UNDO, record.batch_id)
        st.button(_("Undo these data"), key, on_click=_change, args=args, width="stretch")


def _summary(record: BatchRecord, n_seen: Mapping[int, int] | None) -> str:
    n_rows = record.n_accepted if n_seen is None else n_seen.get(record.batch_id, 0)
    parts = [_n("{n} row", "{n} rows", n_rows), _(STATES[record.state])]
    # Duplicates may be of rows that are withheld.
    if record.n_duplicates and n_seen is None:
        parts.append(_n("{n} more row was a duplicate", "{n} more rows were duplicates", record.n_duplicates))
    return _(
        "**{number:d}. {label}** - {facts}  \n{format}, added {added} UTC, SHA-256 {sha256}",
        number=record.batch_id,
        label=markdown_text(record.label),
        facts=format_list(parts),
        format=markdown_text(_(format_label(record.format))),
        added=record.added_at,
        sha256=record.file_sha256[:12],
    )


@messages.guarded
def _change(action: str, batch_id: int) -> None:
    store, actor = visitor.deciding(cached.store())
    if action == _UNDO:
        store.undo(batch_id, actor=actor)
    elif action == _REDO:
        store.redo(batch_id, actor=actor)
    else:
        store.set_shown(batch_id, action == _SHOW, actor=actor)

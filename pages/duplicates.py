"""Duplicates: pairs of stored incidents that may be one event, merged or kept separate by a person."""

import streamlit as st

from geo.export import pairs as export_pairs
from geo.views import address, export, messages, review, state
from geo.wording import _, words

messages.page_head(
    _("Duplicates"),
    _(
        "Pairs of stored incidents that may be one event reported twice. A merged event counts once and keeps every "
        "source. Every decision can be undone at any time."
    ),
)
view = state.current()
if address.is_recent():
    st.caption(
        _(
            "Pairs of all years: the last 36 months, on which other pages open, do not apply here. A period that you "
            "choose does."
        )
    )
else:
    messages.shown_line(view)
found = review.current(view)
review.counts_line(found)

shown = address.option("view", words(review.SHOWN), _("Show"), kind="segments")
if shown == "decided":
    review.draw_decided(found)
else:
    review.draw_bulk(found)
    review.draw_proposals(found, shown)
pairs = export_pairs.pairs_of(found.all, found.proposals, found.inside)
export.of_rows(
    state.View.of(view.table, view.districts, found.filters),
    "duplicates",
    export_pairs.table_of_pairs(pairs),
    lambda exported: export_pairs.notes_of_pairs(exported, pairs),
)
with st.expander(_("How pairs are found")):
    st.markdown(review.method())

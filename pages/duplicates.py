"""Duplicates: pairs of stored incidents that may be one event, merged or told apart by a person."""

import streamlit as st

from geo.views import address, messages, review, state

messages.page_head(
    "Duplicates",
    "Pairs of stored incidents that may be one event told twice. A merged event counts once and keeps every source; "
    "merging and telling apart can be undone at any time.",
)
view = state.current()
messages.shown_line(view)
found = review.current(view)
review.counts_line(found)
review.outcome()

shown = address.option("view", review.SHOWN, "Show", kind="segments")
if shown == "decided":
    review.draw_decided(found)
else:
    review.draw_bulk(found)
    review.draw_proposals(found, shown)
with st.expander("How pairs are found"):
    st.markdown(review.METHOD)

"""Data and method: what is embedded, where it comes from, how it is counted, what it cannot say."""

import streamlit as st

from geo.views import documents, messages, state

messages.page_head("Data and method", "What the atlas holds, where it comes from, and how places and counts are made.")
view = state.current()
messages.shown_line(view)
data, totals, method = st.tabs(["Data and licences", "Published totals", "Method"])
with data:
    documents.draw_sources()
with totals:
    documents.draw_published_totals()
with method:
    documents.draw_method()

"""Data and method: what is embedded, where it comes from, how it is counted, what it cannot say."""

import streamlit as st

from geo.views import documents, messages, state
from geo.wording import _

messages.page_head(
    _("Data and method"),
    _("What data the atlas uses, where they come from, and how incidents are located and counted."),
)
view = state.current()
messages.shown_line(view)
data, method = st.tabs([_("Data and licences"), _("Method")])
with data:
    documents.draw(documents.SOURCES_TEXT)
with method:
    documents.draw(documents.METHOD_TEXT)

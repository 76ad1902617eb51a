"""Upload: check an incident file, see it on the map, accept it, undo it."""

import streamlit as st

from geo.views import messages
from geo.views.upload import batches, page, places, proposals, stored_words
from geo.wording import _

messages.page_head(
    _("Upload an incident file"),
    _(
        "The file is checked as a whole before anything is stored. Every accepted file is one batch that can be "
        "undone. Load only public, historical records: no unit strengths, posts, routes or names of people."
    ),
)
page.draw_help()
page.draw()
proposals.draw()
st.header(_("Stored batches"), anchor=False)
batches.draw()
places.draw_remembered()
stored_words.draw_decisions()

"""Upload: check an incident file, see it on the map, accept it, undo it."""

import streamlit as st

from geo.views import messages, upload_places, uploads

messages.page_head(
    "Upload an incident file",
    "The file is checked as a whole before anything is stored. Every accepted file is one batch that can be undone. "
    "Load only public, historical records: no unit strengths, posts, routes or names of people.",
)
uploads.draw_help()
uploads.draw()
st.subheader("Stored batches", anchor=False)
uploads.draw_batches()
upload_places.draw_remembered()

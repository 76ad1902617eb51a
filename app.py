"""KP Incident Atlas: page list, start-up check, and the sidebar that all pages share."""

import streamlit as st

from geo.problems import AtlasError
from geo.views import address, cached, filters, messages

PAGES = [
    st.Page("pages/overview.py", title="Overview", default=True),
    st.Page("pages/points.py", title="Points"),
    st.Page("pages/districts.py", title="Districts"),
    st.Page("pages/trends.py", title="Trends"),
    st.Page("pages/upload.py", title="Upload"),
    st.Page("pages/data_and_method.py", title="Data and method"),
]

st.set_page_config(
    page_title="KP Incident Atlas",
    page_icon="geo/views/assets/icon.png",
    layout="wide",
    initial_sidebar_state="auto",
    menu_items={"about": messages.NATURE_OF_THE_DATA},
)
page = st.navigation(PAGES, position="top")

try:
    filters.draw(cached.incidents(), cached.districts())
    page.run()
    messages.footer()
    address.write()
except AtlasError as error:
    messages.atlas_error(error)
except Exception as error:  # every page stays usable: a number for the visitor, the details in the log
    messages.unexpected(error)

"""Districts: a ranked table beside the profile of the chosen district."""

import streamlit as st

from geo.views import address, export, incident_list, messages, profile, state
from geo.wording import _, words

messages.page_head(
    _("Districts"),
    _(
        "Choose a row to see what is recorded for a district. The atlas counts by the 35 units of the 2023 census; 40 "
        "districts were notified by January 2026, and incidents in a newer one count in the unit it was taken from."
    ),
)
view = state.current()
messages.shown_line(view)

left, right = st.columns([2, 1], gap="medium")
with left:
    sort = address.option("sort", words(profile.SORTS), _("Ranked by"))
    ranking = profile.ranking(view, sort)
    profile.ranked_table(ranking)
with right:
    pcode = view.filters.districts[0] if view.filters.districts else str(ranking["pcode"].iloc[0])
    here = profile.draw(view, pcode)
incident_list.draw(view, here, _("List of the incidents: {district}", district=view.districts.names[pcode]))
export.panel(view, "districts", export.DISTRICTS)

"""Points: where incidents are recorded, drawn no more precisely than they are known."""

import streamlit as st

from geo.views import address, filters, incident_points, messages, overview, profile, state
from geo.views.map import draw_map

messages.page_head(
    "Points",
    "An exact place is a pin, a place known to about 25 km a soft disc, and incidents known only to their district are "
    "a number in that district, never a pin.",
)
view = state.current()
messages.shown_line(view, on_points=True)
if not view.mask.any():
    messages.nothing_shown()

left, right = st.columns(2)
with left:
    mode = address.option("mode", incident_points.MODES, "Draw as", kind="segments")
coloured_by = next(iter(incident_points.COLOURED_BY))
if mode == "pins":
    with right:
        coloured_by = address.option("colour", incident_points.COLOURED_BY, "Colour", kind="segments")
click = draw_map(
    points=incident_points.points_view(view, mode, coloured_by),
    key="points_map",
    height=680,
    tiles=filters.tiles(),
    on_click=overview.follow,
)
profile.clicked_incidents(view, click)
profile.recent_incidents(view, incident_points.is_drawn(view))

"""Points: where incidents are recorded, drawn no more precisely than they are known."""

import streamlit as st

from geo.views import (
    address,
    cached,
    filters,
    first_paint,
    go_to,
    incident_list,
    incident_points,
    messages,
    published_line,
    state,
)
from geo.views.map import draw_map
from geo.wording import _, words

head = messages.map_head(_("Points"))
with head:
    st.markdown(
        _(
            "A village, town or post (within about 5 km) is drawn as a pin, a place known to within about 25 km as a "
            "soft disc. Incidents known only to the district are a number in that district, never a pin."
        )
    )
view = state.current()

left, right = st.columns([13, 5], gap="small")
with right, st.container(key="map_panel"):
    mode = address.option("mode", words(incident_points.MODES), _("Draw as"), kind="segments")
    coloured_by = next(iter(incident_points.COLOURED_BY))
    if mode == "pins":
        coloured_by = address.option("colour", words(incident_points.COLOURED_BY), _("Coloured by"), kind="segments")
    place = None
    if not first_paint.is_waiting():
        messages.shown_line(view, on_points=True)
        published_line.draw(view)
        if view.mask.any():
            incident_list.way_to_list()
        else:
            messages.nothing_shown()
        if left_out := incident_points.restricted_text(view, mode):
            st.caption(left_out)
        place = go_to.box(view.districts)
with left, st.container(key="map_frame"):
    click = draw_map(
        points=incident_points.points_view(view, mode, coloured_by, cached.ready_summaries(view.table)),
        key="points_map",
        height=680,
        tiles=filters.tiles(),
        go_to=place,
        position=address.position(),
        on_click=incident_list.follow,
    )
if not first_paint.is_waiting():
    # Loaded when the map is on the screen.
    from geo.views import export, timeline

    with left:
        timeline.draw(view)
    incident_list.clicked_incidents(view, click)
    incident_list.draw(view, view.mask, _("List of the incidents"))
    export.panel(view, "points")

"""Overview: which districts have how many recorded incidents."""

import streamlit as st

from geo.views import address, filters, first_paint, headline, measures, messages, overview, state
from geo.views.map import draw_map
from geo.wording import _

head = messages.map_head(_("Recorded militant incidents in Khyber Pakhtunkhwa"))
view = state.current()
chosen = view.filters.districts[0] if len(view.filters.districts) == 1 else None

left, right = st.columns([13, 5], gap="small")
with right, st.container(key="map_panel"):
    measure = measures.choose_measure()
    normaliser = measures.choose_normaliser()
    result = overview.measure_by_district(view, measure, normaliser)
    place = None
    if not first_paint.is_waiting():
        # Loaded when the map is on the screen.
        from geo.views import district_panel, go_to, published_line, tour

        messages.shown_line(view)
        published_line.draw(view, measure)
        tour.offer()
        if chosen:
            district_panel.draw(view, chosen)
        else:
            overview.side_panel(view, result)
        place = go_to.box(view.districts)
with head:
    headline.draw(view, result)
with left, st.container(key="map_frame"):
    click = draw_map(
        choropleth=overview.choropleth(view, result),
        key="overview_map",
        tiles=filters.tiles(),
        go_to=place,
        position=address.position(),
        on_click=overview.follow,
    )
if click is not None and click.is_number:
    st.switch_page("pages/districts.py")  # where the incidents that the number counts are listed
if not first_paint.is_waiting():
    from geo.views import export, tables, timeline

    with left:
        timeline.draw(view, measure)
        tables.offer(overview.table(view, result), _("Table of this map"), "overview")
    messages.coverage_warning(view)
    with st.expander(_("How to read this map")):
        st.markdown(overview.how_to_read())
    export.panel(view, "overview", export.DISTRICTS)

"""No-go areas: the access-constraint index by district, and how far it can be trusted."""

import streamlit as st

from geo.analysis.index.profiles import CannotCompute
from geo.views import address, cached, filters, messages, overview, state
from geo.views.access import controls, hot_spots, index_map, page, ranking, years
from geo.views.map import draw_map, page_theme
from geo.wording import _, words

messages.page_head(
    _("No-go areas"),
    _(
        "Press reports describe southern districts as no-go areas for police (The Frontier Post, 16 July 2024). This "
        "page shows what is recorded, so that you can judge for yourself. The index combines recorded attacks on state "
        "forces and others, in how many months they occur, and signs of militant control. It does not observe where "
        "police can go."
    ),
)
view = state.current()
index = None
try:
    request = controls.choose(view)
    index = cached.access_index(view.filters, request)
except CannotCompute as refusal:
    controls.refused(refusal)

if index is not None:
    page.filters_that_apply(view)
    chosen = view.filters.districts[0] if view.filters.districts else None
    left, right = st.columns([3, 2], gap="medium")
    with left:
        draw_map(
            choropleth=index_map.choropleth(index, view.districts.divisions, view.filters.districts, page_theme()),
            key="no_go_map",
            height=560,
            tiles=filters.tiles(),
            on_click=overview.follow,
        )
        page.counted_line(view, request, index)
    with right:
        page.side_panel(index, chosen)
    controls.panel(request)
    section = address.option("view", words(page.SECTIONS), _("Show"), kind="segments")
    if section == "table":
        ranking.draw(index)
    elif section == "district":
        page.district_section(view, request, index, chosen or ranking.ranked(index)[0].pcode)
    elif section == "years":
        years.draw(page.by_year(view, request), cached.plane_outlines())
    else:
        hot_spots.draw(index, cached.hotspots(view.filters, request), cached.plane_outlines())

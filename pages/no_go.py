"""No-go areas: lines of evidence by district, side by side and put together, and how far they can be trusted."""

import streamlit as st

from geo.analysis.index.profiles import CannotCompute
from geo.views import address, cached, cached_index, export, filters, messages, overview, state
from geo.views.access import controls, evidence, evidence_map, hot_spots, page, police, ranking, years
from geo.views.map import draw_map, page_theme
from geo.wording import _, words

messages.page_head(
    _("No-go areas"),
    _(
        "Press reports describe southern districts as no-go areas for police (The Frontier Post, 16 July 2024). This "
        "page shows four lines of evidence beside one another: what was reported, what officials counted, what is "
        "recorded as incidents, and all sources put together. None of them observes where police can go."
    ),
)
view = state.current()
index = None
try:
    request = controls.choose(view)
    index = cached_index.access_index(view.filters, request)
except CannotCompute as refusal:
    controls.refused(refusal)

if index is not None:
    page.filters_that_apply(view)
    found = cached_index.evidence(request.source, request.window)
    chosen = view.filters.districts[0] if view.filters.districts else None
    kind = address.option("line", words(evidence_map.MAPS), _("On the map"), kind="segments")
    left, right = st.columns([3, 2], gap="medium")
    with left:
        draw_map(
            choropleth=evidence_map.choropleth(
                kind, found, index, view.districts.divisions, view.filters.districts, page_theme()
            ),
            key="no_go_map",
            height=560,
            tiles=filters.tiles(),
            on_click=overview.follow,
            position=address.position(),
        )
        page.counted_line(view, request, index)
    with right:
        if chosen:
            evidence.card(found, chosen)
        else:
            evidence.summary(found)
            page.cannot_show()
    export.pictures(view, "no_go")
    section = address.option("view", words(page.SECTIONS), _("Show"), kind="segments")
    if section == "evidence":
        if chosen:
            evidence.sentences(found, chosen)
        evidence.table(found)
        evidence.province(found)
    elif section == "table":
        page.classes(index)
        ranking.draw(index)
        controls.panel(request)
    elif section == "district":
        page.district_section(view, request, index, chosen or ranking.ranked(index)[0].pcode)
    elif section == "police":
        police.draw(found.first, found.last, chosen)
    elif section == "years":
        years.draw(page.by_year(view, request), cached.plane_outlines())
    else:
        hot_spots.draw(index, cached_index.hotspots(view.filters, request), cached.plane_outlines())

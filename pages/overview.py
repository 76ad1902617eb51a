"""Overview: which districts have how many recorded incidents."""

import streamlit as st

from geo.views import filters, go_to, measures, messages, overview, state, tables, timeline, tour
from geo.views.map import draw_map
from geo.wording import _

messages.page_head(
    _("Recorded militant incidents in Khyber Pakhtunkhwa"),
    _(
        "The outlined Bannu and Dera Ismail Khan divisions contain the southern districts that press reports of "
        "2022-2025 describe as no-go areas for police. {nature}",
        nature=_(messages.NATURE_OF_THE_DATA),
    ),
)
view = state.current()
messages.shown_line(view)
tour.offer()

left, right = st.columns([5, 3], gap="medium")
with left:
    measure_column, unit_column, place_column = st.columns(3)
    with measure_column:
        measure = measures.choose_measure()
    with unit_column:
        normaliser = measures.choose_normaliser()
    with place_column:
        place = go_to.box(view.districts)
    result = overview.measure_by_district(view, measure, normaliser)
    click = draw_map(
        choropleth=overview.choropleth(view, result),
        key="overview_map",
        tiles=filters.tiles(),
        go_to=place,
        on_click=overview.follow,
    )
    if click is not None and click.is_number:
        st.switch_page("pages/districts.py")  # where the incidents that the number counts are listed
    timeline.draw(view, measure)
    tables.offer(overview.table(view, result), _("Table of this map"), "districts", overview.table_notes(view, result))
with right:
    overview.headline(view)
    overview.side_panel(view, result)

messages.seam_note(view)
messages.coverage_warning(view)

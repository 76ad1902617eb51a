"""Overview: which districts have how many recorded incidents."""

import streamlit as st

from geo.analysis.counting import questions
from geo.analysis.counting.classes import NORMALISERS
from geo.analysis.counting.questions import MEASURES
from geo.views import address, charts, filters, messages, overview, state, tables
from geo.views.map import draw_choropleth

messages.page_head(
    "Recorded militant incidents in Khyber Pakhtunkhwa",
    "The outlined Bannu and Dera Ismail Khan divisions hold the southern districts that press reports of 2022-2025 "
    f"describe as no-go areas for police. {messages.NATURE_OF_THE_DATA}",
)
view = state.current()

left, right = st.columns([5, 3], gap="medium")
with left:
    measure_column, unit_column = st.columns(2)
    with measure_column:
        measure = address.option("measure", MEASURES, "Measure")
    with unit_column:
        normaliser = address.option("per", NORMALISERS, "Shown as")
    result = overview.measure_by_district(view, measure, normaliser)
    draw_choropleth(
        overview.choropleth(view, result), key="overview_map", tiles=filters.tiles(), on_click=overview.follow
    )
    messages.shown_line(view)
    tables.offer(overview.table(view, result), "Table of this map", "districts", overview.table_notes(view, result))
with right:
    overview.headline(view)
    overview.side_panel(view, result)

st.subheader(f"{MEASURES[measure]} by year", anchor=False)
days, sums = questions.by_time(view.table, view.filters, measure, view.first, view.last, "year")
charts.time_bars(days, sums, MEASURES[measure], "year", view.last)
messages.coverage_warning(view)

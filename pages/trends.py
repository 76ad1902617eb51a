"""Trends: the same filter over time, by group, attack type and target."""

import streamlit as st

from geo.analysis.counting import questions
from geo.analysis.counting.questions import MEASURES
from geo.districts import group_names
from geo.views import address, charts, messages, state, trends

messages.page_head(
    "Trends", "How the recorded incidents of the chosen filter are spread over time and over groups, types and targets."
)
view = state.current()
messages.shown_line(view)
messages.coverage_warning(view)

left, middle, right = st.columns(3)
with left:
    measure = address.option("measure", MEASURES, "Measure")
with middle:
    step = address.option("step", {"year": "Year", "month": "Month"}, "Time step", kind="segments")
with right:
    breakdown = address.option("by", trends.BREAKDOWNS, "Broken down by", kind="segments")

if view.mask.any():
    st.subheader(f"{MEASURES[measure]} by {step}", anchor=False)
    days, sums = questions.by_time(view.table, view.filters, measure, view.first, view.last, step)
    charts.time_bars(days, sums, MEASURES[measure], step, view.last)
    st.subheader(f"{MEASURES[measure]} by year and {trends.BREAKDOWNS[breakdown].lower()}", anchor=False)
    frame, order = trends.by_year_and(view, measure, breakdown, group_names())
    charts.stacked_bars(frame, MEASURES[measure], trends.BREAKDOWNS[breakdown], order)
    if breakdown == "group":
        st.caption(
            "Groups as claimed or attributed in reports. Most reports name none: shares by group say little without it."
        )
else:
    messages.nothing_shown()

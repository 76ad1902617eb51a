"""Trends: the same filter over time, by group, attack type and target."""

import streamlit as st

from geo.analysis.counting import questions
from geo.analysis.counting.questions import MEASURES
from geo.views import address, charts, export, measures, messages, state, trends
from geo.wording import _, words

messages.page_head(
    _("Trends"), _("Recorded incidents under the chosen filters over time, and by group, attack type and target.")
)
view = state.current()
messages.shown_line(view)
messages.coverage_warning(view)

left, middle, right = st.columns(3)
with left:
    measure = measures.choose_measure()
with middle:
    step = address.option("step", words(charts.STEPS), _("Time step"), kind="segments")
with right:
    breakdown = address.option("by", words(trends.BREAKDOWNS), _("Broken down by"), kind="segments")

if view.mask.any():
    label = _(MEASURES[measure])
    title = _(trends.BY_STEP[step], measure=label)
    st.header(title, anchor=False)
    days, values = questions.told_by_time(view.table, view.filters, measure, view.first, view.last, step)
    charts.time_bars(days, values, label, title, step, *view.covered, seam=view.seam)
    for note in trends.notes(view, measure, days, values, step):
        st.caption(note)
    title = _(trends.BY_YEAR_AND[breakdown], measure=label)
    st.header(title, anchor=False)
    frame, order, rest = trends.by_year_and(view, measure, breakdown)
    charts.stacked_bars(frame, label, _(trends.BREAKDOWNS[breakdown]), order, rest, title, seam=view.seam)
    if charts.partial_years(*view.covered):
        st.caption(charts.cut_text(*view.covered))
    if breakdown == "group" and questions.is_stated(view.table, view.filters, measure):
        st.caption(
            _(
                "Groups as claimed or attributed in reports. {unattributed} Compare groups only together with these.",
                unattributed=trends.unattributed_text(view, measure),
            )
        )
else:
    messages.nothing_shown()
export.panel(view, "trends")

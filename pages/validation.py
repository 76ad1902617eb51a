"""Validation: does the index foresee the next year, and does it agree with what others have published?"""

import streamlit as st

from geo.analysis.index.profiles import CannotCompute, profile_of_source
from geo.views import cached, messages, state, validation
from geo.views.access import controls, page

messages.page_head(
    "Validation",
    "Each calendar year is scored with what was recorded in it, and the scores are judged on the attacks recorded in "
    "the year after, beside baselines that need no index at all.",
)
view = state.current()
try:
    source = controls.source(view)
    profile = profile_of_source(source)
    settings = controls.settings(profile)
    left, right = st.columns([5, 2], gap="medium", vertical_alignment="bottom")
    with left:
        years = validation.years(cached.incidents_of_source(source), source)
    with right:
        controls.police_view(settings)
    page.filters_that_apply(view)
    if len(years) < 2:
        st.info("A back-test needs at least two calendar years that the source covers with all twelve months.")
    else:
        validation.draw(cached.backtest(view.filters, source, settings, years), source, settings)
    validation.draw_lists(cached.compared_lists(view.filters, source, settings))
    st.caption(profile.caution)
except CannotCompute as refusal:
    controls.refused(refusal)

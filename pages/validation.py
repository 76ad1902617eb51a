"""Validation: does the index predict the next year, and does it agree with what others have published?"""

import streamlit as st

from geo.analysis.index.profiles import CannotCompute, profile_of_source
from geo.views import cached_index, export, messages, state, validation, validation_more
from geo.views.access import controls, page
from geo.wording import _

messages.page_head(
    _("Validation"),
    _(
        "The index of each calendar year is compared with the attacks recorded in the following year, and with simple "
        "baselines that need no index."
    ),
)
INFLUENCE_YEARS = 4
HELD_OUT_YEARS = (2022, 2023, 2024, 2025)
view = state.current()
plain_words = st.container()
try:
    source = controls.source(view)
    profile = profile_of_source(source)
    settings = controls.settings(profile)
    left, right = st.columns([5, 2], gap="medium", vertical_alignment="bottom")
    with left:
        years = validation.years(cached_index.incidents_of_source(source), source)
    with right:
        controls.police_view(settings)
    page.filters_that_apply(view)
    if len(years) < 2:
        st.info(_("A back-test needs at least two calendar years of which the source covers all twelve months."))
    else:
        result = cached_index.backtest(view.filters, source, settings, years)
        recent = years[-INFLUENCE_YEARS:]
        changes = cached_index.influence(view.filters, source, settings, recent)
        quarters = cached_index.quarterly(view.filters, source, settings)
        if result.origins:
            with plain_words:
                validation_more.draw_summary(validation_more.summary(result, quarters, changes))
        with st.expander(_("Statistics of the next year"), expanded=not result.origins):
            validation.draw(result, source, settings)
        validation_more.draw_quarters(quarters, source)
        validation_more.draw_influence(changes, recent, source)
    validation_more.draw_held_out(cached_index.held_out_tables(HELD_OUT_YEARS), HELD_OUT_YEARS)
    export.pictures(view, "validation")
    compared = cached_index.compared_lists(view.filters, source, settings)
    validation.draw_lists(compared, cached_index.lists_together(), source)
    st.caption(_(profile.caution))
except CannotCompute as refusal:
    controls.refused(refusal)

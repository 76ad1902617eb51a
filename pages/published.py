"""Published totals: what officials and others printed, each beside the incidents recorded in the same window."""

import streamlit as st

from geo.analysis.evidence.recount import Recount
from geo.analysis.index.profiles import CannotCompute
from geo.views import export, messages, published, published_form, published_quoted, state
from geo.views.access import controls
from geo.wording import _

messages.page_head(
    _("Published totals"),
    _(
        "What officials and research bodies printed, each beside our own count of the same window, place and "
        "definition. Publishers contradict one another, and windows differ: nothing on this page is summed, averaged "
        "or joined into a trend, and a police region is never drawn as the district of that name."
    ),
)
view = state.current()
counted: tuple[Recount, ...] = ()
try:
    choice = published.choose(view)
except CannotCompute as refusal:
    controls.refused(refusal)
else:
    counted = choice.every
    if not choice.shown:
        st.info(_("No published total of this kind lies in the chosen period. Widen the period in the sidebar."))
    else:
        published.dots(choice)
        chosen = published.table(view, choice)
        published.one(view, choice, chosen)
        export.pictures(view, "published")
published_quoted.draw(counted)
published_form.draw(view)

"""Compare: two periods or two places, the same measure on the same scale, and what differs clearly."""

import streamlit as st

from geo.views import address, export, measures, messages, state
from geo.views.compare import controls, periods, places
from geo.wording import _, words

messages.page_head(
    _("Compare"),
    _(
        "Two periods or two places, the same measure on the same scale. A difference in what is recorded can come from "
        "what happened or from what was reported and collected."
    ),
)
view = state.current()
left, middle, right = st.columns(3)
with left:
    kind = address.option("of", words(controls.KINDS), _("Compare"), kind="segments")
with middle:
    measure = measures.choose_measure()
with right:
    normaliser = measures.choose_normaliser(() if kind == "periods" else places.UNITS)
if kind == "periods":
    first, second = controls.periods(view.table)
    st.caption(_("The period in the sidebar does not apply here."))
    periods.draw(view, measure, normaliser, first, second)
else:
    place, reference, names = controls.places(view.districts)
    messages.shown_line(view)
    places.draw(view, measure, normaliser, place, reference, names)
export.pictures(view, "compare")

"""Beside the count of attacks on police: what was published of a district in the period, as it was published."""

from __future__ import annotations

import streamlit as st

from geo.analysis.counting import questions
from geo.analysis.evidence import published
from geo.analysis.evidence.published import Total
from geo.analysis.evidence.recount import METRICS
from geo.analysis.evidence.sentences import period_text
from geo.filters import Filters
from geo.shown_names import shown_publisher
from geo.text import markdown_sentence, markdown_text
from geo.views import address
from geo.views.incident_text import link
from geo.views.state import View
from geo.wording import _

_METRIC, _MEASURE = "attacks_on_police", "police_attacks"


def draw(view: View, measure: str = "") -> None:
    """Say what was published of attacks on police, where they are asked for. measure: that of the map, "" for none."""
    total = total_of(view, measure)
    ours = recorded(view, total) if total else None
    if total is None or total.pcode is None or ours is None:
        return
    name = view.districts.names[total.pcode]
    said = _(
        "{figure} in {district}, {period}: published {value} ({publisher}), recorded here {ours}.",
        figure=_(METRICS[_METRIC].label),
        district=markdown_text(name),
        period=markdown_sentence(str(period_text(total.first, total.last))),
        value=total.value,
        publisher=markdown_text(shown_publisher(total.publisher)),
        ours=ours,
    )
    more = link(f"{address.of_district(total.pcode)}#totals", _("Published totals of {district}", district=name))
    st.markdown(f"{said} {more}")


def total_of(view: View, measure: str = "") -> Total | None:
    """Return the latest total of attacks on police in a chosen district, or in any, whose days the period holds.

    None where no such total is known, or where neither measure nor filter asks for attacks on police.
    """
    if measure != _MEASURE and "police" not in view.filters.targets:
        return None
    among = view.filters.districts or view.districts.pcodes
    found = [
        total
        for total in published.totals()
        if (total.unit, total.metric) == ("district", _METRIC)
        and total.pcode in among
        and view.first <= total.first
        and total.last <= view.last
    ]
    return max(found, key=lambda total: (total.last, total.days), default=None)


def recorded(view: View, total: Total) -> int | None:
    """Return the attacks on police recorded in district and days of a total, None where the source has none of them."""
    here = Filters(
        total.first, total.last, districts=(total.pcode,) if total.pcode else (), sources=view.filters.sources
    )
    if not questions.covers(view.table, total.first, total.last):
        return None
    return questions.stated_total(view.table, here, _MEASURE)

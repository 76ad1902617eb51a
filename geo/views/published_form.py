"""The form for another published total, and the list of those that were added."""

from __future__ import annotations

from datetime import date

import streamlit as st

from geo import added_totals
from geo.analysis.evidence.published import Total
from geo.analysis.evidence.recount import METRICS, UNITS
from geo.analysis.evidence.sentences import period_text
from geo.policy import Action
from geo.shown_names import shown_publisher
from geo.text import markdown_text
from geo.views import cached, messages, visitor
from geo.views.published_rows import place_text
from geo.views.state import View
from geo.views.upload import proposals
from geo.wording import _, format_number, words


def draw(view: View) -> None:
    """Offer to add a total with its source, and list those that were added, to whoever may add one."""
    if not visitor.may(Action.PROPOSE):
        return
    st.header(_("Add a published total"), anchor=False)
    names = {"": _("none"), **{pcode: view.districts.names[pcode] for pcode in view.districts.pcodes}}
    labels = {code: _(metric.label) for code, metric in METRICS.items()}
    with st.form("added_total", clear_on_submit=False, border=True):
        first, second, third, fourth = st.columns(4)
        first.selectbox(_("Figure"), list(labels), format_func=labels.__getitem__, key="added_metric")
        second.text_input(_("Value"), key="added_value", placeholder="0")
        third.selectbox(_("Unit"), list(UNITS), format_func=words(UNITS).__getitem__, key="added_unit")
        fourth.selectbox(_("District"), list(names), format_func=names.__getitem__, key="added_pcode")
        first, second, third, fourth = st.columns(4)
        first.date_input(_("From"), None, key="added_period_start", min_value=date(1980, 1, 1))
        second.date_input(_("To"), None, key="added_period_end", min_value=date(1980, 1, 1))
        third.text_input(_("Publisher"), key="added_publisher", max_chars=added_totals.MOST_CHARACTERS)
        fourth.date_input(_("Day of the page"), None, key="added_source_date", min_value=date(1980, 1, 1))
        st.text_input(_("Address of the page, beginning with https://"), key="added_source_url")
        st.text_input(_("Caveat"), key="added_note", max_chars=added_totals.MOST_CHARACTERS)
        st.form_submit_button(_("Add this total"), on_click=_add)
    for kept in added_totals.everything(cached.store()):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(_added_text(kept.total), width="content")
            key = f"take_back_total_{kept.decision_id}"
            st.button(_("Remove"), key, on_click=_take_back, args=(kept.decision_id,))


def _added_text(total: Total) -> str:
    return _(
        "{publisher}: {value}, {figure}, {place}, {window}",
        publisher=markdown_text(shown_publisher(total.publisher)),
        value=format_number(total.value),
        figure=_(METRICS[total.metric].label),
        place=place_text(total),
        window=period_text(total.first, total.last),
    )


@messages.guarded
def _add() -> str:
    cells = {name: st.session_state.get(f"added_{name}") for name in (*added_totals.FIELDS, "note")}
    written = {
        name: value.isoformat() if isinstance(value, date) else str(value or "") for name, value in cells.items()
    }
    store, actor = visitor.changing(cached.store())
    added_totals.add(store, written, actor=actor)
    return proposals.outcome(store) or _(
        "The total is added. It is shown and recounted like the others; no class rests on it."
    )


@messages.guarded
def _take_back(decision_id: int) -> str:
    store, actor = visitor.changing(cached.store())
    added_totals.take_back(store, decision_id, actor=actor)
    return proposals.outcome(store) or _("The total is removed from the list.")

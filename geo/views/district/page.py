"""The page of one district, from the answer to the list of its incidents."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from geo.analysis.index.profiles import CannotCompute
from geo.incidents import select
from geo.views import address, cached, export, filters, incident_list, messages, profile
from geo.views.access import controls
from geo.views.district import background, figures
from geo.views.state import View
from geo.wording import N_, _, format_list

# Sections: the anchor in the page, and the heading.
_SECTIONS: dict[str, str] = {
    "years": N_("Year by year"),
    "kinds": N_("Types, targets and groups"),
    "index": N_("Index of recorded attacks"),
    "evidence": N_("What was reported and published"),
    "totals": N_("Published totals"),
    "neighbours": N_("Neighbouring districts"),
    "names": N_("The unit and its names"),
    "quality": N_("How well the incidents are known"),
    "list": N_("List of the incidents"),
}


def chosen() -> str | None:
    """Return the P-code that the filter names first, None without a choice."""
    picked = address.filters().districts
    return picked[0] if picked else None


def title() -> str:
    """Return the heading of the page: the name of the chosen district."""
    pcode = chosen()
    return cached.districts().names[pcode] if pcode else _("District")


def choose(view: View) -> None:
    """Draw the choice of a district where the address names none."""
    names = view.districts.names
    ordered, labels = sorted(names, key=names.__getitem__), filters.findable(view.districts)
    key = "district_page_choice"

    @messages.guarded
    def follow() -> None:
        filters.select_district(st.session_state[key])

    st.selectbox(
        _("District"), ordered, index=None, key=key, format_func=labels.__getitem__, on_change=follow,
        placeholder=_("Choose a district"),
    )  # fmt: skip


def draw(view: View, pcode: str) -> None:
    """Draw everything of a district, the answer first."""
    filter_here = replace(view.filters, districts=(pcode,))
    local = replace(view, filters=filter_here, mask=select(view.table, filter_here))
    known = _background(view)
    figures.answer(local, pcode)
    if known:
        background.answer(known, pcode)
    links = [f"[{_(label)}](#{anchor})" for anchor, label in _SECTIONS.items()]
    st.markdown(_("On this page: {sections}", sections=format_list(links)))
    if local.mask.any():
        _head("years")
        figures.years(local, pcode)
        _head("kinds")
        figures.kinds(local)
    if known:
        _head("index")
        background.index(known, pcode)
        _head("evidence")
        background.reported(known, pcode)
        _head("totals")
        background.totals(known, pcode)
    _head("neighbours")
    background.neighbours(view, pcode)
    _head("names")
    profile.facts(view, pcode, view.districts.pcodes.index(pcode))
    background.names(pcode)
    if local.mask.any():
        _head("quality")
        figures.quality(local)
    incident_list.draw(local, local.mask, _(_SECTIONS["list"]))
    export.panel(local, address.DISTRICT_PAGE)


def _background(view: View) -> background.Background | None:
    try:
        return background.background(view)
    except CannotCompute as refusal:
        controls.refused(refusal)
        return None


def _head(section: str) -> None:
    st.header(_(_SECTIONS[section]), anchor=section)

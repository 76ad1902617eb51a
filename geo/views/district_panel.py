"""The chosen district beside the map: its figures, what was said about it, and the way to its full profile."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from geo.analysis.counting import questions
from geo.analysis.evidence import statements
from geo.analysis.evidence.statements import DENIED, DESCRIBED, Statement
from geo.filters import Filters
from geo.schema import ATTACK_TYPES
from geo.shown_names import shown_name
from geo.text import markdown_sentence, markdown_text
from geo.views import address, filters, headline, overview
from geo.views.state import View
from geo.wording import _, _n, format_list, format_number, in_english, words

_MOST_STATEMENTS = 2
_MOST_TYPES = 3


def draw(view: View, pcode: str) -> None:
    """Draw the short profile of a district, and the way back to all of them."""
    district = view.districts.attributes[pcode]
    local = replace(view.filters, districts=(pcode,))
    st.header(view.districts.names[pcode], anchor=False)
    residents = _("{n} residents (census 2023)", n=district.population_2023)
    st.caption(_("{division} division. {residents}.", division=shown_name(district.division), residents=residents))
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        profile_link(pcode)
        st.button(_("Show all districts"), on_click=filters.select_district, args=(None,))
    overview.figures(_figures(view, local))
    if types := _attack_types(view, local):
        st.caption(_("Most often: {types}.", types=types))
    _said(view, pcode)


def profile_link(pcode: str) -> None:
    """Draw the link to the full profile of a district: the one place that knows where it is."""
    st.page_link("pages/district.py", label=_("Full profile"), query_params=address.query_of_district(pcode))


def _figures(view: View, local: Filters) -> tuple[tuple[str, int | None, str, str], ...]:
    attacks, on_police = overview.attacks_on_forces(view.table, local)
    killed = questions.stated_total(view.table, local, "killed")
    return (
        (_("Incidents"), questions.stated_total(view.table, local, "incidents"), "", ""),
        (_("On state forces"), attacks, on_police, ""),
        (_("Killed"), killed, overview.killed_note(view, local), ""),
    )


def _attack_types(view: View, local: Filters) -> str:
    """Return the most frequent attack types with their numbers, or ""."""
    values = questions.by_column(view.table, local, "incidents", "attack_type")
    found = sorted(zip(values, words(ATTACK_TYPES).values(), strict=True), key=lambda pair: -pair[0])
    return format_list([f"{label} ({format_number(n)})" for n, label in found[:_MOST_TYPES] if n])


def _said(view: View, pcode: str) -> None:
    """Draw the newest statements on access of the period, and the newest denial, of the whole province too."""
    found = statements.between(*view.covered, pcode)
    newest_first = sorted(found, key=lambda s: (s.kind in (DESCRIBED, DENIED), s.first), reverse=True)
    shown = newest_first[:_MOST_STATEMENTS]
    # The line above the map names this denial: the panel must not leave it out.
    shown += [one for one in headline.denials_of_no_go(*view.covered, (pcode,))[-1:] if one not in shown]
    if not found:
        st.markdown(_("No statement on access to this district is collected for this period."))
    else:
        st.markdown(_("**What was said about access**"))
    if shown:
        st.markdown("\n".join(f"- {_line(statement)}" for statement in shown))
    if more := sum(one not in shown for one in found):
        st.caption(_n("{n} more statement on its full profile.", "{n} more statements on its full profile.", more))


def _line(statement: Statement) -> str:
    kind = markdown_text(_(statement.label))
    line = f"{kind}: {markdown_sentence(str(in_english(statement.summary)))} ({headline.source(statement)})"
    return line if statement.pcode else _("Said of the province or a part of it: {statement}", statement=line)

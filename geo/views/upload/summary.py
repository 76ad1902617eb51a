"""What a checked file holds, before it is accepted: rows, places, people killed, initiators; what looks wrong."""

from __future__ import annotations

from datetime import date

import streamlit as st

from geo.analysis.counting.file_totals import FileTotals, doubts, totals
from geo.intake import Checked
from geo.schema import INITIATORS
from geo.views import overview
from geo.wording import _, format_date, format_list, format_number


def draw(checked: Checked) -> None:
    """Draw the figures of a checked file and warn where it was probably misread."""
    result = checked.result
    found = totals(checked.rows)
    figures = {
        _("Rows in the file"): result.n_rows_in,
        _("Acceptable"): len(checked.rows),
        _("Refused"): len(result.refused_rows),
        _("Duplicates"): checked.n_duplicates,
        _("Located"): checked.n_located,
        _("Not located or outside"): checked.n_not_located + checked.n_outside,
    }
    lines = [(name, value, "", "") for name, value in figures.items()]
    if found.n_killed is not None:
        not_stated = overview.no_toll(found.n_without_toll) if found.n_without_toll else ""
        lines.append((_("People killed, summed"), found.n_killed, not_stated, ""))
    overview.figures(lines)
    if found.first is not None and found.last is not None:
        st.markdown(" ".join(_sentences(found, found.first, found.last)))
    for doubt in doubts(result, checked.rows, checked.n_located):
        (st.warning if doubt.is_grave else st.info)(str(doubt.sentence))


def _sentences(found: FileTotals, first: date, last: date) -> list[str]:
    each = [f"{_(INITIATORS[key])}: {format_number(n)}" for key, n in found.initiators.items()]
    return [
        _("From {first} to {last}.", first=format_date(first), last=format_date(last)),
        _("Initiated by: {each}.", each=format_list(each)),
    ]

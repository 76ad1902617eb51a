"""Figures that are often quoted, and what the collected totals say of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import streamlit as st

from geo.analysis.evidence import published
from geo.analysis.evidence.published import Total
from geo.analysis.evidence.recount import METRICS, Recount
from geo.analysis.evidence.sentences import period_text
from geo.publishers import web_address
from geo.shown_names import shown_publisher
from geo.text import markdown_text
from geo.views.incident_text import link
from geo.wording import _, format_list, format_number

# The window of the table of 665 attacks.
_WINDOW_OF_665 = date(2022, 6, 18), date(2023, 6, 18)
_MOST_OF_A_YEAR = 320  # days


def draw(counted: Sequence[Recount]) -> None:
    """Explain three figures that are often quoted, with what the collected totals say of them, and their pages.

    counted: totals with what is recorded here in their windows.
    """
    ours = {one.total: one.ours for one in counted if one.ours is not None}
    st.header(_("Three figures that are often quoted"), anchor=False)
    with st.expander(_("“665 attacks in 2023, 15 of them suicide bombings”")):
        of_window = [t for t in published.totals() if (t.first, t.last) == _WINDOW_OF_665 and t.unit == "province"]
        st.markdown(_attacks_of_2023(of_window))
        st.markdown(_("The collected totals of this window, with their pages:"))
        _listed(of_window, ours)
    with st.expander(_("“149 police killed and more than 230 injured in 2024”")):
        st.markdown(_("No page that states both figures was found. What the collected pages give for 2024:"))
        _listed([*_of_year("police_killed", 2024), *_of_year("police_injured", 2024)], ours)
    with st.expander(_("“About 200 police killed a year”")):
        st.markdown(
            _("No page that states it for a named year was found. Police killed in most of a year or more of it:")
        )
        _listed([total for year in range(2022, 2026) for total in _of_year("police_killed", year)], ours)


def _attacks_of_2023(of_window: Sequence[Total]) -> str:
    """Return the sum of the parts of the table of 665 attacks, and where the figure 15 comes from."""
    page = next(t.url for t in of_window if t.metric == "attacks")
    parts = [t for t in of_window if t.url == page and t.metric != "attacks"]
    others = [t.value for t in of_window if t.url != page and t.metric == "suicide_attacks"]
    suicide = next(t.value for t in parts if t.metric == "suicide_attacks")
    total = sum(part.value for part in parts)
    return _(
        "The table behind it covers {window}, which is no calendar year. Its parts: {parts}. Together {total}. Another "
        "newspaper prints {other} suicide attacks, with which the sum is {other_total}. A total of {total} that "
        "includes {other} suicide attacks mixes both versions.",
        window=period_text(*_WINDOW_OF_665),
        parts=format_list([f"{_(METRICS[part.metric].label)} {part.value}" for part in parts]),
        total=total,
        other=others[0],
        other_total=total - suicide + others[0],
    )


def _of_year(metric: str, year: int) -> list[Total]:
    """Return the totals of the province for most of a calendar year, from the lowest to the highest."""
    found = [
        total
        for total in published.totals()
        if total.metric == metric
        and total.unit == "province"
        and total.first == date(year, 1, 1)
        and total.days >= _MOST_OF_A_YEAR
        and total.last.year == year
    ]
    return sorted(found, key=lambda total: total.value)


def _listed(found: Sequence[Total], ours: Mapping[Total, int]) -> None:
    """Draw totals with the page of each, and what is recorded here in the same window where that can be counted."""
    lines = []
    for total in found:
        page, publisher = web_address(total.url), shown_publisher(total.publisher)
        line = _(
            "{value}, {figure}, {window} ({publisher})",
            value=format_number(total.value),
            figure=_(METRICS[total.metric].label),
            window=period_text(total.first, total.last),
            publisher=link(page, publisher) if page else markdown_text(publisher),
        )
        lines.append(_("{total}; recorded here: {n}", total=line, n=ours[total]) if total in ours else line)
    st.markdown("\n".join(f"- {line}" for line in lines))

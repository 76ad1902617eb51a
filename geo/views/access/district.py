"""One district: why it has its class, its months, what lists and denials say, and what the map cannot know."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from geo.analysis.index import external_lists
from geo.analysis.index.access import AccessIndex, AccessSeries
from geo.analysis.index.external_lists import KINDS, UNIT_KINDS
from geo.analysis.index.records import AccessRecord
from geo.analysis.index.report import STRUCTURAL_LIMITS, explain
from geo.text import markdown_text
from geo.views import charts, filters
from geo.views.access import plots
from geo.views.access.words import window_text
from geo.views.incident_text import web_address
from geo.views.map import page_theme

_FORCES: dict[str, str] = {"police": "Police", "army": "Army", "paramilitary": "Paramilitary", "other": "Other forces"}


def record_of(index: AccessIndex, pcode: str) -> AccessRecord:
    """Return the record of a district."""
    return next(record for record in index.records if record.pcode == pcode)


def why(index: AccessIndex, pcode: str) -> None:
    """Draw why a district has its class, in words and numbers."""
    head, *reasons = map(str, explain(record_of(index, pcode), index.settings))
    st.subheader(index_name(index, pcode), anchor=False)
    st.markdown(f"**{markdown_text(head.split(': ', 1)[1])}** {window_text(index.window)}.")
    st.markdown("\n".join(f"- {markdown_text(line)}" for line in reasons))
    st.button("Show all districts", on_click=filters.select_district, args=(None,), key="no_go_show_all")


def index_name(index: AccessIndex, pcode: str) -> str:
    """Return the name of a district."""
    return record_of(index, pcode).name


def months(index: AccessIndex, series: AccessSeries, pcode: str) -> None:
    """Draw the monthly series of a district with its classes, and the same as a table."""
    place = next(place for place, record in enumerate(index.records) if record.pcode == pcode)
    frame = plots.series_frame(series, place)
    rule, length = index.settings.hysteresis, index.settings.window_months
    name = index_name(index, pcode)
    theme = page_theme()
    st.markdown(f"**{markdown_text(name)}: points and class by month**")
    st.altair_chart(
        plots.step_chart(frame, index.settings.cuts, theme),
        width="stretch",
        alt=f"Points of {name} by month, from {frame['month'].iloc[0]:%b %Y} to {frame['month'].iloc[-1]:%b %Y}",
    )
    st.altair_chart(plots.strip_chart(frame, theme), width="stretch", alt=f"Class of {name} by month")
    st.caption(
        f"Each month stands for the {length} months that end with it, so neighbours share {length - 1} months. The "
        f"steadied class rises after {rule.up} months in a row above a limit and falls after {rule.down} in a row more "
        f"than {rule.band:g} points below it; the other is that of the window alone, as on the map."
    )
    shown = frame.assign(month=frame["month"].dt.strftime("%Y-%m"), points=frame["points"].round(1))
    columns = {
        "month": f"{length} months to",
        "points": "Points",
        "steady": "Class, steadied",
        "raw": "Class of this window alone",
        "attacks": "Attacks on forces",
    }
    charts.table_beside(shown[list(columns)].iloc[::-1].rename(columns=columns), "Table of these months")


def forces(record: AccessRecord) -> None:
    """Draw the attacks on forces by the force that was the target."""
    st.markdown("**Attacks by force**")
    if not record.forces:
        st.caption("This source does not state the target of an attack, so attacks cannot be split by force.")
    elif not sum(record.forces.values()):
        st.caption("No attack on police or security forces is recorded here in this window.")
    else:
        frame = pd.DataFrame({"name": [_FORCES[key] for key in record.forces], "value": list(record.forces.values())})
        charts.ranked_bars(frame, "Recorded attacks", height=180)


def published(pcode: str) -> None:
    """Draw what published lists, counts and denials say about a district, with date and page."""
    st.markdown("**What others have published**")
    found = external_lists.about(pcode)
    if not any(statement.pcode == pcode for statement in found):
        st.caption("None of the lists compiled here names this district.")
    for statement in reversed(found):
        # A denial holds its figures in its own words.
        value = "" if statement.value is None or statement.kind == "denial" else f": {statement.value:,}"
        unit = "" if statement.unit_kind == "district" else f" ({UNIT_KINDS[statement.unit_kind]})"
        link = web_address(statement.url)
        source = markdown_text(statement.publisher)
        st.markdown(
            f"- {statement.day:%-d %b %Y}, {f'[{source}]({link})' if link else source}: "
            f"*{KINDS[statement.kind].lower()}*, {markdown_text(statement.statement)}{value}{unit}. "
            f"{markdown_text(statement.note[:1].upper() + statement.note[1:])}"
        )
    st.caption("Lists and incidents come from the same stream of news: agreement corroborates, it does not prove.")


def cannot_know() -> None:
    """Draw the two structural errors; they stand beside every map of the index."""
    for limit in STRUCTURAL_LIMITS:
        head, _, rest = limit.partition(": ")
        st.markdown(f"- **{head}:** {rest}")

"""One district: why it has its class, its months, what lists and denials say, and what the map cannot know."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from geo.analysis.index import external_lists
from geo.analysis.index.access import AccessIndex, AccessSeries
from geo.analysis.index.external_lists import KINDS, UNIT_KINDS
from geo.analysis.index.records import AccessRecord
from geo.analysis.index.report import STRUCTURAL_LIMITS, explain
from geo.publishers import web_address
from geo.shown_names import shown_name, shown_publisher
from geo.text import markdown_sentence, markdown_text
from geo.views import charts, filters
from geo.views.access import plots
from geo.views.access.words import SAME_NEWS, window_text
from geo.views.map import page_theme
from geo.wording import N_, Text, _, format_date, format_number, in_english, text

_FORCES: dict[str, str] = {
    "police": N_("Police"),
    "army": N_("Army"),
    "paramilitary": N_("Paramilitary"),
    "other": N_("Other forces"),
}


def record_of(index: AccessIndex, pcode: str) -> AccessRecord:
    """Return the record of a district."""
    return next(record for record in index.records if record.pcode == pcode)


def why(index: AccessIndex, pcode: str) -> None:
    """Draw why a district has its class, in words and numbers."""
    record = record_of(index, pcode)
    head = _("Insufficient data.")
    # The first line of an explanation repeats name and class.
    reasons = list(record.reasons) if record.aci is None else explain(record, index.settings)[1:]
    if record.aci is not None:
        label = _(record.class_label)
        head = _("{class_name}, {points} of 100 points.", class_name=label, points=record.points)
    st.markdown(f"**{markdown_sentence(head)}** {window_text(index.window)}.")
    st.markdown("\n".join(f"- {markdown_sentence(str(line))}" for line in reasons))


def show_all() -> None:
    """Draw the way back from one district to all."""
    st.button(_("Show all districts"), on_click=filters.select_district, args=(None,), key="no_go_show_all")


def months(index: AccessIndex, series: AccessSeries, pcode: str) -> None:
    """Draw the monthly series of a district with its classes, and the same as a table."""
    place = next(place for place, record in enumerate(index.records) if record.pcode == pcode)
    frame = plots.series_frame(series, place)
    name = shown_name(index.records[place].name)
    theme = page_theme()
    st.markdown(_("**{district}: points and class by month**", district=markdown_text(name)))
    alt = _(
        "Points of {district} by month, {first} to {last}",
        district=name,
        first=frame["label"].iloc[0],
        last=frame["label"].iloc[-1],
    )
    columns = plots.series_columns(index.settings.window_months)
    charts.draw(plots.step_chart(frame, index.settings.cuts, columns, theme), alt)
    alt = _("Class of {district} by month", district=name)
    charts.draw(plots.strip_chart(frame, columns, theme), alt)
    st.caption(months_text(index))
    shown = frame.assign(label=frame["month"].dt.strftime("%Y-%m"), points=frame["points"].round(1))
    charts.table_beside(shown[list(columns)].iloc[::-1].rename(columns=columns), _("Table of these months"))


def months_text(index: AccessIndex) -> str:
    """Return how the months and their two classes must be read."""
    rule, length = index.settings.hysteresis, index.settings.window_months
    return _(
        "Each month shows the {length} months that end with it, so neighbouring months share {shared} months. The "
        "smoothed class rises after {up} consecutive months above a limit and falls after {down} consecutive "
        "months more than {band:g} points below it. The other class is that of the window alone, as on the map.",
        length=length,
        shared=length - 1,
        up=rule.up,
        down=rule.down,
        band=rule.band,
    )


def forces(record: AccessRecord) -> None:
    """Draw the attacks on forces by the force that was the target."""
    st.markdown(_("**Attacks by force**"))
    if problem := why_no_forces(record):
        st.caption(str(problem))
    else:
        charts.ranked_bars(forces_frame(record), _("Recorded attacks"))


def why_no_forces(record: AccessRecord) -> Text | None:
    """Return why the attacks on a district cannot be shown by force, or None."""
    if not record.forces:
        return text("This source does not state the target of an attack, so attacks cannot be split by force.")
    if not sum(record.forces.values()):
        return text("No attack on police or security forces is recorded here in this window.")
    return None


def forces_frame(record: AccessRecord) -> pd.DataFrame:
    """Return the attacks by force, most first: name, value."""
    frame = pd.DataFrame({"name": [_(_FORCES[key]) for key in record.forces], "value": list(record.forces.values())})
    return frame.sort_values("value", ascending=False, kind="stable")


def published(pcode: str) -> None:
    """Draw what published lists, counts and denials say about a district, with date and page."""
    st.markdown(_("**What others have published**"))
    found = external_lists.about(pcode)
    if not any(statement.pcode == pcode for statement in found):
        st.caption(_("None of the lists compiled here names this district."))
    for statement in reversed(found):
        # A denial states its figures in its own words.
        value = "" if statement.value is None or statement.kind == "denial" else f": {format_number(statement.value)}"
        unit = "" if statement.unit_kind == "district" else f" ({_(UNIT_KINDS[statement.unit_kind])})"
        link = web_address(statement.url)
        source = markdown_text(shown_publisher(statement.publisher))
        st.markdown(
            f"- {format_date(statement.day, 'short')}, {f'[{source}]({link})' if link else source}: "
            f"*{_(KINDS[statement.kind])}*, {markdown_sentence(str(in_english(statement.statement)))}{value}{unit}. "
            f"{markdown_sentence(str(in_english(statement.note[:1].upper() + statement.note[1:])))}"
        )
    st.caption(_(SAME_NEWS))


def cannot_know() -> None:
    """Draw the two structural errors; every map of the index is shown with them."""
    for limit in STRUCTURAL_LIMITS:
        head, _colon, rest = _(limit).partition(": ")
        st.markdown(f"- **{head}:** {rest}")

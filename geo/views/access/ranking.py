"""The ranked table of the index, and the classes as lists of names."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from geo.analysis.index.access import AccessIndex
from geo.analysis.index.records import AccessRecord
from geo.analysis.index.report import records_as_csv, records_as_json
from geo.analysis.index.sensitivity import AGREEMENTS
from geo.analysis.index.series import DIRECTIONS
from geo.analysis.index.settings import COMPONENTS
from geo.views import filters
from geo.views.access.words import (
    CLASS_WORDS,
    COLUMN_NAMES,
    SHORT_CLASSES,
    SHORT_NAMES,
    class_text,
    gates_text,
    has_record,
    is_unsettled,
    missed_text,
    range_text,
    window_text,
)

_SELECTED_ROW = "no_go_table"


def ranked(index: AccessIndex) -> list[AccessRecord]:
    """Return the records from the highest index to the lowest, those without one last, ties by name."""
    return sorted(index.records, key=lambda record: (record.aci is None, -(record.aci or 0.0), record.name))


def frame(index: AccessIndex) -> pd.DataFrame:
    """Return the table: one row a district; scores are empty where the source records too little to score."""
    return pd.DataFrame([_row(record) for record in ranked(index)])


def _row(record: AccessRecord) -> dict[str, Any]:
    scores = {letter: record.components[letter].score if letter in record.components else None for letter in COMPONENTS}
    return {
        "pcode": record.pcode,
        "name": record.name,
        "class": class_text(record).split(" (")[0],
        "points": record.points,
        "range": range_text(record),
        "agreement": AGREEMENTS[record.agreement_code],
        "direction": DIRECTIONS[record.direction],
        **scores,
        "attacks": record.components["S"].value,
        "missed": missed_text(record),
        "ranks": "" if record.rank_low is None else f"{record.rank_low:.0f} to {record.rank_high:.0f}",
    }


def draw(index: AccessIndex) -> None:
    """Draw the table; choosing a row chooses the district on every page."""
    table = frame(index)
    columns = _columns(index)
    if st.toggle("Show rank intervals", help="Ranks 4 to 10 move by several places under reasonable settings."):
        columns["ranks"] = st.column_config.TextColumn("Rank, 5 to 95 %", help="Across the draws; 1 is the highest")
    st.dataframe(
        table,
        column_config=columns,
        column_order=list(columns),
        hide_index=True,
        height=560,
        width="stretch",
        key=_SELECTED_ROW,
        selection_mode="single-row",
        on_select=lambda: _follow_row(list(table["pcode"])),
        alt=f"Districts ranked by the index, {window_text(index.window)}",
    )
    st.caption(table_text(index))
    _downloads(index)


def table_text(index: AccessIndex) -> str:
    """Return how the table must be read, and which components have no bar because they have no score."""
    named = ", ".join(f"{COLUMN_NAMES[letter]}: {SHORT_NAMES[letter].lower()}" for letter in index.arrays.scores)
    unscored = [SHORT_NAMES[letter] for letter in COMPONENTS if letter not in index.arrays.scores]
    without = f" {', '.join(unscored)}: recorded too seldom by this source to be scored." if unscored else ""
    return (
        f"Bars are scores from 0 to 1. {named}.{without} Neighbouring places in the table mean little: read classes, "
        "ranges and agreement."
    )


def _columns(index: AccessIndex) -> dict[str, Any]:
    label = index.settings.component_label
    bars = {
        letter: st.column_config.ProgressColumn(
            COLUMN_NAMES[letter],
            width="small",
            min_value=0.0,
            max_value=1.0,
            format="%.2f",
            help=f"Score, 0 to 1, of: {label(letter)}",
        )
        for letter in index.arrays.scores
    }
    return {
        "name": st.column_config.TextColumn("District", pinned=True),
        "class": st.column_config.TextColumn("Class"),
        "points": st.column_config.NumberColumn("Points", format="%d", help="Index, 0 to 100"),
        "range": st.column_config.TextColumn("Range", help="5th to 95th percentile of the points under 1,000 settings"),
        "agreement": st.column_config.TextColumn(
            "Agreement", help="Share of the draws with this class: firm from 80 %, moderate from 50 %, else unsettled"
        ),
        "direction": st.column_config.TextColumn("Direction", help="Last six months against the twelve before"),
        **bars,
        "attacks": st.column_config.NumberColumn("Attacks", format="%d", help=label("S")),
        "missed": st.column_config.TextColumn(
            "Missed", help=f"Conditions of the top class that are missed; it needs {gates_text(index.settings)}"
        ),
    }


def _follow_row(pcodes: list[str]) -> None:
    rows = st.session_state[_SELECTED_ROW]["selection"]["rows"]
    filters.select_district(pcodes[rows[0]] if rows else None)


def _downloads(index: AccessIndex) -> None:
    stem = f"kp-atlas-index-{index.window.first_day:%Y-%m}-{index.window.last_day:%Y-%m}"
    with st.container(horizontal=True):
        for kind, make in (("CSV", records_as_csv), ("JSON", records_as_json)):
            st.download_button(
                f"Download as {kind}",
                data=make(index).encode("utf-8"),
                file_name=f"{stem}.{kind.lower()}",
                mime="text/csv" if kind == "CSV" else "application/json",
                key=f"download_index_{kind}",
                on_click="ignore",
            )


def class_lists(index: AccessIndex) -> list[tuple[str, str]]:
    """Return (class with number of districts, names with points), from the top class down."""
    order = ranked(index)
    lines = []
    for word in reversed(CLASS_WORDS):
        members = [record for record in order if record.class_code == word]
        if word == "insufficient" and not members:
            continue
        if word == "low":
            silent = sum(not has_record(record) for record in members)
            text = f"{len(members) - silent} with records, {silent} with none recorded"
        else:
            text = ", ".join(_member(record) for record in members) or "none"
        lines.append((f"{SHORT_CLASSES[word]} ({len(members)})", text))
    return lines


def _member(record: AccessRecord) -> str:
    points = "" if record.points is None else f" {record.points}"
    return f"{record.name}{points}{' (unsettled)' if is_unsettled(record) else ''}"

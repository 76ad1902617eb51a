"""The ranked table of the index, and the classes as lists of names."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from geo.analysis.index.access import AccessIndex
from geo.analysis.index.records import AccessRecord
from geo.analysis.index.report import records_as_json, records_as_rows
from geo.analysis.index.sensitivity import AGREEMENTS
from geo.analysis.index.series import DIRECTIONS
from geo.analysis.index.settings import COMPONENTS
from geo.shown_names import shown_name
from geo.views import table_file, tables
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
from geo.wording import _, format_number


def ranked(index: AccessIndex) -> list[AccessRecord]:
    """Return the records from the highest index to the lowest, those without one last, ties by name."""
    return sorted(index.records, key=lambda record: (record.aci is None, -(record.aci or 0.0), shown_name(record.name)))


def frame(index: AccessIndex) -> pd.DataFrame:
    """Return the table: one row a district; scores are empty where the source records too little to score."""
    return pd.DataFrame([_row(record) for record in ranked(index)])


def _row(record: AccessRecord) -> dict[str, Any]:
    scores = {letter: record.components[letter].score if letter in record.components else None for letter in COMPONENTS}
    rank = (
        _("{low:.0f} to {high:.0f}", low=record.rank_low, high=record.rank_high) if record.rank_low is not None else ""
    )
    return {
        "pcode": record.pcode,
        "name": shown_name(record.name),
        "class": class_text(record) if record.class_code == "low" else _(SHORT_CLASSES[record.class_code]),
        "points": record.points,
        "range": range_text(record),
        "agreement": _(AGREEMENTS[record.agreement_code]),
        "direction": _(DIRECTIONS[record.direction]),
        **scores,
        "attacks": record.components["S"].value,
        "missed": missed_text(record),
        "ranks": rank,
    }


def draw(index: AccessIndex) -> None:
    """Draw the table; choosing a row chooses the district on every page."""
    columns = _columns(index)
    if st.toggle(
        _("Show rank intervals"), help=_("Ranks 4 to 10 change by several places under other reasonable settings.")
    ):
        columns["ranks"] = st.column_config.TextColumn(
            _("Rank, 5 to 95 %"), help=_("Over all draws of the settings; 1 is the highest")
        )
    alt = _("Districts ranked by the index, {window}", window=window_text(index.window))
    tables.choose_district(frame(index), columns, "no_go_table", alt)
    st.caption(table_text(index))
    _downloads(index)


def table_text(index: AccessIndex) -> str:
    """Return how the table must be read, and which components have no bar because they have no score."""
    named = [f"{_(COLUMN_NAMES[letter])}: {_(SHORT_NAMES[letter])}" for letter in index.arrays.scores]
    unscored = [_(SHORT_NAMES[letter]) for letter in COMPONENTS if letter not in index.arrays.scores]
    lines = [_("Bars are scores from 0 to 1. {components}.", components=_("; ").join(named))]
    if unscored:
        lines.append(
            _("Recorded too rarely by this source to be scored: {components}.", components=", ".join(unscored))
        )
    lines.append(_("Neighbouring ranks differ little: compare classes, ranges and agreement instead."))
    return " ".join(lines)


def _columns(index: AccessIndex) -> dict[str, Any]:
    column, settings = st.column_config, index.settings
    bars = {
        letter: column.ProgressColumn(
            _(COLUMN_NAMES[letter]),
            width="small",
            min_value=0.0,
            max_value=1.0,
            format="%.2f",
            help=_("Score, 0 to 1, of: {component}", component=_(settings.component_label(letter))),
        )
        for letter in index.arrays.scores
    }
    return {
        "name": column.TextColumn(_("District"), pinned=True),
        "class": _("Class"),
        "points": column.NumberColumn(_("Points"), format="%d", help=_("Index, 0 to 100")),
        "range": column.TextColumn(_("Range"), help=_("5th to 95th percentile of the points under 1,000 settings")),
        "agreement": column.TextColumn(
            _("Agreement"),
            help=_("Share of the draws that give this class: firm from 80 %, moderate from 50 %, else unsettled"),
        ),
        "direction": column.TextColumn(
            _("Direction"), help=_("The last six months compared with the twelve months before")
        ),
        **bars,
        "attacks": column.NumberColumn(_("Attacks"), format="%d", help=_(settings.component_label("S"))),
        "missed": column.TextColumn(
            _("Missed"),
            help=_("Conditions of the top class that are not met. They are: {gates}", gates=gates_text(settings)),
        ),
    }


def _downloads(index: AccessIndex) -> None:
    stem = f"index-{index.window.first_day:%Y-%m}-{index.window.last_day:%Y-%m}"
    title = _("Index of recorded attacks, by district")
    table_file.of_index(pd.DataFrame(records_as_rows(index)), stem, title, index, (table_text(index),))
    st.download_button(
        _("Download as {kind}", kind="JSON"),
        lambda: records_as_json(index).encode("utf-8"),
        f"kp-atlas-{stem}.json",
        "application/json",
        key="index_JSON",
        on_click="ignore",
    )


def class_lists(index: AccessIndex) -> list[tuple[str, str]]:
    """Return (class with number of districts, names with points), from the top class down."""
    order = ranked(index)
    lines = []
    for code in reversed(CLASS_WORDS):
        members = [record for record in order if record.class_code == code]
        if code == "insufficient" and not members:
            continue
        if code == "low":
            silent = sum(not has_record(record) for record in members)
            text = _("{n} with records, {silent} with none recorded", n=len(members) - silent, silent=silent)
        else:
            text = ", ".join(_member(record) for record in members) or _("none")
        lines.append((f"{_(SHORT_CLASSES[code])} ({format_number(len(members))})", text))
    return lines


def _member(record: AccessRecord) -> str:
    text = shown_name(record.name) if record.points is None else f"{shown_name(record.name)} {record.points}"
    return _("{district} (unsettled)", district=text) if is_unsettled(record) else text

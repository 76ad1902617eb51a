"""The hot-spot tests: four labels as a map and a table, or why nothing was tested."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from geo.analysis.index.access import AccessIndex
from geo.analysis.index.hotspots import LABELS, Hotspots
from geo.views import palettes, tables
from geo.views.access import plots
from geo.views.access.words import notes, window_text
from geo.views.map import page_theme
from geo.views.outlines import Outlines
from geo.views.palettes import Theme

MEANINGS: dict[str, str] = {
    "core": "own rate clearly above the provincial mean, and high neighbours",
    "isolated": "own rate clearly above the provincial mean, neighbours not",
    "surrounded": "high neighbours, but no finding about its own rate: not a hot spot",
    "none": "neither",
    "no_data": "population or area is missing",
}
LETTERS: dict[str, str] = {"core": "C", "isolated": "I", "surrounded": "s"}


def colours(theme: Theme) -> dict[str, str]:
    """Return the colour of each label. "Surrounded" is a pale colour: it is not high itself."""
    low, _, middle, high = palettes.access(theme)
    return {
        "core": high,
        "isolated": middle,
        "surrounded": low,
        "none": palettes.zero(theme),
        "no_data": palettes.no_data(theme),
    }


def draw(index: AccessIndex, found: Hotspots, outlines: Outlines) -> None:
    """Draw the labels, or the refusal."""
    st.caption(test_text(index, found))
    if found.refusal:
        st.info(f"No hot-spot test for {window_text(index.window)}. {found.refusal}")
        return
    theme = page_theme()
    left, right = st.columns([2, 3], gap="medium")
    names = [record.name for record in index.records]
    with left:
        chart = plots.small_map(
            outlines,
            names,
            [LABELS[word] for word in found.labels],
            {LABELS[word]: colour for word, colour in colours(theme).items()},
            {LABELS[word]: letter for word, letter in LETTERS.items()},
            theme,
            is_large=True,
        )
        st.altair_chart(chart, width="content", alt=f"Hot-spot findings, {window_text(index.window)}")
    with right:
        for word in LABELS:
            members = [name for name, label in zip(names, found.labels, strict=True) if label == word]
            if members or word in LETTERS:
                letter = f" ({LETTERS[word]})" if word in LETTERS else ""
                listed = ", ".join(members) if word != "none" else f"{len(members)} districts"
                st.markdown(f"- **{LABELS[word]}{letter}**, {MEANINGS[word]}: {listed or 'none'}")
        st.caption(
            "After an honest correction such tests have little power with 35 districts: that nothing is found is no "
            "evidence that nothing is there."
        )
    tables.offer(frame(index, found), "Table of the tests", "hot-spots", (test_text(index, found), *notes(index)))


def test_text(index: AccessIndex, found: Hotspots) -> str:
    """Return the name of the test with n, q, number of events and window."""
    total = float(index.arrays.values.S.sum())
    tested = f", n = {found.n_tested}, q = {found.q:g}" if found.n_tested else ""
    return f"{found.test}{tested}; {total:g} attacks on forces, {window_text(index.window)}."


def frame(index: AccessIndex, found: Hotspots) -> pd.DataFrame:
    """Return one row a district with the figures of both tests, strongest finding first."""
    order = {word: number for number, word in enumerate(LABELS)}
    table = pd.DataFrame(
        {
            "District": [record.name for record in index.records],
            "Finding": [LABELS[word] for word in found.labels],
            "Attacks on forces": index.arrays.values.S,
            "Smoothed rate": found.smoothed.round(3),
            "Share that own rate exceeds 1.5 times the mean": found.pr_exceeds.round(3),
            "Gi* z": found.z.round(2),
            "p": found.p.round(4),
            "p after correction": found.p_adjusted.round(4),
            "P-code": [record.pcode for record in index.records],
            "order": [order[word] for word in found.labels],
        }
    )
    return table.sort_values(["order", "Smoothed rate"], ascending=[True, False]).drop(columns="order")

"""The hot-spot tests: four labels as a map and a table, or why nothing was tested."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from geo.analysis.index.access import AccessIndex
from geo.analysis.index.hotspots import LABELS, Hotspots
from geo.figure.outlines import Outlines
from geo.shown_names import shown_name
from geo.views import charts, palettes, table_file, tables
from geo.views.access import plots
from geo.views.access.words import window_text
from geo.views.map import page_theme
from geo.views.palettes import Theme
from geo.wording import N_, _, _n, format_list, words

MEANINGS: dict[str, str] = {
    "core": N_("its own rate is clearly above the provincial mean, and its neighbours have high rates"),
    "isolated": N_("its own rate is clearly above the provincial mean, but its neighbours do not have high rates"),
    "surrounded": N_("its neighbours have high rates, but nothing was found about its own rate: not a hot spot"),
    "none": N_("none of these findings"),
    "no_data": N_("population or area is missing"),
}
LETTERS: dict[str, str] = {"core": N_("C"), "isolated": N_("I"), "surrounded": N_("s")}


def label_text(code: str) -> str:
    """Return a label in words, with its letter on the map if it has one."""
    return f"{_(LABELS[code])} ({_(LETTERS[code])})" if code in LETTERS else _(LABELS[code])


def colours(theme: Theme) -> dict[str, str]:
    """Return the colour of each label. "Surrounded" is a pale colour: it is not high itself."""
    low, _second, middle, high = palettes.ACCESS[theme]
    return {
        "core": high,
        "isolated": middle,
        "surrounded": low,
        "none": palettes.ZERO[theme],
        "no_data": palettes.NO_DATA[theme],
    }


def draw(index: AccessIndex, found: Hotspots, outlines: Outlines) -> None:
    """Draw the labels, or the refusal."""
    tested, window = test_text(index, found), window_text(index.window)
    if found.refusal:
        st.caption(tested)
        st.info(_("No hot-spot test for {window}. {reason}", window=window, reason=str(found.refusal)))
        return
    st.markdown("\n".join(f"- {sentence}" for sentence in summary(index, found)))
    theme, labels, letters = page_theme(), words(LABELS), words(LETTERS)
    left, right = st.columns([2, 3], gap="medium")
    with left:
        chart = plots.small_map(
            outlines, index, found.labels, labels, colours(theme), letters, theme, heading=_("Finding"), is_large=True
        )
        charts.draw(chart, _("Hot-spot findings, {window}", window=window), width="content")
    with right:
        for code in labels:
            members = [shown_name(r.name) for r, own in zip(index.records, found.labels, strict=True) if own == code]
            if members or code in LETTERS:
                listed = _n("{n} district", "{n} districts", len(members)) if code == "none" else format_list(members)
                st.markdown(f"- **{label_text(code)}**, {_(MEANINGS[code])}: {listed or _('none')}")
    with st.expander(_("How this was tested")):
        st.caption(tested)
    table, title = frame(index, found), _("Hot spots of recorded attacks, by district")
    tables.offer(
        table,
        _("Table of the tests"),
        "hot-spots",
        lambda: table_file.of_index(table, "hot-spots", title, index, (tested,)),
    )


def summary(index: AccessIndex, found: Hotspots) -> list[str]:
    """Return the findings in five plain sentences."""
    names = {
        code: [shown_name(r.name) for r, own in zip(index.records, found.labels, strict=True) if own == code]
        for code in LABELS
    }
    high, window = names["core"] + names["isolated"], window_text(index.window)
    if high:
        first = _n(
            "In {window}, {n} district has a recorded rate of attacks clearly above the provincial mean: {names}.",
            "In {window}, {n} districts have a recorded rate of attacks clearly above the provincial mean: {names}.",
            len(high),
            window=window,
            names=format_list(high),
        )
    else:
        first = _("In {window}, no district has a recorded rate clearly above the provincial mean.", window=window)
    core, near = format_list(names["core"]) or _("none"), format_list(names["surrounded"]) or _("none")
    return [
        first,
        _("Of these, the following also have neighbours with high rates, so they form a cluster: {names}.", names=core),
        _("High neighbours but no finding about the district itself: {names}.", names=near),
        _("With 35 districts such tests miss much: finding nothing does not show that there is nothing."),
        _("Only recorded attacks are tested, so a district that is hardly reported on cannot stand out."),
    ]


def test_text(index: AccessIndex, found: Hotspots) -> str:
    """Return the name of the test with n, q, number of events and window."""
    tested = f", n = {found.n_tested}, q = {found.q:g}" if found.n_tested else ""
    return _(
        "{test}{figures}; {n} attacks on forces, {window}.",
        test=_(found.test),
        figures=tested,
        n=round(float(index.arrays.values.S.sum())),
        window=window_text(index.window),
    )


def frame(index: AccessIndex, found: Hotspots) -> pd.DataFrame:
    """Return one row a district with the figures of both tests, strongest finding first."""
    labels = words(LABELS)
    table = pd.DataFrame(
        {
            N_("District"): [shown_name(record.name) for record in index.records],
            N_("Finding"): [labels[code] for code in found.labels],
            N_("Attacks on forces"): index.arrays.values.S,
            N_("Smoothed rate"): found.smoothed.round(3),
            N_("Probability that the district's own rate exceeds 1.5 times the mean"): found.pr_exceeds.round(3),
            "Gi* z": found.z.round(2),
            "p": found.p.round(4),
            N_("p after correction"): found.p_adjusted.round(4),
            N_("P-code"): [record.pcode for record in index.records],
            "order": [list(LABELS).index(code) for code in found.labels],
        }
    )
    return table.sort_values(["order", "Smoothed rate"], ascending=[True, False]).drop(columns="order")

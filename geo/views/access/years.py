"""Small maps of calendar years with the same classes, and the same as a table."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from geo.analysis.index.access import AccessIndex
from geo.analysis.index.scores import CLASSES
from geo.views import tables
from geo.views.access import plots
from geo.views.access.index_map import class_colours
from geo.views.access.words import CLASS_WORDS, SHORT_CLASSES, notes
from geo.views.map import page_theme
from geo.views.outlines import Outlines

MOST_YEARS = 12
LETTERS: dict[str, str] = {"elevated": "E", "severe": "S", "no_go": "N"}


def draw(by_year: Mapping[int, AccessIndex], outlines: Outlines) -> None:
    """Draw one small map a year, the key of their classes, and the table of years."""
    theme = page_theme()
    colours = {SHORT_CLASSES[word]: colour for word, colour in class_colours(theme).items()}
    letters = {SHORT_CLASSES[word]: letter for word, letter in LETTERS.items()}
    st.markdown(key_text())
    with st.container(horizontal=True, gap="small"):
        for year, index in by_year.items():
            labels = [SHORT_CLASSES[record.class_code] for record in index.records]
            names = [record.name for record in index.records]
            chart = plots.small_map(outlines, names, labels, colours, letters, theme, title=str(year))
            st.altair_chart(chart, width="content", alt=f"{year}: {year_text(index)}")
    last = by_year[max(by_year)]
    st.caption(
        "Each map is a calendar year by itself, without hysteresis; the limits of the classes are the same in all. "
        "The line is the border of the southern divisions. Years of one source are comparable only as far as it "
        "gathered reports in the same way: the register holds far more pages of recent years, so its early years look "
        "calmer than they were."
        if "register" in last.sources
        else "Each map is a calendar year by itself, without hysteresis; the limits of the classes are the same in "
        "all. The line is the border of the southern divisions."
    )
    tables.offer(frame(by_year), "Classes by year as a table", "index-classes-by-year", notes(last)[1:])


def key_text() -> str:
    """Return the key of the letters."""
    parts = [f"**{letter}** {SHORT_CLASSES[word]}" for word, letter in reversed(LETTERS.items())]
    return f"{', '.join(parts)}; no letter: {SHORT_CLASSES['low']} or {SHORT_CLASSES['insufficient'].lower()}."


def year_text(index: AccessIndex) -> str:
    """Return the districts of a year above the lowest class, in words."""
    parts = []
    for word in reversed(CLASS_WORDS[2:]):
        members = [record.name for record in index.records if record.class_code == word]
        if members:
            parts.append(f"{SHORT_CLASSES[word]}: {', '.join(members)}")
    if not parts:
        return dict(CLASSES.values())["insufficient" if index.arrays.reasons else "low"] + " everywhere"
    return "; ".join(parts)


def frame(by_year: Mapping[int, AccessIndex]) -> pd.DataFrame:
    """Return class and points by district and year; districts that never leave the lowest classes are left out."""
    rows = []
    for place, record in enumerate(next(iter(by_year.values())).records):
        found = {year: index.records[place] for year, index in by_year.items()}
        if any(r.class_code in LETTERS for r in found.values()):
            rows.append(
                {"District": record.name}
                | {
                    str(year): SHORT_CLASSES[r.class_code] + ("" if r.points is None else f" {r.points}")
                    for year, r in found.items()
                }
            )
    return pd.DataFrame(rows, columns=["District", *map(str, by_year)])

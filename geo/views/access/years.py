"""Small maps of calendar years with the same classes, and the same as a table."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from geo.analysis.index.access import AccessIndex
from geo.analysis.index.records import AccessRecord
from geo.figure.outlines import Outlines
from geo.shown_names import shown_name
from geo.views import charts, palettes, table_file, tables
from geo.views.access import plots
from geo.views.access.index_map import class_colours
from geo.views.access.words import CLASS_WORDS, SHORT_CLASSES, has_record, said_of
from geo.views.compare.words import key_text as coloured_key
from geo.views.layers import LegendEntry
from geo.views.map import page_theme
from geo.views.palettes import Theme
from geo.wording import N_, _, _n, format_list, in_digits, words

MOST_YEARS = 12
ALONE = N_(
    "Each map shows one calendar year alone, without smoothing over months; the class limits are the same in all. The "
    "line is the border of the southern divisions."
)
# On the maps; initials of the words for the classes in each language.
LETTERS: dict[str, str] = {"elevated": N_("E"), "severe": N_("S"), "no_go": N_("H")}
# A class of its own where nothing is recorded: of years with few reports that is most districts, and no sign of calm.
YEAR_CLASSES: dict[str, str] = {"none": N_("Nothing recorded")} | SHORT_CLASSES
_MARKS = {"insufficient": "?"}


def draw(by_year: Mapping[int, AccessIndex], outlines: Outlines) -> None:
    """Draw one small map a year, the key of their classes, and the table of years."""
    theme = page_theme()
    names, letters = words(YEAR_CLASSES), marks()
    st.markdown(legend(theme))
    with st.container(horizontal=True, gap="small"):
        for year, index in by_year.items():
            codes, title = [year_code(record) for record in index.records], year_title(year, index)
            chart = plots.small_map(
                outlines, index, codes, names, colours(theme), letters, theme, heading=_("Class"), title=title
            )
            charts.draw(chart, f"{in_digits(str(year))}: {year_text(index)}", width="content")
    last = by_year[max(by_year)]
    st.caption(_(ALONE))
    if "register" in last.sources:
        st.caption(
            _(
                "Years of one source can be compared only if reports were collected in the same way. The register "
                "holds far more pages of recent years, so its early years look calmer than they were."
            )
        )
    table, name, newest = frame(by_year), "index-classes-by-year", max(by_year)
    title = _("Index of recorded attacks by year, {first:d} to {last:d}", first=min(by_year), last=newest)
    period = _("{first} to {last}", first=f"{min(by_year)}", last=f"{newest}")
    tables.offer(
        table,
        _("Table of classes by year"),
        name,
        lambda: table_file.offer(table, name, title, period, last.sources, said_of(last), table_file.narrowing()),
    )


def year_code(record: AccessRecord) -> str:
    """Return the class of a district in a year: a key of YEAR_CLASSES."""
    return "none" if record.class_code == "low" and not has_record(record) else record.class_code


def year_title(year: int, index: AccessIndex) -> str:
    """Return a year and how many incidents its map rests on."""
    n = index.n_located + index.n_not_located
    return _n("{year}: {n} incident", "{year}: {n} incidents", n, year=in_digits(str(year)))


def colours(theme: Theme) -> dict[str, str]:
    """Return the colour of each of YEAR_CLASSES."""
    return {"none": palettes.ZERO[theme]} | class_colours(theme)


def marks() -> dict[str, str]:
    """Return what is written in the districts of a class besides its colour."""
    return words(LETTERS) | _MARKS


def legend(theme: Theme) -> str:
    """Return the key of colours and letters as Markdown, the highest class first."""
    shown, ground = marks(), colours(theme)
    entries = [
        LegendEntry(f"{shown.get(code, '')} {_(label)}".strip(), ground[code])
        for code, label in sorted(YEAR_CLASSES.items(), key=lambda item: -list(ground).index(item[0]))
    ]
    return coloured_key(entries)


def key_text() -> str:
    """Return the key of the letters."""
    parts = [f"**{letter}** {_(SHORT_CLASSES[code])}" for code, letter in reversed(marks().items())]
    return _(
        "{letters}; no letter: {low} or {none}.",
        letters=format_list(parts),
        low=_(SHORT_CLASSES["low"]),
        none=_(YEAR_CLASSES["none"]),
    )


def year_text(index: AccessIndex) -> str:
    """Return the districts of a year above the lowest class, in words."""
    parts = []
    for code in reversed(CLASS_WORDS[2:]):
        members = [shown_name(record.name) for record in index.records if record.class_code == code]
        if members:
            parts.append(f"{_(SHORT_CLASSES[code])}: {', '.join(members)}")
    if parts:
        return _("; ").join(parts)
    return _("Insufficient data everywhere") if index.arrays.reasons else _("Low recorded everywhere")


def frame(by_year: Mapping[int, AccessIndex]) -> pd.DataFrame:
    """Return class and points by district and year; districts that never leave the lowest classes are left out."""
    names = words(SHORT_CLASSES)
    rows = []
    for place, record in enumerate(next(iter(by_year.values())).records):
        found = {str(year): index.records[place] for year, index in by_year.items()}
        if any(r.class_code in CLASS_WORDS[2:] for r in found.values()):
            cells = {
                y: f"{names[r.class_code]} {'' if r.points is None else r.points}".rstrip() for y, r in found.items()
            }
            rows.append({N_("District"): shown_name(record.name)} | cells)
    return pd.DataFrame(rows, columns=["District", *map(str, by_year)])

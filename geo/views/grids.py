"""Tables that are only read: the grid of the frontend, and a table of text where a language runs from the right."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from math import isnan
from numbers import Integral
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from geo import wording
from geo.publishers import web_address
from geo.text import markdown_sentence
from geo.views import components
from geo.wording import _, _n

if TYPE_CHECKING:
    from pandas.io.formats.style import Styler

_MOST_ROWS_OF_TEXT = 60
_MOST_ROWS_ON_PAPER = 100
# A grid begins at its left edge; where its first column stands on the right, it is moved there once.
_first_column = components.small("first_column")
_NONE: Mapping[str, int] = MappingProxyType({})


def grid(
    frame: pd.DataFrame, *, decimals: Mapping[str, int] = _NONE, links: Collection[str] = (), **options: Any
) -> None:
    """Draw a frame whose columns have the names that are shown.

    decimals: of the columns that always have as many. links: the columns of addresses. options: of the grid alone.
    """
    decimals = {name: n for name, n in decimals.items() if name in frame}
    if wording.text_direction() == "rtl" and len(frame) <= _MOST_ROWS_OF_TEXT:
        # The grid of the frontend is a picture whose first column is always on the left; a table of text turns with
        # the page.
        cells = frame.map(in_words)
        for name, n in decimals.items():
            cells[name] = [
                wording.format_number(value, n) if pd.notna(value) else wording.MISSING for value in frame[name]
            ]
        for name in links:
            cells[name] = [f"[{_('open')}]({link})" if (link := web_address(url)) else "" for url in frame[name]]
        st.table(cells, hide_index=True)
    else:
        column = st.column_config
        config = {name: column.NumberColumn(format=f"%.{n}f") for name, n in decimals.items()}
        config |= {name: column.LinkColumn(display_text=_("open")) for name in links}
        if config:
            options["column_config"] = config | options.get("column_config", {})
        options.setdefault("placeholder", wording.MISSING)
        st.dataframe(with_dates_in_words(frame), hide_index=True, width="stretch", **options)
        on_paper(frame, {str(name): options.get("column_config", {}).get(name) for name in frame})


def on_paper(frame: pd.DataFrame, columns: Mapping[str, Any]) -> None:
    """Draw a table that a screen hides, right after a grid: a picture of the rows in view, which paper cannot scroll.

    columns: those of the grid, in the order of the language.
    """
    st.table(table_on_paper(frame, columns), hide_index=True)


def table_on_paper(frame: pd.DataFrame, columns: Mapping[str, Any]) -> pd.DataFrame:
    """Return the cells of a table as Markdown: up to a hundred rows, and a line that says how many more there are."""
    shown, cells = frame.head(_MOST_ROWS_ON_PAPER), {}
    for name, config in columns.items():
        if any(isinstance(cell, list) for cell in shown[name]):
            continue  # bars of years, which are a picture too
        column = config if isinstance(config, dict) else {"label": config}
        pattern = column.get("type_config", {}).get("format") or ""
        cells[column.get("label") or str(name)] = [_written(cell, pattern) for cell in shown[name]]
    n = len(frame) - len(shown)
    if n:
        for place, written in enumerate(cells.values()):
            said = _n("{n} more row is not printed here.", "{n} more rows are not printed here.", n)
            written.append("" if place else said)
    return pd.DataFrame(cells)


def _written(cell: Any, pattern: str) -> str:
    is_figure = pattern.startswith("%") and not isinstance(cell, str) and not pd.isna(cell)
    return wording.in_digits(pattern % cell) if is_figure else in_words(cell)


def with_dates_in_words(frame: pd.DataFrame) -> pd.DataFrame | Styler:
    """Return a frame for a grid, which shows its dates as the language writes them and sorts by the days."""
    dates = [name for name in frame if pd.api.types.infer_dtype(frame[name], skipna=True) == "date"]
    return frame.style.format(dict.fromkeys(dates, in_words), na_rep="") if dates else frame


def in_reading_order(names: Iterable[str]) -> list[str]:
    """Return columns of a grid from left to right: the first stands where a line of the language begins."""
    ordered = list(names)
    return ordered[::-1] if wording.text_direction() == "rtl" else ordered


def begin_at_first_column(key: str) -> None:
    """Let a grid that is wider than its place show its first column; drawn after the grid of a key."""
    if wording.text_direction() == "rtl":
        _first_column(key=f"{key}_begins", data={"box": f".st-key-{key}"})


def in_words(cell: object) -> str:
    """Return a cell of a table of text: a number or date in the style of the language, a dash for what is missing."""
    if cell is None or (isinstance(cell, float) and isnan(cell)) or cell is pd.NA or cell is pd.NaT:
        return wording.MISSING
    if isinstance(cell, date):
        return wording.unbroken(wording.format_date(cell, "short"))
    if isinstance(cell, float):
        return wording.in_digits(f"{cell:.4f}".rstrip("0").rstrip("."))
    # A whole number may be a year: it has no separators, as in the grid.
    is_number = isinstance(cell, Integral) and not isinstance(cell, bool)
    return wording.in_digits(str(cell)) if is_number else markdown_sentence(str(cell))

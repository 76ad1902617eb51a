"""Charts: small frames to Altair, each with a text alternative and a table beside it.

Altair takes as long to load as everything else of the first page: it is loaded when a chart is drawn, after the map.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from geo.views import palettes
from geo.views.map import page_theme

# Names of series that stand for what is not known or not told apart: grey, not a colour of their own.
_REST = ("Other", "Not stated", "Not attributed")


def _bar_colour() -> str:
    return palettes.sequential(7, page_theme())[4]


def time_bars(
    days: Sequence[date], values: NDArray[Any], label: str, step: str, last: date, *, height: int = 220
) -> None:
    """Draw a bar a year or month, with the table beside it.

    last: end of the shown period; a last year that it cuts is marked, so that it is not read as a fall.
    """
    import altair as alt

    form = "%Y" if step == "year" else "%b %Y"
    is_cut = step == "year" and (last.month, last.day) != (12, 31)
    periods = [day.strftime(form) for day in days]
    if is_cut:
        periods[-1] += "*"
    frame = pd.DataFrame({"period": periods, "value": values})
    if step == "year":
        x = alt.X("period:O", title=None, axis=alt.Axis(labelAngle=0, labelOverlap=True))
    else:
        frame["day"] = pd.to_datetime(list(days))
        x = alt.X("yearmonth(day):T", title=None)
    chart = (
        alt.Chart(frame, height=height)
        .mark_bar(color=_bar_colour())
        .encode(
            x=x,
            y=alt.Y("value:Q", title=label, axis=alt.Axis(tickMinStep=1, format=",d")),
            tooltip=[alt.Tooltip("period:N", title="Period"), alt.Tooltip("value:Q", title=label, format=",d")],
        )
    )
    st.altair_chart(
        chart, width="stretch", alt=f"{label} by {step}, {frame['period'].iloc[0]} to {frame['period'].iloc[-1]}"
    )
    if is_cut:
        st.caption(f"* Only part of the year: to {last:%-d %B %Y}.")
    table_beside(frame[["period", "value"]].rename(columns={"period": step.capitalize(), "value": label}))


def stacked_bars(
    frame: pd.DataFrame, label: str, series_label: str, order: Sequence[str], *, height: int = 320
) -> None:
    """Draw stacked bars of columns period, series, value; the order gives the series from most to least."""
    import altair as alt

    theme = page_theme()
    named = iter(palettes.categories(8, theme))
    colours = [palettes.other(theme) if name.startswith(_REST) else next(named) for name in order]
    chart = (
        alt.Chart(frame, height=height)
        .mark_bar()
        .encode(
            x=alt.X("period:O", title=None, axis=alt.Axis(labelAngle=0, labelOverlap=True)),
            y=alt.Y("sum(value):Q", title=label, axis=alt.Axis(tickMinStep=1, format=",d")),
            color=alt.Color(
                "series:N",
                title=series_label,
                sort=list(order),
                scale=alt.Scale(domain=list(order), range=colours),
                legend=alt.Legend(orient="bottom", columns=2, labelLimit=260),
            ),
            order=alt.Order("rank:Q"),
            tooltip=[
                "period:O",
                alt.Tooltip("series:N", title=series_label),
                alt.Tooltip("value:Q", title=label, format=",d"),
            ],
        )
    )
    frame = frame.assign(rank=frame["series"].map({name: i for i, name in enumerate(order)}))
    chart.data = frame
    st.altair_chart(chart, width="stretch", alt=f"{label} by period and {series_label.lower()}")
    table_beside(
        frame.pivot_table(index="period", columns="series", values="value", aggfunc="sum", fill_value=0)[
            list(order)
        ].reset_index()
    )


def ranked_bars(frame: pd.DataFrame, label: str, *, is_count: bool = True, height: int | None = None) -> None:
    """Draw horizontal bars of columns name, value, largest first."""
    import altair as alt

    form = ",d" if is_count else ",.2f"
    chart = (
        alt.Chart(frame, height=height or 26 * max(len(frame), 1) + 30)
        .mark_bar(color=_bar_colour())
        .encode(
            y=alt.Y("name:N", sort="-x", title=None, axis=alt.Axis(labelLimit=220)),
            x=alt.X("value:Q", title=label, axis=alt.Axis(tickCount=4)),
            tooltip=[alt.Tooltip("name:N", title=" "), alt.Tooltip("value:Q", title=label, format=form)],
        )
    )
    st.altair_chart(
        chart,
        width="stretch",
        alt=f"{label}: " + ", ".join(f"{n} {v:,.4g}" for n, v in zip(frame["name"], frame["value"], strict=True)),
    )


def table_beside(frame: pd.DataFrame, title: str = "Table of this chart") -> None:
    """Offer the numbers of a picture as a table."""
    with st.expander(title):
        st.dataframe(frame, hide_index=True, width="stretch")

"""Charts: small frames to Altair, each with a text alternative and a table.

Altair takes as long to load as everything else of the first page: it is loaded when a chart is drawn, after the map.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import date
from functools import partial
from typing import Any, Literal

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from geo.views import grids, palettes, serving
from geo.views.components import Component
from geo.views.map import page_theme
from geo.wording import DIGITS, N_, _, digits, format_date, format_number, in_digits, text_direction

_ranked = Component("ranked", "start.js")
_LEGEND_PX = 45
_ANY_YEAR = 1000  # in a name of a month; Babel knows where the year is written
# A mark of a legend with the room beside it; the height of a line of a legend of squares, and of one of points.
_MARK_PX, _SQUARE_PX, POINT_PX = 18, 20, 34
STEPS: dict[str, str] = {"year": N_("Year"), "month": N_("Month")}


def _bar_colour() -> str:
    return palettes.sequential(7, page_theme())[4]


def month_names() -> list[str]:
    """Return the months with a year in the current language; _ANY_YEAR stands for the year, whatever the digits."""
    names = [format_date(date(_ANY_YEAR, month, 1), "short_month") for month in range(1, 13)]
    return [name.replace(in_digits(f"{_ANY_YEAR}"), f"{_ANY_YEAR}") for name in names]


def month_axis(**options: Any) -> Any:
    """Return an axis of time whose labels are months in the current language; Vega itself has English names only."""
    import altair as alt

    names = json.dumps(month_names(), ensure_ascii=False)
    # A number passes `format` for the digits of the reader.
    label = f"replace({names}[month(datum.value)], '{_ANY_YEAR}', format(year(datum.value), 'd'))"
    return alt.Axis(labelExpr=label, labelOverlap=True, **options)


def draw(chart: Any, alt: str, *, width: Literal["stretch", "content"] = "stretch") -> None:
    """Draw a chart with its text alternative, its numbers in the digits that the reader chose."""
    if digits() != DIGITS[0]:
        import altair

        point, thousands = (format_number(number, decimals)[1] for number, decimals in ((1.5, 1), (1_000, 0)))
        numbers = altair.NumberLocale(
            decimal=point, thousands=thousands, grouping=[3], currency=["", ""], numerals=list(in_digits("0123456789"))
        )
        chart = chart.configure(locale=altair.Locale(number=numbers))
    if serving.is_running:
        _leave_out_checks(chart)
    st.altair_chart(chart, width=width, alt=alt)


def _leave_out_checks(chart: Any) -> None:
    """Draw a chart, and make all later ones, without comparing them with the schema of Vega-Lite.

    That takes as long as everything else of a chart; the tests, which run without a server, compare every kind.
    """
    from altair.utils import schemapi

    schemapi.disable_debug_mode()
    # Set past Altair, which would take an attribute for a part of the chart.
    object.__setattr__(chart, "to_dict", partial(chart.to_dict, validate=False))


def names_side() -> dict[str, Any]:
    """Return the option of the axis from which marks are read: in a language from right to left it is on the right."""
    return {"orient": "right"} if text_direction() == "rtl" else {}


def amounts(**options: Any) -> Any:
    """Return the scale of amounts that lie beside names: they grow from the side of the names."""
    import altair as alt

    return alt.Scale(reverse=text_direction() == "rtl", **options)


def legend(**options: Any) -> Any:
    """Return a legend; in a language from right to left its marks stand at the right edge, each before its label.

    Vega has no direction: marks are moved by the width of the chart, and labels end where marks begin.
    """
    import altair as alt

    if text_direction() == "rtl":
        moved = {"symbolOffset": alt.ExprRef("width - 12"), "labelOffset": alt.ExprRef(f"-{_MARK_PX}")}
        # A title would end beyond the chart.
        options |= {"columns": 1, "labelAlign": "right", "title": None} | moved
    return alt.Legend(**options)


def more_px(n_labels: int, n_columns: int, label_px: int = _SQUARE_PX) -> int:
    """Return by how much a chart is higher for a legend in one column, which it is in a language from the right."""
    return (n_labels - -(-n_labels // n_columns)) * label_px if text_direction() == "rtl" else 0


def unknown_marks(x: Any, frame: pd.DataFrame) -> Any:
    """Return a grey field over each period whose value is missing, with a question mark: unknown is no bar of height 0.

    x: the axis of the bars. frame: of columns that x needs, and value.
    """
    import altair as alt

    missing = frame["value"].isna().to_numpy()
    runs = np.cumsum(np.diff(missing, prepend=~missing[:1]))
    middles = [np.flatnonzero(runs == run)[(runs == run).sum() // 2] for run in np.unique(runs[missing])]
    colour = "#8c939b"
    fields = alt.Chart(frame[missing]).mark_rect(color=colour, opacity=0.25).encode(x=x)
    words = alt.Chart(frame.iloc[middles]).mark_text(text="?", baseline="bottom", fontSize=13, color=colour)
    return fields + words.encode(x=x, y=alt.value(alt.ExprRef("height - 4")))


def partial_years(first: date, last: date) -> set[str]:
    """Return the first and last year of an inclusive period, each only if the period holds a part of it."""
    cut = {f"{first.year}"} if (first.month, first.day) != (1, 1) else set()
    return cut | ({f"{last.year}"} if (last.month, last.day) != (12, 31) else set())


def marked(year: int, cut: Collection[str]) -> str:
    """Return a year as the label of a bar, with an asterisk if it is one of the partial years."""
    return f"{year}*" if f"{year}" in cut else f"{year}"


def cut_text(first: date, last: date) -> str:
    """Return what an asterisk at a year means."""
    return _(
        "A year with an asterisk is covered only in part: the shown records run from {first} to {last}.",
        first=format_date(first, "short"),
        last=format_date(last, "short"),
    )


def time_bars(
    days: Sequence[date],
    values: Sequence[int | None] | NDArray[np.int64],
    label: str,
    title: str,
    step: str,
    first: date,
    last: date,
    *,
    seam: date | None = None,
    height: int = 220,
    has_table: bool = True,
) -> None:
    """Draw a bar a year or month, none where a value is missing, and offer its table unless the page has one.

    label, title: the measure, and measure and step, in words. last: last day of the period that has records; a year
    that the period cuts is marked, so that it is not read as a change. seam: first day of another source, from which
    bars have another colour: the two sides are not comparable.
    """
    import altair as alt

    cut = partial_years(first, last) if step == "year" else set()
    periods = [in_digits(marked(day.year, cut)) if step == "year" else format_date(day, "short_month") for day in days]
    before, after = _("UCDP"), _("Register")
    source = [after if seam and day >= seam else before for day in days]
    counts = pd.array(values, dtype=pd.Int64Dtype())
    frame = pd.DataFrame({"period": periods, "value": counts, "source": source})
    if step == "year":
        # All years have their place: without the list those without a bar would be left out.
        scale_of_years = alt.Scale(domain=periods)
        x = alt.X("period:O", title=None, scale=scale_of_years, axis=alt.Axis(labelAngle=0, labelOverlap=True))
    else:
        frame["day"] = pd.to_datetime(list(days))
        x = alt.X("yearmonth(day):T", title=None, axis=month_axis())
    chart = (
        alt.Chart(frame, height=height)
        .mark_bar(color=_bar_colour())
        .encode(
            x=x,
            y=alt.Y("value:Q", title=label, axis=alt.Axis(tickMinStep=1, format=",d", **names_side())),
            tooltip=[alt.Tooltip("period:N", title=_("Period")), alt.Tooltip("value:Q", title=label, format=",d")],
        )
    )
    if len(set(source)) > 1:
        scale = alt.Scale(domain=[before, after], range=palettes.source_colours(page_theme()))
        sides = legend(orient="top", title=_("Source of the bar"))
        chart = chart.encode(color=alt.Color("source:N", scale=scale, legend=sides)).properties(
            height=height + _LEGEND_PX + more_px(2, 2)
        )
    alt_text = _("{title}, {first} to {last}", title=title, first=periods[0], last=periods[-1])
    if frame["value"].isna().any():
        chart = unknown_marks(x, frame) + chart
    draw(chart, alt_text)
    if cut:
        st.caption(cut_text(first, last))
    if has_table:
        table_beside(pd.DataFrame({_(STEPS[step]): periods, label: counts}))


def series_colours(order: Sequence[str], rest: Collection[str], theme: palettes.Theme) -> list[str]:
    """Return a colour for each series, all different: greys for the rest, at most as many as there are greys."""
    named, greys = iter(palettes.categories(8, theme)), iter(palettes.GREYS[theme])
    return [next(greys) if name in rest else next(named) for name in order]


def stacked_bars(
    frame: pd.DataFrame,
    label: str,
    series_label: str,
    order: Sequence[str],
    rest: Collection[str],
    title: str,
    *,
    seam: date | None = None,
) -> None:
    """Draw stacked bars of columns period, series, value; a period with a missing value has none.

    order: the series from most to least. rest: those drawn in greys, which have no meaning of their own. seam: first
    day of another source, a new year, before which a broken line stands.
    """
    import altair as alt

    colours = series_colours(order, rest, page_theme())
    frame = frame.assign(period=frame["period"].map(in_digits))
    periods = sorted(set(frame["period"]))
    x = alt.X("period:O", title=None, scale=alt.Scale(domain=periods), axis=alt.Axis(labelAngle=0, labelOverlap=True))
    ranked = frame.assign(rank=frame["series"].map({name: i for i, name in enumerate(order)}))
    chart = (
        alt.Chart(ranked, height=320 + more_px(len(order), 2))
        .mark_bar()
        .encode(
            x=x,
            y=alt.Y("sum(value):Q", title=label, axis=alt.Axis(tickMinStep=1, format=",d", **names_side())),
            color=alt.Color(
                "series:N",
                title=series_label,
                sort=list(order),
                scale=alt.Scale(domain=list(order), range=colours),
                legend=legend(
                    orient="bottom",
                    columns=alt.ExprRef("width < 480 ? 1 : 2"),
                    labelLimit=alt.ExprRef("width < 480 ? 290 : 440"),
                ),
            ),
            order=alt.Order("rank:Q"),
            tooltip=[
                alt.Tooltip("period:O", title=_("Year")),
                alt.Tooltip("series:N", title=series_label),
                alt.Tooltip("value:Q", title=label, format=",d"),
            ],
        )
    )
    after = [period for period in frame["period"] if seam and int(period.rstrip("*")) >= seam.year]
    if frame["value"].isna().any():
        by_period = frame.groupby("period")["value"].sum(min_count=1).reset_index()
        chart = unknown_marks(x, by_period) + chart
    draw(chart + _seam_line(min(after)) if after else chart, title)
    wide = frame.pivot_table(index="period", columns="series", values="value", aggfunc="sum", fill_value=0)
    wide.loc[frame.loc[frame["value"].isna(), "period"]] = pd.NA
    table_beside(wide[list(order)].rename_axis(_("Year")).reset_index())


def _seam_line(year: str) -> Any:
    """Return a broken line at the left of a year, the first of another source."""
    import altair as alt

    colour = "#d5dade" if page_theme() == "dark" else "#3f454c"
    return (
        alt.Chart(pd.DataFrame({"period": [year]}))
        .mark_rule(strokeDash=[4, 3], strokeWidth=1.5, color=colour)
        .encode(x=alt.X("period:O", bandPosition=0))
    )


def ranked_bars(frame: pd.DataFrame, label: str, *, is_count: bool = True, key: str = "ranked") -> None:
    """Draw horizontal bars of columns name, value, largest first, each with its figure.

    A table with bars in it, not a chart: it is read out as it stands, and loads nothing where a chart loads 2 MB.
    key: different for each on a page.
    """
    ranked = frame.sort_values("value", ascending=False)
    most, decimals = max(ranked["value"].max(), 0), 0 if is_count else 2
    rows = [
        [str(name), float(value / most) if most else 0.0, format_number(value, decimals)]
        for name, value in zip(ranked["name"], ranked["value"], strict=True)
    ]
    _ranked(key, {"label": label, "rows": rows, "colour": _bar_colour()})


def table_beside(frame: pd.DataFrame, title: str = "") -> None:
    """Offer the numbers of a picture as a table; the names of its columns are shown as they are."""
    with st.expander(title or _("Table of this chart")):
        grids.grid(frame)

"""Pictures of the index: the monthly series over class bands, and small static maps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import altair as alt
import pandas as pd

from geo.analysis.index.access import AccessIndex, AccessSeries
from geo.analysis.index.monthly_counts import month_start
from geo.analysis.index.scores import CLASSES
from geo.figure.outlines import Outlines
from geo.shown_names import shown_name
from geo.views import palettes
from geo.views.access.index_map import class_colours
from geo.views.access.words import SHORT_CLASSES
from geo.views.charts import month_axis, names_side
from geo.views.palettes import Theme
from geo.wording import _, _n, format_date, text_direction, words

_BAND_OPACITY = 0.35
# Width and height in pixels; the province is half as high again as wide.
_SMALL, _LARGE = (152, 250), (330, 490)
_AXIS_PX = 116


def series_frame(series: AccessSeries, place: int) -> pd.DataFrame:
    """Return the months of one district: start and end, name, points, both classes in words, attacks of the window."""
    first = series.months.first_month
    starts = [month_start(first + step) for step in range(series.months.months + 1)]
    names = words(SHORT_CLASSES)
    return pd.DataFrame(
        {
            "month": pd.to_datetime(starts[:-1]),
            "until": pd.to_datetime(starts[1:]),
            "label": [format_date(start, "short_month") for start in starts[:-1]],
            "points": series.index[:, place],
            "raw": [names[CLASSES[int(code)][0]] for code in series.raw[:, place]],
            "steady": [names[CLASSES[int(code)][0]] for code in series.steady[:, place]],
            "attacks": series.S[:, place],
        }
    )


def series_columns(length: int) -> dict[str, str]:
    """Return the columns of `series_frame` that are shown, and their names; length: months of the window."""
    return {
        "label": _n("{n} month to", "{n} months to", length),
        "points": _("Points"),
        "steady": _("Smoothed class"),
        "raw": _("Class of this window alone"),
        "attacks": _("Attacks on forces"),
    }


def step_chart(frame: pd.DataFrame, cuts: Sequence[float], columns: Mapping[str, str], theme: Theme) -> Any:
    """Return points by month as steps over the bands of the classes, with the names of the classes in them.

    columns: what the tooltip shows, as `series_columns`.
    """
    codes = list(SHORT_CLASSES)[1:]
    bands = pd.DataFrame(
        {
            "low": [0.0, *cuts],
            "high": [*cuts, 100.0],
            "name": [_(SHORT_CLASSES[code]) for code in codes],
            "start": frame["month"].iloc[0],
            "end": frame["until"].iloc[-1],
        }
    )
    colours = [class_colours(theme)[code] for code in codes]
    ink = _ink(theme)
    is_rtl = text_direction() == "rtl"
    side: Literal["left", "right"] = "right" if is_rtl else "left"
    axis = alt.Axis(minExtent=_AXIS_PX, **names_side())
    band = alt.Chart(bands).encode(
        y=alt.Y("low:Q", title=None, scale=alt.Scale(domain=[0, 100]), axis=axis), y2="high:Q"
    )
    fill = band.mark_rect(opacity=_BAND_OPACITY).encode(
        x=alt.X("start:T"),
        x2="end:T",
        color=alt.Color("name:N", legend=None, scale=alt.Scale(domain=list(bands["name"]), range=colours)),
    )
    names = (
        alt.Chart(bands)
        .mark_text(align=side, baseline="top", dx=-4 if is_rtl else 4, dy=4, fontSize=10.5, color=ink, opacity=0.85)
        .encode(x=alt.X("end:T" if is_rtl else "start:T"), y=alt.Y("high:Q"), text="name:N")
    )
    base = alt.Chart(frame).encode(
        x=alt.X("month:T", title=None, axis=month_axis(grid=False)),
        y=alt.Y("points:Q"),
        tooltip=[
            alt.Tooltip(f"{name}:{kind}", title=columns[name], format=form)
            for name, kind, form in (
                ("label", "N", ""),
                ("points", "Q", ".0f"),
                ("steady", "N", ""),
                ("raw", "N", ""),
                ("attacks", "Q", ""),
            )
        ],
    )
    line = base.mark_line(interpolate="step-after", color=ink, strokeWidth=2)
    dots = base.mark_circle(color=ink, size=36, opacity=0.001)
    return alt.layer(fill, names, line, dots).properties(height=250)


def strip_chart(frame: pd.DataFrame, columns: Mapping[str, str], theme: Theme) -> Any:
    """Return one cell a month in the colour of its class: smoothed above, of the window alone below."""
    rows = {"steady": _("Smoothed"), "raw": _("Window alone")}
    long = frame.melt(["month", "until", "label"], list(rows), "kind", "class").replace({"kind": rows})
    scale = alt.Scale(domain=list(words(SHORT_CLASSES).values()), range=list(class_colours(theme).values()))
    axis = alt.Axis(labelLimit=_AXIS_PX, minExtent=_AXIS_PX, **names_side())
    return (
        alt.Chart(long, height=52)
        .mark_rect(stroke=None)
        .encode(
            x=alt.X("month:T", title=None, axis=None),
            x2="until:T",
            y=alt.Y("kind:N", title=None, sort=list(rows.values()), axis=axis),
            color=alt.Color("class:N", legend=None, scale=scale),
            tooltip=[
                alt.Tooltip("label:N", title=columns["label"]),
                alt.Tooltip("kind:N", title=" "),
                alt.Tooltip("class:N", title=_("Class")),
            ],
        )
    )


def _ink(theme: Theme) -> str:
    return "#1f2328" if theme == "light" else "#e9e7e2"


# --- small maps --------------------------------------------------------------------------------------


def small_map(
    outlines: Outlines,
    index: AccessIndex,
    codes: Sequence[str],
    names: Mapping[str, str],
    colours: Mapping[str, str],
    letters: Mapping[str, str],
    theme: Theme,
    *,
    heading: str,
    title: str = "",
    is_large: bool = False,
) -> Any:
    """Return a static map in an equal-area plane: one code a district, its colour, and a letter for the marked ones.

    names, colours, letters: what a code is called, its colour, and what is written in the district besides the colour.
    heading: what the names are, for the tooltip. title: of the map.
    """
    width, height = _LARGE if is_large else _SMALL
    features = [
        {"type": "Feature", "geometry": geometry, "properties": {"name": shown_name(record.name), "label": names[code]}}
        for geometry, record, code in zip(outlines.geometries, index.records, codes, strict=True)
    ]
    scale = alt.Scale(domain=[names[code] for code in colours], range=list(colours.values()))
    plane: dict[str, Any] = {"type": "identity", "reflectY": True}
    shapes = (
        alt.Chart(alt.InlineData(values=features))
        .mark_geoshape(stroke="#8b8f95" if theme == "light" else "#8592a0", strokeWidth=0.7 if is_large else 0.4)
        .encode(
            color=alt.Color("properties.label:N", legend=None, scale=scale),
            tooltip=[
                alt.Tooltip("properties.name:N", title=_("District")),
                alt.Tooltip("properties.label:N", title=heading),
            ],
        )
        .project(**plane)
    )
    south = (
        alt.Chart(alt.InlineData(values=[{"type": "Feature", "geometry": outlines.south, "properties": {}}]))
        .mark_geoshape(filled=False, stroke=_ink(theme), strokeWidth=1.2, aria=False)  # its name is in the caption
        .project(**plane)
    )
    # One chart for each colour of ink.
    rows = pd.DataFrame(
        [
            {"x": x, "y": y, "letter": letters[code], "ink": palettes.text_on(colours[code])}
            for (x, y), code in zip(outlines.places, codes, strict=True)
            if code in letters
        ],
        columns=["x", "y", "letter", "ink"],
    )
    marks = [
        alt.Chart(rows[rows["ink"] == ink])
        .mark_text(fontSize=13 if is_large else 8.5, fontWeight="bold", color=ink)
        .encode(longitude="x:Q", latitude="y:Q", text="letter:N")
        .project(**plane)
        for ink in sorted(set(rows["ink"]))
    ]
    chart: Any = alt.layer(shapes, south, *marks).properties(width=width, height=height, title=title)
    return chart.configure_view(stroke=None)

"""Pictures of the index: the monthly series over class bands, and small static maps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import pandas as pd

from geo.analysis.index.access import AccessSeries
from geo.analysis.index.monthly_counts import month_start
from geo.analysis.index.scores import CLASSES
from geo.views import palettes
from geo.views.access.index_map import class_colours
from geo.views.access.words import SHORT_CLASSES
from geo.views.outlines import Outlines
from geo.views.palettes import Theme

_BAND_OPACITY = 0.35
# Width and height in pixels; the province is half as high again as wide.
_SMALL, _LARGE = (152, 250), (330, 490)
_AXIS_PX = 84


def series_frame(series: AccessSeries, place: int) -> pd.DataFrame:
    """Return the months of one district: month, points, both classes in words, attacks of the window."""
    first = series.months.first_month
    return pd.DataFrame(
        {
            "month": pd.to_datetime([month_start(first + step) for step in range(series.months.months)]),
            "until": pd.to_datetime([month_start(first + step + 1) for step in range(series.months.months)]),
            "points": series.index[:, place],
            "raw": [SHORT_CLASSES[CLASSES[int(code)][0]] for code in series.raw[:, place]],
            "steady": [SHORT_CLASSES[CLASSES[int(code)][0]] for code in series.steady[:, place]],
            "attacks": series.S[:, place],
        }
    )


def step_chart(frame: pd.DataFrame, cuts: Sequence[float], theme: Theme) -> Any:
    """Return points by month as steps over the bands of the classes, with the names of the classes in them."""
    edges = [0.0, *cuts, 100.0]
    words = list(SHORT_CLASSES)[1:]
    bands = pd.DataFrame(
        {
            "low": edges[:-1],
            "high": edges[1:],
            "name": [SHORT_CLASSES[word] for word in words],
            "start": frame["month"].iloc[0],
            "end": frame["until"].iloc[-1],
        }
    )
    colours = [class_colours(theme)[word] for word in words]
    ink = "#1f2328" if theme == "light" else "#e9e7e2"
    x = alt.X("month:T", title=None, axis=alt.Axis(format="%b %Y", labelOverlap=True, grid=False))
    band = alt.Chart(bands).encode(
        y=alt.Y("low:Q", title=None, scale=alt.Scale(domain=[0, 100]), axis=alt.Axis(minExtent=_AXIS_PX)), y2="high:Q"
    )
    fill = band.mark_rect(opacity=_BAND_OPACITY).encode(
        x=alt.X("start:T"),
        x2="end:T",
        color=alt.Color("name:N", legend=None, scale=alt.Scale(domain=list(bands["name"]), range=colours)),
    )
    names = (
        alt.Chart(bands)
        .mark_text(align="left", baseline="top", dx=4, dy=4, fontSize=10.5, color=ink, opacity=0.85)
        .encode(x=alt.X("start:T"), y=alt.Y("high:Q"), text="name:N")
    )
    base = alt.Chart(frame).encode(
        x=x,
        y=alt.Y("points:Q"),
        tooltip=[
            alt.Tooltip("month:T", title="12 months to", format="%b %Y"),
            alt.Tooltip("points:Q", title="Points", format=".0f"),
            alt.Tooltip("steady:N", title="Class, steadied"),
            alt.Tooltip("raw:N", title="Class of this window alone"),
            alt.Tooltip("attacks:Q", title="Attacks on forces"),
        ],
    )
    line = base.mark_line(interpolate="step-after", color=ink, strokeWidth=2)
    dots = base.mark_circle(color=ink, size=36, opacity=0.001)
    return alt.layer(fill, names, line, dots).properties(height=250)


def strip_chart(frame: pd.DataFrame, theme: Theme) -> Any:
    """Return one cell a month in the colour of its class: steadied above, of the window alone below."""
    order = list(SHORT_CLASSES.values())
    colours = list(class_colours(theme).values())
    long = frame.melt(["month", "until"], ["steady", "raw"], "kind", "class")
    long["kind"] = long["kind"].map({"steady": "Steadied", "raw": "Window alone"})
    return (
        alt.Chart(long, height=52)
        .mark_rect(stroke=None)
        .encode(
            x=alt.X("month:T", title=None, axis=None),
            x2="until:T",
            y=alt.Y(
                "kind:N",
                title=None,
                sort=["Steadied", "Window alone"],
                axis=alt.Axis(labelLimit=_AXIS_PX, minExtent=_AXIS_PX),
            ),
            color=alt.Color("class:N", legend=None, scale=alt.Scale(domain=order, range=colours)),
            tooltip=[alt.Tooltip("month:T", format="%b %Y"), alt.Tooltip("kind:N"), alt.Tooltip("class:N")],
        )
    )


# --- small maps --------------------------------------------------------------------------------------


def small_map(
    outlines: Outlines,
    names: Sequence[str],
    labels: Sequence[str],
    colours: Mapping[str, str],
    letters: Mapping[str, str],
    theme: Theme,
    *,
    title: str = "",
    is_large: bool = False,
) -> Any:
    """Return a static map in an equal-area plane: one label a district, its colour, and a letter for the marked ones.

    letters: label -> what is written in the district, besides the colour.
    """
    width, height = _LARGE if is_large else _SMALL
    features = [
        {"type": "Feature", "geometry": geometry, "properties": {"name": name, "label": label}}
        for geometry, name, label in zip(outlines.geometries, names, labels, strict=True)
    ]
    edge = "#8b8f95" if theme == "light" else "#8592a0"
    plane: dict[str, Any] = {"type": "identity", "reflectY": True}
    shapes = (
        alt.Chart(alt.InlineData(values=features))
        .mark_geoshape(stroke=edge, strokeWidth=0.7 if is_large else 0.4)
        .encode(
            color=alt.Color(
                "properties.label:N", legend=None, scale=alt.Scale(domain=list(colours), range=list(colours.values()))
            ),
            tooltip=[
                alt.Tooltip("properties.name:N", title="District"),
                alt.Tooltip("properties.label:N", title="Finding" if is_large else "Class"),
            ],
        )
        .project(**plane)
    )
    south = (
        alt.Chart(alt.InlineData(values=[{"type": "Feature", "geometry": outlines.south, "properties": {}}]))
        .mark_geoshape(filled=False, stroke="#1f2328" if theme == "light" else "#e9e7e2", strokeWidth=1.2)
        .project(**plane)
    )
    layers = [shapes, south, *_letters(outlines, labels, colours, letters, is_large)]
    chart: Any = alt.layer(*layers).properties(width=width, height=height, title=title)
    return chart.configure_view(stroke=None)


def _letters(
    outlines: Outlines, labels: Sequence[str], colours: Mapping[str, str], letters: Mapping[str, str], is_large: bool
) -> list[Any]:
    """Return the letters as text marks, one chart for each colour of ink."""
    rows: list[dict[str, Any]] = [
        {"x": x, "y": y, "letter": letters[label], "ink": palettes.text_on(colours[label])}
        for (x, y), label in zip(outlines.places, labels, strict=True)
        if label in letters
    ]
    return [
        alt.Chart(pd.DataFrame([row for row in rows if row["ink"] == ink]))
        .mark_text(fontSize=13 if is_large else 8.5, fontWeight="bold", color=ink)
        .encode(longitude="x:Q", latitude="y:Q", text="letter:N")
        .project(type="identity", reflectY=True)
        for ink in sorted({row["ink"] for row in rows})
    ]

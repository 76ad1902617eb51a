"""Pictures of a comparison: ratios with their intervals, and two series on one axis."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from geo.analysis.counting.compare import Ratios
from geo.figure.lines import RATIO_ENDS
from geo.views import charts, palettes
from geo.views.charts import names_side
from geo.views.compare.words import interval_text, ratio_text
from geo.views.palettes import Theme
from geo.wording import _

_ROW_PX = 19
_FRACTIONS = "datum.value < 1 ? format(1, 'd') + '/' + format(1 / datum.value, '~g') : format(datum.value, '~g')"


def ratio_chart(names: Sequence[str], found: Ratios, rows: Sequence[int], heading: str, theme: Theme) -> Any:
    """Return the ratio of each chosen pair as a mark on its interval, on an axis where double and half are alike.

    names: of all pairs. rows: those to draw, from top to bottom. A mark that points up is clearly higher, down lower.
    """
    frame, end = ratio_frame(names, found, rows)
    results = [_("clearly higher"), _("clearly lower"), _("not clear")]
    low, _weak_low, _middle, _weak_high, high = palettes.DIVERGING[theme]
    colours = [high, low, palettes.OTHER[theme]]
    scale = alt.Scale(type="log", base=2, domain=[1 / end, end])
    ticks = [value for value in (1 / 64, 1 / 16, 1 / 4, 1 / 2, 1, 2, 4, 16, 64) if 1 / end <= value <= end]
    axis = alt.Axis(values=ticks, labelExpr=_FRACTIONS, grid=True)
    y = alt.Y(
        "name:N",
        title=None,
        sort=list(frame["name"]),
        axis=alt.Axis(labelLimit=140, labelOverlap=False, labelFlush=False, **names_side()),
    )
    tooltip = [alt.Tooltip("name:N", title=" "), alt.Tooltip("ratio:N", title=_("Ratio"))]
    tooltip.append(alt.Tooltip("interval:N", title=_("95 % interval")))
    legend = charts.legend(orient="bottom", columns=alt.ExprRef("width < 300 ? 1 : 3"))
    colour = alt.Color("result:N", title=None, scale=alt.Scale(domain=results, range=colours), legend=legend)
    shapes = alt.Scale(domain=results, range=["triangle-up", "triangle-down", "circle"])
    base = alt.Chart(frame, height=alt.Step(_ROW_PX)).encode(y=y, color=colour, tooltip=tooltip)
    spread = base.mark_rule(strokeWidth=2).encode(x=alt.X("low:Q", title=heading, scale=scale, axis=axis), x2="high:Q")
    at, layers = alt.X("at:Q", scale=scale), []
    inside = frame[~frame["is_beyond"]]
    if len(inside):  # a layer of nothing would be a picture without a name
        mark = base.properties(data=inside).mark_point(filled=True, size=70, opacity=1)
        layers.append(mark.encode(x=at, shape=alt.Shape("result:N", title=None, scale=shapes)))
    even = alt.Chart(pd.DataFrame({"one": [1.0]})).mark_rule(strokeDash=[4, 3], color=palettes.OTHER[theme])
    even = even.encode(x=alt.X("one:Q", scale=scale))
    return alt.layer(even, spread, *layers, *_beyond(base, frame, end, at, theme))


def _beyond(base: Any, frame: pd.DataFrame, end: float, x: Any, theme: Theme) -> list[Any]:
    """Return what says that something lies beyond an end of the axis: an arrowhead on an interval that goes on, and
    the ratio in words where it is no point, such as "from none".
    """
    found = []
    ground = "#14171b" if theme == "dark" else "#ffffff"
    for at, side, inwards, angle in ((1 / end, "low", "left", -90), (end, "high", "right", 90)):
        open_ended = frame[frame[f"goes_on_{side}"]].assign(at=at)
        if len(open_ended):
            head = base.properties(data=open_ended).mark_point(filled=True, shape="triangle", size=60, opacity=1)
            found.append(head.encode(x=x, angle=alt.value(angle)))
        words = frame[frame["is_beyond"] & (frame["at"] == at)]
        for halo in ({"stroke": ground, "strokeWidth": 5, "color": ground}, {}) if len(words) else ():
            text = base.properties(data=words).mark_text(align=inwards, dx=-14 if side == "high" else 14, **halo)
            colour = {"color": alt.value(ground)} if halo else {}
            found.append(text.encode(x=x, text="ratio:N", **colour))
    return found


def rows_with_interval(found: Ratios, *, is_ranked: bool) -> list[int]:
    """Return which pairs a ratio chart draws: those with an interval, the highest ratio first if they are ranked."""
    order = np.argsort(-found.ratio, kind="stable") if is_ranked else np.arange(len(found.ratio))
    return [int(i) for i in order if np.isfinite(found.low[i])]


def ratio_frame(names: Sequence[str], found: Ratios, rows: Sequence[int]) -> tuple[pd.DataFrame, float]:
    """Return what a ratio chart draws, one row a pair with positions cut at the ends of the axis, and its upper end.

    is_beyond: the ratio itself is cut. goes_on_low, goes_on_high: the interval is.
    """
    words = {"higher": _("clearly higher"), "lower": _("clearly lower")}
    marks = found.ratio[list(rows)]
    farthest = max((max(mark, 1 / mark) for mark in marks if 0 < mark < np.inf), default=1.0)
    end = next((end for end in RATIO_ENDS if end >= farthest), RATIO_ENDS[-1])
    frame = pd.DataFrame(
        {
            "name": [names[i] for i in rows],
            "at": np.clip(marks, 1 / end, end),
            "is_beyond": (marks < 1 / end) | (marks > end),
            "goes_on_low": found.low[list(rows)] < 1 / end,
            "goes_on_high": found.high[list(rows)] > end,
            "low": np.clip(found.low[list(rows)], 1 / end, end),
            "high": np.clip(found.high[list(rows)], 1 / end, end),
            "result": [words.get(found.verdict[i], _("not clear")) for i in rows],
            "ratio": [ratio_text(found, i) for i in rows],
            "interval": [interval_text(found, i) for i in rows],
        }
    )
    return frame, end


def series_chart(frame: pd.DataFrame, label: str, theme: Theme) -> Any:
    """Return two series by year on one axis. frame: columns year, place, rate, count, span.

    Lines are broken where the source changes (span); places differ by the shape of their marks too.
    """
    places = list(dict.fromkeys(frame["place"]))
    colours = palettes.categories(len(places), theme)
    colour = alt.Color(
        "place:N",
        title=None,
        scale=alt.Scale(domain=places, range=list(colours)),
        legend=charts.legend(orient="bottom"),
    )
    shape = alt.Shape("place:N", title=None, scale=alt.Scale(domain=places, range=["circle", "square"]))
    tooltip = [
        alt.Tooltip("year:N", title=_("Year")),
        alt.Tooltip("place:N", title=" "),
        alt.Tooltip("rate:Q", title=label, format=",.2f"),
        alt.Tooltip("count:Q", title=_("Number"), format=",d"),
    ]
    base = alt.Chart(frame, height=300 + charts.more_px(2, 2, charts.POINT_PX)).encode(
        x=alt.X("year:O", title=None, axis=alt.Axis(labelAngle=0, labelOverlap=True)),
        y=alt.Y("rate:Q", title=None, axis=alt.Axis(**names_side())),
        color=colour,
        tooltip=tooltip,
    )
    marks = base.mark_point(filled=True, size=60, opacity=1).encode(shape=shape)
    return base.mark_line(strokeWidth=2).encode(detail="span:N") + marks

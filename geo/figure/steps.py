"""Points by month as steps over the bands of their classes, and below them the class of each month, as SVG."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import groupby

from geo.figure import svg
from geo.figure.charts import WIDTH_PT, period_labels, sides_of_text
from geo.figure.sheet import Sheet
from geo.wording import _, format_number

_NAMES_PT, _TOP_PT, _BOTTOM_PT, _STRIP_PT, _GAP_PT, _SIZE = 84.0, 18.0, 230.0, 15.0, 5.0, 7.0
_MOST_POINTS = 100.0
_Row = dict[str, str]


def draw(sheet: Sheet) -> str:
    """Return the chart of a sheet of the form "steps".

    Rows of the kind "limit" are the lower ends of the classes, "smoothed" and "alone" the months.
    """
    rows = [dict(zip(sheet.columns, row, strict=True)) for row in sheet.rows]
    kinds = {kind: [row for row in rows if row["kind"] == kind] for kind in ("limit", "smoothed", "alone")}
    months, sides = kinds["smoothed"], sides_of_text()
    left, right = sorted((sides.x(_NAMES_PT), sides.x(WIDTH_PT)))
    step = (right - left) / max(len(months), 1)
    parts = [svg.text(sheet.axis, sides.x(0), 8, _SIZE, text_anchor=sides.anchor("start"), fill=svg.SOFT_INK)]
    parts += _bands(sheet, kinds["limit"], left, right)
    parts += _line(months, left, step)
    parts += _names(kinds["limit"], months, step)
    top = _BOTTOM_PT + _GAP_PT
    for name, kind in ((_("Smoothed"), "smoothed"), (_("Window alone"), "alone")):
        parts += _strip(sheet, kinds[kind], left, step, top)
        parts.append(
            svg.text(name, sides.x(_NAMES_PT - 5), top + 10, _SIZE, text_anchor=sides.anchor("end"), fill=svg.SOFT_INK)
        )
        top += _STRIP_PT + _GAP_PT / 2
    parts += period_labels([row["period"] for row in months], left, step, top)
    return svg.document(WIDTH_PT, top + 18, parts)


def _y(points: float) -> float:
    return _BOTTOM_PT - points / _MOST_POINTS * (_BOTTOM_PT - _TOP_PT)


def _bands(sheet: Sheet, limits: list[_Row], left: float, right: float) -> Iterator[str]:
    """Yield the classes as bands, with their limits on the axis."""
    sides = sides_of_text()
    for row, end in zip(limits, _upper_ends(limits), strict=True):
        top, bottom = _y(end), _y(float(row["value"]))
        box = {"x": left, "y": top, "width": right - left, "height": bottom - top}
        yield svg.tag("rect", **box, fill=sheet.keys[int(row["class"])].colour, fill_opacity=0.35)
    for value in (*(float(row["value"]) for row in limits), _MOST_POINTS):
        place = sides.x(_NAMES_PT - 5), _y(value) + 2.4
        yield svg.text(format_number(value), *place, _SIZE, text_anchor=sides.anchor("end"), fill=svg.SOFT_INK)


def _upper_ends(limits: list[_Row]) -> list[float]:
    return [*(float(row["value"]) for row in limits[1:]), _MOST_POINTS]


def _names(limits: list[_Row], months: list[_Row], step: float) -> Iterator[str]:
    """Yield the name of each class at the top of its band: where lines of text begin, at the other end if the steps
    pass there.
    """
    sides = sides_of_text()
    ordered = months[::-1] if sides.is_rtl else months
    for row, end in zip(limits, _upper_ends(limits), strict=True):
        n, top = math.ceil(svg.text_width(row["label"], _SIZE) / step) + 1, _y(end)
        ys = [_y(float(month["value"])) for month in ordered[:n] if month["value"]]
        # Steps beside one another are joined by an upright line.
        is_free = not ys or min(ys) > top + 12 or max(ys) < top
        x, edge = (_NAMES_PT + 4, "start") if is_free else (WIDTH_PT - 4, "end")
        yield svg.text(row["label"], sides.x(x), top + 9, _SIZE, text_anchor=sides.anchor(edge))


def _line(months: list[_Row], left: float, step: float) -> Iterator[str]:
    """Yield the steps; a month without points interrupts them."""
    corners: list[list[tuple[float, float]]] = [[]]
    for n, row in enumerate(months):
        if row["value"]:
            y = _y(float(row["value"]))
            corners[-1] += [(left + n * step, y), (left + (n + 1) * step, y)]
        elif corners[-1]:
            corners.append([])
    for line in filter(None, corners):
        yield svg.tag("path", d=svg.outline([line], is_closed=False), fill="none", stroke=svg.INK, stroke_width=1.6)


def _strip(sheet: Sheet, months: list[_Row], left: float, step: float, top: float) -> Iterator[str]:
    """Yield one box for each run of months of the same class."""
    for code, run in groupby(enumerate(months), key=lambda numbered: numbered[1]["class"]):
        places = [n for n, _row in run]
        box = {"x": left + places[0] * step, "y": top, "width": len(places) * step, "height": _STRIP_PT}
        yield svg.tag("rect", **box, fill=sheet.keys[int(code)].colour)

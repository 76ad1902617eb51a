"""Charts of lines, intervals and dots as SVG: two series by year, means with their intervals, and figures in rows."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import groupby

from geo.figure import svg
from geo.figure.charts import WIDTH_PT, period_labels, round_steps, sides_of_text
from geo.figure.sheet import Key, Sheet
from geo.wording import _, format_number

_LEFT_PT, _TOP_PT, _BELOW_PT, _HEIGHT_PT = 40.0, 18.0, 20.0, 250.0
_ROW_PT, _NAME_PT, _VALUE_PT, _SIZE = 19.0, 236.0, 96.0, 7.0
_PLACE_PT, _RATIO_PT = 150.0, 110.0
# An axis of ratios ends at the first of these that holds every mark, and at one divided by it.
RATIO_ENDS, _RATIO_MARKS = (4.0, 16.0, 64.0), (1, 2, 4, 16, 64)
_EDGE_PT, _GRID = 10.0, "#dfe2e6"


def by_year(sheet: Sheet) -> str:
    """Return the lines of a sheet of the form "lines"; they are broken where the source changes (column span)."""
    rows = [dict(zip(sheet.columns, row, strict=True)) for row in sheet.rows]
    periods = list(dict.fromkeys(row["period"] for row in rows))
    known = [row for row in rows if row["value"]]
    marks = round_steps(max((float(row["value"]) for row in known), default=0.0))
    bottom, sides = _HEIGHT_PT - _BELOW_PT, sides_of_text()
    left, right = sorted((sides.x(_LEFT_PT), sides.x(WIDTH_PT - 4)))
    step, per_value = (right - left) / max(len(periods), 1), (bottom - _TOP_PT) / marks[-1]
    parts = [svg.text(sheet.axis, sides.x(0), 8, _SIZE, text_anchor=sides.anchor("start"), fill=svg.SOFT_INK)]
    for mark in marks:
        y = bottom - mark * per_value
        parts.append(svg.tag("path", d=f"M{left} {svg.number(y)}H{right}", stroke=_GRID, stroke_width=0.6))
        words = format_number(mark, 0 if marks[1] >= 1 else 2)
        parts.append(
            svg.text(words, sides.x(_LEFT_PT - 4), y + 2.4, _SIZE, text_anchor=sides.anchor("end"), fill=svg.SOFT_INK)
        )

    def place(row: dict[str, str]) -> tuple[float, float]:
        return left + (periods.index(row["period"]) + 0.5) * step, bottom - float(row["value"]) * per_value

    for (key, _span), same in groupby(known, key=lambda row: (int(row["class"]), row["span"])):
        parts += _series([place(row) for row in same], sheet.keys[key].colour, is_square=key > 0)
    parts.append(svg.tag("path", d=f"M{left} {svg.number(bottom)}H{right}", stroke=svg.INK, stroke_width=0.8))
    parts += period_labels(periods, left, step, bottom)
    return svg.document(WIDTH_PT, _HEIGHT_PT, parts)


def _series(points: list[tuple[float, float]], colour: str, *, is_square: bool) -> Iterator[str]:
    line = {"fill": "none", "stroke": colour, "stroke_width": 1.4, "stroke_linejoin": "round"}
    yield svg.tag("path", d=svg.outline([points], is_closed=False), **line)
    for x, y in points:
        if is_square:
            yield svg.tag("rect", x=x - 2.2, y=y - 2.2, width=4.4, height=4.4, fill=colour)
        else:
            yield svg.tag("circle", cx=x, cy=y, r=2.5, fill=colour)


def intervals(sheet: Sheet) -> str:
    """Return the means of a sheet of the form "intervals", one row each, on an axis with a line at zero."""
    rows = [dict(zip(sheet.columns, row, strict=True)) for row in sheet.rows]
    ends = [abs(float(row[name])) for row in rows for name in ("low", "high", "value") if row[name]]
    marks = round_steps(max(ends, default=1.0), 4)
    sides = sides_of_text()
    middle = sides.x(_NAME_PT + (WIDTH_PT - _NAME_PT - _VALUE_PT) / 2)
    per_value = (WIDTH_PT - _NAME_PT - _VALUE_PT) / 2 / marks[-1]
    groups = [(name, list(same)) for name, same in groupby(rows, key=lambda row: row["group"])]
    height = (len(rows) + sum(bool(name) for name, _same in groups)) * _ROW_PT + 30
    parts = [svg.text(sheet.axis, sides.x(_NAME_PT), 8, _SIZE, text_anchor=sides.anchor("start"), fill=svg.SOFT_INK)]
    for mark in (*(-mark for mark in reversed(marks[1:])), *marks):
        x = middle + mark * per_value
        line = {"stroke": svg.INK if not mark else _GRID, "stroke_width": 0.8 if not mark else 0.6}
        parts.append(svg.tag("path", d=f"M{svg.number(x)} 14V{svg.number(height - 14)}", **line))
        words = format_number(mark, 0 if marks[1] >= 1 else 2)
        parts.append(svg.text(words, x, height - 4, _SIZE, text_anchor="middle", fill=svg.SOFT_INK))
    y = 14 + _ROW_PT / 2
    for name, same in groups:
        if name:
            parts.append(
                svg.text(name, sides.x(0), y + 2.5, 7.4, text_anchor=sides.anchor("start"), font_weight="bold")
            )
            y += _ROW_PT
        for row in same:
            parts += _interval(sheet, row, y, middle, per_value)
            y += _ROW_PT
    return svg.document(WIDTH_PT, height, parts)


def _interval(sheet: Sheet, row: dict[str, str], y: float, middle: float, per_value: float) -> Iterator[str]:
    low, value, high = (float(row[name]) for name in ("low", "value", "high"))
    numbers = {"value": format_number(value, 3), "low": format_number(low, 3), "high": format_number(high, 3)}
    at = middle + value * per_value
    yield from _spread(
        sheet,
        row,
        y,
        (middle + low * per_value, middle + high * per_value),
        _NAME_PT,
        _("{value} ({low} to {high})", **numbers),
    )
    yield svg.tag("circle", cx=at, cy=y, r=3.0, fill=sheet.keys[int(row["class"])].colour)


def _spread(
    sheet: Sheet, row: dict[str, str], y: float, ends: tuple[float, float], name_pt: float, words: str
) -> Iterator[str]:
    """Yield the name of a row, its interval, and the interval in words; name_pt: room for the name."""
    colour, sides = sheet.keys[int(row["class"])].colour, sides_of_text()
    left, right = map(svg.number, ends)
    yield svg.text(row["name"], sides.x(name_pt - 8), y + 2.5, 7.2, text_anchor=sides.anchor("end"))
    yield svg.tag("path", d=f"M{left} {svg.number(y)}H{right}", stroke=colour, stroke_width=1.6)
    yield svg.text(words, sides.x(WIDTH_PT), y + 2.5, _SIZE, text_anchor=sides.anchor("end"))


def ratios(sheet: Sheet) -> str:
    """Return the ratios of a sheet of the form "ratios", one row each, on an axis where double and half are alike.

    A mark that points up is clearly higher (the first key), one that points down lower (the second).
    """
    rows = [dict(zip(sheet.columns, row, strict=True)) for row in sheet.rows]
    values = (float(row["value"]) for row in rows)
    farthest = max((max(value, 1 / value) for value in values if 0 < value < math.inf), default=1.0)
    end = next((end for end in RATIO_ENDS if end >= farthest), RATIO_ENDS[-1])
    room = WIDTH_PT - _PLACE_PT - _RATIO_PT - 2 * _EDGE_PT
    middle, height, sides = (
        sides_of_text().x(_PLACE_PT + _EDGE_PT + room / 2),
        len(rows) * _ROW_PT + 30,
        sides_of_text(),
    )

    def place(ratio: float) -> float:
        return middle + math.log2(min(max(ratio, 1 / end), end)) / math.log2(end) * room / 2

    parts = [svg.text(sheet.axis, sides.x(_PLACE_PT), 8, _SIZE, text_anchor=sides.anchor("start"), fill=svg.SOFT_INK)]
    for mark in (mark for mark in _RATIO_MARKS if mark <= end):
        for ratio, words in dict.fromkeys(((1 / mark, f"1/{mark:g}" if mark > 1 else "1"), (mark, f"{mark:g}"))):
            x, line = place(ratio), {"stroke": svg.INK if mark == 1 else _GRID, "stroke_width": 0.6}
            parts.append(svg.tag("path", d=f"M{svg.number(x)} 14V{svg.number(height - 14)}", **line))
            parts.append(svg.text(words, x, height - 4, _SIZE, text_anchor="middle", fill=svg.SOFT_INK))
    for n, row in enumerate(rows):
        y, colour = 14 + (n + 0.5) * _ROW_PT, sheet.keys[int(row["class"])].colour
        low, value, high = (float(row[name]) for name in ("low", "value", "high"))
        parts += _spread(sheet, row, y, (place(low), place(high)), _PLACE_PT, row["said"])
        parts += [_arrowhead(place(low), y, -5, colour)] * (low < 1 / end)
        parts += [_arrowhead(place(high), y, 5, colour)] * (high > end)
        # A ratio beyond the axis, such as one from none, is no point on it: the words beside the row say it.
        parts += [_pointing(place(value), y, int(row["class"]), colour)] * (1 / end <= value <= end)
    return svg.document(WIDTH_PT, height, parts)


def _arrowhead(x: float, y: float, length: float, colour: str) -> str:
    """Return the mark of an interval that goes on beyond the end of the axis."""
    corners = [(x, y - 3.5), (x + length, y), (x, y + 3.5)]
    return svg.tag("path", d=svg.outline([[*corners, corners[0]]]), fill=colour)


def _pointing(x: float, y: float, result: int, colour: str) -> str:
    if result > 1:
        return svg.tag("circle", cx=x, cy=y, r=3.0, fill=colour)
    tip = -4.0 if result == 0 else 4.0
    corners = [(x - 4, y - tip * 0.75), (x + 4, y - tip * 0.75), (x, y + tip)]
    return svg.tag("path", d=svg.outline([[*corners, corners[0]]]), fill=colour)


def dots(sheet: Sheet) -> str:
    """Return the values of a sheet of the form "dots", a row for each name: discs, and hollow squares for our own."""
    rows = [dict(zip(sheet.columns, row, strict=True)) for row in sheet.rows]
    names, sides = list(dict.fromkeys(row["name"] for row in rows)), sides_of_text()
    marks = round_steps(max((float(row["value"]) for row in rows), default=0.0))
    per_value = (WIDTH_PT - _NAME_PT - 2 * _EDGE_PT) / marks[-1]
    height = len(names) * _ROW_PT + 30

    def place(value: float) -> float:
        return sides.x(_NAME_PT + _EDGE_PT + value * per_value)

    parts = [svg.text(sheet.axis, sides.x(_NAME_PT), 8, _SIZE, text_anchor=sides.anchor("start"), fill=svg.SOFT_INK)]
    for mark in marks:
        x = place(mark)
        parts.append(
            svg.tag("path", d=f"M{svg.number(x)} 14V{svg.number(height - 14)}", stroke=_GRID, stroke_width=0.6)
        )
        words = format_number(mark, 0 if marks[1] >= 1 else 1)
        parts.append(svg.text(words, x, height - 4, _SIZE, text_anchor="middle", fill=svg.SOFT_INK))
    across = sorted((sides.x(_NAME_PT), sides.x(WIDTH_PT)))
    for n, name in enumerate(names):
        y = 14 + (n + 0.5) * _ROW_PT
        line = f"M{svg.number(across[0])} {svg.number(y)}H{svg.number(across[1])}"
        parts.append(svg.tag("path", d=line, stroke=_GRID, stroke_width=0.6))
        parts.append(svg.text(name, sides.x(_NAME_PT - 8), y + 2.5, 7.2, text_anchor=sides.anchor("end")))
        same = [row for row in rows if row["name"] == name]
        parts += [_mark(sheet.keys[int(row["class"])], place(float(row["value"])), y) for row in same]
    return svg.document(WIDTH_PT, height, parts)


def _mark(key: Key, x: float, y: float) -> str:
    if key.mark == "outline":
        box = {"x": x - 3.4, "y": y - 3.4, "width": 6.8, "height": 6.8}
        return svg.tag("rect", **box, fill="none", stroke=key.colour, stroke_width=1.3)
    return svg.tag("circle", cx=x, cy=y, r=3.2, fill=key.colour)

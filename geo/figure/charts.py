"""Charts as SVG: bars by year or month, one colour or stacked, and ranked bars."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from geo.figure import svg
from geo.figure.sheet import Sheet
from geo.wording import format_number, text_direction

WIDTH_PT = 540.0
_LEFT_PT, _TOP_PT, _BELOW_PT = 40.0, 18.0, 20.0
_BAR_PT, _NAME_PT, _VALUE_PT = 17.0, 132.0, 46.0
_WIDEST_BAR_PT = 64.0
_SIZE = 7.0
_UNKNOWN = "#eceef0"


def draw(sheet: Sheet, height_pt: float = 250.0) -> str:
    """Return the chart of a sheet of the form "time" or "ranking" as SVG. height_pt: of bars by time."""
    return _ranking(sheet) if sheet.form == "ranking" else _time(sheet, height_pt)


def round_steps(highest: float, n_steps: int = 5) -> list[float]:
    """Return the marks of an axis from 0 to at least the highest value, at steps of 1, 2 or 5 times a power of ten."""
    rough = max(highest, 1e-9) / n_steps
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough * (1 - 1e-9))
    return [step * n for n in range(math.ceil(highest / step - 1e-9) + 1)] if highest > 0 else [0.0, 1.0]


@dataclass(frozen=True, slots=True)
class Sides:
    """Where names and amounts stand: on the side where lines of the language begin. Time has no side."""

    is_rtl: bool

    def x(self, distance: float, width: float = 0.0) -> float:
        """Return the left edge of what is `width` wide and begins at a distance from that side, in points."""
        return WIDTH_PT - distance - width if self.is_rtl else distance

    def anchor(self, edge: str) -> str:
        """Return the anchor of a text whose "start" or "end", seen from that side, is at its position."""
        return {"start": "end", "end": "start"}[edge] if self.is_rtl else edge


def sides_of_text() -> Sides:
    """Return the sides of the current language."""
    return Sides(text_direction() == "rtl")


def _time(sheet: Sheet, height_pt: float) -> str:
    rows = [dict(zip(sheet.columns, row, strict=True)) for row in sheet.rows]
    periods = list(dict.fromkeys(row["period"] for row in rows))
    totals = dict.fromkeys(periods, 0.0)
    for row in rows:
        totals[row["period"]] += _height(row)
    is_count = all(value.is_integer() for value in totals.values())
    marks = round_steps(max(totals.values(), default=0.0))
    if is_count and marks[1] < 1:
        marks = [0.0, 1.0]
    bottom, sides = height_pt - _BELOW_PT, sides_of_text()
    left, right = sorted((sides.x(_LEFT_PT), sides.x(WIDTH_PT - 4)))
    per_value = (bottom - _TOP_PT) / marks[-1]
    step = (right - left) / max(len(periods), 1)
    parts = [svg.text(sheet.axis, sides.x(0), 8, _SIZE, text_anchor=sides.anchor("start"), fill=svg.SOFT_INK)]
    for mark in marks:
        y = bottom - mark * per_value
        parts.append(
            svg.tag(
                "path", d=f"M{svg.number(left)} {svg.number(y)}H{svg.number(right)}", stroke="#dfe2e6", stroke_width=0.6
            )
        )
        words = format_number(mark, 0 if marks[1] >= 1 else 1)
        parts.append(
            svg.text(words, sides.x(_LEFT_PT - 4), y + 2.4, _SIZE, text_anchor=sides.anchor("end"), fill=svg.SOFT_INK)
        )
    for n, period in enumerate(periods):
        if not any(row["value"] for row in rows if row["period"] == period):
            parts += _unknown(left + n * step, step, bottom)
    parts += _stacks(sheet, rows, periods, left, step, bottom, per_value)
    parts.append(
        svg.tag(
            "path", d=f"M{svg.number(left)} {svg.number(bottom)}H{svg.number(right)}", stroke=svg.INK, stroke_width=0.8
        )
    )
    parts += period_labels(periods, left, step, bottom)
    return svg.document(WIDTH_PT, height_pt, parts)


def _unknown(left: float, width: float, bottom: float) -> Iterator[str]:
    """Yield the mark of a period without a figure, which is no bar of height 0."""
    yield svg.tag("rect", x=left, y=_TOP_PT, width=width, height=bottom - _TOP_PT, fill=_UNKNOWN)
    yield svg.text("?", left + width / 2, bottom - 4, _SIZE, text_anchor="middle", fill=svg.SOFT_INK)


def _stacks(
    sheet: Sheet,
    rows: list[dict[str, str]],
    periods: list[str],
    left: float,
    step: float,
    bottom: float,
    per_value: float,
) -> Iterator[str]:
    gap = max(min(step * 0.18, 6.0), step - _WIDEST_BAR_PT)
    reached = dict.fromkeys(periods, bottom)
    for row in sorted(rows, key=lambda row: int(row["class"])):
        height = _height(row) * per_value
        if height <= 0:
            continue
        reached[row["period"]] -= height
        x = left + periods.index(row["period"]) * step + gap / 2
        yield svg.tag(
            "rect",
            x=float(x),
            y=float(reached[row["period"]]),
            width=float(step - gap),
            height=float(height),
            fill=sheet.keys[int(row["class"])].colour,
        )


def _height(row: Mapping[str, str]) -> float:
    """Return the value of a bar, 0 where the figure is missing: there is no bar then."""
    return float(row["value"] or 0)


def period_labels(periods: list[str], left: float, step: float, bottom: float) -> Iterator[str]:
    """Yield as many labels as have room, at equal distances, none beyond the edges of the picture."""
    widest = max((svg.text_width(period, _SIZE) for period in periods), default=1.0) + 5
    every = max(1, math.ceil(widest / step))
    for n, period in enumerate(periods):
        if n % every == 0:
            half = svg.text_width(period, _SIZE) / 2
            middle = min(max(left + (n + 0.5) * step, half), WIDTH_PT - half)
            yield svg.text(period, middle, bottom + 11, _SIZE, text_anchor="middle")


def _ranking(sheet: Sheet) -> str:
    rows = [dict(zip(sheet.columns, row, strict=True)) for row in sheet.rows]
    highest = max((float(row["value"]) for row in rows), default=1.0) or 1.0
    is_count = all(float(row["value"]).is_integer() for row in rows)
    height = len(rows) * _BAR_PT + 16
    names = [_shortened(row["name"]) for row in rows]
    name_pt = max(_NAME_PT, *(svg.text_width(name, 7.6) + 6 for name in names), 0.0)
    per_value = (WIDTH_PT - name_pt - _VALUE_PT) / highest
    sides = sides_of_text()
    parts = [svg.text(sheet.axis, sides.x(name_pt), 8, _SIZE, text_anchor=sides.anchor("start"), fill=svg.SOFT_INK)]
    for n, row in enumerate(rows):
        top, value = 13 + n * _BAR_PT, float(row["value"])
        middle = top + _BAR_PT / 2
        length = max(value * per_value, 0.4)
        parts.append(svg.text(names[n], sides.x(name_pt - 6), middle + 2.6, 7.6, text_anchor=sides.anchor("end")))
        parts.append(
            svg.tag(
                "rect",
                x=sides.x(name_pt, length),
                y=float(top + 2),
                width=float(length),
                height=_BAR_PT - 4.5,
                fill=sheet.keys[int(row["class"])].colour,
            )
        )
        words = format_number(value, 0 if is_count else 2)
        parts.append(
            svg.text(words, sides.x(name_pt + length + 4), middle + 2.5, 7.2, text_anchor=sides.anchor("start"))
        )
    return svg.document(WIDTH_PT, height, parts)


def _shortened(name: str) -> str:
    return name if len(name) <= 44 else f"{name[:42]}..."

"""Maps of the province as SVG: filled districts, points or hexagons, names, borders and a scale."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from geo import districts
from geo.analysis.counting.hexagons import corners
from geo.figure import svg
from geo.figure.outlines import COUNTRY_LABELS, Outlines, build, in_plane, surroundings
from geo.figure.sheet import Key, Sheet

WIDTH_PT = 352.0
SOUTH_COLOUR = "#14181d"
# Outlines have vertices kilometres apart; this only drops points on nearly straight lines.
_TOLERANCE_M = 250.0
_MARGIN_PT = 10.0
_GROUND, _PLAIN, _BORDER = "#f3f2ee", "#ffffff", "#a9a296"
_SCALE_KM = (50, 100)
_NAME_SIZES = (6.6, 5.8, 5.2)
_SHIFTS_PT = (
    *((0, 0), (0, 5), (0, -5), (7, 0), (-7, 0), (7, 5), (-7, 5), (7, -5), (-7, -5)),
    *((0, 9), (0, -9), (0, 13), (0, -13), (20, 0), (-20, 0)),
)

Box = tuple[float, float, float, float]
Point = tuple[float, float]


@dataclass(frozen=True, eq=False)
class Frame:
    """Where a map stands on paper. west, north: of its left upper corner, km; scale: points a km."""

    west: float
    north: float
    scale: float
    height_pt: float

    def place(self, x_km: float, y_km: float) -> Point:
        """Return a point of the plane on the paper, in points from the left upper corner."""
        return (x_km - self.west) * self.scale, (self.north - y_km) * self.scale

    def path(self, geometry: dict[str, Any]) -> str:
        """Return the path of a GeoJSON polygon."""
        parts = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
        return svg.outline([self.place(*point) for point in ring] for part in parts for ring in part)


@cache
def base() -> tuple[Frame, Outlines, tuple[str, ...]]:
    """Return the frame of every map, the outlines, and the paths of the districts."""
    outlines = build(districts.load(), _TOLERANCE_M)
    points = np.array([point for geometry in outlines.geometries for point in _positions(geometry)])
    (west, south), (east, north) = points.min(axis=0), points.max(axis=0)
    scale = (WIDTH_PT - 2 * _MARGIN_PT) / (east - west)
    margin = _MARGIN_PT / scale
    frame = Frame(west - margin, north + margin, scale, (north - south) * scale + 2 * _MARGIN_PT)
    return frame, outlines, tuple(frame.path(geometry) for geometry in outlines.geometries)


def _positions(geometry: dict[str, Any]) -> Iterator[Point]:
    parts = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    for part in parts:
        yield from (point for ring in part for point in ring)


def draw(sheet: Sheet) -> str:
    """Return the map of a sheet of the form "districts" or "points" as SVG."""
    frame, outlines, paths = base()
    loaded = districts.load()
    pcodes = loaded.pcodes
    key_of = _keys_of_districts(sheet)
    taken: list[Box] = []
    badges = list(_badges(sheet, frame, outlines, pcodes, taken))
    parts = [
        "<defs>",
        *(_pattern(i, key) for i, key in enumerate(sheet.keys) if key.mark == "hatched"),
        "</defs>",
        svg.tag("rect", width=WIDTH_PT, height=frame.height_pt, fill=_GROUND),
        *_surroundings(sheet, frame, taken),
        *(
            svg.tag(
                "path", d=path, fill=_fill(sheet, key_of.get(pcode)), stroke=_district_line(sheet), stroke_width=0.5
            )
            for pcode, path in zip(pcodes, paths, strict=True)
        ),
        *_points(sheet, frame),
        *_outlined(sheet, frame, outlines, pcodes, paths),
        *_names(sheet, frame, outlines, pcodes, key_of, taken),
        *badges,
        *_scale(sheet, frame),
    ]
    return svg.document(WIDTH_PT, frame.height_pt, parts)


# --- districts ------------------------------------------------------------------------------------------


def _keys_of_districts(sheet: Sheet) -> dict[str, int]:
    if sheet.form != "districts":
        return {}
    found = zip(sheet.cells("pcode"), sheet.cells("class"), strict=True)
    return {pcode: int(key) for pcode, key in found if key}


def _fill(sheet: Sheet, key: int | None) -> str:
    if key is None:
        return _PLAIN
    return f"url(#hatch{key})" if sheet.keys[key].mark == "hatched" else sheet.keys[key].colour


def _pattern(i: int, key: Key) -> str:
    return svg.hatching(f"hatch{i}", key.colour or "#e3e3e3", "#9aa0a7" if key.ink == svg.INK else "#ffffff")


def _district_line(sheet: Sheet) -> str:
    return "#6f7680" if sheet.form == "districts" else "#b3b8be"


def _outlined(
    sheet: Sheet, frame: Frame, outlines: Outlines, pcodes: Sequence[str], paths: Sequence[str]
) -> Iterator[str]:
    """Yield the outline of the southern districts, those described, and those chosen."""
    plain = {"fill": "none", "stroke_linejoin": "round"}
    yield svg.tag("path", d=frame.path(outlines.south), stroke=SOUTH_COLOUR, stroke_width=1.1, **plain)
    for pcode, path in zip(pcodes, paths, strict=True):
        if pcode in sheet.dotted:
            yield svg.tag("path", d=path, stroke="#ffffff", stroke_width=2.2, **plain)
            yield svg.tag(
                "path",
                d=path,
                stroke="#14181d",
                stroke_width=1.3,
                stroke_dasharray="0.1 2.4",
                stroke_linecap="round",
                **plain,
            )
    for pcode, path in zip(pcodes, paths, strict=True):
        if pcode in sheet.chosen:
            yield svg.tag("path", d=path, stroke="#ffffff", stroke_width=3.6, **plain)
            yield svg.tag("path", d=path, stroke="#0b57c2", stroke_width=2.0, **plain)


def _names(
    sheet: Sheet, frame: Frame, outlines: Outlines, pcodes: Sequence[str], key_of: dict[str, int], taken: list[Box]
) -> Iterator[str]:
    """Yield the names of the districts, small ones first, each where it hits no other, else smaller or left out."""
    sizes = [_area(geometry) for geometry in outlines.geometries]
    for i in sorted(range(len(pcodes)), key=lambda i: (pcodes[i] not in sheet.chosen, sizes[i])):
        key = sheet.keys[key_of[pcodes[i]]] if pcodes[i] in key_of else None
        ink = key.ink if key else svg.INK
        halo = key.colour if key and key.colour else _PLAIN
        x, y = frame.place(*outlines.places[i])
        yield from _name(sheet.words.get(pcodes[i], pcodes[i]), x, y, ink, halo, taken)


def _name(name: str, x: float, y: float, ink: str, halo: str, taken: list[Box]) -> Iterator[str]:
    lines = _lines(name)
    for size in _NAME_SIZES:
        width, height = max(svg.text_width(line, size) for line in lines), len(lines) * size * 1.12
        for dx, dy in _SHIFTS_PT:
            box = (x + dx - width / 2, y + dy - height / 2, x + dx + width / 2, y + dy + height / 2)
            if any(_overlap(box, other) for other in taken):
                continue
            taken.append(box)
            for n, line in enumerate(lines):
                base_line = y + dy - height / 2 + size * (0.92 + 1.12 * n)
                yield svg.text(line, x + dx, base_line, size, halo=halo, fill=ink, text_anchor="middle")
            return


def _lines(name: str) -> list[str]:
    words = name.split()
    if len(words) == 1 or len(name) < 10:
        return [name]
    half = math.ceil(len(words) / 2)
    return [" ".join(words[:half]), " ".join(words[half:])]


def _overlap(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _area(geometry: dict[str, Any]) -> float:
    from shapely.geometry import shape

    return float(shape(geometry).area)


# --- points and numbers ---------------------------------------------------------------------------------


def _points(sheet: Sheet, frame: Frame) -> Iterator[str]:
    """Yield discs of near places below pins of exact ones, or hexagons."""
    if sheet.form != "points":
        return
    rows = [dict(zip(sheet.columns, row, strict=True)) for row in sheet.rows if row[0] != "district"]
    if not rows:
        return
    km = in_plane(np.array([float(row["lon"]) for row in rows]), np.array([float(row["lat"]) for row in rows]))
    placed = [(row, frame.place(x, y)) for row, (x, y) in zip(rows, km.tolist(), strict=True)]
    # Newest first in the rows, and drawn last, on top.
    for row, (x, y) in reversed(placed):
        if row["kind"] == "cell":
            yield _hexagon(row, frame, sheet.keys[int(row["class"])].colour)
        if row["kind"] == "near":
            yield svg.tag("circle", cx=x, cy=y, r=5.0, fill=sheet.keys[int(row["class"])].colour, fill_opacity=0.28)
    for row, (x, y) in reversed(placed):
        if row["kind"] == "exact":
            colour = sheet.keys[int(row["class"])].colour
            yield svg.tag("circle", cx=x, cy=y, r=1.9, fill=colour, stroke="#ffffff", stroke_width=0.45)


def _hexagon(row: dict[str, str], frame: Frame, colour: str) -> str:
    ring = [frame.place(x, y) for x, y in in_plane(*corners(float(row["lon"]), float(row["lat"]))).tolist()]
    edge = {"stroke": "#4a280a", "stroke_opacity": 0.35, "stroke_width": 0.5}
    return svg.tag("path", d=svg.outline([[*ring, ring[0]]]), fill=colour, fill_opacity=0.9, **edge)


def _badges(sheet: Sheet, frame: Frame, outlines: Outlines, pcodes: Sequence[str], taken: list[Box]) -> Iterator[str]:
    """Yield the numbers that are drawn in districts."""
    numbers = zip(sheet.cells("pcode"), sheet.cells("number"), strict=True)
    for pcode, n in numbers:
        if not n or pcode not in pcodes:
            continue
        x, y = frame.place(*outlines.places[pcodes.index(pcode)])
        size = 6.4
        width, height = svg.text_width(n, size) + 5, size + 3.2
        taken.append((x - width / 2, y - height / 2, x + width / 2, y + height / 2))
        yield svg.tag(
            "rect",
            x=float(x - width / 2),
            y=float(y - height / 2),
            width=float(width),
            height=height,
            rx=2.0,
            fill="#ffffff",
            stroke="#14181d",
            stroke_width=0.5,
        )
        yield svg.text(n, x, y + size * 0.36, size, font_weight="bold", text_anchor="middle")


# --- what surrounds the province ------------------------------------------------------------------------


def _surroundings(sheet: Sheet, frame: Frame, taken: list[Box]) -> Iterator[str]:
    """Yield the borders between countries and the names of countries that lie inside the frame."""
    for line in surroundings(districts.load())["country"]:
        lon, lat = np.array(line.coords).T
        points = [frame.place(x, y) for x, y in in_plane(lon, lat).tolist()]
        path = svg.outline([points], is_closed=False)
        yield svg.tag("path", d=path, fill="none", stroke=_BORDER, stroke_width=0.9, stroke_dasharray="4 2 1 2")
    for name, (lat_deg, lon_deg) in COUNTRY_LABELS.items():
        x, y = frame.place(*in_plane(np.array([lon_deg]), np.array([lat_deg]))[0].tolist())
        half = svg.text_width(name, 9) / 2
        if half < x < WIDTH_PT - half and 10 < y < frame.height_pt - 10:
            taken.append((x - half, y - 6, x + half, y + 6))
            words = sheet.words.get(name, name)
            yield svg.text(words, x, y + 3, 9, fill="#8b8578", text_anchor="middle", letter_spacing=0.6)


def _scale(sheet: Sheet, frame: Frame) -> Iterator[str]:
    """Yield the bar of the scale, at the right lower corner, where no district lies."""
    length = _SCALE_KM[-1] * frame.scale
    left, top = WIDTH_PT - length - 30, frame.height_pt - 14
    yield svg.tag("rect", x=left, y=top, width=length / 2, height=3.0, fill=svg.INK)
    yield svg.tag("rect", x=left, y=top, width=length, height=3.0, fill="none", stroke=svg.INK, stroke_width=0.6)
    for km in (0, *_SCALE_KM):
        words = sheet.words.get(f"km{km}", str(km))
        yield svg.text(words, left + km * frame.scale, top - 3, 6.5, text_anchor="middle")

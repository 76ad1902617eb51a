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
from geo.figure import surface, svg
from geo.figure.outlines import COUNTRY_LABELS, Outlines, build, in_plane, surroundings
from geo.figure.sheet import Form, Key, Sheet
from geo.shown_names import shown_name

WIDTH_PT = 352.0
SOUTH_COLOUR = "#14181d"
# Outlines have vertices kilometres apart; this only drops points on nearly straight lines.
_TOLERANCE_M = 250.0
_MARGIN_PT = 10.0
_AROUND = 0.14  # of the width, on each side of a district that a map is about
_GROUND, _PLAIN = "#f3f2ee", "#ffffff"
_AROUND_STYLES: dict[str, dict[str, object]] = {
    "country": {"fill": "none", "stroke": "#a9a296", "stroke_width": 0.9, "stroke_dasharray": "4 2 1 2"},
    "province": {"fill": "none", "stroke": "#cdc8be", "stroke_width": 0.6},
    "lake": {"fill": "#dbe6ee", "stroke": "#b9cbd8", "stroke_width": 0.4},
}
_SCALES_KM = (100, 50, 20, 10, 5)
_LEAST_NAMED_PT2 = 900.0
_MOST_TOWNS = 14
_BETWEEN_NAMES_PT = 2.5  # their halo needs it
_NAME_SIZES = (6.6, 5.8, 5.2)
_SHIFTS_PT = (
    *((0, 0), (0, 5), (0, -5), (7, 0), (-7, 0), (7, 5), (-7, 5), (7, -5), (-7, -5)),
    *((0, 9), (0, -9), (0, 13), (0, -13), (20, 0), (-20, 0)),
)

Box = tuple[float, float, float, float]
Point = tuple[float, float]


_NEAR_HEIGHT_PT = 380.0


@dataclass(frozen=True, eq=False)
class Frame:
    """Where a map stands on paper. west, north: of its left upper corner, km; scale: points a km.

    pcode: the district that the map is about, "" for the province.
    """

    west: float
    north: float
    scale: float
    width_pt: float
    height_pt: float
    pcode: str = ""

    @property
    def south(self) -> float:
        """Of its left lower corner, km."""
        return self.north - self.height_pt / self.scale

    def place(self, x_km: float, y_km: float) -> Point:
        """Return a point of the plane on the paper, in points from the left upper corner."""
        return (x_km - self.west) * self.scale, (self.north - y_km) * self.scale

    def path(self, geometry: dict[str, Any]) -> str:
        """Return the path of a GeoJSON polygon."""
        parts = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
        return svg.outline([self.place(*point) for point in ring] for part in parts for ring in part)


@cache
def outlines_of_maps() -> Outlines:
    """Return the outlines that maps of figures draw."""
    return build(districts.load(), _TOLERANCE_M)


@cache
def frame_of(width_pt: float = WIDTH_PT, height_pt: float = 0.0, pcode: str = "") -> Frame:
    """Return the frame of the province, or of one district with what lies around it.

    height_pt: 0 for as high as what is shown.
    """
    geometries = outlines_of_maps().geometries
    shown = [geometries[districts.load().pcodes.index(pcode)]] if pcode else geometries
    points = np.array([point for geometry in shown for point in _positions(geometry)])
    (west, south), (east, north) = points.min(axis=0), points.max(axis=0)
    margin_pt = _AROUND * width_pt if pcode else _MARGIN_PT
    scale = (width_pt - 2 * margin_pt) / (east - west)
    if height_pt:
        scale = min(scale, (height_pt - 2 * margin_pt) / (north - south))
    height = height_pt or (north - south) * scale + 2 * margin_pt
    middle_x, middle_y = (west + east) / 2, (south + north) / 2
    return Frame(middle_x - width_pt / scale / 2, middle_y + height / scale / 2, scale, width_pt, height, pcode)


def _positions(geometry: dict[str, Any]) -> Iterator[Point]:
    parts = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    for part in parts:
        yield from (point for ring in part for point in ring)


def draw(sheet: Sheet, frame: Frame | None = None, *, has_names: bool = True) -> str:
    """Return the map of a sheet of the form "districts" or "points" as SVG.

    frame: None for that of figures: the province, or the one district whose points are drawn.
    """
    if frame is None:
        pcode = sheet.chosen[0] if is_near(sheet.form, sheet.chosen) else ""
        frame = frame_of(height_pt=_NEAR_HEIGHT_PT, pcode=pcode) if pcode else frame_of()
    outlines = outlines_of_maps()
    paths = tuple(frame.path(geometry) for geometry in outlines.geometries)
    pcodes = districts.load().pcodes
    key_of = _keys_of_districts(sheet)
    taken: list[Box] = [_scale_box(frame)]
    badges = list(_badges(sheet, frame, outlines, pcodes, taken))
    parts = [
        patterns(sheet),
        svg.tag("rect", width=frame.width_pt, height=frame.height_pt, fill=_GROUND),
        *_surroundings(sheet, frame, taken, has_names=has_names),
        *(
            svg.tag(
                "path", d=path, fill=fill_of(sheet, key_of.get(pcode)), stroke=_district_line(sheet), stroke_width=0.5
            )
            for pcode, path in zip(pcodes, paths, strict=True)
        ),
        *_points(sheet, frame),
        *_outlined(sheet, frame, outlines, pcodes, paths),
        *(_names(sheet, frame, outlines, pcodes, key_of, taken) if has_names else ()),
        *(_towns(frame, taken) if frame.pcode else ()),
        *badges,
        *_scale(sheet, frame),
    ]
    return svg.document(frame.width_pt, frame.height_pt, parts)


# --- districts ------------------------------------------------------------------------------------------


def is_near(form: Form, chosen: Sequence[str]) -> bool:
    """Return whether a figure shows one district and what lies around it, with its towns."""
    return form == "points" and len(chosen) == 1


def _keys_of_districts(sheet: Sheet) -> dict[str, int]:
    if sheet.form != "districts":
        return {}
    found = zip(sheet.cells("pcode"), sheet.cells("class"), strict=True)
    return {pcode: int(key) for pcode, key in found if key}


def fill_of(sheet: Sheet, key: int | None) -> str:
    """Return the fill of a district by the position of its key, of no key the ground."""
    if key is None:
        return _PLAIN
    return f"url(#hatch{key})" if sheet.keys[key].mark == "hatched" else sheet.keys[key].colour


def patterns(sheet: Sheet) -> str:
    """Return the definitions of the hatchings that `fill_of` names."""
    found = (_pattern(i, key) for i, key in enumerate(sheet.keys) if key.mark == "hatched")
    return f"<defs>{''.join(found)}</defs>"


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
    sizes = [_shape(geometry).area for geometry in outlines.geometries]
    for i in sorted(range(len(pcodes)), key=lambda i: (pcodes[i] not in sheet.chosen, sizes[i])):
        key = sheet.keys[key_of[pcodes[i]]] if pcodes[i] in key_of else None
        ink = key.ink if key else svg.INK
        halo = key.colour if key and key.colour else _PLAIN
        place = _visible_place(frame, outlines, i)
        if place is not None:
            yield from _name(sheet.words.get(pcodes[i], pcodes[i]), *frame.place(*place), ink, halo, frame, taken)


def _visible_place(frame: Frame, outlines: Outlines, i: int) -> Point | None:
    """Return where the name of a district may stand, in km: inside the part of it that the frame shows, if any."""
    import shapely

    inside = shapely.box(frame.west, frame.south, frame.west + frame.width_pt / frame.scale, frame.north)
    if inside.buffer(-_MARGIN_PT / frame.scale).contains(shapely.Point(outlines.places[i])):
        return outlines.places[i]
    part = shapely.intersection(_shape(outlines.geometries[i]), inside)
    if part.area * frame.scale**2 < _LEAST_NAMED_PT2:
        return None
    x, y = shapely.maximum_inscribed_circle(part).coords[0]
    return x, y


def _towns(frame: Frame, taken: list[Box]) -> Iterator[str]:
    """Yield the largest towns of a map around a district as small squares with their names, where there is room."""
    known = sorted(districts.load().towns, key=lambda town: (-(town.population or 0), town.name))
    km = in_plane(np.array([town.lon for town in known]), np.array([town.lat for town in known]))
    n = 0
    for town, (x_km, y_km) in zip(known, km.tolist(), strict=True):
        name = shown_name(town.name)
        x, y = frame.place(x_km, y_km)
        width = svg.text_width(name, 5.8)
        box = (x - 2, y - 4, x + width + 6, y + 4)
        is_inside = 4 < x < frame.width_pt - width - 8 and 6 < y < frame.height_pt - 6
        if not is_inside or any(_overlap(box, other) for other in taken) or n == _MOST_TOWNS:
            continue
        n += 1
        taken.append(box)
        yield svg.tag("rect", x=x - 1.1, y=y - 1.1, width=2.2, height=2.2, fill=svg.SOFT_INK)
        yield svg.text(name, x + 3.2, y + 2.1, 5.8, halo=_PLAIN, fill=svg.SOFT_INK)


def _name(name: str, x: float, y: float, ink: str, halo: str, frame: Frame, taken: list[Box]) -> Iterator[str]:
    lines = _lines(name)
    for size in _NAME_SIZES:
        width = max(svg.text_width(line, size) for line in lines) + _BETWEEN_NAMES_PT
        height = len(lines) * size * 1.12
        for dx, dy in _SHIFTS_PT:
            box = (x + dx - width / 2, y + dy - height / 2, x + dx + width / 2, y + dy + height / 2)
            if any(_overlap(box, other) for other in taken) or not _is_inside(box, frame):
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


def _is_inside(box: Box, frame: Frame) -> bool:
    return box[0] > 1 and box[1] > 1 and box[2] < frame.width_pt - 1 and box[3] < frame.height_pt - 1


def _overlap(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _shape(geometry: dict[str, Any]) -> Any:
    from shapely.geometry import shape

    return shape(geometry)


# --- points and numbers ---------------------------------------------------------------------------------


def _points(sheet: Sheet, frame: Frame) -> Iterator[str]:
    """Yield discs of near places below pins of exact ones, or hexagons."""
    if sheet.form == "surface":
        yield from surface.draw(sheet, frame)
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


@cache
def _lines_around() -> tuple[tuple[str, list[Point]], ...]:
    """Return (kind, line in the plane, km) of the borders and lakes around the province."""
    found = []
    for kind, lines in surroundings(districts.load()).items():
        for line in lines:
            lon, lat = np.array(line.coords).T
            found.append((kind, [(x, y) for x, y in in_plane(lon, lat).tolist()]))
    return tuple(found)


def _surroundings(sheet: Sheet, frame: Frame, taken: list[Box], *, has_names: bool) -> Iterator[str]:
    """Yield borders and lakes, and the names of countries that lie inside the frame."""
    for kind, line in _lines_around():
        path = svg.outline([[frame.place(x, y) for x, y in line]], is_closed=False)
        yield svg.tag("path", d=path, **_AROUND_STYLES[kind])
    for name, (lat_deg, lon_deg) in COUNTRY_LABELS.items() if has_names else ():
        x, y = frame.place(*in_plane(np.array([lon_deg]), np.array([lat_deg]))[0].tolist())
        half = svg.text_width(name, 9) / 2
        if half < x < frame.width_pt - half and 10 < y < frame.height_pt - 10:
            taken.append((x - half, y - 6, x + half, y + 6))
            words = sheet.words.get(name, name)
            yield svg.text(words, x, y + 3, 9, fill="#8b8578", text_anchor="middle", letter_spacing=0.6)


def _scale_length(frame: Frame) -> int:
    """Return how many km the bar of the scale stands for: the longest that has room."""
    return next((km for km in _SCALES_KM if km * frame.scale < 0.3 * frame.width_pt), _SCALES_KM[-1])


def _scale_box(frame: Frame) -> Box:
    left = frame.width_pt - _scale_length(frame) * frame.scale - 34
    return left, frame.height_pt - 23, frame.width_pt, frame.height_pt


def _scale(sheet: Sheet, frame: Frame) -> Iterator[str]:
    """Yield the bar of the scale at the right lower corner."""
    km = _scale_length(frame)
    length = km * frame.scale
    box, left, top = _scale_box(frame), frame.width_pt - length - 26, frame.height_pt - 12
    ground = {"fill": _GROUND, "fill_opacity": 0.85}
    yield svg.tag("rect", x=box[0], y=box[1], width=length + 32, height=18.0, rx=2.0, **ground)
    yield svg.tag("rect", x=left, y=top, width=length / 2, height=2.6, fill=svg.INK)
    yield svg.tag("rect", x=left, y=top, width=length, height=2.6, fill="none", stroke=svg.INK, stroke_width=0.6)
    yield svg.text("0", left, top - 3, 6.2, text_anchor="middle")
    words = sheet.words.get("km", "{n}").replace("{n}", f"{km}")
    yield svg.text(words, left + length, top - 3, 6.2, text_anchor="middle")

"""One small map a year with the same classes, as SVG: colour and letter of each district, the outline of the south."""

from __future__ import annotations

from geo import districts
from geo.figure import svg
from geo.figure.maps import SOUTH_COLOUR, Frame, fill_of, frame_of, outlines_of_maps, patterns
from geo.figure.sheet import Sheet

WIDTH_PT = 540.0
_GAP_PT, _TITLE_PT, _LETTER_PT = 10.0, 13.0, 5.4
_WIDEST_PT, _MOST_IN_A_ROW = 124.0, 6


def draw(sheet: Sheet) -> str:
    """Return the maps of a sheet of the form "years", in rows of equal maps."""
    years = list(dict.fromkeys(sheet.cells("period")))
    n_across = min(_MOST_IN_A_ROW, max(4, -(-len(years) // 2)))
    width = min(_WIDEST_PT, (WIDTH_PT - (n_across - 1) * _GAP_PT) / n_across)
    frame = frame_of(width)
    step_y = frame.height_pt + _TITLE_PT + _GAP_PT / 2
    parts = [patterns(sheet)]
    for n, year in enumerate(years):
        left, top = (n % n_across) * (width + _GAP_PT), (n // n_across) * step_y
        parts.append(svg.text(year, left + width / 2, top + 8, 8.0, font_weight="bold", text_anchor="middle"))
        parts.append(f'<g transform="translate({svg.number(left)} {svg.number(top + _TITLE_PT)})">')
        parts += _map(sheet, year, frame)
        parts.append("</g>")
    return svg.document(WIDTH_PT, -(-len(years) // n_across) * step_y, parts)


def _map(sheet: Sheet, year: str, frame: Frame) -> list[str]:
    outlines, pcodes = outlines_of_maps(), districts.load().pcodes
    rows = [dict(zip(sheet.columns, row, strict=True)) for row in sheet.rows]
    found = {row["pcode"]: row for row in rows if row["period"] == year}
    parts, letters = [], []
    for pcode, geometry, place in zip(pcodes, outlines.geometries, outlines.places, strict=True):
        position = int(found[pcode]["class"])
        key, fill = sheet.keys[position], fill_of(sheet, position)
        parts.append(svg.tag("path", d=frame.path(geometry), fill=fill, stroke="#8b8f95", stroke_width=0.3))
        if letter := found[pcode]["letter"]:
            x, y = frame.place(*place)
            bold = {"font_weight": "bold", "text_anchor": "middle"}
            letters.append(svg.text(letter, x, y + 2, _LETTER_PT, fill=key.ink, **bold))
    south = {"fill": "none", "stroke": SOUTH_COLOUR, "stroke_width": 0.8, "stroke_linejoin": "round"}
    return [*parts, svg.tag("path", d=frame.path(outlines.south), **south), *letters]

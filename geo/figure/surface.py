"""A smoothed surface as SVG: cells of equal size in the plane of the maps, neighbours of one class in one rectangle."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING

from geo.analysis.counting.surface import CELL_KM
from geo.figure import svg
from geo.figure.sheet import Sheet

if TYPE_CHECKING:
    from geo.figure.maps import Frame


def draw(sheet: Sheet, frame: Frame) -> Iterator[str]:
    """Yield the cells of a sheet of the form "surface", which stand in it row by row from west to east."""
    rows = [dict(zip(sheet.columns, row, strict=True)) for row in sheet.rows if row[0] == "cell"]
    cells = [(float(row["y_km"]), int(row["class"]), float(row["x_km"])) for row in rows]
    side = CELL_KM * frame.scale
    for (y_km, key), same in groupby(cells, key=lambda cell: cell[:2]):
        for left_km, n in _runs([x_km for _y, _key, x_km in same]):
            x, y = frame.place(left_km - CELL_KM / 2, y_km + CELL_KM / 2)
            colour = sheet.keys[key].colour
            yield svg.tag("rect", x=x, y=y, width=n * side, height=side + 0.05, fill=colour, fill_opacity=0.85)


def _runs(places: list[float]) -> Iterator[tuple[float, int]]:
    """Yield (first place, number of cells) of each run of cells without a gap."""
    first, n = places[0], 0
    for x_km in places:
        if n and x_km - (first + (n - 1) * CELL_KM) > 1.5 * CELL_KM:
            yield first, n
            first, n = x_km, 0
        n += 1
    yield first, n

"""Incidents in hexagons of fixed size on the ground: the cells of the map of points, on screen and on paper.

The grid lies in the plane of Web Mercator (the world as the unit square), in which the browser draws it too, so both
count the same incidents in the same cells.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

WIDTH_KM = 20.0  # from side to side, at the middle latitude of the province
_EQUATOR_KM = 40_075.017
Floats = NDArray[np.float64]


def hexagons(lon_deg: Floats, lat_deg: Floats) -> tuple[Floats, Floats, NDArray[np.int64]]:
    """Return middle (degrees, EPSG:4326) and number of incidents of each hexagon that holds any, all of shape (cells,).

    lon_deg, lat_deg: float64, shape (n,), EPSG:4326.
    """
    width = width_of_world()
    row_height = width * np.sqrt(3) / 2
    row, column = _nearest(_world_x(lon_deg) / width, _world_y(lat_deg) / row_height)
    cells, counts = np.unique(np.column_stack([row, column]), axis=0, return_counts=True)
    x = (cells[:, 1] + (cells[:, 0] & 1) / 2) * width
    return x * 360 - 180, _lat_of(cells[:, 0] * row_height), counts.astype(np.int64)


def corners(lon_deg: float, lat_deg: float) -> tuple[Floats, Floats]:
    """Return the six corners of the hexagon around a middle: longitudes and latitudes in degrees, shape (6,)."""
    angle = (np.arange(6) + 0.5) * np.pi / 3
    radius = width_of_world() / np.sqrt(3)
    x = _world_x(np.array([lon_deg])) + radius * np.cos(angle)
    y = _world_y(np.array([lat_deg])) + radius * np.sin(angle)
    return x * 360 - 180, _lat_of(y)


@cache
def width_of_world() -> float:
    """Return the width of a hexagon, as a part of the world's width."""
    import shapely

    from geo import districts

    _west, south, _east, north = shapely.total_bounds(districts.load().polygons)
    middle = _lat_of(_world_y(np.array([south, north])).mean())
    return float(WIDTH_KM / (_EQUATOR_KM * np.cos(np.radians(middle))))


def _nearest(x: Floats, y: Floats) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return row and column of the nearest centre; x in widths, y in heights of rows (sqrt(3)/2 widths)."""
    low = np.floor(y).astype(np.int64)
    rows = np.stack([low, low + 1])
    columns = np.floor(x - (rows & 1) / 2 + 0.5).astype(np.int64)  # halves upwards, as Math.round does
    distance = (x - columns - (rows & 1) / 2) ** 2 + 0.75 * (y - rows) ** 2
    choice = (distance[1] < distance[0]).astype(np.int64)
    at = np.arange(len(low))
    return rows[choice, at], columns[choice, at]


def _world_x(lon_deg: Floats) -> Floats:
    return (lon_deg + 180) / 360


def _world_y(lat_deg: Floats) -> Floats:
    return 0.5 - np.log(np.tan(np.pi / 4 + np.radians(lat_deg) / 2)) / (2 * np.pi)


def _lat_of(y: Floats) -> Floats:
    return np.degrees(2 * np.arctan(np.exp((0.5 - y) * 2 * np.pi)) - np.pi / 2)

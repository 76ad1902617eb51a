"""Points so close to a border between districts that their coordinates do not decide between the two."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from geo.analysis.locating.border import Projection, local_projection
from geo.incidents import NOT_LOCATED, IncidentTable, has_place

if TYPE_CHECKING:
    from geo.districts import Districts

# The outlines are generalised, and a point of a town is its centre: Bara town is drawn 1.8 km inside Peshawar.
NEAR_BORDER_M = 2_000.0
# An exact point is within about 5 km of its place: farther outside, point and district do not belong together.
FAR_OUTSIDE_M = 5_000.0


def districts_near(
    lon: NDArray[np.float64], lat: NDArray[np.float64], districts: Districts, limit_m: float = NEAR_BORDER_M
) -> tuple[NDArray[np.int8], NDArray[np.int8]]:
    """Return the nearest and the second nearest district at most limit_m from each point: positions, both int8 (n,).

    lon, lat: degrees, EPSG:4326, NaN for no point. NOT_LOCATED where there is none; the nearest is the one that holds
    the point, if any does.
    """
    import shapely

    tree, project = _projected(districts)
    points = shapely.points(np.column_stack(project.transform(lon, lat)))
    points[~(np.isfinite(lon) & np.isfinite(lat))] = None
    point, unit = tree.query(points, predicate="dwithin", distance=limit_m)
    distance_m = shapely.distance(points[point], tree.geometries[unit])
    order = np.lexsort((unit, distance_m, point))
    point, unit = point[order], unit[order]
    found = np.full((2, len(lon)), NOT_LOCATED, dtype=np.int8)
    # In order of distance: the place of each entry among those of its point.
    rank = np.arange(len(point)) - np.searchsorted(point, point)
    for place in (0, 1):
        found[place, point[rank == place]] = unit[rank == place]
    return found[0], found[1]


def across_border(
    lon: NDArray[np.float64], lat: NDArray[np.float64], counted: NDArray[np.integer[Any]], districts: Districts
) -> NDArray[np.int8]:
    """Return the other district at most NEAR_BORDER_M from each point, NOT_LOCATED for none: positions, int8 (n,).

    lon, lat: degrees, EPSG:4326. counted: the district that counts each point, below zero for none; a point that is
    not near its own district is near no border of it.
    """
    first, second = districts_near(lon, lat, districts)
    other = np.where(first == counted, second, first)
    is_own = distance_m(lon, lat, counted, districts) <= NEAR_BORDER_M
    return np.where(is_own, other, NOT_LOCATED).astype(np.int8)


def outside_km(table: IncidentTable, positions: NDArray[np.int64], districts: Districts) -> NDArray[np.int64]:
    """Return how far incidents drawn as points lie outside the district that counts them: whole km, shape (positions,).

    0 within FAR_OUTSIDE_M of it, and for what no map draws as a point.
    """
    rows = table.details["is_district_conflict"].take(positions).to_numpy(zero_copy_only=False).astype(bool)
    rows &= has_place(table)[positions]
    at = positions[rows]
    metres = np.zeros(len(positions))
    metres[rows] = np.nan_to_num(distance_m(table.lon[at], table.lat[at], table.district[at], districts))
    return np.where(metres > FAR_OUTSIDE_M, np.rint(metres / 1000), 0).astype(np.int64)


def distance_m(
    lon: NDArray[np.float64], lat: NDArray[np.float64], unit: NDArray[np.integer[Any]], districts: Districts
) -> NDArray[np.float64]:
    """Return the distance of each point from one district, 0 within it: metres, shape (n,), NaN where one is missing.

    lon, lat: degrees, EPSG:4326. unit: positions of districts, below zero for none; shape (n,).
    """
    import shapely

    tree, project = _projected(districts)
    known = np.flatnonzero(np.isfinite(lon) & np.isfinite(lat) & (unit >= 0))
    points = shapely.points(*project.transform(lon[known], lat[known]))
    metres = np.full(len(lon), np.nan)
    metres[known] = shapely.distance(tree.geometries[unit[known]], points)
    return metres


@lru_cache(maxsize=2)
def _projected(districts: Districts) -> tuple[Any, Projection]:
    """Return a tree of the outlines in metres and the projection from degrees."""
    import shapely

    project = local_projection(districts.polygons)
    outlines = shapely.transform(districts.polygons, project.transform, interleaved=False)
    return shapely.STRtree(outlines), project

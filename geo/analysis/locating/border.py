"""Distances to borders in metres: which unit is nearest to a point outside all units."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo.incidents import OUTSIDE

Codes = NDArray[np.int8]
Floats = NDArray[np.float64]
UNDECIDED = 127  # an answer that needs the exact test
_LEAST_EARTH_RADIUS_M = 6_335_000.0  # smallest radius of curvature of WGS84


@dataclass(frozen=True, slots=True)
class Projection:
    """From degrees (longitude, latitude; EPSG:4326) to metres. definition: in the words of PROJ, on WGS84."""

    definition: str

    def transform(self, lon: Any, lat: Any) -> tuple[Floats, Floats]:
        """Return metres to the east and to the north, each of shape (n,); NaN for NaN, inf for no place on Earth.

        pyproj.Transformer would be built anew in each thread, 15 ms, and every run of a page is a thread of its own.
        """
        from pyproj import Proj

        east, north = Proj(self.definition)(lon, lat)
        return east, north


def local_projection(polygons: NDArray[np.object_]) -> Projection:
    """Return a projection to metres around polygons in degrees.

    Lambert's azimuthal projection around the middle of the bounds (WGS84): 400 km from there a kilometre measures
    at most half a metre too long or too short.
    """
    import shapely

    west, south, east, north = shapely.total_bounds(polygons)
    return Projection(f"+proj=laea +lon_0={(west + east) / 2} +lat_0={(south + north) / 2} +ellps=WGS84")


@dataclass(frozen=True, slots=True, eq=False)
class Border:
    """The outlines of all units, projected.

    outlines: shapely lines in metres, one a unit, shape (units,). tree: shapely.STRtree of them. stretch: the most by
    which the projection lengthens a distance (1 / cos c/2 at c radians from the middle).
    """

    outlines: NDArray[np.object_]
    tree: Any
    project: Projection
    stretch: float

    @classmethod
    def of(cls, polygons: NDArray[np.object_]) -> Border:
        """Return the borders of polygons in degrees (EPSG:4326)."""
        import shapely

        project = local_projection(polygons)
        outlines = shapely.transform(shapely.boundary(polygons), project.transform, interleaved=False)
        half_angle = np.arcsin(np.hypot(*shapely.get_coordinates(outlines).T).max() / (2 * _LEAST_EARTH_RADIUS_M))
        return cls(outlines, shapely.STRtree(outlines), project, float(1 / np.cos(half_angle)))

    def nearest(self, lon: Floats, lat: Floats, limit_m: float) -> Codes:
        """Return the unit with the nearest border at most limit_m away, else OUTSIDE: int8, shape (n,).

        Units equally near to the millimetre: the lowest position.
        """
        return self._two_nearest(lon, lat, limit_m)[0]

    def nearest_around(self, lon: Floats, lat: Floats, limit_m: float, radius_m: float) -> Codes:
        """Return the answer of `nearest` for every point at most radius_m from each given one: int8, shape (n,).

        UNDECIDED where the answers may differ, which is decided with a millimetre to spare.
        """
        radius_mm = radius_m * self.stretch * 1000.0 + 1.0
        unit, first_mm, second_mm = self._two_nearest(lon, lat, limit_m + radius_mm / 1000.0)
        is_certain = (first_mm + radius_mm < limit_m * 1000.0) & (second_mm > first_mm + 2 * radius_mm)
        return np.where(is_certain | (unit == OUTSIDE), unit, UNDECIDED).astype(np.int8)

    def _two_nearest(self, lon: Floats, lat: Floats, limit_m: float) -> tuple[Codes, Floats, Floats]:
        """Return the nearest unit, its distance and that of the nearest other unit (mm, inf beyond the limit)."""
        import shapely

        at = shapely.points(*self.project.transform(lon, lat))
        point, unit = self.tree.query(at, predicate="dwithin", distance=limit_m)
        distance_mm = np.rint(shapely.distance(at[point], self.outlines[unit]) * 1000.0)
        order = np.lexsort((unit, distance_mm, point))
        point, unit, distance_mm = point[order], unit[order], distance_mm[order]
        first, first_mm = np.full(len(lon), OUTSIDE, dtype=np.int8), np.full(len(lon), np.inf)
        second_mm = first_mm.copy()
        rows, at_first = np.unique(point, return_index=True)
        first[rows], first_mm[rows] = unit[at_first], distance_mm[at_first]
        is_other = unit != first[point]
        rows, at_second = np.unique(point[is_other], return_index=True)
        second_mm[rows] = distance_mm[is_other][at_second]
        return first, first_mm, second_mm

"""The districts in a plane, simplified: what small static maps draw."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from geo.districts import Districts

# Albers equal-area conic for the province, metres.
_PLANE = "+proj=aea +lat_1=32 +lat_2=36 +lat_0=34 +lon_0=71.5 +datum=WGS84 +units=m"
# Less than a pixel and a half at the sizes in which they are drawn.
_TOLERANCE_M = 2_000.0


@dataclass(frozen=True, slots=True, eq=False)
class Outlines:
    """Outlines and inner points in the plane, in km east and north of 71.5 E, 34 N, in the order of the P-codes.

    geometries: GeoJSON geometries of the districts. places: one inner point each. south: GeoJSON geometry around
    the southern districts.
    """

    geometries: tuple[dict[str, Any], ...]
    places: tuple[tuple[float, float], ...]
    south: dict[str, Any]


def build(districts: Districts) -> Outlines:
    """Return the outlines of the districts; common borders stay common."""
    import shapely

    from geo.districts import SOUTHERN_DIVISIONS

    plane = districts.frame.geometry.to_crs(_PLANE).to_numpy()
    simple = shapely.coverage_simplify(plane, _TOLERANCE_M)
    in_km = shapely.transform(simple, lambda metres: np.round(metres / 1_000.0, 1))
    centres = [shapely.maximum_inscribed_circle(polygon).coords[0] for polygon in in_km]
    south = shapely.coverage_union_all(simple[np.isin(districts.divisions, SOUTHERN_DIVISIONS)])
    return Outlines(
        geometries=tuple(shapely.geometry.mapping(polygon) for polygon in in_km),
        places=tuple((round(x, 1), round(y, 1)) for x, y in centres),
        south=shapely.geometry.mapping(shapely.transform(south, lambda metres: np.round(metres / 1_000.0, 1))),
    )

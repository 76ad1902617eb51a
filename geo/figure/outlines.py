"""The districts in a plane, simplified, and what lies around them: what small static maps and figures draw."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from geo import districts as geo_districts
from geo.figure.sheet import HASH_LENGTH
from geo.wording import N_

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from geo.districts import Districts

# Albers equal-area conic for the province, metres.
_PLANE = "+proj=aea +lat_1=32 +lat_2=36 +lat_0=34 +lon_0=71.5 +datum=WGS84 +units=m"
# Of small maps on a page: less than a pixel and a half at the sizes in which they are drawn.
SMALL_TOLERANCE_M = 2_000.0
# Where each country's name is written, (latitude, longitude) in degrees; a name, not a claim about a border.
COUNTRY_LABELS: dict[str, tuple[float, float]] = {
    N_("Afghanistan"): (34.85, 69.9),
    N_("Pakistan"): (32.1, 72.75),
    N_("India"): (32.7, 75.25),
    N_("China"): (37.35, 75.35),
    N_("Tajikistan"): (37.75, 72.3),
}
# District outlines have four decimals; a tolerance below that only drops the window's own edge.
_WINDOW_EDGE_DEG = 0.002
_BESIDE_PROVINCE_DEG = 0.12


@dataclass(frozen=True, slots=True, eq=False)
class Outlines:
    """Outlines and inner points in the plane, in km east and north of 71.5 E, 34 N, in the order of the P-codes.

    geometries: GeoJSON geometries of the districts. places: one inner point each. south: GeoJSON geometry around
    the southern districts.
    """

    geometries: tuple[dict[str, Any], ...]
    places: tuple[tuple[float, float], ...]
    south: dict[str, Any]


def build(districts: Districts, tolerance_m: float = SMALL_TOLERANCE_M) -> Outlines:
    """Return the outlines of the districts, simplified by a tolerance in metres; common borders stay common."""
    import shapely

    from geo.districts import SOUTHERN_DIVISIONS

    plane = districts.frame.geometry.to_crs(_PLANE).to_numpy()
    simple = shapely.coverage_simplify(plane, tolerance_m)
    in_km = shapely.transform(simple, lambda metres: np.round(metres / 1_000.0, 1))
    centres = [shapely.maximum_inscribed_circle(polygon).coords[0] for polygon in in_km]
    south = shapely.coverage_union_all(simple[np.isin(districts.divisions, SOUTHERN_DIVISIONS)])
    return Outlines(
        geometries=tuple(shapely.geometry.mapping(polygon) for polygon in in_km),
        places=tuple((round(x, 1), round(y, 1)) for x, y in centres),
        south=shapely.geometry.mapping(shapely.transform(south, lambda metres: np.round(metres / 1_000.0, 1))),
    )


@cache
def _project() -> Callable[..., Any]:
    from pyproj import Transformer

    transform: Callable[..., Any] = Transformer.from_crs("EPSG:4326", _PLANE, always_xy=True).transform
    return transform


def in_plane(lon_deg: NDArray[np.float64], lat_deg: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return points (degrees, EPSG:4326) in the plane of `Outlines`: float64, shape (n, 2), km, one decimal."""
    east_m, north_m = _project()(lon_deg, lat_deg)
    return np.round(np.column_stack([east_m, north_m]) / 1_000.0, 1)


def country_borders(districts: Districts) -> list[BaseGeometry]:
    """Return the lines between countries in degrees, without the edges of the window the outlines were cut with.

    Along the province they are left out: two drawings of one border, of different scale, would lie side by side.
    """
    import shapely
    from shapely.geometry import shape

    shapes = [shape(feature["geometry"]) for feature in districts.context_geojson["features"]]
    inside = shapely.box(*shapely.total_bounds(shapes)).buffer(-_WINDOW_EDGE_DEG)
    province = shapely.coverage_union_all(districts.polygons).buffer(_BESIDE_PROVINCE_DEG)
    lines = shapely.union_all([geometry.boundary for geometry in shapes]).intersection(inside).difference(province)
    return list(getattr(shapely.line_merge(lines), "geoms", [lines]))


def version_of_outlines() -> str:
    """Return a code of the file of outlines that figures are drawn with."""
    return geo_districts.load().boundary_sha256[:HASH_LENGTH]

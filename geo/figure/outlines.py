"""The districts in a plane, simplified, and what lies around them: what small static maps and figures draw."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from geo import districts as geo_districts
from geo.figure.sheet import HASH_LENGTH, digest
from geo.wording import N_

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from geo.districts import Districts

# Albers equal-area conic for the province, metres.
_PLANE = "+proj=aea +lat_1=32 +lat_2=36 +lat_0=34 +lon_0=71.5 +datum=WGS84 +units=m"
# Of small maps on a page: less than a pixel and a half at the sizes in which they are drawn.
SMALL_TOLERANCE_M = 2_000.0
# Where names around the province are written: latitude and longitude in degrees, and the zoom from which they are
# shown. Names, not claims about borders.
AROUND: tuple[tuple[str, float, float, float], ...] = (
    (N_("Afghanistan"), 34.85, 69.9, 0),
    (N_("Afghanistan"), 33.2, 69.52, 7.5),
    (N_("Pakistan"), 32.1, 72.75, 0),
    (N_("India"), 32.7, 75.25, 0),
    (N_("China"), 37.35, 75.35, 0),
    (N_("Tajikistan"), 37.75, 72.3, 0),
    (N_("Punjab"), 31.27, 71.05, 7.5),
    (N_("Balochistan"), 31.22, 69.9, 7.5),
)
# What a map of the whole province writes.
COUNTRY_LABELS = {name: (lat, lon) for name, lat, lon, from_zoom in AROUND if not from_zoom}
# The lines have three decimals; a tolerance below that only drops the window's own edge.
_WINDOW_EDGE_DEG = 0.002
_BESIDE_PROVINCE_DEG = 0.06


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


def surroundings(districts: Districts) -> dict[str, list[BaseGeometry]]:
    """Return the lines around the province in degrees by kind ("country", "province", "lake").

    Edges of the window they were cut with are left out. So are borders along the province and in it: two drawings of
    one border would lie side by side.
    """
    import shapely
    from shapely.geometry import shape

    shapes = {f["properties"]["kind"]: shape(f["geometry"]) for f in districts.context_geojson["features"]}
    inside = shapely.box(*shapely.total_bounds(list(shapes.values()))).buffer(-_WINDOW_EDGE_DEG)
    province = shapely.coverage_union_all(districts.polygons).buffer(_BESIDE_PROVINCE_DEG)
    return {kind: _lines(geometry, inside, province if kind != "lake" else None) for kind, geometry in shapes.items()}


def _lines(geometry: BaseGeometry, inside: BaseGeometry, without: BaseGeometry | None) -> list[BaseGeometry]:
    """Return the lines of a geometry inside an area, outlines of polygons as closed lines."""
    import shapely

    lines = geometry.boundary if geometry.geom_type == "MultiPolygon" else geometry
    lines = lines.intersection(inside)
    merged = shapely.line_merge(lines if without is None else lines.difference(without))
    return list(getattr(merged, "geoms", [merged]))


def version_of_outlines() -> str:
    """Return a code of the outlines, lines around them and towns that figures are drawn with."""
    loaded = geo_districts.load()
    return digest(f"{loaded.boundary_sha256}{loaded.context_text}{loaded.towns!r}")[:HASH_LENGTH]

"""What every map shows and no filter changes: district outlines, names, borders, towns, credits."""

from __future__ import annotations

import csv
import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geo.settings import DATA_DIR

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

SOUTHERN_DIVISIONS: tuple[str, ...] = ("Bannu", "Dera Ismail Khan")
CREDITS: tuple[str, ...] = (
    "Districts: OCHA/WFP COD-AB Pakistan, CC BY 3.0 IGO, modified.",
    "Towns: GeoNames, CC BY 4.0. Neighbouring countries: Natural Earth. Map: Leaflet.",
    "Boundaries and names shown are not authoritative.",
)
# Where the names of the countries stand, (latitude, longitude) in degrees; a name, not a claim about a border.
_COUNTRY_LABELS: dict[str, tuple[float, float]] = {
    "Afghanistan": (34.4, 69.35),
    "Pakistan": (32.1, 72.75),
    "India": (32.7, 75.25),
    "China": (37.35, 75.35),
    "Tajikistan": (37.75, 72.3),
}
_SOUTH_LABEL = (31.45, 71.55)
# District outlines have four decimals; a tolerance below that only drops the window's own edge.
_WINDOW_EDGE_DEG = 0.002


@cache
def base_data() -> dict[str, Any]:
    """Return what is sent to the browser once; positions are [latitude, longitude] in degrees, EPSG:4326."""
    from shapely.geometry import shape

    features = json.loads(_read("districts.geojson"))["features"]
    shapes = {feature["properties"]["pcode"]: shape(feature["geometry"]) for feature in features}
    south, west, north, east = _bounds(list(shapes.values()))
    return {
        "districts": [_district(feature["properties"], shapes[feature["properties"]["pcode"]]) for feature in features],
        "bounds": [[south, west], [north, east]],
        "south": _south(features, shapes),
        "borders": _borders(),
        "countries": [[name, list(place)] for name, place in _COUNTRY_LABELS.items()],
        "towns": _towns(),
        "credits": list(CREDITS),
    }


def district_names() -> dict[str, str]:
    """Return P-code -> name of the districts the map draws."""
    return {district["pcode"]: district["name"] for district in base_data()["districts"]}


def _read(name: str) -> str:
    return Path(DATA_DIR / name).read_text(encoding="utf-8")


def _bounds(shapes: list[BaseGeometry]) -> tuple[float, float, float, float]:
    boxes = [geometry.bounds for geometry in shapes]
    west, south = min(box[0] for box in boxes), min(box[1] for box in boxes)
    east, north = max(box[2] for box in boxes), max(box[3] for box in boxes)
    return south, west, north, east


def _rings(geometry: BaseGeometry) -> list[list[list[list[float]]]]:
    """Return the rings by polygon, in Leaflet's order of coordinates."""
    polygons = getattr(geometry, "geoms", [geometry])
    return [[_positions(ring) for ring in (polygon.exterior, *polygon.interiors)] for polygon in polygons]


def _positions(line: Any) -> list[list[float]]:
    return [[round(lat, 4), round(lon, 4)] for lon, lat in line.coords]


def _district(properties: dict[str, Any], geometry: BaseGeometry) -> dict[str, Any]:
    import shapely

    # The centre of the largest circle inside: names and numbers stand where the district is widest.
    circle = shapely.maximum_inscribed_circle(geometry)
    lon, lat = circle.coords[0]
    is_southern = properties["division"] in SOUTHERN_DIVISIONS
    return {
        "pcode": properties["pcode"],
        "name": properties["name"],
        "label": [round(lat, 4), round(lon, 4)],
        # Southern districts are named first, then the widest.
        "rank": round((10 if is_southern else 20) - circle.length, 4),
        "rings": _rings(geometry),
    }


def _south(features: list[dict[str, Any]], shapes: dict[str, BaseGeometry]) -> dict[str, Any]:
    import shapely

    southern = [
        shapes[feature["properties"]["pcode"]]
        for feature in features
        if feature["properties"]["division"] in SOUTHERN_DIVISIONS
    ]
    return {
        "name": "Southern districts",
        "label": "Southern districts: divisions of Bannu and Dera Ismail Khan",
        "label_point": list(_SOUTH_LABEL),
        "rings": _rings(shapely.union_all(southern)),
    }


def _borders() -> list[list[list[float]]]:
    """Return the lines between countries, without the edges of the window the outlines were cut with."""
    import shapely
    from shapely.geometry import shape

    shapes = [shape(feature["geometry"]) for feature in json.loads(_read("context_countries.geojson"))["features"]]
    south, west, north, east = _bounds(shapes)
    inside = shapely.box(west, south, east, north).buffer(-_WINDOW_EDGE_DEG)
    lines = shapely.line_merge(shapely.union_all([geometry.boundary for geometry in shapes]).intersection(inside))
    return [_positions(line) for line in getattr(lines, "geoms", [lines])]


def _towns() -> list[list[Any]]:
    """Return [name, latitude, longitude, population or 0] of the towns; the population only ranks their names."""
    with Path(DATA_DIR / "towns.csv").open(encoding="utf-8", newline="") as file:
        return [
            [row["name"], float(row["lat"]), float(row["lon"]), int(float(row["population"] or 0))]
            for row in csv.DictReader(file)
        ]

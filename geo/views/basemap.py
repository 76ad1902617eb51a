"""What every map shows and no filter changes: district outlines, names, borders, towns, credits."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from geo import districts
from geo.districts import SOUTHERN_PCODES, District
from geo.figure.outlines import AROUND, surroundings
from geo.shown_names import shown_name
from geo.wording import N_, _, browser_locale, text_direction

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

CREDITS: tuple[str, ...] = (
    N_("Districts: OCHA/WFP COD-AB Pakistan, CC BY 3.0 IGO, modified."),
    N_("Towns: GeoNames, CC BY 4.0. Surroundings: Natural Earth. Map: Leaflet."),
    N_("Boundaries and names shown are not authoritative."),
)
_SOUTH_LABEL = (31.5, 69.72)
_CAPITAL = "PK528"
_INNER_PLACES = 8
_PLACE_RADIUS_DEG = 0.1


def base_data() -> dict[str, Any]:
    """Return what is sent to the browser once: `shapes`, and the words of the map in the current language."""
    return {
        **shapes(),
        "names": dict(districts.load().names),
        "town_names": [shown_name(town.name) for town in districts.load().towns],
        "around": [[_(name), [lat, lon], from_zoom] for name, lat, lon, from_zoom in AROUND],
        "credits": [_(credit) for credit in CREDITS],
        "words": _map_words(),
    }


@cache
def shapes() -> dict[str, Any]:
    """Return the shapes of the base map; positions are [latitude, longitude] in degrees, EPSG:4326."""
    loaded = districts.load()
    return {
        "districts": [
            _district(district, polygon, places)
            for district, polygon, places in zip(
                loaded.attributes.values(), loaded.polygons, _inner_places(loaded.polygons), strict=True
            )
        ],
        "bounds": _corners(loaded.polygons),
        "south": {
            "label_point": list(_SOUTH_LABEL),
            "rings": _rings(loaded.southern_outline),
            "bounds": _corners(loaded.southern_outline),
        },
        "context": {kind: [_positions(line) for line in lines] for kind, lines in surroundings(loaded).items()},
        # The population only ranks the names; 0 is unknown.
        "towns": [[town.lat, town.lon, town.population or 0] for town in loaded.towns],
    }


def _map_words() -> dict[str, Any]:
    """Return every word that the map's script shows; the script fills {n} and other placeholders."""
    return {
        # The script formats numbers by the browser's own rules for this language.
        "language": browser_locale(),
        "direction": text_direction(),
        "map": _("Map of Khyber Pakhtunkhwa. Press Tab to reach the districts, arrow keys to move between them."),
        "map_name": _("Map of Khyber Pakhtunkhwa"),
        "zoom_in": _("Zoom in"),
        "zoom_out": _("Zoom out"),
        "whole": _("Show the whole province"),
        "frames": _("What the map shows"),
        "frame_south": _("The south"),
        "frame_whole": _("Whole province"),
        "km": _("{n} km"),
        "sources": _("Map sources"),
        "legend": _("Legend"),
        "south": _("Southern districts"),
        "south_entry": _("Southern districts: Bannu and Dera Ismail Khan divisions"),
        "wheel": _("Click the map to zoom with the wheel"),
        "two_fingers": _("Use two fingers to move the map"),
        "not_loaded": _("The incidents could not be loaded. Reload the page to see them."),
        "click_zooms": _("Click to zoom in"),
        "exact": _("Village, town or post"),
        "near": _("Near a place"),
        "district_only": _("Known only to the district"),
        "incidents": _("Incidents: {n}"),
        "incidents_here": _("Incidents here: {n}"),
        "incidents_of_place": _("Incidents of a place"),
        "close": _("Close"),
        "previous": _("Previous incidents"),
        "next": _("Next incidents"),
        "page": _("Page {page} of {pages}"),
        "incident": _("Incident {page} of {pages}"),
        "list": _("List of the incidents"),
        "source": _("Source: {host}"),
        "record": _("All that is recorded of it"),
    }


def _extent(shapes: Any) -> tuple[float, float, float, float]:
    """Return west, south, east, north of several geometries."""
    import shapely

    west, south, east, north = (float(edge) for edge in shapely.total_bounds(shapes))
    return west, south, east, north


def _corners(shapes: Any) -> list[list[float]]:
    """Return the south-western and the north-eastern corner, in Leaflet's order of coordinates."""
    west, south, east, north = _extent(shapes)
    return [[south, west], [north, east]]


def _rings(geometry: BaseGeometry) -> list[list[list[list[float]]]]:
    """Return the rings by polygon, in Leaflet's order of coordinates."""
    polygons = getattr(geometry, "geoms", [geometry])
    return [[_positions(ring) for ring in (polygon.exterior, *polygon.interiors)] for polygon in polygons]


def _positions(line: Any) -> list[list[float]]:
    import shapely

    found: list[list[float]] = np.round(shapely.get_coordinates(line)[:, ::-1], 4).tolist()
    return found


def _district(district: District, polygon: BaseGeometry, places: list[list[float]]) -> dict[str, Any]:
    import shapely

    return {
        "pcode": district.pcode,
        "label": places[0],
        "places": places,
        "rank": round(_rank(district.pcode, shapely.area(polygon)), 4),
        "rings": _rings(polygon),
    }


def _rank(pcode: str, area_deg2: float) -> float:
    """Return the order of names, lowest first: the southern districts, the small ones before those with room to give
    way; the capital; then the others, the large ones first."""
    if pcode in SOUTHERN_PCODES:
        return 10 + area_deg2
    return 20 if pcode == _CAPITAL else 30 - area_deg2


def _inner_places(polygons: NDArray[np.object_]) -> list[list[list[float]]]:
    """Return places well inside each district, the widest first: where its name or number may stand.

    Each is the centre of the largest circle that fits outside the places found before.
    """
    import shapely

    places: list[list[list[float]]] = [[] for _polygon in polygons]
    free = polygons.copy()
    for _round in range(_INNER_PLACES):
        left = np.flatnonzero(~shapely.is_empty(free))
        centres = shapely.get_point(shapely.maximum_inscribed_circle(free[left]), 0)
        for which, place in zip(left.tolist(), _positions(centres), strict=True):
            places[which].append(place)
        free[left] = shapely.difference(free[left], shapely.buffer(centres, _PLACE_RADIUS_DEG, quad_segs=4))
    return places

"""GeoJSON features as records: points only, reference systems from a short list, nothing fetched."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from geo.ingest.containers.cell_text import Digits
from geo.ingest.notes import Note, NoteKind
from geo.ingest.tables import CellError, header_key
from geo.problems import Problem, ProblemCode, RejectedUpload

_DEGREES = "EPSG:4326"
# Larger numbers are no metres of these systems; the transformation would turn them around the globe.
_HALF_EQUATOR_M = 20_037_509
# Written names of reference systems -> EPSG code. Links and everything else are refused, unread.
_SYSTEMS = {
    "urn:ogc:def:crs:ogc:1.3:crs84": _DEGREES,
    "urn:ogc:def:crs:ogc::crs84": _DEGREES,
    "ogc:crs84": _DEGREES,
    "crs84": _DEGREES,
    **{
        spelling.format(code): f"EPSG:{code}"
        for code in (4326, 3857, 32641, 32642, 32643)
        for spelling in ("epsg:{}", "urn:ogc:def:crs:epsg::{}")
    },
}
Records = tuple[list[Mapping[str, Any]], dict[int, CellError], list[Note]]


def known_crs(content: Mapping[str, Any], file: str) -> str:
    """Return the EPSG code of a FeatureCollection's coordinates; without a statement WGS84 degrees.

    Raises RejectedUpload (CRS) for links and systems that are not in the list.
    """
    crs = content.get("crs")
    if crs is None:
        return _DEGREES
    name = None
    if isinstance(crs, dict) and crs.get("type") == "name" and isinstance(crs.get("properties"), dict):
        name = crs["properties"].get("name")
    system = _SYSTEMS.get(name.strip().lower()) if isinstance(name, str) else None
    if system is None:
        message = "The coordinate reference system is not known or is a link."
        hint = "Save the file in WGS84 degrees (EPSG:4326)."
        raise RejectedUpload([Problem(ProblemCode.CRS, message, hint, file, value=str(name or crs)[:80])])
    return system


def feature_records(content: Mapping[str, Any], crs: str, file: str) -> Records:
    """Return one record a feature: its properties, its identifier and its point, with rows that are no point.

    The point becomes the columns longitude and latitude (geometry_longitude and geometry_latitude where the
    properties have such names already). Points in metres are converted; their own figures stay as
    geometry_x and geometry_y.
    """
    features = content.get("features")
    if not isinstance(features, list) or not features:
        problem = Problem(ProblemCode.EMPTY, "The collection has no features.", "Choose another file.", file)
        raise RejectedUpload([problem])
    names = {header_key(name) for feature in features for name in _properties(feature)}
    prefix = "geometry_" if names & {"latitude", "longitude", "lat", "lon"} else ""
    records: list[Mapping[str, Any]] = []
    flaws: dict[int, CellError] = {}
    for row, feature in enumerate(features, start=1):
        point = _point(feature)
        if isinstance(point, CellError):
            flaws[row] = point
            point = ("", "")
        record = dict(_properties(feature))
        if isinstance(feature, dict) and feature.get("id") is not None and "incident_id" not in names:
            record = {"incident_id": feature["id"], **record}
        records.append(_with_point(record, point, crs, prefix))
    notes = [Note(NoteKind.GEOJSON, values={"system": crs})]
    if crs != _DEGREES:
        notes.append(Note(NoteKind.CONVERTED_COORDINATES))
        _convert(records, crs, prefix)
    return records, flaws, notes


def _properties(feature: Any) -> Mapping[str, Any]:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    return properties if isinstance(properties, dict) else {}


def _point(feature: Any) -> tuple[str, str] | CellError:
    """Return the two coordinates as written; blanks where the feature states no place."""
    geometry = feature.get("geometry") if isinstance(feature, dict) else None
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        return CellError(ProblemCode.JSON, "The entry is not a feature.", "Remove it.")
    if geometry is None:
        return "", ""
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    coordinates = geometry.get("coordinates") if isinstance(geometry, dict) else None
    if kind == "MultiPoint" and isinstance(coordinates, list) and len(coordinates) == 1:
        kind, coordinates = "Point", coordinates[0]
    if kind != "Point":
        return CellError(
            ProblemCode.COORDINATES, f"The geometry is a {kind}, not one point.", "Give one point a feature."
        )
    if coordinates == []:
        return "", ""
    if not isinstance(coordinates, list) or len(coordinates) not in (2, 3):
        return CellError(ProblemCode.COORDINATES, "The point has not two coordinates.", "Give longitude and latitude.")
    if not all(isinstance(part, Digits) for part in coordinates[:2]):
        return CellError(ProblemCode.COORDINATES, "A coordinate is not a number.", "Give longitude and latitude.")
    return coordinates[0], coordinates[1]


def _with_point(record: dict[str, Any], point: tuple[str, str], crs: str, prefix: str) -> dict[str, Any]:
    if crs == _DEGREES:
        return record | {f"{prefix}longitude": point[0], f"{prefix}latitude": point[1]}
    return record | {"geometry_x": point[0], "geometry_y": point[1]}


def _convert(records: list[Mapping[str, Any]], crs: str, prefix: str) -> None:
    """Add degrees to records with coordinates in metres; what is none stays and is refused later."""
    from pyproj import Transformer

    transform = Transformer.from_crs(crs, _DEGREES, always_xy=True).transform
    for place, record in enumerate(records):
        x, y = record["geometry_x"], record["geometry_y"]
        try:
            lon, lat = transform(float(x), float(y))
            is_on_earth = max(abs(float(x)), abs(float(y))) <= _HALF_EQUATOR_M
            written = (f"{lon:.7f}", f"{lat:.7f}") if is_on_earth else (x, y)
        except ValueError:
            written = (x, y)
        records[place] = {**record, f"{prefix}longitude": written[0], f"{prefix}latitude": written[1]}

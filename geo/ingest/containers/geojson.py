"""GeoJSON features as records: points only, coordinate reference systems from a short list, nothing fetched."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from geo.ingest.containers.cell_text import Digits
from geo.ingest.notes import Note, NoteKind
from geo.ingest.tables import OTHER_FILE, CellError, header_key
from geo.problems import ProblemCode, rejected
from geo.wording import text

_DEGREES = "EPSG:4326"
# Larger numbers are not metres of these systems; the transformation would wrap them around the globe.
_HALF_EQUATOR_M = 20_037_509
# Names of reference systems as files write them -> EPSG code. Links and all else are refused, nothing is fetched.
_SYSTEMS = {
    "urn:ogc:def:crs:ogc::crs84": _DEGREES,
    "ogc:crs84": _DEGREES,
    "crs84": _DEGREES,
    **{
        spelling.format(code): f"EPSG:{code}"
        for code in (4326, 3857, 32641, 32642, 32643)
        for spelling in ("epsg:{}", "urn:ogc:def:crs:epsg::{}")
    },
}
# Of the list of systems, as in urn:ogc:def:crs:EPSG:6.9:4326.
_VERSION = re.compile(r"(?<=[a-z]):\d+(?:\.\d+)*:")
_GIVE_BOTH = text("Give longitude and latitude.")
Records = tuple[list[Mapping[str, Any]], dict[int, CellError], list[Note]]


def known_crs(content: Mapping[str, Any], file: str) -> str:
    """Return the EPSG code of a FeatureCollection's coordinates; WGS84 degrees if it states none.

    Raises RejectedUpload (CRS) for links and systems that are not in the list.
    """
    crs = content.get("crs")
    if crs is None:
        return _DEGREES
    name = None
    if isinstance(crs, dict) and crs.get("type") == "name" and isinstance(crs.get("properties"), dict):
        name = crs["properties"].get("name")
    system = _SYSTEMS.get(_VERSION.sub("::", name.strip().lower())) if isinstance(name, str) else None
    if system is None:
        message = text("The coordinate reference system is not known or is a link.")
        hint = text("Save the file in WGS84 degrees (EPSG:4326).")
        raise rejected(ProblemCode.CRS, message, hint, file, value=str(name or crs)[:80])
    return system


def feature_records(content: Mapping[str, Any], crs: str, file: str) -> Records:
    """Return one record for each feature (properties, identifier, point), why rows have no point, and notes.

    The point becomes the columns longitude and latitude (geometry_longitude and geometry_latitude where the
    properties have such names already). Points in metres are converted; the original numbers are kept as
    geometry_x and geometry_y.
    """
    features = content.get("features")
    if not isinstance(features, list) or not features:
        raise rejected(ProblemCode.EMPTY, text("The collection has no features."), OTHER_FILE, file)
    names = {header_key(name) for feature in features for name in _properties(feature)}
    # Properties may have coordinates of their own, for example of a town: both are kept apart by name.
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
        return CellError(ProblemCode.JSON, text("The entry is not a feature."), text("Remove it."))
    if geometry is None:
        return "", ""
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    coordinates = geometry.get("coordinates") if isinstance(geometry, dict) else None
    if kind == "MultiPoint" and isinstance(coordinates, list) and len(coordinates) == 1:
        kind, coordinates = "Point", coordinates[0]
    if kind != "Point":
        message = text("The geometry is a {kind}, not one point.", kind=str(kind))
        return CellError(ProblemCode.COORDINATES, message, text("Give one point for each feature."))
    if coordinates == []:
        return "", ""
    if not isinstance(coordinates, list) or len(coordinates) not in (2, 3):
        return CellError(ProblemCode.COORDINATES, text("The point does not have two coordinates."), _GIVE_BOTH)
    if not all(isinstance(part, Digits) for part in coordinates[:2]):
        return CellError(ProblemCode.COORDINATES, text("A coordinate is not a number."), _GIVE_BOTH)
    return coordinates[0], coordinates[1]


def _with_point(record: dict[str, Any], point: tuple[str, str], crs: str, prefix: str) -> dict[str, Any]:
    if crs == _DEGREES:
        return record | {f"{prefix}longitude": point[0], f"{prefix}latitude": point[1]}
    return record | {"geometry_x": point[0], "geometry_y": point[1]}


def _convert(records: list[Mapping[str, Any]], crs: str, prefix: str) -> None:
    """Add degrees to records with coordinates in metres; what is not a number stays and is refused later."""
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

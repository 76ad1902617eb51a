"""Build data/places.csv, the gazetteer of the province, from the other files of the data folder.

From the root of the project: python -m tests.data_build.places
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from statistics import median

import shapely

from geo import districts
from geo.settings import DATA_DIR
from geo.text import normalise_name

COLUMNS = ("name", "pcode", "lat", "lon", "source", "is_ambiguous")
SOURCES = {"towns.csv": "GeoNames", "ucdp_ged_kp.csv": "UCDP GED 22.1", "incidents.csv": "register (GeoNames)"}
# Two points further apart than this are two places.
FARTHEST_KM = 10.0
# UCDP's where_prec: 1 the place, 2 within about 25 km; 3 and more is a unit, a border or a road.
POINT_PRECISIONS = ("1", "2")
REGISTER_PRECISION = "1"
_BRACKETS = re.compile(r"\s*\([^)]*\)")
_KIND = re.compile(r"[\s,]+(town|village|area|tehsil|teshsil|locality|suburb)$", re.IGNORECASE)
_NO_PLACE = re.compile(r"border|between|\broad\b|/|^location of|highway|,", re.IGNORECASE)
_PLAIN_NAME = re.compile(r"[A-Z][\w'-]*( [A-Z][\w'-]*)*\Z")
_FACILITIES = re.compile(
    r"\b(police|station|post|check-?post|checkpoint|camp|bazaar|market|school|mosque|university|airport|club|hotel|jail|"
    r"lines|courts?|hall|bypass|garden|bridge|plaza|gate|press|cinema|road|city|town|subdivision|complex)\b",
    re.IGNORECASE,
)
# What is left of the name of a part of a district says nothing.
_DIRECTIONS = frozenset({"upper", "lower", "central", "north", "south"})


@dataclass(frozen=True, slots=True)
class Mention:
    """A name with a point as one source gives it."""

    name: str
    pcode: str
    lat: float
    lon: float
    source: str


def _rows(name: str, folder: Path) -> Iterator[dict[str, str]]:
    with (folder / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def place_name(text: str) -> str:
    """Return a name without brackets and without a last word for the kind of place."""
    return _KIND.sub("", _BRACKETS.sub("", text).strip())


def _mentions(folder: Path) -> Iterator[Mention]:
    atlas = districts.load(folder)
    for row in _rows("towns.csv", folder):
        for name in (row["name"], *filter(None, row["alternative_names"].split("|"))):
            yield Mention(name, row["pcode"], float(row["lat"]), float(row["lon"]), SOURCES["towns.csv"])
    for row in _rows("ucdp_ged_kp.csv", folder):
        name = place_name(row["where_coordinates"])
        if row["where_prec"] not in POINT_PRECISIONS or not row["adm_2"] or _NO_PLACE.search(name):
            continue
        if normalise_name(name) in _DIRECTIONS or row["where_coordinates"].lower().endswith(" agency"):
            continue
        lat, lon = float(row["latitude"]), float(row["longitude"])
        pcode = atlas.resolve(row["adm_2"]).pcode or _district_at(atlas, lat, lon)
        if pcode is not None and _is_beside(atlas, pcode, lat, lon):
            yield Mention(name, pcode, lat, lon, SOURCES["ucdp_ged_kp.csv"])
    for row in _rows("incidents.csv", folder):
        name = place_name(row["place"])
        if row["geo_precision"] == REGISTER_PRECISION and _PLAIN_NAME.match(name) and not _FACILITIES.search(name):
            lat, lon = float(row["latitude"]), float(row["longitude"])
            yield Mention(name, row["pcode"], lat, lon, SOURCES["incidents.csv"])


def _district_at(atlas: districts.Districts, lat: float, lon: float) -> str | None:
    """Return the district around a point: for Chitral and Kohistan, which were one unit each in UCDP's list."""
    outlines = zip(atlas.pcodes, atlas.polygons, strict=True)
    return next((pcode for pcode, polygon in outlines if shapely.intersects_xy(polygon, lon, lat)), None)


def _is_beside(atlas: districts.Districts, pcode: str, lat: float, lon: float) -> bool:
    """Whether a point lies in a district or within FARTHEST_KM of it; else name and point contradict each other."""
    polygon, point = atlas.polygons[atlas.pcodes.index(pcode)], shapely.Point(lon, lat)
    nearest = shapely.shortest_line(polygon, point).coords[0]
    return bool(polygon.intersects(point)) or _km((nearest[1], nearest[0]), (lat, lon)) <= FARTHEST_KM


def _km(one: tuple[float, float], other: tuple[float, float]) -> float:
    north = math.radians(other[0] - one[0])
    east = math.radians(other[1] - one[1]) * math.cos(math.radians((one[0] + other[0]) / 2))
    return 6371.0088 * math.hypot(north, east)


def _listed(folder: Path) -> dict[str, set[str]]:
    """Return the districts that the list of aliases knows for a name as compared, if any."""
    known: dict[str, set[str]] = defaultdict(set)
    for row in _rows("aliases.csv", folder):
        known[normalise_name(row["alias"])] |= set(filter(None, (row["pcode"], *row["candidates"].split("|"))))
    return known


def build(folder: Path = DATA_DIR) -> str:
    """Return the text of places.csv: a row for each name and district, sorted by name as compared and district."""
    listed = _listed(folder)
    by_name: dict[str, list[Mention]] = defaultdict(list)
    for mention in _mentions(folder):
        by_name[normalise_name(mention.name)].append(mention)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for key, mentions in sorted(by_name.items()):
        points = {(one.lat, one.lon) for one in mentions}
        is_far = any(_km(one, other) > FARTHEST_KM for one, other in combinations(sorted(points), 2))
        pcodes = {one.pcode for one in mentions}
        is_ambiguous = int(is_far or len(pcodes | listed.get(key, set())) > 1)
        for pcode in sorted(pcodes):
            # The sources go in order: a town has its own point; other names get the median of the first source.
            source = next(one.source for one in mentions if one.pcode == pcode)
            own = [one for one in mentions if one.pcode == pcode and one.source == source]
            lat, lon = median(one.lat for one in own), median(one.lon for one in own)
            writer.writerow((own[0].name, pcode, f"{lat:.5f}", f"{lon:.5f}", source, is_ambiguous))
    return out.getvalue()


if __name__ == "__main__":
    (DATA_DIR / "places.csv").write_text(build(), encoding="utf-8")

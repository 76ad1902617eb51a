"""The embedded reference data: districts with outlines, attributes and names; groups; and their checksums.

Every file is compared with data/checksums.txt before a byte of it is used.
"""

from __future__ import annotations

import hashlib
import json
from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from geo import data_files
from geo.gazetteer import Gazetteer, Place
from geo.group_names import DESCRIPTIONS, Group, GroupNames
from geo.names import Alias, DistrictNames, Resolution
from geo.settings import DATA_DIR
from geo.shown_names import shown_name, spellings
from geo.wording import Text, in_language, language, text

if TYPE_CHECKING:
    import geopandas as gpd

CRS = "EPSG:4326"
# Named context on the maps: the divisions that press reports call the southern districts.
SOUTHERN_DIVISIONS: tuple[str, ...] = ("Bannu", "Dera Ismail Khan")
SOUTHERN_PCODES: tuple[str, ...] = ("PK503", "PK509", "PK519", "PK525", "PK530", "PK533")
CENSUS_YEARS = (2017, 2023)
# The growth between the two censuses is used up to this far beyond the later one; from there the figure is constant.
YEARS_BEYOND_CENSUS = 3
# Yearly growth 1998-2017 of the former tribal areas and of the rest of the province: Pakistan Bureau of Statistics,
# provisional results of the census of 2017 (Associated Press of Pakistan, 25 August 2017).
EARLIER_GROWTH = (0.0241, 0.0289)


@dataclass(frozen=True, slots=True)
class District:
    """One of the 35 units of the 2023 census. area_km2 is the census figure, not the area of the outline."""

    pcode: str
    name: str
    division: str
    headquarters: str
    region: str
    is_former_fata: bool
    area_km2: float
    population_2017: int
    population_2023: int


@dataclass(frozen=True, slots=True)
class OtherUnit:
    """An administrative unit that is not one of the 35: a newer one inside a district, or one that came before it.

    since: day of notification of a newer unit. until: year or year and month in which a former one ended, else "".
    """

    name: str
    since: date | None
    until: str
    name_ur: str
    name_ps: str


@dataclass(frozen=True, slots=True)
class Town:
    """A town for map labels. lat, lon: degrees, WGS84. population: None where no figure of the town is known."""

    geonameid: str
    name: str
    lat: float
    lon: float
    population: int | None
    pcode: str


@dataclass(frozen=True, eq=False)
class Districts:
    """The districts, sorted by P-code; every array and tuple has length n = 35 and that order. Read only.

    polygons: shapely polygons in degrees, EPSG:4326, edges shared exactly.
    boundary_sha256: hex digest of the boundary file, the key of anything derived from the outlines.
    data_dir: the folder that the names are read from when they are first asked for: a map needs none of them.
    """

    attributes: Mapping[str, District] = field(repr=False)
    polygons: NDArray[np.object_] = field(repr=False)
    towns: tuple[Town, ...] = field(repr=False)
    boundary_sha256: str
    context_text: str = field(repr=False)
    data_dir: Path = field(repr=False)

    @cached_property
    def aliases(self) -> DistrictNames:
        """The listed names of districts, and the places of the province; raises DamagedData."""
        return DistrictNames(_aliases(self.data_dir), self.attributes, Gazetteer(_places(self.data_dir)))

    @cached_property
    def pcodes(self) -> tuple[str, ...]:
        """P-codes in order; the position in it is the code of a district in every array."""
        return tuple(self.attributes)

    @cached_property
    def official_names(self) -> Mapping[str, str]:
        """Name by P-code as the census writes it, for data and for whatever outlives the run of a visitor."""
        return MappingProxyType({pcode: district.name for pcode, district in self.attributes.items()})

    @property
    def names(self) -> Mapping[str, str]:
        """Name by P-code in the current language."""
        return _names_in(self, language())

    @cached_property
    def divisions(self) -> tuple[str, ...]:
        """Name of the division of each district."""
        return tuple(district.division for district in self.attributes.values())

    @cached_property
    def area_km2(self) -> NDArray[np.float64]:
        """Census area, float64, shape (n,)."""
        return _frozen([district.area_km2 for district in self.attributes.values()])

    @property
    def context_geojson(self) -> dict[str, Any]:
        """A new GeoJSON FeatureCollection of what lies around: lines of countries and of provinces, and lakes."""
        return dict(json.loads(self.context_text))

    @cached_property
    def frame(self) -> gpd.GeoDataFrame:
        """Outlines with attributes, EPSG:4326, one row a district in the order of pcodes. Do not change it."""
        import geopandas as gpd

        columns = {name: [getattr(d, name) for d in self.attributes.values()] for name in District.__dataclass_fields__}
        return gpd.GeoDataFrame(columns, geometry=list(self.polygons), crs=CRS)

    @cached_property
    def neighbours(self) -> tuple[tuple[int, ...], ...]:
        """Positions of the districts that share at least one point of the border (queen), ascending."""
        import shapely

        touching = shapely.intersects(self.polygons[:, None], self.polygons[None, :])
        np.fill_diagonal(touching, False)
        return tuple(tuple(int(j) for j in np.flatnonzero(row)) for row in touching)

    @cached_property
    def southern_outline(self) -> Any:
        """One shapely geometry around the districts of SOUTHERN_DIVISIONS, inner borders dissolved."""
        import shapely

        return shapely.coverage_union_all(self.polygons[np.isin(self.divisions, SOUTHERN_DIVISIONS)])

    def population_at(self, year: float) -> NDArray[np.float64]:
        """Return the estimated residents in a year: float64, shape (n,).

        Constant yearly growth through the censuses of 2017 and 2023 (which it returns exactly), continued at most
        YEARS_BEYOND_CENSUS years beyond 2023 and constant from there. Before 2017 every district grows as its region
        did between the censuses of 1998 and 2017, because the districts of today have no figure of 1998; the growth of
        2017-2023 (up to 9 % a year) is not carried back. Displacement is not modelled.
        """
        first, last = CENSUS_YEARS
        within = min(max(float(year), first), last + YEARS_BEYOND_CENSUS)
        start = np.array([district.population_2017 for district in self.attributes.values()], dtype=np.float64)
        end = np.array([district.population_2023 for district in self.attributes.values()], dtype=np.float64)
        share = (within - first) / (last - first)
        residents: NDArray[np.float64] = start ** (1 - share) * end**share
        if year < first:
            is_tribal = np.array([district.is_former_fata for district in self.attributes.values()])
            residents *= (1 + np.where(is_tribal, *EARLIER_GROWTH)) ** (float(year) - first)
        return residents

    def population_between(self, first: date, last: date) -> NDArray[np.float64]:
        """Return the estimated residents in the middle of an inclusive period: float64, shape (n,)."""
        return self.population_at(middle_year(first, last))

    @property
    def places(self) -> Gazetteer:
        """The places of the province by name."""
        return self.aliases.places

    def search_places(self, text: str, limit: int = 10) -> list[Place]:
        """Return at most `limit` places and districts whose name, in any script, is or begins as typed; best first."""
        return self._searched.search(text, limit)

    @cached_property
    def _searched(self) -> Gazetteer:
        """The gazetteer and, where it has no place of their name, the districts with a point inside each."""
        import shapely

        inside = shapely.get_coordinates(shapely.point_on_surface(self.polygons)).tolist()
        points = dict(zip(self.pcodes, inside, strict=True))
        known = {place.name for place in self.places.places}
        typed = [(form, pcode) for pcode, name in self.official_names.items() for form in (name, *spellings(name))]
        names = [(name, pcode) for name, pcode in dict.fromkeys(typed) if name not in known]
        districts = (Place(name, p, points[p][1], points[p][0], "district", False) for name, p in names)
        return Gazetteer((*self.places.places, *districts))

    def resolve(self, name: str) -> Resolution:
        """Return the district a stated name or P-code means, see geo.names.DistrictNames.resolve."""
        return self.aliases.resolve(name)


@lru_cache(maxsize=4)
def load(data_dir: Path = DATA_DIR) -> Districts:
    """Return the districts; raises DamagedData when a file it needs is missing or changed."""
    boundary = data_files.read(data_dir, "districts.geojson")
    features = sorted(json.loads(boundary)["features"], key=lambda feature: feature["properties"]["pcode"])
    attributes = {d.pcode: d for d in (_district(feature["properties"]) for feature in features)}
    return Districts(
        attributes=MappingProxyType(attributes),
        polygons=_polygons(features),
        towns=tuple(_towns(data_dir)),
        boundary_sha256=hashlib.sha256(boundary).hexdigest(),
        context_text=data_files.read(data_dir, "context_lines.geojson").decode("utf-8"),
        data_dir=data_dir,
    )


@lru_cache(maxsize=4)
def load_groups(data_dir: Path = DATA_DIR) -> GroupNames:
    """Return the group table; raises DamagedData when its file is missing or changed."""
    return GroupNames((row["alias"], Group.from_row(row)) for row in data_files.rows(data_dir, "groups.csv"))


@lru_cache(maxsize=4)
def other_units(data_dir: Path = DATA_DIR) -> Mapping[str, tuple[OtherUnit, ...]]:
    """Return by P-code the units before and inside a census district, in the order of the file; see OtherUnit."""
    found: dict[str, tuple[OtherUnit, ...]] = {}
    for row in data_files.rows(data_dir, "predecessors.csv"):
        unit = OtherUnit(row["unit"], _day(row["valid_from"]), row["valid_until"], row["name_ur"], row["name_ps"])
        for pcode in row["pcodes"].split("|"):
            found[pcode] = (*found.get(pcode, ()), unit)
    return MappingProxyType(found)


@lru_cache(maxsize=16)
def _names_in(known: Districts, code: str) -> Mapping[str, str]:
    with in_language(code):
        return MappingProxyType({pcode: shown_name(name) for pcode, name in known.official_names.items()})


def written_names(pcode: str, data_dir: Path = DATA_DIR) -> tuple[Alias, ...]:
    """Return every listed name of a district in the order of the file, those that compare equal too."""
    return tuple(alias for alias in _aliases(data_dir) if alias.pcode == pcode)


def population_note(year: float) -> Text | None:
    """Return what must be said about the residents of a year outside the censuses, or None."""
    first, last = CENSUS_YEARS
    if year < first:
        return text(
            "Residents before the census of 2017 are estimates by the growth of the region since 1998: 2.9 % a year, "
            "2.4 % in the former tribal areas."
        )
    if year > last + YEARS_BEYOND_CENSUS:
        return text("Residents are held at the estimate of {year:d}.", year=last + YEARS_BEYOND_CENSUS)
    return None


def middle_year(first: date, last: date) -> float:
    """Return the middle of an inclusive period as a decimal year in which every month is a twelfth."""
    return (_decimal_year(first) + _decimal_year(last + timedelta(days=1))) / 2


def _decimal_year(day: date) -> float:
    return day.year + (day.month - 1 + (day.day - 1) / monthrange(day.year, day.month)[1]) / 12


def resolve(name: str) -> Resolution:
    """Return the district a stated name or P-code means, by the embedded alias table."""
    return load().resolve(name)


def group_id(name: str) -> str:
    """Return the key of a stated group, by the embedded group table: "unid" if empty, "other" if not listed."""
    return load_groups().group_id(name)


def group_names() -> dict[str, str]:
    """Return the name of the table by group key, in its order."""
    return {key: group.name for key, group in load_groups().groups.items()}


def shown_group_names() -> dict[str, str]:
    """Return the name by group key in the current language, in the order of the table."""
    return {key: shown_name(name) for key, name in group_names().items()}


def shown_group(reported: str) -> str:
    """Return a stated group by its name in the current language, as it is stated where that is no one known group."""
    known = load_groups()
    key = known.group_id(reported)
    name = known.groups[key].name if key in known.groups else reported
    local = name if name in DESCRIPTIONS else shown_name(name)
    return reported if local == name else local


def _day(cell: str) -> date | None:
    return date.fromisoformat(cell) if cell else None


def _aliases(data_dir: Path) -> Iterator[Alias]:
    for row in data_files.rows(data_dir, "aliases.csv"):
        candidates = tuple(row["candidates"].split("|")) if row["candidates"] else ()
        yield Alias(row["alias"], row["pcode"] or None, row["kind"], candidates, _day(row["since"]))


def _towns(data_dir: Path) -> Iterator[Town]:
    for row in data_files.rows(data_dir, "towns.csv"):
        population = int(row["population"]) if row["population"] else None
        yield Town(row["geonameid"], row["name"], float(row["lat"]), float(row["lon"]), population, row["pcode"])


def _places(data_dir: Path) -> Iterator[Place]:
    for row in data_files.rows(data_dir, "places.csv"):
        point = float(row["lat"]), float(row["lon"])
        yield Place(row["name"], row["pcode"], *point, row["source"], row["is_ambiguous"] == "1")


def _district(properties: Mapping[str, Any]) -> District:
    given = {name: properties[name] for name in District.__dataclass_fields__ if name in properties}
    return District(**{**given, "is_former_fata": properties["former_fata"], "area_km2": float(properties["area_km2"])})


def _polygons(features: list[dict[str, Any]]) -> NDArray[np.object_]:
    from shapely.geometry import shape

    polygons = np.empty(len(features), dtype=object)
    polygons[:] = [shape(feature["geometry"]) for feature in features]
    polygons.flags.writeable = False
    return polygons


def _frozen(values: list[float]) -> NDArray[np.float64]:
    array = np.array(values, dtype=np.float64)
    array.flags.writeable = False
    return array

"""Exactly one district for each incident: by what its source states, by its coordinates, or none.

The rule for a point: the lowest position whose closed polygon contains it; a point in no polygon but at
most TOLERANCE_KM from one goes to the nearest (again the lowest position if several are equally near);
any other point is outside; coordinates that are missing, infinite or off the globe are not located.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from geo.analysis.locating import code_grid, stated_places
from geo.analysis.locating.border import UNDECIDED, Border, Codes, Floats
from geo.analysis.locating.near_border import NEAR_BORDER_M, distance_m
from geo.codes import NULL, encode, look_up, spread
from geo.incidents import NOT_LOCATED, OUTSIDE
from geo.names import ELSEWHERE, MEANS_OUTSIDE, name_key
from geo.schema import DISTRICT_METHODS, GEO_PRECISIONS, arrow_schema

if TYPE_CHECKING:
    from geo.analysis.locating.stated_places import StatedPlaces
    from geo.districts import Districts
    from geo.names import Resolution

# The outlines are generalised (vertices 2 km and more apart). Of 4,178 UCDP events of 1989-2014 placed in the
# province by their source, 13 lie outside the outlines: 9 by 0.1 to 0.4 km (border posts such as Angoor
# Adda and Nawa Pass), the others by more than 5 km. One kilometre keeps the first and not the others.
TOLERANCE_KM = 1.0
# The grid is prepared once a locator has been asked about this many points in all; below, geometry alone costs less.
GRID_FROM_POINTS = 200_000
_MOST_UNITS = 126  # codes are int8 and 127 marks a cell that needs geometry
_BLOCK = 1 << 15  # points answered at a time: their intermediate arrays stay in the processor's cache


class Locator:
    """Answers "which polygon?" for any number of points. Safe to share between threads."""

    def __init__(self, polygons: NDArray[np.object_], tolerance_km: float = TOLERANCE_KM) -> None:
        """Take 1 to 126 shapely polygons in degrees (EPSG:4326); positions in the array become the codes."""
        import shapely

        if not 1 <= len(polygons) <= _MOST_UNITS:
            raise ValueError(f"a locator takes 1 to {_MOST_UNITS} polygons, not {len(polygons)}")
        self._polygons = np.array(polygons, dtype=object)
        self._bounds: Floats = shapely.bounds(self._polygons)
        self._tolerance_m = tolerance_km * 1000.0
        _prepare(self._polygons)
        self._n_asked = 0
        self._lock = threading.Lock()
        self._grid: code_grid.CodeGrid | None = None
        self._border: Border | None = None

    @staticmethod
    def build(districts: Districts) -> Locator:
        """Return the locator of the districts; one is kept for as long as the process lives."""
        return _build(districts)

    def codes(self, lon: Floats, lat: Floats) -> Codes:
        """Return the code of each point: int8, shape (n,): a position, OUTSIDE or NOT_LOCATED.

        lon, lat: float64 degrees, shape (n,); NaN, infinite and out-of-range values are NOT_LOCATED.
        """
        lon, lat = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
        if lon.ndim != 1 or lon.shape != lat.shape:
            raise ValueError(f"lon and lat are arrays of one shape (n,), not {lon.shape} and {lat.shape}")
        found = np.full(len(lon), UNDECIDED, dtype=np.int8)
        self._n_asked += len(lon)
        grid = self._grid if self._n_asked < GRID_FROM_POINTS else self.grid()
        for start in range(0, len(lon), _BLOCK):
            part = slice(start, start + _BLOCK)
            _first_codes(found[part], lon[part], lat[part], grid)
        undecided = np.flatnonzero(found == UNDECIDED)
        found[undecided] = self._exact(lon[undecided], lat[undecided])
        return found

    def grid(self) -> code_grid.CodeGrid:
        """Return the grid (one byte a cell, 4.5 MB for the province), preparing it now if it was not needed yet."""
        border = self._ready_border()
        with self._lock:
            if self._grid is None:
                self._grid = code_grid.build(self._polygons, self._containing, border, self._tolerance_m)
            return self._grid

    def _exact(self, lon: Floats, lat: Floats) -> Codes:
        found = self._containing(lon, lat)
        outside = np.flatnonzero(found == OUTSIDE)
        found[outside] = self._nearest(lon[outside], lat[outside])
        return found

    def _containing(self, lon: Floats, lat: Floats) -> Codes:
        """Return the lowest position whose closed polygon contains the point, else OUTSIDE."""
        import shapely

        order = np.argsort(lon)
        x, y = lon[order], lat[order]
        west, east = np.searchsorted(x, self._bounds[:, 0]), np.searchsorted(x, self._bounds[:, 2], side="right")
        found = np.full(len(x), OUTSIDE, dtype=np.int8)
        # Highest position first, so that the lowest is written last and stays.
        for code in range(len(self._polygons) - 1, -1, -1):
            low, high = west[code], east[code]
            part = y[low:high]
            rows = low + np.flatnonzero((part >= self._bounds[code, 1]) & (part <= self._bounds[code, 3]))
            found[rows[shapely.intersects_xy(self._polygons[code], x[rows], y[rows])]] = code
        codes = np.empty_like(found)
        codes[order] = found
        return codes

    def _nearest(self, lon: Floats, lat: Floats) -> Codes:
        """Return the nearest position within the tolerance, else OUTSIDE, for points in no polygon."""
        codes = np.full(len(lon), OUTSIDE, dtype=np.int8)
        rows = np.flatnonzero(self._is_in_reach(lon, lat))
        if len(rows):
            codes[rows] = self._ready_border().nearest(lon[rows], lat[rows], self._tolerance_m)
        return codes

    def _is_in_reach(self, lon: Floats, lat: Floats) -> NDArray[np.bool_]:
        west, south = self._bounds[:, :2].min(axis=0)
        east, north = self._bounds[:, 2:].max(axis=0)
        margin_lon, margin_lat = code_grid.margins_deg(self._tolerance_m, max(abs(south), abs(north)))
        is_in_reach: NDArray[np.bool_] = (lon >= west - margin_lon) & (lon <= east + margin_lon)
        is_in_reach &= (lat >= south - margin_lat) & (lat <= north + margin_lat)
        return is_in_reach

    def _ready_border(self) -> Border:
        with self._lock:
            if self._border is None:
                self._border = Border.of(self._polygons)
            return self._border


@lru_cache(maxsize=4)
def _build(districts: Districts) -> Locator:
    return Locator(districts.polygons)


def _first_codes(found: Codes, lon: Floats, lat: Floats, grid: code_grid.CodeGrid | None) -> None:
    """Write what is known without geometry into one block; the rest stays UNDECIDED."""
    # Extremes are quick to find, and NaN is one of them: most blocks need no mask.
    if max(lon.max(), -lon.min()) <= 180.0 and max(lat.max(), -lat.min()) <= 90.0:
        usable: Any = slice(None)
    else:
        usable = (np.abs(lon) <= 180.0) & (np.abs(lat) <= 90.0)
        found[~usable] = NOT_LOCATED
    if grid is not None:
        found[usable] = grid.look_up(lon[usable], lat[usable])


def _prepare(polygons: NDArray[np.object_]) -> None:
    """Build the search index of every polygon now: built at first use, two threads could build it at once."""
    import shapely

    shapely.prepare(polygons)
    shapely.intersects(polygons, shapely.point_on_surface(polygons))


# --- incidents ------------------------------------------------------------------------------------------

_METHODS: tuple[str, ...] = tuple(DISTRICT_METHODS)
_PLACE = _METHODS.index("place")
# Kept where they are stated with pcode_stated.
_KEPT_METHODS = [_METHODS.index(name) for name in ("alias", "fuzzy", "manual")]
_PRECISIONS: tuple[str, ...] = tuple(GEO_PRECISIONS)
_NEAR, _DISTRICT = _PRECISIONS.index("near"), _PRECISIONS.index("district")


@dataclass(frozen=True, slots=True, eq=False)
class _Stated:
    """What the sources state, one entry a row.

    code: int8, a position, OUTSIDE for another province, NOT_LOCATED if no single unit is stated.
    method: int8, position in _METHODS. name: position of the stated name in `allowed`, shape (n,).
    allowed: bool, shape (names, units + 1): what a name without a single unit may mean, outside last.
    is_contradicted: bool, whether the P-code that decides is none of what the name may mean, or the other way round.
    decided: int8, what a person said that such a name means where nothing else places the row; else NOT_LOCATED.
    """

    code: Codes
    method: NDArray[np.int8]
    name: NDArray[np.int32]
    allowed: NDArray[np.bool_]
    is_contradicted: NDArray[np.bool_]
    decided: Codes

    def differs_from(self, located: Codes) -> NDArray[np.bool_]:
        """Whether the located unit is not the stated one, or none of those a stated name may mean."""
        column = np.where(located >= 0, located, self.allowed.shape[1] - 1)
        return np.where(self.code == NOT_LOCATED, ~self.allowed[self.name, column], located != self.code)


def prepare(districts: Districts) -> None:
    """Make ready what locating many rows needs, half a second once in a process; meanwhile a file can be read."""
    assign_districts(arrow_schema().empty_table(), districts)
    Locator.build(districts).grid()


def assign_districts(
    rows: pa.Table,
    districts: Districts,
    locator: Locator | None = None,
    decided: Mapping[str, str] = MappingProxyType({}),
) -> pa.Table:
    """Return the rows with pcode_stated, pcode_located, pcode, district_method and is_district_conflict filled in.

    geo_precision coarser than "district" becomes "near", or "district", where a name alone locates the row.
    rows: canonical table. A pcode_stated that is filled in wins over district_reported, one of another province only
    if no district of this one is named officially; a district_method "manual", "alias" or "fuzzy" beside it is kept,
    and "outside" where nothing else places the row.
    decided: geo.names.name_key of a name -> what a person said it means: a P-code, MEANS_OUTSIDE or MEANS_NONE.
    - What the source states decides. Otherwise coordinates decide if geo_precision is exact or near; the
      coordinates of coarser rows represent an area and never decide the district.
    - A row without a district is located by the name of its place (stated_places) where no exact or near coordinates
      are given. Beside such a point, the name of a district in place of a place counts; the name of another place
      counts if the point is at most NEAR_BORDER_M from its district. Any other difference is a conflict.
    - A decision replaces what the name itself resolves to. For a name that resolves to no single unit it
      counts only where the coordinates do not decide, because they show which of its meanings applies.
    - admin1_reported counts when it names another province and no district of this one is named officially.
    - A conflict is a stated unit other than the located one (or a place outside), up to precision "district";
      also a name with several meanings when the located unit is none of them, and a P-code beside a name that cannot
      mean it, by the list or by a decision, unless the code was chosen by hand. Both P-codes stay visible.
    """
    lon, lat = _degrees(rows["lon"]), _degrees(rows["lat"])
    located = (locator or Locator.build(districts)).codes(lon, lat)
    stated = _stated(rows, districts, decided)
    precision = _vocabulary_codes(rows["geo_precision"], _PRECISIONS)
    code, method = stated.code.copy(), stated.method.copy()
    # The reader of a format that states the country gives "outside" to rows whose coordinates are too coarse.
    is_foreign = _vocabulary_codes(rows["district_method"], _METHODS) == _METHODS.index("outside")
    places = stated_places.of_rows(rows, (code == NOT_LOCATED) & ~is_foreign, districts, decided)
    by_place, is_near, differs = _against_points(rows, places, located, (lon, lat), districts)
    by_point = (code == NOT_LOCATED) & ~by_place & (precision <= _NEAR)
    code[by_place], method[by_place] = places.code[by_place], places.method[by_place]
    code[by_point] = located[by_point]
    method[by_point & (located >= 0)] = _METHODS.index("point_in_polygon")
    code[is_foreign & (code == NOT_LOCATED)] = OUTSIDE
    by_hand = (code == NOT_LOCATED) & (stated.decided != NOT_LOCATED)
    code[by_hand], method[by_hand] = stated.decided[by_hand], _METHODS.index("manual")
    stated = replace(stated, code=np.where(by_hand | (by_place & (code >= 0)), code, stated.code))
    method[code == OUTSIDE] = _METHODS.index("outside")
    conflict = stated.differs_from(located) & (located != NOT_LOCATED) & (precision <= _DISTRICT) & ~is_near
    conflict |= stated.is_contradicted | (by_point & differs)
    # A place without coordinates is as precise as a point near it, the name of a district is not.
    is_coarse = by_place & (code >= 0) & (located == NOT_LOCATED) & (precision > _DISTRICT)
    precision[is_coarse] = np.where(places.is_district[is_coarse], _DISTRICT, _NEAR)
    return _filled(
        rows,
        {
            "geo_precision": pa.array(_PRECISIONS).take(pa.array(precision)),
            "pcode_stated": pc.coalesce(rows["pcode_stated"].combine_chunks(), _pcodes(stated.code, districts)),
            "pcode_located": _pcodes(located, districts),
            "pcode": _pcodes(code, districts),
            "district_method": pa.array(_METHODS).take(pa.array(method)),
            "is_district_conflict": conflict,
        },
    )


def _against_points(
    rows: pa.Table, places: StatedPlaces, located: Codes, points: tuple[Floats, Floats], districts: Districts
) -> tuple[NDArray[np.bool_], NDArray[np.bool_], NDArray[np.bool_]]:
    """Return three masks, shape (n,): the place decides; it decides because the point is near; point and place differ.

    located: the unit of each point, whose longitudes and latitudes are given in degrees.
    """
    precision = _vocabulary_codes(rows["geo_precision"], _PRECISIONS)
    has_point = (precision <= _NEAR) & (located != NOT_LOCATED)
    provinces, province = encode(rows["admin1_reported"])
    is_ours = spread((districts.aliases.kind(name) == "province" for name in provinces), province, False)
    # Beyond the province a place of the same name says nothing, unless the row says that it is in the province.
    differs = has_point & (places.code != NOT_LOCATED) & (places.code != located) & ((located >= 0) | is_ours)
    is_named = differs & places.is_district & (places.code >= 0)
    is_near = has_point & (places.method == _PLACE) & ~places.is_district & (places.code != located)
    lon, lat = (degrees[is_near] for degrees in points)
    is_near[is_near] = distance_m(lon, lat, places.code[is_near], districts) <= NEAR_BORDER_M
    return ((places.code != NOT_LOCATED) & ~has_point) | is_named | is_near, is_near, differs


def _stated(rows: pa.Table, districts: Districts, decided: Mapping[str, str]) -> _Stated:
    """Resolve each distinct text once and spread the answers over the rows."""
    names, name = encode(pc.fill_null(rows["district_reported"], ""))
    stated = [_meaning_of(text, decided, districts) for text in names]
    # A table without rows has no names: the shapes must be stated.
    code, method, by_hand = np.array([codes for codes, _ in stated], dtype=np.int8).reshape(len(names), 3)[name].T
    allowed = np.array([units for _, units in stated], dtype=bool).reshape(len(names), len(districts.pcodes) + 1)

    provinces, province = encode(rows["admin1_reported"])
    is_elsewhere = spread(map(districts.aliases.is_elsewhere, provinces), province, False)
    code[is_elsewhere & (method != _METHODS.index("source_admin"))] = OUTSIDE

    pcodes, pcode = encode(rows["pcode_stated"])
    meant = (_code(text if text in districts.official_names else None, text, districts) for text in pcodes)
    given = spread(meant, pcode, np.int8(NOT_LOCATED))
    given_method = _vocabulary_codes(rows["district_method"], _METHODS)
    given[given_method == _PLACE] = NOT_LOCATED  # an earlier answer of the gazetteer is looked up again
    is_by_hand = (given_method == _METHODS.index("manual")) & (given >= 0)
    given_method[~np.isin(given_method, _KEPT_METHODS)] = _METHODS.index("source_admin")
    is_named = (code >= 0) & np.isin(method, [_METHODS.index("source_admin"), _METHODS.index("manual")])
    beside_code = np.unique(name[given != NOT_LOCATED])
    is_contradicted = _contradicts(names, beside_code, decided, districts)[name, given] & ~is_by_hand
    is_used = (given != NOT_LOCATED) & ~((given == OUTSIDE) & is_named)
    code, method = np.where(is_used, (given, given_method), (code, method)).astype(np.int8)
    return _Stated(code, method, name, allowed, is_contradicted, by_hand)


def _contradicts(
    names: list[str], asked: NDArray[np.int32], decided: Mapping[str, str], districts: Districts
) -> NDArray[np.bool_]:
    """Return whether a code, position or OUTSIDE, is none of what a name may mean: bool, shape (names, units + 2).

    asked: positions of the names that are stated with a code; for others nothing is looked up.
    """
    table = np.zeros((len(names), len(districts.pcodes) + 2), dtype=bool)
    for place in asked.tolist():
        meant = _may_mean(names[place], decided, districts)
        table[place, : len(districts.pcodes)] = [bool(meant) and pcode not in meant for pcode in districts.pcodes]
        table[place, OUTSIDE] = bool(meant) and ELSEWHERE not in meant
    return table


def _may_mean(text: str, decided: Mapping[str, str], districts: Districts) -> frozenset[str]:
    """Return what a name may mean: by the list, and by a decision, which replaces a single meaning."""
    listed, meaning = districts.aliases.may_mean(text), _decision(text, decided)
    if meaning is None:
        return listed
    unit = ELSEWHERE if meaning == MEANS_OUTSIDE else meaning
    chosen = frozenset((unit,)) & {ELSEWHERE, *districts.official_names}
    is_single = _code(districts.resolve(text).pcode, text, districts) != NOT_LOCATED
    return chosen if is_single else listed | chosen


def _decision(text: str, decided: Mapping[str, str]) -> str | None:
    return decided.get(name_key(text)) if decided and text.strip() else None


def _meaning_of(text: str, decided: Mapping[str, str], districts: Districts) -> tuple[tuple[int, int, int], list[bool]]:
    """Return (code, method, code by a decision that counts last) and the allowed units of one name; see _Stated."""
    found = districts.resolve(text)
    # What only the gazetteer knows is weighed against the point, see stated_places.
    code = NOT_LOCATED if found.method == "place" else _code(found.pcode, text, districts)
    allowed = _allowed(text, found, districts)
    meaning = _decision(text, decided)
    if meaning is None:
        return (code, _METHODS.index("none" if code == NOT_LOCATED else found.method), NOT_LOCATED), allowed
    by_hand = OUTSIDE if meaning == MEANS_OUTSIDE else NOT_LOCATED
    by_hand = districts.pcodes.index(meaning) if meaning in districts.official_names else by_hand
    if code == NOT_LOCATED:
        if by_hand != NOT_LOCATED:
            allowed[-1 if by_hand == OUTSIDE else by_hand] = True  # a point that lies there agrees with the name
        return (code, _METHODS.index("none"), by_hand), allowed
    return (by_hand, _METHODS.index("none" if by_hand == NOT_LOCATED else "manual"), NOT_LOCATED), allowed


def _code(pcode: str | None, text: str, districts: Districts) -> int:
    if pcode is not None:
        return districts.pcodes.index(pcode)
    return OUTSIDE if districts.aliases.is_elsewhere(text) else NOT_LOCATED


def _allowed(text: str, resolution: Resolution, districts: Districts) -> list[bool]:
    """Return which units a name without a single unit may mean, and last whether a place outside fits it.

    Districts that are only spelled alike are no meanings of the name.
    """
    meant = districts.aliases.may_mean(text) if resolution.pcode is None else frozenset[str]()
    if not meant:
        return [True] * (len(districts.pcodes) + 1)
    return [pcode in meant for pcode in districts.pcodes] + [False]


def _vocabulary_codes(column: pa.ChunkedArray, words: tuple[str, ...]) -> NDArray[np.int8]:
    """Return the position of each text in a vocabulary; null and unlisted texts count as its last word."""
    found = look_up(column, words)
    return np.where(found == NULL, len(words) - 1, found).astype(np.int8)


def _degrees(column: pa.ChunkedArray) -> Floats:
    return np.asarray(column.to_numpy(zero_copy_only=False), dtype=np.float64)  # null becomes NaN


def _pcodes(codes: Codes, districts: Districts) -> pa.Array:
    return pa.array(districts.pcodes).take(pa.array(codes, mask=codes < 0))


def _filled(rows: pa.Table, columns: dict[str, pa.Array | NDArray[Any]]) -> pa.Table:
    schema = arrow_schema()
    for name, values in columns.items():
        field = schema.field(name)
        rows = rows.set_column(rows.schema.get_field_index(name), field, pa.array(values, type=field.type))
    return rows

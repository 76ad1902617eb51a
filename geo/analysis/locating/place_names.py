"""How stated place names were resolved, which names have no district, and which rows contradict themselves.

Only distinct names are handled one by one; rows are counted and collected as columns.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo.analysis.locating import stated_places
from geo.analysis.locating.near_border import across_border, distance_m
from geo.codes import look_up
from geo.names import (
    DISTRICT_NAMED,
    MEANS_NONE,
    MEANS_OUTSIDE,
    NOT_LISTED,
    PLACE_FOUND,
    SEVERAL_PLACES,
    UNRESOLVED_KINDS,
    Resolution,
    name_key,
)
from geo.wording import N_

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.districts import Districts

# How a name was resolved: the district methods, with stated names and stated P-codes kept separate.
HOW: dict[str, str] = {
    "named": N_("named officially"),
    "pcode": N_("P-code stated"),
    "alias": N_("listed as another name"),
    "place": N_("by the name of the place"),
    "fuzzy": N_("close spelling"),
    "manual": N_("by hand"),
    "point_in_polygon": N_("by the coordinates"),
    "outside": N_("outside the province"),
    "none": N_("not located"),
}
# What a person is asked about: names without a district, and names resolved only by a close spelling.
TO_CONFIRM = ("none", "fuzzy")
MOST_REPORTED = 200
_OF_A_NAME = ("district_reported", "admin1_reported", "pcode_stated", "pcode", "district_method")
# How rows without the name of a district are located by that of their place, or remain to be decided.
_BY_PLACE = ("place", "manual", "outside", "none")
_OF_A_DISAGREEMENT = {
    "source_row": "row",
    "incident_id": "incident_id",
    "date_start": "date",
    "district_reported": "stated",
    "pcode_stated": "stated_pcode",
    "pcode_located": "located_pcode",
    "pcode": "counted_pcode",
    "lat": "lat",
    "lon": "lon",
}
_MOST_SPELLINGS = 5


@dataclass(frozen=True, slots=True)
class PlaceName:
    """Rows with one stated name and one result; a name whose rows have different results has several entries.

    key: geo.names.name_key, "" where no name is stated. spellings: texts of the file that compare equal, the most
    frequent first, at most five. provinces: as stated. taken_for: P-code, MEANS_OUTSIDE or MEANS_NONE. how: key of
    HOW. is_decided: a person's decision of this name was used. score: of a close spelling, 0 to 100. first_row: row
    of the file, the header counted as row 1. candidates: P-codes to choose from, best first. reason: why, in words.
    """

    key: str
    spellings: tuple[str, ...]
    provinces: tuple[str, ...]
    taken_for: str
    how: str
    is_decided: bool
    score: float | None
    n_rows: int
    first_row: int
    candidates: tuple[str, ...]
    reason: str

    @property
    def text(self) -> str:
        """The most frequent spelling."""
        return self.spellings[0]


def account(
    rows: pa.Table, districts: Districts, decided: Mapping[str, str] = MappingProxyType({})
) -> tuple[PlaceName, ...]:
    """Return how every stated name was resolved, most rows first.

    rows: canonical table, located by geo.analysis.locating.locate.assign_districts with these decisions.
    """
    named = rows.select([*_OF_A_NAME, "source_row"]).append_column("place", _places_alone(rows))
    grouped = named.group_by([*_OF_A_NAME, "place"])
    groups = grouped.aggregate([("source_row", "count"), ("source_row", "min")]).to_pylist()
    entries: dict[tuple[str, str, str, bool], list[dict[str, Any]]] = defaultdict(list)
    for group in groups:
        group |= {name: group[name] or "" for name in ("district_reported", "admin1_reported", "place")}
        text = group["text"] = group["district_reported"].strip() or _place(group, decided, districts)
        key = name_key(text) if text else ""
        taken_for, how, is_decided = _outcome(key, group, decided, districts)
        entries[key, taken_for, how, is_decided].append(group)
    found = [
        _entry(key, taken_for, how, is_decided, of_one, districts)
        for (key, taken_for, how, is_decided), of_one in entries.items()
    ]
    return tuple(sorted(found, key=lambda one: (-one.n_rows, one.first_row, one.taken_for)))


def stated_names(rows: pa.Table) -> dict[str, str]:
    """Return the names of districts, and of places in rows without one, by geo.names.name_key."""
    columns = (rows["district_reported"], _places_alone(rows))
    stated = (text.strip() for column in columns for text in pc.unique(column).to_pylist() if text)
    texts = [text for text in stated if text]
    return {name_key(text): text for text in reversed(texts)}


def _places_alone(rows: pa.Table) -> pa.ChunkedArray:
    """Return the place of rows that name no district and are not located by a point or code; else null."""
    has_name = pc.not_equal(pc.utf8_trim_whitespace(pc.fill_null(rows["district_reported"], "")), "")
    is_by_place = pc.is_in(rows["district_method"], value_set=pa.array(_BY_PLACE))
    return pc.if_else(pc.and_(is_by_place, pc.invert(has_name)), rows["place"], pa.scalar(None, pa.string()))


def _place(group: Mapping[str, Any], decided: Mapping[str, str], districts: Districts) -> str:
    """Return the name of the place that a group is located by, or that remains to be decided; else ""."""
    text = str(group["place"]).strip()
    if not text or (group["district_method"] == "manual" and name_key(text) not in decided):
        return ""
    # Most rows outside the province are there by their coordinates or country.
    is_outside = group["district_method"] == "outside"
    by_name = not is_outside or name_key(text) in decided or stated_places.meaning(text, districts).is_outside
    return text if by_name else ""


def _outcome(
    key: str, group: Mapping[str, Any], decided: Mapping[str, str], districts: Districts
) -> tuple[str, str, bool]:
    """Return how the rows of a group were resolved: to what, by which method, and whether by a decision."""
    pcode, method, meaning = group["pcode"], str(group["district_method"]), decided.get(key) if key else None
    taken_for = pcode or (MEANS_OUTSIDE if method == "outside" else MEANS_NONE)
    if meaning == taken_for and method in ("manual", "outside", "none"):
        return taken_for, "manual", True
    if method == "source_admin":
        # A name stated with a P-code of another district, or a P-code in place of the name.
        is_by_name = districts.resolve(group["district_reported"]).pcode == pcode and key != str(pcode).casefold()
        method = "named" if is_by_name else "pcode"
    return taken_for, method, False


def _entry(
    key: str, taken_for: str, how: str, is_decided: bool, groups: list[dict[str, Any]], districts: Districts
) -> PlaceName:
    by_text: dict[str, int] = defaultdict(int)
    for group in groups:
        by_text[group["text"]] += group["source_row_count"]
    spellings = tuple(sorted(by_text, key=lambda text: (-by_text[text], text)))[:_MOST_SPELLINGS]
    provinces = tuple(sorted({group["admin1_reported"].strip() for group in groups} - {""}))
    is_place = not groups[0]["district_reported"].strip()
    found = _of_place(spellings[0], districts) if is_place else districts.resolve(spellings[0])
    return PlaceName(
        key=key,
        spellings=spellings,
        provinces=provinces,
        taken_for=taken_for,
        how=how,
        is_decided=is_decided,
        score=found.score,
        n_rows=sum(by_text.values()),
        first_row=min(group["source_row_min"] for group in groups),
        candidates=found.candidates or ((found.pcode,) if found.method == "fuzzy" and found.pcode else ()),
        reason=_reason(how, found, provinces, districts),
    )


def _of_place(text: str, districts: Districts) -> Resolution:
    """Return what the name of a place resolves to; a close spelling of it is not looked for."""
    if not text:
        return districts.resolve("")
    found = stated_places.meaning(text, districts)
    if found.is_single:
        return Resolution(found.pcodes[0], "place", (), DISTRICT_NAMED if found.is_district else PLACE_FOUND)
    reason = UNRESOLVED_KINDS["elsewhere"] if found.is_outside else SEVERAL_PLACES if found.pcodes else NOT_LISTED
    return Resolution(None, "none", found.pcodes, reason)


def _reason(how: str, found: Resolution, provinces: tuple[str, ...], districts: Districts) -> str:
    """Return why rows were resolved as they were; `found` is what the name alone resolves to."""
    elsewhere = [province for province in provinces if districts.aliases.is_elsewhere(province)]
    if how == "pcode":
        return (
            f"the name alone means {districts.official_names[found.pcode]}" if found.pcode else "the P-code is stated"
        )
    if how == "outside" and elsewhere:
        return f"the stated province is {', '.join(elsewhere)}"
    if how == "outside" and UNRESOLVED_KINDS["elsewhere"] != found.reason:
        return "by the coordinates, the P-code or the country"
    return str(found.reason)


def names_record(names: Sequence[PlaceName], most: int = MOST_REPORTED) -> dict[str, Any]:
    """Return an account as JSON values, at most so many names, those of TO_CONFIRM first."""
    first = sorted(names, key=lambda one: one.how not in TO_CONFIRM)
    return {
        "total": len(names),
        "rows_by_how": {how: n for how in HOW if (n := sum(one.n_rows for one in names if one.how == how))},
        "rows_without_a_name": sum(one.n_rows for one in names if not one.key),
        "names": [asdict(one) for one in first[:most]],
    }


# --- disagreements ----------------------------------------------------------------------------------------


def disagreements(rows: pa.Table, districts: Districts, most: int | None = None) -> pa.Table:
    """Return the rows whose name, P-code or coordinates contradict each other, in file order, at most so many.

    Columns: row, incident_id, date, stated (name of the district or else of the place), stated_pcode, located_pcode
    (null: outside the province), counted_pcode, lat, lon (degrees), km_from_stated: distance of the point from the
    outline of the stated district, null where the stated name has several meanings or there are no coordinates.
    """
    found = rows.select([*_OF_A_DISAGREEMENT, "place"]).filter(rows["is_district_conflict"])
    found = found if most is None else found.slice(0, most)
    columns = {label: found[name] for name, label in _OF_A_DISAGREEMENT.items()}
    name = pc.utf8_trim_whitespace(pc.fill_null(found["district_reported"], ""))
    columns["stated"] = pc.if_else(pc.equal(name, ""), found["place"], found["district_reported"])
    by_place = [_meant(place, districts) for place in found["place"].to_pylist()]
    of_place = pc.if_else(pc.equal(name, ""), pa.chunked_array([pa.array(by_place, pa.string())]), None)
    columns["stated_pcode"] = pc.coalesce(found["pcode_stated"], of_place)
    km = _km_from_stated(found, columns["stated_pcode"], districts)
    return pa.table(columns | {"km_from_stated": pa.array(km, mask=np.isnan(km))})


def disagreements_record(rows: pa.Table, districts: Districts, most: int = MOST_REPORTED) -> dict[str, Any]:
    """Return the total and the first of the rows of `disagreements`, as JSON values."""
    total = int(np.asarray(rows["is_district_conflict"], dtype=bool).sum())
    found = disagreements(rows, districts, most).to_pylist()
    return {"total": total, "rows": [one | {"date": one["date"].isoformat()} for one in found]}


def _meant(place: str | None, districts: Districts) -> str | None:
    meant = stated_places.meaning(place or "", districts)
    return meant.pcodes[0] if meant.is_single else None


def near_border(rows: pa.Table, districts: Districts) -> pa.Table:
    """Return the rows that are counted by a point close to a second district, in file order.

    Columns: row, incident_id, date, place, counted_pcode, other_pcode, lat, lon (degrees). Close is NEAR_BORDER_M.
    """
    by_point = rows.filter(pc.equal(rows["district_method"], "point_in_polygon"))
    lon, lat = (np.asarray(by_point[name].to_numpy(zero_copy_only=False), dtype=np.float64) for name in ("lon", "lat"))
    other = across_border(lon, lat, look_up(by_point["pcode"], districts.pcodes), districts)
    names = ("source_row", "incident_id", "date_start", "place", "pcode", "lat", "lon")
    labels = ["row", "incident_id", "date", "place", "counted_pcode", "lat", "lon"]
    found = by_point.select(names).rename_columns(labels)
    pcodes = pa.array(districts.pcodes).take(pa.array(other, mask=other < 0))
    return found.append_column("other_pcode", pcodes).filter(pa.array(other >= 0))


def near_border_record(rows: pa.Table, districts: Districts, most: int = MOST_REPORTED) -> dict[str, Any]:
    """Return the total and the first of the rows of `near_border`, as JSON values."""
    found = near_border(rows, districts)
    return {
        "total": len(found),
        "rows": [one | {"date": one["date"].isoformat()} for one in found.slice(0, most).to_pylist()],
    }


def _km_from_stated(rows: pa.Table, stated: pa.ChunkedArray, districts: Districts) -> NDArray[np.float64]:
    """Return the distance of each point from the outline of its stated district, km, NaN where there is none."""
    lon, lat = (np.asarray(rows[name].to_numpy(zero_copy_only=False), dtype=np.float64) for name in ("lon", "lat"))
    return distance_m(lon, lat, look_up(stated, districts.pcodes), districts) / 1000.0

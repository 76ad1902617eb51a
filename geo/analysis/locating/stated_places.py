"""Rows that state a place and no district: which district the name of the place means, if any.

The text is read from its end, part by part between commas, because the wider unit comes last: "Sarokai, SWA"; from its
front if that is the province or the country. A part that nobody knows hides what is narrower ("Shahpur, Sargodha"), and
close spellings mean nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from geo.codes import encode, spread
from geo.incidents import NOT_LOCATED, OUTSIDE
from geo.names import MEANS_OUTSIDE, name_key
from geo.schema import DISTRICT_METHODS
from geo.text import LONGEST_NAME

if TYPE_CHECKING:
    from geo.districts import Districts

Codes = NDArray[np.int8]
Mask = NDArray[np.bool_]

_PLACE, _MANUAL, _NONE = (list(DISTRICT_METHODS).index(name) for name in ("place", "manual", "none"))
_PARTS = re.compile(r"[,;>()،؛]")
_COUNTRY = frozenset({"pakistan", "پاکستان"})
# Kinds of alias that say of a district's name which of several districts, or which part of the province, is meant.
_WIDER_KINDS = ("ambiguous", "division", "province")


@dataclass(frozen=True, slots=True)
class PlaceMeaning:
    """What the name of a place means.

    pcodes: the districts that it may mean. is_outside: it names another province, or a city or district of one.
    is_single: there is one meaning; several places of one district can have the same name. is_district: the name of
    a district itself is stated, not only that of a place in it.
    """

    pcodes: tuple[str, ...] = ()
    is_outside: bool = False
    is_single: bool = False
    is_district: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class StatedPlaces:
    """What the rows state by the name of a place, one entry a row.

    code: int8, a position, OUTSIDE for a place of another province, NOT_LOCATED where nothing or several districts
    are meant. method: int8, position in DISTRICT_METHODS, "place", "manual" by a decision, or "none". is_district:
    bool, see PlaceMeaning.
    """

    code: Codes
    method: NDArray[np.int8]
    is_district: Mask


NOTHING = PlaceMeaning()


def meaning(text: str, districts: Districts) -> PlaceMeaning:
    """Return what the name of a place means, by the list of names and the gazetteer."""
    found = NOTHING
    if len(text) > LONGEST_NAME:
        return found
    parts = [part for part in _PARTS.split(text) if name_key(part)]
    around = [name_key(part) in _COUNTRY or districts.aliases.kind(part) == "province" for part in parts]
    # A list that begins with the province goes on to narrower units.
    is_from_front = around[:1] > around[-1:]
    for part, is_around in list(zip(parts, around, strict=True))[:: 1 if is_from_front else -1]:
        if is_around:
            continue
        one = _of_part(part, districts)
        if one == NOTHING:
            break
        found = one if found == NOTHING else _narrowed(found, one)
    return found


def _of_part(part: str, districts: Districts) -> PlaceMeaning:
    aliases = districts.aliases
    here = tuple(dict.fromkeys(place.pcode for place in districts.places.find(part)))
    if aliases.is_elsewhere(part):
        # Ziarat and Gujrat are also places of the province: then the name alone says nothing.
        return PlaceMeaning(here, is_outside=not here)
    found, kind = aliases.resolve(part, is_exact=True), aliases.kind(part)
    listed = found.candidates if found.pcode is None else (found.pcode,)
    # Only the name of a district itself is above other places of that name.
    pcodes = listed if kind == "name" else tuple(dict.fromkeys((*listed, *here)))
    is_single = found.pcode is not None and len(pcodes) == 1
    is_district = is_single and kind != "place" and found.method in ("source_admin", "alias")
    return PlaceMeaning(pcodes, is_single=is_single, is_district=is_district)


def _narrowed(wide: PlaceMeaning, narrow: PlaceMeaning) -> PlaceMeaning:
    """Return what a name means within a wider unit; a contradiction leaves both to choose from."""
    if wide.is_outside or narrow.is_outside:
        # "Lahore, Swabi": a village may have the name of a city elsewhere.
        return wide
    both = tuple(pcode for pcode in narrow.pcodes if pcode in wide.pcodes)
    if not both:
        return PlaceMeaning(tuple(dict.fromkeys((*wide.pcodes, *narrow.pcodes))))
    return PlaceMeaning(both, is_single=len(both) == 1, is_district=wide.is_district or narrow.is_district)


def of_rows(rows: pa.Table, asked: Mask, districts: Districts, decided: Mapping[str, str]) -> StatedPlaces:
    """Return what the marked rows state by the name of a place.

    rows: canonical table. asked: rows that state no district, shape (n,). decided: as for assign_districts. A place in
    the column of districts counts like one in the column of places; a place beside the name of a wider unit, or of
    several districts, only if it lies in them; beside any other name that is not recognised it says nothing.
    """
    places = StatedPlaces(
        np.full(len(rows), NOT_LOCATED, dtype=np.int8),
        np.full(len(rows), _NONE, dtype=np.int8),
        np.zeros(len(rows), dtype=bool),
    )
    provinces, province = encode(rows["admin1_reported"])
    kinds = (districts.aliases.kind(name) in _WIDER_KINDS or not name.strip() for name in provinces)
    where = np.flatnonzero(asked & spread(kinds, province, True))
    if not len(where):
        return places
    stated = [encode(pc.fill_null(rows[name].take(where), "")) for name in ("district_reported", "place")]
    (names, name), (texts, text) = stated
    pairs, pair = np.unique(name.astype(np.int64) * len(texts) + text, return_inverse=True)
    found = [_answer(names[key // len(texts)], texts[key % len(texts)], districts, decided) for key in pairs.tolist()]
    answers = np.array(found, dtype=np.int8)[pair]
    places.code[where], places.method[where], places.is_district[where] = answers.T
    return places


def _answer(name: str, place: str, districts: Districts, decided: Mapping[str, str]) -> tuple[int, int, bool]:
    """Return the entries of StatedPlaces for a row with this name of a district and this place."""
    text, within = name, None
    if not name.strip():
        text = place
        if text.strip() and (chosen := decided.get(name_key(text))):
            code = districts.pcodes.index(chosen) if chosen in districts.official_names else NOT_LOCATED
            return OUTSIDE if chosen == MEANS_OUTSIDE else code, _MANUAL, False
    elif name_key(name) in decided:
        return NOT_LOCATED, _NONE, False  # the decision about the name counts
    elif districts.aliases.kind(name) in _WIDER_KINDS:
        text, within = place, districts.aliases.resolve(name).candidates or None
    found = meaning(text, districts)
    if found.is_outside:
        return (OUTSIDE if within is None else NOT_LOCATED), _NONE, False
    if within is not None and found != NOTHING:
        found = _narrowed(PlaceMeaning(within), found)
    if not found.is_single:
        return NOT_LOCATED, _NONE, False
    return districts.pcodes.index(found.pcodes[0]), _PLACE, found.is_district

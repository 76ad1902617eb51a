"""Coordinates: decimal degrees by stated rules, exchanged axes proved, nothing moved without a note."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from geo.ingest.containers.marks import MARK_PATTERN
from geo.ingest.notes import NoteKind
from geo.ingest.tables import CellError
from geo.ingest.values.cells import NOT_STATED, Reading, latin_digits
from geo.ingest.values.labels import Mask
from geo.problems import ProblemCode, rejected
from geo.wording import text

Degrees = NDArray[np.float64]

# Bounding box of Pakistan with a margin, degrees; the two ranges do not overlap, so a swap can be proved.
LAT_RANGE_DEG = (23.5, 37.3)
LON_RANGE_DEG = (60.8, 77.9)
# Columns of a table that name a place without coordinates.
NAMES_OF_PLACES = ("district", "place", "pcode")

_LOST = re.compile(MARK_PATTERN)
_DECIMAL = re.compile(r"[+-]?\d{1,7}(?:\.\d+)?\Z")
_DECIMAL_COMMA = re.compile(r"[+-]?\d{1,3},\d+\Z")
_HEMISPHERE = re.compile(r"(?:([NSEW])\s*)?([^NSEW]+?)\s*([NSEW])?\Z", re.IGNORECASE)
_SEXAGESIMAL = re.compile(
    r"(\d{1,3})\s*[°º]\s*(?:(\d{1,2}(?:\.\d+)?)\s*['′’]\s*)?(?:(\d{1,2}(?:\.\d+)?)\s*(?:\"|″|''|”)\s*)?\Z"
)

_LONGEST_DEGREES = 60  # characters that are looked at: no longer text is a coordinate
_error = partial(CellError, ProblemCode.COORDINATES)
_ONE_ONLY = _error(text("Only one coordinate is given."), text("Give both or none."))
_METRES = _error(
    text("The coordinates look like metres."), text("Convert them to latitude and longitude in degrees (WGS84).")
)
_NOWHERE = _error(
    text("There is no such place on Earth."), text("Latitude is -90 to 90, longitude -180 to 180 degrees.")
)
_WRONG_LETTER = _error(
    text("The hemisphere letter belongs to the other coordinate."),
    text("Latitudes have N or S, longitudes E or W: correct the letter, or exchange the two cells."),
)
_ZERO = CellError(
    ProblemCode.OUTSIDE,
    text("0, 0 is in the Atlantic Ocean."),
    text("Leave both cells empty if the place is not known."),
)
_OUTSIDE = CellError(
    ProblemCode.OUTSIDE, text("The coordinates are outside Pakistan."), text("Correct them, or keep such rows.")
)


@dataclass(frozen=True, slots=True, eq=False)
class Points:
    """Coordinates of each row, degrees EPSG:4326, float64, shape (n,); NaN where none are stated."""

    lat: Degrees
    lon: Degrees

    @property
    def is_given(self) -> Mask:
        """Whether the row has coordinates, shape (n,)."""
        return ~np.isnan(self.lat) & ~np.isnan(self.lon)

    @property
    def fields(self) -> dict[str, object]:
        """The canonical columns of the coordinates."""
        return {"lat": self.lat, "lon": self.lon}


def parse_degrees(cell: str, decimal_mark: str = ".") -> float | CellError:
    """Return the degrees of a cell: 33.5, 33.5 N, 33°30'00"N, Urdu digits; NaN when not stated."""
    found = degrees_and_letter(cell, decimal_mark)
    return found if isinstance(found, CellError) else found[0]


def degrees_and_letter(cell: str, decimal_mark: str = ".") -> tuple[float, str] | CellError:
    """Return the degrees of a cell and its hemisphere letter (N, S, E, W), "" if it has none."""
    plain = " ".join(latin_digits(cell).split())[:_LONGEST_DEGREES]
    if plain.casefold() in NOT_STATED:
        return math.nan, ""
    if decimal_mark == "," and _DECIMAL_COMMA.match(plain):
        plain = plain.replace(",", ".")
    if _DECIMAL.match(plain):
        return float(plain), ""
    signed = _HEMISPHERE.match(plain)
    if signed and not (signed[1] and signed[3]):
        letter = (signed[1] or signed[3] or "").upper()
        value = _unsigned_degrees(signed[2])
        if value is not None:
            return (-value if letter in ("S", "W") else value), letter
    hint = text("Write decimal degrees, for example {example}.", example="33.512")
    return CellError(ProblemCode.NUMBER, text("This is not a coordinate."), hint)


def points(
    reading: Reading,
    lat_key: str,
    lon_key: str,
    in_pakistan: Mask | None = None,
    place_keys: Sequence[str] = NAMES_OF_PLACES,
) -> Points:
    """Return the coordinates of each row; unreadable, impossible, half-given and zero ones are none.

    They refuse a row only if it names no place in the columns place_keys: else the name counts, and a note says so.
    Exchanged ones are refused until a person confirms. in_pakistan: rows whose source says that they are in Pakistan;
    only those can be proved to be exchanged (None: all). Raises RejectedUpload when decimal commas are used and the
    mark was not confirmed.
    """
    reading.look_at_decimals(lat_key, lon_key)
    reading.decimal_mark = _decimal_mark(reading, lat_key, lon_key)
    is_named = names_place(reading, place_keys)
    (lat, lat_spared), (lon, lon_spared) = (_degrees(reading, key, is_named) for key in (lat_key, lon_key))
    lat, lon, is_swapped = _unswapped(reading, lat_key, lat, lon, in_pakistan)
    is_wrong = np.zeros(len(reading), dtype=bool)
    for key, where in _wrong_letters(reading, lat_key, lon_key, is_swapped):
        reading.refuse(where & ~is_named, key, _WRONG_LETTER)
        is_wrong |= where
    _note_left_out(reading, lat_key, is_wrong & is_named, _WRONG_LETTER)
    is_out = is_wrong | lat_spared | lon_spared
    lat, lon = _without(lat, is_out), _without(lon, is_out)
    is_half = (np.isnan(lat) != np.isnan(lon)) & ~reading.refusals.refused
    _leave_out(reading, lat_key, is_half, _ONE_ONLY, is_named)
    return checked_points(reading, lat_key, _without(lat, is_half), _without(lon, is_half), is_named)


def checked_points(reading: Reading, key: str, lat: Degrees, lon: Degrees, is_named: Mask) -> Points:
    """Return coordinates in degrees as Points; metres, 0, 0 and what is not on Earth are none.

    They refuse a row, under the column key, that names no place (is_named, shape (n,)); in others a note counts them.
    """
    with np.errstate(invalid="ignore"):
        beyond = (np.abs(lat) > 90) | (np.abs(lon) > 180)
        metres = beyond & (np.abs(lat) > 1000) & (np.abs(lon) > 1000)
        zero = (lat == 0) & (lon == 0)
        outside = ~_within(lat, LAT_RANGE_DEG) | ~_within(lon, LON_RANGE_DEG)
    for where, bad in ((metres, _METRES), (beyond & ~metres, _NOWHERE), (zero, _ZERO)):
        _leave_out(reading, key, where, bad, is_named)
    found = Points(_without(lat, beyond | zero), _without(lon, beyond | zero))
    if not reading.options.keep_outside:
        reading.refuse(found.is_given & outside & ~reading.refusals.refused, key, _OUTSIDE)
    return found


def _leave_out(reading: Reading, key: str, where: Mask, bad: CellError, is_named: Mask) -> None:
    """Refuse the marked rows whose coordinates cannot be used, or note them where the row names its place."""
    reading.refuse(where & ~is_named, key, bad)
    _note_left_out(reading, key, where & is_named, bad)


def _note_left_out(reading: Reading, key: str, where: Mask, bad: CellError) -> None:
    reading.note_rows(where, NoteKind.POINT_LEFT_OUT, key if reading.has(key) else "", reason=bad.message)


def names_place(reading: Reading, keys: Sequence[str] = NAMES_OF_PLACES) -> Mask:
    """Return which rows say something of their place in one of these columns, shape (n,); "unknown" says nothing."""
    found = np.zeros(len(reading), dtype=bool)
    for key in keys:
        found |= reading.matches(key, lambda word: word.casefold() not in NOT_STATED)
    return found


def _without(degrees: Degrees, where: Mask) -> Degrees:
    return np.where(where, np.nan, degrees) if where.any() else degrees


def _degrees(reading: Reading, key: str, is_named: Mask) -> tuple[Degrees, Mask]:
    """Return the degrees of a column, NaN where blank or unreadable, and which rows are spared for the latter.

    What cannot be read refuses a row that names no place, and every row if a character of it is lost.
    """
    mark = reading.decimal_mark or "."
    errors = {one: bad for one in reading.odd_decimals(key) if isinstance(bad := parse_degrees(one, mark), CellError)}
    readable = {one for one in errors if not _LOST.search(one)}
    if not readable:
        none = np.zeros(len(reading), dtype=bool)
        return reading.decimals(key, lambda cell: parse_degrees(cell, mark)), none
    is_spared = reading.matches(key, readable.__contains__) & is_named
    _note_left_out(reading, key, is_spared, errors[min(readable)])
    return reading.decimals(key, lambda cell: parse_degrees(cell, mark), is_spared), is_spared


def _decimal_mark(reading: Reading, lat_key: str, lon_key: str) -> str | None:
    """Return the decimal mark as answered or proved, None where it does not matter.

    The comma is proved if it puts every coordinate with one into Pakistan and cannot divide thousands: the cells are
    separated by semicolons, or it has other than three digits behind it. Raises RejectedUpload if it must be answered.
    """
    bounds = {lat_key: LAT_RANGE_DEG, lon_key: LON_RANGE_DEG}
    found = [(key, word) for key in bounds for word in reading.odd_decimals(key) if _has_decimal_comma(word)]
    if reading.decimal_mark is not None or not found:
        return reading.decimal_mark
    key, word = found[0]
    n_outside = sum(not _is_inside(one, bounds[name]) for name, one in found)
    n_plain = sum(_is_no_thousand(one) for _, one in found)
    about = f"{lat_key},{lon_key}"
    are_inside, is_plain = reading.evidence.verdict("decimal_comma", about, len(found), n_outside, n_plain)
    if are_inside and (reading.table.separator == ";" or is_plain):
        reading.note(NoteKind.DECIMAL_COMMA, column=reading.name_of(key), example=word)
        return ","
    message = text("The coordinates are written with a comma.")
    hint = text("State whether the comma is the decimal mark of this file.")
    place = (reading.file, reading.table.sheet, None, reading.name_of(key), word)
    raise rejected(ProblemCode.NUMBER, message, hint, *place)


def _has_decimal_comma(word: str) -> bool:
    return _DECIMAL_COMMA.match(latin_digits(word)) is not None


def _is_inside(word: str, bounds: tuple[float, float]) -> bool:
    degrees = parse_degrees(word, ",")
    return not isinstance(degrees, CellError) and bounds[0] <= degrees <= bounds[1]


def _is_no_thousand(word: str) -> bool:
    return len(latin_digits(word).strip().partition(",")[2]) != 3


def _unswapped(
    reading: Reading, lat_key: str, lat: Degrees, lon: Degrees, in_pakistan: Mask | None
) -> tuple[Degrees, Degrees, Mask]:
    """Return latitude, longitude and whether the two are proved to be in each other's column."""
    swapped = _within(lat, LON_RANGE_DEG) & _within(lon, LAT_RANGE_DEG)
    if in_pakistan is not None:
        swapped &= in_pakistan
    if reading.options.swap_axes:
        reading.note_rows(swapped, NoteKind.AXES_EXCHANGED)
        return np.where(swapped, lon, lat), np.where(swapped, lat, lon), swapped
    positions = np.flatnonzero(swapped)
    errors = [
        CellError(
            ProblemCode.SWAPPED,
            text(
                "Latitude {lat:g} and longitude {lon:g} look exchanged.", lat=float(lat[place]), lon=float(lon[place])
            ),
            text("Exchange them, or confirm."),
        )
        for place in positions.tolist()
    ]
    reading.refuse_each(positions, lat_key, errors)
    return lat, lon, swapped


def _wrong_letters(reading: Reading, lat_key: str, lon_key: str, is_swapped: Mask) -> Iterator[tuple[str, Mask]]:
    """Yield by column in which rows a hemisphere letter belongs to the other axis, shape (n,)."""
    is_open = ~reading.refusals.refused
    for key, own, other in ((lat_key, "NS", "EW"), (lon_key, "EW", "NS")):
        where = np.where(is_swapped, _has_letter(reading, key, own), _has_letter(reading, key, other)) & is_open
        yield key, where


def _has_letter(reading: Reading, key: str, letters: str) -> Mask:
    found = {word: degrees_and_letter(word, reading.decimal_mark or ".") for word in reading.odd_decimals(key)}
    words = {w for w, one in found.items() if not isinstance(one, CellError) and one[1] and one[1] in letters}
    return reading.matches(key, words.__contains__) if words else np.zeros(len(reading), dtype=bool)


def _unsigned_degrees(digits: str) -> float | None:
    plain = digits.strip()
    if re.fullmatch(r"\d{1,3}(?:\.\d+)?\s*[°º]?", plain):
        return float(plain.rstrip("°º "))
    match = _SEXAGESIMAL.match(plain)
    if not match:
        return None
    minutes, seconds = float(match[2] or 0), float(match[3] or 0)
    return float(match[1]) + minutes / 60 + seconds / 3600 if minutes < 60 and seconds < 60 else None


def _within(values: Degrees, bounds: tuple[float, float]) -> Mask:
    with np.errstate(invalid="ignore"):
        return (values >= bounds[0]) & (values <= bounds[1])

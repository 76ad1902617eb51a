"""Coordinates: decimal degrees by stated rules, swapped axes proved, nothing moved in silence."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.ingest.tables import CellError
from geo.ingest.values.cells import NOT_STATED, Reading, latin_digits
from geo.problems import Problem, ProblemCode, RejectedUpload

# Bounding box of Pakistan with a margin, degrees; the two ranges do not overlap, so a swap can be proved.
LAT_RANGE_DEG = (23.5, 37.3)
LON_RANGE_DEG = (60.8, 77.9)

_DECIMAL = re.compile(r"[+-]?\d{1,7}(?:\.\d+)?\Z")
_DECIMAL_COMMA = re.compile(r"[+-]?\d{1,3},\d+\Z")
_HEMISPHERE = re.compile(r"(?:([NSEW])\s*)?([^NSEW]+?)\s*([NSEW])?\Z", re.IGNORECASE)
_SEXAGESIMAL = re.compile(
    r"(\d{1,3})\s*[°º]\s*(?:(\d{1,2}(?:\.\d+)?)\s*['′’]\s*)?(?:(\d{1,2}(?:\.\d+)?)\s*(?:\"|″|''|”)\s*)?\Z"
)

_WRONG_LETTER = CellError(
    ProblemCode.COORDINATES,
    "The hemisphere letter belongs to the other coordinate.",
    "Latitudes have N or S, longitudes E or W: correct the letter, or exchange the two cells.",
)


@dataclass(frozen=True, slots=True)
class Points:
    """Coordinates of each row, degrees EPSG:4326, shape (n,); NaN where none are stated."""

    lat: NDArray[np.float64]
    lon: NDArray[np.float64]

    @property
    def is_given(self) -> NDArray[np.bool_]:
        """Whether the row has coordinates, shape (n,)."""
        return ~np.isnan(self.lat) & ~np.isnan(self.lon)


def parse_degrees(text: str, decimal_mark: str = ".") -> float | CellError:
    """Return the degrees of a cell: 33.5, 33.5 N, 33°30'00"N, Urdu digits; NaN when not stated."""
    found = _degrees_and_letter(text, decimal_mark)
    return found if isinstance(found, CellError) else found[0]


def _degrees_and_letter(text: str, decimal_mark: str = ".") -> tuple[float, str] | CellError:
    """Return the degrees of a cell and its hemisphere letter (N, S, E, W), "" if it has none."""
    plain = latin_digits(text).strip()
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
    return CellError(ProblemCode.NUMBER, "This is not a coordinate.", "Write decimal degrees, for example 33.512.")


def points(reading: Reading, lat_key: str, lon_key: str, in_pakistan: NDArray[np.bool_] | None = None) -> Points:
    """Return the coordinates of each row; refuses impossible, half-given, zero and swapped ones.

    in_pakistan: rows whose source says that they are in Pakistan; only those can be proved to be swapped
    (None: all). Raises RejectedUpload when decimal commas are used and the mark was not confirmed.
    """
    lat, lon = _degrees(reading, lat_key), _degrees(reading, lon_key)
    lat, lon, is_swapped = _unswapped(reading, lat_key, lat, lon, in_pakistan)
    is_wrong = _refuse_wrong_letters(reading, lat_key, lon_key, is_swapped)
    lat, lon = np.where(is_wrong, np.nan, lat), np.where(is_wrong, np.nan, lon)
    half = np.isnan(lat) != np.isnan(lon)
    ours = half & ~reading.refusals.refused
    reading.refuse(
        ours, lat_key, CellError(ProblemCode.COORDINATES, "Only one coordinate is given.", "Give both or none.")
    )
    with np.errstate(invalid="ignore"):
        beyond = (np.abs(lat) > 90) | (np.abs(lon) > 180)
        metres = beyond & (np.abs(lat) > 1000) & (np.abs(lon) > 1000)
        zero = (lat == 0) & (lon == 0)
        outside = ~_within(lat, LAT_RANGE_DEG) | ~_within(lon, LON_RANGE_DEG)
    hint = "Convert them to latitude and longitude in degrees (WGS84)."
    reading.refuse(metres, lat_key, CellError(ProblemCode.COORDINATES, "The coordinates look like metres.", hint))
    hint = "Latitude is -90 to 90, longitude -180 to 180 degrees."
    reading.refuse(
        beyond & ~metres, lat_key, CellError(ProblemCode.COORDINATES, "There is no such place on Earth.", hint)
    )
    hint = "Leave both cells empty if the place is not known."
    reading.refuse(zero, lat_key, CellError(ProblemCode.OUTSIDE, "0, 0 is in the Atlantic Ocean.", hint))
    if not reading.options.keep_outside:
        given = ~np.isnan(lat) & ~np.isnan(lon) & ~beyond & ~zero
        bad = CellError(
            ProblemCode.OUTSIDE, "The coordinates are outside Pakistan.", "Correct them, or keep such rows."
        )
        reading.refuse(given & outside, lat_key, bad)
    return Points(lat, lon)


def _degrees(reading: Reading, key: str) -> NDArray[np.float64]:
    mark = reading.options.decimal_mark
    with_comma = next((word for word in reading.odd_decimals(key) if _DECIMAL_COMMA.match(latin_digits(word))), None)
    if mark is None and with_comma is not None:
        hint = "Say whether the comma is the decimal mark of this file."
        problem = Problem(
            ProblemCode.NUMBER,
            "The coordinates are written with a comma.",
            hint,
            reading.file,
            reading.table.sheet,
            None,
            reading.name_of(key),
            with_comma,
        )
        raise RejectedUpload([problem])
    return reading.decimals(key, lambda text: parse_degrees(text, mark or "."))


def _unswapped(
    reading: Reading,
    lat_key: str,
    lat: NDArray[np.float64],
    lon: NDArray[np.float64],
    in_pakistan: NDArray[np.bool_] | None,
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_]]:
    """Return latitude, longitude and whether the two are proved to be in each other's column."""
    swapped = _within(lat, LON_RANGE_DEG) & _within(lon, LAT_RANGE_DEG)
    if in_pakistan is not None:
        swapped &= in_pakistan
    if not swapped.any():
        return lat, lon, swapped
    if reading.options.swap_axes:
        reading.note_rows(swapped, "with latitude and longitude exchanged, as asked.", "")
        return np.where(swapped, lon, lat), np.where(swapped, lat, lon), swapped
    positions = np.flatnonzero(swapped)
    errors = [
        CellError(
            ProblemCode.SWAPPED, f"lat {lat[place]:g} and lon {lon[place]:g} look swapped.", "Swap them, or confirm."
        )
        for place in positions.tolist()
    ]
    reading.refuse_each(positions, lat_key, errors)
    return lat, lon, swapped


def _refuse_wrong_letters(
    reading: Reading, lat_key: str, lon_key: str, is_swapped: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Refuse rows in which a hemisphere letter belongs to the other axis; return which they are, shape (n,)."""
    is_open = ~reading.refusals.refused
    is_wrong = np.zeros(len(reading), dtype=bool)
    for key, own, other in ((lat_key, "NS", "EW"), (lon_key, "EW", "NS")):
        where = np.where(is_swapped, _has_letter(reading, key, own), _has_letter(reading, key, other)) & is_open
        reading.refuse(where, key, _WRONG_LETTER)
        is_wrong |= where
    return is_wrong


def _has_letter(reading: Reading, key: str, letters: str) -> NDArray[np.bool_]:
    found = {word: _degrees_and_letter(word, reading.options.decimal_mark or ".") for word in reading.odd_decimals(key)}
    words = {w for w, one in found.items() if not isinstance(one, CellError) and one[1] and one[1] in letters}
    return reading.matches(key, words.__contains__) if words else np.zeros(len(reading), dtype=bool)


def _unsigned_degrees(text: str) -> float | None:
    plain = text.strip()
    if re.fullmatch(r"\d{1,3}(?:\.\d+)?\s*[°º]?", plain):
        return float(plain.rstrip("°º "))
    match = _SEXAGESIMAL.match(plain)
    if not match:
        return None
    minutes, seconds = float(match[2] or 0), float(match[3] or 0)
    return float(match[1]) + minutes / 60 + seconds / 3600 if minutes < 60 and seconds < 60 else None


def _within(values: NDArray[np.float64], bounds: tuple[float, float]) -> NDArray[np.bool_]:
    with np.errstate(invalid="ignore"):
        return (values >= bounds[0]) & (values <= bounds[1])

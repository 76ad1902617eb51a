"""Latitude and longitude in one cell: "32.98, 70.60", POINT, survey points, links to maps. Order proved by Pakistan."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from functools import partial

import numpy as np
from numpy.typing import NDArray

from geo.codes import spread
from geo.ingest.notes import NoteKind
from geo.ingest.tables import CellError
from geo.ingest.values.cells import NOT_STATED, Reading, latin_digits
from geo.ingest.values.labels import Mask
from geo.ingest.values.places import (
    LAT_RANGE_DEG,
    LON_RANGE_DEG,
    Points,
    checked_points,
    degrees_and_letter,
    names_place,
)
from geo.problems import ProblemCode
from geo.wording import text

Pair = tuple[float, float]
Degrees = NDArray[np.float64]
NO_POINT: Pair = (math.nan, math.nan)

_NUMBER = r"([+-]?\d{1,3}(?:\.\d+)?)"
# Each writing says by itself which number is the latitude: in "lat_first" the first, in "lon_first" the second.
_LAT_FIRST = (
    re.compile(rf"!3d{_NUMBER}!4d{_NUMBER}"),  # the place of a Google link; "@" is only where its window was
    re.compile(rf"@{_NUMBER},{_NUMBER}"),
    re.compile(
        rf"[?&](?:q|ll|query|daddr|center|mlat|loc)=(?:loc:)?{_NUMBER}(?:,|%2C|&mlon=)\+?(?:%20)?{_NUMBER}", re.I
    ),
    re.compile(rf"#map=\d+/{_NUMBER}/{_NUMBER}"),
    re.compile(rf"/(?:place|search)/{_NUMBER},\+?{_NUMBER}"),
    re.compile(rf"geo:{_NUMBER},{_NUMBER}", re.I),
)
# A survey program writes latitude, longitude, altitude and accuracy.
_SURVEY = re.compile(rf"{_NUMBER}\s+{_NUMBER}\s+-?\d+(?:\.\d+)?\s+\d+(?:\.\d+)?\Z")
_LON_FIRST = (
    re.compile(rf"(?:SRID=4326;\s*)?POINT\s*(?:Z|M|ZM)?\s*\(\s*{_NUMBER}\s+{_NUMBER}(?:\s+\S+)*\s*\)\Z", re.I),
    re.compile(rf'"type"\s*:\s*"Point".*"coordinates"\s*:\s*\[\s*{_NUMBER}\s*,\s*{_NUMBER}', re.S),
    re.compile(rf'"coordinates"\s*:\s*\[\s*{_NUMBER}\s*,\s*{_NUMBER}.*"type"\s*:\s*"Point"', re.S),
)
_IS_LINK = re.compile(r"https?://|geo:|POINT|\"coordinates\"", re.I)
_SEPARATORS = re.compile(r"\s*[,;/|،؛]\s*|\s+")
_LABELS = re.compile(r"\b(?:lat(?:itude)?|lon(?:g(?:itude)?)?|lng)\b\.?\s*[:=]?", re.I)
_LONGEST_POINT = 2_000  # characters: links to maps are long
_FEWEST_DIGITS = 6  # of a text that is taken for a point whatever its column is called: "25, 70" may be ages
_SAME_DEG = 0.01  # about a kilometre
_BRACKETS = "()[]{}<> \t"

_error = partial(CellError, ProblemCode.COORDINATES)
_NOT_A_POINT = _error(
    text("This is not a pair of coordinates."),
    text("Write latitude and longitude in degrees, for example {example}.", example="32.986, 70.604"),
)


def parse_point(cell: str) -> Pair | CellError:
    """Return (latitude, longitude) in degrees; NaN when not stated, CellError when the cell is no point.

    Writings that fix the order are read by it. Of two bare numbers, the one between 23.5 and 37.3 is the latitude if
    the other lies between 60.8 and 77.9 (Pakistan; the ranges do not meet); else the first is.
    """
    plain = " ".join(latin_digits(cell).split())
    if len(plain) > _LONGEST_POINT:
        return _NOT_A_POINT
    if plain.strip(_BRACKETS).casefold() in NOT_STATED:
        return NO_POINT
    if (survey := _SURVEY.match(plain)) is not None:
        # Four numbers may also be degrees and minutes: only a place in Pakistan is certain.
        pair = float(survey[1]), float(survey[2])
        return pair if _is_in_pakistan(pair) else _NOT_A_POINT
    for patterns, is_lat_first in ((_LAT_FIRST, True), (_LON_FIRST, False)):
        for pattern in patterns:
            if found := pattern.search(plain):
                first, second = float(found[1]), float(found[2])
                return (first, second) if is_lat_first else (second, first)
    if _IS_LINK.search(plain):
        return _NOT_A_POINT
    return _of_two_numbers(_LABELS.sub("", plain).strip(_BRACKETS))


def is_point_of_pakistan(cell: str) -> bool:
    """Whether a cell is a point within the ranges of Pakistan."""
    found = parse_point(cell)
    return not isinstance(found, CellError) and _is_in_pakistan(found)


def hold_points(texts: Iterable[str]) -> bool:
    """Whether most of the texts that are not blank are points of Pakistan, each with the digits of two coordinates."""
    filled = [one for one in texts if one.strip()]
    n_points = sum(sum(map(str.isdigit, one)) >= _FEWEST_DIGITS and is_point_of_pakistan(one) for one in filled)
    return n_points * 2 > len(filled)


def _is_in_pakistan(pair: Pair) -> bool:
    return _is_within(pair[0], LAT_RANGE_DEG) and _is_within(pair[1], LON_RANGE_DEG)


def _of_two_numbers(plain: str) -> Pair | CellError:
    for halves in _halves(plain):
        found = [degrees_and_letter(half, decimal_mark=",") for half in halves]
        pair = [one for one in found if not isinstance(one, CellError) and not math.isnan(one[0])]
        if len(pair) == 2:
            return _ordered(*pair)
    return _NOT_A_POINT


def _halves(plain: str) -> Iterable[tuple[str, str]]:
    """Yield the ways to cut a text in two at a separator, the plainest first."""
    separators = sorted(_SEPARATORS.finditer(plain), key=lambda one: not one[0].strip())
    yield from ((plain[: one.start()], plain[one.end() :]) for one in separators[:12])


def _ordered(first: tuple[float, str], second: tuple[float, str]) -> Pair | CellError:
    (one, one_letter), (other, other_letter) = first, second
    is_lon = [letter in ("E", "W") for letter in (one_letter, other_letter) if letter]
    if len(is_lon) == 2 and is_lon[0] == is_lon[1]:
        return _NOT_A_POINT  # two latitudes or two longitudes
    if is_lon:
        is_lon_first = is_lon[0] if one_letter else not is_lon[0]
    else:
        is_lon_first = _is_within(one, LON_RANGE_DEG) and _is_within(other, LAT_RANGE_DEG)
    return (other, one) if is_lon_first else (one, other)


def _is_within(value: float, bounds: tuple[float, float]) -> bool:
    return bounds[0] <= value <= bounds[1]


def with_points_among_places(reading: Reading, key: str, stated: Points) -> tuple[Points, Mask]:
    """Return the stated points with those in a column of names of places, and where these stand, shape (n,).

    Survey programs write a point under the name of the question, which may be "Location". It counts where no other is
    stated, and is no name of a place in any row.
    """
    lat, lon = _points_in_pakistan(reading, key)
    is_point, is_open = ~np.isnan(lat), np.isnan(stated.lat) & np.isnan(stated.lon)
    reading.note_rows(is_point & is_open, NoteKind.POINTS_SPLIT, key, column=reading.name_of(key))
    reading.note_rows(is_point & ~is_open, NoteKind.POINTS_BESIDE_OTHERS, key, column=reading.name_of(key))
    return Points(np.where(is_open, lat, stated.lat), np.where(is_open, lon, stated.lon)), is_point


def _points_in_pakistan(reading: Reading, key: str) -> tuple[Degrees, Degrees]:
    words, codes = reading.words(key)
    found = [parse_point(word) for word in words]
    parsed = [NO_POINT if isinstance(one, CellError) or not _is_in_pakistan(one) else one for one in found]
    lat, lon = (spread((one[axis] for one in parsed), codes, math.nan) for axis in (0, 1))
    return lat, lon


def points(reading: Reading, key: str) -> Points:
    """Return the points of a column that holds both coordinates, and say how they were read.

    A cell that is no point refuses its row only if the row names no place either; else the rest of it counts.
    """
    words, codes = reading.words(key)
    parsed = [parse_point(word) for word in words]
    lat, lon = (
        spread((math.nan if isinstance(one, CellError) else one[axis] for one in parsed), codes, math.nan)
        for axis in (0, 1)
    )
    is_wrong = spread((isinstance(one, CellError) for one in parsed), codes, False)
    is_named = names_place(reading)
    reading.refuse(is_wrong & ~is_named, key, _NOT_A_POINT)
    reading.note_rows(is_wrong & is_named, NoteKind.POINT_NOT_READ, key, column=reading.name_of(key))
    reading.note_rows(~np.isnan(lat), NoteKind.POINTS_SPLIT, key, column=reading.name_of(key))
    return checked_points(reading, key, lat, lon, is_named)


def completed(reading: Reading, key: str, own: Points) -> Points:
    """Return coordinates with the points of another column where a row has none of its own; own ones count before.

    Notes say how many rows state the same point twice, and how many state two.
    """
    lat, lon = _points_in_pakistan(reading, key)
    is_stated, column = ~np.isnan(lat), reading.name_of(key)
    with np.errstate(invalid="ignore"):
        is_same = (np.abs(lat - own.lat) <= _SAME_DEG) & (np.abs(lon - own.lon) <= _SAME_DEG)
    reading.note_rows(is_same, NoteKind.POINTS_AGREE, column=column)
    reading.note_rows(is_stated & own.is_given & ~is_same, NoteKind.POINTS_DIFFER, key, column=column)
    is_added = is_stated & ~own.is_given
    reading.note_rows(is_added, NoteKind.POINTS_SPLIT, key, column=column)
    return Points(np.where(is_added, lat, own.lat), np.where(is_added, lon, own.lon))

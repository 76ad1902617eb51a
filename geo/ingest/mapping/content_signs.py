"""Signs in the cells of a column that it may hold a field, for tables with unclear column names."""

from __future__ import annotations

from collections.abc import Callable

from geo.ingest.tables import CellError
from geo.ingest.values.choices import folded_word
from geo.ingest.values.date_days import parse_date
from geo.ingest.values.places import LAT_RANGE_DEG, LON_RANGE_DEG, parse_degrees
from geo.ingest.values.point_text import is_point_of_pakistan
from geo.ingest.values.words import listed_words
from geo.names import written_pcode


def _is_date(word: str) -> bool:
    return len(word) > 4 and not isinstance(parse_date(word, "DMY"), CellError)


def _is_between(word: str, bounds: tuple[float, float]) -> bool:
    degrees = parse_degrees(word)
    return not isinstance(degrees, CellError) and "." in word and bounds[0] <= degrees <= bounds[1]


def _is_district(word: str) -> bool:
    from geo.districts import resolve

    return resolve(word).pcode is not None


def _is_group(word: str) -> bool:
    from geo.districts import group_id

    return group_id(word) not in ("other", "unid")


# Field -> minimum share of the texts that must show the sign, and the sign.
SIGNS: dict[str, tuple[float, Callable[[str], bool]]] = {
    # Totals, footnotes and names again below a short table are no dates.
    "date": (0.75, _is_date),
    "latitude": (0.9, lambda word: _is_between(word, LAT_RANGE_DEG)),
    "longitude": (0.9, lambda word: _is_between(word, LON_RANGE_DEG)),
    "point": (0.9, is_point_of_pakistan),
    "pcode": (0.9, lambda word: written_pcode(word) is not None),
    "district": (0.6, _is_district),
    "group": (0.5, _is_group),
    "attack_type": (0.5, lambda word: folded_word(word) in listed_words("attack_type")),
    "target_type": (0.5, lambda word: folded_word(word) in listed_words("target_type")),
}

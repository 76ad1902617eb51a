"""The glossary: names of districts, divisions, places and groups in Urdu letters and as typed in Latin ones."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import NamedTuple

from geo.wording import LOCALE_FOLDER

_FIELDS_OF_NAMES = frozenset({"district", "division", "place", "group"})
_DIVISION, _DIVISION_UR = " Division", " ڈویژن"


class Name(NamedTuple):
    """A name in Urdu letters, and its spellings in Latin letters."""

    urdu: str
    roman: tuple[str, ...]


@cache
def names() -> Mapping[str, Name]:
    """Return the names by their English form in small letters; a division also without the word "Division"."""
    with (LOCALE_FOLDER / "glossary.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["field"] in _FIELDS_OF_NAMES]
    found = {row["term_en"].casefold(): Name(row["term_ur"], tuple(row["roman_ur"].split(", "))) for row in rows}
    for row in rows:
        if row["field"] == "division":
            english, urdu = row["term_en"].removesuffix(_DIVISION), row["term_ur"].removesuffix(_DIVISION_UR)
            found.setdefault(english.casefold(), Name(urdu, (english,)))
    return MappingProxyType(found)


def name(english: str) -> Name | None:
    """Return what is known of a name; the short form in brackets behind it need not be the same: "... (TTP)"."""
    key = english.casefold()
    return names().get(key) or _without_brackets().get(key.partition(" (")[0])


@cache
def _without_brackets() -> Mapping[str, Name]:
    return {key.partition(" (")[0]: known for key, known in names().items()}

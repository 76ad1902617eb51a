"""Names of districts, divisions, towns and groups in the language of the reader."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from geo import data_files, glossary
from geo.gazetteer import URDU_PLACES
from geo.group_names import DESCRIPTIONS
from geo.settings import DATA_DIR
from geo.wording import _, language

# The languages in which the data have names, in the order of `local_names`.
LOCAL_LANGUAGES = ("ur", "ps")
_UCDP_LABEL = " (UCDP label)"  # of short names that one source alone gives to factions


def shown_name(name: str) -> str:
    """Return the name of a district, division, town or group in the current language, as it is where it has none."""
    code = language()
    if code not in LOCAL_LANGUAGES:
        return _(name) if name in DESCRIPTIONS else name
    known = _local_districts(code).get(name) or URDU_PLACES.get(name)
    if known is None and (term := glossary.name(name)):
        known = _("{name} (UCDP label)", name=term.urdu) if name.endswith(_UCDP_LABEL) else term.urdu
    return known or (_(name) if name in DESCRIPTIONS else name)


def shown_publisher(label: str) -> str:
    """Return who published a total or a list: descriptions in the current language, names as they are."""
    return _(label)


def other_spellings(name: str) -> tuple[str, ...]:
    """Return every form in which a name may be typed beside the shown one."""
    return tuple(form for form in spellings(name) if form != shown_name(name))


def spellings(name: str) -> tuple[str, ...]:
    """Return every form in which a name may be typed, in any language: English, Urdu, Pashto, Latin letters."""
    local = [_local_districts(code).get(name, "") for code in LOCAL_LANGUAGES]
    term, agency = glossary.name(name), glossary.name(f"{name} Agency")
    forms = (
        name,
        *local,
        *_spellings().get(name, ()),
        URDU_PLACES.get(name, ""),
        *((term.urdu, *term.roman) if term else ()),
        *((agency.urdu, *agency.roman) if agency else ()),
    )
    return tuple(dict.fromkeys(form for form in forms if form))


@lru_cache(maxsize=1)
def _spellings() -> Mapping[str, tuple[str, ...]]:
    """Return the listed spellings of each district by its English name."""
    english, found = _english(), dict[str, tuple[str, ...]]()
    for row in data_files.rows(DATA_DIR, "aliases.csv"):
        if row["kind"] == "spelling" and row["pcode"] in english:
            name = english[row["pcode"]]
            found[name] = (*found.get(name, ()), row["alias"])
    return MappingProxyType(found)


@lru_cache(maxsize=1)
def _english() -> Mapping[str, str]:
    """Return the official name of each district by its P-code."""
    features = json.loads(data_files.read(DATA_DIR, "districts.geojson"))["features"]
    return MappingProxyType({one["properties"]["pcode"]: one["properties"]["name"] for one in features})


@lru_cache(maxsize=4)
def _local_districts(code: str) -> Mapping[str, str]:
    """Return the name of each district in a language of LOCAL_LANGUAGES by its English name."""
    place, local = LOCAL_LANGUAGES.index(code), local_names()
    return {name: local[pcode][place] for pcode, name in _english().items()}


@lru_cache(maxsize=4)
def local_names(data_dir: Path = DATA_DIR) -> Mapping[str, tuple[str, str]]:
    """Return by P-code the names of a district in Urdu and Pashto."""
    rows = [row for row in data_files.rows(data_dir, "aliases.csv") if row["kind"] == "name"]
    urdu, pashto = ({row["pcode"]: row["alias"] for row in rows if row["language"] == code} for code in ("ur", "ps"))
    return MappingProxyType({pcode: (name, pashto[pcode]) for pcode, name in urdu.items()})

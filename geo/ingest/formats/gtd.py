"""Global Terrorism Database: workbooks of START and the copies as CSV. Codes by their labels (`*_txt`).

-9 and -99 are unknown, an empty toll is unknown, month 0 and day 0 are unknown. The toll includes
attackers. Fractions stem from tolls that were shared among linked incidents.
"""

from __future__ import annotations

import re

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo.ingest.formats import Format
from geo.ingest.notes import NoteKind
from geo.ingest.values import dates, derivation_rules, places, tolls
from geo.ingest.values.canonical import Fields
from geo.ingest.values.cells import Reading
from geo.ingest.values.choices import choice, labels_by_pattern
from geo.ingest.values.counts import counts
from geo.ingest.values.labels import Labels, Mask, labelled
from geo.ingest.values.words import read_words
from geo.vocabularies import codes
from geo.wording import N_

_UNKNOWN = ("-9", "-99", "-9.0", "-99.0")
# By column of GTD; "target1": patterns of the target's name that are more precise than its class.
_CODES = codes("gtd")


def convert(reading: Reading) -> Fields:
    """Return the canonical columns of GTD incidents."""
    days = dates.spans_of_numbers(reading, ("iyear", "imonth", "iday"))
    is_ours = derivation_rules.is_pakistan(reading, "country_txt")
    coordinates = places.points(reading, "latitude", "longitude", is_ours, ("city",))
    reading.note_rows(_is_one(reading, "doubtterr"), NoteKind.GTD_DOUBTED)
    if any(re.fullmatch(r"\d+\.\d*[1-9]\d*", word) for word in reading.words("nkill")[0]):
        reading.note(NoteKind.GTD_SHARED_TOLLS)
    attackers = counts(reading, "nkillter", _UNKNOWN, rounds=True)
    best, low, _ = _toll(reading, attackers)
    # Parts of the database that are passed on often lack its identifiers: then the content identifies a row.
    identifier = derivation_rules.required_text(reading, "eventid") if reading.has("eventid") else None
    return {
        "source_event_id": identifier,
        **days.fields,
        **coordinates.fields,
        "geo_precision": _geo_precision(reading, coordinates),
        "place": reading.text("city"),
        "attack_type": _attacks(reading),
        "target_type": _targets(reading),
        "initiator": "militant",
        "group_reported": reading.text("gname"),
        "group_id": derivation_rules.named_groups(reading, "gname"),
        "killed_best": best,
        "killed_low": low,
        "killed_militant": attackers,
        "injured": counts(reading, "nwound", _UNKNOWN, rounds=True),
        "n_sources": _source_counts(reading),
    } | _admin_fields(reading, is_ours, "city")


def _toll(reading: Reading, attackers: pa.Array) -> tolls.Toll:
    """Return the toll, which includes attackers: where it is unknown, they are its minimum unless there were none."""
    unknown = pa.nulls(len(reading), pa.int32())
    total = counts(reading, "nkill", _UNKNOWN, rounds=True)
    return tolls.completed(reading, "nkill", (total, unknown, unknown), [attackers, unknown])


def _geo_precision(reading: Reading, coordinates: places.Points) -> Labels:
    """Specificity 2 and 3 give a centroid: the district at best. In the vicinity of a place is near."""
    # Parts of the database without this column do not say how exact a point is.
    blank = "unknown" if reading.has("specificity") else "near"
    stated = choice(reading, "specificity", _CODES["specificity"], blank=blank, other="unknown")
    stated = stated.replaced(stated.is_any("exact") & _is_one(reading, "vicinity"), "near")
    return derivation_rules.geo_precisions(reading, stated, coordinates)


def _attacks(reading: Reading) -> Labels:
    attack = read_words(
        reading,
        "attack_type",
        key="attacktype1_txt",
        blank="unknown",
        other="threat_other",
        added=_CODES["attacktype1_txt"],
    )
    is_bomb = attack.is_any("ied")

    def weapon_has(part: str) -> Mask:
        return reading.matches("weapsubtype1_txt", lambda word: part in word.casefold())

    return labelled(
        [
            is_bomb & _is_one(reading, "suicide"),
            is_bomb & weapon_has("vehicle"),
            is_bomb & weapon_has("grenade") & ~weapon_has("projectile"),
            is_bomb & weapon_has("projectile"),
        ],
        ["suicide_bombing", "vehicle_bomb", "grenade", "shelling_rocket"],
        attack,
        len(reading),
    )


def _targets(reading: Reading) -> Labels:
    target = read_words(
        reading, "target_type", key="targtype1_txt", blank="unknown", other="other", added=_CODES["targtype1_txt"]
    )
    is_paramilitary = reading.matches("targsubtype1_txt", lambda word: "paramilitary" in word.casefold())
    target = target.replaced(target.is_any("army") & is_paramilitary, "other_state_force")
    for key in ("corp1", "target1"):
        better = labels_by_pattern(reading, key, _CODES["target1"].items(), other="", blank="")
        target = target.replaced(~better.is_any(""), better)
    return target


def _is_one(reading: Reading, key: str) -> Mask:
    return reading.matches(key, lambda word: word.removesuffix(".0") == "1")


def _admin_fields(reading: Reading, is_ours: Mask, city_key: str) -> dict[str, object]:
    """There is no column of districts; "Bannu district" in place of a city names one."""
    city = reading.text(city_key)
    is_district = pc.match_substring_regex(city.fill_null(""), r"(?i)\b(district|agency)$")
    district = pc.if_else(pc.and_(is_district, pa.array(is_ours)), city, pa.scalar(None, pa.string()))
    fields = derivation_rules.admin_fields(reading, city_key, "provstate", is_ours)
    return fields | {"district_reported": district}


def _source_counts(reading: Reading) -> pa.Array:
    filled = np.sum([reading.is_filled(f"scite{number}") for number in (1, 2, 3)], axis=0)
    return pa.array(filled, pa.int32(), mask=filled == 0)


def convert_search(reading: Reading) -> Fields:
    """Return the canonical columns of what a search on the site of GTD exports: ten columns, the place by its name."""
    style = dates.style_of(reading, "date")
    is_ours = derivation_rules.is_pakistan(reading, "country")
    target = read_words(reading, "target_type", blank="unknown", other="other", added=_CODES["targtype1_txt"])
    return {
        "source_event_id": derivation_rules.required_text(reading, "incident_id"),
        **dates.spans(reading, "date", style).fields,
        "geo_precision": "unknown",
        "place": reading.text("place"),
        "target_type": target,
        "initiator": "militant",
        "group_reported": reading.text("group"),
        "group_id": derivation_rules.named_groups(reading, "group"),
        "killed_best": counts(reading, "killed_total", _UNKNOWN, rounds=True),
        "injured": counts(reading, "injured_total", _UNKNOWN, rounds=True),
    } | _admin_fields(reading, is_ours, "place")


def has_enough(keys: frozenset[str]) -> bool:
    """Whether a table with year and month of GTD has enough of its other columns to be a part of it."""
    return len(keys & {"attacktype1_txt", "targtype1_txt", "weaptype1_txt", "gname", "nkill", "eventid"}) >= 2


FORMAT = Format(
    key="gtd",
    label=N_("Global Terrorism Database"),
    source="gtd",
    signature=frozenset({"iyear", "imonth"}),
    convert=convert,
    accepts=has_enough,
)
SEARCH = Format(
    key="gtd_search",
    label=N_("Global Terrorism Database, export of a search"),
    source="gtd",
    signature=frozenset({"gtd_id", "date", "country", "city", "perpetrator_group"}),
    convert=convert_search,
    columns={
        "incident_id": "gtd_id",
        "date": "date",
        "country": "country",
        "place": "city",
        "group": "perpetrator_group",
        "killed_total": "fatalities",
        "injured_total": "injured",
        "target_type": "target_type",
    },
)

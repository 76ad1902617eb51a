"""The atlas template: the table a user fills in."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from geo.ingest import dates, own_rules, places
from geo.ingest.canonical import Fields
from geo.ingest.cells import Reading, accepted_words, choice
from geo.ingest.counts import count_ranges, counts, event_counts
from geo.ingest.formats import Format
from geo.ingest.own_rules import group_ids, known_pcodes, required_text, spans_with_precision
from geo.ingest.tables import Bad
from geo.ingest.template_file import EXAMPLE_ID, EXAMPLE_NOTE, TEMPLATE_COLUMNS
from geo.problems import ProblemCode
from geo.schema import ATTACK_TYPES, INITIATORS, TARGET_TYPES

_STATED_PRECISIONS = {
    "exact": "exact",
    "1": "exact",
    "near": "near",
    "2": "near",
    "district": "district",
    "3": "district",
}


def convert(reading: Reading) -> Fields:
    """Return the canonical columns of a filled-in template."""
    order = dates.settled_order(reading, "date", "date_end", "source_date")
    start, end, precision = spans_with_precision(reading, "date", "date_precision", order=order)
    end = own_rules.later_end(reading, "date_end", start, end, order)
    coordinates = places.points(reading, "latitude", "longitude")
    _refuse_without_place(reading, coordinates)
    _refuse_examples(reading)
    attack = choice(reading, "attack_type", accepted_words(ATTACK_TYPES), blank="unknown", labels=ATTACK_TYPES)
    target = choice(reading, "target_type", accepted_words(TARGET_TYPES), blank="unknown", labels=TARGET_TYPES)
    best, low, high = count_ranges(reading, "killed_total")
    fields: dict[str, object] = {
        "date_start": start,
        "date_end": end,
        "date_precision": precision,
        "n_events": event_counts(reading, "n_events"),
        "lat": coordinates.lat,
        "lon": coordinates.lon,
        "geo_precision": _geo_precision(reading, coordinates),
        "place": reading.text("place"),
        "district_reported": reading.text("district"),
        "pcode_stated": known_pcodes(reading, "pcode"),
        "attack_type": attack,
        "target_type": target,
        "initiator": _initiators(reading, attack, target),
        "group_id": group_ids(reading, "group"),
        "group_reported": reading.text("group"),
        "killed_best": best,
        "killed_low": low,
        "killed_high": high,
        "killed_police": counts(reading, "killed_police"),
        "killed_military": counts(reading, "killed_military"),
        "killed_civilian": counts(reading, "killed_civilian"),
        "killed_militant": counts(reading, "killed_militant"),
        "injured": counts(reading, "injured_total"),
        "n_sources": counts(reading, "n_sources"),
        "source_url": reading.text("source_url"),
        "source_date": dates.optional_days(reading, "source_date", order),
    }
    if reading.has("incident_id"):
        fields["source_event_id"] = required_text(reading, "incident_id")
    return fields


def is_template(keys: frozenset[str]) -> bool:
    """Whether a table has only columns of the template, a date and one way to name the place."""
    known = {column.name for column in TEMPLATE_COLUMNS} | {"geometry_x", "geometry_y"}  # of a converted GeoJSON
    has_place = bool(keys & {"district", "place", "pcode"}) or {"latitude", "longitude"} <= keys
    return "date" in keys and has_place and keys <= known


def _refuse_without_place(reading: Reading, coordinates: places.Points) -> None:
    stated = coordinates.is_given | own_rules.is_filled(reading, "district", "place", "pcode")
    bad = Bad(ProblemCode.MISSING, "No place is given.", "Fill in the district, or both coordinates, or the place.")
    reading.refuse(~stated & ~reading.refusals.refused, "", bad)


def _refuse_examples(reading: Reading) -> None:
    (names, name), (notes, note) = reading.words("incident_id"), reading.words("notes")
    named = np.array([word.startswith(EXAMPLE_ID) for word in names], dtype=bool)[name]
    marked = np.array([word == EXAMPLE_NOTE for word in notes], dtype=bool)[note]
    reading.refuse(named & marked, "", Bad(ProblemCode.CELL, "This is an example row of the template.", "Delete it."))


def _geo_precision(reading: Reading, coordinates: places.Points) -> NDArray[np.object_]:
    stated = choice(reading, "geo_precision", _STATED_PRECISIONS, blank="")
    # Coordinates of unstated precision are taken as near: nothing more may be claimed for them.
    assumed = np.where(coordinates.is_given, "near", "district")
    return own_rules.geo_precisions(reading, np.where(stated == "", assumed, stated), coordinates)


def _initiators(reading: Reading, attack: NDArray[np.object_], target: NDArray[np.object_]) -> NDArray[np.object_]:
    stated = choice(reading, "initiator", accepted_words(INITIATORS), blank="", labels=INITIATORS)
    return np.where(stated == "", own_rules.initiators(attack, target), stated).astype(object)


FORMAT = Format(
    key="template",
    label="Atlas template",
    source="template",
    signature=frozenset({"date"}),
    convert=convert,
    accepts=is_template,
)

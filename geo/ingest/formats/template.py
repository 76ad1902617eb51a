"""The atlas template: the table a user fills in."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo.ingest.formats import Format
from geo.ingest.formats.template_file import EXAMPLE_ID, EXAMPLE_NOTE, TEMPLATE_COLUMNS
from geo.ingest.tables import CellError
from geo.ingest.values import dates, derivation_rules, district_cells, places, tolls
from geo.ingest.values.canonical import Fields
from geo.ingest.values.cells import Reading, accepted_words, choice, folded_word
from geo.ingest.values.counts import count_ranges, counts, event_counts, least_counts
from geo.ingest.values.derivation_rules import Days, spans_with_precision
from geo.ingest.values.labels import Labels
from geo.names import is_sum
from geo.problems import ProblemCode
from geo.schema import ATTACK_TYPES, INITIATORS, TARGET_TYPES

Spans = tuple[Days, Days, Labels]

_PARTS = ("killed_police", "killed_military", "killed_civilian", "killed_militant")
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
    spans = spans_with_precision(reading, "date", "date_precision", order)
    _refuse_examples(reading)
    fields = template_fields(reading, spans, order)
    if reading.has("incident_id"):
        fields["source_event_id"] = reading.text("incident_id")
    return fields


def template_fields(reading: Reading, spans: Spans, order: str | None) -> dict[str, object]:
    """Return the canonical columns by the rules of the template.

    spans: first day, last day and precision of each row. order: of numeric dates in other columns.
    """
    start, end, precision = spans
    end = derivation_rules.later_end(reading, "date_end", start, end, order)
    coordinates = places.points(reading, "latitude", "longitude")
    _refuse_without_place(reading, coordinates)
    is_placed = coordinates.is_given | derivation_rules.is_filled(reading, "district", "place")
    pcodes = district_cells.stated_pcodes(reading, "pcode", "district", is_placed)
    n_events = event_counts(reading, "n_events")
    _refuse_areas(reading, n_events)
    attack = _coded(reading, "attack_type", ATTACK_TYPES, "unknown")
    target = _coded(reading, "target_type", TARGET_TYPES, "unknown")
    initiator = _coded(reading, "initiator", INITIATORS, "")
    parts = {key: least_counts(reading, key) for key in _PARTS}
    best, low, high = tolls.completed(
        reading, "killed_total", count_ranges(reading, "killed_total"), _sides(reading, parts)
    )
    return {
        "date_start": start,
        "date_end": end,
        "date_precision": precision,
        "n_events": n_events,
        "lat": coordinates.lat,
        "lon": coordinates.lon,
        "geo_precision": _geo_precision(reading, coordinates),
        "place": reading.text("place"),
        "district_reported": reading.text("district"),
        "pcode_stated": pcodes,
        "attack_type": attack,
        "target_type": target,
        "initiator": initiator.replaced(initiator.is_any(""), derivation_rules.initiators(attack, target)),
        "group_id": _group_ids(reading),
        "group_reported": reading.text("group"),
        "killed_best": best,
        "killed_low": low,
        "killed_high": high,
        **parts,
        "injured": least_counts(reading, "injured_total"),
        "n_sources": counts(reading, "n_sources"),
        "source_url": reading.text("source_url"),
        "source_date": dates.optional_days(reading, "source_date", order),
    }


def _coded(reading: Reading, key: str, vocabulary: Mapping[str, str], blank: str) -> Labels:
    """Return codes by the vocabulary and by the words that the user's mapping adds to it."""
    added = {folded_word(word): code for word, code in (reading.options.values or {}).get(key, {}).items()}
    return choice(reading, key, accepted_words(vocabulary) | added, blank=blank, labels=vocabulary)


def _group_ids(reading: Reading) -> pa.Array:
    from geo.districts import group_id

    added = (reading.options.values or {}).get("group", {})
    words, codes = reading.words("group")
    keys = [added.get(word) or (group_id(word) if word else "unid") for word in words]
    return pa.array([*keys, "unid"], pa.string()).take(pa.array(codes))


def _sides(reading: Reading, parts: Mapping[str, pa.Array]) -> list[pa.Array]:
    """Return the two parts of a total: the victims' side, as one figure or in parts, and the militants."""
    victims = tolls.summed([parts[key] for key in _PARTS if key != "killed_militant"])
    return [pc.max_element_wise(least_counts(reading, "killed_victims"), victims), parts["killed_militant"]]


def _refuse_areas(reading: Reading, n_events: pa.Array) -> None:
    """A sum is never an incident, nor is an area of several districts if the row stands for several incidents."""
    is_summary = np.asarray(n_events) > 1
    district_cells.refuse_areas(
        reading, "district", district_cells.AREAS, is_summary | derivation_rules.matches(reading, "district", is_sum)
    )


def is_template(keys: frozenset[str]) -> bool:
    """Whether a table has only columns of the template, a date and one way to name the place."""
    known = {column.name for column in TEMPLATE_COLUMNS} | {"geometry_x", "geometry_y"}  # of a converted GeoJSON
    has_place = bool(keys & {"district", "place", "pcode"}) or {"latitude", "longitude"} <= keys
    return "date" in keys and has_place and keys <= known


def _refuse_without_place(reading: Reading, coordinates: places.Points) -> None:
    stated = coordinates.is_given | derivation_rules.is_filled(reading, "district", "place", "pcode")
    bad = CellError(
        ProblemCode.MISSING, "No place is given.", "Fill in the district, or both coordinates, or the place."
    )
    reading.refuse(~stated & ~reading.refusals.refused, "", bad)


def _refuse_examples(reading: Reading) -> None:
    (names, name), (notes, note) = reading.words("incident_id"), reading.words("notes")
    named = np.array([word.startswith(EXAMPLE_ID) for word in names], dtype=bool)[name]
    marked = np.array([word == EXAMPLE_NOTE for word in notes], dtype=bool)[note]
    reading.refuse(
        named & marked, "", CellError(ProblemCode.CELL, "This is an example row of the template.", "Delete it.")
    )


def _geo_precision(reading: Reading, coordinates: places.Points) -> Labels:
    stated = choice(reading, "geo_precision", _STATED_PRECISIONS, blank="")
    # Coordinates of unstated precision are taken as near: nothing more may be claimed for them.
    assumed = Labels.same("district", len(reading)).replaced(coordinates.is_given, "near")
    return derivation_rules.geo_precisions(reading, stated.replaced(stated.is_any(""), assumed), coordinates)


FORMAT = Format(
    key="template",
    label="Atlas template",
    source="template",
    signature=frozenset({"date"}),
    convert=convert,
    accepts=is_template,
    rules=(
        "A row needs a date and one of: district, P-code, both coordinates, place.",
        "Coordinates without a stated precision are taken as near, never as exact. A claimed point without "
        "coordinates counts for its district only.",
        "Words are codes or labels of the lists below, in any case.",
        "Rows without an identifier get one from their content, so the same row in another file is the same incident. "
        "A blank among filled ones is such a row.",
        "Example rows of the downloaded template are refused.",
    ),
)

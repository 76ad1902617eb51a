"""The embedded register of publicly reported incidents (data/incidents.csv)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pyarrow as pa
import pyarrow.compute as pc

from geo.ingest.formats import Format
from geo.ingest.values import dates, derivation_rules, places, tolls
from geo.ingest.values.canonical import Fields
from geo.ingest.values.cells import Reading
from geo.ingest.values.choices import choice, folded_word
from geo.ingest.values.counts import counts
from geo.ingest.values.derivation_rules import group_ids_of, required_text, with_stated_precision
from geo.ingest.values.district_cells import stated_pcodes
from geo.ingest.values.labels import Labels
from geo.schema import ATTACK_TYPES, ATTRIBUTIONS, INITIATORS, TARGET_TYPES
from geo.vocabularies import codes
from geo.wording import N_

# Words that are not codes of the atlas. A sniper: a single aimed shot is aimed at a chosen person.
_CODES = codes("register")


def convert(reading: Reading) -> Fields:
    """Return the canonical columns of the register."""
    style = dates.style_of(reading, "date", others=("source_date",))
    days = with_stated_precision(reading, "date_precision", dates.spans(reading, "date", style))
    names = ("district", "district_reported", "place")
    coordinates = places.points(reading, "latitude", "longitude", place_keys=names)
    attack = choice(
        reading, "attack_type", _with_codes(_CODES["attack_type"], ATTACK_TYPES), blank="unknown", other="unknown"
    )
    target = choice(
        reading, "target_type", _with_codes(_CODES["target_type"], TARGET_TYPES), blank="unknown", other="other"
    )
    attack = attack.replaced(attack.is_any("clash_unspecified") & target.is_any("militant"), "state_operation")
    initiator = choice(reading, "initiator", _with_codes({}, INITIATORS), blank="", other="unknown")
    is_placed = coordinates.is_given | reading.is_filled(*names)
    parts = {key: counts(reading, key) for key in ("killed_police", "killed_military", "killed_civilian")}
    militants = counts(reading, "killed_militant")
    unknown = pa.nulls(len(reading), pa.int32())
    toll = (counts(reading, "killed_total"), unknown, unknown)
    best, low, _ = tolls.completed(reading, "killed_total", toll, list(parts.values()))
    return {
        "source_event_id": required_text(reading, "incident_id"),
        **days.fields,
        **coordinates.fields,
        "geo_precision": derivation_rules.geo_precisions(
            reading,
            choice(reading, "geo_precision", _CODES["geo_precision"], blank="unknown", other="unknown"),
            coordinates,
        ),
        "place": reading.text("place"),
        "district_reported": pc.coalesce(reading.text("district_reported"), reading.text("district")),
        "pcode_stated": stated_pcodes(reading, "pcode", "district", is_placed),
        "attack_type": attack,
        "target_type": target,
        "initiator": initiator.replaced(initiator.is_any(""), derivation_rules.initiators(attack, target)),
        "group_id": group_ids_of(reading.text("group_claimed")),
        "group_reported": reading.text("group_claimed"),
        "attribution": _stated(choice(reading, "attribution", _with_codes({}, ATTRIBUTIONS), blank="", other="")),
        "killed_best": _all_sides(best, militants),
        "killed_low": pc.if_else(pc.is_valid(low), _all_sides(low, militants), low),
        **parts,
        "killed_militant": militants,
        "injured": counts(reading, "injured_total"),
        "source_url": reading.text("source_url"),
        "source_date": dates.report_days(reading, "source_date", style),
        "source_url_2": reading.text("source_url_2"),
        "note": reading.text("note"),
    }


def _stated(labels: Labels) -> pa.Array:
    """Return the words of the rows, null where the cell is empty."""
    words = labels.to_arrow().cast(pa.string())
    return pc.if_else(pc.equal(words, ""), pa.scalar(None, pa.string()), words)


def _all_sides(others: pa.Array, militants: pa.Array) -> pa.Array:
    """Return people killed on all sides: the register's total leaves militants out (all 105 rows that allow a check).

    Null only where neither figure is stated; where one is missing the other is the minimum.
    """
    summed = pc.add(pc.fill_null(others, 0), pc.fill_null(militants, 0))
    return pc.if_else(pc.and_(pc.is_null(others), pc.is_null(militants)), None, summed)


def _with_codes(words: Mapping[str, str], codes: Iterable[str]) -> dict[str, str]:
    return {folded_word(code): code for code in codes} | {folded_word(word): code for word, code in words.items()}


FORMAT = Format(
    key="register",
    label=N_("Register of publicly reported incidents"),
    source="register",
    signature=frozenset(
        {"incident_id", "date", "date_precision", "pcode", "geo_precision", "target_type", "group_claimed"}
        | {"killed_total"}
    ),
    convert=convert,
)

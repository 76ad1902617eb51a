"""The table "Pakistan Suicide Bombing Attacks" (26 columns, Kaggle): one attack a row, city and point."""

from __future__ import annotations

import re

import pyarrow.compute as pc

from geo.ingest.formats import Format
from geo.ingest.notes import NoteKind
from geo.ingest.values import dates, places
from geo.ingest.values.canonical import Fields
from geo.ingest.values.cells import Reading
from geo.ingest.values.choices import Meaning, choice
from geo.ingest.values.counts import count_ranges, counts
from geo.ingest.values.labels import Labels
from geo.ingest.values.words import meaning
from geo.vocabularies import codes
from geo.wording import N_

# Patterns of a target -> code; the first that fits.
_TARGET_WORDS = tuple(
    (re.compile(pattern, re.IGNORECASE), code) for pattern, code in codes("suicide_attacks")["target_type"].items()
)


def convert(reading: Reading) -> Fields:
    """Return the canonical columns of suicide attacks.

    The larger of the two tolls is the best figure, both are kept as the range.
    """
    days = dates.spans(reading, "date", dates.style_of(reading, "date"))
    coordinates = places.points(reading, "latitude", "longitude", place_keys=("city", "location"))
    low, _, _ = count_ranges(reading, "killed_min")
    best, _, high = count_ranges(reading, "killed_max")
    return {
        **days.fields,
        **coordinates.fields,
        "geo_precision": Labels.same("unknown", len(reading)).replaced(coordinates.is_given, "near"),
        "place": pc.coalesce(reading.text("city"), reading.text("location")),
        "admin1_reported": reading.text("province"),
        "attack_type": "suicide_bombing",
        "target_type": choice(
            reading, "target_type", {}, blank="unknown", other="other", rule=_target, other_kind=NoteKind.OTHER_WORDS
        ),
        "initiator": "militant",
        "killed_best": pc.coalesce(best, low),
        "killed_low": low,
        "killed_high": pc.coalesce(high, best),
        "injured": counts(reading, "injured_max"),
    }


def _target(word: str) -> Meaning | None:
    """Return what a target is read as: by the words of this table, else by the rules for every table."""
    listed = next((code for pattern, code in _TARGET_WORDS if pattern.search(word)), None)
    return Meaning(listed) if listed else meaning("target_type", word)


FORMAT = Format(
    key="suicide_attacks",
    label=N_("Pakistan Suicide Bombing Attacks (Kaggle)"),
    source="table",
    signature=frozenset({"islamic_date", "city", "province", "killed_max", "injured_max", "no_of_suicide_blasts"}),
    convert=convert,
)

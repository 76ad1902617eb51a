"""The table "Pakistan Suicide Bombing Attacks" (26 columns, Kaggle): one attack a row, city and point."""

from __future__ import annotations

import pyarrow.compute as pc

from geo.ingest.formats import Format
from geo.ingest.notes import NoteKind
from geo.ingest.values import dates, places
from geo.ingest.values.canonical import Fields
from geo.ingest.values.cells import Reading, labels_by_pattern
from geo.ingest.values.counts import count_ranges, least_counts
from geo.ingest.values.labels import Labels
from geo.vocabularies import codes
from geo.wording import N_

_TARGET_WORDS = tuple(codes("suicide_attacks")["target_type"].items())


def convert(reading: Reading) -> Fields:
    """Return the canonical columns of suicide attacks.

    The larger of the two tolls is the best figure, both are kept as the range.
    """
    days = dates.spans(reading, "date", dates.style_of(reading, "date"))
    coordinates = places.points(reading, "latitude", "longitude")
    low, _, _ = count_ranges(reading, "killed_min")
    best, _, high = count_ranges(reading, "killed_max")
    return {
        **days.fields,
        **coordinates.fields,
        "geo_precision": Labels.same("unknown", len(reading)).replaced(coordinates.is_given, "near"),
        "place": pc.coalesce(reading.text("city"), reading.text("location")),
        "admin1_reported": reading.text("province"),
        "attack_type": "suicide_bombing",
        "target_type": _targets(reading),
        "initiator": "militant",
        "killed_best": pc.coalesce(best, low),
        "killed_low": low,
        "killed_high": pc.coalesce(high, best),
        "injured": least_counts(reading, "injured_max"),
    }


def _targets(reading: Reading) -> Labels:
    targets = labels_by_pattern(reading, "target_type", _TARGET_WORDS, other="other", blank="unknown")
    words, codes = reading.words("target_type")
    unlisted = {words[code] for code in set(codes[targets.is_any("other")].tolist())}
    if unlisted:
        reading.note(NoteKind.OTHER_TARGETS, targets=", ".join(sorted(unlisted)))
    return targets


FORMAT = Format(
    key="suicide_attacks",
    label=N_("Pakistan Suicide Bombing Attacks (Kaggle)"),
    source="table",
    signature=frozenset({"islamic_date", "city", "province", "killed_max", "injured_max", "no_of_suicide_blasts"}),
    convert=convert,
)

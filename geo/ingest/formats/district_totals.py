"""District tables as SATP, PICSS and police reports have them: district x year (x month) x counts."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo.codes import spread
from geo.ingest.formats import Format, not_for_districts
from geo.ingest.notes import NoteKind
from geo.ingest.values import tolls
from geo.ingest.values.canonical import Fields
from geo.ingest.values.cells import Reading
from geo.ingest.values.counts import count_ranges, counts, event_counts
from geo.ingest.values.dates import Spans, spans_of_parts
from geo.ingest.values.derivation_rules import required_text
from geo.ingest.values.district_cells import NATIONAL_AREAS, refuse_areas
from geo.names import name_key
from geo.wording import N_, text

_COUNT_KEYS = ("incidents", "incidents_of_killing", "attacks", "no_of_incidents")
_TOTAL_KEYS = ("killed_total", "total", "total_killed", "killed")
_CIVILIAN_KEYS = ("killed_civilians", "killed_civilian", "civilians")
_FORCES_KEYS = ("killed_security", "killed_security_forces", "security_forces")
_MILITANT_KEYS = ("killed_militants", "killed_militant", "terrorists_insurgents_extremists", "militants")
_INJURED_KEYS = ("injured", "injured_total")
_PROVINCE_KEYS = ("province", "admin1")
_AREA_KEYS = ("division", "police_region", "police_range")
_ONE_DISTRICT = text("Use a table with a column of districts.")


def convert(reading: Reading) -> Fields:
    """Return the canonical columns of district totals: rows that sum up n_events incidents.

    Deaths of security forces that a table does not split into police and army stay in the total. Raises
    RejectedUpload when every row sums up several districts.
    """
    days = spans_of_parts(reading, ("year", "month", ""))
    district = required_text(reading, "district")
    is_area = refuse_areas(reading, "district", NATIONAL_AREAS, np.ones(len(reading), dtype=bool))
    if is_area.any() and np.all(is_area | np.asarray(district.is_null())):
        not_for_districts(
            text("No row names a district: they are sums, divisions, regions or provinces."), _ONE_DISTRICT
        )(reading)
    events = event_counts(reading, _first(reading, _COUNT_KEYS), is_required=True)
    parts = {
        "killed_police": counts(reading, "killed_police"),
        "killed_military": counts(reading, "killed_military"),
        "killed_civilian": counts(reading, _first(reading, _CIVILIAN_KEYS)),
        "killed_militant": counts(reading, _first(reading, _MILITANT_KEYS)),
    }
    total = _first(reading, _TOTAL_KEYS)
    best, low, high = tolls.completed(reading, total, count_ranges(reading, total), _sides(reading, parts))
    _note_repeats(reading, days)
    reading.note(NoteKind.ROWS_ARE_SUMS_OF_A_PERIOD)
    return {
        **days.fields,
        "n_events": events,
        "geo_precision": "district",
        "district_reported": district,
        "admin1_reported": reading.text(_first(reading, _PROVINCE_KEYS)),
        "killed_best": best,
        "killed_low": low,
        "killed_high": high,
        **parts,
        "injured": counts(reading, _first(reading, _INJURED_KEYS)),
    }


def _note_repeats(reading: Reading, days: Spans) -> None:
    """Note rows about the same district and days: they may be of different kinds, or one sum stated twice."""
    names, codes = reading.words("district")
    keys = [name_key(name) for name in names]
    district = spread(map(keys.index, keys), codes, np.int64(-1))
    stated = np.column_stack([district, days.start, days.end])
    _, first, inverse = np.unique(stated, axis=0, return_index=True, return_inverse=True)
    is_repeat = first[inverse.ravel()] != np.arange(len(reading))
    reading.note_rows(is_repeat, NoteKind.SAME_DISTRICT_AND_PERIOD, "district")


def _sides(reading: Reading, parts: dict[str, pa.Array]) -> list[pa.Array]:
    """Return the parts of a total: forces as one figure or in two, civilians, militants, and those not specified."""
    split = tolls.summed([parts["killed_police"], parts["killed_military"]])
    forces = pc.max_element_wise(counts(reading, _first(reading, _FORCES_KEYS)), split)
    sides = [forces, parts["killed_civilian"], parts["killed_militant"]]
    return [*sides, counts(reading, "not_specified")] if reading.has("not_specified") else sides


def has_only_divisions(keys: frozenset[str]) -> bool:
    """Whether a table states numbers of incidents by year for divisions or police regions and no smaller place."""
    smaller = {"district", "distt", "dist", "admin2", "place", "city", "tehsil", "latitude", "lat", "date"}
    return bool(keys & set(_COUNT_KEYS)) and bool(keys & set(_AREA_KEYS)) and not keys & smaller


def has_counts(keys: frozenset[str]) -> bool:
    """Whether a table with district and year states a number of incidents and no single days."""
    return bool(keys & set(_COUNT_KEYS)) and "date" not in keys


def _first(reading: Reading, keys: tuple[str, ...]) -> str:
    return next((key for key in keys if reading.has(key)), keys[0])


FORMAT = Format(
    key="district_totals",
    label=N_("Totals by district and period"),
    source="table",
    signature=frozenset({"district", "year"}),
    convert=convert,
    accepts=has_counts,
)
PROVINCE = Format(
    key="province_totals",
    label=N_("Datasheet by year"),
    source="table",
    signature=frozenset({"year", "incidents_of_killing", "civilians", "security_forces"}),
    convert=not_for_districts(text("This is a datasheet by year without districts."), _ONE_DISTRICT),
)
DIVISIONS = Format(
    key="division_totals",
    label=N_("Totals by division or police region"),
    source="table",
    signature=frozenset({"year"}),
    convert=not_for_districts(
        text("This is a table of divisions or police regions: each is several districts."), _ONE_DISTRICT
    ),
    accepts=has_only_divisions,
)

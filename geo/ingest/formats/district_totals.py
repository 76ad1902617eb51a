"""District tables as SATP, PICSS and police reports have them: district x year (x month) x counts."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa

from geo.codes import spread
from geo.ingest.formats import Format, not_for_districts
from geo.ingest.formats.mapped import note_columns, texts_of
from geo.ingest.formats.proved_totals import with_proved_total
from geo.ingest.mapping.fields import FIELDS
from geo.ingest.mapping.toll_columns import SUMMED_FIELDS, propose_tolls
from geo.ingest.notes import NoteKind
from geo.ingest.values import tolls
from geo.ingest.values.canonical import Fields
from geo.ingest.values.cells import Reading, part_key
from geo.ingest.values.counts import counts, event_counts
from geo.ingest.values.dates import Spans, spans_of_parts, spans_of_quarters
from geo.ingest.values.derivation_rules import required_text
from geo.ingest.values.district_cells import NATIONAL_AREAS, refuse_areas, refuse_sums
from geo.ingest.values.word_fields import word_fields
from geo.names import name_key
from geo.wording import N_, text

# Names of the column that counts incidents, as header keys.
COUNT_KEYS = ("incidents", "incidents_of_killing", "attacks", *FIELDS["n_events"].names)
_PARTS = ("killed_police", "killed_military", "killed_civilian", "killed_militant")
_QUARTER_KEYS = ("quarter", "qtr")
_PROVINCE_KEYS = ("province", "admin1")
_AREA_KEYS = ("division", "police_region", "police_range")
_ONE_DISTRICT = text("Use a table with a column of districts.")


def convert(reading: Reading) -> Fields:
    """Return the canonical columns of district totals: rows that sum up n_events incidents.

    Deaths of security forces that a table does not split into police and army stay in the total. Raises
    RejectedUpload when every row sums up several districts.
    """
    refuse_sums(reading)
    quarter = _first(reading, _QUARTER_KEYS)
    has_quarters = reading.has(quarter) and not reading.has("month")
    if has_quarters:
        days = spans_of_quarters(reading, ("year", quarter))
    else:
        days = spans_of_parts(reading, ("year", "month", ""))
    district = required_text(reading, "district")
    is_area = refuse_areas(reading, "district", NATIONAL_AREAS, np.ones(len(reading), dtype=bool))
    if is_area.any() and np.all(is_area | np.asarray(district.is_null())):
        not_for_districts(
            text("No row names a district: they are sums, divisions, regions or provinces."), _ONE_DISTRICT
        )(reading)
    events = event_counts(reading, _first(reading, COUNT_KEYS), is_required=True)
    _assign_tolls(reading, {"quarter": quarter} if has_quarters else {})
    parts = {key: tolls.added_up(reading, key) for key in _PARTS}
    total = tolls.stated(reading, "killed_total")
    best, low, high = tolls.completed(reading, "killed_total", total, _sides(reading, parts))
    _note_repeats(reading, days)
    has_kinds = reading.has("attack_type")
    reading.note(NoteKind.ROWS_ARE_SUMS_OF_A_KIND if has_kinds else NoteKind.ROWS_ARE_SUMS_OF_A_PERIOD)
    return {
        **(word_fields(reading) if has_kinds else {}),
        **days.fields,
        "n_events": events,
        "geo_precision": "district",
        "district_reported": district,
        "admin1_reported": reading.text(_first(reading, _PROVINCE_KEYS)),
        "killed_best": best,
        "killed_low": low,
        "killed_high": high,
        **parts,
        "injured": tolls.added_up(reading, "injured_total"),
    }


def _assign_tolls(reading: Reading, period: Mapping[str, str]) -> None:
    """Assign the columns whose names state tolls, as in any table, and note which columns are used and which not.

    period: key of the column of quarters, if it is used.
    """
    table = reading.table
    found = propose_tolls({name: texts_of(table, name) for name in table.columns})
    keys = dict(zip(table.columns, table.keys, strict=True))
    none = dict.fromkeys((*SUMMED_FIELDS, "killed_total_low", "killed_total_high"), "")
    reading.assign(
        none | {part_key(field, n): keys[name] for field, names in found.items() for n, name in enumerate(names)}
    )
    others = {
        "district": "district",
        "year": "year",
        "month": "month",
        **period,
        "n_events": _first(reading, COUNT_KEYS),
        "attack_type": "attack_type",
        "province": _first(reading, _PROVINCE_KEYS),
        "not_specified": "not_specified",
    }
    used = {field: [reading.name_of(key)] for field, key in others.items() if reading.has(key)}
    note_columns(reading, used | with_proved_total(reading, found))


def _note_repeats(reading: Reading, days: Spans) -> None:
    """Note rows about the same district and days: they may be of different kinds, or one sum stated twice."""
    names, codes = reading.words("district")
    keys = [name_key(name) for name in names]
    places = {key: place for place, key in enumerate(dict.fromkeys(keys))}
    district = spread((places[key] for key in keys), codes, np.int64(-1))
    stated = np.column_stack([district, days.start, days.end, reading.words("attack_type")[1]])
    _, first, inverse = np.unique(stated, axis=0, return_index=True, return_inverse=True)
    is_repeat = first[inverse.ravel()] != np.arange(len(reading))
    reading.note_rows(is_repeat, NoteKind.SAME_DISTRICT_AND_PERIOD, "district")


def _sides(reading: Reading, parts: dict[str, pa.Array]) -> list[pa.Array]:
    """Return the parts of a total: the victims' side, as one figure or in parts, militants, and those not specified."""
    sides = tolls.two_sides(reading, parts)
    return [*sides, counts(reading, "not_specified")] if reading.has("not_specified") else sides


def has_only_divisions(keys: frozenset[str]) -> bool:
    """Whether a table states numbers of incidents by year for divisions or police regions and no smaller place."""
    smaller = {"district", "distt", "dist", "admin2", "place", "city", "tehsil", "latitude", "lat", "date"}
    return bool(keys & set(COUNT_KEYS)) and bool(keys & set(_AREA_KEYS)) and not keys & smaller


def has_counts(keys: frozenset[str]) -> bool:
    """Whether a table with district and year states a number of incidents and no single days."""
    return bool(keys & set(COUNT_KEYS)) and "date" not in keys


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

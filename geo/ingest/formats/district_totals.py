"""District tables in the manner of SATP, PICSS or police reports: district x year (x month) x counts."""

from __future__ import annotations

from geo.ingest import own_rules
from geo.ingest.canonical import Fields
from geo.ingest.cells import Reading
from geo.ingest.counts import count_ranges, counts, refuse_zero_events
from geo.ingest.formats import Format
from geo.ingest.formats.hdx import month_spans
from geo.ingest.own_rules import required_text
from geo.ingest.tables import Bad
from geo.problems import Problem, ProblemCode, RejectedUpload

_COUNT_KEYS = ("incidents", "incidents_of_killing", "attacks", "no_of_incidents")
_TOTAL_KEYS = ("killed_total", "total", "total_killed", "killed")
_CIVILIAN_KEYS = ("killed_civilians", "civilians")
_MILITANT_KEYS = ("killed_militants", "terrorists_insurgents_extremists", "militants")
_INJURED_KEYS = ("injured", "injured_total")


def convert(reading: Reading) -> Fields:
    """Return the canonical columns of district totals: rows that sum up n_events incidents.

    Deaths of security forces are not split into police and army by such tables; they stay in the total.
    """
    start, end, precision = month_spans(reading, "month")
    district = required_text(reading, "district")
    is_sum = own_rules.matches(
        reading, "district", lambda word: word.casefold().rstrip("*: ") in ("total", "all", "sum")
    )
    reading.refuse(is_sum, "district", Bad(ProblemCode.DISTRICT, "This is a row of totals.", "Remove it."))
    events = _first(reading, _COUNT_KEYS)
    numbers = counts(reading, events)
    missing = numbers.is_null().to_numpy(zero_copy_only=False) & ~reading.refusals.refused
    bad = Bad(ProblemCode.MISSING, "The number of incidents is empty.", "Without it the row cannot be counted.")
    reading.refuse(missing, events, bad)
    refuse_zero_events(reading, events, numbers)
    best, low, high = count_ranges(reading, _first(reading, _TOTAL_KEYS))
    reading.note("Each row sums up a period of a district; what happened and who began is not stated.")
    return {
        "date_start": start,
        "date_end": end,
        "date_precision": precision,
        "n_events": numbers.fill_null(1),
        "geo_precision": "district",
        "district_reported": district,
        "killed_best": best,
        "killed_low": low,
        "killed_high": high,
        "killed_civilian": counts(reading, _first(reading, _CIVILIAN_KEYS)),
        "killed_militant": counts(reading, _first(reading, _MILITANT_KEYS)),
        "injured": counts(reading, _first(reading, _INJURED_KEYS)),
    }


def refuse_province(reading: Reading) -> Fields:
    """Refuse a yearly datasheet of the province as a whole."""
    message = "This is a datasheet by year without districts."
    hint = "Use a table with a column of districts."
    raise RejectedUpload([Problem(ProblemCode.NOT_FOR_DISTRICTS, message, hint, reading.file, reading.table.sheet)])


def has_counts(keys: frozenset[str]) -> bool:
    """Whether a table with district and year states a number of incidents and no single days."""
    return bool(keys & set(_COUNT_KEYS)) and "date" not in keys


def _first(reading: Reading, keys: tuple[str, ...]) -> str:
    return next((key for key in keys if reading.has(key)), keys[0])


FORMAT = Format(
    key="district_totals",
    label="Totals by district and period",
    source="table",
    signature=frozenset({"district", "year"}),
    convert=convert,
    rules=(
        "A district, a year, possibly a month, and a number of incidents: each row stands for that number.",
        "Deaths of security forces are not split into police and army and stay in the total.",
        "Rows of totals are refused.",
    ),
    accepts=has_counts,
)
PROVINCE = Format(
    key="province_totals",
    label="Datasheet by year",
    source="table",
    signature=frozenset({"year", "incidents_of_killing", "civilians", "security_forces"}),
    convert=refuse_province,
    rules=("Refused as a whole: it has no districts.",),
)

"""Monthly totals by district that HDX publishes from ACLED: each row sums up the events of a month."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from geo.ingest.formats import Format
from geo.ingest.notes import NoteKind
from geo.ingest.values import derivation_rules
from geo.ingest.values.canonical import Fields
from geo.ingest.values.cells import Reading
from geo.ingest.values.counts import counts, event_counts
from geo.ingest.values.dates import spans_of_parts
from geo.ingest.values.district_cells import AREAS, refuse_areas, stated_pcodes
from geo.problems import ProblemCode, rejected
from geo.wording import N_, text


def convert(reading: Reading) -> Fields:
    """Return the canonical columns of monthly totals.

    Raises RejectedUpload for the sister file of demonstrations, which states no fatalities.
    """
    if not reading.has("fatalities"):
        message = text("Without fatalities this is the file of demonstrations, which are not militant incidents.")
        hint = text("Use the file of political violence.")
        raise rejected(ProblemCode.CATEGORY, message, hint, reading.file)
    days = spans_of_parts(reading, ("year", "month", ""))
    is_ours = derivation_rules.is_pakistan(reading, "country")
    refuse_areas(reading, "admin2", AREAS, is_ours)
    reading.note(NoteKind.ROWS_ARE_SUMS_OF_A_MONTH)
    pcodes = stated_pcodes(reading, "admin2_pcode", "admin2", reading.is_filled("admin2"), is_ours)
    return {
        "source_event_id": _identifiers(reading, pcodes),
        **days.fields,
        "n_events": event_counts(reading, "events", is_required=True),
        "geo_precision": "district",
        "pcode_stated": pcodes,
        "killed_best": counts(reading, "fatalities"),
    } | derivation_rules.admin_fields(reading, "admin2", "admin1", is_ours)


def _identifiers(reading: Reading, pcodes: pa.Array) -> pa.Array:
    """District and month name a row; the files of other kinds of violence have other sums for them."""
    pcode = pc.coalesce(pcodes, reading.text("admin2_pcode")).fill_null("")
    parts = [pcode, *(reading.text(key).fill_null("") for key in ("admin2", "year", "month"))]
    return pc.binary_join_element_wise(*[pc.utf8_trim_whitespace(part) for part in parts], "-")


FORMAT = Format(
    key="hdx_monthly",
    label=N_("Monthly totals by district (HDX)"),
    source="hdx_acled",
    signature=frozenset({"admin1", "admin2", "admin2_pcode", "month", "year", "events"}),
    convert=convert,
)

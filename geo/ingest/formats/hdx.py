"""Monthly totals by district that HDX publishes from ACLED: each row sums up the events of a month."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from geo.ingest.formats import Format
from geo.ingest.tables import CellError
from geo.ingest.values import dates, derivation_rules
from geo.ingest.values.canonical import Fields
from geo.ingest.values.cells import Reading
from geo.ingest.values.counts import counts, required_event_counts
from geo.ingest.values.dates import Span
from geo.ingest.values.district_cells import AREAS, refuse_areas, stated_pcodes
from geo.ingest.values.labels import Labels
from geo.names import is_sum
from geo.problems import Problem, ProblemCode, RejectedUpload


def convert(reading: Reading) -> Fields:
    """Return the canonical columns of monthly totals.

    Raises RejectedUpload for the sister file of demonstrations, which states no fatalities.
    """
    if not reading.has("fatalities"):
        message = "Without fatalities this is the file of demonstrations, which are no militant incidents."
        problem = Problem(ProblemCode.CATEGORY, message, "Use the file of political violence.", reading.file)
        raise RejectedUpload([problem])
    start, end, precision = month_spans(reading, "month")
    is_ours = derivation_rules.is_pakistan(reading, "country")
    refuse_areas(reading, "admin2", AREAS, is_ours)
    reading.note("Each row sums up a month of a district; what happened and who began is not stated.")
    pcodes = stated_pcodes(reading, "admin2_pcode", "admin2", derivation_rules.is_filled(reading, "admin2"), is_ours)
    return {
        "source_event_id": _identifiers(reading, pcodes),
        "date_start": start,
        "date_end": end,
        "date_precision": precision,
        "n_events": required_event_counts(reading, "events"),
        "geo_precision": "district",
        "pcode_stated": pcodes,
        "killed_best": counts(reading, "fatalities"),
    } | derivation_rules.admin_fields(reading, "admin2", "admin1", is_ours)


def month_spans(reading: Reading, month_key: str) -> tuple[derivation_rules.Days, derivation_rules.Days, Labels]:
    """Return first and last day and precision of rows with a column `year` and a column of months.

    A blank month is the whole year. Months are names or numbers; an asterisk behind a year is passed over.
    """
    years = reading.text("year").fill_null("")
    months = reading.text(month_key).fill_null("")
    texts = pc.binary_join_element_wise(pc.utf8_trim_whitespace(years), pc.utf8_trim_whitespace(months), "|")

    def parse(text: str) -> Span | CellError:
        year, month = text.split("|", 1)
        number = dates.month_number(month)
        digits = year.rstrip("* ").removesuffix(".0")
        if not year:
            return CellError(ProblemCode.DATE, "The year is empty.", "A row without a year cannot be counted.")
        if is_sum(year) or is_sum(month):
            hint = "Remove it, or state its year or month."
            key = "year" if is_sum(year) else month_key
            return CellError(ProblemCode.DISTRICT, "This row is a sum of other rows.", hint, key)
        if not (digits.isdecimal() and len(digits) == 4):
            return CellError(ProblemCode.DATE, "This is not a year.", "Write four digits, as 2024.")
        if month and number is None:
            return CellError(ProblemCode.DATE, "This is not a month.", "Write March or 3.", month_key)
        return dates.parts_span(int(digits), number or 0, 0, ("year", month_key, ""))

    results, codes = reading.each_of(texts, "year", parse)
    return dates.spread(results, codes)


def _identifiers(reading: Reading, pcodes: pa.Array) -> pa.Array:
    """District and month name a row; the files of other kinds of violence have other sums for them."""
    pcode = pc.coalesce(pcodes, reading.text("admin2_pcode")).fill_null("")
    parts = [pcode, *(reading.text(key).fill_null("") for key in ("admin2", "year", "month"))]
    return pc.binary_join_element_wise(*[pc.utf8_trim_whitespace(part) for part in parts], "-")


FORMAT = Format(
    key="hdx_monthly",
    label="Monthly totals by district (HDX)",
    source="hdx_acled",
    signature=frozenset({"admin1", "admin2", "admin2_pcode", "month", "year", "events"}),
    convert=convert,
    rules=(
        "Each row stands for the events of a month in a district; what happened and who began is not stated.",
        "Rows that name a sum, a division, a police region or a province in place of a district are refused, whatever "
        "their P-code.",
        "Rows with zero events hold no incident and are set aside, rows without their number are refused. The file of "
        "demonstrations, which has no fatalities, is refused.",
    ),
)

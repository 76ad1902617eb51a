"""Rules that the atlas sets itself where a table states less than the canonical incident."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from geo.ingest.tables import CellError
from geo.ingest.values import dates, places
from geo.ingest.values.cells import Reading, choice, folded_word
from geo.ingest.values.dates import Span
from geo.ingest.values.labels import Labels, labelled
from geo.problems import ProblemCode
from geo.schema import DATE_PRECISIONS, SECURITY_TARGETS

Days = NDArray[np.int32]


def initiators(attack: Labels, target: Labels) -> Labels:
    """Return who began, by rule, for tables that do not say.

    Militants as the target: state forces. A clash or an operation with state armed forces: mutual or
    state. A foreign or state air strike or operation: state. Everything else: militants.
    """
    is_security = target.is_any(*SECURITY_TARGETS)
    is_state = target.is_any("militant") | attack.is_any("state_operation", "air_strike_state")
    is_mutual = attack.is_any("clash_unspecified") & is_security
    return labelled([is_state, is_mutual], ["state", "mutual"], "militant", len(attack))


def spans_with_precision(
    reading: Reading, key: str, precision_key: str, order: str | None
) -> tuple[Days, Days, Labels]:
    """Return first day, last day and precision; a stated precision "month" or "year" widens a day.

    A stated precision that is finer than the writing of the date is not believed: 2024-03 stays a month.
    """
    start, end, precision = dates.spans(reading, key, lambda text: dates.parse_date(text, order))
    words = {folded_word(code): code for code in DATE_PRECISIONS}
    stated = choice(reading, precision_key, words, blank="day", labels=DATE_PRECISIONS)
    for unit, code in (("M", "month"), ("Y", "year")):
        where = stated.is_any(code) & precision.is_any("day", "month")
        start, end = widened(start, end, where, unit)
    is_finer = precision.is_any("day") | (precision.is_any("month") & stated.is_any("year"))
    return start, end, precision.replaced(is_finer, stated)


def widened(start: Days, end: Days, where: NDArray[np.bool_], unit: str) -> tuple[Days, Days]:
    """Return the days with the marked ones widened to their whole month (unit "M") or year ("Y")."""
    first = start.astype("datetime64[D]").astype(f"datetime64[{unit}]")
    last = (first + 1).astype("datetime64[D]") - np.timedelta64(1, "D")
    wide_start = np.where(where, first.astype("datetime64[D]").astype(np.int32), start)
    return wide_start.astype(np.int32), np.where(where, last.astype(np.int32), end).astype(np.int32)


def later_end(reading: Reading, key: str, start: Days, end: Days, order: str | None) -> Days:
    """Return the last days, replaced by the stated last day where the column has one.

    Refuses rows that end before they begin.
    """
    if not reading.has(key):
        return end

    def parse(text: str) -> Span | CellError | None:
        return dates.parse_date(text, order) if text else None

    results, codes = reading.each(key, parse)
    stated = np.array([dates.day_number(span.end) if span else -1 for span in results], dtype=np.int32)[codes]
    bad = CellError(ProblemCode.DATE, "The incident ends before it begins.", "Exchange or correct the two dates.")
    reading.refuse((stated >= 0) & (stated < start), key, bad)
    return np.where(stated >= 0, stated, end).astype(np.int32)


def geo_precisions(reading: Reading, stated: Labels, coordinates: places.Points) -> Labels:
    """Return the stated precision, lowered to "district" where a point is claimed but not given."""
    claims_point = stated.is_any("exact", "near")
    without = claims_point & ~coordinates.is_given
    reading.note_rows(without, "with a claim to a point but no coordinates: read as district only.", "")
    return stated.replaced(without, "district")


def is_pakistan(reading: Reading, key: str) -> NDArray[np.bool_]:
    """Return whether the row is in Pakistan by its country; a table without the column is taken to be."""
    if not reading.has(key):
        return np.ones(len(reading), dtype=bool)
    return matches(reading, key, lambda word: word.casefold() in ("pakistan", "pak", "pk", "586", ""))


def matches(reading: Reading, key: str, test: Callable[[str], bool]) -> NDArray[np.bool_]:
    """Return whether the text of each row passes a test, shape (n,)."""
    words, codes = reading.words(key)
    passed: NDArray[np.bool_] = np.array([*(test(word) for word in words), False], dtype=bool)[codes]
    return passed


def begins_with(reading: Reading, key: str, start: str) -> NDArray[np.bool_]:
    """Return whether the text of each row begins with these letters, shape (n,)."""
    return matches(reading, key, lambda word: word.startswith(start))


def admin_fields(
    reading: Reading, district_key: str, province_key: str, is_ours: NDArray[np.bool_]
) -> dict[str, pa.Array]:
    """Return district and province as given; rows of other countries are outside and name no district of ours."""
    ours, nothing = pa.array(is_ours), pa.scalar(None, pa.string())
    return {
        "district_reported": pc.if_else(ours, reading.text(district_key), nothing),
        "admin1_reported": reading.text(province_key),
        "district_method": pc.if_else(ours, "none", "outside"),
    }


def group_ids_of(names: pa.Array) -> pa.Array:
    """Return the group key of each name; null is "unid", an unlisted name is "other"."""
    from geo.districts import group_id

    encoded = names.dictionary_encode()
    keys = pa.array([group_id(word) for word in encoded.dictionary.to_pylist()], pa.string())
    return keys.take(encoded.indices).fill_null("unid")


def group_ids(reading: Reading, key: str) -> pa.Array:
    """Return the group key of each row; blank is "unid", an unlisted name is "other"."""
    return group_ids_of(reading.text(key))


def required_text(reading: Reading, key: str) -> pa.Array:
    """Return a text column in which a blank cell refuses the row."""
    column = reading.text(key)
    blank = np.asarray(column.is_null())
    reading.refuse(blank, key, CellError(ProblemCode.MISSING, "The cell is empty.", "A value is required."))
    return column


def first_stated(first: pa.Array, second: pa.Array) -> pa.Array:
    """Return the first text where there is one, else the second."""
    return pc.coalesce(first, second)


def is_filled(reading: Reading, *keys: str) -> NDArray[np.bool_]:
    """Return whether any of the columns holds a text in the row, shape (n,)."""
    filled = np.zeros(len(reading), dtype=bool)
    for key in keys:
        filled |= ~np.asarray(reading.text(key).is_null())
    return filled

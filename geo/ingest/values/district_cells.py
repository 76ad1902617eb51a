"""Cells for district and P-code: codes in any writing, contradictions noted, sums of districts refused."""

from __future__ import annotations

from functools import partial

import numpy as np
import pyarrow as pa

from geo.codes import encode, spread
from geo.districts import load
from geo.ingest.notes import NoteKind
from geo.ingest.tables import SUM_OF_OTHERS, CellError
from geo.ingest.values.cells import Reading, spread_arrow
from geo.ingest.values.labels import Labels, Mask
from geo.names import ELSEWHERE, LONGEST_SUM, is_label_of_sum, is_only_sum, is_sum, written_pcode
from geo.problems import ProblemCode
from geo.wording import text

_PLACES = ("district", "pcode", "place", "latitude", "longitude", "point")
_WHO_OR_WHAT = {"target_type", "initiator", "group", "description"}  # "All" and "Overall" may be said of an incident
_error = partial(CellError, ProblemCode.DISTRICT)
_NO_PCODE = _error(text("No district has this P-code."), text("Those of the province are PK501 to PK535."))
_AREA_HINT = text(
    "Remove it, or state its districts: together with them it would be counted twice, and alone it has no place."
)
# Why a row is refused that names more than a district, by geo.names.DistrictNames.area_kind.
AREAS: dict[str, CellError] = {
    "sum": _error(SUM_OF_OTHERS, text("Remove it: together with its districts it would be counted twice.")),
    "area": _error(
        text("This is not known as the name of a district, and reads like that of a larger area."),
        text("Remove it if it sums up several districts, which would be counted twice; otherwise write its district."),
    ),
    "division": _error(text("This is a division or police region, not a district."), _AREA_HINT),
    "province": _error(text("This is a province or former territory, not a district."), _AREA_HINT),
}
NATIONAL_AREAS: dict[str, CellError] = AREAS | {
    "elsewhere": _error(text("This is another province or territory, not a district."), text("Remove it."))
}


def refuse_areas(reading: Reading, key: str, areas: dict[str, CellError], where: Mask) -> Mask:
    """Refuse the marked rows whose cell names more than a district; return which of them do.

    areas: reasons by geo.names.DistrictNames.area_kind. where, result: shape (n,). Names that the user's mapping
    assigns to a district are left alone.
    """
    words, codes = reading.words(key)
    chosen = (reading.options.values or {}).get("district", {})
    asked = set(codes[where].tolist())
    found = [
        load().aliases.area_kind(word) if place in asked and word not in chosen else ""
        for place, word in enumerate(words)
    ]
    kinds = Labels(found, codes)
    for kind, bad in areas.items():
        reading.refuse(kinds.is_any(kind) & where, key, bad)
    return kinds.is_any(*areas) & where


def refuse_sums(reading: Reading) -> None:
    """Refuse rows without a date or without a place in which a short cell says that they sum up others.

    The cell says nothing else ("Sub-total"), or, without a date, only figures stand beside it ("KP total 2023"): an
    incident at All Saints Church without a date is no sum, nor one with a date whose target is "All civilians".
    Nothing else is said of such a row.
    """
    undated = ~reading.is_filled("date", "year", *([] if reading.has("year") else ["month"])) | reading.matches(
        "date", is_sum
    )
    where = np.flatnonzero(undated | ~reading.is_filled(*_PLACES))
    is_named, is_label, is_bare = (np.zeros(len(where), dtype=bool) for _ in range(3))
    is_bare[:] = True
    for key in reading.table.keys if len(where) else ():
        words, codes = encode(reading.table.column(key).take(pa.array(where)))
        labels = [is_label_of_sum(word) for word in words]
        is_label |= spread(labels, codes, False)
        says_sum = spread((_says_sum(word) for word in words), codes, False)
        is_named |= says_sum & undated[where] if reading.fields_of(key) & _WHO_OR_WHAT else says_sum
        plain = (label or not any(map(str.isalpha, word)) for word, label in zip(words, labels, strict=True))
        is_bare &= spread(plain, codes, False)
    sums = where[is_named | (is_label & is_bare & undated[where])]
    is_total = np.zeros(len(reading), dtype=bool)
    is_total[sums] = True
    reading.refuse(is_total, "", AREAS["sum"])
    reading.refusals.close(sums)


def _says_sum(cell: str) -> bool:
    """Whether a cell says only that its row is a sum; "all" may also be who was attacked."""
    return len(cell) <= LONGEST_SUM and is_only_sum(cell) and cell.strip().casefold() != "all"


def stated_pcodes(
    reading: Reading, pcode_key: str, district_key: str, is_placed: Mask, is_ours: Mask | None = None
) -> pa.Array:
    """Return the P-codes that mean something, as published; null for others.

    is_placed: rows that state their place also in another way. is_ours: rows in Pakistan (None: all). A text that is
    no P-code of Pakistan says nothing: in those rows the rest counts, the others are refused. A code that contradicts
    the name of the district is kept. Number and first row of both are noted.
    """
    words, codes = reading.words(pcode_key)
    pcodes = [_meaningful(word) for word in words]
    found = spread_arrow(pcodes, codes, pa.string())
    unusable = spread((bool(word) and pcode is None for word, pcode in zip(words, pcodes, strict=True)), codes, False)
    if is_ours is not None:
        unusable &= is_ours
    reading.refuse(unusable & ~is_placed & ~reading.refusals.refused, pcode_key, _NO_PCODE)
    reading.note_rows(unusable, NoteKind.UNKNOWN_PCODE, pcode_key)
    if reading.has(district_key) and found.null_count < len(found):
        reading.note_rows(_contradictions(reading, found, district_key), NoteKind.PCODE_CONTRADICTS_NAME, pcode_key)
    return found


def _meaningful(cell: str) -> str | None:
    pcode = written_pcode(cell)
    known = pcode is not None and (pcode in load().attributes or load().aliases.is_elsewhere(pcode))
    return pcode if known else None


def _contradictions(reading: Reading, pcodes: pa.Array, district_key: str) -> Mask:
    """Return where the stated code is none of what the stated name may mean, shape (n,)."""
    names, name = reading.words(district_key)
    codes, code = encode(pcodes)
    units = [pcode if pcode in load().attributes else ELSEWHERE for pcode in codes]
    # One row for each name, one column for each unit, and a last one for "not stated", where code is NULL (-1).
    disagree = np.zeros((len(names), len(units) + 1), dtype=bool)
    for place, meant in enumerate(map(load().aliases.may_mean, names)):
        disagree[place, :-1] = [bool(meant) and unit not in meant for unit in units]
    found: Mask = disagree[name, code]
    return found

"""What the cells for district and P-code say: codes in any writing, disagreement told, sums of districts refused."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from geo.districts import load
from geo.ingest.tables import CellError
from geo.ingest.values.cells import Reading
from geo.names import ELSEWHERE, UNRESOLVED_KINDS, written_pcode
from geo.problems import ProblemCode

_NO_PCODE = CellError(ProblemCode.DISTRICT, "No district has this P-code.", "Those of the province are PK501 to PK535.")
_SUM = CellError(
    ProblemCode.DISTRICT,
    "This row is a sum of other rows.",
    "Remove it: beside its districts it would be counted twice.",
)
_AREA_HINT = "Remove it, or state its districts: beside them it would be counted twice, and alone it has no place."
_LIKE_AN_AREA = CellError(
    ProblemCode.DISTRICT,
    "This is not known as the name of a district, and reads like that of a larger area.",
    "Remove it if it stands for several districts, which would be counted twice, else write its district.",
)
AREAS: dict[str, CellError] = {"sum": _SUM, "area": _LIKE_AN_AREA} | {
    kind: CellError(ProblemCode.DISTRICT, f"{UNRESOLVED_KINDS[kind].capitalize()}.", _AREA_HINT)
    for kind in ("division", "province")
}
_ELSEWHERE = CellError(ProblemCode.DISTRICT, "This is another province or territory, not a district.", "Remove it.")
NATIONAL_AREAS: dict[str, CellError] = AREAS | {"elsewhere": _ELSEWHERE}


def refuse_areas(
    reading: Reading, key: str, areas: dict[str, CellError], where: NDArray[np.bool_]
) -> NDArray[np.bool_]:
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
    kinds = np.array([*found, ""], dtype=object)[codes]
    is_area = np.zeros(len(reading), dtype=bool)
    for kind, bad in areas.items():
        is_kind = (kinds == kind) & where
        reading.refuse(is_kind, key, bad)
        is_area |= is_kind
    return is_area


def stated_pcodes(
    reading: Reading,
    pcode_key: str,
    district_key: str,
    is_placed: NDArray[np.bool_],
    is_ours: NDArray[np.bool_] | None = None,
) -> pa.Array:
    """Return the P-codes that mean something, as published; null for others.

    is_placed: rows that state their place also in another way. is_ours: rows in Pakistan (None: all). A text that is
    no P-code of Pakistan says nothing: in those rows the rest counts, the others are refused. A code that contradicts
    the name of the district is kept. Number and first row of both are noted.
    """
    words, codes = reading.words(pcode_key)
    pcodes = [_meaningful(word) for word in words]
    taken = pa.array([*pcodes, None], pa.string()).take(pa.array(codes))
    is_odd = np.array([*(bool(word) and pcode is None for word, pcode in zip(words, pcodes, strict=True)), False])
    unusable = is_odd[codes] if is_ours is None else is_odd[codes] & is_ours
    reading.refuse(unusable & ~is_placed & ~reading.refusals.refused, pcode_key, _NO_PCODE)
    reading.note_rows(unusable, "with a P-code that no district has: it is passed over.", pcode_key)
    if reading.has(district_key) and taken.null_count < len(taken):
        note = "with a P-code and another district's name: flagged; the P-code counts, but not one of another province."
        reading.note_rows(_contradictions(reading, taken, district_key), note, pcode_key)
    return taken


def _meaningful(text: str) -> str | None:
    pcode = written_pcode(text)
    known = pcode is not None and (pcode in load().attributes or load().aliases.is_elsewhere(pcode))
    return pcode if known else None


def _contradictions(reading: Reading, pcodes: pa.Array, district_key: str) -> NDArray[np.bool_]:
    """Return where the stated code is none of what the stated name may mean, shape (n,)."""
    names, name = reading.words(district_key)
    means = [load().aliases.may_mean(text) for text in names]
    encoded = pcodes.dictionary_encode()
    units = [pcode if pcode in load().attributes else ELSEWHERE for pcode in encoded.dictionary.to_pylist()]
    # One row for each name, one column for each unit; the last of both is "not stated".
    disagree = np.zeros((len(names) + 1, len(units) + 1), dtype=bool)
    for place, meant in enumerate(means):
        disagree[place, : len(units)] = [bool(meant) and unit not in meant for unit in units]
    found: NDArray[np.bool_] = disagree[name, encoded.indices.fill_null(len(units)).to_numpy()]
    return found

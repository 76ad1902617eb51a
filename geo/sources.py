"""The two embedded sources as one picture: which of their rows are shown, and where one ends and the other begins.

UCDP and the register record different shares of what happened and overlap before the seam; their counts are never
added up, and no rate, trend, index or rank runs across the seam.
"""

from __future__ import annotations

from datetime import date

import numpy as np
from numpy.typing import NDArray

from geo.wording import N_

# The first day of the register in the default picture; UCDP ends the day before.
SEAM = date(2022, 1, 1)
DEFAULT, UCDP_ONLY, REGISTER_ONLY, MERGED = "default", "ucdp", "register", "merged"
MODES: dict[str, str] = {
    DEFAULT: N_("UCDP to 2021, then the register"),
    UCDP_ONLY: N_("UCDP only"),
    REGISTER_ONLY: N_("Register only"),
    MERGED: N_("Both, events in both counted once"),
}
EXPLANATIONS: dict[str, str] = {
    DEFAULT: N_(
        "UCDP GED (events with at least one death, coded by researchers) to 31 December 2021; from 1 January 2022 the "
        "register, a sample of public reports. Counts on the two sides of the seam are not comparable."
    ),
    UCDP_ONLY: N_("UCDP GED: events with at least one death, coded by researchers, 1992 to 2021."),
    REGISTER_ONLY: N_("The register: a sample of public reports, 2007 to 2026, with and without deaths; not a census."),
    MERGED: N_(
        "Both sources; events found in both are one incident. UCDP ends on 31 December 2021, so counts on the two "
        "sides of that day are not comparable."
    ),
}
MONTHS_AT_FIRST = 36  # what a page opens on
SEAM_NOTE = N_(
    "The source changes on 1 January 2022: numbers before and after that day cannot be compared; one over both "
    "mixes them."
)
NO_RATE = N_(
    "The source changes on 1 January 2022, so no rate is given over this period: choose one on either side of that day."
)
NATURE_OF_THE_DATA = N_(
    "Recorded incidents from public reporting: a sample, not a census. No record does not mean no incident, "
    "and years are not comparable with one another where the number of sources changes."
)
FOOTER = N_(
    "Historical public reports; not operational, travel or security advice. "
    "Boundaries are not authoritative; no position on any claim is implied."
)
_SOURCES = {UCDP_ONLY: "ucdp_ged", REGISTER_ONLY: "register"}
EMBEDDED = frozenset(_SOURCES.values())
# Years that a source covers whole, whatever the days of its first and last record (UCDP GED: Pakistan since 1989).
COVERED_YEARS = {"ucdp_ged": range(1989, SEAM.year)}


def crosses_seam(first: date, last: date, mode: str = DEFAULT) -> bool:
    """Return whether an inclusive period lies on both sides of the seam, in a picture (key of MODES) that has one."""
    return mode in (DEFAULT, MERGED) and first < SEAM <= last


def is_shown(
    mode: str,
    sources: NDArray[np.integer],
    words: tuple[str, ...],
    days: NDArray[np.int32],
    is_embedded: NDArray[np.bool_],
) -> NDArray[np.bool_]:
    """Return which rows a picture (key of MODES) shows: bool, shape (n,).

    sources: position in words (keys of geo.schema.SOURCES). days: first possible day, days since 1970-01-01.
    is_embedded: rows of the two files of the atlas; the default cuts only these, uploads are always in it.
    """
    codes = {word: code for code, word in enumerate(words)}
    if mode in _SOURCES:
        return np.asarray(sources == codes.get(_SOURCES[mode], -1))
    if mode == MERGED:
        return np.ones(len(sources), dtype=bool)
    is_before = days < (SEAM - date(1970, 1, 1)).days
    is_late_ucdp = (sources == codes.get("ucdp_ged", -1)) & ~is_before
    is_early_register = (sources == codes.get("register", -1)) & is_before
    kept: NDArray[np.bool_] = ~(is_embedded & (is_late_ucdp | is_early_register))
    return kept


def default_period(last: date | None) -> tuple[date, date] | None:
    """Return first and last day of the last MONTHS_AT_FIRST calendar months up to a table's last day, if it has one."""
    if last is None:
        return None
    month = last.year * 12 + last.month - MONTHS_AT_FIRST
    return date(month // 12, month % 12 + 1, 1), last

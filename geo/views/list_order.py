"""Which incidents a list holds and in what order: column arrays only, so that a million rows stay quick."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pyarrow.compute as pc
from numpy.typing import NDArray

from geo.codes import encode, spread
from geo.districts import group_names
from geo.incidents import UNKNOWN, IncidentTable, Mask, has_place
from geo.shown_names import spellings
from geo.summaries import Summaries, is_about
from geo.text import consonants, normalise_name, sounded
from geo.wording import N_

Positions = NDArray[np.int64]

ORDERS: dict[str, str] = {
    "newest": N_("Newest first"),
    "oldest": N_("Oldest first"),
    "most_killed": N_("Most people killed first"),
    "least_killed": N_("Fewest people killed first"),
}
PLACED: dict[str, str] = {
    "all": N_("All"),
    "point": N_("On the map as a point"),
    "district": N_("Known only to the district"),
    "elsewhere": N_("Not located or outside the province"),
}
_MOST_WORDS = 8
_FEW_CONSONANTS = 2
_LAST = np.iinfo(np.int64).max


def placed(table: IncidentTable, kind: str) -> Mask:
    """Return which incidents are placed in one of the ways of PLACED: bool, shape (n,)."""
    if kind == "all":
        return np.ones(len(table), dtype=bool)
    if kind == "elsewhere":
        return table.district < 0
    is_point: Mask = has_place(table)
    return is_point if kind == "point" else ~is_point & (table.district >= 0)


def in_order(table: IncidentTable, positions: Positions, order: str) -> Positions:
    """Return positions in an order of ORDERS; of equals the newest first, incidents without a toll always last."""
    day = table.day[positions].astype(np.int64)
    if order in ("most_killed", "least_killed"):
        killed = table.killed_best[positions].astype(np.int64)
        rank = killed if order == "least_killed" else -killed
        rank[killed == UNKNOWN] = _LAST
        return positions[np.lexsort((-day, rank))]
    return positions[np.argsort(day if order == "oldest" else -day, kind="stable")]


def matching(table: IncidentTable, words: str, names: Mapping[str, str], summaries: Summaries) -> Mask:
    """Return which incidents hold every word, in upper or lower case: bool, shape (n,).

    Looked at are, in either script, place, district and group; identifier; and the description where its source may be
    shown. names: P-code -> official name of the district. Words beyond the first eight are not looked at.
    """
    found, known = np.ones(len(table), dtype=bool), group_names()
    for word in words.casefold().split()[:_MOST_WORDS]:
        is_group = _naming((known.get(key, key) for key in table.groups), word)
        is_district = _naming((names.get(pcode, "") for pcode in table.pcodes), word)
        one = is_group[table.group] | (is_district[table.district] & (table.district >= 0))
        for column in ("place", "district_reported", "group_reported"):
            texts, codes = encode(table.details[column])
            one |= spread(_holding(texts, word) | _sounding(texts, word), codes, False)
        one |= np.asarray(pc.match_substring(table.details["incident_id"], word, ignore_case=True))
        found &= one | is_about(table, summaries.matching(word))
    return found


def _naming(names: Iterable[str], word: str) -> Mask:
    """Return which names of the data hold a word in any script: as it is written, or as Latin letters sound."""
    forms = [" ".join(spellings(name)) for name in names]
    sound = sounded(normalise_name(word))
    is_written = _holding(forms, word)
    return is_written | _holding((sounded(normalise_name(form)) for form in forms), sound) if sound else is_written


def _sounding(texts: Sequence[str], word: str) -> Mask:
    """Return which texts in Latin letters hold a word typed in Arabic ones, by its consonants; none for Latin words.

    Few consonants must be a whole word of the text: those of Ali are only l.
    """
    sounds = consonants(normalise_name(word))
    if not sounds or word.isascii():
        return np.zeros(len(texts), dtype=bool)
    found = (consonants(normalise_name(text)) for text in texts)
    if len(sounds) > _FEW_CONSONANTS:
        return np.array([sounds in text.replace(" ", "") for text in found], dtype=bool)
    return np.array([sounds in text.split() for text in found], dtype=bool)


def _holding(texts: Iterable[str], word: str) -> Mask:
    return np.array([word in text.casefold() for text in texts], dtype=bool)

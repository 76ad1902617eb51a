"""Which incidents a list holds and in what order: column arrays only, so that a million rows stay quick."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np
import pyarrow.compute as pc
from numpy.typing import NDArray

from geo.codes import encode, spread
from geo.districts import load_groups
from geo.group_names import DESCRIPTIONS, OFFICIAL_LABEL
from geo.incidents import UNKNOWN, IncidentTable, Mask, has_place
from geo.schema import ATTACK_TYPES, TARGET_TYPES
from geo.shown_names import LOCAL_LANGUAGES, shown_name, spellings
from geo.summaries import Summaries, is_about
from geo.text import consonants, normalise_name, sounded, with_latin_short_forms
from geo.wording import N_, in_language
from geo.wording import words as in_words

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
_LONG_WORD = 6  # letters: a shorter word may stand by chance where two words meet
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

    Looked at are, in either script, place, district, group, type and target; identifier; and the description where its
    source may be shown. names: P-code -> official name of the district. Words beyond the first eight are not looked at.
    """
    typed = with_latin_short_forms(words.casefold()).split()[:_MOST_WORDS]
    holding = _search(table, names, summaries)
    masks = [holding(word) for word in typed]
    found = [np.ones(len(table), dtype=bool)]
    for place, mask in enumerate(masks):
        found.append(found[-1] & mask)
        if place:  # a name may be written in one word or in two
            found[-1] |= found[-3] & holding(typed[place - 1] + typed[place])
    return found[-1]


def _search(table: IncidentTable, names: Mapping[str, str], summaries: Summaries) -> Callable[[str], Mask]:
    """Return the function that tells which incidents hold a word in small letters."""
    groups = [_names_of_group(key) for key in table.groups]
    districts = [spellings(names.get(pcode, "")) for pcode in table.pcodes]
    attacks, targets = _in_every_language(ATTACK_TYPES), _in_every_language(TARGET_TYPES)
    columns = [encode(table.details[name]) for name in ("place", "district_reported", "group_reported")]

    def holding(word: str) -> Mask:
        is_district = _naming(districts, word)
        found = _naming(groups, word)[table.group] | (is_district[table.district] & (table.district >= 0))
        found |= _naming(attacks, word)[table.attack_type] | _naming(targets, word)[table.target_type]
        for texts, codes in columns:
            found |= spread(_holding(texts, word) | _sounding(texts, word), codes, False)
        found |= np.asarray(pc.match_substring(table.details["incident_id"], word, ignore_case=True))
        found |= is_about(table, summaries.matching(word))
        return found

    return holding


def _names_of_group(key: str) -> tuple[str, ...]:
    """Return every form of the name of a group; what stands for no one group has no other names."""
    known = load_groups()
    if key not in known.groups:
        return (key,)
    group = known.groups[key]
    is_one = group.name not in DESCRIPTIONS or group.kind == OFFICIAL_LABEL
    return (shown_name(group.name), *spellings(group.name), *(known.aliases[key] if is_one else ()))


def _in_every_language(vocabulary: Mapping[str, str]) -> list[tuple[str, ...]]:
    """Return the label of each code in English and as pages in other languages show it."""
    labels = [tuple(vocabulary.values())]
    for code in LOCAL_LANGUAGES:
        with in_language(code):
            labels.append(tuple(in_words(vocabulary).values()))
    return list(zip(*labels, strict=True))


def _naming(forms: Iterable[Iterable[str]], word: str) -> Mask:
    """Return which names hold a word in one of their forms: as it is written, or as Latin letters sound."""
    joined = [" ".join(one) for one in forms]
    sound = sounded(normalise_name(word))
    is_written = _holding(joined, word)
    return is_written | _holding((sounded(normalise_name(form)) for form in joined), sound) if sound else is_written


def _sounding(texts: Sequence[str], word: str) -> Mask:
    """Return which texts in Latin letters hold a word as it sounds: spaces within names are not heard.

    A word typed in Arabic letters is compared by its consonants. Few of them must be a whole word of the text: those of
    Ali are only l. A short word in Latin letters must be written so.
    """
    name = normalise_name(word)
    if word.isascii():
        sound = sounded(name)
        is_long = len(sound) >= _LONG_WORD
        return np.array(
            [is_long and sound in sounded(normalise_name(one).replace(" ", "")) for one in texts], dtype=bool
        )
    sounds = consonants(name)
    if not sounds:
        return np.zeros(len(texts), dtype=bool)
    found = (consonants(normalise_name(text)) for text in texts)
    if len(sounds) > _FEW_CONSONANTS:
        return np.array([sounds in text.replace(" ", "") for text in found], dtype=bool)
    return np.array([sounds in text.split() for text in found], dtype=bool)


def _holding(texts: Iterable[str], word: str) -> Mask:
    return np.array([word in text.casefold() for text in texts], dtype=bool)

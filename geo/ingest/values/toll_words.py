"""Words about people killed or injured, in names of columns and in cells: sides, fates and what goes with them.

The words are geo/vocabularies/toll_columns.csv, read one by one or two or three in a row, so that a name is understood
by its parts: "شہید پولیس اہلکار" is a fate, a side and a word for people.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from geo.vocabularies import rows

_KINDS = ("side", "verb", "letter", "bound", "small", "group", "ambiguous")
# Keyboards of the region write one letter for another; marks of vowels are often left out.
_LETTERS = str.maketrans({"ي": "ی", "ى": "ی", "ك": "ک", "ه": "ہ", "ھ": "ہ", "ة": "ہ", "ۃ": "ہ", "ۂ": "ہ", "ئ": "ی"})
_MARKS = re.compile("[\u0621\u064b-\u0655\u0670]")


def folded(text: str) -> str:
    """Return a text with letters of Urdu that stand for one another as one, without marks: شهداء is شہدا."""
    return _MARKS.sub("", text.translate(_LETTERS))


@cache
def toll_words() -> dict[tuple[str, str], tuple[str, str]]:
    """Return (kind, word) -> (field or what it means, part)."""
    return {
        (kind, folded(word)): (field, part)
        for kind, word, field, part in rows("toll_columns", "kind", "word", "field", "part", n_keys=2)
    }


def phrases(words: Sequence[str]) -> Iterator[str]:
    """Yield the words of a name, and each two or three of them in a row."""
    for length in (1, 2, 3):
        yield from (" ".join(words[place : place + length]) for place in range(len(words) - length + 1))


def fates(words: Sequence[str]) -> set[str]:
    """Return what the verbs among some words say: killed, victims (of the militants), injured."""
    return {toll_words()["verb", phrase][0] for phrase in phrases(words) if ("verb", phrase) in toll_words()}


def read_words(words: Sequence[str]) -> list[tuple[str, str]] | None:
    """Return (kind, word) of some words, longest phrases first, or None if one is not known."""
    found: list[tuple[str, str]] = []
    place = 0
    while place < len(words):
        for length in (3, 2, 1):
            phrase = " ".join(words[place : place + length])
            kind = next((kind for kind in _KINDS if (kind, phrase) in toll_words()), None)
            if kind is not None and len(words) - place >= length:
                found.append((kind, phrase))
                place += length
                break
        else:
            return None
    return found

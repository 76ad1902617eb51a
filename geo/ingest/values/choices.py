"""Words of a list in a column: which code each row has, by a list, a rule or a pattern; notes list what was read."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from geo.ingest.notes import NoteKind
from geo.ingest.values.cells import NOT_STATED, Reading
from geo.ingest.values.labels import Labels, Mask

_JOINERS = re.compile(r"_|(?<=\w)-(?=\w)")


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a word of a column is read as, and the kind of the note that says so; None: as listed, nothing to say."""

    code: str
    kind: NoteKind | None = None


def choice(
    reading: Reading,
    key: str,
    words: Mapping[str, str],
    *,
    blank: str,
    other: str,
    rule: Callable[[str], Meaning | None] | None = None,
    other_kind: NoteKind = NoteKind.UNKNOWN_WORDS,
    chosen: Collection[str] = (),
    field: str = "",
    where: Mask | None = None,
) -> Labels:
    """Return the code of each row from a list of accepted words (folded, see folded_word).

    blank: code of an empty cell. rule: reads what is not in the list, None where it cannot. other: code of every other
    word; no row is refused for it, a note (other_kind) lists the words. Notes also list what was read by the rule.
    chosen: folded words that the rule reads even where they say that nothing is known. field: of the codes, for notes.
    where: rows that notes speak of, shape (n,) (None: all).
    """
    texts, codes = reading.words(key)
    found = [_meaning(text, words, blank, rule, chosen) or Meaning(other, other_kind) for text in texts]
    for kind in dict.fromkeys(one.kind for one in found if one.kind is not None):
        is_this = np.array([one.kind is kind for one in found], dtype=bool)[codes]
        is_this &= True if where is None else where
        is_read = kind is not other_kind
        meanings = {text: one.code for text, one in zip(texts, found, strict=True) if one.kind is kind and is_read}
        reading.note_words(is_this, kind, key, meanings, field)
    return Labels([one.code for one in found], codes)


def _meaning(
    text: str,
    words: Mapping[str, str],
    blank: str,
    rule: Callable[[str], Meaning | None] | None,
    chosen: Collection[str],
) -> Meaning | None:
    folded = folded_word(text)
    if folded in words:
        return Meaning(words[folded])
    if folded in NOT_STATED and folded not in chosen:
        return Meaning(blank)
    return rule(text) if rule else None


def labels_by_pattern(
    reading: Reading, key: str, patterns: Iterable[tuple[str, str]], *, other: str, blank: str
) -> Labels:
    """Return the label of the first pattern that is found in the text of each row, case ignored.

    other: label where no pattern is found. blank: label of an empty cell.
    """
    compiled = [(re.compile(pattern, re.IGNORECASE), label) for pattern, label in patterns]
    words, codes = reading.words(key)
    found = [next((label for pattern, label in compiled if pattern.search(word)), other) for word in words]
    return Labels([label if word else blank for word, label in zip(words, found, strict=True)], codes)


def accepted_words(vocabulary: Mapping[str, str]) -> dict[str, str]:
    """Return what a user may write for each code of a vocabulary: the code or its label, in lower case."""
    words = {folded_word(code): code for code in vocabulary}
    return words | {folded_word(label): code for code, label in vocabulary.items()}


def folded_word(cell: str) -> str:
    """Return a word of a list as it is compared: lower case, single spaces for _ and inner -, 1.0 as 1."""
    plain = cell.strip()
    if plain.endswith(".0") and plain[:-2].removeprefix("-").isdecimal():
        plain = plain[:-2]
    return " ".join(_JOINERS.sub(" ", plain.casefold()).split())

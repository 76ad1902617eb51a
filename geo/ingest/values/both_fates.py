"""Killed and injured people in one cell: "3 killed, 5 injured", "3 k, 5 w", or "3/5" below "Killed/Injured"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from geo.ingest.values.toll_words import fates, folded, phrases, read_words, toll_words

_TOTAL = "killed_total"
_SIGNS = "/+&|,-("
_JOINERS = frozenset({"and", "اور"})
_AND = re.compile(r"(?<=\d)\s*(?:and|اور)\s*(?=\d)")
_WORDS = re.compile(r"[^\W\d_]+")
# "3k", "K-3": a letter beside a number, and no part of a word.
_LETTERS = {
    "killed": re.compile(r"(?<![^\W\d_])k(?![^\W\d_])"),
    "injured": re.compile(r"(?<![^\W\d_])[wi](?![^\W\d_])"),
}


@dataclass(frozen=True, slots=True)
class Pair:
    """What the name of a column says that may hold both. field: of the dead.

    fates: of the first and the second number of "3/5", () if the name does not say it. signs: that may stand between
    the two. bare: the fate of a number alone, "" if the name leaves it open.
    """

    field: str
    fates: tuple[str, ...] = ()
    signs: str = ""
    bare: str = ""

    def part(self, plain: str, fate: str) -> str | None:
        """Return the number of a fate in a cell such as 3/5, None if it is no two numbers in the order of the name."""
        plain = _AND.sub("&", plain)
        sign = next((sign for sign in self.signs if plain.count(sign) == 1), None)
        if not self.fates or sign is None or any(map(_is_word, plain.replace(sign, " ").split())):
            return None
        return plain.split(sign)[self.fates.index(fate)].strip(" )")


def pair_of(name: str) -> Pair | None:
    """Return what a name says about the killed and the injured in one cell, None if it is no name of such a column.

    "Killed/Injured" and "K/W" name both in order, "Casualties" both, "Killed" one of them.
    """
    plain = folded(name.casefold())
    words = [word for word in _WORDS.findall(plain) if word not in _JOINERS]
    said = _fates(words)
    sides = {field for phrase in phrases(words) if (field := _side(phrase))}
    if len(sides) > 1 or any(("share", phrase) in toll_words() for phrase in phrases(words)):
        return None
    side = next(iter(sides), _TOTAL)
    if len(said) == 2 and ("injured" in said) and said.count("injured") == 1 and "or" not in words:
        field = "killed_victims" if side == _TOTAL and "victims" in said else side
        order = tuple("injured" if fate == "injured" else "killed" for fate in said)
        return Pair(field, order, "/&" + next((sign for sign in _SIGNS[1:] if _divides(plain, sign)), ""))
    if len(said) == 1 and read_words(words) is not None and said[0] != "injured":
        return Pair(side, bare="killed")
    is_of_both = "toll" in words or any(("ambiguous", phrase) in toll_words() for phrase in phrases(words))
    return Pair(side) if is_of_both and not said else None


def in_words(plain: str) -> str:
    """Return a cell with the letters beside its numbers as the words that they stand for: "3 k, 5 w"."""
    if not re.search(r"\d", plain):
        return plain
    for word, letters in _LETTERS.items():
        plain = letters.sub(f" {word} ", plain)
    return " ".join(plain.split())


def _fates(words: list[str]) -> list[str]:
    """Return the fates that words name, in their order; letters count where no word of a fate does."""
    found, place = [], 0
    while place < len(words):
        length = next((n for n in (3, 2, 1) if ("verb", " ".join(words[place : place + n])) in toll_words()), 0)
        if length:
            found.append(toll_words()["verb", " ".join(words[place : place + length])][0])
        place += length or 1
    letters = {"k": "killed", "w": "injured", "i": "injured"}
    return found or [letters[word] for word in words if word in letters]


def _side(phrase: str) -> str:
    field = toll_words().get(("side", phrase), ("", ""))[0]
    return field if field != _TOTAL else ""


def _divides(plain: str, sign: str) -> bool:
    """Whether a sign stands between the two fates of a name."""
    parts = plain.split(sign)
    return len(parts) == 2 and all(_fates(_WORDS.findall(part)) for part in parts)


def _is_word(text: str) -> bool:
    return bool(fates([text])) or len(text) > 9

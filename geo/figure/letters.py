"""Which characters the shipped fonts can draw; a text is made of these before it is typeset."""

from __future__ import annotations

import unicodedata
from functools import cache
from pathlib import Path

FONTS = Path(__file__).with_name("fonts")
COVERAGE = FONTS / "coverage.txt"
MISSING = "\ufffd"
# An arrow in a number such as "0 to 7", which the fonts lack, is an angle.
_INSTEAD = {"\u2192": "\u203a"}
# They turn the direction of what follows; the isolates of the atlas's own sentences end within their sentence.
_OVERRIDES = frozenset("\u202a\u202b\u202c\u202d\u202e")


@cache
def covered() -> frozenset[int]:
    """Return the code points that the fonts of running text have."""
    found: set[int] = set()
    for line in COVERAGE.read_text("ascii").split():
        low, _dash, high = line.partition("-")
        found.update(range(int(low, 16), int(high or low, 16) + 1))
    return frozenset(found)


def drawable(text: str) -> str:
    """Return a text in composed form whose characters all have a shape, others as U+FFFD; white space is folded.

    A document that states a character for every shape (PDF/A, PDF/UA) cannot hold one without.
    """
    known = covered()
    composed = unicodedata.normalize("NFC", text)
    kept = "".join(_character(char, known) for char in composed)
    return " ".join(kept.split())


def _character(char: str, known: frozenset[int]) -> str:
    char = _INSTEAD.get(char, char)
    if char.isspace():
        return " "
    if char in _OVERRIDES or unicodedata.category(char) == "Cc":
        return ""
    return char if ord(char) in known else MISSING

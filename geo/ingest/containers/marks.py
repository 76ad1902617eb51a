"""Characters that are not text: each is replaced by a mark that can be seen, and the row is noted."""

from __future__ import annotations

import re
from collections.abc import Iterable

from geo.ingest.notes import NoteKind

# Everything below space but tab, LF and CR; DEL; the C1 block. Direction marks and joiners are text.
CONTROL_PATTERN = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]"
# Stands for a byte or half a character without a meaning until it is marked; no encoding gives it one.
NO_MEANING = "\x81"
MARK = "\ufffd"
# The marks that `marked` writes: control pictures, and the sign for a character that is not known.
MARK_PATTERN = f"[\u2400-\u2421{MARK}]"
_CONTROL = re.compile(CONTROL_PATTERN)


def _windows_character(number: int) -> str:
    """Return what a byte of the C1 block means in Windows-1252, "" if nothing."""
    return bytes((number,)).decode("cp1252", errors="ignore")


# Text saved as Windows-1252 and read as Latin-1 has C1 characters where quotation marks and dashes were.
_WINDOWS = {number: found for number in range(0x80, 0xA0) if (found := _windows_character(number))}
_MARKS = {number: chr(0x2400 + number) for number in range(0x20) if chr(number) not in "\t\n\r"}
_MARKS |= {0x7F: "\u2421"} | {number: _WINDOWS.get(number, MARK) for number in range(0x80, 0xA0)}


def has_control(content: str) -> bool:
    """Return whether a text holds control characters."""
    return _CONTROL.search(content) is not None


def marked(content: str) -> str:
    """Return a text with marks for its control characters; C1 characters become what they are in Windows-1252."""
    return content.translate(_MARKS)


class MarkedRows:
    """The rows in which characters were replaced, by the kind of note that says so."""

    def __init__(self) -> None:
        self._rows: dict[NoteKind, set[int]] = {}

    def add(self, row: int, cells: Iterable[str]) -> list[str]:
        """Return the cells of a row with marks, and keep what was replaced in it."""
        before = list(cells)
        for character in set(_CONTROL.findall("".join(before))):
            is_windows = ord(character) in _WINDOWS
            kind = NoteKind.WINDOWS_CHARACTERS if is_windows else NoteKind.CHARACTERS_MARKED
            self._rows.setdefault(kind, set()).add(row)
        return [marked(cell) for cell in before]

    def by_kind(self) -> dict[NoteKind, frozenset[int]]:
        """Return the rows of each kind of note."""
        return {kind: frozenset(found) for kind, found in self._rows.items()}

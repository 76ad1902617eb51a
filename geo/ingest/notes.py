"""Notes: what a reading found and did, as data; words are made where a note is shown (`note_text`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from geo.wording import Text


class NoteKind(StrEnum):
    """What a note is about. Each kind has its words in NOTE_WORDS."""

    # About the file and its container.

    # About values and rows.


@dataclass(frozen=True, slots=True)
class Note:
    """One thing that a reading found or did.

    n_rows: accepted rows that it is about, None for the whole file. first_row: the first of them as the user counts
    (the header is row 1). values: what the words of the kind name, as text or numbers.
    """

    kind: NoteKind
    n_rows: int | None = None
    first_row: int | None = None
    values: Mapping[str, Any] = field(default_factory=dict)


# Kind -> words for one row and for several; both the same for a note about the file.
NOTE_WORDS: dict[NoteKind, tuple[str, str]] = {}


def note_text(note: Note) -> Text:
    """Return a note as a sentence; the only place where notes become words."""
    one, several = NOTE_WORDS[note.kind]
    values = {"first_row": note.first_row, **note.values}
    return Text(one, values, several, note.n_rows) if note.n_rows is not None else Text(one, values)

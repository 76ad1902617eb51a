"""Notes are data: each kind has words, and a note comes back from its record."""

from __future__ import annotations

import json
import string

import pytest

from geo.ingest.notes import NOTE_WORDS, Note, NoteKind, note_text
from geo.wording import text


def test_every_kind_has_words() -> None:
    assert set(NOTE_WORDS) == set(NoteKind)


@pytest.mark.parametrize("kind", NoteKind)
def test_the_forms_of_a_note_name_the_same_values(kind: NoteKind) -> None:
    words = NOTE_WORDS[kind]
    names = [
        {name for _, name, _, _ in string.Formatter().parse(form) if name} for form in (words.template, words.plural)
    ]
    assert not words.plural or names[0] == names[1]
    assert (words.n is None) == (not words.plural)


def test_a_note_comes_back_from_its_record() -> None:
    note = Note(NoteKind.SEPARATOR, values={"separator": text("comma"), "other": 3})
    again = Note.from_record(json.loads(json.dumps(note.record())))
    assert again == note
    assert str(note_text(again)) == "Separator: comma."


def test_a_counted_note_has_a_form_for_one_and_for_several() -> None:
    shown = [str(note_text(Note(NoteKind.BLANK_ROWS_IGNORED, n))) for n in (1, 1_200)]
    assert shown == ["1 blank row was ignored.", "1,200 blank rows were ignored."]

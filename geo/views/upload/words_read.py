"""Words of a checked file that no list has: what each was read as, and what a person decides instead."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from geo.ingest.mapping.mappings import WORD_FIELDS
from geo.ingest.notes import Note, NoteKind
from geo.intake import Checked
from geo.stored_words import OWN_FORMATS
from geo.text import markdown_text
from geo.views import grids, messages
from geo.views.upload.mapping import labels_of
from geo.wording import _, _n

_MEANINGS = "upload_word_meanings"
_KINDS = (
    *(NoteKind.OTHER_WORDS, NoteKind.UNKNOWN_WORDS, NoteKind.WORDS_READ, NoteKind.SEVERAL_WORDS),
    NoteKind.WORDS_CHOSEN,
)
_LONGEST_WORD = 39  # longer words are shortened in the note, and cannot be found again by it


def meanings(file_id: str) -> dict[str, dict[str, str]]:
    """Return what was decided for a file: field -> {word: code}; a new file starts without any."""
    held: tuple[str, dict[str, dict[str, str]]] | None = st.session_state.get(_MEANINGS)
    return {field: dict(words) for field, words in held[1].items()} if held and held[0] == file_id else {}


def draw(checked: Checked, file_id: str) -> None:
    """Draw a table for each column of words; a changed meaning counts at once, for the whole file."""
    decided = meanings(file_id)
    notes = [note for note in checked.result.notes if note.kind in _KINDS and note.values.get("field") in WORD_FIELDS]
    if checked.result.format in OWN_FORMATS:
        for field in dict.fromkeys(str(note.values["field"]) for note in notes):
            _draw_field(field, [note for note in notes if note.values["field"] == field], file_id)
    if decided:
        n = sum(map(len, decided.values()))
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.caption(
                _n("{n} word has the meaning you chose.", "{n} words have the meanings you chose.", n), width="content"
            )
            st.button(_("Undo these choices"), on_click=_forget, width="content")


def _draw_field(field: str, notes: list[Note], file_id: str) -> None:
    found = [(word, code, n) for note in notes for word, code, n in note.values["words"] if len(word) <= _LONGEST_WORD]
    labels = labels_of(field)
    other = _("as written, counted as other")
    column = markdown_text(str(notes[0].values["column"]))
    n_open = sum(code == "" for _word, code, _rows in found)
    title = _("Words of “{column}” read by rule: {n}", column=column, n=len(found))
    if n_open:
        title = _("Words of “{column}” that no list has: {n}", column=column, n=n_open)
    with st.expander(title):
        st.caption(_("Choose another meaning where a word was read wrongly. It counts for every row of the file."))
        frame = pd.DataFrame(found, columns=["word", "chosen", "rows"])
        frame["chosen"] = [labels.get(code, other) for code in frame["chosen"]]
        config: dict[str, Any] = {
            "word": _("Word of the file"),
            "rows": _("Rows"),
            "chosen": st.column_config.SelectboxColumn(_("Read as"), options=[other, *labels.values()], required=True),
        }
        key = f"upload_words_{field}_{file_id}_{len(found)}"
        codes = {label: code for code, label in labels.items()}
        st.data_editor(
            frame[["word", "rows", "chosen"]],
            hide_index=True,
            width="stretch",
            disabled=["word", "rows"],
            column_config=config,
            column_order=grids.in_reading_order(config),
            key=key,
            on_change=_choose,
            args=(key, field, frame["word"].tolist(), codes, file_id),
        )
        grids.begin_at_first_column(key)


@messages.guarded
def _choose(key: str, field: str, words: list[str], codes: Mapping[str, str], file_id: str) -> None:
    """Keep the changed meanings; the run that follows reads the file with them."""
    edited: dict[Any, dict[str, Any]] = st.session_state[key]["edited_rows"]
    chosen = {words[int(place)]: codes.get(str(cells["chosen"]), "") for place, cells in edited.items()}
    held = meanings(file_id)
    kept = {word: code for word, code in held.get(field, {}).items() if word not in chosen}
    held[field] = kept | {word: code for word, code in chosen.items() if code}
    st.session_state[_MEANINGS] = (file_id, held)


@messages.guarded
def _forget() -> None:
    st.session_state.pop(_MEANINGS, None)

"""The mapping of an unknown table: columns and words proposed, confirmed by a person, kept under a name."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import streamlit as st

from geo.districts import group_names
from geo.ingest import ReadOptions, TablePreview
from geo.ingest.mapping.fields import FIELDS
from geo.ingest.mapping.mappings import WORD_FIELDS, NamedMapping, from_toml, mapping_problems, propose_words, to_toml
from geo.problems import AtlasError, RejectedUpload
from geo.schema import ATTACK_TYPES, INITIATORS, TARGET_TYPES
from geo.text import markdown_text
from geo.views import cached, messages

_MAPPING = "upload_mapping"
_NOT_USED = "(not in this file)"
_UNDECIDED = "(to decide: its rows are refused)"


def chosen(file_id: str) -> NamedMapping | None:
    """Return the mapping that is in use for a file; a new file starts without one."""
    held: tuple[str, NamedMapping] | None = st.session_state.get(_MAPPING)
    return held[1] if held and held[0] == file_id else None


def forget() -> None:
    """Read the next file without a mapping."""
    st.session_state.pop(_MAPPING, None)


def options(base: ReadOptions, file_id: str) -> ReadOptions:
    """Return the read options with the mapping in use for a file, if any."""
    mapping = chosen(file_id)
    return mapping.options(base) if mapping else base


def draw(preview: TablePreview, file_id: str) -> None:
    """Draw the table's first rows, the proposals and the controls that confirm them."""
    st.subheader("Which column holds what?", anchor=False)
    st.markdown(
        "The table is of no known format. Columns are proposed by name and by content; nothing is used before you "
        "confirm it. Columns that are not assigned are kept with each row, but not shown."
    )
    st.dataframe(pd.DataFrame(preview.rows, columns=list(preview.columns)), hide_index=True, width="stretch")
    st.caption(f"The first {len(preview.rows)} of {preview.n_rows:,} rows, as text.")
    start = _start_from(preview)
    columns = _columns(preview, start)
    for column, reason in preview.left_out.items():
        st.caption(f"{markdown_text(column)} is not proposed: {reason}.")
    values = _values(preview, columns, start)
    problems = mapping_problems(columns, values, "")
    if problems:
        messages.problems(problems, len(problems))
    name = st.text_input("Keep this mapping under a name, to use it again", max_chars=80, key="mapping_name")
    mapping = NamedMapping(name.strip() or "unnamed", columns, values)
    read, export = st.columns(2)
    read.button(
        "Read the file with this mapping",
        type="primary",
        width="stretch",
        disabled=bool(problems),
        on_click=_use,
        args=(mapping, file_id, bool(name.strip())),
    )
    export.download_button(
        "Download the mapping (TOML)", to_toml(mapping), "mapping.toml", "application/toml", on_click="ignore"
    )


def _use(mapping: NamedMapping, file_id: str, is_kept: bool) -> None:
    st.session_state[_MAPPING] = (file_id, mapping)
    if is_kept:
        cached.store().save_mapping(mapping.name, to_toml(mapping))


def _start_from(preview: TablePreview) -> NamedMapping | None:
    """Return a saved or uploaded mapping to start from, or None for the proposals."""
    saved = cached.store().mappings()
    left, right = st.columns(2)
    name = left.selectbox("Start from", ["", *sorted(saved)], format_func=lambda key: key or "the proposals")
    file = right.file_uploader("or from a mapping file (TOML)", type=["toml"], key="mapping_file", max_upload_size=1)
    text = file.getvalue().decode("utf-8", "replace") if file else saved.get(name, "")
    if not text:
        return None
    try:
        mapping = from_toml(text, file.name if file else name)
    except RejectedUpload as refusal:
        messages.problems(refusal.problems, refusal.n_total)
        return None
    missing = sorted(set(mapping.columns.values()) - set(preview.columns))
    if missing:
        st.warning(f"{len(missing)} columns of this mapping are not in the file and are left out.")
    return mapping


def _columns(preview: TablePreview, start: NamedMapping | None) -> dict[str, str]:
    """Draw one line a field and return field -> column."""
    proposed = {one.field: (one.column, one.why) for one in preview.proposals}
    if start is not None:
        proposed = {k: (column, "by the mapping") for k, column in start.columns.items() if column in preview.columns}
    frame = pd.DataFrame(
        {
            "field": [field.replace("_", " ") for field in FIELDS],
            "meaning": [field.meaning for field in FIELDS.values()],
            "column": [proposed.get(name, (_NOT_USED, ""))[0] for name in FIELDS],
            "why": [proposed.get(name, ("", ""))[1] for name in FIELDS],
        }
    )
    edited = st.data_editor(
        frame,
        hide_index=True,
        width="stretch",
        height=420,
        disabled=["field", "meaning", "why"],
        key=f"mapping_columns_{_signature(preview, start)}",
        column_config={
            "field": "Field",
            "meaning": "What belongs in it",
            "column": st.column_config.SelectboxColumn(
                "Column of the file", options=[_NOT_USED, *preview.columns], required=True
            ),
            "why": "Proposed",
        },
    )
    return {name: column for name, column in zip(FIELDS, edited["column"], strict=True) if column != _NOT_USED}


def _values(preview: TablePreview, columns: Mapping[str, str], start: NamedMapping | None) -> dict[str, dict[str, str]]:
    """Draw the words of each assigned column of words and return field -> {word: code}."""
    values: dict[str, dict[str, str]] = {}
    for field in WORD_FIELDS:
        words = preview.words.get(columns.get(field, ""), ())
        if not words:
            continue
        labels = _labels(field)
        given = start.values.get(field, {}) if start else {}
        found = {p.word: (given.get(p.word, p.code), p.how) for p in propose_words(field, [w for w, _ in words])}
        with st.expander(f"Words of {field.replace('_', ' ')}: {_open_words(found)}"):
            values[field] = _word_table(field, words, found, labels, _signature(preview, start))
    return {field: words for field, words in values.items() if words}


def _open_words(found: Mapping[str, tuple[str | None, str]]) -> str:
    n_open = sum(code is None for code, _ in found.values())
    return f"{len(found)}, {n_open} to decide" if n_open else f"{len(found)}, all proposed"


def _word_table(
    field: str,
    words: tuple[tuple[str, int], ...],
    found: Mapping[str, tuple[str | None, str]],
    labels: Mapping[str, str],
    signature: str,
) -> dict[str, str]:
    code_of = {label: code for code, label in labels.items()}
    frame = pd.DataFrame(
        {
            "word": [word for word, _ in words],
            "n": [n for _, n in words],
            "means": [labels.get(found[word][0] or "", _UNDECIDED) for word, _ in words],
            "how": [found[word][1] for word, _ in words],
        }
    )
    edited = st.data_editor(
        frame,
        hide_index=True,
        width="stretch",
        disabled=["word", "n", "how"],
        key=f"mapping_words_{field}_{signature}",
        column_config={
            "word": "Word of the file",
            "n": st.column_config.NumberColumn("Rows"),
            "means": st.column_config.SelectboxColumn("Means", options=[_UNDECIDED, *labels.values()], required=True),
            "how": "Proposed",
        },
    )
    pairs = zip(edited["word"], edited["means"], strict=True)
    return {word: code_of[label] for word, label in pairs if label != _UNDECIDED}


def _labels(field: str) -> dict[str, str]:
    vocabularies = {"attack_type": ATTACK_TYPES, "target_type": TARGET_TYPES, "initiator": INITIATORS}
    if field == "group":
        return group_names()
    if field == "district":
        return dict(cached.districts().names)
    return vocabularies[field]


def _signature(preview: TablePreview, start: NamedMapping | None) -> str:
    """A short text that changes with the table and the mapping, so that edits of one never reach another."""
    text = repr((preview.columns, preview.n_rows, to_toml(start) if start else ""))
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def first_look(path: Path, name: str, base: ReadOptions) -> TablePreview | AtlasError:
    """Return the first look at a table, or why it cannot be read as one."""
    from geo.ingest import preview_upload

    try:
        return preview_upload(path, name, limits=cached.settings().limits, options=base)
    except RejectedUpload as refusal:
        return refusal

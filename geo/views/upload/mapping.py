"""The mapping of an unknown table: columns and words proposed, confirmed by a person, kept under a name."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from geo import word_decisions
from geo.ingest import ReadOptions, TablePreview
from geo.ingest.mapping.fields import FIELDS
from geo.ingest.mapping.mappings import (
    WORD_FIELDS,
    Columns,
    NamedMapping,
    all_names,
    from_toml,
    mapping_problems,
    names_of,
    to_toml,
)
from geo.ingest.mapping.toll_columns import SUMMED_FIELDS
from geo.ingest.mapping.word_proposals import propose_words
from geo.problems import RejectedUpload
from geo.text import markdown_text
from geo.views import cached, grids, messages, visitor
from geo.wording import N_, _

_MAPPING, _WANTED = "upload_mapping", "upload_mapping_wanted"
_WORDS_OF = {
    "attack_type": N_("attack type"),
    "target_type": N_("target type"),
    "initiator": N_("who began it"),
    "group": N_("group"),
    "district": N_("district"),
}
_NEEDED = ("date", "district", "place")
_NOT_USED = N_("(not in this file)")
_UNDECIDED = N_("(to decide: counted as other, as written)")


def chosen(file_id: str) -> NamedMapping | None:
    """Return the mapping that is in use for a file; a new file starts without one."""
    in_use: dict[str, NamedMapping] = st.session_state.get(_MAPPING, {})
    return in_use.get(file_id)


@messages.guarded
def forget() -> None:
    """Read the next file without a mapping."""
    st.session_state.pop(_MAPPING, None)
    st.session_state.pop(_WANTED, None)


def is_wanted(file_id: str) -> bool:
    """Whether a person wants to match the columns of a file that is read without that."""
    return bool(st.session_state.get(_WANTED) == file_id and chosen(file_id) is None)


@messages.guarded
def want(file_id: str) -> None:
    """Ask for the columns of a file, although its names say what they hold."""
    st.session_state[_WANTED] = file_id


def options(base: ReadOptions, file_id: str) -> ReadOptions:
    """Return the read options with the mapping in use for a file, if any."""
    mapping = chosen(file_id)
    return mapping.options(base) if mapping else base


def draw(preview: TablePreview, file_id: str) -> NamedMapping | None:
    """Draw the table's first rows, the proposals and the controls that confirm them.

    Returns the mapping as it stands, or None while it lacks a date or a place.
    """
    st.header(_("Match columns to fields"), anchor=False)
    explained = _(
        "Say which column holds what. Columns are proposed by name and by content, and nothing is stored before you "
        "accept the file. A date and a place are needed; every other column may be left out: it is kept with each row."
    )
    st.markdown(explained)
    st.dataframe(pd.DataFrame(preview.rows, columns=list(preview.columns)), hide_index=True, width="stretch")
    st.caption(_("The first {n} of {total} rows, as text.", n=len(preview.rows), total=preview.n_rows))
    start = _start_from(preview)
    columns = _columns(preview, start)
    for column, reason in preview.left_out.items():
        st.caption(_("{column} is not proposed: {reason}.", column=markdown_text(column), reason=_(str(reason))))
    values = _values(preview, columns, start)
    problems = mapping_problems(columns, values, "")
    if problems:
        messages.problems(problems, len(problems))
    name = st.text_input(_("Save this mapping under a name, to use it again"), max_chars=80, key="mapping_name")
    mapping = NamedMapping(name.strip() or "unnamed", columns, values)
    read, export = st.columns(2)
    args = (mapping, file_id, bool(name.strip()))
    label, is_open = _("Read the file with this mapping"), bool(problems)
    read.button(label, type="primary", width="stretch", disabled=is_open, on_click=_use, args=args)
    label = _("Download the mapping (TOML)")
    export.download_button(label, to_toml(mapping), "mapping.toml", "application/toml", on_click="ignore")
    return None if problems else mapping


@messages.guarded
def _use(mapping: NamedMapping, file_id: str, is_kept: bool) -> None:
    # What cannot be saved can still be used for the file at hand.
    st.session_state[_MAPPING] = {file_id: mapping}
    if is_kept:
        store, actor = visitor.deciding(cached.store())
        store.save_mapping(mapping.name, to_toml(mapping), actor=actor)


def _start_from(preview: TablePreview) -> NamedMapping | None:
    """Return a saved or uploaded mapping to start from, or None for the proposals."""
    saved = cached.store().mappings()
    left, right = st.columns(2)
    proposals = _("the proposals")
    name = left.selectbox(_("Start from"), ["", *sorted(saved)], format_func=lambda key: key or proposals)
    uploaded = _("or from a mapping file (TOML)")
    file = right.file_uploader(uploaded, type=["toml"], key="mapping_file", max_upload_size=1)
    text = file.getvalue().decode("utf-8", "replace") if file else saved.get(name, "")
    if not text:
        return None
    try:
        mapping = from_toml(text, file.name if file else name)
    except RejectedUpload as refusal:
        messages.problems(refusal.problems, refusal.n_total)
        return None
    n_missing = len(set(all_names(mapping.columns)) - set(preview.columns))
    if n_missing:
        st.warning(_("Columns of this mapping that are not in the file and are left out: {n}.", n=n_missing))
    return mapping


def _columns(preview: TablePreview, start: NamedMapping | None) -> dict[str, str | tuple[str, ...]]:
    """Draw one line a field, more for a field that is the sum of several columns; return field -> column or columns."""
    not_used = _(_NOT_USED)
    lines = _lines(preview, start, not_used)
    fields = [field for field, _column, _why in lines]
    frame = pd.DataFrame(
        {
            "meaning": [_(FIELDS[field].meaning) for field in fields],
            "chosen": [column for _field, column, _why in lines],
            "example": [_example(preview, column) for _field, column, _why in lines],
            "how": [why for _field, _column, why in lines],
        }
    )
    heads = {"meaning": _("What is asked for"), "chosen": _("Column of the file")}
    heads |= {"example": _("Example from the file"), "how": _("Proposed")}
    key = f"mapping_columns_{_signature(preview, start)}"
    chosen = _edited(frame, heads, [not_used, *preview.columns], key, height=420)
    found: dict[str, tuple[str, ...]] = {}
    for field, column in zip(fields, chosen, strict=True):
        if column != not_used and column not in found.get(field, ()):
            found[field] = (*found.get(field, ()), column)
    return {field: names[0] if len(names) == 1 else names for field, names in found.items()}


def _example(preview: TablePreview, column: str) -> str:
    """Return the first cell of a column that is not blank."""
    if column not in preview.columns:
        return ""
    place = preview.columns.index(column)
    return next((row[place] for row in preview.rows if row[place].strip()), "")


def _lines(preview: TablePreview, start: NamedMapping | None, not_used: str) -> list[tuple[str, str, str]]:
    """Return (field, column, why) for each line; a sum of columns has a line for each and a free one for a further."""
    proposed = [(one.field, one.column, str(one.why)) for one in preview.proposals]
    if start is not None:
        reason = _("by the mapping")
        named = [(field, column) for field in start.columns for column in names_of(start.columns, field)]
        proposed = [(field, column, reason) for field, column in named if column in preview.columns]
    lines = []
    for field in FIELDS:
        of_field = [one for one in proposed if one[0] == field]
        is_free = not of_field or field in SUMMED_FIELDS
        lines += [*of_field, *([(field, not_used, "")] if is_free else [])]
    # What was found stands first, then what is needed, in the order of the fields.
    return sorted(lines, key=lambda line: (line[1] == not_used, line[0] not in _NEEDED))


def _values(preview: TablePreview, columns: Columns, start: NamedMapping | None) -> dict[str, dict[str, str]]:
    """Draw the words of each matched column of words and return field -> {word: code}."""
    values: dict[str, dict[str, str]] = {}
    for field in WORD_FIELDS:
        stated = dict(preview.words.get("".join(names_of(columns, field)), ()))
        if not stated:
            continue
        given = start.values.get(field, {}) if start else {}
        proposed = propose_words(field, list(stated))
        found = {one.word: (given.get(one.word, one.code), str(one.how)) for one in proposed}
        facts = {
            "field": _(_WORDS_OF[field]),
            "n": len(found),
            "open": sum(code is None for code, _how in found.values()),
        }
        title = _("Words of {field}: {n}, all proposed", **facts)
        if facts["open"]:
            title = _("Words of {field}: {n}, {open} to decide", **facts)
        with st.expander(title):
            values[field] = _word_table(field, stated, found, f"mapping_words_{field}_{_signature(preview, start)}")
    return {field: meanings for field, meanings in values.items() if meanings}


def _word_table(
    field: str, stated: Mapping[str, int], found: Mapping[str, tuple[str | None, str]], key: str
) -> dict[str, str]:
    """Draw the words of a field. stated: word -> its rows. found: word -> (code or None, how it was proposed)."""
    labels, undecided = labels_of(field), _(_UNDECIDED)
    frame = pd.DataFrame(
        {
            "word": list(stated),
            "rows": list(stated.values()),
            "chosen": [labels.get(found[word][0] or "", undecided) for word in stated],
            "how": [found[word][1] for word in stated],
        }
    )
    heads = {"word": _("Word of the file"), "rows": _("Rows"), "chosen": _("Meaning"), "how": _("Proposed")}
    code_of = {label: code for code, label in labels.items()}
    chosen = _edited(frame, heads, [undecided, *labels.values()], key)
    return {word: code_of[label] for word, label in zip(stated, chosen, strict=True) if label != undecided}


def _edited(frame: pd.DataFrame, heads: Mapping[str, str], choices: list[str], key: str, **options: Any) -> list[str]:
    """Draw a table whose column "chosen" can be changed, and return what it holds. heads: column -> its title."""
    chosen = st.column_config.SelectboxColumn(heads["chosen"], options=choices, required=True)
    fixed = [name for name in heads if name != "chosen"]
    config: dict[str, Any] = {**heads, "chosen": chosen}
    edited = st.data_editor(
        frame, hide_index=True, width="stretch", disabled=fixed, key=key, column_config=config,
        column_order=grids.in_reading_order(map(str, frame)), **options,
    )  # fmt: skip
    grids.begin_at_first_column(key)
    return list(edited["chosen"])


def labels_of(field: str) -> dict[str, str]:
    """Return code -> label of what the words of a field can mean."""
    return dict(cached.districts().names) if field == "district" else dict(word_decisions.labels_of(field))


def _signature(preview: TablePreview, start: NamedMapping | None) -> str:
    """A short text that changes with the table and the mapping, so that edits of one never reach another."""
    text = repr((preview.columns, preview.n_rows, to_toml(start) if start else ""))
    return hashlib.sha256(text.encode()).hexdigest()[:12]

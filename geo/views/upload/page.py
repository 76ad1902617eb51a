"""Check a file, show what would happen, and accept it or leave it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from geo import incidents as geo_incidents
from geo import intake, temporary
from geo.ingest import AnswersNeeded, ReadOptions, preview_upload, template_csv
from geo.ingest.formats import all_formats, mapped
from geo.ingest.notes import NoteKind, note_text
from geo.intake import Checked
from geo.policy import Action
from geo.problems import ProblemCode, RejectedUpload
from geo.schema import LIMITS
from geo.text import file_label, markdown_sentence, markdown_text
from geo.views import cached, messages, overview, tables, visitor
from geo.views.map import draw_map
from geo.views.state import View
from geo.views.upload import (
    confirm_places,
    duplicates,
    mapping,
    places,
    proposals,
    questions,
    refused,
    summary,
    words_read,
)
from geo.wording import N_, _, _n, format_number

_CHECKED = "upload_checked"
_LOOKED = "upload_looked"
# A new round is a new, empty file control.
_ROUND = "upload_round"
_ACCEPTED = "upload_accepted"
_TRIED = "upload_tried"
_OF_WRITING = (NoteKind.ENCODING, NoteKind.SEPARATOR)
_TRIED_BYTES = 5_000_000  # files up to this size are read again with every change of their columns


def draw_help() -> None:
    """Draw what is recognised, the template and the limits."""
    left, middle, right = st.columns(3)
    template = template_csv().encode("utf-8-sig")
    left.download_button(_("Download the template"), template, "kp-atlas-template.csv", "text/csv", on_click="ignore")
    with middle.expander(_("Recognised files")):
        st.markdown("\n".join(f"- {_(layout.label)}" for layout in all_formats()))
        explained = _(
            "As CSV (comma, semicolon, tab), XLSX, GeoJSON, JSON, Parquet, or a ZIP with one of these. A file is "
            "recognised by its content, never by its name. For any other table you match its columns to fields."
        )
        st.caption(explained)
    with right.expander(_("Limits")):
        limits = cached.settings().limits
        rows = [(one.name, f"{format_number(limits[key])} {_(one.unit)}", _(one.reason)) for key, one in LIMITS.items()]
        tables.show(pd.DataFrame(rows, columns=[N_("Limit"), N_("Value"), N_("Reason")]))


def draw() -> None:
    """Draw the whole of the upload: choice of file, result of the check, decision."""
    allowed = visitor.access()
    if not allowed.may(Action.CHECK):
        st.info(markdown_sentence(str(allowed.remedy())))
        return
    _draw_way_to_the_map()
    file = st.file_uploader(
        _("Incident file"),
        help=_("The whole file is checked before anything is stored."),
        key=f"upload_file_{st.session_state.get(_ROUND, 0)}",
    )
    if file is None:
        st.session_state.pop(_CHECKED, None)
        mapping.forget()
        return
    answers = replace(
        questions.options(file.file_id),
        corrections=refused.corrections(file.file_id),
        values=words_read.meanings(file.file_id) or None,
    )
    held = _checked(file, mapping.options(answers, file.file_id))
    is_read = isinstance(held, Checked)
    if isinstance(held, Checked):
        raised = questions.raised(held.result.problems, held.result.notes)
    else:
        raised = questions.raised(held.problems, held.notes if isinstance(held, AnswersNeeded) else ())
    questions.draw(raised, file.file_id, is_read=is_read)
    asked = questions.waiting(raised)
    is_mapped = mapping.chosen(file.file_id) is not None
    if is_mapped:
        st.button(_("Match the columns again"), on_click=mapping.forget)
    if mapping.is_wanted(file.file_id):
        _draw_mapping(file, answers)
    elif isinstance(held, Checked):
        _draw_checked(held, file)
    elif questions.is_one_form(asked, file.file_id):
        questions.draw_change(answers, file.file_id)
    elif not is_mapped and raised and not asked:
        _draw_mapping(file, answers)
    elif raised:
        # The questions above are the way on: no table of errors is needed.
        for one in [one for one in asked if one.question.is_open] or raised:
            st.markdown(markdown_sentence(one.said))
    else:
        st.error(_("The file is refused as a whole. Nothing was stored."))
        messages.problems(held.problems, held.n_total)


def _draw_way_to_the_map() -> None:
    """Draw links to the batch that was accepted last in this session, as long as it is shown."""
    number = st.session_state.get(_ACCEPTED)
    if number is None or not any(one.batch_id == number and one.is_shown for one in cached.store().batches()):
        return
    only = {"from": "all", "data": str(number)}
    with st.container(horizontal=True):
        label = _("See batch {number:d} on the map", number=number)
        st.page_link("pages/overview.py", label=label, icon=":material/map:", query_params=only)
        st.page_link("pages/points.py", label=_("See its points"), icon=":material/location_on:", query_params=only)


def _checked(file: Any, options: ReadOptions) -> Checked | RejectedUpload:
    """Return the check of a file under all answers given; it is read again only when the options change."""
    asked = (file.file_id, options)
    held = st.session_state.get(_CHECKED)
    if held is None or held[0] != asked:
        duplicates.forget()
        held = (asked, _check(file, options))
    found: Checked | RejectedUpload = held[1]
    if isinstance(found, Checked):
        found = duplicates.apply_answers(places.apply_answers(found, file.file_id))
    st.session_state[_CHECKED] = (asked, found)
    return found


def _draw_mapping(file: Any, answers: ReadOptions) -> None:
    asked = (file.file_id, answers)
    held = st.session_state.get(_LOOKED)
    if held is None or held[0] != asked:
        try:
            visitor.require(Action.CHECK)
            with st.spinner(_("Reading the first rows")), _on_disk(file) as path:
                held = (asked, preview_upload(path, file.name, limits=cached.settings().limits, options=answers))
        except RejectedUpload as refusal:
            messages.atlas_error(refusal)
            return
        st.session_state[_LOOKED] = held
    proposed = mapping.draw(held[1], file.file_id)
    if proposed is not None:
        _draw_outcome(file, proposed.options(answers))


def _draw_outcome(file: Any, options: ReadOptions) -> None:
    """Draw what the file would give with the columns as they are matched now; it is read again when they change."""
    st.markdown(_("**With these columns**"))
    asked = (file.file_id, options)
    held = st.session_state.get(_TRIED)
    if held is None or held[0] != asked:
        if file.size > _TRIED_BYTES and not st.button(_("Try these columns")):
            st.caption(_("The file is large, so it is read when you ask for it."))
            return
        held = (asked, _check(file, options, "upload_tried_cancel"))
        st.session_state[_TRIED] = held
    tried: Checked | RejectedUpload = held[1]
    if isinstance(tried, RejectedUpload):
        messages.problems(tried.problems, tried.n_total)
        return
    summary.draw(tried)
    _preview(tried, "upload_tried_map")


@contextmanager
def _on_disk(file: Any) -> Iterator[Path]:
    """Write the upload under a name of our own; the client's name never becomes a path."""
    with temporary.folder("atlas-upload") as folder:
        path = folder / "upload"
        path.write_bytes(file.getbuffer())
        yield path


def _check(file: Any, options: ReadOptions, key: str = "upload_cancel") -> Checked | RejectedUpload:
    """Read the file; any click while it is read, such as Cancel, ends the reading child and runs the page again."""
    visitor.require(Action.CHECK)
    cancel = st.empty()
    cancel.button(_("Cancel"), key, on_click=_forget)
    bar = st.progress(0.0, _("Reading the file"))

    def report(share: float, text: str) -> None:
        bar.progress(min(max(share, 0.0), 1.0), _(text))

    store, districts, settings = cached.store(), cached.districts(), cached.settings()
    try:
        with _on_disk(file) as path:
            return intake.check(path, file.name, store, districts, settings, options, progress=report)
    except RejectedUpload as refusal:
        return refusal
    finally:
        bar.empty()
        cancel.empty()


@messages.guarded
def _forget() -> None:
    """Take the chosen file out of the control, so that it is not read again."""
    st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1


def _draw_checked(checked: Checked, file: Any) -> None:
    result = checked.result
    label = markdown_text(file_label(file.name))
    st.markdown(_("**{file}** is read as: {format}", file=label, format=markdown_sentence(str(result.why))))
    if result.format == mapped.PLAIN.key:
        st.button(_("Match the columns myself"), on_click=mapping.want, args=(file.file_id,))
    summary.draw(checked)
    duplicates.draw(checked)
    questions.draw_change(result.options, file.file_id)
    # What was read matters more to a reader than how the file is written.
    ordered = sorted(result.notes, key=lambda note: note.kind in _OF_WRITING)
    notes = (*questions.answers_used(result.options), *map(note_text, ordered))
    st.caption("\n".join(f"- {markdown_sentence(str(note))}" for note in notes))
    if result.problems:
        asked = (ProblemCode.PLACE_TO_CONFIRM,)
        kinds = [kind for kind in result.problem_kinds if kind.example.code not in asked]
        messages.problem_kinds(kinds, result.problems, result.n_problems)
    words_read.draw(checked, file.file_id)
    _draw_confirmation(checked, file.file_id)
    refused.draw(checked, file.file_id)
    places.draw(checked, file.file_id)
    _preview(checked)
    _decide(checked, file)


def _draw_confirmation(checked: Checked, file_id: str) -> None:
    """Draw the places to confirm, if the table names them only within sentences."""
    note = next((one for one in checked.result.notes if one.kind is NoteKind.PLACES_CONFIRMED), None)
    if note is not None and len(checked.result.refused_rows):
        confirm_places.draw(checked, file_id, str(note.values["text_column"]))


def _preview(checked: Checked, key: str = "upload_map") -> None:
    """Draw the file's own incidents by district; nothing of it is stored or shown to others."""
    if not len(checked.rows):
        return
    districts = cached.districts()
    table = geo_incidents.build({"0": checked.rows}, districts.pcodes, f"preview-{checked.result.file_sha256[:12]}")
    view = View.whole(table, districts)
    st.markdown(_("**Preview: incidents of this file by district**"))
    result = overview.measure_by_district(view, "incidents", "count")
    draw_map(choropleth=overview.choropleth(view, result), key=key, height=420, first_frame="whole")
    with st.expander(_("Table of this map")):
        tables.show(overview.table(view, result))


def _decide(checked: Checked, file: Any) -> None:
    n_rows, n_refused = len(checked.rows), len(checked.result.refused_rows)
    if checked.same_file is not None:
        st.warning(_("This very file is stored already as batch {number:d}.", number=checked.same_file.batch_id))
        return
    if not n_rows:
        st.warning(_("The file has no new row.") if checked.n_duplicates else _nothing_to_store(checked))
        return
    left, right = st.columns(2)
    if not visitor.may(Action.DECIDE):
        right.caption(_("An admin sees your name and the file, and accepts or rejects it."))
        propose = _n("Propose {n} row", "Propose {n} rows", n_rows)
        left.button(propose, type="primary", width="stretch", on_click=_accept, args=(checked, file))
        return
    label = _("Accept all rows")
    if n_refused:
        label = _n("Accept the {n} valid row", "Accept the {n} valid rows", n_rows)
    elif checked.n_duplicates:
        label = _n("Accept the {n} new row", "Accept the {n} new rows", n_rows)
    right.caption(_("To cancel, remove the file above. Nothing is stored before you accept."))
    left.button(label, type="primary", width="stretch", on_click=_accept, args=(checked, file))


def _nothing_to_store(checked: Checked) -> str:
    """Return what is to be done before any row of a file can be stored."""
    if any(note.kind is NoteKind.PLACES_CONFIRMED for note in checked.result.notes):
        return _("Nothing can be stored yet: confirm the places above, then this button for storing appears.")
    return _("No row can be stored as it is: correct the refused rows above, or the file, and upload it again.")


@messages.guarded
def _accept(checked: Checked, file: Any) -> str:
    """Store the file; a callback, because the map beside the button may start another run at the same moment."""
    with _on_disk(file) as path:
        accept_valid = bool(len(checked.result.refused_rows))
        words = words_read.meanings(file.file_id)
        store, actor = visitor.changing(cached.store())
        record = intake.accept(checked, path, file.name, store, accept_valid=accept_valid, words=words, actor=actor)
    st.session_state.pop(_CHECKED, None)
    st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1
    st.session_state[_ACCEPTED] = record.batch_id
    number, n = record.batch_id, record.n_accepted
    return proposals.outcome(store) or _(
        "Stored as batch {number:d}. Rows: {n}. It can be undone below.", number=number, n=n
    )

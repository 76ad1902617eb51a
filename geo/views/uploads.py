"""Upload: check a file, show what would happen, accept or leave it, undo what was accepted."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from geo import incidents as geo_incidents
from geo import intake
from geo.ingest import ReadOptions, template_csv
from geo.ingest.formats import all_formats
from geo.ingest.notes import note_text
from geo.intake import Checked
from geo.problems import AtlasError, RejectedUpload
from geo.schema import LIMITS
from geo.text import file_label, markdown_text
from geo.views import (
    cached,
    charts,
    messages,
    overview,
    tables,
    upload_duplicates,
    upload_mapping,
    upload_places,
    upload_questions,
)
from geo.views.map import draw_choropleth
from geo.views.state import View

_STATES = {"shown": "shown", "hidden": "hidden", "superseded": "replaced by a newer edition", "undone": "undone"}
_CHECKED = "upload_checked"
_LOOKED = "upload_looked"
_OUTCOME = "upload_outcome"
_FAILED = "upload_failed"
# A new round is a new, empty file control.
_ROUND = "upload_round"


def draw_help() -> None:
    """Draw what is recognised, the template and the limits."""
    left, middle, right = st.columns(3)
    left.download_button(
        "Download the template",
        template_csv().encode("utf-8-sig"),
        "kp-atlas-template.csv",
        "text/csv",
        on_click="ignore",
    )
    with middle.expander("What is recognised"):
        st.markdown("\n".join(f"- {layout.label}" for layout in all_formats()))
        st.caption(
            "As CSV (comma, semicolon, tab), XLSX, GeoJSON, JSON, Parquet, or a ZIP with one of these. A file is known "
            "by its content, never by its name. For any other table you say which column holds what."
        )
    with right.expander("Limits"):
        limits = cached.settings().limits
        rows = [(limit.name, f"{limits[name]:,} {limit.unit}", limit.reason) for name, limit in LIMITS.items()]
        st.dataframe(pd.DataFrame(rows, columns=["Limit", "Value", "Why"]), hide_index=True)


def draw() -> None:
    """Draw the whole of the upload: choice of file, result of the check, decision."""
    if cached.settings().mode == "public":
        st.info("This is a public, read-only deployment. Run the atlas on your own machine to load files.")
        return
    outcome = st.session_state.pop(_OUTCOME, None)
    if outcome:
        st.success(outcome)
    file = st.file_uploader(
        "Incident file",
        help="The whole file is checked before anything is stored.",
        key=f"upload_file_{st.session_state.get(_ROUND, 0)}",
    )
    if file is None:
        st.session_state.pop(_CHECKED, None)
        upload_mapping.forget()
        return
    answers = upload_questions.options(file.file_id)
    asked = (file.file_id, upload_mapping.options(answers, file.file_id))
    held = st.session_state.get(_CHECKED)
    if held is None or held[0] != asked:
        upload_duplicates.forget()
        held = (asked, _check(file, asked[1]))
    if isinstance(held[1], Checked):
        held = (asked, upload_duplicates.settled(upload_places.settled(held[1], file.file_id)))
    st.session_state[_CHECKED] = held
    found = held[1].result.problems if isinstance(held[1], Checked) else held[1].problems
    questions = upload_questions.raised(found)
    upload_questions.draw(questions, file.file_id)
    needs_mapping = any(question.option == "mapping" for question in questions)
    if upload_mapping.chosen(file.file_id):
        st.button("Assign the columns anew", on_click=upload_mapping.forget)
    if isinstance(held[1], Checked):
        _draw_checked(held[1], file)
    elif needs_mapping and not upload_mapping.chosen(file.file_id):
        _draw_mapping(file, answers)
    else:
        _draw_refused(held[1])


def _draw_mapping(file: Any, answers: ReadOptions) -> None:
    asked = (file.file_id, answers)
    held = st.session_state.get(_LOOKED)
    if held is None or held[0] != asked:
        with st.spinner("Looking at the table"), _on_disk(file) as path:
            held = (asked, upload_mapping.first_look(path, file.name, answers))
        st.session_state[_LOOKED] = held
    if isinstance(held[1], AtlasError):
        messages.atlas_error(held[1])
    else:
        upload_mapping.draw(held[1], file.file_id)


@contextmanager
def _on_disk(file: Any) -> Iterator[Path]:
    """Write the upload under a name of our own; the client's name never becomes a path."""
    with tempfile.TemporaryDirectory(prefix="atlas-upload-") as folder:
        path = Path(folder) / "upload"
        path.write_bytes(file.getbuffer())
        yield path


def _check(file: Any, options: ReadOptions) -> Checked | RejectedUpload:
    """Read the file; any click while it is read, such as Cancel, ends the reading child and runs the page anew."""
    cancel = st.empty()
    cancel.button("Cancel", on_click=_forget)
    bar = st.progress(0.0, "Reading the file")

    def report(share: float, text: str) -> None:
        bar.progress(min(max(share, 0.0), 1.0), text)

    try:
        with _on_disk(file) as path:
            return intake.check(
                path,
                file.name,
                cached.store(),
                cached.districts(),
                cached.settings(),
                options,
                progress=report,
            )
    except RejectedUpload as refusal:
        return refusal
    finally:
        bar.empty()
        cancel.empty()


def _forget() -> None:
    """Take the chosen file out of the control, so that it is not read again."""
    st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1


def _draw_refused(refusal: RejectedUpload) -> None:
    st.error("The file is refused as a whole. Nothing was stored.")
    messages.problems(refusal.problems, refusal.n_total)


def _draw_checked(checked: Checked, file: Any) -> None:
    result = checked.result
    n_refused = len(result.refused_rows)
    st.markdown(f"**{markdown_text(file_label(file.name))}** is read as: {markdown_text(result.why)}")
    for column, (label, value) in zip(
        st.columns(6),
        (
            ("Rows in the file", result.n_rows_in),
            ("Acceptable", len(checked.rows)),
            ("Refused", n_refused),
            ("Duplicates", checked.n_duplicates),
            ("Located", checked.n_located),
            ("Not located or outside", checked.n_not_located + checked.n_outside),
        ),
        strict=True,
    ):
        column.metric(label, f"{value:,}", border=True)
    upload_duplicates.draw(checked)
    for note in (*upload_questions.told(result.options), *map(str, map(note_text, result.notes))):
        st.caption(markdown_text(note))
    if result.problems:
        messages.problems(result.problems, result.n_problems, result.problems_by_code)
    if n_refused:
        st.download_button(
            "Download the refused rows",
            tables.csv_bytes(result.refused_rows.to_pandas()),
            "refused-rows.csv",
            "text/csv",
            on_click="ignore",
        )
    upload_places.draw(checked, file.file_id)
    _preview(checked)
    _decide(checked, file, n_refused)


def _preview(checked: Checked) -> None:
    """Draw the file's own incidents by district; nothing of it is stored or shown to others."""
    if not len(checked.rows):
        return
    districts = cached.districts()
    table = geo_incidents.build({"0": checked.rows}, districts.pcodes, f"preview-{checked.result.file_sha256[:12]}")
    view = View.whole(table, districts)
    st.markdown("**Preview: incidents of this file by district**")
    result = overview.measure_by_district(view, "incidents", "count")
    draw_choropleth(overview.choropleth(view, result), key="upload_map", height=420)
    charts.table_beside(overview.table(view, result), "Table of this map")


def _decide(checked: Checked, file: Any, n_refused: int) -> None:
    if checked.same_file is not None:
        st.warning(f"This very file is stored already as batch {checked.same_file.batch_id}.")
        return
    if not len(checked.rows):
        st.warning("No row can be accepted." if not checked.n_duplicates else "The file holds no new row.")
        return
    left, right = st.columns(2)
    kind = "valid" if n_refused else "new"
    is_whole = not n_refused and not checked.n_duplicates
    label = "Accept all rows" if is_whole else f"Accept the {len(checked.rows):,} {kind} rows"
    if left.button(label, type="primary", width="stretch"):
        try:
            with _on_disk(file) as path:
                record = intake.accept(checked, path, file.name, cached.store(), accept_valid=bool(n_refused))
        except AtlasError as error:
            messages.atlas_error(error)
            return
        st.session_state[_OUTCOME] = (
            f"Stored as batch {record.batch_id}: {record.n_accepted:,} incidents. It can be undone below."
        )
        st.session_state.pop(_CHECKED)
        _forget()
        st.rerun()
    right.caption("To cancel, remove the file above. Nothing is stored before you accept.")


def draw_batches() -> None:
    """Draw what is stored, with undo, redo and the switch of what is shown."""
    failed = st.session_state.pop(_FAILED, None)
    if failed is not None:
        messages.atlas_error(failed)
    store = cached.store()
    is_local = cached.settings().mode == "local"
    for record in reversed(store.batches(include_undone=True)):
        with st.container(border=True):
            text, act = st.columns([4, 1], vertical_alignment="center")
            held = f", {record.n_duplicates:,} more rows were duplicates" if record.n_duplicates else ""
            text.markdown(
                f"**{record.batch_id}. {markdown_text(record.label)}** - {record.n_accepted:,} incidents, "
                f"{_STATES[record.state]}{held}  \n"
                f"{markdown_text(record.format)}, added {record.added_at:%Y-%m-%d %H:%M} UTC, "
                f"SHA-256 {record.file_sha256[:12]}"
            )
            if not is_local:
                continue
            if record.is_undone:
                act.button(
                    "Redo",
                    key=f"redo_{record.batch_id}",
                    on_click=_change,
                    args=("redo", record.batch_id),
                    width="stretch",
                )
                continue
            act.button(
                "Undo", key=f"undo_{record.batch_id}", on_click=_change, args=("undo", record.batch_id), width="stretch"
            )
            verb = "Show" if record.is_hidden else "Hide"
            act.button(
                verb,
                key=f"show_{record.batch_id}",
                on_click=_change,
                args=(verb.lower(), record.batch_id),
                width="stretch",
            )


def _change(verb: str, batch_id: int) -> None:
    """Undo, redo, hide or show a batch; an error is kept for the run that follows the click."""
    store = cached.store()
    actions: dict[str, Callable[[int], object]] = {
        "undo": store.undo,
        "redo": store.redo,
        "hide": lambda number: store.set_shown(number, False),
        "show": lambda number: store.set_shown(number, True),
    }
    try:
        actions[verb](batch_id)
    except AtlasError as error:
        st.session_state[_FAILED] = error

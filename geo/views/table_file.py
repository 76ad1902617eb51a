"""The file of a table that stands on a page beside its pictures: as CSV or XLSX, with the notes of every other file."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd
import streamlit as st

from geo import wording
from geo.analysis.index.access import AccessIndex
from geo.export import files
from geo.export.files import FORMATS
from geo.export.filter_words import filters_in_words
from geo.export.notes import Notes, source_note
from geo.export.rows import table_of_frame
from geo.export.view_settings import ViewSettings, settings_hash
from geo.filters import Filters
from geo.intake import dataset_labels
from geo.sources import FOOTER, NATURE_OF_THE_DATA
from geo.views import address, cached, tables, whole_address
from geo.views.access import words
from geo.wording import _, _n

_KINDS = ("csv", "xlsx")


def offer(
    frame: pd.DataFrame,
    name: str,
    title: str,
    period: str,
    sources: Iterable[str],
    said: Iterable[str] = (),
    filters: tuple[str, ...] | None = None,
) -> None:
    """Draw the buttons of the files of a frame, which are made when one is clicked.

    name: of the file. sources: keys of geo.schema.SOURCES. said: how the figures must be read. filters: the part of
    the filter that applies, in words; None for all of it.
    """
    notes = _notes(title, period, tuple(sources), tuple(said), filters, len(frame))
    with st.container(horizontal=True):
        for kind in _KINDS:
            _button(frame, name, notes, kind)


def of_index(frame: pd.DataFrame, name: str, title: str, index: AccessIndex, said: Iterable[str] = ()) -> None:
    """Draw the buttons of a table of the index; see `offer`."""
    period, every = words.window_text(index.window), (*said, *words.said_of(index))
    offer(frame, name, title, period, index.sources, every, narrowing())


def narrowing() -> tuple[str, ...]:
    """Return the filters that narrow what an index counts, in words: the picture of the sources, the first, is none."""
    return _in_words(address.filters().for_index())[1:]


def _button(frame: pd.DataFrame, name: str, notes: Notes, kind: str) -> None:
    chosen = FORMATS[kind]
    st.download_button(
        _("Download as {kind}", kind=chosen.label),
        tables.in_words_of_now(lambda: files.content_of(table_of_frame(name, frame), notes, kind)),
        f"kp-atlas-{name}-{notes.settings_hash}{chosen.suffix}",
        chosen.mime,
        key=f"download_{name}_{kind}",
        on_click="ignore",
    )


def _notes(
    title: str, period: str, sources: tuple[str, ...], said: tuple[str, ...], filters: tuple[str, ...] | None, n: int
) -> Notes:
    version, shown, chosen = cached.data_version(), cached.content(), address.filters()
    until = shown.newest if cached.incidents(chosen.sources).n_withheld else None
    options, page = address.options(), address.page()
    settings = ViewSettings(chosen, page, options, version.code, until, language=wording.language())
    return Notes(
        title=title,
        period=period,
        filters=_in_words(chosen) if filters is None else filters,
        shown=_n("{n} row", "{n} rows", n),
        left_out=(),
        sources=tuple(map(source_note, sources)),
        caveats=(_(NATURE_OF_THE_DATA), _(FOOTER), *said),
        version=version,
        settings_hash=settings_hash(settings),
        address="" if whole_address.is_own_machine() else whole_address.permanent(version.code),
    )


def _in_words(filters: Filters) -> tuple[str, ...]:
    table = cached.incidents(filters.sources)
    return filters_in_words(filters, cached.districts().names, dataset_labels(cached.store(), table))

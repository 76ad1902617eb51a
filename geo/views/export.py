"""The panel "Use this" of a page: files of what it shows, made when they are asked for, and how to cite it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial

import streamlit as st

from geo import VERSION, wording
from geo.analysis.counting.classes import NORMALISERS
from geo.analysis.counting.questions import MEASURES
from geo.export import files, pack
from geo.export.citation import FORMS, Citation, citation_of, data_text
from geo.export.columns import DISTRICTS, INCIDENTS
from geo.export.files import FORMATS
from geo.export.notes import Notes, notes_of
from geo.export.rows import Table, table_of
from geo.export.view import ExportedView
from geo.export.view_settings import ViewSettings, settings_hash
from geo.filters import Filters
from geo.text import markdown_sentence
from geo.views import address, cached, figures, link, map_position, one_file, pills, story_form, tables
from geo.views.exported import exported_view
from geo.views.sheets.choose import sheet_of
from geo.views.sheets.shown import FigureView, credits_of
from geo.views.state import View
from geo.wording import N_, _, format_list, words

TABLES: dict[str, str] = {INCIDENTS: N_("Incidents, one row each"), DISTRICTS: N_("Districts with their figures")}
_TABLE, _FORMAT = "export_table", "export_format"
OPENED = "use_this_"
# A file is held in memory while it is fetched: as GeoJSON these rows take about 170 MB.
MOST_ROWS = 200_000
_CHOICES = {"measure": MEASURES, "per": NORMALISERS}


@st.fragment
def panel(view: View, page: str, table: str = INCIDENTS) -> None:
    """Draw the panel of a page. page: its address; table: what it offers first, INCIDENTS or DISTRICTS."""
    with _panel(_("Use this: download and cite"), page) as is_open:
        if is_open:
            _draw(_exported(view, page), table)


@st.fragment
def pictures(view: View, page: str) -> None:
    """Draw the panel of a page whose incidents are not those of the filter: its pictures alone."""
    with _panel(_("Use this: download the picture"), page) as is_open:
        if is_open:
            _draw_pictures(_exported(view, page))


@st.fragment
def of_rows(view: View, page: str, rows: Table, notes_of_rows: Callable[[ExportedView], Notes]) -> None:
    """Draw the panel of a page whose table is neither of incidents nor of districts: its file, citation and link.

    notes_of_rows: the notes of the file from the view with its address.
    """
    with _panel(_("Use this: download and cite"), page) as is_open:
        if is_open:
            _draw_rows(_exported(view, page), view.filters, rows, notes_of_rows)


@contextmanager
def _panel(title: str, page: str) -> Iterator[bool]:
    """Draw a panel within a fragment: what it holds is drawn when it is opened, and nothing else of the page then."""
    with st.expander(title, key=f"{OPENED}{page}", on_change="rerun") as expander:
        yield bool(expander.open)


def files_of_record(make: Callable[[], ExportedView], settings: str) -> None:
    """Draw the choice of a file of one incident; the view is made when the file is asked for. settings: their code."""
    with st.container(key="files_of_record"):
        st.markdown(_("**Download**"))
        kind = pills.choose(_("File"), {key: one.label for key, one in FORMATS.items()}, _FORMAT, next(iter(FORMATS)))
        _button(kind, INCIDENTS, settings, lambda: files.content(make(), INCIDENTS, kind))


def _draw_pictures(view: ExportedView) -> None:
    left, right = st.columns(2, gap="large")
    with left:
        drawn = figures.draw(view)
    place = map_position.listen(view.settings.page)
    with right:
        if drawn is not None:
            st.markdown(_("**Cite**"))
            cite(_citation_of_picture(drawn, link.for_others(view, place)))
        link.draw(view, place)
    story_form.draw(view)


def _draw_rows(
    view: ExportedView, filters: Filters, rows: Table, notes_of_rows: Callable[[ExportedView], Notes]
) -> None:
    view = replace(view, settings=replace(view.settings, address=link.for_others(view, None, filters)))
    left, right = st.columns(2, gap="large")
    with left:
        notes = notes_of_rows(view)
        kinds = ("csv", "xlsx")
        kind = pills.choose(
            _("File"), {key: FORMATS[key].label for key in kinds}, f"{_FORMAT}_{view.settings.page}", kinds[0]
        )
        _said_of(notes)
        _button(kind, rows.name, notes.settings_hash, lambda: files.content_of(rows, notes, kind))
        st.markdown(_("**Cite**"))
        cite(citation_of(notes))
    with right:
        link.draw(view, None, filters)
    story_form.draw(view)


def _draw(exported: ExportedView, first: str) -> None:
    place = map_position.listen(exported.settings.page)
    view = replace(exported, settings=replace(exported.settings, address=link.for_others(exported, place)))
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown(_("**Download**"))
        table = pills.choose(_("What"), words(TABLES), f"{_TABLE}_{first}", first)
        kind = pills.choose(_("File"), {key: one.label for key, one in FORMATS.items()}, _FORMAT, next(iter(FORMATS)))
        notes = notes_of(view, table)
        _download(view, table, kind, notes)
        if len(view.positions) <= MOST_ROWS:
            _offer_pack(view, notes.settings_hash)
        _offer_page(view, notes.settings_hash)
        st.markdown(_("**Cite**"))
        cite(citation_of(notes))
    with right:
        figures.draw(view)
        link.draw(view, place)
    story_form.draw(exported)


def _download(view: ExportedView, table: str, kind: str, notes: Notes) -> None:
    _said_of(notes)
    if table_of(view, table).n_rows > MOST_ROWS:
        st.info(_("A page makes files of at most {n} rows; the command `kp-atlas export` larger ones.", n=MOST_ROWS))
        return
    _button(kind, table, notes.settings_hash, lambda: files.content(view, table, kind))


def _said_of(notes: Notes) -> None:
    left_out = _("Left out: {reasons}.", reasons=format_list(notes.left_out)) if notes.left_out else ""
    st.caption(markdown_sentence(f"{notes.shown}{_('.')} {left_out}"))


def _button(kind: str, table: str, settings: str, make: Callable[[], bytes]) -> None:
    chosen = FORMATS[kind]
    st.download_button(
        _("Download {file}", file=chosen.label),
        tables.in_words_of_now(make),
        f"kp-atlas-{table}-{settings}{chosen.suffix}",
        chosen.mime,
        key="export_file",
        on_click="ignore",
    )


def _offer_pack(view: ExportedView, settings_hash: str) -> None:
    explained = _(
        "The evidence pack is one ZIP with incidents, districts, settings, licences, a citation, and the command that "
        "makes every number again."
    )
    st.caption(explained)
    st.download_button(
        _("Download the evidence pack (ZIP)"),
        tables.in_words_of_now(lambda: pack.pack_content(view)),
        f"kp-atlas-{settings_hash}.zip",
        "application/zip",
        key="export_pack",
        on_click="ignore",
    )


def _offer_page(view: ExportedView, settings_hash: str) -> None:
    st.caption(
        _(
            "The one-file atlas is one web page for a phone without internet: map, years and groups to choose, "
            "districts, and the list of incidents with sources."
        )
    )
    if len(view.positions) > one_file.MOST_INCIDENTS:
        st.info(_("At most {n} incidents fit. Choose a shorter period, or districts.", n=one_file.MOST_INCIDENTS))
        return
    st.download_button(
        _("Download the one-file atlas (HTML)"),
        tables.in_words_of_now(lambda: one_file.page(view).encode()),
        f"kp-atlas-{settings_hash}.html",
        "text/html",
        key="export_page",
        on_click="ignore",
    )


def cite(cited: Citation, text: str = "") -> None:
    """Draw a citation in its forms, ready to be copied. text: as which it is read, if not as the citation says it."""
    for tab, form in zip(st.tabs([_(form.label) for form in FORMS]), FORMS, strict=True):
        said = form.made_of(cited) if form.syntax or not text else text
        tab.code(said, language=form.syntax, wrap_lines=True)


def _citation_of_picture(drawn: FigureView, address_of_view: str) -> Citation:
    """Return how to cite a picture whose incidents are not those of the filter: its title, and its own sources."""
    sheet, settings = sheet_of(drawn), settings_hash(drawn.settings)
    return Citation(
        key=f"kp-atlas-{drawn.version.code}-{settings}",
        title=_("; ").join((sheet.title, *sheet.lines)),
        day=drawn.version.day,
        version=VERSION,
        data=data_text(dict(sheet.facts)[_("Shown")], drawn.version.code, settings),
        sources=credits_of(sheet),
        address=address_of_view,
    )


def _exported(view: View, page: str) -> ExportedView:
    version, shown = cached.data_version(), cached.content()
    options = {key: value for key, value in address.options().items() if value in _CHOICES.get(key, {value: ""})}
    settings = ViewSettings(view.filters, page, options, language=wording.language())
    read_summaries = partial(cached.summaries.at, shown)
    return exported_view(view, settings, cached.store(), version, shown.newest, read_summaries)

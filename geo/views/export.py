"""The panel "Use this" of a page: files of what it shows, and how to cite it. Files are made when they are asked for."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from geo import wording
from geo.analysis.counting.classes import NORMALISERS
from geo.analysis.counting.questions import MEASURES
from geo.export import files
from geo.export.citation import Citation, citation_of
from geo.export.columns import DISTRICTS, INCIDENTS
from geo.export.files import FORMATS
from geo.export.notes import Notes, notes_of
from geo.export.rows import table_of
from geo.export.view import ExportedView
from geo.export.view_settings import ViewSettings
from geo.text import markdown_text
from geo.views import address, cached
from geo.views.exported import exported_view
from geo.views.map import page_theme
from geo.views.state import View
from geo.wording import N_, _, format_list, words

TABLES: dict[str, str] = {INCIDENTS: N_("Incidents, one row each"), DISTRICTS: N_("Districts with their figures")}
_TABLE, _FORMAT = "export_table", "export_format"
_CHOICES = {"measure": MEASURES, "per": NORMALISERS}


def panel(view: View, page: str, table: str = INCIDENTS) -> None:
    """Draw the panel of a page. page: its address; table: what it offers first, INCIDENTS or DISTRICTS."""
    exported = _exported(view, page)
    with st.expander(_("Use this: download and cite")):
        _draw(exported, table)


@st.fragment
def _draw(view: ExportedView, first: str) -> None:
    """Draw the contents; a choice in them draws nothing else of the page again."""
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown(_("**Download**"))
        table = _choice(_("What"), words(TABLES), _TABLE, first)
        kind = _choice(_("File"), {key: one.label for key, one in FORMATS.items()}, _FORMAT, next(iter(FORMATS)))
        notes = notes_of(view, table)
        _download(view, table, kind, notes)
    with right:
        st.markdown(_("**Cite**"))
        _cite(citation_of(notes))


def _choice(label: str, choices: dict[str, str], key: str, first: str) -> str:
    st.session_state.setdefault(key, first)
    chosen: str | None = st.segmented_control(label, list(choices), format_func=choices.__getitem__, key=key)
    return chosen or first


def _download(view: ExportedView, table: str, kind: str, notes: Notes) -> None:
    left_out = _("Left out: {reasons}.", reasons=format_list(notes.left_out)) if notes.left_out else ""
    st.caption(markdown_text(f"{notes.shown}. {left_out}"))
    chosen, n_rows = FORMATS[kind], table_of(view, table).n_rows
    if chosen.most_rows is not None and n_rows > chosen.most_rows:
        st.info(f"{chosen.too_many(n_rows)} {files.OTHER_FORMAT}")
        return
    st.download_button(
        _("Download {file}", file=chosen.label),
        _in_words_of_now(lambda: files.content(view, table, kind)),
        f"kp-atlas-{table}-{notes.settings_hash}{chosen.suffix}",
        chosen.mime,
        key="export_file",
        on_click="ignore",
    )


def _in_words_of_now(make: Callable[[], bytes]) -> Callable[[], bytes]:
    """Return a function for a download button, which calls it outside the run of the visitor."""
    code = wording.language()

    def content() -> bytes:
        with wording.in_language(code):
            return make()

    return content


def _cite(cited: Citation) -> None:
    forms = {
        _("Text"): (cited.text(), None),
        "BibTeX": (cited.bibtex(), "latex"),
        "CSL-JSON": (cited.csl_json(), "json"),
    }
    for tab, (said, language) in zip(st.tabs(list(forms)), forms.values(), strict=True):
        tab.code(said, language=language, wrap_lines=True)
    if cited.address:
        st.caption(_("Link to this view; it says so if the data have changed since:"))
        st.code(cited.address, language=None, wrap_lines=True)


def _exported(view: View, page: str) -> ExportedView:
    version, shown = cached.data_version(), cached.content()
    options = {key: value for key, value in address.options().items() if value in _CHOICES.get(key, {value: ""})}
    settings = ViewSettings(view.filters, page, options, theme=page_theme(), language=wording.language())
    link = address.permanent(version.code)
    return exported_view(view, settings, cached.store(), version, shown.newest, cached.summaries, link)

"""The part of the panel "Use this" that offers what a page shows as a picture. A file is made when it is asked for."""

from __future__ import annotations

import streamlit as st

from geo import wording
from geo.export.view import ExportedView
from geo.export.view_settings import settings_hash
from geo.figure.figure import MIME
from geo.figure.figure import draw as draw_figure
from geo.figure.typesetting import Kind
from geo.views.sheets.choose import figures_of, sheet_of
from geo.views.sheets.shown import FigureView
from geo.wording import N_, _, words

KINDS: dict[Kind, str] = {
    "png": N_("PNG, for a page"),
    "png2": N_("PNG, twice as large"),
    "png3": N_("PNG, for print"),
    "svg": N_("SVG"),
    "pdf": N_("PDF that carries its data"),
}
_NAME, _KIND = "figure_name", "figure_kind"


def draw(view: ExportedView) -> None:
    """Draw the choice of picture and file of a page, and the button that makes it; nothing for a page without any."""
    page, offered = view.settings.page, words(figures_of(view.settings.page))
    if not offered:
        return
    st.markdown(_("**Picture**"))
    name = _choice(_("Which"), offered, f"{_NAME}_{page}") if len(offered) > 1 else next(iter(offered))
    kinds = {kind: _(label) for kind, label in KINDS.items()}
    kind: Kind = st.selectbox(_("As"), list(kinds), format_func=kinds.__getitem__, key=_KIND)
    drawn, code = FigureView.of(view, name), wording.language()

    def content() -> bytes:
        with wording.in_language(code):
            return draw_figure(sheet_of(drawn), kind)

    ending = kind if kind in ("svg", "pdf") else "png"
    st.download_button(
        _("Download the picture"),
        content,
        f"kp-atlas-{page}-{name}-{settings_hash(drawn.settings)}.{ending}",
        MIME[kind],
        key="figure_file",
        on_click="ignore",
    )
    st.caption(
        _("With title, legend, filters, sources, licences and versions. The PDF can prove that it is unchanged.")
    )


def _choice(label: str, choices: dict[str, str], key: str) -> str:
    first = next(iter(choices))
    st.session_state.setdefault(key, first)
    chosen: str | None = st.segmented_control(label, list(choices), format_func=choices.__getitem__, key=key)
    return chosen or first

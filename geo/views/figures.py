"""The part of the panel "Use this" that offers pictures and a brief. A file is made when it is asked for."""

from __future__ import annotations

from functools import partial

import streamlit as st

from geo.analysis.evidence import lines
from geo.analysis.evidence.lines import Evidence
from geo.analysis.index.access import AccessIndex, AccessSeries
from geo.analysis.index.backtest import Backtest
from geo.analysis.index.hotspots import Hotspots
from geo.analysis.index.monthly_counts import Window
from geo.analysis.index.quarterly import QuarterlyResult
from geo.analysis.index.request import AccessRequest
from geo.analysis.index.settings import AccessSettings
from geo.export.view import ExportedView
from geo.export.view_settings import settings_hash
from geo.figure import brief as brief_file
from geo.figure import figure
from geo.figure.typesetting import Kind
from geo.filters import Filters
from geo.views import cached, cached_index, pills, tables
from geo.views.sheets.choose import brief_of, figures_of, sheet_of, why_not
from geo.views.sheets.shown import FigureView, Lookups
from geo.wording import N_, _, words

KINDS: dict[Kind, str] = {
    "png": N_("PNG"),
    "png2": N_("PNG ×2"),
    "png3": N_("PNG ×3"),
    "svg": N_("SVG"),
    "pdf": N_("PDF"),
}
_NAME, _KIND, _BRIEF = "figure_name", "figure_kind", "figure_brief"
# Sections of the page on no-go areas whose picture has another name: it is offered first there.
_OF_SECTION: dict[str, str] = {"district": "months"}
_WITH_BRIEF = ("overview", "district", "districts", "compare")


def draw(view: ExportedView) -> FigureView | None:
    """Draw the choice of picture and file of a page, and its brief; return what the chosen picture is of, if any."""
    page = view.settings.page
    offered = words(figures_of(page, view.settings.options))
    chosen = None
    if offered:
        st.markdown(_("**Picture**"))
        chosen = _picture(view, offered)
    is_places = page == "compare" and "places" in offered
    if page in _WITH_BRIEF and not is_places and not (page == "compare" and why_not(_view(view))):
        _brief(view)
    return chosen


def _picture(view: ExportedView, offered: dict[str, str]) -> FigureView | None:
    page, options, name = view.settings.page, view.settings.options, next(iter(offered))
    if len(offered) > 1:
        section = options.get("view", "")
        first = _OF_SECTION.get(section, section)
        # Each set of pictures has a choice of its own, also those of periods and of places on Compare.
        key = f"{_NAME}_{page}_{section}_{options.get('of', '')}"
        name = pills.choose(_("Which"), offered, key, first if first in offered else name)
    kind: Kind = pills.choose(_("As"), {kind: _(label) for kind, label in KINDS.items()}, _KIND)  # type: ignore[assignment]
    drawn = _view(view, name)
    if problem := why_not(drawn):
        st.info(f"{problem.message} {problem.hint}")
        return None
    st.download_button(
        _("Download the picture"),
        tables.in_words_of_now(lambda: figure.draw(sheet_of(drawn), kind)),
        f"kp-atlas-{page}-{name}-{settings_hash(drawn.settings)}.{kind if kind in ('svg', 'pdf') else 'png'}",
        figure.MIME[kind],
        key="figure_file",
        on_click="ignore",
    )
    st.caption(
        _(
            "With title, legend, filters, sources, licences and versions. The PDF carries its data: the command "
            "`kp-atlas figure` tells whether it was changed."
        )
    )
    return drawn


def _brief(view: ExportedView) -> None:
    """Offer the brief on the one chosen district, else on the province: made by one button, had by another."""
    chosen = view.filters.districts
    is_comparison = view.settings.page == "compare"
    pcode = chosen[0] if len(chosen) == 1 and not is_comparison else ""
    place = _("the two periods") if is_comparison else view.districts.names[pcode] if pcode else _("Khyber Pakhtunkhwa")
    drawn = _view(view)
    key = f"{settings_hash(drawn.settings)}-{pcode}"
    st.markdown(_("**Brief of two pages: {place}**", place=place))
    place_of_button = st.empty()
    if st.session_state.get(_BRIEF, ("",))[0] != key:
        if not place_of_button.button(_("Make the brief"), key="figure_make_brief"):
            return
        st.session_state[_BRIEF] = key, _made_brief(drawn, pcode)
    place_of_button.download_button(
        _("Download the brief"),
        st.session_state[_BRIEF][1],
        f"kp-atlas-brief-{pcode or view.settings.page}-{settings_hash(drawn.settings)}.pdf",
        figure.MIME["pdf"],
        key="figure_brief_file",
        on_click="ignore",
    )


def _made_brief(drawn: FigureView, pcode: str) -> bytes:
    line = st.progress(0.1, _("Putting the evidence together"))
    made = brief_of(drawn, pcode)
    line.progress(0.6, _("Drawing the pages"))
    pdf = brief_file.draw(made)
    line.empty()
    return pdf


def _view(view: ExportedView, name: str = "") -> FigureView:
    return FigureView.of(view, lookups(view.filters), name)


def lookups(filters: Filters) -> Lookups:
    """Return how the index and the evidence of a figure are had from the caches of the app, for the present visitor.

    A picture is made when its run, and with it the visitor, is over: what they may see is settled here.
    """
    return _lookups(cached.content(), filters)


def _lookups(shown: cached.Content, filters: Filters) -> Lookups:
    applied = filters.for_index()

    def index(request: AccessRequest) -> AccessIndex:
        return cached_index.access_index.at(shown, applied, request)

    def evidence(source: str | None, window: Window) -> Evidence:
        if source is not None:
            return cached_index.evidence.at(shown, source, window)
        return lines.evidence(
            cached_index.recorded_attacks.at(shown), cached.districts(), window.first_day, window.last_day
        )

    def backtest(source: str, chosen: AccessSettings, years: tuple[int, ...]) -> Backtest:
        return cached_index.backtest.at(shown, applied, source, chosen, years)

    def quarterly(source: str, chosen: AccessSettings) -> QuarterlyResult | None:
        return cached_index.quarterly.at(shown, applied, source, chosen)

    def hotspots(request: AccessRequest) -> Hotspots:
        return cached_index.hotspots.at(shown, applied, request)

    def series(request: AccessRequest, n_months: int) -> AccessSeries:
        return cached_index.access_series.at(shown, applied, request, n_months)

    def unfiltered() -> Lookups:
        return _lookups(shown, Filters())

    of_source, recounts = (
        partial(cached_index.incidents_of_source.at, shown),
        partial(cached_index.recounts, shown=shown),
    )
    return Lookups(of_source, index, evidence, backtest, quarterly, hotspots, recounts, series, unfiltered)

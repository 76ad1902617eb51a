"""The map of a page alone, for a frame in another web page: title, legend, period, sources, a link to the page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import streamlit as st

from geo.analysis.counting.classes import NORMALISERS
from geo.analysis.counting.questions import MEASURES, shown
from geo.analysis.index.profiles import CannotCompute
from geo.export.filter_words import filters_in_words
from geo.export.notes import BOUNDARY_LICENCE
from geo.intake import dataset_labels
from geo.schema import SOURCES
from geo.text import markdown_sentence
from geo.views import (
    address,
    cached,
    cached_index,
    document,
    filters,
    incident_points,
    messages,
    overview,
    page_style,
    state,
    whole_address,
)
from geo.views.coloured_points import COLOURED_BY
from geo.views.map import draw_map, page_theme
from geo.views.sheets.shown import shown_sources
from geo.views.state import View
from geo.wording import _, format_list

# A name and a licence, the same in every language.
_OUTLINES = f"OCHA COD-AB ({BOUNDARY_LICENCE})"
# What a map is drawn of, its title, and what it says below the title.
Drawn = tuple[dict[str, Any], str, list[str]]


def draw(page: str) -> None:
    """Draw the map of a page, by its address."""
    page_style.draw_frame()
    document.draw()
    filters.without_controls(cached.districts())
    view = state.current()
    with st.container(key="embed"):
        make = MAPS.get(page or "overview")
        if make is None:
            st.info(_("This page has no map that can stand in a frame. {link}", link=_link()))
            return
        try:
            layers, title, lines = make(view)
        except CannotCompute as refusal:
            messages.atlas_error(refusal)
            return
        st.title(title, anchor=False)
        st.markdown(markdown_sentence(_(". ").join(lines)))
        for said in filter(None, (messages.ignored_text(), messages.other_version_text())):
            st.caption(said)
        with st.container(key="embed_map"):
            draw_map(**layers, key=f"embed_{page}", height=300, position=address.position())
        st.caption(_foot(view))


def _overview(view: View) -> Drawn:
    measure, per = _option("measure", MEASURES), _option("per", NORMALISERS)
    result = overview.measure_by_district(view, measure, per)
    title = _("{measure} by district, Khyber Pakhtunkhwa", measure=result.label)
    return {"choropleth": overview.choropleth(view, result)}, title, [*_shown(view), *_outlined(view)]


def _outlined(view: View) -> list[str]:
    """Return what a choice of districts does on a map that colours all of them."""
    if not view.filters.districts:
        return []
    return [_("The number is that of the choice, which is outlined; the map colours every district")]


def _points(view: View) -> Drawn:
    mode, coloured_by = _option("mode", incident_points.MODES), _option("colour", COLOURED_BY)
    layer = incident_points.points_view(view, mode, coloured_by, cached.ready_summaries(view.table))  # type: ignore[arg-type]
    # The page of an incident is no map: a frame has no room for it.
    texts, table_texts = (some.without_pages if some is not None else None for some in (layer.texts, layer.table_texts))
    layer = replace(layer, texts=texts, table_texts=table_texts)
    return {"points": layer}, _("Where incidents are recorded"), _shown(view)


def _no_go(view: View) -> Drawn:
    # Every page loads this module; only the frame of this map needs these, which take half a second.
    from geo.views.access import evidence_map
    from geo.views.access.words import caution, window_text
    from geo.views.sheets import no_go

    kind = _option("line", no_go.TITLES)
    request = no_go.request_of(view.table, view.filters, address.options(), cached_index.incidents_of_source)
    index = cached_index.access_index(view.filters, request)
    found = cached_index.evidence(request.source, request.window)
    divisions, chosen = view.districts.divisions, view.filters.districts
    layer = evidence_map.choropleth(kind, found, index, divisions, chosen, page_theme())
    return {"choropleth": layer}, _(no_go.TITLES[kind]), [window_text(request.window), caution(index)]


MAPS: dict[str, Callable[[View], Drawn]] = {"overview": _overview, "points": _points, "no_go": _no_go}


def _option(key: str, known: dict[str, str]) -> str:
    """Return an option of the address, or its default for what the page does not know, which is then named."""
    asked = address.text(key)
    address.check(key, asked in known)
    return asked if asked in known else next(iter(known))


def _shown(view: View) -> list[str]:
    n = shown(view.table, view.filters)
    count = _("{n} of {total} incidents", n=n.n_shown, total=n.n_total)
    datasets = dataset_labels(cached.store(), view.table)
    return [view.period_label, count, *filters_in_words(view.filters, view.districts.names, datasets)]


def _foot(view: View) -> str:
    """Return, as Markdown, the sources with their licences, what the data are, and the way to the page."""
    known = [SOURCES[key] for key in shown_sources(view) if key in SOURCES]
    named = [_("{source} ({licence})", source=_(source.label), licence=_(source.licence)) for source in known]
    sources = _("Sources: {sources}", sources=format_list([*named, _OUTLINES]))
    return f"{markdown_sentence(sources)}{_('.')} {_('Recorded incidents: a sample, not a census.')} {_link()}"


def _link() -> str:
    """Return the link to the whole page; a link of another page opens in a tab of its own."""
    whole = whole_address.permanent(cached.data_version().code, address.position())
    return f"[{_('Open the whole page')}]({whole})" if whole else ""

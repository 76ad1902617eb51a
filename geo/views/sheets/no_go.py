"""Sheets of the page on no-go areas: each line of evidence by district, the index by year, and hot spots."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from geo.analysis.index import request as access_request
from geo.analysis.index.access import AccessIndex
from geo.analysis.index.backtest import covered_years
from geo.analysis.index.hotspots import LABELS, Hotspots
from geo.analysis.index.monthly_counts import Window
from geo.analysis.index.request import AccessRequest
from geo.analysis.index.settings import QUERY_KEYS, from_query
from geo.export.filter_words import filters_in_words
from geo.figure.sheet import Key, Mark, Sheet
from geo.filters import Filters
from geo.incidents import IncidentTable, select
from geo.problems import ProblemCode, rejected
from geo.views.access import evidence_map, hot_spots
from geo.views.access import years as small_maps
from geo.views.access.words import SHORT_CLASSES, caution, window_text
from geo.views.layers import ChoroplethView, DistrictValue, Legend, LegendEntry
from geo.views.palettes import text_on
from geo.views.sheets import maps
from geo.views.sheets.shown import FigureView, sheet
from geo.views.state import View
from geo.wording import N_, _, text, words

_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])\Z")
TITLES: dict[str, str] = {
    "together": N_("All sources on attacks put together, by district"),
    "reported": N_("What was reported about access, by district"),
    "published": N_("Published totals of attacks, by district"),
    "recorded": N_("Index of recorded attacks, by district"),
}


def evidence(drawn: FigureView) -> Sheet:
    """Return the map of a line of evidence (option "line"). Raises CannotCompute if no source can serve."""
    options = drawn.settings.options
    kind = options.get("line", next(iter(evidence_map.MAPS)))
    if kind not in TITLES:
        message = text("There is no such line of evidence; there are: {lines}.", lines=", ".join(TITLES))
        raise rejected(ProblemCode.SETTING, message, value=kind)
    request = request_of(drawn.view.table, drawn.settings.filters, options, drawn.lookups.of_source)
    index = drawn.lookups.index(request)
    found = drawn.lookups.evidence(request.source, request.window)
    divisions, chosen = drawn.view.districts.divisions, drawn.settings.filters.districts
    layer = evidence_map.choropleth(kind, found, index, divisions, chosen, "light")
    values = {
        one.pcode: ("", *(said for _label, said in evidence_map.hover_lines(one, kind))) for one in found.districts
    }
    return maps.choropleth(
        replace(drawn, view=_in_window(drawn.view, request.window)),
        layer,
        title=_(TITLES[kind]),
        values=values,
        more_columns=("reported", "published", "recorded", "together"),
        lines=(window_text(request.window), caution(index)),
    )


def years(drawn: FigureView) -> Sheet:
    """Return one small map of the index for each calendar year. Raises CannotCompute if no source can serve."""
    options, districts = drawn.settings.options, drawn.view.districts
    request = request_of(drawn.view.table, drawn.settings.filters, options, drawn.lookups.of_source)
    covered = covered_years(drawn.lookups.of_source(request.source), (request.source,))[-small_maps.MOST_YEARS :]
    indexes = {year: drawn.lookups.index(access_request.of_year(request, year)) for year in covered}
    if not indexes:
        raise rejected(ProblemCode.SETTING, text("The source covers no calendar year as a whole."))
    colours, letters = small_maps.colours("light"), small_maps.marks()
    codes, keys = list(colours), _keys_of_years(colours)
    rows = tuple(
        (
            *(str(year), record.pcode, districts.names[record.pcode], str(codes.index(small_maps.year_code(record)))),
            *(_(SHORT_CLASSES[record.class_code]), letters.get(record.class_code, "")),
            "" if record.points is None else str(record.points),
        )
        for year, index in indexes.items()
        for record in index.records
    )
    title = _("Index of recorded attacks by year, {first:d} to {last:d}", first=covered[0], last=covered[-1])
    said = _(". ").join(f"{year}: {small_maps.year_text(index)}" for year, index in indexes.items())
    window = Window.between(Window.of_year(covered[0]).first_day, Window.of_year(covered[-1]).last_day)
    return sheet(
        of_index(drawn, request.source, window),
        "years",
        title=title,
        lines=(caution(indexes[covered[-1]]), *narrowing_words(drawn)),
        legend_title=_("Class of the year"),
        keys=keys,
        rows=rows,
        notes=(_(small_maps.ALONE), plain_key_text()),
        alt=_("Small maps. {title}. {values}.", title=title, values=said),
    )


def _keys_of_years(colours: Mapping[str, str]) -> tuple[Key, ...]:
    marks: dict[str, Mark] = {"insufficient": "hatched"}
    labels = words(small_maps.YEAR_CLASSES)
    return tuple(Key(labels[code], marks.get(code, "area"), ink, text_on(ink)) for code, ink in colours.items())


def hotspots(drawn: FigureView) -> Sheet:
    """Return the map of the findings of the hot-spot tests.

    Raises RejectedUpload with the reason if nothing was tested, CannotCompute if no source can serve.
    """
    request, index, found = tested(drawn)
    colours, codes, letters = hot_spots.colours("light"), list(LABELS), words(hot_spots.LETTERS)
    entries = tuple(
        LegendEntry(hot_spots.label_text(code), colours[code], is_hatched=code == "no_data") for code in codes
    )
    notes = (*(f"{_(LABELS[code])}: {_(said)}" for code, said in hot_spots.MEANINGS.items()), caution(index))
    records = list(zip(index.records, found.labels, strict=True))
    layer = ChoroplethView(
        Legend(_("Finding"), entries, notes),
        tuple(DistrictValue(record.pcode, codes.index(code)) for record, code in records),
        badges=tuple((record.pcode, letters[code]) for record, code in records if code in letters),
    )
    numbers = zip(index.arrays.values.S, found.pr_exceeds, found.z, found.p_adjusted, strict=True)
    values = {
        record.pcode: tuple("" if np.isnan(number) else f"{number:.6g}" for number in row)
        for record, row in zip(index.records, numbers, strict=True)
    }
    return maps.choropleth(
        of_index(drawn, request.source, request.window),
        layer,
        title=_("Hot spots of recorded attacks, by district"),
        values=values,
        more_columns=("pr_exceeds", "gi_star_z", "p_adjusted"),
        lines=(window_text(request.window), hot_spots.test_text(index, found), *narrowing_words(drawn)),
    )


def tested(drawn: FigureView) -> tuple[AccessRequest, AccessIndex, Hotspots]:
    """Return what was tested for hot spots, and what was found; raises as `hotspots`."""
    request = request_of(drawn.view.table, drawn.settings.filters, drawn.settings.options, drawn.lookups.of_source)
    found = drawn.lookups.hotspots(request)
    if found.refusal:
        raise rejected(ProblemCode.SETTING, found.refusal)
    return request, drawn.lookups.index(request), found


def of_index(drawn: FigureView, source: str, window: Window | None = None) -> FigureView:
    """Return the view of what an index counts: records of its source, in a window of months or in all of them."""
    view = View.of(drawn.lookups.of_source(source), drawn.view.districts, drawn.view.filters.for_index())
    return replace(drawn, view=_in_window(view, window) if window else view)


def narrowing_words(drawn: FigureView) -> tuple[str, ...]:
    """Return, in one line, the filters that narrow what an index counts; () for none."""
    applied = drawn.view.filters.for_index()
    # The picture of the sources comes first and does not apply: an index rests on one source.
    said = filters_in_words(applied, drawn.view.districts.names, drawn.datasets)[1:]
    return (_("; ").join(said),) if said else ()


def plain_key_text() -> str:
    """Return the key of the letters, without marks of emphasis."""
    return small_maps.key_text().replace("**", "")


def _in_window(view: View, window: Window) -> View:
    """Return the view of the months of a window: what is shown there, whatever the period of the filter."""
    filters = replace(view.filters, start=window.first_day, end=window.last_day, districts=())
    return View.of(view.table, view.districts, filters)


def request_of(
    table: IncidentTable, filters: Filters, options: Mapping[str, str], of_source: Callable[[str], IncidentTable]
) -> AccessRequest:
    """Return the question that the options of the page ask; what they leave open is as on the page.

    Raises CannotCompute if no source can serve, RejectedUpload for a window that is no month.
    """
    mask = select(table, filters.for_index())
    sources = access_request.indexable_sources(table, mask)
    if not sources:
        raise access_request.nothing_to_use(table, mask)
    source = options["source"] if options.get("source") in sources else sources[0]
    chosen, _ignored = from_query(
        {key: options.get(key, "") for key in QUERY_KEYS}, access_request.frozen_settings(source)
    )
    length = chosen.window_months
    if "window" not in options:
        return AccessRequest(source, chosen, access_request.default_window(of_source(source), source, length))
    last = _MONTH.match(options["window"])
    if not last:
        raise rejected(
            ProblemCode.SETTING, text("A window ends with a month such as 2025-12."), value=options["window"]
        )
    return AccessRequest(source, chosen, Window(int(last[1]) * 12 + int(last[2]) - length, length))

"""Sheets of one district on the page on no-go areas: its months, its attacks by force, attacks on police by year."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np

from geo.analysis.evidence import police as recorded
from geo.analysis.index.monthly_counts import Window
from geo.analysis.index.request import AccessRequest
from geo.analysis.index.scores import CLASSES
from geo.figure.sheet import Key, Sheet
from geo.filters import Filters
from geo.problems import ProblemCode, rejected
from geo.views import address, palettes
from geo.views.access import district, plots, ranking
from geo.views.access import police as police_page
from geo.views.access.index_map import class_colours
from geo.views.access.page import SERIES_MONTHS
from geo.views.access.words import CLASS_WORDS, SHORT_CLASSES, caution, window_text
from geo.views.district import background
from geo.views.palettes import text_on
from geo.views.sheets.no_go import narrowing_words, of_index, request_of
from geo.views.sheets.shown import FigureView, sheet
from geo.views.state import View
from geo.wording import _, _n, text

_BAR = palettes.sequential(7)[4]
_REGISTER = "register"


def months(drawn: FigureView) -> Sheet:
    """Return points and both classes of a district by month. Raises CannotCompute if no source can serve."""
    drawn, request = asked(drawn)
    index, series = drawn.lookups.index(request), drawn.lookups.series(request, SERIES_MONTHS)
    pcode = _district(drawn, request)
    place, before = drawn.view.districts.pcodes.index(pcode), request.window.months - 1
    frame, colours = plots.series_frame(series, place), class_colours("light")
    counted = Counter(int(code) for code in series.steady[:, place])
    keys = tuple(
        Key(_(SHORT_CLASSES[word]), "area", colours[word], text_on(colours[word]), str(counted[code]))
        for code, (word, _label) in CLASSES.items()
    )
    lows = zip(CLASS_WORDS[1:], (0.0, *index.settings.cuts), strict=True)
    limits = [
        ("limit", "", str(CLASS_WORDS.index(word)), _(SHORT_CLASSES[word]), f"{low:.10g}", "") for word, low in lows
    ]
    position = {code: str(n) for n, code in enumerate(CLASSES)}
    rows = [
        (kind, label, position[int(code)], name, "" if np.isnan(points) else f"{points:.6g}", str(int(attacks)))
        for kind, codes in (("smoothed", series.steady), ("alone", series.raw))
        for label, code, name, points, attacks in zip(
            frame["label"],
            codes[:, place],
            frame["steady" if kind == "smoothed" else "raw"],
            frame["points"],
            frame["attacks"],
            strict=True,
        )
    ]
    title = _("{district}: points and class by month", district=drawn.view.districts.names[pcode])
    said = _("; ").join(f"{row[1]}: {row[4]} ({row[3]})" for row in rows if row[0] == "smoothed")
    return sheet(
        _here(drawn, request, pcode, Window(series.months.first_month - before, series.months.months + before)),
        "steps",
        title=title,
        lines=(window_text(series.months), caution(index), *narrowing_words(drawn)),
        legend_title=_("Smoothed class, and its number of months"),
        keys=keys,
        rows=(*limits, *rows),
        notes=(district.months_text(index),),
        more_columns=("attacks",),
        axis=_("Points"),
        alt=_("Chart of steps. {title}. {values}.", title=title, values=said),
    )


def forces(drawn: FigureView) -> Sheet:
    """Return the attacks on forces of a district by the force that was the target.

    Raises RejectedUpload where there is none, CannotCompute if no source can serve.
    """
    drawn, request = asked(drawn)
    index = drawn.lookups.index(request)
    record = district.record_of(index, _district(drawn, request))
    frame = district.forces_frame(record)
    if problem := district.why_no_forces(record):
        raise rejected(ProblemCode.SETTING, problem)
    name, label = drawn.view.districts.names[record.pcode], _("Recorded attacks")
    title = _("{district}: attacks by force, {window}", district=name, window=window_text(request.window))
    rows = tuple((force, "0", label, f"{n:.10g}") for force, n in frame.itertuples(index=False))
    return sheet(
        _here(drawn, request, record.pcode, request.window),
        "ranking",
        title=title,
        lines=(caution(index), *narrowing_words(drawn)),
        keys=(Key(label, "area", _BAR),),
        rows=rows,
        axis=label,
        alt=_("Bar chart. {title}. {values}.", title=title, values=_("; ").join(f"{row[0]}: {row[3]}" for row in rows)),
    )


def police(drawn: FigureView) -> Sheet:
    """Return the attacks on police that the register records by year; raises RejectedUpload where there is none."""
    chosen, districts = drawn.settings.filters.districts[:1], drawn.view.districts
    view = View.of(drawn.lookups.of_source(_REGISTER), districts, Filters(districts=chosen))
    found = recorded.recorded_by_year(view.table, chosen[0] if chosen else None)
    if found.empty:
        raise rejected(ProblemCode.SETTING, text("The register records no attack on police here."))
    frame = police_page.bars_frame(found, view.covered)
    place = districts.names[chosen[0]] if chosen else _("Khyber Pakhtunkhwa")
    label = _(frame.columns[1])
    title = _("{place}: recorded attacks on police by year", place=place)
    rows = tuple((year, "0", label, *map(str, cells)) for year, *cells in frame.itertuples(index=False))
    n, unknown = (int(frame.iloc[:, column].sum()) for column in (1, 2))
    return sheet(
        replace(drawn, view=view),
        "time",
        title=title,
        lines=(_("{label}: {items}", label=_("Register"), items=view.period_label),),
        keys=(Key(label, "area", palettes.source_colours("light")[1]),),
        rows=rows,
        notes=police_page.notes_of_bars(view.covered),
        more_columns=("without_figure", "police_killed_at_least", "police_killed_elsewhere"),
        axis=label,
        alt=_("Bar chart. {title}. {values}.", title=title, values=_("; ").join(f"{row[0]}: {row[3]}" for row in rows)),
        shown=_n(
            "{n} attack on police, {unknown} without a figure of police killed.",
            "{n} attacks on police, {unknown} without a figure of police killed.",
            n,
            unknown=unknown,
        ),
    )


def asked(drawn: FigureView) -> tuple[FigureView, AccessRequest]:
    """Return the view and the question of the index: on the page of a district without filters, for its own months."""
    options, filters = drawn.settings.options, drawn.settings.filters
    if drawn.settings.page != address.DISTRICT_PAGE:
        return drawn, request_of(drawn.view.table, filters, options, drawn.lookups.of_source)
    request = background.request_of(drawn.view, drawn.lookups.of_source)
    whole = View.of(drawn.view.table, drawn.view.districts, Filters(districts=filters.districts))
    return replace(drawn, view=whole, lookups=drawn.lookups.unfiltered()), request


def _here(drawn: FigureView, request: AccessRequest, pcode: str, window: Window) -> FigureView:
    """Return the view of the records of a district in the months that are counted."""
    whole = of_index(drawn, request.source, window)
    filters = replace(whole.view.filters, districts=(pcode,))
    return replace(whole, view=View.of(whole.view.table, whole.view.districts, filters))


def _district(drawn: FigureView, request: AccessRequest) -> str:
    """Return the chosen district, else the one with the highest index, as the page does."""
    chosen = drawn.settings.filters.districts
    return chosen[0] if chosen else ranking.ranked(drawn.lookups.index(request))[0].pcode

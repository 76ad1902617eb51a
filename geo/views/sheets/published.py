"""Sheets of the page of published totals: totals beside recounts, and the districts that one publisher names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from itertools import groupby

import numpy as np

from geo.analysis.evidence.recount import METRICS, Recount
from geo.analysis.evidence.sentences import period_text
from geo.analysis.index import request as access_request
from geo.figure.sheet import Key, Sheet
from geo.filters import Filters
from geo.problems import ProblemCode, rejected
from geo.publishers import web_address
from geo.shown_names import shown_publisher
from geo.views import palettes
from geo.views import published as page
from geo.views.published import DRAWN, PLACES, Choice
from geo.views.sheets import maps
from geo.views.sheets.shown import FigureView, credit_of, sheet
from geo.views.state import View
from geo.wording import _, _n, format_list, text


def totals(drawn: FigureView) -> Sheet:
    """Return one row a window, a mark for each publisher and our own count.

    Raises RejectedUpload for a choice that shows no total, CannotCompute if no source can serve.
    """
    choice = _choice(drawn)
    frame, metric = page.dots_frame(choice), METRICS[choice.metric]
    title, credits = page.title_and_credits(choice)
    publishers = [name for name in dict.fromkeys(frame["who"]) if name != page.ours_text()]
    keys = [
        Key(name, "pin", colour)
        for name, colour in zip(publishers, palettes.categories(len(publishers), "light"), strict=True)
    ]
    keys.append(Key(page.ours_text(), "outline", palettes.GREYS["light"][2]))
    place = {key.label: str(n) for n, key in enumerate(keys)}
    rows = tuple((row, place[who], who, str(value)) for row, who, value in frame.itertuples(index=False))
    said = [
        _("{label}: {items}", label=name, items=format_list([f"{row[2]} {row[3]}" for row in same]))
        for name, same in groupby(rows, key=lambda row: row[0])
    ]
    n_counted = sum(one.ours is not None for one in choice.shown)
    return sheet(
        _of_source(drawn, choice.source, drawn.view.first, drawn.view.last),
        "dots",
        title=title,
        lines=(*_chosen_words(drawn), page.definition_text(choice)),
        keys=tuple(keys),
        rows=rows,
        notes=(_("Compare the marks of one row only: windows overlap, and publishers count different things."),),
        axis=_(metric.label),
        alt=_("Chart of marks. {title}. {values}.", title=title, values=_("; ").join(said)),
        shown=_n(
            "{n} published total with at least half of its window in the period, {counted} counted again.",
            "{n} published totals with at least half of their window in the period, {counted} counted again.",
            len(choice.shown),
            counted=n_counted,
        ),
        credits=(*credits[:-1], credit_of(choice.source)),
    )


def districts(drawn: FigureView) -> Sheet:
    """Return the map of the districts that the publisher of the chosen total names. Errors as in `totals`."""
    choice, chosen = _chosen(drawn)
    total, rows = chosen.total, page.rows_of(choice, chosen)
    kind = _one_of(drawn.settings.options, "draw", DRAWN)
    values = page.values_of(choice, rows, kind)
    view = _of_source(drawn, choice.source, total.first, total.last)
    layer = page.choropleth(drawn.view, rows, values, _(DRAWN[kind]), "light")
    name = shown_publisher(total.publisher)
    publisher = _("{label}: {value}", label=name, value=total.url) if web_address(total.url) else name
    figure = _(METRICS[total.metric].label)
    title = _("{figure} by district: {kind}", figure=figure, kind=_(DRAWN[kind]))
    return maps.choropleth(
        view,
        layer,
        title=title,
        values={pcode: ("" if value is None else str(value),) for pcode, value in values.items()},
        lines=(_("{publisher}, {window}", publisher=name, window=period_text(total.first, total.last)),
               *((page.definition_text(choice),) if kind == "recorded" else ())),
        shown=page.names_text(rows),
        credits=(publisher, *((credit_of(choice.source),) if kind == "recorded" else ())),
    )  # fmt: skip


def why_not(drawn: FigureView, name: str) -> None:
    """Raise an AtlasError with the reason if the figure of a name cannot be made."""
    _chosen(drawn) if name == "map" else _choice(drawn)


def _choice(drawn: FigureView) -> Choice:
    options, view = drawn.settings.options, drawn.view
    metric, where = _one_of(options, "metric", METRICS), _one_of(options, "where", PLACES)
    everything = np.ones(len(view.table), dtype=bool)
    sources = access_request.indexable_sources(view.table, everything)
    if not sources:
        raise access_request.nothing_to_use(view.table, everything)
    source = options["source"] if options.get("source") in sources else sources[0]
    choice = page.choice_of(view, drawn.lookups.recounts(source), metric, where, source)
    if not choice.shown:
        raise rejected(ProblemCode.SETTING, text("No published total of this kind lies in the chosen period."))
    return choice


def _chosen(drawn: FigureView) -> tuple[Choice, Recount]:
    choice = _choice(drawn)
    chosen = page.chosen_of(choice, drawn.settings.options.get("total", ""))
    if not page.rows_of(choice, chosen):
        message = text("The publisher of the chosen total names no districts for its window: there is no map.")
        raise rejected(ProblemCode.SETTING, message)
    return choice, chosen


def _one_of(options: Mapping[str, str], key: str, known: Mapping[str, object]) -> str:
    """Return an option of the page, the first of those known where it is absent; raises RejectedUpload for another."""
    found = options.get(key, next(iter(known)))
    if found not in known:
        message = text("This is not one of: {known}.", known=", ".join(known))
        raise rejected(ProblemCode.SETTING, message, value=found)
    return found


def _of_source(drawn: FigureView, source: str, first: date, last: date) -> FigureView:
    """Return the view of the records of the source of the recount in a window."""
    window = Filters(start=first, end=last)
    return replace(drawn, view=View.of(drawn.lookups.of_source(source), drawn.view.districts, window))


def _chosen_words(drawn: FigureView) -> tuple[str, ...]:
    """Return period, place and chosen districts, the part of the filter that applies."""
    where = _one_of(drawn.settings.options, "where", PLACES)
    names = [drawn.view.districts.names[pcode] for pcode in sorted(drawn.view.filters.districts)]
    place = _(PLACES[where])
    if names and where == "district":
        place = _("{label}: {items}", label=place, items=format_list(names))
    return drawn.view.period_label, place

"""Two places compared on the page: the answer in a sentence, both series on one axis, the ratio by year, the table."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import streamlit as st

from geo.analysis.counting import compare_places
from geo.analysis.counting.classes import NORMALISERS
from geo.analysis.counting.compare import TESTED_MEASURES, VERDICTS, Ratios
from geo.analysis.counting.compare_places import PlaceComparison
from geo.analysis.counting.questions import MEASURES
from geo.text import markdown_text
from geo.views import charts, messages, table_file, tables
from geo.views.compare import plots
from geo.views.compare.words import (
    clear_text,
    count_text,
    interval_text,
    pair_text,
    period_text,
    rate_text,
    ratio_text,
    unit_text,
)
from geo.views.map import page_theme
from geo.views.state import View
from geo.wording import N_, _, in_digits

# Bare numbers of places of different size are not offered.
UNITS: tuple[str, ...] = ("per_100k", "per_1000_km2")


def draw(view: View, measure: str, normaliser: str, place: str, reference: str, names: dict[str, str]) -> None:
    """Draw the comparison of two places, given by the codes of compare_places.places_of; names: their labels."""
    both = compare_places.places_of(view.districts, place, reference)
    if both is None:
        st.warning(_("The two places share a district. Choose places that do not overlap."))
        return
    if not view.mask.any():
        messages.nothing_shown()
        return
    found = compare_places.places(
        view.table, view.districts, view.filters, measure, *both, *view.covered, normaliser=normaliser
    )
    own, other = names[place], names[reference]
    unit = unit_text(measure, normaliser)
    for sentence in sentences(found, own, other, measure, _(NORMALISERS[normaliser]).lower()):
        st.markdown(sentence)
    st.caption(clear_text(is_tested=measure in TESTED_MEASURES))
    years = _years(view, found)
    written = [in_digits(year) for year in years]
    left, right = st.columns(2, gap="medium")
    with left:
        st.markdown(f"**{unit}**")
        chart = plots.series_chart(_series(found, written, own, other), unit, page_theme())
        charts.draw(chart, _("{place} and {reference} by year", place=own, reference=other))
    with right:
        _ratios(found, written, own, other)
    if charts.partial_years(*view.covered):
        st.caption(charts.cut_text(*view.covered))
    st.header(_("Table of the years"), anchor=False)
    frame = table(found, years, own, other)
    tables.show(frame, decimals={_("q value"): 3})
    title = _("{measure}: {place} and {reference}", measure=_(MEASURES[measure]), place=own, reference=other)
    said = (_("Rates: {unit}", unit=unit), clear_text(is_tested=measure in TESTED_MEASURES))
    table_file.offer(frame, "compare-places", title, view.period_label, sorted(view.sources), said)


def _years(view: View, found: PlaceComparison) -> list[str]:
    cut = charts.partial_years(*view.covered)
    return [charts.marked(year, cut) for year in found.years]


def sentences(found: PlaceComparison, own: str, other: str, measure: str, unit: str) -> list[str]:
    """Return the result of each span as a Markdown sentence; spans of different sources are never put together."""
    side = found.by_span
    return [
        _(
            "**{measure}, {period}.** {place}: {own_n}, a rate of {own_rate}. {reference}: {other_n}, a rate of "
            "{other_rate} ({unit}). {result}",
            measure=_(MEASURES[measure]),
            period=period_text(span),
            place=markdown_text(own),
            own_n=count_text(side, i, is_second=True),
            own_rate=rate_text(side, i, is_second=True),
            unit=unit,
            reference=markdown_text(other),
            other_n=count_text(side, i, is_second=False),
            other_rate=rate_text(side, i, is_second=False),
            result=result_text(side, i),
        )
        for i, span in enumerate(found.spans)
    ]


def result_text(side: Ratios, i: int) -> str:
    """Return ratio and verdict of pair i in a sentence; with nothing on one side the ratio has one limit only."""
    verdict = _(VERDICTS[side.verdict[i]])
    if 0 < side.ratio[i] < np.inf:
        return _(
            "The rate of the first is {ratio} that of the second: {verdict}.", ratio=pair_text(side, i), verdict=verdict
        )
    interval = interval_text(side, i)
    if interval:
        return _(
            "First / second, 95 % interval: {interval}. {verdict}.", interval=interval, verdict=verdict.capitalize()
        )
    return f"{verdict.capitalize()}{_('.')}"


def _series(found: PlaceComparison, years: Sequence[str], own: str, other: str) -> pd.DataFrame:
    side, last = found.by_year, found.spans[0].last.year
    spans = [int(year > last) for year in found.years]
    parts = [
        pd.DataFrame({"year": years, "place": name, "rate": rate, "count": count, "span": spans})
        for name, rate, count in ((own, side.second_rate, side.second), (other, side.first_rate, side.first))
    ]
    return pd.concat(parts, ignore_index=True).dropna(subset=["rate"])


def _ratios(found: PlaceComparison, years: Sequence[str], own: str, other: str) -> None:
    side = found.by_year
    st.markdown(_("**Ratio of the rates, by year**"))
    if rows := plots.rows_with_interval(side, is_ranked=False):
        heading = f"{own} / {other}"
        chart = plots.ratio_chart(years, side, rows, heading, page_theme())
        charts.draw(chart, _("Ratio and interval of each year; the table has the figures"))
    else:
        st.caption(_("No year has a ratio with an interval."))


def table(found: PlaceComparison, years: Sequence[str], own: str, other: str) -> pd.DataFrame:
    """Return one row a year."""
    side: Ratios = found.by_year
    rows = range(len(years))
    return pd.DataFrame(
        {
            N_("Year"): years,
            own: pd.array(side.counts(is_second=True), dtype=pd.Int64Dtype()),
            other: pd.array(side.counts(is_second=False), dtype=pd.Int64Dtype()),
            _("{place}, rate", place=own): side.second_rate.round(2),
            _("{place}, rate", place=other): side.first_rate.round(2),
            N_("Ratio"): [ratio_text(side, i) for i in rows],
            N_("95 % interval"): [interval_text(side, i) for i in rows],
            N_("q value"): side.q.round(4),
            N_("Result"): [_(VERDICTS[verdict]) for verdict in side.verdict],
        }
    )

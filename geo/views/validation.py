"""How well the index predicts the next year compared with simple baselines, and how it agrees with published lists."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from geo.analysis.evidence.sentences import period_text
from geo.analysis.index import backtest as bt
from geo.analysis.index.backtest import FORECASTS, MEASURES, METHODS, Backtest
from geo.analysis.index.request import ListComparison
from geo.analysis.index.settings import AccessSettings
from geo.analysis.index.validation import ListScore
from geo.incidents import IncidentTable
from geo.publishers import web_address
from geo.schema import SOURCES
from geo.shown_names import shown_publisher
from geo.text import markdown_sentence
from geo.views import address, table_file, tables
from geo.views.access.words import SAME_NEWS, SHORT_CLASSES, window_text
from geo.wording import N_, _, _n

FIRST_DEFAULT_YEAR = 2008
FEW_ORIGINS = 10
_SPAN = re.compile(r"([0-9]{4})-([0-9]{4})\Z")
_VERDICTS: dict[str, str] = {"better": N_("better"), "worse": N_("worse"), "no different": N_("no difference found")}


def years(table: IncidentTable, source: str) -> tuple[int, ...]:
    """Draw the choice of consecutive calendar years and return them: fewer than two if the source covers no more."""
    covered = bt.covered_years(table, (source,))
    if len(covered) < 3:
        return covered
    usual = usual_span(covered)
    key = address.widget_key("years")
    held = st.session_state.get(key)
    asked = f"{held[0]}-{held[1]}" if held else address.text("years")
    address.check("years", span_of(asked, covered) is not None)
    st.session_state[key] = span_of(asked, covered) or usual
    span: Any = st.slider(_("Years of the back-test"), min_value=covered[0], max_value=covered[-1], key=key)
    first, last = span
    address.keep("years", f"{first}-{last}", f"{usual[0]}-{usual[1]}")
    return tuple(range(first, last + 1))


def usual_span(covered: Sequence[int]) -> tuple[int, int]:
    """Return first and last year of the back-test where nothing else is asked; covered: three years or more."""
    return max(covered[0], min(FIRST_DEFAULT_YEAR, covered[-3])), covered[-1]


def span_of(text: str, covered: Sequence[int]) -> tuple[int, int] | None:
    """Return first and last year of a text such as 2008-2014, or None unless it names two different covered years."""
    found = _SPAN.match(text)
    if not found:
        return None
    span = (int(found[1]), int(found[2]))
    return span if span[0] in covered and span[1] in covered and span[0] < span[1] else None


def verdict(result: Backtest) -> list[str]:
    """Return the result in plain words, the unfavourable part first."""
    beaten = [result.beats("last_year", measure) for measure in ("spearman_count", "hit_share")]
    if "better" not in beaten:
        head = _("The index does NOT predict the next year better than last year's count.")
    elif beaten == ["better", "better"]:
        head = _("The index predicts the next year better than last year's count, on both measures below.")
    else:
        head = _("The index is NOT clearly better than last year's count: better on one of two measures only.")
    return [head, *map(str, bt.summary_lines(result))]


def reading_text(result: Backtest) -> str:
    """Return how the comparisons must be read."""
    n = len(result.origins)
    scored = _(
        "{n} years were scored ({first:d} to {last:d}), each compared with the year after: {district_years} "
        "district-years. Brackets show the 95 % t interval of the years. Goalposts and "
        "conditions of each year come from the years up to it. There are {n_compared} comparisons, not "
        "corrected for their number, so some of them may look better or worse by chance.",
        n=n,
        first=result.origins[0],
        last=result.origins[-1],
        district_years=result.n_district_years,
        n_compared=len(result.differences),
    )
    few = _("With only {n} years, the intervals are rough.", n=n) if n < FEW_ORIGINS else ""
    return " ".join(filter(None, (scored, few)))


def means_frame(result: Backtest) -> pd.DataFrame:
    """Return the mean of each measure over the years, one column for each way of ranking."""
    return pd.DataFrame(
        [
            {N_("Measure"): _(label)} | {METHODS[method]: values[name] for method, values in result.means.items()}
            for name, label in MEASURES.items()
        ]
    )


def differences_frame(result: Backtest) -> pd.DataFrame:
    """Return index minus baseline with its interval, and the verdict."""
    return pd.DataFrame(
        [
            {
                N_("Compared with"): _(METHODS[found.baseline]),
                N_("Measure"): _(MEASURES[found.measure]),
                N_("Difference"): found.mean,
                N_("From"): found.low,
                N_("To"): found.high,
                N_("The index is"): _(_VERDICTS[found.verdict]),
            }
            for found in result.differences
        ]
    )


def forecasts_frame(result: Backtest) -> pd.DataFrame:
    """Return Brier and log score of each forecast; lower is better."""
    return pd.DataFrame(
        [
            {N_("Forecast"): _(FORECASTS[name]), N_("Brier score"): brier, N_("Log score"): log}
            for name, (brier, log) in result.forecasts.items()
        ]
    )


def classes_frame(result: Backtest) -> pd.DataFrame:
    """Return what followed each class."""
    return pd.DataFrame(
        [
            {
                N_("Class of the year"): _(SHORT_CLASSES[found.class_code]),
                N_("District-years"): found.n,
                N_("Mean attacks, next year"): found.mean_next,
                N_("Share ≥ threshold"): found.share_reached,
            }
            for found in result.classes
        ]
    )


def lists_frame(compared: Sequence[ListComparison], together: Sequence[ListScore | None]) -> pd.DataFrame:
    """Return the agreement with each published list; empty cells where the source does not cover the months."""
    return pd.DataFrame(
        [
            {
                N_("Published"): found.published.day,
                N_("Publisher"): shown_publisher(found.published.publisher),
                N_("Districts named"): len(found.published.pcodes),
                N_("Months compared"): window_text(found.published.window_before),
                N_("Months covered"): found.months_covered,
                N_("AUC, index"): np.nan if found.index is None else found.index.auc,
                N_("AUC, number of attacks"): np.nan if found.count is None else found.count.auc,
                N_("AUC, put together"): np.nan if score is None else score.auc,
                N_("Overlap, index"): np.nan if found.index is None else found.index.overlap,
                N_("Overlap, number of attacks"): np.nan if found.count is None else found.count.overlap,
                N_("Overlap, put together"): np.nan if score is None else score.overlap,
                N_("Page"): web_address(found.published.url),
            }
            for found, score in zip(compared, together, strict=True)
        ]
    )


def draw(result: Backtest, source: str, settings: AccessSettings) -> None:
    """Draw the verdict and the tables of the back-test, or why there is none."""
    if not result.origins:
        st.info(_("No year has enough records before it to set the limits of the index from the past alone."))
        return
    head, *lines = verdict(result)
    offers = _(
        "What it offers instead is an explanation of each class, classes that do not change with filters or years, and "
        "a measure of how firm each class is."
    )
    st.markdown(f"**{markdown_sentence(head)}** {offers}")
    st.markdown("\n".join(f"- {markdown_sentence(line)}" for line in lines))
    st.caption(reading_text(result))
    limits = _("k = {k}, threshold = {threshold}", k=result.k, threshold=result.threshold)
    span = _("{first} to {last}", first=f"{result.origins[0]}", last=f"{result.origins[-1]}")
    tested = _("Back-test of {index}, {source}", index=_(settings.variant()), source=_(SOURCES[source].label))
    settings_line = _("Settings {code}; {limits}", code=settings.settings_hash(), limits=limits)
    about = About(span, source, (tested, reading_text(result), settings_line))
    title = _("Means over the years, k = {k}", k=result.k)
    st.header(title, anchor=False)
    draw_table(means_frame(result), "back-test-means", title, about)
    left, right = st.columns(2, gap="medium")
    with left:
        title = _("What followed each class")
        st.header(title, anchor=False)
        draw_table(classes_frame(result), "back-test-classes", title, about)
        st.caption(_n("Threshold: {n} attack.", "Threshold: {n} attacks.", result.threshold))
    with right:
        title = _("Forecasts of {n} or more attacks", n=result.threshold)
        st.header(title, anchor=False)
        draw_table(forecasts_frame(result), "back-test-forecasts", title, about)
        st.caption(_("Lower is better. Forecasts are made only to test past years, never for a future time or place."))
    title = _("Index compared with each baseline")
    st.header(title, anchor=False)
    draw_table(differences_frame(result), "back-test-differences", title, about)


def draw_lists(compared: Sequence[ListComparison], together: Sequence[ListScore | None], source: str) -> None:
    """Draw the agreement with published lists."""
    title = _("Published lists")
    st.header(title, anchor=False)
    st.markdown(
        _(
            "Each list is compared with the index of the twelve months before it. AUC is the probability that a "
            "district on the list has a higher value than one that is not: 0.5 is chance, 1 is perfect. Overlap is the "
            "share of the list found among the same number of top districts. Put together: all sources of these "
            "months, without tables that reach beyond the day of the list. The lists were used only for this "
            "comparison, never to tune anything."
        )
    )
    days = sorted(found.published.day for found in compared)
    span = str(period_text(days[0], days[-1])) if days else ""
    about = About(span, source, (_(SAME_NEWS),))
    draw_table(lists_frame(compared, together), "published-lists", title, about, links=("Page",))
    st.caption(_(SAME_NEWS))


@dataclass(frozen=True, slots=True)
class About:
    """What the file of a table says: its period in words, the source of the index, and how it must be read."""

    period: str
    source: str
    said: tuple[str, ...] = ()


def draw_table(frame: pd.DataFrame, stem: str, title: str, about: About, links: Sequence[str] = ()) -> None:
    """Draw a frame and offer it as a file with notes; links: columns of addresses."""
    _show(frame, links)
    sources = (about.source,)
    table_file.offer(frame.round(4), stem, title, about.period, sources, about.said, table_file.narrowing())


def _show(frame: pd.DataFrame, links: Sequence[str] = ()) -> None:
    """Draw a frame: translated heads, three decimals for measures, whole counts. links: columns of addresses."""
    measures = [name for name in frame.select_dtypes("number").columns if frame[name].dtype.kind == "f"]
    tables.show(frame, decimals={_(name): 3 for name in measures}, links=[_(name) for name in links])

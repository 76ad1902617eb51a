"""How well the index foresees the next year, beside what anyone can compute, and how it agrees with published lists."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from geo.analysis.index import backtest as bt
from geo.analysis.index.backtest import FORECASTS, MEASURES, METHODS, Backtest
from geo.analysis.index.request import ListComparison
from geo.analysis.index.settings import AccessSettings
from geo.incidents import IncidentTable
from geo.schema import SOURCES
from geo.text import markdown_text
from geo.views import address, tables
from geo.views.access.words import SHORT_CLASSES, window_text
from geo.views.incident_text import web_address

FIRST_DEFAULT_YEAR = 2008
FEW_ORIGINS = 10
_COMPARED = ("index", "bare count")
_SPAN = re.compile(r"([0-9]{4})-([0-9]{4})\Z")
_VERDICTS: dict[str, str] = {
    "better": "better",
    "worse": "worse",
    "no different": "no difference found",
}


def years(table: IncidentTable, source: str) -> tuple[int, ...]:
    """Draw the choice of consecutive calendar years and return them: fewer than two if the source covers no more."""
    covered = bt.covered_years(table, (source,))
    if len(covered) < 3:
        return covered
    usual = (max(covered[0], min(FIRST_DEFAULT_YEAR, covered[-3])), covered[-1])
    key = address.widget_key("years")
    held = st.session_state.get(key)
    asked = f"{held[0]}-{held[1]}" if held else address.text("years")
    st.session_state[key] = span_of(asked, covered) or usual
    span: Any = st.slider("Years of the back-test", min_value=covered[0], max_value=covered[-1], key=key)
    first, last = span
    address.keep("years", f"{first}-{last}", f"{usual[0]}-{usual[1]}")
    return tuple(range(first, last + 1))


def span_of(text: str, covered: Sequence[int]) -> tuple[int, int] | None:
    """Return first and last year of a text such as 2008-2014, or None unless it names two different covered years."""
    found = _SPAN.match(text)
    if not found:
        return None
    span = (int(found[1]), int(found[2]))
    return span if span[0] in covered and span[1] in covered and span[0] < span[1] else None


def verdict(result: Backtest) -> list[str]:
    """Return the result in plain words, the unfavourable part first."""
    beaten = [
        result.beats("last_year", "spearman_count"),
        result.beats("last_year", "hit_share"),
    ]
    if "better" not in beaten:
        head = "The index does NOT foresee the next year better than last year's count."
    elif beaten == ["better", "better"]:
        head = "The index foresees the next year better than last year's count, on both measures below."
    else:
        head = "The index is NOT clearly better than last year's count: ahead on one of two measures, not on the other."
    return [head, *map(str, bt.summary_lines(result))]


def reading_text(result: Backtest) -> str:
    """Return how the comparisons must be read."""
    n = len(result.origins)
    rough = f" With {n} years to resample the intervals are rough." if n < FEW_ORIGINS else ""
    return (
        f"{n} years were scored ({result.origins[0]} to {result.origins[-1]}), each judged on the year after; "
        f"{result.n_district_years:,} district-years. Brackets: 95 % interval from resampled years. Eight comparisons, "
        f"not corrected for their number: one of them may look better or worse by chance.{rough} Goalposts were set on "
        "some of these years."
    )


def means_frame(result: Backtest) -> pd.DataFrame:
    """Return the mean of each measure over the years, one column for each way of ranking."""
    return pd.DataFrame(
        [
            {"Measure": label} | {METHODS[method]: values[name] for method, values in result.means.items()}
            for name, label in MEASURES.items()
        ]
    )


def differences_frame(result: Backtest) -> pd.DataFrame:
    """Return index minus baseline with its interval, and the verdict."""
    return pd.DataFrame(
        [
            {
                "Against": METHODS[found.baseline],
                "Measure": MEASURES[found.measure],
                "Difference": found.mean,
                "From": found.low,
                "To": found.high,
                "The index is": _VERDICTS[found.verdict],
            }
            for found in result.differences
        ]
    )


def forecasts_frame(result: Backtest) -> pd.DataFrame:
    """Return Brier and log score of each forecast; lower is better."""
    return pd.DataFrame(
        [
            {"Forecast": FORECASTS[name], "Brier score": brier, "Log score": log}
            for name, (brier, log) in result.forecasts.items()
        ]
    )


def classes_frame(result: Backtest) -> pd.DataFrame:
    """Return what followed each class."""
    return pd.DataFrame(
        [
            {
                "Class of the year": SHORT_CLASSES[found.class_code],
                "District-years": found.n,
                "Mean attacks, next year": found.mean_next,
                f"Share with {result.threshold} or more": found.share_reached,
            }
            for found in result.classes
        ]
    )


def lists_frame(compared: Sequence[ListComparison]) -> pd.DataFrame:
    """Return the agreement with each published list; empty cells where the source does not cover the months."""
    rows = []
    for found in compared:
        both = (found.index, found.count)
        rows.append(
            {
                "Published": found.published.day.isoformat(),
                "Publisher": found.published.publisher,
                "Districts named": len(found.published.pcodes),
                "Months compared": window_text(found.published.window_before),
                "Months covered": found.months_covered,
                **{f"AUC, {name}": np.nan if s is None else s.auc for name, s in zip(_COMPARED, both, strict=True)},
                **{
                    f"Overlap, {name}": np.nan if s is None else s.overlap
                    for name, s in zip(_COMPARED, both, strict=True)
                },
                "Page": web_address(found.published.url),
            }
        )
    return pd.DataFrame(rows)


def draw(result: Backtest, source: str, settings: AccessSettings) -> None:
    """Draw the verdict and the tables of the back-test."""
    head, *lines = verdict(result)
    st.markdown(
        f"**{markdown_text(head)}** What it offers instead is an explanation of each class, classes that do not "
        "move with filters or years, and a measure of how settled they are."
    )
    st.markdown("\n".join(f"- {markdown_text(line)}" for line in lines))
    st.caption(reading_text(result))
    notes = (
        f"KP Incident Atlas: back-test of {settings.variant()}, {SOURCES[source].label}",
        reading_text(result),
        f"Settings {settings.settings_hash()}; k = {result.k}, threshold {result.threshold}",
    )
    st.subheader(f"Means over the years, k = {result.k}", anchor=False)
    _table(means_frame(result), "back-test-means", notes)
    left, right = st.columns(2, gap="medium")
    with left:
        st.subheader("What followed each class", anchor=False)
        _table(classes_frame(result), "back-test-classes", notes)
    with right:
        st.subheader(f"Forecasts of {result.threshold} or more attacks", anchor=False)
        _table(forecasts_frame(result), "back-test-forecasts", notes)
        st.caption("Lower is better. Forecasts are made only to judge past years, never for a place ahead.")
    st.subheader("Index against each baseline", anchor=False)
    _table(differences_frame(result), "back-test-differences", notes)


def draw_lists(compared: Sequence[ListComparison]) -> None:
    """Draw the agreement with published lists."""
    st.subheader("Published lists", anchor=False)
    st.markdown(
        "Each list is compared with the index of the twelve months before it. AUC is the chance that a district on the "
        "list stands above one that is not: 0.5 is chance, 1 is perfect. Overlap is the part of the list among as "
        "many top districts. The lists were used once, here, and never to "
        "tune the index."
    )
    frame = lists_frame(compared)
    st.dataframe(
        frame,
        hide_index=True,
        width="stretch",
        column_config=_numbers(frame)
        | {
            "Publisher": st.column_config.TextColumn("Publisher", width="medium"),
            "Page": st.column_config.LinkColumn("Page", display_text="open"),
        },
    )
    st.caption("Lists and incidents come from the same stream of news: agreement corroborates, it does not prove.")


def _table(frame: pd.DataFrame, stem: str, notes: Sequence[str]) -> None:
    st.dataframe(frame, hide_index=True, width="stretch", column_config=_numbers(frame))
    tables.download(frame.round(4), stem, notes)


def _numbers(frame: pd.DataFrame) -> dict[str, Any]:
    """Return three decimals for measures; counts stay whole."""
    return {
        name: st.column_config.NumberColumn(name, format="%.3f")
        for name in frame.columns
        if frame[name].dtype.kind == "f"
    }

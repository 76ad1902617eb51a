"""Validation in plain words, the quarterly forecasts, and which setting moves a class."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from geo.analysis.evidence.held_out import HeldOut
from geo.analysis.evidence.sentences import period_text
from geo.analysis.index import quarterly as qu
from geo.analysis.index.backtest import Backtest
from geo.analysis.index.influence import CHANGES, Influence
from geo.analysis.index.monthly_counts import month_start
from geo.analysis.index.quarterly import METHODS, SCORES, QuarterlyResult
from geo.shown_names import shown_publisher
from geo.views.validation import About, draw_table
from geo.wording import N_, _, _n, format_date


def summary(result: Backtest, quarters: QuarterlyResult | None, changes: Sequence[Influence]) -> list[str]:
    """Return the validation in at most five plain sentences, computed from the results."""
    sentences = [_next_year(result)]
    if quarters is not None:
        sentences += [_next_quarter(quarters), _weighting(quarters)]
    sentences.append(_settings(changes))
    if outcome := _outcome(result):
        sentences.append(outcome)
    return sentences


def _next_year(result: Backtest) -> str:
    if "better" in (result.beats("last_year", measure) for measure in ("spearman_count", "hit_share")):
        return _("The index says a little more about next year's districts than last year's number of attacks does.")
    return _("The index does not say more about next year's worst districts than last year's number of attacks does.")


def _next_quarter(quarters: QuarterlyResult) -> str:
    ranked = sorted(METHODS, key=lambda method: quarters.means[method][qu.PRIMARY])
    clearly = [d.method for d in quarters.against_index if d.high < 0]
    words = {"n": quarters.n_origins, "best": _(METHODS[ranked[0]])}
    if clearly:
        return _(
            "Over {n} quarters the best forecast of the next quarter was “{best}”; the index was clearly better than "
            "{worse} of the {others} other ways.",
            worse=len(clearly),
            others=len(quarters.against_index),
            **words,
        )
    return _(
        "Over {n} quarters the best forecast of the next quarter was “{best}”; the index was not clearly better than "
        "any of the {others} other ways.",
        others=len(quarters.against_index),
        **words,
    )


def _weighting(quarters: QuarterlyResult) -> str:
    if quarters.weighting_helps:
        return _("An index that gives recent months more weight forecasts the next quarter better than the plain one.")
    return _(
        "Giving recent months more weight does not improve the forecast beyond chance, so the index keeps its plain "
        "window."
    )


def _settings(changes: Sequence[Influence]) -> str:
    found = {change.change: change for change in changes}
    equal, alone, median = (found[name] for name in ("equal_weights", "forces_alone", "median"))
    return _(
        "The classes rest on choices: equal weights change {equal} of {n_equal} classes, attacks on forces alone "
        "{alone} of {n_alone}, the median rate instead of its lower limit {median} of {n_median}.",
        equal=equal.n_changed,
        n_equal=equal.n,
        alone=alone.n_changed,
        n_alone=alone.n,
        median=median.n_changed,
        n_median=median.n,
    )


def _outcome(result: Backtest) -> str:
    means = {found.class_code: found.mean_next for found in result.classes}
    if "no_go" not in means or "low" not in means:
        return _("No district-year of the highest class has a year after it yet, so that class is not tested.")
    return _(
        "After the highest class {high:.1f} attacks were recorded in the next year on average, after the lowest "
        "{low:.1f}; both count reports, which are fewest where access is worst.",
        high=means["no_go"],
        low=means["low"],
    )


def draw_summary(sentences: Sequence[str]) -> None:
    """Draw the plain sentences."""
    st.markdown("\n".join(f"- {sentence}" for sentence in sentences))


def means_frame(quarters: QuarterlyResult) -> pd.DataFrame:
    """Return the mean of each score, one row a method."""
    return pd.DataFrame(
        [
            {N_("Method"): _(label)} | {SCORES[score]: quarters.means[method][score] for score in SCORES}
            for method, label in METHODS.items()
        ]
    )


def differences_frame(quarters: QuarterlyResult) -> pd.DataFrame:
    """Return the primary score of the index minus that of each other method, with its interval."""
    return pd.DataFrame(
        [
            {
                N_("Compared with"): _(METHODS[found.method]),
                N_("CRPS of the index minus this"): found.mean,
                N_("From"): found.low,
                N_("To"): found.high,
            }
            for found in quarters.against_index
        ]
    )


def influence_frame(changes: Sequence[Influence]) -> pd.DataFrame:
    """Return how many classes each change moves."""
    return pd.DataFrame(
        [
            {
                N_("Changed setting"): _(CHANGES[found.change]),
                N_("Classes that change"): found.n_changed,
                N_("District-years above the lowest class"): found.n,
                N_("Share"): found.n_changed / found.n if found.n else float("nan"),
            }
            for found in changes
        ]
    )


def draw_quarters(quarters: QuarterlyResult | None, source: str) -> None:
    """Draw the quarterly scores, or why there are none."""
    with st.expander(_("Forecasts of the next quarter")):
        if quarters is None:
            st.info(_("There are too few quarters for this comparison."))
            return
        first, last = (format_date(month_start(month), "short_month") for month in (quarters.first, quarters.last))
        st.caption(
            _(
                "{n} quarters, from that of {first} to that of {last}, each forecast from earlier quarters alone. The "
                "primary score was fixed before any result was computed: CRPS, lower is better. Below zero the index "
                "is better; an interval that contains zero shows no difference.",
                n=quarters.n_origins,
                first=first,
                last=last,
            )
        )
        about = About(_("{first} to {last}", first=first, last=last), source)
        draw_table(means_frame(quarters), "quarterly-scores", _("Scores of the forecasts of the next quarter"), about)
        title = _("Does the index forecast the next quarter better than other ways?")
        draw_table(differences_frame(quarters), "quarterly-differences", title, about)


def draw_influence(changes: Sequence[Influence], years: Sequence[int], source: str) -> None:
    """Draw how many classes each single change of a setting moves."""
    title = _("Which setting moves a class")
    with st.expander(title):
        st.caption(
            _n(
                "One setting is changed at a time, over {n} calendar year from {first:d} to {last:d}.",
                "One setting is changed at a time, over {n} calendar years from {first:d} to {last:d}.",
                len(years),
                first=years[0],
                last=years[-1],
            )
        )
        about = About(_("{first} to {last}", first=f"{years[0]}", last=f"{years[-1]}"), source)
        draw_table(influence_frame(changes), "class-changes", title, about)


def draw_held_out(rows: Sequence[HeldOut], years: Sequence[int]) -> None:
    """Draw how well published tables that were left out are predicted, by the register alone and by all others."""
    tested = [row for row in rows if row.by_all is not None]
    with st.expander(_("All sources put together, checked on tables left out ({n})", n=len(tested))):
        better = sum(row.by_all.log_score > row.by_register.log_score for row in tested if row.by_all)
        st.markdown(
            _(
                "Each published table is predicted from the register alone, and from all other publishers of its "
                "year. The mean log score is better with all of them in {better} of {n} tables. Few districts, and "
                "publishers that may copy one another: encouraging, not proof.",
                better=better,
                n=len(tested),
            )
        )
        about = About(_("{first} to {last}", first=f"{years[0]}", last=f"{years[-1]}"), "register")
        draw_table(held_out_frame(rows), "tables-left-out", _("Published tables predicted by the others"), about)
        st.caption(
            _(
                "A higher log score and a smaller error are better. Empty: no other publisher has a table of that "
                "year. Tables of fewer than three districts are not tested."
            )
        )


def held_out_frame(rows: Sequence[HeldOut]) -> pd.DataFrame:
    """Return one row a table: publisher, period, districts, and three scores of both forecasts."""
    return pd.DataFrame([_held_out_row(row) for row in rows])


def _held_out_row(row: HeldOut) -> dict[str, Any]:
    alone, every = row.by_register, row.by_all
    return {
        N_("Publisher"): shown_publisher(row.column.publisher),
        N_("Period"): str(period_text(row.column.first, row.column.last)),
        N_("Districts"): row.n_districts,
        N_("Rank correlation, register"): alone.correlation,
        N_("Rank correlation, all"): np.nan if every is None else every.correlation,
        N_("Log score, register"): alone.log_score,
        N_("Log score, all"): np.nan if every is None else every.log_score,
        N_("Error of ln, register"): alone.error,
        N_("Error of ln, all"): np.nan if every is None else every.error,
    }

"""Comparisons in words: rates with their unit, ratios with their interval, what "clear" means."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from geo.analysis.counting.compare import CONFIDENCE, FALSE_DISCOVERY, Period, Ratios
from geo.analysis.counting.questions import MEASURES
from geo.views import palettes
from geo.views.layers import LegendEntry
from geo.wording import N_, _, _n, format_date, format_list, format_number

# What a count is divided by, in a sentence.
UNITS: dict[str, str] = {
    "count": N_("{measure} a year"),
    "per_100k": N_("{measure}, per 100,000 residents a year"),
    "per_1000_km2": N_("{measure}, per 1,000 km² a year"),
}
WHAT_IS_CLEAR = N_(
    "Clear: chance alone would rarely give it. Of all differences called clear at most {share:.0%} are expected to be "
    "wrong (exact test of two counts, Benjamini and Hochberg). In brackets: exact interval of {confidence:.0%}. Both "
    "take incidents as independent of one another; they come in series, so the true range is wider. Not clear does not "
    "mean equal: with few incidents only a large difference shows."
)
NO_TEST = N_(
    "People killed are compared without interval and test: one attack kills many, so they are not single events."
)
_MOST_NAMED = 8


def unit_text(measure: str, normaliser: str) -> str:
    """Return measure and unit of a rate in words."""
    return _(UNITS[normaliser], measure=_(MEASURES[measure]))


def clear_text(*, is_tested: bool) -> str:
    """Return what verdicts and intervals rest on."""
    return _(WHAT_IS_CLEAR, share=FALSE_DISCOVERY, confidence=CONFIDENCE) if is_tested else _(NO_TEST)


def period_text(period: Period) -> str:
    """Return a year, or the first and last day of a period."""
    first, last = period.first, period.last
    if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31) and first.year == last.year:
        return f"{first.year}"
    return _("{first} to {last}", first=format_date(first, "short"), last=format_date(last, "short"))


def ratio_text(found: Ratios, i: int) -> str:
    """Return the ratio of pair i: "1.6 times", or why there is none."""
    ratio = found.ratio[i]
    if np.isnan(ratio):
        return _("none recorded") if found.verdict[i] == "none_recorded" else _("no rate")
    if ratio == 0 or np.isinf(ratio):
        return _("to none") if ratio == 0 else _("from none")
    return _("{ratio} times", ratio=_figure(ratio))


def interval_text(found: Ratios, i: int) -> str:
    """Return the interval of the ratio of pair i, "" where there is none."""
    low, high = found.low[i], found.high[i]
    if np.isnan(low):
        return ""
    if np.isinf(high):
        return _("at least {low}", low=_figure(low))
    return _("{low} to {high}", low=_figure(low), high=_figure(high))


def _figure(ratio: float) -> str:
    return format_number(ratio, 2 if ratio < 10 else 0)


def pair_text(found: Ratios, i: int) -> str:
    """Return ratio and interval of pair i: "1.6 times (1.2 to 2.1)"."""
    spread = interval_text(found, i)
    return _("{ratio} ({interval})", ratio=ratio_text(found, i), interval=spread) if spread else ratio_text(found, i)


def count_text(found: Ratios, i: int, *, is_second: bool) -> str:
    """Return the first or second count of pair i, or that it is not stated."""
    count = found.counts(is_second=is_second)[i]
    return _("not stated") if count is None else format_number(count)


def rate_text(found: Ratios, i: int, *, is_second: bool) -> str:
    """Return the first or second rate of pair i, or that it is not stated."""
    rate = (found.second_rate if is_second else found.first_rate)[i]
    return _("not stated") if np.isnan(rate) else format_number(rate, 2)


def badge_text(found: Ratios, i: int) -> str:
    """Return the short text that a map shows in a district that differs clearly: "×2.4", "0→7"."""
    if found.first[i] == 0 or found.second[i] == 0:
        return f"{found.first[i]}→{found.second[i]}"
    ratio = found.ratio[i]
    return f"×{format_number(ratio, 0 if ratio >= 10 else 1 if ratio >= 0.2 else 2)}"


def key_text(entries: Sequence[LegendEntry]) -> str:
    """Return the entries of a legend as one Markdown line, each on its colour and never broken over two lines.

    A class that the map hatches begins with a hatched square: text has one colour as its ground.
    """
    parts = []
    for entry in entries:
        label = f" {'▨ ' if entry.is_hatched else ''}{entry.label} ".replace(" ", "\N{NO-BREAK SPACE}")
        parts.append(f':color[{label}]{{foreground="{palettes.text_on(entry.colour)}" background="{entry.colour}"}}')
    return " ".join(parts)


def named(names: list[str]) -> str:
    """Return the first names of a list and how many others there are."""
    rest = len(names) - _MOST_NAMED
    shown = format_list(names[:_MOST_NAMED])
    return _n("{names} and {n} other", "{names} and {n} others", rest, names=shown) if rest > 0 else shown

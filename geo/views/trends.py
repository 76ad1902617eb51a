"""Series of the chosen measure by period and group, attack type or target, as small frames."""

from __future__ import annotations

import pandas as pd

from geo.analysis.counting import questions
from geo.analysis.counting.groups import by_group
from geo.group_names import UNATTRIBUTED
from geo.shown_names import shown_name
from geo.views.charts import marked, partial_years
from geo.views.coloured_points import COLOURED_BY, REST, vocabulary
from geo.views.state import View
from geo.wording import N_, _, format_number

BREAKDOWNS: dict[str, str] = {kind: COLOURED_BY[kind] for kind in ("group", "attack", "target")}
# Titles of charts, by the time step.
BY_STEP: dict[str, str] = {"year": N_("{measure} by year"), "month": N_("{measure} by month")}
BY_YEAR_AND: dict[str, str] = {
    "group": N_("{measure} by year and group"),
    "attack": N_("{measure} by year and attack type"),
    "target": N_("{measure} by year and target"),
}
_MOST_SERIES = 7


def by_year_and(view: View, measure: str, breakdown: str) -> tuple[pd.DataFrame, list[str], set[str]]:
    """Return columns period, series, value; the series, largest first; and those that are "other" or not stated.

    Partial first and last years carry an asterisk. Beyond the seven
    largest, series are summed as "Other". Unattributed incidents stay a series of their
    own: shares by group mean nothing without them.
    """
    column, keys, names = vocabulary(view.table, breakdown)
    labels = [shown_name(names.get(key, key)) if breakdown == "group" else _(names[key]) for key in keys]
    cut = partial_years(*view.covered)
    found = questions.by_two(view.table, view.filters, measure, "year", column)
    frame = pd.DataFrame(
        [(marked(year, cut), labels[code], value) for (year, code), value in found.items()],
        columns=["period", "series", "value"],
    )
    totals = frame.groupby("series")["value"].sum().sort_values(ascending=False)
    other = _("Other")
    kept = list(totals.index[:_MOST_SERIES]) or [other]  # where incidents are shown and none counts for the measure
    nobody = shown_name(names.get(UNATTRIBUTED, ""))
    if nobody in totals.index[_MOST_SERIES:]:
        kept[-1] = nobody
    frame["series"] = frame["series"].where(frame["series"].isin(kept), other)
    order = kept if len(totals) <= _MOST_SERIES else [*(name for name in kept if name != other), other]
    # A year without a record keeps its place in the chart.
    years = range(view.covered[0].year, view.covered[1].year + 1)
    frame = pd.concat(
        [frame, pd.DataFrame({"period": [marked(y, cut) for y in years], "series": order[0], "value": 0})]
    )
    summed = frame.groupby(["period", "series"])["value"].sum().reset_index()
    rest = {other, *(label for key, label in zip(keys, labels, strict=True) if key in REST)}
    return summed, order, rest


def unattributed_text(view: View, measure: str = "incidents") -> str:
    """Return how much of a measure no group is named for, whatever groups are chosen: shares mean nothing without."""
    counts = by_group(view.table, view.filters, measure)
    total, n_labels = counts.n_unattributed + sum(counts.named.values()), sum(counts.labels.values())
    share = format_number(100 * counts.n_unattributed / total if total else 0, 0)
    if n_labels:
        return _(
            "Not attributed to a group: {n} of {total} ({share}%), {labels} of them with an official label only.",
            n=counts.n_unattributed,
            total=total,
            share=share,
            labels=n_labels,
        )
    return _("Not attributed to a group: {n} of {total} ({share}%).", n=counts.n_unattributed, total=total, share=share)

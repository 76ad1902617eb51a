"""Series of the chosen measure by period and group, attack type or target, as small frames."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import groupby

import pandas as pd

from geo.analysis.counting import questions, stated
from geo.analysis.counting.groups import by_group
from geo.analysis.counting.stated import Why
from geo.filters import Filters
from geo.group_names import UNATTRIBUTED
from geo.shown_names import shown_name
from geo.sources import MERGED
from geo.views import figure_notes
from geo.views.charts import marked, partial_years
from geo.views.coloured_points import COLOURED_BY, REST, vocabulary
from geo.views.state import View
from geo.wording import N_, _, format_date, format_list, format_number

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

    Partial first and last years carry an asterisk. A year whose incidents cannot tell the measure has a missing value
    of the first series and no other. Beyond the seven
    largest, series are summed as "Other". Unattributed incidents stay a series of their
    own: shares by group mean nothing without them.
    """
    column, keys, names = vocabulary(view.table, breakdown)
    labels = [shown_name(names.get(key, key)) if breakdown == "group" else _(names[key]) for key in keys]
    cut = partial_years(*view.covered)
    found = questions.by_two(view.table, view.filters, measure, "year", column)
    is_told = questions.stated_by_time(view.table, view.filters, measure, *view.covered, "year")
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
    years = zip(range(view.covered[0].year, view.covered[1].year + 1), is_told, strict=True)
    places = [(marked(year, cut), order[0], 0 if told else pd.NA) for year, told in years]
    frame = pd.concat([frame, pd.DataFrame(places, columns=list(frame))]).astype({"value": pd.Int64Dtype()})
    summed = frame.groupby(["period", "series"])["value"].sum(min_count=1).reset_index()
    rest = {other, *(label for key, label in zip(keys, labels, strict=True) if key in REST)}
    return summed, order, rest


def reasons(
    view: View, measure: str, days: Sequence[date], values: Sequence[int | None], step: str
) -> list[Why | None]:
    """Return why each period has no figure (`questions.told_by_time`), None for those that have one."""
    if all(value is not None for value in values):
        return [None] * len(values)
    has_target, has_record = (
        questions.stated_by_time(view.table, view.filters, told, days[0], days[-1], step)
        for told in ("security_attacks", "incidents")
    )
    return [
        stated.why_missing(measure, [target], has_record=bool(record)) if value is None else None
        for value, target, record in zip(values, has_target, has_record, strict=True)
    ]


def _untold_texts(
    view: View, measure: str, days: Sequence[date], values: Sequence[int | None], step: str
) -> tuple[str, ...]:
    """Return of which periods a measure is not stated, so that they have no bar, and why."""
    periods: dict[Why, list[str]] = {}
    for reason, found in groupby(
        zip(reasons(view, measure, days, values, step), days, strict=True), lambda one: one[0]
    ):
        run = [day for _reason, day in found]
        if reason is not None:
            periods.setdefault(reason, []).append(_span(run[0], run[-1], step))
    sentence = N_("{periods}: {missing}, so there is no bar.")
    return tuple(
        _(sentence, periods=format_list(found), missing=figure_notes.missing(reason))
        for reason, found in periods.items()
    )


def _span(first: date, last: date, step: str) -> str:
    names = [f"{day.year}" if step == "year" else format_date(day, "short_month") for day in (first, last)]
    return names[0] if first == last else _("{first} to {last}", first=names[0], last=names[1])


def notes(view: View, measure: str, days: Sequence[date], values: Sequence[int | None], step: str) -> tuple[str, ...]:
    """Return what must stand beside bars of a measure: the periods without a figure, and in which incidents it counts.

    days, values: those of the bars.
    """
    untold = _untold_texts(view, measure, days, values, step)
    is_part = any(value is not None for value in values)
    return (*untold, *(figure_notes.of_those_told(view.table, view.filters, measure) if is_part else ()))


def unattributed_text(view: View, measure: str = "incidents") -> str:
    """Return how much of a measure no group is named for, whatever groups are chosen: shares mean nothing without.

    Of two sources each for itself: one names a group for every event, the other seldom.
    """
    if view.seam is None:
        return _unattributed(view, view.filters, measure)
    before, after = replace(view.filters, end=view.seam - timedelta(days=1)), replace(view.filters, start=view.seam)
    early = _("UCDP and register") if view.filters.sources == MERGED else _("UCDP")
    return " ".join(
        _("{source}: {said}", source=source, said=_unattributed(view, side, measure))
        for source, side in ((early, before), (_("Register"), after))
        if questions.is_stated(view.table, side, measure)
    )


def _unattributed(view: View, filters: Filters, measure: str) -> str:
    counts = by_group(view.table, filters, measure)
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

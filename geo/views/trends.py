"""Series of the chosen measure by period and group, attack type or target, as small frames."""

from __future__ import annotations

import pandas as pd

from geo.analysis.counting import questions
from geo.schema import ATTACK_TYPES, TARGET_TYPES
from geo.views.state import View

BREAKDOWNS: dict[str, str] = {"group": "Group", "attack": "Attack type", "target": "Target"}
_MOST_SERIES = 7
_OTHER = "Other"


def by_year_and(
    view: View, measure: str, breakdown: str, group_names: dict[str, str]
) -> tuple[pd.DataFrame, list[str]]:
    """Return columns period, series, value and the order of the series, largest first.

    Beyond the seven largest, series are summed as "Other". Unattributed incidents stay a series of their
    own: shares by group mean nothing without them.
    """
    column, labels = _column(view, breakdown, group_names)
    found = questions.by_two(view.table, view.filters, measure, "year", column)
    frame = pd.DataFrame(
        [(str(year), labels[code], value) for (year, code), value in found.items()],
        columns=["period", "series", "value"],
    )
    totals = frame.groupby("series")["value"].sum().sort_values(ascending=False)
    kept = list(totals.index[:_MOST_SERIES])
    frame["series"] = frame["series"].where(frame["series"].isin(kept), _OTHER)
    order = kept if len(totals) <= _MOST_SERIES else [*(name for name in kept if name != _OTHER), _OTHER]
    summed = frame.groupby(["period", "series"])["value"].sum().reset_index()
    return summed, order


def _column(view: View, breakdown: str, group_names: dict[str, str]) -> tuple[str, list[str]]:
    if breakdown == "group":
        return "group", [group_names.get(group, group) for group in view.table.groups]
    if breakdown == "attack":
        return "attack_type", list(ATTACK_TYPES.values())
    return "target_type", list(TARGET_TYPES.values())

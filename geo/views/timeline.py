"""Time under the map: a bar for each year or month of all records, on which the reader sets the period and plays it.

The bars are drawn by a small component of our own (component_assets/timeline): Streamlit's charts load ten times as
much and cannot be used with the keyboard. It holds no period of its own: what the reader chooses becomes the control of
the period in the sidebar, and the bars show what that control says.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import streamlit as st

from geo.analysis.counting import questions
from geo.analysis.counting.questions import MEASURES
from geo.sources import MERGED, SEAM, crosses_seam
from geo.views import address, charts, figure_notes, filters, messages, palettes, trends
from geo.views.components import Component
from geo.views.map import page_theme
from geo.views.state import View
from geo.wording import _, browser_locale, format_date, language

STEPS = ("year", "month")
_KEY = "timeline"
_component = Component("timeline", "days.js", "frames.js", "parts.js", "hand.js", "drawing.js", "start.js")


@dataclass(frozen=True, slots=True, eq=False)
class Bars:
    """A measure by year or month (step) over all records, whatever the period of the view.

    days: first day of each bar. values: one for each, None where it is not stated (`questions.told_by_time`).
    first, last: the days that the records cover.
    n_undated: how much of the measure has no month and is in no bar. seam: first day of the second source, if any.
    """

    step: str
    days: list[date]
    values: list[int | None]
    first: date
    last: date
    n_undated: int
    seam: date | None

    @property
    def partial(self) -> list[int]:
        """Positions of the bars that the records cover only in part: at most the first and the last."""
        end_month = 12 if self.step == "year" else self.last.month
        end = date(self.last.year, end_month, monthrange(self.last.year, end_month)[1])
        cut = {0} if self.first > self.days[0] else set()
        return sorted(cut | ({len(self.days) - 1} if self.last < end else set()))


def bars_of(view: View, measure: str, step: str) -> Bars:
    """Return the bars of a measure (key of MEASURES) under the filters of a view, its period left out."""
    table, everything = view.table, replace(view.filters, start=None, end=None)
    first, last = questions.covered(table) or (view.first, view.last)
    days, values = questions.told_by_time(table, everything, measure, first, last, step)
    n_undated = questions.total(table, everything, measure)[0] - sum(value or 0 for value in values)
    seam = SEAM if crosses_seam(first, last, view.filters.sources) else None
    return Bars(step, days, values, first, last, n_undated, seam)


def draw(view: View, measure: str = "incidents") -> None:
    """Draw the bars under a map; what the reader chooses on them is the period of every page."""
    step = address.text("step")
    address.check("step", step in STEPS)
    bars = bars_of(view, measure, step if step in STEPS else STEPS[0])

    @messages.guarded
    def choose() -> None:
        period = _period(st.session_state[_KEY].get("period"))
        if period:
            filters.choose_period(*period, view.table)

    @messages.guarded
    def turn() -> None:
        chosen = st.session_state[_KEY].get("step")
        if chosen in STEPS:
            address.set_option("step", "" if chosen == STEPS[0] else chosen)

    _component(_KEY, _payload(view, bars, measure), on_period_change=choose, on_step_change=turn)


def _period(sent: object) -> tuple[date, date] | None:
    """Return the two days that the browser sent, in order; None if they are no days."""
    if not isinstance(sent, list) or len(sent) != 2:
        return None
    try:
        first, last = sorted(date.fromisoformat(str(day)) for day in sent)
    except ValueError:
        return None
    return first, last


def _payload(view: View, bars: Bars, measure: str) -> dict[str, Any]:
    label, is_merged = _(MEASURES[measure]), view.filters.sources == MERGED
    # The bars are of all records: why one is missing does not hang on the period of the view.
    whole = View.of(view.table, view.districts, replace(view.filters, start=None, end=None))
    why = trends.reasons(whole, measure, bars.days, bars.values, bars.step)
    return {
        "title": _(trends.BY_STEP[bars.step], measure=label),
        "label": label,
        "step": bars.step,
        "start": bars.days[0].isoformat(),
        "values": bars.values,
        "missing": [figure_notes.missing(reason) if reason else "" for reason in why],
        "partial": bars.partial,
        "covered": [bars.first.isoformat(), bars.last.isoformat()],
        "period": [view.first.isoformat(), view.last.isoformat()],
        "shown": view.period_label,
        "seam": bars.seam.isoformat() if bars.seam else None,
        "colours": palettes.source_colours(page_theme()),
        "notes": [*_notes(bars, is_merged), *trends.notes(whole, measure, bars.days, bars.values, bars.step)],
        "months": charts.month_names(),
        "words": _words(is_merged),
        "language": language(),
        "numbers": browser_locale(),
    }


def _notes(bars: Bars, is_merged: bool) -> list[str]:
    notes = []
    if bars.seam:
        day = format_date(bars.seam, "short")
        sides = (
            _("UCDP and the register up to the broken line, the register alone from {day}.", day=day)
            if is_merged
            else _("UCDP up to the broken line, the register from {day}.", day=day)
        )
        notes.append(f"{sides} {_('Bars on its two sides are not comparable.')}")
    if bars.partial:
        notes.append(
            _(
                "Hatched bars are covered only in part: the records run from {first} to {last}.",
                first=format_date(bars.first, "short"),
                last=format_date(bars.last, "short"),
            )
        )
    if bars.n_undated > 0:
        notes.append(_("Known only to the year and in no bar: {n}.", n=bars.n_undated))
    return notes


def _words(is_merged: bool) -> Mapping[str, str]:
    return {
        "year": _("Year"),
        "month": _("Month"),
        "quarter": _("Quarter"),
        "before": _("UCDP and register") if is_merged else _("UCDP"),
        "after": _("Register"),
        "hint": _("Drag across the bars to choose the period"),
        "first": _("First bar of the period"),
        "last": _("Last bar of the period"),
        "play": _("Play"),
        "pause": _("Pause"),
        "back": _("Step back"),
        "forward": _("Step forward"),
        "stop": _("Stop and show the period from before"),
        "frames": _("Play by"),
        "bars": _("Bars by"),
        "table": _("Table of these bars"),
    }

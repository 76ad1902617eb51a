"""Two periods compared on the page: the answer in a sentence, three maps that move together, the table."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from geo.analysis.counting import compare
from geo.analysis.counting.compare import Period, PeriodComparison
from geo.analysis.counting.questions import MEASURES
from geo.text import markdown_sentence, markdown_text
from geo.views import charts, filters, messages, overview, table_file, tables
from geo.views.compare import maps, plots, register
from geo.views.compare.words import (
    clear_text,
    count_text,
    interval_text,
    key_text,
    named,
    pair_text,
    period_text,
    ratio_text,
    unit_text,
)
from geo.views.layers import ChoroplethView, Linked
from geo.views.map import draw_map, page_theme
from geo.views.palettes import Theme
from geo.views.state import View
from geo.wording import N_, _, _n, format_number

_MAP_HEIGHT = 660


def draw(view: View, measure: str, normaliser: str, first: Period, second: Period) -> None:
    """Draw the comparison of two periods, or why there is none."""
    refused = compare.why_not(view.table, view.filters, first, second, measure)
    if refused:
        st.warning(str(refused))
    if first.shares_a_day(second) or not (first.within(view.table) and second.within(view.table)):
        return
    found = compare.periods(view.table, view.districts, view.filters, measure, first, second, normaliser)
    _cut_note(found, first, second)
    theme = page_theme()
    if refused:
        st.markdown(_("Recorded, and not to be read as a change: {counts}.", counts=_counts_text(found)))
    elif measure not in compare.TESTED_MEASURES:
        _answer(view, found)
    else:
        left, right = st.columns(2, gap="medium")
        with left:
            _answer(view, found)
            _ratios(view, found, theme)
        with right:
            changes = maps.changes(view, found, theme)
            st.markdown(f"**{_('What is clearly different')}**")
            st.markdown(key_text(changes.legend.entries))
            _map(changes, "changes", _("Map of what is clearly different"))
    first_map, second_map = (maps.rates(view, found, is_second=later, theme=theme) for later in (False, True))
    st.markdown(f"**{first_map.legend.title}** {key_text(first_map.legend.entries)}")
    for column, name in zip(st.columns(2, gap="medium"), ("first", "second"), strict=True):
        with column:
            period = period_text(found.second if name == "second" else found.first)
            st.markdown(f"**{period}**")
            _map(second_map if name == "second" else first_map, name, _("Map of {period}", period=period))
    frame = table(view, found)
    shown = frame if refused is None else frame[[name for name in frame if name not in _JUDGED]]
    st.header(_("Table of the districts"), anchor=False)
    tables.show(shown, decimals={_("q value"): 3})
    said = tuple(filter(None, (str(refused) if refused else _warning(view, found), *_said(found))))
    period = _("{first}; {second}", first=period_text(found.first), second=period_text(found.second))
    title = _(
        "{measure}: {second} against {first}",
        measure=_(MEASURES[measure]),
        second=period_text(found.second),
        first=period_text(found.first),
    )
    table_file.offer(shown, f"compare-{first.first}-{second.first}", title, period, _sources(view, found), said)


def _map(choropleth: ChoroplethView, key: str, name: str) -> None:
    """Draw one of the maps of the page, which move together."""
    draw_map(
        choropleth=choropleth,
        key=f"compare_{key}",
        height=_MAP_HEIGHT,
        tiles=filters.tiles(),
        on_click=overview.follow,
        linked=Linked("compare", name),
    )


def _cut_note(found: PeriodComparison, first: Period, second: Period) -> None:
    for part, wanted in ((found.first, first), (found.second, second)):
        if part != wanted:
            st.caption(
                _(
                    "Of {wanted} only {part} has records: the rate refers to that part.",
                    wanted=period_text(wanted),
                    part=period_text(part),
                )
            )


def _counts_text(found: PeriodComparison) -> str:
    counts = found.province
    return _(
        "{first_n} in {first}, {second_n} in {second}",
        first_n=count_text(counts, 0, is_second=False),
        first=period_text(found.first),
        second_n=count_text(counts, 0, is_second=True),
        second=period_text(found.second),
    )


def _answer(view: View, found: PeriodComparison) -> None:
    """Draw the result in sentences: which districts, all together, the chosen ones, what it rests on."""
    head, *rest = sentences(view, found)
    st.markdown(head)
    if warned := _warning(view, found):
        st.warning(markdown_sentence(warned))
    for sentence in rest:
        st.markdown(sentence)
    for pcode in view.filters.districts:
        i = view.districts.pcodes.index(pcode)
        side = found.districts
        st.markdown(
            _(
                "**{district}:** {first_n} in {first}, {second_n} in {second}: {ratio}, {verdict}.",
                district=markdown_text(view.districts.names[pcode]),
                first_n=count_text(side, i, is_second=False),
                first=period_text(found.first),
                second_n=count_text(side, i, is_second=True),
                second=period_text(found.second),
                ratio=pair_text(side, i),
                verdict=maps.result_text(side, i),
            )
        )
    st.caption(clear_text(is_tested=found.measure in compare.TESTED_MEASURES))
    messages.coverage_warning(view)


def _ratios(view: View, found: PeriodComparison, theme: Theme) -> None:
    """Draw the ratios of the districts with a record, the highest first."""
    side = found.districts
    if rows := plots.rows_with_interval(side, is_ranked=True):
        names = [view.districts.names[pcode] for pcode in view.districts.pcodes]
        heading = _("{second} / {first}", second=period_text(found.second), first=period_text(found.first))
        chart = plots.ratio_chart(names, side, rows, heading, theme)
        charts.draw(chart, _("Ratio and interval of each district; the table has the figures"))


def sentences(view: View, found: PeriodComparison) -> list[str]:
    """Return the result as Markdown sentences, the districts with the most incidents first."""
    side = found.districts
    order = np.argsort(-(side.first + side.second), kind="stable")
    by_verdict: dict[tuple[str, bool], list[str]] = {}
    for i in order:
        is_open = side.verdict[i] in ("higher", "lower") and not side.is_settled[i]
        name = markdown_text(view.districts.names[view.districts.pcodes[i]])
        by_verdict.setdefault((side.verdict[i], is_open), []).append(name)
    template = N_("**{measure}, {second} against {first}.** All districts together: {counts}, {ratio}.")
    if found.normaliser != "count" or not found.is_equal_length:
        template = N_(
            "**{measure}, {second} against {first}.** All districts together: {counts}; the rate of the second period "
            "is {ratio} that of the first."
        )
    head = _(
        template,
        measure=_(MEASURES[found.measure]),
        first=period_text(found.first),
        second=period_text(found.second),
        counts=_counts_text(found),
        ratio=pair_text(found.province, 0),
    )
    lines = []
    for verdict, label in (("higher", N_("Clearly higher")), ("lower", N_("Clearly lower"))):
        names, unsettled = by_verdict.get((verdict, False), []), by_verdict.get((verdict, True), [])
        line = f"- **{_(label)}** ({format_number(len(names))}): {named(names) if names else _('no district')}"
        rest = _("; unsettled\\* ({n}): {names}", n=len(unsettled), names=named(unsettled)) if unsettled else ""
        lines.append(f"{line}{rest}")
    others = [
        _n("{n} district without a clear change", "{n} districts without a clear change", len(some))
        for some in [by_verdict.get(("no_clear_change", False), [])]
    ]
    none = by_verdict.get(("none_recorded", False), [])
    others.append(_n("{n} with none recorded in either", "{n} with none recorded in either", len(none)))
    lines.append(f"- {_('; ').join(others)}")
    if any(is_open for _verdict, is_open in by_verdict):
        note = _(
            "\\* Unsettled: incidents come in series, and allowing for that the difference is no longer clear. Monthly "
            "numbers vary {times:.1f} times as much as those of independent incidents.",
            times=found.dispersion,
        )
        lines.append(f"\n{note}")
    return [head, "\n".join(lines)] if found.measure in compare.TESTED_MEASURES else [head]


_JUDGED = (N_("Ratio"), N_("95 % interval"), N_("q value"), N_("Result"))


def table(view: View, found: PeriodComparison) -> pd.DataFrame:
    """Return one row a district, the most incidents first; missing figures are empty cells."""
    side, districts = found.districts, view.districts
    first, second = period_text(found.first), period_text(found.second)
    rows = range(len(districts.pcodes))
    frame = pd.DataFrame(
        {
            N_("District"): [districts.names[pcode] for pcode in districts.pcodes],
            first: pd.array(side.counts(is_second=False), dtype=pd.Int64Dtype()),
            second: pd.array(side.counts(is_second=True), dtype=pd.Int64Dtype()),
            **(_rates(found) if found.normaliser != "count" or not found.is_equal_length else {}),
            N_("Ratio"): [ratio_text(side, i) for i in rows],
            N_("95 % interval"): [interval_text(side, i) for i in rows],
            N_("q value"): side.q.round(4),
            N_("Result"): [maps.result_text(side, i) for i in rows],
        }
    )
    if found.n_unknown[0].any() or found.n_unknown[1].any():
        frame[N_("Without a stated figure")] = found.n_unknown[0] + found.n_unknown[1]
    return frame.iloc[np.argsort(-(side.first + side.second), kind="stable")]


def _rates(found: PeriodComparison) -> dict[str, Any]:
    side = found.districts
    return {N_("First rate"): side.first_rate.round(2), N_("Second rate"): side.second_rate.round(2)}


def _sources(view: View, found: PeriodComparison) -> list[str]:
    """Return the sources of both periods, whatever the period of the filter."""
    days = sorted((found.first, found.second), key=lambda period: period.first)
    filters = replace(view.filters, start=days[0].first, end=days[1].last, districts=())
    return sorted(View.of(view.table, view.districts, filters).sources)


def _warning(view: View, found: PeriodComparison) -> str:
    return register.warning(_sources(view, found), found.first, found.second)


def _said(found: PeriodComparison) -> tuple[str, ...]:
    return (
        _counts_text(found),
        _("Rates: {unit}", unit=unit_text(found.measure, found.normaliser)),
        clear_text(is_tested=found.measure in compare.TESTED_MEASURES),
    )

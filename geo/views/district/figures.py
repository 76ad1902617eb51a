"""What is recorded of one district: the answer in sentences, years, kinds, groups, and how well it is known."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import streamlit as st

from geo.analysis.counting import district_record, questions
from geo.analysis.counting.district_record import YearFigures
from geo.analysis.counting.groups import by_group
from geo.districts import middle_year as middle_of
from geo.districts import population_note, shown_group_names
from geo.schema import ATTACK_TYPES, DISTRICT_METHODS, TARGET_TYPES
from geo.text import markdown_text
from geo.views import charts, figure_notes, overview, profile, table_file, trends
from geo.views.headline import with_restrictions
from geo.views.incident_text import markdown_table
from geo.views.state import View
from geo.wording import N_, _, _n, format_list, format_number

_MOST_GROUPS = 8


def answer(view: View, pcode: str) -> None:
    """Draw what is recorded in the period, in sentences. view: narrowed to the district."""
    for sentence in answer_sentences(view, pcode):
        st.markdown(sentence)


def answer_sentences(view: View, pcode: str) -> list[str]:
    """Return the main figures as Markdown: incidents with rank and rate, attacks, people killed."""
    table, local, name = view.table, view.filters, markdown_text(view.districts.names[pcode])
    n = questions.total(table, local, "incidents")[0]
    if not figure_notes.has_record(table, local):
        period = with_restrictions(view.period_label, view)
        return [
            _("**{district}, {period}: no record of this period, which is not zero.**", district=name, period=period)
        ]
    head = _n(
        "**{district}, {period}: {n} recorded incident.**",
        "**{district}, {period}: {n} recorded incidents.**",
        n,
        district=name,
        period=with_restrictions(view.period_label, view),
    )
    if not n:
        return [head, _("No record does not mean that nothing happened.")]
    attacks = questions.stated_total(table, local, "security_attacks")
    said = _("Their targets are not stated.")
    if attacks is not None:
        police = figure_notes.on_police(table, local)
        said = _("Attacks on state forces among them: {attacks} ({police}).", attacks=attacks, police=police)
    toll = overview.toll_sentence(view, local, N_("People reported killed: at least {killed} ({sides})."))
    return [f"{head} {_standing(view, pcode, n)}", f"{said} {toll}"]


def _standing(view: View, pcode: str, n: int) -> str:
    """Return rank and rate; neither is given over a period in which the source changes."""
    if view.seam is not None:
        return _("The source changes in this period, so no rate and no rank is given; the years below have theirs.")
    everywhere = questions.by_district(view.table, view.filters.without_districts(), "incidents").value
    place = view.districts.pcodes.index(pcode)
    rank = _(
        "Rank {rank} of {n} districts by number.", rank=int((everywhere > n).sum()) + 1, n=len(view.districts.pcodes)
    )
    residents = view.population[place]
    base = residents / 1e5 * view.years
    rate, low, high = district_record.rate_with_interval(n, base)
    if np.isnan(rate):
        return _("{rank} Too few for a rate.", rank=rank)
    return _(
        "{rank} Per 100,000 residents a year: {rate}, of {residents} residents, the estimate for the middle of the "
        "period.",
        rank=rank,
        rate=_rate_text(rate, low, high),
        residents=format_number(residents),
    )


def _rate_text(rate: float, low: float, high: float) -> str:
    if np.isnan(rate):
        return ""
    figures = (format_number(figure, 2) for figure in (rate, low, high))
    said = _("{rate} ({low} to {high})", **dict(zip(("rate", "low", "high"), figures, strict=True)))
    return said.replace(" ", "\N{NO-BREAK SPACE}")  # a row of a table stays one line high


def years(view: View, pcode: str) -> None:
    """Draw the incidents by year, and the figures of each year with the interval of the rate."""
    days, sums = questions.by_time(view.table, view.filters, "incidents", view.first, view.last, "year")
    title = _("Incidents by year")
    charts.time_bars(
        days, sums, _("Incidents"), title, "year", *view.covered, seam=view.seam, height=180, has_table=False
    )
    found = district_record.by_year(view.table, view.districts, view.filters, pcode, *view.covered)
    frame = years_frame(view, found)
    st.markdown(markdown_table([_(str(head)) for head in frame], [list(map(str, row)) for row in frame.to_numpy()]))
    note = population_note(middle_of(*view.covered))
    name = _("{district}: incidents by year", district=view.districts.names[pcode])
    said = [str(note)] if note else []
    table_file.offer(frame, f"district-{pcode}-by-year", name, view.period_label, sorted(view.sources), said)
    st.caption(
        _(
            "Rate: incidents per 100,000 residents a year, in brackets its exact 95 % interval; fewer than three "
            "incidents give none. {note}",
            note=note or "",
        ).strip()
    )


def years_frame(view: View, found: Sequence[YearFigures]) -> pd.DataFrame:
    """Return one row a year, the latest first."""
    cut = charts.partial_years(*view.covered)
    rows = [
        {
            N_("Year"): charts.marked(one.year, cut),
            N_("Incidents"): _stated(one.incidents),
            N_("Rate"): _rate_text(one.rate, one.low, one.high),
            N_("On state forces"): _stated(one.security_attacks),
            N_("On police"): _stated(one.police_attacks),
            N_("Killed"): _stated(one.killed),
            N_("No toll stated"): one.n_unknown,
        }
        for one in reversed(found)
    ]
    return pd.DataFrame(rows)


def _stated(figure: int | None) -> int | str:
    return _("not stated") if figure is None else figure


def kinds(view: View) -> None:
    """Draw attack types, targets and groups, with the share that no group is named for."""
    incidents = _("Incidents")
    columns = st.columns(2, gap="medium")
    for column, title, name, vocabulary in zip(
        columns, (_("Attack types"), _("Targets")), ("attack_type", "target_type"), (ATTACK_TYPES, TARGET_TYPES),
        strict=True,
    ):  # fmt: skip
        with column:
            st.markdown(f"**{title}**")
            charts.ranked_bars(profile.by_vocabulary(view, view.filters, name, vocabulary), incidents, key=f"by_{name}")
    st.markdown(_("**Groups, as claimed or attributed**"))
    st.markdown(trends.unattributed_text(view))
    frame = groups_frame(view)
    if frame.empty:
        st.caption(_("No group is named in these incidents."))
    else:
        charts.ranked_bars(frame, incidents, key="by_group")


def groups_frame(view: View) -> pd.DataFrame:
    """Return the groups named most often: name, value."""
    names, counts = shown_group_names(), by_group(view.table, view.filters)
    named = [(names.get(key, key), value) for key, value in list(counts.named.items())[:_MOST_GROUPS]]
    return pd.DataFrame(named, columns=["name", "value"])


def quality(view: View) -> None:
    """Draw how well the incidents are known: their places, their districts, and how many rest on one source."""
    found = district_record.quality(view.table, view.mask)
    if not found.n_rows:
        return
    methods = [
        _("{label}: {n}", label=_(DISTRICT_METHODS.get(key, key)), n=n) for key, n in found.by_method.items() if key
    ]
    lines = [
        _(
            "**One source only:** {n} of {total} ({share:.0%}) are reported by one publisher or source alone.",
            n=found.n_single_source,
            total=found.n_rows,
            share=found.n_single_source / found.n_rows,
        ),
        _(
            "**Located by a name alone:** {n} of {total} ({share:.0%}) have no stated district and no usable point.",
            n=found.n_by_name,
            total=found.n_rows,
            share=found.n_by_name / found.n_rows,
        ),
        _("**How the district was found:** {methods}.", methods=format_list(methods)),
    ]
    st.markdown("\n".join(f"- {line}" for line in lines))
    profile.precision(view, view.filters, view.mask)

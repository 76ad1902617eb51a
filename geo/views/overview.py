"""The overview: one measure by district as a map, its legend, its table and the main figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from geo.analysis.counting import classes, questions, stated
from geo.analysis.counting.classes import LONGEST_SHORT_PERIOD_YEARS, class_edges
from geo.analysis.counting.questions import MEASURES, Tally
from geo.analysis.counting.rates import FEWEST_FOR_A_RATE
from geo.analysis.counting.stated import Why
from geo.districts import SOUTHERN_PCODES, middle_year, population_note
from geo.filters import Filters
from geo.incidents import IncidentTable
from geo.shown_names import shown_name
from geo.sources import NO_RATE, SEAM
from geo.views import charts, figure_notes, filters, messages, palettes
from geo.views.class_legend import class_entries
from geo.views.layers import ChoroplethView, DistrictValue, Legend, LegendEntry
from geo.views.map import MapClick, page_theme
from geo.views.palettes import Theme
from geo.views.state import View
from geo.wording import N_, _, _n, format_date, format_list, format_number

_WITH_UNIT: dict[str, str] = {
    "per_100k": N_("{measure}, per 100,000 residents a year"),
    "per_1000_km2": N_("{measure}, per 1,000 km² a year"),
}


@dataclass(frozen=True, slots=True)
class DistrictMeasure:
    """One measure by district, ready to draw. Arrays have shape (districts,); NaN means no figure.

    is_stated: bool, whether the incidents of the district can tell the measure (`questions.stated_by_district`).
    states_target: the same for attacks on state forces: without a target no incident tells of police either.
    is_without_rate: a rate is asked for over a change of source, and no district has one. has_record: whether
    anything is recorded in the period.
    """

    measure: str
    normaliser: str
    tally: Tally
    values: NDArray[np.float64]
    classes: NDArray[np.int8]
    edges: tuple[float, ...]
    is_stated: NDArray[np.bool_]
    states_target: NDArray[np.bool_]
    is_without_rate: bool = False
    has_record: bool = True

    @property
    def label(self) -> str:
        """Measure and unit in words."""
        measure = _(MEASURES[self.measure])
        return measure if self.normaliser == "count" else _(_WITH_UNIT[self.normaliser], measure=measure)

    def is_few(self, i: int) -> bool:
        """Return whether district i has incidents, but too few for a rate: its class is the one above the edges."""
        return bool(self.classes[i] > len(self.edges))

    def is_ranked(self, i: int) -> bool:
        """Return whether district i has a figure above zero that may be compared with others."""
        return bool(self.classes[i] > 0) and not self.is_few(i)

    def why_missing(self, among: NDArray[np.bool_] | None = None) -> Why:
        """Return why districts have no figure. among: which of them are asked about, shape (districts,); None: all."""
        is_missing = ~self.is_stated if among is None else ~self.is_stated & among
        return stated.why_missing(self.measure, self.states_target[is_missing], has_record=self.has_record)

    @property
    def n_incidents(self) -> pd.arrays.IntegerArray:
        """Incidents of the measure by district; missing where attacks are, of which no incident can tell."""
        is_missing = ~self.is_stated & ((self.measure != "killed") | (not self.has_record))
        return pd.arrays.IntegerArray(self.tally.n_incidents.astype(np.int64), is_missing)

    @property
    def column(self) -> str:
        """The same in English, for the head of a column."""
        return _WITH_UNIT.get(self.normaliser, "{measure}").format(measure=MEASURES[self.measure])


def measure_by_district(view: View, measure: str, normaliser: str) -> DistrictMeasure:
    """Return the chosen measure for every district, whatever districts are chosen."""
    everywhere = view.filters.without_districts()
    tally = questions.by_district(view.table, everywhere, measure)
    values = classes.normalise(tally.value, normaliser, view.population, view.districts.area_km2, view.years)
    # Incidents that cannot tell the measure are no data, not zero.
    is_stated = questions.stated_by_district(view.table, everywhere, measure)
    values[~is_stated] = np.nan
    is_without_rate = normaliser != "count" and view.seam is not None
    if is_without_rate:
        values[:] = np.nan
    edges = class_edges(measure, normaliser, view.years)
    found = classes.bin_of(values, edges)
    if normaliser != "count":
        found[(found > 0) & (tally.n_incidents < FEWEST_FOR_A_RATE)] = len(edges) + 1
    states_target = questions.stated_by_district(view.table, everywhere, "security_attacks")
    has_record = figure_notes.has_record(view.table, everywhere)
    return DistrictMeasure(
        measure, normaliser, tally, values, found, edges, is_stated, states_target, is_without_rate, has_record
    )


def choropleth(view: View, result: DistrictMeasure, theme: Theme | None = None) -> ChoroplethView:
    """Return what the map draws: a legend entry and a hover card for each district. theme: that of the page if None."""
    theme = theme or page_theme()
    is_untold = not result.has_record or (result.measure == "police_attacks" and not result.is_stated.all())
    missing = _("no rate over a change of source") if result.is_without_rate else _("no data")
    missing = figure_notes.missing(result.why_missing()) if is_untold and not result.is_without_rate else missing
    entries = class_entries(
        result.edges, theme, is_count=result.normaliser == "count", missing=missing, none=_("none recorded")
    )
    if result.normaliser != "count":
        few = _("fewer than {n} incidents: number only", n=FEWEST_FOR_A_RATE)
        entries += (LegendEntry(few, palettes.GREYS[theme][1]),)
    notes = (
        view.period_label,
        _("Not located, not on the map: {n}", n=result.tally.not_located),
        _("Class limits are fixed, one scale up to {n} years and one for longer", n=LONGEST_SHORT_PERIOD_YEARS)
        if result.normaliser == "count"
        else _("Class limits are fixed"),
        *_population_notes(view, result),
        *_seam_notes(view, result),
        *_told_notes(view, result),
    )
    districts = tuple(
        # Classes run from -1 (no data), entries from 0.
        DistrictValue(pcode, int(result.classes[i]) + 1, _hover_lines(view, result, i))
        for i, pcode in enumerate(view.districts.pcodes)
    )
    badges = tuple(
        (pcode, int(result.tally.n_incidents[i])) for i, pcode in enumerate(view.districts.pcodes) if result.is_few(i)
    )
    legend = Legend(result.label, entries, notes)
    return ChoroplethView(legend, districts, view.filters.districts, badges=badges, badge_label=_("Incidents"))


def _told_notes(view: View, result: DistrictMeasure) -> tuple[str, ...]:
    if not result.is_stated.any():
        return ()
    return figure_notes.of_those_told(view.table, view.filters.without_districts(), result.measure)


def _population_notes(view: View, result: DistrictMeasure) -> tuple[str, ...]:
    if result.normaliser != "per_100k" or result.is_without_rate:
        return ()
    note = population_note(middle_year(*view.covered))
    return (str(note),) if note else ()


def _seam_notes(view: View, result: DistrictMeasure) -> tuple[str, ...]:
    if view.seam is None or result.is_without_rate:
        return ()
    return (_("Records of two sources: the source changes on {day}", day=format_date(view.seam, "short")),)


def _hover_lines(view: View, result: DistrictMeasure, i: int) -> tuple[tuple[str, str], ...]:
    tally = result.tally
    lines = [(result.label, value_text(result, i))]
    if result.normaliser != "count" and result.is_stated[i]:
        lines.append((_(MEASURES[result.measure]), format_number(tally.value[i])))
    if result.measure == "killed" and result.has_record:
        lines.append((_("Incidents"), format_number(tally.n_incidents[i])))
    if tally.n_unknown[i]:
        lines.append((_("Without a stated figure"), format_number(tally.n_unknown[i])))
    lines.append((_("Division"), shown_name(view.districts.divisions[i])))
    return tuple(lines)


def follow(click: MapClick) -> None:
    """Make a clicked district the choice of every page."""
    if click.pcode:
        filters.select_district(click.pcode)


def value_text(result: DistrictMeasure, i: int) -> str:
    """Return one district's value in words."""
    value = result.values[i]
    if result.is_without_rate:
        return _("no rate over a change of source")
    if np.isnan(value):
        of_one = np.arange(len(result.values)) == i
        why = Why.NO_FIGURE if result.is_stated[i] else result.why_missing(of_one)
        return figure_notes.missing(why)
    if result.is_few(i):
        return _n("{n} incident, too few for a rate", "{n} incidents, too few for a rate", result.tally.n_incidents[i])
    return format_number(value, 0 if result.normaliser == "count" else 2)


def table(view: View, result: DistrictMeasure) -> pd.DataFrame:
    """Return the map as a table, highest value first; a missing figure is an empty cell."""
    districts = view.districts
    frame = pd.DataFrame(
        {
            N_("District"): [districts.names[p] for p in districts.pcodes],
            N_("Division"): [shown_name(name) for name in districts.divisions],
            result.column: result.values,
            N_("Incidents of this kind"): result.n_incidents,
            N_("Without a stated figure"): result.tally.n_unknown,
            N_("P-code"): list(districts.pcodes),
        }
    )
    return frame.sort_values([result.column, "District"], ascending=[False, True], na_position="last")


def key_figures(view: View) -> None:
    """Draw the figures for the whole filter, with what each leaves out."""
    killed = questions.stated_total(view.table, view.filters, "killed")
    attacks, on_police = attacks_on_forces(view.table, view.filters)
    n, has_record = questions.shown(view.table, view.filters), figure_notes.has_record(view.table, view.filters)
    no_record = figure_notes.missing(Why.NO_RECORD)
    southern = np.isin(view.districts.pcodes, list(SOUTHERN_PCODES))
    incidents = questions.by_district(view.table, view.filters, "incidents").value
    recorded_help = _(
        "A summary row counts as the number of events it reports. Operations by state forces are included: to leave "
        "them out, use “Initiated by” in the sidebar. The south: Bannu and Dera Ismail Khan divisions."
    )
    attacks_help = _("Attacks on police, army and paramilitary forces. Operations by state forces are not counted.")
    killed_help = _("All sides, attackers included. A lower bound: reports without a figure add nothing.")
    figures(
        (
            (
                _("Recorded incidents"),
                n.n_shown if has_record else None,
                _("{n} in the south", n=incidents[southern].sum()) if has_record else no_record,
                recorded_help,
            ),
            (_("Attacks on state forces"), attacks, on_police, attacks_help),
            (_("People reported killed"), killed, killed_note(view, view.filters), killed_help),
            (
                _("Districts with a record"),
                (incidents > 0).sum() if has_record else None,
                _("of {n}; {not_located} not located", n=len(incidents), not_located=n.n_not_located)
                if has_record
                else no_record,
                "",
            ),
        )
    )


def attacks_on_forces(table: IncidentTable, filters: Filters) -> tuple[int | None, str]:
    """Return how many attacks on state forces a filter keeps, and a note of those on police; None: not stated."""
    attacks = questions.stated_total(table, filters, "security_attacks")
    return attacks, figure_notes.on_police(table, filters)


def killed_note(view: View, local: Filters) -> str:
    """Return on which sides the people reported killed were, and how many incidents state no figure."""
    n_unknown = questions.total(view.table, local, "killed")[1]
    parts = (figure_notes.sides(view.table, local), no_toll(n_unknown) if n_unknown else "")
    return _("; ").join(part for part in parts if part)


def toll_sentence(view: View, local: Filters, sentence: str) -> str:
    """Return how many people were reported killed in a sentence with {killed} and {sides}, or that no incident says."""
    killed = questions.stated_total(view.table, local, "killed")
    if killed is None:
        return _("No incident states how many people were killed.")
    return _(sentence, killed=killed, sides=killed_note(view, local))


def no_toll(n: int) -> str:
    """Return how many incidents state no figure of people killed."""
    return _n("{n} incident states no figure", "{n} incidents state no figure", n)


def figures(rows: Sequence[tuple[str, int | None, str, str]]) -> None:
    """Draw headline figures (label, value, note, help) in a row that wraps on narrow screens; None: not stated."""
    with st.container(horizontal=True, gap="small"):
        for label, value, note, explanation in rows:
            st.metric(
                label,
                _("not stated") if value is None else format_number(value),
                delta=note or None,
                delta_color="off",
                delta_arrow="off",
                border=True,
                help=explanation or None,
            )


def side_panel(view: View, result: DistrictMeasure, n_rows: int = 10) -> None:
    """Draw what stands beside the map: the main figures and the highest districts."""
    key_figures(view)
    if result.is_without_rate:
        _ask_for_one_side(view)
        return
    frame = table(view, result).dropna(subset=[result.column])
    top = frame[frame[result.column] > 0].head(n_rows).rename(columns={"District": "name", result.column: "value"})
    if not result.is_stated.any():
        st.info(_("{measure}: {missing}.", measure=result.label, missing=figure_notes.missing(result.why_missing())))
        return
    if top.empty:
        messages.nothing_shown()
        return
    title = _("Highest: {measure}", measure=result.label)
    charts.ranked_bars(top[["name", "value"]], title, is_count=result.normaliser == "count")
    if view.filters.districts:
        names = format_list([view.districts.names[pcode] for pcode in view.filters.districts])
        st.markdown(_("Chosen: **{districts}**", districts=names))
        st.button(_("Show all districts"), on_click=filters.select_district, args=(None,))
    else:
        st.caption(_("Click a district to look at it here and on every page."))


def _ask_for_one_side(view: View) -> None:
    """Say why there is no rate, and offer the two parts of the period that have one."""
    st.info(_(NO_RATE))
    before, after = SEAM - timedelta(days=1), SEAM
    with st.container(horizontal=True, gap="small"):
        st.button(
            _("To {day}", day=format_date(before, "short")),
            on_click=messages.guarded(filters.choose_period),
            args=(view.first, before, view.table),
        )
        st.button(
            _("From {day}", day=format_date(after, "short")),
            on_click=messages.guarded(filters.choose_period),
            args=(after, view.last, view.table),
        )


def how_to_read() -> str:
    """Return what the map shows and what it cannot show, as Markdown."""
    return _(
        "The outlined Bannu and Dera Ismail Khan divisions contain the southern districts that press reports of "
        "2022-2025 describe as no-go areas for police. {nature}",
        nature=_(messages.NATURE_OF_THE_DATA),
    )

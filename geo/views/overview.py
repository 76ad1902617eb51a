"""The overview: one measure by district as a map, its legend, its table and the figures beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from geo.analysis.counting import classes, questions
from geo.analysis.counting.classes import BIN_EDGES, NORMALISERS
from geo.analysis.counting.questions import MEASURES, Tally
from geo.districts import SOUTHERN_PCODES
from geo.schema import SOURCES
from geo.views import charts, filters, messages, palettes
from geo.views.layers import ChoroplethView, DistrictValue, Legend, LegendEntry
from geo.views.map import MapClick, page_theme
from geo.views.palettes import Theme
from geo.views.state import View

_FIGURE_HELP: dict[str, str] = {
    "Recorded incidents": "Summary rows count the events they stand for. Operations by state forces are among them: "
    "choose in the sidebar who began. The south: Bannu and D. I. Khan divisions.",
    "Attacks on state forces": "Attacks on police, army and paramilitary forces. "
    "Operations begun by the state are not counted.",
    "People reported killed": "All sides, attackers included. A lower bound: reports without a figure add nothing.",
}


@dataclass(frozen=True, slots=True)
class DistrictMeasure:
    """One measure by district, ready to draw. Arrays have shape (districts,); NaN means no figure."""

    measure: str
    normaliser: str
    tally: Tally
    values: NDArray[np.float64]
    classes: NDArray[np.int8]

    @property
    def label(self) -> str:
        """Measure and unit in words."""
        unit = NORMALISERS[self.normaliser]
        return MEASURES[self.measure] + ("" if self.normaliser == "count" else f", {unit[0].lower()}{unit[1:]}")


def measure_by_district(view: View, measure: str, normaliser: str) -> DistrictMeasure:
    """Return the chosen measure for every district, whatever districts are chosen."""
    everywhere = view.filters.without_districts()
    tally = questions.by_district(view.table, everywhere, measure)
    values = classes.normalise(tally.value, normaliser, view.population, view.districts.area_km2, view.years)
    # Incidents without any stated toll are no data, not zero.
    values[(tally.n_incidents > 0) & (tally.n_unknown == tally.n_incidents) & (tally.value == 0)] = np.nan
    is_empty = questions.total(view.table, everywhere, "incidents")[0] == 0
    if is_empty and not questions.covers(view.table, view.first, view.last):
        values[:] = np.nan
    return DistrictMeasure(measure, normaliser, tally, values, classes.bin_of(values, BIN_EDGES[measure, normaliser]))


def choropleth(view: View, result: DistrictMeasure, theme: Theme | None = None) -> ChoroplethView:
    """Return what the map draws: a legend entry and a hover card for each district. theme: that of the page if None."""
    edges = BIN_EDGES[result.measure, result.normaliser]
    theme = theme or page_theme()
    labels = classes.bin_labels(edges, is_count=result.normaliser == "count")
    colours = palettes.sequential(len(edges), theme)
    entries = (
        LegendEntry("no data", palettes.no_data(theme), is_hatched=True),
        LegendEntry("none recorded", palettes.zero(theme)),
        *(LegendEntry(str(label), colour) for label, colour in zip(labels, colours, strict=True)),
    )
    notes = (
        f"{view.period_label}",
        f"Not located, not on the map: {result.tally.not_located:,}",
        "Class limits are fixed",
    )
    districts = tuple(
        # Classes run from -1 (no data), entries from 0.
        DistrictValue(pcode, int(result.classes[i]) + 1, _hover_lines(view, result, i))
        for i, pcode in enumerate(view.districts.pcodes)
    )
    return ChoroplethView(Legend(result.label, entries, notes), districts, view.filters.districts)


def _hover_lines(view: View, result: DistrictMeasure, i: int) -> tuple[tuple[str, str], ...]:
    tally = result.tally
    lines = [(result.label, value_text(result, i))]
    if result.normaliser != "count":
        lines.append((MEASURES[result.measure], f"{tally.value[i]:,}"))
    if result.measure == "killed":
        lines.append(("Incidents", f"{tally.n_incidents[i]:,}"))
    if tally.n_unknown[i]:
        lines.append(("Without a stated figure", f"{tally.n_unknown[i]:,}"))
    lines.append(("Division", view.districts.divisions[i]))
    return tuple(lines)


def follow(click: MapClick) -> None:
    """Make a clicked district the choice of every page."""
    if click.pcode:
        filters.select_district(click.pcode)


def value_text(result: DistrictMeasure, i: int) -> str:
    """Return one district's value in words."""
    value = result.values[i]
    if np.isnan(value):
        return "no figure stated"
    return f"{value:,.0f}" if result.normaliser == "count" else f"{value:,.2f}"


def table(view: View, result: DistrictMeasure) -> pd.DataFrame:
    """Return the map as a table, highest value first; a missing figure is an empty cell."""
    districts = view.districts
    frame = pd.DataFrame(
        {
            "District": [districts.names[p] for p in districts.pcodes],
            "Division": list(districts.divisions),
            result.label: result.values,
            "Incidents of this kind": result.tally.n_incidents,
            "Without a stated figure": result.tally.n_unknown,
            "P-code": list(districts.pcodes),
        }
    )
    return frame.sort_values([result.label, "District"], ascending=[False, True], na_position="last")


def table_notes(view: View, result: DistrictMeasure) -> tuple[str, ...]:
    """Return what a downloaded table must say about itself."""
    n = questions.shown(view.table, view.filters.without_districts())
    return (
        f"KP Incident Atlas: {result.label}, {view.period_label}",
        f"{n.n_shown:,} of {n.n_total:,} incidents, {n.n_not_located:,} not located, {n.n_outside:,} outside",
        *(f"Source: {SOURCES[source].credit}" for source in view.table.sources),
        messages.NATURE_OF_THE_DATA,
    )


def headline(view: View) -> None:
    """Draw the figures for the whole filter, with what each leaves out."""
    killed, n_unknown = questions.total(view.table, view.filters, "killed")
    attacks, _ = questions.total(view.table, view.filters, "security_attacks")
    on_police, _ = questions.total(view.table, view.filters, "police_attacks")
    n = questions.shown(view.table, view.filters)
    southern = np.isin(view.districts.pcodes, list(SOUTHERN_PCODES))
    incidents = questions.by_district(view.table, view.filters, "incidents").value
    figures(
        (
            ("Recorded incidents", n.n_shown, f"{incidents[southern].sum():,} in the south"),
            ("Attacks on state forces", attacks, f"{on_police:,} on police"),
            ("People reported killed", killed, f"{n_unknown:,} incidents state no figure"),
            ("Districts with a record", (incidents > 0).sum(), f"of {len(incidents)}; {n.n_not_located:,} not located"),
        )
    )


def figures(rows: Sequence[tuple[str, int, str]]) -> None:
    """Draw headline figures (label, value, note) in a row that wraps on narrow screens."""
    with st.container(horizontal=True, gap="small"):
        for label, value, note in rows:
            st.metric(
                label,
                f"{int(value):,}",
                delta=note or None,
                delta_color="off",
                delta_arrow="off",
                border=True,
                help=_FIGURE_HELP.get(label),
            )


def side_panel(view: View, result: DistrictMeasure, n_rows: int = 12) -> None:
    """Draw the districts with the highest values and how precisely places are known."""
    frame = table(view, result).dropna(subset=[result.label])
    top = frame[frame[result.label] > 0].head(n_rows).rename(columns={"District": "name", result.label: "value"})
    st.markdown(f"**Highest recorded: {result.label.lower()}**")
    if top.empty:
        messages.nothing_shown()
    else:
        charts.ranked_bars(top[["name", "value"]], result.label, is_count=result.normaliser == "count")
    if view.filters.districts:
        names = ", ".join(view.districts.names[pcode] for pcode in view.filters.districts)
        st.markdown(f"Chosen: **{names}**")
        st.button("Show all districts", on_click=filters.select_district, args=(None,))
    else:
        st.caption("Click a district on the map, or choose one in the sidebar, to follow it on every page.")

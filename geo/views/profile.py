"""Districts: the ranked table and the profile of one district."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import streamlit as st

from geo.analysis.counting import classes, questions
from geo.districts import SOUTHERN_PCODES
from geo.filters import Filters
from geo.incidents import Mask, select
from geo.schema import ATTACK_TYPES, GEO_PRECISIONS, SOURCES, TARGET_TYPES
from geo.views import charts, filters, overview, tables
from geo.views.incident_text import date_text, figure_text, merged_text, web_address
from geo.views.map import MapClick
from geo.views.state import View

SORTS: dict[str, str] = {
    "incidents": "Incidents",
    "security_attacks": "Attacks on police and security forces",
    "police_attacks": "Attacks on police",
    "killed": "People killed",
    "per_100k": "Incidents per 100,000 residents a year",
    "name": "Name",
}
_SELECTED_ROW = "districts_table"
_CLICKED = "points_clicked"


def ranking(view: View, sort: str) -> pd.DataFrame:
    """Return one row a district with the main figures and the yearly series, sorted."""
    districts = view.districts
    everywhere = view.filters.without_districts()
    tallies = {measure: questions.by_district(view.table, everywhere, measure) for measure in questions.MEASURES}
    rate = classes.normalise(
        tallies["incidents"].value,
        "per_100k",
        view.population,
        districts.area_km2,
        view.years,
    )
    frame = pd.DataFrame(
        {
            "pcode": list(districts.pcodes),
            "name": [districts.names[p] for p in districts.pcodes],
            "division": list(districts.divisions),
            "is_southern": [p in SOUTHERN_PCODES for p in districts.pcodes],
            **{measure: tally.value for measure, tally in tallies.items()},
            "n_unknown": tallies["killed"].n_unknown,
            "per_100k": rate,
            "by_year": _yearly_series(view),
        }
    )
    ascending = sort == "name"
    return frame.sort_values([sort, "name"], ascending=[ascending, True], ignore_index=True)


def _yearly_series(view: View) -> list[list[int]]:
    years = range(view.first.year, view.last.year + 1)
    found = questions.by_two(view.table, view.filters.without_districts(), "incidents", "district", "year")
    return [[found.get((code, year), 0) for year in years] for code in range(len(view.districts.pcodes))]


def ranked_table(frame: pd.DataFrame) -> None:
    """Draw the ranking; choosing a row chooses the district on every page."""
    config: dict[str, Any] = {
        "name": st.column_config.TextColumn("District", pinned=True),
        "division": "Division",
        "incidents": st.column_config.ProgressColumn(
            "Incidents", format="%d", min_value=0, max_value=int(max(frame["incidents"].max(), 1))
        ),
        "security_attacks": st.column_config.NumberColumn(
            "On state forces", help="Attacks on police and security forces"
        ),
        "police_attacks": st.column_config.NumberColumn("On police"),
        "killed": st.column_config.NumberColumn("Killed", help="People reported killed, a lower bound"),
        "n_unknown": st.column_config.NumberColumn(
            "No toll stated", help="Incidents that state no figure of people killed"
        ),
        "per_100k": st.column_config.NumberColumn("Per 100,000 a year", format="%.2f"),
        "by_year": st.column_config.BarChartColumn("By year", y_min=0),
    }
    st.dataframe(
        frame,
        column_config=config,
        column_order=list(config),
        hide_index=True,
        height=560,
        width="stretch",
        key=_SELECTED_ROW,
        selection_mode="single-row",
        on_select=lambda: _follow_row(list(frame["pcode"])),
        alt="Districts with recorded incidents, attacks, people killed and rate, ranked",
    )
    export = frame.drop(columns=["by_year", "is_southern"])
    tables.download(export, "district-ranking")


def _follow_row(pcodes: list[str]) -> None:
    rows = st.session_state[_SELECTED_ROW]["selection"]["rows"]
    filters.select_district(pcodes[rows[0]] if rows else None)


def draw(view: View, pcode: str) -> None:
    """Draw the profile of one district."""
    i = view.districts.pcodes.index(pcode)
    local = replace(view.filters, districts=(pcode,))
    here = select(view.table, local)
    st.subheader(view.districts.names[pcode], anchor=False)
    _facts(view, pcode, i)
    if not here.any():
        st.info("No incident is recorded here under these filters. That does not mean that nothing happened.")
        return
    _figures(view, local)
    days, sums = questions.by_time(view.table, local, "incidents", view.first, view.last, "year")
    charts.time_bars(days, sums, "Incidents", "year", view.last, height=160)
    attacks, targets = st.tabs(["Attack types", "Targets"])
    with attacks:
        charts.ranked_bars(_by_vocabulary(view, local, "attack_type", ATTACK_TYPES), "Incidents")
    with targets:
        charts.ranked_bars(_by_vocabulary(view, local, "target_type", TARGET_TYPES), "Incidents")
    _precision(view, local, here)
    recent_incidents(view, here)


def _facts(view: View, pcode: str, i: int) -> None:
    district = view.districts.attributes[pcode]
    former = "; part of the former tribal areas until 2018" if district.is_former_fata else ""
    st.caption(
        f"{pcode}, {district.division} division, headquarters {district.headquarters}{former}. "
        f"{district.population_2023:,} residents (census 2023), {view.districts.area_km2[i]:,.0f} km2."
    )


def _figures(view: View, local: Filters) -> None:
    killed, n_unknown = questions.total(view.table, local, "killed")
    overview.figures(
        (
            ("Incidents", questions.total(view.table, local, "incidents")[0], ""),
            ("On state forces", questions.total(view.table, local, "security_attacks")[0], ""),
            ("Killed", killed, f"{n_unknown:,} state no figure"),
        )
    )


def _by_vocabulary(view: View, local: Filters, column: str, words: dict[str, str]) -> pd.DataFrame:
    values = questions.by_column(view.table, local, "incidents", column)
    frame = pd.DataFrame({"name": list(words.values()), "value": values})
    return frame[frame["value"] > 0].nlargest(8, "value")


def _precision(view: View, local: Filters, here: Mask) -> None:
    n = questions.by_column(view.table, local, "incidents", "geo_precision")
    parts = [f"{label}: {int(k):,}" for label, k in zip(GEO_PRECISIONS.values(), n, strict=True) if k]
    st.caption("How well the place is known. " + "; ".join(parts) + ".")

    rows = view.table.details.filter(pa.array(here))
    names = pc.value_counts(rows["district_reported"].drop_null()).to_pylist()
    own = {name["values"]: name["counts"] for name in names}
    if len(own) > 1:
        st.caption("Names used in the sources: " + ", ".join(f"{k} ({v})" for k, v in sorted(own.items())) + ".")
    n_conflicts = int(pc.sum(rows["is_district_conflict"]).as_py() or 0)
    if n_conflicts:
        st.caption(
            f"{n_conflicts} of these lie in another district by their coordinates, or state a P-code that is not that "
            "of the name; what is stated counts, the P-code first."
        )


def recent_incidents(view: View, here: Mask, n_rows: int = 50) -> None:
    """Offer the latest incidents as a table; sources whose licence forbids it are left out."""
    frame = incident_rows(view, here, n_rows)
    with st.expander(f"The latest {len(frame):,} incidents"):
        _show_rows(frame)


def clicked_incidents(view: View, click: MapClick | None) -> None:
    """Show the incidents of the point clicked last, where the map could not hold their texts."""
    if click is not None and click.positions:
        st.session_state[_CLICKED] = (view.table.version, click.positions)
    version, positions = st.session_state.get(_CLICKED, ("", ()))
    if version == view.table.version and positions:
        here = np.zeros(len(view.table), dtype=bool)
        here[list(positions)] = True
        st.markdown("**Incidents of the chosen point**")
        _show_rows(incident_rows(view, here, len(positions)))


def _show_rows(frame: pd.DataFrame) -> None:
    st.dataframe(
        frame,
        hide_index=True,
        width="stretch",
        column_config={"Source": st.column_config.LinkColumn("Source", display_text="open")},
    )


def incident_rows(view: View, here: Mask, n_rows: int) -> pd.DataFrame:
    """Return the latest incidents in words, newest first, as far as licences allow rows to be shown."""
    table = view.table
    allowed = np.array([SOURCES[s].may_show_rows if s in SOURCES else False for s in table.sources], dtype=bool)
    places = np.flatnonzero(here & allowed[table.source])
    places = places[np.argsort(-table.day[places], kind="stable")][:n_rows]
    details = table.details.take(places).to_pylist()
    attacks, targets = list(ATTACK_TYPES.values()), list(TARGET_TYPES.values())
    frame = pd.DataFrame(
        {
            "Date": [date_text(table, int(k)) for k in places],
            "Place": [row["place"] or "" for row in details],
            "Type": [attacks[table.attack_type[k]] for k in places],
            "Target": [targets[table.target_type[k]] for k in places],
            "Group": [row["group_reported"] or "not stated" for row in details],
            "Killed": [figure_text(int(table.killed_best[k])) for k in places],
            "Injured": [figure_text(int(table.injured[k])) for k in places],
            "Source": [web_address(row["source_url"]) for row in details],
        }
    )
    if (table.n_members[places] > 1).any():
        frame["Told by"] = [merged_text(row["member_sources"]) for row in details]
    return frame

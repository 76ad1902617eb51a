"""Districts: the ranked table and the profile of one district."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import streamlit as st

from geo import districts as geo_districts
from geo.analysis.counting import classes, questions
from geo.analysis.locating.near_border import across_border
from geo.filters import Filters
from geo.incidents import NOT_LOCATED, Mask, has_place, select
from geo.policy import rows_shown
from geo.schema import ATTACK_TYPES, GEO_PRECISIONS, TARGET_TYPES
from geo.shown_names import local_names, shown_name
from geo.sources import NO_RATE
from geo.text import markdown_text
from geo.views import address, charts, figure_notes, overview, tables
from geo.views.state import View
from geo.wording import N_, _, _n, format_date, format_list, words

_MOST_BARS = 20
_DASHES = N_(
    "– is not zero: the incidents there state no figure or no target, or come from a source that does not distinguish "
    "police from other state forces, or nothing at all is recorded in the period."
)
SORTS: dict[str, str] = {
    **questions.MEASURES,
    "per_100k": N_("Incidents per 100,000 residents a year"),
    "name": N_("Name"),
}


def ranking(view: View, sort: str) -> pd.DataFrame:
    """Return one row a district with the main figures and the yearly series, sorted; missing figures come last."""
    districts = view.districts
    everywhere = view.filters.without_districts()
    tallies = {measure: questions.by_district(view.table, everywhere, measure) for measure in questions.MEASURES}
    recorded = tallies["incidents"].value
    rate = classes.normalise(recorded, "per_100k", view.population, districts.area_km2, view.years)
    if view.seam is not None or not figure_notes.has_record(view.table, everywhere):
        rate[:] = np.nan
    frame = pd.DataFrame(
        {
            "pcode": list(districts.pcodes),
            "name": [districts.names[p] for p in districts.pcodes],
            "division": [shown_name(name) for name in districts.divisions],
            **{
                measure: pd.arrays.IntegerArray(
                    tally.value.astype(np.int64), ~questions.stated_by_district(view.table, everywhere, measure)
                )
                for measure, tally in tallies.items()
            },
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
    """Draw the ranking; choosing a row chooses the district on every page. The widths fit beside the profile."""
    column = st.column_config
    has_rates = not frame["per_100k"].isna().all()
    # Bars of more years than these would be thinner than they can be drawn.
    by_year = column.BarChartColumn if frame["by_year"].map(len).max() <= _MOST_BARS else column.AreaChartColumn
    columns: dict[str, Any] = {
        "name": column.TextColumn(_("District"), pinned=True, width=130),
        "incidents": column.ProgressColumn(
            _("Incidents"),
            format="%d",
            min_value=0,
            max_value=int(max(frame["incidents"].fillna(0).max(), 1)),
            width=125,
        ),
        "security_attacks": column.NumberColumn(
            _("On state forces"), help=_("Attacks on police and security forces"), width=100
        ),
        "police_attacks": column.NumberColumn(_("On police"), width=70),
        "killed": column.NumberColumn(_("Killed"), help=_("People reported killed, a lower bound"), width=60),
        "per_100k": column.NumberColumn(_("Per 100,000 a year"), format="%.2f", width=120),
        "by_year": by_year(_("By year"), y_min=0, width=80),
    }
    if not has_rates:
        del columns["per_100k"]
    alt = _("Districts with recorded incidents, attacks, people killed and rate, ranked")
    tables.choose_district(frame, columns, "districts_table", alt)
    if not has_rates and frame["incidents"].notna().any():
        st.caption(_(NO_RATE))
    if frame[list(questions.MEASURES)].isna().any(axis=None):
        st.caption(_(_DASHES))


def draw(view: View, pcode: str) -> Mask:
    """Draw the profile of one district; returns which incidents of the view are in it: bool, shape (n,)."""
    i = view.districts.pcodes.index(pcode)
    local = replace(view.filters, districts=(pcode,))
    here = select(view.table, local)
    st.header(view.districts.names[pcode], anchor=False)
    facts(view, pcode, i)
    label = _("All that is recorded of {district}", district=view.districts.names[pcode])
    st.page_link("pages/district.py", label=label, query_params=address.query_of_district(pcode))
    if not here.any():
        st.info(_("No incident is recorded here under these filters. That does not mean that nothing happened."))
        return here
    figures(view, local)
    days, sums = questions.by_time(view.table, local, "incidents", view.first, view.last, "year")
    incidents = _("Incidents")
    charts.time_bars(days, sums, incidents, _("Incidents by year"), "year", *view.covered, seam=view.seam, height=160)
    attacks, targets = st.tabs([_("Attack types"), _("Targets")])
    with attacks:
        charts.ranked_bars(by_vocabulary(view, local, "attack_type", ATTACK_TYPES), incidents, key="by_attack")
    with targets:
        charts.ranked_bars(by_vocabulary(view, local, "target_type", TARGET_TYPES), incidents, key="by_target")
    precision(view, local, here)
    return here


def facts(view: View, pcode: str, i: int) -> None:
    """Draw what the unit is: code, division, residents, area, names, units before and inside it. i: its position."""
    district = view.districts.attributes[pcode]
    facts = _(
        "{pcode}, {division} division, headquarters {headquarters}. {residents} residents (census 2023), {area} km².",
        pcode=pcode,
        division=shown_name(district.division),
        headquarters=shown_name(district.headquarters),
        residents=district.population_2023,
        area=round(view.districts.area_km2[i]),
    )
    former = _("Part of the former tribal areas until 2018.") if district.is_former_fata else ""
    names = _in_urdu_and_pashto(*local_names()[pcode])
    st.caption(" ".join(filter(None, (facts, former, names))))
    _other_units(pcode)


def _other_units(pcode: str) -> None:
    """Say which units came before the district, and which newer ones lie in it and are counted here."""
    units = geo_districts.other_units().get(pcode, ())
    before = [_("{unit} (until {end})", unit=unit.name, end=_end(unit.until)) for unit in units if not unit.since]
    if before:
        st.caption(_("Predecessors: {units}.", units=format_list(before)))
    newer = [
        _(
            "{unit}, notified on {day}. {names}",
            unit=unit.name,
            day=format_date(unit.since, "day"),
            names=_in_urdu_and_pashto(unit.name_ur, unit.name_ps),
        )
        for unit in units
        if unit.since
    ]
    if newer:
        lines = [_("Newer districts inside it, counted here:"), "", *(f"- {line}" for line in newer)]
        st.caption("\n".join(lines))


def _end(until: str) -> str:
    """Return "2018-05" as a month; a year alone stays as it is."""
    return format_date(date.fromisoformat(f"{until}-01"), "month") if "-" in until else until


def _in_urdu_and_pashto(urdu: str, pashto: str) -> str:
    """Return both names, each isolated: a script from right to left does not change the order of its neighbours."""
    return _("Urdu: {urdu}. Pashto: {pashto}.", urdu=f"\u2068{urdu}\u2069", pashto=f"\u2068{pashto}\u2069")


def figures(view: View, local: Filters) -> None:
    """Draw the headline figures of a district. local: the filter narrowed to it."""
    killed, n_unknown = (
        questions.stated_total(view.table, local, "killed"),
        questions.total(view.table, local, "killed")[1],
    )
    attacks, on_police = overview.attacks_on_forces(view.table, local)
    overview.figures(
        (
            (_("Incidents"), questions.stated_total(view.table, local, "incidents"), "", ""),
            (_("On state forces"), attacks, on_police if attacks is None else "", ""),
            (_("Killed"), killed, overview.no_toll(n_unknown), ""),
        )
    )


def by_vocabulary(view: View, local: Filters, column: str, vocabulary: dict[str, str]) -> pd.DataFrame:
    """Return the most frequent words of a column, as columns name and value for ranked bars."""
    values = questions.by_column(view.table, local, "incidents", column)
    frame = pd.DataFrame({"name": list(words(vocabulary).values()), "value": values})
    return frame[frame["value"] > 0].nlargest(8, "value")


def precision(view: View, local: Filters, here: Mask) -> None:
    """Draw how precisely places are known, names used in the sources, disagreements, and points near a border."""
    n = questions.by_column(view.table, local, "incidents", "geo_precision")
    labels = words(GEO_PRECISIONS).values()
    parts = [_("{label}: {n}", label=label, n=k) for label, k in zip(labels, n, strict=True) if k]
    st.caption(_("How precisely the place is known. {figures}.", figures=_("; ").join(parts)))

    # What only the point or the words of a row tell is said of sources whose rows may be shown, whoever reads: the
    # filter can keep a single row.
    is_open = here & rows_shown(view.table.sources)[view.table.source]
    rows = view.table.details.filter(pa.array(is_open))
    found = pc.value_counts(rows["district_reported"].drop_null()).to_pylist()
    names = sorted(f"{name['values']} ({name['counts']})" for name in found)
    if len(names) > 1:
        st.caption(_("Names used in the sources: {names}.", names=markdown_text(", ".join(names))))
    n_conflicts = int(pc.sum(rows["is_district_conflict"]).as_py() or 0)
    if n_conflicts:
        st.caption(
            _n(
                "For {n} of these, the coordinates or the P-code point to a district other than the one named in the "
                "report. It is counted by the stated P-code, or else by the stated name.",
                "For {n} of these, the coordinates or the P-code point to a district other than the one named in the "
                "report. They are counted by the stated P-code, or else by the stated name.",
                n_conflicts,
            )
        )
    _near_border(view, is_open & has_place(view.table))


def _near_border(view: View, here: Mask) -> None:
    """State how many points of a mask lie so close to another district that their coordinates do not decide."""
    table = view.table
    other = across_border(table.lon[here], table.lat[here], table.district[here], view.districts)
    n_by_district = np.bincount(other[other != NOT_LOCATED], minlength=len(table.pcodes))
    n = int(n_by_district.sum())
    if n:
        names = _(", ").join(
            f"{view.districts.names[table.pcodes[i]]} ({n_by_district[i]})" for i in np.flatnonzero(n_by_district)
        )
        st.caption(
            _n(
                "The point of {n} of these lies within 2 km of another district: {names}. Outlines are simplified, so "
                "its coordinates alone do not prove the district.",
                "The points of {n} of these lie within 2 km of another district: {names}. Outlines are simplified, so "
                "their coordinates alone do not prove the district.",
                n,
                names=names,
            )
        )

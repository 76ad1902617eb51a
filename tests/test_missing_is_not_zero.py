"""Missing is not zero: where no source tells police apart, or no report states a figure, nothing says 0 or "none"."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest

from geo import districts as geo_districts
from geo.analysis.counting import compare, compare_places, district_record, questions
from geo.analysis.counting.compare import Period
from geo.export.columns import DISTRICTS, INCIDENTS
from geo.export.notes import notes_of
from geo.export.rows import table_of
from geo.export.view_settings import ViewSettings
from geo.figure.charts import draw
from geo.filters import Filters
from geo.incidents import IncidentTable, build
from geo.views import figure_notes, headline, one_file, overview, profile, timeline, trends
from geo.views.sheets import brief_answer
from geo.views.sheets.choose import sheet_of
from geo.views.sheets.shown import FigureView, shown_text
from geo.views.state import View
from tests.figure.toy_view import LOOKUPS, VERSION
from tests.toy import row, table
from tests.toy_export import exported

ATLAS = geo_districts.load()
BANNU, TANK, SWAT, ABBOTTABAD = (ATLAS.pcodes.index(pcode) for pcode in ("PK503", "PK533", "PK532", "PK501"))
MIXED = Filters(sources="merged")
NOT_TOLD = "not distinguished by the source"


def ucdp(n: int, year: int, pcode: str, **cells: Any) -> dict[str, Any]:
    return row(n, source="ucdp_ged", pcode=pcode, day=date(year, 3, 1), target_type="other_state_force", **cells)


def register(n: int, year: int, pcode: str, target: str = "police", **cells: Any) -> dict[str, Any]:
    return row(n, source="register", pcode=pcode, day=date(year, 3, 1), target_type=target, **cells)


def incidents(*rows: dict[str, Any]) -> IncidentTable:
    return build({"1": table(*rows)}, ATLAS.pcodes, "v")


# UCDP alone: two districts, two years. Mixed: Bannu has rows of both, Tank of UCDP only, Swat of the register only.
OLD = incidents(ucdp(1, 2010, "PK503", killed_best=3), ucdp(2, 2011, "PK533", killed_best=1))
BOTH = incidents(
    ucdp(1, 2020, "PK503", killed_best=3),
    ucdp(2, 2020, "PK533", killed_best=1),
    register(3, 2022, "PK503", killed_best=0),
    register(4, 2023, "PK532", "army"),
)


def view(shown: IncidentTable, filters: Filters = MIXED) -> View:
    return View.of(shown, ATLAS, filters)


def drawn(shown: IncidentTable, page: str = "overview", **options: str) -> FigureView:
    settings = ViewSettings(filters=MIXED, page=page, options=options, data_version=VERSION.code)
    return FigureView(view(shown), settings, VERSION, LOOKUPS, {"1": "own.csv"})


def known(values: Any) -> list[Any]:
    """Return the figures of Bannu, Tank, Swat and Abbottabad, None where they are missing."""
    return [None if pd.isna(values[i]) else float(values[i]) for i in (BANNU, TANK, SWAT, ABBOTTABAD)]


def test_a_merged_incident_that_names_the_police_tells_it_whatever_its_source() -> None:
    named = incidents(row(1, source="ucdp_ged", pcode="PK503", target_type="police", initiator="militant"))
    assert questions.is_stated(named, MIXED, "police_attacks")
    assert questions.total(named, MIXED, "police_attacks")[0] == 1


def test_the_filter_of_fatal_incidents_says_how_many_it_drops_that_state_no_toll() -> None:
    """Of the four rows of both sources one says that nobody was killed, and one says nothing."""
    fatal = Filters(sources="merged", fatal_only=True)
    assert questions.shown(BOTH, fatal).n_no_toll == 1
    assert questions.shown(BOTH, MIXED).n_no_toll == 0
    said = "1 that states no toll, left out with those in which nobody was killed"
    assert said in shown_text(view(BOTH, fatal))
    assert said in " ".join(notes_of(exported(BOTH, fatal), INCIDENTS).left_out)


@pytest.mark.parametrize("per", ["count", "per_1000_km2"])
def test_the_map_has_no_zero_where_the_source_cannot_tell(per: str) -> None:
    old, both = (overview.measure_by_district(view(shown), "police_attacks", per) for shown in (OLD, BOTH))
    assert np.isnan(old.values).all()
    if per == "count":
        assert known(both.values) == [1, None, 0, 0]
        assert known(both.n_incidents) == [1, None, 0, 0]
    for result in (old, both):
        drawn_map = overview.choropleth(view(OLD if result is old else BOTH), result, "light")
        entry = next(one.entry for one in drawn_map.districts if one.pcode == "PK533")
        legend = drawn_map.legend.entries[entry]
        assert (legend.is_hatched, entry) == (True, 0)
        if not result.is_without_rate:
            assert legend.label == NOT_TOLD
            lines = dict(next(one.lines for one in drawn_map.districts if one.pcode == "PK533"))
            assert NOT_TOLD in lines.values()
            assert "0" not in lines.values()


def test_the_sentence_above_the_map_says_what_is_not_known() -> None:
    old, both = (
        headline.highest(view(s), overview.measure_by_district(view(s), "police_attacks", "count")) for s in (OLD, BOTH)
    )
    assert "not known, because the source does not distinguish police" in old
    assert "none recorded" not in old
    assert both.endswith("No figure is known for 1 district.")
    chosen = view(BOTH, Filters(sources="merged", districts=("PK533",)))
    result = overview.measure_by_district(chosen, "police_attacks", "count")
    assert headline.highest(chosen, result).startswith(f"**Tank**: {NOT_TOLD} (")


def test_exported_districts_have_an_empty_cell() -> None:
    (found,) = table_of(exported(BOTH, MIXED, measure="police_attacks"), DISTRICTS).batches()
    for name in ("police_attacks", "value", "n_value"):
        assert known(found[name].to_pylist()) == [1, None, 0, 0], name
    (old,) = table_of(exported(OLD, MIXED, measure="police_attacks"), DISTRICTS).batches()
    assert old["police_attacks"].null_count == len(ATLAS.pcodes)
    assert old["security_attacks"].null_count == 0


def test_bars_of_time_leave_out_years_that_cannot_be_told() -> None:
    days, values = questions.told_by_time(BOTH, MIXED, "police_attacks", date(2020, 1, 1), date(2023, 12, 31), "year")
    assert values == [None, None, 1, 0]
    assert trends.notes(view(BOTH), "police_attacks", days, values, "year") == (
        f"2020: {NOT_TOLD}, so there is no bar.",
        "2021: no record of this period, so there is no bar.",
        "Attacks on police: only where the source distinguishes police from other state forces.",
    )
    _days, months = questions.told_by_time(OLD, MIXED, "police_attacks", date(2010, 1, 1), date(2011, 12, 31), "month")
    assert set(months) == {None}
    assert timeline.bars_of(view(BOTH), "police_attacks", "year").values == [None, None, 1, 0]
    assert timeline.bars_of(view(BOTH), "incidents", "year").values == [2, None, 1, 1]


def test_a_district_without_an_incident_in_years_of_a_source_that_cannot_tell_has_no_zero() -> None:
    here = Filters(sources="merged", districts=("PK532",), start=date(2020, 1, 1), end=date(2020, 12, 31))
    assert figure_notes.on_police(BOTH, here) == "police not distinguished by this source"
    assert questions.stated_total(BOTH, here, "police_attacks") is None
    assert questions.stated_total(BOTH, here, "incidents") == 0


def test_a_year_without_an_incident_of_the_choice_is_as_the_years_of_its_source() -> None:
    chosen = Filters(sources="merged", districts=("PK503", "PK532"), targets=("police",))
    found = questions.told_by_time(BOTH, chosen, "police_attacks", date(2020, 1, 1), date(2023, 12, 31), "year")[1]
    assert found == [None, None, 1, 0]


@pytest.mark.parametrize("breakdown", list(trends.BREAKDOWNS))
def test_series_by_year_are_missing_in_years_that_cannot_be_told(breakdown: str) -> None:
    frame, _order, _rest = trends.by_year_and(view(BOTH), "police_attacks", breakdown)
    by_year = frame.groupby("period")["value"].sum(min_count=1)
    assert [None if pd.isna(n) else n for n in by_year] == [None, None, 1, 0]


@pytest.mark.parametrize("sort", ["police_attacks", "name", "incidents"])
def test_the_ranked_table_leaves_the_cell_empty_and_last(sort: str) -> None:
    frame = profile.ranking(view(BOTH), sort)
    by_pcode = frame.set_index("pcode")["police_attacks"]
    assert pd.isna(by_pcode["PK533"])
    assert (by_pcode["PK503"], by_pcode["PK532"]) == (1, 0)
    if sort == "police_attacks":
        assert frame["pcode"].iloc[-1] == "PK533"
    assert profile.ranking(view(OLD), sort)["police_attacks"].isna().all()


def test_pictures_say_it_in_words() -> None:
    old_map = sheet_of(drawn(OLD, measure="police_attacks"))
    assert "none recorded" not in old_map.alt
    assert NOT_TOLD in old_map.alt
    assert set(old_map.cells("value")) == {""}
    bars = sheet_of(drawn(OLD, "trends", measure="police_attacks", figure="time"))
    assert f"2010: {NOT_TOLD}; 2011: {NOT_TOLD}" in bars.alt
    assert draw(bars).count(">?<") == 2, "a mark for each year that is not told"
    assert set(bars.cells("value")) == {""}


def test_the_numbers_of_a_brief_give_no_zero() -> None:
    found = {label: (figure, note) for label, figure, note in brief_answer.numbers(view(OLD))}
    assert found["Attacks on police"] == ("not stated", "police not distinguished by this source")
    assert found["Attacks on police and security forces"][0] == "2"


def test_the_years_of_a_district_give_no_zero() -> None:
    rows = district_record.by_year(BOTH, ATLAS, MIXED, "PK503", date(2020, 1, 1), date(2022, 12, 31))
    assert [year.police_attacks for year in rows] == [None, None, 1]


def test_the_one_file_atlas_has_what_it_needs_to_leave_districts_out() -> None:
    text = one_file.page(exported(BOTH, MIXED, measure="police_attacks"))
    match = re.search(r'<script type="application/json" id="data">(.*?)</script>', text, re.DOTALL)
    assert match
    data = json.loads(match[1])
    assert data["map"]["missing"] == NOT_TOLD
    assert dict(zip(data["incidents"]["year"], data["incidents"]["told"], strict=True)) == {2023: 1, 2022: 1, 2020: 0}


def test_two_periods_of_a_source_that_cannot_tell_are_not_compared() -> None:
    periods = Period(date(2010, 1, 1), date(2010, 12, 31)), Period(date(2011, 1, 1), date(2011, 12, 31))
    assert compare.why_not(OLD, MIXED, *periods) is None
    assert "not known from 1 January 2010 to 31 December 2010" in str(
        compare.why_not(OLD, MIXED, *periods, "police_attacks")
    )
    found = compare.periods(OLD, ATLAS, MIXED, "police_attacks", *periods, "per_100k")
    assert found.districts.counts(is_second=False) == [None] * len(ATLAS.pcodes)
    assert found.province.counts(is_second=True) == [None]


def test_two_places_have_no_rate_in_years_that_cannot_be_told() -> None:
    found = compare_places.places(
        BOTH, ATLAS, MIXED, "police_attacks", (BANNU,), (SWAT,), date(2020, 1, 1), date(2023, 12, 31), "per_100k"
    )
    assert found.by_year.counts(is_second=True) == [None, None, 1, 0]
    assert found.by_year.verdict[0] == "no_rate"


# --- tolls and targets ------------------------------------------------------------------------------------

# Bannu: a sum of four events without a toll; Tank: nobody killed.
SILENT = incidents(register(1, 2023, "PK503", "unknown", n_events=4), register(2, 2023, "PK533", "army", killed_best=0))
NOBODY_SAYS = incidents(register(1, 2023, "PK503", "unknown"), register(2, 2023, "PK533", "unknown"))


def test_a_toll_that_no_report_states_is_missing() -> None:
    killed = overview.measure_by_district(view(SILENT), "killed", "count")
    assert known(killed.values) == [None, 0, 0, 0]
    ranked = profile.ranking(view(SILENT), "killed")
    assert ranked["pcode"][ranked["killed"].isna()].tolist() == ["PK503"]
    (found,) = table_of(exported(SILENT, MIXED), DISTRICTS).batches()
    assert known(found["killed"].to_pylist()) == [None, 0, 0, 0]


def test_a_target_that_no_report_states_is_missing_by_district_too() -> None:
    for measure, on_army in (("security_attacks", 1), ("police_attacks", 0)):
        assert known(overview.measure_by_district(view(SILENT), measure, "count").values) == [None, on_army, 0, 0]


def test_figures_that_nobody_states_are_not_stated_in_sentences() -> None:
    sentence = overview.toll_sentence(view(NOBODY_SAYS), MIXED, "{killed} ({sides})")
    assert sentence == "No incident states how many people were killed."
    found = {label: figure for label, figure, _note in brief_answer.numbers(view(NOBODY_SAYS))}
    assert [found[label] for label in found if label != "Incidents"] == ["not stated"] * 3
    result = overview.measure_by_district(view(NOBODY_SAYS), "killed", "count")
    assert headline.highest(view(NOBODY_SAYS), result).endswith("not stated, because no incident states a figure.")
    years = district_record.by_year(NOBODY_SAYS, ATLAS, MIXED, "PK503", date(2023, 1, 1), date(2023, 12, 31))
    assert [(year.security_attacks, year.killed) for year in years] == [(None, None)]


# --- why police cannot be told ------------------------------------------------------------------------------

NO_TARGET = "no incident states its target"
# Bannu: no target is stated; Tank: a force, by a source that does not distinguish police; Swat: police.
SEVERAL = incidents(register(1, 2023, "PK503", "unknown"), ucdp(2, 2020, "PK533"), register(3, 2022, "PK532"))


@pytest.mark.parametrize("measure", ["security_attacks", "police_attacks"])
def test_where_no_incident_states_its_target_that_is_the_reason(measure: str) -> None:
    shown = view(NOBODY_SAYS)
    result = overview.measure_by_district(shown, measure, "count")
    assert headline.highest(shown, result).endswith(f"not stated, because {NO_TARGET}.")
    assert overview.value_text(result, BANNU) == NO_TARGET
    days, values = questions.told_by_time(NOBODY_SAYS, MIXED, measure, date(2023, 1, 1), date(2023, 12, 31), "year")
    assert trends.notes(shown, measure, days, values, "year") == (f"2023: {NO_TARGET}, so there is no bar.",)
    bars = sheet_of(drawn(NOBODY_SAYS, "trends", measure=measure, figure="time"))
    assert f"2023*: {NO_TARGET}" in bars.alt
    assert (
        f"35 districts without a bar: {NO_TARGET}."
        in sheet_of(drawn(NOBODY_SAYS, measure=measure, figure="ranking")).notes
    )
    assert timeline._payload(shown, timeline.bars_of(shown, measure, "year"), measure)["missing"] == [NO_TARGET]
    found = {label: note for label, _figure, note in brief_answer.numbers(shown)}
    assert found["Attacks on police"] == found["Attacks on police and security forces"] == NO_TARGET


def test_two_reasons_are_told_apart_by_district_and_by_year() -> None:
    result = overview.measure_by_district(view(SEVERAL), "police_attacks", "count")
    assert known(result.values) == [None, None, 1, 0]
    assert [overview.value_text(result, i) for i in (BANNU, TANK)] == [NO_TARGET, NOT_TOLD]
    legend = overview.choropleth(view(SEVERAL), result, "light").legend.entries[0]
    assert legend.label == "target not stated, or not distinguished by the source"
    days, values = questions.told_by_time(
        SEVERAL, MIXED, "police_attacks", date(2020, 1, 1), date(2023, 12, 31), "year"
    )
    notes = trends.notes(view(SEVERAL), "police_attacks", days, values, "year")
    assert (notes[0], notes[2]) == (f"2020: {NOT_TOLD}, so there is no bar.", f"2023: {NO_TARGET}, so there is no bar.")
    some = view(SEVERAL, Filters(sources="merged", districts=("PK503", "PK533")))
    said = headline.highest(some, overview.measure_by_district(some, "police_attacks", "count"))
    assert said.endswith(
        "because no incident states its target, or the source does not distinguish police from other state forces."
    )

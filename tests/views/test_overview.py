"""What the maps and tables say: zero, no data and not located differ, and no filter moves a colour's meaning."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from geo import districts as geo_districts
from geo.analysis.counting.questions import MEASURES
from geo.filters import Filters
from geo.incidents import IncidentTable, build, select
from geo.views import charts, figure_notes, headline, incident_points, overview, profile, trends
from geo.views.layers import payload
from geo.views.state import View
from tests.toy import row, table

DISTRICTS = geo_districts.load()


def incidents() -> IncidentTable:
    """Bannu: three, one without a toll; Tank: one without; Swat: none killed; two without a district."""
    return build(
        {
            "1": table(
                row(
                    1,
                    pcode="PK503",
                    killed_best=2,
                    target_type="police",
                    day=date(2024, 1, 5),
                    group_id="ttp",
                    geo_precision="exact",
                    lat=32.99,
                    lon=70.6,
                    place="Jani Khel",
                    source_url="https://x.pk/1",
                ),
                row(2, pcode="PK503", killed_best=1, day=date(2024, 2, 5), geo_precision="near", lat=32.9, lon=70.5),
                row(3, pcode="PK503", day=date(2025, 2, 5), district_reported="FR Bannu"),
                row(4, pcode="PK533", day=date(2025, 3, 5)),
                row(5, pcode="PK532", killed_best=0, day=date(2025, 4, 5)),
                row(6, geo_precision="province", day=date(2025, 5, 5)),
                row(7, geo_precision="province", day=date(2025, 5, 5), killed_best=4),
            )
        },
        DISTRICTS.pcodes,
        "v",
    )


def view(filters: Filters = Filters()) -> View:  # noqa: B008  (a frozen value)
    whole = View.whole(incidents(), DISTRICTS)
    return replace(
        whole,
        filters=filters,
        mask=select(whole.table, filters),
        first=filters.start or whole.first,
        last=filters.end or whole.last,
    )


def entry(shown: View, measure: str, pcode: str, normaliser: str = "count") -> str:
    drawn = overview.choropleth(shown, overview.measure_by_district(shown, measure, normaliser))
    return next(drawn.legend.entries[d.entry].label for d in drawn.districts if d.pcode == pcode)


def test_zero_no_data_and_a_count_are_three_entries() -> None:
    assert entry(view(), "killed", "PK503") == "1 to 9"
    assert entry(view(), "killed", "PK533") == "no data"
    assert entry(view(), "killed", "PK532") == "none recorded"
    assert entry(view(), "incidents", "PK501") == "none recorded"


def test_the_legend_counts_what_is_not_on_the_map() -> None:
    drawn = overview.choropleth(view(), overview.measure_by_district(view(), "incidents", "count"))
    assert any("Not located, not on the map: 2" in note for note in drawn.legend.notes)


def test_a_period_without_any_loaded_incident_is_no_data_everywhere() -> None:
    shown = view(Filters(start=date(2020, 1, 1), end=date(2020, 12, 31)))
    no_record = "no record of this period"
    result = overview.measure_by_district(shown, "incidents", "count")
    assert entry(shown, "incidents", "PK503") == entry(shown, "killed", "PK503") == no_record
    assert headline.highest(shown, result).endswith(f"{no_record}, which is not zero.")
    assert overview.value_text(result, 0) == no_record
    assert "0" not in dict(overview.choropleth(shown, result).districts[0].lines).values()
    assert figure_notes.on_police(shown.table, shown.filters) == no_record
    assert overview.killed_note(shown, shown.filters) == no_record
    ranked = profile.ranking(shown, "incidents")
    assert ranked[[*MEASURES, "per_100k"]].isna().all(axis=None)


def test_a_filter_that_keeps_nothing_in_a_covered_period_is_zero() -> None:
    assert entry(view(Filters(targets=("judiciary",))), "incidents", "PK503") == "none recorded"


def test_no_filter_moves_the_class_limits() -> None:
    def labels(filters: Filters) -> list[str]:
        shown = view(filters)
        drawn = overview.choropleth(shown, overview.measure_by_district(shown, "incidents", "per_100k"))
        return [e.label + e.colour for e in drawn.legend.entries]

    assert labels(Filters()) == labels(Filters(groups=("ttp",))) == labels(Filters(start=date(2025, 1, 1)))


def test_counts_of_long_periods_have_limits_of_their_own() -> None:
    rows = table(row(1, pcode="PK503", day=date(2005, 1, 1)), row(2, pcode="PK503", day=date(2024, 1, 1)))
    long = View.whole(build({"1": rows}, DISTRICTS.pcodes, "v"), DISTRICTS)
    assert overview.measure_by_district(long, "incidents", "count").edges == (1, 10, 50, 100, 150, 300, 600)
    assert overview.measure_by_district(view(), "incidents", "count").edges == (1, 5, 15, 30, 50, 70, 100)


def test_the_choice_of_districts_outlines_and_does_not_empty_the_map() -> None:
    shown = view(Filters(districts=("PK533",)))
    drawn = overview.choropleth(shown, overview.measure_by_district(shown, "incidents", "count"))
    assert drawn.selected == ("PK533",)
    assert entry(shown, "incidents", "PK503") == "1 to 4"


def test_a_rate_is_a_year_and_so_many_residents() -> None:
    shown = view()
    result = overview.measure_by_district(shown, "incidents", "per_100k")
    i = DISTRICTS.pcodes.index("PK503")
    expected = 3 / (DISTRICTS.population_at(2024)[i] / 1e5) / shown.years
    assert result.values[i] == pytest.approx(expected, rel=0.05)


def test_the_table_says_the_same_as_the_map_and_leaves_no_data_empty() -> None:
    frame = overview.table(view(), overview.measure_by_district(view(), "killed", "count")).set_index("P-code")
    assert len(frame) == 35
    assert frame.loc["PK503", "People killed"] == 3
    assert frame.loc["PK503", "Without a stated figure"] == 1
    assert np.isnan(frame.loc["PK533", "People killed"])


def test_only_exact_and_near_places_are_points_and_the_rest_are_numbers() -> None:
    layer = incident_points.points_view(view(), "pins", "target")
    assert layer.shown.tolist() == [True, True]
    assert layer.table.is_near.tolist() == [True, False]
    assert dict(layer.badges) == {"PK503": 1, "PK533": 1, "PK532": 1}


def test_what_a_colour_means_does_not_change_with_a_filter() -> None:
    whole = incident_points.points_view(view(), "pins", "target").legend
    part = incident_points.points_view(view(Filters(targets=("civilian",))), "pins", "target").legend
    assert [(e.label, e.colour) for e in whole.entries] == [(e.label, e.colour) for e in part.entries]


def test_a_pop_up_says_place_precision_toll_and_source() -> None:
    texts = incident_points.points_view(view(), "pins", "target").texts
    assert texts is not None
    # The newest stands first.
    first = dict(zip(texts.fields, texts.rows[1], strict=True))
    assert first["Date"] == "5 Jan 2024"
    assert first["Place"] == "Jani Khel. Village, town or post (within about 5 km)"
    assert (first["Killed"], first["Injured"]) == ("2", "not stated")
    assert texts.links == ("", "https://x.pk/1")


BARA_TOWN = {"lat": 33.9219, "lon": 71.4626, "geo_precision": "exact"}  # in the outline of Peshawar, 1.8 km inside


def test_a_point_near_a_border_names_the_other_district_in_its_pop_up() -> None:
    rows = table(
        row(1, pcode="PK528", day=date(2024, 1, 4), **BARA_TOWN),
        row(2, pcode="PK513", day=date(2024, 1, 3), **BARA_TOWN),
        row(3, pcode="PK501", day=date(2024, 1, 2), **BARA_TOWN),
        row(4, pcode="PK503", day=date(2024, 1, 1), geo_precision="exact", lat=32.99, lon=70.6),
    )
    shown = View.whole(build({"1": rows}, DISTRICTS.pcodes, "v"), DISTRICTS)
    texts = incident_points.points_view(shown, "pins", "target").texts
    assert texts is not None
    stated = [one[texts.fields.index("District")] for one in texts.rows]
    assert stated == [
        "Peshawar, within 2 km of the border with Khyber",
        "Khyber, within 2 km of the border with Peshawar",
        "Abbottabad",
        "Bannu",
    ]


def test_the_profile_counts_points_near_a_border_that_are_precise(monkeypatch: pytest.MonkeyPatch) -> None:
    coarse = BARA_TOWN | {"geo_precision": "district"}
    rows = table(*(row(k, pcode="PK513", **cells) for k, cells in enumerate((BARA_TOWN, BARA_TOWN, coarse))))
    shown = View.whole(build({"1": rows}, DISTRICTS.pcodes, "v"), DISTRICTS)
    captions: list[str] = []
    monkeypatch.setattr(profile.st, "caption", captions.append)
    profile.precision(shown, Filters(), shown.mask)
    [near] = [caption for caption in captions if "within 2 km" in caption]
    assert near.startswith("The points of 2 of these lie within 2 km of another district: Peshawar (2).")


@pytest.mark.parametrize("source", ["gtd", "acled", "not_in_the_list"])
def test_the_profile_says_nothing_that_only_the_point_or_the_words_of_a_restricted_row_tell(
    source: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = BARA_TOWN | {"district_reported": "Bara agency", "is_district_conflict": True}
    both = (row(1, pcode="PK513", source=source, **told), row(2, pcode="PK513", district_reported="Khyber Agency"))
    shown = View.whole(build({"1": table(*both)}, DISTRICTS.pcodes, "v"), DISTRICTS)
    captions: list[str] = []
    monkeypatch.setattr(profile.st, "caption", captions.append)
    profile.precision(shown, Filters(), shown.mask)
    assert len(captions) == 1
    assert captions[0].startswith("How precisely the place is known.")


def test_rows_of_a_restricted_source_have_no_details() -> None:
    rows = table(row(1, source="acled", pcode="PK503", geo_precision="exact", lat=33.0, lon=70.6, place="secret"))
    restricted = View.whole(build({"1": rows}, DISTRICTS.pcodes, "v"), DISTRICTS)
    texts = incident_points.points_view(restricted, "pins", "target").texts
    assert texts is not None
    assert "secret" not in " ".join(texts.rows[0])


def test_reported_names_are_no_markdown(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = table(
        *(row(k, pcode="PK503", district_reported=name) for k, name in enumerate(("Bannu", "![x](http://h/)")))
    )
    shown = View.whole(build({"1": rows}, DISTRICTS.pcodes, "v"), DISTRICTS)
    captions: list[str] = []
    monkeypatch.setattr(profile.st, "caption", captions.append)
    profile.precision(shown, Filters(), shown.mask)
    assert any("Bannu" in caption for caption in captions)
    assert not any("![x]" in caption for caption in captions)


def test_the_ranking_keeps_every_district() -> None:
    frame = profile.ranking(view(), "incidents")
    assert len(frame) == 35
    assert frame["pcode"].iloc[0] == "PK503"
    assert frame["by_year"].iloc[0] == [2, 1]


def test_series_beyond_the_largest_are_summed_not_dropped() -> None:
    frame, order, rest = trends.by_year_and(view(), "incidents", "target")
    assert frame["value"].sum() == 7
    assert set(order) == set(frame["series"])
    assert "Not stated" in rest
    assert "Police" not in rest


def test_a_period_that_ends_after_the_records_does_not_dilute_rates() -> None:
    # Bannu 2026 once fell from 2.13 to .84 when "To" was set to the end of the year instead of the last record.
    to_record = View.of(incidents(), DISTRICTS, Filters(start=date(2025, 1, 1), end=date(2025, 5, 5)))
    to_later = View.of(incidents(), DISTRICTS, Filters(start=date(2025, 1, 1), end=date(2026, 12, 31)))
    assert to_later.years == pytest.approx(to_record.years)
    assert to_later.population.tolist() == to_record.population.tolist()
    rates = [overview.measure_by_district(v, "incidents", "per_100k").values.tolist() for v in (to_record, to_later)]
    assert rates[0] == rates[1]
    assert "records to 5 May 2025" in to_later.period_label
    assert "records" not in to_record.period_label


def test_a_period_before_every_record_has_its_own_length() -> None:
    early = View.of(incidents(), DISTRICTS, Filters(start=date(2000, 1, 1), end=date(2000, 12, 31)))
    assert early.years == pytest.approx(366 / 365.25, rel=1e-3)


def test_a_rate_of_fewer_than_three_incidents_is_grey_with_the_number() -> None:
    # One incident once reached the third class of rates: Lower Chitral 2023.
    shown = view()
    result = overview.measure_by_district(shown, "incidents", "per_100k")
    drawn = overview.choropleth(shown, result)
    of = {d.pcode: (drawn.legend.entries[d.entry].label, d.lines[0][1]) for d in drawn.districts}
    assert of["PK533"] == ("fewer than 3 incidents: number only", "1 incident, too few for a rate")
    assert of["PK503"][0] != of["PK533"][0]
    assert of["PK519"][0] == "none recorded"
    assert dict(drawn.badges) == {"PK533": 1, "PK532": 1}
    assert payload(drawn, None, theme="light")["choropleth"]["badges"][0] == ["PK532", 1, "Incidents"]
    counts = overview.choropleth(shown, overview.measure_by_district(shown, "incidents", "count"))
    assert counts.badges == ()
    assert not any("fewer than 3" in e.label for e in counts.legend.entries)


def test_partial_first_and_last_years_are_marked_in_stacked_bars_as_in_bars() -> None:
    assert charts.partial_years(date(2024, 3, 1), date(2026, 5, 23)) == {"2024", "2026"}
    assert charts.partial_years(date(2024, 1, 1), date(2025, 12, 31)) == set()
    shown = View.of(incidents(), DISTRICTS, Filters(end=date(2025, 12, 31)))
    frame, _order, _rest = trends.by_year_and(shown, "incidents", "target")
    assert set(frame["period"]) == {"2024*", "2025*"}


def over_the_seam() -> View:
    """Bannu has four incidents of UCDP and three of the register, Tank one of the register."""
    rows = [row(n, source="ucdp_ged", pcode="PK503", day=date(2020, 2, n)) for n in range(1, 5)]
    rows += [row(n, source="register", pcode="PK503", day=date(2023, 2, n)) for n in range(5, 8)]
    rows.append(row(8, source="register", pcode="PK533", day=date(2023, 3, 1)))
    return View.whole(build({"1": table(*rows)}, DISTRICTS.pcodes, "v"), DISTRICTS)


def test_no_rate_runs_over_the_change_of_source_and_the_reader_is_told() -> None:
    both = over_the_seam()
    for unit in ("per_100k", "per_1000_km2"):
        assert np.isnan(overview.measure_by_district(both, "incidents", unit).values).all()
        assert entry(both, "incidents", "PK503", unit) == "no rate over a change of source"
    assert profile.ranking(both, "incidents")["per_100k"].isna().all()
    for part in (Filters(end=date(2021, 12, 31)), Filters(start=date(2022, 1, 1))):
        one = View.of(both.table, DISTRICTS, part)
        place = DISTRICTS.pcodes.index("PK503")
        assert overview.measure_by_district(one, "incidents", "per_100k").values[place] > 0
        assert profile.ranking(one, "incidents")["per_100k"].notna().all()


def test_a_number_over_the_change_of_source_says_that_it_holds_two_sources() -> None:
    both = over_the_seam()
    drawn = overview.choropleth(both, overview.measure_by_district(both, "incidents", "count"))
    said = "Records of two sources: the source changes on 1 Jan 2022"
    assert said in drawn.legend.notes
    one = View.of(both.table, DISTRICTS, Filters(start=date(2022, 1, 1)))
    assert said not in overview.choropleth(one, overview.measure_by_district(one, "incidents", "count")).legend.notes


def test_attacks_on_forces_of_a_file_without_targets_are_not_stated_and_not_zero() -> None:
    rows = table(*(row(n, pcode="PK503", day=date(2024, n, 5), target_type="unknown") for n in (1, 2)))
    without = View.whole(build({"1": rows}, DISTRICTS.pcodes, "v"), DISTRICTS)
    assert overview.attacks_on_forces(without.table, without.filters) == (None, "no incident states its target")
    assert overview.attacks_on_forces(incidents(), Filters()) == (1, "1 on police")
    result = overview.measure_by_district(without, "security_attacks", "count")
    assert np.isnan(result.values).all()
    assert "not stated" in headline.highest(without, result)


def test_a_view_of_one_data_set_has_the_months_and_the_class_scale_of_its_records() -> None:
    old = table(row(1, pcode="PK503", day=date(1992, 9, 15)), row(2, pcode="PK503", day=date(2026, 6, 4)))
    new = table(row(3, pcode="PK503", day=date(2025, 3, 7)), row(4, pcode="PK533", day=date(2025, 4, 2)))
    both = build({"1": old, "2": new}, DISTRICTS.pcodes, "v")
    chosen = View.of(both, DISTRICTS, Filters(datasets=("2",)))
    assert (chosen.first, chosen.last) == (date(2025, 3, 1), date(2025, 4, 30))
    short = View.of(both, DISTRICTS, Filters(start=date(2025, 1, 1), end=date(2025, 6, 30)))
    edges = [overview.measure_by_district(one, "incidents", "count").edges for one in (chosen, short)]
    assert edges[0] == edges[1]
    assert View.of(both, DISTRICTS, Filters(start=date(2025, 3, 5), datasets=("2",))).first == date(2025, 3, 5)
    assert View.of(both, DISTRICTS, Filters()).first == date(1992, 9, 15)
    assert View.of(both, DISTRICTS, Filters(datasets=("9",))).first == date(1992, 9, 15)


def with_and_without_police() -> View:
    """Bannu has attacks of UCDP alone, which does not count police separately; Tank two of the register; Swat none."""
    rows = [
        row(n, source="ucdp_ged", pcode="PK503", day=date(2020, 2, n), target_type="other_state_force") for n in (1, 2)
    ]
    rows += [row(n, source="register", pcode="PK533", day=date(2023, 2, n), target_type="police") for n in (3, 4)]
    return View.whole(build({"1": table(*rows)}, DISTRICTS.pcodes, "v"), DISTRICTS)


def test_attacks_on_police_are_missing_and_not_zero_where_the_source_does_not_count_them_separately() -> None:
    both = with_and_without_police()
    ranked = profile.ranking(both, "police_attacks").set_index("pcode")["police_attacks"]
    assert (ranked.index[0], ranked.index[-1]) == ("PK533", "PK503")
    assert ranked["PK533"] == 2
    assert ranked["PK503"] is pd.NA
    assert ranked["PK532"] == 0
    assert entry(both, "police_attacks", "PK503", "count") == "not distinguished by the source"
    ucdp = View.of(both.table, DISTRICTS, Filters(end=date(2021, 12, 31)))
    assert profile.ranking(ucdp, "incidents")["police_attacks"].isna().all()
    result = overview.measure_by_district(ucdp, "police_attacks", "count")
    assert np.isnan(result.values).all()
    assert "the source does not distinguish police" in headline.highest(ucdp, result)


def test_the_table_of_districts_has_a_dash_for_what_is_not_stated_and_says_so() -> None:
    def page() -> None:
        from geo.views import profile
        from tests.views.test_overview import with_and_without_police

        profile.ranked_table(profile.ranking(with_and_without_police(), "incidents"))

    app = AppTest.from_function(page).run()
    assert not app.exception
    assert app.dataframe[0].proto.placeholder == "–"
    assert [caption.value[:16] for caption in app.caption if "zero" in caption.value] == ["– is not zero: t"]

"""Figures of one district: rates by year with their interval, and how well its incidents are known."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from geo import districts as geo_districts
from geo.analysis.counting import district_record
from geo.analysis.counting.rates import garwood_interval
from geo.filters import Filters
from geo.incidents import IncidentTable, build, select
from tests.toy import row, table

DISTRICTS = geo_districts.load()
BANNU = Filters(districts=("PK503",))


def incidents(*rows: dict[str, object], merges: tuple[tuple[str, ...], ...] = ()) -> IncidentTable:
    return build({"1": table(*rows)}, DISTRICTS.pcodes, "v1", merges=merges)


def test_each_year_has_its_counts_and_a_rate_with_its_exact_interval() -> None:
    shown = incidents(
        *(row(n, pcode="PK503", day=date(2023, 2, 1), target_type="police", killed_best=2) for n in range(4)),
        row(10, pcode="PK503", day=date(2024, 12, 31)),
        row(11, pcode="PK528", day=date(2023, 1, 1)),
    )
    first, second = district_record.by_year(shown, DISTRICTS, BANNU, "PK503", date(2023, 1, 1), date(2024, 12, 31))
    assert (first.year, first.incidents, first.security_attacks, first.police_attacks, first.killed) == (
        2023,
        4,
        4,
        4,
        8,
    )
    assert (second.incidents, second.killed, second.n_unknown) == (1, None, 1)
    residents = DISTRICTS.population_between(date(2023, 1, 1), date(2023, 12, 31))[DISTRICTS.pcodes.index("PK503")]
    low, high = garwood_interval(4, residents / 1e5)
    assert (first.rate, first.low, first.high) == pytest.approx((4 / residents * 1e5, low, high), rel=1e-3)


def test_fewer_than_three_incidents_and_a_year_without_any_give_no_rate() -> None:
    shown = incidents(row(1, pcode="PK503", day=date(2023, 1, 1)), row(2, pcode="PK528", day=date(2024, 12, 31)))
    years = district_record.by_year(shown, DISTRICTS, BANNU, "PK503", date(2023, 1, 1), date(2024, 12, 31))
    assert [year.incidents for year in years] == [1, 0]
    assert all(np.isnan([year.rate, year.low, year.high]).all() for year in years)


def test_attacks_on_police_are_not_stated_in_years_whose_source_does_not_tell_police_apart() -> None:
    shown = incidents(
        row(1, pcode="PK503", day=date(2020, 5, 1), source="ucdp_ged", target_type="other_state_force"),
        row(2, pcode="PK503", day=date(2022, 5, 1), source="register", target_type="police"),
    )
    years = district_record.by_year(shown, DISTRICTS, BANNU, "PK503", date(2020, 1, 1), date(2022, 12, 31))
    assert [year.police_attacks for year in years] == [None, None, 1]
    assert [year.incidents for year in years] == [1, None, 1], "a year without any record is not zero"


def test_a_part_of_a_year_counts_as_that_part() -> None:
    shown = incidents(*(row(n, pcode="PK503", day=date(2024, 7, 1)) for n in range(6)))
    (whole,) = district_record.by_year(shown, DISTRICTS, BANNU, "PK503", date(2024, 1, 1), date(2024, 12, 31))
    (half,) = district_record.by_year(shown, DISTRICTS, BANNU, "PK503", date(2024, 7, 1), date(2024, 12, 31))
    assert half.rate == pytest.approx(2 * whole.rate, rel=0.02)


def test_an_incident_rests_on_one_source_unless_a_second_site_or_a_merged_record_reports_it() -> None:
    page = {"pcode": "PK503", "source_url": "https://www.dawn.com/1"}
    shown = incidents(
        row(1, **page),
        row(2, **page, source_url_2="https://epaper.dawn.com/2"),
        row(3, **page, source_url_2="https://tribune.com.pk/3"),
        row(4, **page),
        row(5, pcode="PK503", source="ucdp_ged"),
        row(6, pcode="PK503"),
        merges=(("toy:4", "toy:5"),),
    )
    assert district_record.quality(shown, select(shown, BANNU)).n_single_source == 3


def test_how_the_district_and_the_place_are_known_is_counted() -> None:
    shown = incidents(
        row(1, pcode="PK503", district_method="source_admin", geo_precision="exact", lat=33.0, lon=70.6),
        row(2, pcode="PK503", district_method="place", geo_precision="near"),
        row(3, pcode="PK503", district_method="place"),
        row(4, pcode="PK528", district_method="place"),
    )
    found = district_record.quality(shown, select(shown, BANNU))
    assert found.n_rows == 3
    assert found.by_method == {"source_admin": 1, "place": 2}
    assert found.n_by_name == 2

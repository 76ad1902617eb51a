"""Counts agree with counting by hand and with pandas, and never call a missing figure zero."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.analysis.counting import classes, questions
from geo.districts import SOUTHERN_PCODES
from geo.filters import Filters
from geo.incidents import build, has_place
from geo.schema import GEO_PRECISIONS, TARGET_TYPES
from tests.register_file import first_recent, n_default
from tests.toy import PCODES, row, table

ROWS = table(
    row(1, pcode="PK501", target_type="police", killed_best=2, day=date(2022, 1, 1)),
    row(2, pcode="PK501", target_type="police", initiator="state", killed_best=5, day=date(2022, 5, 1)),
    row(3, pcode="PK501", target_type="army", initiator="mutual", day=date(2023, 5, 1)),
    row(4, pcode="PK502", target_type="peace_committee", killed_best=0, day=date(2023, 5, 2)),
    row(5, target_type="ctd", n_events=3, killed_best=1, day=date(2023, 5, 3)),
    row(6, district_method="outside", killed_best=4, day=date(2023, 5, 4), date_precision="year"),
)
SMALL = build({"1": ROWS}, PCODES, "v1")
ALL, ONE = Filters(), Filters(districts=("PK501",))


def test_incidents_are_counted_by_district_with_those_left_out_beside_them() -> None:
    found = questions.by_district(SMALL, ALL, "incidents")
    assert (found.value.tolist(), found.not_located, found.outside) == ([3, 1, 0], 3, 1)


def test_attacks_on_forces_leave_out_state_operations_and_peace_committees() -> None:
    found = questions.by_district(SMALL, ALL, "security_attacks")
    assert (found.value.tolist(), found.not_located) == ([2, 0, 0], 3)
    assert questions.by_district(SMALL, ALL, "police_attacks").value.tolist() == [1, 0, 0]


def test_people_killed_say_how_many_incidents_state_no_figure() -> None:
    found = questions.by_district(SMALL, ALL, "killed")
    assert found.value.tolist() == [7, 0, 0]
    assert found.n_unknown.tolist() == [1, 0, 0]
    assert found.n_incidents.tolist() == [3, 1, 0]


def test_a_total_is_the_sum_of_all_places_and_says_what_is_unknown() -> None:
    assert questions.total(SMALL, ALL, "incidents") == (8, 0)
    assert questions.total(SMALL, ALL, "killed") == (12, 1)
    assert questions.total(SMALL, ALL, "police_attacks") == (4, 0)
    assert questions.total(SMALL, ONE, "killed") == (7, 1)


def test_attacks_on_forces_are_not_stated_where_no_incident_states_its_target() -> None:
    without = build({"1": table(*(row(n, pcode="PK501", target_type="unknown") for n in (1, 2)))}, PCODES, "v1")
    assert not questions.is_stated(without, ALL, "security_attacks")
    assert not questions.is_stated(without, ONE, "police_attacks")
    assert not questions.is_stated(without, ALL, "killed"), "no incident states a toll"
    assert questions.is_stated(without, ALL, "incidents")
    assert not questions.is_stated(without, Filters(fatal_only=True), "security_attacks"), "none around tells it"
    assert questions.is_stated(SMALL, ALL, "security_attacks")
    assert questions.is_stated(SMALL, Filters(groups=("nobody",)), "security_attacks"), "nothing kept is zero"


def test_a_period_without_any_record_tells_nothing() -> None:
    empty = Filters(start=date(1995, 1, 1), end=date(1999, 12, 31))
    for measure in questions.MEASURES:
        assert questions.stated_total(SMALL, empty, measure) is None
        assert not questions.stated_by_district(SMALL, empty, measure).any()
    values = questions.told_by_time(SMALL, ALL, "incidents", date(2021, 6, 1), date(2022, 12, 31), "month")[1]
    assert values[:7] == [None] * 7, "no month of a year without a record"
    assert set(values[7:]) > {0}, "months of a year with records"
    month = next(n for n, value in enumerate(values) if value == 0) - 6
    days = Filters(start=date(2022, month, 1), end=date(2022, month, 28))
    assert questions.stated_total(SMALL, days, "incidents") == 0, "the same above the bars"


def test_the_first_record_of_a_source_is_not_the_start_of_what_it_covers() -> None:
    ucdp = row(1, day=date(1992, 9, 15), source="ucdp_ged")
    later = row(2, day=date(2026, 6, 4), source="register")
    both = build({"1": table(ucdp, later)}, PCODES, "v1")
    assert questions.covered(both) == (date(1992, 1, 1), date(2026, 6, 4))
    assert questions.covered(build({"1": table(ucdp)}, PCODES, "v1")) == (date(1992, 1, 1), date(1992, 12, 31))
    assert questions.covered(build({"1": table(later)}, PCODES, "v1")) == (date(2026, 6, 4), date(2026, 6, 4))


def test_pairs_of_codes_are_those_that_occur() -> None:
    found = questions.by_two(SMALL, ALL, "incidents", "year", "district")
    assert found == {(2022, 0): 2, (2023, 0): 1, (2023, 1): 1, (2023, -1): 3, (2023, -2): 1}
    turned = questions.by_two(SMALL, ALL, "incidents", "district", "year")
    assert turned == {(district, year): n for (year, district), n in found.items()}
    assert questions.by_two(SMALL, Filters(groups=("nobody",)), "incidents", "year", "district") == {}


def test_a_column_is_counted_by_its_vocabulary() -> None:
    found = questions.by_column(SMALL, ALL, "killed", "target_type")
    assert {target: n for target, n in zip(TARGET_TYPES, found.tolist(), strict=True) if n} == {
        "police": 7,
        "ctd": 1,
        "civilian": 4,
    }


def test_years_without_a_record_are_there_as_zero() -> None:
    days, sums = questions.by_time(SMALL, ALL, "incidents", date(2021, 7, 1), date(2024, 2, 1), "year")
    assert [day.year for day in days] == [2021, 2022, 2023, 2024]
    assert sums.tolist() == [0, 2, 6, 0]


def test_months_leave_out_what_is_known_only_to_the_year() -> None:
    days, sums = questions.by_time(SMALL, ALL, "incidents", date(2023, 4, 1), date(2023, 6, 30), "month")
    assert [day.month for day in days] == [4, 5, 6]
    assert sums.tolist() == [0, 5, 0]


def test_what_is_shown_and_left_out_adds_up() -> None:
    found = questions.shown(SMALL, ALL)
    assert (found.n_total, found.n_shown, found.n_not_located, found.n_outside) == (8, 8, 3, 1)
    assert questions.shown(SMALL, ONE).n_shown == 3


def test_only_exact_and_near_coordinates_are_a_place() -> None:
    rows = [row(i, geo_precision=p, lat=33.0, lon=70.5, pcode="PK501") for i, p in enumerate(GEO_PRECISIONS)]
    seven = build({"1": table(*rows, row(9, geo_precision="exact"))}, PCODES, "v")
    assert has_place(seven).tolist() == [True, True, False, False, False, False, False, False]
    assert questions.shown(seven, ALL).n_district_only == 5
    assert questions.without_place(seven, ALL).tolist() == [5, 0, 0]


def test_a_rate_without_residents_or_area_is_no_number() -> None:
    value = np.array([10, 10, 0])
    rate = classes.normalise(value, "per_100k", np.array([1e5, 0, 5e4]), np.array([1e3, 2e3, 0]), 2.0)
    assert rate[0] == pytest.approx(5.0)
    assert np.isnan(rate[1])
    assert rate[2] == 0.0
    area = classes.normalise(value, "per_1000_km2", np.ones(3), np.array([1e3, 2e3, 0]), 1.0)
    assert area[:2].tolist() == [10.0, 5.0]
    assert np.isnan(area[2])


def test_zero_and_no_data_have_classes_of_their_own() -> None:
    found = classes.bin_of(np.array([np.nan, 0, 1, 2, 3, 299, 300, 9e9]), (1, 3, 10, 30, 100, 300))
    assert found.tolist() == [-1, 0, 1, 1, 2, 5, 6, 6]


def test_every_positive_rate_has_a_class_above_zero() -> None:
    edges = classes.class_edges("incidents", "per_100k", 1.0)
    assert classes.bin_of(np.array([1e-9, 0.2, 10]), edges).tolist() == [1, 2, 7]


@pytest.mark.parametrize("years", [1.0, 30.0])
@pytest.mark.parametrize("key", list(product(questions.MEASURES, classes.NORMALISERS)))
def test_every_scale_has_seven_classes_whose_labels_match_their_limits(key: tuple[str, str], years: float) -> None:
    edges = classes.class_edges(*key, years)
    labels = [str(label) for label in classes.bin_labels(edges, is_count=key[1] == "count")]
    assert len(labels) == len(edges) == len(set(labels)) == 7
    assert list(edges) == sorted(edges)


def test_the_scale_of_counts_depends_on_the_length_of_the_period_alone() -> None:
    assert classes.class_edges("incidents", "count", 1 / 12) == classes.class_edges("incidents", "count", 5.0)
    assert classes.class_edges("incidents", "count", 5.1) == classes.class_edges("incidents", "count", 34.0)
    assert classes.class_edges("incidents", "per_100k", 1.0) == classes.class_edges("incidents", "per_100k", 34.0)


@pytest.mark.parametrize("first", range(2016, 2024))
def test_five_calendar_years_have_the_scale_of_short_periods(first: int) -> None:
    short, long = (classes.class_edges("incidents", "count", years) for years in (1, 30))
    five = questions.years_between(date(first, 1, 1), date(first + 4, 12, 31))
    assert classes.class_edges("incidents", "count", five) == short
    six = questions.years_between(date(first, 1, 1), date(first + 5, 1, 31))
    assert classes.class_edges("incidents", "count", six) == long


def test_the_limits_tell_the_southern_districts_of_the_first_visit_apart() -> None:
    counts = np.array([n_default(first=first_recent(), pcode=pcode) for pcode in SOUTHERN_PCODES], dtype=np.float64)
    found = classes.bin_of(counts, classes.class_edges("incidents", "count", 3.0))
    assert len(set(found.tolist())) >= 4, dict(zip(SOUTHERN_PCODES, counts, strict=True))


def test_class_labels_are_ranges_in_words() -> None:
    def words(edges: tuple[float, ...], is_count: bool) -> list[str]:
        return [str(label) for label in classes.bin_labels(edges, is_count)]

    assert words((1, 3, 1000, 3000), True) == ["1 to 2", "3 to 999", "1,000 to 2,999", "3,000 or more"]
    assert words((0.0, 0.1, 1, 30), False) == ["under 0.1", "0.1 to under 1", "1 to under 30", "30 or more"]
    assert words((0.0, 1.5), False) == ["under 1.5", "1.5 or more"]


def test_a_period_is_covered_if_any_incident_falls_in_it() -> None:
    assert questions.covers(SMALL, date(2022, 1, 1), date(2022, 1, 1))
    assert not questions.covers(SMALL, date(2022, 1, 2), date(2022, 4, 30))


def test_a_year_of_days_is_a_year() -> None:
    assert questions.years_between(date(2023, 1, 1), date(2023, 12, 31)) == pytest.approx(1, abs=0.001)


CELL = st.fixed_dictionaries(
    {
        "pcode": st.sampled_from([*PCODES, None]),
        "killed_best": st.none() | st.integers(0, 50),
        "n_events": st.integers(1, 5),
        "target_type": st.sampled_from(["police", "army", "civilian"]),
        "initiator": st.sampled_from(["militant", "state", "mutual"]),
        "group_id": st.sampled_from(["ttp", "hgb", "unid"]),
        "geo_precision": st.sampled_from(list(GEO_PRECISIONS)),
        "day": st.integers(0, 2000).map(lambda n: date(2020, 1, 1) + timedelta(days=n)),
    }
)


@settings(max_examples=60, deadline=None)
@given(st.lists(CELL, max_size=25), st.randoms())
def test_counts_equal_pandas_whatever_the_order(cells: list[dict], random: object) -> None:
    rows = [row(i, **cell) for i, cell in enumerate(cells)]
    random.shuffle(rows)
    small = build({"1": table(*rows)}, PCODES, "v")
    frame = pd.DataFrame(rows, columns=list(table().column_names))
    found = questions.by_district(small, ALL, "incidents")
    expected = frame.groupby("pcode")["n_events"].sum()
    assert found.value.tolist() == [int(expected.get(p, 0)) for p in PCODES]
    assert found.value.sum() + found.not_located + found.outside == frame["n_events"].sum()
    killed = questions.by_district(small, ALL, "killed")
    assert killed.value.sum() + killed.not_located == frame["killed_best"].fillna(0).sum()
    crossed = questions.by_two(small, ALL, "incidents", "year", "group")
    by_pandas = frame.assign(year=[d.year for d in frame["date_start"]]).groupby(["year", "group_id"])["n_events"].sum()
    assert {(y, small.groups[g]): n for (y, g), n in crossed.items()} == {k: int(v) for k, v in by_pandas.items()}

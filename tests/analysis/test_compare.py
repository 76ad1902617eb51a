"""Two counts compared: hand-computed ratios, the tests of scipy, and what must hold over many districts."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from geo import districts as geo_districts
from geo.analysis.counting import compare, compare_places
from geo.analysis.counting.compare import Period, ratios
from geo.filters import Filters
from geo.incidents import IncidentTable, build
from tests.toy import row, table

COUNTS = st.integers(0, 400)
BASES = st.floats(0.1, 50)
DISTRICTS = geo_districts.load()


def one(first: int, second: int, first_base: float = 1.0, second_base: float = 1.0) -> compare.Ratios:
    return ratios([first], [second], [first_base], [second_base])


@pytest.mark.parametrize(
    ("first", "second", "ratio", "low", "high", "p"),
    [
        # 20 of 30: shares at which 20 or more, and 20 or fewer, have chance 0.025; 2 P(X >= 20) = 2 * 0.0493686.
        (10, 20, 2.0, 0.893509, 4.784552, 0.0987371),
        # All of 6: the lower limit of the share is 0.025 ** (1 / 6) = 0.540742, p = 2 / 2 ** 6.
        (0, 6, np.inf, 1.177435, np.inf, 0.03125),
        # None of 5: the mirror image, upper limit 1 - 0.025 ** (1 / 5) = 0.521824 of the share.
        (5, 0, 0.0, 0.0, 1.091280, 0.0625),
        (7, 7, 1.0, 0.299310, 3.341021, 1.0),
    ],
)
def test_two_counts_of_equal_time_give_the_figures_computed_by_hand(
    first: int, second: int, ratio: float, low: float, high: float, p: float
) -> None:
    found = one(first, second)
    np.testing.assert_allclose([found.ratio[0], found.low[0], found.high[0]], [ratio, low, high], rtol=2e-5)
    assert found.p[0] == pytest.approx(p, rel=1e-5)


def test_unequal_times_are_compared_as_rates() -> None:
    assert one(12, 6, 2.0, 1.0).ratio[0] == pytest.approx(1.0)
    assert one(12, 6, 2.0, 1.0).p[0] == 1.0
    assert one(12, 12, 2.0, 1.0).ratio[0] == pytest.approx(2.0)


@given(COUNTS, COUNTS, BASES, BASES)
def test_interval_and_p_value_are_those_of_the_exact_binomial_test(
    first: int, second: int, first_base: float, second_base: float
) -> None:
    if first + second == 0:
        return
    found = one(first, second, first_base, second_base)
    share = second_base / (first_base + second_base)
    more, less = (stats.binomtest(second, first + second, share, side) for side in ("greater", "less"))
    assert found.p[0] == pytest.approx(min(1.0, 2 * min(more.pvalue, less.pvalue)), rel=1e-6, abs=1e-12)
    limits = stats.binomtest(second, first + second, share).proportion_ci(0.95, "exact")
    for bound, limit in ((found.low[0], limits.low), (found.high[0], limits.high)):
        expected = np.inf if limit == 1 else limit / (1 - limit) * first_base / second_base
        assert bound == pytest.approx(expected, rel=1e-6)


@given(COUNTS, COUNTS, BASES, BASES)
def test_the_interval_leaves_out_one_exactly_where_the_p_value_is_below_five_percent(
    first: int, second: int, first_base: float, second_base: float
) -> None:
    found = one(first, second, first_base, second_base)
    if first + second == 0 or abs(found.p[0] - 0.05) < 1e-9:
        return
    assert (found.low[0] > 1 or found.high[0] < 1) == (found.p[0] < 0.05)


@given(COUNTS, COUNTS, BASES, BASES)
def test_exchanging_the_two_turns_the_ratio_round(
    first: int, second: int, first_base: float, second_base: float
) -> None:
    if first == 0 or second == 0:
        return
    there, back = one(first, second, first_base, second_base), one(second, first, second_base, first_base)
    np.testing.assert_allclose(there.ratio * back.ratio, 1.0)
    np.testing.assert_allclose(there.low * back.high, 1.0, rtol=1e-6)
    np.testing.assert_allclose(there.p, back.p, rtol=1e-6, atol=1e-300)


@pytest.mark.parametrize(("mean", "true_ratio"), [(0.5, 1.0), (2.0, 3.0), (15.0, 0.4)])
def test_the_interval_holds_the_true_ratio_at_least_95_times_in_100(mean: float, true_ratio: float) -> None:
    first, second = (array.ravel() for array in np.meshgrid(np.arange(80), np.arange(80), indexing="ij"))
    chance = stats.poisson.pmf(first, mean) * stats.poisson.pmf(second, mean * true_ratio)
    found = ratios(first, second, np.ones(first.size), np.ones(first.size))
    holds = (first + second == 0) | ((found.low <= true_ratio) & (true_ratio <= found.high))
    assert chance.sum() == pytest.approx(1.0, abs=1e-6)
    assert chance[holds].sum() >= 0.95


def test_nothing_recorded_in_either_is_no_ratio_and_takes_no_part_in_the_test() -> None:
    alone = ratios([2, 0], [20, 0], [1, 1], [1, 1])
    assert alone.verdict == ("higher", "none_recorded")
    assert np.isnan([alone.ratio[1], alone.low[1], alone.high[1], alone.p[1], alone.q[1]]).all()
    assert alone.q[0] == alone.p[0], "a district without records does not count among those tested"


def test_a_base_that_is_missing_gives_no_ratio() -> None:
    found = ratios([2, 2], [9, 9], [np.nan, 1], [1, 0])
    assert found.verdict == ("no_rate", "no_rate")
    assert np.isnan(found.p).all()


def test_p_values_are_adjusted_as_benjamini_and_hochberg_did() -> None:
    # Sorted 0.01, 0.03, 0.04, 0.5, times 4/1, 4/2, 4/3, 4/4, then never above the next one.
    found = compare.false_discovery(np.array([0.01, 0.04, np.nan, 0.03, 0.5]))
    np.testing.assert_allclose(found, [0.04, 0.16 / 3, np.nan, 0.16 / 3, 0.5])
    assert np.isnan(compare.false_discovery(np.array([np.nan]))).all()


def test_verdicts_say_the_direction_only_where_the_difference_is_clear() -> None:
    found = ratios([2, 20, 5, 0], [30, 3, 6, 1], [1] * 4, [1] * 4)
    assert found.verdict == ("higher", "lower", "no_clear_change", "no_clear_change")


def test_of_the_districts_called_changed_at_most_one_in_twenty_is_wrong() -> None:
    random = np.random.default_rng(20260301)
    true_ratio = np.repeat([1.0, 1.0, 1.0, 4.0, 0.25], 7)
    wrong_shares = []
    for _ in range(400):
        mean = random.gamma(1.0, 12.0, true_ratio.size)
        found = ratios(
            random.poisson(mean), random.poisson(mean * true_ratio / 2), np.ones(true_ratio.size), np.full(35, 0.5)
        )
        called = np.isin(found.verdict, ("higher", "lower"))
        wrong_shares.append((called & (true_ratio == 1.0)).sum() / max(called.sum(), 1))
    assert np.mean(wrong_shares) <= 0.05


def test_people_killed_are_compared_without_a_test_because_they_are_not_single_events() -> None:
    found = ratios([4], [40], [1], [1], is_tested=False)
    assert found.verdict == ("not_tested",)
    assert found.ratio[0] == 10
    assert np.isnan([found.low[0], found.p[0], found.q[0]]).all()


def test_a_difference_is_settled_only_if_it_stays_clear_where_incidents_come_in_series() -> None:
    found = ratios([2, 10], [11, 60], [1, 1], [1, 1], dispersion=1.5)
    assert found.verdict == ("higher", "higher")
    assert found.is_settled.tolist() == [False, True]
    assert ratios([2], [11], [1], [1]).is_settled.tolist() == [True]


def test_counts_of_no_single_events_are_never_settled() -> None:
    assert not ratios([4], [400], [1], [1], is_tested=False).is_settled.any()


# --- periods ----------------------------------------------------------------------------------------------


def incidents(*cells: dict[str, object]) -> IncidentTable:
    rows = [row(number, **one_row) for number, one_row in enumerate(cells)]
    return build({"1": table(*rows)}, DISTRICTS.pcodes, "v1")


def at(pcode: str, day: date, n: int = 1, source: str = "register") -> list[dict[str, object]]:
    return [{"pcode": pcode, "day": day, "source": source}] * n


YEAR_2023, YEAR_2024 = Period(date(2023, 1, 1), date(2023, 12, 31)), Period(date(2024, 1, 1), date(2024, 12, 31))
TWO_YEARS = incidents(
    *at("PK503", date(2023, 5, 1), 3), *at("PK503", date(2024, 5, 1), 15), *at("PK528", date(2023, 1, 1))
)


def test_periods_are_counted_by_district_and_over_all_districts() -> None:
    found = compare.periods(TWO_YEARS, DISTRICTS, Filters(), "incidents", YEAR_2023, YEAR_2024)
    bannu = DISTRICTS.pcodes.index("PK503")
    assert (found.districts.first[bannu], found.districts.second[bannu]) == (3, 15)
    assert found.districts.verdict[bannu] == "higher"
    assert (found.province.first[0], found.province.second[0]) == (4, 15)


def test_the_dispersion_is_computed_within_each_period_by_hand() -> None:
    burst = [*at("PK503", date(2023, 1, 5), 12), *at("PK503", date(2024, 1, 5), 6), *at("PK503", date(2024, 7, 5), 6)]
    shown = incidents(*burst, *at("PK503", date(2024, 12, 31), 0), *at("PK528", date(2025, 1, 1)))
    # 2023: mean 1, squares 11 ** 2 + 11 * 1 = 132. 2024: mean 1, squares 2 * 5 ** 2 + 10 = 60. 22 degrees of freedom.
    found = compare.dispersion(shown, Filters(), "incidents", (YEAR_2023, YEAR_2024))
    assert found == pytest.approx((132 + 60) / 22)
    even = [at("PK503", date(year, month, 1))[0] for year in (2023, 2024) for month in range(1, 13)]
    assert compare.dispersion(incidents(*even), Filters(), "incidents", (YEAR_2023, YEAR_2024)) == 1.0


def test_a_period_counts_only_as_far_as_there_are_records() -> None:
    half = incidents(*at("PK503", date(2023, 1, 1), 4), *at("PK503", date(2024, 6, 30), 4))
    found = compare.periods(half, DISTRICTS, Filters(), "incidents", YEAR_2023, YEAR_2024)
    assert found.second == Period(date(2024, 1, 1), date(2024, 6, 30))
    bannu = DISTRICTS.pcodes.index("PK503")
    assert found.districts.ratio[bannu] == pytest.approx(365 / 182)


def test_rates_per_resident_allow_for_the_growth_of_the_population() -> None:
    by_number = compare.periods(TWO_YEARS, DISTRICTS, Filters(), "incidents", YEAR_2023, YEAR_2024)
    by_resident = compare.periods(TWO_YEARS, DISTRICTS, Filters(), "incidents", YEAR_2023, YEAR_2024, "per_100k")
    bannu = DISTRICTS.pcodes.index("PK503")
    assert by_resident.districts.ratio[bannu] < by_number.districts.ratio[bannu]


@pytest.mark.parametrize(
    ("first", "second", "reason"),
    [
        (Period(date(2021, 1, 1), date(2021, 12, 31)), YEAR_2024, "recorded differently"),
        (Period(date(2021, 6, 1), date(2022, 5, 31)), YEAR_2024, "recorded differently"),
        (YEAR_2024, Period(date(2024, 6, 1), date(2025, 1, 31)), "overlap"),
        (YEAR_2023, Period(date(2030, 1, 1), date(2030, 12, 31)), "No record"),
    ],
)
def test_periods_that_are_recorded_differently_or_overlap_or_are_empty_are_not_compared(
    first: Period, second: Period, reason: str
) -> None:
    both = incidents(
        *at("PK503", date(2021, 3, 1), source="ucdp_ged"), *at("PK503", date(2021, 8, 1), source="ucdp_ged"),
        *at("PK503", date(2022, 3, 1)), *at("PK503", date(2023, 3, 1)), *at("PK503", date(2025, 1, 31)),
    )  # fmt: skip
    refused = compare.why_not(both, Filters(), first, second)
    assert refused is not None
    assert reason in str(refused)
    assert compare.why_not(both, Filters(sources="merged"), first, second) is not None


def test_one_source_is_compared_across_the_seam() -> None:
    register = incidents(*at("PK503", date(2021, 3, 1)), *at("PK503", date(2024, 12, 31)))
    year_2021 = Period(date(2021, 1, 1), date(2021, 12, 31))
    assert compare.why_not(register, Filters(sources="register"), year_2021, YEAR_2024) is None


def test_a_dataset_that_covers_one_period_only_is_another_way_of_recording() -> None:
    mixed = incidents(
        *at("PK503", date(2023, 3, 1)), *at("PK503", date(2024, 12, 31)), *at("PK503", date(2024, 3, 1), source="acled")
    )
    refused = compare.why_not(mixed, Filters(), YEAR_2023, YEAR_2024)
    assert "recorded differently" in str(refused)


# --- places -----------------------------------------------------------------------------------------------


def test_a_place_is_a_district_a_division_the_south_or_the_rest_of_the_other() -> None:
    south, rest = compare_places.places_of(DISTRICTS, "south", "rest")
    assert {DISTRICTS.pcodes[i] for i in south} == set(geo_districts.SOUTHERN_PCODES)
    assert sorted((*south, *rest)) == list(range(35))
    division, district = compare_places.places_of(DISTRICTS, "division:Bannu", "PK528")
    assert {DISTRICTS.divisions[i] for i in division} == {"Bannu"}
    assert district == (DISTRICTS.pcodes.index("PK528"),)


def test_places_that_share_a_district_are_not_compared() -> None:
    assert compare_places.places_of(DISTRICTS, "division:Bannu", "PK503") is None
    assert compare_places.places_of(DISTRICTS, "south", "south") is None


def test_two_places_are_compared_year_by_year_and_never_over_the_change_of_source() -> None:
    bannu_rows = (*at("PK503", date(2021, 3, 1), 2, "ucdp_ged"), *at("PK503", date(2022, 3, 1), 8))
    both = incidents(*bannu_rows, *at("PK528", date(2022, 12, 31), 4))
    bannu, peshawar = compare_places.places_of(DISTRICTS, "PK503", "PK528") or ((), ())
    found = compare_places.places(
        both, DISTRICTS, Filters(), "incidents", bannu, peshawar, date(2021, 1, 1), date(2022, 12, 31)
    )
    assert found.years == (2021, 2022)
    assert found.by_year.second.tolist() == [2, 8]
    assert found.by_year.first.tolist() == [0, 4]
    assert found.by_year.ratio[1] == pytest.approx(2.0)
    assert [(span.first.year, span.last.year) for span in found.spans] == [(2021, 2021), (2022, 2022)]
    assert found.by_span.second.tolist() == [2, 8]

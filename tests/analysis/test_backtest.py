"""The rolling-origin back-test: only years that have passed are used, and the verdict is as it comes out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from geo import districts as geo_districts
from geo.analysis.index import backtest as bt
from geo.analysis.index.monthly_counts import Window
from geo.analysis.index.profiles import profiles
from tests.real_tables import register, ucdp
from tests.toy_index import THREE, attack, broad, everything, incidents, year_of


def panel(counts: list[list[float]], index: list[list[float]] | None = None) -> bt.Panel:
    """Return a panel of equal districts from counts by year; the index is the count unless given."""
    s = np.array(counts, dtype=float)
    points = s if index is None else np.array(index, dtype=float)
    classes = np.digitize(points, (25, 50, 75)).astype(np.int8)
    years = tuple(range(2010, 2010 + len(s)))
    return bt.Panel(years, points, classes, s, np.full(s.shape, 10.0), np.full(s.shape[1], 1000.0))


STILL = [[9, 5, 1, 0]] * 5


def test_a_world_that_does_not_change_is_foreseen_by_every_method() -> None:
    found = bt.backtest(panel(STILL), k=2)
    assert found.origins == (2010, 2011, 2012, 2013)
    for method in bt.METHODS:
        assert found.means[method]["spearman_count"] == pytest.approx(1)
        assert found.means[method]["recapture"] == pytest.approx(1)
        assert found.means[method]["pei"] == pytest.approx(1)
    assert {d.verdict for d in found.differences} == {"no different"}


def test_an_index_that_knows_better_wins_and_one_that_does_not_loses() -> None:
    turning = [[9, 5, 1, 0], [0, 1, 5, 9]] * 3
    knows = panel(turning, [row[::-1] for row in turning])
    assert bt.backtest(knows, k=2).beats("last_year") == "better"
    same = panel(turning, turning)
    assert bt.backtest(same, k=2).beats("last_year") == "no different"
    swapped = panel(STILL, [row[::-1] for row in STILL])
    found = bt.backtest(swapped, k=2)
    assert found.beats("last_year") == "worse"
    assert found.means["aci"]["spearman_count"] == pytest.approx(-1)


def test_the_verdict_in_words_puts_what_is_not_better_first() -> None:
    turning = [[9, 5, 1, 0], [0, 1, 5, 9]] * 3
    lines = map(str, bt.summary_lines(bt.backtest(panel(turning, [row[::-1] for row in turning]), k=2)))
    is_better = ["is better than" in line for line in lines]
    assert is_better == sorted(is_better)
    assert any("does NOT beat" in str(line) for line in bt.summary_lines(bt.backtest(panel(STILL), k=2)))


def test_a_year_is_never_judged_on_itself() -> None:
    counts = [[9, 5, 1, 0], [8, 6, 2, 1], [7, 5, 3, 2]]
    last = panel(counts, [*counts[:2], [0, 0, 0, 99]])
    first = panel(counts, counts)
    assert bt.backtest(last, k=2).means == bt.backtest(first, k=2).means, "the last year has no year after it"


def test_years_before_the_first_origin_feed_only_the_baselines() -> None:
    found = bt.backtest(panel(STILL), k=2, history=3)
    assert found.origins == (2012, 2013)
    assert found.n_district_years == 8
    with pytest.raises(ValueError, match="needs at least 2 years"):
        bt.backtest(panel(STILL[:1]))


def test_years_without_any_attack_are_left_out_of_the_means() -> None:
    found = bt.backtest(panel([[9, 5, 1, 0], [0, 0, 0, 0], [9, 5, 1, 0], [9, 5, 1, 0]]), k=2)
    assert found.means["climatology"]["hit_share"] == pytest.approx(14 / 15)


def test_forecasts_of_a_still_world_are_nearly_sure() -> None:
    found = bt.backtest(panel([[30, 0, 0, 0]] * 6), k=1, threshold=6)
    assert found.forecasts["same_again"][0] == 0
    assert found.forecasts["negative_binomial"][0] < 0.05
    assert set(found.forecasts) == set(bt.FORECASTS)


def test_classes_are_followed_to_the_next_year() -> None:
    points = [[90, 60, 30, 10]] * 3
    found = {c.class_code: c for c in bt.backtest(panel([[9, 5, 1, 0]] * 3, points), k=2, threshold=5).classes}
    assert (found["no_go"].n, found["no_go"].mean_next, found["no_go"].share_reached) == (2, 9, 1)
    assert (found["elevated"].mean_next, found["elevated"].share_reached) == (1, 0)


def test_the_panel_is_the_index_of_calendar_years() -> None:
    small = incidents(
        *year_of({"PK501": [2] * 12}, 2023), *year_of({"PK501": [1] * 12, "PK502": [1] * 12}, 2024, first=9)
    )
    data = bt.panel(small, everything(small), broad(), (2023, 2024), lambda year: THREE.population, THREE.area_km2)
    assert data.S.tolist() == [[24, 0, 0], [12, 12, 0]]
    assert data.base[0].tolist() == [1, 2, 1]
    assert bt.covered_years(small, ("template",)) == (2023, 2024)
    half = incidents(attack(1, month=7, year=2022), attack(2, month=12, year=2023))
    assert bt.covered_years(half, ("template",)) == (2023,)


# --- real files ----------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_ucdp_2008_to_2014_has_the_classes_that_are_known() -> None:
    table, districts = ucdp(), geo_districts.load()
    settings = profiles()["ucdp_ged"].settings
    # One census for all years, as in the published table; the index itself uses the middle of each window.
    residents = districts.population_at(2017)
    years, area = range(2008, 2015), districts.area_km2
    data = bt.panel(table, everything(table), settings, years, lambda year: residents, area, past_only=False)
    names = np.array([districts.names[pcode] for pcode in districts.pcodes])
    top = {year: set(names[data.classes[place] == 3]) for place, year in enumerate(data.years)}
    assert top == {
        2008: {"Swat"},
        2009: {"Swat", "South Waziristan", "Mohmand"},
        2010: {"Mohmand", "Orakzai"},
        2011: {"Mohmand", "Orakzai", "Khyber", "South Waziristan"},
        2012: {"Khyber", "Mohmand", "North Waziristan", "South Waziristan"},
        2013: {"North Waziristan"},
        2014: {"North Waziristan"},
    }
    points = dict(zip(names, np.round(data.index[5]), strict=True))
    assert (points["North Waziristan"], points["Khyber"], points["Peshawar"]) == (93, 58, 39), (
        "93, 61, 41 with the Poisson limit"
    )
    assert data.S[5][names == "North Waziristan"] == 15


@pytest.mark.slow
def test_ucdp_does_not_let_the_index_claim_more_hits_than_last_years_count() -> None:
    table, districts = ucdp(), geo_districts.load()
    settings = profiles()["ucdp_ged"].settings
    data = bt.panel(table, everything(table), settings, range(2008, 2015), districts.population_at, districts.area_km2)
    found = bt.backtest(data)
    assert found.origins == tuple(range(2010, 2014)), "the years before 2010 give no goalposts"
    assert found.beats("last_year", "hit_share") == "no different"
    assert found.means["aci"]["hit_share"] < found.means["last_year"]["hit_share"]
    brier = {name: scores[0] for name, scores in found.forecasts.items()}
    assert brier["negative_binomial"] < min(brier["climatology"], brier["same_again"])
    means = [outcome.mean_next for outcome in found.classes]
    assert means[0] < min(means[1:])
    assert means[-1] == max(means)


@pytest.mark.slow
def test_the_back_test_runs_on_the_register_and_on_police_alone() -> None:
    table, districts = register(), geo_districts.load()
    settings = profiles()["register"].settings
    assert bt.covered_years(table, ("register",)) == tuple(range(2008, 2026))
    years = range(2020, 2026)
    whole = bt.panel(table, everything(table), settings, years, districts.population_at, districts.area_km2)
    police = bt.panel(
        table,
        everything(table),
        replace(settings, police_only=True),
        years,
        districts.population_at,
        districts.area_km2,
    )
    assert (police.S <= whole.S).all()
    assert bt.backtest(whole).beats("last_year") == "no different"
    assert bt.backtest(police, threshold=3).n_district_years == 5 * 35
    assert Window.of_year(2025).midpoint_year == 2025.5


# --- only the past ---------------------------------------------------------------------------------------------


def toy_panel(last: int) -> bt.Panel:
    """Return the index of 2022 to 2024 with goalposts of the past; `last` attacks a month in the south in 2024."""
    small = incidents(
        *year_of({"PK501": [2] * 12, "PK502": [1] * 12}, 2022),
        *year_of({"PK501": [3] * 12, "PK502": [1] * 12}, 2023, first=9_000),
        *year_of({"PK503": [last] * 12}, 2024, first=90_000),
    )
    years = (2022, 2023, 2024)
    return bt.panel(small, everything(small), broad(), years, lambda year: THREE.population, THREE.area_km2)


def test_goalposts_of_a_year_never_know_a_later_year() -> None:
    quiet, loud = toy_panel(1), toy_panel(40)
    np.testing.assert_array_equal(quiet.index[:2], loud.index[:2])
    np.testing.assert_array_equal(quiet.classes[:2], loud.classes[:2])
    # Frozen goalposts of the profile, which know every year, give other points.
    frozen = bt.panel(*_toy(), broad(), (2022, 2023), lambda year: THREE.population, THREE.area_km2, past_only=False)
    assert not np.allclose(frozen.index, quiet.index[:2])


def _toy() -> tuple:
    small = incidents(
        *year_of({"PK501": [2] * 12, "PK502": [1] * 12}, 2022),
        *year_of({"PK501": [3] * 12, "PK502": [1] * 12}, 2023, first=9_000),
    )
    return small, everything(small)


def test_a_year_whose_past_gives_no_goalpost_is_no_origin() -> None:
    points = [[np.nan] * 4, *([[9.0, 5, 1, 0]] * 3)]
    found = bt.backtest(panel([[9, 5, 1, 0]] * 4, points), k=2)
    assert found.origins == (2011, 2012)
    assert found.n_district_years == 8

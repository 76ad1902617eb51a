"""What is asked of the index: one source at a time, a complete window, one answer for page and command line."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from geo import districts as geo_districts
from geo.analysis.index import request as ask
from geo.analysis.index.monthly_counts import Window
from geo.analysis.index.profiles import CannotCompute
from geo.analysis.index.request import AccessRequest
from geo.filters import Filters
from geo.incidents import IncidentTable, build
from tests.real_tables import register, ucdp
from tests.toy import row, table
from tests.toy_index import attack, everything, incidents

DISTRICTS = geo_districts.load()


def request(year: int = 2025, draws: int = 0) -> AccessRequest:
    return AccessRequest("register", replace(ask.frozen_settings("register"), draws=draws), Window.of_year(year))


def two_sources() -> IncidentTable:
    """Return three own incidents of 2020 to 2022 and one of another source in 2024."""
    rows = [attack(n, year=year, month=month) for n, (year, month) in enumerate([(2020, 1), (2021, 6), (2022, 12)])]
    other = [row(10, source="gtd", day=date(2024, 1, 5)), row(11, source="gtd", day=date(2024, 12, 5))]
    return incidents(*rows, *other)


def test_the_source_that_covers_the_latest_year_comes_first() -> None:
    small = two_sources()
    assert ask.indexable_sources(small, everything(small)) == ("gtd", "template")


def test_of_sources_that_cover_the_same_years_the_larger_comes_first() -> None:
    rows = [attack(1, year=2024, month=1), attack(2, year=2024, month=12), attack(3, year=2024, month=5)]
    other = [row(10, source="gtd", day=date(2024, 1, 5)), row(11, source="gtd", day=date(2024, 12, 5))]
    small = incidents(*rows, *other)
    assert ask.indexable_sources(small, everything(small)) == ("template", "gtd")


def test_a_source_that_the_filter_takes_away_is_not_offered() -> None:
    small = two_sources()
    assert ask.indexable_sources(small, small.year < 2023) == ("template",)
    assert ask.only_source(small, small.year < 2023) == "template"


def test_several_sources_are_refused_and_named() -> None:
    small = two_sources()
    with pytest.raises(CannotCompute, match=r"one source at a time.*Choose one of: gtd, template"):
        ask.only_source(small, everything(small))


def test_monthly_totals_alone_are_refused_with_the_reason() -> None:
    small = incidents(row(1, source="hdx_acled", n_events=5))
    with pytest.raises(CannotCompute, match="monthly totals have neither"):
        ask.only_source(small, everything(small))


def test_nothing_selected_is_refused_with_the_way_out() -> None:
    small = two_sources()
    with pytest.raises(CannotCompute, match="remove a filter"):
        ask.only_source(small, ~everything(small))


def test_only_the_asked_source_is_counted() -> None:
    rows = [attack(n, "PK503", month) for n, month in enumerate((1, 6, 12))]
    other = [row(10 + n, source="gtd", pcode="PK503", target_type="police", day=date(2024, n, 5)) for n in (1, 12)]
    small = build({"1": table(*rows, *other)}, DISTRICTS.pcodes, "toy")
    settings = replace(ask.frozen_settings("template"), draws=0)
    counted = {
        source: ask.index_of(
            small, everything(small), DISTRICTS, AccessRequest(source, settings, Window.of_year(2024))
        ).arrays.values.S.sum()
        for source in ("template", "gtd")
    }
    assert counted == {"template": 3, "gtd": 2}


def test_the_usual_window_is_the_last_whole_calendar_year() -> None:
    small = incidents(attack(1, year=2023, month=1), attack(2, year=2025, month=3))
    window = ask.default_window(small, "template")
    assert (window.first_day, window.last_day) == (date(2024, 1, 1), date(2024, 12, 31))


def test_a_source_without_a_whole_year_has_the_window_that_ends_with_it() -> None:
    small = incidents(attack(1, year=2024, month=9), attack(2, year=2025, month=3))
    assert ask.default_window(small, "template").last_day == date(2025, 3, 31)


def test_period_and_districts_of_a_filter_do_not_apply_and_the_rest_does() -> None:
    given = Filters(start=date(2024, 1, 1), end=date(2024, 2, 1), districts=("PK503",), targets=("police",))
    assert given.for_index() == Filters(targets=("police",))


def test_a_calendar_year_of_a_request_has_twelve_months_and_no_draws() -> None:
    asked = AccessRequest("register", replace(ask.frozen_settings("register"), window_months=18), Window(24_000, 18))
    year = ask.of_year(asked, 2024)
    assert (year.window, year.settings.window_months, year.settings.draws) == (Window.of_year(2024), 12, 0)
    assert year.settings.goalposts == asked.settings.goalposts


# --- on the embedded register ------------------------------------------------------------------------


def test_the_index_of_a_year_has_a_record_for_every_district() -> None:
    small = register()
    found = ask.index_of(small, everything(small), DISTRICTS, request())
    assert [record.pcode for record in found.records] == list(DISTRICTS.pcodes)
    assert found.sources == ("register",)


def test_the_series_ends_with_the_window_and_its_last_month_is_the_index() -> None:
    small, asked = register(), request()
    series = ask.series_of(small, everything(small), DISTRICTS, asked, 24)
    found = ask.index_of(small, everything(small), DISTRICTS, asked)
    assert series.months.months == 24
    np.testing.assert_allclose(series.index[-1], found.arrays.index)
    np.testing.assert_array_equal(series.raw[-1], found.arrays.classes)


def test_the_series_does_not_begin_before_the_source() -> None:
    small = register()
    early = AccessRequest("register", request().settings, Window.of_year(2008))
    series = ask.series_of(small, everything(small), DISTRICTS, early, 60)
    assert series.months.first_month == 2007 * 12 + 3
    assert np.isnan(series.index[0]).all(), "one covered month is no twelve"


def test_hot_spots_are_those_of_the_attacks_the_index_counts() -> None:
    small = register()
    found = ask.hotspots_of(ask.index_of(small, everything(small), DISTRICTS, request()), DISTRICTS)
    named = {DISTRICTS.names[p]: label for p, label in zip(DISTRICTS.pcodes, found.labels, strict=True)}
    assert {name for name, label in named.items() if label == "core"} == {
        "Bannu",
        "Hangu",
        "Lakki Marwat",
        "North Waziristan",
        "South Waziristan",
    }
    quiet = ask.index_of(small, everything(small), DISTRICTS, request(2018))
    assert "are needed for a test" in str(ask.hotspots_of(quiet, DISTRICTS).refusal)


def test_published_lists_are_compared_with_the_twelve_months_before_them() -> None:
    small = register()
    settings = ask.frozen_settings("register")
    compared = ask.compare_lists(small, everything(small), DISTRICTS, "register", settings)
    assert [found.published.day for found in compared] == sorted(found.published.day for found in compared)
    assert all(found.months_covered == 12 for found in compared)
    last = compared[-1]
    assert last.index is not None
    assert last.count is not None
    assert last.index.n_listed == 6
    assert last.index.auc == pytest.approx(0.994, abs=0.001)
    assert last.index.overlap == pytest.approx(5 / 6)


@pytest.mark.slow
def test_a_list_outside_the_covered_months_is_not_compared() -> None:
    small = ucdp()
    settings = ask.frozen_settings("ucdp_ged")
    compared = ask.compare_lists(small, everything(small), DISTRICTS, "ucdp_ged", settings)
    assert {(found.months_covered, found.index, found.count) for found in compared} == {(0, None, None)}


def test_the_back_test_looks_at_one_source_only() -> None:
    small = register()
    settings = ask.frozen_settings("register")
    found = ask.backtest_of(small, everything(small), DISTRICTS, "register", settings, (2021, 2022, 2023))
    assert found.origins == (2021, 2022)
    assert found.n_district_years == 70
    with pytest.raises(CannotCompute, match="No incident is selected"):
        ask.backtest_of(small, everything(small), DISTRICTS, "ucdp_ged", settings, (2021, 2022))

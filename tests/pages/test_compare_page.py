"""The page Compare: the answer in words, what is refused and why, every choice in the address."""

from __future__ import annotations

import pytest

from tests.pages.test_pages import _own_store, opened_at, texts
from tests.register_file import rows

__all__ = ["_own_store"]
pytestmark = pytest.mark.slow


def n_in(year: str, pcode: str = "") -> int:
    return sum(row["date"].startswith(year) and pcode in ("", row["pcode"]) for row in rows())


def test_two_calendar_years_are_compared_in_a_sentence_and_a_table() -> None:
    app = opened_at("compare", year1="2024", year2="2025")
    assert not app.exception
    assert f"All districts together: {n_in('2024')} in 2024, {n_in('2025')} in 2025" in texts(app)
    assert "**Clearly higher** (2): Bannu, Karak; unsettled\\* (2): Lakki Marwat, Hangu" in texts(app)
    assert "vary 1.4 times as much" in texts(app)
    frame = app.dataframe[0].value.set_index("District")
    assert frame.loc["Bannu", "2025"] == n_in("2025", "PK503")
    assert frame.loc["Bannu", "Result"] == "clearly higher"
    assert frame.loc["Hangu", "Result"] == "clearly higher, unsettled"
    assert frame.loc["Upper Chitral", "Ratio"] == "none recorded"


def test_periods_on_both_sides_of_the_change_of_source_are_not_called_a_change() -> None:
    app = opened_at("compare", year1="2020", year2="2024")
    assert "recorded differently" in texts(app)
    assert "not to be read as a change" in texts(app)
    assert "Clearly higher" not in texts(app)
    assert not {"Ratio", "q value", "Result"} & set(app.dataframe[0].value.columns)


def test_periods_that_are_not_compared_have_their_table_in_a_language_from_the_right_too() -> None:
    app = opened_at("compare", year1="2020", year2="2024", lang="ur")
    assert not app.exception
    assert len(app.table) == 1


def test_one_source_may_be_compared_across_that_day() -> None:
    app = opened_at("compare", year1="2020", year2="2024", sources="register")
    assert "recorded differently" not in texts(app)
    assert "All districts together" in texts(app)


def test_the_ratio_of_the_register_is_followed_by_a_warning_of_how_much_of_each_year_it_holds() -> None:
    """Of the 59 policemen that the police counted as killed in 2015 it holds none, of the 159 of 2025 it holds 87."""
    app = opened_at("compare", year1="2015", year2="2025", sources="register")
    (said,) = [one.value.replace("\\", "") for one in app.warning if "register does not collect" in one.value]
    assert f"{n_in('2015')} rows of 2015, {n_in('2025')} of 2025" in said
    assert "Attacks: no published total for 2015, 12% to 50% for 2025" in said
    assert "Police killed: 0% for 2015, 55% for 2025" in said
    assert "Clearly higher" in texts(app)
    ucdp = opened_at("compare", year1="2012", year2="2015", sources="ucdp")
    assert "All districts together" in texts(ucdp)
    assert not [one for one in ucdp.warning if "register does not collect" in one.value]


def test_periods_of_different_length_are_rates_a_year() -> None:
    app = opened_at("compare", spans="own", period1="2023-01-01_2024-12-31", period2="2025-01-01_2025-06-30")
    frame = app.dataframe[0].value.set_index("District")
    assert {"First rate", "Second rate"} <= set(frame.columns)
    n_two_years = n_in("2023", "PK503") + n_in("2024", "PK503")
    assert frame.loc["Bannu", "First rate"] == pytest.approx(n_two_years / 2, abs=0.1)


def test_overlapping_periods_are_refused_with_the_remedy() -> None:
    app = opened_at("compare", year1="2024", year2="2024")
    assert "overlap" in texts(app)
    assert not app.dataframe


def test_people_killed_are_compared_without_a_test() -> None:
    app = opened_at("compare", measure="killed", year1="2024", year2="2025")
    assert "one attack kills many" in texts(app)
    assert "clear" not in texts(app), "no map and no key of what is clear"
    assert set(app.dataframe[0].value["Result"]) <= {"not tested", "none recorded in either period", "no rate"}


def test_a_chosen_district_has_a_sentence_of_its_own() -> None:
    app = opened_at("compare", year1="2024", year2="2025", district="PK503")
    assert f"**Bannu:** {n_in('2024', 'PK503')} in 2024, {n_in('2025', 'PK503')} in 2025" in texts(app)


def test_every_choice_is_in_the_address() -> None:
    query = {"year1": "2023", "year2": "2025", "measure": "police_attacks", "per": "per_100k"}
    app = opened_at("compare", **query)
    kept = dict(app.query_params)
    assert kept == {"from": "all", **query}
    assert texts(opened_at("compare", **kept)) == texts(app)


@pytest.mark.parametrize("key", ["of", "spans", "year1", "measure"])
def test_an_unknown_choice_is_ignored_and_named(key: str) -> None:
    app = opened_at("compare", **{key: "zzz"})
    assert not app.exception
    assert f"were ignored: {key} zzz" in texts(app)


def test_a_period_that_is_no_period_is_ignored_and_named() -> None:
    app = opened_at("compare", spans="own", period1="2025-01-01_2024-01-01")
    assert "were ignored: period1" in texts(app)


def test_two_places_are_compared_as_rates_and_apart_on_the_two_sides_of_the_change_of_source() -> None:
    app = opened_at("compare", of="places", place="PK503", reference="PK528", **{"from": "2021-01-01"})
    assert "**Incidents, 2021.** Bannu:" in texts(app)
    assert f"Bannu: {sum(n_in(str(year), 'PK503') for year in range(2022, 2027))}" in texts(app)
    frame = app.dataframe[0].value.set_index("Year")
    assert frame.loc["2025", "Bannu"] == n_in("2025", "PK503")
    assert frame.loc["2025", "Peshawar"] == n_in("2025", "PK528")


def test_places_that_share_a_district_are_refused() -> None:
    app = opened_at("compare", of="places", place="division:Bannu", reference="PK503")
    assert "share a district" in texts(app)
    assert not app.dataframe

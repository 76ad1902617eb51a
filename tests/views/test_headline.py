"""The sentences above a map: figures of what is shown, and statements with who made them and when."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from geo.filters import Filters
from geo.sources import NO_RATE
from geo.views import headline, overview
from geo.views.district import figures
from geo.views.state import View
from tests.views.test_overview import over_the_seam, view

SOUTH_2024 = date(2024, 7, 1), date(2024, 7, 31)


def said(filters: Filters = Filters(), measure: str = "incidents", unit: str = "count") -> str:  # noqa: B008
    shown = view(filters)
    return headline.highest(shown, overview.measure_by_district(shown, measure, unit))


def test_the_highest_districts_of_the_south_come_with_their_figures_and_the_highest_elsewhere() -> None:
    assert said() == (
        "Recorded incidents, 5 Jan 2024 to 5 May 2025: in the south highest in **Bannu** (3), **Tank** (1); "
        "elsewhere in **Swat** (1)."
    )


def test_the_sentence_follows_measure_and_filter() -> None:
    assert said(measure="killed").startswith("People reported killed, 5 Jan 2024 to 5 May 2025: in the south highest")
    assert "**Bannu** (3)" in said(measure="killed")
    assert "none recorded elsewhere" in said(measure="killed")
    assert "**Bannu** (1)" in said(Filters(targets=("police",)))
    assert "none recorded" in said(Filters(targets=("judiciary",)))


def test_where_the_south_has_none_the_rest_is_named_all_the_same() -> None:
    assert said(Filters(start=date(2025, 4, 1), end=date(2025, 4, 30))) == (
        "Recorded incidents, 1 Apr 2025 to 30 Apr 2025: none recorded in the south; elsewhere highest in **Swat** (1)."
    )
    assert said(Filters(targets=("judiciary",))).endswith("none recorded in any district.")
    assert said(Filters(targets=("judiciary",), districts=("PK503", "PK519"))).endswith("in the chosen districts.")


def test_few_incidents_without_a_rate_are_not_called_none() -> None:
    assert said(unit="per_100k").endswith("too few incidents for a rate elsewhere.")


def test_the_sentence_names_the_filters_that_its_numbers_depend_on() -> None:
    narrow = Filters(targets=("police",), groups=("ttp",), attacks=("ied",), fatal_only=True)
    one = replace(narrow, districts=("PK503",))
    for sentence in (said(narrow), said(one), figures.answer_sentences(view(one), "PK503")[0]):
        for words in ("Target: Police", "Fatal incidents only", "Attack type: Roadside", "claimed or attributed: "):
            assert words in sentence.replace("\\", "")
    assert "(" not in said().partition("in the south")[0], "no filter, no brackets"


def test_one_chosen_district_has_its_figure_and_its_place() -> None:
    assert said(Filters(districts=("PK533",))) == (
        "**Tank**: **1** (Recorded incidents, 5 Jan 2024 to 5 May 2025), number 2 of 3 districts with a record."
    )
    assert said(Filters(districts=("PK533",)), "killed").startswith("**Tank**: no figure stated")
    assert said(Filters(districts=("PK501",))).startswith("**Abbottabad**: 0 (")


def test_rates_of_few_incidents_are_not_ranked() -> None:
    assert "**Tank**" not in said(unit="per_100k")


def test_over_a_change_of_source_there_is_no_rate_and_no_rank() -> None:
    both = over_the_seam()
    assert headline.highest(both, overview.measure_by_district(both, "incidents", "per_100k")) == NO_RATE
    chosen = View.of(both.table, both.districts, Filters(districts=("PK503",)))
    sentence = headline.highest(chosen, overview.measure_by_district(chosen, "incidents", "count"))
    assert sentence.startswith("**Bannu**: 7 (")
    assert "number" not in sentence.partition(")")[2]


def test_a_description_names_who_made_it_and_when_and_links_to_the_page() -> None:
    sentence = headline.described(*SOUTH_2024, ())
    assert sentence == (
        "Described as no-go: all 6 southern districts ([The Frontier Post, 16 Jul 2024]"
        "(https://thefrontierpost.com/southern-districts-become-no-go-areas-for-kp-police/))."
    )


def test_a_denial_of_the_period_stands_beside_the_description() -> None:
    sentence = headline.described(date(2024, 7, 1), date(2024, 12, 31), ())
    assert ". Denied: provincial police chief, [ARY News, 29 Aug 2024](https://arynews.tv/" in sentence


def test_the_description_is_of_the_chosen_district() -> None:
    sentence = headline.described(date(2023, 7, 1), date(2026, 6, 1), ("PK519",))
    assert sentence.startswith("Described as no-go: Lakki Marwat (member of the National Assembly")
    assert "[The Current, December 2024](" in sentence, "a day that is not known is not stated"


def test_a_period_without_descriptions_says_so() -> None:
    assert headline.described(date(2010, 1, 1), date(2014, 1, 1), ()) == (
        "No page of this period that describes them as no-go is collected."
    )

"""The choices of the group filter: families are one choice, every alias is found by typing, counts are of the rows."""

from __future__ import annotations

import re

import pytest

from geo.districts import load_groups
from geo.filters import Filters
from geo.incidents import IncidentTable, build
from geo.views import group_choices
from geo.wording import in_language
from tests.toy import PCODES, row, table

LABEL = "ttp_or_allied_official_label"
KEYS = ["unid", "ttp", LABEL, "iskp", "ttp_jua", "lei", "ispp"]


def shown(*keys: str) -> IncidentTable:
    return build({"1": table(*(row(n, group_id=key) for n, key in enumerate(keys)))}, PCODES, "v")


def test_a_family_stands_before_its_members_and_what_is_no_group_stands_last() -> None:
    assert group_choices.options(KEYS) == [
        *("family:ttp", "ttp", "ttp_jua"),
        *("family:iskp", "iskp", "ispp"),
        *("lei", "unid", LABEL),
    ]


def test_a_family_means_its_members_and_an_address_with_all_of_them_shows_the_family() -> None:
    offered = group_choices.options(KEYS)
    assert group_choices.unfolded(["family:ttp", "lei", "ttp"], offered) == ("ttp", "ttp_jua", "lei")
    assert group_choices.folded(["lei", "ttp_jua", "ttp"], offered) == ["family:ttp", "lei"]
    assert group_choices.folded(["ttp", "nobody"], offered) == ["ttp"]
    assert group_choices.unfolded([], offered) == ()


def test_counts_are_those_of_the_rows_and_a_family_is_the_sum_of_its_members() -> None:
    incidents, codes = (
        shown("ttp", "ttp", "ttp_jua", "iskp", LABEL, "unid", "unid"),
        ["family:ttp", "ttp", LABEL, "unid"],
    )
    chosen = Filters(groups=("iskp",))
    assert group_choices.numbers(incidents, chosen, codes) == {"family:ttp": 3, "ttp": 2, LABEL: 1, "unid": 2}
    said = group_choices.numbers_text(incidents, chosen, ["family:ttp", "unid"]).replace("\\", "")
    assert said == "Incidents under the other filters: TTP and its factions, all: 3; Not attributed: 2."
    assert "official label, not a group" in group_choices.labels([LABEL])[LABEL]


def test_no_name_of_a_file_is_markup_beside_its_number() -> None:
    assert "![x]" not in group_choices.numbers_text(shown("![x](http://h/)"), Filters(), ["![x](http://h/)"])


@pytest.mark.parametrize("language", ["en", "ur", "qps"])
def test_each_choice_has_a_text_of_its_own_without_a_number(language: str) -> None:
    every = [*load_groups().groups, *(f"family:{family}" for family in group_choices.FAMILIES)]
    with in_language(language):
        labels = group_choices.labels(every)
    assert len(set(labels.values())) == len(every)
    assert [text for text in labels.values() if re.search(r": \d", text)] == []


@pytest.mark.parametrize("key", load_groups().groups)
def test_typing_any_alias_finds_its_group(key: str) -> None:
    label = group_choices.labels([key])[key]
    missed = [alias for alias in load_groups().aliases[key] if not group_choices.is_found(alias, label)]
    assert missed == []


@pytest.mark.parametrize(("typed", "key"), [("Tehreek", "ttp"), ("TTP", "ttp_jua"), ("فتنہ الخوارج", LABEL)])
def test_words_that_readers_type_find_the_group(typed: str, key: str) -> None:
    assert group_choices.is_found(typed, group_choices.labels([key])[key])
    assert not group_choices.is_found("T h k", group_choices.labels([key])[key])


def test_a_family_answers_to_the_names_of_the_group_it_is_called_after() -> None:
    label = group_choices.labels(["family:ttp"])["family:ttp"]
    assert group_choices.is_found("Tehreek-e-Taliban", label)
    assert group_choices.is_found("تحریک طالبان", label)


def test_every_family_of_the_group_table_has_a_name() -> None:
    assert {group.family for group in load_groups().groups.values()} - {""} == set(group_choices.FAMILIES)


def test_a_group_that_the_table_does_not_know_is_offered_by_its_key() -> None:
    assert group_choices.options(["new_one", "unid"]) == ["new_one", "unid"]
    assert group_choices.labels(["new_one"]) == {"new_one": "new_one"}

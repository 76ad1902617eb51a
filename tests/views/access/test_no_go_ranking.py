"""The ranked table: highest first, empty where nothing can be said, and no rank unless it is asked for."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from geo.analysis.index.access import AccessIndex, access
from geo.analysis.index.monthly_counts import Window
from geo.analysis.index.settings import COMPONENTS
from geo.views.access import ranking
from tests.toy_index import THREE, broad, everything, incidents, year_of


def index(year: int = 2024, draws: int = 50, without: str = "") -> AccessIndex:
    small = incidents(*year_of({"PK502": [9] * 12, "PK503": [1, 0] * 6}))
    settings = broad(draws=draws)
    settings = settings.without(without) if without else settings
    return access(small, everything(small), THREE, settings, Window.of_year(year))


def test_the_highest_index_comes_first_and_ties_go_by_name() -> None:
    assert [record.name for record in ranking.ranked(index())] == ["Middle", "South", "North"]
    nowhere = replace(index(), records=tuple(replace(record, aci=0.0) for record in index().records))
    assert [record.name for record in ranking.ranked(nowhere)] == ["Middle", "North", "South"]


def test_districts_without_an_index_come_last() -> None:
    found = index()
    blank = replace(found, records=(replace(found.records[1], aci=None), *found.records[2:], found.records[0]))
    assert [record.name for record in ranking.ranked(blank)] == ["South", "North", "Middle"]


def test_a_row_holds_class_points_range_agreement_direction_and_five_scores() -> None:
    row = ranking.frame(index()).iloc[0]
    assert row["class"] == "Severe"
    assert row["range"] == f"{index().records[1].aci_low:.0f} to {index().records[1].aci_high:.0f}"
    assert all(0 <= row[letter] <= 1 for letter in COMPONENTS)
    assert row["attacks"] == 108
    assert row["missed"] == "Control"


def test_a_component_without_a_score_is_an_empty_cell_not_a_zero() -> None:
    table = ranking.frame(index(without="C"))
    assert table["C"].isna().all()
    assert "Recorded too rarely by this source to be scored: Signs of control." in ranking.table_text(
        index(without="C")
    )
    assert "too rarely" not in ranking.table_text(index())


def test_without_draws_there_is_no_range_and_no_rank() -> None:
    table = ranking.frame(index(draws=0))
    assert set(table["range"]) == {""}
    assert set(table["ranks"]) == {""}


def test_where_data_are_insufficient_cells_are_empty() -> None:
    table = ranking.frame(index(2030))
    assert table["points"].isna().all()
    assert pd.isna(table.loc[0, "S"])
    assert set(table["class"]) == {"Insufficient data"}
    assert set(table["missed"]) == {""}


def test_class_lists_name_the_members_and_tell_records_from_silence() -> None:
    lists = dict(ranking.class_lists(index()))
    assert [name.split()[0] for name in lists["Severe (2)"].split(", ")] == ["Middle", "South"]
    assert "1 with none recorded" in next(text for label, text in lists.items() if label.startswith("Low recorded"))
    assert lists["High recorded attacks, steady (0)"] == "none"
    assert not any(label.startswith("Insufficient") for label in lists)


def test_class_lists_show_insufficient_data_when_there_are_any() -> None:
    assert ranking.class_lists(index(2030))[-1] == ("Insufficient data (3)", "Middle, North, South")


def test_an_unsettled_class_says_so_beside_the_name() -> None:
    found = index()
    shaky = replace(found, records=tuple(replace(r, agreement_code="unsettled") for r in found.records))
    assert "(unsettled)" in dict(ranking.class_lists(shaky))["Severe (2)"]

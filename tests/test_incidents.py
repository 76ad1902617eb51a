"""The shared table: coded once, read-only, unknown is never zero, and filters keep exactly what they say."""

from __future__ import annotations

from dataclasses import fields
from datetime import date

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.filters import Filters
from geo.incidents import (
    ENCODED_COLUMNS,
    NOT_LOCATED,
    OUTSIDE,
    READ_COLUMNS,
    UNKNOWN,
    IncidentTable,
    build,
    is_one_of,
    select,
)
from tests.toy import PCODES, row, table


@pytest.fixture
def small() -> IncidentTable:
    """Six incidents: two batches, one outside, one not located, tolls known and unknown."""
    first = table(
        row(
            1,
            day=date(2022, 1, 1),
            pcode="PK501",
            killed_best=0,
            group_id="ttp",
            geo_precision="exact",
            lat=34.0,
            lon=71.0,
        ),
        row(2, day=date(2022, 12, 31), pcode="PK501", killed_best=3, target_type="police"),
        row(3, day=date(2023, 6, 1), pcode="PK503", attack_type="ied", geo_precision="near", lat=33.0, lon=70.5),
    )
    second = table(
        row(4, day=date(2024, 2, 29), district_method="outside", geo_precision="exact", lat=30.0, lon=69.0),
        row(5, day=date(2024, 3, 1), geo_precision="province", killed_best=1, initiator="state"),
        row(6, day=date(2024, 3, 1), pcode="PK502", n_events=4, killed_best=7),
    )
    return build({"1": first, "2": second}, PCODES, "v1")


def test_codes_say_where_and_when(small: IncidentTable) -> None:
    assert small.district.tolist() == [0, 0, 2, OUTSIDE, NOT_LOCATED, 1]
    assert small.year.tolist() == [2022, 2022, 2023, 2024, 2024, 2024]
    assert small.month.tolist() == [1, 12, 6, 2, 3, 3]
    assert small.batch.tolist() == [0, 0, 0, 1, 1, 1]
    assert (small.first_day, small.last_day) == (date(2022, 1, 1), date(2024, 3, 1))


def test_an_unknown_toll_is_not_zero(small: IncidentTable) -> None:
    assert small.killed_best.tolist() == [0, 3, UNKNOWN, UNKNOWN, 1, 7]


def test_nobody_can_change_the_shared_table(small: IncidentTable) -> None:
    with pytest.raises(ValueError, match="read-only"):
        small.district[0] = 1


def test_an_empty_store_gives_an_empty_table() -> None:
    empty = build({}, PCODES, "v0")
    assert len(empty) == 0
    assert empty.first_day is None
    assert select(empty, Filters(groups=("ttp",))).shape == (0,)


def test_incidents_newer_than_the_delay_are_left_out() -> None:
    rows = table(row(1, day=date(2024, 1, 1)), row(2, day=date(2024, 1, 2)))
    kept = build({"1": rows}, PCODES, "v", newest=date(2024, 1, 1))
    assert kept.day.tolist() == [19723]
    assert kept.n_withheld == 1


def test_the_last_possible_day_decides_what_is_withheld() -> None:
    year = row(1, day=date(2024, 1, 1), date_precision="year") | {"date_end": date(2024, 12, 31)}
    rows = table(year, row(2, day=date(2024, 1, 1)))
    kept = build({"1": rows}, PCODES, "v", newest=date(2024, 12, 30))
    assert kept.details["incident_id"].to_pylist() == ["toy:2"]
    assert kept.n_withheld == 1
    assert len(build({"1": rows}, PCODES, "v", newest=date(2024, 12, 31))) == 2


@pytest.mark.parametrize("newest", [None, date(2024, 1, 15)])
@pytest.mark.parametrize("merges", [(), [("toy:1", "toy:3")]])
def test_dictionaries_and_fewer_columns_give_the_same_table(newest: date | None, merges: list) -> None:
    first = table(row(1, pcode="PK501", group_id="ttp", place="bridge"), row(2, group_id="ihk", killed_best=2))
    second = table(
        row(3, day=date(2024, 1, 2), place="mosque", geo_precision="exact", lat=34.0, lon=71.0),
        row(4, day=date(2024, 2, 2), source="acled", district_method="outside"),
    )
    plain = {"1": first, "2": second}
    encoded = {
        name: pa.table(
            {
                column: rows[column].dictionary_encode() if column in ENCODED_COLUMNS else rows[column]
                for column in READ_COLUMNS
            }
        )
        for name, rows in plain.items()
    }
    expected, found = (build(tables, PCODES, "v", newest, merges) for tables in (plain, encoded))
    assert found.details.to_pylist() == expected.details.to_pylist()
    for item in fields(IncidentTable):
        one, other = getattr(found, item.name), getattr(expected, item.name)
        if item.name != "details":
            assert np.array_equal(one, other, equal_nan=item.name in ("lat", "lon")), item.name
            assert getattr(one, "dtype", None) == getattr(other, "dtype", None), item.name


def test_year_and_month_are_those_of_the_calendar() -> None:
    days = [date(1969, 12, 31), date(1970, 1, 1), date(2000, 2, 29), date(2023, 12, 31), date(2024, 1, 1)]
    built = build({"1": table(*(row(i, day=day) for i, day in enumerate(days)))}, PCODES, "v")
    assert list(zip(built.year.tolist(), built.month.tolist(), strict=True)) == [(d.year, d.month) for d in days]


@pytest.mark.parametrize(
    ("filters", "kept"),
    [
        (Filters(), [1, 2, 3, 4, 5, 6]),
        (Filters(start=date(2022, 12, 31), end=date(2023, 6, 1)), [2, 3]),
        (Filters(groups=("ttp",)), [1]),
        (Filters(attacks=("ied",)), [3]),
        (Filters(targets=("police",)), [2]),
        (Filters(initiators=("state", "mutual")), [5]),
        (Filters(districts=("PK501", "PK503")), [1, 2, 3]),
        (Filters(districts=("PK502",)), [6]),
        (Filters(datasets=("2",)), [4, 5, 6]),
        (Filters(min_precision="exact"), [1, 4]),
        (Filters(min_precision="near"), [1, 3, 4]),
        (Filters(min_precision="district"), [1, 2, 3, 4, 6]),
        (Filters(fatal_only=True), [2, 5, 6]),
        (Filters(groups=("nobody",)), []),
    ],
)
def test_a_filter_keeps_exactly_what_it_says(small: IncidentTable, filters: Filters, kept: list[int]) -> None:
    assert (np.flatnonzero(select(small, filters)) + 1).tolist() == kept


@settings(max_examples=100, deadline=None)
@given(n_words=st.integers(1, 60), codes=st.lists(st.integers(-2, 59), max_size=40), chosen=st.sets(st.integers(0, 70)))
def test_few_many_or_all_words_may_be_chosen(n_words: int, codes: list[int], chosen: set[int]) -> None:
    words = [f"w{k}" for k in range(n_words)]
    column = np.array([code for code in codes if code < n_words], dtype=np.int8)
    expected = [code >= 0 and code in chosen for code in column.tolist()]
    assert is_one_of(column, [f"w{k}" for k in chosen], words).tolist() == expected

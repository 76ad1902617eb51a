"""The filter and the address say the same thing, and an address can do no harm."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.filters import MINIMUM_PRECISIONS, QUERY_KEYS, Filters, clean, from_query, to_query
from geo.schema import ATTACK_TYPES, INITIATORS, TARGET_TYPES


def _some(codes: list[str]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(codes), unique=True, max_size=4).map(tuple)


FILTERS = st.builds(
    Filters,
    start=st.none() | st.dates(date(2007, 1, 1), date(2015, 1, 1)),
    end=st.none() | st.dates(date(2015, 1, 2), date(2026, 1, 1)),
    groups=_some(["ttp", "hgb", "unid"]),
    attacks=_some(list(ATTACK_TYPES)),
    targets=_some(list(TARGET_TYPES)),
    initiators=_some(list(INITIATORS)),
    districts=_some(["PK501", "PK530"]),
    datasets=_some(["1", "22"]),
    min_precision=st.none() | st.sampled_from(MINIMUM_PRECISIONS),
    fatal_only=st.booleans(),
)


@given(FILTERS)
def test_a_filter_survives_its_address(filters: Filters) -> None:
    assert from_query(to_query(filters)) == (filters, ())


def test_the_plain_view_has_a_plain_address() -> None:
    assert to_query(Filters()) == {}


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("from", "yesterday"),
        ("from", "2024-13-01"),
        ("to", "20240101"),
        ("group", "ttp,<script>"),
        ("group", "x" * 10_000),
        ("attack", "no_such_type"),
        ("target", "police;DROP TABLE batches"),
        ("district", "PK5"),
        ("data", "-1"),
        ("precision", "province"),
        ("fatal", "gASVAAAA"),
    ],
)
def test_an_unusable_value_is_ignored_and_named(key: str, value: str) -> None:
    assert from_query({key: value}) == (Filters(), (key,))


def test_one_bad_value_does_not_spoil_the_rest() -> None:
    filters, ignored = from_query({"group": "ttp", "district": "nowhere"})
    assert (filters, ignored) == (Filters(groups=("ttp",)), ("district",))


def test_a_period_that_ends_before_it_begins_is_ignored() -> None:
    assert from_query({"from": "2024-02-01", "to": "2024-01-01"}) == (Filters(), ("from", "to"))


@pytest.mark.case(49)
@given(st.dictionaries(st.sampled_from(QUERY_KEYS), st.text(max_size=60)))
def test_no_address_raises(query: dict[str, str]) -> None:
    filters, ignored = from_query(query)
    assert set(ignored) <= set(query)
    assert isinstance(filters, Filters)


def test_cleaning_drops_what_the_data_do_not_have() -> None:
    filters = Filters(groups=("ttp", "gone"), districts=("PK501", "PK999"), datasets=("1", "9"))
    assert clean(filters, ["ttp"], ["PK501"], ["1"]) == Filters(groups=("ttp",), districts=("PK501",), datasets=("1",))

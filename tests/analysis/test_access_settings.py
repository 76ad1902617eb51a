"""Settings of the index: what an address may change, what it may not, and the hash that names them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.analysis.index.profiles import profiles
from geo.analysis.index.settings import QUERY_KEYS, AccessSettings, ByComponent, from_query, to_query
from geo.filters import QUERY_KEYS as FILTER_KEYS
from tests.toy_index import broad

SHARE = st.integers(0, 100).map(lambda n: n / 100)


def test_the_settings_of_a_profile_need_no_address() -> None:
    assert to_query(broad(), broad()) == {}
    assert from_query({}, broad()) == (broad(), ())


@given(
    months=st.integers(3, 60),
    alpha=SHARE,
    confidence=st.integers(50, 99).map(lambda n: n / 100),
    cap=st.integers(1, 1000),
    police=st.booleans(),
    weights=st.tuples(*[st.integers(1, 100).map(lambda n: n / 100)] * 5),
)
def test_an_address_gives_back_the_settings_it_was_made_from(
    months: int, alpha: float, confidence: float, cap: int, police: bool, weights: tuple[float, ...]
) -> None:
    chosen = broad(
        window_months=months,
        alpha=alpha,
        confidence=confidence,
        cap_deaths=cap,
        police_only=police,
        weights=ByComponent(*weights),
    )
    assert from_query(to_query(chosen, broad()), broad()) == (chosen, ())


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("months", "2"),
        ("months", "12.5"),
        ("alpha", "1.1"),
        ("alpha", "nan"),
        ("conf", "0.2"),
        ("cap", "0"),
        ("police", "yes"),
        ("w_s", "-1"),
        ("w_s", "1" * 30),
        ("w_k", "<script>"),
    ],
)
def test_an_unusable_value_is_ignored_and_named(key: str, text: str) -> None:
    assert from_query({key: text}, broad()) == (broad(), (key,))


def test_weights_that_are_all_zero_are_ignored_together() -> None:
    query = {f"w_{letter}": "0" for letter in "skcml"}
    settings, ignored = from_query(query, broad())
    assert settings == broad()
    assert sorted(ignored) == sorted(query)


def test_what_is_frozen_cannot_be_addressed() -> None:
    query = {"goalposts": "1", "gates": "0", "cuts": "1", "h_S": "1", "profile": "ucdp_ged", "seed": "3"}
    assert from_query(query, broad()) == (broad(), ())


def test_a_component_the_profile_does_not_have_cannot_be_switched_on() -> None:
    frozen = profiles()["ucdp_ged"].settings
    assert from_query({"w_c": "0.5"}, frozen)[0] == frozen


def test_keys_of_the_index_and_of_the_filters_do_not_meet() -> None:
    assert not set(QUERY_KEYS) & set(FILTER_KEYS)


@pytest.mark.parametrize(
    "change",
    [
        {"alpha": 0.5},
        {"cap_deaths": 11},
        {"weights": ByComponent(S=1, K=0.25, C=0.15, M=0.1, L=0.1)},
        {"police_only": True},
        {"seed": 1},
        {"gates": ByComponent(S=1)},
        {"version": "next"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_the_hash_changes_with_every_setting(change: dict[str, object]) -> None:
    assert broad(**change).settings_hash() != broad().settings_hash()
    assert len(broad().settings_hash()) == 12


def test_the_hash_stays_for_equal_settings_and_differs_between_profiles() -> None:
    assert replace(broad()).settings_hash() == broad().settings_hash()
    hashes = {profile.settings.settings_hash() for profile in profiles().values()}
    assert len(hashes) == len(profiles())


@pytest.mark.parametrize(
    ("settings", "name"),
    [
        (broad(), "ACI"),
        (broad().without("C"), "ACI[SKML]"),
        (broad().without("C").without("L"), "ACI[SKM]"),
        (replace(broad(), police_only=True), "ACI, police only"),
    ],
)
def test_a_variant_names_what_it_is_made_of(settings: AccessSettings, name: str) -> None:
    assert settings.variant() == name


def test_a_component_that_is_left_out_leaves_no_trace() -> None:
    left = broad().without("C")
    assert (left.weights.C, left.goalposts.C, left.gates.C) == (None, None, None)
    assert left.weights.given() == {"S": 0.4, "K": 0.25, "M": 0.1, "L": 0.1}

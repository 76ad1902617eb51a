"""One setting at a time: what changes is counted among district-years that are above the lowest class."""

from __future__ import annotations

from dataclasses import replace

import pytest

from geo import districts as geo_districts
from geo.analysis.index.influence import CHANGES, influence
from geo.analysis.index.profiles import profiles
from tests.real_tables import register
from tests.toy_index import everything


@pytest.mark.slow
def test_each_change_is_counted_on_the_register() -> None:
    table, districts = register(), geo_districts.load()
    settings = profiles()["register"].settings
    found = {f.change: f for f in influence(table, everything(table), settings, range(2022, 2026), districts)}
    assert set(found) == set(CHANGES)
    assert all(0 <= f.n_changed <= f.n for f in found.values())
    assert found["median"].n_changed > found["equal_weights"].n_changed > 0
    assert found["forces_alone"].n_changed > 0


@pytest.mark.slow
def test_a_change_that_changes_nothing_counts_nothing() -> None:
    table, districts = register(), geo_districts.load()
    free = replace(
        profiles()["register"].settings, gates=replace(profiles()["register"].settings.gates, S=None, K=None, C=None)
    )
    found = {f.change: f for f in influence(table, everything(table), free, (2024, 2025), districts)}
    assert found["no_conditions"].n_changed == 0

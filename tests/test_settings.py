"""Settings: known keys only, usable values only, each refusal named."""

from __future__ import annotations

from pathlib import Path

import pytest

from geo import settings
from geo.problems import BadSetting
from geo.schema import LIMITS


def test_defaults_need_no_configuration() -> None:
    loaded = settings.load({})
    assert loaded.mode == "local"
    assert loaded.delay_days == 30
    assert loaded.limits == {name: limit.default for name, limit in LIMITS.items()}


def test_the_environment_wins_over_secrets() -> None:
    loaded = settings.load({"ATLAS_STORE": "/data/a"}, {"ATLAS_STORE": "/data/b"})
    assert loaded.store_path == Path("/data/a")


def test_other_programs_variables_are_not_ours() -> None:
    assert settings.load({"PATH": "/bin", "HOME": "/root"}) == settings.load({})


def test_an_unknown_key_is_refused_by_name() -> None:
    with pytest.raises(BadSetting, match="ATLAS_STOER"):
        settings.load({"ATLAS_STOER": "x"})


@pytest.mark.parametrize(
    ("key", "value"),
    [("ATLAS_MODE", "open"), ("ATLAS_DELAY_DAYS", "-1"), ("ATLAS_ONLINE_TILES", "perhaps"), ("ATLAS_LIMIT_ROWS", "0")],
)
def test_an_unusable_value_is_refused_by_name(key: str, value: str) -> None:
    with pytest.raises(BadSetting, match=key):
        settings.load({key: value})


def test_a_public_deployment_cannot_shorten_the_delay() -> None:
    assert settings.load({"ATLAS_DELAY_DAYS": "0"}).delay_days == 0
    with pytest.raises(BadSetting, match="ATLAS_DELAY_DAYS"):
        settings.load({"ATLAS_MODE": "public", "ATLAS_DELAY_DAYS": "7"})


def test_all_problems_come_at_once() -> None:
    with pytest.raises(BadSetting) as caught:
        settings.load({"ATLAS_MODE": "x", "ATLAS_NONE": "y", "ATLAS_LIMIT_ROWS": "z"})
    assert caught.value.n_total == 3

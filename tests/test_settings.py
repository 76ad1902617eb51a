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


def test_the_language_of_the_process_is_a_known_setting() -> None:
    assert settings.load({"ATLAS_LANGUAGE": "qps"}) == settings.load({})


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


def test_a_database_makes_the_store_a_shared_one_and_is_not_printed() -> None:
    url = "postgresql://atlas:hidden@db:5432/atlas"
    loaded = settings.load({"ATLAS_STORE": "/data/a", "ATLAS_STORE_DB": url})
    assert loaded.store_path == settings.SharedPlace(Path("/data/a"), url)
    assert "hidden" not in repr(loaded) + str(loaded.store_path)


@pytest.mark.parametrize(
    "url",
    [
        "mysql://atlas:hidden@db/atlas",
        "hidden",
        "postgresql://atlas:p@hidden@db/atlas",
        "postgresql://atlas:p/hidden@db/atlas",
        "postgresql://atlas:p:hidden@db/atlas",
        "postgresql://atlas:p#hidden@db/atlas",
    ],
)
def test_a_database_url_that_would_be_misread_is_refused_without_being_shown(url: str) -> None:
    with pytest.raises(BadSetting, match="ATLAS_STORE_DB") as refused:
        settings.load({"ATLAS_STORE": "/data/a", "ATLAS_STORE_DB": url})
    assert "hidden" not in str(refused.value)


def test_a_database_without_the_shared_folder_is_refused() -> None:
    with pytest.raises(BadSetting, match="ATLAS_STORE_DB needs ATLAS_STORE"):
        settings.load({"ATLAS_STORE_DB": "postgresql://db/atlas"})


def test_all_problems_come_at_once() -> None:
    with pytest.raises(BadSetting) as caught:
        settings.load({"ATLAS_MODE": "x", "ATLAS_NONE": "y", "ATLAS_LIMIT_ROWS": "z"})
    assert caught.value.n_total == 3

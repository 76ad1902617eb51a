"""Settings of a view survive their file, and a file that was changed by hand is refused by name."""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.export.map_position import MapPosition
from geo.export.view_settings import ViewSettings, from_toml, settings_hash, to_toml
from geo.filters import Filters
from geo.problems import RejectedUpload
from geo.schema import ATTACK_TYPES

FULL = ViewSettings(
    filters=Filters(
        start=date(2024, 1, 1),
        end=date(2024, 12, 31),
        groups=("iskp", "ttp"),
        attacks=("ied",),
        districts=("PK501", "PK532"),
        datasets=("1",),
        min_precision="near",
        fatal_only=True,
        sources="merged",
    ),
    page="points",
    options={"measure": "killed", "per": "per_100k", "find": 'quote " back \\ اردو'},
    data_version="0123456789ab",
    shown_until=date(2026, 10, 30),
    map_position=MapPosition(33.5, 70.25, 8.0),
    theme="dark",
    language="qps",
    address="https://atlas.example/points?from=2024-01-01&version=0123456789ab",
)


@pytest.mark.parametrize("view", [ViewSettings(), FULL])
def test_settings_survive_their_file(view: ViewSettings) -> None:
    assert from_toml(to_toml(view)) == view


def test_the_file_is_plain_toml_with_its_own_dates_and_lists() -> None:
    parts = tomllib.loads(to_toml(FULL))
    assert parts["filters"]["from"] == date(2024, 1, 1)
    assert parts["filters"]["group"] == ["iskp", "ttp"]
    assert parts["filters"]["fatal"] is True
    assert parts["map"] == {"lat_deg": 33.5, "lon_deg": 70.25, "zoom": 8.0}


def test_the_hash_is_that_of_the_file_without_its_address_and_does_not_depend_on_the_order_of_choices() -> None:
    nowhere = replace(FULL, address="")
    assert hashlib.sha256(to_toml(nowhere).encode()).hexdigest().startswith(settings_hash(FULL))
    one, other = (ViewSettings(filters=Filters(groups=names)) for names in (("ttp", "iskp"), ("iskp", "ttp")))
    assert settings_hash(one) == settings_hash(other)
    assert settings_hash(one) != settings_hash(ViewSettings())


@given(
    st.builds(
        Filters,
        start=st.none() | st.dates(date(1990, 1, 1), date(2010, 1, 1)),
        end=st.none() | st.dates(date(2010, 1, 2), date(2030, 1, 1)),
        attacks=st.sets(st.sampled_from(sorted(ATTACK_TYPES)), max_size=3).map(sorted).map(tuple),
        fatal_only=st.booleans(),
    ),
    st.dictionaries(st.from_regex(r"[a-z]{1,8}", fullmatch=True).filter(lambda key: key not in ("measure", "per")),
                    st.text(max_size=40).filter(str.isprintable), max_size=3),
)  # fmt: skip
def test_any_settings_survive(filters: Filters, options: dict[str, str]) -> None:
    view = ViewSettings(filters=filters, options=options)
    assert from_toml(to_toml(view)) == view


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (("[filters]", '[filters]\nattack = ["no such type"]'), "filters.attack"),
        (("[filters]", "[filters]\nfrom = 2024-05-01T10:00:00"), "filters.from"),
        (("[filters]", "[filters]\nfrom = 2024-05-01\nto = 2023-05-01"), "filters.from"),
        (("[filters]", "[filters]\nfatal = 1"), "filters.fatal"),
        (("[filters]", "[filters]\nspeed = 3"), "filters.speed"),
        (("[options]", '[options]\nmeasure = "danger"'), "options.measure"),
        (("[options]", "[options]\nmeasure = [1]"), "options.measure"),
        (("[options]", '[options]\n"../x" = "1"'), "options.../x"),
        (('theme = "light"', 'theme = "pink"'), "theme"),
        (('page = "overview"', 'page = "../x"'), "page"),
        (("[data]", "[data]\nshown_until = 3"), "data.shown_until"),
        (('version = ""', 'version = "latest"'), "data.version"),
        (("[data]", '[data]\naddress = "javascript:alert(1)"'), "data.address"),
        (("[data]", '[data]\naddress = "https://x.example/\\n"'), "data.address"),
        (("[options]", "[map]\nlat_deg = 95.0\nlon_deg = 0.0\nzoom = 3\n[options]"), "map"),
        (("format = 1", "format = 1\nextra = 2"), "extra"),
    ],
)
def test_what_cannot_be_used_is_refused_by_name(change: tuple[str, str], named: str) -> None:
    content = to_toml(ViewSettings())
    assert change[0] in content
    with pytest.raises(RejectedUpload) as refused:
        from_toml(content.replace(*change), "settings.toml")
    assert named in [problem.column for problem in refused.value.problems]
    assert {problem.file for problem in refused.value.problems} == {"settings.toml"}


@pytest.mark.parametrize("content", ["", "format = 2", "format = [", "filters = 3\nformat = 1", "<html>"])
def test_other_files_are_refused(content: str) -> None:
    with pytest.raises(RejectedUpload):
        from_toml(content)

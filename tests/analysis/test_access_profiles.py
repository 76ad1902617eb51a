"""The profiles: frozen numbers, the rule that made them, and what a damaged file does."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from geo import districts as geo_districts
from geo.analysis.counting.rates import exposure
from geo.analysis.index.access import access, attributes_at
from geo.analysis.index.monthly_counts import Window, counted_incidents, monthly_counts
from geo.analysis.index.profiles import PROFILES_FILE, CannotCompute, calibrate, profile_of_source, profiles
from geo.analysis.index.scores import ComponentValues
from geo.analysis.index.settings import ByComponent
from geo.problems import DamagedData
from geo.schema import SOURCES
from tests.real_tables import register, ucdp_of_the_province
from tests.toy_index import everything


def test_the_profiles_hold_the_frozen_numbers() -> None:
    found = {key: (p.settings.goalposts, p.settings.gates, p.settings.variant()) for key, p in profiles().items()}
    assert found == {
        "ucdp_ged": (ByComponent(S=2, M=3, L=12), ByComponent(S=6, K=0.5), "ACI[SKML]"),
        "broad": (ByComponent(S=6, M=10, L=20, C=12), ByComponent(S=12, K=2 / 3, C=1), "ACI"),
        "register": (ByComponent(S=0.99, M=1.5, L=2.4, C=1), ByComponent(S=10, K=0.5, C=1), "ACI"),
    }


def test_all_profiles_share_the_common_settings() -> None:
    for profile in profiles().values():
        settings = profile.settings
        assert (settings.window_months, settings.alpha, settings.confidence, settings.cap_deaths) == (12, 1, 0.8, 10)
        assert settings.cuts == (25, 50, 75)
        assert (settings.hysteresis.band, settings.hysteresis.up, settings.hysteresis.down) == (5, 2, 3)
        assert (settings.hotspot.replicates, settings.hotspot.q, settings.hotspot.fewest_events) == (9999, 0.1, 30)
        assert settings.draws == 1000
        assert profile.label
        assert profile.basis
        assert profile.caution


def test_every_source_with_single_incidents_has_one_profile() -> None:
    served = [source for profile in profiles().values() for source in profile.sources]
    assert sorted(served) == sorted(set(SOURCES) - {"hdx_acled"})
    assert profile_of_source("register").key == "register"
    with pytest.raises(CannotCompute, match="monthly totals have neither"):
        profile_of_source("hdx_acled")


@pytest.mark.parametrize(
    ("old", "new"),
    [("[profiles.broad]", "[profiles.broad"), ("alpha =", "alfa ="), ('version = "3"', ""), ("S = 0.99", 'S = "x"')],
    ids=["not TOML", "unknown setting", "no version", "no number"],
)
def test_a_damaged_file_is_refused_by_name(tmp_path: Path, old: str, new: str) -> None:
    text = PROFILES_FILE.read_text("utf-8")
    assert old in text
    path = tmp_path / "access_profiles.toml"
    path.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(DamagedData, match=r"access_profiles\.toml"):
        profiles(path)


def test_a_missing_file_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(DamagedData, match=r"gone\.toml"):
        profiles(tmp_path / "gone.toml")


# --- the rule ------------------------------------------------------------------------------------------------


def pooled(c: float | None) -> ComponentValues:
    """Return 100 district-years: counts 0 to 99, months 0 to 11 and a last one, control as given."""
    ramp = np.arange(100.0).reshape(4, 25)
    control = None if c is None else np.full((4, 25), c)
    return ComponentValues(S=ramp, K=np.minimum(ramp, 12), M=2 * ramp, L=3 * ramp, C=control)


def test_goalposts_are_the_95th_percentile_of_rates_and_gates_of_counts() -> None:
    posts, gates = calibrate(pooled(4.0), np.full((4, 25), 1e5), np.full(25, 1e3))
    assert posts == ByComponent(S=94, M=190, L=280, C=4)
    assert gates == ByComponent(S=95, K=1, C=1)


def test_twice_the_residents_halve_the_goalposts_but_not_the_gates() -> None:
    posts, gates = calibrate(pooled(4.0), np.full((4, 25), 2e5), np.full(25, 1e3))
    assert posts == ByComponent(S=47, M=94, L=140, C=4)
    assert gates == ByComponent(S=95, K=1, C=1)


@pytest.mark.parametrize("control", [0.0, None], ids=["never recorded", "no column"])
def test_control_that_is_hardly_recorded_has_no_goalpost_and_no_gate(control: float | None) -> None:
    posts, gates = calibrate(pooled(control), np.full((4, 25), 1e5), np.full(25, 1e3))
    assert posts.C is None
    assert gates.C is None


@pytest.mark.slow
def test_the_register_profile_is_what_the_rule_gives_on_the_embedded_register() -> None:
    rule = tomllib.loads(PROFILES_FILE.read_text("utf-8"))["profiles"]["register"]["calibration"]
    districts, table = geo_districts.load(), register()
    years = range(rule["first_year"], rule["last_year"] + 1)
    counted = counted_incidents(table, everything(table))
    cube = monthly_counts(counted, Window(years[0] * 12, 12 * len(years)), len(districts.pcodes), 10)
    parts = [cube.values(Window.of_year(year), has_control=True) for year in years]
    values = ComponentValues(*(np.stack([getattr(part, name) for part in parts]) for name in "SKMLC"))
    population = np.stack([districts.population_at(Window.of_year(year).midpoint_year) for year in years])
    posts, gates = calibrate(values, population, districts.area_km2)
    settings = profiles()["register"].settings
    assert (posts, gates) == (settings.goalposts, settings.gates)
    for alpha, stored in settings.goalposts_by_alpha:
        found, _ = calibrate(values, population, districts.area_km2, alpha)
        assert replace(found, C=None) == stored, alpha
    assert values.S.size == rule["district_years"]
    assert int((values.C > 0).sum()) == 10, "the number of district-years with a sign of control, as the file says"


@pytest.mark.slow
def test_the_register_has_its_classes_of_2025() -> None:
    districts, table, window = geo_districts.load(), register(), Window.of_year(2025)
    settings = profiles()["register"].settings
    found = access(table, everything(table), attributes_at(districts, window), settings, window)
    classes = {r.name: r.class_code for r in found.records if r.class_code != "low"}
    assert classes == {
        "Bannu": "no_go",
        "North Waziristan": "no_go",
        "South Waziristan": "no_go",
        "Karak": "severe",
        "Hangu": "severe",
        "Lakki Marwat": "severe",
        "Kohat": "elevated",
        "Dera Ismail Khan": "elevated",
        "Tank": "elevated",
    }
    assert (found.months_covered, found.n_not_located) == (12, 0)
    bannu = next(r for r in found.records if r.name == "Bannu")
    assert bannu.agreement_code == "firm"
    assert bannu.components["C"].score == 1


@pytest.mark.slow
def test_the_ucdp_goalposts_of_other_units_follow_its_percentiles() -> None:
    districts, table, years = geo_districts.load(), ucdp_of_the_province(), range(2008, 2022)
    counted = counted_incidents(table, everything(table))
    cube = monthly_counts(counted, Window(years[0] * 12, 12 * len(years)), len(districts.pcodes), 10)
    parts = [cube.values(Window.of_year(year), has_control=False) for year in years]
    population = np.stack([districts.population_at(Window.of_year(year).midpoint_year) for year in years])
    frozen = profiles()["ucdp_ged"].settings
    for alpha, stored in frozen.goalposts_by_alpha:
        ratios = [
            np.percentile(counts / exposure(population, districts.area_km2, alpha), 95)
            / np.percentile(counts / exposure(population, districts.area_km2), 95)
            for counts in (np.stack([getattr(part, name) for part in parts]) for name in "SML")
        ]
        posts = [getattr(frozen.goalposts, name) for name in "SML"]
        expected = [float(f"{post * ratio:.2g}") for post, ratio in zip(posts, ratios, strict=True)]
        assert [getattr(stored, name) for name in "SML"] == expected, alpha


@pytest.mark.slow
def test_three_months_of_the_register_end_at_severe() -> None:
    # August to October 2025 once gave South Waziristan, Hangu and Kohat the top class.
    districts, table, window = geo_districts.load(), register(), Window(2025 * 12 + 7, 3)
    settings = replace(profiles()["register"].settings, window_months=3, draws=0)
    found = access(table, everything(table), attributes_at(districts, window), settings, window)
    classes = {r.name: r.class_code for r in found.records}
    assert "no_go" not in classes.values()
    assert {classes[name] for name in ("South Waziristan", "Hangu", "Kohat")} == {"severe"}
    hangu = next(r for r in found.records if r.name == "Hangu")
    assert (hangu.gates["window"].value, hangu.gates["window"].needed) == (3, 12)
    assert hangu.tipping is None

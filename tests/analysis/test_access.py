"""One record a district: what is refused, what is insufficient, and what each record says."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from geo.analysis.index.access import access, access_series, source_coverage, usable_settings
from geo.analysis.index.monthly_counts import Window
from geo.analysis.index.profiles import CannotCompute, profiles
from geo.analysis.index.records import AccessRecord
from geo.incidents import IncidentTable
from geo.problems import AtlasError, ProblemCode
from tests.toy import row
from tests.toy_index import THREE, attack, broad, everything, incidents, year_of

YEAR = Window.of_year(2024)
# Two attacks a month in the north, one in every second month in the middle, none in the south.
STEADY = year_of({"PK501": [2] * 12, "PK502": [1, 0] * 6})
# Incidents that only show that the source covers 2022 to 2025.
COVER = [attack(1, "PK503", 1, 2022, initiator="state"), attack(2, "PK503", 12, 2025, initiator="state")]
QUICK = broad(draws=0)


def records(*rows: dict, settings=QUICK, window: Window = YEAR, **options) -> tuple[AccessRecord, ...]:
    small = incidents(*COVER, *rows)
    return access(small, everything(small), THREE, settings, window, **options).records


def problem_of(small: IncidentTable, **options: object) -> str:
    mask = everything(small)
    with pytest.raises(CannotCompute) as caught:
        access(small, mask, THREE, options.pop("settings", QUICK), YEAR, **options)
    assert isinstance(caught.value, AtlasError)
    assert isinstance(caught.value, ValueError)
    (problem,) = caught.value.problems
    assert problem.code == ProblemCode.NOT_FOR_INDEX
    assert str(problem.hint)
    return str(problem)


# --- records ---------------------------------------------------------------------------------------------


def test_there_is_one_record_a_district_in_the_order_of_the_districts() -> None:
    found = records(*STEADY)
    assert [(r.pcode, r.name) for r in found] == [("PK501", "North"), ("PK502", "Middle"), ("PK503", "South")]
    assert [r.components["S"].value for r in found] == [24, 6, 0]
    assert [r.components["K"].value for r in found] == [12, 6, 0]


def test_nothing_recorded_in_a_covered_window_is_low_not_insufficient() -> None:
    south = records(*STEADY)[2]
    assert (south.class_code, south.aci, south.reasons) == ("low", 0.0, ())


def test_gates_tell_what_was_counted_and_what_is_needed() -> None:
    north = records(*STEADY)[0]
    assert {k: (g.value, g.is_passed) for k, g in north.gates.items()} == {
        "S": (24, True),
        "K": (12, True),
        "C": (0, False),
    }
    assert [round(g.needed, 6) for g in north.gates.values()] == [12, 8, 1]


def test_a_high_score_with_a_missed_gate_stays_below_the_top_class() -> None:
    rows = year_of({"PK501": [9] * 12}, killed_best=10)
    without = records(*rows)[0]
    assert without.aci >= 75
    assert (without.class_code, without.gates["C"].is_passed) == ("severe", False)
    one_sign = attack(900_000, attack_type="post_overrun", is_control_type=True)
    assert records(*rows, one_sign)[0].class_code == "no_go"


def test_the_factor_to_the_next_class_belongs_to_the_next_cut() -> None:
    north, middle, south = records(*STEADY)
    assert [r.next_cut for r in (north, middle, south)] == [75, 50, 25]
    assert middle.tipping > 1
    assert south.tipping is None


def test_rates_come_with_their_exact_interval() -> None:
    south = records(*STEADY)[2]
    assert south.rate_low == 0
    assert south.rate_high == pytest.approx(3.688879, abs=1e-6)


def test_forces_are_split_and_pressure_comes_from_neighbours() -> None:
    north, middle, south = records(*STEADY, attack(77_000, target_type="army"))
    assert north.forces == {"police": 24, "army": 1, "paramilitary": 0, "other": 0}
    assert south.pressure == pytest.approx(middle.components["S"].score)
    assert middle.pressure == pytest.approx((north.components["S"].score + 0) / 2)


def test_direction_looks_back_only_over_covered_months() -> None:
    rows = year_of({"PK501": [0] * 6 + [4] * 6})
    assert records(*rows)[0].direction == "rising"
    short = incidents(*rows)
    assert access(short, everything(short), THREE, QUICK, Window(YEAR.first_month + 6, 6)).records[0].direction == (
        "unknown"
    )


def test_the_index_says_what_it_rests_on() -> None:
    small = incidents(*COVER, *STEADY, attack(50_000, None))
    found = access(small, everything(small), THREE, QUICK, YEAR)
    assert (found.n_located, found.n_not_located, found.months_covered) == (30, 1, 12)
    assert (found.variant, found.sources, found.table_version) == ("ACI", ("template",), "toy")
    assert found.settings.window_months == 12


def test_a_mask_of_other_incidents_changes_nothing_outside_it() -> None:
    small = incidents(*COVER, *STEADY)
    only_north = everything(small) & (small.district != 1)
    found = access(small, only_north, THREE, QUICK, YEAR).records
    assert found[0] == replace(records(*STEADY)[0], pressure=found[0].pressure)
    assert found[1].components["S"].value == 0


# --- what is insufficient ----------------------------------------------------------------------------------


def test_eight_covered_months_are_too_few_and_nine_are_enough() -> None:
    for months, expected in ((8, {"insufficient"}), (9, {"low", "severe"})):
        small = incidents(*(attack(month, month=month) for month in range(1, months + 1)))
        found = access(small, everything(small), THREE, QUICK, YEAR)
        assert {r.class_code for r in found.records} == expected
        assert found.months_covered == months
    assert found.records[0].components["K"].rate == 1.0, "shares refer to the months that are covered"


def test_insufficient_records_say_why_and_have_no_score() -> None:
    (north, *_) = records(*STEADY, window=Window.of_year(2030))
    assert (north.class_code, north.aci, north.tipping, north.next_cut) == ("insufficient", None, None, None)
    assert "covers 0 of the 12 months" in str(north.reasons[0])
    assert north.components["S"].score is None


def test_more_than_a_quarter_without_a_district_leaves_no_class() -> None:
    quarter = [attack(60_000 + n, None) for n in range(10)]
    assert records(*STEADY, *quarter)[0].class_code != "insufficient"
    found = records(*STEADY, *quarter, attack(70_000, None))
    assert {r.class_code for r in found} == {"insufficient"}
    assert "27%" in str(found[0].reasons[0])


def test_a_district_without_population_is_the_only_one_without_a_class() -> None:
    small = incidents(*COVER, *STEADY)
    districts = replace(THREE, population=np.array([np.nan, 2e5, 1e5]))
    north, middle, _ = access(small, everything(small), districts, broad(draws=20), YEAR).records
    assert (north.class_code, *map(str, north.reasons)) == (
        "insufficient",
        "Population or area of the district is missing.",
    )
    assert (north.agreement, north.agreement_code) == (None, "unknown")
    assert middle.class_code != "insufficient"


def test_a_source_without_target_and_initiator_leaves_no_class() -> None:
    rows = [
        row(n, pcode="PK501", target_type="unknown", initiator="unknown", day=a["date_start"])
        for n, a in enumerate(STEADY)
    ]
    small = incidents(*rows)
    found = access(small, everything(small), THREE, QUICK, YEAR).records
    assert "neither the target" in str(found[0].reasons[-1])


# --- what is refused ---------------------------------------------------------------------------------------


def test_sources_are_never_mixed() -> None:
    small = incidents(*COVER, *STEADY, attack(80_000, source="gtd"))
    assert "one source at a time" in problem_of(small)


def test_a_profile_serves_only_its_own_sources() -> None:
    small = incidents(*COVER, *STEADY)
    assert "not made for this source" in problem_of(small, settings=profiles()["ucdp_ged"].settings)
    assert "not made for this source" in problem_of(small, settings=broad(profile="unheard_of"))


def test_a_police_index_of_a_source_without_targets_is_refused_with_the_reason() -> None:
    small = incidents(*(attack(n, source="ucdp_ged", month=n) for n in range(1, 13)))
    said = problem_of(small, settings=replace(profiles()["ucdp_ged"].settings, police_only=True))
    assert "UCDP" in said
    assert "does not state the target" in said


def test_nothing_selected_is_refused() -> None:
    small = incidents(*STEADY)
    with pytest.raises(CannotCompute, match="No incident is selected"):
        access(small, ~everything(small), THREE, QUICK, YEAR)


def test_the_police_index_counts_police_alone_and_is_named() -> None:
    small = incidents(*COVER, *STEADY, *(attack(90_000 + n, target_type="army") for n in range(5)))
    found = access(small, everything(small), THREE, replace(QUICK, police_only=True), YEAR)
    assert found.variant == "ACI, police only"
    assert found.records[0].components["S"].value == found.records[0].components["M"].value == 24


def test_control_is_dropped_where_the_source_does_not_record_it() -> None:
    silent = incidents(*COVER, *(a | {"attack_type": "unknown"} for a in STEADY))
    used, _ = usable_settings(silent, silent.initiator == 0, QUICK)
    assert used.variant() == "ACI[SKML]"
    assert used.gates.C is None


# --- the series ----------------------------------------------------------------------------------------------


def test_coverage_runs_from_the_first_to_the_last_incident() -> None:
    small = incidents(*COVER)
    assert source_coverage(small, ("template",)) == Window.between(COVER[0]["date_start"], COVER[1]["date_start"])


def test_the_series_is_the_index_of_every_window() -> None:
    small = incidents(*COVER, *STEADY, *year_of({"PK502": [3] * 12}, 2025, first=7), attack(9_000_000, None, 6, 2025))
    months = Window(2023 * 12, 36)
    population = np.tile(THREE.population, (36, 1))
    series = access_series(small, everything(small), population, THREE.area_km2, QUICK, months)
    for step in (0, 5, 11, 20, 35):
        window = Window(months.first_month + step - 11, 12)
        single = access(small, everything(small), THREE, QUICK, window)
        np.testing.assert_allclose(series.index[step], single.arrays.index, atol=1e-9)
        assert series.raw[step].tolist() == single.arrays.classes.tolist()
        assert series.S[step].tolist() == single.arrays.values.S.tolist()
    assert series.steady.shape == (36, 3)


def test_months_the_source_does_not_cover_are_gaps_in_the_series() -> None:
    small = incidents(*STEADY)
    months = Window(2024 * 12, 24)
    series = access_series(small, everything(small), np.tile(THREE.population, (24, 1)), THREE.area_km2, QUICK, months)
    # Nine of twelve months: from September 2024, when the window holds nine, to March 2025.
    assert np.flatnonzero(~np.isnan(series.index[:, 0])).tolist() == list(range(8, 15))
    assert (series.steady[:8] == -1).all()

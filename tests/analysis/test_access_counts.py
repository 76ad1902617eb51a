"""What the index counts, checked against rows a person can count."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.analysis.index import monthly_counts as counts
from geo.analysis.index.monthly_counts import Window
from geo.incidents import NOT_LOCATED
from tests.toy import row
from tests.toy_index import attack, everything, incidents

YEAR = Window.of_year(2024)


def values(*rows: dict, window: Window = YEAR, cap: int = 10, police_only: bool = False) -> object:
    small = incidents(*rows)
    counted = counts.counted_incidents(small, everything(small), police_only)
    return counts.monthly_counts(counted, window, 3, cap).values(window, has_control=True)


# --- windows -------------------------------------------------------------------------------------------


def test_a_window_is_whole_months() -> None:
    window = Window.between(date(2024, 3, 15), date(2025, 2, 3))
    assert (window.first_day, window.last_day, window.months) == (date(2024, 3, 1), date(2025, 2, 28), 12)
    assert window.midpoint_year == pytest.approx(2024 + 8 / 12)


def test_windows_share_the_months_they_have_in_common() -> None:
    assert YEAR.overlap(Window.between(date(2024, 11, 1), date(2026, 1, 1))) == 2
    assert YEAR.overlap(Window.of_year(2025)) == 0


def test_a_window_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(ValueError, match="before it begins"):
        Window.between(date(2024, 3, 1), date(2024, 2, 1))


# --- what belongs to which component ---------------------------------------------------------------------


def test_attacks_on_forces_on_others_and_operations_are_told_apart() -> None:
    found = values(
        attack(1),
        attack(2, initiator="mutual"),
        attack(3, initiator="state"),
        row(4, pcode="PK501", target_type="civilian", day=date(2024, 2, 1)),
        row(5, pcode="PK501", target_type="peace_committee", day=date(2024, 2, 1)),
        row(6, pcode="PK501", target_type="militant", day=date(2024, 2, 1)),
        attack(7, attack_type="disrupted_plot"),
        attack(8, initiator="communal"),
    )
    assert found.S.tolist() == [2, 0, 0]
    assert found.M.tolist() == [4, 0, 0]


def test_signs_of_control_count_also_where_they_are_no_attack() -> None:
    found = values(
        attack(1, attack_type="checkpoint_blockade", is_control_type=True),
        attack(2, attack_type="post_overrun", is_control_type=True),
    )
    assert found.C.tolist() == [2, 0, 0]
    assert found.S.tolist() == [1, 0, 0]


def test_months_count_once_and_not_when_only_the_year_is_known() -> None:
    found = values(attack(1), attack(2), attack(3, month=7), attack(4, month=9, date_precision="year"))
    assert found.K.tolist() == [2, 0, 0]
    assert found.S.tolist() == [4, 0, 0]


def test_summary_rows_count_their_events() -> None:
    assert values(attack(1, n_events=3)).S.tolist() == [3, 0, 0]


def test_incidents_outside_the_province_and_the_window_count_nowhere() -> None:
    small = incidents(attack(1, pcode=None, district_method="outside"), attack(2, year=2023), attack(3, pcode=None))
    counted = counts.counted_incidents(small, everything(small)).within(YEAR)
    assert counted.district.tolist() == [NOT_LOCATED]
    assert counts.monthly_counts(counted, YEAR, 3, 10).S.sum() == 0


def test_the_police_view_keeps_police_ctd_and_levies_in_every_component() -> None:
    rows = [
        row(n, pcode="PK501", target_type=target, killed_best=2, is_control_type=True, day=date(2024, n, 1))
        for n, target in enumerate(("police", "ctd", "levies_khasadar", "army", "civilian"), 1)
    ]
    found = values(*rows, police_only=True)
    assert [getattr(found, name)[0] for name in "SMKCL"] == [3, 3, 3, 3, 6]


def test_attacks_on_forces_are_split_by_kind_of_force() -> None:
    targets = ("police", "army", "frontier_corps", "frontier_constabulary", "intelligence", "civilian")
    small = incidents(*(row(n, pcode="PK502", target_type=t) for n, t in enumerate(targets)))
    split = counts.attacks_by_force(counts.counted_incidents(small, everything(small)), 3)
    assert {force: found[1] for force, found in split.items()} == {
        "police": 1,
        "army": 1,
        "paramilitary": 2,
        "other": 1,
    }


# --- people killed -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "victims"),
    [
        ({"killed_best": 7}, 7),
        ({"killed_best": 7, "killed_militant": 3}, 4),
        ({"killed_best": 8, "killed_military": 8, "killed_militant": 40}, 8),
        ({"killed_police": 2, "killed_civilian": 1}, 3),
        ({"killed_best": 60}, 10),
        ({"killed_best": 60, "n_events": 3}, 30),
        ({"killed_militant": 5}, 0),
        ({}, 0),
    ],
    ids=[
        "total",
        "attackers taken off",
        "total without attackers",
        "parts",
        "cap",
        "cap by event",
        "only them",
        "none",
    ],
)
def test_people_killed_leave_attackers_out_and_have_a_cap(cells: dict[str, int], victims: int) -> None:
    assert values(attack(1, **cells)).L.tolist() == [victims, 0, 0]


def test_deaths_in_operations_do_not_count() -> None:
    assert values(attack(1, initiator="state", killed_best=9)).L.tolist() == [0, 0, 0]


def test_an_attack_without_a_figure_is_known_to_be_without_one() -> None:
    small = incidents(attack(1), attack(2, killed_best=0), attack(3, killed_militant=2), attack(4, killed_police=1))
    counted = counts.counted_incidents(small, everything(small))
    assert counted.is_deaths_unknown.tolist() == [True, False, True, False]


def test_the_range_of_deaths_always_holds_the_best_figure() -> None:
    small = incidents(
        attack(1, killed_best=5, killed_low=3, killed_high=9),
        attack(2, killed_best=5, killed_low=6, killed_high=2),
        attack(3, killed_best=5),
        attack(4, killed_best=5, killed_low=3, killed_high=9, killed_militant=2),
    )
    counted = counts.counted_incidents(small, everything(small))
    found = [counted.deaths_low.tolist(), counted.deaths_best.tolist(), counted.deaths_high.tolist()]
    assert found == [[3, 5, 5, 1], [5, 5, 5, 3], [9, 5, 5, 7]]


# --- places that are known loosely ---------------------------------------------------------------------------


def test_only_a_near_point_without_a_stated_district_is_loose() -> None:
    near = {"geo_precision": "near", "lat": 33.0, "lon": 70.5}
    small = incidents(
        attack(1, **near),
        attack(2, **near, pcode_stated="PK501"),
        attack(3, geo_precision="near"),
        attack(4, lat=33.0, lon=70.5, geo_precision="exact"),
    )
    assert counts.counted_incidents(small, everything(small)).is_loose.tolist() == [True, False, False, False]


CELL = st.tuples(
    st.sampled_from(["PK501", "PK502", "PK503"]),
    st.integers(1, 12),
    st.sampled_from([2022, 2023, 2024]),
    st.sampled_from(["police", "army", "civilian"]),
    st.none() | st.integers(0, 30),
)


@settings(max_examples=50, deadline=None)
@given(st.lists(CELL, max_size=30))
def test_counts_equal_counting_row_by_row_and_forces_are_part_of_all(cells: list[tuple]) -> None:
    rows = [
        row(n, pcode=pcode, target_type=target, killed_best=killed, day=date(year, month, 5))
        for n, (pcode, month, year, target, killed) in enumerate(cells)
    ]
    found = values(*rows)
    own = [cell for cell in cells if cell[2] == 2024]
    for place, pcode in enumerate(("PK501", "PK502", "PK503")):
        here = [cell for cell in own if cell[0] == pcode]
        forces = [cell for cell in here if cell[3] != "civilian"]
        assert found.S[place] == len(forces)
        assert found.M[place] == len(here)
        assert found.K[place] == len({cell[1] for cell in forces})
        assert found.L[place] == sum(min(cell[4] or 0, 10) for cell in here)
    assert (found.S <= found.M).all()


def test_a_window_within_the_counted_months_is_their_sum() -> None:
    rows = [attack(month, month=month) for month in range(1, 13)]
    small = incidents(*rows)
    cube = counts.monthly_counts(counts.counted_incidents(small, everything(small)), YEAR, 3, 10)
    part = cube.values(Window(YEAR.first_month + 2, 3), has_control=False)
    assert (part.S[0], part.K[0], part.months, part.C) == (3, 3, 3.0, None)
    beyond = cube.values(Window(YEAR.first_month + 11, 6), has_control=False, months_covered=1)
    assert (beyond.S[0], beyond.months) == (1, 1.0)
    assert np.array_equal(cube.values(Window.of_year(1999), has_control=False).S, np.zeros(3))

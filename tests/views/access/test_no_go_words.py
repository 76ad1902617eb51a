"""The index in words: never more certain than the record, and every figure says what it rests on."""

from __future__ import annotations

from dataclasses import replace

import pytest

from geo.analysis.index.access import AccessIndex, access
from geo.analysis.index.monthly_counts import Window
from geo.views.access import words
from tests.test_wording import BANNED
from tests.toy_index import THREE, attack, broad, everything, incidents, year_of

# North is attacked every month, Middle every second one, South only once, two years before.
ROWS = [
    *year_of({"PK501": [9] * 12, "PK502": [1, 0] * 6}, killed_best=3),
    attack(500_000, "PK503", 1, 2022),
    attack(500_001, None, 5, 2024),
]


def index(draws: int = 50, year: int = 2024, **changes: object) -> AccessIndex:
    small = incidents(*ROWS)
    return access(small, everything(small), THREE, broad(draws=draws, **changes), Window.of_year(year))


def test_a_window_is_told_by_its_months() -> None:
    assert words.window_text(Window.of_year(2024)) == "Jan 2024 to Dec 2024"


def test_low_with_nothing_recorded_says_that_nothing_is_recorded() -> None:
    north, _, south = index().records
    assert words.class_text(south) == "Low recorded: none recorded"
    assert words.class_text(north) == north.class_label
    assert [words.has_record(record) for record in (north, south)] == [True, False]


def test_points_come_with_their_range_across_settings() -> None:
    north = index().records[0]
    assert words.points_text(north) == f"{north.points} ({north.aci_low:.0f} to {north.aci_high:.0f} across settings)"
    assert words.points_text(index(draws=0).records[0]) == f"{north.points}"


def test_without_data_there_are_no_points_and_no_conditions() -> None:
    record = index(year=2030).records[0]
    assert words.points_text(record) == "insufficient data"
    assert words.range_text(record) == ""
    assert words.missed_text(record) == ""


def test_missed_conditions_are_named() -> None:
    north, middle, _ = index().records
    assert words.missed_text(north) == "Control"
    assert words.missed_text(middle) == "Forces, Months, Control"
    open_to_all = replace(north, gates={letter: replace(gate, is_passed=True) for letter, gate in north.gates.items()})
    assert words.missed_text(open_to_all) == "none"


def test_only_less_than_half_of_the_draws_is_unsettled() -> None:
    record = index().records[0]
    codes = ("firm", "moderate", "unsettled", "unknown")
    assert [words.is_unsettled(replace(record, agreement_code=code)) for code in codes] == [False, False, True, False]


def test_the_rule_names_cuts_and_whole_conditions() -> None:
    assert words.rule_text(broad()) == (
        "Classes begin at 25, 50, 75 points. In 12 months the top class also needs: "
        "12 attacks on forces, 8 months with an attack, 1 sign of control"
    )


def test_a_condition_the_source_cannot_meet_is_not_named() -> None:
    assert "sign of control" not in words.rule_text(broad().without("C"))


@pytest.mark.parametrize("lines", [words.legend_notes, words.said_of], ids=["legend", "download"])
def test_every_figure_carries_window_source_what_is_left_out_rule_and_settings(lines) -> None:
    found = index()
    text = "\n".join(lines(found))
    # The notes of a file have a line of their own for the months.
    assert ("Jan 2024 to Dec 2024" in text) == (lines is words.legend_notes)
    assert f"{found.n_located} incidents counted, 1 not located" in text
    assert found.settings.settings_hash() in text
    assert "Classes begin at" in text
    assert found.variant in text
    assert not BANNED.search(text)


def test_a_download_warns_as_the_profile_does() -> None:
    assert words.said_of(index())[-1] == words.caution(index())
    assert "not calibrated" in words.caution(index())

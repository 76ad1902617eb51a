"""A published total beside our own count: same window, unit and definition, and the reason for the distance."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from scipy.stats import binomtest

from geo.analysis.evidence import published, recount
from geo.analysis.evidence.published import Total
from geo.analysis.evidence.recount import (
    METRICS,
    UNITS,
    coverage_interval,
    district_table,
    reasons,
    recount_all,
    rivals,
)
from geo.incidents import IncidentTable, build
from tests import toy

YEAR = (date(2024, 1, 1), date(2024, 12, 31))


def total(value: int = 10, **cells: Any) -> Total:
    plain: dict[str, Any] = {"unit": "district", "pcode": "PK501", "metric": "attacks", "publisher": "A police force"}
    plain |= {"first": YEAR[0], "last": YEAR[1], "url": "https://example.org", "day": None, "note": ""}
    return Total(value=value, **(plain | cells))


def incidents(*rows: dict[str, Any]) -> IncidentTable:
    return build({"1": toy.table(*rows)}, toy.PCODES, "v")


def count(rows: list[dict[str, Any]], one: Total) -> recount.Recount:
    return recount_all(incidents(*rows), "template", [one])[0]


def filled(number: int, **cells: Any) -> dict[str, Any]:
    """A row in a district, so that the source covers its day."""
    return toy.row(number, pcode="PK501", **cells)


ENDS = [filled(90, day=date(2023, 1, 1), initiator="state"), filled(91, day=date(2025, 12, 31), initiator="state")]


def test_attacks_count_in_the_window_and_the_district_as_the_index_counts_them() -> None:
    rows = [
        filled(1),
        filled(2, initiator="mutual"),
        filled(3, initiator="state"),  # an operation is no attack
        filled(4, day=date(2025, 1, 1)),
        toy.row(5, pcode="PK502"),
        filled(6, n_events=3),
    ]
    assert count(rows + ENDS, total()).ours == 5
    assert count(rows + ENDS, total(unit="province", pcode=None)).ours == 6


def test_a_kind_of_attack_and_a_target_count_alone() -> None:
    rows = [filled(1, attack_type="ied"), filled(2, attack_type="ied", target_type="police"), filled(3)]
    assert count(rows + ENDS, total(metric="ied")).ours == 2
    assert count(rows + ENDS, total(metric="attacks_on_police")).ours == 1


def test_people_are_summed_over_every_incident_and_missing_figures_are_counted_not_taken_for_zero() -> None:
    rows = [filled(1, killed_police=2), filled(2, initiator="state", killed_police=1), filled(3)]
    found = count(rows + ENDS, total(metric="police_killed"))
    assert (found.ours, found.n_rows, found.n_no_figure) == (3, 3, 1)
    assert found.interval is None
    assert "1 incident of the window states no such figure" in " ".join(map(str, reasons(found)))


def test_people_killed_are_counted_without_militants_as_most_publishers_do() -> None:
    rows = [filled(1, killed_best=6, killed_militant=5), filled(2, killed_best=2), filled(3)]
    killed = total(metric="total_killed")
    found = count(rows + ENDS, killed)
    assert (found.ours, found.n_no_figure) == (3, 1)
    alone = [filled(4, killed_best=25, killed_militant=25)]
    alone.append(filled(5, killed_best=3, killed_militant=3, killed_police=0))
    assert count(alone + ENDS, killed).n_no_figure == 1, "nothing is said of others beside 25 militants"
    assert count(rows + ENDS, replace(killed, publisher="CRSS (all fatalities) via PTI")).ours is None


def test_a_division_is_never_counted_as_the_district_that_it_is_named_after() -> None:
    [bannu] = [one for one in published.totals() if one.note.endswith("132 militants=259")]
    assert count([*ENDS, filled(1, killed_best=3)], bannu).ours is None


def test_what_may_lie_outside_window_or_district_is_told_with_its_number() -> None:
    rows = [
        filled(1, day=date(2024, 1, 1), date_end=date(2025, 12, 31), date_precision="year"),
        toy.row(2, district_method="none"),
        filled(3),
    ]
    rows[0]["date_end"] = date(2025, 12, 31)
    found = count(rows + ENDS, total())
    assert (found.ours, found.n_uncertain, found.n_no_district) == (2, 1, 1)
    said = " ".join(map(str, reasons(found)))
    assert "1 incident without an exact day" in said
    assert "1 incident of the window is known only to the province" in said


def test_days_that_the_source_does_not_cover_are_told() -> None:
    found = count([filled(1, day=date(2024, 3, 1)), filled(2, day=date(2024, 12, 31))], total())
    assert found.covered_days == found.total.days - 60
    assert "does not cover 60 days" in " ".join(map(str, reasons(found)))
    outside = count([filled(1, day=date(2020, 3, 1))], total())
    assert outside.ours is None
    assert "covers no day" in str(reasons(outside)[0])


@pytest.mark.parametrize("unit", [unit for unit in UNITS if unit not in ("province", "district")])
def test_a_police_region_or_a_part_is_never_counted_as_a_district(unit: str) -> None:
    found = count([filled(1), *ENDS], total(unit=unit))
    assert found.ours is None
    assert "not a district of the same name" in str(reasons(found)[0])


def test_injured_police_are_not_recounted_and_the_reason_is_given() -> None:
    found = count([filled(1, injured=4), *ENDS], total(metric="police_injured"))
    assert found.ours is None
    assert "how many of them were police" in str(reasons(found)[0])


@pytest.mark.parametrize(("ours", "published_figure"), [(0, 5), (3, 40), (38, 40), (40, 40)])
def test_the_interval_is_that_of_clopper_and_pearson_up_to_the_published_figure(
    ours: int, published_figure: int
) -> None:
    exact = binomtest(ours, published_figure).proportion_ci(0.95, "exact")
    assert coverage_interval(ours, published_figure) == pytest.approx((exact.low, exact.high))


def test_above_the_published_figure_the_interval_is_that_of_a_poisson_count() -> None:
    # Garwood's limits of 20 are 12.217 and 30.888.
    assert coverage_interval(20, 10) == pytest.approx((1.2217, 3.0888), abs=1e-4)


def test_rivals_are_of_the_same_figure_place_and_nearly_the_same_window() -> None:
    here = total(publisher="One")
    same = total(12, publisher="Two", last=date(2024, 12, 6))
    others = [
        total(publisher="Half", last=date(2024, 6, 30)),
        total(publisher="Region", unit="police_region"),
        total(publisher="Elsewhere", pcode="PK502"),
        total(publisher="Killed", metric="police_killed"),
    ]
    assert rivals(here, [same, here, *others]) == (here, same)


def test_a_table_of_districts_holds_no_police_region() -> None:
    rows = [total(), total(4, pcode="PK502"), total(9, unit="police_region"), total(7, publisher="Another")]
    assert district_table(rows[0], rows) == (rows[0], rows[1])


def test_every_embedded_total_has_a_known_figure_and_unit() -> None:
    for one in published.totals():
        assert one.metric in METRICS
        assert one.unit in UNITS


def test_the_total_of_665_attacks_is_the_sum_of_its_parts_in_the_file() -> None:
    """Printed as a year's figure; the window is 18 June 2022 to 18 June 2023, and one paper has 15 instead of 14."""
    with published.TOTALS_FILE.open(encoding="utf-8", newline="") as file:
        rows = [
            row for row in csv.DictReader(file) if row["period_start"] == "2022-06-18" and row["unit"] == "province"
        ]
    of_the_news = {row["metric"]: int(row["value"]) for row in rows if "1093242" in row["source_url"]}
    whole = of_the_news.pop("attacks")
    assert of_the_news == {
        "firing": 382,
        "ied": 145,
        "grenade": 107,
        "rocket": 15,
        "car_bombs": 2,
        "suicide_attacks": 14,
    }
    assert sum(of_the_news.values()) == whole == 665
    other = [
        int(row["value"]) for row in rows if row["metric"] == "suicide_attacks" and "1093242" not in row["source_url"]
    ]
    assert whole - of_the_news["suicide_attacks"] + other[0] == 666


def test_a_total_whose_note_states_another_definition_is_not_recounted() -> None:
    rows = [*ENDS, filled(1, day=date(2024, 5, 1), killed_militant=3)]
    killed = total(53, metric="militants_killed")
    assert count(rows, killed).ours == 3
    other = count(rows, replace(killed, note="to 24 Dec; killed in retaliation to these attacks"))
    assert other.ours is None
    assert "another definition" in str(reasons(other)[0])


def test_every_mark_of_another_definition_is_in_a_published_total() -> None:
    said = [f"{one.publisher} {one.note}" for one in published.totals()]
    assert not [words for words in recount._OTHER_DEFINITION if not any(words in one for one in said)]

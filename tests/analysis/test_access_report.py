"""The index in words, JSON and CSV: the numbers of the record, in words that pass no verdict."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace

from geo.analysis.index.access import AccessIndex, access
from geo.analysis.index.monthly_counts import Window
from geo.analysis.index.report import STRUCTURAL_LIMITS, explain, index_header, records_as_csv, records_as_json
from tests.toy_index import THREE, attack, broad, everything, incidents, year_of

ROWS = [
    *year_of({"PK501": [9] * 12, "PK502": [1, 0] * 6}, killed_best=3),
    attack(500_000, "PK502", killed_militant=1),
    attack(500_001, "PK503", 1, 2022, initiator="state"),
    attack(500_002, "PK503", 12, 2025, initiator="state"),
]


def index(*rows: dict, draws: int = 50, names: tuple[str, ...] = THREE.names, year: int = 2024) -> AccessIndex:
    small = incidents(*(rows or ROWS))
    districts = replace(THREE, names=names)
    return access(small, everything(small), districts, broad(draws=draws), Window.of_year(year))


def words(place: int, **options: object) -> str:
    found = index(**options)
    return "\n".join(map(str, explain(found.records[place], found.settings)))


def test_a_class_is_explained_with_its_gates() -> None:
    text = words(0)
    assert "North: Severe, " in text
    assert "class passed: “Recorded attacks on police and security forces” is 108, 12 needed." in text
    assert "class passed: “Months with at least one such attack” is 12, 8 needed." in text
    assert "class not met: “Recorded signs of territorial control” is 0, 1 needed." in text
    assert "a missed condition keeps the district in the class below" in text
    assert "police 108, army 0, paramilitary 0, other 0" in text


def test_the_distance_to_the_next_class_is_a_factor_on_recorded_attacks() -> None:
    found = index()
    for factor, told in ((6.0954, "6.1"), (1.1, "1.1"), (1.0951, "1.10"), (1.0004, "1.01")):
        far = replace(found.records[1], tipping=factor)
        assert f"recorded attacks would have to be {told} times higher" in "\n".join(
            map(str, explain(far, found.settings))
        )


def test_the_police_view_speaks_of_police_alone() -> None:
    small = incidents(*ROWS)
    settings = broad(draws=0, police_only=True)
    found = access(small, everything(small), THREE, settings, Window.of_year(2024))
    text = "\n".join(map(str, explain(found.records[0], found.settings)))
    assert "Recorded attacks on police: 108" in text
    assert "security forces" not in text


def test_missing_figures_and_agreement_are_part_of_the_explanation() -> None:
    text = words(1)
    assert "incidents without a figure, adding nothing: 1." in text
    assert "Agreement across settings: " in text
    assert "probability" not in text


def test_nothing_recorded_is_not_explained_away() -> None:
    text = words(2)
    assert "None recorded in this window" in text
    assert "does not mean that nothing happened" in text


def test_insufficient_data_give_the_reasons_alone() -> None:
    assert words(0, year=2030) == (
        "North: insufficient data. The source covers 0 of the 12 months of the window; 9 are needed."
    )


def test_a_change_is_told_only_where_it_is_clear() -> None:
    assert "more often in the last six months" in words(0)
    still = [*ROWS, *year_of({"PK502": [1, 0] * 6}, 2023, first=3)]
    assert "six months" not in words(1, draws=0) or index(*still).records[1].direction != "no_clear_change"
    assert index(*still).records[1].direction == "no_clear_change"


def test_structural_limits_are_at_hand_for_every_map() -> None:
    assert len(STRUCTURAL_LIMITS) == 2
    assert "never means that a place is open" in STRUCTURAL_LIMITS[0]


def test_every_figure_carries_what_it_rests_on() -> None:
    found = index()
    assert index_header(found) == {
        "variant": "ACI",
        "profile": "broad",
        "from": "2024-01-01",
        "to": "2024-12-31",
        "months_covered": 12,
        "sources": ["template"],
        "credits": ["File of the user"],
        "incidents_located": 115,
        "incidents_not_located": 0,
        "settings_hash": found.settings.settings_hash(),
        "data_version": "toy",
    }


def test_json_holds_one_record_a_district_with_components_and_gates() -> None:
    document = json.loads(records_as_json(index()))
    north, _, south = document["districts"]
    assert document["settings_hash"] == index().settings.settings_hash()
    assert (north["pcode"], north["name"], north["class"]) == ("PK501", "North", "severe")
    assert set(north["components"]) == set("SKCML")
    assert north["components"]["S"]["value"] == 108
    assert north["gates"]["C"] == {"value": 0.0, "needed": 1.0, "is_passed": False}
    assert 0 <= north["agreement"] <= 1
    assert south["tipping"] is None


def test_csv_holds_the_same_numbers() -> None:
    found = index()
    rows = list(csv.DictReader(io.StringIO(records_as_csv(found))))
    document = json.loads(records_as_json(found))
    assert len(rows) == 3
    for row, record in zip(rows, document["districts"], strict=True):
        assert row["class"] == record["class"]
        assert float(row["aci"]) == record["aci"]
        assert float(row["S_score"]) == record["components"]["S"]["score"]
        assert row["gate_C"] == "missed"
        assert row["settings_hash"] == document["settings_hash"]
    assert rows[2]["tipping"] == ""


def test_an_insufficient_district_has_empty_cells_not_zeros() -> None:
    rows = list(csv.DictReader(io.StringIO(records_as_csv(index(year=2030)))))
    assert [(row["class"], row["aci"], row["S_score"]) for row in rows] == [("insufficient", "", "")] * 3
    assert "covers 0 of the 12 months" in rows[0]["reasons"]


def test_a_name_cannot_become_a_formula_in_a_spreadsheet() -> None:
    text = records_as_csv(index(draws=0, names=('=HYPERLINK("x")', "Middle", "South")))
    assert next(csv.DictReader(io.StringIO(text)))["name"] == '\'=HYPERLINK("x")'


def test_more_attacks_alone_are_not_promised_to_reach_a_class_that_a_condition_forbids() -> None:
    # Karak, Hangu, Lakki Marwat and South Waziristan 2025 were once given a factor to a class that K or C forbids.
    control = attack(600_000, "PK501", attack_type="post_overrun", is_control_type=True)
    few_months = year_of({"PK501": [12, 12, 12, 12] + [0] * 8}, killed_best=9)
    found = index(*few_months, control, *ROWS[-2:])
    north = found.records[0]
    assert north.class_code == "severe"
    assert north.tipping is None
    said = "\n".join(map(str, explain(north, found.settings)))
    assert "The top class cannot be reached by more attacks alone: 4 more months with one are needed." in said
    assert "times higher" not in said


def test_the_factor_to_the_top_class_also_reaches_its_number_of_attacks() -> None:
    found = index()
    north = found.records[0]
    assert not north.gates["C"].is_passed
    assert north.tipping is None
    said = "\n".join(map(str, explain(north, found.settings)))
    assert "cannot be reached by more attacks alone: 1 more sign of control is needed" in said

"""The embedded register through the same door as any upload."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from geo import verbatim
from geo.ingest import ReadResult, read_upload
from geo.schema import LIMITS, arrow_schema

REGISTER = Path(__file__).resolve().parents[2] / "data" / "incidents.csv"


@pytest.fixture(scope="module")
def register() -> ReadResult:
    return read_upload(REGISTER, "incidents.csv", limits={name: limit.default for name, limit in LIMITS.items()})


@pytest.fixture(scope="module")
def own_rows() -> list[dict[str, str]]:
    with REGISTER.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_every_row_is_accepted_in_the_canonical_schema(register, own_rows):
    assert verbatim.with_json(register.rows).schema.equals(arrow_schema())
    assert (register.n_accepted, register.n_refused, register.n_rows_in) == (len(own_rows), 0, len(own_rows))


def test_counts_by_district_and_year_equal_those_of_the_csv_module(register, own_rows):
    read = Counter(
        zip(
            register.rows["pcode_stated"].to_pylist(),
            (day.year for day in register.rows["date_start"].to_pylist()),
            strict=True,
        )
    )
    assert read == Counter((row["pcode"], int(row["date"][:4])) for row in own_rows)


def test_a_death_toll_that_is_not_stated_stays_unknown(register, own_rows):
    figures = [[row[name] for name in ("killed_total", "killed_militant")] for row in own_rows]
    stated = [sum(int(text or 0) for text in pair) if any(pair) else None for pair in figures]
    assert register.rows["killed_best"].to_pylist() == stated


def test_every_original_cell_is_kept(register, own_rows):
    assert register.rows["raw"].to_pylist() == own_rows


def test_a_date_known_to_the_month_covers_the_month(register):
    row = next(row for row in register.rows.to_pylist() if row["source_event_id"] == "KPR-2008-0022")
    assert (row["date_start"], row["date_end"]) == (date(2008, 2, 1), date(2008, 2, 29))


def test_the_initiator_follows_the_stated_rule(register, own_rows):
    # In the register's own words; a clash with militants is an operation of the state. A stated initiator wins.
    own_rows = [row for row in own_rows if not row["initiator"]]
    ids = {row["incident_id"] for row in own_rows}
    read = [row for row in register.rows.to_pylist() if row["source_event_id"] in ids]
    codes = {"clash": "state_operation", "other": "threat_other", "drone": "drone_strike"}
    on_militants = Counter(row["attack_type"] for row in own_rows if row["target_type"] == "militants")
    found = Counter((row["attack_type"], row["initiator"]) for row in read if row["target_type"] == "militant")
    assert found == {(codes[attack], "state"): n for attack, n in on_militants.items()}
    forces = Counter(
        "mutual" if row["target_type"] in ("military", "police", "frontier_corps") else "militant"
        for row in own_rows
        if row["attack_type"] == "clash" and row["target_type"] != "militants"
    )
    clashes = Counter(row["initiator"] for row in read if row["attack_type"] == "clash_unspecified")
    assert clashes == forces


def test_a_stated_initiator_wins_and_is_no_sign_of_control(register, own_rows):
    stated = {row["incident_id"]: row["initiator"] for row in own_rows if row["initiator"]}
    read = {row["source_event_id"]: row for row in register.rows.to_pylist()}
    assert {key: read[key]["initiator"] for key in stated} == stated
    assert len(stated) > 30
    assert not any(read[key]["is_control_type"] for key, word in stated.items() if word != "militant")


def test_attribution_second_source_and_note_are_those_of_the_file(register, own_rows):
    for name in ("attribution", "source_url_2", "note"):
        assert register.rows[name].to_pylist() == [row[name] or None for row in own_rows]

"""The evidence as JSON follows its documented schema, and agrees with published lists that it did not see."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import jsonschema
import pytest

from geo import districts as geo_districts
from geo.analysis.evidence import held_out, lines, recorded
from geo.analysis.evidence.report import evidence_values
from geo.analysis.index.external_lists import published_lists
from geo.analysis.index.report import records_as_json
from tests.real_tables import register
from tests.views.access.test_no_go_pictures import index

SCHEMA = json.loads((Path(__file__).resolve().parents[3] / "docs" / "access.schema.json").read_text("utf-8"))
DISTRICTS = geo_districts.load()


@pytest.mark.parametrize("year", [1980, 2024, 2025])
def test_index_and_evidence_follow_the_documented_schema(year: int) -> None:
    attacks = recorded.recorded_attacks(register(), "register")
    found = lines.evidence([attacks], DISTRICTS, date(year, 1, 1), date(year, 12, 31), dict.fromkeys(["PK533"], "low"))
    printed = json.loads(records_as_json(index(2025), evidence=evidence_values(found)))
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.validate(printed, SCHEMA, jsonschema.Draft202012Validator)
    printed["evidence"]["districts"][0]["together"]["class"] = "dangerous"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(printed, SCHEMA, jsonschema.Draft202012Validator)


def test_the_six_districts_of_july_2024_rank_high_without_tables_that_reach_beyond_that_day() -> None:
    attacks = recorded.recorded_attacks(register(), "register")
    (list_of_six,) = [found for found in published_lists() if found.day == date(2024, 7, 16)]
    score = held_out.agreement([attacks], DISTRICTS, list_of_six)
    assert score is not None
    assert score.n_listed == 6
    assert score.auc > 0.9
    assert held_out.agreement([], DISTRICTS, published_lists()[0]) is None

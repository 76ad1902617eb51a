"""Proposals from stored rows: whatever their order, without what is decided, with the reasons in words."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.matching_truth import made_up
from geo.analysis.matching.events import NOT_STATED, attack_family, events_of, target_family
from geo.analysis.matching.near_duplicates import Proposal, propose
from geo.districts import load, load_groups
from geo.schema import ATTACK_TYPES, TARGET_TYPES
from tests.toy import PCODES, row, table

PARENTS = {"ttp_jua": "ttp", "ttp": None, "iskp": None}
PLACE: dict[str, Any] = {"pcode": "PK501", "lat": 34.0, "lon": 71.0, "geo_precision": "exact", "killed_best": 3}


def told(number: int, source: str = "template", **cells: Any) -> dict[str, Any]:
    return row(number, **{"incident_id": f"{source}:{number}", "source": source} | PLACE | cells)


def proposals(batches: dict[str, pa.Table], **decided: Any) -> tuple[Proposal, ...]:
    return propose(batches, PCODES, PARENTS, **decided)


def ids(found: tuple[Proposal, ...]) -> list[tuple[str, str]]:
    return [proposal.member_ids for proposal in found]


def test_one_event_of_two_files_is_proposed_with_what_speaks_for_it() -> None:
    (found,) = proposals({"1": table(told(1)), "2": table(told(2, "register", geo_precision="near", killed_best=4))})
    assert found.member_ids == ("template:1", "register:2")
    assert (found.band, found.is_within_source) == ("likely", False)
    assert found.score == pytest.approx(3 + 2 + 1.5 + 1.5 * np.exp(-1 / (1.5 * np.sqrt(3.5))))
    assert tuple(map(str, found.reasons)) == (
        "0.0 km apart (exact and near)",
        "same day",
        "same kind of attack",
        "same kind of target",
        "3 and 4 killed",
    )


def test_reasons_name_what_is_not_known() -> None:
    vague = {"geo_precision": "district", "lat": None, "lon": None, "killed_best": None, "attack_type": "unknown"}
    month = {"date_start": date(2024, 3, 1), "date_end": date(2024, 3, 31), "date_precision": "month"}
    batches = {"1": table(told(1, **vague)), "2": table(told(2, "register", target_type="police"))}
    assert proposals(batches) == (), "only the district and the day agree"
    batches = {"1": table(told(1, day=date(2024, 3, 6))), "2": table(told(2, "register", **month))}
    assert [str(found.reasons[1]) for found in proposals(batches)] == ["dates overlap within 31 days"]
    batches = {"1": table(told(1, **vague | {"day": date(2024, 3, 6)})), "2": table(told(2, "register"))}
    (found,) = proposals(batches)
    assert tuple(map(str, found.reasons)) == (
        "same district, at least one of the two known only to the district",
        "1 day apart",
        "kind of attack stated by only one of the two",
        "same kind of target",
        "number killed stated by only one of the two",
    )
    assert found.band == "review"
    unknown = {"attack_type": "unknown", "killed_best": None}
    (found,) = proposals({"1": table(told(1, **unknown)), "2": table(told(2, "register", **unknown))})
    assert str(found.reasons[2]) == "kind of attack stated by neither"
    assert str(found.reasons[4]) == "number killed stated by neither"


def test_two_own_files_are_two_sources_and_one_file_is_one() -> None:
    alike = table(told(1)), table(told(2))
    assert [found.is_within_source for found in proposals({"1": alike[0], "2": alike[1]})] == [False]
    (found,) = proposals({"1": table(told(1), told(2))})
    assert found.is_within_source
    assert found.band == "review", "a source told its own rows apart: never taken without a look"


def test_events_numbered_by_their_publisher_are_not_compared_with_one_another() -> None:
    assert proposals({"1": table(told(1, "gtd"), told(2, "gtd"))}) == ()


def test_rows_elsewhere_summary_rows_and_rows_without_a_district_take_no_part() -> None:
    other = told(1)
    for cells in ({"pcode": None}, {"pcode": "PK999"}, {"n_events": 2}):
        assert proposals({"1": table(other), "2": table(told(2, "register", **cells))}) == ()
    assert proposals({}) == ()


def test_a_faction_and_its_parent_do_not_contradict_each_other_but_two_groups_do() -> None:
    named = {"1": table(told(1, group_id="ttp")), "2": table(told(2, "register", group_id="ttp_jua"))}
    assert len(proposals(named)) == 1
    assert proposals({"1": named["1"], "2": table(told(2, "register", group_id="iskp"))}) == ()
    assert len(proposals({"1": named["1"], "2": table(told(2, "register", group_id="other"))})) == 1


def test_what_is_decided_is_not_proposed_again() -> None:
    batches = {"1": table(told(1)), "2": table(told(2, "gtd"), told(3, "gtd", day=date(2024, 3, 6)))}
    assert ids(proposals(batches)) == [("gtd:2", "template:1")]
    assert proposals(batches, merges=[("gtd:2", "template:1")]) == ()
    assert ids(proposals(batches, apart=[("template:1", "gtd:2")])) == [("gtd:3", "template:1")]
    assert proposals(batches, merges=[("gtd:2", "gone:9", "template:1")]) == ()


def test_the_newest_version_of_a_row_is_the_one_compared() -> None:
    batches = {"1": table(told(1)), "2": table(told(2, "register")), "3": table(told(1, pcode="PK502", lat=30.0))}
    assert proposals(batches) == ()


def test_coordinates_that_contradict_the_stated_district_are_not_measured_from() -> None:
    elsewhere = told(2, "gtd", lat=34.8, is_district_conflict=True)
    (found,) = proposals({"1": table(told(1)), "2": table(elsewhere)})
    assert str(found.reasons[0]) == "same district, at least one of the two known only to the district"
    assert proposals({"1": table(told(1)), "2": table(elsewhere | {"is_district_conflict": False})}) == ()


def test_every_type_has_a_family_or_says_nothing() -> None:
    assert {code for code in ATTACK_TYPES if attack_family(code) == NOT_STATED} == {"threat_other", "unknown"}
    assert {code for code in TARGET_TYPES if target_family(code) == NOT_STATED} == {"other", "unknown"}
    assert target_family("police") == target_family("army") != target_family("civilian")


def test_a_source_that_does_not_state_types_of_attack_takes_part_without_them() -> None:
    rows = table(told(1, "ucdp_ged", attack_type="ied"), told(2, "register", attack_type="ied"))
    found = events_of(rows, PCODES, PARENTS)
    assert found.attack_family.tolist() == [NOT_STATED, attack_family("ied")]


@settings(max_examples=15, deadline=None)
@given(st.randoms(use_true_random=False), st.integers(1, 4))
def test_the_order_of_rows_and_batches_changes_nothing(random: Any, n_parts: int) -> None:
    districts = load()
    parents = {key: group.parent for key, group in load_groups().groups.items()}
    rows = made_up(districts, n_events=60, years=0.1).rows
    by_source = {name: rows.filter(pa.compute.equal(rows["source"], name)) for name in ("table", "template")}
    expected = propose({"1": by_source["table"], "2": by_source["template"]}, districts.pcodes, parents)
    assert len(expected) > 10
    order = list(range(len(by_source["table"])))
    random.shuffle(order)
    shuffled = by_source["table"].take(order).slice(0)
    assert propose({"2": by_source["template"], "1": shuffled}, districts.pcodes, parents) == expected
    assert (
        propose({"1": _in_parts(shuffled, n_parts), "2": by_source["template"]}, districts.pcodes, parents) == expected
    )


def _in_parts(rows: pa.Table, n_parts: int) -> pa.Table:
    """Return the rows as a table of several chunks."""
    size = -(-len(rows) // n_parts)
    return pa.concat_tables([rows.slice(start, size) for start in range(0, len(rows), size)])

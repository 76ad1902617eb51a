"""Merged rows count once, keep all their sources, say which field came from where, and come apart again."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.analysis.counting.questions import shown
from geo.filters import Filters
from geo.incidents import UNKNOWN, build, select
from geo.merging import merge_rows, newest_rows
from geo.schema import SOURCES
from tests.toy import PCODES, row, table

# One bombing, told by three: where and when, what, and the toll in three ways.
POINT = row(
    1,
    source="table",
    incident_id="table:1",
    pcode="PK501",
    geo_precision="near",
    lat=34.0,
    lon=71.0,
    place="bridge",
    attack_type="armed_assault",
    target_type="other_state_force",
    initiator="mutual",
    killed_best=4,
    killed_high=9,
    group_id="unid",
    n_sources=3,
)
VAGUE = row(
    2,
    incident_id="template:2",
    pcode="PK502",
    day=date(2024, 3, 6),
    attack_type="ied",
    target_type="police",
    initiator="militant",
    killed_best=7,
    group_id="ttp",
    group_reported="TTP",
    injured=5,
    source_url="https://example.org/a",
)
MONTH = row(
    3,
    source="ucdp_ged",
    incident_id="ucdp_ged:3",
    date_start=date(2024, 3, 1),
    date_end=date(2024, 3, 31),
    date_precision="month",
    killed_best=5,
    killed_low=2,
)
OTHER = row(9, incident_id="template:9", killed_best=1)
IDS = ["template:2", "table:1", "ucdp_ged:3"]


def merged(*rows: dict[str, Any], merges: list[list[str]] | None = None) -> list[dict[str, Any]]:
    """Return the rows after merging as plain values."""
    found: list[dict[str, Any]] = merge_rows(table(*rows), [IDS] if merges is None else merges).rows.to_pylist()
    return found


def test_the_members_become_one_row_and_others_stay_as_they_were() -> None:
    rows = table(OTHER, POINT, VAGUE, MONTH)
    result = merge_rows(rows, [IDS])
    assert result.rows["incident_id"].to_pylist() == ["template:9", "template:2"]
    assert result.kept.tolist() == [0, 2]
    assert result.n_members.tolist() == [1, 3]
    assert (result.member_of.tolist(), result.member.tolist()) == ([1, 1, 1], [2, 1, 3])
    assert result.rows.schema.equals(rows.schema)
    assert result.rows.slice(0, 1).equals(rows.slice(0, 1))


def test_the_place_is_that_of_the_most_precise_member_and_never_put_together() -> None:
    (one,) = merged(POINT, VAGUE, MONTH)
    assert (one["lat"], one["lon"], one["geo_precision"], one["place"], one["pcode"]) == (
        34.0,
        71.0,
        "near",
        "bridge",
        "PK501",
    )


def test_coordinates_that_contradict_the_stated_district_are_not_chosen() -> None:
    wrong = row(1, geo_precision="exact", lat=35.0, lon=72.0, pcode="PK501", is_district_conflict=True)
    near = row(2, geo_precision="near", lat=34.0, lon=71.0, pcode="PK501")
    only = row(3, pcode="PK501", place="village")
    assert merged(wrong, near, merges=[["toy:1", "toy:2"]])[0]["lat"] == 34.0
    assert merged(wrong, only, merges=[["toy:1", "toy:3"]])[0]["place"] == "village"


def test_the_date_is_that_of_the_member_who_knows_the_day() -> None:
    (one,) = merged(MONTH, POINT, VAGUE, merges=[["ucdp_ged:3", "template:2", "table:1"]])
    assert (one["date_start"], one["date_precision"]) == (date(2024, 3, 6), "day")


def test_act_target_and_group_are_the_most_specific() -> None:
    (one,) = merged(POINT, VAGUE, MONTH, merges=[["table:1", "ucdp_ged:3", "template:2"]])
    assert (one["attack_type"], one["target_type"], one["initiator"]) == ("ied", "police", "militant")
    assert (one["group_id"], one["group_reported"]) == ("ttp", "TTP")
    assert one["source_url"] == "https://example.org/a"


def test_the_toll_is_the_median_and_its_range_the_widest() -> None:
    (one,) = merged(POINT, VAGUE, MONTH)
    assert (one["killed_low"], one["killed_best"], one["killed_high"]) == (2, 5, 9)
    assert one["injured"] == 5
    assert one["killed_police"] is None


@pytest.mark.parametrize(
    ("figures", "median"),
    [((3, 4), 3), ((3, 5), 4), ((None, 4), 4), ((None, None), None), ((0, 0), 0), ((1, 9, 2), 2), ((1, 9, 2, None), 2)],
)
def test_a_median_leaves_unknown_figures_out_and_is_rounded_down(figures: tuple[int | None, ...], median: int) -> None:
    rows = [row(k, killed_best=figure) for k, figure in enumerate(figures)]
    (one,) = merged(*rows, merges=[[f"toy:{k}" for k in range(len(figures))]])
    assert one["killed_best"] == median


def test_a_control_type_follows_the_chosen_act_and_who_began() -> None:
    seized = row(1, attack_type="post_overrun", initiator="mutual")
    began = row(2, attack_type="clash_unspecified", initiator="militant")
    (one,) = merged(seized, began, merges=[["toy:1", "toy:2"]])
    assert one["is_control_type"] is True


def test_reports_are_added_up() -> None:
    (one,) = merged(POINT, VAGUE, MONTH)
    assert one["n_sources"] == 3 + 1 + 1


def test_a_source_whose_rows_may_not_be_shown_lends_its_restriction() -> None:
    assert not SOURCES["acled"].may_show_rows
    (one,) = merged(POINT, row(2, incident_id="acled:2", source="acled"), merges=[["table:1", "acled:2"]])
    assert one["source"] == "acled"


def test_members_that_are_not_at_hand_are_passed_over() -> None:
    (one,) = merged(VAGUE, MONTH)
    assert (one["incident_id"], one["killed_best"]) == ("template:2", 6)
    assert merged(VAGUE) == table(VAGUE).to_pylist()


def test_an_incident_in_two_merges_is_refused() -> None:
    with pytest.raises(ValueError, match="one merge"):
        merge_rows(table(POINT, VAGUE, MONTH), [IDS[:2], IDS[1:]])


def test_several_merges_do_not_mix() -> None:
    rows = [row(k, killed_best=k) for k in range(6)]
    found = merged(*rows, merges=[["toy:4", "toy:1"], ["toy:0", "toy:5"]])
    assert [(one["incident_id"], one["killed_best"]) for one in found] == [
        ("toy:0", 2),
        ("toy:2", 2),
        ("toy:3", 3),
        ("toy:4", 2),
    ]


def test_a_row_that_a_later_batch_tells_anew_counts_as_it_says_and_comes_back_without_it() -> None:
    old, new = table(row(1, killed_best=1), row(2)), table(row(3), row(1, killed_best=2))
    rows, batch = newest_rows({"1": old, "2": new})
    assert rows["incident_id"].to_pylist() == ["toy:2", "toy:3", "toy:1"]
    assert rows["killed_best"].to_pylist() == [None, None, 2]
    assert batch.tolist() == [0, 1, 1]
    assert newest_rows({"1": old})[0]["killed_best"].to_pylist() == [1, None]


# --- in the shared table ---------------------------------------------------------------------------------------

BATCHES = {"1": table(OTHER, POINT), "2": table(VAGUE, MONTH)}


def test_counts_after_a_merge_count_it_once_and_name_every_member() -> None:
    found = build(BATCHES, PCODES, "v", merges=[IDS])
    assert found.n_members.tolist() == [1, 3]
    assert found.killed_best.tolist() == [1, 5]
    assert found.sources == ("table", "template", "ucdp_ged")
    assert found.details["member_ids"].to_pylist() == [None, IDS]
    assert found.details["member_sources"].to_pylist() == [None, ["template", "table", "ucdp_ged"]]


def test_what_is_shown_says_how_many_incidents_were_merged_from_how_many_rows() -> None:
    found = build(BATCHES, PCODES, "v", merges=[IDS])
    n = shown(found, Filters())
    assert (n.n_total, n.n_merged, n.n_merged_rows) == (2, 1, 3)
    others = shown(found, Filters(targets=("civilian",)))
    assert (others.n_shown, others.n_merged, others.n_merged_rows) == (1, 0, 0)


def test_without_the_merge_the_table_is_the_one_before() -> None:
    before, after = build(BATCHES, PCODES, "v"), build(BATCHES, PCODES, "v", merges=[])
    assert before.details.equals(after.details)
    assert before.killed_best.tolist() == [1, 4, 7, 5]
    assert before.n_members.tolist() == [1, 1, 1, 1]


@pytest.mark.parametrize(("datasets", "kept"), [(("1",), [0, 1]), (("2",), [1]), (("1", "2"), [0, 1]), (("7",), [])])
def test_a_merged_incident_is_in_every_dataset_of_its_members(datasets: tuple[str, ...], kept: list[int]) -> None:
    found = build(BATCHES, PCODES, "v", merges=[IDS])
    assert found.batches == ("1", "2", "1+2")
    assert found.datasets == ("1", "2")
    assert np.flatnonzero(select(found, Filters(datasets=datasets))).tolist() == kept


def test_a_withheld_member_takes_no_part() -> None:
    # MONTH may have been on 31 March.
    found = build(BATCHES, PCODES, "v", newest=date(2024, 3, 30), merges=[IDS])
    assert found.details["member_ids"].to_pylist() == [None, ["template:2", "table:1"]]
    assert found.n_withheld == 1
    assert found.killed_best[1] == 5


@st.composite
def groupings(draw: st.DrawFn) -> tuple[pa.Table, list[list[str]]]:
    """Rows with tolls, some of them put together at random."""
    tolls = draw(st.lists(st.none() | st.integers(0, 20), min_size=2, max_size=12))
    labels = draw(st.lists(st.integers(0, 4), min_size=len(tolls), max_size=len(tolls)))
    rows = table(*(row(k, killed_best=toll, source="table" if k % 2 else "template") for k, toll in enumerate(tolls)))
    groups = [[f"toy:{k}" for k, label in enumerate(labels) if label == wanted] for wanted in range(1, 5)]
    return rows, [group for group in groups if len(group) > 1]


@given(groupings())
def test_every_row_is_counted_in_exactly_one_incident(case: tuple[pa.Table, list[list[str]]]) -> None:
    rows, merges = case
    found = build({"1": rows}, PCODES, "v", merges=merges)
    assert int(found.n_members.sum()) == len(rows)
    assert len(found) == len(rows) - sum(len(group) - 1 for group in merges)
    assert (found.killed_best[found.n_members == 1] >= UNKNOWN).all()
    named = [ids for ids in found.details["member_ids"].to_pylist() if ids]
    assert sorted(map(sorted, named)) == sorted(map(sorted, merges))

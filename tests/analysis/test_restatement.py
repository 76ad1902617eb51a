"""What a new edition restates: every difference once, under its own head."""

from __future__ import annotations

from datetime import date
from typing import Any

import pyarrow as pa

from geo.analysis.restatement import Correction, DistrictChange, compare, edition
from geo.incidents import build
from tests import toy


def of(*rows: dict[str, Any], merges: tuple[tuple[str, ...], ...] = ()) -> pa.Table:
    return edition(build({"1": toy.table(*rows)}, toy.PCODES, "v", merges=merges))


A = toy.row(1, pcode="PK501", day=date(2024, 3, 1), killed_best=2)
B = toy.row(2, pcode="PK502", day=date(2024, 3, 9))
C = toy.row(3, pcode="PK501", day=date(2024, 3, 9), source="template")


def test_equal_editions_restate_nothing() -> None:
    assert compare(of(A, B), of(B, A)).is_empty


def test_new_incidents_are_added_and_those_of_the_past_are_late() -> None:
    later = toy.row(4, pcode="PK503", day=date(2024, 4, 2))
    found = compare(of(A, B), of(A, B, C, later))
    assert (found.added, found.late) == (("toy:3", "toy:4"), ("toy:3",))
    # The period of the earlier edition alone: the incident of April moves no count.
    assert found.districts == (DistrictChange("PK501", 1, 2),)


def test_a_changed_cell_is_a_correction_and_a_figure_that_nobody_stated_is_none() -> None:
    found = compare(of(A, B), of(A | {"killed_best": None, "pcode": "PK503"}, B))
    assert found.corrected == (Correction("toy:1", "pcode", "PK501", "PK503"), Correction("toy:1", "killed", 2, None))
    assert found.districts == (DistrictChange("PK501", 1, 0), DistrictChange("PK503", 0, 1))


def test_merged_incidents_are_not_removed_ones() -> None:
    found = compare(of(A, B, C), of(A, B, C, merges=(("toy:2", "toy:3"),)))
    assert found.merged == (("toy:2", ("toy:2", "toy:3")),)
    assert found.removed == ()
    assert found.districts == (DistrictChange("PK501", 2, 1),)


def test_a_removed_incident_is_named() -> None:
    assert compare(of(A, B), of(A)).removed == ("toy:2",)


def test_incidents_without_a_district_are_a_place_of_their_own() -> None:
    assert compare(of(A, B), of(A, B | {"pcode": None})).districts[-1] == DistrictChange(None, 0, 1)


def test_rows_of_closed_sources_are_in_no_edition() -> None:
    assert len(of(A, B | {"source": "acled"})) == 1


def test_an_empty_edition_compares() -> None:
    assert compare(of(), of(A)).added == ("toy:1",)
    assert compare(of(A), of()).removed == ("toy:1",)

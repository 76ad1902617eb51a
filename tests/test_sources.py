"""Which rows each picture of the two sources shows, the seam, and the period that a page opens on."""

from __future__ import annotations

from datetime import date

import pytest

from geo.filters import Filters, from_query, to_query
from geo.incidents import build
from geo.sources import DEFAULT, EXPLANATIONS, MODES, crosses_seam, default_period
from tests.toy import PCODES, row, table

BEFORE, AFTER = date(2021, 12, 31), date(2022, 1, 1)
BATCHES = {
    "1": table(row(1, source="register", day=BEFORE), row(2, source="register", day=AFTER)),
    "2": table(row(3, source="ucdp_ged", day=BEFORE), row(4, source="ucdp_ged", day=AFTER)),
    "3": table(row(5, day=BEFORE), row(6, source="ucdp_ged", day=AFTER)),
}


@pytest.mark.parametrize(
    ("mode", "ids"),
    [("default", [2, 3, 5, 6]), ("ucdp", [3, 4, 6]), ("register", [1, 2]), ("merged", [1, 2, 3, 4, 5, 6])],
)
def test_a_picture_shows_its_rows(mode: str, ids: list[int]) -> None:
    shown = build(BATCHES, PCODES, "v", sources=mode, embedded=("1", "2"))
    assert shown.details["incident_id"].to_pylist() == [f"toy:{number}" for number in ids]


@pytest.mark.parametrize(
    ("first", "last", "mode", "expected"),
    [
        (BEFORE, AFTER, "default", True),
        (BEFORE, AFTER, "merged", True),
        (BEFORE, AFTER, "ucdp", False),
        (BEFORE, AFTER, "register", False),
        (AFTER, date(2025, 1, 1), "default", False),
        (date(2000, 1, 1), BEFORE, "default", False),
    ],
)
def test_a_period_crosses_the_seam_only_where_the_source_changes(
    first: date, last: date, mode: str, expected: bool
) -> None:
    assert crosses_seam(first, last, mode) is expected


def test_every_picture_is_explained() -> None:
    assert MODES.keys() == EXPLANATIONS.keys()


def test_the_picture_is_part_of_the_address() -> None:
    assert to_query(Filters()) == {}
    assert to_query(Filters(sources="ucdp")) == {"sources": "ucdp"}
    assert from_query({"sources": "merged"}) == (Filters(sources="merged"), ())
    assert from_query({"sources": "all"}) == (Filters(), ("sources",))
    assert Filters().sources == DEFAULT


@pytest.mark.parametrize(
    ("last", "first"),
    [
        (date(2026, 6, 4), date(2023, 7, 1)),
        (date(2026, 12, 31), date(2024, 1, 1)),
        (date(2026, 1, 1), date(2023, 2, 1)),
    ],
)
def test_the_default_period_is_the_last_36_months(last: date, first: date) -> None:
    shown = build({"1": table(row(1, day=date(2007, 1, 1)), row(2, day=last))}, PCODES, "v")
    assert default_period(shown.last_day) == (first, last)


def test_an_empty_table_has_no_default_period() -> None:
    assert default_period(build({}, PCODES, "v").last_day) is None

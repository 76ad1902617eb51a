"""Beside attacks on police stands what was published of a district in the same days."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from geo import districts as geo_districts
from geo.filters import Filters
from geo.incidents import build
from geo.views import published_line
from geo.views.state import View
from tests.toy import row, table

DISTRICTS = geo_districts.load()
POLICE = {"target_type": "police", "initiator": "militant"}


def view(filters: Filters) -> View:
    """Two attacks on police in Bannu in 2025, one in Tank, and ends in 2024 and 2026."""
    rows = (
        row(1, pcode="PK503", day=date(2025, 3, 1), **POLICE),
        row(2, pcode="PK503", day=date(2025, 5, 1), **POLICE),
        row(3, pcode="PK533", day=date(2025, 5, 1), **POLICE),
        row(4, pcode="PK503", day=date(2024, 5, 1), **POLICE),
        row(5, pcode="PK503", day=date(2026, 5, 1), **POLICE),
    )
    return View.of(build({"1": table(*rows)}, DISTRICTS.pcodes, "v"), DISTRICTS, filters)


def test_the_total_of_the_district_is_found_and_counted_again_in_its_days() -> None:
    police = view(Filters(targets=("police",)))
    total = published_line.total_of(police)
    assert total is not None
    assert (total.pcode, total.value, total.metric) == ("PK503", 134, "attacks_on_police")
    assert published_line.recorded(police, total) == 2
    assert published_line.total_of(view(Filters()), "police_attacks") == total


def test_there_is_none_for_another_district_another_period_and_other_targets() -> None:
    police = Filters(targets=("police",))
    assert published_line.total_of(view(replace(police, districts=("PK533",)))) is None
    assert published_line.total_of(view(replace(police, end=date(2025, 6, 30)))) is None
    assert published_line.total_of(view(Filters(targets=("army",)))) is None
    assert published_line.total_of(view(Filters()), "killed") is None

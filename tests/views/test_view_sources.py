"""What a view says of its sources is true of the incidents that it shows, not of all that are stored."""

from __future__ import annotations

from datetime import date

import pytest

from geo import districts as geo_districts
from geo import incidents
from geo.filters import Filters
from geo.incidents import IncidentTable, Mask, build
from geo.sources import SEAM
from geo.views import state
from geo.views.state import View
from tests import toy

ATLAS = geo_districts.load()
TABLE = build(
    {
        "1": toy.table(toy.row(1, source="register", day=date(2024, 3, 1))),
        "2": toy.table(toy.row(2, source="ucdp_ged", day=date(2010, 3, 1))),
        "3": toy.table(toy.row(3, source="table", day=date(2024, 3, 2))),
    },
    ATLAS.pcodes,
    "v",
)


@pytest.mark.parametrize(
    ("datasets", "sources", "seam"),
    [
        ((), {"register", "ucdp_ged", "table"}, SEAM),
        (("3",), {"table"}, None),
        (("1", "3"), {"register", "table"}, SEAM),
        (("9",), set(), SEAM),
    ],
)
def test_the_bars_of_a_file_of_ones_own_are_not_said_to_be_those_of_the_register(
    datasets: tuple[str, ...], sources: set[str], seam: date | None
) -> None:
    view = View.of(TABLE, ATLAS, Filters(datasets=datasets))
    if datasets == ("9",):  # a batch that does not exist keeps nothing
        assert not view.mask.any()
    assert (view.sources, view.seam) == (sources, seam)


@pytest.mark.parametrize(("datasets", "n"), [((), 1), (("1", "3"), 1), (("3",), 2)])
def test_rows_are_gone_through_for_its_months_only_where_one_data_set_is_chosen(
    datasets: tuple[str, ...], n: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Filters] = []

    def select(table: IncidentTable, filters: Filters) -> Mask:
        asked.append(filters)
        return incidents.select(table, filters)

    monkeypatch.setattr(state, "select", select)
    View.of(TABLE, ATLAS, Filters(datasets=datasets))
    assert len(asked) == n

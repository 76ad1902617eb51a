"""Published totals added by people: checked cell by cell, kept with who added them, taken back without a trace lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from geo import added_totals
from geo.added_totals import CannotAdd
from geo.analysis.evidence import published
from geo.store import PUBLISHED_TOTAL, Store

CELLS = {
    "period_start": "2026-01-01",
    "period_end": "2026-03-31",
    "unit": "district",
    "pcode": "PK519",
    "metric": "attacks",
    "value": "21",
    "publisher": "A police force (press)",
    "source_url": "https://example.org/page",
    "source_date": "2026-04-02",
    "note": "first quarter",
}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.open(tmp_path / "store")


def test_an_added_total_reads_like_one_of_the_file(store: Store) -> None:
    added = added_totals.add(store, CELLS, actor="A. Person")
    assert (added.pcode, added.value, added.days, added.note) == ("PK519", 21, 90, "first quarter")
    (kept,) = added_totals.everything(store)
    assert (kept.total, kept.actor) == (added, "A. Person")
    assert added not in published.totals()


def test_a_total_that_is_taken_back_stays_on_record(store: Store) -> None:
    added_totals.add(store, CELLS)
    (kept,) = added_totals.everything(store)
    added_totals.take_back(store, kept.decision_id)
    assert added_totals.everything(store) == ()
    assert len(store.decisions(PUBLISHED_TOTAL, include_undone=True)) == 1
    added_totals.add(store, CELLS)
    assert len(added_totals.everything(store)) == 1


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"period_start": "1 January"}, "period_start"),
        ({"period_end": "2025-12-31"}, "period_end"),
        ({"source_date": "2026-03-01"}, "period_end"),
        ({"source_date": "soon"}, "source_date"),
        ({"unit": "tehsil"}, "unit"),
        ({"pcode": ""}, "pcode"),
        ({"unit": "province"}, "pcode"),
        ({"unit": "police_region"}, "pcode"),
        ({"metric": "fear"}, "metric"),
        ({"value": "about 20"}, "value"),
        ({"value": "-1"}, "value"),
        ({"value": "٢١"}, "value"),
        ({"publisher": " "}, "publisher"),
        ({"source_url": "javascript:alert(1)"}, "source_url"),
        ({"note": "x" * 301}, "note"),
    ],
)
def test_a_cell_that_cannot_be_used_is_named_and_nothing_is_kept(
    store: Store, cells: dict[str, str], column: str
) -> None:
    with pytest.raises(CannotAdd) as refused:
        added_totals.add(store, CELLS | cells)
    assert [problem.column for problem in refused.value.problems] == [column]
    assert added_totals.everything(store) == ()


def test_an_unknown_district_is_named(store: Store) -> None:
    with pytest.raises(CannotAdd) as refused:
        added_totals.add(store, CELLS | {"pcode": "PK999"})
    assert [problem.column for problem in refused.value.problems] == ["pcode"]


def test_a_total_of_the_list_is_not_added_twice(store: Store) -> None:
    added_totals.add(store, CELLS)
    with pytest.raises(CannotAdd, match="already"):
        added_totals.add(store, CELLS | {"publisher": "The same under another name"})
    assert len(added_totals.everything(store)) == 1

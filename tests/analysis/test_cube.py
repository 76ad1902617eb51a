"""The cube answers every filter with the figures that counting row by row gives."""

from __future__ import annotations

import gc
import weakref
from collections import Counter
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.analysis.counting import cube, questions
from geo.filters import MINIMUM_PRECISIONS, Filters
from geo.incidents import UNKNOWN, IncidentTable, build, has_place, select
from geo.schema import DATE_PRECISIONS, GEO_PRECISIONS, INITIATORS, POLICE_TARGETS, SECURITY_TARGETS, TARGET_TYPES
from tests.toy import PCODES, row, table

DATE_PRECISIONS_LISTED, TARGETS_LISTED, INITIATORS_LISTED = map(tuple, (DATE_PRECISIONS, TARGET_TYPES, INITIATORS))
DAYS = st.integers(0, 900).map(lambda n: date(2021, 11, 15) + timedelta(days=n))
CELLS = st.fixed_dictionaries(
    {
        "pcode": st.sampled_from([*PCODES, None]),
        "district_method": st.sampled_from(["none", "outside"]),
        "killed_best": st.none() | st.integers(0, 50),
        "n_events": st.sampled_from([1, 1, 1, 5]),
        "attack_type": st.sampled_from(["ied", "ambush", "unknown"]),
        "target_type": st.sampled_from(["police", "army", "civilian"]),
        "initiator": st.sampled_from(["militant", "state", "mutual"]),
        "group_id": st.sampled_from(["ttp", "hgb", "unid"]),
        "geo_precision": st.sampled_from(list(GEO_PRECISIONS)),
        "date_precision": st.sampled_from(list(DATE_PRECISIONS)),
        "day": DAYS,
    }
)
EDGES = st.sampled_from([date(2022, m, 1) + timedelta(days=d) for m in (1, 7, 8) for d in (-1, 0)])
FILTERS = st.builds(
    Filters,
    start=st.none() | EDGES | DAYS,
    end=st.none() | EDGES | DAYS,
    groups=st.sampled_from([(), ("ttp",), ("hgb", "unid"), ("nobody",)]),
    attacks=st.sampled_from([(), ("ied",)]),
    targets=st.sampled_from([(), ("police", "army")]),
    initiators=st.sampled_from([(), ("militant",), ("state", "mutual")]),
    districts=st.sampled_from([(), ("PK502",), PCODES]),
    datasets=st.sampled_from([(), ("2",)]),
    min_precision=st.none() | st.sampled_from(MINIMUM_PRECISIONS),
    fatal_only=st.booleans(),
)


MEASURES = (*questions.MEASURES, cube.NO_TOLL, cube.MERGED, cube.MERGED_ROWS)
WANTED = [(), ("district",), ("year",), ("month",), ("geo_precision",), ("district", "has_place")]
WANTED += [("year", name) for name in ("group", "attack_type", "target_type")] + [("district", "year")]


def by_hand(table: IncidentTable, filters: Filters, measure: str, wanted: tuple[str, ...]) -> Counter[tuple[int, ...]]:
    """Count row by row in plain Python; places along an axis of the table's years and months, and of districts."""
    found: Counter[tuple[int, ...]] = Counter()
    first = min(table.year.tolist(), default=0)
    for k in np.flatnonzero(select(table, filters)).tolist():
        if "month" in wanted and DATE_PRECISIONS_LISTED[table.date_precision[k]] == "year":
            continue
        places = {
            "district": int(table.district[k]) + 2,
            "year": int(table.year[k]) - first,
            "month": (int(table.year[k]) - first) * 12 + int(table.month[k]) - 1,
            "has_place": int(has_place(table)[k]),
        }
        key = tuple(places[name] if name in places else int(getattr(table, name)[k]) for name in wanted)
        found[key] += figure(table, measure, k)
    return +found


def figure(table: IncidentTable, measure: str, k: int) -> int:
    target, initiator = TARGETS_LISTED[table.target_type[k]], INITIATORS_LISTED[table.initiator[k]]
    if measure in ("security_attacks", "police_attacks"):
        forces = SECURITY_TARGETS if measure == "security_attacks" else POLICE_TARGETS
        return int(table.n_events[k]) if target in forces and initiator in ("militant", "mutual") else 0
    n_rows, killed = int(table.n_members[k]), int(table.killed_best[k])
    return {
        "incidents": int(table.n_events[k]),
        "killed": max(killed, 0),
        cube.NO_TOLL: int(killed == UNKNOWN),
        cube.MERGED: int(n_rows > 1),
        cube.MERGED_ROWS: n_rows if n_rows > 1 else 0,
    }[measure]


def same(table: IncidentTable, filters: Filters, measure: str) -> None:
    for wanted in WANTED:
        found = cube.sums(table, filters, measure, wanted)
        assert found.dtype == np.int64
        assert found.ndim == len(wanted)
        places = np.argwhere(found).tolist() if wanted else [[]] * int(found != 0)
        assert {tuple(at): int(found[tuple(at)]) for at in places} == by_hand(table, filters, measure, wanted), wanted


@settings(max_examples=150, deadline=None)
@given(st.lists(CELLS, max_size=30), FILTERS, st.sampled_from(MEASURES))
def test_every_filter_counts_the_same_in_both_orders(cells: list[dict], filters: Filters, measure: str) -> None:
    rows = [row(i, **cell) for i, cell in enumerate(cells)]
    half = len(rows) // 2
    merges = [(rows[0]["incident_id"], rows[-1]["incident_id"])] if len(rows) > 1 else []
    batches = {"1": table(*rows[:half]), "2": table(*rows[half:])}
    same(build(batches, PCODES, "v", merges=merges), filters, measure)


@pytest.mark.parametrize("measure", MEASURES)
def test_a_table_without_incidents_counts_nothing(measure: str) -> None:
    same(build({}, PCODES, "v"), Filters(), measure)


def test_a_period_of_days_months_or_years_is_cut_at_the_same_incidents() -> None:
    days = [date(2021, 12, 31), date(2022, 1, 1), date(2022, 6, 30), date(2022, 7, 1), date(2023, 1, 1)]
    small = build({"1": table(*(row(i, day=day) for i, day in enumerate(days)))}, PCODES, "v")
    edges = [None, *days, date(2021, 12, 1), date(2022, 12, 31), date(2020, 1, 1), date(2030, 1, 1)]
    for start in edges:
        for end in edges:
            same(small, Filters(start=start, end=end), "incidents")


def test_of_a_period_of_single_days_only_the_cut_months_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    days = [date(2022, 1, 3) + timedelta(days=7 * k) for k in range(100)]
    small = build({"1": table(*(row(i, day=day, pcode="PK501") for i, day in enumerate(days)))}, PCODES, "v")
    looked_at: list[int] = []
    monkeypatch.setattr(cube, "select", lambda part, filters: looked_at.append(len(part)) or select(part, filters))
    period = Filters(start=date(2022, 3, 17), end=date(2023, 6, 12))
    assert cube.sums(small, period, "incidents", ("district",)).sum() == sum(
        period.start <= d <= period.end for d in days
    )
    assert looked_at == [sum((d.year, d.month) in ((2022, 3), (2023, 6)) for d in days)]


@pytest.mark.parametrize(("name", "value"), [("_MOST_CELLS", 3), ("_LARGEST_SUM", 1), ("_MOST_BYTES", 1)])
def test_what_does_not_fit_is_counted_row_by_row(monkeypatch: pytest.MonkeyPatch, name: str, value: int) -> None:
    monkeypatch.setattr(cube, name, value)
    small = build({"1": table(row(1, killed_best=2), row(2, pcode="PK501", killed_best=3))}, PCODES, "v")
    for measure in MEASURES:
        same(small, Filters(attacks=("armed_assault",)), measure)


def test_sums_go_with_their_table() -> None:
    small = build({"1": table(row(1))}, PCODES, "v")
    cube.sums(small, Filters(), "incidents", ("district",))
    gone = weakref.ref(small)
    del small
    gc.collect()
    assert gone() is None

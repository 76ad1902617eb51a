"""The list of incidents: found by words, placed, and in order, without a figure being made up for a missing one."""

from __future__ import annotations

from datetime import date

import numpy as np
import pyarrow as pa
import pytest

from geo.incidents import IncidentTable, build
from geo.summaries import Summaries
from geo.views.list_order import ORDERS, PLACED, in_order, matching, placed
from tests.toy import PCODES, row, table

NAMES = {"PK501": "Abbottabad", "PK502": "Bajaur", "PK503": "Bannu"}
POINT = {"lat": 33.0, "lon": 70.6, "geo_precision": "exact"}


def incidents() -> IncidentTable:
    return build(
        {
            "1": table(
                row(0, day=date(2024, 1, 1), killed_best=0, pcode="PK503", place="Jani Khel", **POINT),
                row(1, day=date(2024, 3, 1), killed_best=None, pcode="PK503", group_id="ttp", group_reported="T.T.P."),
                row(
                    2,
                    day=date(2024, 2, 1),
                    killed_best=7,
                    pcode="PK501",
                    place="بنوں بازار",
                    attack_type="suicide_bombing",
                ),
                row(3, day=date(2024, 2, 1), killed_best=7, district_method="outside", **POINT),
                row(4, day=date(2024, 4, 1), killed_best=2),
            )
        },
        PCODES,
        "v",
    )


@pytest.mark.parametrize(
    ("order", "found"),
    [
        ("newest", [4, 1, 2, 3, 0]),
        ("oldest", [0, 2, 3, 1, 4]),
        ("most_killed", [2, 3, 4, 0, 1]),
        ("least_killed", [0, 4, 2, 3, 1]),
    ],
)
def test_the_order_is_by_date_or_toll_and_a_missing_toll_is_last(order: str, found: list[int]) -> None:
    assert order in ORDERS
    assert in_order(incidents(), np.arange(5), order).tolist() == found


def test_only_the_positions_that_are_given_are_ordered() -> None:
    assert in_order(incidents(), np.array([4, 0]), "oldest").tolist() == [0, 4]
    assert in_order(incidents(), np.array([], dtype=np.int64), "most_killed").tolist() == []


def test_every_incident_is_placed_in_one_way() -> None:
    found = {kind: np.flatnonzero(placed(incidents(), kind)).tolist() for kind in PLACED}
    assert found["district"] == [1, 2]
    assert found["elsewhere"] == [3, 4]
    assert 0 in found["point"]
    assert found["all"] == [0, 1, 2, 3, 4]


SUMMARIES = Summaries(
    pa.table({"incident_id": ["toy:0", "toy:4", "toy:4"], "summary": ["A bomb at a bridge", "old words", "50% (new)"]})
)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("", [0, 1, 2, 3, 4]),
        ("jani KHEL", [0]),
        ("bannu", [0, 1]),
        ("بنوں", [0, 1, 2]),
        ("laki bannu", []),
        ("banu", [0, 1]),
        ("جانی خیل", [0]),
        ("خیل بنوں", [0]),
        ("میر خیل", []),
        ("t.t.p.", [1]),
        ("pakistan taliban", [1]),
        ("TTP", [1]),
        ("ٹی ٹی پی", [1]),
        ("ٹی ٹی پی بنوں", [1]),
        ("tehreek", [1]),
        ("تحریک", [1]),
        ("janikhel", [0]),
        ("جانیخیل", [0]),
        ("bannu jani khel", [0]),
        ("suicide jani khel", []),
        ("suicide", [2]),
        ("خودکش", [2]),
        ("bridge bannu", [0]),
        ("bridge abbottabad", []),
        ("toy:3", [3]),
        ("old", []),
        ("50% (new)", [4]),
        ("[a-z]+", []),
        (".*", []),
    ],
)
def test_every_word_must_occur_in_a_text_that_is_looked_at(words: str, found: list[int]) -> None:
    assert np.flatnonzero(matching(incidents(), words, NAMES, SUMMARIES)).tolist() == found


def test_an_empty_table_has_no_match() -> None:
    nothing = build({}, PCODES, "v")
    assert matching(nothing, "bannu", NAMES, SUMMARIES).tolist() == []

"""The embedded UCDP events through the reader: what is no attack by militants is kept and marked."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import date

import numpy as np
import pytest

from geo.ingest import ReadResult, read_upload
from geo.ingest.values.canonical import initiators_on_their_day
from geo.ingest.values.labels import Labels
from geo.schema import LIMITS
from geo.settings import DATA_DIR

UCDP = DATA_DIR / "ucdp_ged_kp.csv"


@pytest.fixture(scope="module")
def ucdp() -> ReadResult:
    return read_upload(UCDP, UCDP.name, limits={name: limit.default for name, limit in LIMITS.items()})


@pytest.fixture(scope="module")
def own_rows() -> list[dict[str, str]]:
    with UCDP.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_every_event_is_accepted(ucdp: ReadResult, own_rows: list[dict[str, str]]) -> None:
    assert (ucdp.source, ucdp.n_accepted, ucdp.n_refused) == ("ucdp_ged", len(own_rows), 0)


def test_two_groups_are_communal_and_another_government_is_foreign(
    ucdp: ReadResult, own_rows: list[dict[str, str]]
) -> None:
    def expected(row: dict[str, str]) -> str:
        sides = row["side_a"], row["side_b"]
        foreign = any(one.startswith("Government of ") and one != "Government of Pakistan" for one in sides)
        return "foreign" if foreign else "communal" if row["type_of_violence"] == "2" else "other"

    wanted = [expected(row) for row in own_rows]
    found = [word if word in ("foreign", "communal") else "other" for word in ucdp.rows["initiator"].to_pylist()]
    assert found == wanted
    assert Counter(wanted)["communal"] == 339
    dyads = Counter(row["side_a"] for row in own_rows)
    assert (dyads["Government of United States of America"], dyads["Government of Afghanistan"]) == (382, 89)


def test_a_best_figure_of_nothing_keeps_its_range(ucdp: ReadResult, own_rows: list[dict[str, str]]) -> None:
    figures = zip(*(ucdp.rows[f"killed_{name}"].to_pylist() for name in ("low", "best", "high")), strict=True)
    assert list(figures) == [tuple(int(row[name]) for name in ("low", "best", "high")) for row in own_rows]
    assert sum(row["best"] == "0" and row["high"] > "0" for row in own_rows) == 327


@pytest.mark.parametrize(
    ("day", "stated", "expected"),
    [
        (date(2021, 8, 14), "militant", "militant"),
        (date(2021, 8, 15), "militant", "foreign"),
        (date(2025, 10, 12), "mutual", "foreign"),
        (date(2025, 10, 12), "state", "state"),
    ],
)
def test_the_afghan_taliban_are_a_foreign_government_since_august_2021(day: date, stated: str, expected: str) -> None:
    start = np.array([(day - date(1970, 1, 1)).days] * 2, dtype=np.int32)
    groups = Labels(["afghan_taliban", "ttp"], np.array([0, 1]))
    fields = {"initiator": Labels.same(stated, 2), "group_id": groups, "date_start": start}
    found = initiators_on_their_day(fields, 2)
    assert [found.is_any(expected)[0], found.is_any(stated)[1]] == [True, True]

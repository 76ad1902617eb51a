"""Rows that are parts of one incident, its victims by who they were, are doubted before they are stored as several."""

from __future__ import annotations

from pathlib import Path

import pytest

from geo.analysis.counting import file_totals
from geo.ingest import read_upload
from geo.settings import load

HEAD = "Date,District,Attack,Category of victims,Killed,Injured"
WHO = ("Police", "Army/FC", "Civilian")


def doubted(tmp_path: Path, lines: list[str]) -> bool:
    path = tmp_path / "table.csv"
    path.write_text("\n".join([HEAD, *lines]), encoding="utf-8")
    result = read_upload(path, path.name, limits=load({}).limits)
    assert len(result.rows) == len(lines)
    said = [str(one.sentence) for one in file_totals.doubts(result, result.rows, len(lines))]
    return any("of another row" in one for one in said)


@pytest.mark.parametrize("per_incident", [2, 3])
def test_victims_by_who_they_were_are_doubted(tmp_path: Path, per_incident: int) -> None:
    rows = [f"2024-01-{day:02},Hangu,Ambush,{who},2,0" for day in range(1, 5) for who in WHO[:per_incident]]
    assert doubted(tmp_path, rows)


def test_a_day_with_two_attacks_is_not(tmp_path: Path) -> None:
    rows = [f"2024-01-{day:02},Hangu,Ambush,Police,{day},0" for day in range(1, 9)]
    assert not doubted(tmp_path, [*rows, "2024-01-01,Hangu,Ambush,Civilian,3,0"])


def test_another_district_or_kind_is_another_incident(tmp_path: Path) -> None:
    places = ("Hangu,Ambush", "Tank,Ambush", "Hangu,Suicide attack")
    assert not doubted(tmp_path, [f"2024-01-{day:02},{one},Police,1,0" for day in range(1, 5) for one in places])

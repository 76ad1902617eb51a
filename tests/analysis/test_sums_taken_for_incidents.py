"""A table of sums without a number of incidents is read as one incident a row, and a person is told of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from geo.analysis.counting import file_totals
from geo.ingest import read_upload
from geo.settings import load

SUMS = "District,Year,Killed\nBannu,2022,45\nBannu,2023,62\nTank,2022,12\nTank,2023,18\nKurram,2022,9\nKurram,2023,4\n"


def beside(name: str, value: str) -> str:
    head, *lines = SUMS.splitlines()
    return "\n".join([f"{head},{name}", *(f"{line},{value}" for line in lines)])


MONTHS = SUMS.replace("Year", "Date").replace("2022", "March 2022").replace("2023", "April 2023")


def doubted(tmp_path: Path, content: str) -> bool:
    path = tmp_path / "table.csv"
    path.write_text(content, encoding="utf-8")
    result = read_upload(path, path.name, limits=load({}).limits)
    assert len(result.rows)
    said = [str(one.sentence) for one in file_totals.doubts(result, result.rows, len(result.rows))]
    return any("as in a table of sums" in one for one in said)


@pytest.mark.parametrize("content", [SUMS, MONTHS, beside("Injured", "3")])
def test_rows_of_a_district_and_a_period_alone_may_be_sums(tmp_path: Path, content: str) -> None:
    assert doubted(tmp_path, content)


@pytest.mark.parametrize(
    "content",
    [
        SUMS + "Bannu,2022,1\n",
        beside("Type", "bomb blast"),
        beside("Incidents", "30"),
        "District,Year,Killed\nBannu,2022,45\nTank,2022,12\n",
        "Date,District,Killed\n" + "".join(f"2024-03-0{day},Bannu,{day}\n" for day in range(1, 8)),
    ],
)
def test_incidents_are_not_doubted(tmp_path: Path, content: str) -> None:
    assert not doubted(tmp_path, content)

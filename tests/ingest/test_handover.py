"""What the reading child hands over is what it read: the same rows, cells, refusals and findings."""

from __future__ import annotations

import errno
from dataclasses import asdict
from pathlib import Path

import pyarrow as pa
import pytest

from geo.ingest.containers.detection import read_table
from geo.ingest.conversion import convert_table
from geo.ingest.process import handover
from geo.ingest.results import ReadOptions
from geo.ingest.tables import TextTable
from geo.schema import LIMITS

_LIMITS = {name: limit.default for name, limit in LIMITS.items()}
_HEADER = "incident_id,date,district,killed_total,notes\n"


def table_of(folder: Path, lines: list[str]) -> TextTable:
    path = folder / "upload.csv"
    path.write_text(_HEADER + "\n".join(lines) + "\n", encoding="utf-8")
    return read_table(path, folder, path.name, ReadOptions(), _LIMITS, lambda share: None)


def line(number: int, *, day: str = "2024-03-04") -> str:
    return f'{number},{day},{"Bannu" if number % 3 else "Tank"},{number % 4},"note ""{number}"""'


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param([line(k) for k in range(70_000)], id="many rows, none refused"),
        pytest.param([line(k, day="2024-13-04" if k % 9_000 == 7 else "2024-03-04") for k in range(70_000)], id="some"),
        pytest.param([line(k, day="never") for k in range(50)], id="every row refused"),
        pytest.param(["1,2024-03-04", "2,2024-03-04,Bannu"], id="no row of the right length"),
        pytest.param([line(1), "2,2024-03-04", line(3, day="never"), line(4)], id="of every kind"),
    ],
)
def test_rows_refusals_and_findings_come_back_as_they_were(tmp_path: Path, lines: list[str]) -> None:
    table = table_of(tmp_path, lines)
    with handover.writing_cells(tmp_path, table):
        conversion = convert_table(table, "upload.csv", ReadOptions(), _LIMITS)
    shares: list[float] = []
    handover.write_conversion(tmp_path, conversion, shares.append)
    findings, rows, refused = handover.read_conversion(tmp_path)
    assert asdict(findings) == asdict(conversion.findings)
    assert rows.equals(conversion.rows())
    assert rows.schema.equals(conversion.rows().schema)
    assert refused.equals(conversion.refused_rows())
    assert len(rows) + len(refused) == len(lines)
    assert shares == sorted(shares)


def test_a_refusal_by_the_rules_ends_the_writing_and_is_told(tmp_path: Path) -> None:
    table = table_of(tmp_path, [line(k) for k in range(70_000)])
    with pytest.raises(ValueError, match="a rule"), handover.writing_cells(tmp_path, table):
        raise ValueError("a rule")


def test_a_full_disk_is_told_when_the_rules_are_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_told: object, **_more: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    table = table_of(tmp_path, [line(1)])
    monkeypatch.setattr(pa, "OSFile", full)
    with pytest.raises(OSError, match="No space left"), handover.writing_cells(tmp_path, table):
        pass

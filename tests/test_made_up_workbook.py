"""The made-up workbook is what it stands for: the published columns, read whole by the reader of that format."""

from __future__ import annotations

from pathlib import Path

from benchmarks import made_up_workbook
from geo.ingest.results import ReadOptions
from geo.schema import LIMITS
from tests.unguarded import read_unguarded


def test_every_row_of_the_made_up_workbook_is_read(tmp_path: Path) -> None:
    path = tmp_path / "gtd.xlsx"
    made_up_workbook.gtd_xlsx(path, 40)
    limits = {name: limit.default for name, limit in LIMITS.items()}
    found = read_unguarded(path, tmp_path, "gtd.xlsx", ReadOptions(), limits).findings
    assert (found.format, found.n_rows_in, found.problems) == ("gtd", 40, ())
    assert len(made_up_workbook.COLUMNS) == 135
    assert [one.name for one in tmp_path.iterdir()] == ["gtd.xlsx"]

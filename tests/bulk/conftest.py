"""Files to load in bulk: an atlas template of a few dozen rows whose account can be made by hand."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

import pytest

from geo.bulk import plan
from tests.toy_bulk import COLUMNS, Write


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write rows as a template file of a name."""

    def to(name: str, rows: Sequence[Sequence[str]], header: Sequence[str] = COLUMNS) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", newline="", encoding="utf-8") as out:
            csv.writer(out, lineterminator="\n").writerows([header, *rows])
        return path

    return to


@pytest.fixture
def tiny_pieces(monkeypatch: pytest.MonkeyPatch) -> plan.BulkOptions:
    """Options whose pieces are a few hundred bytes: every small file is cut several times."""
    monkeypatch.setattr(plan, "_BYTES_PER_MB", 1)
    return plan.BulkOptions(chunk_mb=250)

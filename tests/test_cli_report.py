"""`kp-atlas report`: a brief of a month, and what it restates of the edition before it."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

from geo.cli import main
from geo.cli.report import _earlier, title_of
from geo.export.view_settings import from_toml
from geo.figure.attachments import attached
from geo.store import Store
from geo.wording import in_language
from tests import toy_store
from tests.toy import row

FEBRUARY = date(2024, 2, 10)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "editions"


@pytest.fixture
def atlas_store(store_path: Path, embedded_store: Path) -> Store:
    return Store.open(store_path)


def report(store: Store, folder: Path, month: str) -> int:
    return main(["report", "--store", str(store.path), "--month", month, "--out", str(folder)])


def changes(folder: Path, month: str) -> list[dict[str, str]]:
    with (folder / f"changes-{month}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.slow
def test_a_later_edition_names_what_it_restates(
    atlas_store: Store, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = [row(1, pcode="PK503", day=FEBRUARY), row(2, pcode="PK503", day=FEBRUARY)]
    first = atlas_store.add(toy_store.batch(tmp_path, *own))
    assert report(atlas_store, folder, "2024-02") == 0
    assert "This is the first edition" in capsys.readouterr().out
    assert not (folder / "changes-2024-02.csv").exists()

    corrected = [own[0] | {"pcode": "PK533"}, row(3, pcode="PK503", day=FEBRUARY)]
    atlas_store.undo(first.batch_id)
    atlas_store.add(toy_store.batch(tmp_path, *corrected, text="second"))
    assert report(atlas_store, folder, "2024-03") == 0
    found = changes(folder, "2024-03")
    own_changes = [line for line in found if line["incident_id"].startswith("toy")]
    assert [(line["change"], line["incident_id"]) for line in own_changes] == [
        ("added late", "toy:3"),
        ("removed", "toy:2"),
        ("corrected", "toy:1"),
    ]
    assert (own_changes[2]["column"], own_changes[2]["before"], own_changes[2]["after"]) == ("pcode", "PK503", "PK533")
    moved = {
        line["incident_id"]: int(line["after"]) - int(line["before"]) for line in found if "count" in line["change"]
    }
    assert moved == {"PK503": -1, "PK533": 1}
    assert {line["change"] for line in found} == {"added", "added late", "removed", "corrected", "district count"}
    said = capsys.readouterr().out
    assert "What changed since the edition of February 2024" in said
    assert "Bannu " in said
    carried = from_toml(attached((folder / "kp-atlas-2024-03.pdf").read_bytes())["settings.toml"])
    assert carried.options == {"report": "2024-03"}
    brief = str(folder / "kp-atlas-2024-03.pdf")
    assert main(["figure", "--store", str(atlas_store.path), brief]) == 0
    proved = capsys.readouterr().out
    assert "Same: the store gives the same values" in proved
    assert "Not drawn again: the list of changes" in proved
    atlas_store.undo(atlas_store.batches()[-1].batch_id)
    assert main(["figure", "--store", str(atlas_store.path), brief]) == 2
    assert "Part of the brief that differs: the bars of time." in capsys.readouterr().out


@pytest.mark.slow
def test_a_damaged_edition_is_named_and_nothing_is_written(
    atlas_store: Store, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder.mkdir()
    (folder / "edition-2024-02.parquet").write_bytes(b"not a table")
    assert report(atlas_store, folder, "2024-03") == 2
    assert "edition-2024-02.parquet" in capsys.readouterr().err
    assert [path.name for path in folder.iterdir()] == ["edition-2024-02.parquet"]


def test_what_is_no_month_is_refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["report", "--month", "April", "--out", str(folder)])
    assert "such as 2026-04" in capsys.readouterr().err
    assert not folder.exists()


def test_the_bars_begin_two_years_before_the_end_of_the_month() -> None:
    assert _earlier(date(2026, 4, 1)) == date(2024, 5, 1)
    assert _earlier(date(2026, 12, 1)) == date(2025, 1, 1)


def test_the_title_of_a_report_is_put_together_in_its_language() -> None:
    assert title_of("Bannu", date(2026, 4, 1)) == "Bannu, April 2026"
    with in_language("ur"):
        assert title_of("بنوں", date(2026, 4, 1)).startswith("بنوں، ")

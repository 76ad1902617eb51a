"""The command line: exit codes, reports, and a store that a refused file leaves as it was."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from geo import cli
from geo.store import Store

GOOD = "date,district,place,killed_total\n2024-03-04,Bannu,Jani Khel,2\n2024-03-05,Tank,,\n"
ONE_BAD = GOOD + "2024-13-05,Tank,,1\n"


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """Run a command on a store of its own; return exit code, output and errors."""

    def command(*arguments: str) -> tuple[int, str, str]:
        code = cli.main([*arguments, "--store", str(tmp_path / "store")])
        told = capsys.readouterr()
        return code, told.out, told.err

    return command


def written(tmp_path: Path, text: str, name: str = "incidents.csv") -> str:
    path = tmp_path / name
    path.write_text(text, "utf-8")
    return str(path)


def test_a_good_file_is_stored_and_the_report_accounts_for_every_row(run, tmp_path: Path) -> None:
    report_path = tmp_path / "report.json"
    code, out, _ = run("ingest", written(tmp_path, GOOD), "--report", str(report_path))
    report = json.loads(report_path.read_text("utf-8"))
    assert code == cli.DONE
    assert "2 accepted" in out
    assert (report["rows_in"], report["accepted"], report["refused"], report["located"]) == (2, 2, 0, 2)
    assert report["outcome"] == "accepted"
    assert len(Store.open(tmp_path / "store").batches()) == 1


def test_a_dry_run_stores_nothing(run, tmp_path: Path) -> None:
    code, _, _ = run("ingest", written(tmp_path, GOOD), "--dry-run")
    assert code == cli.DONE
    assert Store.open(tmp_path / "store").batches() == ()


def test_a_file_with_a_bad_row_is_refused_whole_and_the_row_is_named(run, tmp_path: Path) -> None:
    report_path = tmp_path / "report.json"
    code, _, err = run("ingest", written(tmp_path, ONE_BAD), "--report", str(report_path))
    report = json.loads(report_path.read_text("utf-8"))
    assert code == cli.REFUSED
    assert "row 4" in err
    assert "2024-13-05" in err
    assert report["outcome"] == "refused"
    assert report["problems"][0]["row"] == 4
    assert Store.open(tmp_path / "store").batches() == ()


def test_the_valid_rows_are_stored_when_that_is_asked_for(run, tmp_path: Path) -> None:
    code, _, _ = run("ingest", written(tmp_path, ONE_BAD), "--accept-valid")
    batch = Store.open(tmp_path / "store").batches()[0]
    assert code == cli.DONE
    assert (batch.n_rows_in, batch.n_accepted, batch.n_refused) == (3, 2, 1)


def test_the_same_file_is_not_stored_twice(run, tmp_path: Path) -> None:
    file = written(tmp_path, GOOD)
    run("ingest", file)
    code, _, err = run("ingest", file)
    assert code == cli.REFUSED
    assert "batch 1" in err


def test_undo_and_redo_are_each_others_inverse(run, tmp_path: Path) -> None:
    run("ingest", written(tmp_path, GOOD))
    assert run("undo", "1")[0] == cli.DONE
    assert Store.open(tmp_path / "store").batches() == ()
    assert "undone" in run("list")[1]
    assert run("redo", "1")[0] == cli.DONE
    assert "shown" in run("list")[1]


def test_a_batch_that_is_not_there_is_named(run) -> None:
    code, _, err = run("undo", "7")
    assert code == cli.UNUSABLE
    assert "7" in err


def test_a_backup_restores_to_a_store_that_verifies(run, tmp_path: Path) -> None:
    run("ingest", written(tmp_path, GOOD))
    assert run("verify")[0] == cli.DONE
    assert run("backup", str(tmp_path / "copy"))[0] == cli.DONE
    other = str(tmp_path / "other")
    assert cli.main(["restore", str(tmp_path / "copy"), "--store", other]) == cli.DONE
    assert cli.main(["verify", "--store", other]) == cli.DONE
    assert Store.open(Path(other)).read(1).equals(Store.open(tmp_path / "store").read(1))


def test_a_damaged_batch_fails_the_check_by_name(run, tmp_path: Path) -> None:
    run("ingest", written(tmp_path, GOOD))
    path = next((tmp_path / "store").rglob("*.parquet"))
    path.chmod(0o644)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))
    code, _, err = run("verify")
    assert code == cli.UNUSABLE
    assert path.name in err

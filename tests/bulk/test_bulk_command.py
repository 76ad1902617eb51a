"""`python -m geo bulk`: what it prints, what it stores, and how it ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from geo import place_decisions
from geo.cli import DONE, REFUSED, UNUSABLE, main
from geo.store import Store
from tests.toy_bulk import Write, line


def test_files_become_one_batch_and_the_account_is_printed(
    tmp_path: Path, store_path: Path, write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    first = write("first.csv", [line(1), line(2), line("bad", date="x")])
    second = write("second.csv", [line(2), line(3, district="")])
    command = ["bulk", str(first), str(second), "--out", str(tmp_path / "out")]
    assert main(command) == DONE
    printed = capsys.readouterr()
    assert printed.out.splitlines() == [
        "template: 5 rows in, 2 accepted, 2 refused, 1 duplicates; 2 located, 0 not located, 0 outside",
        "batch 1: first.csv and 1 more",
    ]
    assert "Reading and locating: 2 of 2" in printed.err
    assert main(command) == DONE
    assert len(Store.open(store_path).batches()) == 1


def test_a_folder_may_be_written_without_storing(tmp_path: Path, store_path: Path, write: Write) -> None:
    path = write("first.csv", [line(1)])
    assert main(["bulk", str(path), "--out", str(tmp_path / "out"), "--no-store"]) == DONE
    assert (tmp_path / "out" / "manifest.json").exists()
    assert not store_path.exists()


def test_names_mean_what_was_decided_in_the_store_that_the_run_is_stored_in(
    tmp_path: Path, store_path: Path, write: Write
) -> None:
    path = write("first.csv", [line(1, district="Dir")])
    store = Store.open(store_path)
    place_decisions.remember(store, "template", {"Dir": "PK520"})
    place_decisions.remember(store, "acled", {"Dir": "PK535"})
    assert main(["bulk", str(path), "--out", str(tmp_path / "out")]) == DONE
    assert store.read(1)["pcode"].to_pylist() == ["PK520"]
    assert main(["bulk", str(path), "--out", str(tmp_path / "alone"), "--no-store"]) == DONE
    told = [json.loads((tmp_path / name / "manifest.json").read_text("utf-8")) for name in ("out", "alone")]
    assert [one["place_names"] for one in told] == [{"Dir": "PK520"}, {}]
    assert [one["n_located"] for one in told] == [1, 0]


def test_what_cannot_be_loaded_ends_as_a_refusal(
    tmp_path: Path, store_path: Path, write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["bulk", str(tmp_path / "none.csv"), "--out", str(tmp_path / "out")]) == REFUSED
    assert "none.csv" in capsys.readouterr().err
    path = write("first.csv", [line(1)])
    assert main(["bulk", str(path), "--out", str(tmp_path / "out"), "--chunk-mb", "0"]) == REFUSED
    assert main(["bulk", str(write("bad.csv", [line(1, date="x")])), "--out", str(tmp_path / "bad")]) == REFUSED
    assert not store_path.exists() or Store.open(store_path).batches() == ()


@pytest.mark.parametrize("address", ["host", "not a host:1", "nonsense://host:8786", "tcp://host"])
def test_what_is_no_address_of_a_scheduler_is_refused_by_name(
    tmp_path: Path, store_path: Path, write: Write, capsys: pytest.CaptureFixture[str], address: str
) -> None:
    path = write("first.csv", [line(1)])
    assert main(["bulk", str(path), "--out", str(tmp_path / "out"), "--scheduler", address]) == UNUSABLE
    assert address in capsys.readouterr().err
    assert not store_path.exists()


def test_an_output_folder_that_cannot_be_used_is_named_and_left_alone(
    tmp_path: Path, store_path: Path, write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write("first.csv", [line(1)])
    taken = tmp_path / "taken"
    taken.write_text("a file")
    for out in (taken, taken / "inside"):
        assert main(["bulk", str(path), "--out", str(out)]) == UNUSABLE
        assert str(taken) in capsys.readouterr().err
    assert taken.read_text() == "a file"
    foreign = tmp_path / "foreign"
    foreign.mkdir()
    (foreign / "run.json").write_text("not of a run")
    assert main(["bulk", str(path), "--out", str(foreign)]) == REFUSED
    assert [one.name for one in foreign.iterdir()] == ["run.json"]
    assert not store_path.exists()


def test_the_questions_of_a_file_are_named_with_the_flags_that_answer_them(
    tmp_path: Path, store_path: Path, write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write("open.csv", [line(n, date="03/04/2024" if n % 4 == 0 else "") for n in range(12)])
    assert main(["bulk", str(path), "--out", str(tmp_path / "asked")]) == REFUSED
    told = capsys.readouterr().err
    assert "--date-order DMY" in told
    assert "--blank-cells above" in told
    answers = ["--date-order", "DMY", "--blank-cells", "above"]
    assert main(["bulk", str(path), "--out", str(tmp_path / "told"), *answers]) == DONE
    assert "12 accepted, 0 refused" in capsys.readouterr().out
    header = ("incident_id", "date", "district", "Name", "Father Name", "Rank")
    rows = [[str(n), "2024-03-05", "Bannu", f"Person {n}", "x", "Constable"] for n in range(4)]
    persons = write("list.csv", rows, header=header)
    assert main(["bulk", str(persons), "--out", str(tmp_path / "persons")]) == REFUSED
    assert "--counted people" in capsys.readouterr().err
    assert list(Store.open(store_path).batches())[-1].n_rows_in == 12

"""The drill of docs/operations.md, step by step, and that the document names what there is."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from geo.cli import DONE, UNUSABLE, main
from tests.toy_store import filled

ROOT = Path(__file__).resolve().parents[1]
OPERATIONS = (ROOT / "docs" / "operations.md").read_text("utf-8")


def test_the_drill_gives_the_same_batches_and_no_problems(
    tmp_path: Path, store_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    filled(store_path, 3).close()
    other = ["--store", str(tmp_path / "other")]
    assert main(["list"]) == main(["verify"]) == main(["backup", str(tmp_path / "copy")]) == DONE
    before = capsys.readouterr().out
    assert "0 problems found" in before
    assert main(["verify", "--store", str(tmp_path / "copy")]) == DONE
    assert main(["restore", str(tmp_path / "copy"), *other]) == DONE
    capsys.readouterr()
    assert main(["list", *other]) == main(["verify", *other]) == DONE
    after = capsys.readouterr().out
    assert after.splitlines()[:3] == before.splitlines()[:3]
    assert "0 problems found" in after


def test_a_damaged_store_is_found_and_the_backup_brings_it_back(
    tmp_path: Path, store_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    filled(store_path).close()
    assert main(["backup", str(tmp_path / "copy")]) == DONE
    file = next((store_path / "batches").iterdir())
    file.write_bytes(file.read_bytes()[:-9])
    assert main(["verify"]) == UNUSABLE
    assert file.name in capsys.readouterr().err
    assert main(["restore", str(tmp_path / "copy"), "--store", str(tmp_path / "other")]) == DONE
    assert main(["verify", "--store", str(tmp_path / "other")]) == DONE


def test_every_command_and_option_in_the_document_exists() -> None:
    def help_of(*command: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "geo", *command, "--help"], cwd=ROOT, capture_output=True, text=True, check=True
        )
        return done.stdout

    commands = set(re.findall(r"python -m geo ([a-z]+)", OPERATIONS))
    assert commands >= {"list", "verify", "backup", "restore", "bulk"}
    listed = help_of()
    assert not [name for name in commands if f"    {name} " not in listed]
    known = help_of("bulk") + help_of("fetch", "ucdp") + help_of("fetch", "acled")
    assert not [option for option in re.findall(r"`(--[a-z-]+)", OPERATIONS) if option not in known]


def test_every_file_of_a_store_is_described(tmp_path: Path) -> None:
    store = filled(tmp_path / "store")
    names = {path.name for path in store.path.iterdir()}
    assert {name for name in names if name.split("-wal")[0].split("-shm")[0] not in OPERATIONS} == set()

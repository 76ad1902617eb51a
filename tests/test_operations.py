"""The drill of docs/operations.md, step by step, and that the document names what there is."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from geo import settings
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


def test_every_event_of_the_log_is_described() -> None:
    """A person watches the log by this table."""
    named = set()
    for path in sorted((ROOT / "geo").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "log.event":
                assert isinstance(node.args[0], ast.Constant), f"{path}:{node.lineno}: fixed words"
                named.add(node.args[0].value)
    assert len(named) >= 6
    assert {name for name in named if f"| `{name}` |" not in OPERATIONS} == set()


def test_the_example_of_secrets_can_be_used() -> None:
    """Every line that is commented out in the example is a setting, or a table that is read."""
    lines = (ROOT / ".streamlit" / "secrets.example.toml").read_text("utf-8").splitlines()
    given = [line.removeprefix("# ") for line in lines if re.match(r"# (\w+ = |\[)", line)]
    read = tomllib.loads("\n".join(["[atlas]", *given]))
    people = read["atlas"].pop("people")
    loaded = settings.load({}, {key: str(value) for key, value in read["atlas"].items()}, people, has_sign_in=True)
    assert (loaded.mode, [person.role for person in loaded.people]) == ("public", ["admin"])
    assert set(read["auth"]) == {"redirect_uri", "cookie_secret", "client_id", "client_secret", "server_metadata_url"}

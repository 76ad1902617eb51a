"""What is installed is what was chosen: versions, hashes and licences of every dependency, also of dependencies."""

from __future__ import annotations

import json
import re
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest

from tests import dependencies
from tests.dependencies import Locked, locked, requirements

ROOT = Path(__file__).resolve().parents[1]


def test_the_lock_file_holds_every_requirement_in_its_version() -> None:
    """After a change of requirements.txt run the command of docs/dependencies.md."""
    versions = {one.name: one.version for one in locked()}
    assert requirements().items() <= versions.items()


def test_the_lock_files_do_not_contradict_each_other() -> None:
    """They are installed into one environment."""
    program, team = (dependencies.parsed(path.read_text("utf-8")) for path in dependencies.LOCKS)
    told = {one.name: (one.version, one.hashes) for one in program}
    assert {one.name: (one.version, one.hashes) for one in team}.items() & told.items()
    assert not [one.name for one in team if told.get(one.name, (one.version, one.hashes)) != (one.version, one.hashes)]


def test_what_a_server_is_installed_from_is_checked_against_its_hash() -> None:
    """Every command of the files of deploy and of the documents on servers."""
    told = [ROOT / "deploy" / "Containerfile", ROOT / "docs" / "operations.md"]
    commands = [line for path in told for line in path.read_text("utf-8").splitlines() if "pip install" in line]
    assert len(commands) >= 4
    for line in commands:
        assert re.search(r"pip install (--no-cache-dir )?--require-hashes -r requirements", line), line
        assert "requirements.txt" not in line, line


def test_every_locked_package_has_hashes() -> None:
    for one in locked():
        assert one.hashes, one.name
        assert all(re.fullmatch(r"[0-9a-f]{64}", digest) for digest in one.hashes)


def test_the_lock_file_holds_whatever_the_requirements_need() -> None:
    names = {one.name for one in locked()}
    for name in names:
        try:
            needed = dependencies.needed_here(distribution(name).requires or [])
        except PackageNotFoundError:
            continue  # of another system or another version of Python
        assert needed <= names, name


def test_the_list_of_dependencies_is_that_of_the_lock_file_with_a_licence_for_each() -> None:
    """Run `python -m tests.dependencies` after a change of the lock file."""
    listed = dict(re.findall(r"^\| ([\w.-]+) \| ([\w.]+) \| .+ \|$", dependencies.DOCUMENT.read_text("utf-8"), re.M))
    assert listed == {one.name: one.version for one in locked()} | {"package": "version"}
    assert "| unknown |" not in dependencies.DOCUMENT.read_text("utf-8")


def test_the_bill_of_materials_is_that_of_the_lock_file() -> None:
    bill = json.loads((ROOT / "docs" / "sbom.json").read_text("utf-8"))
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    told = {dependencies.canonical(part["name"]): part["version"] for part in bill["components"]}
    by_name = {one.name: one for one in locked()}
    assert told.items() <= {(name, one.version) for name, one in by_name.items()}
    missing = by_name.keys() - told.keys()
    assert all(by_name[name].condition for name in missing), "only packages of other systems are left out"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("a-b==1.2 \\\n    --hash=sha256:00 \\\n    --hash=sha256:11\n", Locked("a-b", "1.2", "", ("00", "11"))),
        ("A.b==1 ; sys_platform != 'x' \\\n    --hash=sha256:00\n", Locked("a-b", "1", "sys_platform != 'x'", ("00",))),
    ],
)
def test_a_line_of_the_lock_file_is_read(line: str, expected: Locked) -> None:
    assert dependencies.parsed(line) == [expected]


def test_every_weakness_that_bandit_is_told_to_pass_over_has_a_reason() -> None:
    config = (ROOT / "pyproject.toml").read_text("utf-8").partition("[tool.bandit]")[2].partition("]\n")[0]
    lines = [line for line in config.splitlines() if '"B' in line]
    assert lines
    assert all(re.search(r"# \w.{15}", line) for line in lines)
    for path in (ROOT / "geo").rglob("*.py"):
        for line in path.read_text("utf-8").splitlines():
            assert "nosec" not in line or re.search(r"# nosec B\d{3}", line), f"{path.name}: name the rule"

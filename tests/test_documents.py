"""The documents are true: commands, settings, limits and links that they name exist."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from geo import settings
from geo.problems import ProblemCode

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text("utf-8")
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *(ROOT / "data").glob("*.md")])


def test_the_readme_is_short() -> None:
    assert len(README.splitlines()) <= 120


def test_the_checks_run_the_command_of_the_readme() -> None:
    command = re.search(r"## Test\n\n```\n(.+?)\n```", README, re.DOTALL)
    assert command
    assert command[1].replace("pip install -r", "pip install -q -r") in (ROOT / ".ci" / "run").read_text("utf-8")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_between_documents_lead_somewhere(document: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)", document.read_text("utf-8")):
        if not target.startswith("http"):
            assert (document.parent / target).exists(), f"{document.name}: {target}"


def test_every_setting_stands_in_the_readme() -> None:
    missing = [key for key in settings.known_keys() if key not in README and not key.startswith("ATLAS_LIMIT_")]
    assert not missing


def test_every_command_of_the_command_line_stands_in_the_readme() -> None:
    done = subprocess.run([sys.executable, "-m", "geo", "--help"], cwd=ROOT, capture_output=True, text=True, check=True)
    commands = re.findall(r"^    ([a-z]+) ", done.stdout, re.MULTILINE)
    assert commands
    assert not [name for name in commands if name not in README]


def test_every_runtime_requirement_is_pinned_and_says_why() -> None:
    for name in ("requirements.txt", "requirements-team.txt", "requirements-dev.txt"):
        for line in (ROOT / name).read_text("utf-8").splitlines():
            if line and not line.startswith(("#", "-r")):
                assert re.match(r"[a-z0-9-]+==[\w.]+( ; [^#]+)? +# \w", line), f"{name}: {line}"


def test_no_document_or_source_names_a_machine() -> None:
    pattern = re.compile(r"(?<![\w.])/(work|root|home|Users)/")
    for path in [*DOCUMENTS, *(ROOT / "geo").rglob("*.py"), *(ROOT / "pages").glob("*.py")]:
        assert not pattern.search(path.read_text("utf-8")), path


def test_problem_codes_are_words() -> None:
    assert all(re.fullmatch(r"[a-z_]+", code.value) for code in ProblemCode)

"""A short, fixed run of the fuzzer on every target in each test run; a longer one with --long."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.fuzz import targets
from tests.fuzz.targets import TARGETS

FOLDER = Path(__file__).parent
CORPUS = FOLDER / "corpus"
CONTAINERS = FOLDER.parents[1] / "geo" / "ingest" / "containers"


@pytest.mark.case(45, 49)
@pytest.mark.fault
@pytest.mark.parametrize("target", TARGETS)
def test_no_input_makes_a_reader_or_parser_fail(
    target: str, tmp_path: Path, amount: Callable[[int, int], int], count: Callable[[str, int], None]
) -> None:
    pytest.importorskip(
        "atheris", reason="the fuzzer atheris is not installed: it has wheels for Linux and Python 3.11"
    )
    runs = amount(50 if target == "old_workbook" else 200, 10_000)  # each of its inputs has a process of its own
    command = [sys.executable, "-m", "tests.fuzz", target, f"-runs={runs}", "-seed=1", f"-artifact_prefix={tmp_path}/"]
    done = subprocess.run(command, cwd=FOLDER.parents[1], capture_output=True, text=True, check=False, timeout=3600)
    assert done.returncode == 0, done.stderr[-4000:]
    found = re.search(r"^Done (\d+) runs", done.stderr, re.MULTILINE)
    assert found
    count(f"runs of the fuzzer: {target}", int(found[1]))


@pytest.mark.fault
def test_every_target_has_saved_inputs_and_takes_them() -> None:
    assert {folder.name for folder in CORPUS.iterdir()} == set(TARGETS)
    for name, target in TARGETS.items():
        for path in sorted((CORPUS / name).iterdir()):
            target(path.read_bytes())


@pytest.mark.fault
@pytest.mark.skipif(sys.platform == "win32", reason="needs fork")
@pytest.mark.parametrize(
    ("end", "is_fault"),
    [
        ("pass", False),
        ("raise MemoryError", False),
        ("os.write(2, b'memory allocation of 9 bytes failed'); os.abort()", False),
        ("os.abort()", True),
        ("os.kill(os.getpid(), 9)", True),
        ("os._exit(7)", True),
        ("raise ValueError", True),
    ],
)
def test_a_reader_in_a_child_may_end_well_or_for_lack_of_memory_alone(
    end: str, is_fault: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(targets, "_read", lambda _content: exec(end, {"os": os}))
    if is_fault:
        with pytest.raises(AssertionError, match="ended with"):
            targets.old_workbook(b"")
    else:
        targets.old_workbook(b"")


def test_every_kind_of_container_is_a_target() -> None:
    """Each `read_...` that the detection of containers calls belongs to a target; a new one needs its own."""
    tree = ast.parse((CONTAINERS / "detection.py").read_text("utf-8"))
    called = {node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    readers = {name for name in called if name.startswith(("read_", "unpacked"))}
    fuzzed = {
        "read_text": "delimited",
        "read_json": "json_text",
        "read_parquet": "parquet",
        "unpacked": "archive",
        "read_workbook": "workbook",
        "read_ods": "open_document",
        "read_xls": "old_workbook",
    }
    assert readers == set(fuzzed)
    assert set(fuzzed.values()) <= set(TARGETS)

"""One file in tests/bad_inputs for every reason that a reader can give; its name begins with the reason."""

from __future__ import annotations

import errno
import re
from pathlib import Path

import pytest

from geo.ingest.process import child
from geo.ingest.process.handover import Request, read_preview, write_request
from geo.ingest.results import ReadOptions
from geo.problems import ProblemCode, RejectedUpload

ROOT = Path(__file__).resolve().parents[2]
FIXTURES = sorted((ROOT / "tests" / "bad_inputs").iterdir())
# These depend on the machine: see test_ingest_sandbox.py and below.
WITHOUT_A_FILE = {ProblemCode.TIME_LIMIT, ProblemCode.MEMORY_LIMIT, ProblemCode.DISK_FULL}


def code_of(path: Path) -> ProblemCode:
    return ProblemCode(path.name.split("__")[0])


@pytest.mark.case(5, 36, 44)
@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.name)
def test_a_bad_file_is_refused_for_the_reason_in_its_name(read, path):
    try:
        result = read(path.read_bytes(), path.name)
    except RejectedUpload as refusal:
        problems = refusal.problems
    else:
        problems = result.problems
        assert result.n_refused == len(result.refused_rows) > 0
        assert all(problem.row is not None for problem in problems)
    assert {problem.code for problem in problems} == {code_of(path)}
    for problem in problems:
        assert problem.file == path.name
        assert str(problem.message).endswith((".", "?"))
        assert str(ROOT) not in str(problem)


def test_every_reason_that_the_readers_name_has_a_file():
    sources = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "geo" / "ingest").rglob("*.py"))
    named = {ProblemCode[name] for name in re.findall(r"ProblemCode\.([A-Z_]+)", sources)}
    assert named - WITHOUT_A_FILE == {code_of(path) for path in FIXTURES}


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (OSError(errno.ENOSPC, "full"), ProblemCode.DISK_FULL),
        (OSError(errno.EFBIG, "big"), ProblemCode.EXPANDS_TOO_MUCH),
        (MemoryError(), ProblemCode.MEMORY_LIMIT),
    ],
)
def test_a_child_without_room_says_so(tmp_path, limits, monkeypatch, error, code):
    def fail(folder: Path, request: Request) -> None:
        raise error

    monkeypatch.setattr(child, "bound_resources", lambda limits: None)
    monkeypatch.setattr(child, "_answer", fail)
    write_request(tmp_path, Request("read", tmp_path / "x", "x.csv", ReadOptions(), limits))
    child.main(tmp_path)
    with pytest.raises(RejectedUpload) as caught:
        read_preview(tmp_path)
    assert [problem.code for problem in caught.value.problems] == [code]


def test_other_errors_of_the_system_are_not_swallowed(tmp_path, limits, monkeypatch):
    def fail(folder: Path, request: Request) -> None:
        raise OSError(errno.EIO, "broken disk")

    monkeypatch.setattr(child, "bound_resources", lambda limits: None)
    monkeypatch.setattr(child, "_answer", fail)
    write_request(tmp_path, Request("read", tmp_path / "x", "x.csv", ReadOptions(), limits))
    with pytest.raises(OSError, match="broken disk"):
        child.main(tmp_path)

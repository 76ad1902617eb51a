"""A file of a user can exhaust or break its reader, never the application."""

from __future__ import annotations

import contextlib
import hashlib
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from geo.ingest import ReadOptions, read_upload
from geo.ingest.notes import note_text
from geo.ingest.process import child
from geo.ingest.process.guard import _failure
from geo.ingest.process.handover import Request, read_conversion, write_request
from geo.problems import ProblemCode, RejectedUpload
from geo.wording import PSEUDO_LANGUAGE

HEADER = "date,district,notes\n"


@pytest.fixture(autouse=True)
def own_temporary_folder(tmp_path, monkeypatch):
    """Every test ends with no file of the reading left."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield folder
    assert list(folder.iterdir()) == []


@pytest.fixture
def upload(tmp_path: Path) -> Path:
    path = tmp_path / "upload"
    path.write_text(HEADER + "2024-03-04,Bannu,first\n2024-03-05,Tank,second\n")
    return path


def codes(refusal: RejectedUpload) -> list[ProblemCode]:
    return [problem.code for problem in refusal.problems]


def test_a_file_comes_back_from_the_child_with_its_digest(upload, limits):
    result = read_upload(upload, "incidents.csv", limits=limits)
    assert result.rows["district_reported"].to_pylist() == ["Bannu", "Tank"]
    assert result.file_sha256 == hashlib.sha256(upload.read_bytes()).hexdigest()


def test_the_child_reads_without_loading_pandas(upload, limits, tmp_path):
    folder = tmp_path / "answer"
    folder.mkdir()
    write_request(folder, Request("read", upload, "incidents.csv", ReadOptions(), limits))
    command = [sys.executable, "-X", "importtime", "-m", "geo.ingest.process.child", str(folder)]
    told = subprocess.run(command, capture_output=True, text=True, check=True)
    loaded = {line.rpartition("|")[2].strip() for line in told.stderr.splitlines()}
    assert "pyarrow.lib" in loaded
    assert not [name for name in loaded if name.startswith("pandas.")]
    assert len(read_conversion(folder)[1]) == 2


def test_progress_never_runs_backwards_and_ends_at_one(upload, limits):
    shares: list[float] = []
    read_upload(upload, "incidents.csv", limits=limits, progress=lambda share, text: shares.append(share))
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


def test_what_progress_raises_cancels_the_reading(upload, limits):
    class Cancelled(Exception):
        pass

    def cancel(share: float, text: str) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        read_upload(upload, "incidents.csv", limits=limits, progress=cancel)


def test_the_child_takes_no_secret_of_the_environment_along(tmp_path, limits, monkeypatch):
    monkeypatch.setenv("ATLAS_SECRET_TOKEN", "not for parsers")
    seen: list[bytes] = []
    path = tmp_path / "upload"
    path.write_text(HEADER + "2024-03-04,Bannu,x\n" * 60_000)

    def look(share: float, text: str) -> None:
        for number in Path(f"/proc/self/task/{os.getpid()}/children").read_text().split():
            with contextlib.suppress(ProcessLookupError):  # it has just ended
                seen.append(Path(f"/proc/{number}/environ").read_bytes())

    read_upload(path, "incidents.csv", limits=limits, progress=look)
    assert any(seen)
    assert not any(b"not for parsers" in environment for environment in seen)


def test_the_child_speaks_the_language_of_the_one_who_asked(upload, limits, monkeypatch):
    monkeypatch.setenv("ATLAS_LANGUAGE", PSEUDO_LANGUAGE)
    upload.write_text(HEADER + "2024-03-04,Bannu\n")
    steps: list[str] = []
    result = read_upload(upload, "a.csv", limits=limits, progress=lambda share, step: steps.append(step))
    assert all(step.startswith("⟦") for step in steps)
    assert result.refused_rows["refused_because"][0].as_py().startswith("⟦")
    assert str(note_text(result.notes[0])).startswith("⟦")


@pytest.mark.case(2)
def test_a_file_above_the_size_limit_is_refused_before_it_is_opened(upload, limits):
    with upload.open("r+b") as lines:
        lines.truncate(2_000_001)
    with pytest.raises(RejectedUpload, match=r"2.0 MB; the limit is 2 MB") as caught:
        read_upload(upload, "incidents.csv", limits=limits | {"file_mb": 2})
    assert codes(caught.value) == [ProblemCode.TOO_LARGE]


@pytest.mark.case(63)
def test_a_reading_that_takes_too_long_is_ended(upload, limits):
    with pytest.raises(RejectedUpload) as caught:
        read_upload(upload, "incidents.csv", limits=limits | {"child_wall_s": 0})
    assert codes(caught.value) == [ProblemCode.TIME_LIMIT]


@pytest.mark.fault
def test_a_reading_that_computes_too_long_is_ended(tmp_path, limits):
    path = tmp_path / "upload"
    # A quotation mark inside a cell sends the file the slow way.
    path.write_text(HEADER + '2024-03-04,Bannu,5" gun\n' * 1_000_000)
    with pytest.raises(RejectedUpload) as caught:
        read_upload(path, "incidents.csv", limits=limits | {"child_cpu_s": 1})
    assert codes(caught.value) == [ProblemCode.TIME_LIMIT]


@pytest.mark.case(63)
@pytest.mark.fault
def test_a_reading_that_needs_too_much_memory_is_ended(tmp_path, limits):
    path = tmp_path / "upload"
    path.write_text(HEADER + ("2024-03-04,Bannu," + "x" * 2_000 + "\n") * 60_000)
    with pytest.raises(RejectedUpload) as caught:
        read_upload(path, "incidents.csv", limits=limits | {"child_memory_mb": 512})
    assert codes(caught.value) == [ProblemCode.MEMORY_LIMIT]


@pytest.mark.case(63)
@pytest.mark.fault
def test_a_reading_that_writes_too_much_is_ended(tmp_path, limits):
    path = tmp_path / "upload"
    path.write_text(HEADER + "2024-03-04,Bannu,x\n" * 50_000)
    with pytest.raises(RejectedUpload) as caught:
        read_upload(path, "incidents.csv", limits=limits | {"child_output_mb": 1})
    assert codes(caught.value) == [ProblemCode.EXPANDS_TOO_MUCH]


@pytest.mark.case(9)
@pytest.mark.fault
def test_two_hundred_megabytes_without_a_line_end_are_refused(tmp_path, limits):
    path = tmp_path / "upload"
    path.write_bytes(b"a" * 200_000_000)
    with pytest.raises(RejectedUpload) as caught:
        read_upload(path, "incidents.csv", limits=limits)
    assert codes(caught.value) == [ProblemCode.LINE_TOO_LONG]


@pytest.mark.parametrize(
    ("exit_code", "code"),
    [
        (-signal.SIGXCPU, ProblemCode.TIME_LIMIT),
        (-signal.SIGKILL, ProblemCode.MEMORY_LIMIT),
        (-signal.SIGABRT, ProblemCode.MEMORY_LIMIT),
        (-signal.SIGSEGV, ProblemCode.WRONG_TYPE),
    ],
)
def test_a_child_that_dies_is_a_refusal(tmp_path, limits, exit_code, code):
    errors = tmp_path / "errors.txt"
    errors.write_text("")
    failure = _failure(exit_code, errors, "f.csv", limits)
    assert isinstance(failure, RejectedUpload)
    assert codes(failure) == [code]


def test_a_fault_of_the_reader_itself_is_not_blamed_on_the_file(tmp_path, limits):
    errors = tmp_path / "errors.txt"
    errors.write_text("Traceback: KeyError")
    assert isinstance(_failure(1, errors, "f.csv", limits), RuntimeError)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the processes of a user cannot be counted")
def test_the_child_may_open_few_files_and_start_few_processes() -> None:
    code = (
        "import resource; from geo.ingest.process import child; from geo.settings import load;"
        "n = child._n_processes(); child._n_processes = lambda: n; child.bound_resources(load({}).limits);"
        "print(resource.getrlimit(resource.RLIMIT_NOFILE)[1], resource.getrlimit(resource.RLIMIT_NPROC)[1] - n, n)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    n_files, n_more, n_running = map(int, done.stdout.split())
    assert n_files <= child._MOST_FILES
    assert n_running >= 1, "at least the child itself"
    assert n_more == child._MORE_PROCESSES, "however many others start in between"


@pytest.mark.skipif(sys.platform != "linux" or os.getuid() != 0, reason="needs a user without processes")
def test_processes_that_cannot_be_counted_here_keep_no_reader_from_its_threads() -> None:
    code = (
        "import os, threading; from geo.ingest.process import child; from geo.settings import load;"
        "child._n_processes = lambda: -child._MORE_PROCESSES; limits = load({}).limits; os.setuid(65534);"
        "child.bound_resources(limits); threading.Thread(target=int).start(); print('read')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "read\n"

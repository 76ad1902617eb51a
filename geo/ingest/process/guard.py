"""The guard: starts the reading child, watches its time and turns the way it ends into problems."""

from __future__ import annotations

import json
import logging
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import IO, TypeVar

from geo import temporary
from geo.ingest.process.child import SPLIT_OR_CSV, memory_problem
from geo.ingest.process.handover import Request, has_answer, write_request
from geo.ingest.process.slots import SLOTS
from geo.problems import ProblemCode, RejectedUpload, rejected
from geo.settings import APP_ROOT
from geo.text import log_text
from geo.wording import N_, _, language, text

T = TypeVar("T")
_LOG = logging.getLogger(__name__)
_TICK_S = 0.2
_WALL_TIME = N_("Reading takes longer than {n} seconds.")
_CPU_TIME = N_("Reading takes longer than {n} seconds of computing.")
_KEPT_VARIABLES = ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH")
Progress = Callable[[float, str], None]


def run_guarded(request: Request, collect: Callable[[Path], T], progress: Progress) -> T:
    """Return the result of `collect` on the folder that holds the child's answer.

    progress is called several times a second, also while other files are read first; an exception that it raises ends
    the child and is passed on.
    Raises RejectedUpload for what the child refuses and when it exceeds a limit or breaks; RuntimeError
    when the reader itself is faulty. In every case nothing of the reading is left on disk.
    """
    most, most_each = request.limits["readers"], request.limits["visitor_readers"]
    with (
        SLOTS.taken(most, most_each, lambda: progress(0.0, _("Waiting until other files are read"))),
        temporary.folder("kp-atlas-read") as folder,
    ):
        write_request(folder, request)
        errors = folder / "errors.txt"
        with errors.open("wb") as error_lines, _child(folder, error_lines) as process:
            exit_code = _watched(process, request.limits, request.file, progress)
        if exit_code == 0 and has_answer(folder):
            _warn_once(errors.read_text(encoding="utf-8", errors="replace"))
            return collect(folder)
        raise _failure(exit_code, errors, request.file, request.limits)


@cache
def _warn_once(lines: str) -> None:
    """Log what the child says of a reading that succeeded: which confinement this system does not offer."""
    if lines:
        _LOG.warning("reading child: %s See SECURITY.md.", log_text(lines.strip()))


@contextmanager
def _child(folder: Path, errors: IO[bytes]) -> Iterator[subprocess.Popen[bytes]]:
    """Start the reading child; it never outlives the block."""
    kept = {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}
    own = {
        "TMPDIR": str(folder),
        "ATLAS_LANGUAGE": language(),  # of the reasons in the refused rows
        # Few threads keep the address space close to the memory that is used.
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "2",
        # In a short process huge pages cost more than they save (zeroing them took two thirds of a parse), and memory
        # returned to the system would be requested again. The system's allocator reserves the least address space.
        "ARROW_DEFAULT_MEMORY_POOL": "system",
        "NUMPY_MADVISE_HUGEPAGE": "0",
        # Confinement covers only threads started after it: no library may start one when it is imported.
        "JE_ARROW_MALLOC_CONF": "background_thread:false",
        "MALLOC_MMAP_THRESHOLD_": str(1 << 40),
        "MALLOC_TRIM_THRESHOLD_": str(1 << 40),
    }
    process = subprocess.Popen(
        [sys.executable, "-X", "utf8", "-m", "geo.ingest.process.child", str(folder)],
        cwd=APP_ROOT,
        env=kept | own,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=errors,
        start_new_session=True,  # Ctrl+C in the terminal reaches the parent only, which ends the child in order
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        if process.stdout:
            process.stdout.close()


def _watched(process: subprocess.Popen[bytes], limits: Mapping[str, int], file: str, progress: Progress) -> int:
    """Pass progress on until the child ends; returns its exit code."""
    deadline = time.monotonic() + limits["child_wall_s"]
    share, step = 0.0, _("Starting")
    for line in _lines(process):
        if line:
            share, step = json.loads(line)
        progress(float(share), str(step))
        if time.monotonic() > deadline:
            raise _time_problem(_WALL_TIME, limits["child_wall_s"], file)
    try:
        return process.wait(timeout=max(deadline - time.monotonic(), 1.0))
    except subprocess.TimeoutExpired as error:
        raise _time_problem(_WALL_TIME, limits["child_wall_s"], file) from error


def _lines(process: subprocess.Popen[bytes]) -> Iterator[bytes]:
    """Yield the latest full line of the child's output, or b"" when a tick brought none, until it closes."""
    if process.stdout is None:
        raise RuntimeError("the child was started without a pipe")
    descriptor = process.stdout.fileno()
    pending = b""
    with selectors.DefaultSelector() as selector:
        selector.register(descriptor, selectors.EVENT_READ)
        while True:
            if not selector.select(_TICK_S):
                yield b""
                continue
            data = os.read(descriptor, 65_536)
            if not data:
                return
            *whole, pending = (pending + data).split(b"\n")
            yield whole[-1] if whole else b""


def _failure(exit_code: int, errors: Path, file: str, limits: Mapping[str, int]) -> Exception:
    if -exit_code == getattr(signal, "SIGXCPU", None):
        return _time_problem(_CPU_TIME, limits["child_cpu_s"], file)
    if -exit_code in (signal.SIGABRT, getattr(signal, "SIGKILL", None)):
        # A failed allocation inside a library aborts the process; a system out of memory kills it.
        return RejectedUpload([memory_problem(file, limits)])
    if exit_code < 0:
        message = text("The reader crashed on this file (signal {signal:d}).", signal=-exit_code)
        return rejected(ProblemCode.WRONG_TYPE, message, text("Save it again, for example as CSV."), file)
    output = errors.read_text(encoding="utf-8", errors="replace")
    if "MemoryError" in output or "failed to map segment" in output:
        return RejectedUpload([memory_problem(file, limits)])
    return RuntimeError(f"the reading child ended with code {exit_code}: {output[-2000:]}")


def _time_problem(message: str, most: int, file: str) -> RejectedUpload:
    return rejected(ProblemCode.TIME_LIMIT, text(message, n=most), SPLIT_OR_CSV, file)

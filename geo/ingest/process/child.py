"""The reading child: `python -m geo.ingest.process.child FOLDER` reads what FOLDER's request names, under limits."""

from __future__ import annotations

import errno
import json
import os
import sys
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from importlib.abc import MetaPathFinder
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

from geo.ingest.process.confinement import confine
from geo.ingest.process.handover import (
    Request,
    read_request,
    write_conversion,
    write_preview,
    write_refusal,
    writing_cells,
)
from geo.problems import Problem, ProblemCode, RejectedUpload
from geo.wording import N_, _, text

if TYPE_CHECKING:
    from geo.ingest.conversion import Conversion
    from geo.ingest.results import ReadOptions
    from geo.ingest.tables import TextTable

_MB = 1 << 20
_MOST_FILES = 256  # open at the same time; reading a workbook needs about ten
# Threads of Arrow and of writing, and as many again of the app, which may start some meanwhile.
_MORE_PROCESSES = 256
SPLIT_OR_CSV = text("Split the file, or save it as CSV.")


class _WithoutPandas(MetaPathFinder):
    """Hides pandas: Arrow would import it with the first value, which is half of the time of reading a small file."""

    def find_spec(self, name: str, path: object, target: object = None) -> None:  # noqa: ARG002 (the interface)
        """Raise ModuleNotFoundError for pandas; reading does not need it."""
        if name == "pandas":
            raise ModuleNotFoundError("the reading child does not load pandas", name=name)


def main(folder: Path) -> None:
    """Read the requested file and write the answer into the folder.

    Progress goes to standard output, one JSON array [share, text] a line.
    """
    request = read_request(folder)
    bound_resources(request.limits)
    try:
        _answer(folder, request)
    except RejectedUpload as refusal:
        write_refusal(folder, refusal)
    except MemoryError:  # raised by Python itself; libraries abort, see guard._failure
        write_refusal(folder, RejectedUpload([memory_problem(request.file, request.limits)]))
    except OSError as error:
        if error.errno not in (errno.EFBIG, errno.ENOSPC):
            raise
        write_refusal(folder, RejectedUpload([_disk_problem(request.file, error)]))


def _answer(folder: Path, request: Request) -> None:
    from geo.ingest.asking import read_or_ask
    from geo.ingest.containers.detection import read_table
    from geo.ingest.conversion import convert_table, prepared
    from geo.ingest.formats import all_formats
    from geo.ingest.mapping.preview import preview_table

    # Code is loaded before confinement, so that Python can keep it compiled; the user's file is opened after it.
    all_formats()
    for line in confine(request.path, folder):
        sys.stderr.write(f"{line}\n")
    path, file, options, limits = request.path, request.file, request.options, request.limits
    is_preview = request.task == "preview"
    part = 1.0 if is_preview else 0.5

    @lru_cache(maxsize=1)  # only answers about the container read the file again
    def table_of(sheet: str | None, header_row: int | None, encoding: str | None) -> TextTable:
        answers = replace(options, sheet=sheet, header_row=header_row, encoding=encoding)
        return read_table(path, folder, file, answers, limits, lambda share: _report(part * share, N_("Reading")))

    if is_preview:
        write_preview(folder, preview_table(table_of(options.sheet, options.header_row, options.encoding)))
        return

    def converted(answers: ReadOptions) -> Conversion:
        table = table_of(answers.sheet, answers.header_row, answers.encoding)
        _report(0.5, N_("Checking"))
        table = prepared(table, file, answers)
        with writing_cells(folder, table):
            return convert_table(table, file, answers, limits)

    conversion = read_or_ask(options, converted)
    write_conversion(folder, conversion, lambda share: _report(0.8 + 0.2 * share, N_("Handing over")))


def bound_resources(limits: Mapping[str, int]) -> None:
    """Bound memory, CPU time, output, open files and processes of this child, where the system can; no core file."""
    try:
        import resource
    except ModuleNotFoundError:
        return  # Windows has no such limits; the parent still bounds the elapsed time
    memory = limits["child_memory_mb"] * _MB
    bounds = [
        (resource.RLIMIT_AS, memory, 0),
        # The soft limit sends its own signal, by which the parent recognises it; the hard one would just kill.
        (resource.RLIMIT_CPU, limits["child_cpu_s"], 5),
        (resource.RLIMIT_FSIZE, limits["child_output_mb"] * _MB, 0),
        (resource.RLIMIT_CORE, 0, 0),
        (resource.RLIMIT_NOFILE, _MOST_FILES, 0),
    ]
    for kind, most, margin in bounds:
        ceiling = resource.getrlimit(kind)[1]
        hard = most + margin if ceiling == resource.RLIM_INFINITY else min(most + margin, ceiling)
        resource.setrlimit(kind, (min(most, hard), hard))
    if sys.platform == "linux":  # elsewhere the processes of this user cannot be counted
        _bound_processes(_n_processes() + _MORE_PROCESSES)


def _bound_processes(most: int) -> None:
    """Bound the processes and threads of this user, unless the system counts more of them than can be seen here.

    It counts those of other containers too, whose users may have the same number: no thread could then be started.
    """
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NPROC)
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(resource.RLIMIT_NPROC, (most, hard))
    try:
        Thread(target=int).start()
    except RuntimeError:
        resource.setrlimit(resource.RLIMIT_NPROC, (soft, hard))
    else:
        resource.setrlimit(resource.RLIMIT_NPROC, (most, most))


def _n_processes() -> int:
    """Return how many processes and threads this user has: the system counts them all, not those of this child."""
    total = 0
    for path in Path("/proc").glob("[0-9]*"):
        try:
            if path.stat().st_uid == os.getuid():
                total += len(os.listdir(path / "task"))
        except OSError:
            continue  # it has ended, or hides its threads
    return total


def memory_problem(file: str, limits: Mapping[str, int]) -> Problem:
    """Return the problem of a file that needs more memory than the child may have."""
    message = text("Reading needs more than {most} MB of memory.", most=limits["child_memory_mb"])
    return Problem(ProblemCode.MEMORY_LIMIT, message, SPLIT_OR_CSV, file)


def _disk_problem(file: str, error: OSError) -> Problem:
    if error.errno == errno.ENOSPC:
        message = text("The disk for temporary files is full.")
        return Problem(ProblemCode.DISK_FULL, message, text("Free some space."), file)
    message = text("The rows need more space than a reading may write.")
    return Problem(ProblemCode.EXPANDS_TOO_MUCH, message, SPLIT_OR_CSV, file)


def _report(share: float, step: str) -> None:
    os.write(1, (json.dumps([round(share, 4), _(step)]) + "\n").encode())


if __name__ == "__main__":
    sys.meta_path.insert(0, _WithoutPandas())
    main(Path(sys.argv[1]))
    # The answer is written: the system frees the memory at once, the interpreter would free it object by object.
    sys.stderr.flush()
    os._exit(0)

"""Reading an upload: a file of a user becomes rows, refusals and notes, or a preview of its table."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING

from geo.ingest.mapping.preview import TablePreview
from geo.ingest.results import ReadOptions, ReadResult
from geo.problems import ProblemCode, rejected
from geo.text import file_label
from geo.wording import format_number, text

if TYPE_CHECKING:
    from geo.ingest.process.handover import Request

Progress = Callable[[float, str], None]
_BYTES_PER_MB = 1_000_000


def read_upload(
    path: Path,
    name: str,
    *,
    limits: Mapping[str, int],
    options: ReadOptions | None = None,
    progress: Progress | None = None,
) -> ReadResult:
    """Read a file of unknown content in a guarded child process.

    path: the bytes. name: what the user calls the file, used as a label only, never as a path or a type.
    limits: see geo.schema.LIMITS. progress: called several times a second with a share from 0 to 1 and a
    line of text; an exception that it raises cancels the reading and is passed on.
    Returns every row of the file as accepted or refused. Raises RejectedUpload when the whole file is
    unusable or when a question must be answered first (see ReadOptions).
    """
    from geo.ingest.process.guard import run_guarded
    from geo.ingest.process.handover import read_conversion

    request = _request("read", path, name, limits, options)
    # The digest of the bytes is computed while the child reads them.
    with ThreadPoolExecutor(max_workers=1) as hashing:
        digest = hashing.submit(_sha256, path)
        findings, rows, refused_rows = run_guarded(request, read_conversion, progress or _silent)
    return ReadResult(
        **{one.name: getattr(findings, one.name) for one in fields(findings)},
        rows=rows,
        refused_rows=refused_rows,
        file_sha256=digest.result(),
        file=request.file,
        options=request.options,
    )


def preview_upload(
    path: Path,
    name: str,
    *,
    limits: Mapping[str, int],
    options: ReadOptions | None = None,
    progress: Progress | None = None,
) -> TablePreview:
    """Return a first look at the table of a file, with proposals for its columns, by the same guarded child.

    Parameters as for `read_upload`. Raises RejectedUpload when the file cannot be read as a table.
    """
    from geo.ingest.process.guard import run_guarded
    from geo.ingest.process.handover import read_preview

    return run_guarded(_request("preview", path, name, limits, options), read_preview, progress or _silent)


def _request(task: str, path: Path, name: str, limits: Mapping[str, int], options: ReadOptions | None) -> Request:
    """Return what the child is to do; raises RejectedUpload for a file above the size limit."""
    from geo.ingest.process.handover import Request

    label, size = file_label(name), path.stat().st_size
    if size > limits["file_mb"] * _BYTES_PER_MB:
        megabytes = format_number(size / _BYTES_PER_MB, 1)
        message = text("The file has {size} MB; the limit is {most} MB.", size=megabytes, most=limits["file_mb"])
        raise rejected(ProblemCode.TOO_LARGE, message, text("Split it, or remove columns."), label)
    return Request(task, path, label, options or ReadOptions(), limits)


def _sha256(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _silent(_share: float, _step: str) -> None:
    """Report nothing."""

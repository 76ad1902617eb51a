"""The public door: a file of a user becomes rows, refusals and notes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields
from pathlib import Path

from geo.ingest.mapping.preview import TablePreview
from geo.ingest.results import ReadOptions, ReadResult
from geo.problems import Problem, ProblemCode, RejectedUpload
from geo.text import file_label

_BYTES_PER_MB = 1_000_000


def read_upload(
    path: Path,
    name: str,
    *,
    limits: Mapping[str, int],
    options: ReadOptions | None = None,
    progress: Callable[[float, str], None] | None = None,
) -> ReadResult:
    """Read a file of unknown content in a guarded child process.

    path: the bytes. name: what the user calls the file, used as a label only, never as a path or a type.
    limits: see geo.schema.LIMITS. progress: called several times a second with a share from 0 to 1 and a
    line of text; an exception that it raises cancels the reading and is passed on.
    Returns every row of the file as accepted or refused. Raises RejectedUpload when the whole file is
    unusable or when a question must be answered first (see ReadOptions).
    """
    from geo.ingest.process.guard import run_guarded
    from geo.ingest.process.handover import Request, read_conversion

    label, chosen = file_label(name), options or ReadOptions()
    _check_size(path, label, limits)
    request = Request("read", path, label, chosen, limits)
    with ThreadPoolExecutor(max_workers=1) as hashing:
        digest = hashing.submit(_sha256, path)
        findings, rows, refused_rows = run_guarded(request, read_conversion, progress or _silent)
    found = {one.name: getattr(findings, one.name) for one in fields(findings)}
    return ReadResult(
        **found, rows=rows, refused_rows=refused_rows, file_sha256=digest.result(), file=label, options=chosen
    )


def preview_upload(
    path: Path,
    name: str,
    *,
    limits: Mapping[str, int],
    options: ReadOptions | None = None,
    progress: Callable[[float, str], None] | None = None,
) -> TablePreview:
    """Return a first look at the table of a file, with proposals for its columns, by the same guarded child.

    Parameters as for `read_upload`. Raises RejectedUpload when the file cannot be read as a table.
    """
    from geo.ingest.process.guard import run_guarded
    from geo.ingest.process.handover import Request, read_preview

    label = file_label(name)
    _check_size(path, label, limits)
    request = Request("preview", path, label, options or ReadOptions(), limits)
    return run_guarded(request, read_preview, progress or _silent)


def _check_size(path: Path, label: str, limits: Mapping[str, int]) -> None:
    size = path.stat().st_size
    if size > limits["file_mb"] * _BYTES_PER_MB:
        message = f"The file has {size / _BYTES_PER_MB:,.1f} MB, the most is {limits['file_mb']:,} MB."
        raise RejectedUpload([Problem(ProblemCode.TOO_LARGE, message, "Split it, or remove columns.", label)])


def _sha256(path: Path) -> str:
    with path.open("rb") as lines:
        return hashlib.file_digest(lines, "sha256").hexdigest()


def _silent(_share: float, _text: str) -> None:
    """Report nothing."""

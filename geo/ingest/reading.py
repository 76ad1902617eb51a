"""The public door: a file of a user becomes rows, refusals and notes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path

from geo.ingest.results import ReadOptions, ReadResult
from geo.problems import Problem, ProblemCode, RejectedUpload
from geo.text import file_label


def read_upload(
    path: Path,
    name: str,
    *,
    limits: Mapping[str, int],
    options: ReadOptions | None = None,
    progress: Callable[[float, str], None] | None = None,
) -> ReadResult:
    """Read a file of unknown content.

    path: the bytes. name: what the user calls the file, used as a label only, never as a path or a type.
    limits: see geo.schema.LIMITS. progress: called with a share from 0 to 1 and a line of text; an
    exception that it raises ends the reading.
    Returns every row of the file as accepted or refused. Raises RejectedUpload when the whole file is
    unusable or when a question must be answered first (see ReadOptions).
    """
    report = progress or _silent
    label = file_label(name)
    data = path.read_bytes()
    report(0.1, "Reading")
    chosen = options or ReadOptions()
    from geo.ingest.conversion import convert_table
    from geo.ingest.csv_text import read_csv

    if not data.strip():
        raise RejectedUpload([Problem(ProblemCode.EMPTY, "The file is empty.", "Choose another file.", label)])
    table = read_csv(data, label)
    report(0.4, "Checking")
    result = convert_table(table, label, chosen, limits, hashlib.sha256(data).hexdigest())
    report(1.0, "Done")
    return result


def _silent(_share: float, _text: str) -> None:
    """Report nothing."""

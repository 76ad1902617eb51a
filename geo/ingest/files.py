"""Which kind of container a file is, by its first bytes, and its table of text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from geo.ingest.csv_text import read_text
from geo.ingest.results import ReadOptions
from geo.ingest.tables import TextTable
from geo.problems import Problem, ProblemCode, RejectedUpload


def read_table(
    path: Path,
    folder: Path,
    file: str,
    options: ReadOptions,
    limits: Mapping[str, int],
    report: Callable[[float], None],
) -> TextTable:
    """Return the one table of a file. folder: an own empty folder for working copies.

    Raises RejectedUpload naming the true kind of a file that is no table.
    """
    with path.open("rb") as lines:
        start = lines.read(4096)
    if not start.strip(b" \t\r\n\xef\xbb\xbf"):
        raise RejectedUpload([Problem(ProblemCode.EMPTY, "The file is empty.", "Choose another file.", file)])
    return read_text(path, folder, file, options, limits, report)

"""The files of the data folder: each is compared with data/checksums.txt before a byte of it is used."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator
from pathlib import Path

from geo.problems import DamagedData, Problem, ProblemCode
from geo.settings import DATA_DIR
from geo.wording import Text, text

CHECKSUM_FILE = "checksums.txt"
REQUIRED_FILES: tuple[str, ...] = (
    "access_signals.csv",
    "aliases.csv",
    "context_lines.geojson",
    "districts.geojson",
    "groups.csv",
    "incidents.csv",
    "places.csv",
    "police_toll.csv",
    "predecessors.csv",
    "published_totals.csv",
    "register_ged_matches.csv",
    "towns.csv",
    "ucdp_ged_kp.csv",
)


def verify_data(data_dir: Path = DATA_DIR) -> None:
    """Check every embedded file against checksums.txt; raises DamagedData naming each that differs or is missing."""
    expected = _checksums(data_dir)
    problems: list[Problem] = []
    for name in sorted({*REQUIRED_FILES, *expected}):
        try:
            _compared(data_dir, name, expected.get(name))
        except DamagedData as error:
            problems += error.problems
    if problems:
        raise DamagedData(problems)


def _checksums(data_dir: Path) -> dict[str, str]:
    """Return digest by file name; an unreadable list is the one problem then."""
    try:
        lines = (data_dir / CHECKSUM_FILE).read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise DamagedData([_unreadable(CHECKSUM_FILE, error)]) from error
    pairs = [line.split(maxsplit=1) for line in lines if line.strip()]
    if any(len(pair) != 2 for pair in pairs):
        raise DamagedData([_damaged(CHECKSUM_FILE, text("The list of checksums is damaged."))])
    return {name.lstrip("*"): digest for digest, name in pairs}


def _damaged(name: str, message: Text) -> Problem:
    hint = text("Restore the data folder from the release; nothing of the file is used.")
    return Problem(ProblemCode.DAMAGED_DATA, message, hint, file=name)


def _unreadable(name: str, error: Exception) -> Problem:
    return _damaged(
        name, text("The file cannot be read: {reason}.", reason=getattr(error, "strerror", None) or str(error))
    )


def read(data_dir: Path, name: str) -> bytes:
    """Return the bytes of a file; these very bytes were compared with the checksum."""
    return _compared(data_dir, name, _checksums(data_dir).get(name))


def _compared(data_dir: Path, name: str, expected: str | None) -> bytes:
    if expected is None:
        raise DamagedData([_damaged(name, text("The file has no line in {list}.", list=CHECKSUM_FILE))])
    try:
        content = (data_dir / name).read_bytes()
    except OSError as error:
        raise DamagedData([_unreadable(name, error)]) from error
    if hashlib.sha256(content).hexdigest() != expected:
        raise DamagedData([_damaged(name, text("The file differs from its checksum."))])
    return content


def rows(data_dir: Path, name: str) -> Iterator[dict[str, str]]:
    """Yield the rows of a CSV file, compared with its checksum before."""
    return iter(csv.DictReader(io.StringIO(read(data_dir, name).decode("utf-8"), newline="")))

"""Which kind of container a file is, by its bytes, and its table of text."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from geo.ingest.containers.archive import unpacked
from geo.ingest.containers.csv_text import read_text
from geo.ingest.containers.encodings import blocks
from geo.ingest.containers.json_text import read_json
from geo.ingest.containers.parquet import read_parquet
from geo.ingest.containers.workbook import read_workbook
from geo.ingest.containers.zip_guard import open_archive
from geo.ingest.results import ReadOptions
from geo.ingest.tables import TextTable
from geo.problems import Problem, ProblemCode, RejectedUpload

_START_BYTES = 4096
_BLANK = b"\xef\xbb\xbf \t\r\n"
# First bytes -> what the file is. None of these is a table.
_NO_TABLES: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
    (b"\x7fELF", "a program"),
)
# These hold tables or maps, but are read by libraries that bytes of users must not reach.
_NOT_ACCEPTED: tuple[tuple[bytes, str, str], ...] = (
    (
        b"\xd0\xcf\x11\xe0",
        "an old Excel workbook (.xls) or one with a password",
        "Save it as .xlsx without a password.",
    ),
    (b"SQLite format 3\x00", "an SQLite or GeoPackage database", "Export the table as CSV."),
    (b"ARROW1", "a Feather file", "Export it as CSV or Parquet."),
    (b"\x00\x00\x27\x0a", "a shapefile", "Export the points as GeoJSON or CSV."),
    (b"\x80\x02", "a Python pickle, which can run code", "Export it as CSV."),
    (b"\x80\x03", "a Python pickle, which can run code", "Export it as CSV."),
    (b"\x80\x04", "a Python pickle, which can run code", "Export it as CSV."),
    (b"\x80\x05", "a Python pickle, which can run code", "Export it as CSV."),
)
_MARKUP = re.compile(rb"<(?:\?xml[^>]*\?>\s*)?(?:<!--.*?-->\s*)*<?!?([A-Za-z][\w:.-]*)", re.DOTALL)
Report = Callable[[float], None]


def read_table(
    path: Path, folder: Path, file: str, options: ReadOptions, limits: Mapping[str, int], report: Report
) -> TextTable:
    """Return the one table of a file. folder: an own folder for working copies.

    Raises RejectedUpload naming the true kind of a file that is no table.
    """
    if _is_zip(path) and not _is_workbook(path, file, limits):
        inner, notes = unpacked(path, folder, file, limits)
        if _is_zip(inner) and not _is_workbook(inner, file, limits):
            message = "The archive holds another archive."
            raise RejectedUpload([Problem(ProblemCode.TYPE_NOT_ACCEPTED, message, "Upload the table itself.", file)])
        table = _read_plain(inner, folder, file, options, limits, report)
        return replace(table, notes=(*notes, *table.notes))
    return _read_plain(path, folder, file, options, limits, report)


def _read_plain(
    path: Path, folder: Path, file: str, options: ReadOptions, limits: Mapping[str, int], report: Report
) -> TextTable:
    with path.open("rb") as content:
        start = content.read(_START_BYTES)
    _refuse_other_kinds(start, file)
    if _is_zip(path):
        return read_workbook(path, file, options, limits, report)
    if start.startswith(b"PAR1"):
        return read_parquet(path, file, limits)
    first = next((text[:1] for block in blocks(path) if (text := block.lstrip(_BLANK))), b"")
    if not first:
        raise RejectedUpload([Problem(ProblemCode.EMPTY, "The file is empty.", "Choose another file.", file)])
    if first in (b"{", b"["):
        return read_json(path, folder, file, options, limits)
    return read_text(path, folder, file, options, limits, report)


def _refuse_other_kinds(start: bytes, file: str) -> None:
    for magic, kind in _NO_TABLES:
        if start.startswith(magic):
            hint = "Upload CSV, .xlsx, GeoJSON or Parquet."
            raise RejectedUpload([Problem(ProblemCode.WRONG_TYPE, f"This is {kind}, not a table.", hint, file)])
    for magic, kind, hint in _NOT_ACCEPTED:
        if start.startswith(magic):
            raise RejectedUpload([Problem(ProblemCode.TYPE_NOT_ACCEPTED, f"This is {kind}.", hint, file)])
    if _is_binary(start):
        hint = "Upload CSV, .xlsx, GeoJSON or Parquet."
        raise RejectedUpload([Problem(ProblemCode.WRONG_TYPE, "This is binary data, not a table.", hint, file)])
    markup = _MARKUP.match(start.lstrip(_BLANK))
    if markup:
        name = markup[1].decode("ascii", "replace")[:40]
        message = f"This is an XML or HTML document ({name}), not a table."
        hint = "Export the points as GeoJSON or CSV."
        raise RejectedUpload([Problem(ProblemCode.TYPE_NOT_ACCEPTED, message, hint, file)])


def _is_binary(start: bytes) -> bool:
    """Whether there are too many control bytes for a text; UTF-16 has zeros in every other byte only."""
    if start.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PAR1", b"\xff\xfe", b"\xfe\xff")):
        return False
    halves = (start[0::2], start[1::2])
    n_control = min(sum(byte < 32 and byte not in b"\t\r\n" for byte in half) for half in halves)
    return n_control > max(2, len(start) // 50)


def _is_zip(path: Path) -> bool:
    with path.open("rb") as content:
        return content.read(4) in (b"PK\x03\x04", b"PK\x05\x06")


def _is_workbook(path: Path, file: str, limits: Mapping[str, int]) -> bool:
    with open_archive(path, file, limits) as archive:
        return "xl/workbook.xml" in archive.namelist()

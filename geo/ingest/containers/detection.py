"""The container of a file is detected by its bytes, never by its name; the reader of that container is called."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from geo.ingest.containers.archive import EXPORT_POINTS, unpacked
from geo.ingest.containers.csv_text import read_text
from geo.ingest.containers.encodings import blocks
from geo.ingest.containers.json_text import read_json
from geo.ingest.containers.other_workbooks import OLD_OFFICE, is_ods, read_ods, read_xls
from geo.ingest.containers.parquet import read_parquet
from geo.ingest.containers.workbook import read_workbook
from geo.ingest.containers.zip_guard import open_archive
from geo.ingest.results import ReadOptions
from geo.ingest.tables import OTHER_FILE, TextTable
from geo.problems import ProblemCode, rejected
from geo.wording import Text, text

_START_BYTES = 4096
_BLANK = b"\xef\xbb\xbf \t\r\n"
_HINT = text("Upload CSV, .xlsx, .xls, .ods, JSON, GeoJSON or Parquet.")
_AS_CSV = text("Export the table as CSV.")
_PICKLE = text("This is a Python pickle, which can run code.")
# First bytes -> what the file is and the remedy: no tables, and those whose readers must not get bytes of users.
_NOT_ACCEPTED: tuple[tuple[bytes, ProblemCode, Text, Text], ...] = (
    (b"%PDF", ProblemCode.WRONG_TYPE, text("This is a PDF document, not a table."), _HINT),
    (b"\x89PNG", ProblemCode.WRONG_TYPE, text("This is a PNG image, not a table."), _HINT),
    (b"\xff\xd8\xff", ProblemCode.WRONG_TYPE, text("This is a JPEG image, not a table."), _HINT),
    (b"GIF8", ProblemCode.WRONG_TYPE, text("This is a GIF image, not a table."), _HINT),
    (b"\x1f\x8b", ProblemCode.WRONG_TYPE, text("This is a gzip archive, not a table."), _HINT),
    (b"\xfd7zXZ", ProblemCode.WRONG_TYPE, text("This is an xz archive, not a table."), _HINT),
    (b"7z\xbc\xaf", ProblemCode.WRONG_TYPE, text("This is a 7-Zip archive, not a table."), _HINT),
    (b"Rar!", ProblemCode.WRONG_TYPE, text("This is a RAR archive, not a table."), _HINT),
    (b"\x7fELF", ProblemCode.WRONG_TYPE, text("This is a program, not a table."), _HINT),
    (b"SQLite format 3\x00", ProblemCode.TYPE_NOT_ACCEPTED, text("This is an SQLite or GeoPackage database."), _AS_CSV),
    (b"ARROW1", ProblemCode.TYPE_NOT_ACCEPTED, text("This is a Feather file."), text("Export it as CSV or Parquet.")),
    (b"\x00\x00\x27\x0a", ProblemCode.TYPE_NOT_ACCEPTED, text("This is a shapefile."), EXPORT_POINTS),
    *((bytes((0x80, version)), ProblemCode.TYPE_NOT_ACCEPTED, _PICKLE, _AS_CSV) for version in range(2, 6)),
)
_MARKUP = re.compile(rb"<(?:\?xml[^>]*\?>\s*)?(?:<!--.*?-->\s*)*<?!?([A-Za-z][\w:.-]*)", re.DOTALL)
Report = Callable[[float], None]


def read_table(
    path: Path, folder: Path, file: str, options: ReadOptions, limits: Mapping[str, int], report: Report
) -> TextTable:
    """Return the one table of a file. folder: a private folder for working copies.

    Raises RejectedUpload naming the actual type of a file that is not a table.
    """
    if _is_zip(path) and not _is_workbook(path, file, limits):
        inner, notes = unpacked(path, folder, file, limits)
        if _is_zip(inner) and not _is_workbook(inner, file, limits):
            message = text("The archive holds another archive.")
            raise rejected(ProblemCode.TYPE_NOT_ACCEPTED, message, text("Upload the table itself."), file)
        table = _read_plain(inner, folder, file, options, limits, report)
        return replace(table, notes=(*notes, *table.notes))
    return _read_plain(path, folder, file, options, limits, report)


def _read_plain(
    path: Path, folder: Path, file: str, options: ReadOptions, limits: Mapping[str, int], report: Report
) -> TextTable:
    with path.open("rb") as content:
        start = content.read(_START_BYTES)
    _refuse_other_kinds(start, file)
    if start.startswith(OLD_OFFICE):
        return read_xls(path, file, options, report, limits)
    if _is_zip(path):
        if is_ods(path, file, limits):
            return read_ods(path, file, options, report, limits)
        return read_workbook(path, file, options, limits, report)
    if start.startswith(b"PAR1"):
        return read_parquet(path, file, limits)
    first = next((filled[:1] for block in blocks(path) if (filled := block.lstrip(_BLANK))), b"")
    if not first:
        raise rejected(ProblemCode.EMPTY, text("The file is empty."), OTHER_FILE, file)
    # No delimited table begins with a bracket, but every JSON document does.
    if first in (b"{", b"["):
        return read_json(path, folder, file, options, limits)
    return read_text(path, folder, file, options, limits, report)


def _refuse_other_kinds(start: bytes, file: str) -> None:
    for magic, code, message, hint in _NOT_ACCEPTED:
        if start.startswith(magic):
            raise rejected(code, message, hint, file)
    if _is_binary(start):
        raise rejected(ProblemCode.WRONG_TYPE, text("This is binary data, not a table."), _HINT, file)
    markup = _MARKUP.match(start.lstrip(_BLANK))
    if markup:
        name = markup[1].decode("ascii", "replace")[:40]
        message = text("This is an XML or HTML document ({name}), not a table.", name=name)
        raise rejected(ProblemCode.TYPE_NOT_ACCEPTED, message, EXPORT_POINTS, file)


def _is_binary(start: bytes) -> bool:
    """Whether there are too many control bytes for text; UTF-16 has zeros in every other byte only."""
    if start.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PAR1", b"\xff\xfe", b"\xfe\xff", OLD_OFFICE)):
        return False
    halves = (start[0::2], start[1::2])
    n_control = min(sum(byte < 32 and byte not in b"\t\r\n" for byte in half) for half in halves)
    return n_control > max(2, len(start) // 50)


def _is_zip(path: Path) -> bool:
    with path.open("rb") as content:
        return content.read(4) in (b"PK\x03\x04", b"PK\x05\x06")


def _is_workbook(path: Path, file: str, limits: Mapping[str, int]) -> bool:
    with open_archive(path, file, limits) as archive:
        is_xlsx = "xl/workbook.xml" in archive.namelist()
    return is_xlsx or is_ods(path, file, limits)

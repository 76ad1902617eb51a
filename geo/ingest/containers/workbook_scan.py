"""The XML of a workbook is searched before any workbook library sees it."""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from zipfile import ZipFile

from geo.ingest.containers.zip_guard import member_blocks
from geo.problems import ProblemCode, rejected
from geo.wording import text

_BYTES_PER_MB = 1_000_000
_TAIL_BYTES = 4096
SAVE_AGAIN = text("Save the workbook again in a spreadsheet program, or as CSV.")
# Cells are addressed by letters: three letters begin at column 703.
_FAR_COLUMN = re.compile(rb"""\sr\s*=\s*["'][A-Za-z]{3}""")  # the reader takes small letters, too
_ERROR_CELL = re.compile(rb'<c\b(?=[^>]{0,200}?\bt="e")[^>]{0,200}?\br="([A-Z]+)(\d+)"')
_NO_VALUE = re.compile(
    rb'<c\b[^>]{0,200}?\br="([A-Z]+)(\d+)"[^>]{0,200}>\s*<f\b(?:[^>]*/>|[^>]*>[^<]*</f>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>'
)
_HIDDEN_ROW = re.compile(rb'<row\b[^>]{0,400}?\bhidden="(?:1|true)"')


@dataclass(slots=True)
class SheetScan:
    """What the XML of one sheet shows.

    error_cells, empty_formulas: column letters -> rows, some of them twice; the latter are cells with a formula that
    has no stored value, n_without_value of the n_formulas cells with one.
    """

    error_cells: dict[str, array[int]] = field(default_factory=dict)
    empty_formulas: dict[str, array[int]] = field(default_factory=dict)
    n_formulas: int = 0
    n_without_value: int = 0
    n_hidden_rows: int = 0
    has_far_column: bool = False


def scan_members(
    archive: ZipFile, file: str, limits: Mapping[str, int], report: Callable[[float], None]
) -> dict[str, SheetScan]:
    """Read every part once and return the scans of the worksheets by part name.

    Raises RejectedUpload: UNSAFE_XML for a document type or entity anywhere, EXPANDS_TOO_MUCH when the
    parts together are larger than allowed, DAMAGED_WORKBOOK when a part is not what the directory says.
    """
    scans: dict[str, SheetScan] = {}
    left = limits["unpacked_mb"] * _BYTES_PER_MB
    total, n_read = max(sum(member.file_size for member in archive.infolist()), 1), 0
    for member in archive.infolist():
        is_xml = member.filename.lower().endswith((".xml", ".rels", ".vml"))
        scan = SheetScan()
        previous = b""
        for block in member_blocks(archive, member, file, left):
            left -= len(block)
            n_read += len(block)
            report(min(n_read / total, 1.0))
            if not is_xml:
                continue
            window = previous + block
            _refuse_declarations(window, not previous, file)
            if member.filename.startswith("xl/worksheets/"):
                _look_at(window, len(previous), scan)
            previous = window[-_TAIL_BYTES:]
        if member.filename.startswith("xl/worksheets/") and is_xml:
            scans[member.filename] = scan
    return scans


def _refuse_declarations(window: bytes, is_start: bool, file: str) -> None:
    is_utf16 = is_start and window[:2] in (b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<")
    if is_utf16 or b"<!DOCTYPE" in window or b"<!ENTITY" in window:
        message = text("The workbook declares a document type, entities or an uncommon encoding in its XML.")
        raise rejected(ProblemCode.UNSAFE_XML, message, SAVE_AGAIN, file)


def _look_at(window: bytes, n_seen: int, scan: SheetScan) -> None:
    """Add what a window shows; its first n_seen bytes were seen before and may be the start of a cell."""
    scan.has_far_column = scan.has_far_column or _FAR_COLUMN.search(window) is not None
    if b't="e"' in window:
        for match in _ERROR_CELL.finditer(window):
            scan.error_cells.setdefault(match[1].decode(), array("q")).append(int(match[2]))
    if b"<f" in window:
        scan.n_formulas += window.count(b"<f>", max(n_seen - 2, 0)) + window.count(b"<f ", max(n_seen - 2, 0))
        for match in _NO_VALUE.finditer(window):
            scan.empty_formulas.setdefault(match[1].decode(), array("q")).append(int(match[2]))
            scan.n_without_value += match.end() > n_seen
    if b"hidden=" in window:
        scan.n_hidden_rows += sum(match.end() > n_seen for match in _HIDDEN_ROW.finditer(window))

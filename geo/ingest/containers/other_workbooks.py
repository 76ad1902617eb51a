"""Workbooks of other kinds: .xls of Excel 97 to 2003 and .ods, read like .xlsx: one sheet, values only.

calamine returns cells with an error and, of .xls, formulas without a stored value as blanks: a note says so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from xml.parsers.expat import ExpatError, ParserCreate
from zipfile import ZipFile

from geo.ingest.containers.headers import find_header
from geo.ingest.containers.merged import with_merged
from geo.ingest.containers.rows import collect_rows
from geo.ingest.containers.sheets import Sheets, chosen_sheet, loaded, reported_rows, sheet_notes
from geo.ingest.containers.workbook_scan import SAVE_AGAIN, scan_members
from geo.ingest.containers.zip_guard import member_blocks, open_archive
from geo.ingest.notes import Note, NoteKind
from geo.ingest.results import ReadOptions
from geo.ingest.tables import TextTable
from geo.problems import ProblemCode, RejectedUpload, rejected
from geo.wording import Text, text

# First bytes of the files of Office 97 to 2003, and of those with a password.
OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_MIMETYPE, _SPREADSHEET = "mimetype", b"application/vnd.oasis.opendocument.spreadsheet"
_LONGEST_MIMETYPE = 200
# Names of parts as the directory of an old Office file has them.
_BOOKS = tuple(name.encode("utf-16-le") for name in ("Workbook", "Book"))
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_WITHOUT_PASSWORD = text("Save it as .xlsx without a password.")
Report = Callable[[float], None]


def read_xls(path: Path, file: str, options: ReadOptions, report: Report, limits: Mapping[str, int]) -> TextTable:
    """Return the table of one sheet of an .xls file.

    Raises RejectedUpload: TYPE_NOT_ACCEPTED for other files of old Office programs and for passwords,
    DAMAGED_WORKBOOK, SHEET.
    """
    content = path.read_bytes()
    if _ENCRYPTED in content:
        raise _not_accepted(text("The workbook has a password."), file)
    if not any(name in content for name in _BOOKS):
        raise _not_accepted(text("This is a document of an old Office program, not a workbook."), file)
    return _table(path, file, options, report, limits, Note(NoteKind.XLS_WORKBOOK))


def read_ods(path: Path, file: str, options: ReadOptions, report: Report, limits: Mapping[str, int]) -> TextTable:
    """Return the table of one sheet of an .ods file; raises RejectedUpload as for .xlsx."""
    with open_archive(path, file, limits) as archive:
        scan_members(archive, file, limits, lambda share: report(0.2 * share))
        if _n_found(archive, "META-INF/manifest.xml", b"encryption-data", file):
            raise _not_accepted(text("The workbook has a password."), file)
        n_errors = _n_found(archive, "content.xml", b'value-type="error"', file)
        _check_xml(archive, "content.xml", file)
    notes = [Note(NoteKind.ODS_WORKBOOK), *([Note(NoteKind.ERROR_CELLS_BLANK, n_errors)] if n_errors else [])]
    return _table(path, file, options, report, limits, *notes)


def _check_xml(archive: ZipFile, name: str, file: str) -> None:
    """Refuse a part that is not well-formed XML: calamine reads on for ever where an element does not end."""
    parser = ParserCreate()
    member = archive.getinfo(name)
    try:
        for block in member_blocks(archive, member, file, member.file_size):
            parser.Parse(block)
        parser.Parse(b"", True)
    except ExpatError as error:
        message = text("The content of the workbook is cut off or damaged.")
        raise rejected(ProblemCode.DAMAGED_WORKBOOK, message, SAVE_AGAIN, file) from error


def _n_found(archive: ZipFile, name: str, word: bytes, file: str) -> int:
    """Return how often a word occurs in a part of an archive, 0 if there is no such part."""
    n_found, tail = 0, b""
    for member in archive.infolist():
        if member.filename == name:
            for block in member_blocks(archive, member, file, member.file_size):
                n_found += (tail + block).count(word)
                tail = block[1 - len(word) :]
    return n_found


def is_ods(path: Path, file: str, limits: Mapping[str, int]) -> bool:
    """Return whether an archive is an OpenDocument spreadsheet."""
    with open_archive(path, file, limits) as archive:
        members = {member.filename: member for member in archive.infolist()}
        if not {_MIMETYPE, "content.xml"} <= members.keys() or members[_MIMETYPE].file_size > _LONGEST_MIMETYPE:
            return False
        return b"".join(member_blocks(archive, members[_MIMETYPE], file, _LONGEST_MIMETYPE)).startswith(_SPREADSHEET)


def _table(
    path: Path, file: str, options: ReadOptions, report: Report, limits: Mapping[str, int], *found: Note
) -> TextTable:
    workbook, hidden = loaded(path, file)
    sheets = Sheets(workbook, file)
    sheet, preview = chosen_sheet(sheets, workbook.sheet_names, hidden, options, file)
    header = find_header(preview, options, file, sheet, limits=limits, is_padded=True)
    notes = [*found, *header.notes]
    notes += sheet_notes(sheets, sheet, workbook.sheet_names, hidden)
    rows = reported_rows(sheets, sheet, report)
    table = collect_rows(rows, header, file, limits, notes, sheet=sheet, is_padded=True)
    # calamine knows no merged cells of .ods.
    return with_merged(table, sheets[sheet].merged_cell_ranges, sheets[sheet].start[1], header, options)


def _not_accepted(message: Text, file: str) -> RejectedUpload:
    return rejected(ProblemCode.TYPE_NOT_ACCEPTED, message, _WITHOUT_PASSWORD, file)

"""A zip with exactly one table in it: that file is read; other files that are no tables are ignored and named."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from itertools import islice
from pathlib import Path, PurePosixPath
from zipfile import ZipFile, ZipInfo

from geo.ingest.containers.zip_guard import member_blocks, open_archive
from geo.ingest.notes import Note, NoteKind
from geo.problems import ProblemCode, rejected
from geo.text import file_label
from geo.wording import Text, text

_BYTES_PER_MB = 1_000_000
# Files that operating systems add, in lower case.
_SYSTEM_FOLDER = "__macosx"
_SYSTEM_NAMES = frozenset({".ds_store", "thumbs.db", "ehthumbs.db", "desktop.ini"})
# Never read as a table here, and read as one only if it begins like one.
_DOCUMENT_SUFFIXES = frozenset({".md", ".pdf", ".doc", ".docx", ".rtf", ".htm", ".html", ".png", ".jpg", ".jpeg"})
_TEXT_SUFFIXES = frozenset({"", ".txt", ".text"})
_OTHER_TABLES = (b"{", b"[", b"PAR1", b"PK")
_START_BYTES = 1 << 16
_FEWEST_ROWS, _MOST_ROWS = 2, 5
_MOST_NAMED = 5
_NO_FILES = text("The archive holds no files.")
EXPORT_POINTS = text("Export the points as GeoJSON or CSV.")
# End of a member's name -> what kind of file the archive is then, and the remedy.
_KINDS: tuple[tuple[str, Text, Text], ...] = (
    (".shp", text("This is a shapefile."), EXPORT_POINTS),
    (".kml", text("This is a Google Earth file (.kmz) or a zipped KML."), EXPORT_POINTS),
    (
        "word/document.xml",
        text("This is a Word document."),
        text("Copy its table into a spreadsheet and save it as .xlsx."),
    ),
    ("xl/workbook.bin", text("This is a binary Excel workbook (.xlsb)."), text("Save it as .xlsx.")),
    (
        "content.xml",
        text("This is an OpenDocument text or drawing, not a spreadsheet."),
        text("Copy its table into a spreadsheet and save it as .xlsx."),
    ),
)


def unpacked(path: Path, folder: Path, file: str, limits: Mapping[str, int]) -> tuple[Path, list[Note]]:
    """Return the one file of an archive, written into the folder, and notes that name it and the ignored files.

    The member's name is a label only: no path is built from it. Raises RejectedUpload when there is not
    exactly one file that could be a table, and for everything that zip_guard refuses.
    """
    target = folder / "unpacked"
    with open_archive(path, file, limits) as archive:
        files = [member for member in archive.infolist() if not member.is_dir()]
        members = [member for member in files if not _is_system_file(member)]
        for sign, kind, hint in _KINDS:
            if any(member.filename.lower().endswith(sign) for member in members):
                raise rejected(ProblemCode.TYPE_NOT_ACCEPTED, kind, hint, file)
        # A single member is read whatever its name; only among several are documents recognised.
        if len(members) > 1:
            tables = [member for member in members if not _is_document(archive, member, file)]
            members = tables or members
        if len(members) != 1:
            message = text("The archive holds {n} files: {members}.", n=len(members), members=_named(members))
            hint = text("Upload an archive with one table, or the table itself.")
            raise rejected(ProblemCode.TYPE_NOT_ACCEPTED, message if members else _NO_FILES, hint, file)
        with target.open("wb") as out:
            for block in member_blocks(archive, members[0], file, limits["unpacked_mb"] * _BYTES_PER_MB):
                out.write(block)
    notes = [Note(NoteKind.ARCHIVE_MEMBER, values={"member": file_label(members[0].filename)})]
    ignored = [member for member in files if member is not members[0]]
    if ignored:
        notes.append(Note(NoteKind.ARCHIVE_IGNORED, values={"members": _named(ignored)}))
    return target, notes


def _is_system_file(member: ZipInfo) -> bool:
    """Whether an operating system added the member; macOS adds a second file (._name) to every file."""
    *folders, name = member.filename.casefold().split("/")
    return _SYSTEM_FOLDER in folders or name in _SYSTEM_NAMES or name.startswith("._")


def _is_document(archive: ZipFile, member: ZipInfo, file: str) -> bool:
    """Whether one member of several is not a table: a document or picture, or text that does not begin like a table."""
    suffix = PurePosixPath(member.filename.casefold()).suffix
    if suffix not in _TEXT_SUFFIXES:
        return suffix in _DOCUMENT_SUFFIXES
    first: bytes = next(member_blocks(archive, member, file, member.file_size), b"")
    return not _begins_like_a_table(first[:_START_BYTES])


def _begins_like_a_table(start: bytes) -> bool:
    """Whether the first rows have the same number of cells, or the bytes are those of another kind of table."""
    content = start.replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    return content.startswith(_OTHER_TABLES) or any(_is_even(content, mark) for mark in ",;\t|")


def _is_even(content: bytes, delimiter: str) -> bool:
    """Whether the first rows have the same number of cells, two at least. The last line may be cut."""
    lines = [line.decode("latin-1") for line in content.splitlines(keepends=True)]
    rows = csv.reader(lines[: max(len(lines) - 1, _FEWEST_ROWS)], delimiter=delimiter)
    widths = [len(row) for row in islice((row for row in rows if any(row)), _MOST_ROWS)]
    return len(widths) >= _FEWEST_ROWS and len(set(widths)) == 1 and widths[0] > 1


def _named(members: Sequence[ZipInfo]) -> str:
    names = [file_label(member.filename) for member in members[:_MOST_NAMED]]
    return ", ".join([*names, *(["..."] if len(members) > _MOST_NAMED else [])])

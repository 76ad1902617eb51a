"""A zip with exactly one table in it: that file is read, under an own name; notes beside it are passed over."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from itertools import islice
from pathlib import Path, PurePosixPath
from zipfile import ZipFile, ZipInfo

from geo.ingest.containers.zip_guard import member_blocks, open_archive
from geo.ingest.notes import Note, NoteKind
from geo.problems import Problem, ProblemCode, RejectedUpload
from geo.text import file_label

_BYTES_PER_MB = 1_000_000
# What operating systems add beside the file that was meant, in lower case.
_CHAFF_FOLDER = "__macosx"
_CHAFF_NAMES = frozenset({".ds_store", "thumbs.db", "ehthumbs.db", "desktop.ini"})
# What is never read as a table here, and what is one only if it begins like one.
_NOTE_SUFFIXES = frozenset({".md", ".pdf", ".doc", ".docx", ".rtf", ".htm", ".html", ".png", ".jpg", ".jpeg"})
_TEXT_SUFFIXES = frozenset({"", ".txt", ".text"})
_OTHER_TABLES = (b"{", b"[", b"PAR1", b"PK")
_START_BYTES = 1 << 16
_FEWEST_ROWS, _MOST_ROWS = 2, 5
_MOST_NAMED = 5
# How the name of a part ends -> what the archive is, if it is no folder of files.
_KINDS: tuple[tuple[str, str, str], ...] = (
    (".shp", "a shapefile", "Export the points as GeoJSON or CSV."),
    (".kml", "a Google Earth file (.kmz) or a zipped KML", "Export the points as GeoJSON or CSV."),
    ("word/document.xml", "a Word document", "Copy its table into a spreadsheet and save it as .xlsx."),
    ("xl/workbook.bin", "a binary Excel workbook (.xlsb)", "Save it as .xlsx."),
    ("content.xml", "an OpenDocument file (.ods)", "Save it as .xlsx or CSV."),
)


def unpacked(path: Path, folder: Path, file: str, limits: Mapping[str, int]) -> tuple[Path, list[Note]]:
    """Return the one file of an archive, written into the folder, and notes that name it and the ignored files.

    The member's name is a label only: no path is built from it. Raises RejectedUpload when there is not
    exactly one file that could be a table, and for everything that zip_guard refuses.
    """
    target = folder / "unpacked"
    with open_archive(path, file, limits) as archive:
        files = [member for member in archive.infolist() if not member.is_dir()]
        members = [member for member in files if not _is_chaff(member)]
        for sign, kind, hint in _KINDS:
            if any(member.filename.lower().endswith(sign) for member in members):
                raise RejectedUpload([Problem(ProblemCode.TYPE_NOT_ACCEPTED, f"This is {kind}.", hint, file)])
        if len(members) > 1:
            tables = [member for member in members if not _is_note(archive, member, file)]
            members = tables or members
        if len(members) != 1:
            message = f"The archive holds {len(members)} files{f': {_named(members)}' if members else ''}."
            hint = "Upload an archive with one table, or the table itself."
            raise RejectedUpload([Problem(ProblemCode.TYPE_NOT_ACCEPTED, message, hint, file)])
        with target.open("wb") as out:
            for block in member_blocks(archive, members[0], file, limits["unpacked_mb"] * _BYTES_PER_MB):
                out.write(block)
    notes = [Note(NoteKind.ARCHIVE_MEMBER, values={"member": file_label(members[0].filename)})]
    ignored = [member for member in files if member is not members[0]]
    if ignored:
        notes.append(Note(NoteKind.ARCHIVE_IGNORED, values={"members": _named(ignored)}))
    return target, notes


def _is_chaff(member: ZipInfo) -> bool:
    """Whether a member is a file of the system, or the other half (._name) that macOS gives to every file."""
    *folders, name = member.filename.casefold().split("/")
    return _CHAFF_FOLDER in folders or name in _CHAFF_NAMES or name.startswith("._")


def _is_note(archive: ZipFile, member: ZipInfo, file: str) -> bool:
    """Whether a member beside others is plainly no table: a document or picture, or text that begins like none."""
    suffix = PurePosixPath(member.filename.casefold()).suffix
    if suffix not in _TEXT_SUFFIXES:
        return suffix in _NOTE_SUFFIXES
    first: bytes = next(member_blocks(archive, member, file, member.file_size), b"")
    return not _begins_like_a_table(first[:_START_BYTES])


def _begins_like_a_table(start: bytes) -> bool:
    """Whether the first rows have the same number of cells, or the bytes are those of another kind of table."""
    text = start.replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    return text.startswith(_OTHER_TABLES) or any(_is_even(text, mark) for mark in ",;\t|")


def _is_even(text: bytes, delimiter: str) -> bool:
    """Whether the first rows have the same number of cells, two at least. The last line may be cut."""
    lines = [line.decode("latin-1") for line in text.splitlines(keepends=True)]
    rows = csv.reader(lines[: max(len(lines) - 1, _FEWEST_ROWS)], delimiter=delimiter)
    widths = [len(row) for row in islice((row for row in rows if any(row)), _MOST_ROWS)]
    return len(widths) >= _FEWEST_ROWS and len(set(widths)) == 1 and widths[0] > 1


def _named(members: Sequence[ZipInfo]) -> str:
    names = [file_label(member.filename) for member in members[:_MOST_NAMED]]
    return ", ".join([*names, *(["..."] if len(members) > _MOST_NAMED else [])])

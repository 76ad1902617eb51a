"""A zip with exactly one file in it: that file is read, under an own name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from zipfile import ZipInfo

from geo.ingest.zip_guard import member_blocks, open_archive
from geo.problems import Problem, ProblemCode, RejectedUpload
from geo.text import file_label

_BYTES_PER_MB = 1_000_000
# What operating systems add beside the file that was meant, in lower case.
_CHAFF_FOLDER = "__macosx"
_CHAFF_NAMES = frozenset({".ds_store", "thumbs.db", "ehthumbs.db", "desktop.ini"})
_MOST_NAMED = 5
# How the name of a part ends -> what the archive is, if it is no folder of files.
_KINDS: tuple[tuple[str, str, str], ...] = (
    (".shp", "a shapefile", "Export the points as GeoJSON or CSV."),
    (".kml", "a Google Earth file (.kmz) or a zipped KML", "Export the points as GeoJSON or CSV."),
    ("word/document.xml", "a Word document", "Copy its table into a spreadsheet and save it as .xlsx."),
    ("xl/workbook.bin", "a binary Excel workbook (.xlsb)", "Save it as .xlsx."),
    ("content.xml", "an OpenDocument file (.ods)", "Save it as .xlsx or CSV."),
)


def unpacked(path: Path, folder: Path, file: str, limits: Mapping[str, int]) -> tuple[Path, str]:
    """Return the one file of an archive, written into the folder, and a note that names it.

    The member's name is a label only: no path is built from it. Raises RejectedUpload when there is not
    exactly one file, and for everything that zip_guard refuses.
    """
    target = folder / "unpacked"
    with open_archive(path, file, limits) as archive:
        files = [member for member in archive.infolist() if not member.is_dir()]
        members = [member for member in files if not _is_chaff(member)]
        for sign, kind, hint in _KINDS:
            if any(member.filename.lower().endswith(sign) for member in members):
                raise RejectedUpload([Problem(ProblemCode.TYPE_NOT_ACCEPTED, f"This is {kind}.", hint, file)])
        if len(members) != 1:
            message = f"The archive holds {len(members)} files{f': {_named(members)}' if members else ''}."
            hint = "Upload an archive with one table, or the table itself."
            raise RejectedUpload([Problem(ProblemCode.TYPE_NOT_ACCEPTED, message, hint, file)])
        with target.open("wb") as out:
            for block in member_blocks(archive, members[0], file, limits["unpacked_mb"] * _BYTES_PER_MB):
                out.write(block)
    passed_over = [member for member in files if _is_chaff(member)]
    rest = f" Passed over: {_named(passed_over)}." if passed_over else ""
    return target, f"Read from the archive: {file_label(members[0].filename)}.{rest}"


def _is_chaff(member: ZipInfo) -> bool:
    """Whether a member is a file of the system, or the other half (._name) that macOS gives to every file."""
    *folders, name = member.filename.casefold().split("/")
    return _CHAFF_FOLDER in folders or name in _CHAFF_NAMES or name.startswith("._")


def _named(members: Sequence[ZipInfo]) -> str:
    names = [file_label(member.filename) for member in members[:_MOST_NAMED]]
    return ", ".join([*names, *(["..."] if len(members) > _MOST_NAMED else [])])

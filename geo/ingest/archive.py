"""A zip with exactly one file in it: that file is read, under an own name."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from zipfile import ZipInfo

from geo.ingest.zip_guard import member_blocks, open_archive
from geo.problems import Problem, ProblemCode, RejectedUpload
from geo.text import file_label

_BYTES_PER_MB = 1_000_000
# What operating systems add beside the file that was meant.
_CHAFF = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")


def unpacked(path: Path, folder: Path, file: str, limits: Mapping[str, int]) -> tuple[Path, str]:
    """Return the one file of an archive, written into the folder, and a note that names it.

    The member's name is a label only: no path is built from it. Raises RejectedUpload when there is not
    exactly one file, and for everything that zip_guard refuses.
    """
    target = folder / "unpacked"
    with open_archive(path, file, limits) as archive:
        members = [member for member in archive.infolist() if not member.is_dir() and not _is_chaff(member)]
        if len(members) != 1:
            message = f"The archive holds {len(members)} files."
            hint = "Upload an archive with one table, or the table itself."
            raise RejectedUpload([Problem(ProblemCode.TYPE_NOT_ACCEPTED, message, hint, file)])
        with target.open("wb") as out:
            for block in member_blocks(archive, members[0], file, limits["unpacked_mb"] * _BYTES_PER_MB):
                out.write(block)
    return target, f"Read from the archive: {file_label(members[0].filename)}."


def _is_chaff(member: ZipInfo) -> bool:
    return member.filename.startswith(_CHAFF[0]) or member.filename.endswith(_CHAFF[1:])
